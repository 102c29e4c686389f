/* Starts only with a host of exactly its own version. */
#define AT_START \
  if (host->struct_size != sizeof *host) { \
    host->fail(error, CARILLON_UNSUPPORTED, str("another host")); \
    return CARILLON_UNSUPPORTED; \
  }
#include "event_type.h"
