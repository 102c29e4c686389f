/* validate, next and render. */
#include "calls.h"
#include "civil.h"
#include "emitted.h"
#include "events.h"
#include "host.h"

carillon_status call_validate(const calling *calling) {
  instance instance;
  if (!calling_instance(calling, EVENT_TYPE, &instance)) return CARILLON_INVALID;
  if (plugin_event_type()->validate == NULL) return calling_lacks(calling, "validate");
  carillon_str definition = text_of(calling->call->validate->definition);
  return plugin_event_type()->validate(instance.object, definition, calling->error);
}

static const carillon_next_request **requests_read(const Next *next, arena *arena) {
  carillon_cursor *cursors = arena_need(arena, next->n_requests * sizeof *cursors);
  carillon_next_request *list = arena_need(arena, next->n_requests * sizeof *list);
  const carillon_next_request **pointers = arena_need(arena, next->n_requests * sizeof *pointers);
  for (size_t i = 0; i < next->n_requests; i++) {
    const Request *from = next->requests[i];
    cursors[i] = (carillon_cursor){
      .struct_size = sizeof cursors[i],
      .flags = from->cursor_flags,
      .civil = civil_read(from->civil),
      .instant_ns = from->instant_ns,
      .ordinal = from->ordinal,
      .key = text_of(from->key),
    };
    list[i] = (carillon_next_request){
      .struct_size = sizeof list[i],
      .max = from->max,
      .definition_json = text_of(from->definition),
      .user_json = text_of(from->user),
      .time_zone = text_of(from->time_zone),
      .after = &cursors[i],
    };
    pointers[i] = &list[i];
  }
  return pointers;
}

carillon_status call_next(const calling *calling) {
  const Next *next = calling->call->next;
  instance instance;
  if (!calling_instance(calling, EVENT_TYPE, &instance)) return CARILLON_INVALID;
  if (plugin_event_type()->next == NULL) return calling_lacks(calling, "next");
  const carillon_next_request **requests = requests_read(next, calling->arena);
  emitted emitted = {.calling = calling, .expected = next->n_requests};
  emitted.counts = arena_need(calling->arena, next->n_requests * sizeof *emitted.counts);
  carillon_status status = plugin_event_type()->next(instance.object, requests, next->n_requests, emitted_occurrence,
                                                     &emitted, calling->error);
  return emitted_status(&emitted, status);
}

carillon_status call_render(const calling *calling) {
  const Render *render = calling->call->render;
  instance instance;
  if (!calling_instance(calling, EVENT_TYPE, &instance)) return CARILLON_INVALID;
  if (plugin_event_type()->render == NULL) return calling_lacks(calling, "render");
  carillon_event *events = events_read(render->events, render->n_events, calling->arena);
  const carillon_event **pointers = arena_need(calling->arena, render->n_events * sizeof *pointers);
  for (size_t i = 0; i < render->n_events; i++) pointers[i] = &events[i];
  emitted emitted = {.calling = calling, .expected = render->n_events};
  carillon_status status = plugin_event_type()->render(instance.object, pointers, render->n_events, emitted_message,
                                                       &emitted, calling->error);
  return emitted_status(&emitted, status);
}
