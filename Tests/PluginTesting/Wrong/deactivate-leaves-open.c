/* Forgets what is open when it is deactivated. Sending takes it a moment each time, as it takes every sink: otherwise
 * nothing may be open by then. */
#define AT_RESULT \
  struct timespec moment = {.tv_nsec = 200000}; \
  nanosleep(&moment, NULL);
#define AT_DEACTIVATE \
  pthread_mutex_lock(&instance->lock); \
  instance->count = 0; \
  pthread_mutex_unlock(&instance->lock);
#include "sink.h"
