#include "agent/probe_try.h"

#include "agent/net/net.h"
#include "base/clock.h"
#include "base/err.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

int probe_port(const Value *container, const Value *port)
{
    int64_t n;
    const char *name = value_to_cstr(port);
    const Value *p;

    if (value_to_int(port, &n))
        return (int)n;
    value_each_item(value_get(container, "ports"), i, p)
    {
        if (name && str_eq(value_get_str(p, "name"), name))
            return (int)value_at_int(p, "containerPort", 0);
    }
    return name && slice_to_int64(slice_of(name), &n) ? (int)n : 0;
}

/* A pod of the cluster on another node? */
static bool is_peer(Items *items, const char *cluster, const char *ip)
{
    AUTO_ITEM_LIST peers = {0};
    bool found = false;

    items_list(items, cluster, "peers", &peers);
    for (size_t i = 0; i < peers.n && !found; i++)
        found = str_eq(value_at_str(peers.items[i]->v, "status.podIP"), ip) ||
                str_eq(value_at_str(peers.items[i]->v, "status.podIPs.1.ip"), ip);
    return found;
}

bool probe__host_allowed(const ProbeTarget *t, const char *host, char *why, size_t cap)
{
    char cluster[256];

    if (strcmp(host, t->pod_ip) == 0 || t->agent->o.allow_privileged ||
        strcmp(t->cluster, "host") == 0 || !t->agent->net)
        return true;
    if (net_cluster_of(t->agent->net, host, cluster, sizeof(cluster)) &&
        strcmp(cluster, t->cluster) == 0)
        return true;
    if (is_peer(t->agent->items, t->cluster, host))
        return true;
    snprintf(why, cap, "host \"%s\" is no pod of the cluster, which this node does not allow",
             host);
    return false;
}

bool probe_port_ok(const Value *container, const Value *port, char *why, size_t cap)
{
    int n = probe_port(container, port);

    if (n > 0 && n < 65536)
        return true;
    if (n == 0 && value_is(port, VALUE_STRING)) /* pkg/probe, ResolveContainerPort() */
        snprintf(why, cap, "strconv.Atoi: parsing \"%.63s\": invalid syntax", port->str);
    else
        snprintf(why, cap, "invalid port number: %d", n);
    return false;
}

int probe__wait(int fd, short events, int64_t deadline_us)
{
    struct pollfd p = {.fd = fd, .events = events};
    int64_t left_ms;
    int r;

    do {
        left_ms = (deadline_us - clock_mono_us() + 999) / 1000;
        if (left_ms <= 0)
            return 0;
        r = poll(&p, 1, (int)MIN(left_ms, 3600000));
    } while (r < 0 && errno == EINTR);
    return r;
}

int probe__connect(const char *host, int port, int64_t deadline_us, char *why, size_t cap)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    char service[16];
    int fd, failure = 0;
    socklen_t n = sizeof(failure);
    bool is_late = false;

    snprintf(service, sizeof(service), "%d", port);
    if (port <= 0 || port > 65535) {
        snprintf(why, cap, "invalid port number: %d", port);
        return -1;
    }
    if (getaddrinfo(host, service, &hints, &found) != 0 || !found) {
        snprintf(why, cap, "dial tcp: lookup %s: no such host", host);
        return -1;
    }
    fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || (connect(fd, found->ai_addr, found->ai_addrlen) < 0 && errno != EINPROGRESS))
        failure = errno;
    freeaddrinfo(found);
    if (!failure && probe__wait(fd, POLLOUT, deadline_us) <= 0)
        is_late = true;
    else if (!failure)
        (void)getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &n); /* failure stays as it was */
    if (!failure && !is_late)
        return fd;
    if (is_late)
        snprintf(why, cap, "dial tcp %s:%d: i/o timeout", host, port);
    else
        snprintf(why, cap, "dial tcp %s:%d: connect: %s", host, port,
                 failure == ECONNREFUSED   ? "connection refused"
                 : failure == EHOSTUNREACH ? "no route to host"
                                           : strerror(failure));
    if (fd >= 0)
        close(fd);
    return -1;
}

