/* What the checks of plugins need of the system and Swift's module of the C library does not show. */
#ifndef CARILLON_CPLUGIN_TESTING_H
#define CARILLON_CPLUGIN_TESTING_H

#include <stddef.h>
#include <stdint.h>

/* Bytes that malloc has given out and not taken back, in all arenas and by mmap. */
uint64_t carillon_testing_heap_bytes(void);

/* A file in memory, closed on exec; negative, with errno, when there is none. */
int carillon_testing_memory_file(const char *name);

/* From now on the calling process is killed when its parent ends. */
void carillon_testing_die_with_parent(void);

#endif
