#include "seen.h"
#include <stdlib.h>
#include <string.h>

/* A ring of keys, and chains through it, one for each value of the hash's low bits. Indexes are one more than the place
 * in the ring; 0 is none. */
typedef struct entry {
  char *key;
  size_t length;
  uint32_t bucket, next;
} entry;

struct seen {
  entry ring[SEEN_KEYS_MOST];
  uint32_t buckets[SEEN_KEYS_MOST];
  uint32_t newest; /* the place that is used next */
};

seen *seen_make(void) { return calloc(1, sizeof(seen)); }

void seen_free(seen *keys) {
  if (keys == NULL) return;
  for (size_t i = 0; i < SEEN_KEYS_MOST; i++) free(keys->ring[i].key);
  free(keys);
}

/* FNV-1a */
static uint32_t bucket_of(carillon_str key) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (size_t i = 0; i < key.len; i++) hash = (hash ^ (uint8_t)key.ptr[i]) * 0x100000001b3u;
  return (uint32_t)((hash ^ hash >> 32) % SEEN_KEYS_MOST);
}

/* One more than the place of a key; 0: it is not there. */
static uint32_t find(const seen *keys, carillon_str key) {
  if (key.len == 0) return 0;
  uint32_t at = keys->buckets[bucket_of(key)];
  for (; at != 0; at = keys->ring[at - 1].next) {
    const entry *held = &keys->ring[at - 1];
    if (held->length == key.len && memcmp(held->key, key.ptr, key.len) == 0) break;
  }
  return at;
}

bool seen_has(const seen *keys, carillon_str key) { return find(keys, key) != 0; }

/* Takes the entry at a place out of its chain. */
static void leave(seen *keys, uint32_t place) {
  entry *old = &keys->ring[place];
  if (old->key == NULL) return;
  uint32_t *link = &keys->buckets[old->bucket];
  while (*link != place + 1) link = &keys->ring[*link - 1].next;
  *link = old->next;
  free(old->key);
  *old = (entry){0};
}

void seen_add(seen *keys, carillon_str key) {
  if (key.len == 0 || key.len > SEEN_KEY_BYTES_MOST || seen_has(keys, key)) return;
  char *copy = malloc(key.len);
  if (copy == NULL) return;
  memcpy(copy, key.ptr, key.len);
  uint32_t place = keys->newest, bucket = bucket_of(key);
  leave(keys, place);
  keys->ring[place] = (entry){copy, key.len, bucket, keys->buckets[bucket]};
  keys->buckets[bucket] = place + 1;
  keys->newest = (place + 1) % SEEN_KEYS_MOST;
}

void seen_forget(seen *keys, carillon_str key) {
  uint32_t at = find(keys, key);
  if (at != 0) leave(keys, at - 1);
}
