/*
 * body.c - request bodies: media type, JSON or YAML, kind and version, then the kind's decoder.
 */
#include "api/protobuf.h"
#include "base/err.h"
#include "base/yaml.h"
#include "vcluster/convert.h"
#include "vcluster/vcluster_int.h"

enum { SUMMARY_MAX = 30, BODY_SHOWN_MAX = 4000 };

static bool is_media(const char *content_type, const char *want)
{
    Slice type = slice_of(content_type), head;

    slice_cut(&type, ';', &head);
    return slice_is(slice_trim(head), want);
}

static const char *summary(Request *req)
{
    size_t n = MIN(req->body.len, (size_t)SUMMARY_MAX);
    const char *more = req->body.len > SUMMARY_MAX ? " ..." : "";
    AUTO_BUF out = BUF_INIT;

    if (req->body.len == 0)
        return "<empty>";
    if (req->body.ptr[0] == '{')
        buf_add(&out, req->body.ptr, n);
    else
        for (size_t i = 0; i < n; i++)
            buf_addf(&out, "%02x", (unsigned char)req->body.ptr[i]);
    return arena_printf(req->arena, "%s%s", buf_str(&out), more);
}

static int unrecognized(Request *req, const char *kind, const char *why)
{
    return fail(req, ERR_BAD_REQUEST,
                "the object provided is unrecognized (must be of type %s): %s (%s)", kind, why,
                summary(req));
}

static void on_dup(const char *path, void *data)
{
    Request *req = data;

    warnings_add(req->arena, &req->state->dups, "%s", path);
}

static void on_yaml_dup(const char *text, void *data)
{
    buf_addf(data, "\n  %s", text);
}

/* Custom objects are decoded into maps, where the last value counts; structs merge. */
static int parse_json(Request *req, Value **ret, Err *err)
{
    const Route *t = &req->state->route;
    bool is_struct = resource_find(slice_of(t->group), slice_of(t->version), slice_of(t->resource));

    return is_struct ? value_parse_typed(req->arena, req->body, on_dup, req, ret, err)
                     : value_parse_strict(req->arena, req->body, on_dup, req, ret, err);
}

/* Keys that come twice in YAML are one mistake, in the words of its reader. */
static int parse_yaml(Request *req, Value **ret, Err *err)
{
    AUTO_BUF dups = BUF_INIT;
    int r = value_parse_yaml_lax(req->arena, req->body, on_yaml_dup, &dups, ret, err);

    if (dups.len > 0)
        warnings_add(req->arena, &req->state->dups, "yaml: unmarshal errors:%s", buf_str(&dups));
    return r;
}

const char *type_meta_mistake(Arena *a, const Value *v)
{
    static const char *const members[] = {"apiVersion", "kind"};
    const char *api, *slash;

    if (!value_is(v, VALUE_OBJECT)) {
        if (value_is(v, VALUE_NULL))
            return NULL;
        return arena_printf(a,
                            "couldn't get version/kind; json parse error: json: cannot unmarshal "
                            "%s into Go value of type struct { APIVersion string "
                            "\"json:\\\"apiVersion,omitempty\\\"\"; Kind string "
                            "\"json:\\\"kind,omitempty\\\"\" }",
                            value_json_name(v));
    }
    for (size_t i = 0; i < ARRAY_LEN(members); i++) {
        const Value *m = value_get(v, members[i]);

        if (m && m->type != VALUE_STRING && m->type != VALUE_NULL)
            return arena_printf(a,
                                "couldn't get version/kind; json parse error: json: cannot "
                                "unmarshal %s into Go struct field .%s of type string",
                                value_json_name(m), members[i]);
    }
    api = value_get_str(v, "apiVersion");
    slash = api ? strchr(api, '/') : NULL;
    return slash && strchr(slash + 1, '/')
               ? arena_printf(a, "unexpected GroupVersion string: %s", api)
               : NULL;
}

int body_parse(Request *req, const char *kind, Value **ret)
{
    const char *ct =
        req->content_type && req->content_type[0] ? req->content_type : "application/json";
    Value *v = NULL;
    Err err;

    req->state->dups = (Warnings){0};
    if (is_media(ct, "application/yaml")) {
        if (parse_yaml(req, &v, &err) < 0)
            return unrecognized(req, kind, err.msg);
    } else if (is_media(ct, "application/json")) {
        if (parse_json(req, &v, &err) < 0)
            return unrecognized(req, kind,
                                arena_printf(req->arena,
                                             "couldn't get version/kind; json parse error: %s",
                                             err.msg));
    } else if (is_media(ct, "application/vnd.kubernetes.protobuf")) {
        if (protobuf_decode(req->arena, req->body, &v, &err) < 0)
            return unrecognized(req, kind, err.msg);
    } else
        return fail_status(req, 415, "UnsupportedMediaType", NULL,
                           "the body of the request was in an unknown format - accepted media "
                           "types include: application/json, application/yaml, "
                           "application/vnd.kubernetes.protobuf");
    {
        const char *why = type_meta_mistake(req->arena, v);

        if (why)
            return unrecognized(req, kind, why);
    }
    *ret = value_is(v, VALUE_OBJECT) ? v : value_object(req->arena);
    return STEP_OK;
}

