/* A sink and an event type that try what they may not: what, a word says, which is the message's title of a delivery
 * and the definition of an event type's call. A delivery's detail says how it went: "ok" or the error's number. */
#include <carillon/carillon.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MANIFEST                                                                                 \
  "{\"id\":\"test.hostile\",\"name\":\"hostile\",\"version\":\"1.0.0\","                         \
  "\"provides\":[\"carillon.sink/1\",\"carillon.event-type/1\"],\"permissions\":[\"network\"]}"

static const carillon_host *host;
static const carillon_host_delivery_1 *delivery_host;
static const carillon_host_log_1 *log_host;

static carillon_str str(const char *text) { return (carillon_str){text, strlen(text)}; }

static int is(carillon_str text, const char *word) {
  return text.len == strlen(word) && memcmp(text.ptr, word, text.len) == 0;
}

/* ---- Processes, sockets, files: each answers -1 with errno, or what else the system call did. ---- */

static long try_fork(const char *path) {
  (void)path;
  pid_t child = fork();
  if (child == 0) _exit(0);
  return child < 0 ? -1 : waitpid(child, NULL, 0);
}

static long try_bomb(const char *path) {
  (void)path;
  int made = 0;
  pid_t children[256];
  while (made < 256 && (children[made] = fork()) >= 0) {
    if (children[made] == 0) {
      for (;;) pause();
    }
    made++;
  }
  int error = errno;
  for (int i = 0; i < made; i++) kill(children[i], SIGKILL);
  for (int i = 0; i < made; i++) waitpid(children[i], NULL, 0);
  errno = error;
  return made == 256 ? 0 : -1;
}

static long try_exec(const char *path) {
  (void)path;
  char *arguments[] = {"true", NULL};
  return execv("/bin/true", arguments);
}

static long try_spawn(const char *path) {
  (void)path;
  return system("exit 0") == 0 ? 0 : -1;
}

static long try_signal(const char *path) {
  (void)path;
  return kill(getppid(), 0);
}

static long try_self(const char *path) {
  (void)path;
  return kill(getpid(), 0);
}

static long try_owner(const char *path) {
  (void)path;
  return fcntl(4, F_SETOWN, getppid());
}

static long try_trace(const char *path) {
  (void)path;
  return ptrace(PTRACE_ATTACH, getppid(), 0, 0);
}

static long try_memory_of_parent(const char *path) {
  (void)path;
  char name[64], byte;
  snprintf(name, sizeof name, "/proc/%d/mem", getppid());
  int file = open(name, O_RDONLY);
  if (file < 0) return -1;
  long got = pread(file, &byte, 1, (off_t)(uintptr_t)name);
  close(file);
  return got;
}

static long try_namespace(const char *path) {
  (void)path;
  return unshare(CLONE_NEWUSER);
}

static long try_limit(const char *path) {
  (void)path;
  struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
  return setrlimit(RLIMIT_NOFILE, &limit);
}

static long try_personality(const char *path) {
  (void)path;
  return personality(ADDR_NO_RANDOMIZE);
}

static long try_ring(const char *path) {
  (void)path;
  return syscall(SYS_io_uring_setup, 1, NULL);
}

static long try_future(const char *path) {
  (void)path;
  return syscall(1000);
}

#ifdef __x86_64__
static long try_x32(const char *path) {
  (void)path;
  return syscall(0x40000000 | SYS_getpid);
}
#endif

static long try_socket(const char *path) {
  (void)path;
  int file = socket(AF_INET, SOCK_STREAM, 0);
  return file < 0 ? -1 : close(file);
}

static long try_pair(const char *path) {
  (void)path;
  int pair[2];
  return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0 ? -1 : close(pair[0]) + close(pair[1]);
}

static long try_datagrams(const char *path) {
  (void)path;
  int pair[2];
  return socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) < 0 ? -1 : close(pair[0]) + close(pair[1]);
}

static long try_shared_memory(const char *path) {
  (void)path;
  int memory = shmget(IPC_PRIVATE, 4096, 0600);
  return memory < 0 ? -1 : shmctl(memory, IPC_RMID, NULL);
}

static void *do_nothing(void *argument) { return argument; }

static long try_thread(const char *path) {
  (void)path;
  pthread_t thread;
  errno = pthread_create(&thread, NULL, do_nothing, NULL);
  return errno != 0 ? -1 : pthread_join(thread, NULL);
}

static long try_read(const char *path) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  return file < 0 ? -1 : close(file);
}

static long try_write(const char *path) {
  int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  return file < 0 ? -1 : close(file);
}

static long try_much(const char *path) {
  static char much[1 << 20];
  int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return -1;
  long got = 0;
  for (int i = 0; i < 64 && got >= 0; i++) got = write(file, much, sizeof much);
  int error = errno;
  close(file);
  errno = error;
  return got;
}

static long try_folder(const char *path) { return mkdir(path, 0700); }
static long try_remove(const char *path) { return unlink(path); }
static long try_mode(const char *path) { return chmod(path, 0777); }
static long try_rename(const char *path) { return rename(path, "/tmp/carillon-hostile"); }
static long try_cut(const char *path) { return truncate(path, 0); }

