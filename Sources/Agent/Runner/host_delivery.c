/* carillon.host.delivery/1 */
#define _GNU_SOURCE
#include <stdatomic.h>
#include <time.h>

#include "completions.h"
#include "host.h"
#include "tickets.h"

/* Tickets that are closed together. */
enum { PART = 1024 };

/* Seconds between two lines about results that were not taken. */
enum { STALE_SECONDS = 60 };

/* Of the delivery that this thread is in. */
static _Thread_local completions *collecting;

void completions_collect(completions *list) { collecting = list; }

static bool close_part(const carillon_ticket *tickets, const carillon_result *const *results, size_t count,
                       completions *list) {
  bool open[PART];
  bool all = tickets_close(tickets, count, open);
  for (size_t i = 0; i < count; i++) {
    if (open[i]) completions_add(list, tickets[i], results[i]);
  }
  return all;
}

static bool close_all(const carillon_ticket *tickets, const carillon_result *const *results, size_t count,
                      completions *list) {
  bool all = true;
  for (size_t start = 0; start < count; start += PART) {
    size_t part = count - start < PART ? count - start : PART;
    all = close_part(tickets + start, results + start, part, list) && all;
  }
  return all;
}

/* Says, once in a while, that a result was not taken; the same as in the agent's own process. */
static carillon_status stale(void) {
  static _Atomic int64_t told;
  static const char line[] = "a delivery was completed that is not open: a second time, after its deadline, or with a "
                             "ticket of nobody's; that result was not taken";
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  int64_t last = told;
  /* The seconds count from the machine's start: 0 is never. */
  bool is_due = last == 0 || now.tv_sec - last >= STALE_SECONDS;
  if (is_due && atomic_compare_exchange_strong(&told, &last, now.tv_sec + (now.tv_sec == 0))) {
    const carillon_host_log_1 *log = host_log();
    log->write(log->context, CARILLON_LOG_WARNING, (carillon_str){0}, (carillon_str){line, sizeof line - 1});
  }
  return CARILLON_STALE;
}

static carillon_status complete(void *context, const carillon_ticket *tickets, const carillon_result *const *results,
                                size_t count) {
  (void)context;
  if (count == 0) return CARILLON_OK;
  if (tickets == NULL || results == NULL) return CARILLON_INVALID;
  if (collecting != NULL) return close_all(tickets, results, count, collecting) ? CARILLON_OK : stale();
  arena arena;
  arena_open(&arena, SIZE_MAX);
  completions list = {.arena = &arena};
  bool all = close_all(tickets, results, count, &list);
  completions_send(&list);
  arena_close(&arena);
  return all ? CARILLON_OK : stale();
}

static const carillon_host_delivery_1 table = {
  .struct_size = sizeof table,
  .context = (void *)&table,
  .complete = complete,
};

const carillon_host_delivery_1 *host_delivery(void) { return &table; }
