/* DO NOT EDIT: made by generate.py. */
#ifndef CARILLON_SERVICES_SCHEDULES_H
#define CARILLON_SERVICES_SCHEDULES_H

#include <carillon/client.h>
#include <carillon/google/empty.pb-c.h>
#include <carillon/v1/events.pb-c.h>
#include <carillon/v1/schedules.pb-c.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Schedules bind a user (or nobody: a broadcast) to an event type with a definition, and yield occurrences. */

extern const carillon_method carillon_schedules_create_schedule_method;
carillon_code carillon_schedules_create_schedule(carillon_client *client,
    const Carillon__V1__CreateScheduleRequest *request, int64_t deadline_ms,
    Carillon__V1__Schedule **response, carillon_failure **failure);

extern const carillon_method carillon_schedules_get_schedule_method;
carillon_code carillon_schedules_get_schedule(carillon_client *client,
    const Carillon__V1__GetScheduleRequest *request, int64_t deadline_ms, Carillon__V1__Schedule **response,
    carillon_failure **failure);

extern const carillon_method carillon_schedules_list_schedules_method;
carillon_code carillon_schedules_list_schedules(carillon_client *client,
    const Carillon__V1__ListSchedulesRequest *request, int64_t deadline_ms,
    Carillon__V1__ListSchedulesResponse **response, carillon_failure **failure);

/* What was pending is planned anew; an occurrence that was sent is not sent again. */
extern const carillon_method carillon_schedules_update_schedule_method;
carillon_code carillon_schedules_update_schedule(carillon_client *client,
    const Carillon__V1__UpdateScheduleRequest *request, int64_t deadline_ms,
    Carillon__V1__Schedule **response, carillon_failure **failure);

/* Cancels what is pending. */
extern const carillon_method carillon_schedules_delete_schedule_method;
carillon_code carillon_schedules_delete_schedule(carillon_client *client,
    const Carillon__V1__DeleteScheduleRequest *request, int64_t deadline_ms,
    Carillon__Google__Empty **response, carillon_failure **failure);

/* Computes coming occurrences, beyond the planning horizon too. Nothing is stored. */
extern const carillon_method carillon_schedules_list_upcoming_method;
carillon_code carillon_schedules_list_upcoming(carillon_client *client,
    const Carillon__V1__ListUpcomingRequest *request, int64_t deadline_ms,
    Carillon__V1__ListUpcomingResponse **response, carillon_failure **failure);

/* What coming occurrences will say, for each sink that will get them. Nothing is stored, nothing is sent. */
extern const carillon_method carillon_schedules_preview_schedule_method;
carillon_code carillon_schedules_preview_schedule(carillon_client *client,
    const Carillon__V1__PreviewScheduleRequest *request, int64_t deadline_ms,
    Carillon__V1__PreviewScheduleResponse **response, carillon_failure **failure);

/* This one occurrence is not sent. Too late: FAILED_PRECONDITION that says what happened. */
extern const carillon_method carillon_schedules_skip_occurrence_method;
carillon_code carillon_schedules_skip_occurrence(carillon_client *client,
    const Carillon__V1__SkipOccurrenceRequest *request, int64_t deadline_ms,
    Carillon__V1__Schedule **response, carillon_failure **failure);

/* This one occurrence is at another local time; its key, and so its event, stays the same. */
extern const carillon_method carillon_schedules_move_occurrence_method;
carillon_code carillon_schedules_move_occurrence(carillon_client *client,
    const Carillon__V1__MoveOccurrenceRequest *request, int64_t deadline_ms,
    Carillon__V1__Schedule **response, carillon_failure **failure);

/* Takes back a skip or a move. A skip of an event that was cancelled by it is final: FAILED_PRECONDITION. */
extern const carillon_method carillon_schedules_restore_occurrence_method;
carillon_code carillon_schedules_restore_occurrence(carillon_client *client,
    const Carillon__V1__RestoreOccurrenceRequest *request, int64_t deadline_ms,
    Carillon__V1__Schedule **response, carillon_failure **failure);

/* Sends what the schedule would say, now: an event of its own, with an id of its own; the series is untouched. */
extern const carillon_method carillon_schedules_run_schedule_method;
carillon_code carillon_schedules_run_schedule(carillon_client *client,
    const Carillon__V1__RunScheduleRequest *request, int64_t deadline_ms, Carillon__V1__Event **response,
    carillon_failure **failure);

/* Plans active series anew by the rules of their zones as they are now, in the background; or says what that
 * would change. */
extern const carillon_method carillon_schedules_replan_schedules_method;
carillon_code carillon_schedules_replan_schedules(carillon_client *client,
    const Carillon__V1__ReplanSchedulesRequest *request, int64_t deadline_ms,
    Carillon__V1__ReplanSchedulesResponse **response, carillon_failure **failure);

#ifdef __cplusplus
}
#endif
#endif
