/* Reads the first byte of a text that may be empty. */
#define AT_MESSAGE if (event->locale.ptr[0] == 'x') message.text = event->locale;
#include "event_type.h"
