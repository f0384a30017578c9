#include "vcluster/nodeports.h"

#include "base/mem.h"

static const char *row_name(Arena *a, const char *protocol, int64_t port)
{
    return arena_printf(a, "%s-%d",
                        str_eq(protocol, "UDP")    ? "udp"
                        : str_eq(protocol, "SCTP") ? "sctp"
                                                   : "tcp",
                        (int)port);
}

/* The row, and what it says; *ret_owner NULL: nobody has the number, or nobody any more. */
static int read_row(Request *req, const char *name, Stored *ret_row, Value **ret_owner)
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
    int s = read_row(req, row_name(req->arena, protocol, port), &row, &owner);

    *ret = !s && owner;
    return s;
}

static int claim(Request *req, const Op *op, const char *name)
{
    Arena *a = req->arena;
    Value *v = value_object(a), *owner;
    Stored row;
    Write *w;
    int s = read_row(req, name, &row, &owner);

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
    int s = read_row(req, name, &row, &owner);

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

static const char *port_row(Arena *a, const Value *port)
{
    int64_t number = value_at_int(port, "nodePort", 0);

    return number > 0 ? row_name(a, value_get_str(port, "protocol"), number) : NULL;
}

static bool has_row(Arena *a, const Value *service, uint32_t before, const char *name)
{
    const Value *ports = value_at(service, "spec.ports");

    for (uint32_t i = 0; i < MIN(before, value_len(ports)); i++) {
        if (str_eq(port_row(a, value_item(ports, i)), name))
            return true;
    }
    return false;
}

int nodeports_follow(Request *req, const Op *op, const Value *old, const Value *now)
{
    Arena *a = req->arena;
    const Value *p;
    int s = STEP_OK;

    value_each_item(value_at(old, "spec.ports"), i, p)
    {
        const char *name = port_row(a, p);

        if (!s && name && !has_row(a, now, UINT32_MAX, name) && !has_row(a, old, i, name))
            s = give_up(req, op, name);
    }
    value_each_item(value_at(now, "spec.ports"), i, p)
    {
        const char *name = port_row(a, p);

        if (!s && name && !has_row(a, now, i, name)) /* two ports may share a number */
            s = claim(req, op, name);
    }
    return s;
}
