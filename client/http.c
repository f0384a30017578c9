#include "client/http.h"

#include "base/clock.h"
#include "base/mem.h"
#include "client/curltls.h"
#include "client/execauth.h"
#include "client/http_int.h"

#include <fcntl.h>
#include <strings.h>
#include <unistd.h>

enum {
    TOKEN_FILE_MAX = 64 << 10,
    TOKEN_AGE_US = 60 * 1000000,
    CALL_TIMEOUT_MS = 30000,
    CONNECT_TIMEOUT_MS = 10000,
};

/* ---- tokens ---- */

static char *read_token(const char *path)
{
    AUTO_FREE char *text = xcalloc(1, TOKEN_FILE_MAX);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n;
    Slice s;

    if (fd < 0)
        return NULL;
    n = read(fd, text, TOKEN_FILE_MAX - 1);
    close(fd);
    if (n <= 0)
        return NULL;
    s = slice_trim((Slice){text, (size_t)n});
    return xstrndup(s.ptr, s.len);
}

/* The credential of a program, run again when it has expired. When it fails the request goes
 * without one, and the server says what it thinks of that. */
static char *exec_token(HttpClient *h)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    ExecCredential c = {0};
    uint64_t refused;
    bool is_new;

    pthread_mutex_lock(&h->lock);
    refused = h->exec_refused;
    pthread_mutex_unlock(&h->lock);
    if (execauth_get(h->o.exec, refused, a, &c, NULL) < 0)
        return NULL;
    pthread_mutex_lock(&h->lock);
    is_new = h->exec_version != c.version;
    h->exec_version = c.version;
    pthread_mutex_unlock(&h->lock);
    if (is_new && c.cert_pem)
        http_client_set_cert(&h->client, c.cert_pem, c.key_pem);
    return c.token ? xstrdup(c.token) : NULL;
}

bool http__renew(HttpClient *h)
{
    bool is_first;

    if (!h->o.exec || h->o.token || h->o.token_file)
        return false;
    pthread_mutex_lock(&h->lock);
    is_first = h->exec_version != h->exec_refused;
    h->exec_refused = h->exec_version;
    pthread_mutex_unlock(&h->lock);
    return is_first;
}

/* A copy of the token to send, or NULL; the caller frees it. */
static char *current_token(HttpClient *h)
{
    char *copy = NULL, *fresh = NULL;
    bool is_due;

    if (h->o.exec && !h->o.token && !h->o.token_file)
        return exec_token(h);
    if (!h->o.token_file)
        return h->o.token ? xstrdup(h->o.token) : NULL;
    pthread_mutex_lock(&h->lock);
    is_due = !h->file_token || clock_mono_us() - h->token_read_us > TOKEN_AGE_US;
    pthread_mutex_unlock(&h->lock);
    if (is_due)
        fresh = read_token(h->o.token_file);
    pthread_mutex_lock(&h->lock);
    if (fresh) {
        free(h->file_token);
        h->file_token = fresh;
        h->token_read_us = clock_mono_us();
    }
    if (h->file_token)
        copy = xstrdup(h->file_token);
    else if (h->o.token)
        copy = xstrdup(h->o.token);
    pthread_mutex_unlock(&h->lock);
    return copy;
}

/* ---- handles ---- */

/* Everything that holds for all requests of the client. */
static CURL *handle_new(HttpClient *h, uint64_t *ret_version)
{
    CURL *curl = curl_easy_init();

    BUG_ON(!curl);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "127.0.0.1,localhost,::1");
    curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(curl, CURLOPT_TCP_KEEPIDLE, 30L);
    curl_easy_setopt(curl, CURLOPT_TCP_KEEPINTVL, 15L);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_SSL_ENABLE_ALPN, 0L);
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(curl, CURLOPT_MAXCONNECTS, 1L);
    curl_easy_setopt(
        curl, CURLOPT_CONNECTTIMEOUT_MS,
        (long)(h->o.connect_timeout_ms > 0 ? h->o.connect_timeout_ms : CONNECT_TIMEOUT_MS));
    pthread_mutex_lock(&h->lock);
    *ret_version = h->cert_version;
    curltls_set(curl, &(CurlTls){.ca_pem = h->o.ca_pem,
                                 .is_unverified = h->o.is_insecure,
                                 .cert_pem = h->cert_pem,
                                 .key_pem = h->key_pem});
    pthread_mutex_unlock(&h->lock);
    return curl;
}

