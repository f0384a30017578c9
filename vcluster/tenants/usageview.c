#include "vcluster/usageview.h"

#include "base/clock.h"
#include "base/err.h"
#include "tenancy/tenancy.h"

#define GROUP   "usage.hostplane.io"
#define VERSION "v1"
#define NAME    "current"

static const char storage[] = "virtual/tenantusages";

Resource usageview_resource(void)
{
    static const char *const none[] = {NULL};

    return (Resource){.group = GROUP,
                      .version = VERSION,
                      .kind = "TenantUsage",
                      .plural = "tenantusages",
                      .singular = "tenantusage",
                      .short_names = none,
                      .categories = none,
                      .verbs = BIT(VERB_GET) | BIT(VERB_LIST),
                      .type = type_find("io.hostplane.tenancy.v1.TenantUsage"),
                      .storage = storage};
}

const Resource *usageview_find(const Request *req, const char *group, const char *version,
                               const char *plural)
{
    const Resource *r = &req->state->vc->usages;

    if (is_host(req->cluster) || !req->state->vc->tenancy || !str_eq(group, GROUP) ||
        (version && !str_eq(version, VERSION)) || (plural && !str_eq(plural, r->plural)))
        return NULL;
    return r;
}

bool usageview_serves(const Resource *r)
{
    return r->storage == storage;
}

/* NULL in *ret: there is none (any more). */
static int usage_of(Request *req, Value **ret)
{
    Vcluster *vc = req->state->vc;
    Arena *a = req->arena;
    char created[CLOCK_TEXT_MAX];
    const char *need = NULL;
    Value *status = NULL, *v = value_object(a);
    int r = tenancy_usage(vc->tenancy, req->cluster, a, req->state->now_us, &status, &need);

    *ret = NULL;
    if (r < 0 && need && vc_host(vc)) {
        engine_load(req, vc_host(vc), need);
        return STEP_NEED;
    }
    if (r < 0)
        return STEP_OK;
    value_set_str(a, v, "kind", "TenantUsage");
    value_set_str(a, v, "apiVersion", GROUP "/" VERSION);
    value_set_at(a, v, "metadata.name", value_str(a, NAME));
    value_set_at(a, v, "metadata.creationTimestamp",
                 value_str(a, clock_to_rfc3339(req->cluster->created_us, created)));
    value_set(a, v, "status", status);
    *ret = v;
    return STEP_OK;
}

int verb_usage(Request *req, const Resource *r)
{
    const Route *t = &req->state->route;
    Value *one, *list, *items;
    int s;

    if (!str_eq(req->method, "GET") || req->state->opts.is_watch)
        return fail_method(req);
    s = usage_of(req, &one);
    if (s)
        return s;
    if (t->is_item)
        return one && str_eq(t->name, NAME) ? reply_json(req, 200, one)
                                            : fail_not_found(req, r, t->name);
    list = value_object(req->arena);
    items = value_array(req->arena);
    value_set_str(req->arena, list, "kind", "TenantUsageList");
    value_set_str(req->arena, list, "apiVersion", GROUP "/" VERSION);
    value_set(req->arena, list, "metadata", value_object(req->arena));
    if (one)
        value_append(req->arena, items, one);
    value_set(req->arena, list, "items", items);
    return reply_json(req, 200, list);
}
