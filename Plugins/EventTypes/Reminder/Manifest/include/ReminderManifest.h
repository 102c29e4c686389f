/* The manifest of the plugin reminder. */
#ifndef REMINDER_MANIFEST_H
#define REMINDER_MANIFEST_H

/* The text of manifest.json as it stands in the library's note; static. */
const char *reminder_manifest(void);

#endif
