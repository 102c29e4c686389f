#include "text.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_add(text *to, const char *bytes, size_t length) {
  if (to->has_failed) return;
  if (to->size - to->length <= length) {
    size_t size = to->size < 256 ? 256 : to->size;
    while (size - to->length <= length && size < SIZE_MAX / 4) size *= 2;
    char *at = size - to->length > length ? realloc(to->at, size) : NULL;
    if (at == NULL) {
      to->has_failed = true;
      return;
    }
    to->at = at;
    to->size = size;
  }
  if (length > 0) memcpy(to->at + to->length, bytes, length);
  to->length += length;
  to->at[to->length] = '\0';
}

void text_add_str(text *to, carillon_str from) { text_add(to, from.ptr, from.len); }

void text_print(text *to, const char *format, ...) {
  char line[256];
  va_list values;
  va_start(values, format);
  int length = vsnprintf(line, sizeof line, format, values);
  va_end(values);
  if (length < 0 || (size_t)length >= sizeof line) to->has_failed = true;
  else text_add(to, line, (size_t)length);
}

void text_free(text *from) {
  free(from->at);
  *from = (text){0};
}
