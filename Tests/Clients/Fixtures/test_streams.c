/* Watches: read, wait, cut, resumed, cancelled and left. */
#include "check.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

typedef Carillon__V1__WatchQueuesResponse change;

static carillon_stream *watch_queues(carillon_client *client, const char *cursor)
{
  Carillon__V1__WatchQueuesRequest request = CARILLON__V1__WATCH_QUEUES_REQUEST__INIT;
  request.cursor = cursor;
  carillon_stream *stream;
  carillon_failure *failure;
  EXPECT(carillon_queues_watch_queues(client, &request, &stream, &failure) == CARILLON_CODE_OK && failure == NULL);
  return stream;
}

static carillon_stream *watch_receipts(carillon_client *client, const char *cursor)
{
  Carillon__V1__WatchReceiptsRequest request = CARILLON__V1__WATCH_RECEIPTS_REQUEST__INIT;
  request.cursor = cursor;
  carillon_stream *stream;
  EXPECT(carillon_events_watch_receipts(client, &request, &stream, NULL) == CARILLON_CODE_OK);
  return stream;
}

static carillon_next next_receipts(carillon_stream *stream, int64_t timeout_ms, carillon_failure **failure)
{
  Carillon__V1__WatchReceiptsResponse *message;
  carillon_next next = carillon_events_watch_receipts_next(stream, timeout_ms, &message, failure);
  EXPECT((message != NULL) == (next == CARILLON_NEXT_MESSAGE));
  carillon_message_free((ProtobufCMessage *)message);
  return next;
}

/* Reads three changes after a number; `cursor` is the last one's. */
static void reads_three(carillon_stream *stream, int after, char *cursor, size_t size)
{
  for (int number = after + 1; number <= after + 3; number++) {
    change *message;
    carillon_failure *failure;
    REQUIRE(carillon_queues_watch_queues_next(stream, 10000, &message, &failure) == CARILLON_NEXT_MESSAGE);
    char name[32];
    snprintf(name, sizeof name, "queues/%d", number);
    EXPECT(failure == NULL && message->n_changes == 1 && strcmp(message->changes[0]->queue->name, name) == 0);
    snprintf(cursor, size, "%s", message->cursor);
    carillon__v1__watch_queues_response__free_unpacked(message, NULL);
  }
}

static void cut_and_resumed(carillon_client *client)
{
  char cursor[32] = "";
  change *message;
  carillon_failure *failure;
  carillon_stream *stream = watch_queues(client, cursor);
  reads_three(stream, 0, cursor, sizeof cursor);
  for (int again = 0; again < 2; again++) { /* the end stays the end */
    EXPECT(carillon_queues_watch_queues_next(stream, 10000, &message, &failure) == CARILLON_NEXT_END);
    EXPECT(message == NULL && carillon_failure_may_pass(failure));
    EXPECT_FAILURE(failure, CARILLON_CODE_UNAVAILABLE, "SHUTTING_DOWN");
  }
  carillon_stream_close(stream);
  stream = watch_queues(client, cursor);
  reads_three(stream, 3, cursor, sizeof cursor);
  EXPECT(carillon_queues_watch_queues_next(stream, 10000, &message, &failure) == CARILLON_NEXT_END);
  EXPECT(failure == NULL); /* the server was done */
  carillon_stream_close(stream);
}

static void timeouts(carillon_client *client)
{
  carillon_failure *failure;
  carillon_stream *stream = watch_receipts(client, "late");
  EXPECT(next_receipts(stream, 0, &failure) == CARILLON_NEXT_TIMEOUT && failure == NULL);
  EXPECT(next_receipts(stream, 20, &failure) == CARILLON_NEXT_TIMEOUT && failure == NULL);
  EXPECT(next_receipts(stream, CARILLON_NO_TIMEOUT, &failure) == CARILLON_NEXT_MESSAGE && failure == NULL);
  EXPECT(next_receipts(stream, CARILLON_NO_TIMEOUT, NULL) == CARILLON_NEXT_END);
  carillon_stream_close(stream);
}

static void *cancels_later(void *stream)
{
  sleep_ms(200);
  carillon_stream_cancel(stream);
  return NULL;
}

static void cancelled_while_reading(carillon_client *client)
{
  carillon_stream *stream = watch_receipts(client, "held");
  pthread_t thread;
  pthread_create(&thread, NULL, cancels_later, stream);
  carillon_failure *failure;
  EXPECT(next_receipts(stream, CARILLON_NO_TIMEOUT, &failure) == CARILLON_NEXT_END);
  EXPECT_FAILURE(failure, CARILLON_CODE_CANCELLED, "");
  pthread_join(thread, NULL);
  carillon_stream_close(stream);
}

