#define _GNU_SOURCE
#include "learn.h"
#include "record.h"
#include <fcntl.h>
#include <unistd.h>

static bool learn(const bytes *plain, seen *keys) {
  size_t offset = 0, length;
  const uint8_t *record;
  int state;
  while ((state = member_record(plain, &offset, &record, &length)) == 1) seen_add(keys, record_key(record, length));
  return state == 0;
}

member_state learn_measure(int fd, uint64_t *bytes, uint64_t *records) {
  member_facts facts;
  member_state state;
  *bytes = *records = 0;
  while ((state = member_measure(fd, *bytes, &facts)) == MEMBER_WHOLE) {
    *bytes += facts.length;
    *records += facts.records;
  }
  return state;
}

member_state learn_keys(int fd, uint64_t end, uint64_t records, seen *keys) {
  bytes plain = {0};
  uint64_t offset = 0, skip = records > SEEN_KEYS_MOST ? records - SEEN_KEYS_MOST : 0;
  member_state state = MEMBER_WHOLE;
  while (offset < end && state == MEMBER_WHOLE) {
    member_facts facts;
    state = member_measure(fd, offset, &facts);
    if (state == MEMBER_WHOLE && facts.records > skip) {
      state = member_read(fd, offset, &plain, &facts);
      if (state == MEMBER_WHOLE && !learn(&plain, keys)) state = MEMBER_DAMAGED;
      skip = 0;
    } else {
      skip -= facts.records;
    }
    offset += facts.length;
  }
  bytes_free(&plain);
  return state;
}

/* Opens a file and measures it; -1: it cannot be opened, and has nothing. */
static int open_measured(int directory, file_id id, uint64_t *bytes, uint64_t *records) {
  char name[FILE_NAME_BYTES];
  file_name(id, name);
  *bytes = *records = 0;
  int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd >= 0) learn_measure(fd, bytes, records);
  return fd;
}

void learn_files(int directory, const file_id *list, size_t count, seen *keys) {
  uint64_t bytes, records, all_bytes = 0, all_records = 0;
  size_t first = count;
  /* Backwards for how many are needed, then forwards, because the newest keys must be the last to give way. A file with
   * nothing counts as one record, so that the number of files has a bound. */
  while (first > 0 && all_records < SEEN_KEYS_MOST && all_bytes < LEARN_BYTES_MOST) {
    int fd = open_measured(directory, list[--first], &bytes, &records);
    if (fd >= 0) close(fd);
    all_bytes += bytes;
    all_records += records > 0 ? records : 1;
  }
  for (; first < count; first++) {
    int fd = open_measured(directory, list[first], &bytes, &records);
    if (fd < 0) continue;
    (void)learn_keys(fd, bytes, records, keys);
    close(fd);
  }
}
