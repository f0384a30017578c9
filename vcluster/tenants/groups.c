/*
 * groups.c - groups of tenants: what is checked when one is written, and what moves with a tenant
 * that enters or leaves one. Who is charged: accounts.c.
 */
#include "base/err.h"
#include "tenancy/tenancy.h"
#include "vcluster/admission.h"
#include "vcluster/host.h"

enum { MAX_CHAIN = 8 }; /* of groups in one another */

typedef struct Named {
    const char *path, *value;
    Arena *arena;
} Named;

/* The group of that name and those it is in, in their order; NULL in *ret_why when all is well. */
static int chain_of(Request *req, const char *group, TermGroup ret[MAX_CHAIN], uint32_t *ret_n,
                    const char **ret_why)
{
    const Resource *r = resource_find(SLICE(HOST_GROUP), SLICE("v1"), SLICE("tenantgroups"));

    *ret_n = 0;
    *ret_why = NULL;
    while (group && *group) {
        Value *v = NULL;
        int s = *ret_n < MAX_CHAIN ? read_tree(req, r, "", group, &v) : STEP_OK;

        if (s)
            return s;
        if (!v) {
            *ret_why = *ret_n < MAX_CHAIN
                           ? arena_printf(req->arena, "Not found: \"%s\"", group)
                           : arena_printf(req->arena,
                                          "Invalid value: \"%s\": groups are in one another in a "
                                          "circle, or more than %d deep",
                                          group, MAX_CHAIN);
            return STEP_OK;
        }
        ret[*ret_n] = (TermGroup){.name = group};
        terms_read_limits(req->arena, value_at(v, "spec.limits"), &ret[*ret_n].limits,
                          &ret[*ret_n].n_limits);
        group = value_at_str(v, "spec.parent");
        (*ret_n)++;
    }
    return STEP_OK;
}

static const char *group_of(const Value *tenant)
{
    const char *s = value_at_str(tenant, "spec.group");

    return s ? s : "";
}

int host_settle_groups(Request *req, const Op *op, const Value *old, const Value *now)
{
    TermGroup *from = arena_array(req->arena, TermGroup, MAX_CHAIN);
    TermGroup *to = arena_array(req->arena, TermGroup, MAX_CHAIN);
    Cluster *c;
    uint32_t n_from = 0, n_to = 0;
    const char *ignored, *why;
    Err err;
    int s;

    if (str_eq(group_of(old), group_of(now)))
        return STEP_OK;
    s = chain_of(req, group_of(old), from, &n_from, &ignored);
    if (!s)
        s = chain_of(req, group_of(now), to, &n_to, &why);
    if (s)
        return s;
    if (why) {
        (void)err_set(&err, ERR_INVALID, "spec.group: %s", why);
        return host_refuse(req, op->name, &err);
    }
    if (!old)
        return STEP_OK; /* it has nothing yet */
    c = host_cluster_named(req, op->name);
    if (c)
        accounts_move(req, c, from, n_from, to, n_to);
    return STEP_OK;
}

static bool is_in_group(const Obj *o, void *data)
{
    const Named *n = data;
    const char *s;

    return obj_scan_str(o, n->path, n->arena, &s) && str_eq(s, n->value);
}

int host_who_names(Request *req, const char *storage, const char *path, const char *value,
                   const char **ret)
{
    Named n = {path, value, req->arena};
    SelectorTerm term = {.path = path, .values = &value, .n_values = 1};
    CacheScan scan = {.match = is_in_group, .data = &n, .limit = 1, .term = &term};
    AUTO_OBJVEC v = {0};
    int64_t revision;
    bool more;
    int s = read_list(req, req->cluster, storage, &scan, &v, &revision, &more);

    *ret = !s && v.n > 0 ? arena_strdup(req->arena, v.items[0]->name) : NULL;
    return s;
}

int host_group_validate(Request *req, Op *op)
{
    static const char *const users[][3] = {{"tenancy/tenants", "spec.group", "tenant"},
                                           {"tenancy/tenantgroups", "spec.parent", "group"}};
    TermGroup *chain = arena_array(req->arena, TermGroup, MAX_CHAIN);
    const char *parent = value_at_str(op->obj, "spec.parent"), *why, *who;
    const char *was = value_at_str(op->old, "spec.parent");
    FieldErrs e = {.arena = req->arena};
    uint32_t n;
    int s;

    if (!op_is_on(op, "tenancy/tenantgroups", NULL))
        return STEP_OK;
    if (str_eq(op->verb, "DELETE")) {
        for (size_t i = 0; i < ARRAY_LEN(users); i++) {
            s = host_who_names(req, users[i][0], users[i][1], op->name, &who);
            if (s)
                return s;
            if (who)
                return admit_forbid(req, op, "%s \"%s\" is in it", users[i][2], who);
        }
        return STEP_OK;
    }
    parent = parent ? parent : "";
    if (op->old && !str_eq(parent, was ? was : ""))
        field_err(&e, FIELD_ERR_INVALID, "spec.parent", value_str(req->arena, parent),
                  "field is immutable");
    s = op->old ? STEP_OK : chain_of(req, parent, chain, &n, &why);
    if (!s && !op->old && (why || n + 1 > MAX_CHAIN))
        field_err(&e, FIELD_ERR_INVALID, "spec.parent", value_str(req->arena, parent), "%s",
                  why ? why : "too deep");
    if (s)
        return s;
    return e.n > 0 ? fail_invalid(req, HOST_GROUP, "TenantGroup", op->name, &e) : STEP_OK;
}

int host_group_usage(Request *req, const Resource *r)
{
    Arena *a = req->arena;
    Value *v = value_object(a), *status = NULL;
    Op op = {0};
    int s = fetch_target(req, r, &op);

    if (s)
        return s;
    if (tenancy_group_usage(req->state->vc->tenancy, op.name, value_at(op.old, "spec.limits"), a,
                            req->state->now_us, &status) < 0)
        return fail_unavailable(req, "the usage is not known");
    value_set_str(a, v, "kind", "TenantUsage");
    value_set_str(a, v, "apiVersion", HOST_GROUP "/v1");
    value_set_at(a, v, "metadata.name", value_str(a, op.name));
    value_set(a, v, "status", status);
    return reply_json(req, 200, v);
}
