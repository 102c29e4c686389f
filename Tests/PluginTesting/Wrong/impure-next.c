/* The key says when it was asked. */
#include <time.h>
#define AT_OCCURRENCE \
  struct timespec now; \
  clock_gettime(CLOCK_REALTIME, &now); \
  snprintf(key + strlen(key), 40, "-%ld", now.tv_nsec);
#include "event_type.h"
