/* Believes what it is given back. */
#define AT_DELIVERY \
  if (deliveries[i]->carry.len > 0 && deliveries[i]->carry.ptr[0] != 'g') abort();
#include "sink.h"
