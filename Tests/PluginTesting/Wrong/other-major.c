/* Was built for another major version. */
#define OWN_ENTRY
#include "event_type.h"
static const carillon_plugin plugin = {sizeof plugin, CARILLON_ABI_MAJOR + 7, 0, 0, MANIFEST, start, stop, interface};
const carillon_plugin *carillon_plugin_v1(void) { return &plugin; }
