/*
 * hpctl port-forward: each connection to a local port becomes a process of its own, with a
 * WebSocket of its own that carries SPDY (two streams: errors, data).
 */
#include "cli/cli.h"

#include "cli/spdy.h"
#include "client/ws.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PORTS_MAX = 64, LISTENERS_MAX = 2 * PORTS_MAX, ERRORS = 1, DATA = 3 };

typedef struct Port {
    uint16_t local, remote;
} Port;

typedef struct Listener {
    int fd;
    Port port;
} Listener;

typedef struct Forward {
    Cli *c;
    Target pod;
    Port ports[PORTS_MAX];
    uint32_t n_ports;
    Listener listeners[LISTENERS_MAX];
    uint32_t n_listeners;
} Forward;

/* ---- one connection ---- */

typedef struct Pipe {
    Forward *f;
    WebSocket *ws;
    Port port;
    int fd; /* the local side */
    Buf in; /* received and not parsed */
    bool local_is_open, is_over;
    bool data_is_over, errors_are_over; /* what the other side says on either stream */
} Pipe;

static int send_bytes(Pipe *p, const Buf *b, Err *err)
{
    return ws_send(p->ws, WS_BINARY, buf_slice(b), err);
}

static int open_streams(Pipe *p, Err *err)
{
    const char *port = arena_printf(p->f->c->arena, "%u", p->port.remote);
    const char *errors[] = {"port", port, "requestid", "0", "streamtype", "error"};
    const char *data[] = {"port", port, "requestid", "0", "streamtype", "data"};
    AUTO_BUF b = BUF_INIT;

    spdy_write_open(ERRORS, true, errors, ARRAY_LEN(errors), &b);
    spdy_write_data(ERRORS, true, SLICE(""), &b); /* nothing comes from here */
    spdy_write_open(DATA, false, data, ARRAY_LEN(data), &b);
    return send_bytes(p, &b, err);
}

static bool write_local(Pipe *p, Slice s)
{
    while (s.len > 0) {
        ssize_t n = send(p->fd, s.ptr, s.len, MSG_NOSIGNAL);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        s = (Slice){s.ptr + n, s.len - (size_t)n};
    }
    return true;
}

/* Runtimes may end the data before they tell why: both streams count. */
static void end_stream(Pipe *p, uint32_t stream)
{
    p->errors_are_over = p->errors_are_over || stream == ERRORS;
    p->data_is_over = p->data_is_over || stream == DATA;
    p->is_over = p->is_over || (p->data_is_over && p->errors_are_over);
}

static void lose(Pipe *p)
{
    if (!p->is_over && !p->data_is_over)
        (void)cli_error("lost connection to pod");
    p->is_over = true;
}

static int take_frame(Pipe *p, const SpdyFrame *f, Err *err)
{
    AUTO_BUF b = BUF_INIT;

    switch (f->type) {
    case SPDY_DATA:
        if (f->stream == ERRORS && f->payload.len > 0) {
            (void)cli_error("an error occurred forwarding %u -> %u: %.*s", p->port.local,
                            p->port.remote, (int)MIN(f->payload.len, (size_t)1000), f->payload.ptr);
            p->is_over = true;
        }
        if (f->stream == DATA && !p->data_is_over && !write_local(p, f->payload))
            p->is_over = true;
        if (f->is_last)
            end_stream(p, f->stream);
        return 0;
    case SPDY_RST_STREAM:
        end_stream(p, f->stream);
        return 0;
    case SPDY_GOAWAY:
        lose(p);
        return 0;
    case SPDY_PING:
        if (f->stream % 2 == 1) /* our own would be answered */
            return 0;
        spdy_write_ping(f->stream, &b);
        return send_bytes(p, &b, err);
    default:
        return 0;
    }
}

static int take_frames(Pipe *p, Err *err)
{
    size_t used = 0;
    SpdyFrame f;
    int n, r = 0;

    while (r == 0 && !p->is_over &&
           (n = spdy_parse((Slice){p->in.ptr + used, p->in.len - used}, &f, err)) != 0) {
        if (n < 0)
            return n;
        used += (size_t)n;
        r = take_frame(p, &f, err);
    }
    if (used > 0) {
        memmove(p->in.ptr, p->in.ptr + used, p->in.len - used);
        buf_truncate(&p->in, p->in.len - used);
    }
    return r;
}

/* All messages that are there. */
static int take_messages(Pipe *p, Err *err)
{
    AUTO_BUF m = BUF_INIT;
    int r;

    while (!p->is_over && (r = ws_receive(p->ws, 0, &m, err)) != 0) {
        if (r == -ERR_EXPIRED) {
            lose(p);
            return 0;
        }
        if (r < 0)
            return r;
        buf_add_slice(&p->in, buf_slice(&m));
        r = take_frames(p, err);
        if (r < 0)
            return r;
    }
    return 0;
}

