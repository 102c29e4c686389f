/* DO NOT EDIT: made by generate.py. */
#ifndef CARILLON_SERVICES_DEAD_LETTERS_H
#define CARILLON_SERVICES_DEAD_LETTERS_H

#include <carillon/client.h>
#include <carillon/google/empty.pb-c.h>
#include <carillon/v1/dead_letters.pb-c.h>
#include <carillon/v1/events.pb-c.h>

#ifdef __cplusplus
extern "C" {
#endif


extern const carillon_method carillon_dead_letters_get_dead_letter_method;
carillon_code carillon_dead_letters_get_dead_letter(carillon_client *client,
    const Carillon__V1__GetDeadLetterRequest *request, int64_t deadline_ms,
    Carillon__V1__DeadLetter **response, carillon_failure **failure);

extern const carillon_method carillon_dead_letters_list_dead_letters_method;
carillon_code carillon_dead_letters_list_dead_letters(carillon_client *client,
    const Carillon__V1__ListDeadLettersRequest *request, int64_t deadline_ms,
    Carillon__V1__ListDeadLettersResponse **response, carillon_failure **failure);

/* New attempts of the same event at the sink that failed, with the same id and the same message. The dead letter
 * is gone; should they fail too, there is a new one. Its expiry counts from now. */
extern const carillon_method carillon_dead_letters_replay_dead_letter_method;
carillon_code carillon_dead_letters_replay_dead_letter(carillon_client *client,
    const Carillon__V1__ReplayDeadLetterRequest *request, int64_t deadline_ms, Carillon__V1__Event **response,
    carillon_failure **failure);

/* The same for all that match, at a bounded rate, the oldest first. Tells its progress; ends when all are tried,
 * or when the client goes. */
extern const carillon_method carillon_dead_letters_replay_dead_letters_method;
carillon_code carillon_dead_letters_replay_dead_letters(carillon_client *client,
    const Carillon__V1__ReplayDeadLettersRequest *request, carillon_stream **stream,
    carillon_failure **failure);
carillon_next carillon_dead_letters_replay_dead_letters_next(carillon_stream *stream, int64_t timeout_ms,
    Carillon__V1__BulkProgress **response, carillon_failure **failure);

/* Removes it for good. */
extern const carillon_method carillon_dead_letters_discard_dead_letter_method;
carillon_code carillon_dead_letters_discard_dead_letter(carillon_client *client,
    const Carillon__V1__DiscardDeadLetterRequest *request, int64_t deadline_ms,
    Carillon__Google__Empty **response, carillon_failure **failure);

#ifdef __cplusplus
}
#endif
#endif
