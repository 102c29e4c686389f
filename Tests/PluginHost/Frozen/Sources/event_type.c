/* An event type that rings every year, and words an event with all that it was given. It has no manifest in a note: such
 * plugins load, too. Frozen: it is never changed, only added to. */
#include <carillon/carillon.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_BYTES = 2048, NAME_BYTES = 64 };

struct carillon_instance {
  char name[NAME_BYTES];
};

static const carillon_host *host;

static carillon_str str(const char *text) { return (carillon_str){text, strlen(text)}; }

static carillon_status create(carillon_str name, carillon_str config, carillon_instance **instance,
                              carillon_error *error) {
  (void)config;
  carillon_instance *made = calloc(1, sizeof *made);
  if (made == NULL) {
    host->fail(error, CARILLON_FAILED, str("no memory"));
    return CARILLON_FAILED;
  }
  snprintf(made->name, sizeof made->name, "%.*s", (int)name.len, name.ptr);
  *instance = made;
  return CARILLON_OK;
}

static carillon_status validate(carillon_instance *instance, carillon_str definition, carillon_error *error) {
  (void)instance;
  if (definition.len == 2) return CARILLON_OK;
  host->violation(error, str("/word"), str("frozen"), str("must not be there"));
  host->violation(error, str(""), str("frozen-too"), str("must be empty"));
  return CARILLON_INVALID;
}

static carillon_status next(carillon_instance *instance, const carillon_next_request *const *requests, size_t count,
                            carillon_emit_occurrence emit, void *context, carillon_error *error) {
  (void)instance, (void)error;
  for (size_t i = 0; i < count; i++) {
    const carillon_cursor *after = requests[i]->after;
    int first = after->flags & CARILLON_CURSOR_START ? 0 : 1;
    for (uint32_t n = 0; n < requests[i]->max; n++) {
      char key[128];
      carillon_occurrence occurrence = {.struct_size = sizeof occurrence, .kind = CARILLON_OCCURRENCE_CIVIL};
      occurrence.civil = after->civil;
      occurrence.civil.year += first + (int)n;
      occurrence.ordinal = after->ordinal + n + 1;
      snprintf(key, sizeof key, "%d:%.*s:%lld:%.*s", (int)occurrence.civil.year, (int)after->key.len,
               after->key.len ? after->key.ptr : "", (long long)after->instant_ns, (int)requests[i]->time_zone.len,
               requests[i]->time_zone.ptr);
      occurrence.key = str(key);
      if (emit(context, i, &occurrence) != CARILLON_OK) return CARILLON_OK;
    }
  }
  return CARILLON_OK;
}

static void add(char *text, carillon_str value) {
  size_t used = strlen(text);
  snprintf(text + used, TEXT_BYTES - used, "|%.*s", (int)value.len, value.len ? value.ptr : "");
}

static carillon_status render(carillon_instance *instance, const carillon_event *const *events, size_t count,
                              carillon_emit_message emit, void *context, carillon_error *error) {
  (void)error;
  for (size_t i = 0; i < count; i++) {
    const carillon_event *event = events[i];
    const carillon_civil *local = &event->local;
    char text[TEXT_BYTES], data[64];
    snprintf(text, sizeof text, "%s|flags %u|due %lld|%d-%02d-%02dT%02d:%02d:%02d fold %d", instance->name, event->flags,
             (long long)event->due_ns, (int)local->year, local->month, local->day, local->hour, local->minute,
             local->second, local->fold);
    const carillon_str values[] = {
        event->id,     event->namespace_, event->type,            event->schedule_id, event->occurrence_key, event->time_zone,
        event->locale, event->user_json,  event->definition_json, event->data_json,   event->templates_json,
    };
    for (size_t n = 0; n < sizeof values / sizeof values[0]; n++) add(text, values[n]);
    snprintf(data, sizeof data, "{\"year\":%d}", (int)local->year);
    carillon_message message = {.struct_size = sizeof message, .title = event->occurrence_key, .text = str(text)};
    message.html = str("<p>frozen</p>");
    message.content_type = str("application/json");
    message.data = str(data);
    if (emit(context, i, &message) != CARILLON_OK) return CARILLON_OK;
  }
  return CARILLON_OK;
}

static void destroy(carillon_instance *instance) { free(instance); }

static const carillon_event_type_1 event_type = {
    .struct_size = sizeof event_type, .thread_model = CARILLON_PARALLEL, .create = create, .validate = validate,
    .next = next,                     .render = render,                  .destroy = destroy,
};

static carillon_status start(const carillon_host *given, carillon_error *error) {
  (void)error;
  host = given;
  return CARILLON_OK;
}

static void stop(void) {}

static const void *interface(const char *id) { return strcmp(id, CARILLON_EVENT_TYPE_1) == 0 ? &event_type : NULL; }

const carillon_plugin *carillon_plugin_v1(void) {
  static const carillon_plugin plugin = {
      .struct_size = sizeof plugin,
      .abi_major = CARILLON_ABI_MAJOR,
      .abi_minor = CARILLON_ABI_MINOR,
      .manifest_json = "{\"id\": \"org.carillon.frozen.event-type\", \"name\": \"frozen-year\", \"version\": \"1.0.0\","
                       " \"provides\": [\"carillon.event-type/1\"], \"reads\": [\"names\", \"locale\", \"dates\"], \"templates\": {}}",
      .start = start,
      .stop = stop,
      .interface = interface,
  };
  return &plugin;
}
