/* The library's own bounds, beside those that <carillon/client.h> tells. */
#ifndef CARILLON_SRC_BOUNDS_H
#define CARILLON_SRC_BOUNDS_H

enum {
  MESSAGE_MIN_BYTES = 1024,       /* the least that max_message_bytes may be */
  MESSAGE_MAX_DEPTH = 100,        /* messages within messages; protobuf-c takes stack for each */
  METADATA_MAX_BYTES = 64 << 10,  /* of headers or trailers; errors with many violations need some */
  TOKEN_MAX_BYTES = 4 << 10,
  PEM_MAX_BYTES = 1 << 20,
  NAME_MAX_BYTES = 255,           /* a host's name (RFC 1035) */
  SOCKET_PATH_MAX_BYTES = 107,    /* sockaddr_un, without its NUL */
  CONNECT_TIMEOUT_MS = 10000,     /* for one attempt, which grpc takes from its least backoff */
  RECONNECT_FIRST_MS = 200,       /* between attempts: first, and at most */
  RECONNECT_MAX_MS = 2000,
  RECOVERY_WAIT_MS = 250,         /* a call's, for a connection that has failed */
  KEEPALIVE_MS = 30000,           /* a connection with calls that is silent so long is asked whether it lives */
  KEEPALIVE_TIMEOUT_MS = 10000,   /* for its answer; agents allow it every 10 s */
  FAILURE_DETAILS_MAX = 64        /* of one error */
};

#endif
