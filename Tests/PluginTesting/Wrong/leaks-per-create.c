/* Forgets 200 bytes for each instance. */
#define AT_CREATE char *forgotten = malloc(200); memset(forgotten, 1, 200); (*instance)->made = forgotten[3];
#include "event_type.h"
