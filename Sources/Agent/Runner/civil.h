/* Local times, of messages and of the ABI. */
#ifndef CIVIL_H
#define CIVIL_H

#include <carillon/base.h>

#include "arena.h"

/* As the ABI has it; zero for none. Its fields were checked when it came. */
carillon_civil civil_read(const Civil *civil);

/* As a message, in the arena. */
Civil *civil_message(const carillon_civil *civil, arena *arena);

#endif
