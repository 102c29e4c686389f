#include "fault.h"

#include <string.h>

void fault_open(carillon_error *error, arena *arena) { *error = (carillon_error){.arena = arena}; }

void fault_fail(carillon_error *error, carillon_status status, carillon_str message) {
  if (error == NULL) return;
  error->is_said = true;
  error->status = status;
  error->message = arena_text(error->arena, message, FAULT_TEXT_BYTES);
}

void fault_violation(carillon_error *error, carillon_str pointer, carillon_str code, carillon_str message) {
  if (error == NULL || error->count == VIOLATIONS) return;
  Violation *violation = arena_need(error->arena, sizeof *violation);
  carillon__runner__v1__violation__init(violation);
  violation->pointer = arena_text(error->arena, pointer, POINTER_BYTES);
  violation->code = arena_text(error->arena, code, POINTER_BYTES);
  violation->message = arena_text(error->arena, message, FAULT_TEXT_BYTES);
  error->is_said = true;
  error->violations[error->count++] = violation;
}

carillon_status fault_say(carillon_error *error, carillon_status status, const char *message) {
  fault_fail(error, status, (carillon_str){message, strlen(message)});
  return status;
}

static carillon_str text(ProtobufCBinaryData bytes) { return (carillon_str){(const char *)bytes.data, bytes.len}; }

void fault_pass(carillon_error *error, const Fault *fault) {
  if (error == NULL || fault == NULL) return;
  fault_fail(error, fault->status, text(fault->message));
  for (size_t i = 0; i < fault->n_violations; i++) {
    const Violation *violation = fault->violations[i];
    fault_violation(error, text(violation->pointer), text(violation->code), text(violation->message));
  }
}

Fault *fault_message(carillon_error *error) {
  if (!error->is_said) return NULL;
  Fault *fault = arena_need(error->arena, sizeof *fault);
  carillon__runner__v1__fault__init(fault);
  fault->status = error->status;
  fault->message = error->message;
  fault->violations = error->violations;
  fault->n_violations = error->count;
  return fault;
}
