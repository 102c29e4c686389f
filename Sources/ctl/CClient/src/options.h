/* Checks what a client is asked to be. */
#ifndef CARILLON_SRC_OPTIONS_H
#define CARILLON_SRC_OPTIONS_H

#include <carillon/client.h>

#include "address.h"

/* Copies the options that the caller knows of, with defaults in place of zeros; an option at fault is named. */
carillon_code options_check(const carillon_client_options *given, carillon_client_options *options, address *target,
                            carillon_failure **failure);

#endif
