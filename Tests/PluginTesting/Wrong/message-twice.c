/* An event gets two messages. */
#define AT_MESSAGE emit(context, i, &message);
#include "event_type.h"
