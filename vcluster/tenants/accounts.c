/*
 * accounts.c - who pays for a write: the tenant whose cluster it is in, the tenant that owns its
 * namespace when the cluster is shared (spaces.h), and the groups that these are in, each once. All
 * of them are charged in the transaction of the write, which fails when it is too much for one.
 *
 * Rows are counted where they are written (tenant_rows): each transaction says by how many rows and
 * bytes it changes what is stored, so that the counters are what a count of the rows would give.
 * What a group has in use is counted by the cluster `host`. A charge of a group stands only while
 * the tenant is as it was when its groups were looked up, so that a move takes along all that there
 * is.
 */
#include "base/err.h"
#include "base/mem.h"
#include "quota/quota.h"
#include "vcluster/nodeview.h"
#include "vcluster/spaces.h"

enum { MAX_GROUPS = 16 };

typedef struct Accounts {
    Cluster *tenants[2];
    const TenantTerms *terms[2];
    int n;
    const TermGroup *groups[MAX_GROUPS];
    int n_groups;
} Accounts;

static bool is_counted(const char *storage)
{
    return !str_starts(storage, "internal/") || str_eq(storage, NODE_OVERLAYS);
}

static void add_account(Accounts *a, Cluster *c, const TenantTerms *terms)
{
    a->tenants[a->n] = c;
    a->terms[a->n++] = terms;
    for (uint32_t i = 0; i < terms->n_groups && a->n_groups < MAX_GROUPS; i++) {
        bool is_there = false;

        for (int k = 0; k < a->n_groups && !is_there; k++)
            is_there = str_eq(a->groups[k]->name, terms->groups[i].name);
        if (!is_there)
            a->groups[a->n_groups++] = &terms->groups[i];
    }
}

/* `ns`: the namespace that the object is in, or, with its object `space`, is; "" for none. */
static int accounts_of(Request *req, Cluster *c, const char *ns, const Obj *space, Accounts *ret)
{
    const TenantTerms *terms;
    Cluster *owner = NULL;
    int s = c == req->cluster ? tenant_terms(req, &terms) : tenant_terms_of(req, c, &terms);

    *ret = (Accounts){0};
    if (s)
        return s;
    add_account(ret, c, terms);
    if (!terms->is_shared || !ns[0])
        return STEP_OK;
    s = space ? spaces_owner(req, c, space, &owner) : spaces_owner_of(req, c, ns, &owner);
    if (s || !owner)
        return s;
    s = tenant_terms_of(req, owner, &terms);
    if (!s)
        add_account(ret, owner, terms);
    return s;
}

static void charge(Request *req, Cluster *c, const char *counter, int64_t delta, int64_t limit)
{
    WriteSet *set = &req->state->set;

    for (uint32_t i = 0; i < set->n_charges; i++) {
        Charge *there = &set->charges[i];

        if (there->cluster == c && !there->whole_of && str_eq(there->counter, counter)) {
            there->delta += delta;
            return;
        }
    }
    (void)engine_charge(req, c, counter, delta, limit);
}

/* A tenant that is moved has everything at both places for a while, so it is not bound then; the
 * cluster that it shares is by what comes to it. */
static bool is_bound_by(const Request *req, const Accounts *a, int i)
{
    return !req->state->is_move || (req->state->is_copy && a->n > 1 && i == 0);
}

static bool has_group(const TermGroup *groups, uint32_t n, const char *name)
{
    for (uint32_t i = 0; i < n; i++)
        if (str_eq(groups[i].name, name))
            return true;
    return false;
}

static bool is_bound_by_group(const Request *req, const Accounts *a, int i)
{
    const TenantTerms *own = a->terms[a->n - 1];

    return has_group(own->groups, own->n_groups, a->groups[i]->name) ? !req->state->is_move
                                                                     : is_bound_by(req, a, 0);
}

