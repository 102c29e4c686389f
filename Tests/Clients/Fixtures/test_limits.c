/* Time, size and nesting are bounded, whatever the server does. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

/* Asks for a queue and gets a failure of this code, within a time that leaves room for slow machines. */
static void fails_soon(carillon_client *client, const char *queue, int64_t deadline_ms, carillon_code code)
{
  int64_t start = now_ms();
  carillon_failure *failure;
  EXPECT(!get_queue(client, queue, deadline_ms, &failure));
  EXPECT(now_ms() - start < 10000);
  EXPECT_FAILURE(failure, code, "");
}

static void deadlines(void)
{
  carillon_client *client = client_of("TLS", "client");
  fails_soon(client, "queues/slow", 200, CARILLON_CODE_DEADLINE_EXCEEDED);
  EXPECT(get_queue(client, "queues/normal", 0, NULL));
  carillon_client_free(client);

  char *authority = pem("authority.crt"), *chain = pem("client.crt"), *key = pem("client.key");
  carillon_client_options options = {.struct_size = sizeof options, .address = place("TLS"), .deadline_ms = 300,
      .authority_pem = authority, .certificate_pem = chain, .key_pem = key};
  EXPECT(carillon_client_new(&options, &client, NULL) == CARILLON_CODE_OK);
  fails_soon(client, "queues/slow", 0, CARILLON_CODE_DEADLINE_EXCEEDED);
  carillon_client_free(client);
  carillon_text_free(authority);
  carillon_text_free(chain);
  carillon_text_free(key);
}

static void nobody_there(void)
{
  carillon_client *client = client_of("DEAD", "client");
  fails_soon(client, "queues/normal", 0, CARILLON_CODE_UNAVAILABLE);
  fails_soon(client, "queues/normal", 0, CARILLON_CODE_UNAVAILABLE);
  carillon_client_free(client);
  client = client_of("SILENT", "client");
  fails_soon(client, "queues/normal", 500, CARILLON_CODE_DEADLINE_EXCEEDED);
  carillon_client_free(client);
}

static void sizes(void)
{
  carillon_client *client = client_of("TLS", "client");
  EXPECT(get_queue(client, "queues/big:10000000", 0, NULL));
  fails_soon(client, "queues/big:17000000", 0, CARILLON_CODE_RESOURCE_EXHAUSTED);
  size_t size = 17000000;
  char *name = calloc(1, size + 1);
  memset(name, 'n', size);
  fails_soon(client, name, 0, CARILLON_CODE_RESOURCE_EXHAUSTED);
  name[9000000] = '\0';
  EXPECT(get_queue(client, name, 0, NULL));
  free(name);
  carillon_client_free(client);
}

static void more_allowed(void)
{
  carillon_client_options options = {.struct_size = sizeof options, .address = place("PLAIN"),
      .plaintext_loopback = true, .max_message_bytes = 20 << 20};
  carillon_client *client;
  EXPECT(carillon_client_new(&options, &client, NULL) == CARILLON_CODE_OK);
  EXPECT(get_queue(client, "queues/big:17000000", 0, NULL));
  carillon_client_free(client);
}

/* A plugin whose schema is nested so deep: a Struct, an entry and a Value, and two messages more for each level. */
static carillon_code nested(carillon_client *client, const char *levels)
{
  Carillon__V1__GetPluginRequest request = CARILLON__V1__GET_PLUGIN_REQUEST__INIT;
  request.name = levels;
  Carillon__V1__Plugin *plugin;
  carillon_code code = carillon_plugins_get_plugin(client, &request, 0, &plugin, NULL);
  EXPECT((plugin != NULL) == (code == CARILLON_CODE_OK));
  carillon_message_free((ProtobufCMessage *)plugin);
  return code;
}

static void hostile_answers(void)
{
  carillon_client *client = client_of("TLS", "client");
  fails_soon(client, "queues/garbage", 0, CARILLON_CODE_INTERNAL);
  EXPECT(!get_queue(client, "queues/empty", 0, NULL)); /* no fields: a queue without a name */
  EXPECT(nested(client, "48") == CARILLON_CODE_OK);
  EXPECT(nested(client, "49") == CARILLON_CODE_INTERNAL);
  EXPECT(nested(client, "20000") == CARILLON_CODE_INTERNAL);
  EXPECT(get_queue(client, "queues/normal", 0, NULL));
  carillon_client_free(client);
}

void test_limits(void)
{
  deadlines();
  nobody_there();
  sizes();
  more_allowed();
  hostile_answers();
}
