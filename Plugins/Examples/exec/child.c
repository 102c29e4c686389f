#include "child.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* A file in memory with the input, to be read from its start: it never blocks, and who does not read it gets no
 * signal. -1: errno. */
static int input_file(const text *input) {
  int fd = memfd_create("input", MFD_CLOEXEC);
  if (fd < 0) return -1;
  for (size_t done = 0; done < input->length;) {
    ssize_t count = pwrite(fd, input->at + done, input->length - done, (off_t)done);
    if (count > 0) done += (size_t)count;
    else if (errno != EINTR) {
      int error = errno;
      close(fd);
      errno = error;
      return -1;
    }
  }
  return fd;
}

/* The configured variables and the delivery's, as execve wants them. NULL: no memory. */
static char **environment(const config *by, const facts *of) {
  char **list = calloc(by->variable_count + of->variable_count + 1, sizeof *list);
  if (list == NULL) return NULL;
  size_t count = 0;
  for (; count < by->variable_count; count++) list[count] = by->variables[count];
  char *at = of->environment.at;
  for (size_t i = 0; i < of->variable_count; i++, at += strlen(at) + 1) list[count++] = at;
  return list;
}

/* What happens in the child before the command: its three descriptors, and no other; its folder. */
static int prepare(posix_spawn_file_actions_t *actions, const config *by, int input, int output) {
  int error = posix_spawn_file_actions_adddup2(actions, input, STDIN_FILENO);
  if (error == 0) error = posix_spawn_file_actions_adddup2(actions, output, STDOUT_FILENO);
  if (error == 0) error = posix_spawn_file_actions_adddup2(actions, output, STDERR_FILENO);
  if (error == 0) error = posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
  if (error == 0) error = posix_spawn_file_actions_addchdir_np(actions, by->directory);
  return error;
}

/* A group of its own, no signal blocked or ignored. */
static int attributes(posix_spawnattr_t *to) {
  sigset_t all, none;
  sigfillset(&all);
  sigemptyset(&none);
  int error = posix_spawnattr_setflags(to, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  if (error == 0) error = posix_spawnattr_setpgroup(to, 0);
  if (error == 0) error = posix_spawnattr_setsigdefault(to, &all);
  if (error == 0) error = posix_spawnattr_setsigmask(to, &none);
  return error;
}

static int spawn(child *to, const config *by, char **variables, int input, int output) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attribute;
  int error = posix_spawn_file_actions_init(&actions);
  if (error != 0) return error;
  error = posix_spawnattr_init(&attribute);
  if (error == 0) {
    error = prepare(&actions, by, input, output);
    if (error == 0) error = attributes(&attribute);
    if (error == 0) error = posix_spawn(&to->pid, by->words[0], &actions, &attribute, by->words, variables);
    posix_spawnattr_destroy(&attribute);
  }
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

int child_start(child *to, const config *by, const facts *of) {
  int pipes[2] = {-1, -1}, error = 0;
  char **variables = environment(by, of);
  to->pid = to->exit_descriptor = to->output_descriptor = -1;
  to->output_length = 0;
  if (variables == NULL) return ENOMEM;
  int input = input_file(&of->input);
  if (input < 0 || pipe2(pipes, O_CLOEXEC) != 0) error = errno;
  if (error == 0) error = spawn(to, by, variables, input, pipes[1]);
  free(variables);
  if (input >= 0) close(input);
  if (pipes[1] >= 0) close(pipes[1]);
  if (error != 0) {
    if (pipes[0] >= 0) close(pipes[0]);
    return error;
  }
  fcntl(pipes[0], F_SETFL, O_NONBLOCK);
  to->output_descriptor = pipes[0];
  to->exit_descriptor = (int)syscall(SYS_pidfd_open, to->pid, 0); /* it is closed on exec by itself */
  return 0;
}

void child_read(child *from) {
  /* So many turns that one that writes without end does not keep the others waiting. */
  for (int turn = 0; turn < 16 && from->output_descriptor >= 0; turn++) {
    char bytes[4096];
    ssize_t count = read(from->output_descriptor, bytes, sizeof bytes);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) {
      close(from->output_descriptor);
      from->output_descriptor = -1;
      return;
    }
    size_t room = OUTPUT_BYTES_MOST - from->output_length;
    size_t kept = (size_t)count < room ? (size_t)count : room;
    memcpy(from->output + from->output_length, bytes, kept);
    from->output_length += kept;
  }
}

void child_kill(const child *of) { kill(-of->pid, SIGKILL); }

bool child_reap(child *of, child_end *end) {
  siginfo_t facts = {0};
  int status;
  /* It is looked at first and taken away last: until then its number, and its group's, are nobody else's. */
  do status = waitid(P_PID, (id_t)of->pid, &facts, WEXITED | WNOHANG | WNOWAIT);
  while (status != 0 && errno == EINTR);
  if (status == 0 && facts.si_pid == 0) return false;
  *end = (child_end){.is_known = status == 0, .is_signal = facts.si_code != CLD_EXITED, .number = facts.si_status};
  if (status == 0) {
    child_kill(of);
    while (waitid(P_PID, (id_t)of->pid, &facts, WEXITED) != 0 && errno == EINTR) {}
  }
  child_read(of);
  if (of->output_descriptor >= 0) close(of->output_descriptor);
  if (of->exit_descriptor >= 0) close(of->exit_descriptor);
  of->output_descriptor = of->exit_descriptor = -1;
  return true;
}
