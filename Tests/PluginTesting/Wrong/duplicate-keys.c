/* A month has one key. */
#define AT_OCCURRENCE key[7] = 0;
#include "event_type.h"
