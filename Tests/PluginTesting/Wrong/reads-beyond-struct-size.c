/* Reads a field of the event that an older host does not have. */
#define AT_MESSAGE if (event->templates_json.len > 0) message.text = event->templates_json;
#include "event_type.h"
