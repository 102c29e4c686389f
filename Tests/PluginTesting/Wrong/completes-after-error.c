/* Takes half of a batch, and answers an error. */
#define AT_DELIVER \
  if (count > 200) { \
    for (size_t i = 0; i < 10; i++) finish(instance, deliveries[i]->ticket, CARILLON_DELIVERED); \
    pthread_mutex_unlock(&instance->lock); \
    return CARILLON_FAILED; \
  }
#include "sink.h"
