/* A plugin that breaks rules, one of them in each run: what the orders say. Deliveries are attacked on their first attempt
 * only, so that it can be seen that they come again, with the same key. */
#ifndef HOSTILE_H
#define HOSTILE_H

#include <carillon/carillon.h>
#include <stdbool.h>
#include <string.h>

/* Larger than any text that an agent should keep of a plugin. */
#define LONG_BYTES (10u << 20)

/* ---- orders.c: what this copy is to do, and how it tells what became of it. ---- */

/* Whether the orders name this case. */
bool ordered(const char *word);
/* The next of the random numbers that come from the seed. */
uint64_t draw(void);
/* Fills memory with random bytes from the seed. */
void draw_bytes(void *place, size_t count);
/* Appends a line to the check's file: opened anew each time, because descriptors may be gone. */
__attribute__((format(printf, 1, 2))) void tell(const char *format, ...);

/* ---- entry.c ---- */

extern const carillon_host *host;
extern const carillon_host_delivery_1 *delivery_host;

/* ---- texts.c ---- */

carillon_str str(const char *text);
/* 10 MB that are no UTF-8; NULL, 0 when there is no memory. */
carillon_str long_text(void);
/* Malformed UTF-8, NULs, line breaks and a terminal's escape codes. */
carillon_str odd_text(void);

/* ---- attacks: each ends with a `word` of NULL. ---- */

/* An attack in `deliver`. False: it goes on as a good sink would. True: the ticket, and the answer, are the attack's. */
typedef struct attack {
  const char *word;
  bool (*body)(const carillon_delivery *delivery, carillon_status *answer, carillon_error *error);
} attack;

extern const attack ticket_attacks[];  /* tickets.c: completions */
extern const attack result_attacks[];  /* results.c: what a result says */
extern const attack host_attacks[];    /* host_calls.c: the host's interfaces */
extern const attack more_host_attacks[]; /* host_more.c: the same, of secrets, metrics, time and JSON */
extern const attack crash_attacks[];   /* crashes.c: ends of the process */
extern const attack system_attacks[];  /* system.c: descriptors, processes, memory, signals */

/* Completes a ticket once; answers what the host does. */
carillon_status complete(carillon_ticket ticket, const carillon_result *result);
/* A result with this outcome and nothing else. */
carillon_result outcome(int32_t value);

/* ---- lives.c: attacks outside of `deliver` ---- */

void attack_at_load(void);
carillon_status attack_at_start(carillon_error *error);
/* True: *answer is what `create` answers, without an instance. */
bool attack_at_create(carillon_status *answer, carillon_error *error);
/* True: *answer is what `activate` answers. */
bool attack_at_activate(carillon_status *answer, carillon_error *error);
/* Blocks for ever, or ends the process, when the orders name `what` and one of these: "drain-blocks", "stop-crashes". */
void attack_at_end(const char *what);
/* Blocks for ever. */
void block(void);

extern const carillon_sink_1 sink;
extern const carillon_event_type_1 event_type;

#endif
