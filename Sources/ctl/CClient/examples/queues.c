/* Lists an agent's queues, schedules an event, watches until it was delivered, and changes a queue's rate.
 *
 *   queues HOST:PORT AUTHORITY.crt CLIENT.crt CLIENT.key    over mutual TLS
 *   queues unix:/run/carillon/agent.sock                    as the agent's own user
 *
 * cc queues.c $(pkg-config --cflags --libs carillon-client) -o queues */
#define _POSIX_C_SOURCE 200809L
#include <carillon/services.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NAMESPACE "namespaces/default"
#define QUEUE "queues/low"

enum {
  SILENCE_MS = 25000,   /* two heartbeats and a half: then the watch is as good as cut */
  PATIENCE_MS = 60000,  /* for the delivery */
  RECONNECT_PAUSE_MS = 500
};

/* Says what went wrong, and frees it. */
static int complain(const char *what, carillon_failure *failure)
{
  fprintf(stderr, "%s: %s %s: %s\n", what, carillon_code_name(failure->code), failure->reason, failure->message);
  for (size_t at = 0; at < failure->violation_count; at++)
    fprintf(stderr, "  %s: %s\n", failure->violations[at].field, failure->violations[at].description);
  carillon_failure_free(failure);
  return EXIT_FAILURE;
}

