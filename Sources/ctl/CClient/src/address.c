#include "address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char socket_prefix[] = "unix:";

static const char *parse_socket(const char *path, address *result)
{
  size_t length = strlen(path);
  if (path[0] != '/') return "a socket's path begins with /";
  if (length > SOCKET_PATH_MAX_BYTES) return "a socket's path has at most 107 bytes";
  result->is_socket = true;
  snprintf(result->target, sizeof result->target, "%s%s", socket_prefix, path);
  return NULL;
}

static bool is_port(const char *text)
{
  size_t length = strlen(text);
  if (length == 0 || length > 5 || strspn(text, "0123456789") != length) return false;
  long port = strtol(text, NULL, 10);
  return port >= 1 && port <= 65535;
}

/* Names, IPv4 addresses, and IPv6 addresses in brackets. */
static bool is_host(const char *text, size_t length)
{
  if (length == 0 || length > NAME_MAX_BYTES) return false;
  bool is_bracketed = text[0] == '[';
  if (is_bracketed != (text[length - 1] == ']') || (is_bracketed && length < 4)) return false;
  const char *allowed = is_bracketed ? "0123456789abcdefABCDEF:."
                                     : "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._";
  size_t inside = is_bracketed ? length - 2 : length;
  return strspn(text + is_bracketed, allowed) >= inside;
}

static bool is_loopback(const char *host, size_t length)
{
  static const char *const names[] = {"127.0.0.1", "[::1]", "localhost"};
  for (size_t at = 0; at < sizeof names / sizeof names[0]; at++)
    if (strlen(names[at]) == length && memcmp(names[at], host, length) == 0) return true;
  return false;
}

/* gRPC looks up names only. */
static const char *scheme_of(const char *host, size_t length)
{
  char name[NAME_MAX_BYTES + 1];
  struct in_addr number;
  if (host[0] == '[') return "ipv6:";
  snprintf(name, sizeof name, "%.*s", (int)length, host);
  return inet_pton(AF_INET, name, &number) == 1 ? "ipv4:" : "dns:///";
}

const char *address_parse(const char *text, address *result)
{
  static const char form[] = "must be host:port, [address]:port or unix:/path";
  memset(result, 0, sizeof *result);
  if (text == NULL) return form;
  if (strncmp(text, socket_prefix, strlen(socket_prefix)) == 0)
    return parse_socket(text + strlen(socket_prefix), result);
  const char *colon = strrchr(text, ':');
  if (colon == NULL || !is_host(text, (size_t)(colon - text))) return form;
  if (!is_port(colon + 1)) return "the port must be 1 to 65535";
  size_t length = (size_t)(colon - text);
  result->is_loopback = is_loopback(text, length);
  snprintf(result->target, sizeof result->target, "%s%s", scheme_of(text, length), text);
  return NULL;
}