static CURL *handle_borrow(HttpClient *h, uint64_t *ret_version)
{
    CURL *curl = NULL;

    pthread_mutex_lock(&h->lock);
    while (h->n_idle > 0 && !curl) {
        h->n_idle--;
        curl = h->idle[h->n_idle];
        *ret_version = h->idle_version[h->n_idle];
        if (*ret_version != h->cert_version) {
            curl_easy_cleanup(curl);
            curl = NULL;
        }
    }
    pthread_mutex_unlock(&h->lock);
    return curl ? curl : handle_new(h, ret_version);
}

void http__add_header(HttpCall *call, const char *name, const char *value)
{
    AUTO_FREE char *line = xasprintf("%s: %s", name, value);

    call->headers = curl_slist_append(call->headers, line);
    BUG_ON(!call->headers);
}

static void add_identity(HttpCall *call, const char *token)
{
    const HttpOptions *o = &call->h->o;

    if (token) {
        AUTO_FREE char *value = xasprintf("Bearer %s", token);

        http__add_header(call, "Authorization", value);
    } else if (o->username) {
        curl_easy_setopt(call->curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
        curl_easy_setopt(call->curl, CURLOPT_USERNAME, o->username);
        curl_easy_setopt(call->curl, CURLOPT_PASSWORD, o->password ? o->password : "");
    }
    if (o->impersonate_user)
        http__add_header(call, "Impersonate-User", o->impersonate_user);
    for (size_t i = 0; o->impersonate_groups && o->impersonate_groups[i]; i++)
        http__add_header(call, "Impersonate-Group", o->impersonate_groups[i]);
}

static void set_url(HttpCall *call, const ClientRequest *req)
{
    HttpClient *h = call->h;
    AUTO_BUF url = BUF_INIT;
    bool is_elsewhere = req->cluster && !str_eq(req->cluster, "host");

    buf_adds(&url, h->origin);
    if (is_elsewhere)
        buf_addf(&url, "/clusters/%s", req->cluster);
    else
        buf_adds(&url, h->prefix);
    buf_adds(&url, req->path);
    if (req->query && req->query[0])
        buf_addf(&url, "?%s", req->query);
    curl_easy_setopt(call->curl, CURLOPT_URL, buf_str(&url));
    curl_easy_setopt(call->curl, CURLOPT_PATH_AS_IS, 1L);
    if (h->o.tls_server_name && str_starts(h->origin, "https://")) {
        /* The name is what the certificate is checked for; connect to the configured host. */
        const char *host = h->origin + strlen("https://");
        const char *colon = strrchr(host, ':');
        const char *port = colon && !strchr(colon, ']') ? colon + 1 : "443";
        int host_len = (int)(colon && !strchr(colon, ']') ? (size_t)(colon - host) : strlen(host));
        AUTO_FREE char *to =
            xasprintf("%s:%s:%.*s:%s", h->o.tls_server_name, port, host_len, host, port);
        AUTO_FREE char *named = xasprintf("https://%s:%s%s", h->o.tls_server_name, port,
                                          buf_str(&url) + strlen(h->origin));
        struct curl_slist *list = curl_slist_append(NULL, to);

        curl_easy_setopt(call->curl, CURLOPT_URL, named);
        curl_easy_setopt(call->curl, CURLOPT_CONNECT_TO, list);
        curl_easy_setopt(call->curl, CURLOPT_PRIVATE, list);
    }
}

static void set_method(HttpCall *call, const ClientRequest *req)
{
    CURL *curl = call->curl;
    bool is_get = str_eq(req->method, "GET");

    if (req->body.len > 0 || str_eq(req->method, "POST") || str_eq(req->method, "PUT") ||
        str_eq(req->method, "PATCH")) {
        curl_easy_setopt(curl, CURLOPT_POST, 1L);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, req->body.len > 0 ? req->body.ptr : "");
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)req->body.len);
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, req->method);
        http__add_header(call, "Content-Type",
                         req->content_type ? req->content_type : "application/json");
        call->headers = curl_slist_append(call->headers, "Expect:");
        return;
    }
    if (str_eq(req->method, "HEAD"))
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    else
        curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
    if (!is_get && !str_eq(req->method, "HEAD"))
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, req->method);
}

void http__begin(HttpCall *call, HttpClient *h, const ClientRequest *req)
{
    AUTO_FREE char *token = NULL;

    *call = (HttpCall){.h = h};
    token = current_token(h); /* before a connection: a new credential may be a certificate */
    call->curl = handle_borrow(h, &call->version);
    curl_easy_setopt(call->curl, CURLOPT_ERRORBUFFER, call->error);
    curl_easy_setopt(call->curl, CURLOPT_USERAGENT, h->client.user_agent);
    set_url(call, req);
    set_method(call, req);
    http__add_header(call, "Accept", req->accept ? req->accept : "application/json");
    add_identity(call, token);
    curl_easy_setopt(call->curl, CURLOPT_HTTPHEADER, call->headers);
}

