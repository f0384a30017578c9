/*
 * options.c - query parameters, read and refused as apimachinery's conversions and validations do.
 */
#include "api/protobuf.h"
#include "base/err.h"
#include "base/yaml.h"
#include "vcluster/vcluster_int.h"

#include <ctype.h>
#include <errno.h>

/* strconv.ParseInt, with its errors. */
static int parse_int(Request *req, const char *text, int64_t *ret)
{
    const char *p = text;

    if (slice_to_int64(slice_of(text), ret))
        return STEP_OK;
    if (*p == '-' || *p == '+')
        p++;
    for (; isdigit((unsigned char)*p); p++)
        ;
    if (*p == '\0' && p > text && isdigit((unsigned char)p[-1]))
        return fail(req, ERR_BAD_REQUEST, "strconv.ParseInt: parsing %s: value out of range",
                    value_to_str(req->arena, value_str(req->arena, text)));
    return fail(req, ERR_BAD_REQUEST, "strconv.ParseInt: parsing %s: invalid syntax",
                value_to_str(req->arena, value_str(req->arena, text)));
}

static int int_param(Request *req, const char *key, int64_t *ret)
{
    const char *v = query_get(&req->state->query, key);

    return v && v[0] ? parse_int(req, v, ret) : STEP_OK;
}

static const char *options_kind(const char *verb)
{
    static const struct {
        const char *verb, *kind;
    } table[] = {
        {"create", "CreateOptions"},         {"update", "UpdateOptions"}, {"patch", "PatchOptions"},
        {"delete", "DeleteOptions"},         {"list", "ListOptions"},     {"watch", "ListOptions"},
        {"deletecollection", "ListOptions"},
    };

    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        if (str_eq(table[i].verb, verb))
            return table[i].kind;
    return "GetOptions";
}

static void check_dry_run(Request *req, FieldErrs *e)
{
    const Query *q = &req->state->query;
    Value *all = value_array(req->arena);
    bool ok = true;

    for (uint32_t i = 0; i < q->n; i++)
        if (strcmp(q->items[i].key, "dryRun") == 0) {
            value_append(req->arena, all, value_str(req->arena, q->items[i].value));
            ok = ok && str_eq(q->items[i].value, "All");
        }
    req->state->opts.is_dry_run = value_len(all) > 0;
    if (!ok)
        field_err(e, FIELD_ERR_NOT_SUPPORTED, "dryRun", all, "supported values: \"All\"");
}

