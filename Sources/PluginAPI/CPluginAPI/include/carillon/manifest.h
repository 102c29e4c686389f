/* Carillon plugin ABI: the manifest in an ELF note, so that a file says what it is before a line of it runs.
 *
 *   CARILLON_MANIFEST(pager_manifest,
 *                     "{\"id\": \"org.example.pager\", \"name\": \"pager\", \"version\": \"1.0.0\","
 *                     " \"provides\": [\"carillon.sink/1\"]}");
 *
 *   static const carillon_plugin plugin = {
 *       .struct_size = sizeof(plugin), ... .manifest_json = pager_manifest.json, ...
 *
 * Use it once in a plugin, at file scope. The text stands in the library once: `.json` is the note's own.
 * Where the compiler has #embed (C23, gcc 15, clang 19) the manifest can be a file of its own:
 *
 *   enum { bytes = sizeof((const char[]){
 *   #embed "manifest.json" suffix(, 0)
 *   }) };
 *   CARILLON_MANIFEST_BEGIN(static, pager_manifest, bytes)
 *   #embed "manifest.json" suffix(, 0)
 *   CARILLON_MANIFEST_END;
 *
 * For other languages, the bytes. Section ".note.carillon" (SHT_NOTE, allocated, aligned to 4) holds two ELF notes
 * with the owner "Carillon", each of them little-endian uint32: bytes of the owner with its NUL (9), bytes of the
 * description, type; then the owner, filled up with zeros to 12 bytes; then the description, filled up with zeros to
 * a multiple of 4:
 *   CARILLON_NOTE_ABI       two uint32: CARILLON_ABI_MAJOR and CARILLON_ABI_MINOR when the plugin was compiled
 *   CARILLON_NOTE_MANIFEST  the manifest with its terminating NUL, which the number of bytes includes
 *
 * Since minor version 4. */
#ifndef CARILLON_MANIFEST_H
#define CARILLON_MANIFEST_H

#include <carillon/base.h>

/* Types of the notes. */
#define CARILLON_NOTE_MANIFEST 1u /* the manifest */
#define CARILLON_NOTE_ABI 2u      /* the version of the ABI */

/* Longest manifest, in bytes, without its NUL. */
#define CARILLON_MANIFEST_LIMIT 262144u

/* The linker keeps what nothing names (--gc-sections). */
#if defined(__has_attribute)
#if __has_attribute(retain)
#define CARILLON_NOTE_RETAIN , retain
#endif
#endif
#ifndef CARILLON_NOTE_RETAIN
#define CARILLON_NOTE_RETAIN
#endif
#define CARILLON_NOTE_PLACE __attribute__((section(".note.carillon"), used, aligned(4) CARILLON_NOTE_RETAIN))

#ifdef __cplusplus
#define CARILLON_MANIFEST_FITS(bytes) \
  static_assert((bytes) <= CARILLON_MANIFEST_LIMIT + 1, "the manifest is longer than 262144 bytes")
#else
#define CARILLON_MANIFEST_FITS(bytes) \
  _Static_assert((bytes) <= CARILLON_MANIFEST_LIMIT + 1, "the manifest is longer than 262144 bytes")
#endif

/* Begins a definition whose initializer for the text follows, `bytes` with its NUL; `storage` is static, or nothing
 * for one that other files name. */
#define CARILLON_MANIFEST_BEGIN(storage, name, bytes)                                                                \
  CARILLON_MANIFEST_FITS(bytes);                                                                                     \
  struct name##_notes {                                                                                              \
    uint32_t abi_head[3];                                                                                            \
    char abi_owner[12];                                                                                              \
    uint32_t abi[2];                                                                                                 \
    uint32_t head[3];                                                                                                \
    char owner[12];                                                                                                  \
    char json[((bytes) + 3u) / 4u * 4u];                                                                             \
  };                                                                                                                 \
  storage const struct name##_notes name CARILLON_NOTE_PLACE = {                                                     \
      {9u, 8u, CARILLON_NOTE_ABI},                                                                                   \
      "Carillon",                                                                                                    \
      {CARILLON_ABI_MAJOR, CARILLON_ABI_MINOR},                                                                      \
      {9u, (uint32_t)(bytes), CARILLON_NOTE_MANIFEST},                                                               \
      "Carillon",                                                                                                    \
      {
#define CARILLON_MANIFEST_END \
  }                           \
  }

/* Defines the note and the text `name.json`, for `manifest_json`, from a string literal. */
#define CARILLON_MANIFEST(name, text)                                                                                \
  _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Woverlength-strings\"")                          \
  CARILLON_MANIFEST_BEGIN(static, name, sizeof(text)) text CARILLON_MANIFEST_END;                                    \
  _Pragma("GCC diagnostic pop") struct name##_notes

#endif
