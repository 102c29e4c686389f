/* The manifest is no JSON: a comma too many. */
#define MANIFEST "{\"id\": \"org.example.noon\",}"
#include "event_type.h"
