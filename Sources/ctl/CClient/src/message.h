/* Messages to and from bytes. */
#ifndef CARILLON_SRC_MESSAGE_H
#define CARILLON_SRC_MESSAGE_H

#include <carillon/client.h>
#include <grpc/byte_buffer.h>
#include <grpc/grpc.h>

/* Parses a message; NULL for what is none, or is nested deeper than MESSAGE_MAX_DEPTH. */
ProtobufCMessage *message_parse(const ProtobufCMessageDescriptor *type, const uint8_t *bytes, size_t length);

/* What a caller gave as a message of the type, in a buffer for gRPC; `*buffer` is NULL with a failure for what is none,
 * is not complete or too large. */
carillon_code message_buffer(const ProtobufCMessage *message, const ProtobufCMessageDescriptor *type, size_t max_bytes,
                             grpc_byte_buffer **buffer, carillon_failure **failure);

/* Parses what gRPC received; NULL with a failure for what is no message of the type. */
ProtobufCMessage *message_received(grpc_byte_buffer *buffer, const ProtobufCMessageDescriptor *type,
                                   carillon_failure **failure);

#endif
