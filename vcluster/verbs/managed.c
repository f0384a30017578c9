/*
 * managed.c - the entries of managedFields and what a write does to them.
 *
 * DESIGN. A write compares the object before and after (typed.h) and takes the difference from
 * every other manager, each in the version it wrote in; then the writer's own entry is made. An
 * apply does the same after it has merged and pruned:
 *
 *   live + config -> merged -> without what this manager named last time and not now
 *                           -> with what other managers hold of that
 *                           -> with what was not this manager's after all
 */
#include "vcluster/managed.h"

#include "base/clock.h"
#include "vcluster/convert.h"

#include <pthread.h>

/* MANAGERS_MAX: more make no sense, and every write of the object would pay for them. */
enum { UPDATERS_MAX = 10, VERSIONS_MAX = 16, MANAGERS_MAX = 1000 };

#define BEFORE_FIRST_APPLY "before-first-apply"
#define ANCIENT_CHANGES    "ancient-changes"

/* ---- entries ---- */

static const char *id_of(Arena *a, const Manager *m)
{
    Value *v = value_object(a);

    value_append_member(a, v, "manager", value_str(a, m->name));
    value_append_member(a, v, "operation", value_str(a, m->operation));
    if (!str_eq(m->operation, "Apply") && m->api_version[0])
        value_append_member(a, v, "apiVersion", value_str(a, m->api_version));
    if (m->subresource[0])
        value_append_member(a, v, "subresource", value_str(a, m->subresource));
    return value_to_str(a, v);
}

Manager *managers_find(const Managers *m, const char *id)
{
    for (uint32_t i = 0; i < m->n; i++)
        if (strcmp(m->items[i].id, id) == 0)
            return &m->items[i];
    return NULL;
}

void managers_put(Arena *a, Managers *m, const Manager *one)
{
    Manager *old = managers_find(m, one->id);

    if (old) {
        *old = *one;
        return;
    }
    ARENA_GROW(a, m->items, m->n, m->cap, 8);
    m->items[m->n++] = *one;
}

static void managers_del(Managers *m, uint32_t at)
{
    memmove(m->items + at, m->items + at + 1, (m->n - at - 1) * sizeof(*m->items));
    m->n--;
}

static void drop_empty(Managers *m)
{
    for (uint32_t i = m->n; i-- > 0;)
        if (fieldset_is_empty(m->items[i].set))
            managers_del(m, i);
}

Manager manager_with(Arena *a, const Manager *m, const char *api_version, FieldSet *set)
{
    Manager out = *m;

    out.api_version = api_version;
    out.set = set;
    out.id = id_of(a, &out);
    return out;
}

bool managers_decode(Arena *a, const Value *list, Managers *ret)
{
    const Value *e;

    *ret = (Managers){0};
    if (value_len(list) > MANAGERS_MAX)
        return false;
    value_each_item(list, i, e)
    {
        Manager m = {.name = value_get_text(e, "manager"),
                     .operation = value_get_text(e, "operation"),
                     .api_version = value_get_text(e, "apiVersion"),
                     .subresource = value_get_text(e, "subresource"),
                     .time = value_get_str(e, "time")};

        if ((!str_eq(m.operation, "Apply") && !str_eq(m.operation, "Update")) ||
            !m.api_version[0] || !str_eq(value_get_text(e, "fieldsType"), "FieldsV1") ||
            !fieldset_parse(a, value_get(e, "fieldsV1"), &m.set))
            return false;
        m.id = id_of(a, &m);
        managers_put(a, ret, &m);
    }
    return true;
}

static int by_age(const void *x, const void *y)
{
    const Manager *p = *(Manager *const *)x, *q = *(Manager *const *)y;
    const char *const left[] = {p->operation, p->time, p->name, p->api_version, p->subresource};
    const char *const right[] = {q->operation, q->time, q->name, q->api_version, q->subresource};

    for (size_t i = 0; i < ARRAY_LEN(left); i++) {
        int d = strcmp(left[i] ? left[i] : "", right[i] ? right[i] : "");

        if (d)
            return d;
    }
    return 0;
}

