#include "pem.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

#include "bounds.h"

static const char too_long[] = "has more than 1 MiB";

static BIO *reader_of(const char *text)
{
  return BIO_new_mem_buf(text, (int)strlen(text));
}

static bool is_bounded(const char *text)
{
  return strnlen(text, PEM_MAX_BYTES + 1) <= PEM_MAX_BYTES;
}

/* Nobody is asked for the password of an encrypted key. */
static int no_password(char *buffer, int size, int is_writing, void *context)
{
  (void)buffer, (void)size, (void)is_writing, (void)context;
  return -1;
}

const char *pem_certificates_fault(const char *text)
{
  if (!is_bounded(text)) return too_long;
  BIO *reader = reader_of(text);
  int count = 0;
  X509 *certificate;
  ERR_set_mark();
  while ((certificate = PEM_read_bio_X509(reader, NULL, no_password, NULL)) != NULL) {
    X509_free(certificate);
    count++;
  }
  bool is_all = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_pop_to_mark();
  BIO_free(reader);
  if (count == 0) return "is no certificate in PEM; give the text, not the path";
  return is_all ? NULL : "has something in it that is no certificate";
}

const char *pem_key_fault(const char *key, const char *certificates)
{
  if (!is_bounded(key)) return too_long;
  ERR_set_mark();
  BIO *reader = reader_of(key);
  EVP_PKEY *private = PEM_read_bio_PrivateKey(reader, NULL, no_password, NULL);
  BIO_free(reader);
  reader = reader_of(certificates);
  X509 *certificate = PEM_read_bio_X509(reader, NULL, no_password, NULL);
  BIO_free(reader);
  const char *fault = NULL;
  if (private == NULL) fault = "is no private key in PEM, or is encrypted; give the text, not the path";
  else if (certificate != NULL && X509_check_private_key(certificate, private) != 1)
    fault = "does not fit certificate_pem";
  EVP_PKEY_free(private);
  X509_free(certificate);
  ERR_pop_to_mark();
  return fault;
}