static long try_memory(const char *path) {
  (void)path;
  for (int i = 0; i < 4096; i++) {
    if (mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED) return -1;
  }
  return 0;
}

static long try_files(const char *path) {
  (void)path;
  for (int i = 0; i < 4096; i++) {
    if (dup(4) < 0) return -1;
  }
  return 0;
}

static long try_user(const char *path) {
  (void)path;
  errno = (int)getuid();
  return geteuid() == 0 && getgid() == 0 ? 0 : -1; /* the error's number is the user's */
}

static long try_flood(const char *path) {
  (void)path;
  for (int i = 0; i < 4096; i++) fprintf(stderr, "%01023d\n", i);
  return 0;
}

static long try_lines(const char *path) {
  (void)path;
  for (int i = 0; i < 5000; i++) log_host->write(log_host->context, CARILLON_LOG_ERROR, str("one"), str("again"));
  return 0;
}

static long try_crash(const char *path) {
  (void)path;
  raise(SIGSEGV);
  return 0;
}

static long try_spin(const char *path) {
  (void)path;
  for (;;) __asm__ volatile("");
  return 0;
}

static long try_close(const char *path) {
  (void)path;
  for (int file = 0; file <= 10; file++) close(file);
  return 0;
}

static long try_close_and_open(const char *path) {
  try_close(path);
  for (int file = 0; file <= 10; file++) open("/dev/null", O_RDONLY);
  return 0;
}

static long try_garbage(const char *path) {
  (void)path;
  static const char garbage[] = "\xff\xff\xff\x7f this is no frame";
  return write(3, garbage, sizeof garbage);
}

static void *close_later(void *argument) {
  (void)argument;
  for (int file = 0; file <= 10; file++) close(file);
  return NULL;
}

static long try_close_later(const char *path) {
  (void)path;
  pthread_t thread;
  errno = pthread_create(&thread, NULL, close_later, NULL);
  return errno != 0 ? -1 : pthread_detach(thread);
}

static const struct {
  const char *word;
  long (*body)(const char *path);
} attempts[] = {
  {"fork", try_fork}, {"bomb", try_bomb}, {"exec", try_exec}, {"spawn", try_spawn}, {"signal", try_signal},
  {"self", try_self}, {"owner", try_owner}, {"trace", try_trace}, {"parent", try_memory_of_parent},
  {"namespace", try_namespace}, {"limit", try_limit}, {"personality", try_personality}, {"ring", try_ring},
  {"future", try_future}, {"socket", try_socket}, {"pair", try_pair}, {"datagrams", try_datagrams},
  {"shared", try_shared_memory}, {"thread", try_thread}, {"read", try_read}, {"write", try_write}, {"much", try_much},
  {"folder", try_folder}, {"remove", try_remove}, {"mode", try_mode}, {"rename", try_rename}, {"cut", try_cut},
  {"memory", try_memory}, {"files", try_files}, {"user", try_user}, {"flood", try_flood}, {"lines", try_lines},
  {"crash", try_crash}, {"spin", try_spin}, {"close", try_close}, {"close-open", try_close_and_open},
  {"close-later", try_close_later}, {"garbage", try_garbage},
#ifdef __x86_64__
  {"x32", try_x32},
#endif
};

static void attempt(carillon_str word, carillon_str path, char *outcome, size_t size) {
  char name[256];
  snprintf(name, sizeof name, "%.*s", (int)path.len, path.ptr ? path.ptr : "");
  snprintf(outcome, size, "unknown");
  for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
    if (!is(word, attempts[i].word)) continue;
    errno = 0;
    if (attempts[i].body(name) >= 0) snprintf(outcome, size, "ok");
    else snprintf(outcome, size, "%d", errno);
  }
}

static carillon_status create(carillon_str name, carillon_str config, carillon_instance **instance,
                              carillon_error *error) {
  (void)name;
  if (is(config, "refuse")) {
    host->violation(error, str("/a"), str("odd"), str("must be even"));
    host->fail(error, CARILLON_INVALID, str("no"));
    return CARILLON_INVALID;
  }
  if (is(config, "none")) return CARILLON_OK;
  *instance = calloc(1, 1);
  return CARILLON_OK;
}

static carillon_status activate(carillon_instance *instance, carillon_error *error) {
  (void)instance, (void)error;
  return CARILLON_OK;
}

static carillon_status complete(carillon_ticket ticket, const char *detail) {
  carillon_result result = {.struct_size = sizeof result, .outcome = CARILLON_DELIVERED, .detail = str(detail)};
  const carillon_result *results[1] = {&result};
  return delivery_host->complete(delivery_host->context, &ticket, results, 1);
}

static void *complete_later(void *argument) {
  carillon_ticket ticket;
  memcpy(&ticket, argument, sizeof ticket);
  free(argument);
  complete(ticket, "later");
  return NULL;
}

