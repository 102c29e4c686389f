/* What a command is told about its delivery: its environment, and its standard input. */
#ifndef EXEC_FACTS_H
#define EXEC_FACTS_H

#include "config.h"
#include "text.h"

/* The most bytes of one variable's value; more is cut off. */
enum { VALUE_BYTES_MOST = 4096, FACTS_MOST = 16 };

typedef struct facts {
  text environment; /* "NAME=value" with its NUL, one after the other; the configured ones are not among them */
  size_t variable_count;
  text input;
} facts;

/* Copies what is needed of a delivery. False: no memory. */
bool facts_of(const carillon_delivery *, const config *, facts *);

void facts_free(facts *);

#endif
