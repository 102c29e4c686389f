/* A sink for the host's tests: what it does, its configuration asks for by a word in it. */
#include <carillon/carillon.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifndef VERSION
#define VERSION "0.1.0"
#endif
#ifdef OTHER_SCHEMA /* a version that the sinks of the one before do not suit */
#define REQUIRED "\"mode\",\"region\""
#else
#define REQUIRED "\"mode\""
#endif

/* Several may stand side by side. */
#ifndef NAME
#define ID "test.sink"
#define NAME "test-sink"
#else
#define ID "test." NAME
#endif

/* A JSON array; "files" for one that keeps a journal. */
#ifndef PERMISSIONS
#define PERMISSIONS "[]"
#endif

#ifndef MODEL
#define MODEL CARILLON_SERIAL
#endif

#define MANIFEST                                                                                              \
  "{\"id\":\"" ID "\",\"name\":\"" NAME "\",\"version\":\"" VERSION "\",\"provides\":[\"carillon.sink/1\"],"        \
  "\"requires\":[\"carillon.host.delivery/1\",\"carillon.host.secret/1\"],\"reads\":[\"locale\"],"             \
  "\"permissions\":" PERMISSIONS ","                                                                          \
  "\"schemas\":{\"configuration\":{\"type\":\"object\",\"required\":[" REQUIRED "],\"additionalProperties\":false," \
  "\"properties\":{\"mode\":{\"type\":\"string\"},\"journal\":{\"type\":\"string\"},"                          \
  "\"token\":{\"type\":\"string\",\"writeOnly\":true}}}}}"

#define KEPT 4096
/* In the mode "crash-every" a process ends with this delivery, counted from its start. */
#define LAST 100

struct carillon_instance {
  char name[64], config[512], mode[32];
  carillon_ticket kept[KEPT];
  int count, stale, busy, journal;
  pthread_mutex_t lock;
};

static const carillon_host *host;
static const carillon_host_delivery_1 *delivery_host;
static const carillon_host_secret_1 *secret_host;

static carillon_str str(const char *text) { return (carillon_str){text, strlen(text)}; }

static int complete(carillon_ticket ticket, int32_t outcome, const char *detail, carillon_str receipt) {
  carillon_result result = {.struct_size = sizeof result, .outcome = outcome, .retry_after_ms = 1500};
  result.code = str("test");
  result.detail = str(detail);
  result.receipt = receipt;
  result.carry = str("again");
  const carillon_result *results[1] = {&result};
  return delivery_host->complete(delivery_host->context, &ticket, results, 1);
}

/* The text of a property of the configuration; empty where it has none. */
static void setting(const char *config, const char *name, const char *format, char *text) {
  const char *found = strstr(config, name);
  found = found ? strchr(found + strlen(name), ':') : NULL;
  found = found ? strchr(found, '"') : NULL;
  if (!found || sscanf(found + 1, format, text) != 1) text[0] = 0;
}

