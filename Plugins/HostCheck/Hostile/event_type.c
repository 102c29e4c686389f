/* An event type whose occurrences and messages are wrong, each in a way that the orders name. */
#define _GNU_SOURCE
#include "hostile.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static carillon_status create(carillon_str name, carillon_str config, carillon_instance **instance,
                              carillon_error *error) {
  (void)name, (void)config, (void)error;
  *instance = calloc(1, 1);
  return *instance == NULL ? CARILLON_FAILED : CARILLON_OK;
}

static carillon_status validate(carillon_instance *instance, carillon_str definition, carillon_error *error) {
  (void)instance, (void)definition;
  if (ordered("validate-odd")) return INT32_MAX;
  if (ordered("validate-null")) return CARILLON_INVALID;
  if (!ordered("validate-violations")) return CARILLON_OK;
  for (int i = 0; i < 100000; i++) host->violation(error, odd_text(), odd_text(), odd_text());
  host->violation(error, long_text(), long_text(), long_text());
  host->violation(error, (carillon_str){NULL, 9}, (carillon_str){NULL, 9}, (carillon_str){NULL, 9});
  host->fail(error, INT32_MIN, long_text());
  return CARILLON_INVALID;
}

/* Emits one occurrence, `step` days after the cursor, as it stands in `wrong`; true: go on. */
static bool emit_one(carillon_emit_occurrence emit, void *context, size_t place, const carillon_next_request *request,
                     uint64_t step, carillon_occurrence wrong) {
  char key[64];
  snprintf(key, sizeof key, "k%llu", (unsigned long long)(request->after->ordinal + step));
  if (wrong.struct_size == 0) wrong.struct_size = sizeof wrong;
  if (wrong.key.len == 0) wrong.key = str(key);
  if (wrong.ordinal == 0) wrong.ordinal = request->after->ordinal + step;
  if (wrong.civil.month == 0) {
    wrong.civil = request->after->civil;
    wrong.civil.year += (int32_t)step;
    wrong.civil.month = wrong.civil.day = 1;
  }
  return emit(context, place, &wrong) == CARILLON_OK;
}

/* Goes on though it was told to stop. */
static void flood(carillon_emit_occurrence emit, void *context, size_t place, const carillon_next_request *request) {
  for (uint64_t step = 1; step < 3000000; step++) emit_one(emit, context, place, request, step, (carillon_occurrence){0});
}

typedef struct wrong {
  const char *word;
  carillon_occurrence value;
} wrong;

static const wrong wrongs[] = {
  {"next-date", {.civil = {.year = INT32_MAX, .month = 13, .day = 0, .hour = 99, .minute = 255, .second = 255}}},
  {"next-instant", {.kind = CARILLON_OCCURRENCE_INSTANT, .instant_ns = INT64_MIN}},
  {"next-kind", {.kind = 4711}},
  {"next-key-null", {.key = {NULL, 1u << 30}}},
  {"next-short", {.struct_size = 4}},
  {"next-ordinal", {.ordinal = UINT64_MAX}},
};

static void emit_wrong(carillon_emit_occurrence emit, void *context, size_t place,
                       const carillon_next_request *request) {
  carillon_occurrence none = {0};
  for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
    if (!ordered(wrongs[i].word)) continue;
    if (emit_one(emit, context, place, request, 1, wrongs[i].value)) emit_one(emit, context, place, request, 2, wrongs[i].value);
  }
  if (ordered("next-flood")) flood(emit, context, place, request);
  if (ordered("next-stranger")) {
    emit_one(emit, context, SIZE_MAX, request, 1, none);
    emit_one(emit, context, 1000, request, 1, none);
    emit(context, place, NULL);
  }
  if (ordered("next-order")) {
    for (uint64_t step = 9; step > 0; step--) emit_one(emit, context, place, request, step, none);
  }
  if (ordered("next-key-long")) emit_one(emit, context, place, request, 1, (carillon_occurrence){.key = long_text()});
  if (ordered("next-key-odd")) emit_one(emit, context, place, request, 1, (carillon_occurrence){.key = odd_text()});
}

/* Kept beyond its call. */
static carillon_emit_occurrence kept_emit;
static void *kept_context;

static void *emit_later(void *argument) {
  usleep(200000);
  carillon_occurrence one = {.struct_size = sizeof one, .civil = {2030, 1, 1, 0, 0, 0, 0, {0, 0}}, .ordinal = 1, .key = str("k")};
  for (int i = 0; i < 1000; i++) kept_emit(kept_context, 0, &one);
  return argument;
}

static carillon_status next(carillon_instance *instance, const carillon_next_request *const *requests, size_t count,
                            carillon_emit_occurrence emit, void *context, carillon_error *error) {
  (void)instance;
  tell("asked %zu", count);
  if (ordered("next-spins")) for (;;) __asm__ volatile("");
  if (ordered("next-crashes")) *(volatile int *)8 = 1;
  if (ordered("emit-later")) {
    pthread_t thread;
    kept_emit = emit, kept_context = context;
    if (pthread_create(&thread, NULL, emit_later, NULL) == 0) pthread_detach(thread);
    return CARILLON_FAILED;
  }
  for (size_t i = 0; i < count; i++) emit_wrong(emit, context, i, requests[i]);
  if (!ordered("next-fails")) return CARILLON_OK;
  host->fail(error, CARILLON_OK, long_text());
  return -1;
}

static void emit_message(carillon_emit_message emit, void *context, size_t place, carillon_message message) {
  if (message.struct_size == 0) message.struct_size = sizeof message;
  if (message.title.len == 0) message.title = str("hostile");
  if (message.text.len == 0) message.text = str("text");
  emit(context, place, &message);
}

static carillon_status render(carillon_instance *instance, const carillon_event *const *events, size_t count,
                              carillon_emit_message emit, void *context, carillon_error *error) {
  (void)instance, (void)events, (void)error;
  carillon_message plain = {0};
  if (ordered("render-crashes")) *(volatile int *)8 = 1;
  if (ordered("render-none")) return CARILLON_OK;
  if (ordered("render-odd-status")) return 4711;
  for (size_t i = 0; i < count; i++) {
    int times = ordered("render-twice") ? 100000 : 1;
    for (int j = 0; j < times; j++) {
      if (ordered("render-long")) emit_message(emit, context, i, (carillon_message){.title = long_text(), .data = long_text()});
      else if (ordered("render-odd")) emit_message(emit, context, i, (carillon_message){.title = odd_text(), .text = odd_text(), .html = odd_text()});
      else if (ordered("render-null")) emit_message(emit, context, i, (carillon_message){.html = {NULL, 1u << 30}, .data = {NULL, 7}});
      else if (ordered("render-stranger")) emit_message(emit, context, SIZE_MAX - i, plain), emit(context, i, NULL);
      else emit_message(emit, context, i, plain);
    }
  }
  return CARILLON_OK;
}

static void destroy(carillon_instance *instance) { free(instance); }

const carillon_event_type_1 event_type = {.struct_size = sizeof event_type, .thread_model = CARILLON_PARALLEL,
                                          .create = create, .validate = validate, .next = next, .render = render,
                                          .destroy = destroy};
