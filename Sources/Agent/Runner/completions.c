#include "completions.h"

#include <string.h>

#include "wire.h"

enum { CODE_BYTES = 64, DETAIL_BYTES = 1024, RECEIPT_BYTES = 256, CARRY_BYTES = 16 * 1024 };

/* As much of the plugin's structure as both sides know. */
static carillon_result read_result(const carillon_result *from) {
  carillon_result result = {0};
  uint32_t size = from->struct_size;
  memcpy(&result, from, size < sizeof result ? size : sizeof result);
  return result;
}

static void fill(Result *result, const carillon_result *from, arena *arena) {
  result->outcome = from->outcome;
  result->retry_after_ms = from->retry_after_ms;
  result->code = arena_text(arena, from->code, CODE_BYTES);
  result->detail = arena_text(arena, from->detail, DETAIL_BYTES);
  result->receipt = arena_text(arena, from->receipt, RECEIPT_BYTES);
  /* One that was cut would come back as something else. */
  if (from->carry.len <= CARRY_BYTES) result->carry = arena_text(arena, from->carry, CARRY_BYTES);
}

static Result *message_of(carillon_ticket ticket, const carillon_result *from, arena *arena) {
  Result *result = arena_need(arena, sizeof *result);
  carillon__runner__v1__complete__result__init(result);
  result->ticket = ticket;
  if (from != NULL) {
    carillon_result known = read_result(from);
    fill(result, &known, arena);
  } else {
    result->code = arena_words(arena, "plugin-no-result");
    result->detail = arena_words(arena, "the plugin gave no result");
  }
  return result;
}

void completions_add(completions *list, carillon_ticket ticket, const carillon_result *from) {
  Result *result = message_of(ticket, from, list->arena);
  size_t bytes = ITEM_BYTES + result->code.len + result->detail.len + result->receipt.len + result->carry.len;
  if (list->bytes + bytes > COMPLETE_BYTES) completions_send(list);
  list->results = arena_room(list->arena, list->results, list->count);
  list->results[list->count++] = result;
  list->bytes += bytes;
}

Complete *completions_message(completions *list) {
  if (list->count == 0) return NULL;
  Complete *complete = arena_need(list->arena, sizeof *complete);
  carillon__runner__v1__complete__init(complete);
  complete->results = list->results;
  complete->n_results = list->count;
  return complete;
}

void completions_send(completions *list) {
  FromRunner message;
  carillon__runner__v1__from_runner__init(&message);
  message.kind_case = CARILLON__RUNNER__V1__FROM_RUNNER__KIND_COMPLETE;
  message.complete = completions_message(list);
  if (message.complete != NULL) wire_send(list->arena, &message);
  *list = (completions){.arena = list->arena};
}