/* One line for each delivery that comes, before anything is done about it: its key, the attempt, and when. */
static void note(const carillon_instance *instance, const carillon_delivery *delivery) {
  if (instance->journal < 0) return;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  dprintf(instance->journal, "%.*s %u %lld\n", (int)delivery->idempotency_key.len, delivery->idempotency_key.ptr,
          delivery->attempt, (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000);
}

static carillon_status create(carillon_str name, carillon_str config, carillon_instance **instance, carillon_error *error) {
  carillon_instance *made = calloc(1, sizeof *made);
  snprintf(made->name, sizeof made->name, "%.*s", (int)name.len, name.ptr);
  snprintf(made->config, sizeof made->config, "%.*s", (int)config.len, config.ptr);
  char journal[512];
  setting(made->config, "\"mode\"", "%31[a-z-]\"", made->mode);
  setting(made->config, "\"journal\"", "%511[^\"]\"", journal);
  made->journal = journal[0] ? open(journal, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600) : -1;
  if (journal[0] && made->journal < 0) {
    free(made);
    host->fail(error, CARILLON_FAILED, str("the journal cannot be written"));
    return CARILLON_FAILED;
  }
  pthread_mutex_init(&made->lock, NULL);
  *instance = made;
  return CARILLON_OK;
}

static carillon_status activate(carillon_instance *instance, carillon_error *error) {
  if (strcmp(instance->mode, "not-yet") == 0) {
    strcpy(instance->mode, "inside");
    host->fail(error, CARILLON_FAILED, str("not yet"));
    return CARILLON_FAILED;
  }
  return CARILLON_OK;
}

static void take(void *context, carillon_str secret) { snprintf(context, 64, "%.*s", (int)secret.len, secret.ptr); }

static void reveal(carillon_instance *instance, carillon_ticket ticket, carillon_error *error) {
  char secret[64] = "", reference[256] = "", answer[64];
  const char *token = strstr(instance->config, "\"token\":\"");
  if (token) sscanf(token, "\"token\":\"%255[^\"]", reference);
  if (strcmp(instance->mode, "other-secret") == 0) strcpy(reference, "env:NOT_MINE");
  int status = secret_host->resolve(secret_host->context, str(instance->name), str(reference), take, secret, error);
  snprintf(answer, sizeof answer, "status %d", status);
  complete(ticket, CARILLON_DELIVERED, answer, str(secret));
}

static void *later(void *argument) {
  carillon_ticket *tickets = argument;
  for (int i = 0; tickets[i]; i++) complete(tickets[i], CARILLON_DELIVERED, "from a thread", str("r"));
  free(tickets);
  return NULL;
}

/* Longer than a reload takes. */
static void *late(void *argument) {
  sleep(1);
  return later(argument);
}

/* What only a plugin in a process of its own may do to nobody but itself. */
static void misbehave(const char *mode, const carillon_delivery *delivery) {
  carillon_str title = delivery->message->title;
  if (strcmp(mode, "crash-at") == 0 && title.len > 1 && memcmp(title.ptr + title.len - 2, "00", 2) == 0) raise(SIGSEGV);
  static int deliveries;
  if (strcmp(mode, "crash-every") == 0 && __sync_add_and_fetch(&deliveries, 1) == LAST) raise(SIGSEGV);
  if (strcmp(mode, "exit") == 0) _exit(3);
  if (strcmp(mode, "spin") == 0) for (volatile int turn = 0;; turn++) {}
  if (strcmp(mode, "leak") == 0) {
    char *lost = malloc(1 << 20);
    if (lost == NULL) abort();
    memset(lost, 1, 1 << 20);
  }
  if (strcmp(mode, "shut") == 0)
    for (int file = 0; file < 64; file++) close(file);
  if (strcmp(mode, "noise") == 0)
    for (int line = 0; line < 5000; line++) fprintf(stderr, "line %d of noise\n", line);
}

static carillon_status deliver(carillon_instance *instance, const carillon_delivery *const *deliveries, size_t count,
                               carillon_error *error) {
  const char *mode = instance->mode;
  if (__sync_add_and_fetch(&instance->busy, 1) > 1 && MODEL == CARILLON_SERIAL) abort();
  if (strcmp(mode, "hang") == 0) for (;;) pause();
  if (strcmp(mode, "thread") == 0 || strcmp(mode, "late") == 0) {
    carillon_ticket *tickets = calloc(count + 1, sizeof *tickets);
    for (size_t i = 0; i < count; i++) tickets[i] = deliveries[i]->ticket;
    pthread_t thread;
    pthread_create(&thread, NULL, strcmp(mode, "late") == 0 ? late : later, tickets);
    pthread_detach(thread);
    count = 0;
  }
  carillon_status status = CARILLON_OK;
#ifdef WORSE
  status = CARILLON_FAILED;
#endif
  if (strcmp(mode, "invalid") == 0) status = CARILLON_INVALID;
  if (strcmp(mode, "failed") == 0) status = CARILLON_FAILED;
  if (strcmp(mode, "busy") == 0) status = CARILLON_BUSY;
  if (strcmp(mode, "half") == 0) {
    complete(deliveries[0]->ticket, CARILLON_DELIVERED, "half", str(""));
    status = CARILLON_FAILED;
  }
  if (status != CARILLON_OK) {
    host->fail(error, status, str("as asked"));
    count = 0;
  }
  for (size_t i = 0; i < count; i++) {
    const carillon_delivery *d = deliveries[i];
    char text[1024];
    snprintf(text, sizeof text, "%.*s|%.*s|%.*s|%u|%.*s|%.*s", (int)d->idempotency_key.len, d->idempotency_key.ptr,
             (int)d->endpoint.len, d->endpoint.ptr, (int)d->carry.len, d->carry.ptr, d->attempt,
             (int)d->event->user_json.len, d->event->user_json.ptr, (int)d->message->title.len, d->message->title.ptr);
    note(instance, d);
    misbehave(mode, d);
    if (strcmp(mode, "keep") == 0 || strcmp(mode, "never") == 0) {
      pthread_mutex_lock(&instance->lock);
      if (instance->count < KEPT) instance->kept[instance->count++] = d->ticket;
      pthread_mutex_unlock(&instance->lock);
    } else if (strstr(mode, "secret")) {
      reveal(instance, d->ticket, error);
    } else if (strcmp(mode, "odd-outcome") == 0) {
      complete(d->ticket, 77, "odd", str(""));
    } else {
      complete(d->ticket, CARILLON_DELIVERED, text, str("id-7"));
      if (strcmp(mode, "twice") == 0 && complete(d->ticket, CARILLON_RETRY, "again", str("")) != CARILLON_STALE) abort();
      if (strcmp(mode, "twice") == 0 && complete(d->ticket ^ 0xffff, CARILLON_RETRY, "made up", str("")) != CARILLON_STALE) abort();
    }
  }
  __sync_sub_and_fetch(&instance->busy, 1);
  return status;
}

static void cancel(carillon_instance *instance, const carillon_ticket *tickets, size_t count) {
  if (strcmp(instance->mode, "keep") != 0) return;
  for (size_t i = 0; i < count; i++) complete(tickets[i], CARILLON_CANCELLED, "asked to", str(""));
}

static carillon_status drain(carillon_instance *instance, uint64_t timeout_ms) {
  (void)timeout_ms;
  return instance->count == 0 ? CARILLON_OK : CARILLON_FAILED;
}

static void deactivate(carillon_instance *instance) {
  /* Long after the host declared them unknown. */
  for (int i = 0; i < instance->count; i++)
    if (strcmp(instance->mode, "never") == 0 && complete(instance->kept[i], CARILLON_DELIVERED, "late", str("")) != CARILLON_STALE) abort();
}

static void destroy(carillon_instance *instance) {
  if (instance->journal >= 0) close(instance->journal);
  free(instance);
}

static const carillon_sink_1 sink = {.struct_size = sizeof sink, .thread_model = MODEL, .create = create,
                                     .activate = activate, .deliver = deliver, .cancel = cancel, .drain = drain,
                                     .deactivate = deactivate, .destroy = destroy};

static carillon_status start(const carillon_host *given, carillon_error *error) {
  (void)error;
#ifdef START_HANGS
  for (;;) pause();
#endif
  host = given;
  delivery_host = host->interface(host->context, CARILLON_HOST_DELIVERY_1);
  secret_host = host->interface(host->context, CARILLON_HOST_SECRET_1);
  return CARILLON_OK;
}

static void stop(void) {}

static const void *interface(const char *id) { return strcmp(id, CARILLON_SINK_1) == 0 ? &sink : NULL; }

static const carillon_plugin plugin = {.struct_size = sizeof plugin, .abi_major = CARILLON_ABI_MAJOR,
                                       .abi_minor = CARILLON_ABI_MINOR, .manifest_json = MANIFEST, .start = start,
                                       .stop = stop, .interface = interface};

const carillon_plugin *carillon_plugin_v1(void) { return &plugin; }
