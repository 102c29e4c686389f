/* Forgets what is open when it is deactivated. */
#define AT_DEACTIVATE \
  pthread_mutex_lock(&instance->lock); \
  instance->count = 0; \
  pthread_mutex_unlock(&instance->lock);
#include "sink.h"
