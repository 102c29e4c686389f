/* carillon.host.delivery/1 */
#include "completions.h"
#include "host.h"
#include "tickets.h"

/* Tickets that are closed together. */
enum { PART = 1024 };

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

static carillon_status complete(void *context, const carillon_ticket *tickets, const carillon_result *const *results,
                                size_t count) {
  (void)context;
  if (count == 0) return CARILLON_OK;
  if (tickets == NULL || results == NULL) return CARILLON_INVALID;
  if (collecting != NULL) return close_all(tickets, results, count, collecting) ? CARILLON_OK : CARILLON_STALE;
  arena arena;
  arena_open(&arena, SIZE_MAX);
  completions list = {.arena = &arena};
  bool all = close_all(tickets, results, count, &list);
  completions_send(&list);
  arena_close(&arena);
  return all ? CARILLON_OK : CARILLON_STALE;
}

static const carillon_host_delivery_1 table = {
  .struct_size = sizeof table,
  .context = (void *)&table,
  .complete = complete,
};

const carillon_host_delivery_1 *host_delivery(void) { return &table; }
