/* DO NOT EDIT: made by generate.py. */
#ifndef CARILLON_SERVICES_AUDIT_H
#define CARILLON_SERVICES_AUDIT_H

#include <carillon/client.h>
#include <carillon/v1/audit.pb-c.h>

#ifdef __cplusplus
extern "C" {
#endif


extern const carillon_method carillon_audit_list_audit_records_method;
carillon_code carillon_audit_list_audit_records(carillon_client *client,
    const Carillon__V1__ListAuditRecordsRequest *request, int64_t deadline_ms,
    Carillon__V1__ListAuditRecordsResponse **response, carillon_failure **failure);

/* Reckons the chains again, record by record. */
extern const carillon_method carillon_audit_verify_audit_method;
carillon_code carillon_audit_verify_audit(carillon_client *client,
    const Carillon__V1__VerifyAuditRequest *request, int64_t deadline_ms,
    Carillon__V1__VerifyAuditResponse **response, carillon_failure **failure);

#ifdef __cplusplus
}
#endif
#endif
