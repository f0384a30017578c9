/*
 * verb_patch.c - patches of all kinds but apply: which kind it is, the patch itself, and its result
 * read as strictly as a body. What is wrong with the result is a mistake of the patch.
 */
#include "api/patch.h"
#include "base/err.h"
#include "vcluster/vcluster_int.h"

enum { MAX_JSON_PATCH = 10000, FAULTS_MAX = 100 };

static int fail_custom_patch(Request *req)
{
    return fail_status(req, 415, "UnsupportedMediaType", NULL,
                       "the body of the request was in an unknown format - accepted media types "
                       "include: application/json-patch+json, application/merge-patch+json, "
                       "application/apply-patch+yaml");
}

int patch_kind(Request *req, const Resource *r, PatchKind *ret)
{
    static const struct {
        const char *type;
        PatchKind kind;
    } table[] = {
        {"application/json-patch+json", PATCH_JSON},
        {"application/merge-patch+json", PATCH_MERGE},
        {"application/strategic-merge-patch+json", PATCH_STRATEGIC},
        {"application/apply-patch+yaml", PATCH_APPLY},
    };
    Slice type = slice_of(req->content_type ? req->content_type : ""), head;

    slice_cut(&type, ';', &head);
    head = slice_trim(head);
    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        if (slice_is(head, table[i].type)) {
            *ret = table[i].kind;
            return r->crd && *ret == PATCH_STRATEGIC ? fail_custom_patch(req) : STEP_OK;
        }
    return r->crd ? fail_custom_patch(req)
                  : fail_status(req, 415, "UnsupportedMediaType", value_object(req->arena),
                                "415: Unsupported Media Type");
}

/* ---- the patch itself ---- */

static void on_dup(const char *path, void *data)
{
    Request *req = data;

    if (req->state->dups.n < FAULTS_MAX)
        warnings_add(req->arena, &req->state->dups, "%s", path);
}

/* What a strict reader of a JSON patch says, operation by operation. */
static void json_faults(Request *req, const Value *patch, Warnings *out)
{
    const Warnings *dups = &req->state->dups;
    const Value *op;

    value_each_item(patch, i, op)
    {
        const char *at = arena_printf(req->arena, "[%u]", i);

        value_each_member(op, m)
        {
            if (out->n < FAULTS_MAX && !str_eq(m->name, "op") && !str_eq(m->name, "path") &&
                !str_eq(m->name, "from") && !str_eq(m->name, "value"))
                warnings_add(req->arena, out, "json patch unknown field \"%s.%s\"", at, m->name);
        }
        for (uint32_t k = 0; k < dups->n; k++)
            if (str_starts(dups->items[k], at))
                warnings_add(req->arena, out, "json patch duplicate field \"%s\"", dups->items[k]);
    }
}

/* Where nobody asks for strictness, another reader says what is not a patch at all. */
static int check_lax(Request *req, const PatchJob *job)
{
    const Value *patch = job->patch, *op;

    if (job->kind == PATCH_MERGE && !value_is(patch, VALUE_OBJECT) && !value_is(patch, VALUE_ARRAY))
        return fail(req, ERR_BAD_REQUEST, "Invalid JSON Patch");
    if (job->kind != PATCH_JSON)
        return STEP_OK;
    if (!value_is(patch, VALUE_ARRAY) && !value_is(patch, VALUE_NULL))
        return fail(req, ERR_BAD_REQUEST,
                    "json: cannot unmarshal %s into Go value of type jsonpatch.Patch",
                    value_type_name(patch->type));
    value_each_item(patch, i, op)
    {
        if (op->type != VALUE_OBJECT && op->type != VALUE_NULL)
            return fail(req, ERR_BAD_REQUEST,
                        "json: cannot unmarshal %s into Go value of type jsonpatch.Operation",
                        value_type_name(op->type));
    }
    return STEP_OK;
}

static int read_patch(Request *req, PatchJob *job)
{
    RequestState *st = req->state;
    bool is_lax = st->opts.field_validation == FIELDS_IGNORE;
    Value *patch = NULL;
    Err err;

    st->dups = (Warnings){0};
    if (value_parse_strict(req->arena, req->body, on_dup, req, &patch, &err) < 0)
        return is_lax && job->kind == PATCH_MERGE
                   ? fail(req, ERR_BAD_REQUEST, "Invalid JSON Patch")
                   : fail(req, ERR_BAD_REQUEST, "%s%s",
                          is_lax || job->kind == PATCH_STRATEGIC ? "" : "error decoding patch: ",
                          err.msg);
    job->patch = patch;
    if (is_lax)
        return check_lax(req, job);
    if (job->kind == PATCH_JSON)
        json_faults(req, patch, &job->faults);
    else
        for (uint32_t i = 0; i < st->dups.n; i++)
            warnings_add(req->arena, &job->faults, "duplicate field \"%s\"", st->dups.items[i]);
    return STEP_OK;
}

