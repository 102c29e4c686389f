/* Carillon plugin ABI: the entry. A plugin is a shared library that exports one symbol,
 * `carillon_plugin_v1`, and hides all others (-fvisibility=hidden, or a version script).
 *
 * A plugin is never unloaded: the host opens it with RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE. No C++
 * exception, Rust panic or longjmp may leave any function of a plugin. */
#ifndef CARILLON_PLUGIN_H
#define CARILLON_PLUGIN_H

#include <carillon/base.h>
#include <carillon/host.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a plugin is: its version, its manifest, and the way to its interfaces. One of it, constant, for
 * as long as the process lives. */
typedef struct carillon_plugin {
  uint32_t struct_size;
  uint32_t abi_major; /* CARILLON_ABI_MAJOR when the plugin was compiled */
  uint32_t abi_minor; /* CARILLON_ABI_MINOR when the plugin was compiled */
  uint32_t flags;     /* zero */

  /* The manifest, NUL-terminated JSON of at most 256 KiB, static. An object with:
   *   "id"           reverse-domain name, e.g. "org.example.pager"; 3 to 128 of [a-z0-9.-]
   *   "name"         the short name that configurations use, e.g. "pager"; 1 to 63 of [a-z0-9-]
   *   "version"      semantic version of the plugin
   *   "vendor", "license", "summary"   for people
   *   "provides"     interface ids, e.g. ["carillon.sink/1"]
   *   "requires"     host interface ids without which the plugin cannot work; a missing one is named
   *   "reads"        the user fields it gets, in `next`, `render` and `deliver` alike ("names", "locale",
   *                  "dates", "addresses", "attributes"); all others are withheld
   *   "permissions"  what it needs of the system: "network", "exec", "files"; enforced where the plugin
   *                  runs in a process of its own, and no more than declared inside the agent's
   *   "templates"    of an event type: it words events by `templates_json`. {"locale": "en"}: the
   *                  language of its own words; {}: its own words are the definition's
   *   "schemas"      {"configuration": S, "definition": S, "data": S}, JSON Schema Draft 2020-12;
   *                  the host validates before the plugin sees a document
   * Unknown members are ignored.
   *
   * Since minor version 4 the same text can also stand in an ELF note of the file (carillon/manifest.h), where it is
   * read without loading. A plugin without that note loads; with one, both must be equal, byte for byte, or the host
   * refuses the plugin. */
  const char *manifest_json;

  /* [a host thread; once, before any other call] Keeps `host`. An error here refuses the plugin. */
  carillon_status (*start)(const carillon_host *host, carillon_error *error);

  /* [a host thread; once, after every instance was destroyed] */
  void (*stop)(void);

  /* [any thread, after start] The table of one interface the plugin provides, static; NULL for an
   * id it does not know. */
  const void *(*interface)(const char *id);
} carillon_plugin;

/* [any thread; may be called more than once] The only exported symbol. The answer is static. The
 * name stays even as the ABI grows; versions are in the structure. */
#if defined(__GNUC__) || defined(__clang__)
__attribute__((visibility("default")))
#endif
const carillon_plugin *carillon_plugin_v1(void);

#define CARILLON_PLUGIN_SYMBOL "carillon_plugin_v1" /* its name, for a host that looks it up */

#ifdef __cplusplus
}
#endif
#endif
