/* The manifest of the plugin notification. */
#ifndef NOTIFICATION_MANIFEST_H
#define NOTIFICATION_MANIFEST_H

/* The text of manifest.json as it stands in the library's note; static. */
const char *notification_manifest(void);

#endif
