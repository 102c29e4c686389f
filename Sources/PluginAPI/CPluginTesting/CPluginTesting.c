#define _GNU_SOURCE
#include "CPluginTesting.h"

#include <malloc.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

uint64_t carillon_testing_heap_bytes(void) {
  struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

int carillon_testing_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

void carillon_testing_die_with_parent(void) { prctl(PR_SET_PDEATHSIG, SIGKILL); }
