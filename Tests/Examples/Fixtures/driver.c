/* A small host, for running the examples where the agent is too much: under valgrind, with sanitizers, to be killed.
 *
 *   driver sink PLUGIN CONFIGURATION FIRST COUNT BATCH [deliver|long|cancel|abandon]
 *     delivers key-FIRST and so on, BATCH at a time; prints "KEY OUTCOME CODE" of each that ends. With `long` each text has
 *     400,000 bytes; `cancel` cancels each batch at once; `abandon` deactivates without draining.
 *   driver event-type PLUGIN DEFINITION YEAR COUNT
 *     prints "DATE TIME KEY TITLE" of the first occurrences from a year on, seven at a time.
 *
 * It ends with 1 when the plugin breaks its contract, with 3 when the plugin refuses something. */
#define _GNU_SOURCE
#include "json.h"
#include <carillon/carillon.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATCH_MOST = 1000, TEXT_BYTES = 512, LONG_BYTES = 400000 };

static void expect(int holds, const char *what) {
  if (holds) return;
  fprintf(stderr, "driver: %s\n", what);
  exit(1);
}

static carillon_str str(const char *text) { return (carillon_str){text, strlen(text)}; }

/* ---- What the host offers. ---- */

static void fail(carillon_error *error, carillon_status status, carillon_str message) {
  (void)error;
  fprintf(stderr, "fail %d %.*s\n", status, (int)message.len, message.ptr);
}

static void violation(carillon_error *error, carillon_str pointer, carillon_str code, carillon_str message) {
  (void)error;
  fprintf(stderr, "violation %.*s %.*s %.*s\n", (int)pointer.len, pointer.ptr, (int)code.len, code.ptr,
          (int)message.len, message.ptr);
}

static int32_t enabled(void *context, int32_t level) {
  (void)context;
  return level >= CARILLON_LOG_INFO;
}

static void write_line(void *context, int32_t level, carillon_str instance, carillon_str message) {
  (void)context;
  fprintf(stderr, "log %d %.*s: %.*s\n", level, (int)instance.len, instance.ptr, (int)message.len, message.ptr);
}

/* Tickets are places in the batch, from 1. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static char open_keys[BATCH_MOST][32];
static size_t open_count;

static carillon_status complete(void *context, const carillon_ticket *tickets, const carillon_result *const *results,
                                size_t count) {
  (void)context;
  pthread_mutex_lock(&lock);
  for (size_t i = 0; i < count; i++) {
    expect(tickets[i] >= 1 && tickets[i] <= BATCH_MOST, "a ticket that was never given out");
    char *key = open_keys[tickets[i] - 1];
    expect(key[0] != '\0', "a ticket was completed twice");
    expect(results[i]->struct_size == sizeof **results && results[i]->outcome >= 1, "no result");
    printf("%s %d %.*s\n", key, results[i]->outcome, (int)results[i]->code.len, results[i]->code.ptr);
    key[0] = '\0';
    open_count--;
  }
  fflush(stdout);
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&lock);
  return CARILLON_OK;
}

static const carillon_host_delivery_1 delivery_table = {sizeof delivery_table, 0, NULL, complete};
static const carillon_host_log_1 log_table = {sizeof log_table, 0, NULL, enabled, write_line};

static const void *interface(void *context, const char *id) {
  (void)context;
  if (strcmp(id, CARILLON_HOST_DELIVERY_1) == 0) return &delivery_table;
  if (strcmp(id, CARILLON_HOST_JSON_1) == 0) return &driver_json;
  if (strcmp(id, CARILLON_HOST_LOG_1) == 0) return &log_table;
  return NULL;
}

static const carillon_host host = {sizeof host, CARILLON_ABI_MINOR, NULL, interface, fail, violation};

/* ---- Sinks. ---- */

static int64_t monotonic_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000ll + now.tv_nsec;
}

static void wait_for_all(void) {
  pthread_mutex_lock(&lock);
  while (open_count > 0) pthread_cond_wait(&changed, &lock);
  pthread_mutex_unlock(&lock);
}

