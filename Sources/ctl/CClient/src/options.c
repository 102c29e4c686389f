#include "options.h"

#include <string.h>

#include "bounds.h"
#include "failure.h"
#include "pem.h"

/* The first version's size: callers that were compiled with less are no callers of ours. */
static const size_t first_size = offsetof(carillon_client_options, plaintext_loopback) + sizeof(bool);

static bool is_printable(const char *text)
{
  for (; *text != '\0'; text++)
    if (*text <= ' ' || *text > '~') return false;
  return true;
}

static const char *token_fault(const char *token)
{
  size_t length = strnlen(token, TOKEN_MAX_BYTES + 1);
  if (length == 0 || length > TOKEN_MAX_BYTES) return "has 1 to 4096 bytes";
  return is_printable(token) ? NULL : "has printable ASCII characters only, and no line's end behind it";
}

static const char *name_fault(const char *name)
{
  size_t length = strnlen(name, NAME_MAX_BYTES + 1);
  return length >= 1 && length <= NAME_MAX_BYTES && is_printable(name) ? NULL : "is no host's name";
}

static carillon_code check_texts(const carillon_client_options *options, carillon_failure **failure)
{
  const struct {
    const char *field, *fault;
  } rows[] = {
#define CHECKED(field, fault) {#field, options->field != NULL ? (fault) : NULL}
      CHECKED(authority_pem, pem_certificates_fault(options->authority_pem)),
      CHECKED(certificate_pem, pem_certificates_fault(options->certificate_pem)),
      CHECKED(key_pem, pem_key_fault(options->key_pem, options->certificate_pem)),
      CHECKED(server_name, name_fault(options->server_name)),
      CHECKED(token, token_fault(options->token)),
#undef CHECKED
  };
  for (size_t at = 0; at < sizeof rows / sizeof rows[0]; at++)
    if (rows[at].fault != NULL) return failure_invalid(failure, rows[at].field, "%s", rows[at].fault);
  return CARILLON_CODE_OK;
}

/* Which options go with which kind of connection. */
static carillon_code check_kind(const carillon_client_options *options, const address *target,
                                carillon_failure **failure)
{
  bool is_tls = !target->is_socket && !options->plaintext_loopback;
  if (options->plaintext_loopback && !target->is_loopback)
    return failure_invalid(failure, "plaintext_loopback", "only 127.0.0.1, [::1] and localhost go without TLS");
  if (is_tls && options->authority_pem == NULL)
    return failure_invalid(failure, "authority_pem", "is needed: the authority that signed the agent's certificate");
  if ((options->certificate_pem == NULL) != (options->key_pem == NULL))
    return failure_invalid(failure, options->key_pem == NULL ? "key_pem" : "certificate_pem",
                           "a certificate and its key come together");
  const struct {
    const char *field, *text;
  } secure[] = {{"authority_pem", options->authority_pem},
                {"certificate_pem", options->certificate_pem},
                {"server_name", options->server_name},
                {"token", options->token}};
  for (size_t at = 0; !is_tls && at < sizeof secure / sizeof secure[0]; at++)
    if (secure[at].text != NULL) return failure_invalid(failure, secure[at].field, "is for connections over TLS only");
  return CARILLON_CODE_OK;
}

static carillon_code check_numbers(carillon_client_options *options, carillon_failure **failure)
{
  if (options->deadline_ms == 0) options->deadline_ms = CARILLON_DEADLINE_DEFAULT_MS;
  if (options->deadline_ms < 0 || options->deadline_ms > CARILLON_DEADLINE_MAX_MS)
    return failure_invalid(failure, "deadline_ms", "must be 1 to 86400000, or 0 for the default");
  if (options->max_message_bytes == 0) options->max_message_bytes = CARILLON_MESSAGE_DEFAULT_BYTES;
  if (options->max_message_bytes < MESSAGE_MIN_BYTES || options->max_message_bytes > CARILLON_MESSAGE_MAX_BYTES)
    return failure_invalid(failure, "max_message_bytes", "must be 1 KiB to 256 MiB, or 0 for the default");
  return CARILLON_CODE_OK;
}

carillon_code options_check(const carillon_client_options *given, carillon_client_options *options, address *target,
                            carillon_failure **failure)
{
  if (given == NULL || given->struct_size < first_size)
    return failure_invalid(failure, "struct_size", "must be sizeof(carillon_client_options)");
  memset(options, 0, sizeof *options);
  memcpy(options, given, given->struct_size < sizeof *options ? given->struct_size : sizeof *options);
  const char *fault = address_parse(options->address, target);
  if (fault != NULL) return failure_invalid(failure, "address", "%s", fault);
  carillon_code code = check_kind(options, target, failure);
  if (code == CARILLON_CODE_OK) code = check_texts(options, failure);
  if (code == CARILLON_CODE_OK) code = check_numbers(options, failure);
  return code;
}
