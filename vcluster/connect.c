/*
 * connect.c - what is asked of a pod or service that one connects to (exec, attach, portforward,
 * proxy), as the object that admission policies judge: options of the query as a kind of their own.
 */
#include "vcluster/admission.h"

typedef enum OptionKind { OPTION_BOOL, OPTION_STRING, OPTION_STRINGS, OPTION_INTS } OptionKind;

typedef struct ConnectOption {
    const char *name;
    OptionKind kind;
    bool is_on; /* by default, and whatever the query says: Go's zero value is defaulted */
} ConnectOption;

static const ConnectOption exec_options[] = {
    {"stdin", OPTION_BOOL, false},       {"stdout", OPTION_BOOL, true},
    {"stderr", OPTION_BOOL, true},       {"tty", OPTION_BOOL, false},
    {"container", OPTION_STRING, false}, {"command", OPTION_STRINGS, false},
};
static const ConnectOption forward_options[] = {{"ports", OPTION_INTS, false}};

typedef struct ConnectKind {
    const char *storage, *what, *kind;
    const ConnectOption *options;
    size_t n;
} ConnectKind;

static const ConnectKind kinds[] = {
    {"pods", "exec", "PodExecOptions", exec_options, 6},
    {"pods", "attach", "PodAttachOptions", exec_options, 5},
    {"pods", "portforward", "PodPortForwardOptions", forward_options, 1},
    {"pods", "proxy", "PodProxyOptions", NULL, 0},
    {"services", "proxy", "ServiceProxyOptions", NULL, 0},
    {"nodes", "proxy", "NodeProxyOptions", NULL, 0},
};

static void put_option(Arena *a, const Query *q, const ConnectOption *o, Value *v)
{
    const char *text = query_get(q, o->name);
    Value *list = value_array(a);
    int64_t n;

    switch (o->kind) {
    case OPTION_BOOL:
        if (o->is_on || query_bool(q, o->name))
            value_set_bool(a, v, o->name, true);
        return;
    case OPTION_STRING:
        if (text && text[0])
            value_set_str(a, v, o->name, text);
        return;
    case OPTION_STRINGS:
    case OPTION_INTS:
        break;
    }
    for (uint32_t i = 0; i < q->n; i++) {
        if (!str_eq(q->items[i].key, o->name))
            continue;
        if (o->kind == OPTION_STRINGS)
            value_append(a, list, value_str(a, q->items[i].value));
        else if (slice_to_int64(slice_of(q->items[i].value), &n))
            value_append(a, list, value_int(a, n));
    }
    if (list->n > 0)
        value_set(a, v, o->name, list);
}

static Value *options_of(Request *req, const ConnectKind *k)
{
    const Route *t = &req->state->route;
    Arena *a = req->arena;
    Value *v = value_object(a);
    size_t n = strlen(t->path);

    value_set_str(a, v, "kind", k->kind);
    value_set_str(a, v, "apiVersion", "v1");
    for (size_t i = 0; i < k->n; i++)
        put_option(a, &req->state->query, &k->options[i], v);
    if (str_eq(k->what, "proxy")) {
        bool slash = n > 0 && t->path[n - 1] == '/';
        const char *path =
            t->rest[0] == '/' || !t->rest[0] ? t->rest : arena_printf(a, "/%s", t->rest);
        size_t m = strlen(path);

        if (slash && (m == 0 || path[m - 1] != '/'))
            path = arena_printf(a, "%s/", path);
        if (path[0])
            value_set_str(a, v, "path", path);
    }
    return v;
}

int admit_connect(Request *req, const Resource *r, const char *what)
{
    const Route *t = &req->state->route;
    Op op = {.r = r,
             .sub = resource_subresource(r, slice_of(what)),
             .verb = "CONNECT",
             .ns = r->is_namespaced ? t->ns : "",
             .name = t->name};
    int s;

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (str_eq(r->storage, kinds[i].storage) && str_eq(what, kinds[i].what))
            op.obj = options_of(req, &kinds[i]);
    if (!op.obj)
        return STEP_OK;
    s = admit_mutate(req, &op);
    return s ? s : admit_validate(req, &op);
}
