/* Exports a helper beside the entry. */
#include "event_type.h"
__attribute__((visibility("default"))) int helper(void);
int helper(void) { return 1; }
