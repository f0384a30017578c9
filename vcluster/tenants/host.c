/*
 * host.c - what only the platform's own cluster has: tenants that are clusters, their subresources
 * kubeconfig, suspend, resume and usage, and the API of nodes: join, feed, stats,
 * tunnel.
 */
#include "vcluster/host.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/pki.h"
#include "tenancy/authn.h"
#include "tenancy/move.h"
#include "tenancy/tenancy.h"
#include "vcluster/admission.h"
#include "vcluster/audit.h"
#include "vcluster/nodestats.h"
#include "vcluster/spaces.h"

#include <strings.h>

#define GROUP HOST_GROUP

Cluster *host_cluster_named(Request *req, const char *name)
{
    return engine_keep_cluster(req, store_cluster(req->state->vc->store, slice_of(name)));
}

int host_reply_list(Request *req, const char *kind, Value *items)
{
    Arena *a = req->arena;
    Value *list = value_object(a);

    value_set_str(a, list, "kind", kind);
    value_set_str(a, list, "apiVersion", GROUP "/v1");
    value_set(a, list, "metadata", value_object(a));
    value_set(a, list, "items", items);
    return reply_json(req, 200, list);
}

int host_not_found(Request *req, const char *plural, const char *name)
{
    return fail_status(req, 404, "NotFound", status_details(req->arena, GROUP, plural, name),
                       arena_printf(req->arena, "%s." GROUP " \"%s\" not found", plural, name));
}

int host_refuse(Request *req, const char *name, const Err *err)
{
    Value *details;
    const char *colon = strstr(err->msg, ": ");

    if (err->code == ERR_FORBIDDEN)
        return fail_forbidden(req, GROUP, "tenants", name, "%s", err->msg);
    if (err->code != ERR_INVALID || !colon)
        return fail_err(req, err);
    details = status_details(req->arena, GROUP, "Tenant", name);
    details_cause(req->arena, details,
                  strstr(colon, ": Not found") == colon ? "FieldValueNotFound"
                                                        : "FieldValueInvalid",
                  arena_strdup(req->arena, colon + 2),
                  arena_strndup(req->arena, err->msg, (size_t)(colon - err->msg)));
    return fail_status(
        req, 422, "Invalid", details,
        arena_printf(req->arena, "Tenant." GROUP " \"%s\" is invalid: %s", name, err->msg));
}

static int plan_of(Request *req, const Value *tenant, Value **ret)
{
    const Resource *r = resource_find(SLICE(GROUP), SLICE("v1"), SLICE("plans"));

    return read_tree(req, r, "", tenancy_plan_name(tenant), ret);
}

/* ---- node pools ----
 * A dedicated pool says in its status which tenant has it. That is written together with the
 * tenant, so two tenants never have one. */

static int check_pools_exist(Request *req, const char *tenant, const Value *wanted,
                             const ObjVec *all)
{
    const Value *v;
    Err err;

    value_each_item(wanted, i, v)
    {
        bool found = false;

        for (size_t k = 0; k < all->n && !found; k++)
            found = str_eq(all->items[k]->name, value_to_cstr(v));
        if (found)
            continue;
        (void)err_set(&err, ERR_INVALID, "spec.overrides.nodePools: Not found: \"%s\"",
                      value_to_cstr(v));
        return host_refuse(req, tenant, &err);
    }
    return STEP_OK;
}

static int set_holder(Request *req, const Resource *r, Obj *pool, Value *tree, const char *holder)
{
    Stored was = {.obj = pool, .expect = pool->revision};

    value_set_at(req->arena, tree, "status.tenant", value_str(req->arena, holder));
    return engine_put_tree(req, req->cluster, r, tree, &was);
}

