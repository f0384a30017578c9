/* hpctl get: one list, several, single objects, files, and watches. */
#include "cli/cli.h"

#include "api/jsonpath.h"
#include "base/clock.h"

#include <inttypes.h>

static const char *const TABLE_ACCEPT =
    "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

typedef struct Get {
    Cli *c;
    const char *format;
    bool all_ns, is_watch, watch_only;
    bool found_something, is_first;
    TablePrinter printer;
    Value *collected; /* items, for -o yaml of several targets */
} Get;

static const char *list_query(Get *g, const Target *t, const char *extra)
{
    const Flags *f = &g->c->flags;
    AUTO_BUF q = BUF_INIT;

    if (flag_str(f, "selector"))
        buf_addf(&q, "&labelSelector=%s", cli_quote(g->c, flag_str(f, "selector")));
    if (flag_str(f, "field-selector"))
        buf_addf(&q, "&fieldSelector=%s", cli_quote(g->c, flag_str(f, "field-selector")));
    if (t->name && extra && strstr(extra, "watch"))
        buf_addf(&q, "&fieldSelector=%s",
                 cli_quote(g->c, arena_printf(g->c->arena, "metadata.name=%s", t->name)));
    if (print_is_table_format(g->format))
        buf_addf(&q, "&includeObject=%s",
                 flag_str(f, "sort-by") || flag_bool(f, "show-labels") ? "Object" : "Metadata");
    if (extra)
        buf_addf(&q, "&%s", extra);
    return q.len > 0 ? arena_strdup(g->c->arena, buf_str(&q) + 1) : NULL;
}

/* ---- sorting ---- */

typedef struct SortRow {
    Value *row, *key;
    uint32_t at;
} SortRow;

static int compare_rows(const void *a, const void *b)
{
    const SortRow *x = a, *y = b;
    double i, j;

    if (value_to_double(x->key, &i) && value_to_double(y->key, &j))
        return i < j ? -1 : i > j ? 1 : (int)x->at - (int)y->at;
    if (value_is(x->key, VALUE_STRING) && value_is(y->key, VALUE_STRING)) {
        int d = strcmp(x->key->str, y->key->str);

        return d ? d : (int)x->at - (int)y->at;
    }
    return x->key && !y->key ? 1 : !x->key && y->key ? -1 : (int)x->at - (int)y->at;
}

static int sort_items(Get *g, Value *items, bool is_table)
{
    const char *by = flag_str(&g->c->flags, "sort-by");
    uint32_t n = value_len(items);
    SortRow *rows;
    JsonPath *path;
    Err err;

    if (!by || n < 2)
        return 0;
    if (!strchr(by, '{'))
        by = arena_printf(g->c->arena, "{%s%s}", *by == '.' ? "" : ".", by);
    if (jsonpath_parse(g->c->arena, by, &path, &err) < 0)
        return cli_print_err(&err);
    rows = arena_array(g->c->arena, SortRow, n);
    for (uint32_t i = 0; i < n; i++) {
        Value *row = items->items[i], *keys = NULL;

        if (jsonpath_values(path, g->c->arena, is_table ? value_get(row, "object") : row, &keys,
                            &err) < 0)
            return cli_print_err(&err);
        rows[i] = (SortRow){row, value_item(keys, 0), i};
    }
    qsort(rows, n, sizeof(*rows), compare_rows);
    for (uint32_t i = 0; i < n; i++)
        items->items[i] = rows[i].row;
    return 0;
}

/* ---- one target ---- */

static int fetch(Get *g, const Target *t, const char *extra, Value **ret)
{
    const char *path = cli_path(g->c, t->res, g->all_ns ? NULL : t->ns, t->name,
                                flag_str(&g->c->flags, "subresource"));
    ClientReply reply;

    if (cli_call(g->c, "GET", path, list_query(g, t, extra), NULL,
                 print_is_table_format(g->format) ? TABLE_ACCEPT : NULL, SLICE(""), &reply) != 0)
        return 1;
    if (reply.status == 404 && t->name && flag_bool(&g->c->flags, "ignore-not-found")) {
        *ret = NULL;
        return 0;
    }
    if (reply.status == 400 && !t->name &&
        (flag_given(&g->c->flags, "selector") || flag_given(&g->c->flags, "field-selector"))) {
        const char *labels = flag_str(&g->c->flags, "selector"),
                   *fields = flag_str(&g->c->flags, "field-selector");

        g->c->doing = arena_printf(
            g->c->arena,
            "Unable to find \"%s/%s, Resource=%s\" that match label selector \"%s\", field "
            "selector \"%s\": ",
            t->res->group, t->res->version, t->res->plural, labels ? labels : "",
            fields ? fields : "");
    }
    if (reply.status != 200)
        return cli_server_error(g->c, &reply);
    *ret = cli_reply_value(g->c, &reply);
    return *ret ? 0 : cli_error("the server's answer is not JSON");
}

