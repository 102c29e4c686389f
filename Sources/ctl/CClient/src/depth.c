#include "depth.h"

#include "bounds.h"

/* Protocol Buffers, encoding: a varint has at most 10 bytes, a tag is a field's number and three bits of wire type. */
enum { VARINT_MAX_BYTES = 10, WIRE_TYPE_BITS = 3 };

/* A message that is being looked through. */
typedef struct frame {
  const ProtobufCMessageDescriptor *type;
  const uint8_t *end;
} frame;

static bool read_varint(const uint8_t **at, const uint8_t *end, uint64_t *value)
{
  *value = 0;
  for (unsigned count = 0; count < VARINT_MAX_BYTES && *at < end; count++) {
    uint8_t byte = *(*at)++;
    *value |= (uint64_t)(byte & 0x7f) << (7 * count);
    if (byte < 0x80) return true;
  }
  return false;
}

static bool skip(const uint8_t **at, const uint8_t *end, uint64_t count)
{
  if (count > (uint64_t)(end - *at)) return false;
  *at += count;
  return true;
}

/* The message type of a field that has one; NULL for all others, and for fields that are not known. */
static const ProtobufCMessageDescriptor *nested_type(const ProtobufCMessageDescriptor *type, uint64_t number)
{
  if (number > UINT32_MAX) return NULL;
  const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field(type, (unsigned)number);
  return field != NULL && field->type == PROTOBUF_C_TYPE_MESSAGE ? field->descriptor : NULL;
}

/* Passes one field. `*nested` is the message that begins after it, if it is one. */
static bool pass_field(const frame *within, const uint8_t **at, frame *nested)
{
  uint64_t tag, count;
  nested->type = NULL;
  if (!read_varint(at, within->end, &tag)) return false;
  switch (tag & ((1 << WIRE_TYPE_BITS) - 1)) {
  case PROTOBUF_C_WIRE_TYPE_VARINT: return read_varint(at, within->end, &count);
  case PROTOBUF_C_WIRE_TYPE_64BIT: return skip(at, within->end, 8);
  case PROTOBUF_C_WIRE_TYPE_32BIT: return skip(at, within->end, 4);
  case PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED: break;
  default: return false; /* groups, which proto3 has not */
  }
  if (!read_varint(at, within->end, &count) || count > (uint64_t)(within->end - *at)) return false;
  nested->type = nested_type(within->type, tag >> WIRE_TYPE_BITS);
  if (nested->type == NULL) return skip(at, within->end, count);
  nested->end = *at + count;
  return true;
}

bool depth_is_bounded(const ProtobufCMessageDescriptor *type, const uint8_t *bytes, size_t length, unsigned max_depth)
{
  frame open[MESSAGE_MAX_DEPTH + 1] = {{type, bytes + length}};
  unsigned depth = 0;
  for (const uint8_t *at = bytes;;) {
    while (at == open[depth].end) {
      if (depth == 0) return true;
      depth--;
    }
    frame nested;
    if (!pass_field(&open[depth], &at, &nested)) return false;
    if (nested.type == NULL) continue;
    if (depth == max_depth) return false;
    open[++depth] = nested;
  }
}
