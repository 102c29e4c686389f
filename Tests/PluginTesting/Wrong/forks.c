/* Has a process of its own compute the first answer, waits for it, and has no permission for that. */
#include <sys/wait.h>
#include <unistd.h>
#define AT_OCCURRENCE \
  static int has_forked; \
  pid_t child = has_forked++ ? -1 : fork(); \
  if (child == 0) _exit(0); \
  if (child > 0) waitpid(child, NULL, 0);
#include "event_type.h"