static void deliver(const carillon_sink_1 *sink, carillon_instance *instance, unsigned long first, size_t count,
                    const char *mode) {
  static carillon_delivery deliveries[BATCH_MOST];
  static carillon_event events[BATCH_MOST];
  static carillon_message messages[BATCH_MOST];
  static char texts[BATCH_MOST][TEXT_BYTES], keys[BATCH_MOST][32], long_text[LONG_BYTES];
  memset(long_text, 'l', sizeof long_text);
  const carillon_delivery *pointers[BATCH_MOST];
  carillon_ticket tickets[BATCH_MOST];
  for (size_t i = 0; i < count; i++) {
    snprintf(keys[i], sizeof keys[i], "key-%lu", first + i);
    snprintf(texts[i], sizeof texts[i], "Text %lu, \"quoted\",\nand more: %0*lu", first + i, (int)(first + i) % 200, first);
    strcpy(open_keys[i], keys[i]);
    events[i] = (carillon_event){.struct_size = sizeof *events, .id = str(keys[i]), .namespace_ = str("default"),
      .type = str("test"), .schedule_id = str("s"), .occurrence_key = str("2031"), .time_zone = str("Europe/Paris"),
      .locale = str("en"), .user_json = str("{\"id\":\"ada\",\"time_zone\":\"Europe/Paris\"}"),
      .definition_json = str("{}"), .data_json = str("{}"), .local = {2031, 5, 4, 9, 0, 0, 0, {0, 0}},
      .due_ns = 1935644400000000000};
    messages[i] = (carillon_message){.struct_size = sizeof *messages, .title = str("Title"), .text = str(texts[i])};
    if (strcmp(mode, "long") == 0) messages[i].text = (carillon_str){long_text, sizeof long_text};
    tickets[i] = i + 1;
    deliveries[i] = (carillon_delivery){.struct_size = sizeof *deliveries, .attempt = 1, .ticket = tickets[i],
      .idempotency_key = str(keys[i]), .endpoint = str("somewhere"), .deadline_ns = monotonic_ns() + 60000000000,
      .first_attempt_ns = 1935644400000000000, .event = &events[i], .message = &messages[i]};
    pointers[i] = &deliveries[i];
  }
  open_count = count;
  carillon_status status = sink->deliver(instance, pointers, count, NULL);
  if (status != CARILLON_OK) exit(3);
  if (strcmp(mode, "cancel") == 0) sink->cancel(instance, tickets, count);
  /* What was lent is taken back. */
  memset(texts, '?', sizeof texts);
  memset(long_text, '?', sizeof long_text);
  memset(keys, '?', sizeof keys);
}

static int run_sink(const carillon_sink_1 *sink, char **words, const char *mode) {
  carillon_instance *instance = NULL;
  unsigned long first = strtoul(words[1], NULL, 10), count = strtoul(words[2], NULL, 10);
  unsigned long batch = strtoul(words[3], NULL, 10);
  expect(batch >= 1 && batch <= BATCH_MOST, "a batch is 1 to 1000");
  if (sink->create(str("driven"), str(words[0]), &instance, NULL) != CARILLON_OK) return 3;
  if (sink->activate(instance, NULL) != CARILLON_OK) {
    sink->destroy(instance);
    return 3;
  }
  for (unsigned long done = 0; done < count; done += batch) {
    deliver(sink, instance, first + done, count - done < batch ? count - done : batch, mode);
    if (strcmp(mode, "abandon") == 0) break;
    wait_for_all();
  }
  if (strcmp(mode, "abandon") != 0) expect(sink->drain(instance, 5000) == CARILLON_OK, "drain failed");
  sink->deactivate(instance);
  expect(open_count == 0, "deactivate left deliveries open");
  sink->destroy(instance);
  return 0;
}

/* ---- Event types. ---- */

typedef struct series {
  const carillon_event_type_1 *type;
  carillon_instance *instance;
  const char *definition;
  carillon_cursor cursor;
  char key[201];
  size_t count;
} series;

