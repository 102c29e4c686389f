/* DO NOT EDIT: made by generate.py. */
#ifndef CARILLON_OPTIONAL_H
#define CARILLON_OPTIONAL_H

#include <stdbool.h>
#include <carillon/v1/queues.pb-c.h>
#include <carillon/v1/sinks.pb-c.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Fields that may be absent, which is another thing than 0. */

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
