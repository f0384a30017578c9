/* hpctl top: what nodes, pods and containers use, by metrics.k8s.io. Columns are kubectl's. */
#include "cli/cli.h"

#include "base/quantity.h"

#define METRICS "/apis/metrics.k8s.io/v1beta1"

enum { MI = 1024 * 1024, MAX_COLUMNS = 6 };

typedef struct Use {
    const char *ns, *name, *part; /* part: a container; NULL */
    int64_t milli, bytes;
} Use;

typedef struct Uses {
    Use *items;
    uint32_t n, cap;
} Uses;

static void add(Cli *c, Uses *all, Use use)
{
    if (all->n == all->cap) {
        Use *more = arena_array(c->arena, Use, all->cap * 2 + 16);

        if (all->n > 0)
            memcpy(more, all->items, all->n * sizeof(*more));
        all->items = more;
        all->cap = all->cap * 2 + 16;
    }
    all->items[all->n++] = use;
}

/* 0 where it says nothing. */
static Quantity amount(const Value *list, const char *resource)
{
    const char *text = value_get_str(list, resource);
    Quantity q = {0};
    Err err;

    if (text && quantity_parse(slice_of(text), &q, &err) < 0)
        q = (Quantity){0};
    return q;
}

static void add_usage(Use *use, const Value *usage)
{
    Quantity cpu = amount(usage, "cpu"), memory = amount(usage, "memory");

    use->milli += quantity_milli(&cpu);
    use->bytes += quantity_value(&memory);
}

static int by_name(const void *x, const void *y)
{
    const Use *a = x, *b = y;
    int d = strcmp(a->ns, b->ns);

    return d ? d : strcmp(a->name, b->name);
}

static int by_cpu(const void *x, const void *y)
{
    const Use *a = x, *b = y;

    return a->milli == b->milli ? by_name(x, y) : a->milli < b->milli ? 1 : -1;
}

static int by_memory(const void *x, const void *y)
{
    const Use *a = x, *b = y;

    return a->bytes == b->bytes ? by_name(x, y) : a->bytes < b->bytes ? 1 : -1;
}

/* By --sort-by; 1 after printing that it is wrong. */
static int sort(Cli *c, Uses *all)
{
    const char *by = flag_str(&c->flags, "sort-by");

    if (by && by[0] && strcmp(by, "cpu") != 0 && strcmp(by, "memory") != 0)
        return cli_error("error: --sort-by accepts only cpu or memory");
    if (all->n > 1)
        qsort(all->items, all->n, sizeof(*all->items),
              !by || !by[0]  ? by_name
              : by[0] == 'c' ? by_cpu
                             : by_memory);
    return 0;
}

/* What was asked for as a list: one object by its name, or all. NULL after printing. */
static const Value *read_metrics(Cli *c, const char *collection)
{
    const char *selector = flag_str(&c->flags, "selector");
    Value *list, *items;

    if (c->n_args > 1 || (c->n_args == 1 && selector && selector[0])) {
        cli_usage_error(c, "only one NAME or a selector (-l) can be provided");
        return NULL;
    }
    if (c->n_args == 0)
        return value_get(
            cli_get(c, collection,
                    selector && selector[0]
                        ? arena_printf(c->arena, "labelSelector=%s", cli_quote(c, selector))
                        : NULL),
            "items");
    list = cli_get(c, arena_printf(c->arena, "%s/%s", collection, cli_quote(c, c->args[0])), NULL);
    if (!list)
        return NULL;
    items = value_array(c->arena);
    value_append(c->arena, items, list);
    return items;
}

/* ---- printing ---- */

typedef struct Sheet {
    Cli *c;
    const char **cells;
    uint32_t n;
} Sheet;

static Sheet sheet_new(Cli *c, uint32_t n_rows)
{
    return (Sheet){c, arena_array(c->arena, const char *, (n_rows + 1) * MAX_COLUMNS + 1), 0};
}

static void cell(Sheet *s, const char *text)
{
    s->cells[s->n++] = text;
}

static void cells_of_use(Sheet *s, const Use *use)
{
    cell(s, arena_printf(s->c->arena, "%lldm", (long long)use->milli));
    cell(s, arena_printf(s->c->arena, "%lldMi", (long long)(use->bytes / MI)));
}

/* ---- nodes ---- */

static const char *percent(Cli *c, int64_t used, int64_t whole)
{
    return whole > 0 ? arena_printf(c->arena, "%lld%%", (long long)(used * 100 / whole))
                     : "<unknown>";
}

