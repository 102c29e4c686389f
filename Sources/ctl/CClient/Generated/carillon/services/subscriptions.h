/* DO NOT EDIT: made by generate.py. */
#ifndef CARILLON_SERVICES_SUBSCRIPTIONS_H
#define CARILLON_SERVICES_SUBSCRIPTIONS_H

#include <carillon/client.h>
#include <carillon/google/empty.pb-c.h>
#include <carillon/v1/subscriptions.pb-c.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Which events go to which sinks. */

extern const carillon_method carillon_subscriptions_create_subscription_method;
carillon_code carillon_subscriptions_create_subscription(carillon_client *client,
    const Carillon__V1__CreateSubscriptionRequest *request, int64_t deadline_ms,
    Carillon__V1__Subscription **response, carillon_failure **failure);

extern const carillon_method carillon_subscriptions_get_subscription_method;
carillon_code carillon_subscriptions_get_subscription(carillon_client *client,
    const Carillon__V1__GetSubscriptionRequest *request, int64_t deadline_ms,
    Carillon__V1__Subscription **response, carillon_failure **failure);

extern const carillon_method carillon_subscriptions_list_subscriptions_method;
carillon_code carillon_subscriptions_list_subscriptions(carillon_client *client,
    const Carillon__V1__ListSubscriptionsRequest *request, int64_t deadline_ms,
    Carillon__V1__ListSubscriptionsResponse **response, carillon_failure **failure);

extern const carillon_method carillon_subscriptions_update_subscription_method;
carillon_code carillon_subscriptions_update_subscription(carillon_client *client,
    const Carillon__V1__UpdateSubscriptionRequest *request, int64_t deadline_ms,
    Carillon__V1__Subscription **response, carillon_failure **failure);

extern const carillon_method carillon_subscriptions_delete_subscription_method;
carillon_code carillon_subscriptions_delete_subscription(carillon_client *client,
    const Carillon__V1__DeleteSubscriptionRequest *request, int64_t deadline_ms,
    Carillon__Google__Empty **response, carillon_failure **failure);

#ifdef __cplusplus
}
#endif
#endif
