/* Carillon plugin ABI: secrets. A configuration holds references, never secrets:
 *   file:/run/secrets/token   the file's bytes, less one trailing newline
 *   env:NAME                  an environment variable of the agent
 *   credential:NAME           a file in the agent's systemd credentials directory */
#ifndef CARILLON_HOST_SECRET_H
#define CARILLON_HOST_SECRET_H

#include <carillon/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CARILLON_HOST_SECRET_1 "carillon.host.secret/1"

/* [the thread of the call, during the call] Takes the secret; copies what it keeps. */
typedef void (*carillon_take_secret)(void *context, carillon_str secret);

/* From a reference to what it stands for. */
typedef struct carillon_host_secret_1 {
  uint32_t struct_size;
  uint32_t reserved;
  void *context;

  /* [any thread] Resolves a reference that stands, as a whole string, in the configuration of the
   * instance that is being created, activated or called; calls `take` once, and wipes its own copy.
   * `instance_name` is the name given to `create`. At most 64 KiB. CARILLON_DENIED: the reference is
   * not in that configuration. CARILLON_NOT_FOUND: nothing there. CARILLON_INVALID: no reference. */
  carillon_status (*resolve)(void *context, carillon_str instance_name, carillon_str reference,
                             carillon_take_secret take, void *take_context, carillon_error *error);
} carillon_host_secret_1;

#ifdef __cplusplus
}
#endif
#endif
