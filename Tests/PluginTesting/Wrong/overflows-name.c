/* Copies the name into a buffer that is too short. */
#define AT_CREATE \
  char *copy = malloc(64); \
  memcpy(copy, name.ptr, name.len); \
  memset(copy, 0, 1); \
  free(copy);
#include "event_type.h"
