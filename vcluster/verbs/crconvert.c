#include "vcluster/crconvert.h"

#include "api/crd.h"
#include "base/err.h"
#include "vcluster/webhooks.h"

enum {
    TIMEOUT_S = 30,
    VERSIONS_MAX = 16, /* in which objects of one list may be stored */
    TAIL = 128,        /* bytes at the end of a text in which the name of its version is */
};

static const char tail_mark[] = ",\"\\u0001storedAs\":\"";

/* ---- which version ---- */

static const char *named(const Obj *o, size_t *ret_len)
{
    size_t n = MIN((size_t)o->text_len, (size_t)TAIL);
    const char *from = o->text + o->text_len - n;
    const char *at = memmem(from, n, tail_mark, sizeof(tail_mark) - 1);

    if (!at)
        return NULL;
    at += sizeof(tail_mark) - 1;
    *ret_len = strcspn(at, "\"");
    return at;
}

bool crconvert_is_named(const Obj *o)
{
    size_t n;

    return named(o, &n) != NULL;
}

bool crconvert_is_as(const Resource *r, const Obj *o)
{
    size_t n = 0;
    const char *version = named(o, &n);

    if (!version)
        return r == r->crd->storage;
    return slice_is((Slice){version, n}, r->version);
}

const Resource *crconvert_stored_as(Request *req, const Resource *r, const Obj *o)
{
    const Resource *found = NULL;
    const char *version;
    size_t n = 0;

    if (!crconvert_applies(r))
        return r;
    version = named(o, &n);
    if (version)
        found = vc_resource(req, r->group, arena_strndup(req->arena, version, n), r->plural);
    return found ? found : r->crd->storage;
}

/* ---- asking ---- */

static int fail_conversion(Request *req, const Resource *from, const char *why)
{
    return fail_internal(req, arena_printf(req->arena,
                                           "conversion webhook for %s/%s, Kind=%s failed: %s",
                                           from->group, from->version, from->kind, why));
}

/* What may change of the metadata are labels and annotations. */
static const char *restore_metadata(Arena *a, const Value *before, Value *v)
{
    static const char *const theirs[] = {"labels", "annotations"};
    const Value *old = value_get(before, "metadata");
    Value *now = value_get(v, "metadata"), *meta = value_copy(a, old);

    if (!value_is(now, VALUE_OBJECT))
        return "metadata of type <nil> in input object";
    if (!str_eq(value_get_str(now, "uid"), value_get_str(old, "uid")) ||
        !str_eq(value_get_str(now, "name"), value_get_str(old, "name")))
        return "must have the same name and uid";
    for (size_t i = 0; i < ARRAY_LEN(theirs); i++) {
        if (value_get(now, theirs[i]))
            value_set(a, meta, theirs[i], value_get(now, theirs[i]));
        else
            value_del(meta, theirs[i]);
    }
    value_set(a, v, "metadata", meta);
    return NULL;
}

/* NULL, or what is wrong with the answer; *ret: the converted objects. */
static const char *check_review(Arena *a, const HookReview *r, const Value *asked,
                                const char *desired, const Value **ret)
{
    const Value *response = value_get(r->review, "response"), *list, *v;
    const char *uid = value_get_str(response, "uid");

    if (!value_is(response, VALUE_OBJECT))
        return "no response provided";
    if (!str_eq(uid, r->uid))
        return arena_printf(a, "expected response.uid=\"%s\", got \"%s\"", r->uid, uid ? uid : "");
    if (!str_eq(value_at_str(response, "result.status"), "Success")) {
        const char *why = value_at_str(response, "result.message");

        return why && why[0] ? why : "response.result.status was not 'Success'";
    }
    list = value_get(response, "convertedObjects");
    if (value_len(list) != value_len(asked))
        return arena_printf(a, "returned %u objects, expected %u", value_len(list),
                            value_len(asked));
    value_each_item(list, i, v)
    {
        if (!str_eq(value_get_str(v, "apiVersion"), desired) ||
            !str_eq(value_get_str(v, "kind"), value_get_str(value_item(asked, i), "kind")))
            return arena_printf(a,
                                "returned invalid converted object at index %u: invalid "
                                "groupVersion or kind",
                                (unsigned)i);
    }
    *ret = list;
    return NULL;
}

