#include "tenancy/terms.h"

#include "api/address.h"
#include "api/jwtauth.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/quantity.h"
#include "quota/quota.h"
#include "tenancy/move.h"
#include "tenancy/oidc.h"
#include "tenancy/tenancy_int.h"

enum { MAX_POOLS = 256, MAX_GROUPS = 8, TERMS_BYTES = 1024, AUDIT_BYTES = 1 << 30 };

/* ---- what hangs on a cluster ---- */

static void slot_free(void *p)
{
    TenantSlot *s = p;

    terms_unref(s->terms);
    free(s->public_keys);
    tenancy__oidc_free(s->oidc);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

static void *slot_new(void)
{
    TenantSlot *s = xcalloc(1, sizeof(*s));

    pthread_mutex_init(&s->lock, NULL);
    return s;
}

TenantSlot *tenancy__slot(Cluster *c)
{
    return attached_get(&c->tenant, slot_new, slot_free);
}

void tenancy_forget(Cluster *c)
{
    TenantSlot *s = atomic_load_explicit(&c->tenant.data, memory_order_acquire);
    TenantTerms *old;

    if (!s)
        return;
    pthread_mutex_lock(&s->lock);
    old = s->terms;
    s->terms = NULL;
    pthread_mutex_unlock(&s->lock);
    terms_unref(old);
}

/* ---- life ---- */

TenantTerms *terms_ref(const TenantTerms *t)
{
    TenantTerms *mine = (TenantTerms *)t;

    if (t->arena) /* else they are nobody's */
        atomic_fetch_add_explicit(&mine->refs, 1, memory_order_relaxed);
    return mine;
}

void terms_unref(const TenantTerms *t)
{
    if (t && t->arena &&
        atomic_fetch_sub_explicit(&((TenantTerms *)t)->refs, 1, memory_order_acq_rel) == 1)
        arena_free(t->arena); /* with itself */
}

const TenantTerms *terms_none(void)
{
    static const char *const nobody[] = {NULL};
    static TenantTerms none = {.weight = 1,
                               .sight = NODES_FULL,
                               .admin_users = nobody,
                               .admin_groups = nobody,
                               .audit_bytes = INT64_MAX};

    return &none;
}

/* ---- reading ---- */

static const char *const *list_of(Arena *a, const Value *list)
{
    const char **out = arena_array(a, const char *, value_len(list) + 1);
    const Value *v;
    uint32_t n = 0;

    value_each_item(list, i, v) if (value_to_cstr(v)) out[n++] = arena_strdup(a, v->str);
    out[n] = NULL;
    return out;
}

/* NULL when it is empty: nothing is said. */
static const char *const *said_of(Arena *a, const Value *list)
{
    return value_len(list) > 0 ? list_of(a, list) : NULL;
}

static bool has(const char *const *list, const char *s)
{
    return list && str_among(s, list);
}

static int index_of(const char *text, const char *const *names, int otherwise)
{
    for (int i = 0; text && names[i]; i++)
        if (strcmp(names[i], text) == 0)
            return i;
    return otherwise;
}

void terms_read_limits(Arena *a, const Value *limits, const TermLimit **all, uint32_t *n_all)
{
    TermLimit *bigger = arena_array(a, TermLimit, *n_all + value_len(limits) + 1);
    uint32_t n = *n_all;

    if (n > 0)
        memcpy(bigger, *all, n * sizeof(*bigger));
    value_each_member(limits, m)
    {
        const char *counter = quota_plan_counter(a, m->name);
        bool is_text = value_is(m->value, VALUE_STRING) || value_is(m->value, VALUE_NUMBER);
        uint32_t at = 0;

        if (!counter)
            continue;
        while (at < n && strcmp(bigger[at].counter, counter) != 0)
            at++;
        bigger[at] = (TermLimit){counter, quota_plan_limit(counter, is_text ? m->value->str : "")};
        n = MAX(n, at + 1);
    }
    *all = bigger;
    *n_all = n;
}

/* They were checked when they were stored. */
static void read_bytes(int64_t *bytes, const Value *v)
{
    Quantity q;

    if (value_is(v, VALUE_STRING) && quantity_parse((Slice){v->str, v->n}, &q, NULL) == 0)
        *bytes = quantity_value(&q);
}

static void read_rates(TermRates *r, const Value *v)
{
    const struct {
        const char *name;
        int64_t *to;
    } fields[] = {{"requestsPerSecond", &r->per_second},
                  {"burst", &r->burst},
                  {"concurrentRequests", &r->running},
                  {"watches", &r->watches},
                  {"streams", &r->streams}};

    for (size_t i = 0; i < ARRAY_LEN(fields); i++)
        *fields[i].to = MAX(0, value_at_int(v, fields[i].name, *fields[i].to));
}

static void read_admins(TenantTerms *t, const Value *admins)
{
    const char **of[2];
    uint32_t n[2] = {0, 0};
    const Value *v;

    for (int k = 0; k < 2; k++)
        of[k] = arena_array(t->arena, const char *, value_len(admins) + 1);
    value_each_item(admins, i, v)
    {
        int k = str_eq(value_get_str(v, "kind"), "Group");
        const char *name = value_get_str(v, "name");

        if (name && *name)
            of[k][n[k]++] = arena_strdup(t->arena, name);
    }
    of[0][n[0]] = of[1][n[1]] = NULL;
    t->admin_users = of[0];
    t->admin_groups = of[1];
}

static void read_revocations(TenantTerms *t, const Value *list)
{
    TermRevocation *all = arena_array(t->arena, TermRevocation, value_len(list) + 1);
    const Value *v;
    int64_t us;

    value_each_item(list, i, v)
    {
        const char *before = value_get_str(v, "before"), *user = value_get_str(v, "user");

        if (!before || !clock_from_rfc3339(slice_of(before), &us))
            continue;
        all[t->n_revocations++] =
            (TermRevocation){us / 1000000, arena_strdup(t->arena, user ? user : ""),
                             value_at_bool(v, "serviceAccounts")};
    }
    t->revocations = all;
}

/* They were checked when they were stored. */
static void read_issuers(TenantTerms *t, const Value *list)
{
    FieldErrs e = {.arena = t->arena};

    jwtauth_compile(&e, "jwt", list, &t->jwt, &t->n_jwt);
    if (e.n > 0)
        t->n_jwt = 0;
}

static void read_anonymous(TenantTerms *t, const Value *v)
{
    const Value *list = value_get(v, "conditions"), *c;
    const char **paths = arena_array(t->arena, const char *, value_len(list) + 1);
    uint32_t n = 0;

    t->refuses_anonymous = v && !value_at_bool(v, "enabled");
    value_each_item(list, i, c)
    {
        const char *path = value_get_str(c, "path");

        paths[n++] = arena_strdup(t->arena, path ? path : "");
    }
    t->anonymous_paths = n > 0 ? paths : NULL;
}

TenantTerms *terms_of_host(const Value *authentication, Err *err)
{
    Arena *a = arena_new_sized(TERMS_BYTES);
    TenantTerms *t = arena_new0(a, TenantTerms);
    FieldErrs e = {.arena = a};

    *t = *terms_none();
    t->arena = a;
    t->refs = 1;
    jwtauth_compile(&e, "jwt", value_get(authentication, "jwt"), &t->jwt, &t->n_jwt);
    anonymous_check(&e, "anonymous", value_get(authentication, "anonymous"));
    read_anonymous(t, value_get(authentication, "anonymous"));
    if (e.n == 0)
        return t;
    (void)err_set(err, ERR_INVALID, "%s: %s", e.items[0].field, e.items[0].message);
    terms_unref(t);
    return NULL;
}

const Value *terms_pools_of(const Value *tenant, const Value *plan)
{
    const Value *own = value_at(tenant, "spec.overrides.nodePools");
    const Value *theirs = value_at(plan, "spec.nodePools");

    return value_len(own) > 0 ? own : value_len(theirs) > 0 ? theirs : NULL;
}

static void read_pools(TenantTerms *t, const ObjVec *pools, const char *tenant, const Value *names)
{
    CLEANUP(arena_free) Arena *scratch = arena_new();
    const char *const *wanted = list_of(t->arena, names);
    TermPool *all = arena_array(t->arena, TermPool, pools->n + 1);

    t->names_pools = names != NULL;
    for (size_t i = 0; i < pools->n && i < MAX_POOLS; i++) {
        const Value *v = obj_to_value(scratch, pools->items[i], NULL, NULL);
        const Value *labels = value_at(v, "spec.nodeSelector");
        TermPool *p = &all[t->n_pools++];

        *p = (TermPool){.name = arena_strdup(t->arena, pools->items[i]->name),
                        .is_dedicated = str_eq(value_at_str(v, "spec.mode"), "dedicated")};
        if (value_len(labels) > 0)
            p->selector = selector_from_map(t->arena, value_copy(t->arena, labels));
        p->is_ours = has(wanted, p->name) &&
                     (!p->is_dedicated || str_eq(value_at_str(v, "status.tenant"), tenant));
    }
    t->pools = all;
}

static void read_groups(TenantTerms *t, const ObjVec *groups)
{
    CLEANUP(arena_free) Arena *scratch = arena_new();
    TermGroup *all = arena_array(t->arena, TermGroup, groups->n + 1);

    for (size_t i = 0; i < groups->n; i++) {
        const Value *v = obj_to_value(scratch, groups->items[i], NULL, NULL);

        all[i] = (TermGroup){.name = arena_strdup(t->arena, groups->items[i]->name)};
        terms_read_limits(t->arena, value_at(v, "spec.limits"), &all[i].limits, &all[i].n_limits);
    }
    t->groups = all;
    t->n_groups = (uint32_t)groups->n;
}

static void unref_policy(void *p)
{
    audit_policy_unref(p);
}

static TenantTerms *terms_make(const char *tenant_name, const Value *tenant, const Value *plan,
                               const ObjVec *pools, const ObjVec *groups)
{
    static const char *const sights[] = {"full", "masked", "none", NULL}, *const levels[] = {
                                                                              "privileged",
                                                                              "baseline",
                                                                              "restricted", NULL};
    Arena *a = arena_new_sized(TERMS_BYTES);
    TenantTerms *t = arena_new0(a, TenantTerms);
    const char *isolation = value_at_str(tenant, "spec.isolation");

    t->arena = a;
    t->refs = 1;
    t->plan = arena_strdup(a, tenancy_plan_name(tenant));
    terms_read_limits(a, value_at(plan, "spec.limits"), &t->limits, &t->n_limits);
    terms_read_limits(a, value_at(tenant, "spec.overrides.limits"), &t->limits, &t->n_limits);
    read_groups(t, groups);
    if (move_space(tenant))
        t->cluster = arena_strdup(a, move_space(tenant));
    if (t->cluster)
        t->since = value_at_int(tenant, "status.sinceRevision", 0);
    if (move_beside(tenant))
        t->beside = arena_strdup(a, move_beside(tenant));
    t->is_clearing = move_stage(tenant) == MOVE_CLEARING;
    t->is_shared = value_at_bool(tenant, "spec.shared");
    t->weight = (int32_t)MAX(1, value_at_int(plan, "spec.weight", 1));
    t->sight = (NodeSight)index_of(value_at_str(plan, "spec.nodeView"), sights, NODES_MASKED);
    t->pod_security = index_of(value_at_str(plan, "spec.podSecurityFloor"), levels, 0);
    read_rates(&t->rates, value_at(plan, "spec.rateLimits"));
    read_rates(&t->rates, value_at(tenant, "spec.overrides.rateLimits"));
    t->storage_classes = said_of(a, value_at(plan, "spec.storageClasses"));
    t->runtime_handlers = said_of(a, value_at(plan, "spec.runtimeHandlers"));
    t->external_addresses = said_of(a, value_at(plan, "spec.externalAddresses"));
    if (value_len(value_at(tenant, "spec.overrides.externalAddresses")) > 0)
        t->external_addresses = said_of(a, value_at(tenant, "spec.overrides.externalAddresses"));
    read_admins(t, value_at(tenant, "spec.admins"));
    t->is_dedicated = str_eq(isolation, "dedicated");
    read_pools(t, pools, tenant_name, terms_pools_of(tenant, plan));
    read_revocations(t, value_at(tenant, "status.revocations"));
    read_issuers(t, value_at(tenant, "spec.authentication.jwt"));
    read_anonymous(t, value_at(tenant, "spec.authentication.anonymous"));
    t->audit_bytes = AUDIT_BYTES;
    read_bytes(&t->audit_bytes, value_at(plan, "spec.auditBytes"));
    read_bytes(&t->audit_bytes, value_at(tenant, "spec.overrides.auditBytes"));
    if (value_at(plan, "spec.audit")) {
        t->audit = audit_policy_new(value_at(plan, "spec.audit"));
        arena_on_free(a, unref_policy, t->audit);
    }
    return t;
}

bool terms_allow_address(const TenantTerms *t, const char *ip)
{
    Address x;

    if (!ip || !address_parse(ip, &x))
        return false;
    for (const char *const *p = t->external_addresses; p && *p; p++) {
        AddressRange range;
        Address one;

        if (address_parse(*p, &one) ? address_equal(&one, &x)
                                    : address_range_parse(*p, &range) && address_in(&range, &x))
            return true;
    }
    return false;
}

/* ---- keeping ---- */

/* Terms that were made of other revisions than these are out of date. */
typedef struct Sources {
    Cluster *host;
    Obj *tenant, *plan;
    ObjVec pools, groups;
    int64_t pools_revision, groups_revision;
} Sources;

static void sources_done(Sources *s)
{
    cluster_unref(s->host);
    obj_unref(s->tenant);
    obj_unref(s->plan);
    objvec_done(&s->pools);
    objvec_done(&s->groups);
}

/* The group of that name and those it is in. A group that is not there has no limits. */
static int read_chain(Tenancy *t, const char *group, Sources *s, const char **ret_need)
{
    CLEANUP(arena_free) Arena *a = arena_new();

    while (group && *group && s->groups.n < MAX_GROUPS) {
        Obj *o = NULL;
        int r = tenancy__get(t, s->host, GROUPS, "", group, &o, ret_need);

        if (r < 0)
            return r;
        if (!o)
            return 0;
        objvec_add(&s->groups, o);
        group = value_at_str(obj_to_value(a, o, NULL, NULL), "spec.parent");
    }
    return 0;
}

static int look_at_groups(Tenancy *t, Sources *s, const char **ret_need)
{
    CLEANUP(cache_unref) Cache *k = store_cache(t->store, s->host, GROUPS);

    if (!k) {
        *ret_need = GROUPS;
        return -ERR_UNAVAILABLE;
    }
    s->groups_revision = MAX(1, cache_changed(k));
    return 0;
}

/* What the terms depend on now; `old` (NULL: there are none) says by which names. */
static int read_sources(Tenancy *t, Cluster *c, const TenantTerms *old, Sources *s,
                        const char **ret_need)
{
    CLEANUP(cache_unref) Cache *k = NULL;
    const CacheScan all = {0};
    int64_t ignored;
    int r;

    s->host = store_cluster(t->store, SLICE("host"));
    if (!s->host)
        return -ERR_UNAVAILABLE;
    r = tenancy__get(t, s->host, TENANTS, "", c->name, &s->tenant, ret_need);
    if (r < 0)
        return r;
    if (!s->tenant) /* it is being deleted */
        return -ERR_UNAVAILABLE;
    k = store_cache(t->store, s->host, POOLS);
    if (!k) {
        *ret_need = POOLS;
        return -ERR_UNAVAILABLE;
    }
    s->pools_revision = cache_changed(k);
    if (!old) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const Value *tenant = obj_to_value(a, s->tenant, NULL, NULL);
        const char *group = value_at_str(tenant, "spec.group");

        (void)cache_list(k, &all, &s->pools, &ignored);
        r = group && *group ? look_at_groups(t, s, ret_need) : 0;
        if (r == 0)
            r = read_chain(t, group, s, ret_need);
        return r < 0 ? r
                     : tenancy__get(t, s->host, PLANS, "", tenancy_plan_name(tenant), &s->plan,
                                    ret_need);
    }
    r = old->groups_revision > 0 ? look_at_groups(t, s, ret_need) : 0;
    return r < 0 ? r : tenancy__get(t, s->host, PLANS, "", old->plan, &s->plan, ret_need);
}

