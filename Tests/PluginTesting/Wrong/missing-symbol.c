/* Needs a function that nobody has. */
void nobody_has_this(void);
#define AT_START nobody_has_this();
#include "event_type.h"
