/* The manifest, from manifest.json: NUL-terminated, static. It stands in the library's ELF note. */
const char *plugin_manifest(void);
