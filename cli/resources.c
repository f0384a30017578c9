/* Resources as the server's discovery tells them, and the words users have for them. */
#include "cli/cli.h"

#include "base/mem.h"

#include <strings.h>

static const char *const DISCOVERY_ACCEPT =
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

typedef struct ResourceRows {
    CliResource *items;
    size_t n;
    bool has_failed; /* said once is enough */
} ResourceRows;

static ResourceRows rows; /* of the one invocation; memory is the arena's */

static void add_version(Cli *c, const char *group, const Value *version, size_t *cap)
{
    Value *r;

    value_each_item(value_get(version, "resources"), i, r)
    {
        const char *scope = value_get_str(r, "scope");

        if (!value_at_str(r, "responseKind.kind"))
            continue;
        if (rows.n == *cap) {
            CliResource *old = rows.items;

            *cap = *cap ? *cap * 2 : 128;
            rows.items = arena_array(c->arena, CliResource, *cap);
            if (rows.n > 0)
                memcpy(rows.items, old, rows.n * sizeof(*old));
        }
        rows.items[rows.n++] = (CliResource){
            .group = group,
            .version = value_get_str(version, "version"),
            .kind = value_at_str(r, "responseKind.kind"),
            .plural = value_get_str(r, "resource"),
            .singular = value_get_str(r, "singularResource"),
            .short_names = value_get(r, "shortNames"),
            .categories = value_get(r, "categories"),
            .verbs = value_get(r, "verbs"),
            .is_namespaced = scope && strcmp(scope, "Namespaced") == 0,
        };
    }
}

static int add_discovery(Cli *c, const char *path, size_t *cap)
{
    ClientReply reply;
    Value *doc, *group, *version;

    if (cli_call(c, "GET", path, NULL, NULL, DISCOVERY_ACCEPT, SLICE(""), &reply) != 0)
        return 1;
    if (reply.status != 200)
        return cli_server_error(c, &reply);
    doc = cli_reply_value(c, &reply);
    value_each_item(value_get(doc, "items"), i, group)
    {
        const char *name = value_at_str(group, "metadata.name");

        value_each_item(value_get(group, "versions"), k, version)
            add_version(c, name ? name : "", version, cap);
    }
    return 0;
}

size_t cli_resources(Cli *c, const CliResource **ret)
{
    size_t cap = 0;

    if (rows.has_failed)
        return 0;
    if (!rows.n && (add_discovery(c, "/api", &cap) != 0 || add_discovery(c, "/apis", &cap) != 0)) {
        rows.has_failed = true;
        return 0;
    }
    *ret = rows.items;
    return rows.n;
}

/* word: "deployments", "deploy", "Deployment"; rest: "", "apps", "v1.apps" */
static bool matches(const CliResource *r, const char *word, const char *rest)
{
    size_t n = strlen(r->version);

    if (strcasecmp(word, r->plural) != 0 && strcasecmp(word, r->singular ? r->singular : "") != 0 &&
        strcasecmp(word, r->kind) != 0 && !value_has_str(r->short_names, word))
        return false;
    if (!*rest || strcmp(rest, r->group) == 0)
        return true;
    if (strncmp(rest, r->version, n) == 0)
        return (rest[n] == '\0' && !*r->group) ||
               (rest[n] == '.' && strcmp(rest + n + 1, r->group) == 0);
    /* a prefix of the group is enough, as for kubectl: certificates.cert-manager */
    return strncmp(r->group, rest, strlen(rest)) == 0 && r->group[strlen(rest)] == '.';
}

const CliResource *cli_find_resource(Cli *c, const char *word)
{
    const CliResource *all;
    size_t n = cli_resources(c, &all);
    const char *dot = strchr(word, '.');
    const char *head = dot ? arena_strndup(c->arena, word, (size_t)(dot - word)) : word;

    for (size_t i = 0; i < n; i++)
        if (matches(&all[i], head, dot ? dot + 1 : ""))
            return &all[i];
    if (n > 0)
        (void)cli_error("the server doesn't have a resource type \"%s\"", word);
    return NULL;
}

const char *cli_api_version(Cli *c, const CliResource *r)
{
    return *r->group ? arena_printf(c->arena, "%s/%s", r->group, r->version) : r->version;
}

const CliResource *cli_find_kind(Cli *c, const char *api_version, const char *kind)
{
    const CliResource *all;
    size_t n = cli_resources(c, &all);

    for (size_t i = 0; i < n; i++)
        if (strcmp(all[i].kind, kind) == 0 && strcmp(cli_api_version(c, &all[i]), api_version) == 0)
            return &all[i];
    return NULL;
}

