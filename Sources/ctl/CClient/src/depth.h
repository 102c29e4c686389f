/* How deep messages are nested, before they are parsed. */
#ifndef CARILLON_SRC_DEPTH_H
#define CARILLON_SRC_DEPTH_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

/* Whether the bytes are fields of the message type, with messages within it at most `max_depth` deep. protobuf-c calls
 * itself for each level, so that bytes from outside could take all of the stack. `max_depth` is MESSAGE_MAX_DEPTH at most. */
bool depth_is_bounded(const ProtobufCMessageDescriptor *type, const uint8_t *bytes, size_t length, unsigned max_depth);

#endif
