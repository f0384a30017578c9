/*
 * DESIGN. Most objects of a cache are not read for hours, and their texts are most of its memory.
 * Such a text is kept short: the object's place in the cache is taken by a shell (api/obj.h), which
 * has all but the text and lz4's form of it. What leaves the store is never a shell: a read makes
 * the object whole again and puts it back, so that the next reads find it as it was.
 *
 *     whole --(two sweeps without a read)--> shell --(read)--> whole
 *
 * A sweep goes over all caches every SWEEP_US, on the store thread, in slices of a millisecond. It
 * marks what it meets as unread; readers take the mark away. Only an object that nobody but the
 * cache has a reference on is packed, as nothing else would be won.
 *
 * Objects of one cache look alike, so the text of one of them is the dictionary of the others: it
 * is chosen once and lives as long as the cache, which every walk and every list hold. It is why
 * the text of a pod becomes a fifth and not a half.
 *
 * What is encrypted in the database, or wiped when it goes, is left alone: no more copies of it
 * than there must be. While lists ask by fields (Cache.terms), which are indexed by texts, nothing
 * is packed.
 */
#include "base/clock.h"
#include "base/mem.h"
#include "store/store_int.h"

#include <lz4.h>

enum {
    SWEEP_US = 15 * 1000 * 1000,
    TERMS_KEEP_US = 60 * 1000 * 1000, /* of what lists asked for */
    SLICE_MS = 25,
    SLICE_US = 1000,
    BUSY_EVENTS = 50, /* since the last slice: the thread has better things to do, */
    BUSY_REST = 8,    /* and goes on with every eighth */
    LOOK_MAX = 256,   /* objects that are looked at before the lock is given away */
    PIECE_MAX = 16,   /* and of them packed */
    TEXT_MIN = 512,
    TEXT_MAX = 256 * 1024,
    DICT_MAX = 4096,
    DICT_FROM = 16, /* objects; it costs as much as one */
};

/* In front of what lz4 made. */
typedef enum PackForm { FORM_PLAIN = 1, FORM_DICT = 2 } PackForm;

struct Packer {
    Store *store;
    LoopTimer *slices; /* while a sweep is under way */
    uint32_t sweep;
    int64_t swept_us, events;
    int rest;
    Buf out;
    LZ4_stream_t lz4;
};

/* ---- back ---- */

Obj *pack__copy(const Cache *k, const Obj *shell)
{
    Slice from = obj_packed(shell);
    bool has_dict = from.ptr[0] == FORM_DICT;
    char *text;
    Obj *o = obj_from_shell(shell, &text);
    int n =
        LZ4_decompress_safe_usingDict(from.ptr + 1, text, (int)from.len - 1, (int)o->text_len,
                                      has_dict ? k->dict : NULL, has_dict ? (int)k->dict_len : 0);

    BUG_ON(n != (int)o->text_len);
    return o;
}

/* With the lock held: the one takes the place of the other. */
static bool swap(Cache *k, Obj *old, Obj *fresh)
{
    if (!objindex_swap(&k->index, old, fresh))
        return false;
    if (k->has_owners)
        owners_swap(&k->owners, old, fresh);
    termset_swap(&k->terms, old, fresh);
    k->n_packed += fresh->packed_len > 0;
    k->n_packed -= old->packed_len > 0;
    k->cluster->store->n_packed += (fresh->packed_len > 0) - (old->packed_len > 0);
    return true;
}

Obj *pack__whole(Cache *k, Obj *o)
{
    Obj *w;
    bool is_back;

    if (o->packed_len == 0)
        return o;
    w = obj_ref(pack__copy(k, o));
    pthread_rwlock_wrlock(&k->lock);
    is_back = swap(k, o, w);
    pthread_rwlock_unlock(&k->lock);
    obj_unref(is_back ? o : w); /* the cache's reference */
    obj_unref(o);
    return w;
}

void pack__whole_all(Cache *k, ObjVec *v, size_t from)
{
    for (size_t i = from; i < v->n; i++)
        v->items[i] = pack__whole(k, v->items[i]);
}

void pack__whole_cache(Cache *k, const char *ns)
{
    ObjPos pos;
    AUTO_BUF after_ns = BUF_INIT, after = BUF_INIT;
    bool is_over;

    buf_adds(&after_ns, ns ? ns : "");
    do {
        AUTO_OBJVEC found = {0};
        Obj *o;

        pthread_rwlock_rdlock(&k->lock);
        is_over = k->n_packed == 0;
        pos = objindex_seek(&k->index, buf_str(&after_ns), buf_str(&after), after.len > 0);
        for (size_t i = 0; !is_over && i < LOOK_MAX; i++) {
            o = objindex_next(&k->index, &pos);
            is_over = !o || (ns && strcmp(o->ns, ns) != 0);
            if (!is_over)
                objvec_add(&found, obj_ref(o));
        }
        pthread_rwlock_unlock(&k->lock);
        pack__whole_all(k, &found, 0);
        if (found.n > 0) {
            o = found.items[found.n - 1];
            buf_reset(&after_ns);
            buf_reset(&after);
            buf_adds(&after_ns, o->ns);
            buf_adds(&after, o->name);
        }
    } while (!is_over);
}

void pack__left(Cache *k, const Obj *old)
{
    if (!old || old->packed_len == 0)
        return;
    k->n_packed--;
    k->cluster->store->n_packed--;
}

/* ---- there ---- */

static void choose_dict(Cache *k, const Obj *o)
{
    if (k->dict || k->index.n < DICT_FROM)
        return;
    k->dict_len = MIN(o->text_len, (uint32_t)DICT_MAX);
    k->dict = xmalloc(k->dict_len);
    memcpy(k->dict, o->text, k->dict_len);
}

