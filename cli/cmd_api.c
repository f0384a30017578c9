/* hpctl api-resources, api-versions, explain, version, cluster-info: what the server is. */
#include "cli/cli.h"

static int by_group(const void *a, const void *b)
{
    const CliResource *x = a, *y = b;
    int d = strcmp(x->group, y->group);

    return d ? d : strcmp(x->plural, y->plural);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Every resource in the version its group prefers, in kubectl's order. */
static CliResource *preferred(Cli *c, const CliResource *all, size_t *n)
{
    CliResource *out = arena_array(c->arena, CliResource, *n + 1);
    size_t kept = 0;

    for (size_t i = 0; i < *n; i++) {
        bool is_new = true;

        for (size_t k = 0; k < kept && is_new; k++)
            is_new = by_group(&out[k], &all[i]) != 0;
        if (is_new)
            out[kept++] = all[i];
    }
    qsort(out, kept, sizeof(*out), by_group);
    *n = kept;
    return out;
}

int cmd_api_resources(Cli *c)
{
    const char *group = flag_str(&c->flags, "api-group"),
               *namespaced = flag_str(&c->flags, "namespaced");
    const char *format = flag_str(&c->flags, "output");
    bool is_wide = format && strcmp(format, "wide") == 0,
         by_name = format && strcmp(format, "name") == 0;
    const CliResource *all;
    const char **cells;
    size_t n, at = 0, width = is_wide ? 6 : 5;

    if (cli_connect(c) != 0)
        return 1;
    n = cli_resources(c, &all);
    if (n == 0)
        return 1;
    all = preferred(c, all, &n);
    cells = arena_array(c->arena, const char *, (n + 1) * width + 1);
    if (!by_name && !flag_bool(&c->flags, "no-headers")) {
        static const char *const heads[] = {"NAME",       "SHORTNAMES", "APIVERSION",
                                            "NAMESPACED", "KIND",       "VERBS"};

        for (size_t i = 0; i < width; i++)
            cells[at++] = heads[i];
    }
    for (size_t i = 0; i < n; i++) {
        AUTO_BUF shorts = BUF_INIT, verbs = BUF_INIT;
        Value *s;

        if ((group && strcmp(group, all[i].group) != 0) ||
            (namespaced && (strcmp(namespaced, "true") == 0) != all[i].is_namespaced))
            continue;
        if (by_name) {
            printf("%s%s%s\n", all[i].plural, *all[i].group ? "." : "", all[i].group);
            continue;
        }
        value_each_item(all[i].short_names, k, s)
            buf_addf(&shorts, "%s%s", k > 0 ? "," : "", value_to_cstr(s));
        value_each_item(all[i].verbs, k, s)
            buf_addf(&verbs, "%s%s", k > 0 ? "," : "", value_to_cstr(s));
        cells[at++] = all[i].plural;
        cells[at++] = arena_strdup(c->arena, buf_str(&shorts));
        cells[at++] = cli_api_version(c, &all[i]);
        cells[at++] = all[i].is_namespaced ? "true" : "false";
        cells[at++] = all[i].kind;
        if (is_wide)
            cells[at++] = arena_strdup(c->arena, buf_str(&verbs));
    }
    print_rows(cells, width);
    return 0;
}

int cmd_api_versions(Cli *c)
{
    const CliResource *all;
    const char **texts, *last = "";
    size_t n;

    if (cli_connect(c) != 0)
        return 1;
    n = cli_resources(c, &all);
    texts = arena_array(c->arena, const char *, n + 1);
    for (size_t i = 0; i < n; i++)
        texts[i] = cli_api_version(c, &all[i]);
    qsort(texts, n, sizeof(*texts), by_text);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(texts[i], last) != 0)
            printf("%s\n", texts[i]);
        last = texts[i];
    }
    return n == 0;
}

int cmd_version(Cli *c)
{
    const char *format = flag_str(&c->flags, "output");
    Value *v = value_object(c->arena), *server;

    value_set_at(c->arena, v, "clientVersion.gitVersion",
                 value_str(c->arena, "v1.36.0+hostplane.0.1.0"));
    if (!flag_bool(&c->flags, "client")) {
        if (cli_connect(c) != 0)
            return 1;
        server = cli_get(c, "/version", NULL);
        if (!server)
            return 1;
        value_set(c->arena, v, "serverVersion", server);
    }
    if (format && *format)
        return print_object(c, v, format);
    printf("Client Version: %s\n", value_at_str(v, "clientVersion.gitVersion"));
    if (value_get(v, "serverVersion"))
        printf("Server Version: %s\n", value_at_str(v, "serverVersion.gitVersion"));
    return 0;
}

int cmd_cluster_info(Cli *c)
{
    const char *context, *cluster = NULL;
    Value *item;

    if (cli_connect(c) != 0 || !cli_get(c, "/version", NULL))
        return 1;
    context = flag_str(&c->flags, "context") ? flag_str(&c->flags, "context")
                                             : value_get_str(c->kubeconfig, "current-context");
    value_each_item(value_get(c->kubeconfig, "contexts"), i,
                    item) if (str_eq(value_get_str(item, "name"), context)) cluster =
        value_at_str(item, "context.cluster");
    value_each_item(value_get(c->kubeconfig, "clusters"), i,
                    item) if (str_eq(value_get_str(item, "name"), cluster))
        printf("Kubernetes control plane is running at %s\n", value_at_str(item, "cluster.server"));
    return 0;
}

