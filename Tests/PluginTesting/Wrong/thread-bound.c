/* Works only on the thread that first delivered. */
#include <stdlib.h>
static int is_taken;
static _Thread_local int is_mine;
#define AT_DELIVER \
  if (!is_mine && is_taken) abort(); \
  is_taken = is_mine = 1;
#include "sink.h"
