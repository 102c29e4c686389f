/* archive-cat FILE…: prints the records of archives as lines of JSON. It ends with 1 when something of a file could not
 * be read, which it says; what can be read it prints all the same. */
#define _GNU_SOURCE
#include "archive.pb-c.h"
#include "member.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef Carillon__Example__Archive__Record record_t;

static void print_string(ProtobufCBinaryData text) {
  putchar('"');
  for (size_t i = 0; i < text.len; i++) {
    uint8_t byte = text.data[i];
    if (byte == '"' || byte == '\\') printf("\\%c", byte);
    else if (byte == '\n') fputs("\\n", stdout);
    else if (byte < 0x20 || byte == 0x7f) printf("\\u%04x", byte);
    else putchar(byte);
  }
  putchar('"');
}

static void print_text(const char *name, ProtobufCBinaryData text) {
  printf(",\"%s\":", name);
  print_string(text);
}

static void print_facts(const record_t *record) {
  print_text("event_id", record->event_id);
  print_text("namespace", record->namespace_);
  print_text("type", record->type);
  print_text("schedule", record->schedule);
  print_text("occurrence_key", record->occurrence_key);
  print_text("user_id", record->user_id);
  print_text("endpoint", record->endpoint);
  printf(",\"due_ns\":%" PRId64 ",\"late_ns\":%" PRId64, record->due_ns, record->late_ns);
  printf(",\"first_attempt_ns\":%" PRId64 ",\"archived_ns\":%" PRId64, record->first_attempt_ns, record->archived_ns);
  printf(",\"attempt\":%" PRIu32 ",\"test\":%s", record->attempt, record->test ? "true" : "false");
  print_text("local", record->local);
  printf(",\"fold\":%" PRIu32, record->fold);
  print_text("time_zone", record->time_zone);
  print_text("locale", record->locale);
}

static void print_message(const Carillon__Example__Archive__Message *message) {
  if (message == NULL) return;
  print_text("title", message->title);
  print_text("text", message->text);
  print_text("html", message->html);
  print_text("content_type", message->content_type);
  print_text("data", message->data);
}

static bool print_record(const uint8_t *from, size_t length) {
  record_t *record = carillon__example__archive__record__unpack(NULL, length, from);
  if (record == NULL) return false;
  fputs("{\"idempotency_key\":", stdout);
  print_string(record->idempotency_key);
  print_facts(record);
  print_message(record->message);
  puts("}");
  carillon__example__archive__record__free_unpacked(record, NULL);
  return true;
}

static bool print_member(const bytes *plain) {
  size_t offset = 0, length;
  const uint8_t *record;
  int state;
  while ((state = member_record(plain, &offset, &record, &length)) == 1)
    if (!print_record(record, length)) return false;
  return state == 0;
}

static const char *words(member_state state) {
  switch (state) {
  case MEMBER_TORN: return "the file ends in the middle of a batch";
  case MEMBER_UNREAD: return strerror(errno);
  default: return "a batch is damaged";
  }
}

/* False: not all of it could be read. */
static bool print_file(const char *path, bytes *plain) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  bool is_whole = fd >= 0;
  if (!is_whole) fprintf(stderr, "archive-cat: %s: %s\n", path, strerror(errno));
  for (uint64_t offset = 0; fd >= 0;) {
    member_facts facts;
    member_state state = member_read(fd, offset, plain, &facts);
    if (state == MEMBER_NONE) break;
    if (state == MEMBER_WHOLE && !print_member(plain)) state = MEMBER_DAMAGED;
    if (state != MEMBER_WHOLE) {
      is_whole = false;
      fprintf(stderr, "archive-cat: %s: at byte %" PRIu64 ": %s\n", path, offset, words(state));
    }
    /* A damaged batch whose length can be believed is stepped over. */
    if (facts.length == 0 || state == MEMBER_TORN || state == MEMBER_UNREAD) break;
    offset += facts.length;
  }
  if (fd >= 0) close(fd);
  return is_whole;
}

int main(int count, char **paths) {
  bytes plain = {0};
  int status = 0;
  if (count < 2) {
    fputs("usage: archive-cat FILE…\n", stderr);
    return 2;
  }
  for (int i = 1; i < count; i++)
    if (!print_file(paths[i], &plain)) status = 1;
  bytes_free(&plain);
  if (fflush(stdout) != 0 || ferror(stdout)) {
    fprintf(stderr, "archive-cat: %s\n", strerror(errno));
    return 1;
  }
  return status;
}
