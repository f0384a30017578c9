#include "client/upgrade.h"

#include "base/clock.h"
#include "base/mem.h"
#include "client/http_int.h"
#include "client/status.h"

#include <poll.h>

enum { HEAD_MAX = 64 << 10, HANDSHAKE_TIMEOUT_MS = 15000 };

struct HttpUpgrade {
    HttpCall call;
    curl_socket_t fd;
    Buf early; /* what came behind the head of the answer */
};

int http_upgrade_fd(const HttpUpgrade *u)
{
    return u->fd;
}

int64_t http_upgrade_receive(HttpUpgrade *u, void *out, size_t cap, Err *err)
{
    size_t n = 0;
    CURLcode code;

    if (u->early.len > 0) {
        n = MIN(cap, u->early.len);
        memcpy(out, u->early.ptr, n);
        memmove(u->early.ptr, u->early.ptr + n, u->early.len - n);
        buf_truncate(&u->early, u->early.len - n);
        return (int64_t)n;
    }
    code = curl_easy_recv(u->call.curl, out, cap, &n);
    if (code == CURLE_AGAIN)
        return 0;
    if (code == CURLE_OK && n == 0)
        return err_set(err, ERR_UNAVAILABLE, "the server closed the connection");
    return code == CURLE_OK ? (int64_t)n : http__error(&u->call, code, err);
}

int64_t http_upgrade_send(HttpUpgrade *u, Slice bytes, Err *err)
{
    size_t n = 0;
    CURLcode code = curl_easy_send(u->call.curl, bytes.ptr, bytes.len, &n);

    if (code == CURLE_AGAIN)
        return 0;
    return code == CURLE_OK ? (int64_t)n : http__error(&u->call, code, err);
}

static int wait_for(HttpUpgrade *u, short events, int64_t deadline_us, Err *err)
{
    struct pollfd p = {.fd = u->fd, .events = events};
    int64_t left_ms = (deadline_us - clock_mono_us()) / 1000;

    if (left_ms <= 0)
        return err_set(err, ERR_TIMEOUT, "no answer to the upgrade request");
    (void)poll(&p, 1, (int)left_ms); /* the next try tells */
    return 0;
}

static int send_head(HttpUpgrade *u, const ClientRequest *req, const char *protocol,
                     const char *const *headers, int64_t deadline_us, Err *err)
{
    const HttpClient *h = u->call.h;
    bool is_elsewhere = req->cluster && !str_eq(req->cluster, "host");
    AUTO_BUF head = BUF_INIT;
    Slice left;

    buf_addf(&head, "%s %s%s%s%s%s HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\n", req->method,
             is_elsewhere ? "/clusters/" : h->prefix, is_elsewhere ? req->cluster : "", req->path,
             req->query && req->query[0] ? "?" : "", req->query ? req->query : "",
             strstr(h->origin, "://") + 3, h->client.user_agent);
    for (struct curl_slist *l = u->call.headers; l; l = l->next) {
        if (!str_ends(l->data, ":"))
            buf_addf(&head, "%s\r\n", l->data);
    }
    for (; headers && *headers; headers++)
        buf_addf(&head, "%s\r\n", *headers);
    buf_addf(&head, "Connection: Upgrade\r\nUpgrade: %s\r\n\r\n", protocol);
    for (left = buf_slice(&head); left.len > 0;) {
        int64_t n = http_upgrade_send(u, left, err);

        if (n < 0)
            return (int)n;
        if (n == 0 && wait_for(u, POLLOUT, deadline_us, err) < 0)
            return -ERR_TIMEOUT;
        left = (Slice){left.ptr + n, left.len - (size_t)n};
    }
    return 0;
}

static int read_answer(HttpUpgrade *u, int64_t deadline_us, Err *err)
{
    AUTO_BUF in = BUF_INIT;
    const char *end = NULL;
    int64_t status = 0;

    while (!end) {
        char chunk[4096];
        int64_t n = http_upgrade_receive(u, chunk, sizeof(chunk), err);

        if (n < 0)
            return (int)n;
        if (n == 0 && wait_for(u, POLLIN, deadline_us, err) < 0)
            return -ERR_TIMEOUT;
        buf_add(&in, chunk, (size_t)n);
        if (in.len > HEAD_MAX)
            return err_set(err, ERR_BAD_REQUEST, "the head of the answer is too long");
        end = in.len > 0 ? memmem(in.ptr, in.len, "\r\n\r\n", 4) : NULL;
    }
    if (in.len < 12 || !str_starts(in.ptr, "HTTP/1.") ||
        !slice_to_int64((Slice){in.ptr + 9, 3}, &status))
        return err_set(err, ERR_BAD_REQUEST, "the answer is not HTTP");
    end += 4;
    if (status != 101) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const char *brace = memchr(end, '{', in.len - (size_t)(end - in.ptr));
        Slice body = {brace ? brace : "", brace ? in.len - (size_t)(brace - in.ptr) : 0};

        return client_status_error(a, (int)status, body, err);
    }
    buf_add(&u->early, end, in.len - (size_t)(end - in.ptr));
    return 0;
}

int http_upgrade_open(Client *http, const ClientRequest *req, const char *protocol,
                      const char *const *headers, HttpUpgrade **ret, Err *err)
{
    CLEANUP(http_upgrade_close) HttpUpgrade *u = xcalloc(1, sizeof(*u));
    int64_t deadline_us = clock_mono_us() + HANDSHAKE_TIMEOUT_MS * 1000LL;
    CURLcode code;
    int r;

    BUG_ON(!client_is_http(http));
    u->fd = CURL_SOCKET_BAD;
    http__begin(&u->call, (HttpClient *)http, req);
    curl_easy_setopt(u->call.curl, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(u->call.curl, CURLOPT_FRESH_CONNECT, 1L);
    code = curl_easy_perform(u->call.curl);
    if (code == CURLE_OK)
        code = curl_easy_getinfo(u->call.curl, CURLINFO_ACTIVESOCKET, &u->fd);
    if (code != CURLE_OK || u->fd == CURL_SOCKET_BAD)
        return http__error(&u->call, code, err);
    r = send_head(u, req, protocol, headers, deadline_us, err);
    if (r == 0)
        r = read_answer(u, deadline_us, err);
    if (r < 0)
        return r;
    *ret = TAKE(u);
    return 0;
}

void http_upgrade_close(HttpUpgrade *u)
{
    if (!u)
        return;
    if (u->call.curl)
        http__end(&u->call, false);
    buf_done(&u->early);
    free(u);
}
