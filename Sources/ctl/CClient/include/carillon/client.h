/* Carillon's control API from C: an agent's services over mutual TLS, or over its Unix socket.
 *
 * Messages are protobuf-c's (<carillon/v1/….pb-c.h>); <carillon/services.h> has a typed function for each method. What is
 * here is underneath: the connection, failures, calls and streams. docs/clients.md is the page about it.
 *
 * Threads. A client may be used by any number of threads at once. A stream may have one thread that reads and one that
 * sends; `carillon_stream_cancel` may be called by any. What frees (`…_free`, `…_close`) comes last, and only once.
 * Nothing here has global state but gRPC's own, which counts its users. After fork() use neither client nor stream.
 *
 * Memory. What an argument points at is the caller's, and is not kept after the call. What a function hands out is the
 * caller's to free, by the function that its comment names. */
#ifndef CARILLON_CLIENT_H
#define CARILLON_CLIENT_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <carillon/failure.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A connection to one agent; it connects at the first call, and again after every loss. */
typedef struct carillon_client carillon_client;

/* Limits, which options and calls may lower. */
#define CARILLON_DEADLINE_DEFAULT_MS INT64_C(20000)
#define CARILLON_DEADLINE_MAX_MS INT64_C(86400000)
#define CARILLON_MESSAGE_DEFAULT_BYTES (16u << 20)
#define CARILLON_MESSAGE_MAX_BYTES (256u << 20)

/* Says where the agent is and who calls. Zero and NULL stand for what the comment says, so set what you need:
 *   carillon_client_options options = {.struct_size = sizeof options, .address = "unix:/run/carillon/agent.sock"}; */
typedef struct carillon_client_options {
  size_t struct_size; /* sizeof(carillon_client_options) */

  /* "host:port", "[::1]:port" or "unix:/path". A host may have several addresses; they are tried in turn. No proxy is
   * asked, whatever the environment says. */
  const char *address;

  /* PEM texts, not paths: carillon_read_file reads one. The authority that signed the server's certificate, or several
   * behind each other; needed for "host:port". Of the machine's own authorities none is trusted. */
  const char *authority_pem;
  const char *certificate_pem; /* the client's, with intermediates behind it; needs key_pem */
  const char *key_pem;         /* PKCS #8, SEC 1 or PKCS #1, not encrypted */

  /* The name that the server's certificate must have, where it is not the address's host. */
  const char *server_name;

  const char *token; /* "cart_…", instead of a certificate; over TLS only */

  int64_t deadline_ms;      /* of each call that has none of its own; 0: CARILLON_DEADLINE_DEFAULT_MS */
  size_t max_message_bytes; /* of a message either way; 0: CARILLON_MESSAGE_DEFAULT_BYTES */

  /* TCP without TLS, for agents that were told to allow it; refused for any other host than 127.0.0.1, [::1] and
   * localhost. */
  bool plaintext_loopback;
} carillon_client_options;

/* Makes a client, which connects to nothing yet. INVALID_ARGUMENT with a violation for each option at fault. To change
 * anything, such as a certificate that was renewed, make another one.
 * `*client` is NULL on failure; free it with carillon_client_free. */
carillon_code carillon_client_new(const carillon_client_options *options, carillon_client **client,
                                  carillon_failure **failure);

/* Closes the connection, after the last of its calls and streams. NULL does nothing. */
void carillon_client_free(carillon_client *client);

/* The library's version, such as "0.1.0". */
const char *carillon_client_version(void);

/* A method of the API. */
typedef struct carillon_method {
  const char *path; /* "/carillon.v1.Queues/GetQueue" */
  const ProtobufCMessageDescriptor *request;
  const ProtobufCMessageDescriptor *response;
  bool request_streams;
  bool response_streams;
} carillon_method;

/* Every method that <carillon/services.h> has a function for, by service; static. */
const carillon_method *const *carillon_methods(size_t *count);

