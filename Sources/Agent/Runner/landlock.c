/* Landlock, where the kernel has it. A process in a domain of its own may not read the memory or the environment of one
 * that is outside, though both have the same user: a filter of system calls cannot tell such a file from others. */
#define _GNU_SOURCE
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox.h"

/* Newer than some systems' headers. */
enum {
  FS_REFER = 1 << 13,
  FS_TRUNCATE = 1 << 14,
  NET_BIND_TCP = 1 << 0,
  NET_CONNECT_TCP = 1 << 1,
  SCOPE_ABSTRACT_UNIX_SOCKET = 1 << 0,
  SCOPE_SIGNAL = 1 << 1,
};

struct ruleset {
  uint64_t fs, net, scoped;
};

static const uint64_t changes = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                                LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                                LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                                LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                                LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;

/* What is handled, and then allowed nowhere, because no rule is added. `version` is the kernel's. */
static struct ruleset rules(const Setup *setup, long version) {
  /* Never device files; it also makes the set one that is not empty. */
  struct ruleset rules = {.fs = LANDLOCK_ACCESS_FS_MAKE_BLOCK};
  if (!setup->files) {
    rules.fs |= changes;
    if (version >= 2) rules.fs |= FS_REFER;
    if (version >= 3) rules.fs |= FS_TRUNCATE;
  }
  if (!setup->network && version >= 4) rules.net = NET_BIND_TCP | NET_CONNECT_TCP;
  if (version >= 6) rules.scoped = SCOPE_SIGNAL | (setup->network ? 0 : SCOPE_ABSTRACT_UNIX_SOCKET);
  return rules;
}

/* As much of the structure as a kernel of that version knows. */
static size_t size(long version) { return version >= 6 ? 24 : version >= 4 ? 16 : 8; }

bool landlock_enter(const Setup *setup) {
  long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 1) return false;
  struct ruleset set = rules(setup, version);
  long file = syscall(SYS_landlock_create_ruleset, &set, size(version), 0);
  if (file < 0) return false;
  bool done = syscall(SYS_landlock_restrict_self, file, 0) == 0;
  close((int)file);
  return done;
}
