/*
 * tokens.c - serviceaccounts/token and TokenReview.
 */
#include "base/clock.h"
#include "base/err.h"
#include "tenancy/authn.h"
#include "vcluster/managed.h"
#include "vcluster/vcluster_int.h"

enum { DEFAULT_LIFETIME_S = 3600, MIN_LIFETIME_S = 600 };

static const char *const *string_list(Arena *a, const Value *list)
{
    const char **out = arena_array(a, const char *, value_len(list) + 1);
    const Value *v;

    value_each_item(list, i, v) out[i] = value_to_cstr(v) ? value_to_cstr(v) : "";
    return out;
}

static int token_invalid(Request *req, const char *name, const char *field, const Value *v,
                         const char *why)
{
    FieldErrs e = {.arena = req->arena};

    field_err(&e, FIELD_ERR_INVALID, field, v, "%s", why);
    return fail_invalid(req, "authentication.k8s.io", "TokenRequest", name, &e);
}

/* The object the token is bound to must be there, and be what is meant. */
static int bind_object(Request *req, Value *spec, SaToken *t)
{
    static const struct {
        const char *kind, *plural;
        bool is_namespaced;
    } kinds[] = {{"Pod", "pods", true}, {"Secret", "secrets", true}, {"Node", "nodes", false}};
    Arena *a = req->arena;
    Value *ref = value_get(spec, "boundObjectRef"), *obj = NULL;
    const char *kind, *name, *uid;
    const Resource *r;
    int s;

    if (!value_is(ref, VALUE_OBJECT))
        return STEP_OK;
    kind = value_get_str(ref, "kind");
    name = value_get_str(ref, "name");
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (!str_eq(kinds[i].kind, kind))
            continue;
        r = resource_find(SLICE(""), SLICE("v1"), slice_of(kinds[i].plural));
        s = read_tree(req, r, kinds[i].is_namespaced ? t->ns : "", name ? name : "", &obj);
        if (s)
            return s;
        if (!obj)
            return fail_not_found(req, r, name ? name : "");
        uid = value_get_str(ref, "uid");
        if (uid && uid[0] && !str_eq(uid, value_at_str(obj, "metadata.uid")))
            return fail_conflict(req, r, name,
                                 "the UID in the bound object reference (%s) does not match the "
                                 "UID in record. The object might have been deleted and then "
                                 "recreated",
                                 uid);
        if (i == 0 && !str_eq(value_at_str(obj, "spec.serviceAccountName"), t->name))
            return fail(req, ERR_BAD_REQUEST,
                        "cannot bind token for serviceaccount \"%s\" to pod running with "
                        "different serviceaccount name.",
                        t->name);
        t->bound_kind = kind;
        t->bound_name = name;
        t->bound_uid = value_at_str(obj, "metadata.uid");
        if (i == 0) {
            const char *node = value_at_str(obj, "spec.nodeName");

            if (node && node[0])
                t->node_name = arena_strdup(a, node);
        }
        return STEP_OK;
    }
    return fail(req, ERR_BAD_REQUEST, "cannot bind token to object of type /%s, Kind=%s",
                value_get_str(ref, "apiVersion") ? value_get_str(ref, "apiVersion") : "",
                kind ? kind : "");
}

static int token_body(Request *req, Value **ret)
{
    const char *name = req->state->route.name, *given;
    int s = body_decode_type(req, type_find("io.k8s.api.authentication.v1.TokenRequest"),
                             "TokenRequest", "authentication.k8s.io/v1", ret);

    if (s)
        return s;
    given = value_at_str(*ret, "metadata.name");
    if (given && given[0] && !str_eq(given, name))
        return token_invalid(req, name, "metadata.name", value_at(*ret, "metadata.name"),
                             "must match the service account name if specified");
    given = value_at_str(*ret, "metadata.namespace");
    if (given && given[0] && !str_eq(given, req->state->route.ns))
        return fail(req, ERR_BAD_REQUEST,
                    "the namespace of the provided object does not match the namespace sent on "
                    "the request");
    return STEP_OK;
}

static int check_lifetime(Request *req, Value *spec, int64_t *ret)
{
    Value *given = value_get(spec, "expirationSeconds");

    *ret = DEFAULT_LIFETIME_S;
    if (!value_is(given, VALUE_NUMBER))
        return STEP_OK;
    *ret = value_at_int(spec, "expirationSeconds", 0);
    if (*ret < MIN_LIFETIME_S)
        return token_invalid(req, "", "spec.expirationSeconds", given,
                             "may not specify a duration less than 10 minutes");
    if (*ret > (int64_t)1 << 32)
        return token_invalid(req, "", "spec.expirationSeconds", given,
                             "may not specify a duration larger than 2^32 seconds");
    return STEP_OK;
}

/* The TokenRequest's own managedFields: it is a kind like others, though nothing is stored. */
static Value *token_managers(Request *req, const Op *op, const Value *v)
{
    Arena *a = req->arena;
    Managers all = {0};
    Manager m = {.id = "",
                 .name = op->manager,
                 .operation = "Update",
                 .api_version = "authentication.k8s.io/v1",
                 .subresource = "token"};
    char when[CLOCK_TEXT_MAX];

    m.time = clock_to_rfc3339(req->state->now_us, when);
    if (value_len(value_at(v, "spec.audiences")) > 0)
        m.set = fieldset_union(a, m.set, fieldset_of_path(a, "spec.audiences"));
    if (value_is(value_at(v, "spec.boundObjectRef"), VALUE_OBJECT))
        m.set = fieldset_union(a, m.set, fieldset_of_path(a, "spec.boundObjectRef"));
    m.set = fieldset_union(a, m.set, fieldset_of_path(a, "spec.expirationSeconds"));
    managers_put(a, &all, &m);
    return managers_encode(a, &all);
}