static int pass_local(Pipe *p, Err *err)
{
    char chunk[32768];
    ssize_t n = read(p->fd, chunk, sizeof(chunk));
    AUTO_BUF b = BUF_INIT;

    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return 0;
    p->local_is_open = n > 0;
    spdy_write_data(DATA, n <= 0, (Slice){chunk, n > 0 ? (size_t)n : 0}, &b);
    return send_bytes(p, &b, err);
}

static int pump(Pipe *p)
{
    Err err;
    int r = open_streams(p, &err);

    p->local_is_open = true;
    while (r >= 0) {
        struct pollfd fds[] = {{ws_fd(p->ws), POLLIN, 0},
                               {p->local_is_open ? p->fd : -1, POLLIN, 0}};

        r = take_messages(p, &err);
        if (r < 0 || p->is_over)
            break;
        if (poll(fds, 2, -1) < 0 && errno != EINTR)
            return cli_error("poll: %s", strerror(errno));
        if (fds[1].revents)
            r = pass_local(p, &err);
    }
    return r < 0 ? cli_print_err(&err) : 0;
}

/* In a process of its own, with a connection of its own. */
static int serve(Forward *f, const Listener *l, int fd)
{
    static const char *const protocols[] = {"SPDY/3.1+portforward.k8s.io", NULL};
    Cli *c = f->c;
    ClientRequest req = {.method = "GET",
                         .path = cli_path(c, f->pod.res, f->pod.ns, f->pod.name, "portforward")};
    Pipe p = {.f = f, .port = l->port, .fd = fd};
    Err err;
    int r;

    c->client = NULL; /* the parent's */
    if (cli_connect(c) != 0)
        return 1;
    r = ws_open(c->client, &req, protocols, &p.ws, &err);
    if (r < 0) {
        fprintf(stderr, "Error from server (%s): %s\n", err_reason(err.code), err.msg);
        return 1;
    }
    r = pump(&p);
    ws_close(p.ws);
    buf_done(&p.in);
    return r;
}

static void accept_one(Forward *f, const Listener *l)
{
    int fd = accept4(l->fd, NULL, NULL, SOCK_CLOEXEC);
    pid_t parent = getpid();

    if (fd < 0)
        return;
    fprintf(stderr, "Handling connection for %u\n", l->port.local);
    if (fork() == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() != parent)
            _exit(1); /* it has gone already */
        for (uint32_t i = 0; i < f->n_listeners; i++)
            close(f->listeners[i].fd);
        _exit(serve(f, l, fd));
    }
    close(fd);
}

/* ---- ports ---- */

/* LOCAL:REMOTE, REMOTE for both, :REMOTE for any local one. A name is one of the service's. */
static bool parse_port(const char *text, bool may_be_zero, uint16_t *ret)
{
    int64_t n;

    if (!slice_to_int64(slice_of(text), &n) || n < (may_be_zero ? 0 : 1) || n > 65535)
        return false;
    *ret = (uint16_t)n;
    return true;
}

static const Value *port_of_pod(const Value *pod, const char *name)
{
    const Value *box, *p;

    value_each_item(value_at(pod, "spec.containers"), i, box)
        value_each_item(value_get(box, "ports"), k, p)
    {
        if (str_eq(value_get_str(p, "name"), name))
            return value_get(p, "containerPort");
    }
    return NULL;
}

/* What a port of a service is in its pod. */
static const char *through_service(Cli *c, const Value *service, const Value *pod, const char *text)
{
    const Value *p, *target;

    value_each_item(value_at(service, "spec.ports"), i, p)
    {
        if (!str_eq(value_get_str(p, "name"), text) &&
            !str_eq(value_to_str(c->arena, value_get(p, "port")), text))
            continue;
        target = value_get(p, "targetPort");
        if (str_eq(value_at_str(service, "spec.clusterIP"), "None") || !target)
            target = value_get(p, "port");
        if (value_is(target, VALUE_STRING))
            target = port_of_pod(pod, value_to_cstr(target));
        return target ? value_to_str(c->arena, target) : NULL;
    }
    (void)cli_error("Service %s does not have a service port %s",
                    value_at_str(service, "metadata.name"), text);
    return NULL;
}

static int add_port(Forward *f, const char *text, const Value *service, const Value *pod)
{
    Cli *c = f->c;
    const char *colon = strchr(text, ':'), *remote = colon ? colon + 1 : text;
    const char *local = colon ? arena_strndup(c->arena, text, (size_t)(colon - text)) : NULL;
    const Value *named;
    Port *p = &f->ports[f->n_ports];
    uint16_t number = 0;
    bool is_number = parse_port(remote, false, &number);

    if (f->n_ports == PORTS_MAX)
        return cli_error("at most %d ports can be forwarded", PORTS_MAX);
    *p = (Port){.local = number};
    if (service) {
        remote = through_service(c, service, pod, remote);
        if (!remote)
            return 1;
    } else if (!is_number) {
        named = port_of_pod(pod, remote);
        remote = named ? value_to_str(c->arena, named) : remote;
    }
    if (!parse_port(remote, false, &p->remote))
        return cli_error("error parsing remote port %s", remote);
    if (!local && !is_number)
        p->local = p->remote;
    if (local && !parse_port(local[0] ? local : "0", true, &p->local))
        return cli_error("error parsing local port %s", local);
    f->n_ports++;
    return 0;
}

