// journal: a sink in C++17. Writes every delivery to the journal of systemd, as an entry with fields.
//
// This file is the boundary: nothing is thrown over it, and nothing but `carillon_plugin_v1` is seen from outside.
#include "sink.hpp"
#include <cstring>

CARILLON_MANIFEST(
  manifest,
  R"json({"id": "org.carillon.example.journal", "name": "journal", "version": "1.0.0",
 "vendor": "Carillon", "license": "Apache-2.0",
 "summary": "Writes every delivery to the systemd journal, with fields to search by.",
 "provides": ["carillon.sink/1"],
 "requires": ["carillon.host.delivery/1", "carillon.host.json/1", "carillon.host.log/1"],
 "reads": [], "permissions": ["network"],
 "schemas": {"configuration": {"type": "object", "additionalProperties": false,
  "examples": [{}, {"identifier": "birthdays", "priority": "notice", "fields": {"TEAM": "people"}}],
  "properties": {
   "socket": {"type": "string", "pattern": "^/[^\u0000]*$", "maxLength": 100},
   "identifier": {"type": "string", "pattern": "^[!-~]{1,64}$"},
   "priority": {"enum": ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"]},
   "fields": {"type": "object", "maxProperties": 32, "propertyNames": {"pattern": "^[A-Z][A-Z0-9_]{0,63}$"},
    "additionalProperties": {"type": "string", "minLength": 1, "maxLength": 1024}}}}}})json");

// What the host holds as a handle.
struct carillon_instance final : journal::Sink {
  using Sink::Sink;
};

namespace {

using journal::host;
using journal::str;

carillon_status fail(carillon_error *error, carillon_status status, const char *message) noexcept {
  host.host->fail(error, status, str(message));
  return status;
}

// Runs what may throw.
template <typename Work> carillon_status guarded(carillon_error *error, Work work) noexcept {
  try {
    work();
    return CARILLON_OK;
  } catch (const journal::Failure &failure) {
    return fail(error, failure.status, failure.what());
  } catch (const std::exception &problem) {
    return fail(error, CARILLON_FAILED, problem.what());
  } catch (...) {
    return fail(error, CARILLON_FAILED, "something unknown was thrown");
  }
}

carillon_status create(carillon_str name, carillon_str config, carillon_instance **instance,
                       carillon_error *error) noexcept {
  return guarded(error, [&] { *instance = new carillon_instance(journal::view(name), journal::view(config)); });
}

carillon_status activate(carillon_instance *instance, carillon_error *error) noexcept {
  return guarded(error, [&] { instance->activate(); });
}

carillon_status deliver(carillon_instance *instance, const carillon_delivery *const *deliveries, size_t count,
                        carillon_error *) noexcept {
  instance->deliver(deliveries, count);
  return CARILLON_OK;
}

// Every delivery has ended when `deliver` returns, and it waits for two seconds at most.
void cancel(carillon_instance *, const carillon_ticket *, size_t) noexcept {}
carillon_status drain(carillon_instance *, uint64_t) noexcept { return CARILLON_OK; }
void deactivate(carillon_instance *instance) noexcept { instance->deactivate(); }
void destroy(carillon_instance *instance) noexcept { delete instance; }

const carillon_sink_1 sink = {sizeof sink, CARILLON_SERIAL, create, activate, deliver, cancel, drain, deactivate,
                              destroy};

template <typename Table> bool find(const carillon_host *given, const char *id, const Table *&table) noexcept {
  table = static_cast<const Table *>(given->interface(given->context, id));
  return table != nullptr;
}

carillon_status start(const carillon_host *given, carillon_error *error) noexcept {
  host.host = given;
  if (find(given, CARILLON_HOST_DELIVERY_1, host.delivery) && find(given, CARILLON_HOST_JSON_1, host.json) &&
      find(given, CARILLON_HOST_LOG_1, host.log))
    return CARILLON_OK;
  return fail(error, CARILLON_UNSUPPORTED, "this agent lacks an interface that the manifest requires");
}

void stop() noexcept {}

const void *interface(const char *id) noexcept { return std::strcmp(id, CARILLON_SINK_1) == 0 ? &sink : nullptr; }

const carillon_plugin plugin = {sizeof plugin, CARILLON_ABI_MAJOR, CARILLON_ABI_MINOR, 0, manifest.json, start, stop,
                                interface};

} // namespace

const carillon_plugin *carillon_plugin_v1() { return &plugin; }
