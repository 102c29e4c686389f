#define _GNU_SOURCE
#include "hostile.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#define MARK "CARILLON-HOSTILE-ORDERS:"
enum { MARK_BYTES = sizeof MARK - 1, ORDERS_BYTES = 1024, LINE_BYTES = 1024 };

/* What follows the mark is overwritten in the file: the case's word, the seed, the path of the file that is told. Volatile,
 * because the compiler must not believe that it knows the text. */
__attribute__((used)) static const volatile char orders[MARK_BYTES + ORDERS_BYTES] = MARK "none 0 /dev/null";

static struct {
  char word[64];
  unsigned long long seed;
  char path[768];
} read_orders;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static uint64_t state;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void read_them(void) {
  char text[ORDERS_BYTES];
  for (size_t i = 0; i < sizeof text; i++) text[i] = orders[MARK_BYTES + i];
  text[sizeof text - 1] = 0;
  if (sscanf(text, "%63s %llu %767s", read_orders.word, &read_orders.seed, read_orders.path) != 3) {
    snprintf(read_orders.word, sizeof read_orders.word, "none");
  }
  state = read_orders.seed;
}

bool ordered(const char *word) {
  pthread_once(&once, read_them);
  return strcmp(read_orders.word, word) == 0;
}

/* SplitMix64. */
uint64_t draw(void) {
  pthread_once(&once, read_them);
  pthread_mutex_lock(&lock);
  state += 0x9e3779b97f4a7c15u;
  uint64_t z = state;
  pthread_mutex_unlock(&lock);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

void draw_bytes(void *place, size_t count) {
  unsigned char *bytes = place;
  for (size_t i = 0; i < count; i++) bytes[i] = (unsigned char)draw();
}

void tell(const char *format, ...) {
  pthread_once(&once, read_them);
  char line[LINE_BYTES];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(line, sizeof line - 1, format, arguments);
  va_end(arguments);
  if (length < 0) return;
  if (length > LINE_BYTES - 2) length = LINE_BYTES - 2;
  line[length] = '\n';
  int file = open(read_orders.path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return;
  /* A line that cannot be written is missed by the check. */
  ssize_t written = write(file, line, (size_t)length + 1);
  (void)written;
  close(file);
}
