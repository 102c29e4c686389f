/* DO NOT EDIT: made by generate.py. */
#ifndef CARILLON_OPTIONAL_H
#define CARILLON_OPTIONAL_H

#include <stdbool.h>
#include <carillon/v1/plugins.pb-c.h>
#include <carillon/v1/queues.pb-c.h>
#include <carillon/v1/sinks.pb-c.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Fields that may be absent, which is another thing than 0. */

static inline bool carillon_plugin_has_reloads_left(const Carillon__V1__Plugin *message)
{
  return message->optional_reloads_left_case == CARILLON__V1__PLUGIN__OPTIONAL_RELOADS_LEFT_RELOADS_LEFT;
}

static inline void carillon_plugin_set_reloads_left(Carillon__V1__Plugin *message, int32_t value)
{
  message->optional_reloads_left_case = CARILLON__V1__PLUGIN__OPTIONAL_RELOADS_LEFT_RELOADS_LEFT;
  message->reloads_left = value;
}

static inline void carillon_plugin_clear_reloads_left(Carillon__V1__Plugin *message)
{
  message->optional_reloads_left_case = CARILLON__V1__PLUGIN__OPTIONAL_RELOADS_LEFT__NOT_SET;
  message->reloads_left = 0;
}

static inline bool carillon_plugin_trial_has_baseline_failure_rate(const Carillon__V1__PluginTrial *message)
{
  return message->optional_baseline_failure_rate_case == CARILLON__V1__PLUGIN_TRIAL__OPTIONAL_BASELINE_FAILURE_RATE_BASELINE_FAILURE_RATE;
}

static inline void carillon_plugin_trial_set_baseline_failure_rate(Carillon__V1__PluginTrial *message, double value)
{
  message->optional_baseline_failure_rate_case = CARILLON__V1__PLUGIN_TRIAL__OPTIONAL_BASELINE_FAILURE_RATE_BASELINE_FAILURE_RATE;
  message->baseline_failure_rate = value;
}

static inline void carillon_plugin_trial_clear_baseline_failure_rate(Carillon__V1__PluginTrial *message)
{
  message->optional_baseline_failure_rate_case = CARILLON__V1__PLUGIN_TRIAL__OPTIONAL_BASELINE_FAILURE_RATE__NOT_SET;
  message->baseline_failure_rate = 0;
}

static inline bool carillon_reload_plugin_request_has_trial_deliveries(const Carillon__V1__ReloadPluginRequest *message)
{
  return message->optional_trial_deliveries_case == CARILLON__V1__RELOAD_PLUGIN_REQUEST__OPTIONAL_TRIAL_DELIVERIES_TRIAL_DELIVERIES;
}

static inline void carillon_reload_plugin_request_set_trial_deliveries(Carillon__V1__ReloadPluginRequest *message, int32_t value)
{
  message->optional_trial_deliveries_case = CARILLON__V1__RELOAD_PLUGIN_REQUEST__OPTIONAL_TRIAL_DELIVERIES_TRIAL_DELIVERIES;
  message->trial_deliveries = value;
}

static inline void carillon_reload_plugin_request_clear_trial_deliveries(Carillon__V1__ReloadPluginRequest *message)
{
  message->optional_trial_deliveries_case = CARILLON__V1__RELOAD_PLUGIN_REQUEST__OPTIONAL_TRIAL_DELIVERIES__NOT_SET;
  message->trial_deliveries = 0;
}

static inline bool carillon_watch_plugin_logs_request_has_lines(const Carillon__V1__WatchPluginLogsRequest *message)
{
  return message->optional_lines_case == CARILLON__V1__WATCH_PLUGIN_LOGS_REQUEST__OPTIONAL_LINES_LINES;
}

static inline void carillon_watch_plugin_logs_request_set_lines(Carillon__V1__WatchPluginLogsRequest *message, int32_t value)
{
  message->optional_lines_case = CARILLON__V1__WATCH_PLUGIN_LOGS_REQUEST__OPTIONAL_LINES_LINES;
  message->lines = value;
}

static inline void carillon_watch_plugin_logs_request_clear_lines(Carillon__V1__WatchPluginLogsRequest *message)
{
  message->optional_lines_case = CARILLON__V1__WATCH_PLUGIN_LOGS_REQUEST__OPTIONAL_LINES__NOT_SET;
  message->lines = 0;
}

