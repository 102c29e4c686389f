/* Which deliveries are under way, so that `complete` can answer at once whether a ticket is one of them. Any thread. */
#ifndef TICKETS_H
#define TICKETS_H

#include <carillon/base.h>

#include "runner.h"

/* Opens a ticket. Its lower 32 bits are the agent's slot for it: one that the agent gave up, and never said so, ends
 * when its slot is used again. False when OPEN_TICKETS are open. */
bool tickets_open(carillon_ticket ticket);

/* Closes tickets; `open[i]` tells whether the i-th was open until then. False when at least one was not. */
bool tickets_close(const carillon_ticket *tickets, size_t count, bool *open);

#endif
