/* DO NOT EDIT: made by generate.py. */
#ifndef CARILLON_SERVICES_TEMPLATES_H
#define CARILLON_SERVICES_TEMPLATES_H

#include <carillon/client.h>
#include <carillon/google/empty.pb-c.h>
#include <carillon/v1/templates.pb-c.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Which template an event gets: of those for its event type and for its sink or any, the one whose locale fits
 * the person best ("pt-BR", then "pt", then any), and of two that fit alike the one for the sink. A schedule
 * whose definition has words of its own uses those. When the person's language is not what it gets, previews and
 * explanations say so. */

extern const carillon_method carillon_templates_create_template_method;
carillon_code carillon_templates_create_template(carillon_client *client,
    const Carillon__V1__CreateTemplateRequest *request, int64_t deadline_ms,
    Carillon__V1__Template **response, carillon_failure **failure);

extern const carillon_method carillon_templates_get_template_method;
carillon_code carillon_templates_get_template(carillon_client *client,
    const Carillon__V1__GetTemplateRequest *request, int64_t deadline_ms, Carillon__V1__Template **response,
    carillon_failure **failure);

extern const carillon_method carillon_templates_list_templates_method;
carillon_code carillon_templates_list_templates(carillon_client *client,
    const Carillon__V1__ListTemplatesRequest *request, int64_t deadline_ms,
    Carillon__V1__ListTemplatesResponse **response, carillon_failure **failure);

extern const carillon_method carillon_templates_update_template_method;
carillon_code carillon_templates_update_template(carillon_client *client,
    const Carillon__V1__UpdateTemplateRequest *request, int64_t deadline_ms,
    Carillon__V1__Template **response, carillon_failure **failure);

extern const carillon_method carillon_templates_delete_template_method;
carillon_code carillon_templates_delete_template(carillon_client *client,
    const Carillon__V1__DeleteTemplateRequest *request, int64_t deadline_ms,
    Carillon__Google__Empty **response, carillon_failure **failure);

#ifdef __cplusplus
}
#endif
#endif
