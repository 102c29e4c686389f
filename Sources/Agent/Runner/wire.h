/* The connection to the agent: frames in, by the reader alone, and frames out, by any thread. */
#ifndef WIRE_H
#define WIRE_H

#include "arena.h"

/* Whether descriptor 3 is a stream socket; if so, remembers which, so that no other is ever written to. */
bool wire_open(void);

/* The next frame, until the next call. Ends the process at the connection's end. Only for the reader. */
const uint8_t *wire_read(size_t *length);

/* Overwrites all that was read and taken: there may be a secret in it. */
void wire_wipe(void);

/* Sends a message as one frame, built in the arena. Waits while the agent does not read. */
void wire_send(arena *arena, const FromRunner *message);

#endif
