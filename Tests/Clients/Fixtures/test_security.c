/* Only a server of the right authority and name is spoken to, and it only to a client that it knows. */
#include "check.h"

#include <stdio.h>
#include <string.h>

static void is_refused(const char *server, const char *certificate)
{
  carillon_client *client = client_of(server, certificate);
  carillon_failure *failure;
  EXPECT(!get_queue(client, "queues/normal", 5000, &failure));
  EXPECT_FAILURE(failure, CARILLON_CODE_UNAVAILABLE, "");
  carillon_client_free(client);
}

static void names(const char *name, bool is_right)
{
  char *authority = pem("authority.crt"), *chain = pem("client.crt"), *key = pem("client.key");
  carillon_client_options options = {.struct_size = sizeof options, .address = place("ELSEWHERE"),
      .authority_pem = authority, .certificate_pem = chain, .key_pem = key, .server_name = name};
  carillon_client *client;
  EXPECT(carillon_client_new(&options, &client, NULL) == CARILLON_CODE_OK);
  EXPECT(get_queue(client, "queues/normal", 5000, NULL) == is_right);
  carillon_client_free(client);
  carillon_text_free(authority);
  carillon_text_free(chain);
  carillon_text_free(key);
}

void test_security(void)
{
  is_refused("EXPIRED", "client");
  is_refused("OTHER", "client");
  is_refused("TLS", NULL);
  is_refused("TLS", "other-client");
  is_refused("TLS", "expired-client");
  is_refused("PLAIN", "client");
  names(NULL, false);
  names("agent.example.org", true);
  names("other.example.org", false);
}
