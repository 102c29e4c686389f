/* What is learnt of files at the start: how much of each is whole, and the keys of its records. */
#ifndef ARCHIVE_LEARN_H
#define ARCHIVE_LEARN_H

#include "folder.h"
#include "member.h"

/* Older files are read for their keys until they have SEEN_KEYS_MOST records, or so many bytes together. */
enum { LEARN_BYTES_MOST = 256 * 1024 * 1024 };

/* Steps over all members by their headers; `bytes` and `records` are then what is whole. */
member_state learn_measure(int fd, uint64_t *bytes, uint64_t *records);

/* Reads the members with the last keys that are remembered. The first `end` bytes must be whole members, of so many
 * records. MEMBER_WHOLE, or why not all could be read. */
member_state learn_keys(int fd, uint64_t end, uint64_t records, seen *keys);

/* The keys of the newest of these files, which are in order, oldest first. What cannot be read of them is no reason to
 * stop. */
void learn_files(int directory, const file_id *list, size_t count, seen *keys);

#endif
