/* What an instance is configured to do. */
#ifndef ARCHIVE_CONFIG_H
#define ARCHIVE_CONFIG_H

#include "files.h"
#include "host.h"

/* Reads what the schema has passed. */
carillon_status config_read(carillon_str document, rules *, carillon_error *);

#endif
