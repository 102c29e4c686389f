/* Falls over a configuration that its schema allows. */
#define CONFIGURATION \
  "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {\"count\": {\"type\": \"integer\", \"minimum\": 0, " \
  "\"maximum\": 3}}}"
#define AT_CREATE if (memmem(config.ptr, config.len, ":0", 2) != NULL) abort();
#include "event_type.h"
