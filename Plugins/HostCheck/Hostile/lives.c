/* Attacks at load, start, create, activate and at the end. */
#define _GNU_SOURCE
#include "hostile.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void block(void) {
  for (;;) pause();
}

void attack_at_load(void) {
  if (ordered("load-crashes")) raise(SIGSEGV);
  if (ordered("load-exits")) _exit(0);
  if (ordered("load-blocks")) block();
}

carillon_status attack_at_start(carillon_error *error) {
  if (ordered("start-crashes")) raise(SIGSEGV);
  if (ordered("start-blocks")) block();
  if (ordered("start-odd")) return -7;
  if (!ordered("start-refuses")) return CARILLON_OK;
  host->fail(error, CARILLON_FAILED, long_text());
  return CARILLON_FAILED;
}

bool attack_at_create(carillon_status *answer, carillon_error *error) {
  *answer = CARILLON_OK;
  if (ordered("create-null")) return true;
  *answer = INT32_MIN;
  if (ordered("create-odd")) return true;
  *answer = CARILLON_INVALID;
  if (!ordered("create-violations")) return false;
  for (int i = 0; i < 100000; i++) host->violation(error, odd_text(), odd_text(), odd_text());
  for (int i = 0; i < 10; i++) host->violation(error, long_text(), long_text(), long_text());
  return true;
}

/* Calls the host as long as there is a process: after stop, too. */
static void *go_on(void *argument) {
  const carillon_host_log_1 *log = host->interface(host->context, CARILLON_HOST_LOG_1);
  carillon_result result = outcome(CARILLON_DELIVERED);
  for (;;) {
    complete(draw(), &result);
    if (log->enabled(log->context, CARILLON_LOG_DEBUG)) log->write(log->context, CARILLON_LOG_DEBUG, str("x"), str("y"));
    usleep(1000);
  }
  return argument;
}

static void leave_threads(void) {
  for (int i = 0; i < 4; i++) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, go_on, NULL) == 0) pthread_detach(thread);
  }
}

bool attack_at_activate(carillon_status *answer, carillon_error *error) {
  static bool done;
  if (ordered("threads-left")) leave_threads();
  *answer = CARILLON_FAILED;
  if (!ordered("activate-fails") || done) return false;
  done = true;
  host->fail(error, 12345, odd_text());
  return true;
}

void attack_at_end(const char *what) {
  char word[64];
  snprintf(word, sizeof word, "%s-blocks", what);
  if (ordered(word)) block();
  snprintf(word, sizeof word, "%s-crashes", what);
  if (ordered(word)) raise(SIGSEGV);
}
