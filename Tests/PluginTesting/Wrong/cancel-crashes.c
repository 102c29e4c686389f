/* Believes that each ticket in cancel is one of its own. */
#define AT_CANCEL \
  for (size_t i = 0; i < count; i++) \
    if (tickets[i] == 1) abort();
#include "sink.h"