/* Take the dedicated pools that are wanted (NULL: none), and give back the others. */
static int settle_pools(Request *req, const char *tenant, const Value *wanted, bool is_dedicated)
{
    const Resource *r = resource_find(SLICE(GROUP), SLICE("v1"), SLICE("nodepools"));
    CacheScan scan = {0};
    AUTO_OBJVEC v = {0};
    bool more, has_own = false;
    int64_t revision;
    Err err;
    int s = read_list(req, req->cluster, r->storage, &scan, &v, &revision, &more);

    if (!s)
        s = check_pools_exist(req, tenant, wanted, &v);
    for (size_t i = 0; !s && i < v.n; i++) {
        Obj *pool = engine_keep(req, obj_ref(v.items[i]));
        Value *tree = object_tree(req->arena, r, pool);
        const char *holder = value_at_str(tree, "status.tenant");
        bool is_held = holder && *holder, is_ours = is_held && str_eq(holder, tenant);
        bool wants = str_eq(value_at_str(tree, "spec.mode"), "dedicated") &&
                     value_has_str(wanted, pool->name);

        if (wants && is_held && !is_ours) {
            (void)err_set(&err, ERR_INVALID,
                          "spec.plan: Invalid value: \"%s\": the node pool is another tenant's",
                          pool->name);
            return host_refuse(req, tenant, &err);
        }
        has_own = has_own || wants;
        if (wants != is_ours)
            s = set_holder(req, r, pool, tree, wants ? tenant : "");
    }
    if (s || !is_dedicated || has_own)
        return s;
    (void)err_set(&err, ERR_INVALID,
                  "spec.isolation: Invalid value: \"dedicated\": no dedicated node pool is named");
    return host_refuse(req, tenant, &err);
}

static int settle_pools_of(Request *req, const Op *op, const Value *plan)
{
    return settle_pools(req, op->name, terms_pools_of(op->obj, plan),
                        str_eq(value_at_str(op->obj, "spec.isolation"), "dedicated"));
}

/* ---- life ---- */

/* May the user create that subresource of the tenant? */
static int may_create(Request *req, const char *tenant, const char *subresource, bool *ret)
{
    const char *reason;
    RbacAttrs at = {.verb = "create",
                    .is_resource = true,
                    .group = GROUP,
                    .resource = "tenants",
                    .subresource = subresource,
                    .ns = "",
                    .name = tenant,
                    .path = ""};

    *ret = false;
    return authorize(req, &at, ret, &reason);
}

/* Who may run tenants, and must not look into them, does not say either who gets in: by name, by an
 * issuer of tokens, or as the administrator of a cluster that it shares from now on. That is for
 * those who may make kubeconfigs of it. */
static int check_entry(Request *req, const Op *op)
{
    static const char *const paths[] = {"spec.admins", "spec.authentication"};
    bool is_changed = op->old && move_is_far(op->old, op->obj) &&
                      str_eq(value_at_text(op->obj, "spec.isolation"), "namespace");
    bool allowed = true;
    int s = STEP_OK;

    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        const Value *was = value_at(op->old, paths[i]), *is = value_at(op->obj, paths[i]);

        is_changed = is_changed || (was != is && !(was && is && value_equal(was, is)));
    }
    if (is_changed)
        s = may_create(req, op->name, "kubeconfig", &allowed);
    return s || allowed ? s
                        : fail_forbidden(req, GROUP, "tenants", op->name,
                                         "User \"%s\" cannot say who gets into the tenant: that "
                                         "takes create on tenants/kubeconfig",
                                         req->user.name);
}

/* Who copies a tenant gives what is in it to the admins of the new one: that takes a permission on
 * the one that is copied, tenants/clone. */
