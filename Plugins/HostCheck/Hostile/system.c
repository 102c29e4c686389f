/* What a plugin can do to its process and to others: descriptors, processes, memory, signals, limits. */
#define _GNU_SOURCE
#include "hostile.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Where the runner's way to the agent is. */
enum { WIRE = 3 };

static bool close_all(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery, (void)answer, (void)error;
  for (int file = 0; file < 1024; file++) close(file);
  return false;
}

static bool replace_wire(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery, (void)answer, (void)error;
  for (int file = 0; file < 16; file++) close(file);
  while (open("/dev/zero", O_RDWR) >= 0 && open("/dev/zero", O_RDWR) < 16) continue;
  return false;
}

static void write_wire(const void *bytes, size_t count) {
  ssize_t written = write(WIRE, bytes, count);
  tell("wire %zd", written);
}

static bool garbage(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery, (void)answer, (void)error;
  char bytes[4096];
  draw_bytes(bytes, sizeof bytes);
  write_wire(bytes, sizeof bytes);
  return false;
}

/* The length of a frame that no memory holds, and then none of its bytes; either order of bytes. */
static bool endless_frame(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery, (void)answer, (void)error;
  static const unsigned char length[] = {0xff, 0xff, 0xff, 0xff};
  write_wire(length, sizeof length);
  return false;
}

/* A frame of a length that is taken, with bytes that are no message. */
static bool false_frame(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery, (void)answer, (void)error;
  unsigned char bytes[4 + 64];
  draw_bytes(bytes, sizeof bytes);
  static const unsigned char head[] = {64, 0, 0, 0};
  memcpy(bytes, head, sizeof head);
  write_wire(bytes, sizeof bytes);
  return false;
}

static bool fork_bomb(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery, (void)answer, (void)error;
  int made = 0;
  while (made < 64) {
    pid_t child = fork();
    if (child == 0) block();
    if (child < 0) break;
    tell("pid %d", child);
    made++;
  }
  tell("answer made %d", made);
  return false;
}

static bool other_program(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery, (void)answer, (void)error;
  char *arguments[] = {"sleep", "600", NULL};
  tell("answer executed %d", execv("/bin/sleep", arguments) == 0);
  tell("answer spawned %d", system("exit 0") == 0);
  return false;
}

static bool eat_memory(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery, (void)answer, (void)error;
  enum { PIECE = 4 << 20, MOST = 1024 };
  int pieces = 0;
  while (pieces < MOST) {
    char *piece = mmap(NULL, PIECE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (piece == MAP_FAILED) break;
    memset(piece, 1, PIECE);
    pieces++;
  }
  tell("answer all %d", pieces == MOST);
  return false;
}

static void *wait_for_ever(void *argument) {
  block();
  return argument;
}

static bool eat_threads(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery, (void)answer, (void)error;
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 64 * 1024);
  pthread_t thread;
  int made = 0;
  while (made < 2000 && pthread_create(&thread, &small, wait_for_ever, NULL) == 0) made++;
  tell("threads %d", made);
  return false;
}

static bool eat_files(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery, (void)answer, (void)error;
  int made = 0;
  while (made < 100000 && open("/dev/null", O_RDONLY) >= 0) made++;
  tell("files %d", made);
  for (int file = 5; file < 64; file++) close(file); /* so that the next line can be told */
  tell("answer all %d", made == 100000);
  return false;
}

static bool signal_agent(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery, (void)answer, (void)error;
  static const int signals[] = {SIGTERM, SIGSTOP, SIGKILL};
  int sent = 0;
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) sent += kill(getppid(), signals[i]) == 0;
  sent += sigqueue(getppid(), SIGKILL, (union sigval){0}) == 0;
  tell("answer sent %d", sent);
  return false;
}

static bool trace_agent(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery, (void)answer, (void)error;
  char name[64], byte = 0;
  int done = ptrace(PTRACE_ATTACH, getppid(), 0, 0) == 0;
  snprintf(name, sizeof name, "/proc/%d/mem", getppid());
  int file = open(name, O_RDWR);
  if (file >= 0) done += pwrite(file, &byte, 1, (off_t)(uintptr_t)&host) == 1;
  if (file >= 0) close(file);
  tell("answer done %d", done);
  return false;
}

static bool change_process(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery, (void)answer, (void)error;
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  setrlimit(RLIMIT_NOFILE, &none);
  if (chdir("/proc") != 0) tell("chdir %d", errno);
  umask(0);
  clearenv();
  setenv("LD_PRELOAD", "/nowhere.so", 1);
  return false;
}

static bool ignore_signals(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery, (void)answer, (void)error;
  for (int number = 1; number < NSIG; number++) signal(number, SIG_IGN);
  prctl(PR_SET_PDEATHSIG, 0);
  prctl(PR_SET_NAME, "init");
  setsid();
  return false;
}

static bool flood_output(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery, (void)answer, (void)error;
  static char much[64 * 1024];
  draw_bytes(much, sizeof much);
  for (int i = 0; i < 512; i++) {
    ssize_t written = write(i % 2 == 0 ? STDOUT_FILENO : STDERR_FILENO, much, sizeof much);
    if (written < 0) break;
  }
  fprintf(stderr, "no line break at the end");
  return false;
}

const attack system_attacks[] = {
  {"closes-descriptors", close_all}, {"replaces-wire", replace_wire}, {"garbage-on-wire", garbage},
  {"endless-frame", endless_frame}, {"false-frame", false_frame}, {"fork-bomb", fork_bomb},
  {"other-program", other_program}, {"memory-bomb", eat_memory}, {"thread-bomb", eat_threads},
  {"file-bomb", eat_files}, {"signals-agent", signal_agent}, {"traces-agent", trace_agent},
  {"changes-process", change_process}, {"ignores-signals", ignore_signals}, {"output-flood", flood_output},
  {NULL, NULL},
};
