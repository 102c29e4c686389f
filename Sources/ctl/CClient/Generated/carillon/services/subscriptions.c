/* DO NOT EDIT: made by generate.py. */
#include <carillon/services/subscriptions.h>

#include "stream.h"

const carillon_method carillon_subscriptions_create_subscription_method = {"/carillon.v1.Subscriptions/CreateSubscription",
    &carillon__v1__create_subscription_request__descriptor, &carillon__v1__subscription__descriptor, false, false};

carillon_code carillon_subscriptions_create_subscription(carillon_client *client,
    const Carillon__V1__CreateSubscriptionRequest *request, int64_t deadline_ms,
    Carillon__V1__Subscription **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_subscriptions_create_subscription_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Subscription *)message;
  return code;
}

const carillon_method carillon_subscriptions_get_subscription_method = {"/carillon.v1.Subscriptions/GetSubscription",
    &carillon__v1__get_subscription_request__descriptor, &carillon__v1__subscription__descriptor, false, false};

carillon_code carillon_subscriptions_get_subscription(carillon_client *client,
    const Carillon__V1__GetSubscriptionRequest *request, int64_t deadline_ms,
    Carillon__V1__Subscription **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_subscriptions_get_subscription_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Subscription *)message;
  return code;
}

const carillon_method carillon_subscriptions_list_subscriptions_method = {"/carillon.v1.Subscriptions/ListSubscriptions",
    &carillon__v1__list_subscriptions_request__descriptor, &carillon__v1__list_subscriptions_response__descriptor, false, false};

carillon_code carillon_subscriptions_list_subscriptions(carillon_client *client,
    const Carillon__V1__ListSubscriptionsRequest *request, int64_t deadline_ms,
    Carillon__V1__ListSubscriptionsResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_subscriptions_list_subscriptions_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__ListSubscriptionsResponse *)message;
  return code;
}

const carillon_method carillon_subscriptions_update_subscription_method = {"/carillon.v1.Subscriptions/UpdateSubscription",
    &carillon__v1__update_subscription_request__descriptor, &carillon__v1__subscription__descriptor, false, false};

carillon_code carillon_subscriptions_update_subscription(carillon_client *client,
    const Carillon__V1__UpdateSubscriptionRequest *request, int64_t deadline_ms,
    Carillon__V1__Subscription **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_subscriptions_update_subscription_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Subscription *)message;
  return code;
}

const carillon_method carillon_subscriptions_delete_subscription_method = {"/carillon.v1.Subscriptions/DeleteSubscription",
    &carillon__v1__delete_subscription_request__descriptor, &carillon__google__empty__descriptor, false, false};

carillon_code carillon_subscriptions_delete_subscription(carillon_client *client,
    const Carillon__V1__DeleteSubscriptionRequest *request, int64_t deadline_ms,
    Carillon__Google__Empty **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_subscriptions_delete_subscription_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__Google__Empty *)message;
  return code;
}
