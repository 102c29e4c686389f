/* A key has a space. */
#define AT_OCCURRENCE key[4] = ' ';
#include "event_type.h"
