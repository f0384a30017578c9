#include "store/termset.h"

#include "base/mem.h"

enum { KEEP_US = 10 * 1000 * 1000 /* what was asked for since is not given up for another */ };

struct TermIndex {
    SelectorTerm path; /* values do not count */
    Map by_value;      /* -> ObjIndex */
    _Atomic int64_t used_us;
    bool is_ready;
    char *ns, *name; /* filled up to this key while not ready; NULL: not begun */
};

static void index_free(void *p)
{
    objindex_done(p);
    free(p);
}

static void term_free(TermIndex *ti)
{
    ti->by_value.free_value = index_free;
    map_done(&ti->by_value);
    free((char *)ti->path.path);
    free(ti->ns);
    free(ti->name);
    free(ti);
}

void termset_done(TermSet *t)
{
    for (size_t i = 0; i < t->n; i++)
        term_free(t->items[i]);
    t->n = 0;
}

static bool is_path(const TermIndex *ti, const SelectorTerm *term)
{
    return ti->path.is_label == term->is_label && strcmp(ti->path.path, term->path) == 0;
}

TermIndex *termset_find(const TermSet *t, const SelectorTerm *term, int64_t now_us)
{
    for (size_t i = 0; i < t->n; i++) {
        TermIndex *ti = t->items[i];

        if (!is_path(ti, term))
            continue;
        ti->used_us = now_us;
        return ti->is_ready ? ti : NULL;
    }
    return NULL;
}

/* The place of the one that is given up for another; TERMS_MAX: none may be. */
static size_t least_used(const TermSet *t, int64_t now_us)
{
    size_t best = TERMS_MAX;

    for (size_t i = 0; i < t->n; i++) {
        const TermIndex *ti = t->items[i];

        if (ti->is_ready && ti->used_us < now_us - KEEP_US &&
            (best == TERMS_MAX || ti->used_us < t->items[best]->used_us))
            best = i;
    }
    return best;
}

TermIndex *termset_add(TermSet *t, const SelectorTerm *term, int64_t now_us)
{
    size_t at = t->n < TERMS_MAX ? t->n : least_used(t, now_us);
    TermIndex *ti;

    for (size_t i = 0; i < t->n; i++)
        if (is_path(t->items[i], term))
            return NULL;
    if (at == TERMS_MAX)
        return NULL;
    if (at < t->n)
        term_free(t->items[at]);
    else
        t->n++;
    ti = t->items[at] = xcalloc(1, sizeof(*ti));
    ti->path = (SelectorTerm){.is_label = term->is_label, .path = xstrdup(term->path)};
    ti->used_us = now_us;
    return ti;
}

void termset_expire(TermSet *t, int64_t before_us)
{
    size_t n = 0;

    for (size_t i = 0; i < t->n; i++) {
        TermIndex *ti = t->items[i];

        if (ti->is_ready && ti->used_us < before_us)
            term_free(ti);
        else
            t->items[n++] = ti;
    }
    t->n = n;
}

static void put(TermIndex *ti, const char *value, Obj *o)
{
    ObjIndex *ix = map_get(&ti->by_value, value);

    if (!ix) {
        ix = xcalloc(1, sizeof(*ix));
        map_set(&ti->by_value, value, ix);
    }
    obj_unref(objindex_put(ix, obj_ref(o)));
}

static void del(TermIndex *ti, const char *value, const Obj *o)
{
    ObjIndex *ix = map_get(&ti->by_value, value);

    if (!ix)
        return;
    obj_unref(objindex_del(ix, o->ns, o->name));
    if (ix->n == 0)
        index_free(map_del(&ti->by_value, value));
}

bool termset_fill(TermIndex *ti, const ObjIndex *all)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    ObjPos pos = objindex_seek(all, ti->ns ? ti->ns : "", ti->name ? ti->name : "", ti->ns != NULL);
    const Obj *last = NULL;
    Obj *o = NULL;

    for (size_t i = 0; i < TERMS_STEP && (o = objindex_next(all, &pos)); i++) {
        const char *value = selector_term_value(&ti->path, o, a);

        if (value)
            put(ti, value, o);
        last = o;
    }
    free(ti->ns);
    free(ti->name);
    ti->ns = ti->name = NULL;
    ti->is_ready = o == NULL;
    if (!ti->is_ready) {
        ti->ns = xstrdup(last->ns);
        ti->name = xstrdup(last->name);
    }
    return !ti->is_ready;
}

/* What lies behind the key that filling has reached is taken in when it gets there. */
static bool covers(const TermIndex *ti, const Obj *o)
{
    int d;

    if (ti->is_ready || !ti->ns)
        return ti->is_ready;
    d = strcmp(o->ns, ti->ns);
    return d < 0 || (d == 0 && strcmp(o->name, ti->name) <= 0);
}

static void change(TermIndex *ti, const Obj *old, Obj *fresh, Arena *a)
{
    const char *was = old ? selector_term_value(&ti->path, old, a) : NULL;
    const char *is = fresh ? selector_term_value(&ti->path, fresh, a) : NULL;

    if (was && !str_eq(was, is))
        del(ti, was, old);
    if (is)
        put(ti, is, fresh);
}

void termset_change(TermSet *t, const Obj *old, Obj *fresh)
{
    CLEANUP(arena_free) Arena *a = NULL;

    for (size_t i = 0; i < t->n; i++) {
        if (!covers(t->items[i], old ? old : fresh))
            continue;
        if (!a)
            a = arena_new();
        change(t->items[i], old, fresh, a);
    }
}

bool termset_needs_texts(const TermSet *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (!t->items[i]->path.is_label)
            return true;
    return false;
}

uint32_t termset_count(const TermSet *t, const Obj *o)
{
    uint32_t n = 0;

    for (size_t i = 0; i < t->n; i++)
        n += covers(t->items[i], o) && obj_label(o, t->items[i]->path.path);
    return n;
}

void termset_swap(TermSet *t, Obj *old, Obj *fresh)
{
    for (size_t i = 0; i < t->n; i++) {
        const char *value = obj_label(old, t->items[i]->path.path);
        ObjIndex *ix = value ? map_get(&t->items[i]->by_value, value) : NULL;

        if (ix && objindex_swap(ix, old, obj_ref(fresh)))
            obj_unref(old);
        else if (ix)
            obj_unref(fresh);
    }
}

/* ---- scanning ---- */

static int key_cmp(const Obj *x, const Obj *y)
{
    int d = strcmp(x->ns, y->ns);

    return d != 0 ? d : strcmp(x->name, y->name);
}

void term_scan_start(TermScan *scan, const TermIndex *ti, const SelectorTerm *term, const char *ns,
                     const char *name, bool is_after)
{
    scan->n = 0;
    for (uint32_t i = 0; i < term->n_values; i++) {
        const ObjIndex *ix = map_get(&ti->by_value, term->values[i]);
        uint32_t n = scan->n;

        if (!ix)
            continue;
        scan->parts[n] = ix;
        scan->pos[n] = objindex_seek(ix, ns, name, is_after);
        scan->heads[n] = objindex_next(ix, &scan->pos[n]);
        scan->n++;
    }
}

Obj *term_scan_next(TermScan *scan)
{
    uint32_t best = 0;
    Obj *o;

    if (scan->n == 0)
        return NULL;
    for (uint32_t i = 1; i < scan->n; i++)
        if (scan->heads[i] &&
            (!scan->heads[best] || key_cmp(scan->heads[i], scan->heads[best]) < 0))
            best = i;
    o = scan->heads[best];
    if (o)
        scan->heads[best] = objindex_next(scan->parts[best], &scan->pos[best]);
    return o;
}
