/* Completes a second later than it may. */
#define AT_RESULT sleep(6);
#include "sink.h"
