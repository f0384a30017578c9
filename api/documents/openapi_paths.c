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
    {VERB_DELETE_COLLECTION, "delete", "deletecollection", "delete", "delete collection of"},
};
static const Operation object_ops[] = {
    {VERB_GET, "get", "get", "read", "read the specified"},
    {VERB_UPDATE, "put", "put", "replace", "replace the specified"},
    {VERB_CREATE, "post", "post", "create", "create"},
    {VERB_DELETE, "delete", "delete", "delete", "delete a"},
    {VERB_PATCH, "patch", "patch", "patch", "partially update the specified"},
};
/* Paths that begin with /watch/ (deprecated). */
static const Operation watch_collection_ops[] = {
    {VERB_WATCH, "get", "watchlist", "watch", "watch all objects (an older form) of kind"},
};
static const Operation watch_object_ops[] = {
    {VERB_WATCH, "get", "watch", "watch", "watch one object (an older form) of kind"},
};

typedef struct PathWriter {
    const Resource *r;
    const Subresource *sub; /* NULL: the resource itself */
    const char *schema;     /* of the body; NULL when it is not a known object */
    bool is_v2, is_namespaced, is_collection, is_watch;
    Buf *out;
} PathWriter;

static const char status_schema[] = "io.k8s.apimachinery.pkg.apis.meta.v1.Status";
static const char options_schema[] = "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions";
static const char event_schema[] = "io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent";
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

static void write_parameter(const PathWriter *w, const char *name, const char *type,
                            bool is_in_path, bool is_first)
{
    buf_addf(w->out, "%s{\"name\":\"%s\",\"in\":\"%s\",", is_first ? "" : ",", name,
             is_in_path ? "path" : "query");
    if (is_in_path)
        buf_addf(w->out, "\"description\":\"%s%s\",\"required\":true,",
                 str_eq(name, "name") ? "name of the "
                                      : "object name and auth scope, such as for "
                                        "teams and projects",
                 str_eq(name, "name") ? w->r->kind : "");
    if (w->is_v2)
        buf_addf(w->out, "\"type\":\"%s\",\"uniqueItems\":true}", type);
    else
        buf_addf(w->out, "\"schema\":{\"type\":\"%s\",\"uniqueItems\":true}}", type);
}

/* Does a comma-separated list of names have this one? */
static bool is_among(const char *names, const char *name)
{
    Slice rest = slice_of(names), part;

    while (rest.len > 0) {
        slice_cut(&rest, ',', &part);
        if (slice_is(part, name))
            return true;
    }
    return false;
}

static bool connects(const Subresource *sub)
{
    return sub && is_among("attach,exec,portforward,proxy", sub->name);
}

enum { OF_VERBS = 1, OF_PATH = 2 }; /* which parameters */

/* Those of an operation, and those that all operations of a path have: where there is but one, all
 * are the path's. */
