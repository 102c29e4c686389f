/* The manifest of the plugin anniversary. */
#ifndef ANNIVERSARY_MANIFEST_H
#define ANNIVERSARY_MANIFEST_H

/* The text of manifest.json as it stands in the library's note; static. */
const char *anniversary_manifest(void);

#endif
