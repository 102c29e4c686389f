/* __NAME__: an event type in C. It rings every so many days, from a day on:
 *
 *   {"title": "Water the plants", "from": "2026-01-01", "every": 3, "at": "08:30"}
 *
 * It answers in local time and knows nothing of time zones: the agent converts. It keeps nothing between calls, so that
 * they may overlap, and the same question always has the same answer. */
#include <carillon/carillon.h>
#include <stdio.h>
#include <string.h>

enum { TITLE_BYTES = 801, TEXT_BYTES = 900, KEY_BYTES = 32, YEAR_MOST = 9999 };

enum {
  manifest_bytes = sizeof(
#include "manifest.inc"
  )
};
CARILLON_MANIFEST_BEGIN(static, manifest, manifest_bytes)
#include "manifest.inc"
CARILLON_MANIFEST_END;

static const carillon_host *host;
static const carillon_host_json_1 *json;

static carillon_str str(const char *text) { return (carillon_str){text, strlen(text)}; }

/* ---- Days: the Gregorian calendar, numbered from 0000-03-01, so that a leap day is a year's last. ---- */

static int days_in(int32_t year, int month) {
  static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && is_leap ? 29 : lengths[month - 1];
}

static int32_t day_number(int32_t year, int month, int day) {
  int32_t y = month > 2 ? year : year - 1;
  int32_t m = month > 2 ? month - 3 : month + 9;
  return y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1;
}

static carillon_civil civil_of(int32_t number) {
  int32_t era = number / 146097, in_era = number % 146097;
  int32_t y = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
  int32_t in_year = in_era - (365 * y + y / 4 - y / 100);
  int32_t m = (5 * in_year + 2) / 153;
  carillon_civil civil = {.month = (uint8_t)(m < 10 ? m + 3 : m - 9)};
  civil.day = (uint8_t)(in_year - (153 * m + 2) / 5 + 1);
  civil.year = era * 400 + y + (civil.month <= 2);
  return civil;
}

static int32_t second_of_day(const carillon_civil *civil) {
  return (civil->hour * 60 + civil->minute) * 60 + civil->second;
}

/* ---- The definition. The host has checked it against the schema already. ---- */

struct definition {
  char title[TITLE_BYTES];
  int32_t first; /* number of the first day */
  int32_t every;
  uint8_t hour, minute;
};

struct buffer {
  char *bytes;
  size_t room; /* with the NUL */
};

static void copy(void *context, carillon_str text) {
  struct buffer *to = context;
  size_t count = text.len < to->room ? text.len : to->room - 1;
  if (count > 0) memcpy(to->bytes, text.ptr, count);
  to->bytes[count] = '\0';
}

/* The text at a pointer, cut to its room; what is absent leaves `otherwise` there. */
static carillon_status read_text(carillon_str document, const char *pointer, struct buffer to, const char *otherwise,
                                 carillon_error *error) {
  carillon_status status = json->text(json->context, document, str(pointer), copy, &to, error);
  if (status != CARILLON_NOT_FOUND) return status;
  copy(&to, str(otherwise));
  return CARILLON_OK;
}

static carillon_status violate(carillon_error *error, const char *pointer, const char *code, const char *message) {
  host->violation(error, str(pointer), str(code), str(message));
  return CARILLON_INVALID;
}

static carillon_status read_first(const char *from, struct definition *to, carillon_error *error) {
  int year = 0, month = 0, day = 0;
  int fields = sscanf(from, "%4d-%2d-%2d", &year, &month, &day);
  int is_day = fields == 3 && year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= days_in(year, month);
  if (!is_day) return violate(error, "/from", "date", "is no day of the calendar");
  to->first = day_number(year, month, day);
  return CARILLON_OK;
}

static carillon_status read_definition(carillon_str document, struct definition *to, carillon_error *error) {
  char from[16] = "", at[8] = "";
  unsigned hour = 0, minute = 0;
  carillon_json every = {.struct_size = sizeof every};
  *to = (struct definition){.every = 1};
  carillon_status status = read_text(document, "/title", (struct buffer){to->title, sizeof to->title}, "", error);
  if (status == CARILLON_OK) status = read_text(document, "/from", (struct buffer){from, sizeof from}, "", error);
  if (status == CARILLON_OK) status = read_text(document, "/at", (struct buffer){at, sizeof at}, "09:00", error);
  if (status == CARILLON_OK) status = json->get(json->context, document, str("/every"), &every, error);
  if (status != CARILLON_OK) return status;
  if (!(every.number >= 1 && every.number <= 3660)) return violate(error, "/every", "range", "must be 1 to 3660");
  if (sscanf(at, "%2u:%2u", &hour, &minute) != 2 || hour > 23 || minute > 59)
    return violate(error, "/at", "time", "is no time of day");
  to->every = (int32_t)every.number;
  to->hour = (uint8_t)hour;
  to->minute = (uint8_t)minute;
  return read_first(from, to, error);
}

/* ---- When. ---- */

