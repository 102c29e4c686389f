/* Text that grows, with a NUL at its end. */
#ifndef EXEC_TEXT_H
#define EXEC_TEXT_H

#include <carillon/base.h>
#include <stdbool.h>

typedef struct text {
  char *at; /* NULL: nothing yet */
  size_t length, size;
  bool has_failed; /* there was no memory; what is there is not whole */
} text;

void text_add(text *, const char *bytes, size_t length);
void text_add_str(text *, carillon_str);
void text_print(text *, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_free(text *);

#endif
