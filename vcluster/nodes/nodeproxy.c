/*
 * nodeproxy.c - nodes/NAME/proxy: what a kubelet would answer, as far as it is the tenant's own.
 *
 * A kubelet tells of all pods on its node, and lets whoever may use this subresource do as it
 * pleases with them. Here the node is shared: there are the tenant's own pods, their logs and what
 * they use, and everything else is refused as a kubelet refuses.
 */
#include "vcluster/nodestats.h"
#include "vcluster/nodeview.h"

typedef struct OnNode {
    const char *node;
    Arena *arena;
} OnNode;

static bool is_on_node(const Obj *o, void *data)
{
    const OnNode *on = data;
    const char *node;

    return obj_scan_str(o, "spec.nodeName", on->arena, &node) && strcmp(node, on->node) == 0;
}

typedef enum PodsAnswer { AS_LIST, AS_SUMMARY, AS_EXPOSITION } PodsAnswer;

static int own_pods(Request *req, const char *node, PodsAnswer as)
{
    const Resource *r = resource_find(SLICE(""), SLICE("v1"), SLICE("pods"));
    OnNode on = {node, req->arena};
    const SelectorTerm term = {.path = "spec.nodeName", .values = &node, .n_values = 1};
    CacheScan scan = {.match = is_on_node, .data = &on, .term = &term};
    AUTO_OBJVEC v = {0};
    int64_t revision;
    bool more;
    int s = read_list(req, req->cluster, r->storage, &scan, &v, &revision, &more);

    if (s)
        return s;
    if (as == AS_EXPOSITION)
        return nodestats_exposition(req, node, &v);
    return as == AS_SUMMARY ? nodestats_summary(req, node, &v)
                            : reply_list(req, r, &v, revision, "", -1);
}

static int refuse(Request *req)
{
    const char *text =
        arena_printf(req->arena, "Forbidden (user=%s, verb=%s, resource=nodes, subresource=proxy)",
                     req->user.name, str_eq(req->method, "GET") ? "get" : "create");

    return reply_text(req, 403, "text/plain; charset=utf-8", slice_of(text));
}

/* containerLogs/NAMESPACE/POD/CONTAINER of a pod of the tenant on that node. */
static int own_logs(Request *req, const char *node, const char *rest)
{
    Slice path = slice_of(rest), ns, pod;
    OnNode on = {node, req->arena};
    Stored was;
    int s;

    if (!slice_cut(&path, '/', &ns) || !slice_cut(&path, '/', &pod) || path.len == 0 ||
        memchr(path.ptr, '/', path.len))
        return refuse(req);
    s = read_get(req, req->cluster, "pods", arena_strndup(req->arena, ns.ptr, ns.len),
                 arena_strndup(req->arena, pod.ptr, pod.len), &was);
    if (s)
        return s;
    if (!was.obj || !is_on_node(was.obj, &on))
        return reply_text(req, 404, "text/plain; charset=utf-8",
                          slice_of(arena_printf(req->arena, "pod \"%s\" does not exist",
                                                arena_strndup(req->arena, pod.ptr, pod.len))));
    return reply_node(req, node,
                      arena_printf(req->arena, "/containerLogs/%s%s%s", rest,
                                   req->query && req->query[0] ? "?" : "",
                                   req->query ? req->query : ""));
}

/* "NAME", "NAME:PORT", "SCHEME:NAME:PORT" */
static const char *node_name(Request *req, const char *text)
{
    const char *first = strchr(text, ':'), *last = strrchr(text, ':');

    if (!first)
        return text;
    if (first == last)
        return arena_strndup(req->arena, text, (size_t)(first - text));
    return arena_strndup(req->arena, first + 1, (size_t)(last - first - 1));
}

int sub_node_proxy(Request *req, const Resource *r)
{
    const char *rest = req->state->route.rest, *name = node_name(req, req->state->route.name);
    Stored was;
    int s = admit_connect(req, r, "proxy");

    if (!s)
        s = read_get(req, req->cluster, "nodes", "", name, &was);
    if (s)
        return s;
    if (!was.obj)
        return fail_not_found(req, r, name);
    if (!str_eq(req->method, "GET"))
        return refuse(req);
    if (str_eq(rest, "pods") || str_eq(rest, "pods/"))
        return own_pods(req, name, AS_LIST);
    if (str_eq(rest, "stats/summary"))
        return own_pods(req, name, AS_SUMMARY);
    if (str_eq(rest, "metrics/resource"))
        return own_pods(req, name, AS_EXPOSITION);
    if (str_eq(rest, "healthz"))
        return reply_text(req, 200, "text/plain; charset=utf-8", SLICE("ok"));
    if (str_starts(rest, "containerLogs/"))
        return own_logs(req, name, rest + strlen("containerLogs/"));
    return refuse(req);
}
