#include "tickets.h"

#include <pthread.h>

/* A hash table by slot, with linear probing, at most half full. 0 is no ticket. */
enum { PLACES = 2 * OPEN_TICKETS };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static carillon_ticket places[PLACES];
static size_t open_count;

static uint32_t slot(carillon_ticket ticket) { return (uint32_t)ticket; }

static size_t home(carillon_ticket ticket) { return (size_t)((slot(ticket) * 2654435769u) >> 15) % PLACES; }

static size_t after(size_t place) { return (place + 1) % PLACES; }

/* Where the slot's ticket is, or would be. */
static size_t find(carillon_ticket ticket) {
  size_t place = home(ticket);
  while (places[place] != 0 && slot(places[place]) != slot(ticket)) place = after(place);
  return place;
}

bool tickets_open(carillon_ticket ticket) {
  pthread_mutex_lock(&lock);
  size_t place = find(ticket);
  bool is_new = places[place] == 0;
  bool done = !is_new || open_count < OPEN_TICKETS;
  if (done) {
    places[place] = ticket;
    if (is_new) open_count++;
  }
  pthread_mutex_unlock(&lock);
  return done;
}

/* Whether an entry at `place` whose home is `home` may move back to `gap` and still be found. */
static bool may_move(size_t home, size_t gap, size_t place) {
  return (place + PLACES - home) % PLACES >= (place + PLACES - gap) % PLACES;
}

/* Empties a place, and moves back what would not be found beyond it. */
static void empty(size_t gap) {
  for (size_t place = after(gap); places[place] != 0; place = after(place)) {
    if (!may_move(home(places[place]), gap, place)) continue;
    places[gap] = places[place];
    gap = place;
  }
  places[gap] = 0;
  open_count--;
}

static bool close(carillon_ticket ticket) {
  if (ticket == 0) return false;
  size_t place = find(ticket);
  if (places[place] != ticket) return false;
  empty(place);
  return true;
}

bool tickets_close(const carillon_ticket *tickets, size_t count, bool *open) {
  bool all = true;
  pthread_mutex_lock(&lock);
  for (size_t i = 0; i < count; i++) {
    open[i] = close(tickets[i]);
    all = all && open[i];
  }
  pthread_mutex_unlock(&lock);
  return all;
}
