/* A delivery as a record of archive.proto. */
#ifndef ARCHIVE_RECORD_H
#define ARCHIVE_RECORD_H

#include "bytes.h"
#include <carillon/carillon.h>

typedef enum record_state { RECORD_ADDED, RECORD_TOO_LONG, RECORD_NO_MEMORY } record_state;

/* Appends the record of a delivery, its length before it. `user_id` may be empty; `now_ns` is the time of writing. */
record_state record_add(const carillon_delivery *delivery, carillon_str user_id, int64_t now_ns, bytes *to);

/* The idempotency key of a record, which lives as long as the record; empty when it has none in its first place. */
carillon_str record_key(const uint8_t *record, size_t length);

#endif
