/* The folder and its files, `archive-NUMBER-TIME.pb.gz`: appended to, rotated, and taken up again after a stop.
 *
 * Each file has one writer, who holds a lock (flock) on it: two instances with one folder, as for a moment when the
 * plugin is reloaded, write to different files. */
#ifndef ARCHIVE_FILES_H
#define ARCHIVE_FILES_H

#include "seen.h"
#include <stdint.h>

enum { FILES_MOST = 1000000, FILE_NAME_BYTES = 64, WHY_BYTES = 512 };

/* What is configured. */
typedef struct rules {
  char directory[1025];
  uint64_t max_bytes;
  int64_t max_age_seconds;
  uint64_t keep_files; /* 0: all */
  bool sync;
} rules;

typedef struct files {
  const rules *rules;
  int directory, file; /* -1: none */
  char name[FILE_NAME_BYTES];
  int64_t began_seconds; /* the file: since 1970-01-01T00:00:00Z */
  uint64_t bytes, records;
} files;

/* Opens the folder, which is made when only it is missing, and takes up the newest file, if nobody else has it and its
 * records can be read. What is torn off at its end is cut away: it was never acknowledged. Puts the keys of the last
 * records into `keys`. `why` gets a sentence: of an error (the answer is false), or of what was found and done about it
 * (true), or nothing. */
bool files_open(files *to, const rules *rules, seen *keys, char why[WHY_BYTES]);

/* Appends whole members, of so many records, and syncs; begins a new file first when it is time. 0, or errno: then
 * nothing of them is in the file. `*first` gets the number, in `name`, of the first record, from 1; `why` gets a
 * sentence when an old file could not be removed. */
int files_append(files *to, const void *members, size_t length, uint64_t records, uint64_t *first, char why[WHY_BYTES]);

void files_close(files *);

#endif
