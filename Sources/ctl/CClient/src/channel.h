/* gRPC's channel to an agent. */
#ifndef CARILLON_SRC_CHANNEL_H
#define CARILLON_SRC_CHANNEL_H

#include <carillon/client.h>
#include <grpc/grpc.h>

#include "address.h"

/* A channel for options that were checked. What is wrong with a certificate shows at the first call. */
grpc_channel *channel_open(const carillon_client_options *options, const address *target);

#endif
