#include "checks.h"

static bool is_civil(const Civil *civil) {
  if (civil == NULL) return true;
  return civil->month <= UINT8_MAX && civil->day <= UINT8_MAX && civil->hour <= UINT8_MAX &&
         civil->minute <= UINT8_MAX && civil->second <= UINT8_MAX && civil->fold <= UINT8_MAX;
}

static bool are_events(Event *const *events, size_t count) {
  if (count > BATCH_ITEMS) return false;
  for (size_t i = 0; i < count; i++) {
    uint32_t allowed = i == 0 ? 0 : SAME_ALL;
    if ((events[i]->same & ~allowed) != 0 || !is_civil(events[i]->local)) return false;
  }
  return true;
}

static bool is_next(const Next *next) {
  if (next->n_requests > BATCH_ITEMS) return false;
  for (size_t i = 0; i < next->n_requests; i++) {
    if (next->requests[i]->max == 0 || !is_civil(next->requests[i]->civil)) return false;
  }
  return true;
}

static bool is_deliver(const Deliver *deliver) {
  if (deliver->n_deliveries > BATCH_ITEMS || deliver->n_messages > BATCH_ITEMS) return false;
  if (!are_events(deliver->events, deliver->n_events)) return false;
  for (size_t i = 0; i < deliver->n_deliveries; i++) {
    const Delivery *delivery = deliver->deliveries[i];
    if (delivery->ticket == 0 || delivery->event >= deliver->n_events || delivery->message >= deliver->n_messages) {
      return false;
    }
  }
  return true;
}

static bool is_call(const Call *call) {
  switch (call->kind_case) {
    case CARILLON__RUNNER__V1__CALL__KIND_START: return call->start->n_interfaces <= BATCH_ITEMS;
    case CARILLON__RUNNER__V1__CALL__KIND_NEXT: return is_next(call->next);
    case CARILLON__RUNNER__V1__CALL__KIND_RENDER: return are_events(call->render->events, call->render->n_events);
    case CARILLON__RUNNER__V1__CALL__KIND_DELIVER: return is_deliver(call->deliver);
    case CARILLON__RUNNER__V1__CALL__KIND__NOT_SET: return false;
    default: return true;
  }
}

static bool is_answer(const Answer *answer) {
  return is_civil(answer->civil) && (answer->fault == NULL || answer->fault->n_violations <= BATCH_ITEMS);
}

bool is_sound(const ToRunner *message) {
  switch (message->kind_case) {
    case CARILLON__RUNNER__V1__TO_RUNNER__KIND_SETUP: return message->setup->n_interfaces <= BATCH_ITEMS;
    case CARILLON__RUNNER__V1__TO_RUNNER__KIND_CALL: return is_call(message->call);
    case CARILLON__RUNNER__V1__TO_RUNNER__KIND_CANCEL: return message->cancel->n_tickets <= CANCEL_ITEMS;
    case CARILLON__RUNNER__V1__TO_RUNNER__KIND_ANSWER: return is_answer(message->answer);
    case CARILLON__RUNNER__V1__TO_RUNNER__KIND_LOG_LEVEL: return true;
    default: return false;
  }
}
