#include "vcluster/baselayer/baselayer.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/random.h"
#include "tenancy/authn.h"
#include "tenancy/plans.h"
#include "vcluster/vcluster_int.h"

static const char plans_storage[] = "tenancy/plans";

/* Roles that only the host has. Who runs tenants for others may not look into them: so no
 * kubeconfig. Who may break the glass gets one of which the tenant is told. */
static const BaseRow host_roles[] = {
    {"", "hostplane:tenant-operator",
     "{\"metadata\":{\"name\":\"hostplane:tenant-operator\",\"labels\":{\"hostplane.io/built-in\":"
     "\"true\"}},\"rules\":[{\"verbs\":[\"get\",\"list\",\"watch\",\"create\",\"update\",\"patch\","
     "\"delete\"],\"apiGroups\":[\"tenancy.hostplane.io\"],\"resources\":[\"tenants\","
     "\"tenantgroups\"]},{\"verbs\":"
     "["
     "\"create\"],\"apiGroups\":[\"tenancy.hostplane.io\"],\"resources\":[\"tenants/suspend\","
     "\"tenants/resume\",\"tenants/revoke\"]},{\"verbs\":[\"get\"],\"apiGroups\":["
     "\"tenancy.hostplane.io\"],\"resources\":[\"tenants/usage\",\"tenantgroups/"
     "usage\"]},{\"verbs\":[\"get\",\"list\","
     "\"watch\"],\"apiGroups\":[\"tenancy.hostplane.io\"],\"resources\":[\"plans\",\"nodepools\","
     "\"meters\"]}]}"},
    {"", "hostplane:break-glass",
     "{\"metadata\":{\"name\":\"hostplane:break-glass\",\"labels\":{\"hostplane.io/built-in\":"
     "\"true\"}},\"rules\":[{\"verbs\":[\"create\"],\"apiGroups\":[\"tenancy.hostplane.io\"],"
     "\"resources\":[\"tenants/access\"]}]}"},
    {"", "hostplane:auditor",
     "{\"metadata\":{\"name\":\"hostplane:auditor\",\"labels\":{\"hostplane.io/built-in\":"
     "\"true\"}},\"rules\":[{\"verbs\":[\"get\"],\"apiGroups\":[\"tenancy.hostplane.io\"],"
     "\"resources\":[\"tenants/audit\"]},{\"verbs\":[\"get\",\"list\"],\"apiGroups\":["
     "\"audit.hostplane.io\"],\"resources\":[\"auditevents\",\"auditcheckpoints\"]}]}"},
};
static const char roles_storage[] = "rbac/clusterroles";

static const BaseRow *host_role(const Cluster *c, const char *storage, size_t i)
{
    return is_host(c) && strcmp(storage, roles_storage) == 0 && i < ARRAY_LEN(host_roles)
               ? &host_roles[i]
               : NULL;
}

typedef struct Made { /* one materialised resource */
    struct Made *next;
    _Atomic uint32_t refs;
    const char *storage;
    size_t n;
    Obj *items[];
} Made;

struct BaseSet {
    Made *first;
};

void base_release(Obj *const *items)
{
    Made *m = items ? container_of(items, Made, items) : NULL;

    if (!m || atomic_fetch_sub(&m->refs, 1) > 1)
        return;
    for (size_t i = 0; i < m->n; i++)
        obj_unref(m->items[i]);
    free(m);
}

void base_set_free(BaseSet *s)
{
    if (!s)
        return;
    while (s->first) {
        Made *m = s->first;

        s->first = m->next;
        base_release(m->items);
    }
    free(s);
}

