/* Limits, user and capabilities. */
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox.h"

/* At most `most`; what is lower already stays. */
static bool limit(__rlimit_resource_t resource, uint64_t most) {
  struct rlimit limit;
  if (getrlimit(resource, &limit) != 0) return false;
  if (limit.rlim_max > most) limit.rlim_max = most;
  limit.rlim_cur = limit.rlim_max;
  return setrlimit(resource, &limit) == 0;
}

/* 0 asks for none. */
static bool limit_if(__rlimit_resource_t resource, uint64_t most) { return most == 0 || limit(resource, most); }

bool limits_set(const Setup *setup) {
  /* A core would hold secrets, and would fill the disk of a plugin that crashes on. */
  return limit(RLIMIT_CORE, 0) && limit_if(RLIMIT_AS, setup->memory_bytes) &&
         limit_if(RLIMIT_NOFILE, setup->open_files) && limit_if(RLIMIT_FSIZE, setup->file_bytes) &&
         limit_if(RLIMIT_NPROC, setup->exec ? setup->processes : 0);
}

bool user_change(const Setup *setup) {
  const uid_t user = setup->user;
  const gid_t group = setup->group;
  return setgroups(0, NULL) == 0 && setresgid(group, group, group) == 0 && setresuid(user, user, user) == 0;
}

bool capabilities_drop(void) {
  /* The bounding set as well, as far as this process may. */
  for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++) {
    if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0 && errno != EPERM) return false;
  }
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};
  return syscall(SYS_capset, &header, none) == 0;
}