static Value *encode(Arena *a, const Manager *m)
{
    Value *e = value_object(a);

    value_append_member(a, e, "manager", value_str(a, m->name));
    value_append_member(a, e, "operation", value_str(a, m->operation));
    value_append_member(a, e, "apiVersion", value_str(a, m->api_version));
    if (m->time)
        value_append_member(a, e, "time", value_str(a, m->time));
    value_append_member(a, e, "fieldsType", value_str(a, "FieldsV1"));
    value_append_member(a, e, "fieldsV1", fieldset_print(a, m->set));
    if (m->subresource[0])
        value_append_member(a, e, "subresource", value_str(a, m->subresource));
    return e;
}

Value *managers_encode(Arena *a, const Managers *m)
{
    Manager **sorted = arena_array(a, Manager *, m->n + 1);
    Value *list = value_array(a);

    if (m->n == 0)
        return NULL;
    for (uint32_t i = 0; i < m->n; i++)
        sorted[i] = &m->items[i];
    qsort(sorted, m->n, sizeof(*sorted), by_age);
    for (uint32_t i = 0; i < m->n; i++)
        value_append(a, list, encode(a, sorted[i]));
    return list;
}

static void store(Arena *a, Value *obj, const Managers *m)
{
    Value *list = managers_encode(a, m);

    if (list)
        value_set(a, value_need(a, obj, "metadata"), "managedFields", list);
    else
        value_del_at(obj, "metadata.managedFields");
}

static Manager writer_entry(const FieldWriter *w, const char *operation)
{
    char version[256];
    Manager m = {.name = w->manager[0] ? w->manager : "unknown",
                 .operation = operation,
                 .api_version = arena_strdup(w->a, resource_api_version(w->r, version)),
                 .subresource = w->sub};

    m.id = id_of(w->a, &m);
    return m;
}

static const char *now_text(const FieldWriter *w)
{
    char when[CLOCK_TEXT_MAX];

    return arena_strdup(w->a, clock_to_rfc3339(w->now_us, when));
}

FieldWriter managed_writer(Request *req, const Op *op)
{
    return (FieldWriter){.a = req->arena,
                         .req = req,
                         .r = op->r,
                         .sub = op->sub ? op->sub->name : "",
                         .manager = op->manager,
                         .now_us = req->state->now_us};
}

/* ---- versions ---- */

/* The kind in another version; NULL when it is served no more. */
static const Resource *version_of(const FieldWriter *w, const char *api_version)
{
    const char *slash = strrchr(api_version, '/');
    const char *group =
        slash ? arena_strndup(w->a, api_version, (size_t)(slash - api_version)) : "";
    const char *version = slash ? slash + 1 : api_version;
    const Resource *r;
    char own[256];

    if (str_eq(api_version, resource_api_version(w->r, own)))
        return w->r;
    r = w->r->crd ? vc_resource(w->req, group, version, w->r->plural)
                  : resource_find_kind(group, version, w->r->kind);
    return r && w->r->storage && str_eq(r->storage, w->r->storage) ? r : NULL;
}

static const Value *convert(const FieldWriter *w, const Resource *from, const Resource *to,
                            const Value *v)
{
    char version[256];
    Value *out;

    if (from == to)
        return v;
    out = value_copy(w->a, v);
    if (to->crd)
        value_set_str(w->a, out, "apiVersion", resource_api_version(to, version));
    else {
        convert_to_storage(w->a, from, out);
        convert_from_storage(w->a, to, out);
        normalize_object(w->a, to, out);
    }
    return out;
}

/* ---- what nobody owns ---- */

/* What a write through a subresource (or not through one) cannot change. */
static const struct {
    const char *storage, *sub; /* NULL: every other */
    const char *paths[3];
} resets[] = {
    {"pods", "status", {"spec", "metadata.deletionTimestamp", "metadata.ownerReferences"}},
    {"apps/deployments", "status", {"spec", "metadata.labels"}},
    {"certificates/certificatesigningrequests", "", {"spec", "status"}},
    {"certificates/certificatesigningrequests", "status", {"spec", "status.conditions"}},
    {"certificates/certificatesigningrequests", "approval", {"spec", "status.certificate"}},
    {"resource/resourceclaims", "status", {"spec", "metadata"}},
    {"storage/volumeattachments", "status", {"spec", "metadata"}},
    {"flowcontrol/flowschemas", "status", {"spec", "metadata"}},
    {"flowcontrol/prioritylevelconfigurations", "status", {"spec", "metadata"}},
    {"admissionregistration/validatingadmissionpolicies", "status", {"spec", "metadata"}},
    {"apiextensions/customresourcedefinitions", "status", {"spec", "metadata"}},
    {"apiregistration/apiservices", "", {NULL}},
    {"apiregistration/apiservices", "status", {NULL}},
};