static void leave_to_thread(carillon_ticket ticket) {
  pthread_t thread;
  void *copy = malloc(sizeof ticket);
  memcpy(copy, &ticket, sizeof ticket);
  pthread_create(&thread, NULL, complete_later, copy);
  pthread_detach(thread);
}

static carillon_status deliver(carillon_instance *instance, const carillon_delivery *const *deliveries, size_t count,
                               carillon_error *error) {
  (void)instance;
  for (size_t i = 0; i < count; i++) {
    const carillon_delivery *d = deliveries[i];
    char outcome[64];
    if (is(d->message->title, "later")) {
      leave_to_thread(d->ticket);
    } else if (is(d->message->title, "twice")) {
      complete(d->ticket, "once");
      if (complete(d->ticket, "twice") != CARILLON_STALE || complete(12345, "never") != CARILLON_STALE) abort();
    } else if (is(d->message->title, "refuse")) {
      host->fail(error, CARILLON_FAILED, str("as asked"));
      return CARILLON_FAILED;
    } else if (!is(d->message->title, "keep")) {
      attempt(d->message->title, d->message->text, outcome, sizeof outcome);
      complete(d->ticket, outcome);
    }
  }
  return CARILLON_OK;
}

static void cancel(carillon_instance *instance, const carillon_ticket *tickets, size_t count) {
  (void)instance;
  for (size_t i = 0; i < count; i++) complete(tickets[i], "cancelled");
}

static carillon_status drain(carillon_instance *instance, uint64_t timeout_ms) {
  (void)instance, (void)timeout_ms;
  return CARILLON_OK;
}

static void deactivate(carillon_instance *instance) { (void)instance; }

static void destroy(carillon_instance *instance) { free(instance); }

static carillon_status validate(carillon_instance *instance, carillon_str definition, carillon_error *error) {
  (void)instance, (void)definition;
  for (int i = 0; i < 100; i++) host->violation(error, str("/x"), str("odd"), str("must be even"));
  return CARILLON_INVALID;
}

static carillon_status next(carillon_instance *instance, const carillon_next_request *const *requests, size_t count,
                            carillon_emit_occurrence emit, void *context, carillon_error *error) {
  (void)instance, (void)error;
  for (size_t i = 0; i < count; i++) {
    size_t place = is(requests[i]->definition_json, "stranger") ? 1000 : i;
    uint32_t most = is(requests[i]->definition_json, "flood") ? UINT32_MAX : requests[i]->max;
    for (uint32_t step = 0; step < most; step++) {
      carillon_occurrence occurrence = {.struct_size = sizeof occurrence, .civil = requests[i]->after->civil};
      occurrence.civil.year += (int32_t)step;
      occurrence.ordinal = requests[i]->after->ordinal + step + 1;
      occurrence.key = requests[i]->time_zone;
      if (emit(context, place, &occurrence) != CARILLON_OK) return CARILLON_OK;
    }
  }
  return CARILLON_OK;
}

static carillon_status render(carillon_instance *instance, const carillon_event *const *events, size_t count,
                              carillon_emit_message emit, void *context, carillon_error *error) {
  (void)instance, (void)error;
  static char large[2 << 20];
  for (size_t i = 0; i < count; i++) {
    carillon_message message = {.struct_size = sizeof message, .title = events[i]->id, .text = events[i]->type};
    message.html = events[i]->time_zone;
    message.data = events[i]->definition_json;
    if (is(events[i]->definition_json, "large")) message.text = (carillon_str){large, sizeof large};
    int again = is(events[i]->definition_json, "flood") ? 1000000 : 1;
    while (again-- > 0) {
      if (emit(context, i, &message) != CARILLON_OK) return CARILLON_OK;
    }
  }
  return CARILLON_OK;
}

static const carillon_sink_1 sink = {.struct_size = sizeof sink, .thread_model = CARILLON_PARALLEL, .create = create,
                                     .activate = activate, .deliver = deliver, .cancel = cancel, .drain = drain,
                                     .deactivate = deactivate, .destroy = destroy};

static const carillon_event_type_1 event_type = {.struct_size = sizeof event_type, .thread_model = CARILLON_PARALLEL,
                                                 .create = create, .validate = validate, .next = next,
                                                 .render = render, .destroy = destroy};

static carillon_status start(const carillon_host *given, carillon_error *error) {
  (void)error;
  host = given;
  delivery_host = host->interface(host->context, CARILLON_HOST_DELIVERY_1);
  log_host = host->interface(host->context, CARILLON_HOST_LOG_1);
  return CARILLON_OK;
}

static void stop(void) {}

static const void *interface(const char *id) {
  if (strcmp(id, CARILLON_SINK_1) == 0) return &sink;
  return strcmp(id, CARILLON_EVENT_TYPE_1) == 0 ? &event_type : NULL;
}

static const carillon_plugin plugin = {.struct_size = sizeof plugin, .abi_major = CARILLON_ABI_MAJOR,
                                       .abi_minor = CARILLON_ABI_MINOR, .manifest_json = MANIFEST, .start = start,
                                       .stop = stop, .interface = interface};

const carillon_plugin *carillon_plugin_v1(void) { return &plugin; }
