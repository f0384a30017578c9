/*
 * keyproviders.c - who wraps data keys, as JSON, in the host cluster only:
 *
 *     GET  /apis/tenancy.hostplane.io/v1/keyproviders[/NAME]
 *     POST /apis/tenancy.hostplane.io/v1/keyproviders/NAME/rotate
 *     POST /apis/tenancy.hostplane.io/v1/keyproviders/NAME/drop?key=ID
 *
 * No resource of discovery: nothing is stored and nothing can be watched. RBAC knows them as
 * keyproviders (list, get), keyproviders/rotate and keyproviders/drop (create). Of keys it shows
 * the names that their providers give them, and nothing of what they are.
 */
#include "base/clock.h"
#include "vcluster/host.h"

static Value *provider_value(Arena *a, const KeyProviderReport *p)
{
    Value *v = value_object(a), *keys = value_array(a);
    char text[CLOCK_TEXT_MAX];

    value_set_str(a, v, "kind", "KeyProvider");
    value_set_str(a, v, "apiVersion", HOST_GROUP "/v1");
    value_set_at(a, v, "metadata.name", value_str(a, p->name));
    value_set_at(a, v, "spec.type", value_str(a, p->scheme));
    value_set_at(a, v, "spec.default", value_bool(a, p->is_default));
    value_set_at(a, v, "status.healthy", value_bool(a, p->is_healthy));
    if (p->error[0])
        value_set_at(a, v, "status.message", value_str(a, p->error));
    if (p->checked_us)
        value_set_at(a, v, "status.checkedAt", value_str(a, clock_to_rfc3339(p->checked_us, text)));
    value_set_at(a, v, "status.currentKey", value_str(a, p->current));
    value_set_at(a, v, "status.clusters", value_int(a, p->n_clusters));
    value_set_at(a, v, "status.clustersToRewrap", value_int(a, p->n_waiting));
    for (size_t i = 0; i < p->n_keys; i++) {
        Value *k = value_object(a);

        value_set_str(a, k, "id", p->keys[i].id);
        value_set(a, k, "current", value_bool(a, p->keys[i].is_current));
        value_set_int(a, k, "clusters", p->keys[i].n_clusters);
        value_append(a, keys, k);
    }
    value_set_at(a, v, "status.keys", keys);
    return v;
}

static int reply_list_of(Request *req, const KeysReport *k)
{
    Value *items = value_array(req->arena);

    for (size_t i = 0; i < k->n; i++)
        value_append(req->arena, items, provider_value(req->arena, &k->items[i]));
    return host_reply_list(req, "KeyProviderList", items);
}

static int reply_one(Request *req, const KeysReport *k, const char *name)
{
    for (size_t i = 0; i < k->n; i++)
        if (str_eq(k->items[i].name, name))
            return reply_json(req, 200, provider_value(req->arena, &k->items[i]));
    return host_not_found(req, "keyproviders", name);
}

static int refused(Request *req, int r, const char *name, const Err *err)
{
    if (r == -ERR_FORBIDDEN)
        return fail_forbidden(req, HOST_GROUP, "keyproviders", name, "%s", err->msg);
    if (r == -ERR_CONFLICT)
        return fail_status(req, 409, "Conflict",
                           status_details(req->arena, HOST_GROUP, "keyproviders", name),
                           arena_strdup(req->arena, err->msg));
    return fail_err(req, err);
}

static int change(Request *req, KeysOp op, const char *name, const char *key)
{
    const KeysReport *report;
    Err err;
    int r = 0, s;

    if (!str_eq(req->method, "POST"))
        return fail_method(req);
    if (!store_has_key_provider(req->state->vc->store, name))
        return host_not_found(req, "keyproviders", name);
    if (op == KEYS_DROP && (!key || !*key))
        return fail(req, ERR_BAD_REQUEST, "key: which one is to be dropped?");
    s = engine_keys(req, op, name, key, &report, &r, &err);
    if (s)
        return s;
    return r < 0 ? refused(req, r, name, &err) : reply_one(req, report, name);
}

int host_keyproviders(Request *req)
{
    const Route *t = &req->state->route;
    const KeysReport *report;
    Err err;
    int r = 0, s;

    if (t->rest[0] || t->ns[0])
        return fail_unknown(req);
    if (str_eq(t->subresource, "rotate"))
        return change(req, KEYS_ROTATE, t->name, NULL);
    if (str_eq(t->subresource, "drop"))
        return change(req, KEYS_DROP, t->name, query_get(&req->state->query, "key"));
    if (t->subresource[0])
        return fail_unknown(req);
    if (!str_eq(req->method, "GET"))
        return fail_method(req);
    s = engine_keys(req, KEYS_LIST, NULL, NULL, &report, &r, &err);
    if (s)
        return s;
    if (r < 0)
        return fail_err(req, &err);
    return t->is_item ? reply_one(req, report, t->name) : reply_list_of(req, report);
}
