/* Ways to end the process, or to keep its thread for ever. */
#define _GNU_SOURCE
#include "hostile.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static bool crash(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery, (void)answer, (void)error;
  *(volatile int *)8 = 1;
  return true;
}

static bool give_up(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery, (void)answer, (void)error;
  abort();
}

static bool leave(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery, (void)answer, (void)error;
  exit(0);
}

static bool leave_thread(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery, (void)answer, (void)error;
  pthread_exit(NULL);
}

/* Not a tail call: the frame is used after the call. No stack holds so many of them. */
__attribute__((noinline)) static int deeper(uint64_t left) {
  volatile char frame[4096];
  frame[0] = (char)left;
  return left == 0 ? 0 : deeper(left - 1) + frame[0];
}

static bool overflow(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery, (void)error;
  *answer = deeper(UINT64_MAX);
  return true;
}

static bool corrupt(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery, (void)answer, (void)error;
  for (int i = 0; i < 64; i++) {
    char *volatile place = malloc(48);
    if (place == NULL) abort();
    for (int j = -32; j < 4096; j++) place[j] = (char)draw();
    free(place);
  }
  return true;
}

static bool spin(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery, (void)answer, (void)error;
  for (;;) __asm__ volatile("");
  return true;
}

static bool freeze(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery, (void)answer, (void)error;
  kill(getpid(), SIGSTOP);
  return false;
}

const attack crash_attacks[] = {
  {"crash", crash}, {"abort", give_up}, {"exit", leave}, {"thread-exit", leave_thread}, {"stack-overflow", overflow},
  {"heap-corruption", corrupt}, {"spin", spin}, {"freeze", freeze}, {"dies-each-time", crash}, {NULL, NULL},
};
