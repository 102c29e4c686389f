/* How the runner shuts itself in, before it has a second thread and before anything of the plugin's runs. */
#ifndef SANDBOX_H
#define SANDBOX_H

#include "runner.h"

/* What holds from now on, for `Loaded.enforced`; or why something does not. */
typedef struct sandbox {
  const char *enforced[8];
  size_t count;
  char why[256]; /* empty: all that the setup asks for holds */
} sandbox;

/* Does what the setup asks for. Stops at the first thing that cannot be had. */
void sandbox_enter(const Setup *setup, sandbox *sandbox);

/* RLIMIT_s. False, with `errno`, when one cannot be had. */
bool limits_set(const Setup *setup);

/* No groups, another user and group. False, with `errno`. */
bool user_change(const Setup *setup);

/* Gives up every capability, which only a runner of root's has. False, with `errno`. */
bool capabilities_drop(void);

/* Landlock: no reach to what is outside (other processes' memory and signals, and what the setup does not allow).
 * False when this kernel has none. */
bool landlock_enter(const Setup *setup);

/* The filter of system calls. False, with `errno`. */
bool seccomp_enter(const Setup *setup);

#endif
