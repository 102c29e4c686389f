/* Calls of the host's secrets, metrics, time and JSON with what they were not made for. */
#include "hostile.h"

#include <math.h>
#include <stdlib.h>

static void take(void *context, carillon_str secret) {
  (void)secret;
  ++*(int *)context;
}

static bool secrets(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery, (void)answer;
  const carillon_host_secret_1 *host_secrets = host->interface(host->context, CARILLON_HOST_SECRET_1);
  /* The witness's own, and what every process has. */
  const char *references[] = {"env:CARILLON_CHECK_SECRET", "file:/etc/passwd", "file:/proc/self/environ", "env:PATH",
                              "credential:../../etc/passwd", "file:", "", "env:", "nothing"};
  const char *names[] = {"witness", "namespaces/default/sinks/witness", "hostile", "", "../witness"};
  int taken = 0;
  for (size_t i = 0; i < sizeof references / sizeof *references; i++) {
    for (size_t j = 0; j < sizeof names / sizeof *names; j++) {
      host_secrets->resolve(host_secrets->context, str(names[j]), str(references[i]), take, &taken, error);
    }
  }
  host_secrets->resolve(host_secrets->context, odd_text(), odd_text(), take, &taken, error);
  host_secrets->resolve(host_secrets->context, long_text(), long_text(), take, &taken, error);
  tell("answer taken %d", taken);
  return false;
}

static carillon_status define(const carillon_host_metrics_1 *metrics, carillon_str name, carillon_str help) {
  double bounds[] = {NAN, INFINITY, -1};
  carillon_metric_definition one = {.struct_size = sizeof one, .kind = (int32_t)draw(), .name = name, .help = help,
                                    .labels = &name, .label_count = 1, .bounds = bounds, .bound_count = 3};
  uint64_t number = 0;
  return metrics->define(metrics->context, &one, &number, NULL);
}

static bool metrics_odd(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery, (void)answer, (void)error;
  const carillon_host_metrics_1 *metrics = host->interface(host->context, CARILLON_HOST_METRICS_1);
  int taken = 0;
  for (int i = 0; i < 1000; i++) taken += define(metrics, str("late_total"), str("Defined too late.")) == CARILLON_OK;
  taken += define(metrics, long_text(), long_text()) == CARILLON_OK;
  taken += define(metrics, odd_text(), odd_text()) == CARILLON_OK;
  carillon_str label = odd_text();
  double values[] = {NAN, INFINITY, -INFINITY, -1, 1e308};
  for (int i = 0; i < 1000; i++) {
    double value = values[i % 5];
    taken += metrics->add(metrics->context, draw(), value, &label, 1) == CARILLON_OK;
    taken += metrics->set(metrics->context, draw(), value, NULL, 0) == CARILLON_OK;
    taken += metrics->observe(metrics->context, 0, value, &label, 1) == CARILLON_OK;
  }
  tell("answer taken %d", taken);
  return false;
}

static bool time_odd(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery, (void)answer, (void)error;
  const carillon_host_time_1 *zones = host->interface(host->context, CARILLON_HOST_TIME_1);
  carillon_str names[] = {str("UTC"), str("../../../etc/passwd"), str("/etc/passwd"), str(""), odd_text(), long_text(),
                          str("Europe/Paris\0x")};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    for (int j = 0; j < 30; j++) {
      carillon_civil civil;
      int64_t instant = (int64_t)draw();
      draw_bytes(&civil, sizeof civil);
      zones->instant(zones->context, names[i], &civil, (int32_t)draw(), (int32_t)draw(), &instant);
      zones->civil(zones->context, names[i], (int64_t)draw(), &civil);
      zones->civil(zones->context, names[i], j % 2 == 0 ? INT64_MIN : INT64_MAX, &civil);
    }
  }
  return false;
}

/* Brackets in brackets, as deep as the longest document that is taken, and far deeper. */
static carillon_str nested(size_t bytes) {
  char *text = malloc(bytes);
  if (text == NULL) abort();
  memset(text, '[', bytes);
  return (carillon_str){text, bytes};
}

static bool json_odd(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error) {
  (void)delivery, (void)answer;
  const carillon_host_json_1 *json = host->interface(host->context, CARILLON_HOST_JSON_1);
  carillon_str documents[] = {nested(200000), nested(5u << 20), odd_text(), long_text(), str("{\"a\":1e999999}"),
                              str("{\"a\":[1,2,\"\\ud800\"]}"), str("")};
  carillon_str pointers[] = {str(""), str("/a"), str("/a/99999999999999999999"), str("a"), str("/~"), odd_text()};
  int taken = 0;
  for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
    for (size_t j = 0; j < sizeof pointers / sizeof *pointers; j++) {
      carillon_json value = {.struct_size = (uint32_t)(draw() % sizeof value)};
      json->get(json->context, documents[i], pointers[j], &value, error);
      json->text(json->context, documents[i], pointers[j], take, &taken, error);
      json->name(json->context, documents[i], pointers[j], UINT64_MAX, take, &taken, error);
    }
    json->quote(json->context, documents[i], take, &taken);
  }
  free((char *)documents[0].ptr);
  free((char *)documents[1].ptr);
  return false;
}

const attack more_host_attacks[] = {
  {"secrets-of-others", secrets}, {"metrics-odd", metrics_odd}, {"time-odd", time_odd}, {"json-odd", json_odd},
  {NULL, NULL},
};
