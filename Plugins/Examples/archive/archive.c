/* archive: a sink in C. Appends every delivery as a record of archive.proto to compressed, rotated files. */
#define _GNU_SOURCE
#include "batch.h"
#include "config.h"
#include <stdio.h>
#include <stdlib.h>

CARILLON_MANIFEST(
  manifest,
  "{\"id\": \"org.carillon.example.archive\", \"name\": \"archive\", \"version\": \"1.0.0\","
  " \"vendor\": \"Carillon\", \"license\": \"Apache-2.0\","
  " \"summary\": \"Appends every delivery as a protobuf record to compressed files.\","
  " \"provides\": [\"carillon.sink/1\"],"
  " \"requires\": [\"carillon.host.delivery/1\", \"carillon.host.json/1\", \"carillon.host.log/1\"],"
  " \"reads\": [], \"permissions\": [\"files\"],"
  " \"schemas\": {\"configuration\": {\"type\": \"object\", \"required\": [\"directory\"],"
  "  \"additionalProperties\": false,"
  "  \"examples\": [{\"directory\": \"/tmp/carillon-archive\"},"
  "   {\"directory\": \"/tmp/carillon-archive\", \"max_bytes\": 1000000, \"max_age_seconds\": 3600, \"keep_files\": 24,"
  "    \"sync\": false}],"
  "  \"properties\": {"
  "   \"directory\": {\"type\": \"string\", \"pattern\": \"^/\", \"maxLength\": 256},"
  "   \"max_bytes\": {\"type\": \"integer\", \"minimum\": 4096, \"maximum\": 536870912},"
  "   \"max_age_seconds\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": 31622400},"
  "   \"keep_files\": {\"type\": \"integer\", \"minimum\": 0, \"maximum\": 100000},"
  "   \"sync\": {\"type\": \"boolean\"}}}}}");

struct carillon_instance {
  char name[128];
  rules rules;
  files files;
  packer packer;
};

const carillon_host *host;
const carillon_host_delivery_1 *delivery_host;
const carillon_host_json_1 *json;
const carillon_host_log_1 *logger;

static void warn(const carillon_instance *instance, const char *what) {
  if (what[0] != '\0') logger->write(logger->context, CARILLON_LOG_WARNING, str(instance->name), str(what));
}

/* ---- The interface. ---- */

static void destroy(carillon_instance *instance) {
  files_close(&instance->files);
  seen_free(instance->packer.keys);
  bytes_free(&instance->packer.plain);
  bytes_free(&instance->packer.members);
  free(instance);
}

static carillon_status create(carillon_str name, carillon_str config, carillon_instance **instance,
                              carillon_error *error) {
  carillon_instance *made = calloc(1, sizeof *made);
  if (made == NULL) {
    host->fail(error, CARILLON_FAILED, str("no memory"));
    return CARILLON_FAILED;
  }
  made->files = (files){.file = -1, .directory = -1};
  snprintf(made->name, sizeof made->name, "%.*s", (int)(name.len < 127 ? name.len : 127), name.len > 0 ? name.ptr : "");
  carillon_status status = config_read(config, &made->rules, error);
  if (status != CARILLON_OK) {
    destroy(made);
    return status;
  }
  *instance = made;
  return CARILLON_OK;
}

static void deactivate(carillon_instance *instance) {
  files_close(&instance->files);
  seen_free(instance->packer.keys);
  instance->packer.keys = NULL;
}

static carillon_status activate(carillon_instance *instance, carillon_error *error) {
  char why[WHY_BYTES] = "no memory";
  deactivate(instance); /* an earlier attempt's */
  instance->packer.keys = seen_make();
  if (instance->packer.keys == NULL || !files_open(&instance->files, &instance->rules, instance->packer.keys, why)) {
    host->fail(error, CARILLON_FAILED, str(why));
    deactivate(instance);
    return CARILLON_FAILED;
  }
  warn(instance, why);
  return CARILLON_OK;
}

static carillon_status deliver(carillon_instance *instance, const carillon_delivery *const *deliveries, size_t count,
                               carillon_error *error) {
  batch batch = {deliveries, count, calloc(count > 0 ? count : 1, sizeof(fate)), 0};
  if (batch.fates == NULL) {
    host->fail(error, CARILLON_FAILED, str("no memory"));
    return CARILLON_FAILED;
  }
  packer *packer = &instance->packer;
  uint64_t first = 0;
  char why[WHY_BYTES] = "";
  int problem = batch_pack(packer, &batch);
  if (problem == 0 && batch.records > 0)
    problem = files_append(&instance->files, packer->members.at, packer->members.used, batch.records, &first, why);
  if (problem != 0) batch_take_back(packer, &batch);
  batch_answer(&batch, problem, instance->files.name, first);
  warn(instance, why);
  free(batch.fates);
  return CARILLON_OK;
}

/* Every delivery has ended when `deliver` returns. */
static void cancel(carillon_instance *instance, const carillon_ticket *tickets, size_t count) {
  (void)instance, (void)tickets, (void)count;
}

static carillon_status drain(carillon_instance *instance, uint64_t timeout_ms) {
  (void)instance, (void)timeout_ms;
  return CARILLON_OK;
}

static const carillon_sink_1 sink = {sizeof sink, CARILLON_SERIAL, create, activate, deliver, cancel, drain, deactivate,
                                     destroy};

/* ---- The entry. ---- */

static carillon_status start(const carillon_host *given, carillon_error *error) {
  host = given;
  delivery_host = host->interface(host->context, CARILLON_HOST_DELIVERY_1);
  json = host->interface(host->context, CARILLON_HOST_JSON_1);
  logger = host->interface(host->context, CARILLON_HOST_LOG_1);
  if (delivery_host != NULL && json != NULL && logger != NULL) return CARILLON_OK;
  host->fail(error, CARILLON_UNSUPPORTED, str("this agent lacks an interface that the manifest requires"));
  return CARILLON_UNSUPPORTED;
}

static void stop(void) {}

static const void *interface(const char *id) { return strcmp(id, CARILLON_SINK_1) == 0 ? &sink : NULL; }

static const carillon_plugin plugin = {sizeof plugin, CARILLON_ABI_MAJOR, CARILLON_ABI_MINOR, 0, manifest.json, start,
                                       stop, interface};

const carillon_plugin *carillon_plugin_v1(void) { return &plugin; }
