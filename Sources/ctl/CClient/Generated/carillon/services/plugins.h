/* DO NOT EDIT: made by generate.py. */
#ifndef CARILLON_SERVICES_PLUGINS_H
#define CARILLON_SERVICES_PLUGINS_H

#include <carillon/client.h>
#include <carillon/v1/plugins.pb-c.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The plugins of the agent that answers. */

extern const carillon_method carillon_plugins_get_plugin_method;
carillon_code carillon_plugins_get_plugin(carillon_client *client,
    const Carillon__V1__GetPluginRequest *request, int64_t deadline_ms, Carillon__V1__Plugin **response,
    carillon_failure **failure);

/* Also those that were refused, with the reason. */
extern const carillon_method carillon_plugins_list_plugins_method;
carillon_code carillon_plugins_list_plugins(carillon_client *client,
    const Carillon__V1__ListPluginsRequest *request, int64_t deadline_ms,
    Carillon__V1__ListPluginsResponse **response, carillon_failure **failure);

/* First every plugin, then each one that changed. Goes on until the client ends it. */
extern const carillon_method carillon_plugins_watch_plugins_method;
carillon_code carillon_plugins_watch_plugins(carillon_client *client,
    const Carillon__V1__WatchPluginsRequest *request, carillon_stream **stream, carillon_failure **failure);
carillon_next carillon_plugins_watch_plugins_next(carillon_stream *stream, int64_t timeout_ms,
    Carillon__V1__WatchPluginsResponse **response, carillon_failure **failure);

#ifdef __cplusplus
}
#endif
#endif
