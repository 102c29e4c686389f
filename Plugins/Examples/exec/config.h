/* What an instance is configured to do. */
#ifndef EXEC_CONFIG_H
#define EXEC_CONFIG_H

#include "host.h"
#include <stdbool.h>

enum { WORDS_MOST = 64, VARIABLES_MOST = 64, CHILDREN_MOST = 64 };

typedef struct config {
  char *words[WORDS_MOST + 1];         /* the command and its arguments, NULL at the end */
  char *variables[VARIABLES_MOST + 1]; /* "NAME=value", NULL at the end */
  size_t variable_count;
  char *directory; /* where commands run */
  bool is_json;    /* what stdin gets */
  uint32_t children_most;
  int64_t limit_ns; /* of one command */
} config;

/* Reads what the schema has passed. On an error there is nothing to free. */
carillon_status config_read(carillon_str document, config *, carillon_error *);

void config_free(config *);

#endif