static const BaseStorage *find_storage(const char *storage)
{
    size_t lo = 0, hi = base_n_storages;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        int d = strcmp(storage, base_storages[mid].storage);

        if (d == 0)
            return &base_storages[mid];
        if (d < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return NULL;
}

/* ---- making the objects of one cluster ---- */

typedef struct Stamps { /* what stands in for "@...@" */
    const char *ca, *client_ca, *front_ca, *when, *api_ip, *api_family;
    Value *service_cidrs;
    bool is_incomplete;
} Stamps;

/* Keys may be withheld for a while. */
static void fill_in_authorities(Vcluster *vc, Cluster *c, Arena *a, Stamps *ret)
{
    CLEANUP(identity_close) Identity *platform = NULL, *own = NULL;
    Err err;

    if (!vc->tenancy || !vc->host)
        return;
    if (tenancy_identity(vc->tenancy, vc->host, &platform, &err) == 0)
        ret->ca = arena_strdup(a, identity_ca_pem(platform));
    if (tenancy_identity(vc->tenancy, c, &own, &err) == 0 &&
        identity_front_ca(own, a, &ret->front_ca, &err) == 0)
        ret->client_ca = arena_strdup(a, identity_ca_pem(own));
    ret->is_incomplete = !ret->ca[0] || !ret->client_ca[0];
}

static Value *stamp(Arena *a, const Stamps *s, const char *name)
{
    const struct {
        const char *name, *text;
    } table[] = {
        {"@CA@", s->ca},     {"@CLIENT_CA@", s->client_ca}, {"@FRONT_CA@", s->front_ca},
        {"@TIME@", s->when}, {"@API_IP@", s->api_ip},       {"@API_FAMILY@", s->api_family}};

    for (size_t i = 0; name[0] == '@' && i < ARRAY_LEN(table); i++)
        if (str_eq(table[i].name, name))
            return value_str(a, table[i].text);
    return str_eq(name, "@SERVICE_CIDRS@") ? s->service_cidrs : NULL;
}

static void fill(Arena *a, Value *v, const Stamps *stamps)
{
    if (value_is(v, VALUE_OBJECT)) {
        for (uint32_t i = 0; i < v->n; i++) {
            const char *s = value_to_cstr(v->members[i].value);
            Value *stands = s ? stamp(a, stamps, s) : NULL;

            if (!s)
                fill(a, v->members[i].value, stamps);
            else if (stands)
                v->members[i].value = stands;
        }
    } else if (value_is(v, VALUE_ARRAY))
        for (uint32_t i = 0; i < v->n; i++) {
            const char *s = value_to_cstr(v->items[i]);
            Value *stands = s ? stamp(a, stamps, s) : NULL;

            if (!s)
                fill(a, v->items[i], stamps);
            else if (stands)
                v->items[i] = stands;
        }
}

static Obj *make(Cluster *c, const char *storage, const BaseRow *row, const Stamps *stamps)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const Resource *r = resource_find_storage(storage);
    char uid[UUID_TEXT_MAX];
    const char *key;
    Value *v = NULL, *meta;
    Obj *o = NULL;
    Err err;
    int x;

    x = value_parse(a, slice_of(row->json), &v, &err);
    BUG_ON(x < 0);
    fill(a, v, stamps);
    meta = value_get(v, "metadata");
    key = arena_printf(a, "%s/%s/%s/%s", c->uid, storage, row->ns, row->name);
    value_set_str(a, meta, "uid", uuid_from_text(slice_of(key), uid));
    value_set_str(a, meta, "creationTimestamp", stamps->when);
    if (r)
        normalize_object(a, r, v);
    x = obj_from_value(v, CLUSTER_FIRST_REVISION, &o, &err);
    if (x < 0)
        log_error(NULL, "base object is wrong", LOG_STR("name", row->name),
                  LOG_STR("error", err.msg));
    BUG_ON(x < 0);
    return o;
}

static int by_key(const void *x, const void *y)
{
    const Obj *const *a = x, *const *b = y;
    int d = strcmp((*a)->ns, (*b)->ns);

    return d ? d : strcmp((*a)->name, (*b)->name);
}

