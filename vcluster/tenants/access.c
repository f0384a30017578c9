/*
 * access.c - breaking the glass: POST tenants/NAME/access lets somebody of the provider into a
 * tenant as an administrator, for a time and a reason. That it happened is recorded on the Tenant,
 * which the tenant reads in its TenantUsage, and told by an Event in the tenant, both in the
 * transaction without which there is no credential.
 */
#include "base/clock.h"
#include "base/err.h"
#include "tenancy/tenancy.h"
#include "vcluster/audit.h"
#include "vcluster/host.h"

#define USER_PREFIX "hostplane:access:"

static int tell(Request *req, Cluster *c, const char *who, const char *reason, const char *until)
{
    const Resource *r = resource_find(SLICE(""), SLICE("v1"), SLICE("events"));
    Arena *a = req->arena;
    Value *v = value_literal(
        a, "{'metadata':{'namespace':'default'},'involvedObject':{'kind':'Namespace',"
           "'namespace':'default','name':'default','apiVersion':'v1'},'reason':'ProviderAccess',"
           "'source':{'component':'hostplane'},'type':'Warning','count':1}");
    char now[CLOCK_TEXT_MAX];
    const char *name =
        arena_printf(a, "provider-access.%016llx", (unsigned long long)engine_random(req));
    const char *when = clock_to_rfc3339(req->state->now_us, now);

    value_set_at(a, v, "metadata.name", value_str(a, name));
    engine_put_birth(req, value_get(v, "metadata"));
    value_set_str(a, v, "firstTimestamp", when);
    value_set_str(a, v, "lastTimestamp", when);
    value_set_str(
        a, v, "message",
        arena_printf(a, "%s of the provider was let in until %s: %s", who, until, reason));
    return engine_put_tree(req, c, r, v, NULL);
}

typedef struct Way {
    const char *tenant, *kubeconfig, *until;
} Way;

static int finish(Request *req, void *data)
{
    const Way *w = data;
    Arena *a = req->arena;
    Value *v = value_object(a);

    value_set_str(a, v, "kind", "TenantAccess");
    value_set_str(a, v, "apiVersion", HOST_GROUP "/v1");
    value_set_at(a, v, "metadata.name", value_str(a, w->tenant));
    value_set_at(a, v, "status.kubeconfig", value_str(a, w->kubeconfig));
    value_set_at(a, v, "status.expirationTimestamp", value_str(a, w->until));
    return reply_json(req, 201, v);
}

int host_tenant_access(Request *req, const Resource *r)
{
    Arena *a = req->arena;
    RequestState *st = req->state;
    Way *way = arena_new0(a, Way);
    Value *body = NULL, *tenant = NULL;
    const char *reason;
    KubeconfigOptions o = {0};
    const TenantTerms *terms;
    char until[CLOCK_TEXT_MAX];
    int64_t expires = 0;
    Op op = {0};
    Cluster *c;
    Err err;
    int s = fetch_target(req, r, &op);

    if (!s)
        s = body_parse(req, "TenantAccess", &body);
    if (s)
        return s;
    c = host_cluster_named(req, op.name);
    if (!c)
        return fail_not_found(req, r, op.name);
    audit_copy_to(req, c);
    s = tenant_terms_of(req, c, &terms);
    if (s)
        return s;
    reason = value_at_str(body, "spec.reason");
    audit_note(req, AUDIT_PREFIX "access-reason", reason ? reason : "");
    o.lifetime_s = value_at_int(body, "spec.lifetimeSeconds", ACCESS_MAX_S);
    o.user = arena_printf(a, USER_PREFIX "%s", req->user.name);
    o.groups = (const char *const[]){"system:masters", NULL};
    if (tenancy_access(a, op.old, req->user.name, reason, o.lifetime_s, st->now_us, &tenant, &err) <
            0 ||
        tenancy_kubeconfig(st->vc->tenancy, c, &o, st->now_us, a, &way->kubeconfig, &expires,
                           &err) < 0)
        return host_refuse(req, op.name, &err);
    way->tenant = op.name;
    way->until = arena_strdup(a, clock_to_rfc3339(expires, until));
    s = engine_put_tree(req, req->cluster, r, tenant, &op.was);
    if (!s && !terms->cluster) /* else it has no namespace of that name */
        s = tell(req, c, req->user.name, reason, way->until);
    return s ? s : engine_commit(req, finish, way);
}