static void charge_all(Request *req, const Accounts *a, const char *counter, int64_t delta,
                       bool is_bound)
{
    Cluster *host = vc_host(req->state->vc);

    for (int i = 0; i < a->n && delta != 0; i++)
        charge(req, a->tenants[i], counter, delta,
               is_bound && is_bound_by(req, a, i) ? terms_limit(a->terms[i], counter) : INT64_MAX);
    /* Who moves to another group meanwhile is charged there. */
    for (int i = 0; host && i < a->n && delta != 0; i++)
        if (a->terms[i]->n_groups > 0)
            engine_check(req, host, "tenancy/tenants", "", a->tenants[i]->name,
                         a->terms[i]->tenant_revision);
    for (int i = 0; host && i < a->n_groups && delta != 0; i++)
        charge(req, host, terms_group_counter(req->arena, a->groups[i]->name, counter), delta,
               is_bound && is_bound_by_group(req, a, i) ? terms_group_limit(a->groups[i], counter)
                                                        : INT64_MAX);
}

int accounts_charge(Request *req, const char *ns, const PlanCharges *list)
{
    Accounts a;
    int s;

    if (is_host(req->cluster) || !req->state->vc->tenancy || list->n == 0)
        return STEP_OK;
    s = accounts_of(req, req->cluster, ns, NULL, &a);
    for (uint32_t i = 0; !s && i < list->n; i++)
        charge_all(req, &a, list->items[i].counter, list->items[i].delta, true);
    return s;
}

static bool exceeds(Request *req, Cluster *c, const char *counter, const PlanCharge *p,
                    int64_t limit, int64_t *ret_used)
{
    *ret_used = limit == INT64_MAX ? 0 : store_usage(req->state->vc->store, c, counter);
    return p->delta > 0 && limit != INT64_MAX && *ret_used > limit - p->delta;
}

int accounts_have_room(Request *req, Cluster *shared, Cluster *home, const PlanCharges *list,
                       const char **ret_why)
{
    Cluster *host = vc_host(req->state->vc);
    const TenantTerms *terms, *own;
    Accounts a = {0};
    int s = tenant_terms_of(req, shared, &terms);

    *ret_why = NULL;
    if (!s)
        s = tenant_terms_of(req, home, &own);
    if (s)
        return s;
    add_account(&a, shared, terms);
    for (uint32_t i = 0; i < list->n && !*ret_why; i++) {
        const PlanCharge *p = &list->items[i];
        int64_t limit = terms_limit(terms, p->counter), used;

        if (exceeds(req, shared, p->counter, p, limit, &used))
            *ret_why = quota_plan_message(req->arena, p, used, limit);
        for (int k = 0; host && k < a.n_groups && !*ret_why; k++) {
            const TermGroup *g = a.groups[k];

            if (!has_group(own->groups, own->n_groups, g->name) &&
                exceeds(req, host, terms_group_counter(req->arena, g->name, p->counter), p,
                        terms_group_limit(g, p->counter), &used))
                *ret_why = arena_printf(req->arena, "its group has used up its %s",
                                        quota_plan_name(req->arena, p->counter));
        }
    }
    return STEP_OK;
}

/* ---- rows ---- */

static int rows_of(const Write *w)
{
    return is_counted(w->storage) ? (w->op == WRITE_PUT) - (w->expect > 0) : 0;
}

/* A row that is written whatever was there is the server's own mark, and nobody's bytes. */
static int64_t bytes_of(const Write *w)
{
    if (w->expect == EXPECT_ANY)
        return 0;
    return (w->op == WRITE_PUT ? quota_blocks(w->obj->text_len) : 0) -
           (w->expect > 0 ? quota_blocks(w->was_bytes) : 0);
}

/* ---- tenants that are moved (move.c) ---- */

/* Pods that are still where they were run on until they are replaced, and are found. */
static bool is_of_pods(const Request *req, const Write *w)
{
    return req->user.node || str_eq(w->storage, "endpoints") ||
           str_eq(w->storage, "discovery/endpointslices") ||
           str_eq(w->storage, "coordination/leases") || str_eq(w->storage, "events");
}

/* The objects are elsewhere now, and these here only wait for their end. */
static bool is_cleared(const Accounts *a, const Write *w)
{
    const TenantTerms *own = a->terms[a->n - 1];

    if (!own->is_clearing)
        return false;
    if (a->n > 1) /* in a shared cluster, */
        return !own->cluster;
    return own->cluster && (w->ns[0] || str_eq(w->storage, "namespaces")); /* or in its own */
}

static bool is_moving(const Request *req, const Cluster *home)
{
    const RequestState *st = req->state;

    return atomic_load(&home->state) == CLUSTER_MOVING ||
           (home == st->entry && atomic_load(&home->n_moves) != st->n_moves);
}

