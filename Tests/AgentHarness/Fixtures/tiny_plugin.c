/* The least plugin there can be: an event type whose message is the schedule's id and definition. Compiled at run time,
 * for the cost of a call over the ABI, and with -DABI_MAJOR=n for a plugin of another version. */
#include <carillon/carillon.h>

#include <string.h>

#ifndef ABI_MAJOR
#define ABI_MAJOR CARILLON_ABI_MAJOR
#endif

struct carillon_instance {
  int unused;
};

static carillon_instance only;

static carillon_status create(carillon_str name, carillon_str config, carillon_instance **instance,
                              carillon_error *error) {
  (void)name, (void)config, (void)error;
  *instance = &only;
  return CARILLON_OK;
}

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
    carillon_message message = {.struct_size = sizeof message};
    message.title = events[i]->schedule_id;
    message.text = events[i]->definition_json;
    if (emit(context, i, &message) != CARILLON_OK) break;
  }
  return CARILLON_OK;
}

static void destroy(carillon_instance *instance) { (void)instance; }

static const carillon_event_type_1 event_type = {
    sizeof event_type, CARILLON_SERIAL, create, validate, next, render, destroy,
};

static carillon_status start(const carillon_host *host, carillon_error *error) {
  (void)host, (void)error;
  return CARILLON_OK;
}

static void stop(void) {}

static const void *interface(const char *id) { return strcmp(id, CARILLON_EVENT_TYPE_1) == 0 ? &event_type : NULL; }

static const carillon_plugin plugin = {
    sizeof plugin, ABI_MAJOR, CARILLON_ABI_MINOR, 0,
    "{\"id\": \"org.example.tiny\", \"name\": \"tiny\", \"version\": \"1.0.0\", \"vendor\": \"Example\","
    " \"license\": \"Apache-2.0\", \"summary\": \"The least plugin there can be.\","
    " \"provides\": [\"carillon.event-type/1\"], \"requires\": [], \"reads\": [], \"permissions\": [],"
    " \"schemas\": {\"configuration\": {\"type\": \"object\"}, \"definition\": {\"type\": \"object\"},"
    " \"data\": {\"type\": \"object\"}}}",
    start, stop, interface,
};

const carillon_plugin *carillon_plugin_v1(void) { return &plugin; }
