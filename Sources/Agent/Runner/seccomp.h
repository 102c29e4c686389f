/* The filter of system calls: what it is made of. */
#ifndef SECCOMP_H
#define SECCOMP_H

#include "runner.h"

/* When something is refused. */
enum seccomp_when { ALWAYS, WITHOUT_EXEC, WITHOUT_NETWORK, WITHOUT_FILES, WITH_EXEC };

/* A list of system calls that are refused whole, with an error. */
typedef struct seccomp_list {
  enum seccomp_when when;
  int error;
  const int *numbers;
  size_t count;
} seccomp_list;

/* What an argument is compared with. */
enum seccomp_value { LITERAL, OWN_PROCESS, AGENT_PROCESS, AGENT_GROUP };

/* A system call that is refused with EPERM when 32 bits of an argument, masked, are (or are not) a value. */
typedef struct seccomp_test {
  enum seccomp_when when;
  int number;
  int argument;
  bool upper; /* the upper half of the argument */
  uint32_t mask;
  bool refuses_equal;
  enum seccomp_value kind;
  uint32_t value;
} seccomp_test;

extern const seccomp_list seccomp_lists[];
extern const size_t seccomp_list_count;
extern const seccomp_test seccomp_tests[];
extern const size_t seccomp_test_count;

#endif
