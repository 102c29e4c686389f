#include "verdict.h"
#include <stdio.h>
#include <sysexits.h>

static int32_t outcome_of(int exit_code) {
  switch (exit_code) {
  case EX_OK: return CARILLON_DELIVERED;
  case EX_USAGE:    /* 64: called wrongly */
  case EX_DATAERR:  /* 65: the message is wrong */
  case EX_NOINPUT:  /* 66 */
  case EX_NOUSER:   /* 67: the endpoint is wrong */
  case EX_NOHOST:   /* 68: the same */
  case EX_PROTOCOL: /* 76 */
  case EX_NOPERM:   /* 77 */
  case EX_CONFIG:   /* 78 */ return CARILLON_PERMANENT;
  default: return CARILLON_RETRY;
  }
}

verdict verdict_of(child_end end, cause cause) {
  /* Of a command that was ended in the middle nobody knows what it had done. */
  verdict is = {.outcome = CARILLON_UNKNOWN};
  bool is_address = !end.is_signal && (end.number == EX_NOUSER || end.number == EX_NOHOST);
  if (!end.is_known) {
    snprintf(is.code, sizeof is.code, "exit-unknown");
  } else if (!end.is_signal) {
    is.outcome = outcome_of(end.number);
    snprintf(is.code, sizeof is.code, "%sexit-%d", is_address ? "endpoint-fault-" : "", end.number);
  } else if (cause != CAUSE_NONE) {
    static const char *const words[] = {"", "time-limit", "cancelled", "stopped"};
    snprintf(is.code, sizeof is.code, "%s", words[cause]);
  } else {
    snprintf(is.code, sizeof is.code, "signal-%d", end.number);
  }
  return is;
}
