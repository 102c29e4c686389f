/* DO NOT EDIT: made by generate.py. */
#include <carillon/services/audit.h>

#include "stream.h"

const carillon_method carillon_audit_list_audit_records_method = {"/carillon.v1.Audit/ListAuditRecords",
    &carillon__v1__list_audit_records_request__descriptor, &carillon__v1__list_audit_records_response__descriptor, false, false};

carillon_code carillon_audit_list_audit_records(carillon_client *client,
    const Carillon__V1__ListAuditRecordsRequest *request, int64_t deadline_ms,
    Carillon__V1__ListAuditRecordsResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_audit_list_audit_records_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__ListAuditRecordsResponse *)message;
  return code;
}

const carillon_method carillon_audit_verify_audit_method = {"/carillon.v1.Audit/VerifyAudit",
    &carillon__v1__verify_audit_request__descriptor, &carillon__v1__verify_audit_response__descriptor, false, false};

carillon_code carillon_audit_verify_audit(carillon_client *client,
    const Carillon__V1__VerifyAuditRequest *request, int64_t deadline_ms,
    Carillon__V1__VerifyAuditResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_audit_verify_audit_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__VerifyAuditResponse *)message;
  return code;
}