/* Undo what belongs to one request; TLS options and the connection stay. */
static void handle_clean(CURL *curl)
{
    struct curl_slist *to = NULL;

    curl_easy_getinfo(curl, CURLINFO_PRIVATE, (char **)&to);
    curl_easy_setopt(curl, CURLOPT_CONNECT_TO, NULL);
    curl_easy_setopt(curl, CURLOPT_PRIVATE, NULL);
    curl_slist_free_all(to);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, NULL);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, NULL);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, NULL);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)-1);
    curl_easy_setopt(curl, CURLOPT_NOBODY, 0L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, NULL);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, NULL);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, NULL);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, NULL);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 0L);
}

void http__end(HttpCall *call, bool is_reusable)
{
    HttpClient *h = call->h;

    handle_clean(call->curl);
    pthread_mutex_lock(&h->lock);
    if (is_reusable && h->n_idle < HTTP_POOL_MAX && call->version == h->cert_version) {
        h->idle[h->n_idle] = call->curl;
        h->idle_version[h->n_idle] = call->version;
        h->n_idle++;
        call->curl = NULL;
    }
    pthread_mutex_unlock(&h->lock);
    if (call->curl)
        curl_easy_cleanup(call->curl);
    curl_slist_free_all(call->headers);
    *call = (HttpCall){0};
}

int http__error(const HttpCall *call, CURLcode code, Err *err)
{
    const char *what = call->error[0] ? call->error : curl_easy_strerror(code);

    return err_set(err, code == CURLE_OPERATION_TIMEDOUT ? ERR_TIMEOUT : ERR_UNAVAILABLE, "%s: %s",
                   call->h->origin, what);
}

/* ---- one call ---- */

typedef struct Answer {
    Arena *arena;
    Buf body;
    const char *content_type;
    const char **warnings;
    uint32_t n_warnings;
} Answer;

static size_t on_body(char *p, size_t size, size_t n, void *data)
{
    Answer *answer = data;

    buf_add(&answer->body, p, size * n);
    return size * n;
}

static bool header_is(Slice line, const char *name, Slice *ret_value)
{
    size_t n = strlen(name);

    if (line.len <= n || line.ptr[n] != ':' || strncasecmp(line.ptr, name, n) != 0)
        return false;
    *ret_value = slice_trim((Slice){line.ptr + n + 1, line.len - n - 1});
    return true;
}

/* The text of `299 - "text"`, with quoted pairs undone. */
static const char *warning_text(Arena *a, Slice v)
{
    const char *open = memchr(v.ptr, '"', v.len);
    char *out;
    size_t n = 0;

    if (!open)
        return arena_strndup(a, v.ptr, v.len);
    out = arena_alloc(a, v.len + 1);
    for (const char *p = open + 1; p < v.ptr + v.len && *p != '"'; p++) {
        if (*p == '\\' && p + 1 < v.ptr + v.len)
            p++;
        out[n++] = *p;
    }
    return out;
}

static size_t on_header(char *p, size_t size, size_t n, void *data)
{
    Answer *answer = data;
    Slice line = {p, size * n}, value;

    if (header_is(line, "warning", &value)) {
        const char **more = arena_array(answer->arena, const char *, answer->n_warnings + 2);

        if (answer->n_warnings > 0)
            memcpy(more, answer->warnings, answer->n_warnings * sizeof(*more));
        more[answer->n_warnings++] = warning_text(answer->arena, value);
        answer->warnings = more;
    } else if (header_is(line, "content-type", &value)) {
        answer->content_type = arena_strndup(answer->arena, value.ptr, value.len);
    }
    return line.len;
}

