/* Events and messages of the protocol as structures of the ABI. */
#ifndef EVENTS_H
#define EVENTS_H

#include <carillon/sink.h>

#include "arena.h"

/* Every event, with the texts that it shares with the one before it. */
carillon_event *events_read(Event *const *events, size_t count, arena *arena);

/* Every message. */
carillon_message *messages_read(Message *const *messages, size_t count, arena *arena);

#endif
