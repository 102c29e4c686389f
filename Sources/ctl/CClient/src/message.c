#include "message.h"

#include <grpc/byte_buffer_reader.h>

#include "depth.h"
#include "failure.h"
#include "bounds.h"

ProtobufCMessage *message_parse(const ProtobufCMessageDescriptor *type, const uint8_t *bytes, size_t length)
{
  if (!depth_is_bounded(type, bytes, length, MESSAGE_MAX_DEPTH)) return NULL;
  return protobuf_c_message_unpack(type, NULL, length, bytes);
}

void carillon_message_free(ProtobufCMessage *message)
{
  protobuf_c_message_free_unpacked(message, NULL);
}

carillon_code message_buffer(const ProtobufCMessage *message, const ProtobufCMessageDescriptor *type, size_t max_bytes,
                             grpc_byte_buffer **buffer, carillon_failure **failure)
{
  *buffer = NULL;
  if (message == NULL || message->descriptor != type)
    return failure_invalid(failure, "request", "must be a %s that was initialised", type->name);
  if (!protobuf_c_message_check(message))
    return failure_invalid(failure, "request", "a list of it has fewer elements than it says");
  size_t size = protobuf_c_message_get_packed_size(message);
  if (size > max_bytes)
    return failure_set(failure, CARILLON_CODE_RESOURCE_EXHAUSTED, "the request has %zu bytes; max_message_bytes is %zu",
                       size, max_bytes);
  grpc_slice slice = grpc_slice_malloc(size);
  protobuf_c_message_pack(message, GRPC_SLICE_START_PTR(slice));
  *buffer = grpc_raw_byte_buffer_create(&slice, 1);
  grpc_slice_unref(slice);
  return CARILLON_CODE_OK;
}

ProtobufCMessage *message_received(grpc_byte_buffer *buffer, const ProtobufCMessageDescriptor *type,
                                   carillon_failure **failure)
{
  grpc_byte_buffer_reader reader;
  ProtobufCMessage *message = NULL;
  if (grpc_byte_buffer_reader_init(&reader, buffer)) {
    grpc_slice slice = grpc_byte_buffer_reader_readall(&reader);
    message = message_parse(type, GRPC_SLICE_START_PTR(slice), GRPC_SLICE_LENGTH(slice));
    grpc_slice_unref(slice);
    grpc_byte_buffer_reader_destroy(&reader);
  }
  if (message == NULL) failure_set(failure, CARILLON_CODE_INTERNAL, "the agent's answer is no %s", type->name);
  return message;
}
