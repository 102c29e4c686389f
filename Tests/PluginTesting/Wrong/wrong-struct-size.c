/* Says that its structure is shorter than it is. */
#define OWN_ENTRY
#include "event_type.h"
static const carillon_plugin plugin = {24, CARILLON_ABI_MAJOR, CARILLON_ABI_MINOR, 0, MANIFEST, start, stop, interface};
const carillon_plugin *carillon_plugin_v1(void) { return &plugin; }
