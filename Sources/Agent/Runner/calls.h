/* The agent's calls of the plugin. */
#ifndef CALLS_H
#define CALLS_H

#include "instances.h"
#include "plugin.h"

/* Makes a call and answers it. On a thread of the pool. */
void call_run(job *job);

/* Makes a cancel. On the pool's thread for them. */
void call_cancel(job *job);

/* One call on its way. */
typedef struct calling {
  const Call *call;
  arena *arena;
  carillon_error *error;
  Reply *reply;
} calling;

/* The instance that a call is about, of this kind; false, with a reason, when there is none. */
bool calling_instance(const calling *calling, enum instance_kind kind, instance *found);

/* Says that the plugin's table has no such function. */
carillon_status calling_lacks(const calling *calling, const char *function);

/* Each call: its own arguments to C structures, what it emits to the reply. Answers the plugin's status. */
carillon_status call_create(const calling *calling);
carillon_status call_destroy(const calling *calling);
carillon_status call_activate(const calling *calling);
carillon_status call_deliver(const calling *calling);
carillon_status call_drain(const calling *calling);
carillon_status call_deactivate(const calling *calling);
carillon_status call_validate(const calling *calling);
carillon_status call_next(const calling *calling);
carillon_status call_render(const calling *calling);

#endif
