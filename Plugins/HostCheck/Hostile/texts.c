#include "hostile.h"

#include <stdlib.h>

carillon_str str(const char *text) { return (carillon_str){text, strlen(text)}; }

carillon_str long_text(void) {
  static char *text;
  if (text == NULL) text = malloc(LONG_BYTES);
  if (text == NULL) return (carillon_str){NULL, 0};
  memset(text, 0xe2, LONG_BYTES);
  return (carillon_str){text, LONG_BYTES};
}

carillon_str odd_text(void) {
  static const char text[] = "a\xff\xfe\xc0\x80\0b\nlevel=critical msg=\"forged\"\r\x1b[2J\x1b]0;forged\x07\xe2\x80\xae\x9b";
  return (carillon_str){text, sizeof text - 1};
}
