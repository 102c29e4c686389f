#define _GNU_SOURCE
#include "sandbox.h"

#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

static bool holds(sandbox *sandbox, const char *what, bool done) {
  if (done) {
    sandbox->enforced[sandbox->count++] = what;
  } else {
    snprintf(sandbox->why, sizeof sandbox->why, "%s cannot be had: %s", what, strerror(errno));
  }
  return done;
}

/* Whoever may debug the agent may debug the runner; and without this, one that changed its user could not open
 * /proc/self/fd. */
static bool is_dumpable(void) { return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0; }

static bool no_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0; }

void sandbox_enter(const Setup *setup, sandbox *sandbox) {
  /* Each of glibc's arenas takes 64 MiB of addresses, and addresses are what the limit counts. */
  if (setup->memory_bytes > 0) mallopt(M_ARENA_MAX, 2);
  if (setup->change_user && !holds(sandbox, "user", user_change(setup) && is_dumpable())) return;
  if (!holds(sandbox, "limits", limits_set(setup))) return;
  if (!holds(sandbox, "no-new-privileges", no_new_privileges())) return;
  if (!holds(sandbox, "capabilities", capabilities_drop())) return;
  if (landlock_enter(setup)) holds(sandbox, "landlock", true);
  holds(sandbox, "seccomp", seccomp_enter(setup));
}
