#include "host.h"

#include <stdlib.h>
#include <string.h>

typedef const void *(*table)(void);

static const void *log_table(void) { return host_log(); }
static const void *delivery_table(void) { return host_delivery(); }
static const void *secret_table(void) { return host_secret(); }
static const void *time_table(void) { return host_time(); }
static const void *json_table(void) { return host_json(); }
static const void *metrics_table(void) { return host_metrics(); }

static struct {
  const char *id;
  table table;
  bool is_offered; /* the agent has it too */
} interfaces[] = {
  {CARILLON_HOST_LOG_1, log_table, false},       {CARILLON_HOST_DELIVERY_1, delivery_table, false},
  {CARILLON_HOST_SECRET_1, secret_table, false}, {CARILLON_HOST_TIME_1, time_table, false},
  {CARILLON_HOST_JSON_1, json_table, false},     {CARILLON_HOST_METRICS_1, metrics_table, false},
};

enum { INTERFACES = sizeof interfaces / sizeof *interfaces };

static const void *interface(void *context, const char *id) {
  (void)context;
  if (id == NULL) return NULL;
  for (size_t i = 0; i < INTERFACES; i++) {
    if (interfaces[i].is_offered && strcmp(interfaces[i].id, id) == 0) return interfaces[i].table();
  }
  return NULL;
}

static carillon_host host = {
  .struct_size = sizeof host,
  .abi_minor = CARILLON_ABI_MINOR,
  .context = &host,
  .interface = interface,
  .fail = fault_fail,
  .violation = fault_violation,
};

void host_open(const Setup *setup) {
  host_log_level(setup->log_level);
  if (setup->abi_minor < host.abi_minor) host.abi_minor = setup->abi_minor;
  for (size_t i = 0; i < INTERFACES; i++) {
    for (size_t asked = 0; asked < setup->n_interfaces; asked++) {
      if (strcmp(interfaces[i].id, setup->interfaces[asked]) == 0) interfaces[i].is_offered = true;
    }
  }
}

const carillon_host *host_table(void) { return &host; }
