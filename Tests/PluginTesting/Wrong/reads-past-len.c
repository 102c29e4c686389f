/* Uses strlen on a text that has no NUL. */
#define AT_DELIVERY \
  if (deliveries[i]->message->title.len > 0) instance->kept_length += strlen(deliveries[i]->message->title.ptr);
#include "sink.h"
