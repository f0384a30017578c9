#include "vcluster/nodeports.h"

#include "base/mem.h"
#include "vcluster/outsideaddr.h"

static const char *row_name(Arena *a, const char *protocol, int64_t port)
{
    return arena_printf(a, "%s-%d",
                        str_eq(protocol, "UDP")    ? "udp"
                        : str_eq(protocol, "SCTP") ? "sctp"
                                                   : "tcp",
                        (int)port);
}

int nodeports_row(Request *req, const char *name, Stored *ret_row, Value **ret_owner)
{
    CLEANUP(cluster_unref) Cluster *owner = NULL;
    int s = read_get(req, vc_host(req->state->vc), OUTSIDE_PORTS_STORAGE, "", name, ret_row);
    const char *cluster;
    Value *v;

    *ret_owner = NULL;
    if (s || !ret_row->obj)
        return s;
    v = obj_to_value(req->arena, ret_row->obj, NULL, NULL);
    cluster = value_get_str(v, "cluster");
    owner = cluster ? store_cluster(req->state->vc->store, slice_of(cluster)) : NULL;
    if (owner && str_eq(value_get_str(v, "clusterUID"), owner->uid))
        *ret_owner = v;
    return STEP_OK;
}

static bool is_own(const Request *req, const Op *op, const Value *owner)
{
    return str_eq(value_get_str(owner, "cluster"), req->cluster->name) &&
           str_eq(value_get_str(owner, "service"),
                  arena_printf(req->arena, "%s/%s", op->ns, op->name));
}

int nodeports_is_taken(Request *req, const char *protocol, int64_t port, bool *ret)
{
    Stored row;
    Value *owner;
    int s = nodeports_row(req, row_name(req->arena, protocol, port), &row, &owner);

    *ret = !s && owner;
    return s;
}

static int claim(Request *req, const Op *op, const char *name)
{
    Arena *a = req->arena;
    Value *v = value_object(a), *owner;
    Stored row;
    Write *w;
    int s = nodeports_row(req, name, &row, &owner);

    if (s || owner)
        return s;
    value_set_at(a, v, "metadata.name", value_str(a, name));
    value_set_str(a, v, "cluster", req->cluster->name);
    value_set_str(a, v, "clusterUID", req->cluster->uid);
    value_set_str(a, v, "service", arena_printf(a, "%s/%s", op->ns, op->name));
    w = engine_write_in(req, vc_host(req->state->vc));
    w->op = WRITE_PUT;
    w->storage = OUTSIDE_PORTS_STORAGE;
    w->ns = "";
    w->name = name;
    w->expect = row.obj ? row.expect : EXPECT_ABSENT;
    w->obj = engine_obj(req, v);
    return STEP_OK;
}

static int give_up(Request *req, const Op *op, const char *name)
{
    Stored row;
    Value *owner;
    Write *w;
    int s = nodeports_row(req, name, &row, &owner);

    if (s || !owner || !is_own(req, op, owner))
        return s;
    w = engine_write_in(req, vc_host(req->state->vc));
    w->op = WRITE_DELETE;
    w->storage = OUTSIDE_PORTS_STORAGE;
    w->ns = "";
    w->name = name;
    w->expect = row.expect;
    w->obj = row.obj;
    return STEP_OK;
}

/* The rows of a service: its node ports and the port of its health check. */
typedef struct RowNames {
    const char **names;
    uint32_t n;
} RowNames;

static void add_row(RowNames *l, const char *name)
{
    for (uint32_t i = 0; i < l->n; i++)
        if (strcmp(l->names[i], name) == 0)
            return; /* two ports may share a number */
    l->names[l->n++] = name;
}

static RowNames rows_of(Arena *a, const Value *service)
{
    const Value *ports = value_at(service, "spec.ports"), *p;
    RowNames l = {.names = arena_array(a, const char *, value_len(ports) + 1)};
    int64_t health = value_at_int(service, "spec.healthCheckNodePort", 0);

    value_each_item(ports, i, p)
    {
        int64_t number = value_at_int(p, "nodePort", 0);

        if (number > 0)
            add_row(&l, row_name(a, value_get_str(p, "protocol"), number));
    }
    if (health > 0)
        add_row(&l, row_name(a, "TCP", health));
    return l;
}

static bool has_row(const RowNames *l, const char *name)
{
    for (uint32_t i = 0; i < l->n; i++)
        if (strcmp(l->names[i], name) == 0)
            return true;
    return false;
}

int nodeports_follow(Request *req, const Op *op, const Value *old, const Value *now)
{
    RowNames was = rows_of(req->arena, old), is = rows_of(req->arena, now);
    int s = STEP_OK;

    for (uint32_t i = 0; !s && i < was.n; i++)
        if (!has_row(&is, was.names[i]))
            s = give_up(req, op, was.names[i]);
    for (uint32_t i = 0; !s && i < is.n; i++)
        s = claim(req, op, is.names[i]);
    return s ? s : outside_addresses_follow(req, op, old, now);
}
