/* Reads a delivery that it kept a pointer to. */
#define AT_DELIVERY instance->kept = deliveries[i]->idempotency_key.ptr;
#define AT_RESULT if (instance->kept != NULL && instance->kept[0] == 'x') result.code = str("x");
#include "sink.h"
