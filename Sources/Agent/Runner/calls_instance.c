/* create and destroy, of both kinds. */
#include <string.h>

#include "calls.h"
#include "host.h"

typedef carillon_status (*create_function)(carillon_str name, carillon_str config_json, carillon_instance **instance,
                                           carillon_error *error);

static carillon_status make(const calling *calling, create_function create) {
  const Create *asked = calling->call->create;
  const uint64_t number = calling->call->instance;
  carillon_instance *object = NULL;
  instance forgotten;
  carillon_status status = create(text_of(asked->name), text_of(asked->configuration), &object, calling->error);
  if (status == CARILLON_OK && object == NULL) {
    status = fault_say(calling->error, CARILLON_FAILED, "create answered OK and no instance");
  }
  if (status == CARILLON_OK) {
    instances_set(number, object);
  } else {
    instances_remove(number, &forgotten);
  }
  return status;
}

carillon_status call_create(const calling *calling) {
  const char *interface = calling->call->create->interface;
  bool is_sink = strcmp(interface, CARILLON_SINK_1) == 0;
  if (!is_sink && strcmp(interface, CARILLON_EVENT_TYPE_1) != 0) {
    return fault_say(calling->error, CARILLON_UNSUPPORTED, "the runner does not know this interface");
  }
  create_function create = is_sink ? plugin_sink()->create : plugin_event_type()->create;
  if (create == NULL) return calling_lacks(calling, "create");
  if (!instances_reserve(calling->call->instance, is_sink ? SINK : EVENT_TYPE)) {
    return fault_say(calling->error, CARILLON_INVALID, "the instance's number is taken, or 1024 instances are there");
  }
  return make(calling, create);
}

carillon_status call_destroy(const calling *calling) {
  instance instance;
  if (!instances_find(calling->call->instance, &instance) ||
      !instances_remove(calling->call->instance, &instance)) {
    return fault_say(calling->error, CARILLON_INVALID, "the plugin has no such instance");
  }
  void (*destroy)(carillon_instance *) = instance.kind == SINK ? plugin_sink()->destroy : plugin_event_type()->destroy;
  if (destroy == NULL) return calling_lacks(calling, "destroy");
  destroy(instance.object);
  return CARILLON_OK;
}
