/* Leaves a file open for each instance. */
#include <fcntl.h>
#define AT_CREATE (*instance)->made = open("/dev/null", O_RDONLY);
#include "event_type.h"
