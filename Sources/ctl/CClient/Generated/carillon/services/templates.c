/* DO NOT EDIT: made by generate.py. */
#include <carillon/services/templates.h>

#include "stream.h"

const carillon_method carillon_templates_create_template_method = {"/carillon.v1.Templates/CreateTemplate",
    &carillon__v1__create_template_request__descriptor, &carillon__v1__template__descriptor, false, false};

carillon_code carillon_templates_create_template(carillon_client *client,
    const Carillon__V1__CreateTemplateRequest *request, int64_t deadline_ms,
    Carillon__V1__Template **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_templates_create_template_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Template *)message;
  return code;
}

const carillon_method carillon_templates_get_template_method = {"/carillon.v1.Templates/GetTemplate",
    &carillon__v1__get_template_request__descriptor, &carillon__v1__template__descriptor, false, false};

carillon_code carillon_templates_get_template(carillon_client *client,
    const Carillon__V1__GetTemplateRequest *request, int64_t deadline_ms, Carillon__V1__Template **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_templates_get_template_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Template *)message;
  return code;
}

const carillon_method carillon_templates_list_templates_method = {"/carillon.v1.Templates/ListTemplates",
    &carillon__v1__list_templates_request__descriptor, &carillon__v1__list_templates_response__descriptor, false, false};

carillon_code carillon_templates_list_templates(carillon_client *client,
    const Carillon__V1__ListTemplatesRequest *request, int64_t deadline_ms,
    Carillon__V1__ListTemplatesResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_templates_list_templates_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__ListTemplatesResponse *)message;
  return code;
}

const carillon_method carillon_templates_update_template_method = {"/carillon.v1.Templates/UpdateTemplate",
    &carillon__v1__update_template_request__descriptor, &carillon__v1__template__descriptor, false, false};

carillon_code carillon_templates_update_template(carillon_client *client,
    const Carillon__V1__UpdateTemplateRequest *request, int64_t deadline_ms,
    Carillon__V1__Template **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_templates_update_template_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Template *)message;
  return code;
}

const carillon_method carillon_templates_delete_template_method = {"/carillon.v1.Templates/DeleteTemplate",
    &carillon__v1__delete_template_request__descriptor, &carillon__google__empty__descriptor, false, false};

carillon_code carillon_templates_delete_template(carillon_client *client,
    const Carillon__V1__DeleteTemplateRequest *request, int64_t deadline_ms,
    Carillon__Google__Empty **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_templates_delete_template_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__Google__Empty *)message;
  return code;
}