/* All pages of a list as one. */
static int fetch_all(Get *g, const Target *t, Value **ret)
{
    const char *items_name = print_is_table_format(g->format) ? "rows" : "items", *token;
    int64_t limit = flag_int(&g->c->flags, "chunk-size", 500);
    Value *page, *item;
    int r;

    if (limit < 0)
        return cli_error("--chunk-size must not be negative");
    r = fetch(g, t, t->name || !limit ? NULL : arena_printf(g->c->arena, "limit=%" PRId64, limit),
              ret);
    if (r != 0 || !*ret || t->name)
        return r;
    for (page = *ret; (token = value_at_str(page, "metadata.continue")) && *token;) {
        r = fetch(g, t,
                  arena_printf(g->c->arena, "limit=%" PRId64 "&continue=%s", limit,
                               cli_quote(g->c, token)),
                  &page);
        if (r != 0)
            return r;
        value_each_item(value_get(page, items_name), i, item)
            value_append(g->c->arena, value_get(*ret, items_name), item);
    }
    return sort_items(g, value_get(*ret, items_name), print_is_table_format(g->format));
}

static void show_table(Get *g, const Target *t, Value *table, bool many)
{
    TablePrinter *p = &g->printer;

    if (value_len(value_get(table, "rows")) == 0)
        return;
    if (many) {
        const char *full = cli_full_name(g->c, t->res, "");

        if (!g->is_first && !p->no_headers)
            printf("\n");
        p->has_header = false;
        p->n = 0;
        p->kind_prefix = full;
    }
    p->with_namespace = g->all_ns && t->res->is_namespaced;
    print_table(g->c, p, table);
    g->is_first = false;
    g->found_something = true;
}

static int collect(Get *g, Value *v)
{
    Value *item, *items = value_get(v, "items");
    const char *kind = value_get_str(v, "kind"), *api_version = value_get_str(v, "apiVersion");

    if (!items) {
        value_append(g->c->arena, g->collected, v);
        return 0;
    }
    value_each_item(items, i, item)
    {
        /* items of a list come without kind: it is the list's without "List" */
        Value *full = value_object(g->c->arena);

        value_set_str(g->c->arena, full, "apiVersion", api_version);
        if (!value_get(item, "kind") && kind && str_ends(kind, "List"))
            value_set(g->c->arena, full, "kind", value_strn(g->c->arena, kind, strlen(kind) - 4));
        value_each_member(item, m) value_set(g->c->arena, full, m->name, m->value);
        value_append(g->c->arena, g->collected, full);
    }
    return 0;
}

static int show_collected(Get *g, bool is_single)
{
    Arena *a = g->c->arena;
    Value *list;

    if (is_single && value_len(g->collected) == 1)
        return print_object(g->c, value_item(g->collected, 0), g->format);
    if (is_single && value_len(g->collected) == 0)
        return 0;
    list = value_literal(a, "{'apiVersion':'v1','kind':'List','metadata':{'resourceVersion':''}}");
    value_set(a, list, "items", g->collected);
    return print_object(g->c, list, g->format);
}

/* ---- watch ---- */

typedef struct WatchLines {
    Get *g;
    const Target *t;
    int status;
} WatchLines;

static int on_watch_line(Slice line, void *data)
{
    WatchLines *w = data;
    Cli *c = w->g->c;
    Value *event, *object;
    const char *type;

    if (line.len == 0 || value_parse(c->arena, line, &event, NULL) < 0)
        return 0;
    object = value_get(event, "object");
    type = value_get_str(event, "type");
    if (str_eq(type, "BOOKMARK"))
        return 0;
    if (str_eq(type, "ERROR")) {
        w->status = cli_error("%s", value_get_str(object, "message"));
        return 1;
    }
    if (!print_is_table_format(w->g->format)) {
        if (strcmp(w->g->format, "yaml") == 0)
            printf("---\n");
        (void)print_object(c, object, w->g->format); /* it has printed what is wrong */
        fflush(stdout);
        return 0;
    }
    w->g->printer.with_namespace = w->g->all_ns && w->t->res->is_namespaced;
    print_table(c, &w->g->printer, object);
    return 0;
}

