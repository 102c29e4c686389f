/* The schema uses a keyword that no agent has. */
#define CONFIGURATION "{\"type\": \"object\", \"unevaluatedProperties\": false}"
#include "event_type.h"
