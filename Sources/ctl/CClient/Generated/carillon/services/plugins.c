/* DO NOT EDIT: made by generate.py. */
#include <carillon/services/plugins.h>

#include "stream.h"

const carillon_method carillon_plugins_get_plugin_method = {"/carillon.v1.Plugins/GetPlugin",
    &carillon__v1__get_plugin_request__descriptor, &carillon__v1__plugin__descriptor, false, false};

carillon_code carillon_plugins_get_plugin(carillon_client *client,
    const Carillon__V1__GetPluginRequest *request, int64_t deadline_ms, Carillon__V1__Plugin **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_plugins_get_plugin_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Plugin *)message;
  return code;
}

const carillon_method carillon_plugins_list_plugins_method = {"/carillon.v1.Plugins/ListPlugins",
    &carillon__v1__list_plugins_request__descriptor, &carillon__v1__list_plugins_response__descriptor, false, false};

carillon_code carillon_plugins_list_plugins(carillon_client *client,
    const Carillon__V1__ListPluginsRequest *request, int64_t deadline_ms,
    Carillon__V1__ListPluginsResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_plugins_list_plugins_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__ListPluginsResponse *)message;
  return code;
}

const carillon_method carillon_plugins_watch_plugins_method = {"/carillon.v1.Plugins/WatchPlugins",
    &carillon__v1__watch_plugins_request__descriptor, &carillon__v1__watch_plugins_response__descriptor, false, true};

carillon_code carillon_plugins_watch_plugins(carillon_client *client,
    const Carillon__V1__WatchPluginsRequest *request, carillon_stream **stream, carillon_failure **failure)
{
  return carillon_stream_open(client, &carillon_plugins_watch_plugins_method,
      (const ProtobufCMessage *)request, stream, failure);
}

carillon_next carillon_plugins_watch_plugins_next(carillon_stream *stream, int64_t timeout_ms,
    Carillon__V1__WatchPluginsResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_next next = carillon_stream_next_of(stream, &carillon_plugins_watch_plugins_method,
      timeout_ms, &message, failure);
  *response = (Carillon__V1__WatchPluginsResponse *)message;
  return next;
}

const carillon_method carillon_plugins_load_plugin_method = {"/carillon.v1.Plugins/LoadPlugin",
    &carillon__v1__load_plugin_request__descriptor, &carillon__v1__plugin__descriptor, false, false};

carillon_code carillon_plugins_load_plugin(carillon_client *client,
    const Carillon__V1__LoadPluginRequest *request, int64_t deadline_ms, Carillon__V1__Plugin **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_plugins_load_plugin_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Plugin *)message;
  return code;
}

const carillon_method carillon_plugins_reload_plugin_method = {"/carillon.v1.Plugins/ReloadPlugin",
    &carillon__v1__reload_plugin_request__descriptor, &carillon__v1__plugin__descriptor, false, false};

carillon_code carillon_plugins_reload_plugin(carillon_client *client,
    const Carillon__V1__ReloadPluginRequest *request, int64_t deadline_ms, Carillon__V1__Plugin **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_plugins_reload_plugin_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Plugin *)message;
  return code;
}

const carillon_method carillon_plugins_roll_back_plugin_method = {"/carillon.v1.Plugins/RollBackPlugin",
    &carillon__v1__roll_back_plugin_request__descriptor, &carillon__v1__plugin__descriptor, false, false};

carillon_code carillon_plugins_roll_back_plugin(carillon_client *client,
    const Carillon__V1__RollBackPluginRequest *request, int64_t deadline_ms, Carillon__V1__Plugin **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_plugins_roll_back_plugin_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Plugin *)message;
  return code;
}

const carillon_method carillon_plugins_disable_plugin_method = {"/carillon.v1.Plugins/DisablePlugin",
    &carillon__v1__disable_plugin_request__descriptor, &carillon__v1__plugin__descriptor, false, false};

carillon_code carillon_plugins_disable_plugin(carillon_client *client,
    const Carillon__V1__DisablePluginRequest *request, int64_t deadline_ms, Carillon__V1__Plugin **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_plugins_disable_plugin_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Plugin *)message;
  return code;
}

const carillon_method carillon_plugins_enable_plugin_method = {"/carillon.v1.Plugins/EnablePlugin",
    &carillon__v1__enable_plugin_request__descriptor, &carillon__v1__plugin__descriptor, false, false};

carillon_code carillon_plugins_enable_plugin(carillon_client *client,
    const Carillon__V1__EnablePluginRequest *request, int64_t deadline_ms, Carillon__V1__Plugin **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_plugins_enable_plugin_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Plugin *)message;
  return code;
}

const carillon_method carillon_plugins_update_plugin_method = {"/carillon.v1.Plugins/UpdatePlugin",
    &carillon__v1__update_plugin_request__descriptor, &carillon__v1__plugin__descriptor, false, false};

carillon_code carillon_plugins_update_plugin(carillon_client *client,
    const Carillon__V1__UpdatePluginRequest *request, int64_t deadline_ms, Carillon__V1__Plugin **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_plugins_update_plugin_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Plugin *)message;
  return code;
}

const carillon_method carillon_plugins_list_plugin_logs_method = {"/carillon.v1.Plugins/ListPluginLogs",
    &carillon__v1__list_plugin_logs_request__descriptor, &carillon__v1__list_plugin_logs_response__descriptor, false, false};

carillon_code carillon_plugins_list_plugin_logs(carillon_client *client,
    const Carillon__V1__ListPluginLogsRequest *request, int64_t deadline_ms,
    Carillon__V1__ListPluginLogsResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_plugins_list_plugin_logs_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__ListPluginLogsResponse *)message;
  return code;
}

const carillon_method carillon_plugins_watch_plugin_logs_method = {"/carillon.v1.Plugins/WatchPluginLogs",
    &carillon__v1__watch_plugin_logs_request__descriptor, &carillon__v1__watch_plugin_logs_response__descriptor, false, true};

carillon_code carillon_plugins_watch_plugin_logs(carillon_client *client,
    const Carillon__V1__WatchPluginLogsRequest *request, carillon_stream **stream,
    carillon_failure **failure)
{
  return carillon_stream_open(client, &carillon_plugins_watch_plugin_logs_method,
      (const ProtobufCMessage *)request, stream, failure);
}

carillon_next carillon_plugins_watch_plugin_logs_next(carillon_stream *stream, int64_t timeout_ms,
    Carillon__V1__WatchPluginLogsResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_next next = carillon_stream_next_of(stream, &carillon_plugins_watch_plugin_logs_method,
      timeout_ms, &message, failure);
  *response = (Carillon__V1__WatchPluginLogsResponse *)message;
  return next;
}