static int check_clone(Request *req, const Op *op)
{
    const char *from = value_at_text(op->obj, "spec.cloneFrom");
    Value *source = NULL;
    bool allowed = false;
    Err err;
    int s;

    if (op->old) {
        if (str_eq(value_at_text(op->old, "spec.cloneFrom"), from))
            return STEP_OK;
        (void)err_set(&err, ERR_INVALID,
                      "spec.cloneFrom: Invalid value: \"%s\": field is immutable", from);
        return host_refuse(req, op->name, &err);
    }
    if (!from[0])
        return STEP_OK;
    s = may_create(req, from, "clone", &allowed);
    if (s)
        return s;
    if (!allowed)
        return fail_forbidden(req, GROUP, "tenants", op->name,
                              "User \"%s\" cannot create resource \"tenants/clone\" of tenant "
                              "\"%s\"",
                              req->user.name, from);
    s = read_tree(req, op->r, "", from, &source);
    if (s)
        return s;
    if (source && !str_eq(value_at_text(source, "spec.isolation"), "namespace") &&
        !str_eq(value_at_text(op->obj, "spec.isolation"), "namespace"))
        return STEP_OK;
    (void)err_set(&err, ERR_INVALID,
                  source ? "spec.cloneFrom: Invalid value: \"%s\": only whole clusters are copied"
                         : "spec.cloneFrom: Not found: \"%s\"",
                  from);
    return host_refuse(req, op->name, &err);
}

static int check_spaces(Request *req, const Op *op)
{
    const char *why;
    Err err;
    int s = spaces_check_tenant(req, op->old, op->obj, &why);

    if (s || !why)
        return s;
    (void)err_set(&err, ERR_INVALID, "%s", why);
    return host_refuse(req, op->name, &err);
}

int host_tenant_create(Request *req, Op *op)
{
    RequestState *st = req->state;
    Value *plan = NULL, *tenant = NULL;
    Err err;
    int s = plan_of(req, op->obj, &plan);

    if (s)
        return s;
    if (tenancy_prepare_create(st->vc->tenancy, req->arena, op->obj, plan, st->now_us, &tenant,
                               &st->txn.change, &err) < 0)
        return host_refuse(req, op->name, &err);
    op->obj = tenant;
    s = check_spaces(req, op);
    if (!s)
        s = check_entry(req, op);
    if (!s)
        s = check_clone(req, op);
    if (!s)
        s = host_settle_groups(req, op, NULL, op->obj);
    return s ? s : settle_pools_of(req, op, plan);
}

int host_tenant_update(Request *req, Op *op)
{
    RequestState *st = req->state;
    Value *plan = NULL, *tenant = NULL;
    Err err;
    int s = plan_of(req, op->obj, &plan);

    st->is_move = true;
    if (s)
        return s;
    if (tenancy_prepare_update(st->vc->tenancy, req->arena, op->old, op->obj, plan, st->now_us,
                               &tenant, &st->txn.change, &err) < 0)
        return host_refuse(req, op->name, &err);
    op->obj = tenant;
    s = check_spaces(req, op);
    if (!s)
        s = check_entry(req, op);
    if (!s)
        s = check_clone(req, op);
    if (!s)
        s = host_settle_groups(req, op, op->old, op->obj);
    return s ? s : settle_pools_of(req, op, plan);
}

int host_tenant_delete(Request *req, Op *op)
{
    RequestState *st = req->state;
    static const char *const names[] = {"spec.cluster", "status.cluster", "status.move.cluster"};
    const char *who = NULL;
    Err err;
    int s = STEP_OK;

    for (size_t i = 0; !s && !who && i < ARRAY_LEN(names); i++)
        s = host_who_names(req, "tenancy/tenants", names[i], op->name, &who);
    st->is_move = true;
    if (s)
        return s;
    if (who)
        return fail_forbidden(req, GROUP, "tenants", op->name,
                              "tenant \"%s\" has its namespaces in it", who);
    if (tenancy_prepare_delete(st->vc->tenancy, req->arena, op->old, &st->txn.change, &err) < 0)
        return host_refuse(req, op->name, &err);
    s = spaces_terminate(req, host_cluster_named(req, op->name), op->old);
    if (!s)
        s = host_settle_groups(req, op, op->old, NULL);
    return s ? s : settle_pools(req, op->name, NULL, false);
}

/* A name that nothing is counted by would be a limit that holds nobody. Those that are there
 * already may stay. */
