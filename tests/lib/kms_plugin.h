/*
 * kms_plugin.h - a KMS v2 plug-in for tests: a gRPC server on a unix socket that "encrypts" by XOR
 * and does as it is told. In a thread of a unit test, or as a program (tests/e2e/kms_plugin.c).
 *
 * Independent of our client: bytes are taken apart here by hand.
 */
#ifndef TESTS_LIB_KMS_PLUGIN_H
#define TESTS_LIB_KMS_PLUGIN_H

#include <errno.h>
#include <nghttp2/nghttp2.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { PLUGIN_WELL, PLUGIN_DENIES, PLUGIN_SICK, PLUGIN_TALKS_RUBBISH };

typedef struct Plugin {
    char path[108];
    _Atomic int mood;
    _Atomic int key;       /* number of the current one: "key-1", ...; those up to it decrypt */
    _Atomic int first_key; /* those below it were destroyed */
    _Atomic int n_calls, n_connections;
    int fd;
    pthread_t thread;
} Plugin;

typedef struct PluginCall {
    char path[128];
    uint8_t in[65536], out[8192];
    size_t n_in, n_out, sent;
    int status;
} PluginCall;

typedef struct PluginConn {
    Plugin *plugin;
    int fd;
} PluginConn;

static inline size_t plugin_put(uint8_t *out, int number, const void *p, size_t n)
{
    out[0] = (uint8_t)(number << 3 | 2);
    out[1] = (uint8_t)n; /* all of ours are below 128 */
    memcpy(out + 2, p, n);
    return n + 2;
}

/* The bytes of a field; lengths below 16384. */
static inline const uint8_t *plugin_get(const uint8_t *p, size_t n, int number, size_t *ret_n)
{
    size_t at = 0;

    while (at + 2 <= n) {
        int field = p[at] >> 3;
        size_t len = p[at + 1] & 0x7f;
        size_t head = 2;

        if (p[at + 1] & 0x80) {
            len |= (size_t)p[at + 2] << 7;
            head = 3;
        }
        if (field == number) {
            *ret_n = len;
            return p + at + head;
        }
        at += head + len;
    }
    *ret_n = 0;
    return NULL;
}

static inline void plugin_xor(uint8_t *out, const uint8_t *in, size_t n, int key)
{
    for (size_t i = 0; i < n; i++)
        out[i] = in[i] ^ (uint8_t)(0x5a + key);
}

static inline int plugin_encrypt(const PluginCall *c, int key, uint8_t *out, size_t *n)
{
    size_t len;
    const uint8_t *plain = plugin_get(c->in + 5, c->n_in - 5, 1, &len);
    uint8_t sealed[128], entry[128];
    char id[16];
    size_t e;

    if (!plain || len > 100)
        return 3;
    plugin_xor(sealed, plain, len, key);
    *n = plugin_put(out, 1, sealed, len);
    *n += plugin_put(out + *n, 2, id, (size_t)snprintf(id, sizeof(id), "key-%d", key));
    e = plugin_put(entry, 1, "version.plugin.test", 19);
    e += plugin_put(entry + e, 2, "a\0b", 3);
    *n += plugin_put(out + *n, 3, entry, e);
    return 0;
}

static inline int plugin_decrypt(const Plugin *p, const PluginCall *c, uint8_t *out, size_t *n)
{
    size_t len, id_len, note_len;
    const uint8_t *sealed = plugin_get(c->in + 5, c->n_in - 5, 1, &len);
    const uint8_t *id = plugin_get(c->in + 5, c->n_in - 5, 3, &id_len);
    const uint8_t *note = plugin_get(c->in + 5, c->n_in - 5, 4, &note_len);
    uint8_t plain[128];
    int key;

    if (!sealed || len > 100 || !id || id_len < 5 || !note || note_len != 26 ||
        memcmp(note + 21,
               "\x12\x03"
               "a\0b",
               5) != 0)
        return 3;
    key = (int)strtol((const char *)id + 4, NULL, 10);
    if (key < p->first_key || key > p->key)
        return 5;
    plugin_xor(plain, sealed, len, key);
    *n = plugin_put(out, 1, plain, len);
    return 0;
}

