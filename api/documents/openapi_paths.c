#include "api/discovery_int.h"

/*
 * Paths of OpenAPI documents: for each resource the collection, the object and its subresources,
 * with one operation a verb. Clients look for three things in them: which kind a path serves, which
 * verbs there are, and whether an operation knows the parameter fieldValidation.
 */

typedef struct Operation {
    Verb verb;
    const char *method, *action;
    const char *id;    /* begin of operationId */
    const char *words; /* description; the kind follows */
} Operation;

static const Operation collection_ops[] = {
    {VERB_LIST, "get", "list", "list", "list or watch objects of kind"},
    {VERB_CREATE, "post", "post", "create", "create a"},
    {VERB_DELETE_COLLECTION, "delete", "deletecollection", "deleteCollection",
     "delete collection of"},
};
static const Operation object_ops[] = {
    {VERB_GET, "get", "get", "read", "read the specified"},
    {VERB_UPDATE, "put", "put", "replace", "replace the specified"},
    {VERB_CREATE, "post", "post", "create", "create"},
    {VERB_DELETE, "delete", "delete", "delete", "delete a"},
    {VERB_PATCH, "patch", "patch", "patch", "partially update the specified"},
};

typedef struct PathWriter {
    const Resource *r;
    const Subresource *sub; /* NULL: the resource itself */
    const char *schema;     /* of the body; NULL when it is not a known object */
    bool is_v2, is_namespaced, is_collection;
    Buf *out;
} PathWriter;

static const char status_schema[] = "io.k8s.apimachinery.pkg.apis.meta.v1.Status";
static const char options_schema[] = "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions";
static const char patch_schema[] = "io.k8s.apimachinery.pkg.apis.meta.v1.Patch";

static void write_schema_ref(const PathWriter *w, const char *schema)
{
    if (schema)
        buf_addf(w->out, "{\"$ref\":\"#/%s/%s\"}", w->is_v2 ? "definitions" : "components/schemas",
                 schema);
    else
        buf_adds(w->out, "{\"type\":\"string\"}");
}

/* Group in camel case: "rbac.authorization.k8s.io" is "rbacAuthorization". */
static void group_words(const char *group, bool is_upper, Buf *out)
{
    const char *suffix = str_ends(group, ".k8s.io") ? group + strlen(group) - 7 : NULL;
    bool is_start = is_upper;

    if (group[0] == '\0')
        group = "core";
    for (const char *p = group; *p && p != suffix; p++) {
        if (*p == '.' || *p == '-') {
            is_start = true;
            continue;
        }
        buf_addc(out, is_start && *p >= 'a' && *p <= 'z' ? (char)(*p - 32) : *p);
        is_start = false;
    }
}

static void capitalized(const char *word, Buf *out)
{
    if (word[0] >= 'a' && word[0] <= 'z')
        buf_addc(out, (char)(*word++ - 32));
    buf_adds(out, word);
}

static void write_parameter(const PathWriter *w, const char *name, const char *type, bool is_first)
{
    buf_addf(w->out, "%s{\"name\":\"%s\",\"in\":\"query\",", is_first ? "" : ",", name);
    if (w->is_v2)
        buf_addf(w->out, "\"type\":\"%s\",\"uniqueItems\":true}", type);
    else
        buf_addf(w->out, "\"schema\":{\"type\":\"%s\",\"uniqueItems\":true}}", type);
}

static void write_parameters(const PathWriter *w, const Operation *op)
{
    static const struct {
        uint32_t verbs;
        const char *name, *type;
    } all[] = {
        {BIT(VERB_LIST), "allowWatchBookmarks", "boolean"},
        {BIT(VERB_LIST) | BIT(VERB_DELETE_COLLECTION), "continue", "string"},
        {BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH) | BIT(VERB_DELETE) |
             BIT(VERB_DELETE_COLLECTION),
         "dryRun", "string"},
        {BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH), "fieldManager", "string"},
        {BIT(VERB_LIST) | BIT(VERB_DELETE_COLLECTION), "fieldSelector", "string"},
        {BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH), "fieldValidation", "string"},
        {BIT(VERB_PATCH), "force", "boolean"},
        {BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), "gracePeriodSeconds", "integer"},
        {BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION),
         "ignoreStoreReadErrorWithClusterBreakingPotential", "boolean"},
        {BIT(VERB_LIST) | BIT(VERB_DELETE_COLLECTION), "labelSelector", "string"},
        {BIT(VERB_LIST) | BIT(VERB_DELETE_COLLECTION), "limit", "integer"},
        {BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), "orphanDependents", "boolean"},
        {BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION), "propagationPolicy", "string"},
        {BIT(VERB_LIST) | BIT(VERB_DELETE_COLLECTION), "resourceVersion", "string"},
        {BIT(VERB_LIST) | BIT(VERB_DELETE_COLLECTION), "resourceVersionMatch", "string"},
        {BIT(VERB_LIST) | BIT(VERB_DELETE_COLLECTION), "sendInitialEvents", "boolean"},
        {BIT(VERB_LIST) | BIT(VERB_DELETE_COLLECTION), "timeoutSeconds", "integer"},
        {BIT(VERB_LIST), "watch", "boolean"},
    };
    bool is_first = true;

    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        if (!(all[i].verbs & BIT(op->verb)))
            continue;
        if (is_first)
            buf_adds(w->out, ",\"parameters\":[");
        write_parameter(w, all[i].name, all[i].type, is_first);
        is_first = false;
    }
    if (!is_first)
        buf_addc(w->out, ']');
}

