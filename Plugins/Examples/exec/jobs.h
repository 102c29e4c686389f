/* The deliveries of one instance: waiting in a queue, or running, at most so many. One thread of the instance's own
 * starts the commands and sees them end. */
#ifndef EXEC_JOBS_H
#define EXEC_JOBS_H

#include "verdict.h"
#include <pthread.h>

/* The most deliveries that wait. */
enum { WAITING_MOST = 4096 };

typedef struct job {
  struct job *next;
  carillon_ticket ticket;
  int64_t deadline_ns; /* the host's, on CLOCK_MONOTONIC */
  facts facts;
  bool is_cancelled; /* asked for; under the lock */
  /* While it runs: the thread's alone. */
  child child;
  int64_t end_ns; /* when the command is ended */
  cause cause;
} job;

typedef struct jobs {
  const config *config;
  pthread_t thread;
  bool has_thread;
  int wake; /* an eventfd */
  pthread_mutex_t lock;
  pthread_cond_t ended;
  /* Under the lock. */
  job *first, *last;       /* waiting, oldest first */
  size_t waiting, open;    /* open: waiting, running, or being answered */
  bool is_stopping;
  job *running[CHILDREN_MOST]; /* changed by the thread under the lock, so that `cancel` can look */
  size_t running_count;
} jobs;

/* Starts the thread. 0, or errno. */
int jobs_start(jobs *, const config *);

/* Takes a chain of jobs; false: there is no room, and they stay the caller's. */
bool jobs_add(jobs *, job *first, size_t count);

/* Asks for an end of these. Does not wait for it. */
void jobs_cancel(jobs *, const carillon_ticket *tickets, size_t count);

/* Waits for the end of all; false: not in time. */
bool jobs_drain(jobs *, uint64_t timeout_ms);

/* Ends all, and the thread. Nothing is open then. */
void jobs_stop(jobs *);

job *job_make(const carillon_delivery *, const config *);
void job_free(job *);

#endif
