/* Forgets every delivery. */
#define AT_DELIVER \
  pthread_mutex_unlock(&instance->lock); \
  return CARILLON_OK;
#include "sink.h"
