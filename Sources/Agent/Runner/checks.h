/* What a frame of the agent's must keep beside being readable. */
#ifndef CHECKS_H
#define CHECKS_H

#include "runner.h"

/* Whether every list is within its bound, every place in a list is within the list, and so on: whatever passes can be
 * handed to a plugin. */
bool is_sound(const ToRunner *message);

#endif