static inline void plugin_answer(Plugin *p, PluginCall *c)
{
    uint8_t *out = c->out + 5;
    size_t n = 0;
    char id[16];

    p->n_calls++;
    c->status = 0;
    if (p->mood == PLUGIN_DENIES)
        c->status = 7;
    else if (p->mood == PLUGIN_TALKS_RUBBISH)
        n = plugin_put(out, 1, "rubbish", 7);
    else if (strstr(c->path, "/Status")) {
        n = plugin_put(out, 1, "v2", 2);
        n += p->mood == PLUGIN_SICK ? plugin_put(out + n, 2, "no luck", 7)
                                    : plugin_put(out + n, 2, "ok", 2);
        n += plugin_put(out + n, 3, id, (size_t)snprintf(id, sizeof(id), "key-%d", p->key));
    } else if (p->mood == PLUGIN_SICK)
        c->status = 14;
    else if (strstr(c->path, "/Encrypt"))
        c->status = plugin_encrypt(c, p->key, out, &n);
    else if (strstr(c->path, "/Decrypt"))
        c->status = plugin_decrypt(p, c, out, &n);
    else
        c->status = 12;
    c->out[4] = (uint8_t)n;
    c->out[3] = (uint8_t)(n >> 8);
    c->n_out = c->status == 0 ? n + 5 : 0;
}

static inline int plugin_on_begin(nghttp2_session *h2, const nghttp2_frame *f, void *data)
{
    (void)data;
    nghttp2_session_set_stream_user_data(h2, f->hd.stream_id, calloc(1, sizeof(PluginCall)));
    return 0;
}

static inline int plugin_on_header(nghttp2_session *h2, const nghttp2_frame *f, const uint8_t *name,
                                   size_t name_len, const uint8_t *v, size_t n, uint8_t flags,
                                   void *data)
{
    PluginCall *c = nghttp2_session_get_stream_user_data(h2, f->hd.stream_id);

    (void)flags;
    (void)data;
    if (c && name_len == 5 && memcmp(name, ":path", 5) == 0 && n < sizeof(c->path))
        memcpy(c->path, v, n);
    return 0;
}

static inline int plugin_on_data(nghttp2_session *h2, uint8_t flags, int32_t id, const uint8_t *p,
                                 size_t n, void *data)
{
    PluginCall *c = nghttp2_session_get_stream_user_data(h2, id);

    (void)flags;
    (void)data;
    if (c && c->n_in + n <= sizeof(c->in)) {
        memcpy(c->in + c->n_in, p, n);
        c->n_in += n;
    }
    return 0;
}

#define PLUGIN_NV(n, v)                                                                            \
    {                                                                                              \
        (uint8_t *)(uintptr_t)(n), (uint8_t *)(uintptr_t)(v), strlen(n), strlen(v), 0              \
    }

static inline ssize_t plugin_read(nghttp2_session *h2, int32_t id, uint8_t *out, size_t cap,
                                  uint32_t *flags, nghttp2_data_source *src, void *data)
{
    PluginCall *c = src->ptr;
    size_t n = c->n_out - c->sent < cap ? c->n_out - c->sent : cap;
    char status[16] = "";
    nghttp2_nv trailer[] = {PLUGIN_NV("grpc-status", status), PLUGIN_NV("grpc-message", "as told")};

    (void)data;
    memcpy(out, c->out + c->sent, n);
    c->sent += n;
    if (c->sent < c->n_out)
        return (ssize_t)n;
    snprintf(status, sizeof(status), "%d", c->status);
    trailer[0].valuelen = strlen(status);
    *flags |= NGHTTP2_DATA_FLAG_EOF | NGHTTP2_DATA_FLAG_NO_END_STREAM;
    nghttp2_submit_trailer(h2, id, trailer, 2);
    return (ssize_t)n;
}

