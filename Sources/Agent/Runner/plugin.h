/* The plugin: its tables, copied as far as both sides know them. */
#ifndef PLUGIN_H
#define PLUGIN_H

#include <carillon/carillon.h>

#include "fault.h"
#include "job.h"

/* Loads it as the setup says, and tells the agent. On the pool's first thread. */
void plugin_load(job *setup);

/* Calls `start`; then asks for the tables that are wanted. Answers their list, or NULL. */
carillon_status plugin_start(const Start *start, carillon_error *error, Tables **tables);

/* Calls `stop`. */
carillon_status plugin_stop(carillon_error *error);

/* Whether it is started; if not, says so. */
bool plugin_runs(carillon_error *error);

/* A table; its functions that the plugin lacks are NULL. Only while it runs. */
const carillon_sink_1 *plugin_sink(void);
const carillon_event_type_1 *plugin_event_type(void);

#endif
