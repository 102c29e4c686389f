/* A stream is one gRPC call with a queue of its own. Each of its operations has a tag, the address of the flag that says
 * that it is under way; whoever waits for one takes only that one from the queue (pluck). So the thread that reads and the
 * one that sends share nothing but the call, which gRPC guards. */
#include "stream.h"

#include <stdlib.h>

#include "client.h"
#include "failure.h"
#include "message.h"

struct carillon_stream {
  const carillon_method *method;
  size_t max_message_bytes;
  grpc_call *call;
  grpc_completion_queue *queue;

  /* What is under way, and the operations' tags. */
  bool opening, heading, ending; /* the first sends, the server's headers, its status */
  bool reading;                  /* the reading thread's */
  bool sending;                  /* the sending thread's */

  /* What the operations fill in. */
  grpc_metadata_array headers, trailers;
  grpc_byte_buffer *received;
  grpc_byte_buffer *outgoing;
  grpc_status_code status;
  grpc_slice text;

  const char *fault; /* of the reading thread: why it ended the stream itself; static */
  bool has_ended;    /* the reading thread's: `status` counts */
  bool is_finished;  /* the sending thread's: nothing more can be sent */
};

static gpr_timespec moment_after(int64_t timeout_ms)
{
  if (timeout_ms < 0) return gpr_inf_future(GPR_CLOCK_MONOTONIC);
  return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_millis(timeout_ms, GPR_TIMESPAN));
}

/* Begins operations, whose flag is their tag. */
static bool begin(carillon_stream *stream, const grpc_op *operations, size_t count, bool *tag)
{
  *tag = grpc_call_start_batch(stream->call, operations, count, tag, NULL) == GRPC_CALL_OK;
  return *tag;
}

typedef enum waited { WAITED_DONE, WAITED_FAILED, WAITED_TIMEOUT } waited;

/* Waits for operations, if they are under way. */
static waited wait_for(carillon_stream *stream, bool *tag, gpr_timespec until)
{
  if (!*tag) return WAITED_DONE;
  grpc_event event = grpc_completion_queue_pluck(stream->queue, tag, until, NULL);
  if (event.type == GRPC_QUEUE_TIMEOUT) return WAITED_TIMEOUT;
  *tag = false;
  return event.success ? WAITED_DONE : WAITED_FAILED;
}

static bool begin_call(carillon_stream *stream, const carillon_client *client)
{
  grpc_metadata metadata[1];
  grpc_op first[3] = {
      {.op = GRPC_OP_SEND_INITIAL_METADATA,
       .data.send_initial_metadata = {.count = client_metadata(client, metadata), .metadata = metadata}},
      {.op = GRPC_OP_SEND_MESSAGE, .data.send_message.send_message = stream->outgoing},
      {.op = GRPC_OP_SEND_CLOSE_FROM_CLIENT},
  };
  grpc_op headers = {.op = GRPC_OP_RECV_INITIAL_METADATA,
                     .data.recv_initial_metadata.recv_initial_metadata = &stream->headers};
  grpc_op end = {.op = GRPC_OP_RECV_STATUS_ON_CLIENT,
                 .data.recv_status_on_client = {.trailing_metadata = &stream->trailers,
                                                .status = &stream->status,
                                                .status_details = &stream->text}};
  return begin(stream, first, stream->method->request_streams ? 1 : 3, &stream->opening) &&
         begin(stream, &headers, 1, &stream->heading) && begin(stream, &end, 1, &stream->ending);
}

static carillon_stream *stream_new(carillon_client *client, const carillon_method *method)
{
  carillon_stream *stream = calloc(1, sizeof *stream);
  if (stream == NULL) return NULL;
  stream->method = method;
  stream->max_message_bytes = client->max_message_bytes;
  stream->is_finished = !method->request_streams;
  grpc_metadata_array_init(&stream->headers);
  grpc_metadata_array_init(&stream->trailers);
  stream->text = grpc_empty_slice();
  stream->queue = grpc_completion_queue_create_for_pluck(NULL);
  stream->call = client_start(client, method, stream->queue, gpr_inf_future(GPR_CLOCK_MONOTONIC));
  return stream;
}

carillon_code carillon_stream_open(carillon_client *client, const carillon_method *method,
                                   const ProtobufCMessage *request, carillon_stream **result,
                                   carillon_failure **failure)
{
  failure_clear(failure);
  *result = NULL;
  if (!method->request_streams && !method->response_streams)
    return failure_invalid(failure, "method", "%s streams neither way: use carillon_call", method->path);
  grpc_byte_buffer *first = NULL;
  if (!method->request_streams) {
    carillon_code code = message_buffer(request, method->request, client->max_message_bytes, &first, failure);
    if (code != CARILLON_CODE_OK) return code;
  }
  carillon_stream *stream = stream_new(client, method);
  if (stream == NULL) {
    grpc_byte_buffer_destroy(first);
    return failure_set(failure, CARILLON_CODE_RESOURCE_EXHAUSTED, "no memory is left");
  }
  stream->outgoing = first;
  if (!begin_call(stream, client)) {
    carillon_stream_close(stream);
    return failure_set(failure, CARILLON_CODE_INTERNAL, "gRPC took no call of %s", method->path);
  }
  *result = stream;
  return CARILLON_CODE_OK;
}

