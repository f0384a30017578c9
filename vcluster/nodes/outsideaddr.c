#include "vcluster/outsideaddr.h"

#include "api/address.h"
#include "vcluster/nodeaddress.h"
#include "vcluster/nodeports.h"
#include "vcluster/spaces.h"

#define PREFIX "ip-"

enum { MAX_ADDRESSES = 32 }; /* of one service that are served outside */

typedef struct AddressList {
    const char *ips[MAX_ADDRESSES];
    uint32_t n;
} AddressList;

static bool list_has(const AddressList *l, const char *ip)
{
    for (uint32_t i = 0; i < l->n; i++)
        if (strcmp(l->ips[i], ip) == 0)
            return true;
    return false;
}

/* In its usual form; of a family that clusters have not it is not served. */
static void add(Request *req, AddressList *l, const char *ip)
{
    Address x;

    if (!ip || !address_parse(ip, &x) || x.is_mapped || l->n == MAX_ADDRESSES ||
        !address_ranges_of(&req->state->vc->service_ranges, address_family(&x)) ||
        list_has(l, x.text))
        return;
    l->ips[l->n++] = arena_strdup(req->arena, x.text);
}

static void addresses_of(Request *req, const Value *service, AddressList *ret)
{
    const Value *v;

    ret->n = 0;
    if (!service || str_eq(value_at_str(service, "spec.type"), "ExternalName"))
        return;
    value_each_item(value_at(service, "spec.externalIPs"), i, v) add(req, ret, value_to_cstr(v));
    if (!str_eq(value_at_str(service, "spec.type"), "LoadBalancer"))
        return;
    value_each_item(value_at(service, "status.loadBalancer.ingress"), k, v)
    {
        if (!str_eq(value_get_str(v, "ipMode"), "Proxy"))
            add(req, ret, value_get_str(v, "ip"));
    }
}

static int find_service(const Value *list, const char *service)
{
    const Value *v;

    value_each_item(list, i, v) if (str_eq(value_to_cstr(v), service)) return (int)i;
    return -1;
}

/* Who shares the cluster with others is told from them by its name. */
static int holder_of(Request *req, const Op *op, const char **ret)
{
    Cluster *owner = NULL;
    const TenantTerms *terms;
    int s = tenant_terms_if_any(req, &terms);

    *ret = "";
    if (!s && terms->is_shared)
        s = spaces_owner_of(req, req->cluster, op->ns, &owner);
    if (!s && owner)
        *ret = owner->name;
    return s;
}

/* Nobody's in the network of the platform, and granted. */
static int is_granted(Request *req, const Op *op, const char *ip, bool *ret)
{
    Cluster *host = vc_host(req->state->vc);
    const CacheScan all = {0};
    AUTO_OBJVEC nodes = {0};
    const TenantTerms *terms;
    int64_t revision;
    Cache *k;
    int s = tenant_terms_in(req, op->ns, &terms);

    *ret = false;
    if (!s && terms == terms_none())
        s = tenant_terms_if_any(req, &terms);
    if (s || service_range_has(req->state->vc, ip) ||
        !(is_host(req->cluster) || terms_allow_address(terms, ip)))
        return s;
    s = engine_cache(req, host, "nodes", &k);
    if (s)
        return s;
    (void)cache_list(k, &all, &nodes, &revision);
    *ret = !nodeaddress_is_taken(req->arena, &nodes, ip, NULL);
    return STEP_OK;
}

static void put(Request *req, const char *name, const Stored *row, Value *v)
{
    Write *w = engine_write_in(req, vc_host(req->state->vc));

    w->op = v ? WRITE_PUT : WRITE_DELETE;
    w->storage = OUTSIDE_PORTS_STORAGE;
    w->ns = "";
    w->name = name;
    w->expect = row->obj ? row->expect : EXPECT_ABSENT;
    w->obj = v ? engine_obj(req, v) : row->obj;
}

static int claim(Request *req, const Op *op, const char *ip)
{
    Arena *a = req->arena;
    const char *name = arena_printf(a, PREFIX "%s", ip), *holder;
    const char *service = arena_printf(a, "%s/%s", op->ns, op->name);
    Value *owner, *list;
    Stored row;
    bool granted;
    int s = is_granted(req, op, ip, &granted);

    if (!s && granted)
        s = nodeports_row(req, name, &row, &owner);
    if (!s && granted)
        s = holder_of(req, op, &holder);
    if (s || !granted)
        return s;
    if (owner && (!str_eq(value_get_str(owner, "cluster"), req->cluster->name) ||
                  !str_eq(value_get_str(owner, "tenant"), holder) ||
                  find_service(value_get(owner, "services"), service) >= 0))
        return STEP_OK;
    if (!owner) {
        owner = value_object(a);
        value_set_at(a, owner, "metadata.name", value_str(a, name));
        value_set_str(a, owner, "cluster", req->cluster->name);
        value_set_str(a, owner, "clusterUID", req->cluster->uid);
        value_set_str(a, owner, "tenant", holder);
        value_set(a, owner, "services", value_array(a));
    }
    list = value_get(owner, "services");
    value_append(a, list, value_str(a, service));
    put(req, name, &row, owner);
    return STEP_OK;
}

static int give_up(Request *req, const Op *op, const char *ip)
{
    Arena *a = req->arena;
    const char *name = arena_printf(a, PREFIX "%s", ip);
    Value *owner, *list;
    Stored row;
    int at, s = nodeports_row(req, name, &row, &owner);

    if (s || !owner || !str_eq(value_get_str(owner, "cluster"), req->cluster->name))
        return s;
    list = value_get(owner, "services");
    at = find_service(list, arena_printf(a, "%s/%s", op->ns, op->name));
    if (at < 0)
        return STEP_OK;
    value_remove(list, (uint32_t)at);
    put(req, name, &row, value_len(list) > 0 ? owner : NULL);
    return STEP_OK;
}

int outside_addresses_follow(Request *req, const Op *op, const Value *old, const Value *now)
{
    AddressList was, is;
    int s = STEP_OK;

    if (!vc_host(req->state->vc))
        return s;
    addresses_of(req, old, &was);
    addresses_of(req, now, &is);
    for (uint32_t i = 0; !s && i < was.n; i++)
        if (!list_has(&is, was.ips[i]))
            s = give_up(req, op, was.ips[i]);
    for (uint32_t i = 0; !s && i < is.n; i++)
        s = claim(req, op, is.ips[i]);
    return s;
}

bool outside_address_holds(const Cluster *c, const TenantTerms *terms, const Obj *row)
{
    return !str_starts(row->name, PREFIX) || is_host(c) ||
           (terms && (terms->is_shared || terms_allow_address(terms, row->name + strlen(PREFIX))));
}
