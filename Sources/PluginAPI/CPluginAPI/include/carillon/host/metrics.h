/* Carillon plugin ABI: a plugin's own numbers, beside the agent's at /metrics. What the host counts by
 * itself (calls, how long they took, deliveries by outcome) needs nothing of this.
 *
 * A metric is defined while the plugin starts or while an instance is created, and is fixed from then on:
 *
 *   static const carillon_host_metrics_1 *metrics; // from host->interface, at `start`; may be NULL
 *   static uint64_t sent;
 *
 *   static carillon_status define(carillon_error *error) {
 *     const carillon_str labels[] = {{"channel", 7}};
 *     carillon_metric_definition definition = {.struct_size = sizeof definition};
 *     definition.kind = CARILLON_METRIC_COUNTER;
 *     definition.name = (carillon_str){"sent_total", 10};
 *     definition.help = (carillon_str){"Messages sent, by channel.", 26};
 *     definition.labels = labels;
 *     definition.label_count = 1;
 *     return metrics->define(metrics->context, &definition, &sent, error);
 *   }
 *   ...
 *   metrics->add(metrics->context, sent, 1, &channel, 1); // any thread
 *
 * A plugin named "pager" shows it as carillon_plugin_pager_sent_total{channel="ops"}; '-' in a plugin's
 * name becomes '_'. A metric belongs to the plugin, not to an instance: where instances must be told
 * apart, or set a gauge each, let the first label be "instance" and its value the instance's name: it
 * is shown up to its '#', so that a sink keeps its series when it is changed.
 *
 * Since minor version 4. */
#ifndef CARILLON_HOST_METRICS_H
#define CARILLON_HOST_METRICS_H

#include <carillon/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CARILLON_HOST_METRICS_1 "carillon.host.metrics/1"

/* Kinds of metrics. */
#define CARILLON_METRIC_COUNTER 1   /* only grows; changed by `add` */
#define CARILLON_METRIC_GAUGE 2     /* goes up and down; changed by `set` */
#define CARILLON_METRIC_HISTOGRAM 3 /* how many values were at most each bound, and their sum; fed by `observe` */

/* Limits. */
#define CARILLON_METRICS_MAX 64u             /* metrics of a plugin */
#define CARILLON_METRIC_LABELS_MAX 4u        /* labels of a metric */
#define CARILLON_METRIC_BOUNDS_MAX 32u       /* bounds of a histogram */
#define CARILLON_METRIC_SERIES_MAX 200u      /* different combinations of a metric's label values */
#define CARILLON_METRIC_NAME_BYTES_MAX 63u   /* of a metric's or a label's name */
#define CARILLON_METRIC_HELP_BYTES_MAX 256u  /* of a metric's help */
#define CARILLON_METRIC_VALUE_BYTES_MAX 128u /* of a label's value */

/* What a metric is. The caller sets `struct_size`; all else is borrowed for the call. */
typedef struct carillon_metric_definition {
  uint32_t struct_size;
  int32_t kind;
  /* Lower-case letters, digits and '_', no digit first. A counter's ends in "_total", and no other's does; none
   * ends in "_bucket", "_sum" or "_count". In base units, which it names: "wait_seconds", "body_bytes". */
  carillon_str name;
  carillon_str help;          /* a sentence for people; not empty */
  const carillon_str *labels; /* names, as a metric's but not "le" and not with "__" first; all different */
  size_t label_count;
  const double *bounds;       /* of a histogram: 1 or more upper bounds, finite and rising; else NULL */
  size_t bound_count;
} carillon_metric_definition;

/* Of `add`, `set` and `observe`: `labels` are the values of the metric's labels, in the order of their
 * definition, and `count` is how many the metric has. Copies. Cheap, and never blocks for long.
 * CARILLON_INVALID, with nothing changed: no such metric, a metric of another kind, another number of
 * labels, or a value that is not allowed.
 *
 * Label values are for few and known things: a channel, a kind of error; never a person, an address or an
 * id. Beyond CARILLON_METRIC_SERIES_MAX combinations, or with a value that is longer than
 * CARILLON_METRIC_VALUE_BYTES_MAX, the change counts in the series whose label values are all "other"; the
 * answer is CARILLON_OK, and the agent's log says so once. Series last as long as the plugin is loaded. */
typedef struct carillon_host_metrics_1 {
  uint32_t struct_size;
  uint32_t reserved;
  void *context;

  /* [the thread of the call, inside the plugin's `start` or an instance's `create`] Defines a metric and
   * fills its number, which is never 0 and valid until the plugin's `stop`. The same definition again,
   * for another instance, gives the same number. CARILLON_STALE: neither call is under way, and the
   * metrics are fixed. CARILLON_INVALID: the definition breaks a rule or a limit, or is not the one that
   * the plugin gave this name before, or the full name is another metric's already; `error` says why, and
   * when it is NULL the agent's log does. */
  carillon_status (*define)(void *context, const carillon_metric_definition *definition, uint64_t *metric,
                            carillon_error *error);

  /* [any thread] Adds to a counter: finite, 0 or more. */
  carillon_status (*add)(void *context, uint64_t metric, double amount, const carillon_str *labels, size_t count);

  /* [any thread] Sets a gauge: finite. */
  carillon_status (*set)(void *context, uint64_t metric, double value, const carillon_str *labels, size_t count);

  /* [any thread] Counts one value in a histogram: finite. */
  carillon_status (*observe)(void *context, uint64_t metric, double value, const carillon_str *labels, size_t count);
} carillon_host_metrics_1;

#ifdef __cplusplus
}
#endif
#endif
