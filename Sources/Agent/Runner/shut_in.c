#include "shut_in.h"

#include "sandbox.h"

static sandbox result;

void shut_in(const Setup *setup) { sandbox_enter(setup, &result); }

bool shut_in_tell(Loaded *loaded, carillon_error *error) {
  loaded->enforced = (char **)result.enforced;
  loaded->n_enforced = result.count;
  if (result.why[0] == 0) return true;
  fault_say(error, CARILLON_DENIED, result.why);
  return false;
}
