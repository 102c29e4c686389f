#include "record.h"
#include "archive.pb-c.h"
#include "member.h"
#include <stdio.h>
#include <string.h>

/* The generated code has every text as bytes (see the Makefile), so that what the host lends needs no copy. protobuf-c
 * only reads what it packs. */
static ProtobufCBinaryData lent(carillon_str text) { return (ProtobufCBinaryData){text.len, (uint8_t *)text.ptr}; }

static void local_text(const carillon_civil *civil, char *text, size_t size) {
  snprintf(text, size, "%04d-%02d-%02dT%02d:%02d:%02d", (int)civil->year, civil->month, civil->day, civil->hour,
           civil->minute, civil->second);
}

static Carillon__Example__Archive__Message message_of(const carillon_message *said) {
  Carillon__Example__Archive__Message message = CARILLON__EXAMPLE__ARCHIVE__MESSAGE__INIT;
  message.title = lent(said->title);
  message.text = lent(said->text);
  message.html = lent(said->html);
  message.content_type = lent(said->content_type);
  message.data = lent(said->data);
  return message;
}

static void fill(const carillon_delivery *delivery, Carillon__Example__Archive__Record *record) {
  const carillon_event *event = delivery->event;
  record->idempotency_key = lent(delivery->idempotency_key);
  record->event_id = lent(event->id);
  record->namespace_ = lent(event->namespace_);
  record->type = lent(event->type);
  record->schedule = lent(event->schedule_id);
  record->occurrence_key = lent(event->occurrence_key);
  record->endpoint = lent(delivery->endpoint);
  record->due_ns = event->due_ns;
  record->late_ns = delivery->late_ns;
  record->first_attempt_ns = delivery->first_attempt_ns;
  record->attempt = delivery->attempt;
  record->test = (event->flags & CARILLON_EVENT_TEST) != 0;
  record->fold = event->local.fold;
  record->time_zone = lent(event->time_zone);
  record->locale = lent(event->locale);
}

static size_t put_varint(uint8_t *at, size_t value) {
  size_t count = 0;
  while (value >= 0x80) {
    at[count++] = (uint8_t)(value | 0x80);
    value >>= 7;
  }
  at[count++] = (uint8_t)value;
  return count;
}

record_state record_add(const carillon_delivery *delivery, carillon_str user_id, int64_t now_ns, bytes *to) {
  Carillon__Example__Archive__Message message = message_of(delivery->message);
  Carillon__Example__Archive__Record record = CARILLON__EXAMPLE__ARCHIVE__RECORD__INIT;
  char local[32];
  fill(delivery, &record);
  local_text(&delivery->event->local, local, sizeof local);
  record.local = lent((carillon_str){local, strlen(local)});
  record.user_id = lent(user_id);
  record.archived_ns = now_ns;
  record.message = &message;
  size_t length = protobuf_c_message_get_packed_size(&record.base);
  if (length > RECORD_BYTES_MOST) return RECORD_TOO_LONG;
  if (!bytes_reserve(to, length + 10)) return RECORD_NO_MEMORY;
  to->used += put_varint(to->at + to->used, length);
  to->used += protobuf_c_message_pack(&record.base, to->at + to->used);
  return RECORD_ADDED;
}

carillon_str record_key(const uint8_t *record, size_t length) {
  /* Field 1 with a length: 0x0a, the length as a varint, the bytes. */
  size_t at = 1, size = 0;
  if (length < 2 || record[0] != 0x0a) return (carillon_str){NULL, 0};
  for (int shift = 0; shift <= 21 && at < length; shift += 7) {
    uint8_t byte = record[at++];
    size |= (size_t)(byte & 0x7f) << shift;
    if (byte >= 0x80) continue;
    if (size <= length - at) return (carillon_str){(const char *)record + at, size};
    break;
  }
  return (carillon_str){NULL, 0};
}
