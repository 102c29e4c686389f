/* What a client is asked to be: each option at fault is named, and nothing is made. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

static void refuses(carillon_client_options options, const char *field)
{
  carillon_client *client = (carillon_client *)&options;
  carillon_failure *failure;
  carillon_code code = carillon_client_new(&options, &client, &failure);
  EXPECT(code == CARILLON_CODE_INVALID_ARGUMENT);
  EXPECT(client == NULL);
  REQUIRE(failure != NULL && failure->violation_count == 1);
  if (!EXPECT(strcmp(failure->violations[0].field, field) == 0)) expect(false, failure->message, field, 0);
  EXPECT(strstr(failure->message, failure->violations[0].description) != NULL);
  EXPECT(strcmp(failure->reason, "") == 0 && failure->retry_after_ms == -1);
  carillon_failure_free(failure);
  EXPECT(carillon_client_new(&options, &client, NULL) == CARILLON_CODE_INVALID_ARGUMENT);
}

static const char no_certificate[] = "-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n";
static const char encrypted[] =
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\nbm9uZQ==\n-----END ENCRYPTED PRIVATE KEY-----\n";

void test_options(void)
{
  char *other_key = pem("other-client.key");
  char *and_more = calloc(1, 100000);
  char *authority = pem("authority.crt"), *chain = pem("client.crt"), *key = pem("client.key");
  char *long_token = calloc(1, 5000);
  memset(long_token, 't', 4999);
  strcat(strcat(and_more, authority), no_certificate);
  const struct {
    const char *field;
    carillon_client_options options;
  } rows[] = {
#define ROW(field, ...) {field, {.struct_size = sizeof(carillon_client_options), __VA_ARGS__}}
      {"struct_size", {.struct_size = 8, .address = "unix:/s"}},
      {"struct_size", {.address = "unix:/s"}},
      ROW("address", .authority_pem = authority),
      ROW("address", .address = "localhost", .authority_pem = authority),
      ROW("address", .address = "unix:s"),
      ROW("authority_pem", .address = "localhost:1"),
      ROW("authority_pem", .address = "localhost:1", .authority_pem = "/etc/authority.crt"),
      ROW("authority_pem", .address = "localhost:1", .authority_pem = key),
      ROW("authority_pem", .address = "unix:/s", .authority_pem = authority),
      ROW("certificate_pem", .address = "localhost:1", .authority_pem = authority, .key_pem = key),
      ROW("certificate_pem", .address = "localhost:1", .authority_pem = authority, .certificate_pem = key,
          .key_pem = key),
      ROW("key_pem", .address = "localhost:1", .authority_pem = authority, .certificate_pem = chain),
      ROW("key_pem", .address = "localhost:1", .authority_pem = authority, .certificate_pem = chain, .key_pem = chain),
      ROW("authority_pem", .address = "localhost:1", .authority_pem = no_certificate),
      ROW("authority_pem", .address = "localhost:1", .authority_pem = and_more),
      ROW("key_pem", .address = "localhost:1", .authority_pem = authority, .certificate_pem = chain,
          .key_pem = other_key),
      ROW("key_pem", .address = "localhost:1", .authority_pem = authority, .certificate_pem = chain,
          .key_pem = encrypted),
      ROW("server_name", .address = "localhost:1", .authority_pem = authority, .server_name = ""),
      ROW("token", .address = "localhost:1", .authority_pem = authority, .token = ""),
      ROW("token", .address = "localhost:1", .authority_pem = authority, .token = "cart_x\n"),
      ROW("token", .address = "localhost:1", .authority_pem = authority, .token = long_token),
      ROW("token", .address = "unix:/s", .token = "cart_x"),
      ROW("token", .address = "localhost:1", .plaintext_loopback = true, .token = "cart_x"),
      ROW("plaintext_loopback", .address = "example.org:1", .plaintext_loopback = true),
      ROW("deadline_ms", .address = "unix:/s", .deadline_ms = -1),
      ROW("deadline_ms", .address = "unix:/s", .deadline_ms = CARILLON_DEADLINE_MAX_MS + 1),
      ROW("max_message_bytes", .address = "unix:/s", .max_message_bytes = 100),
      ROW("max_message_bytes", .address = "unix:/s", .max_message_bytes = CARILLON_MESSAGE_MAX_BYTES + 1u),
#undef ROW
  };
  for (size_t at = 0; at < sizeof rows / sizeof rows[0]; at++) refuses(rows[at].options, rows[at].field);
  carillon_failure *failure;
  carillon_client *client;
  EXPECT(carillon_client_new(NULL, &client, &failure) == CARILLON_CODE_INVALID_ARGUMENT);
  carillon_failure_free(failure);

  char *text;
  carillon_read_file("/nowhere/at/all", &text, &failure);
  EXPECT_FAILURE(failure, CARILLON_CODE_NOT_FOUND, "");
  EXPECT(text == NULL);
  carillon_read_file("/dev/zero", &text, &failure);
  EXPECT_FAILURE(failure, CARILLON_CODE_OUT_OF_RANGE, "");
  EXPECT(carillon_read_file("/", &text, NULL) != CARILLON_CODE_OK);
  carillon_text_free(authority);
  carillon_text_free(chain);
  carillon_text_free(key);
  carillon_text_free(other_key);
  free(long_token);
  free(and_more);
}
