#include "details.h"

#include <carillon/rpc/status.pb-c.h>
#include <stdlib.h>
#include <string.h>

#include "bounds.h"
#include "message.h"

static const char details_key[] = "grpc-status-details-bin";

static void read_info(failure_details *details, const ProtobufCBinaryData *value, carillon_failure *shown)
{
  if (details->info != NULL) return;
  ProtobufCMessage *message = message_parse(&carillon__rpc__error_info__descriptor, value->data, value->len);
  Carillon__Rpc__ErrorInfo *info = details->info = (Carillon__Rpc__ErrorInfo *)message;
  if (info == NULL) return;
  shown->reason = info->reason;
  shown->domain = info->domain;
  details->facts = calloc(info->n_metadata, sizeof *details->facts);
  if (details->facts == NULL) return;
  for (size_t at = 0; at < info->n_metadata; at++)
    details->facts[at] = (carillon_fact){info->metadata[at]->key, info->metadata[at]->value};
  shown->facts = details->facts;
  shown->fact_count = info->n_metadata;
}

static void read_request(failure_details *details, const ProtobufCBinaryData *value, carillon_failure *shown)
{
  if (details->request != NULL) return;
  ProtobufCMessage *message = message_parse(&carillon__rpc__bad_request__descriptor, value->data, value->len);
  Carillon__Rpc__BadRequest *request = details->request = (Carillon__Rpc__BadRequest *)message;
  if (request == NULL) return;
  details->violations = calloc(request->n_field_violations, sizeof *details->violations);
  if (details->violations == NULL) return;
  for (size_t at = 0; at < request->n_field_violations; at++) {
    const Carillon__Rpc__BadRequest__FieldViolation *violation = request->field_violations[at];
    details->violations[at] = (carillon_violation){violation->field, violation->description};
  }
  shown->violations = details->violations;
  shown->violation_count = request->n_field_violations;
}

static void read_resource(failure_details *details, const ProtobufCBinaryData *value, carillon_failure *shown)
{
  if (details->resource != NULL) return;
  ProtobufCMessage *message = message_parse(&carillon__rpc__resource_info__descriptor, value->data, value->len);
  Carillon__Rpc__ResourceInfo *resource = details->resource = (Carillon__Rpc__ResourceInfo *)message;
  if (resource == NULL) return;
  shown->resource_type = resource->resource_type;
  shown->resource_name = resource->resource_name;
}

static void read_retry(failure_details *details, const ProtobufCBinaryData *value, carillon_failure *shown)
{
  (void)details;
  ProtobufCMessage *message = message_parse(&carillon__rpc__retry_info__descriptor, value->data, value->len);
  Carillon__Rpc__RetryInfo *retry = (Carillon__Rpc__RetryInfo *)message;
  if (retry == NULL) return;
  const Carillon__Google__Duration *delay = retry->retry_delay;
  /* Up to the 10,000 years that a Duration may have, this cannot overflow. */
  bool fits = delay != NULL && delay->seconds >= 0 && delay->seconds <= INT64_C(315576000000) && delay->nanos >= 0;
  if (fits) shown->retry_after_ms = delay->seconds * 1000 + delay->nanos / 1000000;
  carillon_message_free(message);
}

static const struct {
  const char *type;
  void (*read)(failure_details *, const ProtobufCBinaryData *, carillon_failure *);
} kinds[] = {
    {"type.googleapis.com/google.rpc.ErrorInfo", read_info},
    {"type.googleapis.com/google.rpc.BadRequest", read_request},
    {"type.googleapis.com/google.rpc.ResourceInfo", read_resource},
    {"type.googleapis.com/google.rpc.RetryInfo", read_retry},
};

static void read_status(failure_details *details, grpc_slice value, carillon_failure *shown)
{
  ProtobufCMessage *message =
      message_parse(&carillon__rpc__status__descriptor, GRPC_SLICE_START_PTR(value), GRPC_SLICE_LENGTH(value));
  Carillon__Rpc__Status *status = (Carillon__Rpc__Status *)message;
  if (status == NULL) return;
  for (size_t at = 0; at < status->n_details && at < FAILURE_DETAILS_MAX; at++)
    for (size_t kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++)
      if (strcmp(status->details[at]->type_url, kinds[kind].type) == 0)
        kinds[kind].read(details, &status->details[at]->value, shown);
  carillon_message_free(message);
}

void details_read(failure_details *details, const grpc_metadata_array *trailers, carillon_failure *shown)
{
  for (size_t at = 0; at < trailers->count; at++) {
    if (grpc_slice_str_cmp(trailers->metadata[at].key, details_key) != 0) continue;
    read_status(details, trailers->metadata[at].value, shown);
    return;
  }
}

void details_free(failure_details *details)
{
  carillon_message_free((ProtobufCMessage *)details->info);
  carillon_message_free((ProtobufCMessage *)details->request);
  carillon_message_free((ProtobufCMessage *)details->resource);
  free(details->violations);
  free(details->facts);
}
