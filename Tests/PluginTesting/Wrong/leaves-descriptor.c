/* Leaves a pipe open. */
#include <unistd.h>
#define AT_START \
  int ends[2]; \
  if (pipe(ends) != 0) return CARILLON_FAILED;
#include "sink.h"