static void write_body(const PathWriter *w, const Operation *op)
{
    static const char *const patch_types[] = {
        "application/apply-patch+yaml", "application/json-patch+json",
        "application/merge-patch+json", "application/strategic-merge-patch+json"};
    bool is_delete = op->verb == VERB_DELETE || op->verb == VERB_DELETE_COLLECTION;

    if (w->is_v2 || op->verb == VERB_GET || op->verb == VERB_LIST)
        return;
    buf_adds(w->out, ",\"requestBody\":{\"content\":{");
    if (op->verb == VERB_PATCH) {
        for (size_t i = 0; i < ARRAY_LEN(patch_types); i++) {
            if (w->r->crd && i == 3)
                continue;
            buf_addf(w->out, "%s\"%s\":{\"schema\":", i > 0 ? "," : "", patch_types[i]);
            write_schema_ref(w, patch_schema);
            buf_addc(w->out, '}');
        }
    } else {
        buf_adds(w->out, "\"*/*\":{\"schema\":");
        write_schema_ref(w, is_delete ? options_schema : w->schema);
        buf_addc(w->out, '}');
    }
    buf_adds(w->out, is_delete ? "}}" : "},\"required\":true}");
}

static void write_response(const PathWriter *w, const char *code, const char *words,
                           const char *schema)
{
    static const char *const types[] = {"application/json", "application/vnd.kubernetes.protobuf",
                                        "application/yaml"};

    buf_addf(w->out, "\"%s\":{\"description\":\"%s\",", code, words);
    if (w->is_v2) {
        buf_adds(w->out, "\"schema\":");
        write_schema_ref(w, schema);
        buf_adds(w->out, "},");
        return;
    }
    buf_adds(w->out, "\"content\":{");
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        if (w->r->crd && i == 1)
            continue;
        buf_addf(w->out, "%s\"%s\":{\"schema\":", i > 0 ? "," : "", types[i]);
        write_schema_ref(w, schema);
        buf_addc(w->out, '}');
    }
    buf_adds(w->out, "}},");
}

static void write_responses(const PathWriter *w, const Operation *op)
{
    AUTO_BUF list = BUF_INIT;
    const char *schema = w->schema;

    if (op->verb == VERB_LIST) {
        buf_addf(&list, "%sList", w->schema);
        schema = buf_str(&list);
    } else if (op->verb == VERB_DELETE || op->verb == VERB_DELETE_COLLECTION) {
        schema = status_schema;
    }
    buf_adds(w->out, ",\"responses\":{");
    write_response(w, "200", "OK", schema);
    if (op->verb == VERB_CREATE || op->verb == VERB_UPDATE || op->verb == VERB_PATCH)
        write_response(w, "201", "Created", schema);
    if (op->verb == VERB_CREATE || op->verb == VERB_DELETE)
        write_response(w, "202", "Accepted", schema);
    buf_adds(w->out, "\"401\":{\"description\":\"Unauthorized\"}}");
}

static const char *kind_of(const PathWriter *w)
{
    return w->sub ? w->sub->kind : w->r->kind;
}

static void write_operation(const PathWriter *w, const Operation *op, bool is_for_all)
{
    const bool is_other = w->sub && w->sub->version;
    AUTO_BUF tag = BUF_INIT;
    AUTO_BUF id = BUF_INIT;

    group_words(w->r->group, false, &tag);
    buf_addf(&tag, "_%s", w->r->version);
    buf_adds(&id, op->id);
    group_words(w->r->group, true, &id);
    capitalized(w->r->version, &id);
    if (w->is_collection && op->verb == VERB_DELETE_COLLECTION)
        buf_adds(&id, "Collection");
    if (w->is_namespaced)
        buf_adds(&id, "Namespaced");
    buf_adds(&id, w->r->kind);
    if (w->sub)
        capitalized(w->sub->name, &id);
    if (is_for_all)
        buf_adds(&id, "ForAllNamespaces");

    buf_addf(w->out, "\"%s\":{\"tags\":[\"%s\"],\"description\":\"%s %s%s%s\"", op->method,
             buf_str(&tag), op->words, w->sub ? w->sub->name : w->r->kind, w->sub ? " of " : "",
             w->sub ? w->r->kind : "");
    discovery__member(w->out, "operationId", buf_str(&id));
    write_parameters(w, op);
    write_body(w, op);
    write_responses(w, op);
    discovery__member(w->out, "x-kubernetes-action", op->action);
    buf_adds(w->out, ",\"x-kubernetes-group-version-kind\":{\"group\":");
    discovery__str(w->out, is_other ? w->sub->group : w->r->group);
    discovery__member(w->out, "version", is_other ? w->sub->version : w->r->version);
    discovery__member(w->out, "kind", kind_of(w));
    buf_adds(w->out, "}},");
}

