#include "emitted.h"

#include <string.h>

#include "civil.h"

/* Longer than any key that the agent takes. */
enum { KEY_BYTES = 1024 };

static carillon_status stop(emitted *emitted, const char *fault) {
  emitted->is_stopped = true;
  if (emitted->fault == NULL) emitted->fault = fault;
  return CARILLON_STOP;
}

static bool has_room(emitted *emitted, size_t bytes) {
  emitted->bytes += ITEM_BYTES + bytes;
  return emitted->bytes <= REPLY_BYTES;
}

static void keep_occurrence(const calling *calling, size_t request, const carillon_occurrence *from) {
  carillon_occurrence known = {0};
  memcpy(&known, from, from->struct_size < sizeof known ? from->struct_size : sizeof known);
  Occurrence *occurrence = arena_need(calling->arena, sizeof *occurrence);
  carillon__runner__v1__occurrence__init(occurrence);
  occurrence->request = request;
  occurrence->kind = known.kind;
  occurrence->civil = civil_message(&known.civil, calling->arena);
  occurrence->flags = known.flags;
  occurrence->instant_ns = known.instant_ns;
  occurrence->ordinal = known.ordinal;
  occurrence->key = arena_text(calling->arena, known.key, KEY_BYTES);
  Reply *reply = calling->reply;
  reply->occurrences = arena_room(calling->arena, reply->occurrences, reply->n_occurrences);
  reply->occurrences[reply->n_occurrences++] = occurrence;
}

carillon_status emitted_occurrence(void *context, size_t request, const carillon_occurrence *occurrence) {
  emitted *emitted = context;
  if (emitted == NULL || emitted->is_stopped) return CARILLON_STOP;
  if (occurrence == NULL) return stop(emitted, "it emitted NULL for an occurrence");
  if (!has_room(emitted, KEY_BYTES)) return stop(emitted, "it emitted more than 15 MiB of occurrences");
  bool is_known = request < emitted->expected;
  if (is_known && emitted->counts[request] == OCCURRENCES) {
    return stop(emitted, "it emitted more than 10000 occurrences for one request");
  }
  keep_occurrence(emitted->calling, request, occurrence);
  if (!is_known) return stop(emitted, NULL); /* the agent sees which it was */
  emitted->counts[request]++;
  return CARILLON_OK;
}

/* Reads as much of the plugin's structure as both sides know. */
static carillon_message known_message(const carillon_message *from) {
  carillon_message known = {0};
  memcpy(&known, from, from->struct_size < sizeof known ? from->struct_size : sizeof known);
  return known;
}

static size_t bytes_of(carillon_str text) {
  if (text.ptr == NULL) return 0;
  return text.len < EMITTED_TEXT_BYTES ? text.len : EMITTED_TEXT_BYTES;
}

static void keep_message(const calling *calling, size_t event, const carillon_message *from) {
  arena *arena = calling->arena;
  Message *message = arena_need(arena, sizeof *message);
  carillon__runner__v1__message__init(message);
  message->event = event;
  message->flags = from->flags;
  message->title = arena_text(arena, from->title, EMITTED_TEXT_BYTES);
  message->text = arena_text(arena, from->text, EMITTED_TEXT_BYTES);
  message->html = arena_text(arena, from->html, EMITTED_TEXT_BYTES);
  message->content_type = arena_text(arena, from->content_type, EMITTED_TEXT_BYTES);
  message->data = arena_text(arena, from->data, EMITTED_TEXT_BYTES);
  Reply *reply = calling->reply;
  reply->messages = arena_room(arena, reply->messages, reply->n_messages);
  reply->messages[reply->n_messages++] = message;
}

carillon_status emitted_message(void *context, size_t event, const carillon_message *message) {
  emitted *emitted = context;
  if (emitted == NULL || message == NULL || emitted->is_stopped) return CARILLON_STOP;
  if (event >= emitted->expected) return CARILLON_INVALID;
  carillon_message known = known_message(message);
  size_t bytes = bytes_of(known.title) + bytes_of(known.text) + bytes_of(known.html) + bytes_of(known.content_type) +
                 bytes_of(known.data);
  if (!has_room(emitted, bytes)) return stop(emitted, "it emitted more than 15 MiB of messages");
  keep_message(emitted->calling, event, &known);
  return CARILLON_OK;
}

carillon_status emitted_status(const emitted *emitted, carillon_status status) {
  if (emitted->fault == NULL) return status;
  return fault_say(emitted->calling->error, CARILLON_FAILED, emitted->fault);
}
