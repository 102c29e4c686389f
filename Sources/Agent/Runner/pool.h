/* The threads on which the plugin is called: as many as calls run at once, and one for cancels, which overlap them. */
#ifndef POOL_H
#define POOL_H

#include "job.h"

/* What a thread does with a job; it ends the job. */
typedef void (*pool_work)(job *job);

/* Starts the first thread for calls, which begins with `load`, and the one for cancels. */
void pool_open(pool_work load, job *setup, pool_work call, pool_work cancel);

/* Hands a call on; it waits when as many run as may. */
void pool_call(job *job);

/* Hands a cancel on. One that finds no room is dropped: its deliveries end by their deadlines. */
void pool_cancel(job *job);

#endif