static FieldSet *reset_fields(const FieldWriter *w)
{
    FieldSet *out = NULL;
    const char *storage = w->r->storage ? w->r->storage : "";

    for (size_t i = 0; i < ARRAY_LEN(resets); i++) {
        if (!str_eq(resets[i].storage, storage) || !str_eq(resets[i].sub, w->sub))
            continue;
        for (size_t k = 0; k < ARRAY_LEN(resets[i].paths) && resets[i].paths[k]; k++)
            out = fieldset_union(w->a, out, fieldset_of_path(w->a, resets[i].paths[k]));
        return out;
    }
    if (str_eq(w->sub, "status")) {
        out = fieldset_of_path(w->a, "spec");
        if (w->r->crd)
            out = fieldset_union(w->a, out, fieldset_of_path(w->a, "metadata"));
    } else if (w->r->has_status)
        out = fieldset_of_path(w->a, "status");
    return out;
}

/* What alone a write through a subresource can change: path elements, "*" for any. */
enum { INCLUDED_DEPTH = 4 };

typedef const char *IncludedPath[INCLUDED_DEPTH]; /* NULL: ends before */

static const struct {
    const char *storage, *sub;
    IncludedPath paths[4];
} included[] = {
    {"pods",
     "resize",
     {{"f:spec", "f:containers", "*", "f:resources"},
      {"f:spec", "f:containers", "*", "f:resizePolicy"},
      {"f:spec", "f:initContainers", "*", "f:resources"},
      {"f:spec", "f:initContainers", "*", "f:resizePolicy"}}},
    {"pods", "ephemeralcontainers", {{"f:spec", "f:ephemeralContainers"}}},
};

/* Those below the paths that a bit of `paths` stands for; what is on the way stays a member. */
static FieldSet *include(const FieldWriter *w, const FieldSet *s, const IncludedPath *paths,
                         uint32_t which, int depth)
{
    FieldSet *out = s->is_member ? fieldset_leaf(w->a) : NULL;

    for (uint32_t i = 0; i < s->n; i++) {
        const FieldChild *c = &s->children[i];
        uint32_t matching = 0;
        bool is_whole = false;

        for (int k = 0; k < 4; k++) {
            const char *element = paths[k][depth];

            if (!(which >> k & 1) || !element ||
                (strcmp(element, "*") != 0 && strcmp(element, c->key) != 0))
                continue;
            matching |= 1u << k;
            is_whole = is_whole || depth + 1 == INCLUDED_DEPTH || !paths[k][depth + 1];
        }
        if (is_whole)
            fieldset_add(w->a, &out, c->key, c->set);
        else if (matching)
            fieldset_add(w->a, &out, c->key, include(w, c->set, paths, matching, depth + 1));
    }
    return out;
}

/* The fields of a set that such a write can own at all. */
static FieldSet *ownable(const FieldWriter *w, FieldSet *s)
{
    for (size_t i = 0; s && i < ARRAY_LEN(included); i++)
        if (str_eq(included[i].storage, w->r->storage) && str_eq(included[i].sub, w->sub))
            return include(w, s, included[i].paths, 15, 0);
    return fieldset_minus_below(w->a, s, reset_fields(w));
}

/* What an object is known by, which is nobody's; made once. */
static struct {
    pthread_once_t once;
    Arena *arena;
    const FieldSet *set;
} identity = {.once = PTHREAD_ONCE_INIT};

