/* A right sink: one thread completes, a moment later, what was handed over. A wrong one defines the macro of what it does
 * otherwise before it includes this. */
#ifndef WRONG_SINK_H
#define WRONG_SINK_H

#include <carillon/carillon.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifndef REQUIRES
#define REQUIRES "\"carillon.host.delivery/1\""
#endif
#ifndef CONFIGURATION
#define CONFIGURATION "{\"type\": \"object\", \"additionalProperties\": false}"
#endif
#define MANIFEST \
  "{\"id\": \"org.example.pile\", \"name\": \"pile\", \"version\": \"1.0.0\", \"vendor\": \"Example\", \"license\": " \
  "\"CC0\", \"summary\": \"A pile.\", \"provides\": [\"carillon.sink/1\"], \"requires\": [" REQUIRES "]," \
  " \"schemas\": {\"configuration\": " CONFIGURATION "}}"
/* Done at these moments. */
#ifndef AT_START
#define AT_START
#endif
#ifndef AT_STOP
#define AT_STOP
#endif
#ifndef AT_CREATE
#define AT_CREATE
#endif
#ifndef AT_DESTROY
#define AT_DESTROY
#endif
#ifndef AT_ACTIVATE
#define AT_ACTIVATE
#endif
#ifndef AT_DELIVER
#define AT_DELIVER
#endif
#ifndef AT_DELIVERY
#define AT_DELIVERY
#endif
#ifndef AT_CANCEL
#define AT_CANCEL
#endif
#ifndef AT_DRAIN
#define AT_DRAIN
#endif
#ifndef AT_DEACTIVATE
#define AT_DEACTIVATE
#endif
#ifndef AT_RESULT
#define AT_RESULT /* may change `result` */
#endif
#ifndef AFTER_COMPLETE
#define AFTER_COMPLETE
#endif

enum { MOST = 2048 };

struct carillon_instance {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  pthread_t thread;
  int is_active, is_ending, at_work;
  size_t count;
  carillon_ticket tickets[MOST];
  const char *kept; /* for those who keep what they must not */
  size_t kept_length;
};

static const carillon_host *host;
static const carillon_host_delivery_1 *delivery;

static inline carillon_str str(const char *text) { return (carillon_str){text, strlen(text)}; }

static inline void finish(carillon_instance *instance, carillon_ticket ticket, int32_t outcome) {
  (void)instance;
  carillon_result result = {.struct_size = sizeof result, .outcome = outcome, .code = str("done")};
  AT_RESULT
  const carillon_result *results[] = {&result};
  delivery->complete(delivery->context, &ticket, results, 1);
  AFTER_COMPLETE
}

static void *work(void *context) {
  carillon_instance *instance = context;
  pthread_mutex_lock(&instance->lock);
  for (;;) {
    while (instance->count == 0 && !instance->is_ending) pthread_cond_wait(&instance->changed, &instance->lock);
    if (instance->count == 0) break;
    carillon_ticket ticket = instance->tickets[--instance->count];
    instance->at_work = 1;
    pthread_mutex_unlock(&instance->lock);
    finish(instance, ticket, instance->is_ending ? CARILLON_CANCELLED : CARILLON_DELIVERED);
    pthread_mutex_lock(&instance->lock);
    instance->at_work = 0;
    pthread_cond_broadcast(&instance->changed);
  }
  pthread_mutex_unlock(&instance->lock);
  return NULL;
}

static carillon_status create(carillon_str name, carillon_str config, carillon_instance **made, carillon_error *error) {
  (void)name, (void)config, (void)error;
  carillon_instance *instance = calloc(1, sizeof *instance);
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_mutex_init(&instance->lock, NULL);
  pthread_cond_init(&instance->changed, &attributes);
  pthread_condattr_destroy(&attributes);
  AT_CREATE
  *made = instance;
  return CARILLON_OK;
}

static carillon_status activate(carillon_instance *instance, carillon_error *error) {
  (void)error;
  AT_ACTIVATE
  instance->is_ending = 0;
  if (pthread_create(&instance->thread, NULL, work, instance) != 0) return CARILLON_FAILED;
  instance->is_active = 1;
  return CARILLON_OK;
}

static carillon_status deliver(carillon_instance *instance, const carillon_delivery *const *deliveries, size_t count,
                               carillon_error *error) {
  (void)error;
  pthread_mutex_lock(&instance->lock);
  if (instance->count + count > MOST) {
    pthread_mutex_unlock(&instance->lock);
    return CARILLON_BUSY;
  }
  AT_DELIVER
  for (size_t i = 0; i < count; i++) {
    AT_DELIVERY
    instance->tickets[instance->count++] = deliveries[i]->ticket;
  }
  pthread_cond_broadcast(&instance->changed);
  pthread_mutex_unlock(&instance->lock);
  return CARILLON_OK;
}

static void cancel(carillon_instance *instance, const carillon_ticket *tickets, size_t count) {
  (void)instance, (void)tickets, (void)count;
  AT_CANCEL
}

static carillon_status drain(carillon_instance *instance, uint64_t timeout_ms) {
  AT_DRAIN
  struct timespec end;
  clock_gettime(CLOCK_MONOTONIC, &end);
  end.tv_sec += (time_t)(timeout_ms / 1000);
  end.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
  if (end.tv_nsec >= 1000000000) end.tv_sec++, end.tv_nsec -= 1000000000;
  pthread_mutex_lock(&instance->lock);
  int waited = 0;
  while ((instance->count > 0 || instance->at_work) && waited == 0)
    waited = pthread_cond_timedwait(&instance->changed, &instance->lock, &end);
  int is_open = instance->count > 0 || instance->at_work;
  pthread_mutex_unlock(&instance->lock);
  return is_open ? CARILLON_FAILED : CARILLON_OK;
}

static void deactivate(carillon_instance *instance) {
  AT_DEACTIVATE
  pthread_mutex_lock(&instance->lock);
  instance->is_ending = 1;
  pthread_cond_broadcast(&instance->changed);
  pthread_mutex_unlock(&instance->lock);
  if (instance->is_active) pthread_join(instance->thread, NULL);
  instance->is_active = 0;
}

static void destroy(carillon_instance *instance) {
  AT_DESTROY
  pthread_mutex_destroy(&instance->lock);
  pthread_cond_destroy(&instance->changed);
  free(instance);
}

#ifndef OWN_TABLE
static const carillon_sink_1 table = {sizeof table, CARILLON_SERIAL, create, activate, deliver, cancel, drain, deactivate,
                                      destroy};
#endif

static carillon_status start(const carillon_host *given, carillon_error *error) {
  (void)error;
  host = given;
  delivery = host->interface(host->context, CARILLON_HOST_DELIVERY_1);
  AT_START
  return delivery == NULL ? CARILLON_UNSUPPORTED : CARILLON_OK;
}

static void stop(void) { AT_STOP }

static const void *interface(const char *id) { return strcmp(id, CARILLON_SINK_1) == 0 ? &table : NULL; }

static const carillon_plugin plugin = {sizeof plugin, CARILLON_ABI_MAJOR, CARILLON_ABI_MINOR, 0, MANIFEST, start, stop,
                                       interface};
const carillon_plugin *carillon_plugin_v1(void) { return &plugin; }

#endif