static bool is_current(const TenantTerms *terms, const Sources *s)
{
    return terms->tenant_revision == s->tenant->revision &&
           terms->plan_revision == (s->plan ? s->plan->revision : -1) &&
           terms->pools_revision == s->pools_revision &&
           terms->groups_revision == s->groups_revision;
}

static int make_current(Tenancy *t, Cluster *c, const TenantTerms *old, TenantTerms **ret,
                        const char **ret_need)
{
    CLEANUP(arena_free) Arena *a = NULL;
    __attribute__((cleanup(sources_done))) Sources was = {0}, now = {0};
    int r;

    if (old) {
        r = read_sources(t, c, old, &was, ret_need);
        if (r < 0)
            return r;
        if (is_current(old, &was)) {
            *ret = terms_ref(old);
            return 0;
        }
    }
    r = read_sources(t, c, NULL, &now, ret_need);
    if (r < 0)
        return r;
    a = arena_new();
    *ret = terms_make(c->name, obj_to_value(a, now.tenant, NULL, NULL),
                      now.plan ? obj_to_value(a, now.plan, NULL, NULL) : NULL, &now.pools,
                      &now.groups);
    (*ret)->tenant_revision = now.tenant->revision;
    (*ret)->plan_revision = now.plan ? now.plan->revision : -1;
    (*ret)->pools_revision = now.pools_revision;
    (*ret)->groups_revision = now.groups_revision;
    return 0;
}

