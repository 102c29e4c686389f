/* Completions: twice, late, from elsewhere, of what was never given out. */
#define _GNU_SOURCE
#include "hostile.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static bool twice(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)answer, (void)error;
  carillon_result first = outcome(CARILLON_DELIVERED), second = outcome(CARILLON_PERMANENT);
  tell("answer first %d", complete(delivery->ticket, &first));
  tell("answer second %d", complete(delivery->ticket, &second));
  return true;
}

/* One call that names the same ticket twice. */
static bool twice_at_once(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)answer, (void)error;
  carillon_result first = outcome(CARILLON_DELIVERED), second = outcome(CARILLON_PERMANENT);
  carillon_ticket tickets[] = {delivery->ticket, delivery->ticket};
  const carillon_result *results[] = {&first, &second};
  tell("answer both %d", delivery_host->complete(delivery_host->context, tickets, results, 2));
  return true;
}

enum { RACERS = 8 };

typedef struct race {
  pthread_barrier_t begin;
  carillon_ticket ticket;
  atomic_int taken;
} race;

static void *run_race(void *argument) {
  race *race = argument;
  carillon_result result = outcome(CARILLON_DELIVERED);
  pthread_barrier_wait(&race->begin);
  if (complete(race->ticket, &result) == CARILLON_OK) atomic_fetch_add(&race->taken, 1);
  return NULL;
}

/* Threads of the plugin's own complete one ticket at the same time. */
static bool foreign_threads(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)answer, (void)error;
  race race = {.ticket = delivery->ticket};
  pthread_t threads[RACERS];
  pthread_barrier_init(&race.begin, NULL, RACERS);
  for (int i = 0; i < RACERS; i++) {
    if (pthread_create(&threads[i], NULL, run_race, &race) != 0) abort();
  }
  for (int i = 0; i < RACERS; i++) pthread_join(threads[i], NULL);
  pthread_barrier_destroy(&race.begin);
  tell("answer taken %d", atomic_load(&race.taken));
  return true;
}

static bool invented(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)answer, (void)error;
  carillon_result result = outcome(CARILLON_PERMANENT);
  int taken = 0;
  for (int i = 0; i < 20000; i++) {
    /* Neighbours in either half, then anything; never the real one, and never one that the other thread may hold. */
    carillon_ticket near = delivery->ticket ^ (1ull << (32 + i % 32));
    carillon_ticket ticket = i < 32 ? near : draw() | 1ull << 63;
    if (ticket != delivery->ticket && complete(ticket, &result) != CARILLON_STALE) taken++;
  }
  if (complete(0, &result) != CARILLON_STALE || complete(UINT64_MAX, &result) != CARILLON_STALE) taken++;
  tell("answer taken %d", taken);
  return false;
}

typedef struct later {
  carillon_ticket ticket;
  int64_t deadline_ns;
} later;

/* Until the host must have given it up: the deadline, and the two seconds after the cancel. */
static void *complete_late(void *argument) {
  later *one = argument;
  struct timespec now;
  do {
    usleep(20000);
    clock_gettime(CLOCK_MONOTONIC, &now);
  } while (now.tv_sec * 1000000000ll + now.tv_nsec < one->deadline_ns + 3000000000ll);
  carillon_result result = outcome(CARILLON_PERMANENT);
  tell("answer late %d", complete(one->ticket, &result));
  free(one);
  return NULL;
}

static bool late(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)answer, (void)error;
  later *one = malloc(sizeof *one);
  pthread_t thread;
  if (one == NULL) abort();
  *one = (later){delivery->ticket, delivery->deadline_ns};
  if (pthread_create(&thread, NULL, complete_late, one) != 0) abort();
  pthread_detach(thread);
  return true;
}

static bool never(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery, (void)answer, (void)error;
  return true;
}

static bool completes_and_refuses(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  carillon_result result = outcome(CARILLON_DELIVERED);
  tell("answer first %d", complete(delivery->ticket, &result));
  host->fail(error, CARILLON_FAILED, str("it took it, and says that it did not"));
  *answer = CARILLON_FAILED;
  return true;
}

static bool refuses_and_completes(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  late(delivery, answer, error);
  *answer = CARILLON_FAILED;
  return true;
}

static bool odd_status(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)error;
  static const carillon_status all[] = {77, -1, INT32_MAX, INT32_MIN, CARILLON_STOP, CARILLON_STALE};
  *answer = all[delivery->ticket % (sizeof all / sizeof *all)];
  return true;
}

static bool long_error(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery;
  host->fail(error, INT32_MAX, long_text());
  host->fail(NULL, CARILLON_FAILED, long_text());
  for (int i = 0; i < 1000; i++) host->violation(error, odd_text(), odd_text(), odd_text());
  host->fail(error, -1, (carillon_str){NULL, 1u << 20});
  host->fail(error, 0, odd_text());
  *answer = CARILLON_FAILED;
  return true;
}

static bool busy(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery, (void)error;
  *answer = CARILLON_BUSY;
  return true;
}

static bool nothing_given(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)answer, (void)error;
  const carillon_result *none = NULL;
  void *context = delivery_host->context;
  tell("answer no-tickets %d", delivery_host->complete(context, NULL, &none, 1));
  tell("answer no-results %d", delivery_host->complete(context, &delivery->ticket, NULL, 1));
  tell("answer none %d", delivery_host->complete(context, NULL, NULL, 0));
  tell("answer null-result %d", delivery_host->complete(context, &delivery->ticket, &none, 1));
  return true;
}

const attack ticket_attacks[] = {
  {"double-complete", twice}, {"double-in-one-call", twice_at_once}, {"foreign-threads", foreign_threads},
  {"invented-tickets", invented}, {"late-complete", late}, {"never-complete", never}, {"cancel-blocks", never},
  {"complete-then-refuse", completes_and_refuses}, {"refuse-then-complete", refuses_and_completes},
  {"odd-status", odd_status}, {"long-error", long_error}, {"busy-for-ever", busy}, {"null-arguments", nothing_given},
  {NULL, NULL},
};
