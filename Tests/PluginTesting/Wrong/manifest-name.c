/* The name has a capital letter. */
#define MANIFEST \
  "{\"id\": \"org.example.noon\", \"name\": \"Noon\", \"version\": \"1.0.0\", \"provides\": [\"carillon.event-type/1\"]}"
#include "event_type.h"
