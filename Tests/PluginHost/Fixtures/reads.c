/* An event type and a sink that write to the log what they get to know of a user, for the host's tests.
 * READS is the manifest's list. */
#include <carillon/carillon.h>
#include <stdio.h>
#include <string.h>

#define MANIFEST                                                        \
  "{\"id\":\"test.reads\",\"name\":\"reads\",\"version\":\"0.1.0\","    \
  "\"provides\":[\"carillon.sink/1\",\"carillon.event-type/1\"],\"reads\":" READS "}"

static const carillon_host_delivery_1 *delivery_host;
static const carillon_host_log_1 *log_host;

static carillon_str str(const char *text) { return (carillon_str){text, strlen(text)}; }

static void tell(const char *call, carillon_str user, carillon_str locale) {
  char line[2048];
  snprintf(line, sizeof line, "%s <%.*s> %.*s", call, (int)locale.len, locale.ptr, (int)user.len, user.ptr);
  log_host->write(log_host->context, CARILLON_LOG_INFO, str(""), str(line));
}

static carillon_status create(carillon_str name, carillon_str config, carillon_instance **instance, carillon_error *error) {
  (void)name, (void)config, (void)error;
  static int made;
  *instance = (carillon_instance *)&made;
  return CARILLON_OK;
}

static void destroy(carillon_instance *instance) { (void)instance; }

static carillon_status validate(carillon_instance *instance, carillon_str definition, carillon_error *error) {
  (void)instance, (void)definition, (void)error;
  return CARILLON_OK;
}

static carillon_status next(carillon_instance *instance, const carillon_next_request *const *requests, size_t count,
                            carillon_emit_occurrence emit, void *context, carillon_error *error) {
  (void)instance, (void)emit, (void)context, (void)error;
  for (size_t i = 0; i < count; i++) tell("next", requests[i]->user_json, str(""));
  return CARILLON_OK;
}

static carillon_status render(carillon_instance *instance, const carillon_event *const *events, size_t count,
                              carillon_emit_message emit, void *context, carillon_error *error) {
  (void)instance, (void)error;
  for (size_t i = 0; i < count; i++) {
    tell("render", events[i]->user_json, events[i]->locale);
    carillon_message message = {.struct_size = sizeof message, .title = str("t"), .text = str("t")};
    if (emit(context, i, &message) != CARILLON_OK) return CARILLON_OK;
  }
  return CARILLON_OK;
}

static carillon_status activate(carillon_instance *instance, carillon_error *error) {
  (void)instance, (void)error;
  return CARILLON_OK;
}

static carillon_status deliver(carillon_instance *instance, const carillon_delivery *const *deliveries, size_t count,
                               carillon_error *error) {
  (void)instance, (void)error;
  for (size_t i = 0; i < count; i++) {
    tell("deliver", deliveries[i]->event->user_json, deliveries[i]->event->locale);
    carillon_result result = {.struct_size = sizeof result, .outcome = CARILLON_DELIVERED};
    const carillon_result *results[1] = {&result};
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

static const carillon_sink_1 sink = {.struct_size = sizeof sink, .thread_model = CARILLON_SERIAL, .create = create,
                                     .activate = activate, .deliver = deliver, .cancel = cancel, .drain = drain,
                                     .deactivate = deactivate, .destroy = destroy};

static const carillon_event_type_1 events = {.struct_size = sizeof events, .thread_model = CARILLON_SERIAL,
                                             .create = create, .validate = validate, .next = next, .render = render,
                                             .destroy = destroy};

static carillon_status start(const carillon_host *host, carillon_error *error) {
  (void)error;
  delivery_host = host->interface(host->context, CARILLON_HOST_DELIVERY_1);
  log_host = host->interface(host->context, CARILLON_HOST_LOG_1);
  return CARILLON_OK;
}

static void stop(void) {}

static const void *interface(const char *id) {
  if (strcmp(id, CARILLON_SINK_1) == 0) return &sink;
  return strcmp(id, CARILLON_EVENT_TYPE_1) == 0 ? &events : NULL;
}

static const carillon_plugin plugin = {.struct_size = sizeof plugin, .abi_major = CARILLON_ABI_MAJOR,
                                       .abi_minor = CARILLON_ABI_MINOR, .manifest_json = MANIFEST, .start = start,
                                       .stop = stop, .interface = interface};

const carillon_plugin *carillon_plugin_v1(void) { return &plugin; }
