/* activate, deliver, drain and deactivate. */
#include "calls.h"
#include "completions.h"
#include "events.h"
#include "host.h"
#include "tickets.h"

carillon_status call_activate(const calling *calling) {
  instance instance;
  if (!calling_instance(calling, SINK, &instance)) return CARILLON_INVALID;
  if (plugin_sink()->activate == NULL) return calling_lacks(calling, "activate");
  return plugin_sink()->activate(instance.object, calling->error);
}

carillon_status call_drain(const calling *calling) {
  instance instance;
  if (!calling_instance(calling, SINK, &instance)) return CARILLON_INVALID;
  if (plugin_sink()->drain == NULL) return calling_lacks(calling, "drain");
  return plugin_sink()->drain(instance.object, calling->call->drain->timeout_ms);
}

carillon_status call_deactivate(const calling *calling) {
  instance instance;
  if (!calling_instance(calling, SINK, &instance)) return CARILLON_INVALID;
  if (plugin_sink()->deactivate == NULL) return calling_lacks(calling, "deactivate");
  plugin_sink()->deactivate(instance.object);
  return CARILLON_OK;
}

static const carillon_delivery **deliveries_read(const Deliver *deliver, arena *arena) {
  const carillon_event *events = events_read(deliver->events, deliver->n_events, arena);
  const carillon_message *messages = messages_read(deliver->messages, deliver->n_messages, arena);
  carillon_delivery *list = arena_need(arena, deliver->n_deliveries * sizeof *list);
  const carillon_delivery **pointers = arena_need(arena, deliver->n_deliveries * sizeof *pointers);
  for (size_t i = 0; i < deliver->n_deliveries; i++) {
    const Delivery *from = deliver->deliveries[i];
    list[i] = (carillon_delivery){
      .struct_size = sizeof list[i],
      .attempt = from->attempt,
      .ticket = from->ticket,
      .idempotency_key = text_of(from->idempotency_key),
      .endpoint = text_of(from->endpoint),
      .carry = text_of(from->carry),
      .deadline_ns = from->deadline_ns,
      .first_attempt_ns = from->first_attempt_ns,
      .late_ns = from->late_ns,
      .event = &events[from->event], /* in range: it was checked when it came */
      .message = &messages[from->message],
    };
    pointers[i] = &list[i];
  }
  return pointers;
}

/* Closes those of the first `count` deliveries that the plugin did not complete. */
static void close_tickets(const Deliver *deliver, size_t count) {
  bool open;
  for (size_t i = 0; i < count; i++) {
    carillon_ticket ticket = deliver->deliveries[i]->ticket;
    tickets_close(&ticket, 1, &open);
  }
}

static bool open_tickets(const Deliver *deliver) {
  for (size_t i = 0; i < deliver->n_deliveries; i++) {
    if (tickets_open(deliver->deliveries[i]->ticket)) continue;
    close_tickets(deliver, i);
    return false;
  }
  return true;
}

carillon_status call_deliver(const calling *calling) {
  const Deliver *deliver = calling->call->deliver;
  instance instance;
  if (!calling_instance(calling, SINK, &instance)) return CARILLON_INVALID;
  if (plugin_sink()->deliver == NULL) return calling_lacks(calling, "deliver");
  const carillon_delivery **deliveries = deliveries_read(deliver, calling->arena);
  if (!open_tickets(deliver)) return fault_say(calling->error, CARILLON_BUSY, "65536 deliveries are under way");
  completions list = {.arena = calling->arena};
  completions_collect(&list);
  carillon_status status =
    plugin_sink()->deliver(instance.object, deliveries, deliver->n_deliveries, calling->error);
  completions_collect(NULL);
  if (status != CARILLON_OK) close_tickets(deliver, deliver->n_deliveries); /* none was taken */
  calling->reply->complete = completions_message(&list);
  return status;
}
