/* A client's inside. */
#ifndef CARILLON_SRC_CLIENT_H
#define CARILLON_SRC_CLIENT_H

#include <carillon/client.h>
#include <grpc/grpc.h>

struct carillon_client {
  grpc_channel *channel;
  char *authorization; /* "Bearer cart_…"; NULL: a certificate says who calls */
  int64_t deadline_ms;
  size_t max_message_bytes;
};

/* Fills in the metadata of a call, at most one entry, and answers how many. It lives as long as the client. */
size_t client_metadata(const carillon_client *client, grpc_metadata *metadata);

/* A call of a method; `deadline` is gRPC's. While the last attempt to connect has failed, it waits up to RECOVERY_WAIT_MS
 * for the next one: gRPC's core moves a connection on only while somebody waits in one of its queues, so that callers who
 * only try again and again would see it come back late. */
grpc_call *client_start(carillon_client *client, const carillon_method *method, grpc_completion_queue *queue,
                        gpr_timespec deadline);

#endif
