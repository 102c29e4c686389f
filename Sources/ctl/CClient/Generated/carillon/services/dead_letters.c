/* DO NOT EDIT: made by generate.py. */
#include <carillon/services/dead_letters.h>

#include "stream.h"

const carillon_method carillon_dead_letters_get_dead_letter_method = {"/carillon.v1.DeadLetters/GetDeadLetter",
    &carillon__v1__get_dead_letter_request__descriptor, &carillon__v1__dead_letter__descriptor, false, false};

carillon_code carillon_dead_letters_get_dead_letter(carillon_client *client,
    const Carillon__V1__GetDeadLetterRequest *request, int64_t deadline_ms,
    Carillon__V1__DeadLetter **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_dead_letters_get_dead_letter_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__DeadLetter *)message;
  return code;
}

const carillon_method carillon_dead_letters_list_dead_letters_method = {"/carillon.v1.DeadLetters/ListDeadLetters",
    &carillon__v1__list_dead_letters_request__descriptor, &carillon__v1__list_dead_letters_response__descriptor, false, false};

carillon_code carillon_dead_letters_list_dead_letters(carillon_client *client,
    const Carillon__V1__ListDeadLettersRequest *request, int64_t deadline_ms,
    Carillon__V1__ListDeadLettersResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_dead_letters_list_dead_letters_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__ListDeadLettersResponse *)message;
  return code;
}

const carillon_method carillon_dead_letters_replay_dead_letter_method = {"/carillon.v1.DeadLetters/ReplayDeadLetter",
    &carillon__v1__replay_dead_letter_request__descriptor, &carillon__v1__event__descriptor, false, false};

carillon_code carillon_dead_letters_replay_dead_letter(carillon_client *client,
    const Carillon__V1__ReplayDeadLetterRequest *request, int64_t deadline_ms, Carillon__V1__Event **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_dead_letters_replay_dead_letter_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Event *)message;
  return code;
}

const carillon_method carillon_dead_letters_replay_dead_letters_method = {"/carillon.v1.DeadLetters/ReplayDeadLetters",
    &carillon__v1__replay_dead_letters_request__descriptor, &carillon__v1__bulk_progress__descriptor, false, true};

carillon_code carillon_dead_letters_replay_dead_letters(carillon_client *client,
    const Carillon__V1__ReplayDeadLettersRequest *request, carillon_stream **stream,
    carillon_failure **failure)
{
  return carillon_stream_open(client, &carillon_dead_letters_replay_dead_letters_method,
      (const ProtobufCMessage *)request, stream, failure);
}

carillon_next carillon_dead_letters_replay_dead_letters_next(carillon_stream *stream, int64_t timeout_ms,
    Carillon__V1__BulkProgress **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_next next = carillon_stream_next_of(stream, &carillon_dead_letters_replay_dead_letters_method,
      timeout_ms, &message, failure);
  *response = (Carillon__V1__BulkProgress *)message;
  return next;
}

const carillon_method carillon_dead_letters_discard_dead_letter_method = {"/carillon.v1.DeadLetters/DiscardDeadLetter",
    &carillon__v1__discard_dead_letter_request__descriptor, &carillon__google__empty__descriptor, false, false};

carillon_code carillon_dead_letters_discard_dead_letter(carillon_client *client,
    const Carillon__V1__DiscardDeadLetterRequest *request, int64_t deadline_ms,
    Carillon__Google__Empty **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_dead_letters_discard_dead_letter_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__Google__Empty *)message;
  return code;
}
