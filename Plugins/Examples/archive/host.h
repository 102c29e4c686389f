/* The host and its interfaces, known since `start`. */
#ifndef ARCHIVE_HOST_H
#define ARCHIVE_HOST_H

#include <carillon/carillon.h>
#include <string.h>

extern const carillon_host *host;
extern const carillon_host_delivery_1 *delivery_host;
extern const carillon_host_json_1 *json;
extern const carillon_host_log_1 *logger;

static inline carillon_str str(const char *text) { return (carillon_str){text, strlen(text)}; }

/* A text that the host gives, as a C string in a place of fixed size, which ends at a NUL. For `take` of its JSON. */
typedef struct buffer {
  char *at;
  size_t size; /* with the NUL */
  int is_cut;  /* it was longer, or has a NUL in it */
} buffer;

static inline void buffer_take(void *context, carillon_str text) {
  buffer *into = context;
  into->is_cut = text.len >= into->size;
  size_t length = into->is_cut ? into->size - 1 : text.len;
  if (length > 0) memcpy(into->at, text.ptr, length);
  into->at[length] = '\0';
  if (strlen(into->at) < length) into->is_cut = 1;
}

#endif