int tenancy_terms(Tenancy *t, Cluster *c, const TenantTerms **ret, const char **ret_need)
{
    TenantSlot *s;
    CLEANUP(terms_unref) const TenantTerms *old = NULL;
    TenantTerms *made = NULL;
    uint64_t epoch = atomic_load_explicit(&t->epoch, memory_order_acquire);
    int r;

    if (c->id == 1) {
        *ret = t->host_terms ? terms_ref(t->host_terms) : terms_none();
        return 0;
    }
    s = tenancy__slot(c);
    pthread_mutex_lock(&s->lock);
    if (s->terms && s->epoch == epoch) {
        *ret = terms_ref(s->terms);
        pthread_mutex_unlock(&s->lock);
        return 0;
    }
    if (s->terms)
        old = terms_ref(s->terms);
    pthread_mutex_unlock(&s->lock);
    r = make_current(t, c, old, &made, ret_need);
    if (r < 0)
        return r;
    pthread_mutex_lock(&s->lock);
    terms_unref(s->terms);
    s->terms = terms_ref(made);
    s->epoch = epoch;
    pthread_mutex_unlock(&s->lock);
    *ret = made;
    return 0;
}

/* ---- asking ---- */

static int64_t limit_of(const TermLimit *limits, uint32_t n, const char *counter)
{
    for (uint32_t i = 0; i < n; i++)
        if (strcmp(limits[i].counter, counter) == 0)
            return limits[i].value;
    return INT64_MAX;
}

