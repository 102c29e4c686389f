/* The google.rpc details of an error, from the trailer `grpc-status-details-bin`. */
#ifndef CARILLON_SRC_DETAILS_H
#define CARILLON_SRC_DETAILS_H

#include <carillon/failure.h>
#include <carillon/rpc/error_details.pb-c.h>
#include <grpc/grpc.h>

/* What a failure's details point into. */
typedef struct failure_details {
  Carillon__Rpc__ErrorInfo *info;
  Carillon__Rpc__BadRequest *request;
  Carillon__Rpc__ResourceInfo *resource;
  carillon_violation *violations;
  carillon_fact *facts;
} failure_details;

/* Reads what is there and known, and shows it. What cannot be read is left out: the status itself counts. */
void details_read(failure_details *details, const grpc_metadata_array *trailers, carillon_failure *shown);

/* Frees what was read; `details` itself is the caller's. */
void details_free(failure_details *details);

#endif
