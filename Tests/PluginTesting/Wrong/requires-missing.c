/* Uses the log without requiring it, or looking whether it is there. */
#define AT_RENDER \
  const carillon_host_log_1 *log = host->interface(host->context, CARILLON_HOST_LOG_1); \
  log->write(log->context, CARILLON_LOG_DEBUG, (carillon_str){0}, str("rendering"));
#include "event_type.h"
