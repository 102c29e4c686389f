#include <carillon/client.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "failure.h"
#include "bounds.h"

static carillon_code code_of(int number)
{
  switch (number) {
  case ENOENT: return CARILLON_CODE_NOT_FOUND;
  case EACCES: return CARILLON_CODE_PERMISSION_DENIED;
  default: return CARILLON_CODE_UNKNOWN;
  }
}

/* Reads all of it into a buffer that takes one byte more than is allowed, and a NUL. */
static carillon_code read_all(FILE *file, const char *path, char *buffer, carillon_failure **failure)
{
  size_t length = fread(buffer, 1, PEM_MAX_BYTES + 1, file);
  if (ferror(file)) return failure_set(failure, code_of(errno), "%s: %s", path, strerror(errno));
  if (length > PEM_MAX_BYTES) return failure_set(failure, CARILLON_CODE_OUT_OF_RANGE, "%s has more than 1 MiB", path);
  buffer[length] = '\0';
  return CARILLON_CODE_OK;
}

carillon_code carillon_read_file(const char *path, char **text, carillon_failure **failure)
{
  failure_clear(failure);
  *text = NULL;
  FILE *file = fopen(path, "rbe");
  if (file == NULL) return failure_set(failure, code_of(errno), "%s: %s", path, strerror(errno));
  setvbuf(file, NULL, _IONBF, 0); /* a key is to stay in no buffer of stdio's */
  carillon_code code;
  char *buffer = calloc(1, PEM_MAX_BYTES + 2);
  if (buffer == NULL) code = failure_set(failure, CARILLON_CODE_RESOURCE_EXHAUSTED, "no memory is left");
  else code = read_all(file, path, buffer, failure);
  fclose(file);
  if (code == CARILLON_CODE_OK) {
    char *fitting = strdup(buffer);
    if (fitting == NULL) code = failure_set(failure, CARILLON_CODE_RESOURCE_EXHAUSTED, "no memory is left");
    *text = fitting;
  }
  if (buffer != NULL) explicit_bzero(buffer, PEM_MAX_BYTES + 2);
  free(buffer);
  return code;
}

void carillon_text_free(char *text)
{
  if (text == NULL) return;
  explicit_bzero(text, strlen(text));
  free(text);
}
