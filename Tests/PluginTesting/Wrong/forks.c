/* Has a process of its own compute the answer, waits for it, and has no permission for that. */
#include <sys/wait.h>
#include <unistd.h>
#define AT_OCCURRENCE \
  pid_t child = fork(); \
  if (child == 0) _exit(0); \
  if (child > 0) waitpid(child, NULL, 0);
#include "event_type.h"
