/* System calls whose arguments tell whether they are refused. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/sched.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "seccomp.h"
#include "syscalls.h"

/* Newer than some headers, or hidden from some. */
enum { IOPRIO_PROCESS = 1, SET_OWNER = 8, SET_SIGNAL = 10, SET_OWNER_EXTENDED = 15 };

static const uint32_t namespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |
                                   CLONE_NEWPID | CLONE_NEWNET;

/* O_TMPFILE has another bit beside O_DIRECTORY's. */
static const uint32_t writing = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY);

#define ALL UINT32_MAX
#define REFUSE_IF(when, call, argument, mask, kind, value) \
  {when, SYS_##call, argument, false, mask, true, kind, value}
#define REFUSE_UNLESS(when, call, argument, mask, kind, value) \
  {when, SYS_##call, argument, false, mask, false, kind, value}

const seccomp_test seccomp_tests[] = {
  /* Threads are allowed, processes are not, and namespaces never. */
  REFUSE_UNLESS(ALWAYS, clone, 0, namespaces, LITERAL, 0),
  REFUSE_UNLESS(WITHOUT_EXEC, clone, 0, CLONE_THREAD, LITERAL, CLONE_THREAD),

  /* Signals: to itself, and with `exec` to its children, which cannot be told from others but for the agent. */
  REFUSE_UNLESS(WITHOUT_EXEC, kill, 0, ALL, OWN_PROCESS, 0),
  REFUSE_UNLESS(WITHOUT_EXEC, tgkill, 0, ALL, OWN_PROCESS, 0),
  REFUSE_UNLESS(WITHOUT_EXEC, rt_sigqueueinfo, 0, ALL, OWN_PROCESS, 0),
  REFUSE_UNLESS(WITHOUT_EXEC, rt_tgsigqueueinfo, 0, ALL, OWN_PROCESS, 0),
  REFUSE_IF(WITH_EXEC, kill, 0, ALL, AGENT_PROCESS, 0),
  REFUSE_IF(WITH_EXEC, kill, 0, ALL, AGENT_GROUP, 0),
  REFUSE_IF(WITH_EXEC, kill, 0, ALL, LITERAL, 0),
  REFUSE_IF(WITH_EXEC, kill, 0, ALL, LITERAL, ALL),
  REFUSE_IF(WITH_EXEC, tgkill, 0, ALL, AGENT_PROCESS, 0),
  REFUSE_IF(WITH_EXEC, rt_sigqueueinfo, 0, ALL, AGENT_PROCESS, 0),
  REFUSE_IF(WITH_EXEC, rt_tgsigqueueinfo, 0, ALL, AGENT_PROCESS, 0),
  /* A descriptor's owner gets a signal of one's choice. */
  REFUSE_IF(ALWAYS, fcntl, 1, ALL, LITERAL, SET_OWNER),
  REFUSE_IF(ALWAYS, fcntl, 1, ALL, LITERAL, SET_OWNER_EXTENDED),
  REFUSE_IF(ALWAYS, fcntl, 1, ALL, LITERAL, SET_SIGNAL),
  REFUSE_IF(ALWAYS, ioctl, 1, ALL, LITERAL, FIOSETOWN),
  REFUSE_IF(ALWAYS, ioctl, 1, ALL, LITERAL, SIOCSPGRP),
  /* What is typed at a terminal. */
  REFUSE_IF(ALWAYS, ioctl, 1, ALL, LITERAL, TIOCSTI),
  REFUSE_IF(ALWAYS, ioctl, 1, ALL, LITERAL, TIOCLINUX),

  /* Limits may be read, and the kernel's personality too. */
  {ALWAYS, SYS_prlimit64, 2, false, ALL, false, LITERAL, 0},
  {ALWAYS, SYS_prlimit64, 2, true, ALL, false, LITERAL, 0},
  REFUSE_UNLESS(ALWAYS, personality, 0, ALL, LITERAL, ALL),
  /* Priorities: its own. */
  REFUSE_UNLESS(ALWAYS, setpriority, 0, ALL, LITERAL, PRIO_PROCESS),
  REFUSE_UNLESS(ALWAYS, setpriority, 1, ALL, LITERAL, 0),
  REFUSE_UNLESS(ALWAYS, ioprio_set, 0, ALL, LITERAL, IOPRIO_PROCESS),
  REFUSE_UNLESS(ALWAYS, ioprio_set, 1, ALL, LITERAL, 0),
  REFUSE_UNLESS(ALWAYS, sched_setaffinity, 0, ALL, LITERAL, 0),
  REFUSE_UNLESS(ALWAYS, sched_setscheduler, 0, ALL, LITERAL, 0),
  REFUSE_UNLESS(ALWAYS, sched_setparam, 0, ALL, LITERAL, 0),
  REFUSE_UNLESS(ALWAYS, sched_setattr, 0, ALL, LITERAL, 0),

  /* Pairs of stream sockets within the process; one of datagrams could send to any address. */
  REFUSE_UNLESS(WITHOUT_NETWORK, socketpair, 0, ALL, LITERAL, AF_UNIX),
  REFUSE_UNLESS(WITHOUT_NETWORK, socketpair, 1, 1, LITERAL, 1), /* SOCK_STREAM and SOCK_SEQPACKET are odd */
  REFUSE_IF(WITHOUT_NETWORK, socketpair, 1, 0xf, LITERAL, SOCK_RAW),

  /* Files may be opened for reading. */
  REFUSE_UNLESS(WITHOUT_FILES, open, 1, writing, LITERAL, 0),
  REFUSE_UNLESS(WITHOUT_FILES, openat, 2, writing, LITERAL, 0),
};
const size_t seccomp_test_count = sizeof seccomp_tests / sizeof *seccomp_tests;

_Static_assert((SOCK_STREAM & 1) == 1 && (SOCK_SEQPACKET & 1) == 1 && (SOCK_DGRAM & 1) == 0, "types of sockets");
