/* What EventType.swift takes from C. */
#include <carillon/carillon.h>

/* The manifest, as it stands in the note. */
const char *frozen_manifest(void);
