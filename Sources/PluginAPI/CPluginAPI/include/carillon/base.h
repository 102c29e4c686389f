/* Carillon plugin ABI: values that every other header uses.
 *
 * Everything here is plain C11 and valid C++17. Integers have fixed widths, no type is a C enum,
 * and no structure has hidden padding. Structures that may grow begin with `struct_size`; they only
 * ever grow at the end, each side reads the smaller of the two sizes, and takes the rest as zero. */
#ifndef CARILLON_BASE_H
#define CARILLON_BASE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this ABI. While the major version is 0 it is not frozen: a host loads only plugins
 * whose major version equals its own. The minor version counts additions, and any minor loads. */
#define CARILLON_ABI_MAJOR 0u
#define CARILLON_ABI_MINOR 4u

/* Whether a structure that the other side filled has a field: not when that side is older. For fields that
 * a comment marks with the minor version since which they are there:
 *   if (CARILLON_HAS(carillon_event, event, templates_json)) use(event->templates_json); */
#define CARILLON_HAS(type, pointer, field) \
  ((pointer)->struct_size >= offsetof(type, field) + sizeof((pointer)->field))

/* A borrowed run of UTF-8 bytes, not NUL-terminated. {NULL, 0} is the empty string.
 * Lives as long as the call that it was passed to, unless a comment says otherwise. */
typedef struct carillon_str {
  const char *ptr;
  size_t len;
} carillon_str;

/* What a call answers. Values a reader does not know count as CARILLON_FAILED. */
typedef int32_t carillon_status;
#define CARILLON_OK 0           /* done */
#define CARILLON_INVALID 1      /* an argument, a definition or a configuration is wrong; trying again cannot help */
#define CARILLON_FAILED 2       /* it went wrong; trying again later may help */
#define CARILLON_UNSUPPORTED 3  /* the other side does not know this */
#define CARILLON_STALE 4        /* a ticket that was completed before, or was never given out */
#define CARILLON_BUSY 5         /* no room now; nothing was taken */
#define CARILLON_NOT_FOUND 6    /* a named thing does not exist */
#define CARILLON_DENIED 7       /* the caller may not have this */
#define CARILLON_STOP 8         /* an emit callback's answer: give no more, return at once */

/* Names one delivery while it is under way: slot and generation, opaque to the plugin. Never 0. */
typedef uint64_t carillon_ticket;

/* The plugin's own object, one for each configured instance. Opaque to the host. */
typedef struct carillon_instance carillon_instance;

/* The host's collector of one call's errors. Opaque to the plugin; lives for that call. */
typedef struct carillon_error carillon_error;

/* A local date and time with no zone, proleptic Gregorian. `fold` is 1 for the second of two equal
 * local times when clocks go back (as in PEP 495), else 0. `reserved` is zero. */
typedef struct carillon_civil {
  int32_t year;
  uint8_t month;  /* 1 to 12 */
  uint8_t day;    /* 1 to 31 */
  uint8_t hour;   /* 0 to 23 */
  uint8_t minute; /* 0 to 59 */
  uint8_t second; /* 0 to 59: leap seconds do not occur here */
  uint8_t fold;
  uint8_t reserved[2];
} carillon_civil;

/* Thread models of an interface, as asked for in its `thread_model`. */
#define CARILLON_SERIAL 0u   /* the host makes one call at a time on an instance */
#define CARILLON_PARALLEL 1u /* calls on one instance may overlap, on several threads */

#ifdef __cplusplus
}
#endif
#endif
