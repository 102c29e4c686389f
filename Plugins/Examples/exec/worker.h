/* The thread that starts commands and sees them end. */
#ifndef EXEC_WORKER_H
#define EXEC_WORKER_H

#include "jobs.h"

/* Starts it. 0, or errno. */
int worker_start(jobs *);

#endif
