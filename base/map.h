/*
 * map.h - hash map from strings to pointers.
 *
 * Owns:    copies of the keys. Values belong to the caller; map_done() calls `free_value` on each
 *          when it is not NULL.
 * Threads: one at a time.
 * Fails:   never. The hash is keyed with a secret of the process, so no client can aim for
 * collisions. Tests:   tests/unit/base/test_map.c
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/slice.h"

typedef struct MapSlot {
    uint64_t hash;
    char *key; /* NULL: free; MAP_GONE: was deleted */
    size_t key_len;
    void *value;
} MapSlot;

typedef struct Map {
    /* private */
    MapSlot *slots;
    size_t n_slots, n_used; /* n_used counts deleted slots too */
    /* read-only */
    size_t n; /* entries */
    /* public, set before the first entry */
    void (*free_value)(void *);
} Map;

void map_done(Map *m);
void map_clear(Map *m);
void *map_get(const Map *m, const char *key); /* NULL when absent */
void *map_getn(const Map *m, Slice key);
/* Returns the value that was there before, NULL if none; the caller frees that one. */
void *map_set(Map *m, const char *key, void *value);
void *map_setn(Map *m, Slice key, void *value);
/* Takes the entry out and returns its value; NULL when absent. */
void *map_del(Map *m, const char *key);
void *map_deln(Map *m, Slice key);

/* Iterate in no order; entries may be deleted, not added, on the way.
 * for (size_t at = 0; map_next(&m, &at, &key, (void **)&value);) */
bool map_next(const Map *m, size_t *at, const char **ret_key, void **ret_value);

/* The keyed hash itself, for other tables over client-chosen bytes. */
uint64_t hash_bytes(const void *p, size_t n);

#endif
