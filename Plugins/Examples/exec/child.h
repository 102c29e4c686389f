/* One command as a process of its own, in a process group of its own. */
#ifndef EXEC_CHILD_H
#define EXEC_CHILD_H

#include "facts.h"
#include <sys/types.h>

enum { OUTPUT_BYTES_MOST = 4096 };

typedef struct child {
  pid_t pid;
  int exit_descriptor; /* readable when it has ended; -1: the system has no such thing, ask from time to time */
  int output_descriptor; /* -1: closed by all who wrote to it */
  char output[OUTPUT_BYTES_MOST]; /* the first of what it wrote, to stdout and to stderr */
  size_t output_length;
} child;

/* How a command ended. */
typedef struct child_end {
  bool is_known; /* false: somebody else took its exit status */
  bool is_signal;
  int number; /* the exit code, or the signal */
} child_end;

/* Starts it. 0, or errno: then nothing runs. */
int child_start(child *, const config *, const facts *);

/* Takes what it has written, and throws away what is too much. Does not block. */
void child_read(child *);

/* Ends its whole group at once. */
void child_kill(const child *);

/* Whether it has ended; then all it left behind in its group is ended too, and nothing of it remains open. */
bool child_reap(child *, child_end *);

#endif
