/* The plugin's instances, by the agent's numbers. Any thread. */
#ifndef INSTANCES_H
#define INSTANCES_H

#include <carillon/base.h>

#include "runner.h"

enum instance_kind { SINK, EVENT_TYPE };

typedef struct instance {
  uint64_t number;
  enum instance_kind kind;
  carillon_instance *object; /* NULL while it is being created */
} instance;

/* Takes a number for an instance that is to be created. False when it is taken, or there are too many. */
bool instances_reserve(uint64_t number, enum instance_kind kind);

/* Of a reserved one: here it is. */
void instances_set(uint64_t number, carillon_instance *object);

/* Finds one that was created. */
bool instances_find(uint64_t number, instance *found);

/* Forgets one, created or reserved, and answers it; waits until no cancel of it runs. */
bool instances_remove(uint64_t number, instance *removed);

/* Finds one for a cancel, of which one runs at a time, and keeps it until the cancel has ended. */
bool instances_begin_cancel(uint64_t number, instance *found);
void instances_end_cancel(void);

#endif
