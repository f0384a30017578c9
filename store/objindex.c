#include "store/objindex.h"

#include "base/mem.h"

#include <endian.h>

/*
 * DESIGN. A key is compared as the bytes "namespace\0name". Comparing it with an object reads the
 * object and its two strings, which in a large index are in no cache; so a search goes by copies:
 *
 *   chunk -> head: the first 48 bytes of its first key       | finds the chunk
 *            n_alike: so many bytes all of its keys begin with
 *            items: { the 8 bytes behind those, object }      | finds the place
 *
 * Bytes behind the end of a key are zero, and the eight are a number in the order of bytes. Only
 * what these cannot tell apart is compared as a whole. n_alike never grows but when a chunk is
 * split: a key that lies between others begins as they do.
 */
enum { CHUNK_MAX = 128, CHUNK_MIN = 4, HEAD_LEN = 48 };

typedef struct Item {
    uint64_t next; /* the bytes of its key from n_alike on */
    Obj *obj;
} Item;

struct ObjChunk {
    _Atomic uint32_t refs; /* above 1: nobody changes it */
    uint32_t n, cap, n_alike;
    char head[HEAD_LEN];
    Item items[];
};

typedef struct Key {
    const char *ns, *name;
    char head[HEAD_LEN];
} Key;

/* ---- keys ---- */

static void key_init(Key *k, const char *ns, const char *name)
{
    size_t n = strnlen(ns, HEAD_LEN);

    k->ns = ns;
    k->name = name;
    memset(k->head, 0, HEAD_LEN);
    memcpy(k->head, ns, n);
    if (n + 1 < HEAD_LEN)
        memcpy(k->head + n + 1, name, strnlen(name, HEAD_LEN - n - 1));
}

static int key_cmp(const Obj *o, const Key *k)
{
    int r = strcmp(o->ns, k->ns);

    return r != 0 ? r : strcmp(o->name, k->name);
}

/* The bytes of a key that its head does not hold. */
static uint64_t far_bytes(const Key *k, size_t from)
{
    size_t n_ns = strlen(k->ns), n_name = strlen(k->name);
    uint64_t bytes = 0;

    for (size_t i = from; i < from + 8; i++) {
        unsigned char c = 0;

        if (i < n_ns)
            c = (unsigned char)k->ns[i];
        else if (i > n_ns && i - n_ns - 1 < n_name)
            c = (unsigned char)k->name[i - n_ns - 1];
        bytes = bytes << 8 | c;
    }
    return bytes;
}

static uint64_t key_bytes(const Key *k, size_t from)
{
    uint64_t bytes;

    if (from + sizeof(bytes) > HEAD_LEN)
        return far_bytes(k, from);
    memcpy(&bytes, k->head + from, sizeof(bytes));
    return be64toh(bytes);
}

static size_t n_equal(const char *a, const char *b)
{
    size_t n = 0;

    while (a[n] && a[n] == b[n])
        n++;
    return n;
}

/* So many bytes two keys begin with alike. */
static uint32_t alike(const Obj *a, const Obj *b)
{
    size_t n = n_equal(a->ns, b->ns);

    if (!a->ns[n] && !b->ns[n])
        n += 1 + n_equal(a->name, b->name);
    return (uint32_t)n;
}

/* ---- chunks ---- */

static ObjChunk *chunk_new(uint32_t cap)
{
    ObjChunk *c = xmalloc(sizeof(*c) + cap * sizeof(Item));

    c->refs = 1;
    c->n = 0;
    c->cap = cap;
    c->n_alike = 0;
    return c;
}

static void chunk_unref(ObjChunk *c)
{
    if (--c->refs > 0)
        return;
    for (uint32_t j = 0; j < c->n; j++)
        obj_unref(c->items[j].obj);
    free(c);
}

static void set_head(ObjChunk *c)
{
    Key k;

    key_init(&k, c->items[0].obj->ns, c->items[0].obj->name);
    memcpy(c->head, k.head, HEAD_LEN);
}

/* Its objects have been exchanged for others: work out what is known of them. */
static void chunk_learn(ObjChunk *c)
{
    c->n_alike = alike(c->items[0].obj, c->items[c->n - 1].obj);
    for (uint32_t i = 0; i < c->n; i++) {
        const Obj *o = c->items[i].obj;
        Key k;

        key_init(&k, o->ns, o->name);
        c->items[i].next = key_bytes(&k, c->n_alike);
    }
    set_head(c);
}

void objindex_done(ObjIndex *ix)
{
    for (size_t i = 0; i < ix->n_chunks; i++)
        chunk_unref(ix->chunks[i]);
    free(ix->chunks);
    *ix = (ObjIndex){0};
}

static int head_cmp(const ObjChunk *c, const Key *k)
{
    int r = memcmp(c->head, k->head, HEAD_LEN);

    return r != 0 ? r : key_cmp(c->items[0].obj, k);
}

/* The chunk a key belongs to: the last whose first object is not behind the key. */
static size_t find_chunk(const ObjIndex *ix, const Key *k)
{
    size_t low = 0, high = ix->n_chunks;

    while (high - low > 1) {
        size_t mid = (low + high) / 2;

        if (head_cmp(ix->chunks[mid], k) <= 0)
            low = mid;
        else
            high = mid;
    }
    return low;
}

