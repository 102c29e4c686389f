/* DO NOT EDIT: made by generate.py. */
#ifndef CARILLON_SERVICES_QUEUES_H
#define CARILLON_SERVICES_QUEUES_H

#include <carillon/client.h>
#include <carillon/google/empty.pb-c.h>
#include <carillon/v1/events.pb-c.h>
#include <carillon/v1/queues.pb-c.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Priority queues and their limits. Changes act on running agents within seconds. */

extern const carillon_method carillon_queues_create_queue_method;
carillon_code carillon_queues_create_queue(carillon_client *client,
    const Carillon__V1__CreateQueueRequest *request, int64_t deadline_ms, Carillon__V1__Queue **response,
    carillon_failure **failure);

extern const carillon_method carillon_queues_get_queue_method;
carillon_code carillon_queues_get_queue(carillon_client *client, const Carillon__V1__GetQueueRequest *request,
    int64_t deadline_ms, Carillon__V1__Queue **response, carillon_failure **failure);

extern const carillon_method carillon_queues_list_queues_method;
carillon_code carillon_queues_list_queues(carillon_client *client,
    const Carillon__V1__ListQueuesRequest *request, int64_t deadline_ms,
    Carillon__V1__ListQueuesResponse **response, carillon_failure **failure);

extern const carillon_method carillon_queues_update_queue_method;
carillon_code carillon_queues_update_queue(carillon_client *client,
    const Carillon__V1__UpdateQueueRequest *request, int64_t deadline_ms, Carillon__V1__Queue **response,
    carillon_failure **failure);

/* Only when empty and unused, or with move_to. */
extern const carillon_method carillon_queues_delete_queue_method;
carillon_code carillon_queues_delete_queue(carillon_client *client,
    const Carillon__V1__DeleteQueueRequest *request, int64_t deadline_ms, Carillon__Google__Empty **response,
    carillon_failure **failure);

/* Nothing more is started; expiry goes on. */
extern const carillon_method carillon_queues_pause_queue_method;
carillon_code carillon_queues_pause_queue(carillon_client *client,
    const Carillon__V1__PauseQueueRequest *request, int64_t deadline_ms, Carillon__V1__Queue **response,
    carillon_failure **failure);

extern const carillon_method carillon_queues_resume_queue_method;
carillon_code carillon_queues_resume_queue(carillon_client *client,
    const Carillon__V1__ResumeQueueRequest *request, int64_t deadline_ms, Carillon__V1__Queue **response,
    carillon_failure **failure);

/* Pauses it, and answers when nothing of it is in flight at the agent that answers any more, or the time is up.
 * Other agents start nothing of it from 2 s on. */
extern const carillon_method carillon_queues_drain_queue_method;
carillon_code carillon_queues_drain_queue(carillon_client *client,
    const Carillon__V1__DrainQueueRequest *request, int64_t deadline_ms, Carillon__V1__Queue **response,
    carillon_failure **failure);

/* Cancels everything that is pending in it, with receipts; what is being sent goes on. Tells its progress. */
extern const carillon_method carillon_queues_purge_queue_method;
carillon_code carillon_queues_purge_queue(carillon_client *client,
    const Carillon__V1__PurgeQueueRequest *request, carillon_stream **stream, carillon_failure **failure);
carillon_next carillon_queues_purge_queue_next(carillon_stream *stream, int64_t timeout_ms,
    Carillon__V1__BulkProgress **response, carillon_failure **failure);

/* First every queue, then each one that changed, its status too. Goes on until the client ends it. */
extern const carillon_method carillon_queues_watch_queues_method;
carillon_code carillon_queues_watch_queues(carillon_client *client,
    const Carillon__V1__WatchQueuesRequest *request, carillon_stream **stream, carillon_failure **failure);
carillon_next carillon_queues_watch_queues_next(carillon_stream *stream, int64_t timeout_ms,
    Carillon__V1__WatchQueuesResponse **response, carillon_failure **failure);

#ifdef __cplusplus
}
#endif
#endif
