#define _GNU_SOURCE
#include "folder.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { TRIES_MOST = 100 };

void file_name(file_id id, char name[FILE_NAME_BYTES]) {
  struct tm at;
  time_t seconds = (time_t)id.began_seconds;
  char when[24] = "";
  gmtime_r(&seconds, &at);
  strftime(when, sizeof when, "%Y%m%dT%H%M%SZ", &at);
  snprintf(name, FILE_NAME_BYTES, "archive-%010llu-%s.pb.gz", (unsigned long long)id.number, when);
}

/* Whether a name is one of ours: it must come out the same when it is made again. */
static bool parse(const char *name, file_id *id) {
  unsigned long long number;
  char when[17], again[FILE_NAME_BYTES];
  struct tm at = {0};
  if (sscanf(name, "archive-%10llu-%16[0-9TZ].pb.gz", &number, when) != 2) return false;
  if (strptime(when, "%Y%m%dT%H%M%SZ", &at) == NULL) return false;
  *id = (file_id){number, (int64_t)timegm(&at)};
  file_name(*id, again);
  return strcmp(name, again) == 0;
}

static int by_number(const void *left, const void *right) {
  const file_id *l = left, *r = right;
  return (l->number > r->number) - (l->number < r->number);
}

static int add(file_id **list, size_t *count, size_t *size, file_id id) {
  if (*count == FILES_MOST) return EMFILE;
  if (*count == *size) {
    size_t wanted = *size == 0 ? 64 : *size * 2;
    file_id *more = realloc(*list, wanted * sizeof *more);
    if (more == NULL) return ENOMEM;
    *list = more;
    *size = wanted;
  }
  (*list)[(*count)++] = id;
  return 0;
}

int folder_list(int directory, file_id **list, size_t *count) {
  *list = NULL;
  *count = 0;
  int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return errno;
  DIR *stream = fdopendir(fd);
  if (stream == NULL) {
    int error = errno;
    close(fd);
    return error;
  }
  size_t size = 0;
  int error = 0;
  for (;;) {
    errno = 0;
    struct dirent *entry = readdir(stream);
    if (entry == NULL) error = errno;
    if (entry == NULL || error != 0) break;
    file_id id;
    if (parse(entry->d_name, &id)) error = add(list, count, &size, id);
    if (error != 0) break;
  }
  closedir(stream);
  if (error != 0) {
    free(*list);
    *list = NULL;
    *count = 0;
  } else if (*count > 1) {
    qsort(*list, *count, sizeof **list, by_number);
  }
  return error;
}

/* So that a new name in a folder is on disk. */
static int sync_parent(const char *path) {
  char copy[1025];
  snprintf(copy, sizeof copy, "%s", path);
  int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return -1;
  int status = fsync(fd);
  close(fd);
  return status;
}

int folder_open(const char *path) {
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0 || errno != ENOENT) return fd;
  if (mkdir(path, 0750) != 0 && errno != EEXIST) return -1;
  if (sync_parent(path) != 0) return -1;
  return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

int folder_create(int directory, int64_t now_seconds, char name[FILE_NAME_BYTES]) {
  file_id *list;
  size_t count;
  int error = folder_list(directory, &list, &count);
  if (error != 0) {
    errno = error;
    return -1;
  }
  file_id id = {count == 0 ? 1 : list[count - 1].number + 1, now_seconds};
  free(list);
  for (int tried = 0; tried < TRIES_MOST; tried++, id.number++) {
    file_name(id, name);
    int fd = openat(directory, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (fd < 0 && errno == EEXIST) continue; /* somebody else was quicker */
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
    if (fd < 0) return -1;
    error = errno;
    close(fd);
    unlinkat(directory, name, 0);
    errno = error;
    return -1;
  }
  errno = EEXIST;
  return -1;
}

void folder_release(int file) {
  /* Closing it is not enough: another thread may just have forked, and the lock would stay until that child's exec. */
  (void)flock(file, LOCK_UN);
  close(file);
}

/* Whether somebody writes to a file: then it has a lock. */
static bool is_in_use(int directory, const char *name) {
  int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return false;
  bool is = flock(fd, LOCK_EX | LOCK_NB) != 0;
  folder_release(fd);
  return is;
}

int folder_prune(int directory, uint64_t keep) {
  file_id *list;
  size_t count;
  int error = folder_list(directory, &list, &count);
  for (size_t i = 0; error == 0 && count > keep && i < count - keep; i++) {
    char name[FILE_NAME_BYTES];
    file_name(list[i], name);
    if (!is_in_use(directory, name) && unlinkat(directory, name, 0) != 0 && errno != ENOENT) error = errno;
  }
  free(list);
  return error;
}