static carillon_status emit_message(void *context, size_t event, const carillon_message *message) {
  (void)context;
  expect(event == 0, "a message of no event");
  printf(" %.*s\n", (int)message->title.len, message->title.ptr);
  return CARILLON_OK;
}

static carillon_status emit_occurrence(void *context, size_t request, const carillon_occurrence *occurrence) {
  series *all = context;
  expect(request == 0 && occurrence->kind == CARILLON_OCCURRENCE_CIVIL, "an occurrence of no request");
  snprintf(all->key, sizeof all->key, "%.*s", (int)occurrence->key.len, occurrence->key.ptr);
  const carillon_civil *civil = &occurrence->civil;
  all->cursor = (carillon_cursor){.struct_size = sizeof all->cursor, .civil = *civil, .ordinal = occurrence->ordinal,
                                  .key = str(all->key)};
  all->count++;
  printf("%04d-%02d-%02d %02d:%02d %s", civil->year, civil->month, civil->day, civil->hour, civil->minute, all->key);
  carillon_event event = {.struct_size = sizeof event, .id = str("evt"), .namespace_ = str("default"), .type = str("t"),
    .schedule_id = str("s"), .occurrence_key = str(all->key), .time_zone = str("UTC"), .locale = str("en"),
    .user_json = str("{}"), .definition_json = str(all->definition), .data_json = str("{}"), .local = *civil};
  const carillon_event *events[] = {&event};
  expect(all->type->render(all->instance, events, 1, emit_message, NULL, NULL) == CARILLON_OK, "render failed");
  return CARILLON_OK;
}

static int run_event_type(const carillon_event_type_1 *type, char **words) {
  series all = {.type = type, .definition = words[0]};
  size_t count = strtoul(words[2], NULL, 10), before = 1;
  if (type->create(str("driven"), str("{}"), &all.instance, NULL) != CARILLON_OK) return 3;
  carillon_status status = type->validate(all.instance, str(words[0]), NULL);
  all.cursor = (carillon_cursor){.struct_size = sizeof all.cursor, .flags = CARILLON_CURSOR_START,
                                 .civil = {.year = atoi(words[1]), .month = 1, .day = 1}};
  while (status == CARILLON_OK && all.count < count && all.count != before) {
    carillon_cursor after = all.cursor;
    char key[201];
    strcpy(key, all.key);
    after.key = str(key);
    before = all.count;
    uint32_t most = count - before < 7 ? (uint32_t)(count - before) : 7;
    carillon_next_request request = {.struct_size = sizeof request, .max = most, .definition_json = str(words[0]),
                                     .user_json = str("{}"), .time_zone = str("UTC"), .after = &after};
    const carillon_next_request *requests[] = {&request};
    expect(type->next(all.instance, requests, 1, emit_occurrence, &all, NULL) == CARILLON_OK, "next failed");
    expect(all.count - before <= most, "more than was asked for");
  }
  type->destroy(all.instance);
  return status == CARILLON_OK ? 0 : 3;
}

int main(int count, char **words) {
  int is_sink = count >= 7 && strcmp(words[1], "sink") == 0;
  int is_type = count == 6 && strcmp(words[1], "event-type") == 0;
  expect(is_sink || is_type, "see the head of driver.c for its arguments");
  void *library = dlopen(words[2], RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == NULL) fprintf(stderr, "%s\n", dlerror());
  expect(library != NULL, "the plugin does not load");
  const carillon_plugin *(*entry)(void);
  *(void **)&entry = dlsym(library, CARILLON_PLUGIN_SYMBOL);
  expect(entry != NULL, "no entry");
  const carillon_plugin *plugin = entry();
  if (plugin->start(&host, NULL) != CARILLON_OK) return 3;
  const void *table = plugin->interface(is_sink ? CARILLON_SINK_1 : CARILLON_EVENT_TYPE_1);
  expect(table != NULL && plugin->interface("carillon.none/1") == NULL, "the interface is not there");
  int status = is_sink ? run_sink(table, words + 3, count > 7 ? words[7] : "deliver") : run_event_type(table, words + 3);
  plugin->stop();
  return status;
}
