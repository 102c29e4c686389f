#include "channel.h"

#include <grpc/grpc_security.h>

enum { ARGUMENTS_MAX = 16 };

typedef struct arguments {
  grpc_arg list[ARGUMENTS_MAX];
  size_t count;
} arguments;

static void add_integer(arguments *to, const char *key, int value)
{
  to->list[to->count++] = (grpc_arg){.type = GRPC_ARG_INTEGER, .key = (char *)key, .value.integer = value};
}

static void add_text(arguments *to, const char *key, const char *value)
{
  if (value == NULL) return;
  to->list[to->count++] = (grpc_arg){.type = GRPC_ARG_STRING, .key = (char *)key, .value.string = (char *)value};
}

static arguments arguments_of(const carillon_client_options *options)
{
  arguments all = {.count = 0};
  add_integer(&all, GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH, (int)options->max_message_bytes);
  add_integer(&all, GRPC_ARG_MAX_SEND_MESSAGE_LENGTH, (int)options->max_message_bytes);
  add_integer(&all, GRPC_ARG_MAX_METADATA_SIZE, METADATA_MAX_BYTES);
  add_integer(&all, GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, CONNECT_TIMEOUT_MS);
  add_integer(&all, GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, RECONNECT_FIRST_MS);
  add_integer(&all, GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, RECONNECT_MAX_MS);
  add_integer(&all, GRPC_ARG_KEEPALIVE_TIME_MS, KEEPALIVE_MS);
  add_integer(&all, GRPC_ARG_KEEPALIVE_TIMEOUT_MS, KEEPALIVE_TIMEOUT_MS);
  /* The connection is this client's alone, and ends with it. */
  add_integer(&all, GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  /* Neither the environment's proxy nor a text in the DNS says how an agent is reached. */
  add_integer(&all, GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  add_integer(&all, GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  add_text(&all, GRPC_ARG_PRIMARY_USER_AGENT_STRING, "libcarillon-client/" CARILLON_CLIENT_VERSION);
  add_text(&all, GRPC_SSL_TARGET_NAME_OVERRIDE_ARG, options->server_name);
  return all;
}

static grpc_channel_credentials *credentials_of(const carillon_client_options *options, const address *target)
{
  if (target->is_socket || options->plaintext_loopback) return grpc_insecure_credentials_create();
  grpc_ssl_pem_key_cert_pair pair = {options->key_pem, options->certificate_pem};
  return grpc_ssl_credentials_create_ex(options->authority_pem, options->key_pem != NULL ? &pair : NULL, NULL, NULL);
}

grpc_channel *channel_open(const carillon_client_options *options, const address *target)
{
  grpc_channel_credentials *credentials = credentials_of(options, target);
  arguments all = arguments_of(options);
  grpc_channel_args given = {all.count, all.list};
  grpc_channel *channel = grpc_channel_create(target->target, credentials, &given);
  grpc_channel_credentials_release(credentials);
  return channel;
}
