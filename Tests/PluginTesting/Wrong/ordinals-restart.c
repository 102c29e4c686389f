/* Ordinals begin anew with each call. */
#define AT_OCCURRENCE occurrence.ordinal = i + 1;
#include "event_type.h"
