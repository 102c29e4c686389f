/* Streams, for the generated functions. */
#ifndef CARILLON_SRC_STREAM_H
#define CARILLON_SRC_STREAM_H

#include <carillon/client.h>

/* carillon_stream_next for a stream of this method; one of another method is refused, as its messages are of another
 * type: CARILLON_NEXT_END with INVALID_ARGUMENT, and the stream stays as it is. */
carillon_next carillon_stream_next_of(carillon_stream *stream, const carillon_method *method, int64_t timeout_ms,
                                      ProtobufCMessage **message, carillon_failure **failure);

#endif
