/* What a result says, and how long it says it. */
#include "hostile.h"

#include <stdlib.h>

static bool unknown_outcome(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)answer, (void)error;
  static const int32_t all[] = {0, 9, -1, INT32_MAX, INT32_MIN};
  carillon_result result = outcome(all[delivery->ticket % (sizeof all / sizeof *all)]);
  tell("answer first %d", complete(delivery->ticket, &result));
  return true;
}

static bool long_results(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)answer, (void)error;
  carillon_result result = outcome(CARILLON_DELIVERED);
  result.code = result.detail = result.receipt = result.carry = long_text();
  tell("answer first %d", complete(delivery->ticket, &result));
  return true;
}

static bool odd_results(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)answer, (void)error;
  carillon_result result = outcome(CARILLON_DELIVERED);
  result.code = result.detail = result.receipt = odd_text();
  tell("answer first %d", complete(delivery->ticket, &result));
  return true;
}

static bool null_results(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)answer, (void)error;
  carillon_result result = outcome(CARILLON_DELIVERED);
  result.code = result.detail = result.receipt = result.carry = (carillon_str){NULL, 1u << 30};
  tell("answer first %d", complete(delivery->ticket, &result));
  return true;
}

/* A result that ends before its outcome. */
static bool short_result(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)answer, (void)error;
  static const uint32_t all[] = {0, 1, 4, 7};
  carillon_result result = outcome(CARILLON_DELIVERED);
  result.struct_size = all[delivery->ticket % (sizeof all / sizeof *all)];
  tell("answer first %d", complete(delivery->ticket, &result));
  return true;
}

static bool long_structure(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)answer, (void)error;
  carillon_result result = outcome(CARILLON_DELIVERED);
  result.struct_size = UINT32_MAX;
  tell("answer first %d", complete(delivery->ticket, &result));
  return true;
}

static bool endless_wait(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)answer, (void)error;
  carillon_result result = outcome(CARILLON_RETRY);
  /* All ones is -1, for those who read it with a sign. */
  result.retry_after_ms = delivery->ticket % 2 == 0 ? UINT64_MAX : (uint64_t)INT64_MAX;
  tell("answer first %d", complete(delivery->ticket, &result));
  return true;
}

static bool carry(const carillon_delivery *delivery, size_t bytes) {
  carillon_result result = outcome(CARILLON_RETRY);
  char *text = malloc(bytes);
  if (text == NULL) abort();
  memset(text, 'c', bytes);
  result.carry = (carillon_str){text, bytes};
  tell("answer first %d", complete(delivery->ticket, &result));
  free(text);
  return true;
}

static bool carry_too_long(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)answer, (void)error;
  return carry(delivery, 16 * 1024 + 1);
}

static bool carry_full(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)answer, (void)error;
  return carry(delivery, 16 * 1024);
}

const attack result_attacks[] = {
  {"unknown-outcome", unknown_outcome}, {"long-results", long_results}, {"odd-results", odd_results},
  {"null-results", null_results}, {"short-result", short_result}, {"long-structure", long_structure},
  {"endless-wait", endless_wait}, {"carry-too-long", carry_too_long}, {"carry-full", carry_full}, {NULL, NULL},
};