int64_t terms_limit(const TenantTerms *t, const char *counter)
{
    return limit_of(t->limits, t->n_limits, counter);
}

int64_t terms_group_limit(const TermGroup *g, const char *counter)
{
    return limit_of(g->limits, g->n_limits, counter);
}

const char *terms_group_counter(Arena *a, const char *group, const char *counter)
{
    return arena_printf(a, "group:%s:%s", group, counter);
}

typedef bool (*MatchFn)(const Selector *s, const void *node);

static bool allow_node(const TenantTerms *t, MatchFn match, const void *node)
{
    bool is_dedicated = false, is_ours = false, is_in_shared = false;

    for (uint32_t i = 0; i < t->n_pools; i++) {
        const TermPool *p = &t->pools[i];

        if (p->selector && !match(p->selector, node))
            continue;
        if (p->is_dedicated) {
            is_dedicated = true;
            is_ours = is_ours || p->is_ours;
        } else {
            is_in_shared = is_in_shared || p->is_ours;
        }
    }
    if (is_dedicated)
        return is_ours;
    return !t->is_dedicated && (!t->names_pools || is_in_shared);
}

static bool match_labels(const Selector *s, const void *labels)
{
    return selector_match_labels(s, labels);
}

static bool match_obj(const Selector *s, const void *node)
{
    return selector_match_obj(s, node);
}

bool terms_allow_node(const TenantTerms *t, const Value *labels)
{
    return allow_node(t, match_labels, labels);
}

bool terms_allow_node_obj(const TenantTerms *t, const Obj *node)
{
    return allow_node(t, match_obj, node);
}

bool terms_revoked(const TenantTerms *t, const char *user, int64_t issued_s)
{
    bool is_account = str_starts(user, "system:serviceaccount:");

    for (uint32_t i = 0; i < t->n_revocations; i++) {
        const TermRevocation *r = &t->revocations[i];

        if (issued_s <= r->before_s &&
            (r->user[0] ? strcmp(r->user, user) == 0 : !is_account || r->service_accounts))
            return true;
    }
    return false;
}

bool terms_is_admin(const TenantTerms *t, const char *user, const char *const *groups)
{
    if (has(t->admin_users, user))
        return true;
    for (; *groups; groups++)
        if (has(t->admin_groups, *groups))
            return true;
    return false;
}
