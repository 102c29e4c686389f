/* Instances share what each should have. */
static int instances;
#define AT_CREATE (*instance)->made = ++instances;
#define AT_OCCURRENCE snprintf(key + strlen(key), 20, "-%d", instances);
#include "event_type.h"
