/* Completes a ticket that nobody gave out. */
#define AFTER_COMPLETE \
  carillon_ticket other = ticket + 12345; \
  delivery->complete(delivery->context, &other, results, 1);
#include "sink.h"
