/* A right event type: every day at noon, {"title": "..."}. A wrong one defines the macro of what it does otherwise, or
 * OWN_… and a function of its own, before it includes this. */
#ifndef WRONG_EVENT_TYPE_H
#define WRONG_EVENT_TYPE_H

#include <carillon/carillon.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef ID
#define ID "org.example.noon"
#endif
#ifndef PROVIDES
#define PROVIDES "\"carillon.event-type/1\""
#endif
#ifndef REQUIRES
#define REQUIRES ""
#endif
#ifndef CONFIGURATION
#define CONFIGURATION "{\"type\": \"object\", \"additionalProperties\": false}"
#endif
#ifndef DEFINITION
#define DEFINITION \
  "{\"type\": \"object\", \"additionalProperties\": false, \"required\": [\"title\"], \"properties\": {\"title\": " \
  "{\"type\": \"string\", \"minLength\": 1, \"maxLength\": 100}}}"
#endif
#ifndef MANIFEST
#define MANIFEST \
  "{\"id\": \"" ID "\", \"name\": \"noon\", \"version\": \"1.0.0\", \"vendor\": \"Example\", \"license\": \"CC0\"," \
  " \"summary\": \"Noon.\", \"provides\": [" PROVIDES "], \"requires\": [" REQUIRES "], \"reads\": [], " \
  "\"schemas\": {\"configuration\": " CONFIGURATION ", \"definition\": " DEFINITION "}}"
#endif
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
#ifndef AT_VALIDATE
#define AT_VALIDATE
#endif
#ifndef AT_NEXT
#define AT_NEXT
#endif
#ifndef AT_OCCURRENCE
#define AT_OCCURRENCE /* may change `occurrence` and `key` */
#endif
#ifndef AT_RENDER
#define AT_RENDER
#endif
#ifndef AT_MESSAGE
#define AT_MESSAGE /* may change `message` */
#endif
#ifndef MAXIMUM
#define MAXIMUM request->max
#endif
#ifndef AFTER_EMIT
#define AFTER_EMIT(status) if ((status) != CARILLON_OK) return CARILLON_OK
#endif

struct carillon_instance {
  int made;
};

static const carillon_host *host;

static inline carillon_str str(const char *text) { return (carillon_str){text, strlen(text)}; }

static inline int is_leap(int32_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

static inline void tomorrow(carillon_civil *day) {
  static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int length = lengths[day->month - 1] + (day->month == 2 && is_leap(day->year));
  if (++day->day <= length) return;
  day->day = 1;
  if (++day->month <= 12) return;
  day->month = 1;
  day->year++;
}

static carillon_status create(carillon_str name, carillon_str config, carillon_instance **instance, carillon_error *error) {
  (void)name, (void)config, (void)error;
  *instance = calloc(1, sizeof **instance);
  AT_CREATE
  return CARILLON_OK;
}

static carillon_status validate(carillon_instance *instance, carillon_str definition, carillon_error *error) {
  (void)instance, (void)definition, (void)error;
  AT_VALIDATE
  return CARILLON_OK;
}

#ifndef OWN_NEXT_OF
static inline carillon_status next_of(const carillon_next_request *request, size_t index, carillon_emit_occurrence emit,
                                      void *context) {
  carillon_civil noon = request->after->civil;
  int is_past = noon.hour > 12 || (noon.hour == 12 && (noon.minute > 0 || noon.second > 0));
  int is_now = noon.hour == 12 && noon.minute == 0 && noon.second == 0;
  if (is_past || (is_now && !(request->after->flags & CARILLON_CURSOR_START))) tomorrow(&noon);
  noon.hour = 12;
  noon.minute = noon.second = noon.fold = 0;
  for (uint32_t i = 0; i < MAXIMUM && noon.year <= 9999; i++, tomorrow(&noon)) {
    char key[300];
    snprintf(key, sizeof key, "%04d-%02d-%02d", (int)noon.year, noon.month, noon.day);
    carillon_occurrence occurrence = {.struct_size = sizeof occurrence, .kind = CARILLON_OCCURRENCE_CIVIL, .civil = noon,
                                      .ordinal = request->after->ordinal + i + 1};
    AT_OCCURRENCE
    occurrence.key = str(key);
    AFTER_EMIT(emit(context, index, &occurrence));
  }
  return CARILLON_STOP + 1; /* went to the end */
}
#endif

static carillon_status next(carillon_instance *instance, const carillon_next_request *const *requests, size_t count,
                            carillon_emit_occurrence emit, void *context, carillon_error *error) {
  (void)instance, (void)error;
  AT_NEXT
  for (size_t i = 0; i < count; i++) {
    if (next_of(requests[i], i, emit, context) == CARILLON_OK) return CARILLON_OK;
  }
  return CARILLON_OK;
}

static carillon_status render(carillon_instance *instance, const carillon_event *const *events, size_t count,
                              carillon_emit_message emit, void *context, carillon_error *error) {
  (void)instance, (void)error;
  AT_RENDER
  for (size_t i = 0; i < count; i++) {
    const carillon_event *event = events[i];
    carillon_message message = {.struct_size = sizeof message, .title = str("Noon"), .text = event->occurrence_key};
    AT_MESSAGE
    if (emit(context, i, &message) != CARILLON_OK) break;
  }
  return CARILLON_OK;
}

static void destroy(carillon_instance *instance) { free(instance); }

#ifndef OWN_TABLE
static const carillon_event_type_1 table = {sizeof table, CARILLON_SERIAL, create, validate, next, render, destroy};
#endif

static carillon_status start(const carillon_host *given, carillon_error *error) {
  (void)error;
  host = given;
  AT_START
  return CARILLON_OK;
}

static void stop(void) { AT_STOP }

#ifndef OWN_INTERFACE
static const void *interface(const char *id) { return strcmp(id, CARILLON_EVENT_TYPE_1) == 0 ? &table : NULL; }
#endif

#ifndef OWN_ENTRY
static const carillon_plugin plugin = {sizeof plugin, CARILLON_ABI_MAJOR, CARILLON_ABI_MINOR, 0, MANIFEST, start, stop,
                                       interface};
const carillon_plugin *carillon_plugin_v1(void) { return &plugin; }
#endif

#endif
