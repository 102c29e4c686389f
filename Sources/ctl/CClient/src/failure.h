/* Makes failures. */
#ifndef CARILLON_SRC_FAILURE_H
#define CARILLON_SRC_FAILURE_H

#include <carillon/failure.h>
#include <grpc/grpc.h>

/* Forgets what a caller's variable held; every function that may fail begins with it. */
void failure_clear(carillon_failure **failure);

/* Sets `*failure`, where somebody wants it, and answers the code. The text is printf's. */
carillon_code failure_set(carillon_failure **failure, carillon_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for an option or a field at fault, which becomes the failure's one violation. */
carillon_code failure_invalid(carillon_failure **failure, const char *field, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same from what a call ended with: the status, its message and the trailing metadata. OK makes none. */
carillon_code failure_of_call(carillon_failure **failure, grpc_status_code status, grpc_slice message,
                              const grpc_metadata_array *trailers);

#endif