static inline int plugin_on_frame(nghttp2_session *h2, const nghttp2_frame *f, void *data)
{
    PluginConn *conn = data;
    PluginCall *c = nghttp2_session_get_stream_user_data(h2, f->hd.stream_id);
    nghttp2_nv head[] = {PLUGIN_NV(":status", "200"),
                         PLUGIN_NV("content-type", "application/grpc")};
    nghttp2_data_provider body = {.source.ptr = c, .read_callback = plugin_read};

    if (!c || !(f->hd.flags & NGHTTP2_FLAG_END_STREAM))
        return 0;
    plugin_answer(conn->plugin, c);
    return nghttp2_submit_response(h2, f->hd.stream_id, head, 2, &body);
}

static inline int plugin_on_close(nghttp2_session *h2, int32_t id, uint32_t code, void *data)
{
    (void)code;
    (void)data;
    free(nghttp2_session_get_stream_user_data(h2, id));
    nghttp2_session_set_stream_user_data(h2, id, NULL);
    return 0;
}

static inline void *plugin_serve(void *data)
{
    PluginConn *conn = data;
    nghttp2_session_callbacks *cb;
    nghttp2_session *h2;
    uint8_t in[16384];
    const uint8_t *out;
    ssize_t n;

    nghttp2_session_callbacks_new(&cb);
    nghttp2_session_callbacks_set_on_begin_headers_callback(cb, plugin_on_begin);
    nghttp2_session_callbacks_set_on_header_callback(cb, plugin_on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(cb, plugin_on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(cb, plugin_on_frame);
    nghttp2_session_callbacks_set_on_stream_close_callback(cb, plugin_on_close);
    nghttp2_session_server_new(&h2, cb, conn);
    nghttp2_session_callbacks_del(cb);
    nghttp2_submit_settings(h2, 0, NULL, 0);
    for (;;) {
        while ((n = nghttp2_session_mem_send(h2, &out)) > 0)
            if (send(conn->fd, out, (size_t)n, MSG_NOSIGNAL) != n)
                n = -1;
        n = recv(conn->fd, in, sizeof(in), 0);
        if (n <= 0 || nghttp2_session_mem_recv(h2, in, (size_t)n) < 0)
            break;
    }
    nghttp2_session_del(h2);
    close(conn->fd);
    free(conn);
    return NULL;
}

/* Accepts until the listening socket is shut down; connections have threads of their own. */
static inline void *plugin_accept(void *data)
{
    Plugin *p = data;
    pthread_t threads[256];
    int fds[256], n = 0, fd;

    while (n < 256 && (fd = accept(p->fd, NULL, NULL)) >= 0) {
        PluginConn *conn = calloc(1, sizeof(*conn));

        p->n_connections++;
        conn->plugin = p;
        conn->fd = fd;
        fds[n] = dup(fd);
        pthread_create(&threads[n++], NULL, plugin_serve, conn);
    }
    for (int i = 0; i < n; i++) {
        shutdown(fds[i], SHUT_RDWR);
        pthread_join(threads[i], NULL);
        close(fds[i]);
    }
    return NULL;
}

static inline bool plugin_start(Plugin *p)
{
    struct sockaddr_un addr = {.sun_family = AF_UNIX};

    memcpy(addr.sun_path, p->path, strlen(p->path) + 1);
    unlink(p->path);
    p->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(p->fd, (struct sockaddr *)&addr, sizeof(addr)) < 0 || listen(p->fd, 16) < 0)
        return false;
    return pthread_create(&p->thread, NULL, plugin_accept, p) == 0;
}

static inline void plugin_stop(Plugin *p)
{
    shutdown(p->fd, SHUT_RDWR);
    pthread_join(p->thread, NULL);
    close(p->fd);
    unlink(p->path);
}

#endif
