#define _GNU_SOURCE
#include "member.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

/* gzip, deflate, with extra fields; no time; no flags; Unix; 12 bytes of extra fields: "CA" with 8 bytes. */
static const uint8_t opening[16] = {0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 3, 12, 0, 'C', 'A', 8, 0};

static void put32(uint8_t *at, uint32_t value) {
  for (int i = 0; i < 4; i++) at[i] = (uint8_t)(value >> (8 * i));
}

static uint32_t get32(const uint8_t *at) {
  return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

bool member_write(const bytes *plain, uint32_t records, bytes *to) {
  z_stream stream = {0};
  if (plain->used > MEMBER_PLAIN_MOST) return false;
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK) return false;
  size_t room = deflateBound(&stream, plain->used) + MEMBER_HEADER_BYTES + MEMBER_TRAILER_BYTES;
  if (room > MEMBER_BYTES_MOST + 4096u || !bytes_reserve(to, room)) {
    deflateEnd(&stream);
    return false;
  }
  uint8_t *member = to->at + to->used;
  stream.next_in = plain->at;
  stream.avail_in = (uInt)plain->used;
  stream.next_out = member + MEMBER_HEADER_BYTES;
  stream.avail_out = (uInt)(room - MEMBER_HEADER_BYTES - MEMBER_TRAILER_BYTES);
  int status = deflate(&stream, Z_FINISH);
  size_t length = MEMBER_HEADER_BYTES + stream.total_out + MEMBER_TRAILER_BYTES;
  deflateEnd(&stream);
  if (status != Z_STREAM_END) return false;
  memcpy(member, opening, sizeof opening);
  put32(member + 16, (uint32_t)length);
  put32(member + 20, records);
  put32(member + length - 8, (uint32_t)crc32(0, plain->at, (uInt)plain->used));
  put32(member + length - 4, (uint32_t)plain->used);
  to->used += length;
  return true;
}

/* Reads what there is, at most `length` bytes; -1 with errno. */
static ssize_t read_at(int fd, uint8_t *to, size_t length, uint64_t offset) {
  size_t done = 0;
  while (done < length) {
    ssize_t count = pread(fd, to + done, length - done, (off_t)(offset + done));
    if (count == 0) break;
    if (count > 0) done += (size_t)count;
    else if (errno != EINTR) return -1;
  }
  return (ssize_t)done;
}

member_state member_measure(int fd, uint64_t offset, member_facts *facts) {
  uint8_t header[MEMBER_HEADER_BYTES], last;
  *facts = (member_facts){0};
  ssize_t count = read_at(fd, header, sizeof header, offset);
  if (count < 0) return MEMBER_UNREAD;
  if (count == 0) return MEMBER_NONE;
  size_t known = (size_t)count < sizeof opening ? (size_t)count : sizeof opening;
  if (memcmp(header, opening, known) != 0) return MEMBER_DAMAGED;
  if ((size_t)count < sizeof header) return MEMBER_TORN;
  uint32_t length = get32(header + 16);
  if (length <= MEMBER_HEADER_BYTES + MEMBER_TRAILER_BYTES || length > MEMBER_BYTES_MOST + 4096u) return MEMBER_DAMAGED;
  count = read_at(fd, &last, 1, offset + length - 1);
  if (count < 0) return MEMBER_UNREAD;
  if (count == 0) return MEMBER_TORN;
  *facts = (member_facts){.length = length, .records = get32(header + 20)};
  return MEMBER_WHOLE;
}

/* Whether `member` is what it says; its content is in `plain` then. */
static member_state unpack(const bytes *member, bytes *plain) {
  const uint8_t *trailer = member->at + member->used - MEMBER_TRAILER_BYTES;
  uint32_t size = get32(trailer + 4);
  if (size > MEMBER_PLAIN_MOST) return MEMBER_DAMAGED;
  plain->used = 0;
  if (!bytes_reserve(plain, (size_t)size + 1)) return MEMBER_UNREAD;
  z_stream stream = {0};
  if (inflateInit2(&stream, -15) != Z_OK) return MEMBER_UNREAD;
  stream.next_in = member->at + MEMBER_HEADER_BYTES;
  stream.avail_in = (uInt)(member->used - MEMBER_HEADER_BYTES - MEMBER_TRAILER_BYTES);
  stream.next_out = plain->at;
  stream.avail_out = size + 1; /* one more, so that too much is seen */
  int status = inflate(&stream, Z_FINISH);
  bool is_whole = status == Z_STREAM_END && stream.avail_in == 0 && stream.total_out == size;
  inflateEnd(&stream);
  if (!is_whole || (uint32_t)crc32(0, plain->at, size) != get32(trailer)) return MEMBER_DAMAGED;
  plain->used = size;
  return MEMBER_WHOLE;
}

member_state member_read(int fd, uint64_t offset, bytes *plain, member_facts *facts) {
  member_state state = member_measure(fd, offset, facts);
  if (state != MEMBER_WHOLE) return state;
  bytes member = {0};
  if (!bytes_reserve(&member, facts->length)) return MEMBER_UNREAD;
  ssize_t count = read_at(fd, member.at, facts->length, offset);
  if (count < 0) state = MEMBER_UNREAD;
  else if ((size_t)count < facts->length) state = MEMBER_TORN;
  member.used = facts->length;
  if (state == MEMBER_WHOLE) state = unpack(&member, plain);
  bytes_free(&member);
  return state;
}

int member_record(const bytes *plain, size_t *offset, const uint8_t **record, size_t *length) {
  size_t at = *offset;
  uint64_t value = 0;
  int shift = 0;
  if (at >= plain->used) return 0;
  for (;;) {
    if (at >= plain->used || shift > 28) return -1;
    uint8_t byte = plain->at[at++];
    value |= (uint64_t)(byte & 0x7f) << shift;
    if (byte < 0x80) break;
    shift += 7;
  }
  if (value > RECORD_BYTES_MOST || value > plain->used - at) return -1;
  *record = plain->at + at;
  *length = (size_t)value;
  *offset = at + (size_t)value;
  return 1;
}
