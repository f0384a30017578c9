/*
 * feedshared.h - what all nodes with pods of a cluster are told alike, and how it differs from what
 * they were told at the last look: each node then only hears of what has changed, and costs no walk
 * over everything there is.
 *
 * Owns:    references on the objects, copies of what is made of them. FeedShared starts all zero.
 * Threads: one at a time.
 * Frees:   feed_shared_done(). Changes live until the next feed_shared_begin().
 * Fails:   never.
 * Tests:   tests/unit/vcluster/test_feedshared.c
 */
#ifndef VCLUSTER_FEEDSHARED_H
#define VCLUSTER_FEEDSHARED_H

#include "base/map.h"
#include "store/store.h"

enum { FEED_KEY_MAX = 700 };
/* "storage ns/name", by which maps of what nodes are told have an object. */
const char *feed_key(char key[FEED_KEY_MAX], const char *storage, const char *ns, const char *name);

typedef struct SharedItem {
    const char *storage; /* static */
    Obj *obj;
    char *node;       /* that is not told, as the object is its own; NULL: every node is told */
    char *text;       /* what was made of the object; NULL: it is told as it is */
    uint64_t content; /* hash of text */
    uint64_t round;
} SharedItem;

typedef struct SharedChange {
    const char *storage;
    Obj *before;     /* NULL: it was not there */
    char *before_at; /* its node then */
    uint64_t before_content;
    const SharedItem *now; /* NULL: it is there no more */
    Buf lines[3];          /* the owner's, for each verb; freed with the change */
} SharedChange;

typedef struct FeedShared {
    Map items; /* feed_key() -> SharedItem */
    /* read-only: since the last look */
    SharedChange *changes;
    size_t n_changes;
    /* private */
    size_t cap;
    uint64_t round;
} FeedShared;

typedef enum SharedVerb {
    SHARED_ADDED,
    SHARED_MODIFIED,
    SHARED_DELETED,
    SHARED_NOTHING
} SharedVerb;

/* A look: everything that there is is kept or put; what is neither is gone at its end. */
void feed_shared_begin(FeedShared *s);
/* As known: nothing more to do. False: it is to be put, if it is to be told. */
bool feed_shared_keep(FeedShared *s, const char *storage, Obj *o);
void feed_shared_put(FeedShared *s, const char *storage, Obj *o, const char *node,
                     const char *text);
void feed_shared_end(FeedShared *s);
void feed_shared_done(FeedShared *s);

/* What the change is to a node. */
SharedVerb feed_shared_verb(const SharedChange *c, const char *node);
bool feed_shared_is_told(const SharedItem *item, const char *node);

#endif
