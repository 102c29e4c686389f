/* One gzip member holds one batch of records. What follows it does not touch it, so a file that was cut is whole up to
 * its last whole member. A field of the gzip header (RFC 1952, "extra") tells how long the member is: what is torn off
 * is told from what is damaged, and a reader can step over a damaged one. */
#ifndef ARCHIVE_MEMBER_H
#define ARCHIVE_MEMBER_H

#include "bytes.h"

enum {
  RECORD_BYTES_MOST = 4 * 1024 * 1024,       /* one record */
  MEMBER_PLAIN_ENOUGH = 8 * 1024 * 1024,     /* a member with so much in it is ended */
  MEMBER_PLAIN_MOST = MEMBER_PLAIN_ENOUGH + RECORD_BYTES_MOST + 16,
  MEMBER_HEADER_BYTES = 24,
  MEMBER_TRAILER_BYTES = 8,
  MEMBER_BYTES_MOST = MEMBER_PLAIN_MOST + MEMBER_PLAIN_MOST / 64, /* what cannot be compressed grows a little */
};

typedef enum member_state {
  MEMBER_WHOLE,
  MEMBER_NONE,    /* the file ends here */
  MEMBER_TORN,    /* the file ends inside of it */
  MEMBER_DAMAGED, /* something else is written here */
  MEMBER_UNREAD,  /* the system gave an error, or no memory: see errno */
} member_state;

typedef struct member_facts {
  uint32_t length;  /* in the file; 0 when its header cannot be believed */
  uint32_t records;
} member_facts;

/* Appends `plain` as one member. False: no memory, or too much. */
bool member_write(const bytes *plain, uint32_t records, bytes *to);

/* What stands at `offset`, by its header alone and the file's length. */
member_state member_measure(int fd, uint64_t offset, member_facts *facts);

/* The same, with its content in `plain` (replaced), checked. */
member_state member_read(int fd, uint64_t offset, bytes *plain, member_facts *facts);

/* The next record of a member's content, from `*offset`, which goes on. 1: there is one; 0: the end; -1: none can be
 * read here. */
int member_record(const bytes *plain, size_t *offset, const uint8_t **record, size_t *length);

#endif
