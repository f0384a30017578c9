/*
 * nodeview.c - the nodes as a tenant sees them: the host's Node objects without host addresses and
 * without what other tenants run there. Labels and taints of the tenant's own will come from an
 * overlay (storage "internal/nodeoverlays").
 */
#include "base/err.h"
#include "vcluster/vcluster_int.h"

bool nodeview_serves(const Cluster *c, const Resource *r)
{
    return !is_host(c) && str_eq(r->storage, "nodes");
}

Obj *nodeview_masked(const Obj *host_node)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = obj_to_value(a, host_node, NULL, NULL), *addresses, *item;
    const char *name = value_at_str(v, "metadata.name");
    Obj *o = NULL;
    int r;

    addresses = value_at(v, "status.addresses");
    value_each_item(addresses, i, item)
    {
        const char *type = value_get_str(item, "type");

        if (str_eq(type, "Hostname"))
            value_set_str(a, item, "address", name);
        else if (!str_eq(type, "InternalIP")) {
            value_remove(addresses, i--);
            continue;
        } else
            value_set_str(a, item, "address", "10.96.0.1");
    }
    value_del_at(v, "status.images");
    value_del_at(v, "status.volumesInUse");
    value_del_at(v, "status.volumesAttached");
    value_del_at(v, "metadata.managedFields");
    value_del_at(v, "metadata.annotations");
    value_set_str(a, value_need(a, v, "status.nodeInfo"), "machineID", "");
    value_set_str(a, value_need(a, v, "status.nodeInfo"), "systemUUID", "");
    value_set_str(a, value_need(a, v, "status.nodeInfo"), "bootID", "");
    r = obj_from_value(v, host_node->revision, &o, NULL);
    BUG_ON(r < 0); /* it was stored before */
    return o;
}

Obj *nodeview_mask(Request *req, Obj *host_node)
{
    return engine_keep(req, nodeview_masked(host_node));
}
