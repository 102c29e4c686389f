#define _GNU_SOURCE
#include "files.h"
#include "folder.h"
#include "learn.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void leave_file(files *to) {
  if (to->file >= 0) folder_release(to->file);
  to->file = -1;
}

void files_close(files *to) {
  leave_file(to);
  if (to->directory >= 0) close(to->directory);
  to->directory = -1;
}

/* ---- Taking up what is there. ---- */

/* Takes up one file; false: it stays as it is, and a new one is begun with the next batch. */
static bool take_up(files *to, file_id id, seen *keys, char *why) {
  file_name(id, to->name);
  to->began_seconds = id.began_seconds;
  to->file = openat(to->directory, to->name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (to->file < 0 || flock(to->file, LOCK_EX | LOCK_NB) != 0) {
    snprintf(why, WHY_BYTES, "%s is left alone: %s", to->name, strerror(errno));
    return false;
  }
  member_state state = learn_measure(to->file, &to->bytes, &to->records);
  struct stat facts;
  uint64_t size = fstat(to->file, &facts) == 0 ? (uint64_t)facts.st_size : 0;
  member_state keyed = learn_keys(to->file, to->bytes, to->records, keys);
  if ((state != MEMBER_NONE && state != MEMBER_TORN) || keyed != MEMBER_WHOLE) {
    snprintf(why, WHY_BYTES, "%s is left alone: it is damaged at byte %llu or before", to->name,
             (unsigned long long)to->bytes);
    return false;
  }
  if (state == MEMBER_NONE) return true;
  if (ftruncate(to->file, (off_t)to->bytes) != 0 || fsync(to->file) != 0) {
    snprintf(why, WHY_BYTES, "%s is left alone: its end cannot be cut off: %s", to->name, strerror(errno));
    return false;
  }
  snprintf(why, WHY_BYTES, "%s: the last %llu bytes, of a batch that was cut off in the middle, are removed", to->name,
           (unsigned long long)(size - to->bytes));
  return true;
}

bool files_open(files *to, const rules *given, seen *keys, char why[WHY_BYTES]) {
  *to = (files){.rules = given, .directory = folder_open(given->directory), .file = -1};
  file_id *list = NULL;
  size_t count = 0;
  why[0] = '\0';
  int error = to->directory < 0 ? errno : folder_list(to->directory, &list, &count);
  if (error == 0 && faccessat(to->directory, ".", W_OK | X_OK, AT_EACCESS) != 0) error = errno;
  if (error != 0) {
    snprintf(why, WHY_BYTES, "the folder %.300s: %s", given->directory, strerror(error));
    free(list);
    files_close(to);
    return false;
  }
  if (count > 1) learn_files(to->directory, list, count - 1, keys);
  if (count > 0 && !take_up(to, list[count - 1], keys, why)) {
    leave_file(to);
    learn_files(to->directory, &list[count - 1], 1, keys);
  }
  free(list);
  return true;
}

/* ---- Appending. ---- */

static bool is_full(const files *to, uint64_t more, int64_t now_seconds) {
  if (to->bytes == 0) return false;
  return to->bytes + more > to->rules->max_bytes || now_seconds - to->began_seconds >= to->rules->max_age_seconds;
}

/* Somebody has removed it: what would be written to it is nowhere. */
static bool is_gone(const files *to) {
  struct stat facts;
  return fstat(to->file, &facts) != 0 || facts.st_nlink == 0;
}

static int begin(files *to, int64_t now_seconds, char *why) {
  leave_file(to);
  to->file = folder_create(to->directory, now_seconds, to->name);
  if (to->file < 0) return errno;
  to->began_seconds = now_seconds;
  to->bytes = to->records = 0;
  if (to->rules->sync && fsync(to->directory) != 0) return errno;
  int error = to->rules->keep_files > 0 ? folder_prune(to->directory, to->rules->keep_files) : 0;
  if (error != 0) snprintf(why, WHY_BYTES, "an old file could not be removed: %s", strerror(error));
  return 0;
}

static int write_whole(int fd, const uint8_t *from, size_t length, uint64_t offset) {
  for (size_t done = 0; done < length;) {
    ssize_t count = pwrite(fd, from + done, length - done, (off_t)(offset + done));
    if (count > 0) done += (size_t)count;
    else if (count == 0) return ENOSPC;
    else if (errno != EINTR) return errno;
  }
  return 0;
}

/* Takes back what was written of a batch. A file that this fails for, or whose sync failed, so that nobody knows what
 * is on disk, is not written to any more. */
static void take_back(files *to, bool is_doubtful) {
  if (ftruncate(to->file, (off_t)to->bytes) != 0 || is_doubtful) leave_file(to);
}

int files_append(files *to, const void *members, size_t length, uint64_t records, uint64_t *first,
                 char why[WHY_BYTES]) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  why[0] = '\0';
  if (to->file < 0 || is_full(to, length, now.tv_sec) || is_gone(to)) {
    int error = begin(to, now.tv_sec, why);
    if (error != 0) {
      leave_file(to);
      return error;
    }
  }
  int error = write_whole(to->file, members, length, to->bytes);
  bool is_doubtful = false;
  if (error == 0 && to->rules->sync && fdatasync(to->file) != 0) {
    error = errno;
    is_doubtful = true;
  }
  if (error != 0) {
    take_back(to, is_doubtful);
    return error;
  }
  *first = to->records + 1;
  to->bytes += length;
  to->records += records;
  return 0;
}
