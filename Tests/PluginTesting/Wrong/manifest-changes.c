/* The manifest is put together in start. */
#define OWN_ENTRY
static void change(void);
#define AT_START change();
#include "event_type.h"
static char text[sizeof MANIFEST + 1] = MANIFEST;
static void change(void) { strcat(text, " "); }
static const carillon_plugin plugin = {sizeof plugin, CARILLON_ABI_MAJOR, CARILLON_ABI_MINOR, 0, text, start, stop, interface};
const carillon_plugin *carillon_plugin_v1(void) { return &plugin; }
