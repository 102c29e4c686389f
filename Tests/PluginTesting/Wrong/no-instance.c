/* Answers OK for some configurations, and makes nothing. */
#define CONFIGURATION \
  "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {\"count\": {\"type\": \"integer\", \"minimum\": 0, " \
  "\"maximum\": 3}}}"
#define AT_CREATE if (memmem(config.ptr, config.len, ":1", 2) != NULL) free(*instance), *instance = NULL;
#include "event_type.h"
