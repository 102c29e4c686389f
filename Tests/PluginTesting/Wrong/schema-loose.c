/* The schema lets a number be a configuration. */
#define CONFIGURATION "{\"additionalProperties\": false}"
#include "event_type.h"
