/* DO NOT EDIT: made by generate.py. */
#ifndef CARILLON_SERVICES_SINKS_H
#define CARILLON_SERVICES_SINKS_H

#include <carillon/client.h>
#include <carillon/google/empty.pb-c.h>
#include <carillon/v1/events.pb-c.h>
#include <carillon/v1/sinks.pb-c.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Configured instances of sink plugins. */

extern const carillon_method carillon_sinks_create_sink_method;
carillon_code carillon_sinks_create_sink(carillon_client *client,
    const Carillon__V1__CreateSinkRequest *request, int64_t deadline_ms, Carillon__V1__Sink **response,
    carillon_failure **failure);

extern const carillon_method carillon_sinks_get_sink_method;
carillon_code carillon_sinks_get_sink(carillon_client *client, const Carillon__V1__GetSinkRequest *request,
    int64_t deadline_ms, Carillon__V1__Sink **response, carillon_failure **failure);

extern const carillon_method carillon_sinks_list_sinks_method;
carillon_code carillon_sinks_list_sinks(carillon_client *client,
    const Carillon__V1__ListSinksRequest *request, int64_t deadline_ms,
    Carillon__V1__ListSinksResponse **response, carillon_failure **failure);

extern const carillon_method carillon_sinks_update_sink_method;
carillon_code carillon_sinks_update_sink(carillon_client *client,
    const Carillon__V1__UpdateSinkRequest *request, int64_t deadline_ms, Carillon__V1__Sink **response,
    carillon_failure **failure);

/* Refused while subscriptions name it. */
extern const carillon_method carillon_sinks_delete_sink_method;
carillon_code carillon_sinks_delete_sink(carillon_client *client,
    const Carillon__V1__DeleteSinkRequest *request, int64_t deadline_ms, Carillon__Google__Empty **response,
    carillon_failure **failure);

/* Sends one event, marked as a test, to this sink alone, whatever the subscriptions say. */
extern const carillon_method carillon_sinks_test_sink_method;
carillon_code carillon_sinks_test_sink(carillon_client *client, const Carillon__V1__TestSinkRequest *request,
    int64_t deadline_ms, Carillon__V1__Event **response, carillon_failure **failure);

/* Users' addresses that are gone, so that this sink sends nothing to them any more. */
extern const carillon_method carillon_sinks_list_gone_endpoints_method;
carillon_code carillon_sinks_list_gone_endpoints(carillon_client *client,
    const Carillon__V1__ListGoneEndpointsRequest *request, int64_t deadline_ms,
    Carillon__V1__ListGoneEndpointsResponse **response, carillon_failure **failure);

/* Sends to a user's address again. Another address of the user needs no such thing. */
extern const carillon_method carillon_sinks_enable_endpoint_method;
carillon_code carillon_sinks_enable_endpoint(carillon_client *client,
    const Carillon__V1__EnableEndpointRequest *request, int64_t deadline_ms,
    Carillon__Google__Empty **response, carillon_failure **failure);

#ifdef __cplusplus
}
#endif
#endif
