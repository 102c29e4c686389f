/* Streams both ways. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

typedef Carillon__V1__ImportUsersRequest request;

static carillon_stream *import_users(carillon_client *client)
{
  carillon_stream *stream;
  EXPECT(carillon_users_import_users(client, &stream, NULL) == CARILLON_CODE_OK);
  return stream;
}

static carillon_code send(carillon_stream *stream, const char *parent, int64_t timeout_ms, carillon_failure **failure)
{
  request message = CARILLON__V1__IMPORT_USERS_REQUEST__INIT;
  message.parent = parent;
  return carillon_users_import_users_send(stream, &message, timeout_ms, failure);
}

/* The number in the next answer; 0 at the end, -1 when something is wrong. */
static int64_t next(carillon_stream *stream, carillon_failure **failure)
{
  Carillon__V1__ImportUsersResponse *message;
  carillon_next result = carillon_users_import_users_next(stream, 10000, &message, failure);
  if (result == CARILLON_NEXT_END) return 0;
  if (result == CARILLON_NEXT_TIMEOUT) return -1;
  int64_t tag = message->n_results == 1 ? message->results[0]->tag : -1;
  carillon__v1__import_users_response__free_unpacked(message, NULL);
  return tag;
}

static void all_answered(carillon_client *client)
{
  carillon_stream *stream = import_users(client);
  carillon_failure *failure;
  int count = times(1000);
  for (int at = 1; at <= count; at++) {
    REQUIRE(send(stream, "namespaces/default", 10000, &failure) == CARILLON_CODE_OK && failure == NULL);
    EXPECT(next(stream, NULL) == at);
  }
  EXPECT(carillon_stream_finish(stream, 10000, &failure) == CARILLON_CODE_OK && failure == NULL);
  carillon_stream_finish(stream, 10000, &failure);
  EXPECT_FAILURE(failure, CARILLON_CODE_FAILED_PRECONDITION, "");
  EXPECT(next(stream, &failure) == 0 && failure == NULL);
  carillon_stream_close(stream);
}

/* All requests first, answers afterwards. */
static void sent_ahead(carillon_client *client)
{
  carillon_stream *stream = import_users(client);
  for (int at = 0; at < 50; at++) EXPECT(send(stream, "namespaces/default", 10000, NULL) == CARILLON_CODE_OK);
  EXPECT(carillon_stream_finish(stream, 10000, NULL) == CARILLON_CODE_OK);
  for (int at = 1; at <= 50; at++) EXPECT(next(stream, NULL) == at);
  EXPECT(next(stream, NULL) == 0);
  carillon_stream_close(stream);
}

static void refused(carillon_client *client)
{
  carillon_stream *stream = import_users(client);
  carillon_failure *failure;
  EXPECT(send(stream, "refused", 10000, NULL) == CARILLON_CODE_OK);
  EXPECT(next(stream, &failure) == 0);
  EXPECT_FAILURE(failure, CARILLON_CODE_INVALID_ARGUMENT, "INVALID_ARGUMENT");
  carillon_code code = CARILLON_CODE_OK;
  for (int at = 0; at < 10 && code == CARILLON_CODE_OK; at++) code = send(stream, "more", 10000, NULL);
  EXPECT(code == CARILLON_CODE_FAILED_PRECONDITION);
  EXPECT(send(stream, "more", 10000, NULL) == CARILLON_CODE_FAILED_PRECONDITION);
  EXPECT(carillon_stream_finish(stream, 10000, NULL) == CARILLON_CODE_FAILED_PRECONDITION);
  carillon_stream_close(stream);
}

/* A server that reads nothing: what is sent waits, in bounded time and memory. */
static void stalled(carillon_client *client)
{
  size_t size = 4 << 20;
  char *much = calloc(1, size + 1);
  memset(much, 'm', size);
  carillon_stream *stream = import_users(client);
  EXPECT(send(stream, "stalled", 10000, NULL) == CARILLON_CODE_OK);
  carillon_code code = CARILLON_CODE_OK;
  int sent = 0;
  for (; sent < 50 && code == CARILLON_CODE_OK; sent++) code = send(stream, much, 200, NULL);
  EXPECT(code == CARILLON_CODE_DEADLINE_EXCEEDED && sent < 20);
  carillon_stream_cancel(stream);
  EXPECT(next(stream, NULL) == 0);
  EXPECT(send(stream, "more", 10000, NULL) == CARILLON_CODE_FAILED_PRECONDITION);
  carillon_stream_close(stream);

  stream = import_users(client); /* left with something under way */
  EXPECT(send(stream, "stalled", 10000, NULL) == CARILLON_CODE_OK);
  EXPECT(send(stream, much, 200, NULL) == CARILLON_CODE_OK);
  carillon_stream_close(stream);
  free(much);
}

static void not_one_of_these(carillon_client *client)
{
  carillon_stream *stream = import_users(client);
  Carillon__V1__GetQueueRequest other = CARILLON__V1__GET_QUEUE_REQUEST__INIT;
  carillon_failure *failure;
  carillon_stream_send(stream, &other.base, 0, &failure);
  EXPECT_FAILURE(failure, CARILLON_CODE_INVALID_ARGUMENT, "");
  EXPECT(send(stream, "namespaces/default", 10000, NULL) == CARILLON_CODE_OK);
  EXPECT(next(stream, NULL) == 1);
  carillon_stream_close(stream);
}

void test_imports(void)
{
  carillon_client *client = client_of("TLS", "client");
  all_answered(client);
  sent_ahead(client);
  refused(client);
  stalled(client);
  not_one_of_these(client);
  carillon_client_free(client);
}
