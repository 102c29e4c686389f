#include "failure.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "details.h"

/* What the caller sees, and what it points into. */
typedef struct failure_box {
  carillon_failure shown; /* first: the caller has its address */
  char *message;
  char *field;
  failure_details details;
} failure_box;

static const carillon_failure no_memory = {
    .code = CARILLON_CODE_RESOURCE_EXHAUSTED, .message = "no memory is left", .reason = "", .domain = "",
    .resource_type = "", .resource_name = "", .retry_after_ms = -1};

void failure_clear(carillon_failure **failure)
{
  if (failure != NULL) *failure = NULL;
}

static failure_box *box_new(carillon_code code, char *message)
{
  failure_box *box = message != NULL ? calloc(1, sizeof *box) : NULL;
  if (box == NULL) {
    free(message);
    return NULL;
  }
  box->message = message;
  box->shown = no_memory;
  box->shown.code = code;
  box->shown.message = message;
  return box;
}

/* What is handed out when there is no memory is static; freeing it does nothing. */
static carillon_failure *shown(failure_box *box)
{
  return box != NULL ? &box->shown : (carillon_failure *)&no_memory;
}

static char *formatted(const char *format, va_list arguments)
{
  char text[1024];
  vsnprintf(text, sizeof text, format, arguments);
  return strdup(text);
}

carillon_code failure_set(carillon_failure **failure, carillon_code code, const char *format, ...)
{
  if (failure == NULL) return code;
  va_list arguments;
  va_start(arguments, format);
  *failure = shown(box_new(code, formatted(format, arguments)));
  va_end(arguments);
  return code;
}

carillon_code failure_invalid(carillon_failure **failure, const char *field, const char *format, ...)
{
  carillon_code code = CARILLON_CODE_INVALID_ARGUMENT;
  if (failure == NULL) return code;
  va_list arguments;
  va_start(arguments, format);
  char *text = formatted(format, arguments);
  va_end(arguments);
  char *message = text != NULL ? malloc(strlen(field) + strlen(text) + 3) : NULL;
  if (message != NULL) sprintf(message, "%s: %s", field, text);
  free(text);
  failure_box *box = box_new(code, message);
  *failure = shown(box);
  if (box == NULL) return code;
  box->field = strdup(field);
  box->details.violations = calloc(1, sizeof *box->details.violations);
  if (box->field == NULL || box->details.violations == NULL) return code;
  box->details.violations[0] = (carillon_violation){box->field, message + strlen(field) + 2};
  box->shown.violations = box->details.violations;
  box->shown.violation_count = 1;
  return code;
}

static char *text_of(grpc_slice slice)
{
  size_t length = GRPC_SLICE_LENGTH(slice);
  char *text = malloc(length + 1);
  if (text == NULL) return NULL;
  memcpy(text, GRPC_SLICE_START_PTR(slice), length);
  text[length] = '\0';
  return text;
}

carillon_code failure_of_call(carillon_failure **failure, grpc_status_code status, grpc_slice message,
                              const grpc_metadata_array *trailers)
{
  bool known = status >= 0 && status <= GRPC_STATUS_UNAUTHENTICATED;
  carillon_code code = known ? (carillon_code)status : CARILLON_CODE_UNKNOWN;
  if (failure == NULL || code == CARILLON_CODE_OK) return code;
  failure_box *box = box_new(code, text_of(message));
  if (box != NULL) details_read(&box->details, trailers, &box->shown);
  *failure = shown(box);
  return code;
}

void carillon_failure_free(carillon_failure *failure)
{
  if (failure == NULL || failure == &no_memory) return;
  failure_box *box = (failure_box *)failure;
  details_free(&box->details);
  free(box->field);
  free(box->message);
  free(box);
}

bool carillon_failure_may_pass(const carillon_failure *failure)
{
  if (failure == NULL) return false;
  return failure->code == CARILLON_CODE_UNAVAILABLE || failure->retry_after_ms >= 0;
}

const char *carillon_code_name(carillon_code code)
{
  static const char *const names[] = {
      "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
      "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
      "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED"};
  size_t at = (size_t)code;
  return at < sizeof names / sizeof names[0] ? names[at] : "UNKNOWN";
}