static void make_identity(void)
{
    static const char *const paths[] = {"apiVersion",
                                        "kind",
                                        "metadata",
                                        "metadata.name",
                                        "metadata.namespace",
                                        "metadata.creationTimestamp",
                                        "metadata.selfLink",
                                        "metadata.uid",
                                        "metadata.clusterName",
                                        "metadata.generation",
                                        "metadata.managedFields",
                                        "metadata.resourceVersion"};
    Arena *a = identity.arena = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(paths); i++)
        identity.set = fieldset_union(a, identity.set, fieldset_of_path(a, paths[i]));
}

static FieldSet *strip(const FieldWriter *w, const FieldSet *s)
{
    pthread_once(&identity.once, make_identity);
    return fieldset_minus(w->a, s, identity.set);
}

static const Value *without_managers(const FieldWriter *w, const Value *v)
{
    Value *out, *meta;
    const Value *old = value_get(v, "metadata");

    if (!value_get(old, "managedFields"))
        return v;
    out = value_object(w->a);
    meta = value_object(w->a);
    value_each_member(old, m) if (strcmp(m->name, "managedFields") != 0)
        value_append_member(w->a, meta, m->name, m->value);
    value_each_member(v, m)
        value_append_member(w->a, out, m->name, strcmp(m->name, "metadata") == 0 ? meta : m->value);
    return out;
}

/* ---- a write ---- */

typedef struct Versions { /* of one comparison: the difference as each version has it */
    const Resource *r[VERSIONS_MAX];
    FieldDiff diff[VERSIONS_MAX];
    uint32_t n;
} Versions;

typedef struct Change {
    const FieldWriter *w;
    const Value *from, *to;
    Versions versions;
} Change;

static FieldDiff diff_in(Change *c, const Resource *r)
{
    Versions *v = &c->versions;
    Typed t = typed_of(c->w->a, r);
    FieldDiff d;

    for (uint32_t i = 0; i < v->n; i++)
        if (v->r[i] == r)
            return v->diff[i];
    d = typed_compare(&t, convert(c->w, c->w->r, r, c->from), convert(c->w, c->w->r, r, c->to));
    d.changed = ownable(c->w, d.changed);
    d.removed = ownable(c->w, d.removed);
    if (v->n < VERSIONS_MAX) {
        v->r[v->n] = r;
        v->diff[v->n++] = d;
    }
    return d;
}

/* Takes the change from everybody but `self`. Unless forced, whoever holds some of it conflicts,
 * and then nothing is taken. */
static bool take_over(Change *c, Managers *all, const char *self, bool is_forced,
                      Conflict **ret_conflicts, uint32_t *ret_n)
{
    Arena *a = c->w->a;
    Conflict *found = arena_array(a, Conflict, all->n + 1);
    uint32_t n = 0;

    for (uint32_t i = all->n; i-- > 0;) {
        Manager *m = &all->items[i];
        const Resource *r = version_of(c->w, m->api_version);
        FieldDiff d;
        FieldSet *clash;

        if (self && strcmp(m->id, self) == 0)
            continue;
        if (!r) {
            managers_del(all, i);
            continue;
        }
        d = diff_in(c, r);
        clash = fieldset_common(a, m->set, d.changed);
        if (!fieldset_is_empty(clash)) {
            Manager *copy = arena_new0(a, Manager);

            *copy = *m;
            found[n++] = (Conflict){copy, clash};
        }
        m->set = fieldset_minus(a, fieldset_minus(a, m->set, clash), d.removed);
    }
    drop_empty(all);
    if (ret_n) {
        *ret_conflicts = found;
        *ret_n = n;
    }
    return n == 0 || is_forced;
}

/* ---- updates ---- */

static int by_time(const void *x, const void *y)
{
    const Manager *p = x, *q = y;
    int d = strcmp(p->time ? p->time : "", q->time ? q->time : "");

    return d ? d : strcmp(p->id, q->id);
}

static bool is_update(const Manager *m)
{
    return str_eq(m->operation, "Update");
}

/* Merges the oldest updaters, those of one version into one, until there are no more than the
 * limit. */
