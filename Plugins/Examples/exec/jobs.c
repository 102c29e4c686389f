#include "jobs.h"
#include "worker.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

job *job_make(const carillon_delivery *delivery, const config *by) {
  job *made = calloc(1, sizeof *made);
  if (made == NULL) return NULL;
  made->ticket = delivery->ticket;
  made->deadline_ns = delivery->deadline_ns;
  if (facts_of(delivery, by, &made->facts)) return made;
  free(made);
  return NULL;
}

void job_free(job *of) {
  facts_free(&of->facts);
  free(of);
}

static void wake(jobs *of) {
  uint64_t one = 1;
  /* It can only fail when the counter is full, and then the thread is awake already. */
  while (write(of->wake, &one, sizeof one) < 0 && errno == EINTR) {}
}

int jobs_start(jobs *to, const config *by) {
  pthread_condattr_t attribute;
  *to = (jobs){.config = by};
  to->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (to->wake < 0) return errno;
  pthread_mutex_init(&to->lock, NULL);
  pthread_condattr_init(&attribute);
  pthread_condattr_setclock(&attribute, CLOCK_MONOTONIC);
  pthread_cond_init(&to->ended, &attribute);
  pthread_condattr_destroy(&attribute);
  int error = worker_start(to);
  if (error == 0) {
    to->has_thread = true;
    return 0;
  }
  pthread_cond_destroy(&to->ended);
  pthread_mutex_destroy(&to->lock);
  close(to->wake);
  return error;
}

bool jobs_add(jobs *to, job *first, size_t count) {
  job *last = first;
  if (first == NULL) return true;
  while (last->next != NULL) last = last->next;
  pthread_mutex_lock(&to->lock);
  bool fits = !to->is_stopping && count <= WAITING_MOST - to->waiting;
  if (fits) {
    if (to->last == NULL) to->first = first;
    else to->last->next = first;
    to->last = last;
    to->waiting += count;
    to->open += count;
  }
  pthread_mutex_unlock(&to->lock);
  if (fits) wake(to);
  return fits;
}

static bool is_among(carillon_ticket ticket, const carillon_ticket *tickets, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (tickets[i] == ticket) return true;
  return false;
}

void jobs_cancel(jobs *of, const carillon_ticket *tickets, size_t count) {
  pthread_mutex_lock(&of->lock);
  for (job *at = of->first; at != NULL; at = at->next)
    if (is_among(at->ticket, tickets, count)) at->is_cancelled = true;
  for (size_t i = 0; i < of->running_count; i++)
    if (is_among(of->running[i]->ticket, tickets, count)) of->running[i]->is_cancelled = true;
  pthread_mutex_unlock(&of->lock);
  wake(of);
}

bool jobs_drain(jobs *of, uint64_t timeout_ms) {
  struct timespec until;
  clock_gettime(CLOCK_MONOTONIC, &until);
  uint64_t most = 24 * 3600 * 1000, wait = timeout_ms < most ? timeout_ms : most;
  until.tv_sec += (time_t)(wait / 1000);
  until.tv_nsec += (long)(wait % 1000) * 1000000;
  if (until.tv_nsec >= 1000000000) {
    until.tv_sec++;
    until.tv_nsec -= 1000000000;
  }
  pthread_mutex_lock(&of->lock);
  int status = 0;
  while (of->open > 0 && status == 0) status = pthread_cond_timedwait(&of->ended, &of->lock, &until);
  bool are_ended = of->open == 0;
  pthread_mutex_unlock(&of->lock);
  return are_ended;
}

void jobs_stop(jobs *of) {
  if (!of->has_thread) return;
  pthread_mutex_lock(&of->lock);
  of->is_stopping = true;
  pthread_mutex_unlock(&of->lock);
  wake(of);
  pthread_join(of->thread, NULL);
  of->has_thread = false;
  pthread_cond_destroy(&of->ended);
  pthread_mutex_destroy(&of->lock);
  close(of->wake);
}
