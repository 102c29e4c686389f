/* Can be activated a second time, and then delivers nothing. */
#define AT_ACTIVATE instance->kept_length++;
#define AT_DELIVER \
  if (instance->kept_length > 2) { \
    pthread_mutex_unlock(&instance->lock); \
    return CARILLON_FAILED; \
  }
#include "sink.h"
