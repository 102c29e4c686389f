/* Calls of host interfaces that the agent answers. */
#ifndef ASKS_H
#define ASKS_H

#include "job.h"

/* An ask with its number, in the arena. */
Ask *ask_new(arena *arena, Carillon__Runner__V1__Ask__KindCase kind);

/* Sends it and waits for the answer, which is to be given back with `ask_end`. */
job *ask_wait(arena *arena, Ask *ask);

/* Wipes an answer and gives it back. */
void ask_end(job *answer);

/* Hands an answer to whoever waits for it. Only for the reader. */
void ask_answered(job *answer);

#endif
