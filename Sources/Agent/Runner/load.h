/* Opens the plugin's file. */
#ifndef LOAD_H
#define LOAD_H

#include <carillon/plugin.h>

#include "fault.h"

/* Opens the library, copies its table and fills in what the agent learns of it. False when the plugin cannot be
 * started; `error` says why, unless what was filled in does. */
bool load_plugin(Loaded *loaded, carillon_plugin *table, carillon_error *error);

#endif