static ProbeOutcome try_exec(const ProbeTarget *t, const Value *exec, char *why, size_t cap)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *request = value_object(a), *answer;
    const Value *command = value_get(exec, "command");
    Err err;

    value_set_str(a, request, "container_id", t->container_id);
    value_set(a, request, "cmd", command ? value_copy(a, command) : value_array(a));
    value_set_int(a, request, "timeout", (t->timeout_ms + 999) / 1000);
    if (cri_call(t->agent->cri, a, CRI_EXEC_SYNC, request, t->timeout_ms + 5000, &answer, &err) <
        0) {
        if (err.code != ERR_TIMEOUT) {
            snprintf(why, cap, "%s", err.msg);
            return PROBE_UNKNOWN;
        }
        snprintf(why, cap, "command timed out: %.400s",
                 value_to_str(a, command ? command : value_array(a)));
        return PROBE_FAILED;
    }
    if (value_at_int(answer, "exit_code", 0) != 0) {
        const char *out = value_get_str(answer, "stdout"), *e = value_get_str(answer, "stderr");

        snprintf(why, cap, "%.400s%.400s", out ? out : "", e ? e : "");
        return PROBE_FAILED;
    }
    return PROBE_PASSED;
}

static ProbeOutcome try_tcp(const ProbeTarget *t, const Value *tcp, char *why, size_t cap)
{
    const char *host = value_get_str(tcp, "host");
    int fd;

    host = host && host[0] ? host : t->pod_ip;
    if (!probe_port_ok(t->container, value_get(tcp, "port"), why, cap))
        return PROBE_UNKNOWN;
    if (!probe__host_allowed(t, host, why, cap))
        return PROBE_FAILED;
    fd = probe__connect(host, probe_port(t->container, value_get(tcp, "port")),
                        clock_mono_us() + t->timeout_ms * 1000, why, cap);
    if (fd >= 0)
        close(fd);
    return fd >= 0 ? PROBE_PASSED : PROBE_FAILED;
}

static ProbeOutcome try_sleep(const ProbeTarget *t, const Value *sleeping, char *why UNUSED,
                              size_t cap UNUSED)
{
    int64_t ms = MIN(MAX(value_at_int(sleeping, "seconds", 0), 0) * 1000, t->timeout_ms);
    struct timespec left = clock_timespec(ms * 1000);

    while (nanosleep(&left, &left) < 0 && errno == EINTR)
        ;
    return PROBE_PASSED;
}

static ProbeOutcome try_http(const ProbeTarget *t, const Value *get, char *why, size_t cap)
{
    if (!probe_port_ok(t->container, value_get(get, "port"), why, cap))
        return PROBE_UNKNOWN;
    return probe__http(t, get, why, cap) ? PROBE_PASSED : PROBE_FAILED;
}

static ProbeOutcome try_grpc(const ProbeTarget *t, const Value *grpc, char *why, size_t cap)
{
    return probe__grpc(t, grpc, why, cap) ? PROBE_PASSED : PROBE_FAILED;
}

ProbeOutcome probe_once(const ProbeTarget *t, const Value *handler, char *why, size_t cap)
{
    static const struct {
        const char *name;
        ProbeOutcome (*fn)(const ProbeTarget *t, const Value *v, char *why, size_t cap);
    } handlers[] = {{"exec", try_exec},
                    {"httpGet", try_http},
                    {"tcpSocket", try_tcp},
                    {"grpc", try_grpc},
                    {"sleep", try_sleep}};

    why[0] = '\0';
    for (size_t i = 0; i < ARRAY_LEN(handlers); i++) {
        const Value *v = value_get(handler, handlers[i].name);

        if (v)
            return handlers[i].fn(t, v, why, cap);
    }
    return PROBE_PASSED;
}
