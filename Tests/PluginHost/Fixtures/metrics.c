/* A sink that counts, for the host's tests: what else it does, its configuration asks for by a word. */
#include <carillon/carillon.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MANIFEST                                                                                          \
  "{\"id\":\"test.metrics\",\"name\":\"test-metrics\",\"version\":\"0.1.0\",\"provides\":[\"carillon.sink/1\"]," \
  "\"requires\":[\"carillon.host.delivery/1\",\"carillon.host.metrics/1\"]}"

#define THREADS 4
#define ADDS 10000

struct carillon_instance {
  char name[64], mode[32];
  uint64_t sent, open, wait;
};

static const carillon_host *host;
static const carillon_host_delivery_1 *delivery_host;
static const carillon_host_metrics_1 *metrics;
static uint64_t starts;

static carillon_str str(const char *text) { return (carillon_str){text, strlen(text)}; }

static carillon_status define(int32_t kind, const char *name, const char *label, uint64_t *metric, carillon_error *error) {
  static const double bounds[] = {0.1, 1};
  carillon_str labels[] = {str(label)};
  carillon_metric_definition definition = {.struct_size = sizeof definition, .kind = kind, .labels = labels};
  definition.name = str(name);
  definition.help = str("Counted by a test.");
  definition.label_count = *label ? 1 : 0;
  definition.bounds = kind == CARILLON_METRIC_HISTOGRAM ? bounds : NULL;
  definition.bound_count = kind == CARILLON_METRIC_HISTOGRAM ? 2 : 0;
  return metrics->define(metrics->context, &definition, metric, error);
}

static carillon_status create(carillon_str name, carillon_str config, carillon_instance **instance, carillon_error *error) {
  carillon_instance *made = calloc(1, sizeof *made);
  snprintf(made->name, sizeof made->name, "%.*s", (int)name.len, name.ptr);
  char text[128];
  snprintf(text, sizeof text, "%.*s", (int)config.len, config.ptr);
  sscanf(text, "{\"mode\":\"%31[a-z-]\"", made->mode);
  const char *label = strcmp(made->mode, "other-label") == 0 ? "channel" : "instance";
  carillon_status status = define(CARILLON_METRIC_COUNTER, "sent_total", label, &made->sent, error);
  if (status == CARILLON_OK) status = define(CARILLON_METRIC_GAUGE, "open", "instance", &made->open, error);
  if (status == CARILLON_OK) status = define(CARILLON_METRIC_HISTOGRAM, "wait_seconds", "", &made->wait, error);
  if (status != CARILLON_OK) {
    free(made);
    return status;
  }
  *instance = made;
  return CARILLON_OK;
}

static carillon_status activate(carillon_instance *instance, carillon_error *error) {
  if (strcmp(instance->mode, "late") != 0) return CARILLON_OK;
  uint64_t metric = 0;
  return define(CARILLON_METRIC_COUNTER, "late_total", "", &metric, error);
}

static void *count(void *argument) {
  carillon_instance *instance = argument;
  carillon_str label = str(instance->name);
  for (int i = 0; i < ADDS; i++) {
    if (metrics->add(metrics->context, instance->sent, 1, &label, 1) != CARILLON_OK) abort();
    if (metrics->observe(metrics->context, instance->wait, i % 2 ? 0.5 : 5, NULL, 0) != CARILLON_OK) abort();
    if (metrics->set(metrics->context, instance->open, i + 1, &label, 1) != CARILLON_OK) abort();
  }
  return NULL;
}

/* More series than a metric may have, and a value that is too long. */
static void flood(carillon_instance *instance) {
  char text[256];
  for (int i = 0; i < 300; i++) {
    snprintf(text, sizeof text, "who-%d", i);
    carillon_str label = str(text);
    if (metrics->add(metrics->context, instance->sent, 1, &label, 1) != CARILLON_OK) abort();
  }
  memset(text, 'x', sizeof text);
  carillon_str label = {text, sizeof text};
  if (metrics->add(metrics->context, instance->sent, 1, &label, 1) != CARILLON_OK) abort();
}

static carillon_status deliver(carillon_instance *instance, const carillon_delivery *const *deliveries, size_t length,
                               carillon_error *error) {
  (void)error;
  if (strcmp(instance->mode, "flood") == 0) flood(instance);
  if (strcmp(instance->mode, "threads") == 0) {
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, count, instance);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
  }
  for (size_t i = 0; i < length; i++) {
    carillon_result result = {.struct_size = sizeof result, .outcome = CARILLON_DELIVERED};
    const carillon_result *results[1] = {&result};
    delivery_host->complete(delivery_host->context, &deliveries[i]->ticket, results, 1);
  }
  return strcmp(instance->mode, "busy") == 0 ? CARILLON_BUSY : CARILLON_OK;
}

static void cancel(carillon_instance *instance, const carillon_ticket *tickets, size_t length) {
  (void)instance, (void)tickets, (void)length;
}

static carillon_status drain(carillon_instance *instance, uint64_t timeout_ms) {
  (void)instance, (void)timeout_ms;
  return CARILLON_OK;
}

static void deactivate(carillon_instance *instance) { (void)instance; }

static void destroy(carillon_instance *instance) { free(instance); }

static const carillon_sink_1 sink = {.struct_size = sizeof sink, .thread_model = CARILLON_SERIAL, .create = create,
                                     .activate = activate, .deliver = deliver, .cancel = cancel, .drain = drain,
                                     .deactivate = deactivate, .destroy = destroy};

static carillon_status start(const carillon_host *given, carillon_error *error) {
  host = given;
  delivery_host = host->interface(host->context, CARILLON_HOST_DELIVERY_1);
  metrics = host->interface(host->context, CARILLON_HOST_METRICS_1);
  carillon_status status = define(CARILLON_METRIC_COUNTER, "starts_total", "", &starts, error);
  if (status == CARILLON_OK) status = metrics->add(metrics->context, starts, 1, NULL, 0);
  return status;
}

static void stop(void) {}

static const void *interface(const char *id) { return strcmp(id, CARILLON_SINK_1) == 0 ? &sink : NULL; }

static const carillon_plugin plugin = {.struct_size = sizeof plugin, .abi_major = CARILLON_ABI_MAJOR,
                                       .abi_minor = CARILLON_ABI_MINOR, .manifest_json = MANIFEST, .start = start,
                                       .stop = stop, .interface = interface};

const carillon_plugin *carillon_plugin_v1(void) { return &plugin; }
