#include "client.h"

#include <stdlib.h>
#include <string.h>

#include "bounds.h"
#include "channel.h"
#include "failure.h"
#include "options.h"

static char *authorization_of(const char *token)
{
  static const char scheme[] = "Bearer ";
  char *text = malloc(sizeof scheme + strlen(token));
  if (text == NULL) return NULL;
  memcpy(text, scheme, sizeof scheme - 1);
  strcpy(text + sizeof scheme - 1, token);
  return text;
}

static carillon_code no_memory(carillon_failure **failure)
{
  return failure_set(failure, CARILLON_CODE_RESOURCE_EXHAUSTED, "no memory is left");
}

carillon_code carillon_client_new(const carillon_client_options *given, carillon_client **result,
                                  carillon_failure **failure)
{
  failure_clear(failure);
  *result = NULL;
  carillon_client_options options;
  address target;
  carillon_code code = options_check(given, &options, &target, failure);
  if (code != CARILLON_CODE_OK) return code;
  carillon_client *client = calloc(1, sizeof *client);
  if (client == NULL) return no_memory(failure);
  client->deadline_ms = options.deadline_ms;
  client->max_message_bytes = options.max_message_bytes;
  if (options.token != NULL && (client->authorization = authorization_of(options.token)) == NULL) {
    free(client);
    return no_memory(failure);
  }
  grpc_init();
  client->channel = channel_open(&options, &target);
  *result = client;
  return CARILLON_CODE_OK;
}

void carillon_client_free(carillon_client *client)
{
  if (client == NULL) return;
  grpc_channel_destroy(client->channel);
  grpc_shutdown();
  carillon_text_free(client->authorization);
  free(client);
}

size_t client_metadata(const carillon_client *client, grpc_metadata *metadata)
{
  if (client->authorization == NULL) return 0;
  memset(metadata, 0, sizeof *metadata);
  metadata->key = grpc_slice_from_static_string("authorization");
  metadata->value = grpc_slice_from_static_string(client->authorization);
  return 1;
}

static void await_recovery(carillon_client *client, grpc_completion_queue *queue, gpr_timespec deadline)
{
  gpr_timespec patience =
      gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_millis(RECOVERY_WAIT_MS, GPR_TIMESPAN));
  gpr_timespec until = gpr_time_min(patience, deadline);
  grpc_connectivity_state state = GRPC_CHANNEL_TRANSIENT_FAILURE;
  while (state != GRPC_CHANNEL_READY && gpr_time_cmp(gpr_now(GPR_CLOCK_MONOTONIC), until) < 0) {
    grpc_channel_watch_connectivity_state(client->channel, state, until, queue, &state);
    grpc_completion_queue_pluck(queue, &state, gpr_inf_future(GPR_CLOCK_MONOTONIC), NULL);
    state = grpc_channel_check_connectivity_state(client->channel, 1);
  }
}

grpc_call *client_start(carillon_client *client, const carillon_method *method, grpc_completion_queue *queue,
                        gpr_timespec deadline)
{
  if (grpc_channel_check_connectivity_state(client->channel, 0) == GRPC_CHANNEL_TRANSIENT_FAILURE)
    await_recovery(client, queue, deadline);
  grpc_slice path = grpc_slice_from_copied_string(method->path);
  grpc_call *call = grpc_channel_create_call(client->channel, NULL, GRPC_PROPAGATE_DEFAULTS, queue, path, NULL,
                                             deadline, NULL);
  grpc_slice_unref(path);
  return call;
}

const char *carillon_client_version(void)
{
  return CARILLON_CLIENT_VERSION;
}
