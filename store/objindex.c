#include "store/objindex.h"

#include "base/mem.h"

enum { CHUNK_MAX = 128, CHUNK_MIN = 4 };

struct ObjChunk {
    _Atomic uint32_t refs; /* above 1: nobody changes it */
    uint32_t n, cap;
    Obj *items[];
};

static int key_cmp(const Obj *o, const char *ns, const char *name)
{
    int r = strcmp(o->ns, ns);

    return r != 0 ? r : strcmp(o->name, name);
}

static ObjChunk *chunk_new(uint32_t cap)
{
    ObjChunk *c = xmalloc(sizeof(*c) + cap * sizeof(Obj *));

    c->refs = 1;
    c->n = 0;
    c->cap = cap;
    return c;
}

static void chunk_unref(ObjChunk *c)
{
    if (--c->refs > 0)
        return;
    for (uint32_t j = 0; j < c->n; j++)
        obj_unref(c->items[j]);
    free(c);
}

void objindex_done(ObjIndex *ix)
{
    for (size_t i = 0; i < ix->n_chunks; i++)
        chunk_unref(ix->chunks[i]);
    free(ix->chunks);
    *ix = (ObjIndex){0};
}

/* The chunk a key belongs to: the last whose first object is not behind the key. */
static size_t find_chunk(const ObjIndex *ix, const char *ns, const char *name)
{
    size_t low = 0, high = ix->n_chunks;

    while (high - low > 1) {
        size_t mid = (low + high) / 2;

        if (key_cmp(ix->chunks[mid]->items[0], ns, name) <= 0)
            low = mid;
        else
            high = mid;
    }
    return low;
}

/* The first item that is not before the key; *ret_is_equal: it has that key. */
static uint32_t find_item(const ObjChunk *c, const char *ns, const char *name, bool *ret_is_equal)
{
    uint32_t low = 0, high = c->n;

    *ret_is_equal = false;
    while (low < high) {
        uint32_t mid = (low + high) / 2;
        int r = key_cmp(c->items[mid], ns, name);

        if (r < 0) {
            low = mid + 1;
        } else {
            high = mid;
            *ret_is_equal = *ret_is_equal || r == 0;
        }
    }
    return low;
}

Obj *objindex_get(const ObjIndex *ix, const char *ns, const char *name)
{
    const ObjChunk *c;
    bool is_equal;
    uint32_t at;

    if (ix->n == 0)
        return NULL;
    c = ix->chunks[find_chunk(ix, ns, name)];
    at = find_item(c, ns, name, &is_equal);
    return is_equal ? c->items[at] : NULL;
}

static void insert_chunk(ObjIndex *ix, size_t at, ObjChunk *c)
{
    GROW(ix->chunks, ix->cap, ix->n_chunks + 1);
    memmove(ix->chunks + at + 1, ix->chunks + at, (ix->n_chunks - at) * sizeof(*ix->chunks));
    ix->chunks[at] = c;
    ix->n_chunks++;
}

/* The chunk, to be changed: a copy takes the place of one that others share. */
static ObjChunk *own_chunk(ObjIndex *ix, size_t at)
{
    ObjChunk *old = ix->chunks[at], *c;

    if (old->refs == 1)
        return old;
    c = chunk_new(old->cap);
    c->n = old->n;
    for (uint32_t i = 0; i < c->n; i++)
        c->items[i] = obj_ref(old->items[i]);
    chunk_unref(old);
    ix->chunks[at] = c;
    ix->copied += sizeof(*c) + c->cap * sizeof(Obj *);
    return c;
}

void objindex_share(const ObjIndex *ix, ObjIndex *ret)
{
    *ret = (ObjIndex){.n_chunks = ix->n_chunks, .cap = ix->n_chunks, .n = ix->n};
    if (ix->n_chunks == 0)
        return;
    ret->chunks = xmalloc(ix->n_chunks * sizeof(ObjChunk *));
    for (size_t i = 0; i < ix->n_chunks; i++) {
        ret->chunks[i] = ix->chunks[i];
        ret->chunks[i]->refs++;
    }
}

/* Split a full chunk. Objects mostly arrive in order, so the split is at nine tenths when the new
 * one goes to the end of all. */
