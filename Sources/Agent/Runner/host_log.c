/* carillon.host.log/1 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "host.h"
#include "wire.h"

enum { LINE_BYTES = 4096, INSTANCE_BYTES = 128 };

/* Twice what the agent writes of a plugin's lines: it says how many it dropped, and is not kept busy by a flood. */
enum { BURST = 1000, LINES_PER_SECOND = 200 };

static _Atomic int32_t lowest = CARILLON_LOG_INFO;

static struct {
  pthread_mutex_t lock;
  int64_t lines;
  int64_t second;
} budget = {.lock = PTHREAD_MUTEX_INITIALIZER, .lines = BURST};

void host_log_level(int32_t level) { lowest = level; }

/* A level that is not known counts as the nearest that is. */
static int32_t known(int32_t level) {
  if (level < CARILLON_LOG_DEBUG) return CARILLON_LOG_DEBUG;
  return level > CARILLON_LOG_ERROR ? CARILLON_LOG_ERROR : level;
}

static int32_t enabled(void *context, int32_t level) {
  (void)context;
  return known(level) >= lowest ? 1 : 0;
}

static bool spend(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  pthread_mutex_lock(&budget.lock);
  int64_t seconds = now.tv_sec - budget.second;
  budget.second = now.tv_sec;
  budget.lines += seconds > BURST ? BURST : seconds * LINES_PER_SECOND;
  if (budget.lines > BURST) budget.lines = BURST;
  bool done = budget.lines > 0;
  if (done) budget.lines--;
  pthread_mutex_unlock(&budget.lock);
  return done;
}

static void write_line(void *context, int32_t level, carillon_str instance, carillon_str text) {
  if (!enabled(context, level) || !spend()) return;
  arena arena;
  Log log;
  FromRunner message;
  arena_open(&arena, SIZE_MAX);
  carillon__runner__v1__log__init(&log);
  carillon__runner__v1__from_runner__init(&message);
  log.level = known(level);
  log.instance = arena_text(&arena, instance, INSTANCE_BYTES);
  log.message = arena_text(&arena, text, LINE_BYTES);
  message.kind_case = CARILLON__RUNNER__V1__FROM_RUNNER__KIND_LOG;
  message.log = &log;
  wire_send(&arena, &message);
  arena_close(&arena);
}

static const carillon_host_log_1 table = {
  .struct_size = sizeof table,
  .context = (void *)&table,
  .enabled = enabled,
  .write = write_line,
};

const carillon_host_log_1 *host_log(void) { return &table; }
