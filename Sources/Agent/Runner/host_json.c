/* carillon.host.json/1: the agent parses. */
#include <stdio.h>
#include <string.h>

#include "asks.h"
#include "host.h"

typedef Carillon__Runner__V1__JSON Question;

enum { DOCUMENT_BYTES = 256 * 1024, LONGEST_POINTER_BYTES = 4096 };

/* What a text is handed to; `take` is NULL when none is wanted. */
typedef struct taker {
  carillon_take_text take;
  void *context;
} taker;

/* Asks; hands an answer's text on, fills in its value. */
static carillon_status ask(Question *question, taker taker, carillon_json *value, carillon_error *error) {
  arena arena;
  arena_open(&arena, SIZE_MAX);
  Ask *ask = ask_new(&arena, CARILLON__RUNNER__V1__ASK__KIND_JSON);
  ask->json = question;
  job *answered = ask_wait(&arena, ask);
  const Answer *answer = answered->message->answer;
  carillon_status status = answer->status;
  if (status != CARILLON_OK) fault_pass(error, answer->fault);
  if (status == CARILLON_OK && taker.take != NULL) taker.take(taker.context, text_of(answer->text));
  if (status == CARILLON_OK && value != NULL) {
    value->kind = answer->json_kind;
    value->integer = answer->integer;
    value->number = answer->number;
    value->count = answer->count;
  }
  ask_end(answered);
  arena_close(&arena);
  return status;
}

/* False, with a reason, when the agent would refuse it. */
static bool open_question(Question *question, Carillon__Runner__V1__JSON__What what, carillon_str document,
                          carillon_str pointer, carillon_error *error) {
  carillon__runner__v1__json__init(question);
  question->what = what;
  question->document = borrowed(document);
  question->pointer = borrowed(pointer);
  if (question->document.len > DOCUMENT_BYTES) {
    fault_say(error, CARILLON_INVALID, "JSON has at most 262144 bytes");
    return false;
  }
  if (question->pointer.len > LONGEST_POINTER_BYTES) {
    fault_say(error, CARILLON_INVALID, "a JSON Pointer has at most 4096 bytes");
    return false;
  }
  return true;
}

static carillon_status get(void *context, carillon_str document, carillon_str pointer, carillon_json *value,
                           carillon_error *error) {
  (void)context;
  Question question;
  if (value == NULL || value->struct_size < sizeof value->struct_size) return CARILLON_INVALID;
  if (!open_question(&question, CARILLON__RUNNER__V1__JSON__WHAT__GET, document, pointer, error)) {
    return CARILLON_INVALID;
  }
  carillon_json found = {.struct_size = value->struct_size};
  carillon_status status = ask(&question, (taker){0}, &found, error);
  size_t room = value->struct_size;
  if (status == CARILLON_OK) memcpy(value, &found, room < sizeof found ? room : sizeof found);
  return status;
}

static carillon_status text(void *context, carillon_str document, carillon_str pointer, carillon_take_text take,
                            void *take_context, carillon_error *error) {
  (void)context;
  Question question;
  if (take == NULL) return CARILLON_INVALID;
  if (!open_question(&question, CARILLON__RUNNER__V1__JSON__WHAT__TEXT, document, pointer, error)) {
    return CARILLON_INVALID;
  }
  return ask(&question, (taker){take, take_context}, NULL, error);
}

static carillon_status name(void *context, carillon_str document, carillon_str pointer, uint64_t index,
                            carillon_take_text take, void *take_context, carillon_error *error) {
  (void)context;
  Question question;
  if (take == NULL) return CARILLON_INVALID;
  if (!open_question(&question, CARILLON__RUNNER__V1__JSON__WHAT__NAME, document, pointer, error)) {
    return CARILLON_INVALID;
  }
  question.index = index;
  return ask(&question, (taker){take, take_context}, NULL, error);
}

static carillon_status quote(void *context, carillon_str text, carillon_take_text take, void *take_context) {
  (void)context;
  Question question;
  if (take == NULL) return CARILLON_INVALID;
  if (!open_question(&question, CARILLON__RUNNER__V1__JSON__WHAT__QUOTE, text, (carillon_str){0}, NULL)) {
    return CARILLON_INVALID;
  }
  return ask(&question, (taker){take, take_context}, NULL, NULL);
}

static const carillon_host_json_1 table = {
  .struct_size = sizeof table,
  .context = (void *)&table,
  .get = get,
  .text = text,
  .name = name,
  .quote = quote,
};

const carillon_host_json_1 *host_json(void) { return &table; }
