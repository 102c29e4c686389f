/* Carillon plugin ABI: time zones, for the few plugins that must go through an instant (an UNTIL in
 * UTC, a date in another zone). The rules are the host's, read from the system's zone files. */
#ifndef CARILLON_HOST_TIME_H
#define CARILLON_HOST_TIME_H

#include <carillon/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CARILLON_HOST_TIME_1 "carillon.host.time/1"

/* A local time that a zone skips. */
#define CARILLON_GAP_SHIFT_FORWARD 0 /* 02:30 becomes 03:30 */
#define CARILLON_GAP_BEFORE 1        /* the last instant before the gap */
#define CARILLON_GAP_SKIP 2          /* none: CARILLON_NOT_FOUND */

/* A local time that a zone has twice. */
#define CARILLON_FOLD_FIRST 0  /* before clocks go back */
#define CARILLON_FOLD_SECOND 1 /* after */

/* From local time to instants and back. */
typedef struct carillon_host_time_1 {
  uint32_t struct_size;
  uint32_t reserved;
  void *context;

  /* [any thread] Local time to nanoseconds since 1970-01-01T00:00:00Z. `fold` of `civil` is ignored.
   * CARILLON_NOT_FOUND: an unknown zone, or a gap with CARILLON_GAP_SKIP; CARILLON_INVALID: no date. */
  carillon_status (*instant)(void *context, carillon_str time_zone, const carillon_civil *civil, int32_t gap,
                             int32_t fold, int64_t *instant_ns);

  /* [any thread] The reverse; sets `fold`. */
  carillon_status (*civil)(void *context, carillon_str time_zone, int64_t instant_ns, carillon_civil *civil);
} carillon_host_time_1;

#ifdef __cplusplus
}
#endif
#endif