static const Value *node_resources(const Value *nodes, const char *name, const char *which)
{
    const Value *node;

    value_each_item(nodes, i, node)
    {
        if (str_eq(value_at_str(node, "metadata.name"), name))
            return value_at(node, which);
    }
    return NULL;
}

int cmd_top_node(Cli *c)
{
    const char *which =
        flag_bool(&c->flags, "show-capacity") ? "status.capacity" : "status.allocatable";
    const Value *metrics, *nodes, *v;
    Uses all = {0};
    Sheet s;

    if (cli_connect(c) != 0 || !(metrics = read_metrics(c, METRICS "/nodes")) ||
        !(nodes = value_get(cli_get(c, "/api/v1/nodes", NULL), "items")))
        return 1;
    value_each_item(metrics, i, v)
    {
        Use use = {"", value_at_str(v, "metadata.name"), NULL, 0, 0};

        add_usage(&use, value_get(v, "usage"));
        add(c, &all, use);
    }
    if (all.n == 0)
        return cli_error("error: metrics not available yet");
    if (sort(c, &all) != 0)
        return 1;
    s = sheet_new(c, all.n);
    if (!flag_bool(&c->flags, "no-headers")) {
        cell(&s, "NAME");
        cell(&s, "CPU(cores)");
        cell(&s, "CPU(%)");
        cell(&s, "MEMORY(bytes)");
        cell(&s, "MEMORY(%)");
    }
    for (uint32_t i = 0; i < all.n; i++) {
        const Use *use = &all.items[i];
        const Value *whole = node_resources(nodes, use->name, which);
        Quantity cpu = amount(whole, "cpu"), memory = amount(whole, "memory");

        cell(&s, use->name);
        cell(&s, arena_printf(c->arena, "%lldm", (long long)use->milli));
        cell(&s, percent(c, use->milli, quantity_milli(&cpu)));
        cell(&s, arena_printf(c->arena, "%lldMi", (long long)(use->bytes / MI)));
        cell(&s, percent(c, use->bytes, quantity_value(&memory)));
    }
    print_rows(s.cells, 5);
    return 0;
}

/* ---- pods ---- */

static void add_pod(Cli *c, Uses *all, const Value *pod, bool by_container)
{
    Use whole = {value_at_str(pod, "metadata.namespace"), value_at_str(pod, "metadata.name"), NULL,
                 0, 0};
    const Value *container;

    value_each_item(value_get(pod, "containers"), i, container)
    {
        Use part = whole;

        add_usage(by_container ? &part : &whole, value_get(container, "usage"));
        part.part = value_get_str(container, "name");
        if (by_container)
            add(c, all, part);
    }
    if (!by_container)
        add(c, all, whole);
}

int cmd_top_pod(Cli *c)
{
    bool by_container = flag_bool(&c->flags, "containers"),
         everywhere = flag_bool(&c->flags, "all-namespaces");
    const Value *metrics, *v;
    Uses all = {0};
    size_t n = 3 + (size_t)by_container + (size_t)everywhere;
    Sheet s;

    if (everywhere && c->n_args > 0)
        return cli_usage_error(c, "a pod's name says nothing without its namespace");
    if (cli_connect(c) != 0)
        return 1;
    metrics = read_metrics(
        c, everywhere ? METRICS "/pods"
                      : arena_printf(c->arena, METRICS "/namespaces/%s/pods", cli_quote(c, c->ns)));
    if (!metrics)
        return 1;
    value_each_item(metrics, i, v) add_pod(c, &all, v, by_container);
    if (all.n == 0) {
        if (everywhere)
            fprintf(stderr, "No resources found\n");
        else
            fprintf(stderr, "No resources found in %s namespace.\n", c->ns);
        return 0;
    }
    if (sort(c, &all) != 0)
        return 1;
    s = sheet_new(c, all.n);
    if (!flag_bool(&c->flags, "no-headers")) {
        if (everywhere)
            cell(&s, "NAMESPACE");
        cell(&s, by_container ? "POD" : "NAME");
        if (by_container)
            cell(&s, "NAME");
        cell(&s, "CPU(cores)");
        cell(&s, "MEMORY(bytes)");
    }
    for (uint32_t i = 0; i < all.n; i++) {
        const Use *use = &all.items[i];

        if (everywhere)
            cell(&s, use->ns);
        cell(&s, use->name);
        if (by_container)
            cell(&s, use->part);
        cells_of_use(&s, use);
    }
    print_rows(s.cells, n);
    return 0;
}
