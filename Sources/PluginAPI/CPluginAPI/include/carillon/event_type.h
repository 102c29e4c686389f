/* Carillon plugin ABI: event types, "carillon.event-type/1". An event type says when the
 * occurrences of a schedule are, in local time, and what each one says. It never does arithmetic
 * with time zones: it answers in civil time, and the host converts. */
#ifndef CARILLON_EVENT_TYPE_H
#define CARILLON_EVENT_TYPE_H

#include <carillon/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CARILLON_EVENT_TYPE_1 "carillon.event-type/1"

/* A user as JSON, as far as the manifest's `reads` allows; "{}" for a schedule without a user:
 *   {"id": "ada", "display_name": "Ada", "given_name": "Ada", "family_name": "L.", "nickname": "A",
 *    "locale": "en-GB", "time_zone": "Europe/London",
 *    "dates": {"birth": "1990-05-04" | "--05-04"}, "addresses": {"email": "..."}, "attributes": {...}}
 * "id" and "time_zone" are always there; the names are "names". */

/* Where a series stands: what `next` goes on from, so that a plugin keeps nothing between calls. */
#define CARILLON_CURSOR_START 1u /* nothing was given out yet: an occurrence at `civil` itself counts */
typedef struct carillon_cursor {
  uint32_t struct_size;
  uint32_t flags;
  carillon_civil civil; /* local time, in the schedule's zone, of the last occurrence or of the start */
  uint32_t reserved;
  int64_t instant_ns;   /* the same as nanoseconds since 1970-01-01T00:00:00Z */
  uint64_t ordinal;     /* how many occurrences were given out so far */
  carillon_str key;     /* key of the last occurrence; empty at the start */
} carillon_cursor;

/* One question of `next`: what comes after this, for that schedule? */
typedef struct carillon_next_request {
  uint32_t struct_size;
  uint32_t max;                /* how many occurrences are wanted at most, 1 or more */
  carillon_str definition_json; /* the schedule's definition, valid by the manifest's schema */
  carillon_str user_json;       /* the schedule's user, as above */
  carillon_str time_zone; /* IANA name of the zone the civil times are in */
  const carillon_cursor *after; /* answer what comes after this; never NULL */
} carillon_next_request;

/* One occurrence, as an event type answers it. */
#define CARILLON_OCCURRENCE_CIVIL 0   /* `civil` counts; the host finds the instant */
#define CARILLON_OCCURRENCE_INSTANT 1 /* `instant_ns` counts */
typedef struct carillon_occurrence {
  uint32_t struct_size;
  int32_t kind;         /* one of the two above: which of `civil` and `instant_ns` says when */
  carillon_civil civil; /* local time in the request's zone */
  uint32_t flags; /* zero */
  int64_t instant_ns; /* nanoseconds since 1970-01-01T00:00:00Z */
  uint64_t ordinal; /* 1 for the first of the series: one more than the cursor's for the first one after it */
  /* The plugin's name for this occurrence, unique in the series: 1 to 200 printable ASCII characters
   * without space. It stays the same when the zone or the hour changes, so that nothing is
   * celebrated twice: for a birthday the date celebrated, plus the lead. */
  carillon_str key;
} carillon_occurrence;

/* One event that is due: what `render` words, and what a sink's delivery is about. */
#define CARILLON_EVENT_TEST 1u /* sent as a test: its message's title begins with "[Test] " already */
typedef struct carillon_event {
  uint32_t struct_size;
  uint32_t flags; /* CARILLON_EVENT_TEST or zero */
  carillon_str id;         /* the same through every attempt */
  carillon_str namespace_; /* of the schedule: people and schedules of one namespace know none of another */
  carillon_str type;       /* the event type's name, "birthday" */
  carillon_str schedule_id;
  carillon_str occurrence_key; /* what `next` called the occurrence */
  carillon_str time_zone;  /* IANA name that `local` is in */
  carillon_str locale;     /* the user's, BCP 47; empty when there is none, or the manifest does not read it */
  carillon_str user_json;  /* as above */
  carillon_str definition_json; /* the schedule's, valid by the manifest's schema */
  carillon_str data_json;  /* reserved for a type's own data; "{}" */
  carillon_civil local;    /* when it is due, local time */
  uint32_t reserved;
  int64_t due_ns;          /* the same as nanoseconds since 1970-01-01T00:00:00Z */
  /* Since minor version 2. The words that the host chose for this event's locale and sink:
   * {"title": "...", "text": "...", "html": "..."}, Mustache, each part may be absent; empty when there are none. For
   * `render` of an event type whose manifest has "templates"; without meaning elsewhere. */
  carillon_str templates_json;
} carillon_event;

/* What an event says. Plain text always, HTML where it helps; each sink dresses it for its channel.
 * Text is not escaped for any channel; `html` is complete and safe HTML. */
typedef struct carillon_message {
  uint32_t struct_size;
  uint32_t flags; /* zero */
  carillon_str title;        /* one line */
  carillon_str text;         /* may have several lines */
  carillon_str html;         /* may be empty */
  carillon_str content_type; /* of `data`; empty when there is none */
  carillon_str data;         /* for machines, e.g. {"age": 26}; may be empty */
} carillon_message;

/* [the thread of the call, during the call] Takes one occurrence for request number `request`, from 0,
 * of those `next` was called with. Copies. Anything but CARILLON_OK: return from `next` at once, with CARILLON_OK. */
typedef carillon_status (*carillon_emit_occurrence)(void *context, size_t request, const carillon_occurrence *occurrence);

/* [the thread of the call, during the call] Takes the message of event number `event`, from 0, of those
 * `render` was called with. Copies. Anything but CARILLON_OK: return from `render` at once, with CARILLON_OK. */
typedef carillon_status (*carillon_emit_message)(void *context, size_t event, const carillon_message *message);

/* Calls on one instance do not overlap, unless `thread_model` is CARILLON_PARALLEL. All are made on
 * host threads with a time limit; a call may block. Every argument is borrowed for the call. */
typedef struct carillon_event_type_1 {
  uint32_t struct_size;
  uint32_t thread_model; /* CARILLON_SERIAL or CARILLON_PARALLEL */

  /* Makes an instance. `name` is the instance's, for messages. `config_json` is valid by the
   * manifest's schema. On an error nothing was made. */
  carillon_status (*create)(carillon_str name, carillon_str config_json, carillon_instance **instance,
                            carillon_error *error);

  /* Checks a definition beyond what its schema says. CARILLON_INVALID with one `violation` a fault. */
  carillon_status (*validate)(carillon_instance *instance, carillon_str definition_json, carillon_error *error);

  /* Emits, for each request, up to `max` occurrences after its cursor, in order. Fewer than `max`
   * (or none) means that the series has ended. At a start, a series that has but one occurrence may
   * give it though it is before the start: the host sends it late, unless it fell into a pause.
   * Pure: the same request gives the same answer, at any time, on any machine. An error refuses the
   * whole batch; the host then asks one by one. */
  carillon_status (*next)(carillon_instance *instance, const carillon_next_request *const *requests, size_t count,
                          carillon_emit_occurrence emit, void *context, carillon_error *error);

  /* Emits one message an event. An event without a message is an error of that event alone. Pure,
   * and independent of how late or how often the event is sent. */
  carillon_status (*render)(carillon_instance *instance, const carillon_event *const *events, size_t count,
                            carillon_emit_message emit, void *context, carillon_error *error);

  /* Ends an instance. Never overlaps another call on it. */
  void (*destroy)(carillon_instance *instance);
} carillon_event_type_1;

#ifdef __cplusplus
}
#endif
#endif
