/* Wants 20 KiB to be given back. */
#define AT_RESULT \
  static char carry[20 * 1024]; \
  memset(carry, 'c', sizeof carry); \
  result.carry = (carillon_str){carry, sizeof carry};
#include "sink.h"
