/* The host and its interfaces, known since `start`. */
#ifndef EXEC_HOST_H
#define EXEC_HOST_H

#include <carillon/carillon.h>
#include <string.h>

extern const carillon_host *host;
extern const carillon_host_delivery_1 *delivery_host;
extern const carillon_host_json_1 *json;

static inline carillon_str str(const char *text) { return (carillon_str){text, strlen(text)}; }

/* Says that a call fails; answers the status. */
static inline carillon_status failed(carillon_error *error, const char *message) {
  host->fail(error, CARILLON_FAILED, str(message));
  return CARILLON_FAILED;
}

#endif
