/* One client and many threads; one stream, a thread that reads and one that sends; many clients. */
#include "check.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { THREADS = 8 };

static void *calls(void *client)
{
  intptr_t answered = 0;
  for (int at = 0; at < times(400); at++) {
    char name[32];
    snprintf(name, sizeof name, "queues/%d", at);
    answered += get_queue(client, name, 0, NULL);
  }
  return (void *)answered;
}

static void *watches(void *client)
{
  intptr_t read = 0;
  for (int at = 0; at < times(40); at++) {
    Carillon__V1__WatchQueuesRequest request = CARILLON__V1__WATCH_QUEUES_REQUEST__INIT;
    request.cursor = "3";
    carillon_stream *stream;
    if (carillon_queues_watch_queues(client, &request, &stream, NULL) != CARILLON_CODE_OK) continue;
    Carillon__V1__WatchQueuesResponse *message;
    while (carillon_queues_watch_queues_next(stream, 10000, &message, NULL) == CARILLON_NEXT_MESSAGE) {
      read++;
      carillon__v1__watch_queues_response__free_unpacked(message, NULL);
    }
    carillon_stream_close(stream);
  }
  return (void *)read;
}

static void one_client(void)
{
  carillon_client *client = client_of("TLS", "client");
  pthread_t threads[THREADS];
  intptr_t counts[2] = {0, 0};
  for (int at = 0; at < THREADS; at++) pthread_create(&threads[at], NULL, at % 2 ? watches : calls, client);
  for (int at = 0; at < THREADS; at++) {
    void *count;
    pthread_join(threads[at], &count);
    counts[at % 2] += (intptr_t)count;
  }
  EXPECT(counts[0] == THREADS / 2 * times(400));
  EXPECT(counts[1] == THREADS / 2 * times(40) * 3);
  carillon_client_free(client);
}

static void *sends(void *stream)
{
  Carillon__V1__ImportUsersRequest message = CARILLON__V1__IMPORT_USERS_REQUEST__INIT;
  for (int at = 0; at < times(1000); at++)
    if (carillon_users_import_users_send(stream, &message, 10000, NULL) != CARILLON_CODE_OK) return NULL;
  carillon_stream_finish(stream, 10000, NULL);
  return stream;
}

static void one_stream(void)
{
  carillon_client *client = client_of("TLS", "client");
  carillon_stream *stream;
  REQUIRE(carillon_users_import_users(client, &stream, NULL) == CARILLON_CODE_OK);
  pthread_t sender;
  pthread_create(&sender, NULL, sends, stream);
  int read = 0;
  Carillon__V1__ImportUsersResponse *message;
  while (carillon_users_import_users_next(stream, 10000, &message, NULL) == CARILLON_NEXT_MESSAGE) {
    read++;
    carillon__v1__import_users_response__free_unpacked(message, NULL);
  }
  void *done;
  pthread_join(sender, &done);
  EXPECT(done != NULL && read == times(1000));
  carillon_stream_close(stream);
  carillon_client_free(client);
}

static void many_clients(void)
{
  for (int at = 0; at < times(40); at++) {
    carillon_client *client = client_of("TLS", "client");
    EXPECT(get_queue(client, "queues/normal", 0, NULL));
    carillon_client_free(client);
  }
}

void test_threads(void)
{
  one_client();
  one_stream();
  many_clients();
}
