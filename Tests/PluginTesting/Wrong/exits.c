/* Ends the process when something is odd. */
#define AT_NEXT exit(3);
#include "event_type.h"
