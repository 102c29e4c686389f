/* Carillon plugin ABI: what the host gives a plugin at `start`. */
#ifndef CARILLON_HOST_H
#define CARILLON_HOST_H

#include <carillon/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The host. Given to `start`; stays valid and unchanged until the process ends, so a plugin keeps
 * the pointer. Everything it points to is the host's. */
typedef struct carillon_host {
  uint32_t struct_size;
  uint32_t abi_minor; /* of the host: what it may offer beyond this header */
  void *context;      /* passed back as the first argument of `interface` */

  /* [any thread] The table of one host interface, such as CARILLON_HOST_LOG_1, or NULL when this
   * host does not have it. Static: valid until the process ends. */
  const void *(*interface)(void *context, const char *id);

  /* [the thread of the call that `error` was passed to] Says why the call fails: its status and a
   * sentence for people. Copies the message (at most 4,096 bytes of it). A later call replaces an
   * earlier one. Never put a secret in a message. `error` may be NULL: then nothing happens. */
  void (*fail)(carillon_error *error, carillon_status status, carillon_str message);

  /* [the thread of the call that `error` was passed to] One fault in a document: `pointer` is a
   * JSON Pointer (RFC 6901) to the value at fault, `code` a stable word such as "range". One call a
   * fault, at most 64 are kept. Copies all three. */
  void (*violation)(carillon_error *error, carillon_str pointer, carillon_str code, carillon_str message);
} carillon_host;

#ifdef __cplusplus
}
#endif
#endif
