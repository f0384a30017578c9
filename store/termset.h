/*
 * termset.h - an index of a cache's objects by the values of the labels and fields that lists ask
 * for.
 *
 * A list with a selector costs what it finds, not what is there. A label or field is indexed from
 * the first list that asks by it, in steps, so that the cache is not held for long: while it is
 * being filled lists go over all objects. What is asked for least recently makes room.
 *
 * Owns:    references of the indexed objects, copies of paths and values.
 * Threads: as the cache: termset_find() under its lock for reading, the others for writing.
 * Frees:   termset_done().
 * Fails:   never.
 * Tests:   tests/unit/store/test_termset.c, test_store_pg.c
 */
#ifndef STORE_TERMSET_H
#define STORE_TERMSET_H

#include "api/selector.h"
#include "base/map.h"
#include "store/objindex.h"

enum {
    TERMS_MAX = 8,     /* paths of one cache */
    TERMS_STEP = 1000, /* objects filled in at a time */
};

typedef struct TermIndex TermIndex;

typedef struct TermSet {
    /* private; all zero at first */
    TermIndex *items[TERMS_MAX];
    size_t n;
} TermSet;

void termset_done(TermSet *t);
/* The index of the term's path: NULL when there is none or it is not filled yet. */
TermIndex *termset_find(const TermSet *t, const SelectorTerm *term, int64_t now_us);
/* A new one, to be filled by termset_fill(); NULL when it is there or there is no room. */
TermIndex *termset_add(TermSet *t, const SelectorTerm *term, int64_t now_us);
void termset_expire(TermSet *t, int64_t before_us); /* those that nobody asked for since */
/* Takes in the next TERMS_STEP objects; false when there are no more, and it can be used. */
bool termset_fill(TermIndex *ti, const ObjIndex *all);
/* Is something indexed by what only texts have? */
bool termset_needs_texts(const TermSet *t);
/* Of those that are indexed by labels alone: how often it is there; `fresh` is `old` in another
 * form. */
uint32_t termset_count(const TermSet *t, const Obj *o);
void termset_swap(TermSet *t, Obj *old, Obj *fresh);
/* `old` is replaced by `fresh`; either may be NULL. Same key. */
void termset_change(TermSet *t, const Obj *old, Obj *fresh);

/* The objects that have one of the term's values, in order, from behind a key. */
typedef struct TermScan {
    /* private */
    const ObjIndex *parts[SELECTOR_TERM_VALUES];
    ObjPos pos[SELECTOR_TERM_VALUES];
    Obj *heads[SELECTOR_TERM_VALUES];
    uint32_t n;
} TermScan;
void term_scan_start(TermScan *scan, const TermIndex *ti, const SelectorTerm *term, const char *ns,
                     const char *name, bool is_after);
Obj *term_scan_next(TermScan *scan); /* borrowed; NULL at the end */

#endif
