#include "vcluster/crds.h"

#include "api/crd.h"
#include "api/decode.h"
#include "base/clock.h"
#include "base/mem.h"
#include "vcluster/texts.h"

static const char definitions[] = "apiextensions/customresourcedefinitions";

/* ---- one definition, compiled ---- */

struct CrdDef {
    _Atomic uint32_t refs;
    char *name;
    int64_t revision, since; /* since: of the last change of a schema */
    Arena *arena;
    const Resource **items; /* of the served versions */
    uint32_t n;
};

static void def_unref(CrdDef *d)
{
    if (!d || atomic_fetch_sub(&d->refs, 1) != 1)
        return;
    arena_free(d->arena);
    free(d->name);
    free(d);
}

/* Equal schemas are the same ones as long as both definitions are there. */
static bool has_same_schemas(const CrdDef *a, const CrdDef *b)
{
    for (uint32_t i = 0; i < a->n && a->n == b->n; i++)
        if (a->items[i]->crd->schema != b->items[i]->crd->schema ||
            a->items[i]->crd->storage->crd->schema != b->items[i]->crd->storage->crd->schema)
            return false;
    return a->n == b->n;
}

/* `before` is what it was, or NULL. */
static CrdDef *def_new(Obj *o, const CrdDef *before)
{
    CLEANUP(arena_free) Arena *tmp = arena_new();
    CrdDef *d = xcalloc(1, sizeof(*d));
    const Value *crd;

    atomic_store(&d->refs, 1);
    d->name = xstrdup(o->name);
    d->revision = o->revision;
    d->arena = arena_new();
    crd = obj_to_value(tmp, o, "CustomResourceDefinition", "apiextensions.k8s.io/v1");
    if (crd_has_condition(crd, "Established") && !vc_builtin_group(value_at_str(crd, "spec.group")))
        d->n = crd_compile(d->arena, crd, &d->items);
    d->since = before && has_same_schemas(before, d) ? before->since : o->revision;
    for (uint32_t i = 0; i < d->n; i++)
        ((Crd *)d->items[i]->crd)->since = d->since; /* nobody else has it yet */
    return d;
}