static int watch(Get *g, const Target *t, const char *revision)
{
    WatchLines w = {.g = g, .t = t};
    HttpSink sink = {.on_line = on_watch_line, .data = &w};
    ClientRequest req = {
        .method = "GET",
        .path = cli_path(g->c, t->res, g->all_ns ? NULL : t->ns, NULL, NULL),
        .query = list_query(
            g, t,
            arena_printf(g->c->arena, "watch=true&resourceVersion=%s", revision ? revision : "0")),
        .accept = print_is_table_format(g->format) ? TABLE_ACCEPT : "application/json",
    };
    Err err;

    if (http_stream(g->c->client, &req, &sink, &err) < 0)
        return cli_print_err(&err);
    return w.status;
}

/* ---- the command ---- */

static int get_raw(Cli *c, const char *path)
{
    ClientReply reply;
    const char *q = strchr(path, '?');

    if (cli_call(c, "GET", q ? arena_strndup(c->arena, path, (size_t)(q - path)) : path,
                 q ? q + 1 : NULL, NULL, NULL, SLICE(""), &reply) != 0)
        return 1;
    if (reply.status >= 300)
        return cli_server_error(c, &reply);
    fwrite(reply.body.ptr, 1, reply.body.len, stdout);
    return 0;
}

static int get_one(Get *g, const Target *t, bool many)
{
    Value *v = NULL;
    int r;

    if (g->watch_only)
        return watch(g, t, NULL);
    r = fetch_all(g, t, &v);
    if (r != 0)
        return r;
    if (!v)
        return 0;
    if (print_is_table_format(g->format))
        show_table(g, t, v, many);
    else if (!g->is_watch)
        return collect(g, v);
    else
        r = print_object(g->c, v, g->format);
    if (r == 0 && g->is_watch) {
        fflush(stdout);
        r = watch(g, t, value_at_str(v, "metadata.resourceVersion"));
    }
    return r;
}

/* The labels that -L names, in commas or one by one. */
static void set_label_columns(Cli *c, TablePrinter *p)
{
    const char *item, **names;
    uint32_t n = 0;

    for (size_t i = 0; (item = flag_item(&c->flags, "label-columns", i)); i++)
        n += 1 + (uint32_t)strlen(item); /* more than there can be */
    names = arena_array(c->arena, const char *, n + 1);
    n = 0;
    for (size_t i = 0; (item = flag_item(&c->flags, "label-columns", i)); i++) {
        while (*item) {
            size_t len = strcspn(item, ",");

            names[n++] = arena_strndup(c->arena, item, len);
            item += len + (item[len] == ',');
        }
    }
    p->label_columns = names;
    p->n_label_columns = n;
}

int cmd_get(Cli *c)
{
    const Flags *f = &c->flags;
    Get g = {.c = c,
             .format = flag_str(f, "output"),
             .all_ns = flag_bool(f, "all-namespaces"),
             .watch_only = flag_bool(f, "watch-only"),
             .is_first = true,
             .collected = value_array(c->arena)};
    Target *t;
    int n, r = 0;
    bool many;

    if (cli_connect(c) != 0)
        return 1;
    if (flag_str(f, "raw"))
        return get_raw(c, flag_str(f, "raw"));
    n = cli_targets(c, 0, &t);
    if (n < 0)
        return 1;
    many = n > 1 && !(t[0].name && t[0].res == t[n - 1].res);
    g.is_watch = flag_bool(f, "watch") || g.watch_only;
    if (g.is_watch && n != 1)
        return cli_error("you may only specify a single resource type with --watch");
    g.printer = (TablePrinter){.is_wide = g.format && strcmp(g.format, "wide") == 0,
                               .no_headers = flag_bool(f, "no-headers"),
                               .show_labels = flag_bool(f, "show-labels")};
    set_label_columns(c, &g.printer);
    for (int i = 0; i < n; i++)
        r |= get_one(&g, &t[i], many);
    if (!print_is_table_format(g.format) && !g.is_watch && r == 0)
        return show_collected(&g, n >= 1 && t[0].name && n == 1);
    if (r == 0 && !g.found_something && print_is_table_format(g.format) &&
        !flag_bool(f, "ignore-not-found")) {
        if (g.all_ns || (n > 0 && !t[0].res->is_namespaced))
            fprintf(stderr, "No resources found\n");
        else
            fprintf(stderr, "No resources found in %s namespace.\n", c->ns);
    }
    return r;
}
