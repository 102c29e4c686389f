/* At a start, what is at the start does not count. */
#define AT_OCCURRENCE \
  if (i == 0 && (request->after->flags & CARILLON_CURSOR_START) && request->after->civil.hour == 12) { \
    tomorrow(&noon); \
    occurrence.civil = noon; \
    snprintf(key, sizeof key, "%04d-%02d-%02d", (int)noon.year, noon.month, noon.day); \
  }
#include "event_type.h"