/* The stream is over: says why. */
static carillon_next ended(carillon_stream *stream, carillon_failure **failure)
{
  if (!stream->has_ended) wait_for(stream, &stream->ending, gpr_inf_future(GPR_CLOCK_MONOTONIC));
  stream->has_ended = true;
  if (stream->fault != NULL) failure_set(failure, CARILLON_CODE_INTERNAL, "%s", stream->fault);
  else failure_of_call(failure, stream->status, stream->text, &stream->trailers);
  return CARILLON_NEXT_END;
}

/* Ends a stream that this side cannot go on with. */
static carillon_next given_up(carillon_stream *stream, const char *fault, carillon_failure **failure)
{
  failure_clear(failure);
  stream->fault = fault;
  grpc_call_cancel(stream->call, NULL);
  return ended(stream, failure);
}

carillon_next carillon_stream_next(carillon_stream *stream, int64_t timeout_ms, ProtobufCMessage **message,
                                   carillon_failure **failure)
{
  failure_clear(failure);
  *message = NULL;
  if (stream->has_ended) return ended(stream, failure);
  grpc_op read = {.op = GRPC_OP_RECV_MESSAGE, .data.recv_message.recv_message = &stream->received};
  if (!stream->reading && !begin(stream, &read, 1, &stream->reading))
    return given_up(stream, "gRPC reads no more of this stream", failure);
  if (wait_for(stream, &stream->reading, moment_after(timeout_ms)) == WAITED_TIMEOUT) return CARILLON_NEXT_TIMEOUT;
  if (stream->received == NULL) return ended(stream, failure);
  *message = message_received(stream->received, stream->method->response, NULL);
  grpc_byte_buffer_destroy(stream->received);
  stream->received = NULL;
  if (*message == NULL) return given_up(stream, "the agent sent what is no message of this method", failure);
  return CARILLON_NEXT_MESSAGE;
}

carillon_next carillon_stream_next_of(carillon_stream *stream, const carillon_method *method, int64_t timeout_ms,
                                      ProtobufCMessage **message, carillon_failure **failure)
{
  if (stream->method == method) return carillon_stream_next(stream, timeout_ms, message, failure);
  failure_clear(failure);
  *message = NULL;
  failure_invalid(failure, "stream", "is one of %s, not of %s", stream->method->path, method->path);
  return CARILLON_NEXT_END;
}

/* Waits until a send may begin. */
static carillon_code make_room(carillon_stream *stream, int64_t timeout_ms, carillon_failure **failure)
{
  failure_clear(failure);
  if (stream->is_finished)
    return failure_set(failure, CARILLON_CODE_FAILED_PRECONDITION, "nothing more can be sent on this stream");
  waited result = wait_for(stream, &stream->sending, moment_after(timeout_ms));
  if (result == WAITED_TIMEOUT)
    return failure_set(failure, CARILLON_CODE_DEADLINE_EXCEEDED, "the agent has not taken the message before");
  grpc_byte_buffer_destroy(stream->outgoing);
  stream->outgoing = NULL;
  if (result == WAITED_DONE) return CARILLON_CODE_OK;
  stream->is_finished = true;
  return failure_set(failure, CARILLON_CODE_FAILED_PRECONDITION, "the stream has ended: read why");
}

static carillon_code begin_send(carillon_stream *stream, const grpc_op *operation, carillon_failure **failure)
{
  if (begin(stream, operation, 1, &stream->sending)) return CARILLON_CODE_OK;
  stream->is_finished = true;
  return failure_set(failure, CARILLON_CODE_FAILED_PRECONDITION, "the stream has ended: read why");
}

carillon_code carillon_stream_send(carillon_stream *stream, const ProtobufCMessage *message, int64_t timeout_ms,
                                   carillon_failure **failure)
{
  carillon_code code = make_room(stream, timeout_ms, failure);
  if (code != CARILLON_CODE_OK) return code;
  code = message_buffer(message, stream->method->request, stream->max_message_bytes, &stream->outgoing, failure);
  if (code != CARILLON_CODE_OK) return code;
  grpc_op send = {.op = GRPC_OP_SEND_MESSAGE, .data.send_message.send_message = stream->outgoing};
  return begin_send(stream, &send, failure);
}

carillon_code carillon_stream_finish(carillon_stream *stream, int64_t timeout_ms, carillon_failure **failure)
{
  carillon_code code = make_room(stream, timeout_ms, failure);
  if (code != CARILLON_CODE_OK) return code;
  grpc_op end = {.op = GRPC_OP_SEND_CLOSE_FROM_CLIENT};
  code = begin_send(stream, &end, failure);
  stream->is_finished = true;
  return code;
}

void carillon_stream_cancel(carillon_stream *stream)
{
  grpc_call_cancel(stream->call, NULL);
}

void carillon_stream_close(carillon_stream *stream)
{
  if (stream == NULL) return;
  grpc_call_cancel(stream->call, NULL);
  bool *under_way[] = {&stream->opening, &stream->heading, &stream->sending, &stream->reading, &stream->ending};
  for (size_t at = 0; at < sizeof under_way / sizeof under_way[0]; at++)
    wait_for(stream, under_way[at], gpr_inf_future(GPR_CLOCK_MONOTONIC));
  grpc_call_unref(stream->call);
  grpc_completion_queue_destroy(stream->queue);
  grpc_metadata_array_destroy(&stream->headers);
  grpc_metadata_array_destroy(&stream->trailers);
  grpc_byte_buffer_destroy(stream->received);
  grpc_byte_buffer_destroy(stream->outgoing);
  grpc_slice_unref(stream->text);
  free(stream);
}
