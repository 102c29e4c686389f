/* Does not look at what emit answers. */
#define AFTER_EMIT(status) (void)(status)
#include "event_type.h"