static void put_meta(Request *req, const Op *op, Value *v)
{
    Arena *a = req->arena;
    Value *meta = value_object(a);
    char when[CLOCK_TEXT_MAX];

    value_set_str(a, meta, "name", op->name);
    value_set_str(a, meta, "namespace", op->ns);
    value_set_str(a, meta, "uid", op->was.obj->uid);
    value_set_str(a, meta, "creationTimestamp", clock_to_rfc3339(req->state->now_us, when));
    value_set(a, meta, "managedFields", token_managers(req, op, v));
    value_set(a, v, "metadata", meta);
}

int sub_token(Request *req, const Resource *r)
{
    static const Subresource token_sub = {.name = "token"};
    Arena *a = req->arena;
    Op op = {0};
    SaToken t = {0};
    Value *v = NULL, *spec, *status = value_object(a);
    const char *token;
    char when[CLOCK_TEXT_MAX];
    Err err;
    int s = token_body(req, &v);

    if (!s)
        s = admit_subresource(req, r, &token_sub, v);
    if (!s)
        s = fetch_target(req, r, &op);
    if (s)
        return s;
    spec = value_need(a, v, "spec");
    t.ns = op.ns;
    t.name = op.name;
    t.uid = op.was.obj->uid;
    s = check_lifetime(req, spec, &t.lifetime_s);
    if (!s)
        s = bind_object(req, spec, &t);
    if (s)
        return s;
    if (value_len(value_get(spec, "audiences")) > 0)
        t.audiences = string_list(a, value_get(spec, "audiences"));
    else {
        Value *list = value_array(a);

        value_append(a, list, value_str(a, identity_issuer()));
        value_set(a, spec, "audiences", list);
    }
    if (tenancy_sign_sa_token(req->state->vc->tenancy, req->cluster, &t,
                              req->state->now_us / 1000000, a, &token, &err) < 0)
        return fail_err(req, &err);
    value_set_int(a, spec, "expirationSeconds", t.lifetime_s);
    if (!value_get(spec, "boundObjectRef"))
        value_set(a, spec, "boundObjectRef", value_null(a));
    value_set_str(a, status, "token", token);
    value_set_str(a, status, "expirationTimestamp",
                  clock_to_rfc3339(req->state->now_us + t.lifetime_s * 1000000, when));
    value_set(a, v, "status", status);
    value_set_str(a, v, "kind", "TokenRequest");
    value_set_str(a, v, "apiVersion", "authentication.k8s.io/v1");
    put_meta(req, &op, v);
    return reply_value(req, 201, NULL, v);
}

/* ---- TokenReview ---- */

static void put_user(Arena *a, Value *status, const AuthUser *u)
{
    Value *user = value_object(a), *list = value_array(a);

    value_set_str(a, user, "username", u->name);
    if (u->uid && u->uid[0])
        value_set_str(a, user, "uid", u->uid);
    for (const char *const *g = u->groups; *g; g++)
        value_append(a, list, value_str(a, *g));
    value_set(a, user, "groups", list);
    if (u->n_extra > 0) {
        Value *extra = value_object(a);

        for (uint32_t i = 0; i < u->n_extra; i++) {
            list = value_array(a);
            for (const char *const *v = u->extra[i].values; *v; v++)
                value_append(a, list, value_str(a, *v));
            value_set(a, extra, u->extra[i].key, list);
        }
        value_set(a, user, "extra", extra);
    }
    value_set_bool(a, status, "authenticated", true);
    value_set(a, status, "user", user);
    list = value_array(a);
    for (const char *const *x = u->audiences; x && *x; x++)
        value_append(a, list, value_str(a, *x));
    if (list->n > 0)
        value_set(a, status, "audiences", list);
}

/* Upstream's server asks two authenticators, one of which knows its own loopback token only. */
static const char *review_mistake(Arena *a, const char *why)
{
    return str_eq(why, TOKEN_INVALID) ? why : arena_printf(a, "[" TOKEN_INVALID ", %s]", why);
}

int review_token(Request *req, Value *v)
{
    Arena *a = req->arena;
    const char *token = value_at_str(v, "spec.token"), *need = NULL;
    const Value *wanted = value_at(v, "spec.audiences");
    Value *status = value_object(a);
    AuthUser u = {0};
    Err err;
    int r;

    if (!token || !token[0])
        return fail(req, ERR_BAD_REQUEST, "token is required for TokenReview in authentication");
    r = tenancy_authenticate_token(req->state->vc->tenancy, req->cluster, slice_of(token),
                                   value_len(wanted) > 0 ? string_list(a, wanted) : NULL, a, &u,
                                   &need, &err);
    if (r == -ERR_UNAVAILABLE && need) {
        engine_load_credentials(req, need);
        return STEP_NEED;
    }
    if (r == 0 && u.moved_to && u.moved_to != req->cluster) /* it is a user of another cluster */
        r = err_set(&err, ERR_UNAUTHORIZED, TOKEN_INVALID);
    if (r == 0)
        put_user(a, status, &u);
    else {
        value_set(a, status, "user", value_object(a));
        value_set_str(a, status, "error", review_mistake(a, err.msg));
    }
    value_set(a, v, "status", status);
    return STEP_OK;
}
