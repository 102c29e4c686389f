/* Carillon plugin ABI: a plugin's lines in the agent's log. */
#ifndef CARILLON_HOST_LOG_H
#define CARILLON_HOST_LOG_H

#include <carillon/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CARILLON_HOST_LOG_1 "carillon.host.log/1"

/* Levels, and what they are for. */
#define CARILLON_LOG_DEBUG 1   /* for the plugin's author */
#define CARILLON_LOG_INFO 2    /* what happens once in a while: started, connected */
#define CARILLON_LOG_WARNING 3 /* it goes on, but somebody should look */
#define CARILLON_LOG_ERROR 4   /* it does not go on */

/* Writes to the agent's log, never to standard output or error: those are nobody's. */
typedef struct carillon_host_log_1 {
  uint32_t struct_size;
  uint32_t reserved;
  void *context;

  /* [any thread] 1 when lines of this level are written, else 0. Cheap: ask before formatting. */
  int32_t (*enabled)(void *context, int32_t level);

  /* [any thread] One line; `instance` names the instance it is about, or is empty. Copies, at most
   * 4,096 bytes; control characters are replaced. Never put a secret or a person's data in it. */
  void (*write)(void *context, int32_t level, carillon_str instance, carillon_str message);
} carillon_host_log_1;

#ifdef __cplusplus
}
#endif
#endif