static inline bool carillon_queue_has_rate_per_second(const Carillon__V1__Queue *message)
{
  return message->optional_rate_per_second_case == CARILLON__V1__QUEUE__OPTIONAL_RATE_PER_SECOND_RATE_PER_SECOND;
}

static inline void carillon_queue_set_rate_per_second(Carillon__V1__Queue *message, double value)
{
  message->optional_rate_per_second_case = CARILLON__V1__QUEUE__OPTIONAL_RATE_PER_SECOND_RATE_PER_SECOND;
  message->rate_per_second = value;
}

static inline void carillon_queue_clear_rate_per_second(Carillon__V1__Queue *message)
{
  message->optional_rate_per_second_case = CARILLON__V1__QUEUE__OPTIONAL_RATE_PER_SECOND__NOT_SET;
  message->rate_per_second = 0;
}

static inline bool carillon_sink_limits_has_rate_per_second(const Carillon__V1__Sink__Limits *message)
{
  return message->optional_rate_per_second_case == CARILLON__V1__SINK__LIMITS__OPTIONAL_RATE_PER_SECOND_RATE_PER_SECOND;
}

static inline void carillon_sink_limits_set_rate_per_second(Carillon__V1__Sink__Limits *message, double value)
{
  message->optional_rate_per_second_case = CARILLON__V1__SINK__LIMITS__OPTIONAL_RATE_PER_SECOND_RATE_PER_SECOND;
  message->rate_per_second = value;
}

static inline void carillon_sink_limits_clear_rate_per_second(Carillon__V1__Sink__Limits *message)
{
  message->optional_rate_per_second_case = CARILLON__V1__SINK__LIMITS__OPTIONAL_RATE_PER_SECOND__NOT_SET;
  message->rate_per_second = 0;
}

static inline bool carillon_sink_limits_has_disable_after(const Carillon__V1__Sink__Limits *message)
{
  return message->optional_disable_after_case == CARILLON__V1__SINK__LIMITS__OPTIONAL_DISABLE_AFTER_DISABLE_AFTER;
}

static inline void carillon_sink_limits_set_disable_after(Carillon__V1__Sink__Limits *message, int32_t value)
{
  message->optional_disable_after_case = CARILLON__V1__SINK__LIMITS__OPTIONAL_DISABLE_AFTER_DISABLE_AFTER;
  message->disable_after = value;
}

static inline void carillon_sink_limits_clear_disable_after(Carillon__V1__Sink__Limits *message)
{
  message->optional_disable_after_case = CARILLON__V1__SINK__LIMITS__OPTIONAL_DISABLE_AFTER__NOT_SET;
  message->disable_after = 0;
}

static inline bool carillon_sink_endpoint_has_rate_per_second(const Carillon__V1__Sink__Endpoint *message)
{
  return message->optional_rate_per_second_case == CARILLON__V1__SINK__ENDPOINT__OPTIONAL_RATE_PER_SECOND_RATE_PER_SECOND;
}

static inline void carillon_sink_endpoint_set_rate_per_second(Carillon__V1__Sink__Endpoint *message, double value)
{
  message->optional_rate_per_second_case = CARILLON__V1__SINK__ENDPOINT__OPTIONAL_RATE_PER_SECOND_RATE_PER_SECOND;
  message->rate_per_second = value;
}

static inline void carillon_sink_endpoint_clear_rate_per_second(Carillon__V1__Sink__Endpoint *message)
{
  message->optional_rate_per_second_case = CARILLON__V1__SINK__ENDPOINT__OPTIONAL_RATE_PER_SECOND__NOT_SET;
  message->rate_per_second = 0;
}

static inline bool carillon_sink_breaker_has_failure_percent(const Carillon__V1__Sink__Breaker *message)
{
  return message->optional_failure_percent_case == CARILLON__V1__SINK__BREAKER__OPTIONAL_FAILURE_PERCENT_FAILURE_PERCENT;
}

static inline void carillon_sink_breaker_set_failure_percent(Carillon__V1__Sink__Breaker *message, int32_t value)
{
  message->optional_failure_percent_case = CARILLON__V1__SINK__BREAKER__OPTIONAL_FAILURE_PERCENT_FAILURE_PERCENT;
  message->failure_percent = value;
}

static inline void carillon_sink_breaker_clear_failure_percent(Carillon__V1__Sink__Breaker *message)
{
  message->optional_failure_percent_case = CARILLON__V1__SINK__BREAKER__OPTIONAL_FAILURE_PERCENT__NOT_SET;
  message->failure_percent = 0;
}

#ifdef __cplusplus
}
#endif
#endif
