/* An example of the schema breaks the schema. */
#define DEFINITION \
  "{\"type\": \"object\", \"additionalProperties\": false, \"required\": [\"title\"], \"properties\": {\"title\": " \
  "{\"type\": \"string\", \"minLength\": 1, \"maxLength\": 3, \"examples\": [\"Noon\", \"Six\"]}}}"
#include "event_type.h"
