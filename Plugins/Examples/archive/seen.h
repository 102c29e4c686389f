/* The idempotency keys of the last records, so that one that comes again is not written again. */
#ifndef ARCHIVE_SEEN_H
#define ARCHIVE_SEEN_H

#include <carillon/base.h>
#include <stdbool.h>

enum { SEEN_KEYS_MOST = 65536, SEEN_KEY_BYTES_MOST = 1024 };

typedef struct seen seen;

/* NULL: no memory. */
seen *seen_make(void);
void seen_free(seen *);

bool seen_has(const seen *, carillon_str key);

/* Remembers a key that is not there yet; the oldest gives way. Without memory, or with a key that is too long, it is
 * not remembered. */
void seen_add(seen *, carillon_str key);

/* The key's record was not written after all. */
void seen_forget(seen *, carillon_str key);

#endif
