/* Answers another structure each time. */
#define OWN_ENTRY
#include "event_type.h"
const carillon_plugin *carillon_plugin_v1(void) {
  carillon_plugin *plugin = malloc(sizeof *plugin);
  *plugin = (carillon_plugin){sizeof *plugin, CARILLON_ABI_MAJOR, CARILLON_ABI_MINOR, 0, MANIFEST, start, stop, interface};
  return plugin;
}
