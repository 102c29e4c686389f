/* A result has an outcome that does not exist. */
#define AT_RESULT result.outcome = 77;
#include "sink.h"
