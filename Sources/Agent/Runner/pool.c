#include "pool.h"

#include <pthread.h>

/* As much as a thread of the agent's has: what runs there must run here. */
enum { STACK_BYTES = 8 * 1024 * 1024 };

typedef struct queue {
  pthread_mutex_t lock;
  pthread_cond_t filled;
  job *first, *last;
  size_t count;
  size_t threads, idle;
  pool_work work;
} queue;

static queue calls = {.lock = PTHREAD_MUTEX_INITIALIZER, .filled = PTHREAD_COND_INITIALIZER};
static queue cancels = {.lock = PTHREAD_MUTEX_INITIALIZER, .filled = PTHREAD_COND_INITIALIZER};

/* The first job of all. */
static struct {
  pool_work work;
  job *job;
} loading;

static job *take(queue *queue) {
  pthread_mutex_lock(&queue->lock);
  queue->idle++;
  while (queue->first == NULL) pthread_cond_wait(&queue->filled, &queue->lock);
  queue->idle--;
  job *job = queue->first;
  queue->first = job->next;
  if (queue->first == NULL) queue->last = NULL;
  queue->count--;
  pthread_mutex_unlock(&queue->lock);
  return job;
}

static void *run(void *argument) {
  queue *queue = argument;
  for (;;) queue->work(take(queue));
  return NULL;
}

static void *load_and_run(void *argument) {
  loading.work(loading.job);
  return run(argument);
}

static bool start(queue *queue, void *(*body)(void *)) {
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, STACK_BYTES);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  bool done = pthread_create(&thread, &attributes, body, queue) == 0;
  pthread_attr_destroy(&attributes);
  if (done) queue->threads++;
  return done;
}

void pool_open(pool_work load, job *setup, pool_work call, pool_work cancel) {
  loading.work = load;
  loading.job = setup;
  calls.work = call;
  cancels.work = cancel;
  if (!start(&cancels, run) || !start(&calls, load_and_run)) die(EXIT_NO_MEMORY, "no threads can be had");
}

/* False when there is no room. */
static bool put(queue *queue, job *job) {
  if (queue->count == WAITING_CALLS) return false;
  job->next = NULL;
  if (queue->last != NULL) queue->last->next = job;
  if (queue->first == NULL) queue->first = job;
  queue->last = job;
  queue->count++;
  return true;
}

void pool_call(job *job) {
  pthread_mutex_lock(&calls.lock);
  if (!put(&calls, job)) die(EXIT_MALFORMED, "the agent sent more calls than may wait");
  /* Without memory for one more thread, the call waits for one of those there are. */
  if (calls.count > calls.idle && calls.threads < WORKERS) start(&calls, run);
  pthread_cond_signal(&calls.filled);
  pthread_mutex_unlock(&calls.lock);
}

void pool_cancel(job *job) {
  pthread_mutex_lock(&cancels.lock);
  bool done = put(&cancels, job);
  if (done) pthread_cond_signal(&cancels.filled);
  pthread_mutex_unlock(&cancels.lock);
  if (!done) job_end(job);
}
