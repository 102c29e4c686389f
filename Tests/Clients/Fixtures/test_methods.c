/* Every method of every service: run.py wrote a request in which every field says something; what is answered is written
 * beside it, and run.py compares both ends. */
#include "check.h"
#include "message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static carillon_client *client;

/* FOLDER/carillon.v1.Queues.GetQueue.request */
static FILE *file_of(const carillon_method *method, const char *kind, const char *mode)
{
  char path[512];
  int length = snprintf(path, sizeof path, "%s/", getenv("FOLDER"));
  snprintf(path + length, sizeof path - (size_t)length, "%s.%s", method->path + 1, kind);
  char *slash = strrchr(path, '/');
  if (slash > path + length) *slash = '.';
  return fopen(path, mode);
}

static uint8_t request_bytes[1 << 20];

/* How many of `request_bytes` are a request of the method. */
static size_t read_request(const carillon_method *method)
{
  FILE *file = file_of(method, "request", "rb");
  if (!EXPECT(file != NULL)) return 0;
  size_t length = fread(request_bytes, 1, sizeof request_bytes, file);
  fclose(file);
  return length;
}

static void *request_of(const carillon_method *method)
{
  size_t length = read_request(method);
  return protobuf_c_message_unpack(method->request, NULL, length, request_bytes);
}

static uint32_t random_number(void)
{
  static uint32_t state = 2463534242u; /* Marsaglia, "Xorshift RNGs": the same numbers in every run */
  state ^= state << 13;
  state ^= state >> 17;
  return state ^= state << 5;
}

/* Spoilt messages are refused or parsed, and nothing else: what the sanitizers and valgrind look at. */
static void spoil(const carillon_method *method)
{
  static uint8_t spoilt[sizeof request_bytes];
  size_t length = read_request(method);
  for (int at = 0; at < times(400) && length > 0; at++) {
    memcpy(spoilt, request_bytes, length);
    for (uint32_t count = random_number() % 4 + 1; count > 0; count--)
      spoilt[random_number() % length] = (uint8_t)random_number();
    size_t cut = random_number() % 4 == 0 ? random_number() % length : length;
    carillon_message_free(message_parse(method->request, spoilt, cut));
  }
}

static void keep(const carillon_method *method, ProtobufCMessage *response)
{
  if (!expect(response != NULL, method->path, __FILE__, __LINE__)) return;
  size_t size = protobuf_c_message_get_packed_size(response);
  uint8_t *bytes = malloc(size + 1);
  protobuf_c_message_pack(response, bytes);
  FILE *file = file_of(method, "response", "wb");
  EXPECT(file != NULL && fwrite(bytes, 1, size, file) == size && fclose(file) == 0);
  free(bytes);
  carillon_message_free(response);
}

static void tell(const carillon_method *method, carillon_failure *failure)
{
  if (failure != NULL) printf("  %s: %s\n", method->path, failure->message);
  carillon_failure_free(failure);
}

/* Reads two answers and an end without a failure. */
#define READ_TWO(name, Answer) \
  for (int at = 0; at < 2; at++) { \
    Answer *response; \
    EXPECT(name##_next(stream, 20000, &response, &failure) == CARILLON_NEXT_MESSAGE); \
    keep(&name##_method, (ProtobufCMessage *)response); \
    tell(&name##_method, failure); \
  } \
  Answer *last; \
  EXPECT(name##_next(stream, 20000, &last, &failure) == CARILLON_NEXT_END && failure == NULL); \
  tell(&name##_method, failure); \
  carillon_stream_close(stream);

#define UNARY(name, Ask, ask, Answer) \
  static void try_##name(void) \
  { \
    Ask *request = request_of(&name##_method); \
    REQUIRE(request != NULL); \
    Answer *response; \
    carillon_failure *failure; \
    EXPECT(name(client, request, 0, &response, &failure) == CARILLON_CODE_OK); \
    keep(&name##_method, (ProtobufCMessage *)response); \
    tell(&name##_method, failure); \
    carillon_message_free((ProtobufCMessage *)request); \
  }
#define WATCH(name, Ask, ask, Answer) \
  static void try_##name(void) \
  { \
    Ask *request = request_of(&name##_method); \
    REQUIRE(request != NULL); \
    carillon_stream *stream; \
    carillon_failure *failure; \
    EXPECT(name(client, request, &stream, &failure) == CARILLON_CODE_OK); \
    carillon_message_free((ProtobufCMessage *)request); \
    READ_TWO(name, Answer) \
  }
#define BOTH(name, Ask, ask, Answer) \
  static void try_##name(void) \
  { \
    Ask *request = request_of(&name##_method); \
    REQUIRE(request != NULL); \
    carillon_stream *stream; \
    carillon_failure *failure; \
    EXPECT(name(client, &stream, &failure) == CARILLON_CODE_OK); \
    EXPECT(name##_send(stream, request, 20000, &failure) == CARILLON_CODE_OK); \
    EXPECT(carillon_stream_finish(stream, 20000, &failure) == CARILLON_CODE_OK); \
    carillon_message_free((ProtobufCMessage *)request); \
    READ_TWO(name, Answer) \
  }
#include <carillon/methods.inc>
#undef UNARY
#undef WATCH
#undef BOTH

void test_every_method(void)
{
  static void (*const tries[])(void) = {
#define UNARY(name, Ask, ask, Answer) try_##name,
#define WATCH UNARY
#define BOTH UNARY
#include <carillon/methods.inc>
  };
  size_t count;
  const carillon_method *const *methods = carillon_methods(&count);
  EXPECT(count == sizeof tries / sizeof tries[0]);
  for (size_t at = 0; at < count; at++) EXPECT(methods[at]->path[0] == '/');
  client = client_of("ECHO", "client");
  for (size_t at = 0; at < count; at++) {
    tries[at]();
    spoil(methods[at]);
  }
  carillon_client_free(client);
}
