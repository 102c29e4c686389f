/* DO NOT EDIT: made by generate.py. */
#include <carillon/services/events.h>

#include "stream.h"

const carillon_method carillon_events_create_event_method = {"/carillon.v1.Events/CreateEvent",
    &carillon__v1__create_event_request__descriptor, &carillon__v1__event__descriptor, false, false};

carillon_code carillon_events_create_event(carillon_client *client,
    const Carillon__V1__CreateEventRequest *request, int64_t deadline_ms, Carillon__V1__Event **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_events_create_event_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Event *)message;
  return code;
}

const carillon_method carillon_events_get_event_method = {"/carillon.v1.Events/GetEvent",
    &carillon__v1__get_event_request__descriptor, &carillon__v1__event__descriptor, false, false};

carillon_code carillon_events_get_event(carillon_client *client, const Carillon__V1__GetEventRequest *request,
    int64_t deadline_ms, Carillon__V1__Event **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_events_get_event_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Event *)message;
  return code;
}

const carillon_method carillon_events_list_events_method = {"/carillon.v1.Events/ListEvents",
    &carillon__v1__list_events_request__descriptor, &carillon__v1__list_events_response__descriptor, false, false};

carillon_code carillon_events_list_events(carillon_client *client,
    const Carillon__V1__ListEventsRequest *request, int64_t deadline_ms,
    Carillon__V1__ListEventsResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_events_list_events_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__ListEventsResponse *)message;
  return code;
}

const carillon_method carillon_events_cancel_event_method = {"/carillon.v1.Events/CancelEvent",
    &carillon__v1__cancel_event_request__descriptor, &carillon__v1__event__descriptor, false, false};

carillon_code carillon_events_cancel_event(carillon_client *client,
    const Carillon__V1__CancelEventRequest *request, int64_t deadline_ms, Carillon__V1__Event **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_events_cancel_event_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Event *)message;
  return code;
}

const carillon_method carillon_events_move_event_method = {"/carillon.v1.Events/MoveEvent",
    &carillon__v1__move_event_request__descriptor, &carillon__v1__event__descriptor, false, false};

carillon_code carillon_events_move_event(carillon_client *client,
    const Carillon__V1__MoveEventRequest *request, int64_t deadline_ms, Carillon__V1__Event **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_events_move_event_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Event *)message;
  return code;
}

const carillon_method carillon_events_move_events_method = {"/carillon.v1.Events/MoveEvents",
    &carillon__v1__move_events_request__descriptor, &carillon__v1__bulk_progress__descriptor, false, true};

carillon_code carillon_events_move_events(carillon_client *client,
    const Carillon__V1__MoveEventsRequest *request, carillon_stream **stream, carillon_failure **failure)
{
  return carillon_stream_open(client, &carillon_events_move_events_method,
      (const ProtobufCMessage *)request, stream, failure);
}

carillon_next carillon_events_move_events_next(carillon_stream *stream, int64_t timeout_ms,
    Carillon__V1__BulkProgress **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_next next = carillon_stream_next_of(stream, &carillon_events_move_events_method,
      timeout_ms, &message, failure);
  *response = (Carillon__V1__BulkProgress *)message;
  return next;
}

const carillon_method carillon_events_explain_event_method = {"/carillon.v1.Events/ExplainEvent",
    &carillon__v1__explain_event_request__descriptor, &carillon__v1__explain_event_response__descriptor, false, false};

carillon_code carillon_events_explain_event(carillon_client *client,
    const Carillon__V1__ExplainEventRequest *request, int64_t deadline_ms,
    Carillon__V1__ExplainEventResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_events_explain_event_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__ExplainEventResponse *)message;
  return code;
}

const carillon_method carillon_events_watch_receipts_method = {"/carillon.v1.Events/WatchReceipts",
    &carillon__v1__watch_receipts_request__descriptor, &carillon__v1__watch_receipts_response__descriptor, false, true};

carillon_code carillon_events_watch_receipts(carillon_client *client,
    const Carillon__V1__WatchReceiptsRequest *request, carillon_stream **stream, carillon_failure **failure)
{
  return carillon_stream_open(client, &carillon_events_watch_receipts_method,
      (const ProtobufCMessage *)request, stream, failure);
}

carillon_next carillon_events_watch_receipts_next(carillon_stream *stream, int64_t timeout_ms,
    Carillon__V1__WatchReceiptsResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_next next = carillon_stream_next_of(stream, &carillon_events_watch_receipts_method,
      timeout_ms, &message, failure);
  *response = (Carillon__V1__WatchReceiptsResponse *)message;
  return next;
}

const carillon_method carillon_events_watch_changes_method = {"/carillon.v1.Events/WatchChanges",
    &carillon__v1__watch_changes_request__descriptor, &carillon__v1__watch_changes_response__descriptor, false, true};

carillon_code carillon_events_watch_changes(carillon_client *client,
    const Carillon__V1__WatchChangesRequest *request, carillon_stream **stream, carillon_failure **failure)
{
  return carillon_stream_open(client, &carillon_events_watch_changes_method,
      (const ProtobufCMessage *)request, stream, failure);
}

carillon_next carillon_events_watch_changes_next(carillon_stream *stream, int64_t timeout_ms,
    Carillon__V1__WatchChangesResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_next next = carillon_stream_next_of(stream, &carillon_events_watch_changes_method,
      timeout_ms, &message, failure);
  *response = (Carillon__V1__WatchChangesResponse *)message;
  return next;
}

const carillon_method carillon_events_verify_ledger_method = {"/carillon.v1.Events/VerifyLedger",
    &carillon__v1__verify_ledger_request__descriptor, &carillon__v1__verify_ledger_response__descriptor, false, false};

carillon_code carillon_events_verify_ledger(carillon_client *client,
    const Carillon__V1__VerifyLedgerRequest *request, int64_t deadline_ms,
    Carillon__V1__VerifyLedgerResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_events_verify_ledger_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__VerifyLedgerResponse *)message;
  return code;
}
