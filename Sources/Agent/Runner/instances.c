#include "instances.h"

#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cancelled = PTHREAD_COND_INITIALIZER;
static instance all[INSTANCES];
static size_t count;
static bool is_cancelling;
static uint64_t cancelling;

/* Its place, or `count`. */
static size_t place(uint64_t number) {
  size_t i = 0;
  while (i < count && all[i].number != number) i++;
  return i;
}

bool instances_reserve(uint64_t number, enum instance_kind kind) {
  pthread_mutex_lock(&lock);
  bool done = place(number) == count && count < INSTANCES;
  if (done) all[count++] = (instance){.number = number, .kind = kind};
  pthread_mutex_unlock(&lock);
  return done;
}

void instances_set(uint64_t number, carillon_instance *object) {
  pthread_mutex_lock(&lock);
  size_t i = place(number);
  if (i < count) all[i].object = object;
  pthread_mutex_unlock(&lock);
}

static bool find(uint64_t number, instance *found) {
  size_t i = place(number);
  if (i == count || all[i].object == NULL) return false;
  *found = all[i];
  return true;
}

bool instances_find(uint64_t number, instance *found) {
  pthread_mutex_lock(&lock);
  bool done = find(number, found);
  pthread_mutex_unlock(&lock);
  return done;
}

bool instances_remove(uint64_t number, instance *removed) {
  pthread_mutex_lock(&lock);
  size_t i = place(number);
  bool done = i < count;
  if (done) {
    *removed = all[i];
    all[i] = all[--count];
    while (is_cancelling && cancelling == number) pthread_cond_wait(&cancelled, &lock);
  }
  pthread_mutex_unlock(&lock);
  return done;
}

bool instances_begin_cancel(uint64_t number, instance *found) {
  pthread_mutex_lock(&lock);
  bool done = find(number, found);
  is_cancelling = done;
  cancelling = number;
  pthread_mutex_unlock(&lock);
  return done;
}

void instances_end_cancel(void) {
  pthread_mutex_lock(&lock);
  is_cancelling = false;
  pthread_cond_broadcast(&cancelled);
  pthread_mutex_unlock(&lock);
}