/* The definition as it is in the set before, when it did not change. */
static CrdDef *def_of(const CrdSet *before, Obj *o)
{
    size_t lo = 0, hi = before ? before->n_defs : 0;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        CrdDef *d = before->defs[mid];
        int c = strcmp(d->name, o->name);

        if (c == 0 && d->revision == o->revision) {
            atomic_fetch_add(&d->refs, 1);
            return d;
        }
        if (c == 0)
            return def_new(o, d);
        if (c < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return def_new(o, NULL);
}

/* ---- the set ---- */

CrdSet *crds_ref(CrdSet *s)
{
    if (s)
        atomic_fetch_add(&s->refs, 1);
    return s;
}

void crds_unref(void *set)
{
    CrdSet *s = set;

    if (!s || atomic_fetch_sub(&s->refs, 1) != 1)
        return;
    texts_free(s->texts);
    for (size_t i = 0; i < s->n_defs; i++)
        def_unref(s->defs[i]);
    free(s->defs);
    free(s->items);
    free(s);
}

static int order(const void *x, const void *y)
{
    const Resource *a = *(const Resource *const *)x, *b = *(const Resource *const *)y;
    int d = strcmp(a->group, b->group);

    if (!d)
        d = crd_compare_versions(a->version, b->version);
    return d ? d : strcmp(a->plural, b->plural);
}

static int order_defs(const void *x, const void *y)
{
    return strcmp((*(CrdDef *const *)x)->name, (*(CrdDef *const *)y)->name);
}

static CrdSet *build(Cache *k, int64_t stamp, const CrdSet *before)
{
    CrdSet *s = xcalloc(1, sizeof(*s));
    AUTO_OBJVEC v = {0};
    CacheScan all = {0};
    int64_t revision;
    size_t cap = 0;

    atomic_store(&s->refs, 1);
    s->stamp = stamp;
    s->texts = texts_new();
    (void)cache_list(k, &all, &v, &revision);
    s->defs = xcalloc(v.n + 1, sizeof(*s->defs));
    for (size_t i = 0; i < v.n; i++) {
        CrdDef *d = def_of(before, v.items[i]);

        s->defs[s->n_defs++] = d;
        for (uint32_t j = 0; j < d->n; j++) {
            GROW(s->items, cap, s->n + 1);
            s->items[s->n++] = d->items[j];
        }
    }
    qsort(s->defs, s->n_defs, sizeof(*s->defs), order_defs);
    if (s->n > 1)
        qsort(s->items, s->n, sizeof(*s->items), order);
    return s;
}

int crds_need(Request *req)
{
    ClusterExt *ext = cluster_ext(req->cluster);
    CrdSet *now, *made, *before;
    Cache *k = NULL;
    int64_t stamp;
    int s;

    if (req->state->crds)
        return STEP_OK;
    s = engine_cache(req, req->cluster, definitions, &k);
    if (s)
        return s;
    stamp = cache_changed(k);
    pthread_mutex_lock(&ext->lock);
    now = ext->crds && ext->crds->stamp == stamp ? crds_ref(ext->crds) : NULL;
    before = now ? NULL : crds_ref(ext->crds);
    pthread_mutex_unlock(&ext->lock);
    if (!now) {
        made = build(k, stamp, before);
        crds_unref(before);
        now = crds_ref(made);
        pthread_mutex_lock(&ext->lock);
        crds_unref(ext->crds);
        ext->crds = made;
        pthread_mutex_unlock(&ext->lock);
    }
    arena_on_free(req->arena, crds_unref, now);
    req->state->crds = now;
    return STEP_OK;
}

const Resource *crds_find(const Request *req, const char *group, const char *version,
                          const char *plural)
{
    const CrdSet *s = req->state->crds;

    for (size_t i = 0; s && i < s->n; i++)
        if (str_eq(s->items[i]->plural, plural) && str_eq(s->items[i]->group, group) &&
            str_eq(s->items[i]->version, version))
            return s->items[i];
    return NULL;
}

bool crds_have(const Request *req, const char *group, const char *version)
{
    const CrdSet *s = req->state->crds;

    for (size_t i = 0; s && i < s->n; i++)
        if (str_eq(s->items[i]->group, group) &&
            (!version || str_eq(s->items[i]->version, version)))
            return true;
    return false;
}

/* ---- definitions on their way ---- */

/* Objects of a version that was stored once may still be there. */
static void put_stored_version(Request *req, const Op *op)
{
    Value *status = value_need(req->arena, op->obj, "status");
    Value *list = value_get(status, "storedVersions");
    const Value *v;

    value_each_item(value_at(op->obj, "spec.versions"), i, v)
    {
        const char *name = value_get_str(v, "name");

        if (!value_is_true(value_get(v, "storage")) || !name)
            continue;
        if (!value_is(list, VALUE_ARRAY)) {
            list = value_array(req->arena);
            value_set(req->arena, status, "storedVersions", list);
        }
        if (!value_has_str(list, name))
            value_append(req->arena, list, value_str(req->arena, name));
        break;
    }
}

static void find_unknown_formats(const Value *schema, Value *found, Arena *a)
{
    const char *format = value_get_str(schema, "format"), *type = value_get_str(schema, "type");
    const Value *item;

    if (format && format[0] &&
        !format_is_known(
            value_is_true(value_get(schema, "x-kubernetes-int-or-string")) || !type ? "" : type,
            format))
        value_set(a, found, format, value_null(a));
    value_each_member(schema, m)
    {
        if (m->value->type >= VALUE_ARRAY && !str_eq(m->name, "enum") &&
            !str_eq(m->name, "default") && !str_eq(m->name, "example"))
            find_unknown_formats(m->value, found, a);
    }
    value_each_item(schema, i, item) find_unknown_formats(item, found, a);
}

static int by_member(const void *x, const void *y)
{
    return strcmp(((const Member *)x)->name, ((const Member *)y)->name);
}

static Value *unknown_formats(Arena *a, const Value *crd)
{
    Value *found = value_object(a);
    const Value *v;

    value_each_item(value_at(crd, "spec.versions"), i, v)
        find_unknown_formats(value_at(v, "schema.openAPIV3Schema"), found, a);
    if (found->n > 1)
        qsort(found->members, found->n, sizeof(*found->members), by_member);
    return found;
}

static void warn_formats(Arena *a, const Value *obj, const Value *old, Warnings *ret)
{
    const Value *now = unknown_formats(a, obj), *before = old ? unknown_formats(a, old) : NULL;

    value_each_member(now, m)
    {
        if (!value_get(before, m->name))
            warnings_add(a, ret, "unrecognized format \"%s\"", m->name);
    }
}

int crds_create(Request *req, Op *op)
{
    value_set(
        req->arena, op->obj, "status",
        value_literal(req->arena, "{'conditions':null,'acceptedNames':{'plural':'','kind':''}}"));
    put_stored_version(req, op);
    return STEP_OK;
}

int crds_update(Request *req, Op *op)
{
    if (op->sub)
        return STEP_OK;
    put_stored_version(req, op);
    return STEP_OK;
}

void crds_mark(Request *req, Op *op)
{
    static const char finalizer[] = "customresourcecleanup.apiextensions.k8s.io";
    Arena *a = req->arena;
    Value *meta = value_need(a, op->obj, "metadata"), *list = value_get(meta, "finalizers"), *c;
    Value *conditions = value_at(op->obj, "status.conditions"), *rest = value_array(a);
    char when[CLOCK_TEXT_MAX];

    list = value_is(list, VALUE_ARRAY) ? value_copy(a, list) : value_array(a);
    if (!value_has_str(list, finalizer))
        value_append(a, list, value_str(a, finalizer));
    value_set(a, meta, "finalizers", list);
    value_each_item(conditions, i, c)
    {
        if (!str_eq(value_get_str(c, "type"), "Terminating"))
            value_append(a, rest, c);
    }
    c = value_literal(a, "{'type':'Terminating','status':'True'}");
    value_set_str(a, c, "lastTransitionTime", clock_to_rfc3339(req->state->now_us, when));
    value_set_str(a, c, "reason", "InstanceDeletionPending");
    value_set_str(
        a, c, "message",
        "CustomResourceDefinition marked for deletion; CustomResource deletion will begin "
        "soon");
    value_append(a, rest, c);
    value_set_at(a, op->obj, "status.conditions", rest);
}

/* Objects that the controller could not reach (no version is served) go with the definition, in the
 * same transaction. */
int crds_remove(Request *req, Op *op)
{
    Arena *a = req->arena;
    const Value *spec = value_get(op->old, "spec");
    Resource *r = arena_new0(a, Resource);
    AUTO_OBJVEC v = {0};
    CacheScan all = {0};
    int64_t revision;
    Cache *k = NULL;
    int s;

    if (!crd_has_condition(op->old, "Established"))
        return STEP_OK;
    r->group = value_get_str(spec, "group");
    r->kind = value_at_str(spec, "names.kind");
    r->plural = value_at_str(spec, "names.plural");
    r->version = value_at_str(spec, "versions.0.name");
    r->is_namespaced = str_eq(value_get_str(spec, "scope"), "Namespaced");
    r->storage = arena_printf(a, "%s/%s", r->group, r->plural);
    r->crd = arena_new0(a, Crd);
    s = engine_cache(req, req->cluster, r->storage, &k);
    if (s)
        return s;
    (void)cache_list(k, &all, &v, &revision);
    for (size_t i = 0; i < v.n; i++) {
        Stored was = {.obj = engine_keep(req, obj_ref(v.items[i])), .expect = v.items[i]->revision};
        Op gone = {.r = r, .verb = "DELETE", .ns = was.obj->ns, .name = was.obj->name, .was = was};

        engine_delete(req, r->storage, &was);
        gone.old = gone.obj = object_tree(a, r, was.obj);
        s = admit_charges(req, &gone);
        if (s)
            return s;
    }
    return STEP_OK;
}

/* ---- custom resources on their way ---- */

void crds_store(Request *req, Op *op)
{
    const Resource *r = op->r->crd ? op->r->crd->storage : NULL;

    if (r && r != op->r && !op->r->crd->needs_webhook)
        normalize_object(req->arena, r, op->obj);
}

static void warn_finalizers(Arena *a, const Value *obj, const Value *old, Warnings *ret)
{
    static const char *const standard[] = {"kubernetes", "orphan", "foregroundDeletion"};
    const Value *list = value_at(obj, "metadata.finalizers"), *f;
    const Value *before = value_at(old, "metadata.finalizers");

    value_each_item(list, i, f)
    {
        const char *name = value_to_cstr(f);
        bool is_fine = !name || strchr(name, '/') || value_has_str(before, name);

        for (size_t k = 0; k < ARRAY_LEN(standard) && !is_fine; k++)
            is_fine = str_eq(standard[k], name);
        if (!is_fine)
            warnings_add(a, ret,
                         "metadata.finalizers: \"%s\": prefer a domain-qualified finalizer name to "
                         "avoid accidental conflicts with other finalizer writers",
                         name);
    }
}

void crds_warn(Arena *a, const Resource *r, const Value *obj, const Value *old, Warnings *ret)
{
    if (r->crd)
        warn_finalizers(a, obj, old, ret);
    else
        warn_formats(a, obj, old, ret);
}
