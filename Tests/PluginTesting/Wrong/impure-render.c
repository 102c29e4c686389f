/* The text counts how often it was asked. */
static char counted[32];
static int calls;
#define AT_MESSAGE \
  snprintf(counted, sizeof counted, "call %d", calls++); \
  message.text = str(counted);
#include "event_type.h"
