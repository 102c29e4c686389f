/* DO NOT EDIT: made by generate.py. */
#include <carillon/services/queues.h>

#include "stream.h"

const carillon_method carillon_queues_create_queue_method = {"/carillon.v1.Queues/CreateQueue",
    &carillon__v1__create_queue_request__descriptor, &carillon__v1__queue__descriptor, false, false};

carillon_code carillon_queues_create_queue(carillon_client *client,
    const Carillon__V1__CreateQueueRequest *request, int64_t deadline_ms, Carillon__V1__Queue **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_queues_create_queue_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Queue *)message;
  return code;
}

const carillon_method carillon_queues_get_queue_method = {"/carillon.v1.Queues/GetQueue",
    &carillon__v1__get_queue_request__descriptor, &carillon__v1__queue__descriptor, false, false};

carillon_code carillon_queues_get_queue(carillon_client *client, const Carillon__V1__GetQueueRequest *request,
    int64_t deadline_ms, Carillon__V1__Queue **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_queues_get_queue_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Queue *)message;
  return code;
}

const carillon_method carillon_queues_list_queues_method = {"/carillon.v1.Queues/ListQueues",
    &carillon__v1__list_queues_request__descriptor, &carillon__v1__list_queues_response__descriptor, false, false};

carillon_code carillon_queues_list_queues(carillon_client *client,
    const Carillon__V1__ListQueuesRequest *request, int64_t deadline_ms,
    Carillon__V1__ListQueuesResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_queues_list_queues_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__ListQueuesResponse *)message;
  return code;
}

const carillon_method carillon_queues_update_queue_method = {"/carillon.v1.Queues/UpdateQueue",
    &carillon__v1__update_queue_request__descriptor, &carillon__v1__queue__descriptor, false, false};

carillon_code carillon_queues_update_queue(carillon_client *client,
    const Carillon__V1__UpdateQueueRequest *request, int64_t deadline_ms, Carillon__V1__Queue **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_queues_update_queue_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Queue *)message;
  return code;
}

const carillon_method carillon_queues_delete_queue_method = {"/carillon.v1.Queues/DeleteQueue",
    &carillon__v1__delete_queue_request__descriptor, &carillon__google__empty__descriptor, false, false};

carillon_code carillon_queues_delete_queue(carillon_client *client,
    const Carillon__V1__DeleteQueueRequest *request, int64_t deadline_ms, Carillon__Google__Empty **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_queues_delete_queue_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__Google__Empty *)message;
  return code;
}

const carillon_method carillon_queues_pause_queue_method = {"/carillon.v1.Queues/PauseQueue",
    &carillon__v1__pause_queue_request__descriptor, &carillon__v1__queue__descriptor, false, false};

carillon_code carillon_queues_pause_queue(carillon_client *client,
    const Carillon__V1__PauseQueueRequest *request, int64_t deadline_ms, Carillon__V1__Queue **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_queues_pause_queue_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Queue *)message;
  return code;
}

const carillon_method carillon_queues_resume_queue_method = {"/carillon.v1.Queues/ResumeQueue",
    &carillon__v1__resume_queue_request__descriptor, &carillon__v1__queue__descriptor, false, false};

carillon_code carillon_queues_resume_queue(carillon_client *client,
    const Carillon__V1__ResumeQueueRequest *request, int64_t deadline_ms, Carillon__V1__Queue **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_queues_resume_queue_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Queue *)message;
  return code;
}

const carillon_method carillon_queues_drain_queue_method = {"/carillon.v1.Queues/DrainQueue",
    &carillon__v1__drain_queue_request__descriptor, &carillon__v1__queue__descriptor, false, false};

carillon_code carillon_queues_drain_queue(carillon_client *client,
    const Carillon__V1__DrainQueueRequest *request, int64_t deadline_ms, Carillon__V1__Queue **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_queues_drain_queue_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Queue *)message;
  return code;
}

const carillon_method carillon_queues_purge_queue_method = {"/carillon.v1.Queues/PurgeQueue",
    &carillon__v1__purge_queue_request__descriptor, &carillon__v1__bulk_progress__descriptor, false, true};

carillon_code carillon_queues_purge_queue(carillon_client *client,
    const Carillon__V1__PurgeQueueRequest *request, carillon_stream **stream, carillon_failure **failure)
{
  return carillon_stream_open(client, &carillon_queues_purge_queue_method,
      (const ProtobufCMessage *)request, stream, failure);
}

carillon_next carillon_queues_purge_queue_next(carillon_stream *stream, int64_t timeout_ms,
    Carillon__V1__BulkProgress **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_next next = carillon_stream_next_of(stream, &carillon_queues_purge_queue_method,
      timeout_ms, &message, failure);
  *response = (Carillon__V1__BulkProgress *)message;
  return next;
}

const carillon_method carillon_queues_watch_queues_method = {"/carillon.v1.Queues/WatchQueues",
    &carillon__v1__watch_queues_request__descriptor, &carillon__v1__watch_queues_response__descriptor, false, true};

carillon_code carillon_queues_watch_queues(carillon_client *client,
    const Carillon__V1__WatchQueuesRequest *request, carillon_stream **stream, carillon_failure **failure)
{
  return carillon_stream_open(client, &carillon_queues_watch_queues_method,
      (const ProtobufCMessage *)request, stream, failure);
}

carillon_next carillon_queues_watch_queues_next(carillon_stream *stream, int64_t timeout_ms,
    Carillon__V1__WatchQueuesResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_next next = carillon_stream_next_of(stream, &carillon_queues_watch_queues_method,
      timeout_ms, &message, failure);
  *response = (Carillon__V1__WatchQueuesResponse *)message;
  return next;
}
