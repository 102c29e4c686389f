/* carillon.host.json/1 for the driver: just enough of it, for documents that the tests themselves write. */
#ifndef DRIVER_JSON_H
#define DRIVER_JSON_H

#include <carillon/host/json.h>

extern const carillon_host_json_1 driver_json;

#endif
