#include "vcluster/crds.h"

#include "api/crd.h"
#include "base/clock.h"
#include "base/mem.h"
#include "vcluster/texts.h"

static const char definitions[] = "apiextensions/customresourcedefinitions";

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
    arena_free(s->arena);
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

static bool is_builtin_version(const Value *crd)
{
    const char *group = value_at_str(crd, "spec.group");
    size_t n;
    const Resource *all = resources_builtin(&n);

    for (size_t i = 0; i < n; i++)
        if (str_eq(all[i].group, group))
            return true;
    return false;
}

static CrdSet *build(Cache *k, int64_t stamp)
{
    CrdSet *s = xcalloc(1, sizeof(*s));
    AUTO_OBJVEC v = {0};
    CacheScan all = {0};
    int64_t revision;
    size_t cap = 0;

    atomic_store(&s->refs, 1);
    s->stamp = stamp;
    s->arena = arena_new();
    s->texts = texts_new();
    (void)cache_list(k, &all, &v, &revision);
    for (size_t i = 0; i < v.n; i++) {
        Value *crd = obj_to_value(s->arena, v.items[i], "CustomResourceDefinition",
                                  "apiextensions.k8s.io/v1");
        const Resource **made;
        uint32_t n;

        if (!crd_is_established(crd) || is_builtin_version(crd))
            continue;
        n = crd_compile(s->arena, crd, &made);
        for (uint32_t j = 0; j < n; j++) {
            GROW(s->items, cap, s->n + 1);
            s->items[s->n++] = made[j];
        }
    }
    if (s->n > 1)
        qsort(s->items, s->n, sizeof(*s->items), order);
    return s;
}

int crds_need(Request *req)
{
    ClusterExt *ext = cluster_ext(req->cluster);
    CrdSet *now, *made;
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
    pthread_mutex_unlock(&ext->lock);
    if (!now) {
        made = build(k, stamp);
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

typedef struct Clash {
    const char *reason, *name; /* NULL: none */
} Clash;

static bool has_text(const Value *list, const char *s)
{
    const Value *v;

    value_each_item(list, i, v) if (str_eq(value_to_cstr(v), s)) return true;
    return false;
}

static bool is_taken(const Value *names, const char *s)
{
    return str_eq(value_get_str(names, "plural"), s) ||
           str_eq(value_get_str(names, "singular"), s) ||
           has_text(value_get(names, "shortNames"), s);
}

/* `theirs` are accepted names of another definition of the group. */
static void compare_names(const Value *mine, const Value *theirs, Clash *ret)
{
    static const struct {
        const char *member, *reason;
    } words[] = {{"plural", "PluralConflict"}, {"singular", "SingularConflict"}};
    static const struct {
        const char *member, *reason;
    } kinds[] = {{"kind", "KindConflict"}, {"listKind", "ListKindConflict"}};
    const Value *v;

    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        const char *s = value_get_str(mine, words[i].member);

        if (s && s[0] && is_taken(theirs, s))
            *ret = (Clash){words[i].reason, s};
    }
    value_each_item(value_get(mine, "shortNames"), k,
                    v) if (value_to_cstr(v) && is_taken(theirs, value_to_cstr(v))) *ret =
        (Clash){"ShortNamesConflict", value_to_cstr(v)};
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        const char *s = value_get_str(mine, kinds[i].member);

        if (s && s[0] &&
            (str_eq(s, value_get_str(theirs, "kind")) ||
             str_eq(s, value_get_str(theirs, "listKind"))))
            *ret = (Clash){kinds[i].reason, s};
    }
}

static int find_clash(Request *req, const Op *op, Clash *ret)
{
    const char *group = value_at_str(op->obj, "spec.group");
    AUTO_OBJVEC v = {0};
    CacheScan all = {0};
    int64_t revision;
    Cache *k = NULL;
    int s = engine_cache(req, req->cluster, definitions, &k);

    *ret = (Clash){0};
    if (s)
        return s;
    (void)cache_list(k, &all, &v, &revision);
    for (size_t i = 0; i < v.n; i++) {
        const Value *other;

        if (str_eq(v.items[i]->name, op->name))
            continue;
        other = obj_to_value(req->arena, v.items[i], NULL, NULL);
        if (str_eq(value_at_str(other, "spec.group"), group))
            compare_names(value_at(op->obj, "spec.names"), value_at(other, "status.acceptedNames"),
                          ret);
    }
    return STEP_OK;
}

