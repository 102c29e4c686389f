/* DO NOT EDIT: made by generate.py. */
#ifndef CARILLON_SERVICES_PLUGINS_H
#define CARILLON_SERVICES_PLUGINS_H

#include <carillon/client.h>
#include <carillon/v1/plugins.pb-c.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The plugins of the agent that answers. A plugin that is disabled here stays so when the agent starts anew,
 * until it is enabled here. All else that is changed here counts in this run of the agent: after a restart its
 * configuration and its plugin folders say what is loaded, from which file, where it runs, and with which
 * configuration. The calls that change something take a validate_only: the file, its digest and manifest, the
 * configurations and the plugin's state are checked, nothing is loaded or changed, and the answer is as it would
 * be. A request_id counts for a day, in one run of the agent: the same call again changes nothing, and answers
 * with the plugin as it is then. */

extern const carillon_method carillon_plugins_get_plugin_method;
carillon_code carillon_plugins_get_plugin(carillon_client *client,
    const Carillon__V1__GetPluginRequest *request, int64_t deadline_ms, Carillon__V1__Plugin **response,
    carillon_failure **failure);

/* Also those that were refused, with the reason. */
extern const carillon_method carillon_plugins_list_plugins_method;
carillon_code carillon_plugins_list_plugins(carillon_client *client,
    const Carillon__V1__ListPluginsRequest *request, int64_t deadline_ms,
    Carillon__V1__ListPluginsResponse **response, carillon_failure **failure);

/* First every plugin, then each one that changed. Goes on until the client ends it. Statistics and a process's
 * memory, which always change, are left out. */
extern const carillon_method carillon_plugins_watch_plugins_method;
carillon_code carillon_plugins_watch_plugins(carillon_client *client,
    const Carillon__V1__WatchPluginsRequest *request, carillon_stream **stream, carillon_failure **failure);
carillon_next carillon_plugins_watch_plugins_next(carillon_stream *stream, int64_t timeout_ms,
    Carillon__V1__WatchPluginsResponse **response, carillon_failure **failure);

/* Loads a file from one of the agent's plugin folders. */
extern const carillon_method carillon_plugins_load_plugin_method;
carillon_code carillon_plugins_load_plugin(carillon_client *client,
    const Carillon__V1__LoadPluginRequest *request, int64_t deadline_ms, Carillon__V1__Plugin **response,
    carillon_failure **failure);

/* Puts a file in a loaded plugin's place without losing a delivery: new work goes to new instances, the old ones
 * finish theirs. Answers when new work goes to the new version. Its trial goes on: if it fails more often than
 * the version before did, that one comes back by itself. What was disabled by a call stays disabled. */
extern const carillon_method carillon_plugins_reload_plugin_method;
carillon_code carillon_plugins_reload_plugin(carillon_client *client,
    const Carillon__V1__ReloadPluginRequest *request, int64_t deadline_ms, Carillon__V1__Plugin **response,
    carillon_failure **failure);

/* Puts the version in place that was there before the last reload. Ends a trial that runs. */
extern const carillon_method carillon_plugins_roll_back_plugin_method;
carillon_code carillon_plugins_roll_back_plugin(carillon_client *client,
    const Carillon__V1__RollBackPluginRequest *request, int64_t deadline_ms, Carillon__V1__Plugin **response,
    carillon_failure **failure);

/* Takes a plugin out of use until it is enabled: nothing of it is called any more, and what it should deliver
 * waits. It stays so when the agent starts anew. */
extern const carillon_method carillon_plugins_disable_plugin_method;
carillon_code carillon_plugins_disable_plugin(carillon_client *client,
    const Carillon__V1__DisablePluginRequest *request, int64_t deadline_ms, Carillon__V1__Plugin **response,
    carillon_failure **failure);

/* Takes a plugin into use again, also one in quarantine. */
extern const carillon_method carillon_plugins_enable_plugin_method;
carillon_code carillon_plugins_enable_plugin(carillon_client *client,
    const Carillon__V1__EnablePluginRequest *request, int64_t deadline_ms, Carillon__V1__Plugin **response,
    carillon_failure **failure);

/* Gives an event type another configuration, which counts at once. A sink's configuration is changed with the
 * sink. */
extern const carillon_method carillon_plugins_update_plugin_method;
carillon_code carillon_plugins_update_plugin(carillon_client *client,
    const Carillon__V1__UpdatePluginRequest *request, int64_t deadline_ms, Carillon__V1__Plugin **response,
    carillon_failure **failure);

/* What a plugin logged since the agent's start, as far as the agent's log still has it: at most 1,000 lines, the
 * newest first. */
extern const carillon_method carillon_plugins_list_plugin_logs_method;
carillon_code carillon_plugins_list_plugin_logs(carillon_client *client,
    const Carillon__V1__ListPluginLogsRequest *request, int64_t deadline_ms,
    Carillon__V1__ListPluginLogsResponse **response, carillon_failure **failure);

/* First its last lines, then what it logs. Goes on until the client ends it, also while the plugin is reloaded.
 * What a slow client has not read before the agent's log drops it is lost to it, and counted. */
extern const carillon_method carillon_plugins_watch_plugin_logs_method;
carillon_code carillon_plugins_watch_plugin_logs(carillon_client *client,
    const Carillon__V1__WatchPluginLogsRequest *request, carillon_stream **stream,
    carillon_failure **failure);
carillon_next carillon_plugins_watch_plugin_logs_next(carillon_stream *stream, int64_t timeout_ms,
    Carillon__V1__WatchPluginLogsResponse **response, carillon_failure **failure);

#ifdef __cplusplus
}
#endif
#endif
