/* Nothing is wrong with it: what the others are made of. */
#include "event_type.h"
