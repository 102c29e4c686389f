/* exec: a sink in C. Runs a command for every delivery, with the message on its standard input. */
#include "jobs.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

CARILLON_MANIFEST(
  manifest,
  "{\"id\": \"org.carillon.example.exec\", \"name\": \"exec\", \"version\": \"1.0.0\","
  " \"vendor\": \"Carillon\", \"license\": \"Apache-2.0\","
  " \"summary\": \"Runs a command for every delivery, with the message on its standard input.\","
  " \"provides\": [\"carillon.sink/1\"],"
  " \"requires\": [\"carillon.host.delivery/1\", \"carillon.host.json/1\"],"
  " \"reads\": [], \"permissions\": [\"exec\", \"files\", \"network\"],"
  " \"schemas\": {\"configuration\": {\"type\": \"object\", \"required\": [\"command\"],"
  "  \"additionalProperties\": false,"
  "  \"examples\": [{\"command\": [\"/bin/cat\"]},"
  "   {\"command\": [\"/usr/bin/env\", \"sh\", \"-c\", \"cat >/dev/null\"], \"input\": \"json\", \"children\": 2,"
  "    \"time_limit_seconds\": 10, \"directory\": \"/tmp\", \"environment\": [\"PATH=/usr/bin:/bin\"]}],"
  "  \"properties\": {"
  "   \"command\": {\"type\": \"array\", \"minItems\": 1, \"maxItems\": 64,"
  "    \"prefixItems\": [{\"type\": \"string\", \"pattern\": \"^/\"}],"
  "    \"items\": {\"type\": \"string\", \"maxLength\": 4096}},"
  "   \"input\": {\"enum\": [\"text\", \"json\"]},"
  "   \"time_limit_seconds\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": 3600},"
  "   \"children\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": 64},"
  "   \"directory\": {\"type\": \"string\", \"pattern\": \"^/\", \"maxLength\": 1024},"
  "   \"environment\": {\"type\": \"array\", \"maxItems\": 64,"
  "    \"items\": {\"type\": \"string\", \"pattern\": \"^[A-Za-z_][A-Za-z0-9_]*=\", \"maxLength\": 4096}}}}}}");

struct carillon_instance {
  config config;
  jobs jobs;
};

const carillon_host *host;
const carillon_host_delivery_1 *delivery_host;
const carillon_host_json_1 *json;

/* ---- The interface. ---- */

static carillon_status create(carillon_str name, carillon_str document, carillon_instance **instance,
                              carillon_error *error) {
  (void)name;
  carillon_instance *made = calloc(1, sizeof *made);
  if (made == NULL) return failed(error, "no memory");
  carillon_status status = config_read(document, &made->config, error);
  if (status != CARILLON_OK) {
    free(made);
    return status;
  }
  *instance = made;
  return CARILLON_OK;
}

static carillon_status activate(carillon_instance *instance, carillon_error *error) {
  const char *command = instance->config.words[0];
  char message[512];
  int problem = access(command, X_OK) == 0 ? 0 : errno;
  if (problem != 0) {
    snprintf(message, sizeof message, "%.300s cannot be run: %s", command, strerror(problem));
    return failed(error, message);
  }
  if (instance->jobs.has_thread) return CARILLON_OK;
  problem = jobs_start(&instance->jobs, &instance->config);
  return problem == 0 ? CARILLON_OK : failed(error, strerror(problem));
}

static void free_all(job *first) {
  while (first != NULL) {
    job *next = first->next;
    job_free(first);
    first = next;
  }
}

static carillon_status deliver(carillon_instance *instance, const carillon_delivery *const *deliveries, size_t count,
                               carillon_error *error) {
  job *first = NULL, **end = &first;
  for (size_t i = 0; i < count; i++) {
    *end = job_make(deliveries[i], &instance->config);
    if (*end == NULL) {
      free_all(first);
      return failed(error, "no memory");
    }
    end = &(*end)->next;
  }
  if (jobs_add(&instance->jobs, first, count)) return CARILLON_OK;
  free_all(first);
  host->fail(error, CARILLON_BUSY, str("as many deliveries wait as may"));
  return CARILLON_BUSY;
}

static void cancel(carillon_instance *instance, const carillon_ticket *tickets, size_t count) {
  if (instance->jobs.has_thread) jobs_cancel(&instance->jobs, tickets, count);
}

static carillon_status drain(carillon_instance *instance, uint64_t timeout_ms) {
  if (!instance->jobs.has_thread) return CARILLON_OK;
  return jobs_drain(&instance->jobs, timeout_ms) ? CARILLON_OK : CARILLON_FAILED;
}

static void deactivate(carillon_instance *instance) { jobs_stop(&instance->jobs); }

static void destroy(carillon_instance *instance) {
  jobs_stop(&instance->jobs);
  config_free(&instance->config);
  free(instance);
}

static const carillon_sink_1 sink = {sizeof sink, CARILLON_SERIAL, create, activate, deliver, cancel, drain, deactivate,
                                     destroy};

/* ---- The entry. ---- */

static carillon_status start(const carillon_host *given, carillon_error *error) {
  host = given;
  delivery_host = host->interface(host->context, CARILLON_HOST_DELIVERY_1);
  json = host->interface(host->context, CARILLON_HOST_JSON_1);
  if (delivery_host != NULL && json != NULL) return CARILLON_OK;
  host->fail(error, CARILLON_UNSUPPORTED, str("this agent lacks an interface that the manifest requires"));
  return CARILLON_UNSUPPORTED;
}

static void stop(void) {}

static const void *interface(const char *id) { return strcmp(id, CARILLON_SINK_1) == 0 ? &sink : NULL; }

static const carillon_plugin plugin = {sizeof plugin, CARILLON_ABI_MAJOR, CARILLON_ABI_MINOR, 0, manifest.json, start,
                                       stop, interface};

const carillon_plugin *carillon_plugin_v1(void) { return &plugin; }
