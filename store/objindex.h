/*
 * objindex.h - objects in order of (namespace, name): a sorted array of sorted chunks.
 *
 *     chunks -> [ a b c d ] [ e f g ] [ h i ... ]      at most CHUNK_MAX objects a chunk
 *
 * Finding is two binary searches, which look at the beginnings of keys that lie in the chunks and
 * hardly at an object; inserting moves at most a chunk, and the array of chunks when one splits
 * (some twelve kilobytes at 100,000 objects).
 *
 * objindex_share() gives out the index as it is: the two have their chunks together, and whoever
 * changes one of these makes a copy for itself first. So a state that is kept costs a pointer a
 * chunk, and each change after it at most one chunk.
 *
 * Owns:    a reference on each object.
 * Threads: one writer, guarded by the lock of its cache. A share needs it only to be made, and to
 *          be read where objindex_swap() is used.
 * Frees:   objindex_done().
 * Fails:   never.
 * Tests:   tests/unit/store/test_objindex.c
 */
#ifndef STORE_OBJINDEX_H
#define STORE_OBJINDEX_H

#include "api/obj.h"

typedef struct ObjChunk ObjChunk;

typedef struct ObjIndex {
    /* private */
    ObjChunk **chunks;
    size_t n_chunks, cap;
    /* read-only */
    size_t n;
    size_t copied; /* bytes of chunks that were copied because they were shared */
} ObjIndex;

typedef struct ObjPos {
    size_t chunk, item;
} ObjPos;

void objindex_done(ObjIndex *ix);
/* The same objects, whatever becomes of `ix`; read only, and ended by objindex_done(). */
void objindex_share(const ObjIndex *ix, ObjIndex *ret);
Obj *objindex_get(const ObjIndex *ix, const char *ns, const char *name); /* borrowed, or NULL */
/* Takes over the reference of `o`; returns the one of what was there before, or NULL. */
Obj *objindex_put(ObjIndex *ix, Obj *o);
Obj *objindex_del(ObjIndex *ix, const char *ns, const char *name); /* its reference, or NULL */
/* `fresh` is the same in another form: it takes the place of `old`, in shares too, and the two
 * references are exchanged. False: `old` is not here. */
bool objindex_swap(ObjIndex *ix, const Obj *old, Obj *fresh);

/* The first object at (is_after: behind) the key; objindex_next() walks on. */
ObjPos objindex_seek(const ObjIndex *ix, const char *ns, const char *name, bool is_after);
/* How many objects have this namespace. */
size_t objindex_count(const ObjIndex *ix, const char *ns);
Obj *objindex_next(const ObjIndex *ix, ObjPos *pos); /* borrowed; NULL at the end */

#endif
