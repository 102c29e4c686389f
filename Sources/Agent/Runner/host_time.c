/* carillon.host.time/1 */
#include "asks.h"
#include "civil.h"
#include "host.h"

enum { ZONE_BYTES = 128 };

static carillon_status instant(void *context, carillon_str time_zone, const carillon_civil *civil, int32_t gap,
                               int32_t fold, int64_t *instant_ns) {
  (void)context;
  if (civil == NULL || instant_ns == NULL || time_zone.len > ZONE_BYTES) return CARILLON_INVALID;
  arena arena;
  Carillon__Runner__V1__Instant question;
  arena_open(&arena, SIZE_MAX);
  carillon__runner__v1__instant__init(&question);
  question.time_zone = borrowed(time_zone);
  question.civil = civil_message(civil, &arena);
  question.gap = gap;
  question.fold = fold;
  Ask *ask = ask_new(&arena, CARILLON__RUNNER__V1__ASK__KIND_INSTANT);
  ask->instant = &question;
  job *answered = ask_wait(&arena, ask);
  const Answer *answer = answered->message->answer;
  carillon_status status = answer->status;
  if (status == CARILLON_OK) *instant_ns = answer->instant_ns;
  ask_end(answered);
  arena_close(&arena);
  return status;
}

static carillon_status civil(void *context, carillon_str time_zone, int64_t instant_ns, carillon_civil *civil) {
  (void)context;
  if (civil == NULL || time_zone.len > ZONE_BYTES) return CARILLON_INVALID;
  arena arena;
  Carillon__Runner__V1__CivilTime question;
  arena_open(&arena, SIZE_MAX);
  carillon__runner__v1__civil_time__init(&question);
  question.time_zone = borrowed(time_zone);
  question.instant_ns = instant_ns;
  Ask *ask = ask_new(&arena, CARILLON__RUNNER__V1__ASK__KIND_CIVIL_TIME);
  ask->civil_time = &question;
  job *answered = ask_wait(&arena, ask);
  const Answer *answer = answered->message->answer;
  carillon_status status = answer->status;
  if (status == CARILLON_OK) *civil = civil_read(answer->civil);
  ask_end(answered);
  arena_close(&arena);
  return status;
}

static const carillon_host_time_1 table = {
  .struct_size = sizeof table,
  .context = (void *)&table,
  .instant = instant,
  .civil = civil,
};

const carillon_host_time_1 *host_time(void) { return &table; }
