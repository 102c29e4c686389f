/* Where an agent is, from text. Pure. */
#ifndef CARILLON_SRC_ADDRESS_H
#define CARILLON_SRC_ADDRESS_H

#include <stdbool.h>

#include "bounds.h"

typedef struct address {
  bool is_socket;   /* a Unix socket */
  bool is_loopback; /* 127.0.0.1, ::1 or localhost by name */
  char target[NAME_MAX_BYTES + 32]; /* as gRPC has it */
} address;

/* NULL when the text is an address, else what is wrong with it; static. */
const char *address_parse(const char *text, address *result);

#endif
