/* The manifest of the plugin webhook. */
#ifndef WEBHOOK_MANIFEST_H
#define WEBHOOK_MANIFEST_H

/* The text of manifest.json as it stands in the library's note; static. */
const char *webhook_manifest(void);

#endif