static void check_field_validation(Request *req, FieldErrs *e)
{
    const char *v = query_get(&req->state->query, "fieldValidation");
    Options *o = &req->state->opts;

    o->field_validation = FIELDS_WARN;
    if (!v || !v[0] || str_eq(v, "Warn"))
        return;
    if (str_eq(v, "Ignore"))
        o->field_validation = FIELDS_IGNORE;
    else if (str_eq(v, "Strict"))
        o->field_validation = FIELDS_STRICT;
    else
        field_err(e, FIELD_ERR_NOT_SUPPORTED, "fieldValidation", value_str(req->arena, v),
                  "supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"");
}

static void check_manager(Request *req, bool is_apply, FieldErrs *e)
{
    const char *v = query_get(&req->state->query, "fieldManager");
    Options *o = &req->state->opts;

    o->field_manager = v ? v : "";
    if (is_apply && !o->field_manager[0])
        field_err(e, FIELD_ERR_REQUIRED, "fieldManager", NULL, "is required for apply patch");
    validate_field_manager(e, "fieldManager", o->field_manager);
}

#define MATCH_FIELD "resourceVersionMatch"

static void check_list_match(Request *req, FieldErrs *e)
{
    const Options *o = &req->state->opts;

    if (o->match[0] && !o->resource_version[0])
        field_err(e, FIELD_ERR_FORBIDDEN, MATCH_FIELD, NULL,
                  "resourceVersionMatch is forbidden unless resourceVersion is provided");
    if (o->match[0] && o->cont[0])
        field_err(e, FIELD_ERR_FORBIDDEN, MATCH_FIELD, NULL,
                  "resourceVersionMatch is forbidden when continue is provided");
    if (o->match[0] && !str_eq(o->match, "Exact") && !str_eq(o->match, "NotOlderThan"))
        field_err(e, FIELD_ERR_NOT_SUPPORTED, MATCH_FIELD, value_str(req->arena, o->match),
                  "supported values: \"Exact\", \"NotOlderThan\", \"\"");
    if (str_eq(o->match, "Exact") && str_eq(o->resource_version, "0"))
        field_err(e, FIELD_ERR_FORBIDDEN, MATCH_FIELD, NULL,
                  "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
    if (o->has_send_initial)
        field_err(e, FIELD_ERR_FORBIDDEN, "sendInitialEvents", NULL,
                  "sendInitialEvents is forbidden for list");
}

static void check_watch_match(Request *req, FieldErrs *e)
{
    const Options *o = &req->state->opts;
    bool is_usual = str_eq(o->match, "NotOlderThan");

    if (o->has_send_initial && !is_usual)
        field_err(e, FIELD_ERR_FORBIDDEN, MATCH_FIELD, NULL,
                  "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
    if (o->match[0] && !o->has_send_initial)
        field_err(e, FIELD_ERR_FORBIDDEN, MATCH_FIELD, NULL,
                  "resourceVersionMatch is forbidden for watch unless sendInitialEvents is "
                  "provided");
    if (o->match[0] && !is_usual)
        field_err(e, FIELD_ERR_NOT_SUPPORTED, MATCH_FIELD, value_str(req->arena, o->match),
                  "supported values: \"NotOlderThan\"");
    if (o->match[0] && o->cont[0])
        field_err(e, FIELD_ERR_FORBIDDEN, MATCH_FIELD, NULL,
                  "resourceVersionMatch is forbidden when continue is provided");
}

/* A watch of one object by its path (/watch/.../NAME) may also select by fields, if by that name.
 */
static int check_named(Request *req)
{
    const Route *t = &req->state->route;
    const Options *o = &req->state->opts;

    if (!t->is_watch_prefix || !t->is_item || selector_is_empty(o->fields) ||
        str_eq(selector_exact(o->fields, "metadata.name"), t->name))
        return STEP_OK;
    return fail(req, ERR_BAD_REQUEST, "fieldSelector metadata.name doesn't match requested name");
}

static int list_options(Request *req, const Resource *r, FieldErrs *e)
{
    const Query *q = &req->state->query;
    Options *o = &req->state->opts;
    const char *v;
    Err err;
    int s;

    o->label_selector = (v = query_get(q, "labelSelector")) ? v : "";
    o->field_selector = (v = query_get(q, "fieldSelector")) ? v : "";
    o->cont = (v = query_get(q, "continue")) ? v : "";
    o->match = (v = query_get(q, "resourceVersionMatch")) ? v : "";
    o->is_watch = str_eq(req->state->route.verb, "watch");
    o->allow_bookmarks = query_bool(q, "allowWatchBookmarks");
    o->has_send_initial = query_has(q, "sendInitialEvents");
    o->send_initial = query_bool(q, "sendInitialEvents");
    s = int_param(req, "limit", &o->limit);
    if (!s)
        s = int_param(req, "timeoutSeconds", &o->timeout_s);
    if (s)
        return s;
    /* What any state will do for is whole. Source: the cacher's computeListLimit(). */
    if (str_eq(query_get(q, "resourceVersion"), "0") && !o->cont[0])
        o->limit = 0;
    if (o->label_selector[0] &&
        selector_parse_labels(req->arena, o->label_selector, &o->labels, &err) < 0)
        return fail(req, ERR_BAD_REQUEST, "%s", err.msg);
    if (o->field_selector[0] &&
        selector_parse_fields(req->arena, r, o->field_selector, &o->fields, &err) < 0)
        return fail(req, ERR_BAD_REQUEST, "%s", err.msg);
    if (o->is_watch)
        check_watch_match(req, e);
    else
        check_list_match(req, e);
    return e->n > 0 ? STEP_OK : check_named(req);
}

int options_parse(Request *req, const Resource *r, const Subresource *sub)
{
    RequestState *st = req->state;
    const char *verb = st->route.verb, *v;
    FieldErrs e = {.arena = req->arena};
    bool is_apply =
        req->content_type && (str_starts(req->content_type, "application/apply-patch+yaml"));
    int s;

    st->opts = (Options){0};
    st->opts.label_selector = st->opts.field_selector = st->opts.cont = st->opts.match = "";
    st->opts.field_manager = "";
    st->opts.resource_version = (v = query_get(&st->query, "resourceVersion")) ? v : "";
    if (str_eq(verb, "list") || str_eq(verb, "watch") || str_eq(verb, "deletecollection")) {
        s = list_options(req, r, &e);
        if (s)
            return s;
    } else if (str_eq(verb, "create") || str_eq(verb, "update") || str_eq(verb, "patch")) {
        check_dry_run(req, &e);
        if (str_eq(verb, "patch")) {
            st->opts.has_force = query_has(&st->query, "force");
            st->opts.force = query_bool(&st->query, "force");
            if (!is_apply && st->opts.has_force)
                field_err(&e, FIELD_ERR_FORBIDDEN, "force", NULL,
                          "may not be specified for non-apply patch");
        }
        check_manager(req, is_apply && str_eq(verb, "patch"), &e);
        check_field_validation(req, &e);
    } else
        st->opts.field_validation = FIELDS_IGNORE;
    (void)sub;
    if (e.n > 0)
        return fail_invalid(req, "meta.k8s.io", options_kind(verb), "", &e);
    return STEP_OK;
}

/* ---- DeleteOptions ---- */

static int delete_from_query(Request *req, Value *v)
{
    const Query *q = &req->state->query;
    const char *text;
    int64_t n;
    int s;

    for (uint32_t i = 0; i < q->n; i++)
        if (strcmp(q->items[i].key, "dryRun") == 0) {
            if (!value_get(v, "dryRun"))
                value_set(req->arena, v, "dryRun", value_array(req->arena));
            value_append(req->arena, value_get(v, "dryRun"),
                         value_str(req->arena, q->items[i].value));
        }
    text = query_get(q, "gracePeriodSeconds");
    if (text && text[0]) {
        s = parse_int(req, text, &n);
        if (s)
            return s;
        value_set_int(req->arena, v, "gracePeriodSeconds", n);
    }
    text = query_get(q, "propagationPolicy");
    if (text && text[0])
        value_set_str(req->arena, v, "propagationPolicy", text);
    if (query_has(q, "orphanDependents"))
        value_set_bool(req->arena, v, "orphanDependents", query_bool(q, "orphanDependents"));
    return STEP_OK;
}

int options_check_delete(Request *req, const Value *v)
{
    FieldErrs e = {.arena = req->arena};
    const Value *dry = value_get(v, "dryRun"), *item;
    const Value *policy = value_get(v, "propagationPolicy");
    const char *p = value_to_cstr(policy);

    if (policy && value_get(v, "orphanDependents"))
        field_err(&e, FIELD_ERR_INVALID, "propagationPolicy", policy,
                  "orphanDependents and deletionPropagation cannot be both set");
    else if (p && !str_eq(p, "Foreground") && !str_eq(p, "Background") && !str_eq(p, "Orphan"))
        field_err(&e, FIELD_ERR_NOT_SUPPORTED, "propagationPolicy", policy,
                  "supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\"");
    value_each_item(dry, i, item) if (!str_eq(value_to_cstr(item), "All"))
    {
        field_err(&e, FIELD_ERR_NOT_SUPPORTED, "dryRun", dry, "supported values: \"All\"");
        break;
    }
    if (e.n > 0)
        return fail_invalid(req, "meta.k8s.io", "DeleteOptions", "", &e);
    return STEP_OK;
}

/* Upstream's scheme of options: kinds of every version, and those of its own group. */
static int check_delete_kind(Request *req, const Value *v)
{
    static const char *const unversioned[] = {
        "APIGroup",      "APIGroupList", "APIResourceList", "APIVersions",
        "CreateOptions", "Status",       "UpdateOptions",   NULL};
    static const char *const shown[] = {"PartialObjectMetadata", "PartialObjectMetadataList",
                                        "Table", "TableOptions", NULL};
    static const char *const others[] = {"GetOptions", "ListOptions", "PatchOptions", "WatchEvent",
                                         NULL};
    const char *kind = value_get_text(v, "kind"), *api = value_get_text(v, "apiVersion");
    bool is_own;

    if (!kind[0] || str_eq(kind, "DeleteOptions"))
        return STEP_OK;
    if (!api[0])
        api = "meta.k8s.io/v1";
    is_own = str_eq(api, "meta.k8s.io/v1");
    if (str_among(kind, unversioned) || (is_own && str_among(kind, others)) ||
        ((is_own || str_eq(api, "meta.k8s.io/v1beta1")) && str_among(kind, shown)))
        return fail(req, ERR_BAD_REQUEST,
                    "converting (v1.%s) to (v1.DeleteOptions): unknown conversion", kind);
    return fail(req, ERR_BAD_REQUEST,
                "no kind \"%s\" is registered for version \"%s\" in scheme "
                "\"k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27\"",
                kind, api);
}

static int parse_delete(Request *req, Value **ret)
{
    const char *ct = req->content_type ? req->content_type : "application/json";
    bool is_protobuf = str_starts(ct, "application/vnd.kubernetes.protobuf");
    bool is_yaml = str_starts(ct, "application/yaml");
    const char *why;
    Err err;
    int r;

    if (!is_protobuf && !is_yaml && !str_starts(ct, "application/json"))
        return fail_status(req, 415, "UnsupportedMediaType", NULL,
                           "the body of the request was in an unknown format - accepted media "
                           "types include: application/json, application/yaml, "
                           "application/vnd.kubernetes.protobuf");
    if (is_protobuf)
        r = protobuf_decode(req->arena, req->body, ret, &err);
    else if (is_yaml)
        r = value_parse_yaml_lax(req->arena, req->body, NULL, NULL, ret, &err);
    else
        r = value_parse(req->arena, req->body, ret, &err);
    if (r < 0 && !is_protobuf && !is_yaml)
        return fail(req, ERR_BAD_REQUEST, "couldn't get version/kind; json parse error: %s",
                    err.msg);
    if (r < 0)
        return fail(req, ERR_BAD_REQUEST, "%s", err.msg);
    why = type_meta_mistake(req->arena, *ret);
    return why ? fail(req, ERR_BAD_REQUEST, "%s", why) : STEP_OK;
}

static int delete_from_body(Request *req, Value **ret)
{
    static const char prefix[] = "cannot be handled as a DeleteOptions: ";
    Err err;
    int s = parse_delete(req, ret);

    if (!s)
        s = check_delete_kind(req, *ret);
    if (s)
        return s;
    if (decode_type(req->arena, type_find("io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions"),
                    "DeleteOptions", "v1", *ret, FIELDS_IGNORE, NULL, NULL, &err) < 0) {
        const char *m = strstr(err.msg, prefix);

        return fail(req, ERR_BAD_REQUEST, "%s", m ? m + strlen(prefix) : err.msg);
    }
    return STEP_OK;
}

int options_body_delete(Request *req, Value **ret)
{
    Value *v = value_object(req->arena);
    int s = req->body.len > 0 ? delete_from_body(req, &v) : delete_from_query(req, v);

    if (!s)
        s = options_check_delete(req, v);
    if (s)
        return s;
    if (value_len(value_get(v, "dryRun")) > 0)
        req->state->opts.is_dry_run = true;
    *ret = v;
    return STEP_OK;
}