static void write_path_parameter(const PathWriter *w, const char *name, const char *words)
{
    buf_addf(w->out, "{\"name\":\"%s\",\"in\":\"path\",\"description\":\"%s%s\",\"required\":true,",
             name, words, strcmp(name, "name") == 0 ? w->r->kind : "");
    buf_adds(w->out, w->is_v2 ? "\"type\":\"string\",\"uniqueItems\":true},"
                              : "\"schema\":{\"type\":\"string\",\"uniqueItems\":true}},");
}

/* One path with all its operations; nothing when there are none. */
static void write_path(PathWriter *w, bool is_for_all, bool *is_first)
{
    const Operation *ops = w->is_collection ? collection_ops : object_ops;
    size_t n = w->is_collection ? ARRAY_LEN(collection_ops) : ARRAY_LEN(object_ops);
    uint32_t verbs = w->sub ? w->sub->verbs : w->r->verbs;
    char gv[256];

    if (!w->is_collection && !w->sub)
        verbs &= ~BIT(VERB_CREATE); /* belongs to the collection */
    if (is_for_all)
        verbs &= BIT(VERB_LIST);
    if (!w->is_collection
            ? (verbs & (BIT(VERB_GET) | BIT(VERB_UPDATE) | BIT(VERB_CREATE) | BIT(VERB_DELETE) |
                        BIT(VERB_PATCH))) == 0
            : (verbs & (BIT(VERB_LIST) | BIT(VERB_CREATE) | BIT(VERB_DELETE_COLLECTION))) == 0)
        return;
    buf_addf(w->out, "%s\"/%s/%s%s/%s%s%s%s\":{", *is_first ? "" : ",",
             w->r->group[0] ? "apis" : "api", resource_api_version(w->r, gv),
             w->is_namespaced ? "/namespaces/{namespace}" : "", w->r->plural,
             w->is_collection ? "" : "/{name}", w->sub ? "/" : "", w->sub ? w->sub->name : "");
    *is_first = false;
    for (size_t i = 0; i < n; i++) {
        if (verbs & BIT(ops[i].verb))
            write_operation(w, &ops[i], is_for_all);
    }
    buf_adds(w->out, "\"parameters\":[");
    if (!w->is_collection)
        write_path_parameter(w, "name", "name of the ");
    if (w->is_namespaced)
        write_path_parameter(w, "namespace",
                             "object name and auth scope, such as for teams and projects");
    write_parameter(w, "pretty", "string", true);
    buf_adds(w->out, "]}");
}

static const char *subresource_schema(const Resource *r, const Subresource *s, const char *own,
                                      char *out)
{
    size_t n;
    const Resource *all = resources_builtin(&n);

    if (!s->version)
        return str_eq(s->kind, r->kind) ? own : NULL;
    for (size_t i = 0; i < n; i++) { /* a type beside those of that group's resources */
        const char *dot = strrchr(all[i].type->name, '.');

        if (!dot || !str_eq(all[i].group, s->group ? s->group : "") ||
            !str_eq(all[i].version, s->version))
            continue;
        snprintf(out, 600, "%.*s.%s", (int)(dot - all[i].type->name), all[i].type->name, s->kind);
        return type_find(out) ? out : NULL;
    }
    return NULL;
}

static void write_resource_paths(const Resource *r, bool is_v2, bool *is_first, Buf *out)
{
    char own[600], other[600];
    PathWriter w = {.r = r, .is_v2 = is_v2, .is_namespaced = r->is_namespaced, .out = out};

    w.schema = openapi__resource_schema(r, own);
    w.is_collection = true;
    write_path(&w, false, is_first);
    if (r->is_namespaced && (r->verbs & BIT(VERB_LIST))) {
        w.is_namespaced = false;
        write_path(&w, true, is_first);
        w.is_namespaced = true;
    }
    w.is_collection = false;
    write_path(&w, false, is_first);
    for (uint32_t i = 0; i < r->n_subresources; i++) {
        w.sub = &r->subresources[i];
        w.schema = subresource_schema(r, w.sub, own, other);
        write_path(&w, false, is_first);
    }
}

void openapi__write_paths(const ResourceSet *set, Slice group, Slice version, bool is_v2, Buf *out)
{
    bool is_first = true;

    for (size_t i = 0; i < set->n; i++) {
        if (is_v2 || discovery__is_in(set->items[i], group, version))
            write_resource_paths(set->items[i], is_v2, &is_first, out);
    }
}
