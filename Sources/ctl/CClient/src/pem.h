/* What PEM texts hold, so that what is wrong with them is told before the first call. */
#ifndef CARILLON_SRC_PEM_H
#define CARILLON_SRC_PEM_H

#include <stdbool.h>

/* NULL for one certificate or more behind each other, and nothing that cannot be read; else what is wrong, static. */
const char *pem_certificates_fault(const char *text);

/* NULL for a private key, not encrypted, that fits the first certificate; else what is wrong, static. */
const char *pem_key_fault(const char *key, const char *certificates);

#endif
