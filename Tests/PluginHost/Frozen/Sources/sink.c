/* A sink that says in each result all that it was given, in one line. Frozen: it is never changed, only added to. */
#include <carillon/carillon.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

CARILLON_MANIFEST(manifest,
                  "{\"id\": \"org.carillon.frozen.sink\", \"name\": \"frozen-sink\", \"version\": \"1.0.0\","
                  " \"vendor\": \"Carillon\", \"provides\": [\"carillon.sink/1\"],"
                  " \"requires\": [\"carillon.host.delivery/1\", \"carillon.host.log/1\"], \"reads\": [],"
                  " \"permissions\": [], \"schemas\": {\"configuration\": {\"type\": \"object\","
                  " \"properties\": {\"word\": {\"type\": \"string\"}}, \"additionalProperties\": false}}}");

enum { DETAIL_BYTES = 1024, NAME_BYTES = 64, CONFIG_BYTES = 128, BATCH = 64 };

struct carillon_instance {
  char name[NAME_BYTES], config[CONFIG_BYTES];
};

static const carillon_host *host;
static const carillon_host_delivery_1 *deliveries;
static const carillon_host_log_1 *log_;

static carillon_str str(const char *text) { return (carillon_str){text, strlen(text)}; }

static carillon_status create(carillon_str name, carillon_str config, carillon_instance **instance,
                              carillon_error *error) {
  carillon_instance *made = calloc(1, sizeof *made);
  if (made == NULL) {
    host->fail(error, CARILLON_FAILED, str("no memory"));
    return CARILLON_FAILED;
  }
  snprintf(made->name, sizeof made->name, "%.*s", (int)name.len, name.ptr);
  snprintf(made->config, sizeof made->config, "%.*s", (int)config.len, config.ptr);
  *instance = made;
  return CARILLON_OK;
}

static carillon_status activate(carillon_instance *instance, carillon_error *error) {
  (void)error;
  if (log_->enabled(log_->context, CARILLON_LOG_WARNING)) {
    log_->write(log_->context, CARILLON_LOG_WARNING, str(instance->name), str("frozen and active"));
  }
  return CARILLON_OK;
}

static void add(char *detail, carillon_str value) {
  size_t used = strlen(detail);
  snprintf(detail + used, DETAIL_BYTES - used, "|%.*s", (int)value.len, value.len ? value.ptr : "");
}

static void describe(carillon_instance *instance, const carillon_delivery *delivery, char *detail) {
  const carillon_event *event = delivery->event;
  const carillon_message *message = delivery->message;
  const carillon_civil *local = &event->local;
  snprintf(detail, DETAIL_BYTES, "%s|%s|attempt %u|first %lld|late %lld|due %lld|%d-%02d-%02dT%02d:%02d:%02d fold %d|flags %u %u",
           instance->name, instance->config, delivery->attempt, (long long)delivery->first_attempt_ns,
           (long long)delivery->late_ns, (long long)event->due_ns, (int)local->year, local->month, local->day,
           local->hour, local->minute, local->second, local->fold, event->flags, message->flags);
  const carillon_str values[] = {
      delivery->idempotency_key, delivery->endpoint, delivery->carry,        event->id,       event->namespace_,
      event->type,               event->schedule_id, event->occurrence_key,  event->time_zone, event->locale,
      event->user_json,          event->data_json,   message->title,         message->text,    message->html,
      message->content_type,     message->data,
  };
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) add(detail, values[i]);
}

static carillon_status deliver(carillon_instance *instance, const carillon_delivery *const *batch, size_t count,
                               carillon_error *error) {
  if (count > BATCH) {
    host->fail(error, CARILLON_BUSY, str("a batch of more than 64"));
    return CARILLON_BUSY;
  }
  static _Thread_local char details[BATCH][DETAIL_BYTES];
  carillon_ticket tickets[BATCH];
  carillon_result results[BATCH];
  const carillon_result *pointers[BATCH];
  for (size_t i = 0; i < count; i++) {
    describe(instance, batch[i], details[i]);
    tickets[i] = batch[i]->ticket;
    results[i] = (carillon_result){.struct_size = sizeof results[i], .outcome = CARILLON_DELIVERED};
    results[i].retry_after_ms = 2500;
    results[i].code = str("frozen-1");
    results[i].detail = str(details[i]);
    results[i].receipt = batch[i]->idempotency_key;
    results[i].carry = str("carried");
    pointers[i] = &results[i];
  }
  return deliveries->complete(deliveries->context, tickets, pointers, count);
}

static void cancel(carillon_instance *instance, const carillon_ticket *tickets, size_t count) {
  (void)instance, (void)tickets, (void)count;
}

static carillon_status drain(carillon_instance *instance, uint64_t timeout_ms) {
  (void)instance, (void)timeout_ms;
  return CARILLON_OK;
}

static void deactivate(carillon_instance *instance) { (void)instance; }

static void destroy(carillon_instance *instance) { free(instance); }

static const carillon_sink_1 sink = {
    .struct_size = sizeof sink, .thread_model = CARILLON_SERIAL, .create = create,         .activate = activate,
    .deliver = deliver,         .cancel = cancel,                .drain = drain,           .deactivate = deactivate,
    .destroy = destroy,
};

static carillon_status start(const carillon_host *given, carillon_error *error) {
  (void)error;
  host = given;
  deliveries = host->interface(host->context, CARILLON_HOST_DELIVERY_1);
  log_ = host->interface(host->context, CARILLON_HOST_LOG_1);
  return CARILLON_OK;
}

static void stop(void) {}

static const void *interface(const char *id) { return strcmp(id, CARILLON_SINK_1) == 0 ? &sink : NULL; }

const carillon_plugin *carillon_plugin_v1(void) {
  static const carillon_plugin plugin = {
      .struct_size = sizeof plugin,   .abi_major = CARILLON_ABI_MAJOR, .abi_minor = CARILLON_ABI_MINOR,
      .manifest_json = manifest.json, .start = start,                  .stop = stop,
      .interface = interface,
  };
  return &plugin;
}
