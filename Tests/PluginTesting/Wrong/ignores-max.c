/* Emits one more than was asked for. */
#define MAXIMUM request->max + 1
#include "event_type.h"
