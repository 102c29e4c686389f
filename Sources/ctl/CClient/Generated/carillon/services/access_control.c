/* DO NOT EDIT: made by generate.py. */
#include <carillon/services/access_control.h>

#include "stream.h"

const carillon_method carillon_access_control_get_caller_method = {"/carillon.v1.AccessControl/GetCaller",
    &carillon__v1__get_caller_request__descriptor, &carillon__v1__caller__descriptor, false, false};

carillon_code carillon_access_control_get_caller(carillon_client *client,
    const Carillon__V1__GetCallerRequest *request, int64_t deadline_ms, Carillon__V1__Caller **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_access_control_get_caller_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Caller *)message;
  return code;
}

const carillon_method carillon_access_control_create_token_method = {"/carillon.v1.AccessControl/CreateToken",
    &carillon__v1__create_token_request__descriptor, &carillon__v1__create_token_response__descriptor, false, false};

carillon_code carillon_access_control_create_token(carillon_client *client,
    const Carillon__V1__CreateTokenRequest *request, int64_t deadline_ms,
    Carillon__V1__CreateTokenResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_access_control_create_token_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__CreateTokenResponse *)message;
  return code;
}

const carillon_method carillon_access_control_get_token_method = {"/carillon.v1.AccessControl/GetToken",
    &carillon__v1__get_token_request__descriptor, &carillon__v1__token__descriptor, false, false};

carillon_code carillon_access_control_get_token(carillon_client *client,
    const Carillon__V1__GetTokenRequest *request, int64_t deadline_ms, Carillon__V1__Token **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_access_control_get_token_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Token *)message;
  return code;
}

const carillon_method carillon_access_control_list_tokens_method = {"/carillon.v1.AccessControl/ListTokens",
    &carillon__v1__list_tokens_request__descriptor, &carillon__v1__list_tokens_response__descriptor, false, false};

carillon_code carillon_access_control_list_tokens(carillon_client *client,
    const Carillon__V1__ListTokensRequest *request, int64_t deadline_ms,
    Carillon__V1__ListTokensResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_access_control_list_tokens_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__ListTokensResponse *)message;
  return code;
}

const carillon_method carillon_access_control_revoke_token_method = {"/carillon.v1.AccessControl/RevokeToken",
    &carillon__v1__revoke_token_request__descriptor, &carillon__v1__token__descriptor, false, false};

carillon_code carillon_access_control_revoke_token(carillon_client *client,
    const Carillon__V1__RevokeTokenRequest *request, int64_t deadline_ms, Carillon__V1__Token **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_access_control_revoke_token_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Token *)message;
  return code;
}

const carillon_method carillon_access_control_create_grant_method = {"/carillon.v1.AccessControl/CreateGrant",
    &carillon__v1__create_grant_request__descriptor, &carillon__v1__grant__descriptor, false, false};

carillon_code carillon_access_control_create_grant(carillon_client *client,
    const Carillon__V1__CreateGrantRequest *request, int64_t deadline_ms, Carillon__V1__Grant **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_access_control_create_grant_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Grant *)message;
  return code;
}

const carillon_method carillon_access_control_get_grant_method = {"/carillon.v1.AccessControl/GetGrant",
    &carillon__v1__get_grant_request__descriptor, &carillon__v1__grant__descriptor, false, false};

carillon_code carillon_access_control_get_grant(carillon_client *client,
    const Carillon__V1__GetGrantRequest *request, int64_t deadline_ms, Carillon__V1__Grant **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_access_control_get_grant_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Grant *)message;
  return code;
}

const carillon_method carillon_access_control_list_grants_method = {"/carillon.v1.AccessControl/ListGrants",
    &carillon__v1__list_grants_request__descriptor, &carillon__v1__list_grants_response__descriptor, false, false};

carillon_code carillon_access_control_list_grants(carillon_client *client,
    const Carillon__V1__ListGrantsRequest *request, int64_t deadline_ms,
    Carillon__V1__ListGrantsResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_access_control_list_grants_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__ListGrantsResponse *)message;
  return code;
}

const carillon_method carillon_access_control_delete_grant_method = {"/carillon.v1.AccessControl/DeleteGrant",
    &carillon__v1__delete_grant_request__descriptor, &carillon__google__empty__descriptor, false, false};

carillon_code carillon_access_control_delete_grant(carillon_client *client,
    const Carillon__V1__DeleteGrantRequest *request, int64_t deadline_ms, Carillon__Google__Empty **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_access_control_delete_grant_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__Google__Empty *)message;
  return code;
}

const carillon_method carillon_access_control_create_denial_method = {"/carillon.v1.AccessControl/CreateDenial",
    &carillon__v1__create_denial_request__descriptor, &carillon__v1__denial__descriptor, false, false};

carillon_code carillon_access_control_create_denial(carillon_client *client,
    const Carillon__V1__CreateDenialRequest *request, int64_t deadline_ms, Carillon__V1__Denial **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_access_control_create_denial_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Denial *)message;
  return code;
}

const carillon_method carillon_access_control_list_denials_method = {"/carillon.v1.AccessControl/ListDenials",
    &carillon__v1__list_denials_request__descriptor, &carillon__v1__list_denials_response__descriptor, false, false};

carillon_code carillon_access_control_list_denials(carillon_client *client,
    const Carillon__V1__ListDenialsRequest *request, int64_t deadline_ms,
    Carillon__V1__ListDenialsResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_access_control_list_denials_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__ListDenialsResponse *)message;
  return code;
}

const carillon_method carillon_access_control_delete_denial_method = {"/carillon.v1.AccessControl/DeleteDenial",
    &carillon__v1__delete_denial_request__descriptor, &carillon__google__empty__descriptor, false, false};

carillon_code carillon_access_control_delete_denial(carillon_client *client,
    const Carillon__V1__DeleteDenialRequest *request, int64_t deadline_ms, Carillon__Google__Empty **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_access_control_delete_denial_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__Google__Empty *)message;
  return code;
}

const carillon_method carillon_access_control_renew_certificate_method = {"/carillon.v1.AccessControl/RenewCertificate",
    &carillon__v1__renew_certificate_request__descriptor, &carillon__v1__issued_certificate__descriptor, false, false};

carillon_code carillon_access_control_renew_certificate(carillon_client *client,
    const Carillon__V1__RenewCertificateRequest *request, int64_t deadline_ms,
    Carillon__V1__IssuedCertificate **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_access_control_renew_certificate_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__IssuedCertificate *)message;
  return code;
}

const carillon_method carillon_access_control_issue_certificate_method = {"/carillon.v1.AccessControl/IssueCertificate",
    &carillon__v1__issue_certificate_request__descriptor, &carillon__v1__issued_certificate__descriptor, false, false};

carillon_code carillon_access_control_issue_certificate(carillon_client *client,
    const Carillon__V1__IssueCertificateRequest *request, int64_t deadline_ms,
    Carillon__V1__IssuedCertificate **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_access_control_issue_certificate_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__IssuedCertificate *)message;
  return code;
}
