/* libpq for Swift. pkg-config's `libpq` says where its headers are (Debian: /usr/include/postgresql). */
#ifndef CPOSTGRESQL_SHIM_H
#define CPOSTGRESQL_SHIM_H

#include <libpq-fe.h>

#endif
