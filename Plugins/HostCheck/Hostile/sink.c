/* A sink that is good but for the one attack. */
#include "hostile.h"

#include <stdlib.h>

carillon_result outcome(int32_t value) { return (carillon_result){.struct_size = sizeof(carillon_result), .outcome = value}; }

carillon_status complete(carillon_ticket ticket, const carillon_result *result) {
  return delivery_host->complete(delivery_host->context, &ticket, &result, 1);
}

static carillon_status create(carillon_str name, carillon_str config, carillon_instance **instance,
                              carillon_error *error) {
  (void)name, (void)config;
  carillon_status answer = CARILLON_OK;
  if (attack_at_create(&answer, error)) return answer;
  *instance = calloc(1, 1);
  return *instance == NULL ? CARILLON_FAILED : CARILLON_OK;
}

static carillon_status activate(carillon_instance *instance, carillon_error *error) {
  (void)instance;
  carillon_status answer = CARILLON_OK;
  return attack_at_activate(&answer, error) ? answer : CARILLON_OK;
}

static const attack *attack_of(void) {
  static const attack *const all[] = {ticket_attacks,    result_attacks, host_attacks,
                                      more_host_attacks, crash_attacks,  system_attacks};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    for (const attack *one = all[i]; one->word != NULL; one++) {
      if (ordered(one->word)) return one;
    }
  }
  return NULL;
}

/* Whether attempts after the first are attacked, too. */
static bool is_stubborn(void) { return ordered("dies-each-time") || ordered("busy-for-ever"); }

/* The check's queue gives it one delivery at a time. */
static carillon_status deliver(carillon_instance *instance, const carillon_delivery *const *deliveries, size_t count,
                               carillon_error *error) {
  (void)instance;
  for (size_t i = 0; i < count; i++) {
    const carillon_delivery *delivery = deliveries[i];
    tell("attempt %.*s %u %.*s %zu", (int)delivery->event->id.len, delivery->event->id.ptr, delivery->attempt,
         (int)delivery->idempotency_key.len, delivery->idempotency_key.ptr, delivery->carry.len);
    const attack *one = delivery->attempt == 1 || is_stubborn() ? attack_of() : NULL;
    carillon_status answer = CARILLON_OK;
    if (one != NULL && one->body(delivery, &answer, error)) return answer;
    carillon_result result = outcome(CARILLON_DELIVERED);
    complete(delivery->ticket, &result);
  }
  return CARILLON_OK;
}

static void cancel(carillon_instance *instance, const carillon_ticket *tickets, size_t count) {
  (void)instance, (void)tickets;
  tell("cancelled %zu", count);
  if (ordered("cancel-blocks")) block();
}

static carillon_status drain(carillon_instance *instance, uint64_t timeout_ms) {
  (void)instance, (void)timeout_ms;
  attack_at_end("drain");
  return CARILLON_OK;
}

static void deactivate(carillon_instance *instance) {
  (void)instance;
  attack_at_end("deactivate");
}

static void destroy(carillon_instance *instance) {
  attack_at_end("destroy");
  free(instance);
}

const carillon_sink_1 sink = {.struct_size = sizeof sink, .thread_model = CARILLON_PARALLEL, .create = create,
                              .activate = activate, .deliver = deliver, .cancel = cancel, .drain = drain,
                              .deactivate = deactivate, .destroy = destroy};
