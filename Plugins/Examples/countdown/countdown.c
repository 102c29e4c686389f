/* countdown: an event type in C. Rings some days before a date, and on the day itself:
 *
 *   {"to": "2031-05-04", "title": "Our wedding", "days": [100, 30, 7, 1, 0], "at": "09:00"}
 *
 * It answers in local time and knows nothing of time zones: the agent converts. JSON is read through the host, so there is no
 * parser here. It keeps nothing between calls, so that calls may overlap. */
#include <carillon/carillon.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAYS_MOST = 64, DAYS_AHEAD_MOST = 36500, TITLE_BYTES = 800, TEXT_BYTES = 1024, KEY_BYTES = 48 };

CARILLON_MANIFEST(
  manifest,
  "{\"id\": \"org.carillon.example.countdown\", \"name\": \"countdown\", \"version\": \"1.0.0\","
  " \"vendor\": \"Carillon\", \"license\": \"Apache-2.0\", \"summary\": \"Some days before a date, and on it.\","
  " \"provides\": [\"carillon.event-type/1\"], \"requires\": [\"carillon.host.json/1\"],"
  " \"reads\": [], \"permissions\": [],"
  " \"schemas\": {"
  "  \"configuration\": {\"type\": \"object\", \"additionalProperties\": false, \"examples\": [{}]},"
  "  \"definition\": {\"type\": \"object\", \"required\": [\"to\", \"title\"], \"additionalProperties\": false,"
  "   \"examples\": [{\"to\": \"2031-05-04\", \"title\": \"Our wedding\", \"days\": [100, 30, 7, 1, 0], \"at\": \"09:00\"},"
  "    {\"to\": \"2096-02-29\", \"title\": \"A leap day\"}],"
  "   \"properties\": {"
  "    \"to\": {\"type\": \"string\", \"pattern\": \"^[0-9]{4}-[0-9]{2}-[0-9]{2}$\"},"
  "    \"title\": {\"type\": \"string\", \"minLength\": 1, \"maxLength\": 200},"
  "    \"days\": {\"type\": \"array\", \"minItems\": 1, \"maxItems\": 64, \"uniqueItems\": true,"
  "     \"items\": {\"type\": \"integer\", \"minimum\": 0, \"maximum\": 36500}},"
  "    \"at\": {\"type\": \"string\", \"pattern\": \"^([01][0-9]|2[0-3]):[0-5][0-9]$\"}}},"
  "  \"data\": {\"type\": \"object\", \"properties\": {\"days\": {\"type\": \"integer\"}}}}}");

static const carillon_host *host;
static const carillon_host_json_1 *json;

static carillon_str str(const char *text) { return (carillon_str){text, strlen(text)}; }

/* ---- Dates: the proleptic Gregorian calendar, as days since 0000-03-01 (so that a leap day ends its year). ---- */