static void cap_updaters(Arena *a, Managers *all)
{
    uint32_t updaters = 0, seen = 0;
    Managers old = *all, out = {0};
    const Manager *first[VERSIONS_MAX];

    for (uint32_t i = 0; i < all->n; i++)
        updaters += is_update(&all->items[i]);
    if (updaters <= UPDATERS_MAX)
        return;
    qsort(old.items, old.n, sizeof(*old.items), by_time);
    for (uint32_t i = 0; i < old.n; i++) {
        Manager bucket = {.name = ANCIENT_CHANGES,
                          .operation = "Update",
                          .api_version = old.items[i].api_version,
                          .subresource = "",
                          .time = old.items[i].time};
        const Manager *one = NULL;
        Manager *there;

        if (!is_update(&old.items[i]) || updaters <= UPDATERS_MAX) {
            managers_put(a, &out, &old.items[i]);
            continue;
        }
        for (uint32_t k = 0; k < seen; k++)
            if (str_eq(first[k]->api_version, bucket.api_version))
                one = first[k];
        if (!one) { /* stays as it is until a second one of its version comes */
            if (seen < VERSIONS_MAX)
                first[seen++] = &old.items[i];
            managers_put(a, &out, &old.items[i]);
            continue;
        }
        bucket.id = id_of(a, &bucket);
        there = managers_find(&out, bucket.id);
        bucket.set = fieldset_union(a, old.items[i].set, there ? there->set : one->set);
        if (!there)
            for (uint32_t k = out.n; k-- > 0;)
                if (strcmp(out.items[k].id, one->id) == 0)
                    managers_del(&out, k);
        managers_put(a, &out, &bucket);
        updaters--;
    }
    *all = out;
}

static void update(const FieldWriter *w, const Value *live, const Value *obj, Managers *all)
{
    Change c = {.w = w, .from = without_managers(w, live), .to = without_managers(w, obj)};
    Manager self = writer_entry(w, "Update"), *there;

    (void)take_over(&c, all, NULL, true, NULL, NULL); /* an update always wins */
    self.set = strip(w, diff_in(&c, w->r).changed);
    if (!fieldset_is_empty(self.set)) {
        self.time = now_text(w);
        there = managers_find(all, self.id);
        if (there)
            self.set = fieldset_union(w->a, self.set, there->set);
        managers_put(w->a, all, &self);
    }
    cap_updaters(w->a, all);
}

/* The entries a write starts from: those the client sent, if they make sense, or the live ones. */
static void start(const FieldWriter *w, const Value *live, const Value *obj, Managers *ret)
{
    const Value *given = w->sub[0] ? NULL : value_at(obj, "metadata.managedFields");

    *ret = (Managers){0};
    if (value_len(given) == 1 && value_len(value_item(given, 0)) == 0)
        return; /* [{}] asks to forget them all */
    if (value_len(given) > 0 && managers_decode(w->a, given, ret) && ret->n > 0)
        return;
    if (!managers_decode(w->a, value_at(live, "metadata.managedFields"), ret))
        *ret = (Managers){0};
}

void managed_update(const FieldWriter *w, const Value *live, Value *obj)
{
    Managers all;

    start(w, live, obj, &all);
    if (live && all.n == 0) {
        /* an object that nobody tracked stays untracked until somebody applies */
        value_del_at(obj, "metadata.managedFields");
        return;
    }
    update(w, live ? live : managed_empty(w->a, w->r), obj, &all);
    store(w->a, obj, &all);
}

void managed_fields_update(Request *req, Op *op)
{
    FieldWriter w = managed_writer(req, op);

    if (!op->is_apply)
        managed_update(&w, op->old, op->obj);
}

Value *managed_empty(Arena *a, const Resource *r)
{
    char version[256];
    Value *v = value_object(a), *out = value_object(a);

    value_set(a, v, "metadata", value_object(a));
    normalize_object(a, r, v);
    value_set_str(a, out, "kind", r->kind);
    value_set_str(a, out, "apiVersion", resource_api_version(r, version));
    value_each_member(v, m) if (!str_eq(m->name, "kind") && !str_eq(m->name, "apiVersion"))
        value_set(a, out, m->name, m->value);
    if (!value_get(out, "metadata"))
        value_set(a, out, "metadata", value_object(a));
    return out;
}

/* ---- applies ---- */

