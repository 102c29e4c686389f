/* The manifest of the plugin discord. */
#ifndef DISCORD_MANIFEST_H
#define DISCORD_MANIFEST_H

/* The text of manifest.json as it stands in the library's note; static. */
const char *discord_manifest(void);

#endif
