/* A key has 250 characters. */
#define AT_OCCURRENCE memset(key + 10, 'x', 240), key[250] = 0;
#include "event_type.h"
