/* carillon-runner: hosts one plugin in a process of its own. See README.md. */
#define _GNU_SOURCE
#include <carillon/base.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "asks.h"
#include "calls.h"
#include "host.h"
#include "pool.h"
#include "shut_in.h"
#include "wire.h"

static const char help[] =
  "carillon-runner hosts one plugin in a process of its own.\n"
  "The agent starts it, with a socket as descriptor 3 and the plugin as descriptor 4; by hand it does nothing.\n";

_Noreturn void die(int code, const char *why) {
  char line[256];
  int length = why == NULL ? 0 : snprintf(line, sizeof line, "carillon-runner: %s\n", why);
  /* Nobody may be reading; then the exit code alone has to tell. */
  if (length > 0 && write(STDERR_FILENO, line, (size_t)length) < 0) _exit(code);
  _exit(code);
}

/* What a plugin prints must not keep it, nor the runner, waiting for who reads it. */
static void never_wait_for(int file) {
  struct stat status;
  int flags = fcntl(file, F_GETFL);
  if (flags < 0 || fstat(file, &status) != 0 || !S_ISFIFO(status.st_mode)) return;
  fcntl(file, F_SETFL, flags | O_NONBLOCK);
}

static void ignore(int signal) { (void)signal; }

/* The agent says when the runner ends, not a terminal or a service manager that signals all processes at once; and a
 * closed pipe or a file that is too long is an error, not an end. Handlers, because what is ignored stays ignored in
 * the processes of a plugin that may have some. */
static void handle_signals(void) {
  static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGXFSZ};
  struct sigaction action = {.sa_handler = ignore, .sa_flags = SA_RESTART};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) sigaction(signals[i], &action, NULL);
}

/* A crash must end the process at once. The runtime of a plugin in Swift would start a program that describes it,
 * and wait for it for ever where none may be started; and a library that is linked may have begun to handle crashes. */
static void let_crash(void) {
  static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGABRT, SIGFPE, SIGTRAP, SIGSYS};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) signal(signals[i], SIG_DFL);
  if (setenv("SWIFT_BACKTRACE", "enable=no", 1) != 0) die(EXIT_NO_MEMORY, "out of memory");
}

/* How much less of the processor than the agent a plugin's process gets where there is too little for both, in steps of
 * about a tenth: a third of what the agent gets. One that spins must not make every other delivery late. */
enum { NICENESS = 5 };

/* Relative to the agent, which somebody may have made nice as a whole. Whoever may not, goes on as before. */
static void make_way(void) { setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + NICENESS); }

static int answer(const char *option) {
  if (strcmp(option, "--help") == 0) {
    fputs(help, stdout);
    return 0;
  }
  if (strcmp(option, "--version") == 0) {
    printf("carillon-runner, plugin ABI %u.%u\n", CARILLON_ABI_MAJOR, CARILLON_ABI_MINOR);
    return 0;
  }
  fputs(help, stderr);
  return EXIT_NOT_STARTED;
}

static job *read_job(void) {
  size_t length;
  const uint8_t *frame = wire_read(&length);
  return job_read(frame, length);
}

static void route(job *job) {
  switch (job->message->kind_case) {
    case CARILLON__RUNNER__V1__TO_RUNNER__KIND_CALL: pool_call(job); return;
    case CARILLON__RUNNER__V1__TO_RUNNER__KIND_CANCEL: pool_cancel(job); return;
    case CARILLON__RUNNER__V1__TO_RUNNER__KIND_ANSWER:
      wire_wipe();
      ask_answered(job);
      return;
    case CARILLON__RUNNER__V1__TO_RUNNER__KIND_LOG_LEVEL:
      host_log_level(job->message->log_level->level);
      job_end(job);
      return;
    default: die(EXIT_MALFORMED, "the agent sent its setup twice");
  }
}

int main(int count, char **arguments) {
  if (count > 1) return answer(arguments[1]);
  if (!wire_open()) return answer("");
  handle_signals();
  let_crash();
  make_way();
  never_wait_for(STDOUT_FILENO);
  never_wait_for(STDERR_FILENO);
  syscall(SYS_close_range, PLUGIN_FILE + 1, ~0u, 0); /* of the agent's nothing else is the plugin's to have */
  job *setup = read_job();
  if (setup->message->kind_case != CARILLON__RUNNER__V1__TO_RUNNER__KIND_SETUP) {
    die(EXIT_MALFORMED, "the agent's first frame is no setup");
  }
  shut_in(setup->message->setup);
  host_open(setup->message->setup);
  pool_open(plugin_load, setup, call_run, call_cancel);
  for (;;) route(read_job());
}
