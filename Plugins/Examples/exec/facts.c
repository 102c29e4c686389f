#include "facts.h"
#include <inttypes.h>
#include <stdlib.h>

static void local_time(const carillon_civil *civil, text *to) {
  text_print(to, "%04d-%02d-%02dT%02d:%02d:%02d", (int)civil->year, civil->month, civil->day, civil->hour,
             civil->minute, civil->second);
}

/* ---- The environment. ---- */

/* At most so many bytes, up to the first NUL, and no broken character at the end. */
static carillon_str bounded(carillon_str value) {
  const char *nul = value.len > 0 ? memchr(value.ptr, '\0', value.len) : NULL;
  size_t length = nul != NULL ? (size_t)(nul - value.ptr) : value.len;
  if (length > VALUE_BYTES_MOST) {
    length = VALUE_BYTES_MOST;
    while (length > 0 && ((unsigned char)value.ptr[length] & 0xc0) == 0x80) length--;
  }
  return (carillon_str){value.ptr, length};
}

static void begin(facts *to, const char *name) {
  text_print(&to->environment, "CARILLON_%s=", name);
  to->variable_count++;
}

static void end(facts *to) { text_add(&to->environment, "", 1); }

static void add(facts *to, const char *name, carillon_str value) {
  begin(to, name);
  text_add_str(&to->environment, bounded(value));
  end(to);
}

static void add_number(facts *to, const char *name, int64_t value) {
  begin(to, name);
  text_print(&to->environment, "%" PRId64, value);
  end(to);
}

static void environment(const carillon_delivery *delivery, facts *to) {
  const carillon_event *event = delivery->event;
  add(to, "IDEMPOTENCY_KEY", delivery->idempotency_key);
  add(to, "EVENT_ID", event->id);
  add(to, "NAMESPACE", event->namespace_);
  add(to, "TYPE", event->type);
  add(to, "SCHEDULE", event->schedule_id);
  add(to, "OCCURRENCE_KEY", event->occurrence_key);
  add(to, "ENDPOINT", delivery->endpoint);
  begin(to, "LOCAL_TIME");
  local_time(&event->local, &to->environment);
  end(to);
  add(to, "TIME_ZONE", event->time_zone);
  add(to, "LOCALE", event->locale);
  add(to, "TITLE", delivery->message->title);
  add_number(to, "DUE_SECONDS", event->due_ns / 1000000000);
  add_number(to, "LATE_SECONDS", delivery->late_ns / 1000000000);
  add_number(to, "ATTEMPT", delivery->attempt);
  add_number(to, "TEST", (event->flags & CARILLON_EVENT_TEST) != 0);
}

/* ---- The input. ---- */

static void add_quoted(void *context, carillon_str quoted) { text_add_str(context, quoted); }

/* A text that cannot be JSON, which the host sends none of, is null. */
static void member(text *to, const char *name, carillon_str value) {
  text_print(to, ",\"%s\":", name);
  if (json->quote(json->context, value, add_quoted, to) != CARILLON_OK) text_add(to, "null", 4);
}

static void json_input(const carillon_delivery *delivery, text *to) {
  const carillon_event *event = delivery->event;
  const carillon_message *message = delivery->message;
  text_print(to, "{\"attempt\":%" PRIu32 ",\"due_ns\":%" PRId64 ",\"late_ns\":%" PRId64 ",\"test\":%s",
             delivery->attempt, event->due_ns, delivery->late_ns,
             (event->flags & CARILLON_EVENT_TEST) != 0 ? "true" : "false");
  text_print(to, ",\"local\":\"");
  local_time(&event->local, to);
  text_print(to, "\"");
  member(to, "idempotency_key", delivery->idempotency_key);
  member(to, "event_id", event->id);
  member(to, "namespace", event->namespace_);
  member(to, "type", event->type);
  member(to, "schedule", event->schedule_id);
  member(to, "occurrence_key", event->occurrence_key);
  member(to, "endpoint", delivery->endpoint);
  member(to, "time_zone", event->time_zone);
  member(to, "locale", event->locale);
  member(to, "title", message->title);
  member(to, "text", message->text);
  member(to, "html", message->html);
  member(to, "content_type", message->content_type);
  member(to, "data", message->data);
  text_add(to, "}\n", 2);
}

static void text_input(const carillon_message *message, text *to) {
  text_add_str(to, message->text.len > 0 ? message->text : message->title);
  text_add(to, "\n", 1);
}

bool facts_of(const carillon_delivery *delivery, const config *by, facts *to) {
  *to = (facts){0};
  environment(delivery, to);
  if (by->is_json) json_input(delivery, &to->input);
  else text_input(delivery->message, &to->input);
  if (!to->environment.has_failed && !to->input.has_failed) return true;
  facts_free(to);
  return false;
}

void facts_free(facts *of) {
  text_free(&of->environment);
  text_free(&of->input);
}
