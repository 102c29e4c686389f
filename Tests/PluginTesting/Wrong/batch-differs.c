/* In a batch the first request gets all. */
#define AT_NEXT \
  if (count > 1) { \
    for (size_t i = 0; i < count; i++) \
      if (next_of(requests[0], i, emit, context) == CARILLON_OK) break; \
    return CARILLON_OK; \
  }
#include "event_type.h"
