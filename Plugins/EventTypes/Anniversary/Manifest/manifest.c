/* Puts manifest.json into the library's note, from where the plugin's table takes it, too. */
#include "AnniversaryManifest.h"
#include <carillon/manifest.h>

#pragma clang diagnostic ignored "-Wc23-extensions"

enum { bytes = sizeof((const char[]){
#embed "manifest.json" suffix(, 0)
}) };

CARILLON_MANIFEST_BEGIN(static, manifest, bytes)
#embed "manifest.json" suffix(, 0)
CARILLON_MANIFEST_END;

const char *anniversary_manifest(void) { return manifest.json; }
