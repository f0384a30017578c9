#include "client/http.h"

#include "base/err.h"
#include "client/ws.h"
#include "tests/unit/test.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

/* A server of a few canned answers on a loopback port: one connection after the other. */
typedef struct Peer {
    int fd;
    char url[64];
    pthread_t thread;
    int n_connections;
    char last[2048]; /* the last request's head */
} Peer;

static const char *answer_for(const char *head)
{
    if (strstr(head, " /plain "))
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nWarning: 299 - \"old "
               "\\\"x\\\"\""
               "\r\nContent-Length: 7\r\n\r\n{\"a\":1}";
    if (strstr(head, " /lines "))
        return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\none\n\r\n5\r\ntwo\nt\r\n"
               "4\r\nhree\r\n0\r\n\r\n";
    if (strstr(head, " /endless "))
        return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\none\n\r\n";
    if (strstr(head, " /silent "))
        return "";
    return "HTTP/1.1 403 Forbidden\r\nContent-Length: 62\r\n\r\n"
           "{\"kind\":\"Status\",\"reason\":\"Forbidden\",\"message\":\"not for you\"}";
}

static void serve(Peer *p, int fd)
{
    char in[2048];
    size_t have = 0;
    ssize_t n;

    while ((n = read(fd, in + have, sizeof(in) - 1 - have)) > 0) {
        const char *answer;

        have += (size_t)n;
        in[have] = 0;
        if (!strstr(in, "\r\n\r\n"))
            continue;
        memcpy(p->last, in, have + 1);
        answer = answer_for(in);
        if (write(fd, answer, strlen(answer)) < 0)
            break;
        have = 0;
    }
    close(fd);
}

static void *run_peer(void *data)
{
    Peer *p = data;
    int fd;

    while ((fd = accept(p->fd, NULL, NULL)) >= 0) {
        p->n_connections++;
        serve(p, fd);
    }
    return NULL;
}

static void peer_start(Peer *p)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof(at);

    memset(p, 0, sizeof(*p));
    p->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(p->fd, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(p->fd, 8), 0);
    assert_int_equal(getsockname(p->fd, (struct sockaddr *)&at, &len), 0);
    snprintf(p->url, sizeof(p->url), "http://127.0.0.1:%d/clusters/acme/", ntohs(at.sin_port));
    assert_int_equal(pthread_create(&p->thread, NULL, run_peer, p), 0);
}

static void peer_stop(Peer *p)
{
    shutdown(p->fd, SHUT_RDWR);
    pthread_join(p->thread, NULL);
    close(p->fd);
}

static Client *open_client(const Peer *p)
{
    Client *c = NULL;

    assert_ok(http_client_open(&(HttpOptions){.server = p->url, .token = "tok"}, &c, NULL));
    return c;
}

TEST(connections_are_kept_and_prefixes_added)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    ClientReply reply;
    Client *c;
    Peer p;

    peer_start(&p);
    c = open_client(&p);
    for (int i = 0; i < 3; i++) {
        assert_ok(client_call(c, a, &(ClientRequest){.method = "GET", .path = "/x"}, &reply, NULL));
        assert_int_equal(reply.status, 403);
    }
    assert_int_equal(p.n_connections, 1);
    assert_true(str_starts(p.last, "GET /clusters/acme/x HTTP/1.1\r\n"));
    assert_non_null(strstr(p.last, "Authorization: Bearer tok\r\n"));
    assert_ok(client_call(
        c, a,
        &(ClientRequest){
            .cluster = "globex", .method = "POST", .path = "/y", .query = "a=b", .body = SLICE("")},
        &reply, NULL));
    assert_true(str_starts(p.last, "POST /clusters/globex/y?a=b HTTP/1.1\r\n"));
    client_close(c);
    peer_stop(&p);
}

static int on_line(Slice line, void *data)
{
    Buf *b = data;

    buf_addc(b, '[');
    buf_add_slice(b, line);
    buf_addc(b, ']');
    return 0;
}

