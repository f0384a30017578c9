#include "controllers/ctl.h"

#include "client/events.h"

#include <stdarg.h>

int ctl_wait_ms(int64_t until_us, int64_t now_us)
{
    return (int)MIN(MAX(until_us - now_us, 0) / 1000 + 1, (int64_t)INT32_MAX);
}

/* ---- reading ---- */

static const Resource *known(const char *storage)
{
    const Resource *r = resource_find_storage(storage);

    BUG_ON(!r);
    return r;
}

static Value *to_tree(Arena *a, const Resource *r, const Obj *o)
{
    char api_version[256];

    return obj_to_value(a, o, r->kind, resource_api_version(r, api_version));
}

int ctl_get_of(Ctl *ctl, const Resource *resource, const char *ns, const char *name, Value **ret,
               Err *err)
{
    CLEANUP(obj_unref) Obj *o = NULL;
    int r = ctl->lister->get(ctl->lister, ctl->cluster, resource->storage, ns, name, &o, err);

    *ret = NULL;
    if (r < 0)
        return r;
    if (o)
        *ret = to_tree(ctl->arena, resource, o);
    return 0;
}

int ctl_get(Ctl *ctl, const char *storage, const char *ns, const char *name, Value **ret, Err *err)
{
    return ctl_get_of(ctl, known(storage), ns, name, ret, err);
}

Value *ctl_born(Ctl *ctl, const char *storage, const char *ns, const char *name)
{
    CLEANUP(obj_unref) Obj *o = NULL;

    if (ctl->lister->born)
        o = ctl->lister->born(ctl->lister, ctl->cluster, storage, ns, name);
    return o ? to_tree(ctl->arena, known(storage), o) : NULL;
}

void values_add(Arena *a, Values *vs, Value *v)
{
    if (vs->n == vs->cap) {
        uint32_t cap = vs->cap ? vs->cap * 2 : 16;
        Value **items = arena_array(a, Value *, cap);

        if (vs->n > 0)
            memcpy(items, vs->items, vs->n * sizeof(*items));
        vs->items = items;
        vs->cap = cap;
    }
    vs->items[vs->n++] = v;
}

typedef struct Collect {
    Ctl *ctl;
    const Resource *resource;
    bool (*keep)(const Obj *o, const void *data);
    const void *data;
    Values *ret;
} Collect;

static void on_object(Obj *o, void *data)
{
    Collect *c = data;

    if (!c->keep || c->keep(o, c->data))
        values_add(c->ctl->arena, c->ret, to_tree(c->ctl->arena, c->resource, o));
}

int ctl_list_of(Ctl *ctl, const Resource *resource, const char *ns,
                bool (*keep)(const Obj *o, const void *data), const void *data, Values *ret,
                Err *err)
{
    Collect c = {ctl, resource, keep, data, ret};

    *ret = (Values){0};
    return ctl->lister->list(ctl->lister, ctl->cluster, resource->storage, ns, NULL, on_object, &c,
                             err);
}

int ctl_list(Ctl *ctl, const char *storage, const char *ns,
             bool (*keep)(const Obj *o, const void *data), const void *data, Values *ret, Err *err)
{
    return ctl_list_of(ctl, known(storage), ns, keep, data, ret, err);
}

/* The end of the JSON object or array at p, behind its bracket. */
static const char *value_end(const char *p, const char *end)
{
    bool in_string = false;
    int depth = 0;

    for (; p < end; p++) {
        if (in_string && *p == '\\')
            p++;
        else if (*p == '"')
            in_string = !in_string;
        else if (!in_string && (*p == '{' || *p == '['))
            depth++;
        else if (!in_string && (*p == '}' || *p == ']') && --depth == 0)
            return p + 1;
    }
    return NULL;
}

/* The value of the first member of the stored object that is `key`, which ends with the value's
 * bracket: "\"selector\":{". A quote within a string is escaped, so that no string looks like this.
 */
static Value *first_member(Arena *a, const Obj *o, const char *key)
{
    size_t len = strlen(key);
    const char *end = o->text + o->text_len, *at = memmem(o->text, o->text_len, key, len), *stop;
    Value *v = NULL;

    at = at ? at + len - 1 : NULL;
    stop = at ? value_end(at, end) : NULL;
    if (!stop || value_parse(a, (Slice){at, (size_t)(stop - at)}, &v, NULL) < 0)
        return NULL;
    return v;
}

Value *ctl_selector_value(Arena *a, const Obj *o)
{
    /* Members are stored in the order of their type, where a spec's selector comes before any
     * template. */
    return first_member(a, o, "\"selector\":{");
}

Value *ctl_owner_refs(Arena *a, const Obj *o)
{
    /* Metadata comes first. */
    return o->n_owners > 0 ? first_member(a, o, "\"ownerReferences\":[") : NULL;
}

