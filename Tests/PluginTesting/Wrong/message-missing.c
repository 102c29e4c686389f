/* One event of a batch gets no message. */
#define AT_MESSAGE if (i == 2) continue;
#include "event_type.h"
