/* Answers FAILED for a definition that it does not like. */
#define AT_VALIDATE if (definition.len > 30) return CARILLON_FAILED;
#undef DEFINITION
#define DEFINITION \
  "{\"type\": \"object\", \"additionalProperties\": false, \"required\": [\"title\"], \"properties\": {\"title\": " \
  "{\"type\": \"string\", \"minLength\": 1, \"maxLength\": 100}, \"long\": {\"type\": \"string\", \"minLength\": 40}}}"
#include "event_type.h"
