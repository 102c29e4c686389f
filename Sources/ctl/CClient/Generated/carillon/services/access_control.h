/* DO NOT EDIT: made by generate.py. */
#ifndef CARILLON_SERVICES_ACCESS_CONTROL_H
#define CARILLON_SERVICES_ACCESS_CONTROL_H

#include <carillon/client.h>
#include <carillon/google/empty.pb-c.h>
#include <carillon/v1/access.pb-c.h>

#ifdef __cplusplus
extern "C" {
#endif


/* Who the agent takes the caller for, and what it may do. */
extern const carillon_method carillon_access_control_get_caller_method;
carillon_code carillon_access_control_get_caller(carillon_client *client,
    const Carillon__V1__GetCallerRequest *request, int64_t deadline_ms, Carillon__V1__Caller **response,
    carillon_failure **failure);

/* The secret is in this answer and nowhere else: the agent keeps a hash of it. */
extern const carillon_method carillon_access_control_create_token_method;
carillon_code carillon_access_control_create_token(carillon_client *client,
    const Carillon__V1__CreateTokenRequest *request, int64_t deadline_ms,
    Carillon__V1__CreateTokenResponse **response, carillon_failure **failure);

extern const carillon_method carillon_access_control_get_token_method;
carillon_code carillon_access_control_get_token(carillon_client *client,
    const Carillon__V1__GetTokenRequest *request, int64_t deadline_ms, Carillon__V1__Token **response,
    carillon_failure **failure);

/* Also those that were revoked or ran out, for 90 days. */
extern const carillon_method carillon_access_control_list_tokens_method;
carillon_code carillon_access_control_list_tokens(carillon_client *client,
    const Carillon__V1__ListTokensRequest *request, int64_t deadline_ms,
    Carillon__V1__ListTokensResponse **response, carillon_failure **failure);

/* For good. Calls under way with it end within 2 s. */
extern const carillon_method carillon_access_control_revoke_token_method;
carillon_code carillon_access_control_revoke_token(carillon_client *client,
    const Carillon__V1__RevokeTokenRequest *request, int64_t deadline_ms, Carillon__V1__Token **response,
    carillon_failure **failure);

/* What an identity may do. Beside these, the agent's configuration names identities that are admins. */
extern const carillon_method carillon_access_control_create_grant_method;
carillon_code carillon_access_control_create_grant(carillon_client *client,
    const Carillon__V1__CreateGrantRequest *request, int64_t deadline_ms, Carillon__V1__Grant **response,
    carillon_failure **failure);

extern const carillon_method carillon_access_control_get_grant_method;
carillon_code carillon_access_control_get_grant(carillon_client *client,
    const Carillon__V1__GetGrantRequest *request, int64_t deadline_ms, Carillon__V1__Grant **response,
    carillon_failure **failure);

extern const carillon_method carillon_access_control_list_grants_method;
carillon_code carillon_access_control_list_grants(carillon_client *client,
    const Carillon__V1__ListGrantsRequest *request, int64_t deadline_ms,
    Carillon__V1__ListGrantsResponse **response, carillon_failure **failure);

extern const carillon_method carillon_access_control_delete_grant_method;
carillon_code carillon_access_control_delete_grant(carillon_client *client,
    const Carillon__V1__DeleteGrantRequest *request, int64_t deadline_ms, Carillon__Google__Empty **response,
    carillon_failure **failure);

/* A certificate by the SHA-256 of its DER form, or an identity and so all of its certificates. There is no
 * revocation list of an authority: this is what keeps out a certificate whose key was lost. */
extern const carillon_method carillon_access_control_create_denial_method;
carillon_code carillon_access_control_create_denial(carillon_client *client,
    const Carillon__V1__CreateDenialRequest *request, int64_t deadline_ms, Carillon__V1__Denial **response,
    carillon_failure **failure);

extern const carillon_method carillon_access_control_list_denials_method;
carillon_code carillon_access_control_list_denials(carillon_client *client,
    const Carillon__V1__ListDenialsRequest *request, int64_t deadline_ms,
    Carillon__V1__ListDenialsResponse **response, carillon_failure **failure);

extern const carillon_method carillon_access_control_delete_denial_method;
carillon_code carillon_access_control_delete_denial(carillon_client *client,
    const Carillon__V1__DeleteDenialRequest *request, int64_t deadline_ms, Carillon__Google__Empty **response,
    carillon_failure **failure);

/* A new certificate for the identity that the caller's own certificate has, so that it is rotated before it runs
 * out. FAILED_PRECONDITION when the agent does not hold the authority's key, or the caller came without a
 * certificate. */
extern const carillon_method carillon_access_control_renew_certificate_method;
carillon_code carillon_access_control_renew_certificate(carillon_client *client,
    const Carillon__V1__RenewCertificateRequest *request, int64_t deadline_ms,
    Carillon__V1__IssuedCertificate **response, carillon_failure **failure);

/* A certificate for any identity. */
extern const carillon_method carillon_access_control_issue_certificate_method;
carillon_code carillon_access_control_issue_certificate(carillon_client *client,
    const Carillon__V1__IssueCertificateRequest *request, int64_t deadline_ms,
    Carillon__V1__IssuedCertificate **response, carillon_failure **failure);

#ifdef __cplusplus
}
#endif
#endif