int host_limits_validate(Request *req, Op *op)
{
    static const char *const where[][3] = {{"tenancy/plans", "spec.limits", "Plan"},
                                           {"tenancy/tenantgroups", "spec.limits", "TenantGroup"},
                                           {"tenancy/tenants", "spec.overrides.limits", "Tenant"}};
    FieldErrs e = {.arena = req->arena};

    for (size_t i = 0; i < ARRAY_LEN(where); i++) {
        if (!op_is_on(op, where[i][0], NULL) || str_eq(op->verb, "DELETE"))
            continue;
        value_each_member(value_at(op->obj, where[i][1]), m)
        {
            if (!quota_plan_counter(req->arena, m->name) &&
                !value_get(value_at(op->old, where[i][1]), m->name))
                field_err(&e, FIELD_ERR_INVALID,
                          arena_printf(req->arena, "%s[%s]", where[i][1], m->name), m->value,
                          "must be a name that a ResourceQuota knows, or objects, bytes or "
                          "namespaces");
        }
        if (e.n > 0)
            return fail_invalid(req, GROUP, where[i][2], op->name, &e);
    }
    return STEP_OK;
}

/* ---- subresources ---- */

static int set_state(Request *req, Op *op, const char *state)
{
    op->obj = value_copy(req->arena, op->old);
    value_set_at(req->arena, op->obj, "spec.state", value_str(req->arena, state));
    return op_update(req, op);
}

/* All credentials issued up to now, in one call. */
static int take_back(Request *req, Op *op)
{
    static const Subresource status = {.name = "status"};
    Value *body = NULL;
    Err err;
    int s = req->body.len > 0 ? body_parse(req, "TenantRevoke", &body) : STEP_OK;

    if (s)
        return s;
    if (tenancy_revoke(req->arena, op->old, value_at_str(body, "spec.user"),
                       value_at_bool(body, "spec.serviceAccounts"), req->state->now_us, &op->obj,
                       &err) < 0)
        return host_refuse(req, op->name, &err);
    op->sub = &status;
    return op_update(req, op);
}

typedef struct Credential {
    const char *tenant, *kubeconfig;
    int64_t expires_us;
} Credential;

static int finish_kubeconfig(Request *req, void *data)
{
    const Credential *made = data;
    Arena *a = req->arena;
    char until[CLOCK_TEXT_MAX];
    Value *body = value_object(a);

    value_set_str(a, body, "kind", "TenantKubeconfig");
    value_set_str(a, body, "apiVersion", GROUP "/v1");
    value_set_at(a, body, "metadata.name", value_str(a, made->tenant));
    value_set_at(a, body, "status.kubeconfig", value_str(a, made->kubeconfig));
    value_set_at(a, body, "status.expirationTimestamp",
                 value_str(a, clock_to_rfc3339(made->expires_us, until)));
    return reply_json(req, 201, body);
}

/* Who is in the group of a role has it: by a binding in the tenant, which its administrators see,
 * and may take away. */
static int bind_role(Request *req, const char *tenant, Cluster *c, const char *role,
                     const char *group)
{
    const Resource *bindings = resource_find_storage("rbac/clusterrolebindings");
    Arena *a = req->arena;
    Stored stored;
    Value *v;
    Err err;
    int s = read_get(req, c, "rbac/clusterroles", "", role, &stored);

    if (!s && !stored.obj) {
        (void)err_set(&err, ERR_INVALID, "spec.role: Not found: \"%s\"", role);
        return host_refuse(req, tenant, &err);
    }
    if (!s)
        s = read_get(req, c, "rbac/clusterrolebindings", "", group, &stored);
    if (s || stored.obj)
        return s;
    v = value_literal(a, "{'roleRef':{'apiGroup':'rbac.authorization.k8s.io','kind':'ClusterRole'},"
                         "'subjects':[{'apiGroup':'rbac.authorization.k8s.io','kind':'Group'}]}");
    value_set_at(a, v, "metadata.name", value_str(a, group));
    engine_put_birth(req, value_get(v, "metadata"));
    value_set_at(a, v, "roleRef.name", value_str(a, role));
    value_set_str(a, value_item(value_get(v, "subjects"), 0), "name", group);
    return engine_put_tree(req, c, bindings, v, &stored);
}

