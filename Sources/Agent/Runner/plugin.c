#include "plugin.h"

#include <stdatomic.h>
#include <string.h>

#include "host.h"
#include "load.h"
#include "shut_in.h"
#include "wire.h"

enum state { LOADING, REFUSED, LOADED, STARTING, RUNNING, STOPPED };

static _Atomic enum state state = LOADING;
static carillon_plugin plugin;
static carillon_sink_1 sink;
static carillon_event_type_1 event_type;

static void say_loaded(arena *arena, Loaded *loaded) {
  FromRunner message;
  carillon__runner__v1__from_runner__init(&message);
  message.kind_case = CARILLON__RUNNER__V1__FROM_RUNNER__KIND_LOADED;
  message.loaded = loaded;
  wire_send(arena, &message);
}

void plugin_load(job *setup) {
  Loaded loaded;
  carillon_error error;
  carillon__runner__v1__loaded__init(&loaded);
  fault_open(&error, &setup->arena);
  bool done = shut_in_tell(&loaded, &error) && load_plugin(&loaded, &plugin, &error);
  loaded.fault = fault_message(&error);
  state = done ? LOADED : REFUSED;
  say_loaded(&setup->arena, &loaded);
  job_end(setup);
}

bool plugin_runs(carillon_error *error) {
  if (state == RUNNING) return true;
  fault_say(error, CARILLON_INVALID, "the plugin is not started");
  return false;
}

const carillon_sink_1 *plugin_sink(void) { return &sink; }

const carillon_event_type_1 *plugin_event_type(void) { return &event_type; }

/* Copies what both sides know of a table; answers what the plugin says is its size. */
static uint32_t copy(void *to, size_t size, const void *from) {
  uint32_t there;
  memcpy(&there, from, sizeof there);
  memcpy(to, from, there < size ? there : size);
  return there;
}

static void lacks(Table *table, char *name, bool is_lacking) {
  if (is_lacking) table->missing[table->n_missing++] = name;
}

static void read_sink(Table *table, const void *from) {
  table->struct_size = copy(&sink, sizeof sink, from);
  table->thread_model = sink.thread_model;
  lacks(table, "create", sink.create == NULL);
  lacks(table, "activate", sink.activate == NULL);
  lacks(table, "deliver", sink.deliver == NULL);
  lacks(table, "cancel", sink.cancel == NULL);
  lacks(table, "drain", sink.drain == NULL);
  lacks(table, "deactivate", sink.deactivate == NULL);
  lacks(table, "destroy", sink.destroy == NULL);
}

static void read_event_type(Table *table, const void *from) {
  table->struct_size = copy(&event_type, sizeof event_type, from);
  table->thread_model = event_type.thread_model;
  lacks(table, "create", event_type.create == NULL);
  lacks(table, "validate", event_type.validate == NULL);
  lacks(table, "next", event_type.next == NULL);
  lacks(table, "render", event_type.render == NULL);
  lacks(table, "destroy", event_type.destroy == NULL);
}

static Table *read_table(char *id, arena *arena) {
  enum { FUNCTIONS = 8 };
  Table *table = arena_need(arena, sizeof *table);
  carillon__runner__v1__tables__table__init(table);
  table->id = id;
  table->missing = arena_need(arena, FUNCTIONS * sizeof *table->missing);
  const void *from = plugin.interface(id);
  if (from == NULL) return table;
  if (strcmp(id, CARILLON_SINK_1) == 0) {
    read_sink(table, from);
  } else if (strcmp(id, CARILLON_EVENT_TYPE_1) == 0) {
    read_event_type(table, from);
  } else {
    memcpy(&table->struct_size, from, sizeof table->struct_size); /* all that is known of an unknown one */
  }
  return table;
}

static Tables *read_tables(const Start *start, arena *arena) {
  Tables *tables = arena_need(arena, sizeof *tables);
  carillon__runner__v1__tables__init(tables);
  tables->tables = arena_need(arena, start->n_interfaces * sizeof *tables->tables);
  for (size_t i = 0; i < start->n_interfaces; i++) {
    tables->tables[tables->n_tables++] = read_table(start->interfaces[i], arena);
  }
  return tables;
}

carillon_status plugin_start(const Start *start, carillon_error *error, Tables **tables) {
  enum state loaded = LOADED;
  if (!atomic_compare_exchange_strong(&state, &loaded, STARTING)) {
    return fault_say(error, CARILLON_INVALID, "the plugin is not loaded, or was started before");
  }
  carillon_status status = plugin.start(host_table(), error);
  if (status != CARILLON_OK) return status;
  *tables = read_tables(start, error->arena);
  state = RUNNING;
  return status;
}

carillon_status plugin_stop(carillon_error *error) {
  enum state running = RUNNING;
  if (!atomic_compare_exchange_strong(&state, &running, STOPPED)) {
    return fault_say(error, CARILLON_INVALID, "the plugin is not started");
  }
  plugin.stop();
  return CARILLON_OK;
}
