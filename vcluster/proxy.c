/*
 * proxy.c - pods/NAME/proxy and services/NAME/proxy: which pod and port a request is passed on to.
 *
 * The rules are those of ResourceLocation in upstream's pod and service registries, and of
 * UpgradeAwareHandler. Here an address is always that of a pod of the cluster, named by the node's
 * own knowledge of it: what a status or an Endpoints object claims chooses the pod and no more.
 */
#include "base/random.h"
#include "vcluster/vcluster_int.h"

#include <arpa/inet.h>

/* [scheme:]name[:port], as in the name of a proxied pod or service. */
typedef struct ProxyName {
    const char *scheme, *name, *port; /* "" for none */
} ProxyName;

/* False when it has another form. */
static bool split_name(Arena *a, const char *given, ProxyName *ret)
{
    Slice rest = slice_of(given), part;
    const char *parts[3] = {"", "", ""};
    uint32_t n = 0;
    bool more = true;

    while (more) {
        more = slice_cut(&rest, ':', &part);
        if (n == ARRAY_LEN(parts))
            return false;
        parts[n++] = arena_strndup(a, part.ptr, part.len);
    }
    *ret = n == 3 ? (ProxyName){parts[0], parts[1], parts[2]}
                  : (ProxyName){"", parts[0], n == 2 ? parts[1] : ""};
    return ret->name[0] &&
           (!ret->scheme[0] || str_eq(ret->scheme, "http") || str_eq(ret->scheme, "https"));
}

/* An address that can be a pod's: neither loopback nor link-local nor of a group. */
static bool is_global_unicast(const char *ip)
{
    struct in_addr v4;
    struct in6_addr v6;
    uint32_t n;

    if (!ip)
        return false;
    if (inet_pton(AF_INET6, ip, &v6) == 1)
        return !IN6_IS_ADDR_UNSPECIFIED(&v6) && !IN6_IS_ADDR_LOOPBACK(&v6) &&
               !IN6_IS_ADDR_LINKLOCAL(&v6) && !IN6_IS_ADDR_MULTICAST(&v6);
    if (inet_pton(AF_INET, ip, &v4) != 1)
        return false;
    n = ntohl(v4.s_addr);
    return n != 0 && n != UINT32_MAX && n >> 24 != 127 && n >> 28 != 14 && n >> 16 != 0xa9fe;
}

static const char *pod_ip(const Value *pod)
{
    const char *ip = value_get_str(value_item(value_at(pod, "status.podIPs"), 0), "ip");

    return ip ? ip : value_at_str(pod, "status.podIP");
}

/* ---- what is asked for ---- */

/* Without ".", ".." and empty parts, as path.Join; a slash at the end stays. */
static char *clean_path(Arena *a, const char *path)
{
    size_t n = strlen(path);
    char *out = arena_alloc(a, n + 2), *end = out;
    Slice rest = {path, n}, part;

    while (rest.len > 0) {
        slice_cut(&rest, '/', &part);
        if (slice_is(part, "..")) {
            while (end > out && *--end != '/')
                ;
        } else if (part.len > 0 && !slice_is(part, ".")) {
            *end++ = '/';
            memcpy(end, part.ptr, part.len);
            end += part.len;
        }
    }
    if (end == out || path[n - 1] == '/')
        *end++ = '/';
    *end = '\0';
    return out;
}

/* What follows ".../proxy" in the path, decoded: "", "/", "/some/path". */
static const char *path_below(Request *req, bool is_namespaced)
{
    const char *p = req->path;

    for (int n = is_namespaced ? 7 : 5; *p; p++)
        if (*p == '/' && n-- == 0)
            break;
    return percent_decode(req->arena, p, strlen(p), false);
}

static int redirect_to_slash(Request *req)
{
    req->reply.kind = REPLY_BODY;
    req->reply.status = 301;
    req->reply.body = SLICE("");
    reply_header(
        req, "Location",
        arena_printf(req->arena, "%s/%s%s", req->path, req->query[0] ? "?" : "", req->query));
    return STEP_DONE;
}

static int pass_on(Request *req, const char *resource, const Value *pod, const char *port,
                   bool is_tls)
{
    const Route *t = &req->state->route;
    const char *below = path_below(req, true), *uid = value_at_str(pod, "metadata.uid");
    const char *node = value_at_str(pod, "spec.nodeName");
    const char *ns = value_at_str(pod, "metadata.namespace");
    const char *name = value_at_str(pod, "metadata.name");
    Arena *a = req->arena;
    ProxyTo *to = arena_array(a, ProxyTo, 1);

    if (!node || !node[0])
        return fail_unavailable(req, "error trying to reach service: the pod has no node");
    if (!below[0] && !req->upgrade && (str_eq(req->method, "GET") || str_eq(req->method, "HEAD")))
        return redirect_to_slash(req);
    /* as Go escapes the path of a URL */
    to->path = arena_printf(a, "%s%s%s", percent_encode(a, clean_path(a, below), "-_.~$&+,/:;=@"),
                            req->query[0] ? "?" : "", req->query);
    to->prepend = arena_printf(a, "/api/v1/namespaces/%s/%s/%s/proxy", t->ns, resource, t->name);
    to->host = arena_printf(a, "%s:%s", pod_ip(pod), port);
    req->reply.proxy = to;
    return reply_node(req, node,
                      arena_printf(a, "/dial/%s/%s/%s?port=%s%s", ns, name, uid ? uid : "", port,
                                   is_tls ? "&tls=true" : ""));
}

