/* A title has 2,000 bytes. */
#define AT_MESSAGE \
  static char title[2000]; \
  memset(title, 'x', sizeof title); \
  message.title = (carillon_str){title, sizeof title};
#include "event_type.h"