static void split(ObjIndex *ix, size_t at, bool is_at_end)
{
    ObjChunk *left = ix->chunks[at], *right = chunk_new(CHUNK_MAX);
    uint32_t keep = is_at_end ? CHUNK_MAX * 9 / 10 : CHUNK_MAX / 2;

    right->n = left->n - keep;
    memcpy(right->items, left->items + keep, right->n * sizeof(Obj *));
    left->n = keep;
    insert_chunk(ix, at + 1, right);
}

Obj *objindex_put(ObjIndex *ix, Obj *o)
{
    ObjChunk *c;
    bool is_equal;
    uint32_t at;
    size_t ci;

    if (ix->n_chunks == 0)
        insert_chunk(ix, 0, chunk_new(CHUNK_MIN));
    ci = find_chunk(ix, o->ns, o->name);
    c = own_chunk(ix, ci);
    at = find_item(c, o->ns, o->name, &is_equal);
    if (is_equal) {
        Obj *old = c->items[at];

        c->items[at] = o;
        return old;
    }
    if (c->n == CHUNK_MAX) {
        split(ix, ci, ci + 1 == ix->n_chunks && at == c->n);
        if (at > c->n) {
            at -= c->n;
            c = ix->chunks[ci + 1];
        }
    } else if (c->n == c->cap) {
        c->cap = MIN(c->cap * 2, (uint32_t)CHUNK_MAX);
        c = ix->chunks[ci] = xrealloc(c, sizeof(*c) + c->cap * sizeof(Obj *));
    }
    memmove(c->items + at + 1, c->items + at, (c->n - at) * sizeof(Obj *));
    c->items[at] = o;
    c->n++;
    ix->n++;
    return NULL;
}

Obj *objindex_del(ObjIndex *ix, const char *ns, const char *name)
{
    ObjChunk *c;
    bool is_equal;
    uint32_t at;
    size_t ci;
    Obj *old;

    if (ix->n == 0)
        return NULL;
    ci = find_chunk(ix, ns, name);
    c = ix->chunks[ci];
    at = find_item(c, ns, name, &is_equal);
    if (!is_equal)
        return NULL;
    c = own_chunk(ix, ci);
    old = c->items[at];
    memmove(c->items + at, c->items + at + 1, (c->n - at - 1) * sizeof(Obj *));
    c->n--;
    ix->n--;
    if (c->n == 0) {
        free(c);
        memmove(ix->chunks + ci, ix->chunks + ci + 1,
                (ix->n_chunks - ci - 1) * sizeof(*ix->chunks));
        ix->n_chunks--;
    }
    return old;
}

ObjPos objindex_seek(const ObjIndex *ix, const char *ns, const char *name, bool is_after)
{
    ObjPos pos = {0, 0};
    bool is_equal;

    if (ix->n == 0)
        return pos;
    pos.chunk = find_chunk(ix, ns, name);
    pos.item = find_item(ix->chunks[pos.chunk], ns, name, &is_equal);
    if (is_equal && is_after)
        pos.item++;
    return pos;
}

Obj *objindex_next(const ObjIndex *ix, ObjPos *pos)
{
    while (pos->chunk < ix->n_chunks) {
        const ObjChunk *c = ix->chunks[pos->chunk];

        if (pos->item < c->n)
            return c->items[pos->item++];
        pos->chunk++;
        pos->item = 0;
    }
    return NULL;
}

/* The first position whose namespace is behind `ns`. */
static ObjPos end_of(const ObjIndex *ix, const char *ns)
{
    ObjPos pos = objindex_seek(ix, ns, "\x7f", false); /* names are plain ASCII */
    const Obj *o;
    ObjPos at = pos;

    while ((o = objindex_next(ix, &at)) && strcmp(o->ns, ns) == 0)
        pos = at;
    return pos;
}

size_t objindex_count(const ObjIndex *ix, const char *ns)
{
    ObjPos from = objindex_seek(ix, ns, "", false), to;
    size_t n;

    if (ix->n == 0)
        return 0;
    to = end_of(ix, ns);
    if (from.chunk == to.chunk)
        return to.item - from.item;
    n = ix->chunks[from.chunk]->n - from.item + to.item;
    for (size_t i = from.chunk + 1; i < to.chunk; i++)
        n += ix->chunks[i]->n;
    return n;
}
