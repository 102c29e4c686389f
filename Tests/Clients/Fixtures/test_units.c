/* What has no connection: addresses, nesting, names. */
#include "address.h"
#include "bounds.h"
#include "check.h"
#include "depth.h"

#include <string.h>

static void addresses(void)
{
  static const struct {
    const char *text, *target; /* NULL: refused */
    bool is_socket, is_loopback;
  } rows[] = {
      {"localhost:7443", "dns:///localhost:7443", false, true},
      {"127.0.0.1:1", "ipv4:127.0.0.1:1", false, true},
      {"[::1]:65535", "ipv6:[::1]:65535", false, true},
      {"agent-1.example.org:443", "dns:///agent-1.example.org:443", false, false},
      {"127.0.0.1.example.org:443", "dns:///127.0.0.1.example.org:443", false, false},
      {"unix:/run/carillon/agent.sock", "unix:/run/carillon/agent.sock", true, false},
      {"unix:agent.sock", NULL, false, false},
      {"unix:", NULL, false, false},
      {"localhost", NULL, false, false},
      {"localhost:", NULL, false, false},
      {"localhost:0", NULL, false, false},
      {"localhost:65536", NULL, false, false},
      {"localhost:+1", NULL, false, false},
      {"localhost:1 ", NULL, false, false},
      {":1", NULL, false, false},
      {"::1:443", NULL, false, false},
      {"[::1:443", NULL, false, false},
      {"[]:443", NULL, false, false},
      {"xds:///agent:443", NULL, false, false},
      {"a/b:443", NULL, false, false},
      {"", NULL, false, false},
      {NULL, NULL, false, false},
  };
  for (size_t at = 0; at < sizeof rows / sizeof rows[0]; at++) {
    address result;
    const char *fault = address_parse(rows[at].text, &result);
    EXPECT((fault == NULL) == (rows[at].target != NULL));
    if (fault != NULL || rows[at].target == NULL) continue;
    EXPECT(strcmp(result.target, rows[at].target) == 0);
    EXPECT(result.is_socket == rows[at].is_socket && result.is_loopback == rows[at].is_loopback);
  }
  address result;
  char path[SOCKET_PATH_MAX_BYTES + 8] = "unix:/";
  memset(path + 6, 'p', SOCKET_PATH_MAX_BYTES - 1);
  EXPECT(address_parse(path, &result) == NULL);
  strcat(path, "p");
  EXPECT(address_parse(path, &result) != NULL);
}

static bool is_bounded(const char *bytes, size_t length, unsigned depth)
{
  return depth_is_bounded(&carillon__google__value__descriptor, (const uint8_t *)bytes, length, depth);
}

/* google.protobuf.Value: 3 a text, 6 a list; ListValue: 1 its values. */
static void nesting(void)
{
  static const char text[] = "\x1a\x01x", two[] = "\x32\x04\x0a\x02\x20\x01";
  EXPECT(is_bounded("", 0, 0));
  EXPECT(is_bounded(text, 3, 0));
  EXPECT(is_bounded(two, 6, 2));
  EXPECT(!is_bounded(two, 6, 1));
  static const struct {
    const char *bytes;
    size_t length;
  } broken[] = {
      {"\x1a", 1},                                             /* no length */
      {"\x1a\x02x", 3},                                        /* too long */
      {"\x1a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01x", 12},   /* nearly 2^64 */
      {"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", 11},    /* a tag without an end */
      {"\x11\x00\x00", 3},                                     /* half a number */
      {"\x1b\x1c", 2},                                         /* a group */
      {"\x32\x04\x0a\x03\x20\x01", 6},                         /* a value that leaves its list */
  };
  for (size_t at = 0; at < sizeof broken / sizeof broken[0]; at++)
    EXPECT(!is_bounded(broken[at].bytes, broken[at].length, MESSAGE_MAX_DEPTH));
}

static void names(void)
{
  EXPECT(strcmp(carillon_code_name(CARILLON_CODE_OK), "OK") == 0);
  EXPECT(strcmp(carillon_code_name(CARILLON_CODE_UNAUTHENTICATED), "UNAUTHENTICATED") == 0);
  EXPECT(strcmp(carillon_code_name((carillon_code)17), "UNKNOWN") == 0);
  EXPECT(strcmp(carillon_code_name((carillon_code)-1), "UNKNOWN") == 0);
  EXPECT(strlen(carillon_client_version()) >= 5);
  EXPECT(!carillon_failure_may_pass(NULL));
  carillon_failure_free(NULL);
  carillon_message_free(NULL);
  carillon_client_free(NULL);
  carillon_stream_close(NULL);
  carillon_text_free(NULL);
}

static void optional_fields(void)
{
  Carillon__V1__Queue queue = CARILLON__V1__QUEUE__INIT;
  EXPECT(!carillon_queue_has_rate_per_second(&queue));
  EXPECT(carillon__v1__queue__get_packed_size(&queue) == 0);
  carillon_queue_set_rate_per_second(&queue, 0);
  EXPECT(carillon_queue_has_rate_per_second(&queue));
  EXPECT(carillon__v1__queue__get_packed_size(&queue) == 9);
  carillon_queue_clear_rate_per_second(&queue);
  EXPECT(carillon__v1__queue__get_packed_size(&queue) == 0);
}

void test_units(void)
{
  addresses();
  nesting();
  names();
  optional_fields();
}
