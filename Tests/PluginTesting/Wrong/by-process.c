/* The key depends on the process. */
#include <unistd.h>
#define AT_OCCURRENCE snprintf(key + strlen(key), 40, "-%d", getpid());
#include "event_type.h"