static void write_parameters(const PathWriter *w, uint32_t verbs, unsigned which)
{
    enum { IS_NAME = 1u << 30, IS_NAMESPACE = 1u << 29, IS_PRETTY = 1u << 28 };
    enum {
        LISTS = BIT(VERB_LIST) | BIT(VERB_WATCH),
        SELECTS = LISTS | BIT(VERB_DELETE_COLLECTION),
        DELETES = BIT(VERB_DELETE) | BIT(VERB_DELETE_COLLECTION),
        WRITES = BIT(VERB_CREATE) | BIT(VERB_UPDATE) | BIT(VERB_PATCH),
    };
    static const struct {
        uint32_t verbs;
        const char *name, *type, *subs; /* subs: of these subresources, whatever the verb */
    } all[] = {
        {LISTS, "allowWatchBookmarks", "boolean", ""},
        {0, "command", "string", "exec"},
        {0, "container", "string", "attach,exec,log"},
        {SELECTS, "continue", "string", ""},
        {WRITES | DELETES, "dryRun", "string", ""},
        {WRITES, "fieldManager", "string", ""},
        {SELECTS, "fieldSelector", "string", ""},
        {WRITES, "fieldValidation", "string", ""},
        {0, "follow", "boolean", "log"},
        {BIT(VERB_PATCH), "force", "boolean", ""},
        {DELETES, "gracePeriodSeconds", "integer", ""},
        {DELETES, "ignoreStoreReadErrorWithClusterBreakingPotential", "boolean", ""},
        {0, "insecureSkipTLSVerifyBackend", "boolean", "log"},
        {SELECTS, "labelSelector", "string", ""},
        {SELECTS, "limit", "integer", ""},
        {0, "limitBytes", "integer", "log"},
        {IS_NAME, "name", "string", ""},
        {IS_NAMESPACE, "namespace", "string", ""},
        {DELETES, "orphanDependents", "boolean", ""},
        {0, "path", "string", "proxy"},
        {0, "ports", "integer", "portforward"},
        {IS_PRETTY, "pretty", "string", ""},
        {0, "previous", "boolean", "log"},
        {DELETES, "propagationPolicy", "string", ""},
        {SELECTS, "resourceVersion", "string", ""},
        {SELECTS, "resourceVersionMatch", "string", ""},
        {SELECTS, "sendInitialEvents", "boolean", ""},
        {SELECTS, "shardSelector", "string", ""},
        {0, "sinceSeconds", "integer", "log"},
        {0, "stderr", "boolean", "attach,exec"},
        {0, "stdin", "boolean", "attach,exec"},
        {0, "stdout", "boolean", "attach,exec"},
        {0, "stream", "string", "log"},
        {0, "tailLines", "integer", "log"},
        {SELECTS, "timeoutSeconds", "integer", ""},
        {0, "timestamps", "boolean", "log"},
        {0, "tty", "boolean", "attach,exec"},
        {LISTS, "watch", "boolean", ""},
    };
    bool is_first = true;

    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        uint32_t place = all[i].verbs & (IS_NAME | IS_NAMESPACE | IS_PRETTY);
        bool is_of_sub = all[i].subs[0] && w->sub && is_among(all[i].subs, w->sub->name);
        bool is_of_path = (place == IS_NAME && !w->is_collection) ||
                          (place == IS_NAMESPACE && w->is_namespaced) ||
                          (place == IS_PRETTY && !connects(w->sub)) || is_of_sub;
        bool is_of_verb = !place && (all[i].verbs & verbs) && !connects(w->sub);

        if (!((which & OF_PATH) && is_of_path) && !((which & OF_VERBS) && is_of_verb))
            continue;
        if (is_first)
            buf_addf(w->out, "%s\"parameters\":[", which == OF_VERBS ? "," : "");
        write_parameter(w, all[i].name, all[i].type, place == IS_NAME || place == IS_NAMESPACE,
                        is_first);
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

    if (w->is_v2 || op->verb == VERB_GET || op->verb == VERB_LIST || op->verb == VERB_WATCH ||
        connects(w->sub))
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

enum { SENDS_OBJECT = 1, STREAMS = 2, SENDS_TEXT = 4, SENDS_ANYTHING = 8 };

static void write_response(const PathWriter *w, const char *code, const char *words,
                           const char *schema, unsigned sends)
{
    static const struct {
        unsigned sends;
        bool is_builtin;
        const char *type;
    } types[] = {
        {SENDS_OBJECT, false, "application/json"},
        {STREAMS, true, "application/json;stream=watch"},
        {SENDS_OBJECT, true, "application/vnd.kubernetes.protobuf"},
        {STREAMS, true, "application/vnd.kubernetes.protobuf;stream=watch"},
        {SENDS_OBJECT, false, "application/yaml"},
        {SENDS_TEXT, false, "text/plain"},
        {SENDS_ANYTHING, false, "*/*"},
    };
    bool is_first = true;

    buf_addf(w->out, "\"%s\":{\"description\":\"%s\",", code, words);
    if (w->is_v2) {
        buf_adds(w->out, "\"schema\":");
        write_schema_ref(w, schema);
        buf_adds(w->out, "},");
        return;
    }
    buf_adds(w->out, "\"content\":{");
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        if (!(types[i].sends & sends) || (w->r->crd && types[i].is_builtin))
            continue;
        buf_addf(w->out, "%s\"%s\":{\"schema\":", is_first ? "" : ",", types[i].type);
        write_schema_ref(w, schema);
        buf_addc(w->out, '}');
        is_first = false;
    }
    buf_adds(w->out, "}},");
}

