/* A sink with one fault, which only a checker of memory can see: FAULT says which. What looks for faults in the examples
 * must find each of these. */
#include <carillon/carillon.h>
#include <stdlib.h>
#include <string.h>

enum { OVERFLOW = 1, AFTER_FREE, LEAK, UNINITIALIZED };

static const carillon_host_delivery_1 *delivery;
static volatile int taken; /* so that no compiler leaves out what is wrong */

static void make_fault(void) {
  char *bytes = malloc(32);
  if (bytes == NULL) return;
  if (FAULT == OVERFLOW) {
    volatile size_t length = 32;
    ((volatile char *)bytes)[length] = 1;
  }
  if (FAULT == UNINITIALIZED && bytes[7] == 'x') taken++;
  if (FAULT != LEAK) free(bytes);
  if (FAULT == AFTER_FREE) taken += ((volatile char *)bytes)[3];
  if (FAULT == LEAK) taken += bytes != NULL;
}

static carillon_status create(carillon_str name, carillon_str config, carillon_instance **made, carillon_error *error) {
  (void)name, (void)config, (void)error;
  *made = malloc(1);
  return CARILLON_OK;
}

static carillon_status activate(carillon_instance *instance, carillon_error *error) {
  (void)instance, (void)error;
  return CARILLON_OK;
}

static carillon_status deliver(carillon_instance *instance, const carillon_delivery *const *deliveries, size_t count,
                               carillon_error *error) {
  (void)instance, (void)error;
  carillon_result result = {.struct_size = sizeof result, .outcome = CARILLON_DELIVERED};
  const carillon_result *results[] = {&result};
  for (size_t i = 0; i < count; i++) {
    make_fault();
    delivery->complete(delivery->context, &deliveries[i]->ticket, results, 1);
  }
  return CARILLON_OK;
}

static void cancel(carillon_instance *instance, const carillon_ticket *tickets, size_t count) {
  (void)instance, (void)tickets, (void)count;
}

static carillon_status drain(carillon_instance *instance, uint64_t timeout_ms) {
  (void)instance, (void)timeout_ms;
  return CARILLON_OK;
}

static void deactivate(carillon_instance *instance) { (void)instance; }
static void destroy(carillon_instance *instance) { free(instance); }

static const carillon_sink_1 table = {sizeof table, CARILLON_SERIAL, create, activate, deliver, cancel, drain, deactivate,
                                      destroy};

static carillon_status start(const carillon_host *host, carillon_error *error) {
  (void)error;
  delivery = host->interface(host->context, CARILLON_HOST_DELIVERY_1);
  return CARILLON_OK;
}

static void stop(void) {}
static const void *interface(const char *id) { return strcmp(id, CARILLON_SINK_1) == 0 ? &table : NULL; }

static const carillon_plugin plugin = {sizeof plugin, CARILLON_ABI_MAJOR, CARILLON_ABI_MINOR, 0, "{}", start, stop,
                                       interface};
const carillon_plugin *carillon_plugin_v1(void) { return &plugin; }
