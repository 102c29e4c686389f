/* Does not look at what emit answers for a message. */
#define AT_MESSAGE \
  if (emit(context, i, &message) != CARILLON_OK || 1) continue;
#include "event_type.h"
