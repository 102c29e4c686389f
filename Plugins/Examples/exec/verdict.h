/* What the end of a command means for its delivery. */
#ifndef EXEC_VERDICT_H
#define EXEC_VERDICT_H

#include "child.h"

/* Why a command was ended by us. */
typedef enum cause { CAUSE_NONE, CAUSE_TIME, CAUSE_CANCEL, CAUSE_STOP } cause;

typedef struct verdict {
  int32_t outcome;
  char code[32];
} verdict;

verdict verdict_of(child_end end, cause cause);

#endif
