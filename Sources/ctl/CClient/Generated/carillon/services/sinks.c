/* DO NOT EDIT: made by generate.py. */
#include <carillon/services/sinks.h>

#include "stream.h"

const carillon_method carillon_sinks_create_sink_method = {"/carillon.v1.Sinks/CreateSink",
    &carillon__v1__create_sink_request__descriptor, &carillon__v1__sink__descriptor, false, false};

carillon_code carillon_sinks_create_sink(carillon_client *client,
    const Carillon__V1__CreateSinkRequest *request, int64_t deadline_ms, Carillon__V1__Sink **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_sinks_create_sink_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Sink *)message;
  return code;
}

const carillon_method carillon_sinks_get_sink_method = {"/carillon.v1.Sinks/GetSink",
    &carillon__v1__get_sink_request__descriptor, &carillon__v1__sink__descriptor, false, false};

carillon_code carillon_sinks_get_sink(carillon_client *client, const Carillon__V1__GetSinkRequest *request,
    int64_t deadline_ms, Carillon__V1__Sink **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_sinks_get_sink_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Sink *)message;
  return code;
}

const carillon_method carillon_sinks_list_sinks_method = {"/carillon.v1.Sinks/ListSinks",
    &carillon__v1__list_sinks_request__descriptor, &carillon__v1__list_sinks_response__descriptor, false, false};

carillon_code carillon_sinks_list_sinks(carillon_client *client,
    const Carillon__V1__ListSinksRequest *request, int64_t deadline_ms,
    Carillon__V1__ListSinksResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_sinks_list_sinks_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__ListSinksResponse *)message;
  return code;
}

const carillon_method carillon_sinks_update_sink_method = {"/carillon.v1.Sinks/UpdateSink",
    &carillon__v1__update_sink_request__descriptor, &carillon__v1__sink__descriptor, false, false};

carillon_code carillon_sinks_update_sink(carillon_client *client,
    const Carillon__V1__UpdateSinkRequest *request, int64_t deadline_ms, Carillon__V1__Sink **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_sinks_update_sink_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Sink *)message;
  return code;
}

const carillon_method carillon_sinks_delete_sink_method = {"/carillon.v1.Sinks/DeleteSink",
    &carillon__v1__delete_sink_request__descriptor, &carillon__google__empty__descriptor, false, false};

carillon_code carillon_sinks_delete_sink(carillon_client *client,
    const Carillon__V1__DeleteSinkRequest *request, int64_t deadline_ms, Carillon__Google__Empty **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_sinks_delete_sink_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__Google__Empty *)message;
  return code;
}

const carillon_method carillon_sinks_test_sink_method = {"/carillon.v1.Sinks/TestSink",
    &carillon__v1__test_sink_request__descriptor, &carillon__v1__event__descriptor, false, false};

carillon_code carillon_sinks_test_sink(carillon_client *client, const Carillon__V1__TestSinkRequest *request,
    int64_t deadline_ms, Carillon__V1__Event **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_sinks_test_sink_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Event *)message;
  return code;
}

const carillon_method carillon_sinks_list_gone_endpoints_method = {"/carillon.v1.Sinks/ListGoneEndpoints",
    &carillon__v1__list_gone_endpoints_request__descriptor, &carillon__v1__list_gone_endpoints_response__descriptor, false, false};

carillon_code carillon_sinks_list_gone_endpoints(carillon_client *client,
    const Carillon__V1__ListGoneEndpointsRequest *request, int64_t deadline_ms,
    Carillon__V1__ListGoneEndpointsResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_sinks_list_gone_endpoints_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__ListGoneEndpointsResponse *)message;
  return code;
}

const carillon_method carillon_sinks_enable_endpoint_method = {"/carillon.v1.Sinks/EnableEndpoint",
    &carillon__v1__enable_endpoint_request__descriptor, &carillon__google__empty__descriptor, false, false};

carillon_code carillon_sinks_enable_endpoint(carillon_client *client,
    const Carillon__V1__EnableEndpointRequest *request, int64_t deadline_ms,
    Carillon__Google__Empty **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_sinks_enable_endpoint_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__Google__Empty *)message;
  return code;
}
