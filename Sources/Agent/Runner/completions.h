/* Results of deliveries, on their way to the agent. */
#ifndef COMPLETIONS_H
#define COMPLETIONS_H

#include <carillon/sink.h>

#include "arena.h"

/* Results that are sent together. */
typedef struct completions {
  arena *arena;
  Result **results;
  size_t count;
  size_t bytes; /* what they take in a frame, at most */
} completions;

/* Adds a result; sends those before it when there would be too much for a frame. */
void completions_add(completions *list, carillon_ticket ticket, const carillon_result *result);

/* Those that were not sent yet, as a message; NULL when there are none. */
Complete *completions_message(completions *list);

/* Sends them. */
void completions_send(completions *list);

/* From now on, what this thread completes is collected in the list, and not sent at once; NULL: sent at once. */
void completions_collect(completions *list);

#endif
