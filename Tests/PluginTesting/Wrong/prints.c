/* Writes to standard output. */
#define AT_ACTIVATE printf("active\n"), fflush(stdout);
#include "sink.h"
