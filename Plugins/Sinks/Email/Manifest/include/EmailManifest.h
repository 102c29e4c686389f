/* The manifest of the plugin email. */
#ifndef EMAIL_MANIFEST_H
#define EMAIL_MANIFEST_H

/* The text of manifest.json as it stands in the library's note; static. */
const char *email_manifest(void);

#endif
