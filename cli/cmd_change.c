/* hpctl patch, label, annotate, set image: small changes of single objects. */
#include "cli/cli.h"

#include "base/yaml.h"

/* Send a patch; "VERB", or "VERB (no change)" when the object stayed as it was. */
static int patch_target(Cli *c, const Target *t, const char *type, const Value *patch,
                        const char *verb, const char *unchanged)
{
    const char *sub = flag_str(&c->flags, "subresource");
    Value *before = cli_get(c, cli_path(c, t->res, t->ns, t->name, sub), NULL), *answer;

    if (!before)
        return 1;
    answer = cli_send(c, "PATCH", cli_path(c, t->res, t->ns, t->name, sub),
                      cli_write_query(c, "kubectl-patch"), type, patch);
    if (!answer)
        return 1;
    if (!str_eq(value_at_str(answer, "metadata.resourceVersion"),
                value_at_str(before, "metadata.resourceVersion")) ||
        !value_equal(value_get(answer, "spec"), value_get(before, "spec")))
        return print_result(c, t, answer, verb);
    return unchanged ? print_result(c, t, answer, unchanged) : 0;
}

/* -p as JSON or YAML, or the text of --patch-file. */
static int read_patch(Cli *c, Value **ret)
{
    const char *text = flag_str(&c->flags, "patch"), *path = flag_str(&c->flags, "patch-file");
    AUTO_BUF b = BUF_INIT;
    char chunk[65536];
    FILE *f;
    size_t n;
    Err err;

    if (!text && !path)
        return cli_error(
            "must specify --patch or --patch-file containing the contents of the patch");
    if (!text) {
        f = fopen(path, "re");
        if (!f)
            return cli_error("unable to read patch file: open %s: no such file or directory", path);
        while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0 && b.len < (8u << 20))
            buf_add(&b, chunk, n);
        fclose(f);
        text = buf_str(&b);
    }
    if (value_parse_yaml(c->arena, slice_of(text), ret, &err) < 0)
        return cli_error("unable to parse \"%s\": %s", text, err.msg);
    return 0;
}

int cmd_patch(Cli *c)
{
    const char *type = flag_str(&c->flags, "type");
    const char *media = strcmp(type, "json") == 0        ? "application/json-patch+json"
                        : strcmp(type, "merge") == 0     ? "application/merge-patch+json"
                        : strcmp(type, "strategic") == 0 ? "application/strategic-merge-patch+json"
                                                         : NULL;
    Value *patch;
    Target t;

    if (!media)
        return cli_error("--type must be one of [json merge strategic], not \"%s\"", type);
    if (read_patch(c, &patch) != 0 || cli_connect(c) != 0 || cli_one_target(c, 0, NULL, &t) != 0)
        return 1;
    return patch_target(c, &t, media, patch, "patched", "patched (no change)");
}

/* ---- label, annotate ---- */

typedef struct MapChange {
    const char *field, *verb, *undone, *unchanged, *what; /* "metadata.labels", "labeled" ... */
} MapChange;

/* One object: KEY=VALUE sets, KEY- removes; another value is kept unless --overwrite. */
static int change_target(Cli *c, const Target *t, const MapChange *how, const Value *wanted)
{
    Value *live = cli_get(c, cli_path(c, t->res, t->ns, t->name, NULL), NULL), *map;
    Value *patch = value_object(c->arena), *changes = value_need(c->arena, patch, how->field);
    bool only_removes = true;

    if (!live)
        return 1;
    map = value_at(live, how->field);
    if (flag_bool(&c->flags, "list")) {
        value_each_member(map, m) printf("%s=%s\n", m->name, value_to_cstr(m->value));
        return 0;
    }
    value_each_member(wanted, m)
    {
        const char *was = value_to_cstr(value_get(map, m->name)), *now = value_to_cstr(m->value);

        if (!now && !was)
            printf("%s \"%s\" not found.\n", how->what, m->name);
        if (now && was && strcmp(now, was) != 0 && !flag_bool(&c->flags, "overwrite"))
            return strcmp(how->what, "label") == 0
                       ? cli_error("'%s' already has a value (%s), and --overwrite is false",
                                   m->name, was)
                       : cli_error("--overwrite is false but found the following declared "
                                   "annotation(s): '%s' already has a value (%s)",
                                   m->name, was);
        if (now)
            only_removes = false;
        if (now ? !was || strcmp(now, was) != 0 : was != NULL)
            value_set(c->arena, changes, m->name, m->value);
    }
    if (value_len(changes) == 0)
        return print_result(c, t, live, how->unchanged);
    return patch_target(c, t, "application/merge-patch+json", patch,
                        only_removes ? how->undone : how->verb, how->unchanged);
}