/* Go's name of the package of a group's internal types: core, apps, authentication. */
static const char *package_of(Arena *a, const char *group)
{
    if (!group[0])
        return "core";
    return arena_strndup(a, group, strcspn(group, "."));
}

static int cannot_handle(Request *req, const char *kind, const char *version, const char *as,
                         const char *why)
{
    return fail(req, ERR_BAD_REQUEST, "%s in version \"%s\" cannot be handled as a %s: %s", kind,
                version, as, why);
}

static bool has_word(const char *words, const char *word)
{
    size_t n = strlen(word);

    for (const char *p = words; n > 0 && (p = strstr(p, word)) != NULL; p += n)
        if ((p == words || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
            return true;
    return false;
}

/* Versions that upstream's scheme knows and serves no more: they are read, and told apart. */
static bool kind_is_of_old(const char *group, const char *version, const char *kind)
{
    static const struct {
        const char *group, *versions, *kinds;
    } rows[] = {
        {"admissionregistration.k8s.io", "v1beta1",
         "ValidatingWebhookConfiguration MutatingWebhookConfiguration"},
        {"admissionregistration.k8s.io", "v1beta1 v1alpha1",
         "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding MutatingAdmissionPolicy "
         "MutatingAdmissionPolicyBinding"},
        {"apps", "v1beta1 v1beta2", "Deployment StatefulSet ControllerRevision Scale"},
        {"apps", "v1beta2", "DaemonSet ReplicaSet"},
        {"authentication.k8s.io", "v1beta1", "TokenReview SelfSubjectReview"},
        {"authorization.k8s.io", "v1beta1",
         "SubjectAccessReview LocalSubjectAccessReview SelfSubjectAccessReview "
         "SelfSubjectRulesReview"},
        {"batch", "v1beta1", "CronJob"},
        {"certificates.k8s.io", "v1beta1", "CertificateSigningRequest"},
        {"coordination.k8s.io", "v1beta1", "Lease"},
        {"discovery.k8s.io", "v1beta1", "EndpointSlice"},
        {"events.k8s.io", "v1beta1", "Event"},
        {"extensions", "v1beta1", "Deployment DaemonSet ReplicaSet Ingress NetworkPolicy Scale"},
        {"flowcontrol.apiserver.k8s.io", "v1beta1 v1beta2 v1beta3",
         "FlowSchema PriorityLevelConfiguration"},
        {"networking.k8s.io", "v1beta1", "Ingress IngressClass IPAddress ServiceCIDR"},
        {"node.k8s.io", "v1beta1 v1alpha1", "RuntimeClass"},
        {"policy", "v1beta1", "PodDisruptionBudget Eviction"},
        {"rbac.authorization.k8s.io", "v1beta1 v1alpha1",
         "Role RoleBinding ClusterRole ClusterRoleBinding"},
        {"resource.k8s.io", "v1beta1 v1beta2",
         "DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice"},
        {"scheduling.k8s.io", "v1beta1 v1alpha1", "PriorityClass"},
        {"storage.k8s.io", "v1beta1", "StorageClass CSIDriver CSINode"},
        {"storage.k8s.io", "v1beta1 v1alpha1",
         "VolumeAttachment CSIStorageCapacity VolumeAttributesClass"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (str_eq(rows[i].group, group) && has_word(rows[i].versions, version) &&
            has_word(rows[i].kinds, kind))
            return true;
    return false;
}

/* Two kinds that are one inside: an Event of either group. */
static bool is_same_inside(const char *group, const char *version, const char *kind,
                           const char *want_group, const char *want_version)
{
    const Resource *r = resource_find_kind(group, version, kind);
    const Resource *want = resource_find_kind(want_group, want_version, kind);

    return r && want && str_eq(r->storage, want->storage);
}

static bool kind_is_registered(const char *group, const char *version, const char *kind)
{
    static const char *const common[] = {"Status",       "List",          "DeleteOptions",
                                         "ListOptions",  "CreateOptions", "UpdateOptions",
                                         "PatchOptions", "GetOptions",    "WatchEvent"};
    size_t n = strlen(kind);

    for (size_t i = 0; i < ARRAY_LEN(common); i++)
        if (str_eq(common[i], kind))
            return true;
    if (n > 4 && str_eq(kind + n - 4, "List")) {
        char single[128];

        (void)snprintf(single, sizeof(single), "%.*s", (int)MIN(n - 4, sizeof(single) - 1), kind);
        if (resource_find_kind(group, version, single))
            return true;
    }
    return resource_find_kind(group, version, kind) != NULL;
}

const char *body_other_kind(Arena *a, const char *kind, const char *api, const char *want_kind,
                            const char *want_group)
{
    GroupVersion gv = api_version_split(a, api);

    if (!kind_is_registered(gv.group, gv.version, kind))
        return arena_printf(a,
                            "no kind \"%s\" is registered for version \"%s\" in scheme "
                            "\"k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30\"",
                            kind, api);
    return arena_printf(a, "converting (%s.%s) to (%s.%s): unknown conversion", gv.version, kind,
                        package_of(a, want_group), want_kind);
}

static int check_kind(Request *req, const Value *v, const char *want_kind,
                      const char *want_api_version)
{
    const char *kind = value_get_str(v, "kind"), *api = value_get_str(v, "apiVersion");
    GroupVersion gv, want;

    kind = kind && kind[0] ? kind : want_kind;
    api = api && api[0] ? api : want_api_version;
    if (str_eq(kind, want_kind) && str_eq(api, want_api_version))
        return STEP_OK;
    gv = api_version_split(req->arena, api);
    want = api_version_split(req->arena, want_api_version);
    if (str_eq(kind, want_kind) && str_eq(kind, "Eviction") && str_eq(gv.group, want.group) &&
        kind_is_of_old(gv.group, gv.version, kind))
        return STEP_OK;
    if (str_eq(kind, want_kind) &&
        (kind_is_of_old(gv.group, gv.version, kind) ||
         (str_eq(gv.group, want.group) && kind_is_registered(gv.group, gv.version, kind)) ||
         is_same_inside(gv.group, gv.version, kind, want.group, want.version)))
        return fail(req, ERR_BAD_REQUEST,
                    "the API version in the data (%s) does not match the expected API version "
                    "(%s)",
                    api, want_api_version);
    return cannot_handle(req, kind, gv.version, want_kind,
                         body_other_kind(req->arena, kind, api, want_kind, want.group));
}

/* Objects of any kind are decoded into maps: what they say of themselves is judged first. */
static int check_custom_kind(Request *req, const Resource *r, const Value *v)
{
    const char *kind = value_get_str(v, "kind"), *api = value_get_str(v, "apiVersion");
    char want[256];

    resource_api_version(r, want);
    if (!kind || !kind[0]) {
        const char *why =
            arena_printf(req->arena, "Object 'Kind' is missing in '%.*s'",
                         (int)MIN(req->body.len, (size_t)BODY_SHOWN_MAX), req->body.ptr);

        /* The reader that is not strict takes it for what is wanted, and then cannot read it. */
        return req->state->opts.field_validation == FIELDS_IGNORE
                   ? cannot_handle(req, r->kind, r->version, r->kind, why)
                   : unrecognized(req, r->kind, why);
    }
    if (!str_eq(api ? api : "", want))
        return fail(req, ERR_BAD_REQUEST,
                    "the API version in the data (%s) does not match the expected API version (%s)",
                    api ? api : "", want);
    return str_eq(kind, r->kind) ? STEP_OK : fail_kind(req, r, kind, v);
}

static int decoded(Request *req, int r, const Err *err, const char *kind, const char *api_version)
{
    if (r >= 0)
        return STEP_OK;
    if (strstr(err->msg, "cannot be handled as a"))
        return fail_err(req, err);
    return cannot_handle(req, kind, api_version_split(req->arena, api_version).version, kind,
                         err->msg);
}

int body_decode(Request *req, const Resource *r, Value **ret)
{
    RequestState *st = req->state;
    char api_version[256];
    Value *v;
    Err err;
    int s = body_parse(req, r->kind, &v);

    resource_api_version(r, api_version);
    if (!s)
        s = r->crd ? check_custom_kind(req, r, v) : check_kind(req, v, r->kind, api_version);
    if (s)
        return s;
    s = decoded(
        req,
        decode_object(req->arena, r, v, st->opts.field_validation, &st->dups, &st->warnings, &err),
        &err, r->kind, api_version);
    if (s)
        return s;
    value_set_str(req->arena, v, "kind", r->kind);
    value_set_str(req->arena, v, "apiVersion", api_version);
    *ret = v;
    return STEP_OK;
}

int body_decode_type(Request *req, const Type *t, const char *kind, const char *api_version,
                     Value **ret)
{
    RequestState *st = req->state;
    Value *v;
    Err err;
    int s = body_parse(req, kind, &v);

    if (!s)
        s = check_kind(req, v, kind, api_version);
    if (s)
        return s;
    s = decoded(req,
                decode_type(req->arena, t, kind, api_version, v, st->opts.field_validation,
                            &st->dups, &st->warnings, &err),
                &err, kind, api_version);
    if (s)
        return s;
    *ret = v;
    return STEP_OK;
}
