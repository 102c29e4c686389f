/* The manifest of EventType.swift. */
#include "manifest_swift.h"

CARILLON_MANIFEST(manifest,
                  "{\"id\": \"org.carillon.frozen.swift\", \"name\": \"frozen-day\", \"version\": \"1.0.0\","
                  " \"provides\": [\"carillon.event-type/1\"], \"reads\": [\"names\"], \"templates\": {}}");

const char *frozen_manifest(void) { return manifest.json; }
