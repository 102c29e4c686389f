#include "events.h"

#include "civil.h"
#include "host.h"

/* The event's own text, or that of the one before. */
static carillon_str shared(ProtobufCBinaryData own, uint32_t same, uint32_t bit, carillon_str before) {
  return own.len == 0 && (same & bit) != 0 ? before : text_of(own);
}

static void read_event(carillon_event *to, const Event *from, const carillon_event *before) {
  *to = (carillon_event){
    .struct_size = sizeof *to,
    .flags = from->flags,
    .id = text_of(from->id),
    .namespace_ = shared(from->namespace_, from->same, SAME_NAMESPACE, before->namespace_),
    .type = shared(from->type, from->same, SAME_TYPE, before->type),
    .schedule_id = text_of(from->schedule_id),
    .occurrence_key = text_of(from->occurrence_key),
    .time_zone = shared(from->time_zone, from->same, SAME_TIME_ZONE, before->time_zone),
    .locale = shared(from->locale, from->same, SAME_LOCALE, before->locale),
    .user_json = shared(from->user, from->same, SAME_USER, before->user_json),
    .definition_json = shared(from->definition, from->same, SAME_DEFINITION, before->definition_json),
    .data_json = text_of(from->data),
    .local = civil_read(from->local),
    .due_ns = from->due_ns,
    .templates_json = shared(from->templates, from->same, SAME_TEMPLATES, before->templates_json),
  };
}

carillon_event *events_read(Event *const *events, size_t count, arena *arena) {
  static const carillon_event none;
  carillon_event *list = arena_need(arena, count * sizeof *list);
  for (size_t i = 0; i < count; i++) read_event(&list[i], events[i], i == 0 ? &none : &list[i - 1]);
  return list;
}

carillon_message *messages_read(Message *const *messages, size_t count, arena *arena) {
  carillon_message *list = arena_need(arena, count * sizeof *list);
  for (size_t i = 0; i < count; i++) {
    list[i] = (carillon_message){
      .struct_size = sizeof list[i],
      .flags = messages[i]->flags,
      .title = text_of(messages[i]->title),
      .text = text_of(messages[i]->text),
      .html = text_of(messages[i]->html),
      .content_type = text_of(messages[i]->content_type),
      .data = text_of(messages[i]->data),
    };
  }
  return list;
}
