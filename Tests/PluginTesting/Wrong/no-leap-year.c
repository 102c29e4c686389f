/* Believes that every fourth year is a leap year, and 2100 too. */
#define AT_OCCURRENCE \
  if (noon.year == 2100 && noon.month == 3 && noon.day == 1) occurrence.civil.month = 2, occurrence.civil.day = 29;
#include "event_type.h"