/* Calls a method that streams neither way, and waits for the answer.
 *   deadline_ms  from now; 0: the client's. When it passes, the change may still have been made: DEADLINE_EXCEEDED.
 *   response     free it with carillon_message_free; NULL on failure. Give NULL when you do not need it.
 * A call that finds no connection waits for one attempt to make one, and a quarter of a second when the last attempt has
 * failed: UNAVAILABLE. The client goes on trying, at least every 2 s while it is used. No call is made twice. */
carillon_code carillon_call(carillon_client *client, const carillon_method *method, const ProtobufCMessage *request,
                            int64_t deadline_ms, ProtobufCMessage **response, carillon_failure **failure);

/* Frees an answer and all that it points at. NULL does nothing. The generated `…__free_unpacked(message, NULL)` does the
 * same. Not for messages that were put together by hand. */
void carillon_message_free(ProtobufCMessage *message);

/* Reads a file of at most 1 MiB, such as a PEM file; NUL-terminated. Free it with carillon_text_free. */
carillon_code carillon_read_file(const char *path, char **text, carillon_failure **failure);

/* Overwrites and frees. NULL does nothing. */
void carillon_text_free(char *text);

/* A call that streams: a watch, an import, the progress of a long change. */
typedef struct carillon_stream carillon_stream;

/* For a timeout: as long as it takes. */
#define CARILLON_NO_TIMEOUT INT64_C(-1)

/* What came of waiting for the next message. */
typedef enum carillon_next {
  CARILLON_NEXT_MESSAGE = 0,
  CARILLON_NEXT_TIMEOUT = 1, /* nothing yet; wait again when you like */
  CARILLON_NEXT_END = 2      /* nothing more will come; the failure says why, NULL: the agent was done */
} carillon_next;

/* Begins a call that streams at least one way. It does not wait for the agent: whether it was let in, and whether there is
 * one at all, is told by the first carillon_stream_next. The stream has no deadline.
 *   request  NULL for a method whose requests stream
 * Close the stream with carillon_stream_close. */
carillon_code carillon_stream_open(carillon_client *client, const carillon_method *method,
                                   const ProtobufCMessage *request, carillon_stream **stream,
                                   carillon_failure **failure);

/* Waits for the next message. Watches send one without changes, a heartbeat, every 10 s: a timeout of more than twice
 * that tells that the agent or the way to it is gone, and it is time to open another stream with the last cursor.
 *   timeout_ms  0 looks only; CARILLON_NO_TIMEOUT waits until something comes
 *   message     of the method's response type, for CARILLON_NEXT_MESSAGE; free it with carillon_message_free
 * After CARILLON_NEXT_END it answers the same again. */
carillon_next carillon_stream_next(carillon_stream *stream, int64_t timeout_ms, ProtobufCMessage **message,
                                   carillon_failure **failure);

/* Sends a message of a method whose requests stream. One message may be on its way; this waits until it is gone.
 *   OK                 this one is on its way
 *   DEADLINE_EXCEEDED  the agent has not taken the one before, and this one was not begun: read what it says, try again
 *   FAILED_PRECONDITION  the stream has ended: carillon_stream_next tells why */
carillon_code carillon_stream_send(carillon_stream *stream, const ProtobufCMessage *message, int64_t timeout_ms,
                                   carillon_failure **failure);

/* The same for the end of the requests, which the agent waits for to end the stream itself. */
carillon_code carillon_stream_finish(carillon_stream *stream, int64_t timeout_ms, carillon_failure **failure);

/* Ends the stream at once, also while another thread waits in it, which then gets CARILLON_NEXT_END with CANCELLED. */
void carillon_stream_cancel(carillon_stream *stream);

/* Ends the stream if it has not ended, and frees it. NULL does nothing. */
void carillon_stream_close(carillon_stream *stream);

#ifdef __cplusplus
}
#endif
#endif