int patch_apply(Request *req, const Resource *r, PatchJob *job, const Value *live, Value **ret)
{
    Err err;
    int s = read_patch(req, job), x;

    req->state->dups = (Warnings){0};
    if (s)
        return s;
    if (job->kind == PATCH_JSON) {
        if (value_len(job->patch) > MAX_JSON_PATCH)
            return fail(req, ERR_TOO_LARGE,
                        "Request entity too large: The allowed maximum operations in a JSON "
                        "patch is %d, got %u",
                        MAX_JSON_PATCH, value_len(job->patch));
        x = patch_json(req->arena, live, job->patch, ret, &err);
    } else if (job->kind == PATCH_MERGE && value_is(job->patch, VALUE_ARRAY) &&
               req->state->opts.field_validation == FIELDS_IGNORE) {
        *ret = job->patch; /* nobody has said that it must not take the object's place */
        return STEP_OK;
    } else if (job->kind == PATCH_MERGE)
        x = patch_merge(req->arena, live, job->patch, ret, &err);
    else
        x = patch_strategic(req->arena, r->type, live, job->patch, ret, &err);
    if (x == -ERR_INVALID)
        return fail_status(req, 422, "Invalid", value_object(req->arena),
                           "the server rejected our request due to an error in our request");
    if (x == -ERR_INTERNAL)
        return fail_internal(req, err.msg);
    return x < 0 ? fail_err(req, &err) : STEP_OK;
}

/* ---- its result ---- */

/* A strategic patch is shown itself, of the others what became of the object. */
static int bad_patch(Request *req, const PatchJob *job, const Value *patched, const char *why)
{
    FieldErrs e = {.arena = req->arena};
    const char *text = job->kind == PATCH_STRATEGIC ? patch_go_text(req->arena, job->patch)
                                                    : value_to_str(req->arena, patched);

    field_err(&e, FIELD_ERR_INVALID, "patch", value_str(req->arena, text), "%s", why);
    return fail_invalid(req, "", "", "", &e);
}

/* The faults of the patch stand in front of those of the result, unless that cannot be read at all.
 */
static const char *strict_error(Arena *a, const Warnings *faults, const char *why)
{
    static const char strict[] = "strict decoding error: ";
    AUTO_BUF out = BUF_INIT;

    if (why && (faults->n == 0 || !str_starts(why, strict)))
        return why;
    buf_adds(&out, strict);
    for (uint32_t i = 0; i < faults->n; i++)
        buf_addf(&out, "%s%s", i > 0 ? ", " : "", faults->items[i]);
    if (why)
        buf_addf(&out, ", %s", why + sizeof(strict) - 1);
    return arena_strdup(a, buf_str(&out));
}

/* A custom resource is a map: what it says of itself is judged when it is validated. */
static int check_custom_kind(Request *req, const Resource *r, const PatchJob *job, const Value *v)
{
    Arena *a = req->arena;
    const char *kind = value_get_str(v, "kind"), *api = value_get_str(v, "apiVersion");
    const char *why = type_meta_mistake(a, v);
    FieldErrs e = {.arena = a};
    char want[256];

    if (why)
        return bad_patch(req, job, v, why);
    if (!kind || !kind[0])
        return bad_patch(req, job, v,
                         arena_printf(a, "Object 'Kind' is missing in '%s'", value_to_str(a, v)));
    if (!api || !api[0])
        return fail_internal_error(
            req, "Object 'apiVersion' is missing in 'object has no apiVersion field'");
    resource_api_version(r, want);
    if (str_eq(api, want))
        return str_eq(kind, r->kind) ? STEP_OK : fail_kind(req, r, kind, v);
    field_err(&e, FIELD_ERR_INVALID, "apiVersion", value_str(a, api), "must be %s", want);
    return fail_invalid(req, api_version_split(a, api).group, kind, req->state->route.name, &e);
}

