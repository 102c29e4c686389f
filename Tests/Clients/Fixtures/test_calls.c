/* Calls that are answered, and what agents refuse. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Who the server takes the client for. */
static bool is_called(carillon_client *client, const char *identity)
{
  Carillon__V1__GetCallerRequest request = CARILLON__V1__GET_CALLER_REQUEST__INIT;
  Carillon__V1__Caller *caller;
  carillon_failure *failure;
  if (carillon_access_control_get_caller(client, &request, 0, &caller, &failure) != CARILLON_CODE_OK) {
    printf("  get_caller: %s\n", failure->message);
    carillon_failure_free(failure);
    return false;
  }
  bool is_it = strcmp(caller->identity, identity) == 0;
  carillon__v1__caller__free_unpacked(caller, NULL);
  return is_it;
}

static carillon_client *plain_client(const char *address, bool is_tcp)
{
  carillon_client_options options = {.struct_size = sizeof options, .address = address, .plaintext_loopback = is_tcp};
  carillon_client *client;
  carillon_client_new(&options, &client, NULL);
  return client;
}

static void credentials(void)
{
  carillon_client *client = client_of("TLS", "client");
  EXPECT(is_called(client, "spiffe://carillon/test"));
  carillon_client_free(client);

  char *authority = pem("authority.crt");
  carillon_client_options options = {.struct_size = sizeof options, .address = place("ANYBODY"),
      .authority_pem = authority, .token = "cart_test_0123"};
  EXPECT(carillon_client_new(&options, &client, NULL) == CARILLON_CODE_OK);
  carillon_text_free(authority);
  EXPECT(is_called(client, "Bearer cart_test_0123"));
  carillon_client_free(client);

  char address[512];
  snprintf(address, sizeof address, "unix:%s/s", getenv("FOLDER"));
  client = plain_client(address, false);
  EXPECT(is_called(client, ""));
  carillon_client_free(client);
  client = plain_client(place("PLAIN"), true);
  EXPECT(is_called(client, ""));
  carillon_client_free(client);
}

static void many(void)
{
  carillon_client *client = client_of("TLS", "client");
  int answered = 0, count = times(3000);
  for (int at = 0; at < count; at++) answered += get_queue(client, "queues/normal", 0, NULL);
  EXPECT(answered == count);
  carillon_client_free(client);
}

static void generic(void)
{
  carillon_client *client = client_of("TLS", "client");
  carillon_failure *failure;
  ProtobufCMessage *response;
  Carillon__V1__GetQueueRequest request = CARILLON__V1__GET_QUEUE_REQUEST__INIT;
  request.name = "queues/low";
  carillon_call(client, &carillon_queues_get_queue_method, &request.base, 5000, &response, &failure);
  EXPECT(failure == NULL);
  REQUIRE(response != NULL && response->descriptor == &carillon__v1__queue__descriptor);
  carillon_message_free(response);
  EXPECT(carillon_call(client, &carillon_queues_get_queue_method, &request.base, 0, NULL, NULL) == CARILLON_CODE_OK);

  carillon_call(client, &carillon_queues_list_queues_method, &request.base, 0, &response, &failure);
  EXPECT_FAILURE(failure, CARILLON_CODE_INVALID_ARGUMENT, "");
  carillon_call(client, &carillon_queues_get_queue_method, NULL, 0, &response, &failure);
  EXPECT_FAILURE(failure, CARILLON_CODE_INVALID_ARGUMENT, "");
  carillon_call(client, &carillon_queues_get_queue_method, &request.base, -5, &response, &failure);
  EXPECT_FAILURE(failure, CARILLON_CODE_INVALID_ARGUMENT, "");
  carillon_call(client, &carillon_queues_watch_queues_method, &request.base, 0, &response, &failure);
  EXPECT_FAILURE(failure, CARILLON_CODE_INVALID_ARGUMENT, "");
  const carillon_method unknown = {.path = "/carillon.v1.Queues/Nothing",
      .request = &carillon__v1__get_queue_request__descriptor, .response = &carillon__v1__queue__descriptor};
  carillon_call(client, &unknown, &request.base, 0, &response, &failure);
  EXPECT_FAILURE(failure, CARILLON_CODE_UNIMPLEMENTED, "");
  EXPECT(response == NULL);
  carillon_client_free(client);
}

void test_calls(void)
{
  credentials();
  generic();
  many();
}

static carillon_failure *failure_of(carillon_client *client, const char *queue)
{
  carillon_failure *failure;
  EXPECT(!get_queue(client, queue, 0, &failure));
  return failure;
}

static void violations(carillon_client *client, int count)
{
  Carillon__V1__Queue queue = CARILLON__V1__QUEUE__INIT;
  queue.weight = count;
  Carillon__V1__CreateQueueRequest request = CARILLON__V1__CREATE_QUEUE_REQUEST__INIT;
  request.queue = &queue;
  Carillon__V1__Queue *made;
  carillon_failure *failure;
  carillon_queues_create_queue(client, &request, 0, &made, &failure);
  REQUIRE(failure != NULL);
  EXPECT(made == NULL);
  if (EXPECT(failure->violation_count == (size_t)count)) {
    char last[32];
    snprintf(last, sizeof last, "queue.field_%d", count - 1);
    EXPECT(strcmp(failure->violations[count - 1].field, last) == 0);
    EXPECT(strncmp(failure->violations[count - 1].description, "is wrong – ", 12) == 0);
  }
  EXPECT(!carillon_failure_may_pass(failure));
  EXPECT_FAILURE(failure, CARILLON_CODE_INVALID_ARGUMENT, "INVALID_ARGUMENT");
}

void test_failures(void)
{
  carillon_client *client = client_of("TLS", "client");
  carillon_failure *failure = failure_of(client, "queues/missing");
  REQUIRE(failure != NULL);
  EXPECT(strcmp(failure->message, "there is no queue") == 0 && strcmp(failure->domain, "carillon") == 0);
  EXPECT(strcmp(failure->resource_type, "carillon.v1.Queue") == 0);
  EXPECT(strcmp(failure->resource_name, "queues/missing") == 0);
  EXPECT(failure->retry_after_ms == -1 && failure->violation_count == 0 && failure->fact_count == 0);
  EXPECT_FAILURE(failure, CARILLON_CODE_NOT_FOUND, "NOT_FOUND");

  failure = failure_of(client, "queues/busy");
  REQUIRE(failure != NULL);
  EXPECT(failure->retry_after_ms == 1500 && carillon_failure_may_pass(failure));
  REQUIRE(failure->fact_count == 1);
  EXPECT(strcmp(failure->facts[0].key, "limit") == 0 && strcmp(failure->facts[0].value, "5") == 0);
  EXPECT_FAILURE(failure, CARILLON_CODE_RESOURCE_EXHAUSTED, "TOO_MANY_REQUESTS");

  EXPECT_FAILURE(failure_of(client, "queues/garbled"), CARILLON_CODE_ABORTED, "");
  violations(client, 1);
  violations(client, 200); /* some 25 KiB of trailers */
  EXPECT(!get_queue(client, "queues/missing", 0, NULL));
  EXPECT(get_queue(client, "queues/normal", 0, NULL));
  carillon_client_free(client);
}
