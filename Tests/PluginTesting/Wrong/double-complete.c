/* Completes each ticket twice. */
#define AFTER_COMPLETE delivery->complete(delivery->context, &ticket, results, 1);
#include "sink.h"
