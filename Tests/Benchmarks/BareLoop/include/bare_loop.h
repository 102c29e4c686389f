/* What stands beside a sink: libcurl's multi interface and epoll, nothing else. It signs nothing, parses nothing,
 * records nothing; so it is what the machine and the library can do at most. */
#ifndef BARE_LOOP_H
#define BARE_LOOP_H

#include <stddef.h>
#include <stdint.h>

typedef struct bare_loop_run {
  const char *url;
  const char *body;
  size_t body_bytes;
  const char *const *headers; /* "Name: value" */
  size_t header_count;
  uint32_t requests;
  uint32_t in_flight;   /* requests at a time, each with a connection of its own */
  uint32_t timeout_ms;  /* for the whole run */
  /* Answers. */
  double seconds;       /* from the first request to the last answer */
  uint32_t succeeded;   /* answered with 2xx */
  char error[256];      /* why it stopped early; empty when it did not */
} bare_loop_run;

/* Sends all requests, each with a `webhook-id` of its own. Blocks. Answers 0, or -1 with `error`. */
int bare_loop(bare_loop_run *run);

#endif
