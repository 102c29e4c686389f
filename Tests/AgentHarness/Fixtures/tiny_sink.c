/* The least sink there can be: every delivery has arrived before the call returns. Compiled at run time, for the cost of
 * the way there and back. */
#include <carillon/carillon.h>

#include <string.h>

/* Results that are handed over at once. */
enum { TOGETHER = 128 };

struct carillon_instance {
  int unused;
};

static carillon_instance only;
static const carillon_host_delivery_1 *delivery_host;

static carillon_status create(carillon_str name, carillon_str config, carillon_instance **instance,
                              carillon_error *error) {
  (void)name, (void)config, (void)error;
  *instance = &only;
  return CARILLON_OK;
}

static carillon_status activate(carillon_instance *instance, carillon_error *error) {
  (void)instance, (void)error;
  return CARILLON_OK;
}

static carillon_status deliver(carillon_instance *instance, const carillon_delivery *const *deliveries, size_t count,
                               carillon_error *error) {
  (void)instance, (void)error;
  static const carillon_result arrived = {.struct_size = sizeof arrived, .outcome = CARILLON_DELIVERED};
  carillon_ticket tickets[TOGETHER];
  const carillon_result *results[TOGETHER];
  size_t kept = 0;
  for (size_t i = 0; i < count; i++) {
    tickets[kept] = deliveries[i]->ticket;
    results[kept++] = &arrived;
    if (kept < TOGETHER && i + 1 < count) continue;
    delivery_host->complete(delivery_host->context, tickets, results, kept);
    kept = 0;
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

static void destroy(carillon_instance *instance) { (void)instance; }

static const carillon_sink_1 sink = {.struct_size = sizeof sink,
                                     .thread_model = CARILLON_SERIAL,
                                     .create = create,
                                     .activate = activate,
                                     .deliver = deliver,
                                     .cancel = cancel,
                                     .drain = drain,
                                     .deactivate = deactivate,
                                     .destroy = destroy};

static carillon_status start(const carillon_host *host, carillon_error *error) {
  (void)error;
  delivery_host = host->interface(host->context, CARILLON_HOST_DELIVERY_1);
  return CARILLON_OK;
}

static void stop(void) {}

static const void *interface(const char *id) { return strcmp(id, CARILLON_SINK_1) == 0 ? &sink : NULL; }

const carillon_plugin *carillon_plugin_v1(void) {
  static const carillon_plugin plugin = {
      .struct_size = sizeof plugin,
      .abi_major = CARILLON_ABI_MAJOR,
      .abi_minor = CARILLON_ABI_MINOR,
      .manifest_json = "{\"id\":\"test.tiny-sink\",\"name\":\"tiny-sink\",\"version\":\"1.0.0\","
                       "\"provides\":[\"carillon.sink/1\"],\"requires\":[\"carillon.host.delivery/1\"]}",
      .start = start,
      .stop = stop,
      .interface = interface};
  return &plugin;
}
