/* What the runner offers the plugin, as the agent does to one in its own process. */
#ifndef HOST_H
#define HOST_H

#include <carillon/carillon.h>

#include "fault.h"

/* Remembers what the agent has. Before the plugin is loaded. */
void host_open(const Setup *setup);

/* What `start` gets. */
const carillon_host *host_table(void);

/* The host interfaces. Each file has one. */
const carillon_host_log_1 *host_log(void);
const carillon_host_delivery_1 *host_delivery(void);
const carillon_host_secret_1 *host_secret(void);
const carillon_host_time_1 *host_time(void);
const carillon_host_json_1 *host_json(void);
const carillon_host_metrics_1 *host_metrics(void);

/* The lowest level of lines that are written. */
void host_log_level(int32_t level);

/* A plugin's text as bytes of a message, borrowed. */
static inline ProtobufCBinaryData borrowed(carillon_str text) {
  return (ProtobufCBinaryData){.len = text.ptr == NULL ? 0 : text.len, .data = (uint8_t *)text.ptr};
}

/* Bytes of a message as a text, borrowed. */
static inline carillon_str text_of(ProtobufCBinaryData bytes) {
  return (carillon_str){(const char *)bytes.data, bytes.len};
}

#endif
