/* A frame that was read, and the memory that it and its answer live in. */
#ifndef JOB_H
#define JOB_H

#include "arena.h"

typedef struct job {
  struct job *next;
  arena arena;
  ToRunner *message;
} job;

/* Reads a frame; the process ends when it cannot be read or breaks a rule. Only for the reader. */
job *job_read(const uint8_t *frame, size_t length);

/* Gives it back, from any thread. */
void job_end(job *job);

#endif