/* ---- explain ---- */

static const Value *follow_ref(const Value *doc, const Value *schema)
{
    for (int depth = 0; schema && depth < 16; depth++) {
        const char *ref = value_get_str(schema, "$ref");

        if (!ref && value_len(value_get(schema, "allOf")) == 1)
            ref = value_at_str(schema, "allOf.0.$ref");
        if (!ref)
            return schema;
        schema = value_get(value_at(doc, "components.schemas"), strrchr(ref, '/') + 1);
    }
    return schema;
}

/* The schema behind lists and maps. */
static const Value *element(const Value *doc, const Value *schema)
{
    schema = follow_ref(doc, schema);
    for (int depth = 0; schema && depth < 16; depth++) {
        const Value *inner = value_get(schema, "items");

        if (!inner)
            inner = value_is(value_get(schema, "additionalProperties"), VALUE_OBJECT)
                        ? value_get(schema, "additionalProperties")
                        : NULL;
        if (!inner)
            return schema;
        schema = follow_ref(doc, inner);
    }
    return schema;
}

static const char *type_text(Cli *c, const Value *doc, const Value *schema)
{
    const char *ref = value_get_str(schema, "$ref");
    const Value *s;
    const char *type;

    if (!ref)
        ref = value_at_str(schema, "allOf.0.$ref");
    s = follow_ref(doc, schema);
    type = value_get_str(s, "type");
    if (value_get(s, "items"))
        return arena_printf(c->arena, "[]%s", type_text(c, doc, value_get(s, "items")));
    if (value_is(value_get(s, "additionalProperties"), VALUE_OBJECT))
        return arena_printf(c->arena, "map[string]%s",
                            type_text(c, doc, value_get(s, "additionalProperties")));
    if (ref && (!type || strcmp(type, "object") == 0))
        return strrchr(ref, '.') ? strrchr(ref, '.') + 1 : ref;
    return type ? (strcmp(type, "object") == 0 ? "Object" : type) : "Object";
}

static bool is_required(const Value *schema, const char *name)
{
    return value_has_str(value_get(schema, "required"), name);
}

static void print_fields(Cli *c, const Value *doc, const Value *schema, int indent,
                         bool is_recursive)
{
    schema = element(doc, schema);
    value_each_member(value_get(schema, "properties"), m)
    {
        const char *text = value_get_str(m->value, "description");

        printf("%*s%s\t<%s>%s\n", indent, "", m->name, type_text(c, doc, m->value),
               is_required(schema, m->name) ? " -required-" : "");
        if (is_recursive && indent < 40)
            print_fields(c, doc, m->value, indent + 2, true);
        else if (text && *text)
            printf("%*s%s\n\n", indent + 2, "", text);
    }
}

static const Value *schema_of_kind(const Value *doc, const CliResource *r)
{
    value_each_member(value_at(doc, "components.schemas"), m)
    {
        Value *gvk;

        value_each_item(
            value_get(m->value, "x-kubernetes-group-version-kind"), i,
            gvk) if (str_eq(value_get_str(gvk, "kind"), r->kind) &&
                     str_eq(value_get_str(gvk, "version"), r->version) &&
                     str_eq(value_get_str(gvk, "group") ? value_get_str(gvk, "group") : "",
                            r->group)) return m->value;
    }
    return NULL;
}

int cmd_explain(Cli *c)
{
    const CliResource *r;
    const Value *doc, *schema, *field = NULL;
    Slice rest, step;
    const char *text;

    if (c->n_args != 1)
        return cli_usage_error(c, "You must specify the type of resource to explain.");
    if (cli_connect(c) != 0)
        return 1;
    rest = slice_of(c->args[0]);
    slice_cut(&rest, '.', &step);
    r = cli_find_resource(c, arena_strndup(c->arena, step.ptr, step.len));
    if (!r)
        return 1;
    doc = cli_get(c,
                  *r->group ? arena_printf(c->arena, "/openapi/v3/apis/%s/%s", r->group, r->version)
                            : arena_printf(c->arena, "/openapi/v3/api/%s", r->version),
                  NULL);
    if (!doc)
        return 1;
    schema = schema_of_kind(doc, r);
    if (!schema)
        return cli_error("the server publishes no schema of %s", r->kind);
    while (rest.len > 0) {
        slice_cut(&rest, '.', &step);
        field = value_getn(value_get(element(doc, schema), "properties"), step);
        if (!field)
            return cli_error("field \"%.*s\" does not exist", (int)step.len, step.ptr);
        schema = field;
    }
    if (*r->group)
        printf("GROUP:      %s\n", r->group);
    printf("KIND:       %s\nVERSION:    %s\n\n", r->kind, r->version);
    if (field)
        printf("FIELD: %.*s <%s>\n\n", (int)step.len, step.ptr, type_text(c, doc, field));
    text = value_get_str(follow_ref(doc, schema), "description");
    if (field && value_get_str(field, "description"))
        text = value_get_str(field, "description");
    printf("DESCRIPTION:\n    %s\n\n", text && *text ? text : "<empty>");
    if (value_get(element(doc, schema), "properties")) {
        printf("FIELDS:\n");
        print_fields(c, doc, schema, 2, flag_bool(&c->flags, "recursive"));
    }
    return 0;
}
