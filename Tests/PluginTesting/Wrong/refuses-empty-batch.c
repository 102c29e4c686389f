/* Answers an error for a batch of none. */
#define AT_DELIVER \
  if (count == 0) { \
    pthread_mutex_unlock(&instance->lock); \
    return CARILLON_INVALID; \
  }
#include "sink.h"
