/* A text ends in the middle of a character. */
#define AT_MESSAGE message.text = str("gr\xc3");
#include "event_type.h"