/* ---- pods ---- */

static const char *first_port(Arena *a, const Value *pod)
{
    const Value *c;

    value_each_item(value_at(pod, "spec.containers"), i, c)
    {
        const Value *p = value_item(value_get(c, "ports"), 0);

        if (p)
            return arena_printf(a, "%lld", (long long)value_at_int(p, "containerPort", 0));
    }
    return NULL;
}

static bool is_port(const char *text)
{
    int64_t n;

    return slice_to_int64(slice_of(text), &n) && n > 0 && n < 65536;
}

static int proxy_pod(Request *req, const Resource *r, const ProxyName *n)
{
    Arena *a = req->arena;
    const char *port = n->port;
    Stored pod;
    const Value *v;
    int s = read_get(req, req->cluster, "pods", req->state->route.ns, n->name, &pod);

    if (s)
        return s;
    if (!pod.obj)
        return fail_not_found(req, r, n->name);
    v = object_tree(a, r, pod.obj);
    if (!port[0])
        port = first_port(a, v);
    if (!is_global_unicast(pod_ip(v)))
        return fail(req, ERR_BAD_REQUEST, "address not allowed");
    if (!port)
        port = str_eq(n->scheme, "https") ? "443" : "80";
    if (!is_port(port))
        return fail_unavailable(
            req, arena_printf(a,
                              "error trying to reach service: dial tcp: lookup tcp/%s: unknown "
                              "port",
                              port));
    return pass_on(req, "pods", v, port, str_eq(n->scheme, "https"));
}

/* ---- services ---- */

/* A port by its number becomes the service's name for it. False: there is none such. */
static bool name_port(const Value *service, const char **port)
{
    const Value *p;
    int64_t n;

    if (!slice_to_int64(slice_of(*port), &n))
        return true;
    value_each_item(value_at(service, "spec.ports"), i, p)
    {
        const char *name = value_get_str(p, "name");

        if (value_at_int(p, "port", 0) != n)
            continue;
        *port = name ? name : "";
        return true;
    }
    return false;
}

/* The pod that an address of an Endpoints object is, when it still has that address. */
static int pod_of_address(Request *req, const char *ns, const Value *address, const Value **ret)
{
    const Value *ref = value_get(address, "targetRef"), *ip, *pod;
    Stored stored;
    int s;

    *ret = NULL;
    if (!str_eq(value_get_str(ref, "kind"), "Pod") || !str_eq(value_get_str(ref, "namespace"), ns))
        return STEP_OK;
    s = read_get(req, req->cluster, "pods", ns, value_get_str(ref, "name"), &stored);
    if (s || !stored.obj)
        return s;
    pod = object_tree(req->arena, resource_find_storage("pods"), stored.obj);
    value_each_item(value_at(pod, "status.podIPs"), i, ip)
    {
        if (str_eq(value_get_str(ip, "ip"), value_get_str(address, "ip")))
            *ret = pod;
    }
    return STEP_OK;
}

static const Value *port_named(const Value *subset, const char *name)
{
    const Value *p;

    value_each_item(value_get(subset, "ports"), i, p)
    {
        const char *have = value_get_str(p, "name");

        if (str_eq(have ? have : "", name))
            return p;
    }
    return NULL;
}

/* Any address of any subset that has the port; *ret_pod is NULL when there is none. */
static int choose_endpoint(Request *req, const char *ns, const Value *endpoints, const char *port,
                           const Value **ret_pod, const Value **ret_port)
{
    const Value *subsets = value_get(endpoints, "subsets");
    size_t n = value_len(subsets), seed = n > 0 ? random_u64() % n : 0;

    *ret_pod = NULL;
    for (size_t i = 0; i < n; i++) {
        const Value *subset = value_item(subsets, (seed + i) % n);
        const Value *addresses = value_get(subset, "addresses");
        size_t n_addr = value_len(addresses), first = n_addr > 0 ? random_u64() % n_addr : 0;

        *ret_port = port_named(subset, port);
        for (size_t k = 0; *ret_port && k < n_addr; k++) {
            int s = pod_of_address(req, ns, value_item(addresses, (first + k) % n_addr), ret_pod);

            if (s || *ret_pod)
                return s;
        }
    }
    return STEP_OK;
}

