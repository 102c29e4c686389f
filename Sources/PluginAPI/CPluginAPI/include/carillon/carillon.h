/* Carillon plugin ABI: everything at once. */
#ifndef CARILLON_CARILLON_H
#define CARILLON_CARILLON_H

#include <carillon/base.h>
#include <carillon/event_type.h>
#include <carillon/host.h>
#include <carillon/host/delivery.h>
#include <carillon/host/json.h>
#include <carillon/host/log.h>
#include <carillon/host/metrics.h>
#include <carillon/host/secret.h>
#include <carillon/host/time.h>
#include <carillon/manifest.h>
#include <carillon/plugin.h>
#include <carillon/sink.h>

#endif
