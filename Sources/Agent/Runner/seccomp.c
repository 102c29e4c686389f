/* Makes the filter of the lists and tests, and installs it. */
#define _GNU_SOURCE
#include "seccomp.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "sandbox.h"
#include "syscalls.h"

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "no filter for this platform"
#endif

enum { INSTRUCTIONS = 1024 };

typedef struct filter {
  struct sock_filter code[INSTRUCTIONS];
  unsigned short count;
} filter;

static void add(filter *filter, struct sock_filter instruction) {
  if (filter->count == INSTRUCTIONS) die(EXIT_NO_MEMORY, "the filter of system calls is too long");
  filter->code[filter->count++] = instruction;
}

static void load(filter *filter, size_t offset) {
  add(filter, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

static void answer(filter *filter, uint32_t what) {
  add(filter, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, what));
}

/* Goes on, or over so many instructions. */
static void skip_unless_equal(filter *filter, uint32_t value, uint8_t over) {
  add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, over));
}

static uint32_t refusal(int error) { return SECCOMP_RET_ERRNO | ((uint32_t)error & SECCOMP_RET_DATA); }

static bool applies(enum seccomp_when when, const Setup *setup) {
  switch (when) {
    case ALWAYS: return true;
    case WITHOUT_EXEC: return !setup->exec;
    case WITH_EXEC: return setup->exec;
    case WITHOUT_NETWORK: return !setup->network;
    case WITHOUT_FILES: return !setup->files;
  }
  return true;
}

static void add_list(filter *filter, const seccomp_list *list) {
  for (size_t i = 0; i < list->count; i++) {
    if (list->numbers[i] == ABSENT) continue;
    skip_unless_equal(filter, (uint32_t)list->numbers[i], 1);
    answer(filter, refusal(list->error));
  }
}

static uint32_t value_of(const seccomp_test *test) {
  switch (test->kind) {
    case LITERAL: return test->value;
    case OWN_PROCESS: return (uint32_t)getpid();
    case AGENT_PROCESS: return (uint32_t)getppid();
    case AGENT_GROUP: return (uint32_t)-getpgid(getppid());
  }
  return test->value;
}

static void add_test(filter *filter, const seccomp_test *test) {
  if (test->number == ABSENT) return;
  const struct seccomp_data *data = NULL;
  size_t argument = offsetof(struct seccomp_data, args) + (size_t)test->argument * sizeof data->args[0];
  skip_unless_equal(filter, (uint32_t)test->number, test->refuses_equal ? 5 : 6);
  load(filter, argument + (test->upper ? sizeof(uint32_t) : 0)); /* both platforms are little-endian */
  add(filter, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, test->mask));
  skip_unless_equal(filter, value_of(test), 1);
  if (!test->refuses_equal) add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JA, 1, 0, 0));
  answer(filter, refusal(EPERM));
  load(filter, offsetof(struct seccomp_data, nr));
}

static void build(filter *filter, const Setup *setup) {
  load(filter, offsetof(struct seccomp_data, arch));
  skip_unless_equal(filter, ARCHITECTURE, 1);
  add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JA, 1, 0, 0));
  answer(filter, SECCOMP_RET_KILL_PROCESS); /* 32-bit calls, which have other numbers */
  load(filter, offsetof(struct seccomp_data, nr));
  /* Also those of x32, which are higher than any other. */
  add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, NUMBER_NEWEST, 0, 1));
  answer(filter, refusal(ENOSYS));
  for (size_t i = 0; i < seccomp_list_count; i++) {
    if (applies(seccomp_lists[i].when, setup)) add_list(filter, &seccomp_lists[i]);
  }
  for (size_t i = 0; i < seccomp_test_count; i++) {
    if (applies(seccomp_tests[i].when, setup)) add_test(filter, &seccomp_tests[i]);
  }
  answer(filter, SECCOMP_RET_ALLOW);
}

bool seccomp_enter(const Setup *setup) {
  static filter filter; /* too large for a stack of unknown size */
  build(&filter, setup);
  struct sock_fprog program = {.len = filter.count, .filter = filter.code};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}
