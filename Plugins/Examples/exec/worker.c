#include "worker.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

enum {
  ASK_MS = 20,             /* how often an end is asked for where the system has no descriptor for it */
  MARGIN_NS = 200000000,   /* a command ends so long before the host's deadline, so that the answer is in time */
};

static int64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000ll + now.tv_nsec;
}

/* Answers for one job, and lets it go. */
static void answer(jobs *of, job *ended, int32_t outcome, const char *code, carillon_str detail) {
  carillon_result result = {.struct_size = sizeof result, .outcome = outcome, .code = str(code), .detail = detail};
  const carillon_result *results[] = {&result};
  /* STALE: the host has given it up meanwhile. */
  (void)delivery_host->complete(delivery_host->context, &ended->ticket, results, 1);
  job_free(ended);
  pthread_mutex_lock(&of->lock);
  of->open--;
  pthread_cond_broadcast(&of->ended);
  pthread_mutex_unlock(&of->lock);
}

/* The next one to start, put among those that run; NULL: none waits, or as many run as may. `*refused` gets one that is
 * not to be started, instead. */
static job *take(jobs *of, job **refused) {
  job *taken = NULL;
  *refused = NULL;
  pthread_mutex_lock(&of->lock);
  job *first = of->first;
  bool is_unwanted = first != NULL && (first->is_cancelled || of->is_stopping);
  if (first != NULL && (is_unwanted || of->running_count < of->config->children_most)) {
    of->first = first->next;
    if (of->first == NULL) of->last = NULL;
    of->waiting--;
    if (is_unwanted) *refused = first;
    else of->running[of->running_count++] = taken = first;
  }
  pthread_mutex_unlock(&of->lock);
  return taken;
}

/* Those that were cancelled while they wait behind others. */
static job *take_cancelled(jobs *of) {
  job *found = NULL, *before = NULL;
  pthread_mutex_lock(&of->lock);
  for (job *at = of->first; at != NULL && found == NULL; before = at, at = at->next) {
    if (!at->is_cancelled) continue;
    found = at;
    if (before == NULL) of->first = at->next;
    else before->next = at->next;
    if (of->last == at) of->last = before;
    of->waiting--;
  }
  pthread_mutex_unlock(&of->lock);
  return found;
}

static void remove_running(jobs *of, job *ended) {
  pthread_mutex_lock(&of->lock);
  for (size_t i = 0; i < of->running_count; i++) {
    if (of->running[i] != ended) continue;
    of->running[i] = of->running[--of->running_count];
    break;
  }
  pthread_mutex_unlock(&of->lock);
}

static void start(jobs *of, job *taken) {
  int64_t now = now_ns();
  int64_t latest = taken->deadline_ns - MARGIN_NS;
  if (latest <= now) {
    remove_running(of, taken);
    return answer(of, taken, CARILLON_THROTTLED, "no-free-child", str("it waited for a free place too long"));
  }
  taken->end_ns = latest - now < of->config->limit_ns ? latest : now + of->config->limit_ns;
  int error = child_start(&taken->child, of->config, &taken->facts);
  if (error == 0) return;
  remove_running(of, taken);
  answer(of, taken, CARILLON_RETRY, "not-started", str(strerror(error)));
}

static void start_all(jobs *of) {
  job *taken, *refused;
  while ((taken = take(of, &refused)) != NULL || refused != NULL) {
    if (taken != NULL) start(of, taken);
    else answer(of, refused, CARILLON_CANCELLED, "cancelled", str(""));
  }
  while ((refused = take_cancelled(of)) != NULL) answer(of, refused, CARILLON_CANCELLED, "cancelled", str(""));
}

/* Ends the commands whose time is over, or that nobody wants any more. */
static void end_late(jobs *of) {
  int64_t now = now_ns();
  pthread_mutex_lock(&of->lock);
  for (size_t i = 0; i < of->running_count; i++) {
    job *at = of->running[i];
    cause why = at->end_ns <= now ? CAUSE_TIME : CAUSE_NONE;
    if (at->is_cancelled) why = CAUSE_CANCEL;
    if (of->is_stopping) why = CAUSE_STOP;
    if (at->cause != CAUSE_NONE || why == CAUSE_NONE) continue;
    at->cause = why;
    child_kill(&at->child);
  }
  pthread_mutex_unlock(&of->lock);
}

/* Answers for those that have ended. True: there were some, so others may have a place now. */
static bool reap_all(jobs *of) {
  bool has_ended = false;
  for (size_t i = of->running_count; i > 0; i--) {
    job *at = of->running[i - 1];
    child_end end;
    child_read(&at->child);
    if (!child_reap(&at->child, &end)) continue;
    verdict is = verdict_of(end, at->cause);
    char output[OUTPUT_BYTES_MOST];
    size_t length = at->child.output_length;
    memcpy(output, at->child.output, length);
    remove_running(of, at);
    answer(of, at, is.outcome, is.code, (carillon_str){output, length});
    has_ended = true;
  }
  return has_ended;
}

/* Until something happens: a child ends or writes, a time is over, or somebody calls. */
static void wait_for_more(jobs *of) {
  struct pollfd watched[1 + 2 * CHILDREN_MOST] = {{of->wake, POLLIN, 0}};
  nfds_t count = 1;
  int64_t now = now_ns(), until = INT64_MAX;
  bool asks = false;
  for (size_t i = 0; i < of->running_count; i++) {
    const job *at = of->running[i];
    if (at->cause == CAUSE_NONE && at->end_ns < until) until = at->end_ns;
    if (at->child.exit_descriptor >= 0) watched[count++] = (struct pollfd){at->child.exit_descriptor, POLLIN, 0};
    else asks = true;
    if (at->child.output_descriptor >= 0) watched[count++] = (struct pollfd){at->child.output_descriptor, POLLIN, 0};
  }
  int64_t left_ms = until <= now ? 0 : (until - now) / 1000000 + 1;
  int timeout_ms = asks ? ASK_MS : 60000;
  poll(watched, count, left_ms < timeout_ms ? (int)left_ms : timeout_ms);
  uint64_t calls;
  while (read(of->wake, &calls, sizeof calls) < 0 && errno == EINTR) {}
}

static bool is_over(jobs *of) {
  pthread_mutex_lock(&of->lock);
  bool is = of->is_stopping && of->open == 0;
  pthread_mutex_unlock(&of->lock);
  return is;
}

static void *work(void *context) {
  jobs *of = context;
  while (!is_over(of)) {
    start_all(of);
    end_late(of);
    if (!reap_all(of) && !is_over(of)) wait_for_more(of);
  }
  return NULL;
}

int worker_start(jobs *of) {
  sigset_t all, before;
  sigfillset(&all);
  /* The process's signals are for the host's threads. */
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int error = pthread_create(&of->thread, NULL, work, of);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return error;
}
