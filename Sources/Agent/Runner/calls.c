#include "calls.h"

#include <stdio.h>

#include "wire.h"

bool calling_instance(const calling *calling, enum instance_kind kind, instance *found) {
  if (instances_find(calling->call->instance, found) && found->kind == kind) return true;
  char why[96];
  snprintf(why, sizeof why, "the plugin has no %s number %llu", kind == SINK ? "sink" : "event type",
           (unsigned long long)calling->call->instance);
  fault_say(calling->error, CARILLON_INVALID, why);
  return false;
}

carillon_status calling_lacks(const calling *calling, const char *function) {
  char why[64];
  snprintf(why, sizeof why, "the plugin has no %s", function);
  return fault_say(calling->error, CARILLON_UNSUPPORTED, why);
}

static carillon_status make_instance_call(const calling *calling) {
  if (!plugin_runs(calling->error)) return CARILLON_INVALID;
  switch (calling->call->kind_case) {
    case CARILLON__RUNNER__V1__CALL__KIND_CREATE: return call_create(calling);
    case CARILLON__RUNNER__V1__CALL__KIND_VALIDATE: return call_validate(calling);
    case CARILLON__RUNNER__V1__CALL__KIND_NEXT: return call_next(calling);
    case CARILLON__RUNNER__V1__CALL__KIND_RENDER: return call_render(calling);
    case CARILLON__RUNNER__V1__CALL__KIND_ACTIVATE: return call_activate(calling);
    case CARILLON__RUNNER__V1__CALL__KIND_DELIVER: return call_deliver(calling);
    case CARILLON__RUNNER__V1__CALL__KIND_DRAIN: return call_drain(calling);
    case CARILLON__RUNNER__V1__CALL__KIND_DEACTIVATE: return call_deactivate(calling);
    case CARILLON__RUNNER__V1__CALL__KIND_DESTROY: return call_destroy(calling);
    default: return fault_say(calling->error, CARILLON_UNSUPPORTED, "the runner does not know this call");
  }
}

static carillon_status make_call(const calling *calling) {
  switch (calling->call->kind_case) {
    case CARILLON__RUNNER__V1__CALL__KIND_START:
      return plugin_start(calling->call->start, calling->error, &calling->reply->tables);
    case CARILLON__RUNNER__V1__CALL__KIND_STOP: return plugin_stop(calling->error);
    default: return make_instance_call(calling);
  }
}

void call_run(job *job) {
  Reply reply;
  FromRunner message;
  carillon_error error;
  carillon__runner__v1__reply__init(&reply);
  carillon__runner__v1__from_runner__init(&message);
  fault_open(&error, &job->arena);
  calling calling = {.call = job->message->call, .arena = &job->arena, .error = &error, .reply = &reply};
  reply.id = calling.call->id;
  reply.status = make_call(&calling);
  reply.fault = fault_message(&error);
  message.kind_case = CARILLON__RUNNER__V1__FROM_RUNNER__KIND_REPLY;
  message.reply = &reply;
  wire_send(&job->arena, &message);
  job_end(job);
}

void call_cancel(job *job) {
  const Cancel *cancel = job->message->cancel;
  instance instance;
  if (instances_begin_cancel(cancel->instance, &instance)) {
    const carillon_sink_1 *sink = plugin_sink();
    if (instance.kind == SINK && sink->cancel != NULL && cancel->n_tickets > 0) {
      sink->cancel(instance.object, cancel->tickets, cancel->n_tickets);
    }
    instances_end_cancel();
  }
  job_end(job);
}
