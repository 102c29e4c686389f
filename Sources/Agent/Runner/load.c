/* From the file in memory to the plugin's own table. */
#define _GNU_SOURCE
#include "load.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sandbox.h"

typedef const carillon_plugin *(*entry)(void);

static const carillon_plugin *refuse(carillon_error *error, carillon_status status, const char *why) {
  fault_say(error, status, why);
  return NULL;
}

/* Runs the plugin's constructors. RTLD_NODELETE: unloading code is where hosts crash. */
static const carillon_plugin *open_library(carillon_error *error) {
  char path[48];
  /* Not "self": a debugger opens it by the same name, and would find a descriptor of its own. */
  snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)getpid(), PLUGIN_FILE);
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == NULL) {
    const char *why = dlerror();
    return refuse(error, CARILLON_FAILED, why != NULL ? why : "no reason given");
  }
  entry function;
  void *symbol = dlsym(library, CARILLON_PLUGIN_SYMBOL);
  if (symbol == NULL) return refuse(error, CARILLON_NOT_FOUND, "it does not export " CARILLON_PLUGIN_SYMBOL);
  memcpy(&function, &symbol, sizeof function); /* ISO C has no cast for it */
  const carillon_plugin *table = function();
  return table != NULL ? table : refuse(error, CARILLON_INVALID, CARILLON_PLUGIN_SYMBOL " answered NULL");
}

/* What stands first says how much more there is, and whether it means what this host thinks. */
static carillon_plugin read_table(const carillon_plugin *from) {
  carillon_plugin table = {0};
  size_t size = from->struct_size;
  memcpy(&table, from, size < sizeof table ? size : sizeof table);
  if (size >= offsetof(carillon_plugin, abi_minor) && table.abi_major == CARILLON_ABI_MAJOR) return table;
  carillon_plugin head = {.struct_size = table.struct_size, .abi_major = table.abi_major};
  if (size >= offsetof(carillon_plugin, flags)) head.abi_minor = table.abi_minor;
  return head;
}

static bool add_manifest(Loaded *loaded, const carillon_plugin *table, carillon_error *error) {
  if (table->manifest_json == NULL) return true;
  size_t length = strnlen(table->manifest_json, MANIFEST_BYTES + 1);
  if (length > MANIFEST_BYTES) {
    fault_say(error, CARILLON_INVALID, "the manifest is longer than 262144 bytes");
    return false;
  }
  loaded->manifest = arena_text(error->arena, (carillon_str){table->manifest_json, length}, MANIFEST_BYTES);
  return true;
}

static void add_missing(Loaded *loaded, const carillon_plugin *table, arena *arena) {
  static char *const names[] = {"manifest_json", "start", "stop", "interface"};
  const bool missing[] = {table->manifest_json == NULL, table->start == NULL, table->stop == NULL,
                          table->interface == NULL};
  loaded->missing = arena_need(arena, sizeof names);
  for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
    if (missing[i]) loaded->missing[loaded->n_missing++] = names[i];
  }
}

bool load_plugin(Loaded *loaded, carillon_plugin *table, carillon_error *error) {
  const carillon_plugin *from = open_library(error);
  if (from == NULL) return false;
  *table = read_table(from);
  loaded->struct_size = table->struct_size;
  loaded->abi_major = table->abi_major;
  loaded->abi_minor = table->abi_minor;
  /* Of another version nothing else is known. */
  if (table->struct_size < offsetof(carillon_plugin, abi_minor) || table->abi_major != CARILLON_ABI_MAJOR) return false;
  add_missing(loaded, table, error->arena);
  return add_manifest(loaded, table, error) && loaded->n_missing == 0;
}