static bool is_controlled_by(const Obj *o, const void *uid)
{
    return str_eq(obj_controller_uid(o), uid);
}

int ctl_add_owned(Ctl *ctl, const char *storage, const char *uid, Values *ret, Err *err)
{
    Collect c = {ctl, known(storage), is_controlled_by, uid, ret};
    Lister *l = ctl->lister;

    return l->claimable ? l->claimable(l, ctl->cluster, storage, ctl->ns, uid, on_object, &c, err)
                        : l->list(l, ctl->cluster, storage, ctl->ns, NULL, on_object, &c, err);
}

typedef struct Claimable {
    const Selector *sel;
    const char *uid;
} Claimable;

static bool is_claimable(const Obj *o, const void *data)
{
    const Claimable *c = data;

    for (uint32_t i = 0; i < o->n_owners; i++)
        if (str_eq(o->owners[i].uid, c->uid))
            return true;
    return selector_match_obj(c->sel, o);
}

int ctl_list_claimable(Ctl *ctl, const char *storage, const Selector *sel, const char *owner_uid,
                       Values *ret, Err *err)
{
    Claimable c = {sel, owner_uid};
    Collect found = {ctl, known(storage), is_claimable, &c, ret};
    Lister *l = ctl->lister;

    if (!l->claimable)
        return ctl_list(ctl, storage, ctl->ns, is_claimable, &c, ret, err);
    *ret = (Values){0};
    return l->claimable(l, ctl->cluster, storage, ctl->ns, owner_uid, on_object, &found, err);
}

/* ---- writing ---- */

ObjRef ctl_ref(const Ctl *ctl, const char *storage, const char *ns, const char *name)
{
    return (ObjRef){.cluster = ctl->cluster, .ns = ns, .name = name, .resource = known(storage)};
}

int ctl_update_status_of(Ctl *ctl, const Resource *resource, const Value *object, Err *err)
{
    ObjRef at = {.cluster = ctl->cluster,
                 .ns = meta_ns(object),
                 .name = meta_name(object),
                 .subresource = "status",
                 .resource = resource};

    return client_update(ctl->client, ctl->arena, &at, object, NULL, err);
}

int ctl_update_status(Ctl *ctl, const char *storage, const Value *object, Err *err)
{
    return ctl_update_status_of(ctl, known(storage), object, err);
}

static ClientRequest delete_request(Ctl *ctl, const char *storage, const Value *object,
                                    const char *propagation, bool is_now)
{
    ObjRef at = ctl_ref(ctl, storage, meta_ns(object), meta_name(object));
    Value *options = value_literal(ctl->arena, "{'kind':'DeleteOptions','apiVersion':'v1'}");

    value_set_at(ctl->arena, options, "preconditions.uid", value_str(ctl->arena, meta_uid(object)));
    if (propagation)
        value_set_str(ctl->arena, options, "propagationPolicy", propagation);
    if (is_now)
        value_set_int(ctl->arena, options, "gracePeriodSeconds", 0);
    return client_request(ctl->arena, "DELETE", &at, NULL, options);
}

ClientRequest ctl_delete_request(Ctl *ctl, const char *storage, const Value *object,
                                 const char *propagation)
{
    return delete_request(ctl, storage, object, propagation, false);
}

int ctl_tolerate_gone(int r)
{
    return r == -ERR_NOT_FOUND || r == -ERR_CONFLICT ? 0 : r;
}

int ctl_delete(Ctl *ctl, const char *storage, const Value *object, const char *propagation,
               Err *err)
{
    ClientRequest req = ctl_delete_request(ctl, storage, object, propagation);
    ClientReply reply = {0};
    int r = client_call(ctl->client, ctl->arena, &req, &reply, err);

    return ctl_tolerate_gone(r < 0 ? r : client_reply_check(ctl->arena, &reply, err));
}

int ctl_call_all(Ctl *ctl, const ClientRequest *reqs, uint32_t n, int *rs, Err *err)
{
    enum { AT_ONCE = 64 };
    int failure = 0;

    for (uint32_t done = 0; done < n; done += AT_ONCE) {
        ClientReply replies[AT_ONCE];
        uint32_t some = MIN(n - done, (uint32_t)AT_ONCE);

        client_call_all(ctl->client, ctl->arena, reqs + done, some, replies);
        for (uint32_t i = 0; i < some; i++) {
            Err *why = failure == 0 ? err : NULL;
            int r = ctl_tolerate_gone(client_reply_check(ctl->arena, &replies[i], why));

            if (rs)
                rs[done + i] = r;
            failure = failure ? failure : r;
        }
    }
    return failure;
}

