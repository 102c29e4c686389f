/* Carillon plugin ABI: how a sink reports what became of a delivery. */
#ifndef CARILLON_HOST_DELIVERY_H
#define CARILLON_HOST_DELIVERY_H

#include <carillon/sink.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CARILLON_HOST_DELIVERY_1 "carillon.host.delivery/1"

/* Where every delivery ends. */
typedef struct carillon_host_delivery_1 {
  uint32_t struct_size;
  uint32_t reserved;
  void *context;

  /* [any thread, also inside `deliver`] Ends `count` deliveries; results[i] belongs to tickets[i].
   * Copies. Never blocks for long. CARILLON_OK: all were taken. CARILLON_STALE: at least one ticket
   * was completed before or never existed; it was ignored, the others were taken. */
  carillon_status (*complete)(void *context, const carillon_ticket *tickets, const carillon_result *const *results,
                              size_t count);
} carillon_host_delivery_1;

#ifdef __cplusplus
}
#endif
#endif
