/* A batch of deliveries: what becomes of each, and the members that are written. */
#ifndef ARCHIVE_BATCH_H
#define ARCHIVE_BATCH_H

#include "bytes.h"
#include "host.h"
#include "seen.h"

/* What becomes of one delivery. */
typedef enum fate { FATE_NEW, FATE_KNOWN, FATE_TOO_LONG, FATE_NO_MEMORY } fate;

typedef struct batch {
  const carillon_delivery *const *deliveries;
  size_t count;
  fate *fates;      /* one for each */
  uint64_t records; /* those to be written */
} batch;

/* What is kept from batch to batch. */
typedef struct packer {
  seen *keys;
  bytes plain, members;
} packer;

/* Packs a batch into `members`. 0, or ENOMEM: then there are none. The keys of what is new are known from then on. */
int batch_pack(packer *, batch *);

/* Nothing of the batch was written: its keys are not known, and what is the same as one of them is not either. */
void batch_take_back(packer *, batch *);

/* Ends every delivery. `error` is what writing ended with, `file` and `first` are where the first new record is. */
void batch_answer(const batch *, int error, const char *file, uint64_t first);

#endif