/* NULL: it does not become much shorter. */
static Obj *shell_of(Packer *p, const Cache *k, const Obj *o)
{
    size_t most = o->text_len - o->text_len / 4;
    int n;

    buf_reset(&p->out);
    buf_reserve(&p->out, most + 1);
    p->out.ptr[0] = k->dict ? FORM_DICT : FORM_PLAIN;
    if (k->dict)
        (void)LZ4_loadDict(&p->lz4, k->dict, (int)k->dict_len); /* all of it */
    else
        LZ4_initStream(&p->lz4, sizeof(p->lz4));
    n = LZ4_compress_fast_continue(&p->lz4, o->text, p->out.ptr + 1, (int)o->text_len, (int)most,
                                   1);
    return n > 0 ? obj_shell(o, (Slice){p->out.ptr, (size_t)n + 1}) : NULL;
}

/* With the lock held. */
static bool is_due(const Cache *k, Obj *o)
{
    if (o->packed_len > 0 || o->is_secret || o->text_len < TEXT_MIN || o->text_len > TEXT_MAX)
        return false;
    if (o->use != OBJ_READ)
        return o->use == OBJ_UNREAD && o->refs == 1u + k->has_owners + termset_count(&k->terms, o);
    o->use = OBJ_UNREAD;
    return false;
}

/* The next ones that are due, as references; false at the end. */
static bool collect(Cache *k, ObjVec *ret)
{
    Obj *o = NULL;

    pthread_rwlock_rdlock(&k->lock);
    for (size_t i = 0; i < LOOK_MAX && ret->n < PIECE_MAX; i++) {
        o = objindex_next(&k->index, &k->sweep_at);
        if (!o)
            break;
        if (is_due(k, o))
            objvec_add(ret, obj_ref(o));
    }
    pthread_rwlock_unlock(&k->lock);
    return o != NULL;
}

/* Whoever has begun to read one of them meanwhile keeps it. */
static void pack(Packer *p, Cache *k, ObjVec *due)
{
    Obj *shells[PIECE_MAX];

    choose_dict(k, due->items[0]);
    for (size_t i = 0; i < due->n; i++)
        shells[i] = shell_of(p, k, due->items[i]);
    pthread_rwlock_wrlock(&k->lock);
    for (size_t i = 0; i < due->n; i++) {
        Obj *o = due->items[i];

        if (!shells[i])
            o->use = OBJ_STAYS;
        else if (o->use == OBJ_UNREAD && !termset_needs_texts(&k->terms) && swap(k, o, shells[i]))
            shells[i] = o; /* the cache's reference on it: given up without the lock */
    }
    pthread_rwlock_unlock(&k->lock);
    for (size_t i = 0; i < due->n; i++)
        obj_unref(shells[i]);
}

static bool may_be_packed(Cache *k)
{
    const ClusterRec *c = k->cluster;
    bool may;

    if (k->state != CACHE_READY || store__is_encrypted(c->store, c->encrypted, k->storage))
        return false;
    pthread_rwlock_wrlock(&k->lock);
    termset_expire(&k->terms, clock_mono_us() - TERMS_KEEP_US);
    may = !termset_needs_texts(&k->terms) && k->n_packed < k->index.n;
    pthread_rwlock_unlock(&k->lock);
    return may;
}

/* ---- sweeps ---- */

/* The next piece of the sweep; false: it is over. The caches that are done are at the list's end.
 */
static bool sweep_piece(Packer *p)
{
    Store *s = p->store;
    Cache *k = list_is_empty(&s->caches) ? NULL : list_entry(s->caches.next, Cache, link);
    AUTO_OBJVEC due = {0};
    bool has_more;

    if (!k || k->swept == p->sweep)
        return false;
    if (k->sweep_at.chunk == 0 && k->sweep_at.item == 0 && !may_be_packed(k)) {
        has_more = false;
    } else {
        has_more = collect(k, &due);
        if (due.n > 0)
            pack(p, k, &due);
    }
    if (!has_more) {
        k->swept = p->sweep;
        k->sweep_at = (ObjPos){0, 0};
        list_del(&k->link);
        list_add_tail(&s->caches, &k->link);
    }
    return true;
}

static void on_slice(void *data)
{
    Packer *p = data;
    Store *s = p->store;
    bool is_busy = s->events - p->events > BUSY_EVENTS;
    int64_t end = clock_mono_us() + SLICE_US;

    p->events = s->events;
    p->rest = is_busy ? (p->rest + 1) % BUSY_REST : 0;
    if (p->rest > 0)
        return;
    do {
        if (!sweep_piece(p)) {
            loop_timer_free(TAKE(p->slices));
            return;
        }
    } while (clock_mono_us() < end);
}

void pack__tick(Packer *p)
{
    int64_t now = clock_mono_us();

    if (p->slices || now - p->swept_us < p->store->sweep_us)
        return;
    p->swept_us = now;
    p->sweep++;
    p->slices = loop_timer(p->store->loop, 0, SLICE_MS, on_slice, p);
}

Packer *pack__open(Store *s)
{
    Packer *p = xcalloc(1, sizeof(*p));

    p->store = s;
    p->swept_us = clock_mono_us();
    s->sweep_us = SWEEP_US;
    return p;
}

void pack__close(Packer *p)
{
    loop_timer_free(TAKE(p->slices));
}

void pack__free(Packer *p)
{
    if (!p)
        return;
    buf_done(&p->out);
    free(p);
}
