#include "manifest.h"
#include <carillon/manifest.h>

enum {
  manifest_bytes = sizeof((const char[]){
#embed "../../manifest.json" suffix(, 0)
  })
};
CARILLON_MANIFEST_BEGIN(static, manifest, manifest_bytes)
#embed "../../manifest.json" suffix(, 0)
CARILLON_MANIFEST_END;

const char *plugin_manifest(void) { return manifest.json; }
