/* DO NOT EDIT: made by generate.py. */
#ifndef CARILLON_SERVICES_HEALTH_H
#define CARILLON_SERVICES_HEALTH_H

#include <carillon/client.h>
#include <carillon/health/health.pb-c.h>

#ifdef __cplusplus
extern "C" {
#endif


/* The state of one service now. NOT_FOUND for a service that is not there. */
extern const carillon_method carillon_health_check_method;
carillon_code carillon_health_check(carillon_client *client,
    const Carillon__Health__HealthCheckRequest *request, int64_t deadline_ms,
    Carillon__Health__HealthCheckResponse **response, carillon_failure **failure);

/* The state of every service. */
extern const carillon_method carillon_health_list_method;
carillon_code carillon_health_list(carillon_client *client,
    const Carillon__Health__HealthListRequest *request, int64_t deadline_ms,
    Carillon__Health__HealthListResponse **response, carillon_failure **failure);

/* The state now, and again whenever it changes. SERVICE_UNKNOWN for a service that is not there. */
extern const carillon_method carillon_health_watch_method;
carillon_code carillon_health_watch(carillon_client *client,
    const Carillon__Health__HealthCheckRequest *request, carillon_stream **stream,
    carillon_failure **failure);
carillon_next carillon_health_watch_next(carillon_stream *stream, int64_t timeout_ms,
    Carillon__Health__HealthCheckResponse **response, carillon_failure **failure);

#ifdef __cplusplus
}
#endif
#endif
