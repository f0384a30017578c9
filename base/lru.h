/*
 * lru.h - a bounded map that forgets what was not used for longest.
 *
 * Owns:    its values; `free_value` is called on each that leaves. Keys are copied.
 * Threads: one at a time; the user locks.
 * Fails:   never.
 * Tests:   tests/unit/base/test_lru.c
 */
#ifndef BASE_LRU_H
#define BASE_LRU_H

#include "base/list.h"
#include "base/map.h"

typedef struct Lru {
    /* private */
    Map map;
    List order; /* first: used last */
    size_t cap;
    void (*free_value)(void *);
} Lru;

void lru_init(Lru *l, size_t cap, void (*free_value)(void *));
void lru_done(Lru *l);
void *lru_get(Lru *l, const char *key); /* borrowed; NULL when absent; counts as use */
void lru_set(Lru *l, const char *key, void *value);
/* Drop every entry whose key starts with `prefix`. */
void lru_drop(Lru *l, const char *prefix);
static inline size_t lru_size(const Lru *l)
{
    return l->map.n;
}

#endif