static void write_responses(const PathWriter *w, const Operation *op)
{
    AUTO_BUF list = BUF_INIT;
    const char *schema = w->schema;
    unsigned sends = SENDS_OBJECT;

    if (op->verb == VERB_LIST) {
        buf_addf(&list, "%sList", w->schema);
        schema = buf_str(&list);
        sends |= STREAMS;
    } else if (op->verb == VERB_WATCH) {
        schema = event_schema;
        sends |= STREAMS;
    } else if (op->verb == VERB_DELETE_COLLECTION ||
               (op->verb == VERB_DELETE && !resource_answers_deleted(w->r))) {
        schema = status_schema;
    }
    buf_adds(w->out, ",\"responses\":{");
    if (connects(w->sub)) {
        write_response(w, "200", "OK", NULL, SENDS_ANYTHING);
        buf_adds(w->out, "\"401\":{\"description\":\"Unauthorized\"}}");
        return;
    }
    if (w->sub && str_eq(w->sub->name, "log")) {
        schema = NULL;
        sends |= SENDS_TEXT;
    }
    write_response(w, "200", "OK", schema, sends);
    if (op->verb == VERB_CREATE || op->verb == VERB_UPDATE || op->verb == VERB_PATCH)
        write_response(w, "201", "Created", schema, sends);
    if (op->verb == VERB_CREATE || op->verb == VERB_DELETE)
        write_response(w, "202", "Accepted", schema, sends);
    buf_adds(w->out, "\"401\":{\"description\":\"Unauthorized\"}}");
}

static const char *kind_of(const PathWriter *w)
{
    return w->sub ? w->sub->kind : w->r->kind;
}

/* "rbacAuthorization_v1", and "RbacAuthorizationV1" as operations have it in their names. */
static void write_tag(const Resource *r, Buf *tag)
{
    group_words(r->group, false, tag);
    buf_addf(tag, "_%s", r->version);
}

static void write_group_words(const Resource *r, Buf *id)
{
    group_words(r->group, true, id);
    capitalized(r->version, id);
}

static void write_operation(const PathWriter *w, const Operation *op, bool is_for_all,
                            bool is_alone)
{
    const bool is_other = w->sub && w->sub->version;
    AUTO_BUF tag = BUF_INIT;
    AUTO_BUF id = BUF_INIT;

    write_tag(w->r, &tag);
    buf_adds(&id, connects(w->sub) ? "connect" : op->id);
    write_group_words(w->r, &id);
    if (connects(w->sub))
        capitalized(op->method, &id);
    if (w->is_collection && op->verb == VERB_DELETE_COLLECTION)
        buf_adds(&id, "Collection");
    if (w->is_namespaced)
        buf_adds(&id, "Namespaced");
    buf_adds(&id, w->r->kind);
    if (w->sub)
        capitalized(w->sub->name, &id);
    if (w->is_watch && w->is_collection)
        buf_adds(&id, "List");
    if (is_for_all)
        buf_adds(&id, "ForAllNamespaces");

    buf_addf(w->out, "\"%s\":{\"tags\":[\"%s\"],\"description\":\"%s %s%s%s\"", op->method,
             buf_str(&tag), op->words, w->sub ? w->sub->name : w->r->kind, w->sub ? " of " : "",
             w->sub ? w->r->kind : "");
    discovery__member(w->out, "operationId", buf_str(&id));
    if (!is_alone)
        write_parameters(w, BIT(op->verb), OF_VERBS);
    write_body(w, op);
    write_responses(w, op);
    discovery__member(w->out, "x-kubernetes-action", connects(w->sub) ? "connect" : op->action);
    buf_adds(w->out, ",\"x-kubernetes-group-version-kind\":{\"group\":");
    discovery__str(w->out, is_other ? w->sub->group : w->r->group);
    discovery__member(w->out, "version", is_other ? w->sub->version : w->r->version);
    discovery__member(w->out, "kind", kind_of(w));
    buf_adds(w->out, "}},");
}