static int64_t now_ms(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static carillon_client *connect_to(int count, char **arguments)
{
  char *pem[3] = {NULL, NULL, NULL};
  carillon_failure *failure = NULL;
  carillon_client *client = NULL;
  for (int at = 0; at < 3 && at + 2 < count && failure == NULL; at++)
    carillon_read_file(arguments[at + 2], &pem[at], &failure);
  if (failure == NULL) {
    carillon_client_options options = {.struct_size = sizeof options, .address = arguments[1],
        .authority_pem = pem[0], .certificate_pem = pem[1], .key_pem = pem[2]};
    carillon_client_new(&options, &client, &failure);
  }
  for (int at = 0; at < 3; at++) carillon_text_free(pem[at]);
  if (failure != NULL) complain("connecting", failure);
  return client;
}

static int list_queues(carillon_client *client)
{
  Carillon__V1__ListQueuesRequest request = CARILLON__V1__LIST_QUEUES_REQUEST__INIT;
  Carillon__V1__ListQueuesResponse *page;
  carillon_failure *failure;
  char *token = NULL; /* of the page that comes next */
  do {
    request.page_token = token != NULL ? token : "";
    if (carillon_queues_list_queues(client, &request, 0, &page, &failure) != CARILLON_CODE_OK) {
      free(token);
      return complain("listing queues", failure);
    }
    for (size_t at = 0; at < page->n_queues; at++)
      printf("%s priority %d\n", page->queues[at]->name, page->queues[at]->priority);
    free(token);
    token = strdup(page->next_page_token);
    carillon_message_free((ProtobufCMessage *)page);
  } while (token != NULL && *token != '\0');
  free(token);
  return EXIT_SUCCESS;
}

/* Answers the event's name, which the caller frees; NULL on failure. */
static char *schedule_event(carillon_client *client)
{
  Carillon__Google__Value title_text = CARILLON__GOOGLE__VALUE__INIT;
  title_text.kind_case = CARILLON__GOOGLE__VALUE__KIND_STRING_VALUE;
  title_text.string_value = "Hello from C";
  Carillon__Google__Struct__FieldsEntry title = CARILLON__GOOGLE__STRUCT__FIELDS_ENTRY__INIT;
  title.key = "title";
  title.value = &title_text;
  Carillon__Google__Struct__FieldsEntry *fields[] = {&title};
  Carillon__Google__Struct definition = CARILLON__GOOGLE__STRUCT__INIT;
  definition.n_fields = 1;
  definition.fields = fields;
  Carillon__Google__Timestamp due = CARILLON__GOOGLE__TIMESTAMP__INIT;
  due.seconds = time(NULL) + 2;
  /* The same identifier again answers the same event: so this may be repeated when nobody knows whether it was done. */
  char request_id[64];
  snprintf(request_id, sizeof request_id, "queues-example-%lld", (long long)due.seconds);

  Carillon__V1__CreateEventRequest request = CARILLON__V1__CREATE_EVENT_REQUEST__INIT;
  request.parent = NAMESPACE;
  request.definition = &definition;
  request.due_time = &due;
  request.queue = QUEUE;
  request.request_id = request_id;
  Carillon__V1__Event *event;
  carillon_failure *failure;
  if (carillon_events_create_event(client, &request, 0, &event, &failure) != CARILLON_CODE_OK) {
    complain("scheduling", failure);
    return NULL;
  }
  char *name = strdup(event->name);
  printf("%s is scheduled\n", event->name);
  carillon__v1__event__free_unpacked(event, NULL);
  return name;
}

/* A watch of receipts that goes on after a cut. */
typedef struct receipts {
  carillon_client *client;
  carillon_stream *stream; /* NULL: cut */
  char cursor[257];        /* where it goes on; empty: from now on */
  int64_t until_ms;
} receipts;

/* After a cut the watch is opened again where it was; what cannot pass ends it. */
static int reopen(receipts *watch, carillon_failure *failure)
{
  carillon_stream_close(watch->stream);
  watch->stream = NULL;
  if (failure != NULL && !carillon_failure_may_pass(failure)) return complain("watching", failure);
  fprintf(stderr, "the watch was cut: %s\n", failure != NULL ? failure->message : "silence");
  carillon_failure_free(failure);
  struct timespec pause = {.tv_nsec = RECONNECT_PAUSE_MS * 1000000L};
  nanosleep(&pause, NULL);
  return EXIT_SUCCESS;
}

/* The next message, whatever happens to the connection meanwhile; NULL when there is none in time. */
static Carillon__V1__WatchReceiptsResponse *next_receipts(receipts *watch)
{
  Carillon__V1__WatchReceiptsResponse *message;
  carillon_failure *failure = NULL;
  while (now_ms() < watch->until_ms) {
    if (watch->stream == NULL) {
      Carillon__V1__WatchReceiptsRequest request = CARILLON__V1__WATCH_RECEIPTS_REQUEST__INIT;
      request.parent = NAMESPACE;
      request.cursor = watch->cursor;
      if (carillon_events_watch_receipts(watch->client, &request, &watch->stream, &failure) != CARILLON_CODE_OK) {
        complain("watching", failure);
        return NULL;
      }
    }
    switch (carillon_events_watch_receipts_next(watch->stream, SILENCE_MS, &message, &failure)) {
    case CARILLON_NEXT_MESSAGE:
      snprintf(watch->cursor, sizeof watch->cursor, "%s", message->cursor);
      return message;
    case CARILLON_NEXT_TIMEOUT:
    case CARILLON_NEXT_END:
      if (reopen(watch, failure) != EXIT_SUCCESS) return NULL;
    }
  }
  fprintf(stderr, "nothing was delivered in time\n");
  return NULL;
}

/* How it went with an event: a retry or a deferral is no end. */
typedef enum ending { ENDING_OPEN, ENDING_DELIVERED, ENDING_OTHER } ending;

static ending tell(const Carillon__V1__WatchReceiptsResponse *message, const char *event)
{
  ending result = ENDING_OPEN;
  for (size_t at = 0; at < message->n_receipts; at++) {
    const Carillon__V1__ReceiptChange *receipt = message->receipts[at];
    if (strcmp(receipt->event, event) != 0) continue;
    printf("%s %s %s\n", receipt->event, receipt->outcome, receipt->sink);
    if (strcmp(receipt->outcome, "delivered") == 0) return ENDING_DELIVERED;
    bool goes_on = strcmp(receipt->outcome, "retry") == 0 || strcmp(receipt->outcome, "deferred") == 0;
    result = goes_on ? ENDING_OPEN : ENDING_OTHER;
  }
  return result;
}

/* The first message tells where the watch begins, so that what is scheduled after it cannot be missed. */
static int schedule_and_watch(carillon_client *client)
{
  receipts watch = {.client = client, .until_ms = now_ms() + PATIENCE_MS};
  Carillon__V1__WatchReceiptsResponse *message = next_receipts(&watch);
  char *event = message != NULL ? schedule_event(client) : NULL;
  ending result = ENDING_OPEN;
  while (event != NULL && message != NULL && result == ENDING_OPEN) {
    carillon__v1__watch_receipts_response__free_unpacked(message, NULL);
    message = next_receipts(&watch);
    if (message != NULL) result = tell(message, event);
  }
  carillon__v1__watch_receipts_response__free_unpacked(message, NULL);
  carillon_stream_close(watch.stream);
  free(event);
  return result == ENDING_DELIVERED ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* The etag keeps what somebody else changed between our look and our change: then it is refused, with ETAG_MISMATCH. */
static int change_rate(carillon_client *client, double rate_per_second)
{
  Carillon__V1__GetQueueRequest get = CARILLON__V1__GET_QUEUE_REQUEST__INIT;
  get.name = QUEUE;
  Carillon__V1__Queue *queue, *changed;
  carillon_failure *failure;
  if (carillon_queues_get_queue(client, &get, 0, &queue, &failure) != CARILLON_CODE_OK)
    return complain("looking at the queue", failure);
  carillon_queue_set_rate_per_second(queue, rate_per_second);
  const char *paths[] = {"rate_per_second"};
  Carillon__Google__FieldMask mask = CARILLON__GOOGLE__FIELD_MASK__INIT;
  mask.n_paths = 1;
  mask.paths = paths;
  Carillon__V1__UpdateQueueRequest update = CARILLON__V1__UPDATE_QUEUE_REQUEST__INIT;
  update.queue = queue;
  update.update_mask = &mask;
  carillon_code code = carillon_queues_update_queue(client, &update, 0, &changed, &failure);
  carillon__v1__queue__free_unpacked(queue, NULL);
  if (code != CARILLON_CODE_OK) return complain("changing the queue", failure);
  printf("%s sends %g a second\n", changed->name, changed->rate_per_second);
  carillon__v1__queue__free_unpacked(changed, NULL);
  return EXIT_SUCCESS;
}

int main(int count, char **arguments)
{
  if (count != 2 && count != 5) {
    fprintf(stderr, "usage: %s ADDRESS [AUTHORITY.crt CLIENT.crt CLIENT.key]\n", arguments[0]);
    return EXIT_FAILURE;
  }
  setvbuf(stdout, NULL, _IOLBF, 0);
  carillon_client *client = connect_to(count, arguments);
  if (client == NULL) return EXIT_FAILURE;
  int result = list_queues(client);
  if (result == EXIT_SUCCESS) result = schedule_and_watch(client);
  if (result == EXIT_SUCCESS) result = change_rate(client, 250);
  carillon_client_free(client);
  return result;
}