/* An object of another kind is read as what it says it is, and cannot become one of this. */
static int check_kind(Request *req, const Resource *r, const PatchJob *job, const Value *v)
{
    const char *kind = value_get_str(v, "kind"), *api = value_get_str(v, "apiVersion");
    const char *why = type_meta_mistake(req->arena, v);
    char api_version[256];

    if (why)
        return bad_patch(req, job, v, why);
    resource_api_version(r, api_version);
    kind = kind && kind[0] ? kind : r->kind;
    api = api && api[0] ? api : api_version;
    if (str_eq(kind, r->kind) && str_eq(api, api_version))
        return STEP_OK;
    return bad_patch(req, job, v, body_other_kind(req->arena, kind, api, r->kind, r->group));
}

/* A strategic merge makes a map, which becomes an object without being JSON in between. */
static int decode_merged(Request *req, const Resource *r, const PatchJob *job, Value *v)
{
    FieldValidation fv = req->state->opts.field_validation;
    Warnings faults = {0}, unknown = {0};
    Err err;

    if (patch_convert(req->arena, r->type, v, fv == FIELDS_IGNORE ? NULL : &unknown, &err) < 0 ||
        decode_type(req->arena, r->type, NULL, NULL, v, FIELDS_IGNORE, NULL, NULL, &err) < 0)
        return bad_patch(req, job, v, err.msg);
    warnings_add_all(req->arena, &faults, &job->faults);
    warnings_add_all(req->arena, &faults, &unknown);
    if (fv == FIELDS_STRICT && faults.n > 0)
        return bad_patch(req, job, v, strict_error(req->arena, &faults, NULL));
    warnings_add_all(req->arena, &req->state->warnings, &faults);
    return STEP_OK;
}

static int decode_patched(Request *req, const Resource *r, const PatchJob *job, Value *v,
                          const Value *patched)
{
    RequestState *st = req->state;
    FieldValidation fv = st->opts.field_validation;
    Warnings said = st->warnings;
    const char *why;
    Err err;
    int s = r->crd ? check_custom_kind(req, r, job, patched) : check_kind(req, r, job, patched);

    if (s)
        return s;
    if (fv == FIELDS_WARN)
        warnings_add_all(req->arena, &st->warnings, &job->faults);
    if (decode_object(req->arena, r, v, fv, NULL, &st->warnings, &err) < 0) {
        why = strstr(err.msg, "cannot be handled as a ");
        why = why ? strstr(why, ": ") : NULL;
        st->warnings = said;
        return bad_patch(req, job, patched,
                         strict_error(req->arena, &job->faults, why ? why + 2 : err.msg));
    }
    if (fv == FIELDS_STRICT && job->faults.n > 0)
        return bad_patch(req, job, patched, strict_error(req->arena, &job->faults, NULL));
    return STEP_OK;
}

int patch_decode(Request *req, const Resource *r, const PatchJob *job, const Value *patched,
                 Value **ret)
{
    Value *v;
    int s;

    if (!value_is(patched, VALUE_OBJECT))
        return bad_patch(req, job, patched, type_meta_mistake(req->arena, patched));
    v = value_copy(req->arena, patched);
    s = job->kind == PATCH_STRATEGIC ? decode_merged(req, r, job, v)
                                     : decode_patched(req, r, job, v, patched);
    if (s)
        return s;
    default_object(req->arena, r, v);
    *ret = v;
    return STEP_OK;
}

int verb_patch(Request *req, const Resource *r, const Subresource *sub)
{
    Op op = {.sub = sub};
    PatchJob job = {.kind = PATCH_JSON};
    Value *live, *patched = NULL, *v = NULL;
    char api_version[256];
    int s = patch_kind(req, r, &job.kind);

    if (s)
        return s;
    if (job.kind == PATCH_APPLY)
        return verb_apply(req, r, sub);
    s = fetch_target(req, r, &op);
    if (s)
        return s;
    live = value_copy(req->arena, op.old);
    if (r->crd)
        decode_sort(req->arena, live); /* as a map is written, which messages show */
    s = patch_apply(req, r, &job, live, &patched);
    if (!s)
        s = patch_decode(req, r, &job, patched, &v);
    if (s)
        return s;
    value_set_str(req->arena, v, "kind", r->kind);
    value_set_str(req->arena, v, "apiVersion", resource_api_version(r, api_version));
    s = check_namespace(req, r, v);
    if (!s)
        s = check_url_name(req, v);
    if (s)
        return s;
    op.obj = v;
    op.is_patch = true;
    return op_update(req, &op);
}