/* ---- listening ---- */

static int listen_at(const char *address, uint16_t *port)
{
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(*port)};
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(*port)};
    bool is_v6 = inet_pton(AF_INET6, address, &v6.sin6_addr) == 1;
    struct sockaddr *sa = is_v6 ? (struct sockaddr *)&v6 : (struct sockaddr *)&v4;
    socklen_t len = is_v6 ? sizeof(v6) : sizeof(v4);
    int fd, on = 1;

    if (!is_v6 && inet_pton(AF_INET, address, &v4.sin_addr) != 1) {
        errno = EINVAL;
        return -1;
    }
    fd = socket(sa->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (is_v6)
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
    if (bind(fd, sa, len) < 0 || listen(fd, 64) < 0 || getsockname(fd, sa, &len) < 0) {
        int saved = errno;

        close(fd);
        errno = saved;
        return -1;
    }
    *port = ntohs(is_v6 ? v6.sin6_port : v4.sin_port);
    return fd;
}

/* `localhost` is both of its addresses, and one of them is enough. */
static void listen_for(Forward *f, Port port)
{
    static const char *const local[] = {"127.0.0.1", "::1"};
    const char *given = flag_str(&f->c->flags, "address");
    bool is_local = !given || str_eq(given, "localhost");
    uint32_t before = f->n_listeners;
    int why = 0;

    for (size_t i = 0; i < (is_local ? ARRAY_LEN(local) : 1); i++) {
        const char *address = is_local ? local[i] : given;
        bool is_v6 = strchr(address, ':') != NULL;
        int fd = listen_at(address, &port.local);

        if (fd < 0) {
            why = why ? why : errno;
            continue;
        }
        f->listeners[f->n_listeners++] = (Listener){fd, port};
        printf("Forwarding from %s%s%s:%u -> %u\n", is_v6 ? "[" : "", address, is_v6 ? "]" : "",
               port.local, port.remote);
        fflush(stdout);
    }
    if (f->n_listeners == before)
        fprintf(stderr, "Unable to listen on port %u: %s\n", port.local, strerror(why));
}

static int forward(Forward *f)
{
    struct pollfd fds[LISTENERS_MAX];

    signal(SIGCHLD, SIG_IGN); /* nobody waits for them */
    for (uint32_t i = 0; i < f->n_ports; i++)
        listen_for(f, f->ports[i]);
    if (f->n_listeners == 0)
        return cli_error("unable to listen on any of the requested ports");
    for (;;) {
        for (uint32_t i = 0; i < f->n_listeners; i++)
            fds[i] = (struct pollfd){f->listeners[i].fd, POLLIN, 0};
        if (poll(fds, f->n_listeners, -1) < 0 && errno != EINTR)
            return cli_error("poll: %s", strerror(errno));
        for (uint32_t i = 0; i < f->n_listeners; i++)
            if (fds[i].revents)
                accept_one(f, &f->listeners[i]);
    }
}

int cmd_port_forward(Cli *c)
{
    Forward *f = arena_new0(c->arena, Forward);
    Value *service = NULL, *pod;
    size_t n_all = c->n_args;
    Target t;

    f->c = c;
    if (n_all < 2)
        return cli_usage_error(c, "TYPE/NAME and list of ports are required for port-forward");
    if (cli_connect(c) != 0)
        return 1;
    c->n_args = 1;
    if (cli_one_target(c, 0, "pods", &t) != 0)
        return 1;
    c->n_args = n_all;
    if (str_eq(t.res->kind, "Service")) {
        service = cli_get(c, cli_path(c, t.res, t.ns, t.name, NULL), NULL);
        if (!service)
            return 1;
    }
    if (cli_pod_of(c, &t) != 0)
        return 1;
    f->pod = t;
    pod = cli_get(c, cli_path(c, t.res, t.ns, t.name, NULL), NULL);
    if (!pod)
        return 1;
    if (!str_eq(value_at_str(pod, "status.phase"), "Running"))
        return cli_error("unable to forward port because pod is not running. Current status=%s",
                         value_at_str(pod, "status.phase") ? value_at_str(pod, "status.phase")
                                                           : "");
    for (size_t i = 1; i < n_all; i++)
        if (add_port(f, c->args[i], service, pod) != 0)
            return 1;
    return forward(f);
}