/* Number of the first ring's day that comes after the cursor; a start counts itself. */
static int32_t first_after(const struct definition *wanted, const carillon_cursor *after) {
  int32_t day = day_number(after->civil.year, after->civil.month, after->civil.day);
  if (day <= wanted->first - 1) return wanted->first;
  int32_t rest = (day - wanted->first) % wanted->every;
  if (rest != 0) return day + wanted->every - rest;
  int32_t ring = (wanted->hour * 60 + wanted->minute) * 60, now = second_of_day(&after->civil);
  /* Of two equal local times, when clocks go back, the ring is the first. */
  int is_start = (after->flags & CARILLON_CURSOR_START) != 0 && after->civil.fold == 0;
  int is_ahead = ring > now || (ring == now && is_start);
  return is_ahead ? day : day + wanted->every;
}

static carillon_status next_of(const carillon_next_request *request, size_t index, carillon_emit_occurrence emit,
                               void *context, carillon_error *error, int *is_enough) {
  struct definition wanted;
  carillon_status status = read_definition(request->definition_json, &wanted, error);
  if (status != CARILLON_OK) return status;
  int32_t day = first_after(&wanted, request->after);
  for (uint32_t i = 0; i < request->max && !*is_enough; i++, day += wanted.every) {
    carillon_civil civil = civil_of(day);
    if (civil.year > YEAR_MOST) break; /* the series has ended */
    civil.hour = wanted.hour;
    civil.minute = wanted.minute;
    char key[KEY_BYTES]; /* the day: the same though the hour or the zone changes */
    snprintf(key, sizeof key, "%04d-%02d-%02d", (int)civil.year, civil.month, civil.day);
    carillon_occurrence one = {.struct_size = sizeof one, .kind = CARILLON_OCCURRENCE_CIVIL, .civil = civil,
                               .ordinal = request->after->ordinal + i + 1, .key = str(key)};
    *is_enough = emit(context, index, &one) != CARILLON_OK;
  }
  return CARILLON_OK;
}

static carillon_status next(carillon_instance *instance, const carillon_next_request *const *requests, size_t count,
                            carillon_emit_occurrence emit, void *context, carillon_error *error) {
  (void)instance;
  carillon_status status = CARILLON_OK;
  int is_enough = 0;
  for (size_t i = 0; i < count && status == CARILLON_OK && !is_enough; i++)
    status = next_of(requests[i], i, emit, context, error, &is_enough);
  return status;
}

/* ---- What it says. ---- */

static carillon_status render(carillon_instance *instance, const carillon_event *const *events, size_t count,
                              carillon_emit_message emit, void *context, carillon_error *error) {
  (void)instance;
  for (size_t i = 0; i < count; i++) {
    struct definition wanted;
    carillon_status status = read_definition(events[i]->definition_json, &wanted, error);
    if (status != CARILLON_OK) return status;
    const carillon_civil *local = &events[i]->local;
    int32_t days = day_number(local->year, local->month, local->day) - wanted.first;
    int number = days < 0 ? 1 : (int)(days / wanted.every) + 1;
    char text[TEXT_BYTES], data[KEY_BYTES];
    snprintf(text, sizeof text, "%s (no. %d)", wanted.title, number);
    snprintf(data, sizeof data, "{\"number\":%d}", number);
    carillon_message message = {.struct_size = sizeof message, .title = str(wanted.title), .text = str(text),
                                .content_type = str("application/json"), .data = str(data)};
    if (emit(context, i, &message) != CARILLON_OK) break;
  }
  return CARILLON_OK;
}

/* ---- The rest of the interface. ---- */

static carillon_status create(carillon_str name, carillon_str config, carillon_instance **instance,
                              carillon_error *error) {
  static char nothing; /* there is nothing to keep, but NULL would be no instance */
  (void)name, (void)config, (void)error;
  *instance = (carillon_instance *)&nothing;
  return CARILLON_OK;
}

static carillon_status validate(carillon_instance *instance, carillon_str document, carillon_error *error) {
  (void)instance;
  struct definition wanted;
  return read_definition(document, &wanted, error);
}

static void destroy(carillon_instance *instance) { (void)instance; }

static const carillon_event_type_1 event_type_table = {
  .struct_size = sizeof event_type_table,
  .thread_model = CARILLON_PARALLEL,
  .create = create,
  .validate = validate,
  .next = next,
  .render = render,
  .destroy = destroy,
};

/* ---- The entry. ---- */

static carillon_status start(const carillon_host *given, carillon_error *error) {
  host = given;
  json = host->interface(host->context, CARILLON_HOST_JSON_1);
  if (json != NULL) return CARILLON_OK;
  host->fail(error, CARILLON_UNSUPPORTED, str("this agent has no " CARILLON_HOST_JSON_1));
  return CARILLON_UNSUPPORTED;
}

static void stop(void) {}

static const void *interface(const char *id) {
  return strcmp(id, CARILLON_EVENT_TYPE_1) == 0 ? &event_type_table : NULL;
}

static const carillon_plugin plugin = {
  .struct_size = sizeof plugin,
  .abi_major = CARILLON_ABI_MAJOR,
  .abi_minor = CARILLON_ABI_MINOR,
  .manifest_json = manifest.json,
  .start = start,
  .stop = stop,
  .interface = interface,
};

const carillon_plugin *carillon_plugin_v1(void) { return &plugin; }
