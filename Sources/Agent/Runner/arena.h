/* Memory that is taken piece by piece and given back all at once: of one call, or of one frame. */
#ifndef ARENA_H
#define ARENA_H

#include <carillon/base.h>

#include "runner.h"

typedef struct arena {
  struct arena_chunk *chunks; /* the newest first */
  size_t used;                /* bytes of the newest chunk */
  size_t taken;               /* bytes of all chunks */
  size_t most;                /* no more than this is taken */
} arena;

/* An arena without memory. `most` is in bytes. */
void arena_open(arena *arena, size_t most);

/* Memory for anything, or NULL when `most` would be passed. When the system has none the process ends. */
void *arena_try(arena *arena, size_t bytes);

/* The same, zeroed, of an arena with no bound that can be reached. */
void *arena_need(arena *arena, size_t bytes);

/* Gives everything back, but keeps one chunk of moderate size for the next use. */
void arena_reset(arena *arena);

/* Gives everything back. */
void arena_close(arena *arena);

/* Overwrites everything that was taken: there was a secret in it. */
void arena_wipe(arena *arena);

/* For protobuf-c: what it frees stays until the arena is given back. */
ProtobufCAllocator arena_allocator(arena *arena);

/* A copy of a plugin's text, at most so many bytes of it, cut between characters. */
ProtobufCBinaryData arena_text(arena *arena, carillon_str text, size_t most);

/* A copy of a C string. */
ProtobufCBinaryData arena_words(arena *arena, const char *words);

/* A list of pointers with room for one more: `items` itself, or a copy that is twice as long. */
void *arena_room(arena *arena, void *items, size_t count);

#endif
