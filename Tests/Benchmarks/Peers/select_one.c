/* What a round trip to PostgreSQL costs on this machine: libpq's `SELECT 1`, one at a time on one connection, prepared,
 * for some seconds. Prints one line of JSON: percentiles in milliseconds. It stands beside the row `unary-p99`. */
#include <errno.h>
#include <libpq-fe.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SAMPLES_MAX = 4 * 1000 * 1000, SECONDS_MAX = 600, WARM_UP = 200 };

static int64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int by_value(const void *left, const void *right) {
  int64_t l = *(const int64_t *)left, r = *(const int64_t *)right;
  return (l > r) - (l < r);
}

/* Nearest rank, in thousandths: 990 is p99. */
static double percentile_ms(const int64_t *sorted, size_t count, size_t thousandths) {
  size_t rank = (count * thousandths + 999) / 1000;
  return (double)sorted[rank == 0 ? 0 : rank - 1] / 1e6;
}

static int failed(PGconn *connection, const char *what) {
  fprintf(stderr, "select_one: %s: %s", what, PQerrorMessage(connection));
  return -1;
}

static int select_one(PGconn *connection) {
  PGresult *result = PQexecPrepared(connection, "one", 0, NULL, NULL, NULL, 1);
  int right = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1;
  PQclear(result);
  return right ? 0 : failed(connection, "SELECT 1");
}

static int prepare(PGconn *connection) {
  PGresult *result = PQprepare(connection, "one", "SELECT 1", 0, NULL);
  int right = PQresultStatus(result) == PGRES_COMMAND_OK;
  PQclear(result);
  if (!right) return failed(connection, "prepare");
  for (int call = 0; call < WARM_UP; call++) {
    if (select_one(connection) != 0) return -1;
  }
  return 0;
}

/* The number of samples taken, or -1. */
static long measure(PGconn *connection, int64_t seconds, int64_t pause_ns, int64_t *samples) {
  struct timespec pause = {pause_ns / 1000000000, pause_ns % 1000000000};
  long count = 0;
  int64_t end = now_ns() + seconds * 1000000000;
  while (count < SAMPLES_MAX) {
    int64_t start = now_ns();
    if (start >= end) break;
    if (select_one(connection) != 0) return -1;
    samples[count++] = now_ns() - start;
    if (pause_ns > 0) nanosleep(&pause, NULL);
  }
  return count;
}

static void print(int64_t *samples, size_t count) {
  qsort(samples, count, sizeof *samples, by_value);
  printf("{\"what\": \"libpq SELECT 1\", \"count\": %zu, \"unit\": \"ms\", \"p50\": %.4f, \"p95\": %.4f, "
         "\"p99\": %.4f, \"p999\": %.4f, \"max\": %.4f}\n",
         count, percentile_ms(samples, count, 500), percentile_ms(samples, count, 950),
         percentile_ms(samples, count, 990), percentile_ms(samples, count, 999),
         percentile_ms(samples, count, 1000));
}

static int run(const char *url, int64_t seconds, int64_t pause_ns) {
  PGconn *connection = PQconnectdb(url);
  int64_t *samples = malloc(SAMPLES_MAX * sizeof *samples);
  long count = -1;
  if (samples == NULL) {
    fputs("select_one: out of memory\n", stderr);
  } else if (PQstatus(connection) != CONNECTION_OK) {
    failed(connection, "connect");
  } else if (prepare(connection) == 0) {
    count = measure(connection, seconds, pause_ns, samples);
  }
  if (count == 0) fputs("select_one: nothing was measured\n", stderr);
  if (count > 0) print(samples, (size_t)count);
  free(samples);
  PQfinish(connection);
  return count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Whole number of 0 to `most`, or -1. */
static int64_t number(const char *text, int64_t most) {
  char *end = NULL;
  errno = 0;
  long long value = strtoll(text, &end, 10);
  return errno != 0 || end == text || *end != '\0' || value < 0 || value > most ? -1 : value;
}

int main(int count, char **arguments) {
  int64_t seconds = count > 2 ? number(arguments[2], SECONDS_MAX) : -1;
  int64_t pause_us = count > 3 ? number(arguments[3], 1000000) : 0;
  if (count < 3 || count > 4 || seconds < 1 || pause_us < 0) {
    fprintf(stderr, "usage: select_one URL SECONDS(1-%d) [PAUSE-MICROSECONDS(0-1000000)]\n", SECONDS_MAX);
    return 64;
  }
  return run(arguments[1], seconds, pause_us * 1000);
}
