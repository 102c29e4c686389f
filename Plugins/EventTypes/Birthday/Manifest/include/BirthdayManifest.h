/* The manifest of the plugin birthday. */
#ifndef BIRTHDAY_MANIFEST_H
#define BIRTHDAY_MANIFEST_H

/* The text of manifest.json as it stands in the library's note; static. */
const char *birthday_manifest(void);

#endif