static int kubeconfig(Request *req, const char *name, Cluster *c)
{
    Arena *a = req->arena;
    KubeconfigOptions o = {0};
    Credential *made = arena_new0(a, Credential);
    const char **groups, *role, *role_group;
    const Value *spec, *list, *v;
    Value *body = NULL;
    size_t n = 0;
    Err err;
    int s = body_parse(req, "TenantKubeconfig", &body);

    if (s)
        return s;
    spec = value_get(body, "spec");
    list = value_get(spec, "groups");
    role = value_at_text(spec, "role");
    role_group = arena_printf(a, "hostplane:role:%s", role);
    groups = arena_array(a, const char *, value_len(list) + 2);
    value_each_item(list, i, v) if (value_to_cstr(v)) groups[n++] = v->str;
    if (role[0])
        groups[n++] = role_group;
    o.is_token = value_at_bool(spec, "token") || str_eq(value_get_str(spec, "credential"), "token");
    o.lifetime_s = value_at_int(spec, "lifetimeSeconds", 0);
    o.user = value_get_str(spec, "user");
    if (role[0] && (!o.user || !o.user[0]))
        o.user = role_group;
    o.groups = groups;
    if (tenancy_kubeconfig(req->state->vc->tenancy, c, &o, req->state->now_us, a, &made->kubeconfig,
                           &made->expires_us, &err) < 0)
        return host_refuse(req, name, &err);
    made->tenant = name;
    s = role[0] ? bind_role(req, name, c, role, role_group) : STEP_OK;
    return s ? s : engine_commit(req, finish_kubeconfig, made);
}

static int usage(Request *req, const char *name, Cluster *c)
{
    Arena *a = req->arena;
    const char *need = NULL;
    Value *v = NULL, *answer;
    int r = tenancy_usage(req->state->vc->tenancy, c, a, req->state->now_us, &v, &need);

    if (r == -ERR_UNAVAILABLE && need) {
        engine_load(req, req->cluster, need);
        return STEP_NEED;
    }
    if (r < 0)
        return fail_unavailable(req, "the usage is not known");
    answer = value_object(a);
    value_set_str(a, answer, "kind", "TenantUsage");
    value_set_str(a, answer, "apiVersion", GROUP "/v1");
    value_set_at(a, answer, "metadata.name", value_str(a, name));
    value_set(a, answer, "status", v);
    return reply_json(req, 200, answer);
}

int host_tenant_sub(Request *req, const Resource *r, const char *sub)
{
    CLEANUP(cluster_unref) Cluster *c = NULL;
    Op op = {0};
    int s = fetch_target(req, r, &op);

    if (s)
        return s;
    if (str_eq(sub, "move"))
        return host_tenant_move(req, &op);
    c = store_cluster(req->state->vc->store, slice_of(op.name));
    if (!str_eq(req->method, "GET"))
        audit_copy_to(req, c);
    if (str_eq(sub, "suspend"))
        return set_state(req, &op, "Suspended");
    if (str_eq(sub, "resume"))
        return set_state(req, &op, "Active");
    if (str_eq(sub, "revoke"))
        return take_back(req, &op);
    if (!c)
        return fail_not_found(req, r, op.name);
    if (str_eq(sub, "audit"))
        return host_tenant_audit(req, c);
    if (str_eq(sub, "kubeconfig"))
        return kubeconfig(req, op.name, c);
    if (str_eq(sub, "usage"))
        return usage(req, op.name, c);
    return fail_method(req);
}

/* ---- /apis/node.hostplane.io/v1 ---- */

enum { NODE_CERT_LIFETIME_S = 365 * 86400 };