static int is_leap(int32_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

static int days_in(int32_t year, int month) {
  static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : lengths[month - 1];
}

static int32_t day_number(int32_t year, int month, int day) {
  int32_t y = month > 2 ? year : year - 1;
  int32_t m = month > 2 ? month - 3 : month + 9;
  return y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1;
}

static void date_of(int32_t number, carillon_civil *civil) {
  int32_t era = number / 146097, in_era = number % 146097;
  int32_t y = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
  int32_t in_year = in_era - (365 * y + y / 4 - y / 100);
  int32_t m = (5 * in_year + 2) / 153;
  civil->day = (uint8_t)(in_year - (153 * m + 2) / 5 + 1);
  civil->month = (uint8_t)(m < 10 ? m + 3 : m - 9);
  civil->year = era * 400 + y + (civil->month <= 2);
}

/* ---- The definition. The host has checked it against the schema already. ---- */

typedef struct definition {
  char title[TITLE_BYTES + 1];
  char to[11];
  int32_t target;
  int is_date; /* whether `to` is a day of the calendar */
  uint8_t hour, minute;
  size_t count;
  int32_t days[DAYS_MOST]; /* most first */
} definition;

typedef struct buffer {
  char *bytes;
  size_t size; /* with the NUL */
} buffer;

static void keep(void *context, carillon_str text) {
  buffer *into = context;
  size_t length = text.len < into->size ? text.len : into->size - 1;
  if (length > 0) memcpy(into->bytes, text.ptr, length);
  into->bytes[length] = '\0';
}

/* The text at a pointer; what is absent leaves `otherwise` there. */
static carillon_status read_text(carillon_str document, const char *pointer, char *bytes, size_t size,
                                 const char *otherwise, carillon_error *error) {
  buffer into = {bytes, size};
  carillon_status status = json->text(json->context, document, str(pointer), keep, &into, error);
  if (status != CARILLON_NOT_FOUND) return status;
  keep(&into, str(otherwise));
  return CARILLON_OK;
}

static int number_at(const char *text, int digits) {
  int value = 0;
  for (int i = 0; i < digits; i++) value = value * 10 + (text[i] - '0');
  return value;
}

static int most_first(const void *left, const void *right) {
  int32_t l = *(const int32_t *)left, r = *(const int32_t *)right;
  return (l < r) - (l > r);
}

static carillon_status read_days(carillon_str document, definition *to, carillon_error *error) {
  carillon_json list = {.struct_size = sizeof list};
  carillon_status status = json->get(json->context, document, str("/days"), &list, error);
  if (status == CARILLON_NOT_FOUND) {
    static const int32_t usual[] = {7, 1, 0};
    memcpy(to->days, usual, sizeof usual);
    to->count = sizeof usual / sizeof *usual;
    return CARILLON_OK;
  }
  for (uint64_t i = 0; status == CARILLON_OK && i < list.count && to->count < DAYS_MOST; i++) {
    char pointer[32];
    carillon_json item = {.struct_size = sizeof item};
    snprintf(pointer, sizeof pointer, "/days/%llu", (unsigned long long)i);
    status = json->get(json->context, document, str(pointer), &item, error);
    if (status == CARILLON_OK && item.number >= 0 && item.number <= DAYS_AHEAD_MOST)
      to->days[to->count++] = (int32_t)item.number;
  }
  qsort(to->days, to->count, sizeof *to->days, most_first);
  return status;
}

static carillon_status read_definition(carillon_str document, definition *to, carillon_error *error) {
  char at[6];
  *to = (definition){0};
  carillon_status status = read_text(document, "/title", to->title, sizeof to->title, "", error);
  if (status == CARILLON_OK) status = read_text(document, "/to", to->to, sizeof to->to, "", error);
  if (status == CARILLON_OK) status = read_text(document, "/at", at, sizeof at, "09:00", error);
  if (status == CARILLON_OK) status = read_days(document, to, error);
  if (status != CARILLON_OK) return status;
  if (strlen(to->to) != 10 || strlen(at) != 5) return CARILLON_INVALID;
  int year = number_at(to->to, 4), month = number_at(to->to + 5, 2), day = number_at(to->to + 8, 2);
  to->is_date = year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= days_in(year, month);
  if (to->is_date) to->target = day_number(year, month, day);
  to->hour = (uint8_t)number_at(at, 2);
  to->minute = (uint8_t)number_at(at + 3, 2);
  return CARILLON_OK;
}

/* ---- The interface. ---- */

static carillon_status create(carillon_str name, carillon_str config, carillon_instance **instance, carillon_error *error) {
  static char nothing; /* there is nothing to keep, but NULL would be no instance */
  (void)name, (void)config, (void)error;
  *instance = (carillon_instance *)&nothing;
  return CARILLON_OK;
}

static carillon_status validate(carillon_instance *instance, carillon_str document, carillon_error *error) {
  (void)instance;
  definition wanted;
  carillon_status status = read_definition(document, &wanted, error);
  if (status != CARILLON_OK || wanted.is_date) return status;
  host->violation(error, str("/to"), str("date"), str("is no day of the calendar"));
  return CARILLON_INVALID;
}

/* By the calendar and the clock. */
static int compare(const carillon_civil *left, const carillon_civil *right) {
  int32_t l[] = {left->year, left->month, left->day, left->hour, left->minute, left->second};
  int32_t r[] = {right->year, right->month, right->day, right->hour, right->minute, right->second};
  for (size_t i = 0; i < sizeof l / sizeof *l; i++) {
    if (l[i] != r[i]) return l[i] < r[i] ? -1 : 1;
  }
  return 0;
}

static carillon_status next_of(const carillon_next_request *request, size_t index, carillon_emit_occurrence emit,
                               void *context, carillon_error *error, int *has_stopped) {
  definition wanted;
  carillon_status status = read_definition(request->definition_json, &wanted, error);
  if (status != CARILLON_OK || !wanted.is_date) return status;
  const carillon_cursor *after = request->after;
  uint64_t ordinal = after->ordinal;
  uint32_t emitted = 0;
  for (size_t i = 0; i < wanted.count && emitted < request->max; i++) {
    if (wanted.days[i] >= wanted.target - 365) continue; /* before the year 1 */
    carillon_civil civil = {.hour = wanted.hour, .minute = wanted.minute};
    date_of(wanted.target - wanted.days[i], &civil);
    int order = compare(&civil, &after->civil);
    if (order < 0 || (order == 0 && !(after->flags & CARILLON_CURSOR_START))) continue;
    char key[KEY_BYTES];
    snprintf(key, sizeof key, "%s-%d", wanted.to, (int)wanted.days[i]);
    carillon_occurrence occurrence = {.struct_size = sizeof occurrence, .kind = CARILLON_OCCURRENCE_CIVIL,
                                      .civil = civil, .ordinal = ++ordinal, .key = str(key)};
    emitted++;
    if (emit(context, index, &occurrence) != CARILLON_OK) {
      *has_stopped = 1;
      return CARILLON_OK;
    }
  }
  return CARILLON_OK;
}

static carillon_status next(carillon_instance *instance, const carillon_next_request *const *requests, size_t count,
                            carillon_emit_occurrence emit, void *context, carillon_error *error) {
  (void)instance;
  int has_stopped = 0;
  for (size_t i = 0; i < count && !has_stopped; i++) {
    carillon_status status = next_of(requests[i], i, emit, context, error, &has_stopped);
    if (status != CARILLON_OK) return status;
  }
  return CARILLON_OK;
}

static void say(const definition *wanted, int32_t left, char *text) {
  if (left <= 0) snprintf(text, TEXT_BYTES, "%s: today", wanted->title);
  else if (left == 1) snprintf(text, TEXT_BYTES, "%s: tomorrow", wanted->title);
  else snprintf(text, TEXT_BYTES, "%s: in %d days", wanted->title, (int)left);
}

static carillon_status render(carillon_instance *instance, const carillon_event *const *events, size_t count,
                              carillon_emit_message emit, void *context, carillon_error *error) {
  (void)instance;
  for (size_t i = 0; i < count; i++) {
    definition wanted;
    carillon_status status = read_definition(events[i]->definition_json, &wanted, error);
    if (status != CARILLON_OK) return status;
    const carillon_civil *local = &events[i]->local;
    int32_t left = wanted.target - day_number(local->year, local->month, local->day);
    char text[TEXT_BYTES], data[32];
    say(&wanted, left, text);
    snprintf(data, sizeof data, "{\"days\":%d}", (int)left);
    carillon_message message = {.struct_size = sizeof message, .title = str(text), .text = str(text),
                                .content_type = str("application/json"), .data = str(data)};
    if (emit(context, i, &message) != CARILLON_OK) break;
  }
  return CARILLON_OK;
}

static void destroy(carillon_instance *instance) { (void)instance; }

static const carillon_event_type_1 event_type = {sizeof event_type, CARILLON_PARALLEL, create, validate, next, render,
                                                 destroy};

/* ---- The entry. ---- */

static carillon_status start(const carillon_host *given, carillon_error *error) {
  host = given;
  json = host->interface(host->context, CARILLON_HOST_JSON_1);
  if (json != NULL) return CARILLON_OK;
  host->fail(error, CARILLON_UNSUPPORTED, str("this agent has no " CARILLON_HOST_JSON_1));
  return CARILLON_UNSUPPORTED;
}

static void stop(void) {}

static const void *interface(const char *id) { return strcmp(id, CARILLON_EVENT_TYPE_1) == 0 ? &event_type : NULL; }

static const carillon_plugin plugin = {sizeof plugin, CARILLON_ABI_MAJOR, CARILLON_ABI_MINOR, 0, manifest.json, start, stop,
                                       interface};

const carillon_plugin *carillon_plugin_v1(void) { return &plugin; }
