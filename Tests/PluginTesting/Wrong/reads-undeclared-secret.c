/* Asks for a secret that its configuration does not name. */
#include <carillon/carillon.h>
static void take(void *context, carillon_str secret);
static void ask(carillon_error *error);
#define REQUIRES "\"carillon.host.delivery/1\", \"carillon.host.secret/1\""
#define AT_ACTIVATE ask(error);
#include "sink.h"
static void take(void *context, carillon_str secret) { (void)context, (void)secret; }
static void ask(carillon_error *error) {
  const carillon_host_secret_1 *secret = host->interface(host->context, CARILLON_HOST_SECRET_1);
  secret->resolve(secret->context, str("check"), str("env:HOME"), take, NULL, error);
}