static int check_csr(Request *req, const char *node, const char *csr_pem)
{
    CLEANUP(pki_csr_free) PkiCsr *csr = NULL;
    const char *cn = "", *const *orgs = NULL;
    const char *wanted = arena_printf(req->arena, "system:node:%s", node);
    Err err;

    if (pki_csr_from_pem(slice_of(csr_pem), &csr, &err) < 0 ||
        pki_csr_subject(csr, req->arena, &cn, &orgs, &err) < 0)
        return fail(req, ERR_BAD_REQUEST, "certificate request: %s", err.msg);
    if (strcmp(cn, wanted) != 0 || !orgs[0] || strcmp(orgs[0], "system:nodes") != 0 || orgs[1])
        return fail(req, ERR_BAD_REQUEST,
                    "the certificate request must be for system:node:%s of system:nodes", node);
    return STEP_OK;
}

/* A bootstrap token, or a node's certificate that ends soon, becomes a node's certificate. */
static int join(Request *req)
{
    CLEANUP(identity_close) Identity *i = NULL;
    Arena *a = req->arena;
    const char *node, *csr, *cert = NULL;
    Value *body = NULL, *answer = value_object(a);
    Err err;
    int s;

    if (value_parse(a, req->body, &body, &err) < 0)
        return fail_err(req, &err);
    node = value_get_str(body, "nodeName");
    csr = value_get_str(body, "csr");
    if (!node || !csr || validate_dns1123_subdomain(node))
        return fail(req, ERR_BAD_REQUEST, "a join names a node and carries a certificate request");
    if (req->user.node ? strcmp(req->user.node, node) != 0
                       : !user_has_group(&req->user, "system:bootstrappers") &&
                             !user_has_group(&req->user, "system:masters"))
        return fail_forbidden(req, "node.hostplane.io", "join", node,
                              "node \"%s\" may only renew its own certificate", node);
    s = check_csr(req, node, csr);
    if (s)
        return s;
    if (tenancy_identity(req->state->vc->tenancy, req->cluster, &i, &err) < 0 ||
        identity_sign_csr(i, a, csr, NODE_CERT_LIFETIME_S, true, false, &cert, &err) < 0)
        return fail_err(req, &err);
    value_set_str(a, answer, "certificate", cert);
    value_set_str(a, answer, "ca", identity_ca_pem(i));
    return reply_json(req, 200, answer);
}

static int stats(Request *req)
{
    Err err;

    if (nodestats_put(req->state->vc->stats, req->state->route.name, req->body, req->state->now_us,
                      &err) < 0)
        return fail_err(req, &err);
    return reply_json(req, 200, value_object(req->arena));
}

int host_node_api(Request *req)
{
    const Route *t = &req->state->route;
    bool is_feed = str_eq(t->subresource, "feed"), is_stats = str_eq(t->subresource, "stats");

    if (!is_host(req->cluster) || !str_eq(t->version, "v1"))
        return fail_plain_404(req);
    if (str_eq(t->resource, "join"))
        return str_eq(req->method, "POST") ? join(req) : fail_method(req);
    if (!str_eq(t->resource, "nodes") ||
        (!is_feed && !is_stats && !str_eq(t->subresource, "tunnel")))
        return fail_unknown(req);
    if (!str_eq(req->method, is_stats ? "POST" : "GET"))
        return fail_method(req);
    if (!req->user.node || strcmp(req->user.node, t->name) != 0)
        return fail_forbidden(req, "node.hostplane.io", "nodes", t->name,
                              "only the node itself has to do with its %s", t->subresource);
    if (is_stats)
        return stats(req);
    if (is_feed) {
        req->reply.kind = REPLY_STREAM;
        req->reply.status = 200;
        req->reply.content_type = "application/json";
        req->reply.stream = feeds_stream(req->state->vc->feeds, t->name);
        return STEP_DONE;
    }
    if (!req->upgrade || strcasecmp(req->upgrade, "hostplane-tunnel") != 0)
        return fail(req, ERR_BAD_REQUEST, "a tunnel begins with Upgrade: hostplane-tunnel");
    req->reply.kind = REPLY_TUNNEL;
    req->reply.status = 101;
    req->reply.node = arena_strdup(req->arena, t->name);
    return STEP_DONE;
}
