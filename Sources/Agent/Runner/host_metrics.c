/* carillon.host.metrics/1: the agent keeps the numbers; here is what tells at once whether a change can count. */
#include <math.h>
#include <pthread.h>
#include <string.h>

#include "asks.h"
#include "host.h"
#include "wire.h"

typedef Carillon__Runner__V1__DefineMetric Definition;
typedef Carillon__Runner__V1__Metric Change;

/* Beyond a text's limit so much is passed on that it is too long for the agent even when it was cut before a
 * character's end. */
enum { BEYOND = 4 };

typedef struct metric {
  uint64_t number;
  int32_t kind;
  size_t labels;
} metric;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static metric all[CARILLON_METRICS_MAX];
static size_t metric_count;

static void remember(metric new) {
  pthread_mutex_lock(&lock);
  size_t i = 0;
  while (i < metric_count && all[i].number != new.number) i++;
  if (i < CARILLON_METRICS_MAX) all[i] = new;
  if (i == metric_count && metric_count < CARILLON_METRICS_MAX) metric_count++;
  pthread_mutex_unlock(&lock);
}

static bool is_known(metric wanted) {
  bool known = false;
  pthread_mutex_lock(&lock);
  for (size_t i = 0; i < metric_count; i++) {
    if (all[i].number == wanted.number) known = all[i].kind == wanted.kind && all[i].labels == wanted.labels;
  }
  pthread_mutex_unlock(&lock);
  return known;
}

/* As many of a plugin's list as the agent takes, and one more when there are more. */
static size_t bounded(const void *list, size_t count, size_t most) {
  if (list == NULL) return 0;
  return count <= most ? count : most + 1;
}

static void fill(Definition *to, const carillon_metric_definition *from, arena *arena) {
  to->kind = from->kind;
  to->name = arena_text(arena, from->name, CARILLON_METRIC_NAME_BYTES_MAX + BEYOND);
  to->help = arena_text(arena, from->help, CARILLON_METRIC_HELP_BYTES_MAX + BEYOND);
  to->n_labels = bounded(from->labels, from->label_count, CARILLON_METRIC_LABELS_MAX);
  to->labels = arena_need(arena, to->n_labels * sizeof *to->labels);
  for (size_t i = 0; i < to->n_labels; i++) {
    to->labels[i] = arena_text(arena, from->labels[i], CARILLON_METRIC_NAME_BYTES_MAX + BEYOND);
  }
  to->n_bounds = bounded(from->bounds, from->bound_count, CARILLON_METRIC_BOUNDS_MAX);
  to->bounds = arena_need(arena, to->n_bounds * sizeof *to->bounds);
  for (size_t i = 0; i < to->n_bounds; i++) to->bounds[i] = from->bounds[i];
}

/* Passes a refusal on: to the plugin, or into the log when it does not want to know. */
static void refuse(const Fault *fault, carillon_error *error) {
  fault_pass(error, fault);
  if (error != NULL || fault == NULL) return;
  host_log()->write((void *)host_log(), CARILLON_LOG_WARNING, (carillon_str){0}, text_of(fault->message));
}

static carillon_status define(void *context, const carillon_metric_definition *definition, uint64_t *number,
                              carillon_error *error) {
  (void)context;
  if (definition == NULL || number == NULL) return CARILLON_INVALID;
  carillon_metric_definition known = {0};
  uint32_t size = definition->struct_size;
  memcpy(&known, definition, size < sizeof known ? size : sizeof known);
  arena arena;
  Definition question;
  arena_open(&arena, SIZE_MAX);
  carillon__runner__v1__define_metric__init(&question);
  fill(&question, &known, &arena);
  Ask *ask = ask_new(&arena, CARILLON__RUNNER__V1__ASK__KIND_DEFINE_METRIC);
  ask->define_metric = &question;
  job *answered = ask_wait(&arena, ask);
  const Answer *answer = answered->message->answer;
  carillon_status status = answer->status;
  if (status == CARILLON_OK) {
    remember((metric){.number = answer->metric, .kind = known.kind, .labels = question.n_labels});
    *number = answer->metric;
  } else {
    refuse(answer->fault, error);
  }
  ask_end(answered);
  arena_close(&arena);
  return status;
}

static void send_change(uint64_t number, double value, const carillon_str *labels, size_t count) {
  ProtobufCBinaryData values[CARILLON_METRIC_LABELS_MAX];
  arena arena;
  Change change;
  FromRunner message;
  arena_open(&arena, SIZE_MAX);
  carillon__runner__v1__metric__init(&change);
  carillon__runner__v1__from_runner__init(&message);
  for (size_t i = 0; i < count; i++) {
    values[i] = arena_text(&arena, labels[i], CARILLON_METRIC_VALUE_BYTES_MAX + BEYOND);
  }
  change.metric = number;
  change.value = value;
  change.labels = values;
  change.n_labels = count;
  message.kind_case = CARILLON__RUNNER__V1__FROM_RUNNER__KIND_METRIC;
  message.metric = &change;
  wire_send(&arena, &message);
  arena_close(&arena);
}

static carillon_status apply(int32_t kind, uint64_t number, double value, const carillon_str *labels, size_t count) {
  if (!isfinite(value) || count > CARILLON_METRIC_LABELS_MAX || (labels == NULL && count > 0)) return CARILLON_INVALID;
  if (!is_known((metric){.number = number, .kind = kind, .labels = count})) return CARILLON_INVALID;
  send_change(number, value, labels, count);
  return CARILLON_OK;
}

static carillon_status add(void *context, uint64_t metric, double amount, const carillon_str *labels, size_t count) {
  (void)context;
  return amount < 0 ? CARILLON_INVALID : apply(CARILLON_METRIC_COUNTER, metric, amount, labels, count);
}

static carillon_status set(void *context, uint64_t metric, double value, const carillon_str *labels, size_t count) {
  (void)context;
  return apply(CARILLON_METRIC_GAUGE, metric, value, labels, count);
}

static carillon_status observe(void *context, uint64_t metric, double value, const carillon_str *labels,
                               size_t count) {
  (void)context;
  return apply(CARILLON_METRIC_HISTOGRAM, metric, value, labels, count);
}

static const carillon_host_metrics_1 table = {
  .struct_size = sizeof table,
  .context = (void *)&table,
  .define = define,
  .add = add,
  .set = set,
  .observe = observe,
};

const carillon_host_metrics_1 *host_metrics(void) { return &table; }
