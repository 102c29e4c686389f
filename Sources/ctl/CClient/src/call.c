#include <carillon/client.h>
#include <string.h>

#include "client.h"
#include "failure.h"
#include "message.h"

/* What one call gathers. */
typedef struct answer {
  grpc_metadata_array headers, trailers;
  grpc_byte_buffer *message;
  grpc_status_code status;
  grpc_slice text;
} answer;

static void answer_init(answer *result)
{
  memset(result, 0, sizeof *result);
  grpc_metadata_array_init(&result->headers);
  grpc_metadata_array_init(&result->trailers);
  result->text = grpc_empty_slice();
}

static void answer_free(answer *result)
{
  grpc_metadata_array_destroy(&result->headers);
  grpc_metadata_array_destroy(&result->trailers);
  grpc_byte_buffer_destroy(result->message);
  grpc_slice_unref(result->text);
}

/* All of a call at once: gRPC tells when all of it has happened, at the deadline at the latest. */
static grpc_call_error run(const carillon_client *client, grpc_call *call, grpc_completion_queue *queue,
                           grpc_byte_buffer *request, answer *result)
{
  grpc_metadata metadata[1];
  grpc_op operations[6] = {
      {.op = GRPC_OP_SEND_INITIAL_METADATA,
       .data.send_initial_metadata = {.count = client_metadata(client, metadata), .metadata = metadata}},
      {.op = GRPC_OP_SEND_MESSAGE, .data.send_message.send_message = request},
      {.op = GRPC_OP_SEND_CLOSE_FROM_CLIENT},
      {.op = GRPC_OP_RECV_INITIAL_METADATA, .data.recv_initial_metadata.recv_initial_metadata = &result->headers},
      {.op = GRPC_OP_RECV_MESSAGE, .data.recv_message.recv_message = &result->message},
      {.op = GRPC_OP_RECV_STATUS_ON_CLIENT,
       .data.recv_status_on_client = {.trailing_metadata = &result->trailers,
                                      .status = &result->status,
                                      .status_details = &result->text}},
  };
  grpc_call_error error = grpc_call_start_batch(call, operations, 6, result, NULL);
  if (error != GRPC_CALL_OK) return error;
  grpc_completion_queue_pluck(queue, result, gpr_inf_future(GPR_CLOCK_MONOTONIC), NULL);
  return GRPC_CALL_OK;
}

static carillon_code decoded(answer *result, const carillon_method *method, ProtobufCMessage **response,
                             carillon_failure **failure)
{
  carillon_code code = failure_of_call(failure, result->status, result->text, &result->trailers);
  if (code != CARILLON_CODE_OK) return code;
  if (result->message == NULL)
    return failure_set(failure, CARILLON_CODE_INTERNAL, "the agent answered without a %s", method->response->name);
  ProtobufCMessage *message = message_received(result->message, method->response, failure);
  if (message == NULL) return CARILLON_CODE_INTERNAL;
  if (response != NULL) *response = message;
  else carillon_message_free(message);
  return CARILLON_CODE_OK;
}

static carillon_code call_with(carillon_client *client, const carillon_method *method, grpc_byte_buffer *request,
                               int64_t deadline_ms, ProtobufCMessage **response, carillon_failure **failure)
{
  answer result;
  answer_init(&result);
  grpc_completion_queue *queue = grpc_completion_queue_create_for_pluck(NULL);
  gpr_timespec deadline =
      gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_millis(deadline_ms, GPR_TIMESPAN));
  grpc_call *call = client_start(client, method, queue, deadline);
  grpc_call_error error = run(client, call, queue, request, &result);
  carillon_code code = error == GRPC_CALL_OK
                           ? decoded(&result, method, response, failure)
                           : failure_set(failure, CARILLON_CODE_INTERNAL, "gRPC: %s", grpc_call_error_to_string(error));
  grpc_call_unref(call);
  grpc_completion_queue_destroy(queue);
  answer_free(&result);
  return code;
}

carillon_code carillon_call(carillon_client *client, const carillon_method *method, const ProtobufCMessage *request,
                            int64_t deadline_ms, ProtobufCMessage **response, carillon_failure **failure)
{
  failure_clear(failure);
  if (response != NULL) *response = NULL;
  if (method->request_streams || method->response_streams)
    return failure_invalid(failure, "method", "%s streams: use carillon_stream_open", method->path);
  if (deadline_ms < 0 || deadline_ms > CARILLON_DEADLINE_MAX_MS)
    return failure_invalid(failure, "deadline_ms", "must be 1 to 86400000, or 0 for the client's");
  grpc_byte_buffer *bytes;
  carillon_code code = message_buffer(request, method->request, client->max_message_bytes, &bytes, failure);
  if (code != CARILLON_CODE_OK) return code;
  code = call_with(client, method, bytes, deadline_ms != 0 ? deadline_ms : client->deadline_ms, response, failure);
  grpc_byte_buffer_destroy(bytes);
  return code;
}