const char *cli_quote(Cli *c, const char *s)
{
    AUTO_BUF b = BUF_INIT;

    for (; *s; s++) {
        if ((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || (*s >= '0' && *s <= '9') ||
            strchr("-._~", *s))
            buf_addc(&b, *s);
        else
            buf_addf(&b, "%%%02X", (unsigned char)*s);
    }
    return arena_strdup(c->arena, buf_str(&b));
}

const char *cli_path(Cli *c, const CliResource *r, const char *ns, const char *name,
                     const char *sub)
{
    AUTO_BUF b = BUF_INIT;

    if (*r->group)
        buf_addf(&b, "/apis/%s/%s", r->group, r->version);
    else
        buf_addf(&b, "/api/%s", r->version);
    if (r->is_namespaced && ns && *ns)
        buf_addf(&b, "/namespaces/%s", cli_quote(c, ns));
    buf_addf(&b, "/%s", r->plural);
    if (name)
        buf_addf(&b, "/%s", cli_quote(c, name));
    if (sub)
        buf_addf(&b, "/%s", sub);
    return arena_strdup(c->arena, buf_str(&b));
}

const char *cli_full_name(Cli *c, const CliResource *r, const char *name)
{
    AUTO_BUF b = BUF_INIT;

    for (const char *p = r->singular && *r->singular ? r->singular : r->kind; *p; p++)
        buf_addc(&b, *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p);
    if (*r->group)
        buf_addf(&b, ".%s", r->group);
    buf_addf(&b, "/%s", name);
    return arena_strdup(c->arena, buf_str(&b));
}

/* ---- targets ---- */

typedef struct Targets {
    Target *items;
    size_t n, cap;
} Targets;

static void add_target(Cli *c, Targets *t, Target one)
{
    if (t->n == t->cap) {
        Target *old = t->items;

        t->cap = t->cap ? t->cap * 2 : 8;
        t->items = arena_array(c->arena, Target, t->cap);
        if (t->n > 0)
            memcpy(t->items, old, t->n * sizeof(*old));
    }
    t->items[t->n++] = one;
}

static const char *ns_for(const Cli *c, const CliResource *r)
{
    return r->is_namespaced ? c->ns : "";
}

int cli_object_target(Cli *c, Value *object, Target *ret)
{
    const char *api_version = value_get_str(object, "apiVersion");
    const char *kind = value_get_str(object, "kind");
    const char *name = value_at_str(object, "metadata.name");
    const char *ns = value_at_str(object, "metadata.namespace");
    const CliResource *r;

    if (!api_version || !kind)
        return cli_error(
            "error validating data: apiVersion and kind must be set in every document");
    r = cli_find_kind(c, api_version, kind);
    if (!r)
        return cli_error(
            "resource mapping not found for name: \"%s\" namespace: \"%s\": no matches "
            "for kind \"%s\" in version \"%s\"\nensure CRDs are installed first",
            name ? name : "", ns ? ns : "", kind, api_version);
    if (r->is_namespaced && ns && *ns && c->has_ns && strcmp(ns, c->ns) != 0)
        return cli_error(
            "the namespace from the provided object \"%s\" does not match the namespace "
            "\"%s\". You must pass '--namespace=%s' to perform this operation.",
            ns, c->ns, ns);
    *ret = (Target){r, r->is_namespaced ? (ns && *ns ? ns : c->ns) : "", name, object, NULL};
    if (r->is_namespaced && (!ns || !*ns))
        value_set_str(c->arena, value_need(c->arena, object, "metadata"), "namespace", c->ns);
    return 0;
}

static int targets_of_files(Cli *c, Targets *t)
{
    Value **docs;
    int n = cli_read_files(c, &docs);

    if (n < 0)
        return -1;
    for (int i = 0; i < n; i++) {
        Target one;

        if (cli_object_target(c, docs[i], &one) != 0)
            return -1;
        add_target(c, t, one);
    }
    return 0;
}

/* "all" is a category: every resource that names it. */
static int add_type(Cli *c, Targets *t, const char *word)
{
    const CliResource *all, *r;
    size_t n = cli_resources(c, &all), before = t->n;

    for (size_t i = 0; i < n; i++)
        if (value_has_str(all[i].categories, word) && value_has_str(all[i].verbs, "list"))
            add_target(c, t, (Target){&all[i], ns_for(c, &all[i]), NULL, NULL, NULL});
    if (t->n > before)
        return 0;
    r = cli_find_resource(c, word);
    if (!r)
        return -1;
    add_target(c, t, (Target){r, ns_for(c, r), NULL, NULL, NULL});
    return 0;
}

static int targets_of_names(Cli *c, size_t from, Targets *t)
{
    const CliResource *r;

    if (strchr(c->args[from], '/')) {
        for (size_t i = from; i < c->n_args; i++) {
            const char *slash = strchr(c->args[i], '/');

            if (!slash)
                return -cli_error(
                    "there is no need to specify a resource type as a separate argument "
                    "when passing arguments in resource/name form");
            r = cli_find_resource(
                c, arena_strndup(c->arena, c->args[i], (size_t)(slash - c->args[i])));
            if (!r)
                return -1;
            add_target(c, t, (Target){r, ns_for(c, r), slash + 1, NULL, NULL});
        }
        return 0;
    }
    if (c->n_args > from + 1) {
        r = cli_find_resource(c, c->args[from]);
        for (size_t i = from + 1; r && i < c->n_args; i++)
            add_target(c, t, (Target){r, ns_for(c, r), c->args[i], NULL, NULL});
        return r ? 0 : -1;
    }
    for (Slice rest = slice_of(c->args[from]), word; rest.len > 0;) {
        slice_cut(&rest, ',', &word);
        if (add_type(c, t, arena_strndup(c->arena, word.ptr, word.len)) < 0)
            return -1;
    }
    return 0;
}

int cli_targets(Cli *c, size_t from, Target **ret)
{
    Targets t = {0};

    if (flag_given(&c->flags, "filename")) {
        if (c->n_args > from)
            return -cli_error(
                "when paths, URLs, or stdin is provided as input, you may not specify "
                "resource arguments as well");
        if (targets_of_files(c, &t) < 0)
            return -1;
    } else if (c->n_args <= from) {
        return -cli_usage_error(c, "You must specify the type of resource.");
    } else if (targets_of_names(c, from, &t) < 0) {
        return -1;
    }
    *ret = t.items;
    return (int)t.n;
}

int cli_one_target(Cli *c, size_t from, const char *default_type, Target *ret)
{
    Target *t;
    int n;

    if (c->n_args <= from && !flag_given(&c->flags, "filename"))
        return cli_usage_error(c, "You must specify the object: TYPE/NAME or TYPE NAME.");
    if (c->n_args > from && default_type && !strchr(c->args[from], '/')) {
        const CliResource *r = cli_find_resource(c, default_type);

        if (!r)
            return 1;
        *ret = (Target){r, ns_for(c, r), c->args[from], NULL, NULL};
        return 0;
    }
    n = cli_targets(c, from, &t);
    if (n < 0)
        return 1;
    if (n == 0 || !t[0].name)
        return cli_usage_error(c, "You must specify the name of the object.");
    *ret = t[0];
    return 0;
}

/* ---- the pods behind a workload ---- */

const char *cli_pod_selector(Cli *c, const Target *t)
{
    Value *v = cli_get(c, cli_path(c, t->res, t->ns, t->name, NULL), NULL), *labels;
    AUTO_BUF b = BUF_INIT;

    if (!v)
        return NULL;
    labels = value_at(v, "spec.selector.matchLabels");
    if (!labels)
        labels = value_at(v, "spec.selector");
    if (value_len(labels) == 0) {
        (void)cli_error("%s \"%s\" selects no pods", t->res->singular, t->name);
        return NULL;
    }
    value_each_member(labels, m)
        buf_addf(&b, "%s%s=%s", b.len > 0 ? "," : "", m->name, value_to_cstr(m->value));
    return arena_strdup(c->arena, buf_str(&b));
}

int cli_pod_of(Cli *c, Target *t)
{
    const CliResource *pods = cli_find_resource(c, "pods");
    const char *selector;
    Value *list, *pod;

    if (!pods || strcmp(t->res->kind, "Pod") == 0)
        return !pods;
    selector = cli_pod_selector(c, t);
    if (!selector)
        return 1;
    list = cli_get(c, cli_path(c, pods, t->ns, NULL, NULL),
                   arena_printf(c->arena, "labelSelector=%s", cli_quote(c, selector)));
    if (!list)
        return 1;
    value_each_item(value_get(list, "items"), i, pod)
    {
        if (!str_eq(value_at_str(pod, "status.phase"), "Running") ||
            value_at(pod, "metadata.deletionTimestamp"))
            continue;
        *t = (Target){pods, t->ns, value_at_str(pod, "metadata.name"), NULL, NULL};
        return 0;
    }
    return cli_error("no pod of %s \"%s\" is running", t->res->singular, t->name);
}
