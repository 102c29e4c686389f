/* DO NOT EDIT: made by generate.py. */
#include <carillon/services/schedules.h>

#include "stream.h"

const carillon_method carillon_schedules_create_schedule_method = {"/carillon.v1.Schedules/CreateSchedule",
    &carillon__v1__create_schedule_request__descriptor, &carillon__v1__schedule__descriptor, false, false};

carillon_code carillon_schedules_create_schedule(carillon_client *client,
    const Carillon__V1__CreateScheduleRequest *request, int64_t deadline_ms,
    Carillon__V1__Schedule **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_schedules_create_schedule_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Schedule *)message;
  return code;
}

const carillon_method carillon_schedules_get_schedule_method = {"/carillon.v1.Schedules/GetSchedule",
    &carillon__v1__get_schedule_request__descriptor, &carillon__v1__schedule__descriptor, false, false};

carillon_code carillon_schedules_get_schedule(carillon_client *client,
    const Carillon__V1__GetScheduleRequest *request, int64_t deadline_ms, Carillon__V1__Schedule **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_schedules_get_schedule_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Schedule *)message;
  return code;
}

const carillon_method carillon_schedules_list_schedules_method = {"/carillon.v1.Schedules/ListSchedules",
    &carillon__v1__list_schedules_request__descriptor, &carillon__v1__list_schedules_response__descriptor, false, false};

carillon_code carillon_schedules_list_schedules(carillon_client *client,
    const Carillon__V1__ListSchedulesRequest *request, int64_t deadline_ms,
    Carillon__V1__ListSchedulesResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_schedules_list_schedules_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__ListSchedulesResponse *)message;
  return code;
}

const carillon_method carillon_schedules_update_schedule_method = {"/carillon.v1.Schedules/UpdateSchedule",
    &carillon__v1__update_schedule_request__descriptor, &carillon__v1__schedule__descriptor, false, false};

carillon_code carillon_schedules_update_schedule(carillon_client *client,
    const Carillon__V1__UpdateScheduleRequest *request, int64_t deadline_ms,
    Carillon__V1__Schedule **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_schedules_update_schedule_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Schedule *)message;
  return code;
}

const carillon_method carillon_schedules_delete_schedule_method = {"/carillon.v1.Schedules/DeleteSchedule",
    &carillon__v1__delete_schedule_request__descriptor, &carillon__google__empty__descriptor, false, false};

carillon_code carillon_schedules_delete_schedule(carillon_client *client,
    const Carillon__V1__DeleteScheduleRequest *request, int64_t deadline_ms,
    Carillon__Google__Empty **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_schedules_delete_schedule_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__Google__Empty *)message;
  return code;
}

const carillon_method carillon_schedules_list_upcoming_method = {"/carillon.v1.Schedules/ListUpcoming",
    &carillon__v1__list_upcoming_request__descriptor, &carillon__v1__list_upcoming_response__descriptor, false, false};

carillon_code carillon_schedules_list_upcoming(carillon_client *client,
    const Carillon__V1__ListUpcomingRequest *request, int64_t deadline_ms,
    Carillon__V1__ListUpcomingResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_schedules_list_upcoming_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__ListUpcomingResponse *)message;
  return code;
}

const carillon_method carillon_schedules_preview_schedule_method = {"/carillon.v1.Schedules/PreviewSchedule",
    &carillon__v1__preview_schedule_request__descriptor, &carillon__v1__preview_schedule_response__descriptor, false, false};

carillon_code carillon_schedules_preview_schedule(carillon_client *client,
    const Carillon__V1__PreviewScheduleRequest *request, int64_t deadline_ms,
    Carillon__V1__PreviewScheduleResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_schedules_preview_schedule_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__PreviewScheduleResponse *)message;
  return code;
}

const carillon_method carillon_schedules_skip_occurrence_method = {"/carillon.v1.Schedules/SkipOccurrence",
    &carillon__v1__skip_occurrence_request__descriptor, &carillon__v1__schedule__descriptor, false, false};

carillon_code carillon_schedules_skip_occurrence(carillon_client *client,
    const Carillon__V1__SkipOccurrenceRequest *request, int64_t deadline_ms,
    Carillon__V1__Schedule **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_schedules_skip_occurrence_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Schedule *)message;
  return code;
}

const carillon_method carillon_schedules_move_occurrence_method = {"/carillon.v1.Schedules/MoveOccurrence",
    &carillon__v1__move_occurrence_request__descriptor, &carillon__v1__schedule__descriptor, false, false};

carillon_code carillon_schedules_move_occurrence(carillon_client *client,
    const Carillon__V1__MoveOccurrenceRequest *request, int64_t deadline_ms,
    Carillon__V1__Schedule **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_schedules_move_occurrence_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Schedule *)message;
  return code;
}

const carillon_method carillon_schedules_restore_occurrence_method = {"/carillon.v1.Schedules/RestoreOccurrence",
    &carillon__v1__restore_occurrence_request__descriptor, &carillon__v1__schedule__descriptor, false, false};

carillon_code carillon_schedules_restore_occurrence(carillon_client *client,
    const Carillon__V1__RestoreOccurrenceRequest *request, int64_t deadline_ms,
    Carillon__V1__Schedule **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_schedules_restore_occurrence_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Schedule *)message;
  return code;
}

const carillon_method carillon_schedules_run_schedule_method = {"/carillon.v1.Schedules/RunSchedule",
    &carillon__v1__run_schedule_request__descriptor, &carillon__v1__event__descriptor, false, false};

carillon_code carillon_schedules_run_schedule(carillon_client *client,
    const Carillon__V1__RunScheduleRequest *request, int64_t deadline_ms, Carillon__V1__Event **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_schedules_run_schedule_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Event *)message;
  return code;
}

const carillon_method carillon_schedules_replan_schedules_method = {"/carillon.v1.Schedules/ReplanSchedules",
    &carillon__v1__replan_schedules_request__descriptor, &carillon__v1__replan_schedules_response__descriptor, false, false};

carillon_code carillon_schedules_replan_schedules(carillon_client *client,
    const Carillon__V1__ReplanSchedulesRequest *request, int64_t deadline_ms,
    Carillon__V1__ReplanSchedulesResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_schedules_replan_schedules_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__ReplanSchedulesResponse *)message;
  return code;
}
