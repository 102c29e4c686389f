#define _GNU_SOURCE
#include "wire.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>

enum { LENGTH_BYTES = 4, BUFFER_BYTES = 64 * 1024, CHECK_SECONDS = 1 };

static struct {
  dev_t device;
  ino_t inode;
} connection;

/* What was read: `start` to `end` is not taken yet. */
static struct {
  uint8_t *bytes;
  size_t size, start, end;
} input;

static pthread_mutex_t sending = PTHREAD_MUTEX_INITIALIZER;

bool wire_open(void) {
  struct stat status;
  int type = 0;
  socklen_t length = sizeof type;
  if (fstat(AGENT_SOCKET, &status) != 0 || !S_ISSOCK(status.st_mode)) return false;
  if (getsockopt(AGENT_SOCKET, SOL_SOCKET, SO_TYPE, &type, &length) != 0 || type != SOCK_STREAM) return false;
  connection.device = status.st_dev;
  connection.inode = status.st_ino;
  /* A read that waits does not notice that a plugin closed the descriptor: it looks again from time to time. */
  struct timeval wait = {.tv_sec = CHECK_SECONDS};
  return setsockopt(AGENT_SOCKET, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) == 0;
}

/* A plugin may close the descriptor, and open something else that gets its number. */
static void check_connection(void) {
  struct stat status;
  if (fstat(AGENT_SOCKET, &status) != 0 || status.st_dev != connection.device || status.st_ino != connection.inode) {
    die(EXIT_CONNECTION, "descriptor 3 is not the connection to the agent any more");
  }
}

/* After a call that would have had to wait: a plugin may have made the socket one that does not. */
static void wait_for(short events) {
  check_connection();
  struct pollfd file = {.fd = AGENT_SOCKET, .events = events};
  poll(&file, 1, CHECK_SECONDS * 1000);
}

static bool is_wait(int error) { return error == EAGAIN || error == EWOULDBLOCK; }

/* Makes room for `count` bytes from `start` on. */
static void make_room(size_t count) {
  if (input.size - input.start >= count) return;
  memmove(input.bytes, input.bytes + input.start, input.end - input.start);
  input.end -= input.start;
  input.start = 0;
  if (input.size >= count) return;
  uint8_t *more = malloc(count);
  if (more == NULL) die(EXIT_NO_MEMORY, "out of memory");
  memcpy(more, input.bytes, input.end);
  explicit_bzero(input.bytes, input.size); /* the beginning of a secret, perhaps */
  free(input.bytes);
  input.bytes = more;
  input.size = count;
}

/* Reads until `count` bytes are there. */
static void fill(size_t count) {
  make_room(count);
  while (input.end - input.start < count) {
    ssize_t got = recv(AGENT_SOCKET, input.bytes + input.end, input.size - input.end, 0);
    if (got > 0) {
      input.end += (size_t)got;
    } else if (got == 0) {
      bool isWhole = input.start == input.end && count == LENGTH_BYTES;
      die(isWhole ? EXIT_AGENT_GONE : EXIT_CONNECTION, isWhole ? NULL : "the connection ended within a frame");
    } else if (is_wait(errno)) {
      wait_for(POLLIN);
    } else if (errno != EINTR) {
      die(EXIT_CONNECTION, "the connection cannot be read");
    }
  }
}

static uint32_t length_at(const uint8_t *bytes) {
  return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/* A buffer that a long frame made large is not kept. */
static void shrink(void) {
  if (input.start < input.end) return;
  input.start = input.end = 0;
  if (input.size == BUFFER_BYTES) return;
  free(input.bytes);
  input.bytes = malloc(BUFFER_BYTES);
  if (input.bytes == NULL) die(EXIT_NO_MEMORY, "out of memory");
  input.size = BUFFER_BYTES;
}

const uint8_t *wire_read(size_t *length) {
  shrink();
  fill(LENGTH_BYTES);
  size_t count = length_at(input.bytes + input.start);
  if (count > FRAME_BYTES) die(EXIT_MALFORMED, "the agent sent a frame that is too long");
  input.start += LENGTH_BYTES;
  fill(count);
  const uint8_t *frame = input.bytes + input.start;
  input.start += count;
  *length = count;
  return frame;
}

void wire_wipe(void) {
  explicit_bzero(input.bytes, input.start);
  explicit_bzero(input.bytes + input.end, input.size - input.end);
}

static void send_all(const uint8_t *bytes, size_t count) {
  check_connection();
  while (count > 0) {
    ssize_t sent = send(AGENT_SOCKET, bytes, count, MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes += sent;
      count -= (size_t)sent;
    } else if (is_wait(errno)) {
      wait_for(POLLOUT);
    } else if (errno != EINTR) {
      die(EXIT_CONNECTION, "the connection cannot be written");
    }
  }
}

void wire_send(arena *arena, const FromRunner *message) {
  size_t length = protobuf_c_message_get_packed_size(&message->base);
  if (length > FRAME_BYTES) die(EXIT_MALFORMED, "a frame for the agent is too long");
  uint8_t *frame = arena_need(arena, LENGTH_BYTES + length);
  for (int byte = 0; byte < LENGTH_BYTES; byte++) frame[byte] = (uint8_t)(length >> (8 * byte));
  protobuf_c_message_pack(&message->base, frame + LENGTH_BYTES);
  pthread_mutex_lock(&sending);
  send_all(frame, LENGTH_BYTES + length);
  pthread_mutex_unlock(&sending);
}
