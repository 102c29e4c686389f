/* Falls over a schedule without a user. */
#define AT_NEXT \
  for (size_t i = 0; i < count; i++) \
    if (memmem(requests[i]->user_json.ptr, requests[i]->user_json.len, "\"id\"", 4) == NULL) abort();
#include "event_type.h"
