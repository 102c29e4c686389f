/* DO NOT EDIT: made by generate.py. */
#ifndef CARILLON_SERVICES_EVENTS_H
#define CARILLON_SERVICES_EVENTS_H

#include <carillon/client.h>
#include <carillon/v1/events.pb-c.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Events: occurrences within the planning horizon, and what became of them. */

/* One event now or at an instant. Durable when answered. The same request_id answers the same event again. */
extern const carillon_method carillon_events_create_event_method;
carillon_code carillon_events_create_event(carillon_client *client,
    const Carillon__V1__CreateEventRequest *request, int64_t deadline_ms, Carillon__V1__Event **response,
    carillon_failure **failure);

extern const carillon_method carillon_events_get_event_method;
carillon_code carillon_events_get_event(carillon_client *client, const Carillon__V1__GetEventRequest *request,
    int64_t deadline_ms, Carillon__V1__Event **response, carillon_failure **failure);

extern const carillon_method carillon_events_list_events_method;
carillon_code carillon_events_list_events(carillon_client *client,
    const Carillon__V1__ListEventsRequest *request, int64_t deadline_ms,
    Carillon__V1__ListEventsResponse **response, carillon_failure **failure);

/* After it is acknowledged, no send starts. Too late: FAILED_PRECONDITION that says what happened. */
extern const carillon_method carillon_events_cancel_event_method;
carillon_code carillon_events_cancel_event(carillon_client *client,
    const Carillon__V1__CancelEventRequest *request, int64_t deadline_ms, Carillon__V1__Event **response,
    carillon_failure **failure);

/* To another time or queue. */
extern const carillon_method carillon_events_move_event_method;
carillon_code carillon_events_move_event(carillon_client *client,
    const Carillon__V1__MoveEventRequest *request, int64_t deadline_ms, Carillon__V1__Event **response,
    carillon_failure **failure);

/* Moves all that match to another queue, and with it to another priority. Tells its progress. */
extern const carillon_method carillon_events_move_events_method;
carillon_code carillon_events_move_events(carillon_client *client,
    const Carillon__V1__MoveEventsRequest *request, carillon_stream **stream, carillon_failure **failure);
carillon_next carillon_events_move_events_next(carillon_stream *stream, int64_t timeout_ms,
    Carillon__V1__BulkProgress **response, carillon_failure **failure);

/* Every step with its time and reason. */
extern const carillon_method carillon_events_explain_event_method;
carillon_code carillon_events_explain_event(carillon_client *client,
    const Carillon__V1__ExplainEventRequest *request, int64_t deadline_ms,
    Carillon__V1__ExplainEventResponse **response, carillon_failure **failure);

/* Receipts as they are recorded. Goes on until the client ends it. */
extern const carillon_method carillon_events_watch_receipts_method;
carillon_code carillon_events_watch_receipts(carillon_client *client,
    const Carillon__V1__WatchReceiptsRequest *request, carillon_stream **stream, carillon_failure **failure);
carillon_next carillon_events_watch_receipts_next(carillon_stream *stream, int64_t timeout_ms,
    Carillon__V1__WatchReceiptsResponse **response, carillon_failure **failure);

/* Domain events: what happens to users and events, as references. Those of one kind come in the order of their
 * commits. */
extern const carillon_method carillon_events_watch_changes_method;
carillon_code carillon_events_watch_changes(carillon_client *client,
    const Carillon__V1__WatchChangesRequest *request, carillon_stream **stream, carillon_failure **failure);
carillon_next carillon_events_watch_changes_next(carillon_stream *stream, int64_t timeout_ms,
    Carillon__V1__WatchChangesResponse **response, carillon_failure **failure);

/* The ledger's sums over a period: proves that nothing was lost. */
extern const carillon_method carillon_events_verify_ledger_method;
carillon_code carillon_events_verify_ledger(carillon_client *client,
    const Carillon__V1__VerifyLedgerRequest *request, int64_t deadline_ms,
    Carillon__V1__VerifyLedgerResponse **response, carillon_failure **failure);

#ifdef __cplusplus
}
#endif
#endif
