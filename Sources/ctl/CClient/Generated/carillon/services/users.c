/* DO NOT EDIT: made by generate.py. */
#include <carillon/services/users.h>

#include "stream.h"

const carillon_method carillon_users_create_user_method = {"/carillon.v1.Users/CreateUser",
    &carillon__v1__create_user_request__descriptor, &carillon__v1__user__descriptor, false, false};

carillon_code carillon_users_create_user(carillon_client *client,
    const Carillon__V1__CreateUserRequest *request, int64_t deadline_ms, Carillon__V1__User **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_users_create_user_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__User *)message;
  return code;
}

const carillon_method carillon_users_get_user_method = {"/carillon.v1.Users/GetUser",
    &carillon__v1__get_user_request__descriptor, &carillon__v1__user__descriptor, false, false};

carillon_code carillon_users_get_user(carillon_client *client, const Carillon__V1__GetUserRequest *request,
    int64_t deadline_ms, Carillon__V1__User **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_users_get_user_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__User *)message;
  return code;
}

const carillon_method carillon_users_list_users_method = {"/carillon.v1.Users/ListUsers",
    &carillon__v1__list_users_request__descriptor, &carillon__v1__list_users_response__descriptor, false, false};

carillon_code carillon_users_list_users(carillon_client *client,
    const Carillon__V1__ListUsersRequest *request, int64_t deadline_ms,
    Carillon__V1__ListUsersResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_users_list_users_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__ListUsersResponse *)message;
  return code;
}

const carillon_method carillon_users_update_user_method = {"/carillon.v1.Users/UpdateUser",
    &carillon__v1__update_user_request__descriptor, &carillon__v1__user__descriptor, false, false};

carillon_code carillon_users_update_user(carillon_client *client,
    const Carillon__V1__UpdateUserRequest *request, int64_t deadline_ms, Carillon__V1__User **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_users_update_user_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__User *)message;
  return code;
}

const carillon_method carillon_users_delete_user_method = {"/carillon.v1.Users/DeleteUser",
    &carillon__v1__delete_user_request__descriptor, &carillon__google__empty__descriptor, false, false};

carillon_code carillon_users_delete_user(carillon_client *client,
    const Carillon__V1__DeleteUserRequest *request, int64_t deadline_ms, Carillon__Google__Empty **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_users_delete_user_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__Google__Empty *)message;
  return code;
}

const carillon_method carillon_users_export_user_method = {"/carillon.v1.Users/ExportUser",
    &carillon__v1__export_user_request__descriptor, &carillon__v1__export_user_response__descriptor, false, true};

carillon_code carillon_users_export_user(carillon_client *client,
    const Carillon__V1__ExportUserRequest *request, carillon_stream **stream, carillon_failure **failure)
{
  return carillon_stream_open(client, &carillon_users_export_user_method,
      (const ProtobufCMessage *)request, stream, failure);
}

carillon_next carillon_users_export_user_next(carillon_stream *stream, int64_t timeout_ms,
    Carillon__V1__ExportUserResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_next next = carillon_stream_next_of(stream, &carillon_users_export_user_method,
      timeout_ms, &message, failure);
  *response = (Carillon__V1__ExportUserResponse *)message;
  return next;
}

const carillon_method carillon_users_erase_user_method = {"/carillon.v1.Users/EraseUser",
    &carillon__v1__erase_user_request__descriptor, &carillon__v1__erase_user_response__descriptor, false, false};

carillon_code carillon_users_erase_user(carillon_client *client,
    const Carillon__V1__EraseUserRequest *request, int64_t deadline_ms,
    Carillon__V1__EraseUserResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_users_erase_user_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__EraseUserResponse *)message;
  return code;
}

const carillon_method carillon_users_import_users_method = {"/carillon.v1.Users/ImportUsers",
    &carillon__v1__import_users_request__descriptor, &carillon__v1__import_users_response__descriptor, true, true};

carillon_code carillon_users_import_users(carillon_client *client, carillon_stream **stream,
    carillon_failure **failure)
{
  return carillon_stream_open(client, &carillon_users_import_users_method,
      NULL, stream, failure);
}

carillon_next carillon_users_import_users_next(carillon_stream *stream, int64_t timeout_ms,
    Carillon__V1__ImportUsersResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_next next = carillon_stream_next_of(stream, &carillon_users_import_users_method,
      timeout_ms, &message, failure);
  *response = (Carillon__V1__ImportUsersResponse *)message;
  return next;
}

carillon_code carillon_users_import_users_send(carillon_stream *stream,
    const Carillon__V1__ImportUsersRequest *request, int64_t timeout_ms, carillon_failure **failure)
{
  return carillon_stream_send(stream, (const ProtobufCMessage *)request, timeout_ms, failure);
}
