/* Waits in drain however long it takes. */
#define AT_DRAIN for (;;) pause();
#include "sink.h"
