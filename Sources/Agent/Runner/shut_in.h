/* What of the setup holds, and whether all of it does. */
#ifndef SHUT_IN_H
#define SHUT_IN_H

#include "fault.h"

/* Enters the sandbox. While there is one thread. */
void shut_in(const Setup *setup);

/* Fills in what holds; false, with a reason, when something does not. */
bool shut_in_tell(Loaded *loaded, carillon_error *error);

#endif
