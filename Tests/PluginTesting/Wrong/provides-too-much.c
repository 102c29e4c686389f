/* The manifest provides a sink, and there is none. */
#define PROVIDES "\"carillon.event-type/1\", \"carillon.sink/1\""
#include "event_type.h"
