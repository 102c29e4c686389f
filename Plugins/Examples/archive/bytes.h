/* A run of bytes that grows. */
#ifndef ARCHIVE_BYTES_H
#define ARCHIVE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

typedef struct bytes {
  uint8_t *at;
  size_t used, size;
} bytes;

/* Room for `more` bytes after those that are used. False: no memory; nothing changed. */
static inline bool bytes_reserve(bytes *run, size_t more) {
  if (more > SIZE_MAX / 4 || run->used > SIZE_MAX / 4) return false;
  if (run->size - run->used >= more) return true;
  size_t size = run->size < 4096 ? 4096 : run->size;
  while (size - run->used < more) size *= 2;
  uint8_t *at = realloc(run->at, size);
  if (at == NULL) return false;
  run->at = at;
  run->size = size;
  return true;
}

static inline void bytes_free(bytes *run) {
  free(run->at);
  *run = (bytes){0};
}

#endif
