/* DO NOT EDIT: made by generate.py. */
#include <carillon/services/health.h>

#include "stream.h"

const carillon_method carillon_health_check_method = {"/grpc.health.v1.Health/Check",
    &carillon__health__health_check_request__descriptor, &carillon__health__health_check_response__descriptor, false, false};

carillon_code carillon_health_check(carillon_client *client,
    const Carillon__Health__HealthCheckRequest *request, int64_t deadline_ms,
    Carillon__Health__HealthCheckResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_health_check_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__Health__HealthCheckResponse *)message;
  return code;
}

const carillon_method carillon_health_list_method = {"/grpc.health.v1.Health/List",
    &carillon__health__health_list_request__descriptor, &carillon__health__health_list_response__descriptor, false, false};

carillon_code carillon_health_list(carillon_client *client,
    const Carillon__Health__HealthListRequest *request, int64_t deadline_ms,
    Carillon__Health__HealthListResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_health_list_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__Health__HealthListResponse *)message;
  return code;
}

const carillon_method carillon_health_watch_method = {"/grpc.health.v1.Health/Watch",
    &carillon__health__health_check_request__descriptor, &carillon__health__health_check_response__descriptor, false, true};

carillon_code carillon_health_watch(carillon_client *client,
    const Carillon__Health__HealthCheckRequest *request, carillon_stream **stream,
    carillon_failure **failure)
{
  return carillon_stream_open(client, &carillon_health_watch_method,
      (const ProtobufCMessage *)request, stream, failure);
}

carillon_next carillon_health_watch_next(carillon_stream *stream, int64_t timeout_ms,
    Carillon__Health__HealthCheckResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_next next = carillon_stream_next_of(stream, &carillon_health_watch_method,
      timeout_ms, &message, failure);
  *response = (Carillon__Health__HealthCheckResponse *)message;
  return next;
}
