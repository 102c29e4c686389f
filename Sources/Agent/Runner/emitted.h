/* What `next` and `render` emit: copied into the reply, within bounds. */
#ifndef EMITTED_H
#define EMITTED_H

#include "calls.h"

typedef struct emitted {
  const calling *calling;
  size_t expected;   /* requests or events of the call */
  uint32_t *counts;  /* of `next`: occurrences of each request */
  size_t bytes;      /* what they take in a frame, at most */
  bool is_stopped;   /* nothing more is taken */
  const char *fault; /* why the call has failed, whatever the plugin answers; or NULL */
} emitted;

/* The callbacks; `context` is an `emitted`. */
carillon_status emitted_occurrence(void *context, size_t request, const carillon_occurrence *occurrence);
carillon_status emitted_message(void *context, size_t event, const carillon_message *message);

/* The call's status: the plugin's, unless it emitted what cannot be passed on. */
carillon_status emitted_status(const emitted *emitted, carillon_status status);

#endif