/* Paths below need the prefix gone: the canned answers are found by the path alone. */
static Client *open_bare(const Peer *p)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Client *c = NULL;
    char *url = arena_strdup(a, p->url);

    *strstr(url, "/clusters") = 0;
    assert_ok(http_client_open(&(HttpOptions){.server = url}, &c, NULL));
    return c;
}

TEST(answers_bring_body_type_and_warnings)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    ClientReply reply;
    Client *c;
    Peer p;

    peer_start(&p);
    c = open_bare(&p);
    assert_ok(client_call(c, a, &(ClientRequest){.method = "GET", .path = "/plain"}, &reply, NULL));
    assert_int_equal(reply.status, 200);
    assert_true(slice_is(reply.body, "{\"a\":1}"));
    assert_string_equal(reply.content_type, "application/json");
    assert_string_equal(reply.warnings[0], "old \"x\"");
    assert_null(reply.warnings[1]);
    client_close(c);
    peer_stop(&p);
}

TEST(streams_give_whole_lines)
{
    AUTO_BUF lines = BUF_INIT;
    Client *c;
    Peer p;
    Err err;

    peer_start(&p);
    c = open_bare(&p);
    assert_ok(http_stream(c, &(ClientRequest){.method = "GET", .path = "/lines"},
                          &(HttpSink){.on_line = on_line, .data = &lines}, &err));
    assert_string_equal(buf_str(&lines), "[one][two][three]");
    assert_fails(http_stream(c, &(ClientRequest){.method = "GET", .path = "/no"},
                             &(HttpSink){.on_line = on_line, .data = &lines}, &err),
                 ERR_FORBIDDEN);
    assert_string_equal(err.msg, "not for you");
    client_close(c);
    peer_stop(&p);
}

static int cancel_at_once(Slice line UNUSED, void *data)
{
    http_cancel(data);
    return 0;
}

TEST(streams_end_when_cancelled_or_silent)
{
    CLEANUP(http_cancel_free) HttpCancel *x = http_cancel_new();
    Client *c;
    Peer p;

    peer_start(&p);
    c = open_bare(&p);
    assert_ok(http_stream(c, &(ClientRequest){.method = "GET", .path = "/endless"},
                          &(HttpSink){.on_line = cancel_at_once, .data = x, .cancel = x}, NULL));
    assert_true(http_cancel_sleep(x, 10000));
    assert_fails(http_stream(c, &(ClientRequest){.method = "GET", .path = "/silent"},
                             &(HttpSink){.idle_timeout_ms = 50}, NULL),
                 ERR_TIMEOUT);
    client_close(c);
    peer_stop(&p);
}

TEST(a_refused_upgrade_tells_the_servers_reason)
{
    static const char *const protocols[] = {"v5.channel.k8s.io", NULL};
    WebSocket *ws = NULL;
    Client *c;
    Peer p;
    Err err;

    peer_start(&p);
    c = open_client(&p);
    assert_fails(
        ws_open(c, &(ClientRequest){.method = "GET", .path = "/exec"}, protocols, &ws, &err),
        ERR_FORBIDDEN);
    assert_string_equal(err.msg, "not for you");
    assert_non_null(strstr(p.last, "Sec-WebSocket-Protocol: v5.channel.k8s.io\r\n"));
    client_close(c);
    peer_stop(&p);
}

TEST(nobody_there_is_unavailable)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Client *c = NULL;
    ClientReply reply;

    assert_ok(http_client_open(&(HttpOptions){.server = "http://127.0.0.1:1"}, &c, NULL));
    assert_fails(client_call(c, a, &(ClientRequest){.method = "GET", .path = "/"}, &reply, NULL),
                 ERR_UNAVAILABLE);
    client_close(c);
    assert_fails(http_client_open(&(HttpOptions){.server = "ftp://x"}, &c, NULL), ERR_BAD_REQUEST);
}
