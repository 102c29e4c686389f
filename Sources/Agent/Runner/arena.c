#define _GNU_SOURCE
#include "arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

/* Of a chunk, unless a piece needs more. 0 gives every piece a chunk of its own, so that checkers of memory see its
 * ends. */
#ifndef ARENA_CHUNK_BYTES
#define ARENA_CHUNK_BYTES (16 * 1024)
#endif

enum { KEPT_BYTES = 1024 * 1024, LARGEST_CHUNK_BYTES = 4 * 1024 * 1024, FIRST_ITEMS = 8 };

struct arena_chunk {
  struct arena_chunk *next;
  size_t size;
  alignas(max_align_t) unsigned char bytes[];
};

void arena_open(arena *arena, size_t most) { *arena = (struct arena){.most = most}; }

/* Each chunk is as large as all before it, so that there are few; the last one is the one worth keeping. */
static size_t chunk_bytes(const arena *arena, size_t bytes) {
  size_t size = ARENA_CHUNK_BYTES;
  if (size > 0 && size < arena->taken) size = arena->taken < LARGEST_CHUNK_BYTES ? arena->taken : LARGEST_CHUNK_BYTES;
  return size > bytes ? size : bytes;
}

static bool grow(arena *arena, size_t bytes) {
  if (arena->taken > arena->most || bytes > arena->most - arena->taken) return false;
  size_t size = chunk_bytes(arena, bytes);
  struct arena_chunk *chunk = malloc(sizeof *chunk + size);
  if (chunk == NULL) die(EXIT_NO_MEMORY, "out of memory");
  chunk->next = arena->chunks;
  chunk->size = size;
  arena->chunks = chunk;
  arena->used = 0;
  arena->taken += size;
  return true;
}

void *arena_try(arena *arena, size_t bytes) {
  const size_t unit = alignof(max_align_t);
  size_t start = (arena->used + unit - 1) / unit * unit;
  if (arena->chunks == NULL || start > arena->chunks->size || bytes > arena->chunks->size - start) {
    if (!grow(arena, bytes)) return NULL;
    start = 0;
  }
  arena->used = start + bytes;
  return arena->chunks->bytes + start;
}

void *arena_need(arena *arena, size_t bytes) {
  void *memory = arena_try(arena, bytes);
  if (memory == NULL) die(EXIT_NO_MEMORY, "a call needs too much memory");
  return memset(memory, 0, bytes);
}

void arena_reset(arena *arena) {
  struct arena_chunk *kept = NULL;
  while (arena->chunks != NULL) {
    struct arena_chunk *chunk = arena->chunks;
    arena->chunks = chunk->next;
    bool keeps = ARENA_CHUNK_BYTES > 0 && chunk->size <= KEPT_BYTES && (kept == NULL || chunk->size > kept->size);
    struct arena_chunk *unused = keeps ? kept : chunk;
    if (keeps) kept = chunk;
    free(unused);
  }
  if (kept != NULL) kept->next = NULL;
  *arena = (struct arena){.chunks = kept, .taken = kept == NULL ? 0 : kept->size, .most = arena->most};
}

void arena_close(arena *arena) {
  while (arena->chunks != NULL) {
    struct arena_chunk *chunk = arena->chunks;
    arena->chunks = chunk->next;
    free(chunk);
  }
  arena_open(arena, arena->most);
}

void arena_wipe(arena *arena) {
  for (struct arena_chunk *chunk = arena->chunks; chunk != NULL; chunk = chunk->next) {
    explicit_bzero(chunk->bytes, chunk->size);
  }
}

static void *allocate(void *data, size_t bytes) { return arena_try(data, bytes); }

static void release(void *data, void *memory) {
  (void)data;
  (void)memory;
}

ProtobufCAllocator arena_allocator(arena *arena) {
  return (ProtobufCAllocator){.alloc = allocate, .free = release, .allocator_data = arena};
}

static size_t cut(carillon_str text, size_t most) {
  if (text.len <= most) return text.len;
  size_t end = most;
  while (end > 0 && ((unsigned char)text.ptr[end] & 0xc0) == 0x80) end--;
  return end;
}

ProtobufCBinaryData arena_text(arena *arena, carillon_str text, size_t most) {
  if (text.ptr == NULL || text.len == 0) return (ProtobufCBinaryData){0};
  size_t length = cut(text, most);
  void *copy = arena_need(arena, length + 1);
  memcpy(copy, text.ptr, length);
  return (ProtobufCBinaryData){.len = length, .data = copy};
}

ProtobufCBinaryData arena_words(arena *arena, const char *words) {
  return arena_text(arena, (carillon_str){words, strlen(words)}, SIZE_MAX);
}

void *arena_room(arena *arena, void *items, size_t count) {
  /* There is room until the count is a power of two, which is when the list is full. */
  bool isFull = count == 0 || (count >= FIRST_ITEMS && (count & (count - 1)) == 0);
  if (!isFull) return items;
  size_t room = count == 0 ? FIRST_ITEMS : count * 2;
  void **more = arena_need(arena, room * sizeof *more);
  if (count > 0) memcpy(more, items, count * sizeof *more);
  return more;
}
