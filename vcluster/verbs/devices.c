/*
 * devices.c - resource.k8s.io: what the strategies of claims and slices do that needs more than the
 * object (registry/resource of upstream).
 */
#include "vcluster/vcluster_int.h"

#define ADMIN_LABEL "resource.kubernetes.io/admin-access"

/* Fields of features that are off in 1.36. */
int devices_prepare_slice(Request *req UNUSED, Op *op)
{
    static const char *const lists[] = {"bools", "ints", "strings", "versions"};
    const Value *d;

    value_each_item(value_at(op->obj, "spec.devices"), i, d)
    {
        Value *device = value_item(value_at(op->obj, "spec.devices"), i);

        value_del(device, "nodeAllocatableResourceMappings");
        value_each_member(value_get(device, "attributes"), m) for (size_t k = 0;
                                                                   k < ARRAY_LEN(lists); k++)
            value_del(m->value, lists[k]);
    }
    return STEP_OK;
}

static bool is_device_of(const Value *results, const Value *device)
{
    static const char *const parts[] = {"driver", "pool", "device"};
    const Value *r;

    value_each_item(results, i, r)
    {
        bool same = true;

        for (size_t k = 0; k < ARRAY_LEN(parts); k++) {
            const char *a = value_get_str(r, parts[k]), *b = value_get_str(device, parts[k]);

            same = same && strcmp(a ? a : "", b ? b : "") == 0;
        }
        if (same)
            return true;
    }
    return false;
}

/* What was said of devices goes with their allocation. */
int devices_update_claim(Request *req, Op *op)
{
    const Value *was = value_at(op->old, "status.allocation.devices.results");
    const Value *now = value_at(op->obj, "status.allocation.devices.results");
    const Value *devices = value_at(op->obj, "status.devices"), *d;
    Value *kept = value_array(req->arena);

    if (!op->sub || !devices)
        return STEP_OK;
    value_each_item(devices, i, d) if (!is_device_of(was, d) || is_device_of(now, d))
        value_append(req->arena, kept, value_item(devices, i));
    if (value_len(kept) > 0)
        value_set(req->arena, value_get(op->obj, "status"), "devices", kept);
    else
        value_del(value_get(op->obj, "status"), "devices");
    return STEP_OK;
}

/* The first of a list that asks for access as an administrator. */
static const char *admin_path(Arena *a, const Value *list, const char *member, const char *path)
{
    const Value *x;

    value_each_item(list, i, x)
    {
        const Value *asks = member ? value_get(x, member) : x;

        if (value_is_true(value_get(asks, "adminAccess")))
            return arena_printf(a, "%s[%u].adminAccess", path, i);
    }
    return NULL;
}

static const char *admin_asked(Arena *a, const Op *op)
{
    static const char results[] = "status.allocation.devices.results";
    bool is_claim = str_eq(op->r->storage, "resource/resourceclaims");

    if (is_claim && op->sub)
        return admin_path(a, value_at(op->old, results), NULL, results)
                   ? NULL
                   : admin_path(a, value_at(op->obj, results), NULL, results);
    if (op->old)
        return NULL;
    if (is_claim)
        return admin_path(a, value_at(op->obj, "spec.devices.requests"), "exactly",
                          "spec.devices.requests");
    if (str_eq(op->r->storage, "resource/resourceclaimtemplates"))
        return admin_path(a, value_at(op->obj, "spec.spec.devices.requests"), "exactly",
                          "spec.devices.requests");
    return NULL;
}

int devices_validate(Request *req, const Op *op, FieldErrs *e)
{
    const Resource *namespaces = resource_find(SLICE(""), SLICE("v1"), SLICE("namespaces"));
    const char *path = admin_asked(req->arena, op), *label;
    Value *ns = NULL;
    int s;

    if (!path)
        return STEP_OK;
    s = read_tree(req, namespaces, "", op->ns, &ns);
    if (s)
        return s;
    label = value_get_str(value_at(ns, "metadata.labels"), ADMIN_LABEL);
    if (!str_eq(label, "true"))
        field_err(e, FIELD_ERR_FORBIDDEN, path, NULL,
                  "admin access to devices requires the `%s: true` label on the containing "
                  "namespace",
                  ADMIN_LABEL);
    return STEP_OK;
}
