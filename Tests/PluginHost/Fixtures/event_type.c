/* An event type for the host's tests: what it does wrong, a definition asks for by a word in it.
 * What it is compiled with (MAJOR, SIZE, TABLE_SIZE, MANIFEST, SYMBOL, START) makes it wrong from the start. */
#include <carillon/carillon.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifndef MAJOR
#define MAJOR CARILLON_ABI_MAJOR
#endif
#ifndef SIZE
#define SIZE sizeof(carillon_plugin)
#endif
#ifndef TABLE_SIZE
#define TABLE_SIZE sizeof(carillon_event_type_1)
#endif
#ifndef SYMBOL
#define SYMBOL carillon_plugin_v1
#endif
#ifndef START
#define START CARILLON_OK
#endif
#ifndef NAME
#define NAME "yearly"
#endif
#ifndef MODEL
#define MODEL CARILLON_SERIAL
#endif
#ifndef MANIFEST
#define MANIFEST                                                                                             \
  "{\"id\":\"test.yearly\",\"name\":\"" NAME "\",\"version\":\"1.2.3\",\"vendor\":\"Tests\","                \
  "\"provides\":[\"carillon.event-type/1\"],\"requires\":[\"carillon.host.log/1\",\"carillon.host.time/1\"]," \
  "\"reads\":[\"names\",\"dates\"],\"schemas\":{\"definition\":{\"type\":\"object\",\"required\":[\"do\"],"  \
  "\"properties\":{\"do\":{\"type\":\"string\"},\"n\":{\"type\":\"integer\"}},\"additionalProperties\":false}}}"
#endif

static const carillon_host *host;

static carillon_str str(const char *text) { return (carillon_str){text, strlen(text)}; }

static int asks(carillon_str json, const char *word) { return memmem(json.ptr, json.len, word, strlen(word)) != NULL; }

static void hang(void) {
  for (;;) pause();
}

static carillon_status create(carillon_str name, carillon_str config, carillon_instance **instance, carillon_error *error) {
  (void)name;
  if (asks(config, "broken")) {
    host->fail(error, CARILLON_FAILED, str("no room\nfor more"));
    return CARILLON_FAILED;
  }
  static int made;
  *instance = (carillon_instance *)&made;
  return CARILLON_OK;
}

static carillon_status validate(carillon_instance *instance, carillon_str definition, carillon_error *error) {
  (void)instance;
  if (!asks(definition, "odd")) return CARILLON_OK;
  host->violation(error, str("/do"), str("odd"), str("must not be odd"));
  host->violation(error, str("/n"), str("range"), str("must be even"));
  host->fail(error, CARILLON_INVALID, str("the definition is odd"));
  return CARILLON_INVALID;
}

static carillon_status emit_year(const carillon_next_request *request, size_t index, uint32_t step, const char *key,
                                 carillon_emit_occurrence emit, void *context) {
  carillon_occurrence occurrence = {.struct_size = sizeof occurrence, .kind = CARILLON_OCCURRENCE_CIVIL};
  uint32_t first = request->after->flags & CARILLON_CURSOR_START ? 0 : 1;
  occurrence.civil = request->after->civil;
  occurrence.civil.year += (int32_t)(step + first);
  occurrence.ordinal = request->after->ordinal + step + 1;
  char text[64];
  snprintf(text, sizeof text, key, occurrence.civil.year);
  occurrence.key = str(text);
  if (asks(request->definition_json, "before")) occurrence.civil.year -= 10;
  if (asks(request->definition_json, "no-date")) occurrence.civil.month = 13;
  if (asks(request->definition_json, "ordinal")) occurrence.ordinal = 0;
  if (asks(request->definition_json, "kind")) occurrence.kind = 7;
  if (asks(request->definition_json, "stray")) index += 1000;
  if (asks(request->definition_json, "instant")) {
    occurrence.kind = CARILLON_OCCURRENCE_INSTANT;
    occurrence.instant_ns = request->after->instant_ns + 1000000007 + step;
  }
  return emit(context, index, &occurrence);
}

static carillon_status next(carillon_instance *instance, const carillon_next_request *const *requests, size_t count,
                            carillon_emit_occurrence emit, void *context, carillon_error *error) {
  (void)instance;
  for (size_t i = 0; i < count; i++) {
    const carillon_next_request *request = requests[i];
    if (asks(request->definition_json, "hang")) hang();
    if (asks(request->definition_json, "refuse")) {
      host->fail(error, CARILLON_INVALID, str("this schedule is refused"));
      return CARILLON_INVALID;
    }
    const char *key = asks(request->definition_json, "bad-key") ? "a key" : asks(request->definition_json, "twice") ? "same" : "%d";
    uint32_t wanted = request->max + (asks(request->definition_json, "flood") ? 1 : 0);
    if (asks(request->definition_json, "ended")) wanted = 0;
    for (uint32_t step = 0; step < wanted; step++)
      if (emit_year(request, i, step, key, emit, context) != CARILLON_OK) return CARILLON_OK;
  }
  return CARILLON_OK;
}

static carillon_status render(carillon_instance *instance, const carillon_event *const *events, size_t count,
                              carillon_emit_message emit, void *context, carillon_error *error) {
  (void)instance;
  (void)error;
  static char large[300 * 1024];
  for (size_t i = 0; i < count; i++) {
    carillon_message message = {.struct_size = sizeof message};
    if (asks(events[i]->definition_json, "silent")) continue;
    if (asks(events[i]->definition_json, "hang")) hang();
    message.title = events[i]->id;
    message.text = events[i]->user_json;
    message.data = events[i]->definition_json;
    message.content_type = str("application/json");
    if (asks(events[i]->definition_json, "long")) message.html = (carillon_str){large, sizeof large};
    if (asks(events[i]->definition_json, "no-utf8")) message.text = str("a\xff z");
    if (emit(context, i, &message) != CARILLON_OK) return CARILLON_OK;
    if (asks(events[i]->definition_json, "double")) emit(context, i, &message);
  }
  return CARILLON_OK;
}

static void destroy(carillon_instance *instance) { (void)instance; }

static const carillon_event_type_1 event_type = {
    .struct_size = TABLE_SIZE, .thread_model = MODEL, .create = create, .validate = validate, .next = next,
    .render = render, .destroy = destroy};

static carillon_status start(const carillon_host *given, carillon_error *error) {
  host = given;
  const carillon_host_log_1 *log = host->interface(host->context, CARILLON_HOST_LOG_1);
  if (host->interface(host->context, "carillon.host.tea/1") != NULL) return CARILLON_FAILED;
  if (log == NULL || !log->enabled(log->context, CARILLON_LOG_WARNING)) return CARILLON_FAILED;
  log->write(log->context, CARILLON_LOG_WARNING, str("one"), str("up\nand running"));
  if (START != CARILLON_OK) host->fail(error, START, str("not today"));
  return START;
}

static void stop(void) {}

static const void *interface(const char *id) { return strcmp(id, CARILLON_EVENT_TYPE_1) == 0 ? &event_type : NULL; }

static const carillon_plugin plugin = {.struct_size = SIZE, .abi_major = MAJOR, .abi_minor = CARILLON_ABI_MINOR,
                                       .manifest_json = MANIFEST, .start = start, .stop = stop, .interface = interface};

__attribute__((visibility("default"))) const carillon_plugin *SYMBOL(void);
const carillon_plugin *SYMBOL(void) { return &plugin; }
