#define _GNU_SOURCE
#include "batch.h"
#include "files.h"
#include "member.h"
#include "record.h"
#include <errno.h>
#include <stdio.h>
#include <time.h>

enum { USER_ID_BYTES = 256, RESULTS_AT_ONCE = 64 };

/* ---- Packing. ---- */

/* Ends what is gathered as a member. */
static bool flush(packer *with, uint32_t *records) {
  if (*records > 0 && !member_write(&with->plain, *records, &with->members)) return false;
  with->plain.used = 0;
  *records = 0;
  return true;
}

static fate gather(packer *with, const carillon_delivery *delivery, int64_t now_ns) {
  if (seen_has(with->keys, delivery->idempotency_key)) return FATE_KNOWN;
  char user[USER_ID_BYTES] = "";
  buffer into = {user, sizeof user, 0};
  /* A schedule without a user has none. */
  (void)json->text(json->context, delivery->event->user_json, str("/id"), buffer_take, &into, NULL);
  switch (record_add(delivery, str(user), now_ns, &with->plain)) {
  case RECORD_ADDED: return FATE_NEW;
  case RECORD_TOO_LONG: return FATE_TOO_LONG;
  default: return FATE_NO_MEMORY;
  }
}

int batch_pack(packer *with, batch *of) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  uint32_t gathered = 0;
  bool has_room = true;
  with->plain.used = with->members.used = 0;
  of->records = 0;
  for (size_t i = 0; i < of->count; i++) {
    of->fates[i] = gather(with, of->deliveries[i], now.tv_sec * 1000000000ll + now.tv_nsec);
    if (of->fates[i] != FATE_NEW) continue;
    seen_add(with->keys, of->deliveries[i]->idempotency_key); /* at once: the same one may be in this batch again */
    gathered++;
    of->records++;
    if (has_room && with->plain.used >= MEMBER_PLAIN_ENOUGH) has_room = flush(with, &gathered);
    if (!has_room) with->plain.used = 0;
  }
  return has_room && flush(with, &gathered) ? 0 : ENOMEM;
}

void batch_take_back(packer *with, batch *of) {
  for (size_t i = 0; i < of->count; i++)
    if (of->fates[i] == FATE_NEW) seen_forget(with->keys, of->deliveries[i]->idempotency_key);
  for (size_t i = 0; i < of->count; i++) {
    carillon_str key = of->deliveries[i]->idempotency_key;
    if (of->fates[i] == FATE_KNOWN && !seen_has(with->keys, key)) of->fates[i] = FATE_NEW;
  }
}

/* ---- Answering. ---- */

static const char *code_of(int error) {
  switch (error) {
  case ENOSPC:
  case EDQUOT: return "disk-full";
  case EFBIG: return "file-limit";
  case ENOMEM: return "memory";
  default: return "io";
  }
}

/* What to say of a delivery, when writing its batch ended with `error`. */
static carillon_result result_of(fate fate, int error) {
  carillon_result result = {.struct_size = sizeof result, .outcome = CARILLON_DELIVERED, .code = str("archived")};
  if (fate == FATE_KNOWN) {
    result.code = str("archived-before");
  } else if (fate == FATE_TOO_LONG) {
    result.outcome = CARILLON_PERMANENT;
    result.code = str("record-too-long");
  } else if (fate == FATE_NO_MEMORY || error != 0) {
    int problem = fate == FATE_NO_MEMORY ? ENOMEM : error;
    result.outcome = CARILLON_RETRY;
    result.code = str(code_of(problem));
    result.detail = str(strerror(problem));
  }
  return result;
}

void batch_answer(const batch *of, int error, const char *file, uint64_t first) {
  for (size_t start = 0; start < of->count; start += RESULTS_AT_ONCE) {
    carillon_ticket tickets[RESULTS_AT_ONCE];
    carillon_result results[RESULTS_AT_ONCE];
    const carillon_result *pointers[RESULTS_AT_ONCE];
    char receipts[RESULTS_AT_ONCE][FILE_NAME_BYTES + 24];
    size_t part = of->count - start < RESULTS_AT_ONCE ? of->count - start : RESULTS_AT_ONCE;
    for (size_t i = 0; i < part; i++) {
      fate fate = of->fates[start + i];
      tickets[i] = of->deliveries[start + i]->ticket;
      results[i] = result_of(fate, error);
      if (fate == FATE_NEW && error == 0) {
        snprintf(receipts[i], sizeof receipts[i], "%s#%llu", file, (unsigned long long)first++);
        results[i].receipt = str(receipts[i]);
      }
      pointers[i] = &results[i];
    }
    /* STALE: the host gave some up meanwhile; they come again, and are known then. */
    (void)delivery_host->complete(delivery_host->context, tickets, pointers, part);
  }
}