int ctl_delete_all(Ctl *ctl, const char *storage, Value *const *objects, uint32_t n, bool is_now,
                   Err *err)
{
    ClientRequest *reqs = arena_array(ctl->arena, ClientRequest, n);

    for (uint32_t i = 0; i < n; i++)
        reqs[i] = delete_request(ctl, storage, objects[i], NULL, is_now);
    return ctl_call_all(ctl, reqs, n, NULL, err);
}

bool ctl_is_terminating(int r, const Err *err)
{
    return r == -ERR_FORBIDDEN && err && strstr(err->msg, "being terminated");
}

int ctl_tolerate_terminating(int r, const Err *err)
{
    return r == -ERR_NOT_FOUND || ctl_is_terminating(r, err) ? 0 : r;
}

void ctl_event(Ctl *ctl, const Value *object, const char *type, const char *reason, const char *fmt,
               ...)
{
    char message[1024];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(message, sizeof(message), fmt, ap);
    va_end(ap);
    events_record(ctl->events, &(Event){.cluster = ctl->cluster,
                                        .object = object,
                                        .type = type,
                                        .reason = reason,
                                        .message = message});
}

/* ---- claiming ---- */

static int patch_owner(Ctl *ctl, const char *storage, const Value *object, Value *ref,
                       const char *finalizers_key, const char *finalizer, Value **ret, Err *err)
{
    Arena *a = ctl->arena;
    ObjRef at = ctl_ref(ctl, storage, meta_ns(object), meta_name(object));
    Value *patch = value_object(a), *meta = value_need(a, patch, "metadata");
    Value *refs = value_array(a), *finalizers = value_array(a);

    value_append(a, refs, ref);
    value_set_str(a, meta, "uid", meta_uid(object));
    value_set(a, meta, "ownerReferences", refs);
    if (finalizer) {
        value_append(a, finalizers, value_str(a, finalizer));
        value_set(a, meta, finalizers_key, finalizers);
    }
    return client_patch(ctl->client, a, &at, "application/strategic-merge-patch+json", patch, ret,
                        err);
}

static int release(Ctl *ctl, const char *storage, const Value *owner, const char *finalizer,
                   const Value *object, Err *err)
{
    Value *ref = value_object(ctl->arena);
    int r;

    value_set_str(ctl->arena, ref, "$patch", "delete");
    value_set_str(ctl->arena, ref, "uid", meta_uid(owner));
    r = patch_owner(ctl, storage, object, ref, "$deleteFromPrimitiveList/finalizers", finalizer,
                    NULL, err);
    /* Gone or somebody else's by now: nothing to release. */
    return r == -ERR_NOT_FOUND || r == -ERR_INVALID ? 0 : r;
}

/* The cache may be late: adopt only for an owner that lives on the server. */
static int owner_is_alive(Ctl *ctl, const Value *owner, Err *err)
{
    const char *kind = value_get_str(owner, "kind");
    const Resource *resource =
        ctl_resource_of_kind(ctl, value_get_str(owner, "apiVersion"), kind ? kind : "");
    ObjRef at = {.cluster = ctl->cluster, .ns = meta_ns(owner), .name = meta_name(owner)};
    Value *fresh = NULL;
    int r;

    BUG_ON(!resource);
    at.resource = resource;
    r = client_get(ctl->client, ctl->arena, &at, &fresh, err);
    if (r < 0)
        return r;
    if (!str_eq(meta_uid(fresh), meta_uid(owner)) || meta_is_deleted(fresh))
        return err_set(err, ERR_CONFLICT, "%s %s has just been deleted", kind, meta_name(owner));
    return 0;
}

int ctl_claim(Ctl *ctl, const char *storage, const Value *owner, const Selector *sel,
              const char *finalizer, const Values *candidates, Values *ret, Err *err)
{
    bool was_checked = false;
    int r;

    *ret = (Values){0};
    for (uint32_t i = 0; i < candidates->n; i++) {
        Value *v = candidates->items[i];
        bool matches = selector_match_labels(sel, value_at(v, "metadata.labels"));

        if (meta_controller(v)) {
            if (!meta_is_controlled_by(v, meta_uid(owner)))
                continue;
            if (matches) {
                values_add(ctl->arena, ret, v);
                continue;
            }
            if (meta_is_deleted(owner))
                continue;
            r = release(ctl, storage, owner, finalizer, v, err);
            if (r < 0)
                return r;
            continue;
        }
        if (!matches || meta_is_deleted(owner) || meta_is_deleted(v))
            continue;
        r = was_checked ? 0 : owner_is_alive(ctl, owner, err);
        if (r < 0)
            return r;
        was_checked = true;
        r = patch_owner(ctl, storage, v, meta_owner_ref(ctl->arena, owner), "finalizers", finalizer,
                        &v, err);
        if (r == -ERR_NOT_FOUND)
            continue;
        if (r < 0)
            return r;
        values_add(ctl->arena, ret, v);
    }
    return 0;
}
