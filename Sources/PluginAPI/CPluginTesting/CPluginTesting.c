#define _GNU_SOURCE
#include "CPluginTesting.h"

#include <errno.h>
#include <malloc.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

uint64_t carillon_testing_heap_bytes(void) {
  struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

int carillon_testing_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

void carillon_testing_die_with_parent(void) { prctl(PR_SET_PDEATHSIG, SIGKILL); }

static int raise_loopback(void) {
  int file = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (file < 0) return errno;
  struct ifreq request;
  memset(&request, 0, sizeof request);
  strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  int fault = ioctl(file, SIOCSIFFLAGS, &request) == 0 ? 0 : errno;
  close(file);
  return fault;
}

int carillon_testing_leave_network(void) {
  /* An ordinary user may have a network of their own only inside of a user namespace of their own. */
  if (unshare(CLONE_NEWNET) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return errno;
  return raise_loopback();
}