static Made *materialise(Vcluster *vc, Cluster *c, const BaseStorage *s)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Made *m = xcalloc(1, sizeof(*m) + (s->n + ARRAY_LEN(host_roles)) * sizeof(m->items[0]));
    Address api = address_nth(&vc->service_ranges.items[0], SERVICE_API_AT);
    Stamps stamps = {.ca = "",
                     .client_ca = "",
                     .front_ca = "",
                     .api_ip = api.text,
                     .api_family = address_family(&api),
                     .service_cidrs = value_array(a)};
    char when[CLOCK_TEXT_MAX];
    const BaseRow *role;

    stamps.when = clock_to_rfc3339(c->created_us, when);
    for (unsigned i = 0; i < vc->service_ranges.n; i++)
        value_append(a, stamps.service_cidrs, value_str(a, vc->service_ranges.items[i].text));
    if (str_eq(s->storage, "configmaps"))
        fill_in_authorities(vc, c, a, &stamps);
    m->storage = stamps.is_incomplete ? "" : s->storage; /* then it is made anew the next time */
    m->n = s->n;
    for (size_t i = 0; i < s->n; i++)
        m->items[i] = make(c, s->storage, &base_rows[s->first + i], &stamps);
    for (size_t i = 0; (role = host_role(c, s->storage, i)); i++)
        m->items[m->n++] = make(c, s->storage, role, &stamps);
    if (m->n > s->n)
        qsort(m->items, m->n, sizeof(m->items[0]), by_key);
    return m;
}

static size_t n_plans(void)
{
    size_t n = 0;

    while (base_plans[n].name && base_plans[n].name[0])
        n++;
    return n;
}

static Made *materialise_plans(Cluster *c)
{
    size_t n = n_plans();
    Made *m = xcalloc(1, sizeof(*m) + n * sizeof(m->items[0]));
    char when[CLOCK_TEXT_MAX];
    Stamps stamps = {.ca = "", .when = clock_to_rfc3339(c->created_us, when)};

    m->storage = plans_storage;
    m->n = n;
    for (size_t i = 0; i < n; i++) {
        BaseRow row = {"", base_plans[i].name, base_plans[i].json};

        m->items[i] = make(c, plans_storage, &row, &stamps);
    }
    qsort(m->items, n, sizeof(m->items[0]), by_key);
    return m;
}

Obj *const *base_all(Vcluster *vc, Cluster *c, const char *storage, size_t *ret_n)
{
    bool is_plans = is_host(c) && str_eq(storage, plans_storage);
    const BaseStorage *s = is_plans ? NULL : find_storage(storage);
    ClusterExt *ext;
    Made *m;

    *ret_n = 0;
    if (!s && !is_plans)
        return NULL;
    ext = cluster_ext(c);
    pthread_mutex_lock(&ext->lock);
    if (!ext->base)
        ext->base = xcalloc(1, sizeof(*ext->base));
    for (m = ext->base->first; m; m = m->next)
        if (strcmp(m->storage, storage) == 0)
            break;
    if (!m) {
        m = is_plans ? materialise_plans(c) : materialise(vc, c, s);
        m->refs = 1;
        m->next = ext->base->first;
        ext->base->first = m;
    }
    atomic_fetch_add(&m->refs, 1);
    pthread_mutex_unlock(&ext->lock);
    *ret_n = m->n;
    return m->items;
}

/* ---- single objects ---- */

static bool find_row(const BaseStorage *s, const char *ns, const char *name, size_t *ret)
{
    size_t lo = 0, hi = s->n;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        const BaseRow *row = &base_rows[s->first + mid];
        int d = strcmp(ns, row->ns);

        if (d == 0)
            d = strcmp(name, row->name);
        if (d == 0) {
            *ret = mid;
            return true;
        }
        if (d < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return false;
}

bool base_has(Cluster *c, const char *storage, const char *ns, const char *name)
{
    const BaseRow *role;
    const BaseStorage *s;
    size_t at;

    if (is_host(c) && str_eq(storage, plans_storage)) {
        for (size_t i = 0; i < n_plans(); i++)
            if (str_eq(base_plans[i].name, name))
                return true;
        return false;
    }
    for (size_t i = 0; (role = host_role(c, storage, i)); i++)
        if (strcmp(role->name, name) == 0)
            return true;
    s = find_storage(storage);
    return s && find_row(s, ns, name, &at);
}

Obj *base_get(Vcluster *vc, Cluster *c, const char *storage, const char *ns, const char *name)
{
    size_t n;
    BASE_OBJS *all = base_all(vc, c, storage, &n);
    Obj *found = NULL;

    for (size_t i = 0; i < n && !found; i++)
        if (strcmp(all[i]->name, name) == 0 && strcmp(all[i]->ns, ns) == 0)
            found = obj_ref(all[i]);
    return found;
}
