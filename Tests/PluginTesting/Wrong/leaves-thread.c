/* Starts a thread that nobody ends. */
#include <pthread.h>
#include <unistd.h>
static void *wait(void *context);
#define AT_ACTIVATE \
  pthread_t other; \
  pthread_create(&other, NULL, wait, NULL); \
  pthread_detach(other);
#include "sink.h"
static void *wait(void *context) {
  while (context == NULL) pause();
  return NULL;
}