static int service_pod(Request *req, const char *ns, const char *name, int64_t port,
                       const Value **ret_pod, int64_t *ret_target, const char **ret_why)
{
    Arena *a = req->arena;
    const char *text = arena_printf(a, "%lld", (long long)port), *port_name = text;
    const Value *at = NULL;
    Stored service, endpoints;
    int s = read_get(req, req->cluster, "services", ns, name, &service);

    *ret_pod = NULL;
    if (!s)
        s = read_get(req, req->cluster, "endpoints", ns, name, &endpoints);
    if (s)
        return s;
    if (!service.obj) {
        *ret_why = arena_printf(a, "service \"%s\" not found", name);
        return STEP_OK;
    }
    if (!name_port(object_tree(a, resource_find_storage("services"), service.obj), &port_name)) {
        *ret_why = arena_printf(a, "no service port %s found for service \"%s\"", text, name);
        return STEP_OK;
    }
    if (endpoints.obj)
        s = choose_endpoint(req, ns,
                            object_tree(a, resource_find_storage("endpoints"), endpoints.obj),
                            port_name, ret_pod, &at);
    if (*ret_pod)
        *ret_target = value_at_int(at, "port", 0);
    else
        *ret_why = arena_printf(a, "no endpoints available for service \"%s\"", name);
    return s;
}

int service_target(Request *req, const char *ns, const char *name, int64_t port, ServiceTarget *ret,
                   const char **ret_why)
{
    const Value *pod = NULL;
    int64_t target = 0;
    Arena *a = req->arena;
    const char *node;
    int s = service_pod(req, ns, name, port, &pod, &target, ret_why);

    if (s || *ret_why)
        return s;
    node = value_at_str(pod, "spec.nodeName");
    if (!node || !node[0]) {
        *ret_why = "the pod has no node";
        return STEP_OK;
    }
    ret->url =
        arena_printf(a, "https://%s:%lld", value_at_str(pod, "status.podIP"), (long long)target);
    ret->node = node;
    ret->node_path =
        arena_printf(a, "/dial/%s/%s/%s?port=%lld", ns, value_at_str(pod, "metadata.name"),
                     value_at_str(pod, "metadata.uid"), (long long)target);
    ret->from_node = arena_printf(a, "/%s%s", req->cluster->name, ret->node_path);
    return STEP_OK;
}

static int proxy_service(Request *req, const Resource *r, const ProxyName *n)
{
    Arena *a = req->arena;
    const char *ns = req->state->route.ns, *given = req->state->route.name, *port = n->port;
    const Value *pod, *at, *v;
    Stored service, endpoints;
    int s = read_get(req, req->cluster, "services", ns, n->name, &service);

    if (s)
        return s;
    if (!service.obj)
        return fail_not_found(req, r, n->name);
    if (!name_port(object_tree(a, r, service.obj), &port))
        return fail_unavailable(
            req, arena_printf(a, "no service port %s found for service \"%s\"", port, n->name));
    s = read_get(req, req->cluster, "endpoints", ns, n->name, &endpoints);
    if (s)
        return s;
    if (!endpoints.obj)
        return fail_not_found(req, r, n->name);
    v = object_tree(a, resource_find_storage("endpoints"), endpoints.obj);
    if (value_len(value_get(v, "subsets")) == 0)
        given = n->name;
    s = choose_endpoint(req, ns, v, port, &pod, &at);
    if (s)
        return s;
    if (!pod)
        return fail_unavailable(
            req, arena_printf(a, "no endpoints available for service \"%s\"", given));
    return pass_on(req, "services", pod,
                   arena_printf(a, "%lld", (long long)value_at_int(at, "port", 0)),
                   str_eq(n->scheme, "https"));
}

int sub_proxy(Request *req, const Resource *r)
{
    static const char *const methods[] = {"GET",   "HEAD",   "POST",   "PUT",
                                          "PATCH", "DELETE", "OPTIONS"};
    const char *given = req->state->route.name;
    bool is_pod = str_eq(r->storage, "pods"), is_known = false;
    ProxyName n;
    int s;

    for (size_t i = 0; i < ARRAY_LEN(methods); i++)
        is_known = is_known || str_eq(methods[i], req->method);
    if (!is_known)
        return fail_method(req);
    if (str_eq(r->storage, "nodes"))
        return sub_node_proxy(req, r);
    s = admit_connect(req, r, "proxy");
    if (s)
        return s;
    if (!split_name(req->arena, given, &n))
        return fail(req, ERR_BAD_REQUEST, "invalid %s request \"%s\"", is_pod ? "pod" : "service",
                    given);
    return is_pod ? proxy_pod(req, r, &n) : proxy_service(req, r, &n);
}