/* One path with all its operations; nothing when there are none. */
static void write_path(PathWriter *w, bool is_for_all, bool *is_first)
{
    const Operation *ops = w->is_watch
                               ? (w->is_collection ? watch_collection_ops : watch_object_ops)
                           : w->is_collection ? collection_ops
                                              : object_ops;
    size_t n = w->is_watch        ? 1
               : w->is_collection ? ARRAY_LEN(collection_ops)
                                  : ARRAY_LEN(object_ops);
    uint32_t verbs = w->sub ? w->sub->verbs : w->r->verbs, done = 0;
    size_t n_done = 0;
    char gv[256];

    if (!w->is_collection && !w->sub)
        verbs &= ~BIT(VERB_CREATE); /* belongs to the collection */
    if (is_for_all)
        verbs &= BIT(VERB_LIST) | BIT(VERB_WATCH);
    for (size_t i = 0; i < n; i++) {
        done |= verbs & BIT(ops[i].verb);
        n_done += (verbs & BIT(ops[i].verb)) != 0;
    }
    if (n_done == 0)
        return;
    buf_addf(w->out, "%s\"/%s/%s%s%s/%s%s%s%s\":{", *is_first ? "" : ",",
             w->r->group[0] ? "apis" : "api", resource_api_version(w->r, gv),
             w->is_watch ? "/watch" : "", w->is_namespaced ? "/namespaces/{namespace}" : "",
             w->r->plural, w->is_collection ? "" : "/{name}", w->sub ? "/" : "",
             w->sub ? w->sub->name : "");
    *is_first = false;
    for (size_t i = 0; i < n; i++) {
        if (verbs & BIT(ops[i].verb))
            write_operation(w, &ops[i], is_for_all, n_done == 1);
    }
    write_parameters(w, done, n_done == 1 ? OF_VERBS | OF_PATH : OF_PATH);
    buf_addc(w->out, '}');
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

/* The collection, that of all namespaces, and the object. */
static void write_main_paths(PathWriter *w, bool *is_first)
{
    w->is_collection = true;
    write_path(w, false, is_first);
    if (w->r->is_namespaced && (w->r->verbs & BIT(VERB_LIST))) {
        w->is_namespaced = false;
        write_path(w, true, is_first);
        w->is_namespaced = true;
    }
    w->is_collection = false;
    write_path(w, false, is_first);
}

static void write_resource_paths(const Resource *r, bool is_v2, bool *is_first, Buf *out)
{
    char own[600], other[600];
    PathWriter w = {.r = r, .is_v2 = is_v2, .is_namespaced = r->is_namespaced, .out = out};

    w.schema = openapi__resource_schema(r, own);
    write_main_paths(&w, is_first);
    for (uint32_t i = 0; i < r->n_subresources; i++) {
        w.sub = &r->subresources[i];
        w.schema = subresource_schema(r, w.sub, own, other);
        write_path(&w, false, is_first);
    }
    if (is_v2 || r->crd)
        return;
    w.sub = NULL;
    w.is_watch = true;
    write_main_paths(&w, is_first);
}

/* What there is in a group version. */
static void write_discovery_path(const Resource *r, Buf *out)
{
    static const char list[] = "io.k8s.apimachinery.pkg.apis.meta.v1.APIResourceList";
    PathWriter w = {.r = r, .schema = list, .out = out};
    AUTO_BUF tag = BUF_INIT;
    AUTO_BUF id = BUF_INIT;
    char gv[256];

    write_tag(r, &tag);
    buf_adds(&id, "get");
    write_group_words(r, &id);
    buf_addf(out,
             "\"/%s/%s/\":{\"get\":{\"tags\":[\"%s\"],\"description\":\"what is served\","
             "\"operationId\":\"%sAPIResources\",\"responses\":{",
             r->group[0] ? "apis" : "api", resource_api_version(r, gv), buf_str(&tag),
             buf_str(&id));
    write_response(&w, "200", "OK", list, SENDS_OBJECT);
    buf_adds(out, "\"401\":{\"description\":\"Unauthorized\"}}}}");
}

void openapi__write_paths(const ResourceSet *set, Slice group, Slice version, bool is_v2, Buf *out)
{
    bool is_first = true;

    for (size_t i = 0; i < set->n; i++) {
        if (!is_v2 && !discovery__is_in(set->items[i], group, version))
            continue;
        if (is_first && !is_v2 && !set->items[i]->crd) {
            write_discovery_path(set->items[i], out);
            is_first = false;
        }
        write_resource_paths(set->items[i], is_v2, &is_first, out);
    }
}