static int call_once(Client *c, Arena *a, const ClientRequest *req, ClientReply *ret, Err *err)
{
    HttpClient *h = (HttpClient *)c;
    Answer answer = {.arena = a};
    HttpCall call;
    CURLcode code;
    long status = 0;
    int r = 0;

    http__begin(&call, h, req);
    curl_easy_setopt(call.curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(call.curl, CURLOPT_WRITEDATA, &answer);
    curl_easy_setopt(call.curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(call.curl, CURLOPT_HEADERDATA, &answer);
    curl_easy_setopt(call.curl, CURLOPT_TIMEOUT_MS,
                     (long)(req->timeout_ms > 0 ? req->timeout_ms : CALL_TIMEOUT_MS));
    code = curl_easy_perform(call.curl);
    if (code != CURLE_OK) {
        r = http__error(&call, code, err);
    } else {
        curl_easy_getinfo(call.curl, CURLINFO_RESPONSE_CODE, &status);
        *ret = (ClientReply){
            .status = (int)status,
            .content_type = answer.content_type,
            .body = {arena_strndup(a, buf_str(&answer.body), answer.body.len), answer.body.len},
            .warnings = answer.warnings,
        };
    }
    http__end(&call, code == CURLE_OK);
    buf_done(&answer.body);
    return r;
}

static int http_call(Client *c, Arena *a, const ClientRequest *req, ClientReply *ret, Err *err)
{
    int r = call_once(c, a, req, ret, err);

    if (r == 0 && ret->status == 401 && http__renew((HttpClient *)c))
        r = call_once(c, a, req, ret, err);
    return r;
}

/* ---- the client ---- */

static void http_close(Client *c)
{
    HttpClient *h = (HttpClient *)c;

    while (h->n_idle > 0)
        curl_easy_cleanup(h->idle[--h->n_idle]);
    pthread_mutex_destroy(&h->lock);
    free(h->cert_pem);
    free(h->key_pem);
    free(h->file_token);
    execauth_close(h->o.exec);
    arena_free(h->arena);
    free(h);
}

bool client_is_http(const Client *c)
{
    return c->call == http_call;
}

void http_client_set_cert(Client *c, const char *cert_pem, const char *key_pem)
{
    HttpClient *h = (HttpClient *)c;

    BUG_ON(!client_is_http(c));
    pthread_mutex_lock(&h->lock);
    free(h->cert_pem);
    free(h->key_pem);
    h->cert_pem = cert_pem ? xstrdup(cert_pem) : NULL;
    h->key_pem = key_pem ? xstrdup(key_pem) : NULL;
    h->cert_version++;
    pthread_mutex_unlock(&h->lock);
}

static const char *dup_or_null(Arena *a, const char *s)
{
    return s && s[0] ? arena_strdup(a, s) : NULL;
}

static void copy_options(HttpClient *h, const HttpOptions *o)
{
    Arena *a = h->arena;
    size_t n = 0;

    h->o = *o;
    h->o.server = NULL;
    h->o.exec = o->exec ? execauth_ref(o->exec) : NULL;
    h->o.cert_pem = h->o.key_pem = NULL;
    h->o.ca_pem = dup_or_null(a, o->ca_pem);
    h->o.token = dup_or_null(a, o->token);
    h->o.token_file = dup_or_null(a, o->token_file);
    h->o.username = dup_or_null(a, o->username);
    h->o.password = dup_or_null(a, o->password);
    h->o.tls_server_name = dup_or_null(a, o->tls_server_name);
    h->o.impersonate_user = dup_or_null(a, o->impersonate_user);
    h->client.user_agent = arena_strdup(a, o->user_agent ? o->user_agent : "hostplane");
    h->o.user_agent = h->client.user_agent;
    if (o->impersonate_groups) {
        const char **groups;

        while (o->impersonate_groups[n])
            n++;
        groups = arena_array(a, const char *, n + 1);
        for (size_t i = 0; i < n; i++)
            groups[i] = arena_strdup(a, o->impersonate_groups[i]);
        h->o.impersonate_groups = groups;
    }
}

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;

static void init_curl(void)
{
    BUG_ON(curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK);
}

int http_client_open(const HttpOptions *o, Client **ret, Err *err)
{
    const char *host, *path;
    HttpClient *h;
    size_t n;

    if (!o->server || (!str_starts(o->server, "http://") && !str_starts(o->server, "https://")))
        return err_set(err, ERR_BAD_REQUEST, "server '%s': must begin with https:// or http://",
                       o->server ? o->server : "");
    pthread_once(&curl_once, init_curl);

    h = xcalloc(1, sizeof(*h));
    h->client = (Client){.call = http_call, .close = http_close};
    h->arena = arena_new();
    pthread_mutex_init(&h->lock, NULL);
    copy_options(h, o);
    h->cert_pem = o->cert_pem ? xstrdup(o->cert_pem) : NULL;
    h->key_pem = o->key_pem ? xstrdup(o->key_pem) : NULL;

    host = strstr(o->server, "://") + 3;
    path = strchr(host, '/');
    n = path ? (size_t)(path - o->server) : strlen(o->server);
    h->origin = arena_strndup(h->arena, o->server, n);
    n = path ? strlen(path) : 0;
    while (n > 0 && path[n - 1] == '/')
        n--;
    h->prefix = arena_strndup(h->arena, path ? path : "", n);
    *ret = &h->client;
    return 0;
}
