/* carillon.host.secret/1 */
#include "asks.h"
#include "host.h"

enum { NAME_BYTES = 256, REFERENCE_BYTES = 4096 };

static carillon_status resolve(void *context, carillon_str instance, carillon_str reference, carillon_take_secret take,
                               void *take_context, carillon_error *error) {
  (void)context;
  if (take == NULL || instance.len > NAME_BYTES || reference.len > REFERENCE_BYTES) return CARILLON_INVALID;
  arena arena;
  Carillon__Runner__V1__Secret secret;
  arena_open(&arena, SIZE_MAX);
  carillon__runner__v1__secret__init(&secret);
  secret.instance = borrowed(instance);
  secret.reference = borrowed(reference);
  Ask *ask = ask_new(&arena, CARILLON__RUNNER__V1__ASK__KIND_SECRET);
  ask->secret = &secret;
  job *answered = ask_wait(&arena, ask);
  const Answer *answer = answered->message->answer;
  carillon_status status = answer->status;
  if (status == CARILLON_OK) take(take_context, text_of(answer->text));
  if (status != CARILLON_OK) fault_pass(error, answer->fault);
  ask_end(answered);
  arena_close(&arena);
  return status;
}

static const carillon_host_secret_1 table = {
  .struct_size = sizeof table,
  .context = (void *)&table,
  .resolve = resolve,
};

const carillon_host_secret_1 *host_secret(void) { return &table; }
