/* Handles a signal of the whole process. */
#include <signal.h>
static void handle(int number) { (void)number; }
#define AT_START signal(SIGTERM, handle);
#include "sink.h"