/* What managers of one version hold together; marks them as seen. */
static FieldSet *held_in(const FieldWriter *w, const Managers *all, const char *api_version,
                         bool *seen)
{
    FieldSet *out = NULL;

    for (uint32_t i = 0; i < all->n; i++)
        if (!seen[i] && str_eq(all->items[i].api_version, api_version)) {
            out = fieldset_union(w->a, out, all->items[i].set);
            seen[i] = true;
        }
    return out;
}

/* `pruned` again with what is held of what it lacks of `merged`; both are of version r. */
static const Value *add_back(const FieldWriter *w, const Resource *r, const Value *merged,
                             const Value *pruned, const FieldSet *held)
{
    Typed t = typed_of(w->a, r);
    FieldSet *all = typed_with_fields(&t, typed_paths(&t, merged));
    FieldSet *kept = fieldset_union(w->a, typed_with_fields(&t, typed_paths(&t, pruned)),
                                    typed_with_fields(&t, held));

    return typed_remove(&t, merged, fieldset_minus(w->a, all, kept));
}

/* Takes out of `merged` what the manager named last time, does not name now, and nobody holds. */
static const Value *prune(const FieldWriter *w, const Value *merged, const Managers *all,
                          const Manager *last)
{
    const Resource *r = version_of(w, last->api_version), *at;
    const Value *whole, *m, *p;
    bool *seen = arena_array(w->a, bool, all->n + 1);
    FieldSet *named, *lost, *held;
    Typed t;

    if (!r || fieldset_is_empty(last->set))
        return merged;
    memset(seen, 0, (all->n + 1) * sizeof(bool));
    t = typed_of(w->a, r);
    named = typed_with_fields(&t, last->set);
    whole = m = convert(w, w->r, r, merged);
    p = typed_remove(&t, whole, named);
    held = held_in(w, all, last->api_version, seen);
    p = add_back(w, r, m, p, held);
    at = r;
    for (uint32_t i = 0; i < all->n; i++) {
        const Resource *next = seen[i] ? NULL : version_of(w, all->items[i].api_version);

        if (!next)
            continue;
        held = held_in(w, all, all->items[i].api_version, seen);
        m = convert(w, at, next, m);
        p = add_back(w, next, m, convert(w, at, next, p), held);
        at = next;
    }
    p = convert(w, at, r, p);
    lost = fieldset_minus(w->a, typed_with_fields(&t, typed_paths(&t, whole)),
                          typed_with_fields(&t, typed_paths(&t, p)));
    return convert(w, r, w->r, typed_remove(&t, whole, fieldset_common(w->a, lost, named)));
}

/* Entries of the live object; of one that nobody tracked, all is held from before. */
static void live_managers(const FieldWriter *w, const Value *live, Managers *ret)
{
    FieldWriter before = *w;

    if (!managers_decode(w->a, value_at(live, "metadata.managedFields"), ret))
        *ret = (Managers){0};
    if (ret->n > 0)
        return;
    before.manager = BEFORE_FIRST_APPLY;
    update(&before, managed_empty(w->a, w->r), live, ret);
}

void managed_apply(const FieldWriter *w, const Value *live, const Value *config, bool is_forced,
                   Applied *ret)
{
    Typed t = typed_of(w->a, w->r);
    Change c = {.w = w, .from = without_managers(w, live)};
    Manager self = writer_entry(w, "Apply"), *there;
    Managers all;

    *ret = (Applied){0};
    live_managers(w, live, &all);
    there = managers_find(&all, self.id);
    self.set = ownable(w, typed_paths(&t, config));
    self.time = there ? there->time : NULL;
    {
        Manager last = there ? *there : (Manager){0};

        managers_put(w->a, &all, &self);
        c.to = typed_merge(&t, c.from, config);
        if (last.id)
            c.to = prune(w, c.to, &all, &last);
    }
    if (!take_over(&c, &all, self.id, is_forced, &ret->items, &ret->n))
        return;
    ret->n = 0;
    ret->is_same = value_equal(c.from, c.to);
    if (!ret->is_same)
        self.time = now_text(w);
    self.set = strip(w, self.set);
    managers_put(w->a, &all, &self);
    drop_empty(&all);
    ret->obj = value_copy(w->a, c.to);
    store(w->a, ret->obj, &all);
}
