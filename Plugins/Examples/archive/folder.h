/* Names of an archive's files, and the folder they are in. */
#ifndef ARCHIVE_FOLDER_H
#define ARCHIVE_FOLDER_H

#include "files.h"

typedef struct file_id {
  uint64_t number; /* from 1; the newest has the greatest */
  int64_t began_seconds;
} file_id;

/* The name of a file: "archive-0000000001-20310504T090000Z.pb.gz". */
void file_name(file_id id, char name[FILE_NAME_BYTES]);

/* The archive's files in a folder, oldest first, to be freed. 0, or errno. */
int folder_list(int directory, file_id **list, size_t *count);

/* Opens a folder, and makes it first when only it is missing. -1: errno. */
int folder_open(const char *path);

/* Makes a file after all others, and locks it. -1: errno. */
int folder_create(int directory, int64_t now_seconds, char name[FILE_NAME_BYTES]);

/* Gives a file's lock back, and closes it. */
void folder_release(int file);

/* Removes the oldest files but so many, and those that somebody writes to. 0, or errno of the first one that could not
 * be removed. */
int folder_prune(int directory, uint64_t keep);

#endif
