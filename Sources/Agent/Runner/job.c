#include "job.h"

#include <pthread.h>
#include <stdlib.h>

#include "checks.h"

/* Jobs that ended keep their memory for those to come. */
enum { KEPT_JOBS = 16 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static job *kept;
static size_t kept_count;

static job *make(void) {
  job *job = malloc(sizeof *job);
  if (job == NULL) die(EXIT_NO_MEMORY, "out of memory");
  arena_open(&job->arena, UNPACKED_BYTES);
  return job;
}

static job *take(void) {
  pthread_mutex_lock(&lock);
  job *job = kept;
  if (job != NULL) {
    kept = job->next;
    kept_count--;
  }
  pthread_mutex_unlock(&lock);
  return job != NULL ? job : make();
}

job *job_read(const uint8_t *frame, size_t length) {
  job *job = take();
  job->next = NULL;
  job->arena.most = UNPACKED_BYTES;
  ProtobufCAllocator allocator = arena_allocator(&job->arena);
  job->message = carillon__runner__v1__to_runner__unpack(&allocator, length, frame);
  if (job->message == NULL) die(EXIT_MALFORMED, "the agent sent a frame that cannot be read");
  if (!is_sound(job->message)) die(EXIT_MALFORMED, "the agent sent a frame that breaks the protocol's rules");
  job->arena.most = SIZE_MAX; /* the answer has bounds of its own */
  return job;
}

void job_end(job *job) {
  arena_reset(&job->arena);
  pthread_mutex_lock(&lock);
  bool keeps = kept_count < KEPT_JOBS;
  if (keeps) {
    job->next = kept;
    kept = job;
    kept_count++;
  }
  pthread_mutex_unlock(&lock);
  if (keeps) return;
  arena_close(&job->arena);
  free(job);
}