/* How what all keys of the chunk begin with compares to what this one does. */
static int alike_cmp(const ObjChunk *c, const Key *k)
{
    const Obj *o = c->items[0].obj;
    size_t n_ns;
    int r;

    if (c->n_alike <= HEAD_LEN)
        return memcmp(c->head, k->head, c->n_alike);
    r = strncmp(o->ns, k->ns, c->n_alike);
    n_ns = strlen(o->ns);
    return r != 0 || c->n_alike <= n_ns ? r : strncmp(o->name, k->name, c->n_alike - n_ns - 1);
}

/* The first item that is not before the key; *ret_is_equal: it has that key. */
static uint32_t find_item(const ObjChunk *c, const Key *k, bool *ret_is_equal)
{
    uint32_t low = 0, high = c->n;
    uint64_t next;
    int r;

    *ret_is_equal = false;
    if (c->n == 0)
        return 0;
    r = alike_cmp(c, k);
    if (r != 0)
        return r > 0 ? 0 : c->n;
    next = key_bytes(k, c->n_alike);
    while (low < high) {
        uint32_t mid = (low + high) / 2;
        const Item *i = &c->items[mid];

        r = i->next != next ? (i->next < next ? -1 : 1) : key_cmp(i->obj, k);
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
    Key k;

    if (ix->n == 0)
        return NULL;
    key_init(&k, ns, name);
    c = ix->chunks[find_chunk(ix, &k)];
    at = find_item(c, &k, &is_equal);
    return is_equal ? c->items[at].obj : NULL;
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
    c->n_alike = old->n_alike;
    memcpy(c->head, old->head, HEAD_LEN);
    memcpy(c->items, old->items, c->n * sizeof(Item));
    for (uint32_t i = 0; i < c->n; i++)
        obj_ref(c->items[i].obj);
    chunk_unref(old);
    ix->chunks[at] = c;
    ix->copied += sizeof(*c) + c->cap * sizeof(Item);
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
    memcpy(right->items, left->items + keep, right->n * sizeof(Item));
    left->n = keep;
    chunk_learn(left);
    chunk_learn(right);
    insert_chunk(ix, at + 1, right);
}

static void insert_item(ObjChunk *c, uint32_t at, Obj *o, const Key *k)
{
    bool is_at_end = at == c->n;

    memmove(c->items + at + 1, c->items + at, (c->n - at) * sizeof(Item));
    c->items[at] = (Item){key_bytes(k, c->n_alike), o};
    c->n++;
    if ((at == 0 || is_at_end) &&
        (c->n == 1 || alike(c->items[0].obj, c->items[c->n - 1].obj) < c->n_alike))
        chunk_learn(c);
    else if (at == 0)
        memcpy(c->head, k->head, HEAD_LEN);
}

Obj *objindex_put(ObjIndex *ix, Obj *o)
{
    ObjChunk *c;
    bool is_equal;
    uint32_t at;
    size_t ci;
    Key k;

    if (ix->n_chunks == 0)
        insert_chunk(ix, 0, chunk_new(CHUNK_MIN));
    key_init(&k, o->ns, o->name);
    ci = find_chunk(ix, &k);
    c = own_chunk(ix, ci);
    at = find_item(c, &k, &is_equal);
    if (is_equal) {
        Obj *old = c->items[at].obj;

        c->items[at].obj = o;
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
        c = ix->chunks[ci] = xrealloc(c, sizeof(*c) + c->cap * sizeof(Item));
    }
    insert_item(c, at, o, &k);
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
    Key k;

    if (ix->n == 0)
        return NULL;
    key_init(&k, ns, name);
    ci = find_chunk(ix, &k);
    c = ix->chunks[ci];
    at = find_item(c, &k, &is_equal);
    if (!is_equal)
        return NULL;
    c = own_chunk(ix, ci);
    old = c->items[at].obj;
    memmove(c->items + at, c->items + at + 1, (c->n - at - 1) * sizeof(Item));
    c->n--;
    ix->n--;
    if (c->n > 0 && at == 0) {
        set_head(c);
    } else if (c->n == 0) {
        free(c);
        memmove(ix->chunks + ci, ix->chunks + ci + 1,
                (ix->n_chunks - ci - 1) * sizeof(*ix->chunks));
        ix->n_chunks--;
    }
    return old;
}

bool objindex_swap(ObjIndex *ix, const Obj *old, Obj *fresh)
{
    ObjChunk *c;
    bool is_equal;
    uint32_t at;
    Key k;

    if (ix->n == 0)
        return false;
    key_init(&k, old->ns, old->name);
    c = ix->chunks[find_chunk(ix, &k)];
    at = find_item(c, &k, &is_equal);
    if (!is_equal || c->items[at].obj != old)
        return false;
    c->items[at].obj = fresh;
    return true;
}

ObjPos objindex_seek(const ObjIndex *ix, const char *ns, const char *name, bool is_after)
{
    ObjPos pos = {0, 0};
    bool is_equal;
    Key k;

    if (ix->n == 0)
        return pos;
    key_init(&k, ns, name);
    pos.chunk = find_chunk(ix, &k);
    pos.item = find_item(ix->chunks[pos.chunk], &k, &is_equal);
    if (is_equal && is_after)
        pos.item++;
    return pos;
}

Obj *objindex_next(const ObjIndex *ix, ObjPos *pos)
{
    while (pos->chunk < ix->n_chunks) {
        const ObjChunk *c = ix->chunks[pos->chunk];

        if (pos->item < c->n)
            return c->items[pos->item++].obj;
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
