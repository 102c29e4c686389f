/* Going on, it forgets every seventh day. */
#define AT_OCCURRENCE \
  if (i == 0 && !(request->after->flags & CARILLON_CURSOR_START) && noon.day % 7 == 0) { \
    tomorrow(&noon); \
    occurrence.civil = noon; \
    snprintf(key, sizeof key, "%04d-%02d-%02d", (int)noon.year, noon.month, noon.day); \
  }
#include "event_type.h"
