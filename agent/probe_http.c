#include "agent/link.h"
#include "agent/probe_try.h"
#include "base/clock.h"
#include "base/err.h"

enum { HEAD_MAX = 10 << 10, REDIRECTS_MAX = 10, BODY_US = 200000 };

static bool link_send(Link *l, Slice s, int64_t deadline_us)
{
    while (s.len > 0) {
        int64_t n = link_try_send(l, s);

        if (n < 0 || (n == 0 && probe__wait(l->fd, l->events, deadline_us) <= 0))
            return false;
        s = (Slice){s.ptr + n, s.len - (size_t)n};
    }
    return true;
}

/* The head of the answer, up to and with its empty line, or what came of it. */
static void link_read_head(Link *l, int64_t deadline_us, Buf *head)
{
    char chunk[1024];

    while (head->len < HEAD_MAX && !(head->ptr && strstr(head->ptr, "\r\n\r\n"))) {
        int64_t n = link_try_recv(l, chunk, sizeof(chunk));

        if (n < 0 || (n == 0 && probe__wait(l->fd, l->events, deadline_us) <= 0))
            return;
        buf_add(head, chunk, (size_t)n);
    }
}

/* What else comes before the end. */
static void link_read_rest(Link *l, int64_t deadline_us, Buf *answer)
{
    char chunk[1024];

    while (answer->len < HEAD_MAX) {
        int64_t n = link_try_recv(l, chunk, sizeof(chunk));

        if (n < 0 || (n == 0 && probe__wait(l->fd, l->events, deadline_us) <= 0))
            return;
        buf_add(answer, chunk, (size_t)n);
    }
}

/* ---- what is said ---- */

int probe_http_status(Slice head)
{
    int64_t n;

    if (!slice_starts(head, "HTTP/1.") || head.len < 12 || head.ptr[8] != ' ')
        return -1;
    if (!slice_to_int64((Slice){head.ptr + 9, 3}, &n))
        return -1;
    return (int)n;
}

const char *probe_http_redirect(Arena *a, Slice head, const char *here, const char *path)
{
    Slice line;

    while (slice_cut(&head, '\n', &line) && line.len > 1) {
        const char *to;

        if (line.len < 10 || strncasecmp(line.ptr, "location:", 9) != 0)
            continue;
        to = arena_strndup(a, line.ptr + 9, line.len - 9);
        to += strspn(to, " \t");
        to = arena_strndup(a, to, strcspn(to, " \t\r"));
        if (str_starts(to, here) && (to[strlen(here)] == '/' || to[strlen(here)] == '\0'))
            return to[strlen(here)] ? to + strlen(here) : "/";
        if (to[0] == '/' && to[1] != '/')
            return to;
        if (to[0] == '\0' || strstr(to, "//"))
            return NULL;
        /* beside the path that was asked for */
        return arena_printf(a, "%.*s%s", (int)(strrchr(path, '/') - path + 1), path, to);
    }
    return NULL;
}

static void put_headers(const Value *get, const char *host, int port, Buf *out)
{
    bool has_host = false, has_agent = false, has_accept = false;
    const Value *h;

    value_each_item(value_get(get, "httpHeaders"), i, h)
    {
        const char *name = value_get_str(h, "name"), *value = value_get_str(h, "value");

        if (!name || !name[0] || !value || strpbrk(name, "\r\n: ") || strpbrk(value, "\r\n"))
            continue;
        has_host |= strcasecmp(name, "Host") == 0;
        /* An empty one of these two means: none at all. */
        if (strcasecmp(name, "User-Agent") == 0)
            has_agent = true;
        else if (strcasecmp(name, "Accept") == 0)
            has_accept = true;
        if (value[0] || (strcasecmp(name, "User-Agent") != 0 && strcasecmp(name, "Accept") != 0))
            buf_addf(out, "%s: %s\r\n", name, value);
    }
    if (!has_host)
        buf_addf(out, strchr(host, ':') ? "Host: [%s]:%d\r\n" : "Host: %s:%d\r\n", host, port);
    if (!has_agent)
        buf_adds(out, "User-Agent: kube-probe/1.36\r\n");
    if (!has_accept)
        buf_adds(out, "Accept: */*\r\n");
    buf_adds(out, "Connection: close\r\n\r\n");
}

