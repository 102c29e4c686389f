/* What all files of the runner share: limits, exit codes, and short names for the messages of runner.proto. */
#ifndef RUNNER_H
#define RUNNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "generated/runner.pb-c.h"

/* How the runner ends. It ends at once, whatever the plugin's threads are doing. */
enum {
  EXIT_AGENT_GONE = 0,  /* the agent closed the connection */
  EXIT_NOT_STARTED = 64, /* it was not started by an agent: descriptor 3 is no socket */
  EXIT_MALFORMED = 65,  /* the agent sent what is too long or cannot be read */
  EXIT_NO_MEMORY = 71,  /* no memory, or no thread, for the runner's own work */
  EXIT_CONNECTION = 74, /* the connection failed, or descriptor 3 is not it any more */
};

/* The descriptors that the agent starts the runner with, beside 0, 1 and 2. */
enum { AGENT_SOCKET = 3, PLUGIN_FILE = 4 };

/* Limits on what passes the connection, in items or in bytes. */
enum {
  FRAME_BYTES = 16 * 1024 * 1024,    /* longest frame, both ways */
  UNPACKED_BYTES = 64 * 1024 * 1024, /* most memory that one frame may become */
  BATCH_ITEMS = 4096,                /* requests, events, messages, deliveries of a call */
  CANCEL_ITEMS = 65536,              /* tickets of one cancel */
  OPEN_TICKETS = 65536,              /* deliveries under way at once */
  INSTANCES = 1024,                  /* instances at once */
  WORKERS = 64,                      /* calls that run at once */
  WAITING_CALLS = 4096,              /* calls, and cancels, that wait for a thread */
  MANIFEST_BYTES = 256 * 1024,
  OCCURRENCES = 10000,                 /* occurrences of one request */
  REPLY_BYTES = FRAME_BYTES - 1024 * 1024, /* what is emitted in one call; the rest of the frame is for its faults */
  COMPLETE_BYTES = FRAME_BYTES / 2,    /* results that are sent together */
  ITEM_BYTES = 128,                    /* what an item takes in a frame beside its texts, at most */
  EMITTED_TEXT_BYTES = 1024 * 1024,    /* of a longer text so much is passed on: too much for the agent all the same */
};

/* Says why on standard error, as far as there is room, and ends the process. */
_Noreturn void die(int code, const char *why);

typedef Carillon__Runner__V1__ToRunner ToRunner;
typedef Carillon__Runner__V1__FromRunner FromRunner;
typedef Carillon__Runner__V1__Setup Setup;
typedef Carillon__Runner__V1__Loaded Loaded;
typedef Carillon__Runner__V1__Fault Fault;
typedef Carillon__Runner__V1__Violation Violation;
typedef Carillon__Runner__V1__Call Call;
typedef Carillon__Runner__V1__Reply Reply;
typedef Carillon__Runner__V1__Start Start;
typedef Carillon__Runner__V1__Tables Tables;
typedef Carillon__Runner__V1__Tables__Table Table;
typedef Carillon__Runner__V1__Create Create;
typedef Carillon__Runner__V1__Civil Civil;
typedef Carillon__Runner__V1__Next Next;
typedef Carillon__Runner__V1__Next__Request Request;
typedef Carillon__Runner__V1__Occurrence Occurrence;
typedef Carillon__Runner__V1__Render Render;
typedef Carillon__Runner__V1__Event Event;
typedef Carillon__Runner__V1__Message Message;
typedef Carillon__Runner__V1__Deliver Deliver;
typedef Carillon__Runner__V1__Deliver__Delivery Delivery;
typedef Carillon__Runner__V1__Cancel Cancel;
typedef Carillon__Runner__V1__Complete Complete;
typedef Carillon__Runner__V1__Complete__Result Result;
typedef Carillon__Runner__V1__Log Log;
typedef Carillon__Runner__V1__Ask Ask;
typedef Carillon__Runner__V1__Answer Answer;

/* Bits of `Event.same`: the field is that of the event before. */
enum {
  SAME_NAMESPACE = 1,
  SAME_TYPE = 2,
  SAME_TIME_ZONE = 4,
  SAME_LOCALE = 8,
  SAME_DEFINITION = 16,
  SAME_TEMPLATES = 32,
  SAME_USER = 64,
  SAME_ALL = 127,
};

#endif
