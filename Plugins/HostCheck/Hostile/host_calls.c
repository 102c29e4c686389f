/* Calls of the host's log and interfaces with what they were not made for. */
#include "hostile.h"

#include <stdlib.h>

static const carillon_host_log_1 *logger(void) { return host->interface(host->context, CARILLON_HOST_LOG_1); }

static bool log_flood(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery, (void)answer, (void)error;
  const carillon_host_log_1 *log = logger();
  for (int i = 0; i < 20000; i++) log->write(log->context, CARILLON_LOG_ERROR, str("flood"), str("one more line"));
  return false;
}

static bool log_odd(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery, (void)answer, (void)error;
  const carillon_host_log_1 *log = logger();
  static const int32_t levels[] = {CARILLON_LOG_ERROR, 99, INT32_MAX, CARILLON_LOG_WARNING, -1, INT32_MIN};
  for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
    log->enabled(log->context, levels[i]);
    log->write(log->context, levels[i], odd_text(), odd_text());
    log->write(log->context, levels[i], long_text(), long_text());
    log->write(log->context, levels[i], (carillon_str){NULL, 100}, (carillon_str){NULL, SIZE_MAX});
  }
  return false;
}

static bool interface_odd(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery, (void)answer, (void)error;
  char *text = malloc(LONG_BYTES + 1);
  if (text == NULL) abort();
  memset(text, 'i', LONG_BYTES);
  text[LONG_BYTES] = 0;
  const char *ids[] = {"", "carillon", "carillon.host.log/2", "carillon.host.log/1 ", "\xff\xfe", "%s%n%s%n", text};
  int found = 0;
  for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) found += host->interface(host->context, ids[i]) != NULL;
  for (int i = 0; i < 10000; i++) {
    char id[33] = {0};
    draw_bytes(id, 32);
    found += host->interface(host->context, id) != NULL;
  }
  tell("answer found %d", found);
  free(text);
  return false;
}

const attack host_attacks[] = {
  {"log-flood", log_flood}, {"log-odd", log_odd}, {"interface-odd", interface_odd}, {NULL, NULL},
};