static bool is_redirect(int status)
{
    return status >= 300 && status < 400;
}

typedef struct Question {
    Arena *arena;
    const Value *get;
    const char *host, *here; /* "http://HOST:PORT" */
    int port;
    int64_t deadline;
} Question;

/* One request; the status of the answer, where it leads on the same server (or NULL), its head in
 * *head, and behind it the body of one that leads elsewhere. -1 with the detail of the failure. */
static int ask(const Question *q, const char *path, Buf *head, const char **ret_next, char *detail,
               size_t cap)
{
    Link l;
    bool is_tls = str_eq(value_get_str(q->get, "scheme"), "HTTPS");
    AUTO_BUF request = BUF_INIT;
    int status, fd;

    detail[0] = '\0';
    buf_addf(&request, "GET %s HTTP/1.1\r\n", path);
    put_headers(q->get, q->host, q->port, &request);
    fd = probe__connect(q->host, q->port, q->deadline, detail, cap);
    if (fd < 0)
        return -1;
    link_init(&l, fd);
    if ((!is_tls || link_start_tls(&l, q->deadline) == 0) &&
        link_send(&l, buf_slice(&request), q->deadline))
        link_read_head(&l, q->deadline, head);
    status = probe_http_status(buf_slice(head));
    *ret_next =
        is_redirect(status) ? probe_http_redirect(q->arena, buf_slice(head), q->here, path) : NULL;
    if (is_redirect(status) && !*ret_next)
        link_read_rest(&l, MIN(q->deadline, clock_mono_us() + BODY_US), head);
    link_done(&l);
    if (status < 0 && clock_mono_us() >= q->deadline)
        snprintf(detail, cap,
                 "context deadline exceeded (Client.Timeout exceeded while awaiting headers)");
    else if (status < 0)
        snprintf(detail, cap, "%s",
                 head->len > 0 ? "net/http: HTTP/1.x transport connection broken: malformed HTTP "
                                 "response"
                 : is_tls      ? "remote error: tls: handshake failure"
                               : "EOF");
    return status;
}

bool probe__http(const ProbeTarget *t, const Value *get, char *why, size_t cap)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *host = value_get_str(get, "host"), *path = value_get_str(get, "path"), *here;
    int port = probe_port(t->container, value_get(get, "port")), status = -1;
    Question q = {a, get, NULL, NULL, port, clock_mono_us() + t->timeout_ms * 1000};
    char detail[300];

    host = host && host[0] ? host : t->pod_ip;
    path = path && path[0] ? path : "/";
    if (path[0] != '/')
        path = arena_printf(a, "/%s", path);
    if (!probe__host_allowed(t, host, why, cap))
        return false;
    here =
        arena_printf(a, "%s://%s:%d",
                     str_eq(value_get_str(get, "scheme"), "HTTPS") ? "https" : "http", host, port);
    q.host = host;
    q.here = here;
    for (int i = 0; path && i <= REDIRECTS_MAX; i++) {
        AUTO_BUF head = BUF_INIT;
        const char *next = NULL;

        if (strpbrk(path, " \r\n")) {
            snprintf(why, cap, "parse \"%s\": invalid path", path);
            return false;
        }
        status = ask(&q, path, &head, &next, detail, sizeof(detail));
        if (status < 0) {
            snprintf(why, cap, "Get \"%s%s\": %s", here, path, detail);
            return false;
        }
        /* One that leads elsewhere is not followed: a success to be told of (pkg/probe/http,
         * DoHTTPProbe()). */
        if (is_redirect(status) && !next) {
            const char *body = strstr(buf_str(&head), "\r\n\r\n");

            snprintf(why, cap, "Probe terminated redirects, Response body: %s",
                     body ? body + 4 : "");
        }
        path = next;
    }
    if (status >= 200 && status < 400)
        return true;
    snprintf(why, cap, "HTTP probe failed with statuscode: %d", status);
    return false;
}