/* Set a condition; its time moves when its status does. */
static void put_condition(Request *req, Value *status, const char *type, bool is_true,
                          const char *reason, const char *message)
{
    Arena *a = req->arena;
    Value *list = value_get(status, "conditions"), *c, *found = NULL;
    char when[CLOCK_TEXT_MAX];

    if (!value_is(list, VALUE_ARRAY)) {
        list = value_array(a);
        value_set(a, status, "conditions", list);
    }
    value_each_item(list, i, c) if (str_eq(value_get_str(c, "type"), type)) found = c;
    if (!found) {
        found = value_object(a);
        value_append(a, list, found);
        value_set_str(a, found, "type", type);
    }
    if (!str_eq(value_get_str(found, "status"), is_true ? "True" : "False")) {
        value_set_str(a, found, "status", is_true ? "True" : "False");
        value_set_str(a, found, "lastTransitionTime", clock_to_rfc3339(req->state->now_us, when));
    }
    value_set_str(a, found, "reason", reason);
    value_set_str(a, found, "message", message);
}

static void put_stored_version(Request *req, const Op *op, Value *status)
{
    Value *list = value_get(status, "storedVersions");
    const Value *v;

    if (!value_is(list, VALUE_ARRAY)) {
        list = value_array(req->arena);
        value_set(req->arena, status, "storedVersions", list);
    }
    value_each_item(value_at(op->obj, "spec.versions"), i, v)
    {
        const char *name = value_get_str(v, "name");

        if (value_is_true(value_get(v, "storage")) && name && !has_text(list, name))
            value_append(req->arena, list, value_str(req->arena, name));
    }
}

static int put_status(Request *req, Op *op)
{
    Arena *a = req->arena;
    Value *status;
    Clash clash;
    int s = find_clash(req, op, &clash);

    if (s)
        return s;
    status = value_need(a, op->obj, "status");
    put_condition(req, status, "NamesAccepted", !clash.reason,
                  clash.reason ? clash.reason : "NoConflicts",
                  clash.reason ? arena_printf(a, "\"%s\" is already in use", clash.name)
                               : "no conflicts found");
    if (!clash.reason) {
        value_set(a, status, "acceptedNames", value_copy(a, value_at(op->obj, "spec.names")));
        put_condition(req, status, "Established", true, "InitialNamesAccepted",
                      "the initial names have been accepted");
    } else if (!crd_is_established(op->obj)) { /* what was served once stays */
        value_set(a, status, "acceptedNames", value_literal(a, "{'plural':'','kind':''}"));
        put_condition(req, status, "Established", false, "NotAccepted",
                      "not all names are accepted");
    }
    put_stored_version(req, op, status);
    return STEP_OK;
}

int crds_create(Request *req, Op *op)
{
    value_del(op->obj, "status");
    return put_status(req, op);
}

int crds_update(Request *req, Op *op)
{
    return op->sub ? STEP_OK : put_status(req, op);
}

/* The objects of a kind go with its definition, in the same transaction. */
int crds_remove(Request *req, Op *op)
{
    Arena *a = req->arena;
    const Value *spec = value_get(op->old, "spec");
    Resource *r;
    Crd *crd;
    AUTO_OBJVEC v = {0};
    CacheScan all = {0};
    int64_t revision;
    Cache *k = NULL;
    int s;

    if (!crd_is_established(op->old))
        return STEP_OK;
    r = arena_new0(a, Resource);
    crd = arena_new0(a, Crd);
    r->group = value_get_str(spec, "group");
    r->kind = value_at_str(spec, "names.kind");
    r->plural = value_at_str(spec, "names.plural");
    r->version = value_at_str(spec, "versions.0.name");
    r->is_namespaced = str_eq(value_get_str(spec, "scope"), "Namespaced");
    r->storage = arena_printf(a, "%s/%s", r->group, r->plural);
    r->crd = crd;
    s = engine_cache(req, req->cluster, r->storage, &k);
    if (s)
        return s;
    (void)cache_list(k, &all, &v, &revision);
    for (size_t i = 0; i < v.n; i++) {
        Stored was = {.obj = engine_keep(req, obj_ref(v.items[i])), .expect = v.items[i]->revision};
        Op gone = {.r = r, .verb = "DELETE", .ns = was.obj->ns, .name = was.obj->name, .was = was};

        if (was.obj->has_finalizers)
            return fail_conflict(req, op->r, op->name,
                                 "%s \"%s\" has finalizers and must be deleted first", r->plural,
                                 was.obj->name);
        engine_delete(req, r->storage, &was);
        gone.old = gone.obj = object_tree(a, r, was.obj);
        s = admit_charges(req, &gone);
        if (s)
            return s;
    }
    return STEP_OK;
}
