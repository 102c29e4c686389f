/* Sets the umask of the whole process. */
#include <sys/stat.h>
#define AT_ACTIVATE umask(077);
#include "sink.h"
