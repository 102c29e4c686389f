/* What went wrong with a call: gRPC's status, and what the agent says of it. */
#ifndef CARILLON_FAILURE_H
#define CARILLON_FAILURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* gRPC's status codes. */
typedef enum carillon_code {
  CARILLON_CODE_OK = 0,
  CARILLON_CODE_CANCELLED = 1,
  CARILLON_CODE_UNKNOWN = 2,
  CARILLON_CODE_INVALID_ARGUMENT = 3,
  CARILLON_CODE_DEADLINE_EXCEEDED = 4,
  CARILLON_CODE_NOT_FOUND = 5,
  CARILLON_CODE_ALREADY_EXISTS = 6,
  CARILLON_CODE_PERMISSION_DENIED = 7,
  CARILLON_CODE_RESOURCE_EXHAUSTED = 8,
  CARILLON_CODE_FAILED_PRECONDITION = 9,
  CARILLON_CODE_ABORTED = 10,
  CARILLON_CODE_OUT_OF_RANGE = 11,
  CARILLON_CODE_UNIMPLEMENTED = 12,
  CARILLON_CODE_INTERNAL = 13,
  CARILLON_CODE_UNAVAILABLE = 14,
  CARILLON_CODE_DATA_LOSS = 15,
  CARILLON_CODE_UNAUTHENTICATED = 16
} carillon_code;

/* The code's name, such as "NOT_FOUND"; static. "UNKNOWN" for a number that is none. */
const char *carillon_code_name(carillon_code code);

/* A field at fault, named as in the request: "queue.rate_per_second"; a JSON Pointer below a Struct. */
typedef struct carillon_violation {
  const char *field;
  const char *description;
} carillon_violation;

/* More about the reason, such as {"outcome", "delivered"}. */
typedef struct carillon_fact {
  const char *key;
  const char *value;
} carillon_fact;

/* A failure. Every function that may fail answers the code too, and takes a `carillon_failure **` which may be NULL; it is
 * set to NULL when all went well. No text in it is NULL: what was not said is "". All belongs to the failure.
 * Later versions may add fields at the end. */
typedef struct carillon_failure {
  carillon_code code;
  const char *message; /* for people; may change */
  /* The agent's reason, for programs: "ETAG_MISMATCH" and the others of docs/clients.md. "" when the failure is not
   * from an agent: the call did not reach one, its deadline passed, or the library refused it. */
  const char *reason;
  const char *domain;        /* of the reason: "carillon" */
  const char *resource_type; /* of NOT_FOUND and the like: "carillon.v1.Queue" */
  const char *resource_name; /* "queues/bulk" */
  int64_t retry_after_ms;    /* when to try again; -1: it says nothing of that */
  size_t violation_count;    /* of INVALID_ARGUMENT */
  const carillon_violation *violations;
  size_t fact_count;
  const carillon_fact *facts;
} carillon_failure;

/* Whether the same call may succeed later without anything being changed: UNAVAILABLE, and what says when to try again.
 * A create that is repeated needs a request_id: the first one may have been done. */
bool carillon_failure_may_pass(const carillon_failure *failure);

/* Frees it. NULL does nothing. */
void carillon_failure_free(carillon_failure *failure);

#ifdef __cplusplus
}
#endif
#endif
