/* Emits 31 April. */
#define AT_OCCURRENCE if (occurrence.civil.month == 4) occurrence.civil.day = 31;
#include "event_type.h"
