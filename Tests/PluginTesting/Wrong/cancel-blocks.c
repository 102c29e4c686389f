/* Waits in cancel. */
#define AT_CANCEL sleep(1);
#include "sink.h"
