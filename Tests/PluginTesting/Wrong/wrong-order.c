/* Each week is emitted from its end. */
#define AT_OCCURRENCE \
  if (request->max > 2 && i % 7 == 0) tomorrow(&occurrence.civil), tomorrow(&occurrence.civil);
#include "event_type.h"
