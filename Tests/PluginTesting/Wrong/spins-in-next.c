/* Never returns from next. */
#define AT_NEXT for (volatile int forever = 1; forever;) continue;
#include "event_type.h"
