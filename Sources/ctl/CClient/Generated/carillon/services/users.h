/* DO NOT EDIT: made by generate.py. */
#ifndef CARILLON_SERVICES_USERS_H
#define CARILLON_SERVICES_USERS_H

#include <carillon/client.h>
#include <carillon/google/empty.pb-c.h>
#include <carillon/v1/users.pb-c.h>

#ifdef __cplusplus
extern "C" {
#endif

/* People that events are for. */

extern const carillon_method carillon_users_create_user_method;
carillon_code carillon_users_create_user(carillon_client *client,
    const Carillon__V1__CreateUserRequest *request, int64_t deadline_ms, Carillon__V1__User **response,
    carillon_failure **failure);

extern const carillon_method carillon_users_get_user_method;
carillon_code carillon_users_get_user(carillon_client *client, const Carillon__V1__GetUserRequest *request,
    int64_t deadline_ms, Carillon__V1__User **response, carillon_failure **failure);

extern const carillon_method carillon_users_list_users_method;
carillon_code carillon_users_list_users(carillon_client *client,
    const Carillon__V1__ListUsersRequest *request, int64_t deadline_ms,
    Carillon__V1__ListUsersResponse **response, carillon_failure **failure);

/* A changed time zone or date plans the user's schedules anew. */
extern const carillon_method carillon_users_update_user_method;
carillon_code carillon_users_update_user(carillon_client *client,
    const Carillon__V1__UpdateUserRequest *request, int64_t deadline_ms, Carillon__V1__User **response,
    carillon_failure **failure);

/* Deletes the user's schedules too, and cancels what is pending. */
extern const carillon_method carillon_users_delete_user_method;
carillon_code carillon_users_delete_user(carillon_client *client,
    const Carillon__V1__DeleteUserRequest *request, int64_t deadline_ms, Carillon__Google__Empty **response,
    carillon_failure **failure);

/* Everything that is kept about a person, a record at a time. */
extern const carillon_method carillon_users_export_user_method;
carillon_code carillon_users_export_user(carillon_client *client,
    const Carillon__V1__ExportUserRequest *request, carillon_stream **stream, carillon_failure **failure);
carillon_next carillon_users_export_user_next(carillon_stream *stream, int64_t timeout_ms,
    Carillon__V1__ExportUserResponse **response, carillon_failure **failure);

/* Deletes the user and its schedules, and what was rendered for it: the message of pending retries, dead
 * letters, and what receipts quote. What stays is the ledger's arithmetic: numbers, times, outcomes. Cannot be
 * undone. */
extern const carillon_method carillon_users_erase_user_method;
carillon_code carillon_users_erase_user(carillon_client *client,
    const Carillon__V1__EraseUserRequest *request, int64_t deadline_ms,
    Carillon__V1__EraseUserResponse **response, carillon_failure **failure);

/* Creates or replaces many users with their schedules. Answers in order, one for each item; an item that fails
 * leaves the others alone. Idempotent: sending the same item again answers UNCHANGED. */
extern const carillon_method carillon_users_import_users_method;
carillon_code carillon_users_import_users(carillon_client *client, carillon_stream **stream,
    carillon_failure **failure);
carillon_next carillon_users_import_users_next(carillon_stream *stream, int64_t timeout_ms,
    Carillon__V1__ImportUsersResponse **response, carillon_failure **failure);
carillon_code carillon_users_import_users_send(carillon_stream *stream,
    const Carillon__V1__ImportUsersRequest *request, int64_t timeout_ms, carillon_failure **failure);

#ifdef __cplusplus
}
#endif
#endif
