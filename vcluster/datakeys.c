/*
 * datakeys.c - the data keys of clusters, as JSON, in the host cluster only:
 *
 *     GET  /apis/tenancy.hostplane.io/v1/datakeys[?pending=true]
 *     GET  /apis/tenancy.hostplane.io/v1/datakeys/CLUSTER
 *     POST /apis/tenancy.hostplane.io/v1/datakeys                    new ones for all clusters
 *     POST /apis/tenancy.hostplane.io/v1/datakeys/CLUSTER/rotate     and for one
 *
 * No resource of discovery, as keyproviders. RBAC knows them as datakeys (list, get, create) and
 * datakeys/rotate (create). Of keys it shows versions, and nothing of what they are.
 */
#include "api/encrypts.h"
#include "base/clock.h"
#include "vcluster/host.h"

/* "apps/deployments" as people write it. */
static Value *kind_value(Arena *a, Slice storage)
{
    Slice plural = storage, group;

    if (!slice_cut(&plural, '/', &group))
        return value_strn(a, storage.ptr, storage.len);
    return value_str(
        a, arena_printf(a, "%.*s.%.*s", (int)plural.len, plural.ptr, (int)group.len, group.ptr));
}

static Value *kinds_value(Arena *a, const char *list)
{
    Value *v = value_array(a);
    Slice rest = slice_of(list), item;

    value_append(a, v, value_str(a, "secrets"));
    while (encrypts_next(&rest, &item))
        value_append(a, v, kind_value(a, item));
    return v;
}

static Value *key_value(Arena *a, const DataKeyReport *k)
{
    Value *v = value_object(a);
    char text[CLOCK_TEXT_MAX];

    value_set_str(a, v, "kind", "DataKey");
    value_set_str(a, v, "apiVersion", HOST_GROUP "/v1");
    value_set_at(a, v, "metadata.name", value_str(a, k->cluster));
    value_set_at(a, v, "spec.keyProvider", value_str(a, k->provider));
    value_set_at(a, v, "spec.encryptedResources", kinds_value(a, k->encrypted));
    value_set_at(a, v, "status.version", value_int(a, k->version));
    value_set_at(a, v, "status.newestVersion", value_int(a, k->newest));
    value_set_at(a, v, "status.olderKeys", value_bool(a, k->has_older));
    value_set_at(a, v, "status.phase", value_str(a, k->stage[0] ? k->stage : "Done"));
    if (!k->stage[0])
        return v;
    value_set_at(a, v, "status.begunAt", value_str(a, clock_to_rfc3339(k->begun_us, text)));
    value_set_at(a, v, "status.rows", value_int(a, k->total));
    value_set_at(a, v, "status.rowsSeen", value_int(a, k->seen));
    value_set_at(a, v, "status.rowsResealed", value_int(a, k->resealed));
    value_set_at(a, v, "status.rowsFailed", value_int(a, k->failed));
    if (k->error[0])
        value_set_at(a, v, "status.message", value_str(a, k->error));
    return v;
}

static int reply_all(Request *req, const DataKeysReport *r)
{
    Value *items = value_array(req->arena);

    for (size_t i = 0; i < r->n; i++)
        value_append(req->arena, items, key_value(req->arena, &r->items[i]));
    return host_reply_list(req, "DataKeyList", items);
}

int host_datakeys(Request *req)
{
    const Route *t = &req->state->route;
    bool rotates = str_eq(t->subresource, "rotate") || !t->is_item;
    bool is_post = str_eq(req->method, "POST");
    const char *pending = query_get(&req->state->query, "pending");
    DataKeysOp op = pending && str_eq(pending, "true") ? DATA_KEYS_PENDING : DATA_KEYS_LIST;
    const DataKeysReport *report;
    Cluster *c = NULL;
    Err err;
    int r = 0, s;

    if (t->rest[0] || t->ns[0] || (t->subresource[0] && !str_eq(t->subresource, "rotate")))
        return fail_unknown(req);
    if (is_post ? !rotates : !str_eq(req->method, "GET") || t->subresource[0])
        return fail_method(req);
    if (t->is_item) {
        c = host_cluster_named(req, t->name);
        if (!c)
            return host_not_found(req, "datakeys", t->name);
    }
    s = engine_data_keys(req, is_post ? DATA_KEYS_ROTATE : op, c, &report, &r, &err);
    if (s)
        return s;
    if (r < 0)
        return fail_err(req, &err);
    if (!t->is_item)
        return reply_all(req, report);
    return report->n == 1 ? reply_json(req, 200, key_value(req->arena, &report->items[0]))
                          : host_not_found(req, "datakeys", t->name);
}
