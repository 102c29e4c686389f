/* DO NOT EDIT: made by generate.py. */
#ifndef CARILLON_SERVICES_H
#define CARILLON_SERVICES_H

#include <carillon/optional.h>
#include <carillon/services/access_control.h>
#include <carillon/services/agents.h>
#include <carillon/services/audit.h>
#include <carillon/services/dead_letters.h>
#include <carillon/services/events.h>
#include <carillon/services/health.h>
#include <carillon/services/plugins.h>
#include <carillon/services/queues.h>
#include <carillon/services/schedules.h>
#include <carillon/services/sinks.h>
#include <carillon/services/subscriptions.h>
#include <carillon/services/templates.h>
#include <carillon/services/users.h>

#ifdef __cplusplus
extern "C" {
#endif

/* All services, a function for each method. `deadline_ms`: 0 stands for the client's. */

#ifdef __cplusplus
}
#endif
#endif