/* Every object of a type that -l matches, or all. */
static int change_all(Cli *c, const Target *t, const MapChange *how, const Value *wanted)
{
    const char *selector = flag_str(&c->flags, "selector");
    Value *list, *item;
    int r = 0;

    if (!selector && !flag_bool(&c->flags, "all"))
        return cli_error("resource(s) were provided, but no name was specified");
    list = cli_get(
        c, cli_path(c, t->res, flag_bool(&c->flags, "all-namespaces") ? NULL : t->ns, NULL, NULL),
        selector ? arena_printf(c->arena, "labelSelector=%s", cli_quote(c, selector)) : NULL);
    if (!list)
        return 1;
    value_each_item(value_get(list, "items"), i, item)
    {
        const char *ns = value_at_str(item, "metadata.namespace");
        Target one = {
            .res = t->res, .ns = ns ? ns : "", .name = value_at_str(item, "metadata.name")};

        r |= change_target(c, &one, how, wanted);
    }
    return r;
}

static int change_map(Cli *c, const MapChange *how)
{
    Value *wanted = value_object(c->arena);
    size_t n = c->n_args;
    Target *t;
    int n_targets, r = 0;

    while (c->n_args > 0 &&
           (strchr(c->args[c->n_args - 1], '=') || str_ends(c->args[c->n_args - 1], "-")))
        c->n_args--;
    if (c->n_args == n && !flag_bool(&c->flags, "list"))
        return cli_error("at least one %s update is required", how->what);
    for (size_t i = c->n_args; i < n; i++) {
        const char *eq = strchr(c->args[i], '=');
        const char *key = arena_strndup(c->arena, c->args[i],
                                        eq ? (size_t)(eq - c->args[i]) : strlen(c->args[i]) - 1);

        value_set(c->arena, wanted, key, eq ? value_str(c->arena, eq + 1) : value_null(c->arena));
    }
    if (cli_connect(c) != 0)
        return 1;
    n_targets = cli_targets(c, 0, &t);
    for (int i = 0; i < n_targets; i++)
        r |= t[i].name ? change_target(c, &t[i], how, wanted) : change_all(c, &t[i], how, wanted);
    return n_targets < 0 ? 1 : r;
}

int cmd_label(Cli *c)
{
    static const MapChange how = {"metadata.labels", "labeled", "unlabeled", "not labeled",
                                  "label"};

    return change_map(c, &how);
}

int cmd_annotate(Cli *c)
{
    static const MapChange how = {"metadata.annotations", "annotated", "annotated", "annotated",
                                  "annotation"};

    return change_map(c, &how);
}

/* ---- set image ---- */

static bool has_container(const Value *list, const char *name)
{
    Value *box;

    value_each_item(list, i, box) if (str_eq(value_get_str(box, "name"), name)) return true;
    return false;
}

/* CONTAINER=IMAGE, or *=IMAGE for all of them, into the list of a strategic merge patch. */
static int add_image(Cli *c, const Value *boxes, const char *spec, Value *list)
{
    const char *eq = strchr(spec, '='), *name = arena_strndup(c->arena, spec, (size_t)(eq - spec));
    Value *box;

    if (strcmp(name, "*") != 0 && !has_container(boxes, name))
        return cli_error("unable to find container named \"%s\"", name);
    value_each_item(boxes, i, box)
    {
        Value *one = value_object(c->arena);

        if (strcmp(name, "*") != 0 && !str_eq(value_get_str(box, "name"), name))
            continue;
        value_set_str(c->arena, one, "name", value_get_str(box, "name"));
        value_set_str(c->arena, one, "image", eq + 1);
        value_append(c->arena, list, one);
    }
    return 0;
}

int cmd_set_image(Cli *c)
{
    Value *patch = value_object(c->arena), *list = value_array(c->arena), *live;
    const char *where;
    size_t n = c->n_args;
    Target t;

    while (c->n_args > 0 && strchr(c->args[c->n_args - 1], '='))
        c->n_args--;
    if (c->n_args == n)
        return cli_error("at least one image update is required");
    if (cli_connect(c) != 0 || cli_one_target(c, 0, NULL, &t) != 0)
        return 1;
    live = cli_get(c, cli_path(c, t.res, t.ns, t.name, NULL), NULL);
    if (!live)
        return 1;
    where = strcmp(t.res->kind, "Pod") == 0       ? "spec.containers"
            : strcmp(t.res->kind, "CronJob") == 0 ? "spec.jobTemplate.spec.template.spec.containers"
                                                  : "spec.template.spec.containers";
    for (size_t i = c->n_args; i < n; i++)
        if (add_image(c, value_at(live, where), c->args[i], list) != 0)
            return 1;
    value_set_at(c->arena, patch, where, list);
    return patch_target(c, &t, "application/strategic-merge-patch+json", patch, "image updated",
                        NULL);
}
