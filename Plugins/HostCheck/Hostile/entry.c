/* The entry, and what can be wrong with it and its tables. */
#include "hostile.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

CARILLON_MANIFEST(hostile_manifest,
                  "{\"id\": \"org.example.hostile\", \"name\": \"hostile\", \"version\": \"1.0.0\","
                  " \"vendor\": \"Carillon\", \"license\": \"Apache-2.0\","
                  " \"summary\": \"Breaks every rule, to try an agent.\","
                  " \"provides\": [\"carillon.sink/1\", \"carillon.event-type/1\"], \"requires\": [], \"reads\": [],"
                  " \"permissions\": [\"files\"], \"schemas\": {\"configuration\": {\"type\": \"object\"},"
                  " \"definition\": {\"type\": \"object\"}, \"data\": {\"type\": \"object\"}}}");

const carillon_host *host;
const carillon_host_delivery_1 *delivery_host;

static carillon_status start(const carillon_host *given, carillon_error *error) {
  host = given;
  delivery_host = host->interface(host->context, CARILLON_HOST_DELIVERY_1);
  tell("pid %d", getpid());
  return attack_at_start(error);
}

static void stop(void) {
  attack_at_end("stop");
  tell("stopped");
}

static const void *sink_table(void) {
  static carillon_sink_1 table;
  table = sink;
  if (ordered("sink-table-short")) table.struct_size = offsetof(carillon_sink_1, cancel);
  if (ordered("sink-table-null")) table.deliver = NULL;
  if (ordered("sink-table-long")) table.struct_size = UINT32_MAX;
  if (ordered("thread-model-unknown")) table.thread_model = 4711;
  return &table;
}

static const void *interface(const char *id) {
  if (ordered("interface-null")) return NULL;
  if (strcmp(id, CARILLON_SINK_1) == 0) return sink_table();
  return strcmp(id, CARILLON_EVENT_TYPE_1) == 0 ? &event_type : NULL;
}

/* As many bytes as no manifest has. */
static const char *endless(void) {
  size_t bytes = 2u * CARILLON_MANIFEST_LIMIT;
  char *text = malloc(bytes + 1);
  if (text == NULL) return "";
  memset(text, 'a', bytes);
  text[bytes] = 0;
  return text;
}

__attribute__((constructor)) static void loaded(void) { attack_at_load(); }

__attribute__((visibility("default"))) const carillon_plugin *carillon_plugin_v1(void) {
  static carillon_plugin plugin;
  plugin = (carillon_plugin){.struct_size = sizeof plugin, .abi_major = CARILLON_ABI_MAJOR,
                             .abi_minor = CARILLON_ABI_MINOR, .manifest_json = hostile_manifest.json, .start = start,
                             .stop = stop, .interface = interface};
  if (ordered("entry-null")) return NULL;
  if (ordered("other-major")) plugin.abi_major = CARILLON_ABI_MAJOR + 98;
  if (ordered("table-empty")) plugin.struct_size = 0;
  if (ordered("table-short")) plugin.struct_size = offsetof(carillon_plugin, start);
  if (ordered("table-long")) plugin.struct_size = UINT32_MAX;
  if (ordered("functions-null")) plugin.start = NULL;
  if (ordered("manifest-other")) plugin.manifest_json = "{\"id\": \"org.example.other\", \"name\": \"other\"}";
  if (ordered("manifest-endless")) plugin.manifest_json = endless();
  return &plugin;
}