/*
 * Nothing is written where the objects are not, or will not be. The store refuses what comes to the
 * tenant's own cluster while they are copied, so a write into its namespaces charges that one even
 * if it is nothing. What was decided before they were elsewhere, and comes to the store after that,
 * is known by the tenant's revision in a shared cluster, and in its own, where every write of every
 * tenant would have to look at it, by whether there was a move since the request began.
 */
static int mind_move(Request *req, const Accounts *a, const Write *w)
{
    Cluster *home = a->tenants[a->n - 1];

    if (req->state->is_move)
        return STEP_OK;
    if ((is_cleared(a, w) && !is_of_pods(req, w)) || is_moving(req, home))
        return fail_unavailable(req, "the tenant is being moved, please try again");
    if (a->n > 1) {
        charge(req, home, "objects", 0, INT64_MAX);
        engine_check(req, vc_host(req->state->vc), "tenancy/tenants", "", home->name,
                     a->terms[1]->tenant_revision);
    }
    return STEP_OK;
}

/* What the platform itself writes is counted, but not refused. */
static int charge_row(Request *req, const Write *w, bool is_bound)
{
    bool is_space = str_eq(w->storage, "namespaces");
    int rows = rows_of(w);
    Accounts a;
    bool is_platform = is_host(req->cluster) && !req->state->is_copy;
    int s = accounts_of(req, w->cluster, is_space ? w->name : w->ns, is_space ? w->obj : NULL, &a);

    if (!s)
        s = mind_move(req, &a, w);
    if (s)
        return s;
    charge_all(req, &a, arena_printf(req->arena, "#%s", w->storage), rows, !is_platform);
    charge_all(req, &a, "objects", rows, !is_platform);
    /* What nodes and controllers say of objects that are there is counted, but not refused: a
     * tenant at its limit would not learn what became of its pods. */
    charge_all(req, &a, "bytes", bytes_of(w), is_bound && !is_platform);
    return is_space && rows > 0 && a.n > 1 ? spaces_mark(req, a.tenants[1], w->name) : STEP_OK;
}

int tenant_rows(Request *req)
{
    WriteSet *set = &req->state->set;
    int64_t rows = 0;
    bool is_bound;
    int s = STEP_OK;

    if (!req->state->vc->tenancy)
        return STEP_OK;
    for (uint32_t i = 0; i < set->n; i++)
        rows += is_host(set->writes[i].cluster) ? 0 : rows_of(&set->writes[i]);
    is_bound = rows > 0 || !(req->user.is_internal || req->user.node);
    for (uint32_t i = 0; !s && i < set->n; i++)
        if (!is_host(set->writes[i].cluster))
            s = charge_row(req, &set->writes[i], is_bound);
    return s;
}

/* ---- groups ---- */

typedef struct Move {
    Request *req;
    Cluster *tenant;
    const char **counters;
    size_t n, cap;
} Move;

static void note_counter(const char *counter, int64_t used UNUSED, void *data)
{
    Move *m = data;

    GROW(m->counters, m->cap, m->n + 1);
    m->counters[m->n++] = arena_strdup(m->req->arena, counter);
}

static void charge_whole(const Move *m, const TermGroup *g, int sign)
{
    Request *req = m->req;

    for (size_t i = 0; i < m->n; i++) {
        Charge *c = engine_charge(req, req->cluster,
                                  terms_group_counter(req->arena, g->name, m->counters[i]), sign,
                                  terms_group_limit(g, m->counters[i]));

        c->whole_of = m->tenant;
        c->whole = m->counters[i];
    }
}

void accounts_move(Request *req, Cluster *tenant, const TermGroup *from, uint32_t n_from,
                   const TermGroup *to, uint32_t n_to)
{
    Move m = {.req = req, .tenant = tenant};

    store_each_usage(req->state->vc->store, tenant, note_counter, &m);
    for (uint32_t i = 0; i < n_from; i++)
        if (!has_group(to, n_to, from[i].name))
            charge_whole(&m, &from[i], -1);
    for (uint32_t i = 0; i < n_to; i++)
        if (!has_group(from, n_from, to[i].name))
            charge_whole(&m, &to[i], 1);
    free(m.counters);
}
