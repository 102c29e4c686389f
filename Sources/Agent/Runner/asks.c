#include "asks.h"

#include <pthread.h>

#include "wire.h"

typedef struct waiting {
  struct waiting *next;
  uint64_t id;
  job *answer;
  pthread_cond_t answered;
} waiting;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static waiting *all;
static uint64_t last_id;

Ask *ask_new(arena *arena, Carillon__Runner__V1__Ask__KindCase kind) {
  Ask *ask = arena_need(arena, sizeof *ask);
  carillon__runner__v1__ask__init(ask);
  ask->kind_case = kind;
  return ask;
}

static void remove_waiting(const waiting *one) {
  waiting **link = &all;
  while (*link != one) link = &(*link)->next;
  *link = one->next;
}

job *ask_wait(arena *arena, Ask *ask) {
  waiting own = {.answered = PTHREAD_COND_INITIALIZER};
  pthread_mutex_lock(&lock);
  ask->id = own.id = ++last_id;
  own.next = all;
  all = &own;
  pthread_mutex_unlock(&lock);

  FromRunner message;
  carillon__runner__v1__from_runner__init(&message);
  message.kind_case = CARILLON__RUNNER__V1__FROM_RUNNER__KIND_ASK;
  message.ask = ask;
  wire_send(arena, &message);

  pthread_mutex_lock(&lock);
  while (own.answer == NULL) pthread_cond_wait(&own.answered, &lock);
  remove_waiting(&own);
  pthread_mutex_unlock(&lock);
  return own.answer;
}

void ask_end(job *answer) {
  arena_wipe(&answer->arena);
  job_end(answer);
}

void ask_answered(job *answer) {
  pthread_mutex_lock(&lock);
  waiting *one = all;
  while (one != NULL && (one->id != answer->message->answer->id || one->answer != NULL)) one = one->next;
  if (one != NULL) {
    one->answer = answer;
    pthread_cond_signal(&one->answered);
  }
  pthread_mutex_unlock(&lock);
  if (one == NULL) ask_end(answer); /* nobody asked, or it was answered before */
}
