/* Carillon plugin ABI: sinks, "carillon.sink/1". A sink takes rendered events somewhere: an HTTP
 * endpoint, a mail server, a chat channel. Delivery is asynchronous: `deliver` takes a batch and
 * returns; each ticket is completed later through CARILLON_HOST_DELIVERY_1, from any thread. */
#ifndef CARILLON_SINK_H
#define CARILLON_SINK_H

#include <carillon/base.h>
#include <carillon/event_type.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CARILLON_SINK_1 "carillon.sink/1"

/* One attempt to take one event to one address. */
typedef struct carillon_delivery {
  uint32_t struct_size;
  uint32_t attempt; /* 1 for the first */
  carillon_ticket ticket; /* names this attempt: hand it back to `complete` */
  /* The same on every attempt of this delivery, and different for every other one; no '.' in it.
   * Hand it to the other side, so that it can tell a repetition. */
  carillon_str idempotency_key;
  /* The address, resolved by the host: a user's own webhook, one channel. Empty when the instance's
   * configuration has the only one. */
  carillon_str endpoint;
  carillon_str carry;        /* what the last attempt's result asked to be given back; at most 16 KiB */
  int64_t deadline_ns;       /* CLOCK_MONOTONIC: complete by then */
  int64_t first_attempt_ns;  /* since 1970-01-01T00:00:00Z; when the first attempt began */
  int64_t late_ns;           /* how long after its due time this attempt began; never negative */
  const carillon_event *event;     /* what it is about; `user_json` has the id, the names and the locale */
  const carillon_message *message; /* what it says */
} carillon_delivery;

/* How an attempt ended. */
#define CARILLON_DELIVERED 1         /* the other side took it */
#define CARILLON_RETRY 2             /* may work later; uses up an attempt */
#define CARILLON_PERMANENT 3         /* will never work: to the dead letters. With a `code` that begins with
                                      * "endpoint-fault", the address seems to be wrong: several in a row, and the
                                      * host counts it as gone */
#define CARILLON_THROTTLED 4         /* refused for its rate: later, uses up no attempt */
#define CARILLON_CANCELLED 5         /* the host asked to cancel, and nothing was sent */
#define CARILLON_ENDPOINT_DISABLED 6 /* this address is gone for good: stop sending to it */
#define CARILLON_SINK_DISABLED 7     /* the whole sink is gone or its credentials are void */
#define CARILLON_UNKNOWN 8           /* sent, and no answer: it may have arrived */

typedef struct carillon_result {
  uint32_t struct_size;
  int32_t outcome;         /* one of the above; anything else counts as CARILLON_RETRY, and is logged */
  uint64_t retry_after_ms; /* the wait that the other side named; 0 when none */
  carillon_str code;       /* stable and short, e.g. "http-503"; at most 64 bytes are kept */
  carillon_str detail;     /* for people; at most 1,024 bytes are kept; never a secret */
  carillon_str receipt;    /* the other side's id for it; at most 256 bytes are kept */
  carillon_str carry;      /* given back with the next attempt; at most 16 KiB */
} carillon_result;

/* Calls on one instance do not overlap, unless `thread_model` is CARILLON_PARALLEL; `cancel` may
 * always overlap others. `destroy` never overlaps anything. Every argument is borrowed for the call:
 * what `deliver` needs later, it copies. */
typedef struct carillon_sink_1 {
  uint32_t struct_size;
  uint32_t thread_model; /* CARILLON_SERIAL or CARILLON_PARALLEL */

  /* Makes an instance; opens no connection. `config_json` is valid by the manifest's schema. `name` is
   * unique among the instances that there are: the sink's name, then '#' and a number, which is new
   * whenever the sink is changed or the plugin is exchanged. Give it to host functions as it is; for
   * what lasts longer, such as the name of a file, take what stands before the '#'. */
  carillon_status (*create)(carillon_str name, carillon_str config_json, carillon_instance **instance,
                            carillon_error *error);

  /* Makes ready: starts threads, resolves secrets. After an error the host may try again later. */
  carillon_status (*activate)(carillon_instance *instance, carillon_error *error);

  /* Takes `count` deliveries. CARILLON_OK: every ticket will be completed exactly once, whatever
   * happens, cancelled ones too, by its deadline. Any error: none was taken. CARILLON_BUSY: no room. */
  carillon_status (*deliver)(carillon_instance *instance, const carillon_delivery *const *deliveries, size_t count,
                             carillon_error *error);

  /* [any thread] Please give these up. Each is still completed: CANCELLED if nothing was sent,
   * otherwise as it ends. Unknown tickets are ignored. Must not block. */
  void (*cancel)(carillon_instance *instance, const carillon_ticket *tickets, size_t count);

  /* Waits until every ticket is completed, at most `timeout_ms`. CARILLON_FAILED when some are not. */
  carillon_status (*drain)(carillon_instance *instance, uint64_t timeout_ms);

  /* Undoes `activate`. Completes what is still open (as CANCELLED or UNKNOWN) before it returns. */
  void (*deactivate)(carillon_instance *instance);

  /* Frees the instance. It was deactivated before, if it was ever active. */
  void (*destroy)(carillon_instance *instance);
} carillon_sink_1;

#ifdef __cplusplus
}
#endif
#endif
