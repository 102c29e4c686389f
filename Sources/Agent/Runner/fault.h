/* What a plugin says about why a call fails. */
#ifndef FAULT_H
#define FAULT_H

#include "arena.h"

enum { VIOLATIONS = 64, FAULT_TEXT_BYTES = 4096, POINTER_BYTES = 1024 };

/* The ABI's collector of one call's errors. */
struct carillon_error {
  arena *arena;
  bool is_said;
  int32_t status;
  ProtobufCBinaryData message;
  Violation *violations[VIOLATIONS];
  size_t count;
};

void fault_open(carillon_error *error, arena *arena);

/* `carillon_host.fail` and `carillon_host.violation`; `error` may be NULL. */
void fault_fail(carillon_error *error, carillon_status status, carillon_str message);
void fault_violation(carillon_error *error, carillon_str pointer, carillon_str code, carillon_str message);

/* The same of the runner's own: says it, and answers the status. */
carillon_status fault_say(carillon_error *error, carillon_status status, const char *message);

/* Passes the agent's on to the plugin's collector. */
void fault_pass(carillon_error *error, const Fault *fault);

/* As a message; NULL when nothing was said. */
Fault *fault_message(carillon_error *error);

#endif
