/* A sink and an event type that keep every rule. The sink appends a line for each delivery to the file that its
 * configuration names: "KEY ATTEMPT EVENT". */
#define _GNU_SOURCE
#include <carillon/carillon.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

CARILLON_MANIFEST(witness_manifest,
                  "{\"id\": \"org.example.witness\", \"name\": \"witness\", \"version\": \"1.0.0\","
                  " \"vendor\": \"Carillon\", \"license\": \"Apache-2.0\","
                  " \"summary\": \"Writes down what is delivered, beside a hostile plugin.\","
                  " \"provides\": [\"carillon.sink/1\", \"carillon.event-type/1\"],"
                  " \"requires\": [\"carillon.host.delivery/1\", \"carillon.host.json/1\", \"carillon.host.secret/1\"],"
                  " \"reads\": [], \"permissions\": [\"files\"], \"schemas\": {\"configuration\": {\"type\": \"object\","
                  " \"properties\": {\"file\": {\"type\": \"string\", \"maxLength\": 1000},"
                  " \"secret\": {\"type\": \"string\", \"writeOnly\": true}}},"
                  " \"definition\": {\"type\": \"object\"}, \"data\": {\"type\": \"object\"}}}");

struct carillon_instance {
  char file[1024];
  char name[256];
  char secret[256]; /* the reference */
};

static const carillon_host *host;
static const carillon_host_delivery_1 *delivery_host;
static const carillon_host_json_1 *json_host;
static const carillon_host_secret_1 *secret_host;

static carillon_str str(const char *text) { return (carillon_str){text, strlen(text)}; }

typedef struct place {
  char *text;
  size_t bytes;
} place;

static void keep(void *context, carillon_str text) {
  place *place = context;
  size_t length = text.len < place->bytes ? text.len : place->bytes - 1;
  if (length > 0) memcpy(place->text, text.ptr, length);
  place->text[length] = 0;
}

static carillon_status create(carillon_str name, carillon_str config, carillon_instance **instance,
                              carillon_error *error) {
  carillon_instance *one = calloc(1, sizeof *one);
  if (one == NULL) return CARILLON_FAILED;
  place file = {one->file, sizeof one->file}, own = {one->name, sizeof one->name},
        secret = {one->secret, sizeof one->secret};
  keep(&own, name);
  json_host->text(json_host->context, config, str("/secret"), keep, &secret, NULL);
  carillon_status status = json_host->text(json_host->context, config, str("/file"), keep, &file, error);
  /* An event type has no file. */
  if (status != CARILLON_OK && status != CARILLON_NOT_FOUND) {
    free(one);
    return status;
  }
  *instance = one;
  return CARILLON_OK;
}

/* The secret is asked for and forgotten: it must be nowhere but in the agent. */
static carillon_status activate(carillon_instance *instance, carillon_error *error) {
  if (instance->secret[0] == 0) return CARILLON_OK;
  char text[256];
  place secret = {text, sizeof text};
  carillon_status status = secret_host->resolve(secret_host->context, str(instance->name), str(instance->secret), keep,
                                                &secret, error);
  explicit_bzero(text, sizeof text);
  return status;
}

static int note(const carillon_instance *instance, const carillon_delivery *delivery) {
  char line[1024];
  int length = snprintf(line, sizeof line, "%.*s %u %.*s\n", (int)delivery->idempotency_key.len,
                        delivery->idempotency_key.ptr, delivery->attempt, (int)delivery->event->id.len,
                        delivery->event->id.ptr);
  int file = open(instance->file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return 0;
  ssize_t written = write(file, line, (size_t)length);
  return close(file) == 0 && written == length;
}

static carillon_status deliver(carillon_instance *instance, const carillon_delivery *const *deliveries, size_t count,
                               carillon_error *error) {
  (void)error;
  for (size_t i = 0; i < count; i++) {
    carillon_result result = {.struct_size = sizeof result, .outcome = CARILLON_DELIVERED};
    const carillon_result *results[] = {&result};
    if (!note(instance, deliveries[i])) result.outcome = CARILLON_RETRY;
    delivery_host->complete(delivery_host->context, &deliveries[i]->ticket, results, 1);
  }
  return CARILLON_OK;
}

static void cancel(carillon_instance *instance, const carillon_ticket *tickets, size_t count) {
  (void)instance, (void)tickets, (void)count;
}

static carillon_status drain(carillon_instance *instance, uint64_t timeout_ms) {
  (void)instance, (void)timeout_ms;
  return CARILLON_OK;
}

static void deactivate(carillon_instance *instance) { (void)instance; }
static void destroy(carillon_instance *instance) { free(instance); }

static carillon_status validate(carillon_instance *instance, carillon_str definition, carillon_error *error) {
  (void)instance, (void)definition, (void)error;
  return CARILLON_OK;
}

static carillon_status next(carillon_instance *instance, const carillon_next_request *const *requests, size_t count,
                            carillon_emit_occurrence emit, void *context, carillon_error *error) {
  (void)instance, (void)requests, (void)count, (void)emit, (void)context, (void)error;
  return CARILLON_OK;
}

static carillon_status render(carillon_instance *instance, const carillon_event *const *events, size_t count,
                              carillon_emit_message emit, void *context, carillon_error *error) {
  (void)instance, (void)error;
  for (size_t i = 0; i < count; i++) {
    carillon_message message = {.struct_size = sizeof message, .title = str("Witness"), .text = events[i]->id};
    if (emit(context, i, &message) != CARILLON_OK) break;
  }
  return CARILLON_OK;
}

static const carillon_sink_1 sink = {.struct_size = sizeof sink, .thread_model = CARILLON_PARALLEL, .create = create,
                                     .activate = activate, .deliver = deliver, .cancel = cancel, .drain = drain,
                                     .deactivate = deactivate, .destroy = destroy};

static const carillon_event_type_1 event_type = {.struct_size = sizeof event_type, .thread_model = CARILLON_PARALLEL,
                                                 .create = create, .validate = validate, .next = next,
                                                 .render = render, .destroy = destroy};

static carillon_status start(const carillon_host *given, carillon_error *error) {
  (void)error;
  host = given;
  delivery_host = host->interface(host->context, CARILLON_HOST_DELIVERY_1);
  json_host = host->interface(host->context, CARILLON_HOST_JSON_1);
  secret_host = host->interface(host->context, CARILLON_HOST_SECRET_1);
  return delivery_host == NULL || json_host == NULL || secret_host == NULL ? CARILLON_UNSUPPORTED : CARILLON_OK;
}

static void stop(void) {}

static const void *interface(const char *id) {
  if (strcmp(id, CARILLON_SINK_1) == 0) return &sink;
  return strcmp(id, CARILLON_EVENT_TYPE_1) == 0 ? &event_type : NULL;
}

__attribute__((visibility("default"))) const carillon_plugin *carillon_plugin_v1(void) {
  static const carillon_plugin plugin = {.struct_size = sizeof plugin, .abi_major = CARILLON_ABI_MAJOR,
                                         .abi_minor = CARILLON_ABI_MINOR, .manifest_json = witness_manifest.json,
                                         .start = start, .stop = stop, .interface = interface};
  return &plugin;
}