/* The trees of `list`, which are of `from`, as `to` has them. */
static int convert(Request *req, const Resource *from, const Resource *to, Value *list, Value **ret)
{
    Arena *a = req->arena;
    const Value *hook = to->crd->conversion, *converted = NULL, *client, *item;
    char desired[256];
    Value *review = value_object(a), *request = value_object(a);
    const char *why;
    HookReview r;
    int s;

    client = value_get(hook, "clientConfig");
    resource_api_version(to, desired);
    value_set_str(a, review, "kind", "ConversionReview");
    value_set_str(a, review, "apiVersion", "apiextensions.k8s.io/v1");
    value_set_str(a, request, "desiredAPIVersion", desired);
    value_set(a, request, "objects", list);
    value_set(a, review, "request", request);
    s = hookcall_ask(req, arena_printf(a, "%s to %s", to->storage, desired), client, TIMEOUT_S,
                     review, &r);
    if (s)
        return s;
    why = r.wrong ? r.wrong : check_review(a, &r, list, desired, &converted);
    if (why)
        return fail_conversion(req, from, why);
    *ret = value_copy(a, converted);
    value_each_item(*ret, i, item)
    {
        why = restore_metadata(a, value_item(list, i), (Value *)(uintptr_t)item);
        if (why)
            return fail_conversion(req, from, why);
        normalize_object(a, to, (Value *)(uintptr_t)item);
    }
    return STEP_OK;
}

/* ---- reading ---- */

/* All that are stored as `from`. */
static int convert_some(Request *req, const Resource *from, const Resource *to, Obj **objs,
                        size_t n, bool is_owned)
{
    Arena *a = req->arena;
    Value *list = value_array(a), *made = NULL;
    size_t *at = arena_array(a, size_t, n + 1), k = 0;
    int s;

    for (size_t i = 0; i < n; i++) {
        if (crconvert_stored_as(req, to, objs[i]) != from)
            continue;
        value_append(a, list, object_tree(a, from, objs[i]));
        at[k++] = i;
    }
    s = convert(req, from, to, list, &made);
    for (size_t i = 0; !s && i < k; i++) {
        Obj *o = NULL, **place = &objs[at[i]];
        Err err;

        value_set_str(a, value_item(made, i), STORED_AS, to->version);
        if (obj_from_value(value_item(made, i), (*place)->revision, &o, &err) < 0)
            return fail_conversion(req, from, err.msg);
        if (is_owned)
            obj_unref(*place);
        else
            (void)engine_keep(req, o);
        *place = o;
    }
    return s;
}

int crconvert_objs(Request *req, const Resource *r, Obj **objs, size_t n, bool is_owned)
{
    const Resource *done[VERSIONS_MAX];
    size_t n_done = 0;

    for (size_t i = 0; crconvert_applies(r) && i < n; i++) {
        const Resource *from = crconvert_stored_as(req, r, objs[i]);
        bool is_done = from == r;
        int s;

        for (size_t k = 0; k < n_done; k++)
            is_done = is_done || done[k] == from;
        if (is_done)
            continue;
        if (n_done == VERSIONS_MAX)
            return fail_conversion(req, from, "objects are stored in too many versions");
        done[n_done++] = from;
        s = convert_some(req, from, r, objs, n, is_owned);
        if (s)
            return s;
    }
    return STEP_OK;
}

int crconvert_tree(Request *req, const Resource *r, Obj *o, Value **ret)
{
    int s = crconvert_objs(req, r, &o, 1, false);

    if (!s)
        *ret = object_tree(req->arena, r, o);
    return s;
}

/* ---- writing ---- */

int crconvert_to_storage(Request *req, Op *op)
{
    Arena *a = req->arena;
    Value *list, *made = NULL;
    int s;

    op->stored = NULL;
    if (!crconvert_applies(op->r) || op->r->crd->storage == op->r)
        return STEP_OK;
    list = value_array(a);
    value_append(a, list, value_copy(a, op->obj));
    s = convert(req, op->r, op->r->crd->storage, list, &made);
    if (!s)
        op->stored = value_item(made, 0);
    return s;
}

Obj *crconvert_obj_as(Request *req, const Resource *as, Value *v)
{
    Obj *o;

    value_set_str(req->arena, v, STORED_AS, as->version);
    o = engine_obj(req, v);
    value_del(v, STORED_AS);
    return o;
}

Obj *crconvert_obj(Request *req, const Op *op)
{
    Value *v = op->obj;

    if (op->stored) {
        v = value_copy(req->arena, op->stored);
        value_set(req->arena, v, "metadata", value_get(op->obj, "metadata"));
    }
    return crconvert_obj_as(req, op->r->crd->storage, v);
}
