/* Carillon plugin ABI: JSON, for plugins that have no parser of their own. Values are named by JSON
 * Pointers (RFC 6901): "" is the whole document, "/dates/birth" a member of a member, "/days/0" the
 * first item of a list; in a name "~1" stands for "/" and "~0" for "~".
 *
 * A document has at most 256 KiB, and members whose names differ. Of two calls about the same document,
 * one after the other, only the first one parses it. Since minor version 3. */
#ifndef CARILLON_HOST_JSON_H
#define CARILLON_HOST_JSON_H

#include <carillon/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CARILLON_HOST_JSON_1 "carillon.host.json/1"

/* Kinds of values. */
#define CARILLON_JSON_NULL 1
#define CARILLON_JSON_BOOL 2
#define CARILLON_JSON_INTEGER 3 /* written without fraction and exponent, and fits 64 bits */
#define CARILLON_JSON_NUMBER 4  /* any other number */
#define CARILLON_JSON_STRING 5
#define CARILLON_JSON_ARRAY 6
#define CARILLON_JSON_OBJECT 7

/* What a value is. The caller sets `struct_size`; the rest is the host's to fill. */
typedef struct carillon_json {
  uint32_t struct_size;
  int32_t kind;
  int64_t integer; /* of an INTEGER, and 0 or 1 of a BOOL */
  double number;   /* of an INTEGER, as near as a double can be, and of a NUMBER */
  uint64_t count;  /* bytes of a STRING, items of an ARRAY, members of an OBJECT */
} carillon_json;

/* [the thread of the call, during the call] Takes a text; copies what it keeps. */
typedef void (*carillon_take_text)(void *context, carillon_str text);

/* Of every function: CARILLON_INVALID when the document is no JSON or the pointer none, in which case
 * `error` (which may be NULL) says where; CARILLON_NOT_FOUND when nothing is there. */
typedef struct carillon_host_json_1 {
  uint32_t struct_size;
  uint32_t reserved;
  void *context;

  /* [any thread] What stands at `pointer`. */
  carillon_status (*get)(void *context, carillon_str document, carillon_str pointer, carillon_json *value,
                         carillon_error *error);

  /* [any thread] Calls `take` once with the string at `pointer`, its escapes resolved; with any other
   * value as compact JSON, such as {"a":1}. */
  carillon_status (*text)(void *context, carillon_str document, carillon_str pointer, carillon_take_text take,
                          void *take_context, carillon_error *error);

  /* [any thread] Calls `take` once with the name of member number `index`, from 0, of the object at
   * `pointer`, in the document's order. */
  carillon_status (*name)(void *context, carillon_str document, carillon_str pointer, uint64_t index,
                          carillon_take_text take, void *take_context, carillon_error *error);

  /* [any thread] Calls `take` once with `text` as a JSON string, quoted and escaped, for those who
   * write JSON. CARILLON_INVALID when it is no UTF-8 or longer than 256 KiB. */
  carillon_status (*quote)(void *context, carillon_str text, carillon_take_text take, void *take_context);
} carillon_host_json_1;

#ifdef __cplusplus
}
#endif
#endif