static void left(carillon_client *client)
{
  carillon_stream_close(watch_receipts(client, "held")); /* never read */
  carillon_stream *stream = watch_receipts(client, "flood"); /* much of it not read */
  EXPECT(next_receipts(stream, 10000, NULL) == CARILLON_NEXT_MESSAGE);
  EXPECT(next_receipts(stream, 10000, NULL) == CARILLON_NEXT_MESSAGE);
  carillon_stream_close(stream);
  stream = watch_receipts(client, "held"); /* something under way */
  EXPECT(next_receipts(stream, 0, NULL) == CARILLON_NEXT_TIMEOUT);
  carillon_stream_close(stream);
  for (int at = 0; at < times(200); at++) carillon_stream_close(watch_receipts(client, "held"));
}

static void refused(carillon_client *client)
{
  carillon_failure *failure;
  carillon_stream *stream = watch_receipts(client, "denied");
  EXPECT(next_receipts(stream, 10000, &failure) == CARILLON_NEXT_END);
  EXPECT_FAILURE(failure, CARILLON_CODE_PERMISSION_DENIED, "NO_GRANT");
  EXPECT(carillon_stream_send(stream, NULL, 0, NULL) == CARILLON_CODE_FAILED_PRECONDITION);
  carillon_stream_close(stream);

  stream = watch_receipts(client, "garbage");
  for (int again = 0; again < 2; again++) {
    EXPECT(next_receipts(stream, 10000, &failure) == CARILLON_NEXT_END);
    EXPECT_FAILURE(failure, CARILLON_CODE_INTERNAL, "");
  }
  carillon_stream_close(stream);

  change *message; /* a watch of something else */
  stream = watch_receipts(client, "late");
  EXPECT(carillon_queues_watch_queues_next(stream, 0, &message, &failure) == CARILLON_NEXT_END && message == NULL);
  EXPECT_FAILURE(failure, CARILLON_CODE_INVALID_ARGUMENT, "");
  EXPECT(next_receipts(stream, 10000, NULL) == CARILLON_NEXT_MESSAGE);
  carillon_stream_close(stream);

  Carillon__V1__GetQueueRequest request = CARILLON__V1__GET_QUEUE_REQUEST__INIT;
  EXPECT(carillon_stream_open(client, &carillon_queues_get_queue_method, &request.base, &stream, &failure) ==
         CARILLON_CODE_INVALID_ARGUMENT && stream == NULL);
  carillon_failure_free(failure);
  EXPECT(carillon_queues_watch_queues(client, NULL, &stream, NULL) == CARILLON_CODE_INVALID_ARGUMENT);
}

static void nobody_there(void)
{
  carillon_client *client = client_of("DEAD", "client");
  carillon_stream *stream = watch_receipts(client, "");
  carillon_failure *failure;
  EXPECT(next_receipts(stream, 10000, &failure) == CARILLON_NEXT_END);
  EXPECT_FAILURE(failure, CARILLON_CODE_UNAVAILABLE, "");
  carillon_stream_close(stream);
  carillon_client_free(client);
}

/* A server that goes ends the watch; calls are answered again when it is back, on the same client. */
static void restarted(void)
{
  carillon_client *client = client_of("RESTART", "client");
  carillon_stream *stream = watch_receipts(client, "held");
  EXPECT(next_receipts(stream, 0, NULL) == CARILLON_NEXT_TIMEOUT);
  EXPECT(get_queue(client, "queues/restart", 0, NULL));
  carillon_failure *failure;
  EXPECT(next_receipts(stream, 20000, &failure) == CARILLON_NEXT_END);
  REQUIRE(failure != NULL);
  EXPECT(failure->code == CARILLON_CODE_UNAVAILABLE || failure->code == CARILLON_CODE_CANCELLED);
  carillon_failure_free(failure);
  carillon_stream_close(stream);
  bool is_back = false;
  for (int64_t until = now_ms() + 20000; !is_back && now_ms() < until; sleep_ms(50))
    is_back = get_queue(client, "queues/normal", 1000, NULL);
  EXPECT(is_back);
  carillon_client_free(client);
}

void test_streams(void)
{
  carillon_client *client = client_of("TLS", "client");
  cut_and_resumed(client);
  timeouts(client);
  cancelled_while_reading(client);
  left(client);
  refused(client);
  carillon_client_free(client);
  nobody_there();
  restarted();
}
