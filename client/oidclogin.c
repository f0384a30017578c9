#include "client/oidclogin.h"

#include "base/b64.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/random.h"
#include "client/http.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    PATIENCE_MS = 300000, /* for the person */
    LINE_MAX = 8192,
    INTERVAL_S = 5, /* of RFC 8628, when the issuer names none */
    INTERVAL_MAX_S = 60,
};

/* ---- calls ---- */

void oidclogin_form_add(Buf *form, const char *name, const char *value)
{
    if (form->len > 0)
        buf_addc(form, '&');
    buf_addf(form, "%s=", name);
    for (const char *p = value; *p; p++) {
        if (isalnum((unsigned char)*p) || strchr("-._~", *p))
            buf_addc(form, *p);
        else
            buf_addf(form, "%%%02X", (unsigned char)*p);
    }
}

/* `form` empty: GET. */
static int call(Arena *a, const OidcClient *c, const char *url, Slice form, ClientReply *ret,
                Err *err)
{
    CLEANUP(client_close) Client *http = NULL;
    const char *path = str_starts(url, "https://") ? strchr(url + 8, '/') : NULL;
    HttpOptions o = {.ca_pem = c->ca_pem, .user_agent = "hpctl/v1.36.0"};
    ClientRequest req = {.method = form.len > 0 ? "POST" : "GET",
                         .path = path ? path : "/",
                         .content_type = "application/x-www-form-urlencoded",
                         .body = form};
    int r;

    if (!str_starts(url, "https://"))
        return err_set(err, ERR_BAD_REQUEST, "%s: an issuer must be reached by https", url);
    o.server = path ? arena_strndup(a, url, (size_t)(path - url)) : url;
    r = http_client_open(&o, &http, err);
    return r < 0 ? r : client_call(http, a, &req, ret, err);
}

static const char *member(const Value *v, const char *name)
{
    const char *s = value_get_str(v, name);

    return s && s[0] ? s : NULL;
}

static int read_json(Arena *a, const ClientReply *reply, const char *url, Value **ret, Err *err)
{
    if (value_parse(a, reply->body, ret, NULL) < 0 || !value_is(*ret, VALUE_OBJECT))
        return err_set(err, ERR_BAD_REQUEST, "%s: HTTP status %d, and no JSON object", url,
                       reply->status);
    return 0;
}

int oidclogin_discover(Arena *a, OidcClient *c, Err *err)
{
    size_t n = strlen(c->issuer);
    const char *url = arena_printf(a, "%.*s/.well-known/openid-configuration",
                                   (int)(n > 0 && c->issuer[n - 1] == '/' ? n - 1 : n), c->issuer);
    ClientReply reply;
    Value *v = NULL;
    int r = call(a, c, url, (Slice){0}, &reply, err);

    if (r < 0)
        return r;
    if (reply.status != 200)
        return err_set(err, ERR_BAD_REQUEST, "%s: HTTP status %d", url, reply.status);
    r = read_json(a, &reply, url, &v, err);
    if (r < 0)
        return r;
    if (!str_eq(value_get_str(v, "issuer"), c->issuer))
        return err_set(err, ERR_BAD_REQUEST, "%s is the document of another issuer", url);
    c->authorize_url = member(v, "authorization_endpoint");
    c->token_url = member(v, "token_endpoint");
    c->device_url = member(v, "device_authorization_endpoint");
    return c->token_url ? 0 : err_set(err, ERR_BAD_REQUEST, "%s names no token endpoint", url);
}

static void add_client(const OidcClient *c, Buf *form)
{
    oidclogin_form_add(form, "client_id", c->client_id);
    if (c->client_secret)
        oidclogin_form_add(form, "client_secret", c->client_secret);
}

/* *ret_error: the code of a refusal ("authorization_pending"), with -ERR_UNAUTHORIZED. */
static int ask_tokens(Arena *a, const OidcClient *c, const Buf *form, OidcTokens *ret,
                      const char **ret_error, Err *err)
{
    ClientReply reply;
    const char *why;
    Value *v = NULL;
    int r = call(a, c, c->token_url, buf_slice(form), &reply, err);

    *ret_error = "";
    if (r == 0)
        r = read_json(a, &reply, c->token_url, &v, err);
    if (r < 0)
        return r;
    if (reply.status != 200) {
        *ret_error = member(v, "error") ? member(v, "error") : "";
        why = member(v, "error_description");
        return err_set(err, ERR_UNAUTHORIZED, "the issuer refused: %s%s%s",
                       **ret_error ? *ret_error : "it does not say why", why ? ": " : "",
                       why ? why : "");
    }
    *ret = (OidcTokens){member(v, "id_token"), member(v, "refresh_token")};
    return ret->id_token ? 0
                         : err_set(err, ERR_BAD_REQUEST,
                                   "the issuer gave no id token: is 'openid' among the scopes?");
}

int oidclogin_refresh(Arena *a, const OidcClient *c, const char *refresh_token, OidcTokens *ret,
                      Err *err)
{
    AUTO_BUF form = BUF_INIT;
    const char *code;
    int r;

    oidclogin_form_add(&form, "grant_type", "refresh_token");
    oidclogin_form_add(&form, "refresh_token", refresh_token);
    add_client(c, &form);
    r = ask_tokens(a, c, &form, ret, &code, err);
    if (r == 0 && !ret->refresh_token) /* it stays */
        ret->refresh_token = refresh_token;
    return r;
}

/* ---- a code on another device ---- */

static int poll_device(Arena *a, const OidcClient *c, const char *device_code, int64_t interval_s,
                       int64_t end_us, OidcTokens *ret, Err *err)
{
    AUTO_BUF form = BUF_INIT;

    oidclogin_form_add(&form, "grant_type", "urn:ietf:params:oauth:grant-type:device_code");
    oidclogin_form_add(&form, "device_code", device_code);
    add_client(c, &form);
    while (clock_mono_us() < end_us) {
        const char *code;
        int r;

        usleep((useconds_t)interval_s * 1000000);
        r = ask_tokens(a, c, &form, ret, &code, err);
        if (r == 0)
            return 0;
        if (r == -ERR_UNAVAILABLE || str_eq(code, "authorization_pending"))
            continue;
        if (!str_eq(code, "slow_down"))
            return r;
        interval_s = MIN(interval_s + 5, (int64_t)INTERVAL_MAX_S);
    }
    return err_set(err, ERR_TIMEOUT, "nobody entered the code in time");
}

int oidclogin_device(Arena *a, const OidcClient *c, OidcShowFn show, void *data, OidcTokens *ret,
                     Err *err)
{
    AUTO_BUF form = BUF_INIT;
    const char *device_code, *user_code, *url;
    int64_t interval, lifetime;
    ClientReply reply;
    Value *v = NULL;
    int r;

    if (!c->device_url)
        return err_set(err, ERR_BAD_REQUEST, "the issuer knows no login by another device");
    add_client(c, &form);
    oidclogin_form_add(&form, "scope", c->scope);
    r = call(a, c, c->device_url, buf_slice(&form), &reply, err);
    if (r == 0)
        r = read_json(a, &reply, c->device_url, &v, err);
    if (r < 0)
        return r;
    device_code = member(v, "device_code");
    user_code = member(v, "user_code");
    url = member(v, "verification_uri");
    if (reply.status != 200 || !device_code || !user_code || !url)
        return err_set(err, ERR_UNAUTHORIZED, "the issuer refused: %s",
                       member(v, "error") ? member(v, "error") : "its answer has no code");
    show(url, user_code, data);
    interval = MIN(MAX(value_at_int(v, "interval", INTERVAL_S), 1), INTERVAL_MAX_S);
    lifetime = MIN(MAX(value_at_int(v, "expires_in", 300), 1), 3600);
    return poll_device(a, c, device_code, interval, clock_mono_us() + lifetime * 1000000, ret, err);
}

/* ---- a browser on this machine ---- */

static const char *random_text(Arena *a)
{
    unsigned char bytes[32];
    AUTO_BUF b = BUF_INIT;

    random_bytes(bytes, sizeof(bytes));
    b64url_encode((Slice){(char *)bytes, sizeof(bytes)}, &b);
    return arena_strdup(a, buf_str(&b));
}

static int hex_of(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static const char *decoded(Arena *a, Slice s)
{
    char *out = arena_alloc(a, s.len + 1);
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++) {
        bool is_escape = s.ptr[i] == '%' && i + 2 < s.len && hex_of(s.ptr[i + 1]) >= 0 &&
                         hex_of(s.ptr[i + 2]) >= 0;

        if (is_escape) {
            out[n++] = (char)(hex_of(s.ptr[i + 1]) * 16 + hex_of(s.ptr[i + 2]));
            i += 2;
        } else
            out[n++] = s.ptr[i] == '+' ? ' ' : s.ptr[i];
    }
    out[n] = '\0';
    return out;
}

static const char *query_value(Arena *a, Slice query, const char *name)
{
    Slice pair, key;

    while (query.len > 0) {
        slice_cut(&query, '&', &pair);
        slice_cut(&pair, '=', &key);
        if (slice_is(key, name))
            return decoded(a, pair);
    }
    return NULL;
}

int oidclogin_read_redirect(Arena *a, Slice line, const char *state, const char **ret_code,
                            Err *err)
{
    static const char start[] = "GET /callback?";
    const char *error, *why, *given, *code;
    Slice query;

    if (!slice_starts(line, start))
        return 0;
    query = (Slice){line.ptr + strlen(start), line.len - strlen(start)};
    for (size_t i = 0; i < query.len; i++)
        if (query.ptr[i] == ' ')
            query.len = i;
    given = query_value(a, query, "state");
    if (!str_eq(given, state)) /* not of this login */
        return 0;
    error = query_value(a, query, "error");
    why = query_value(a, query, "error_description");
    if (error)
        return err_set(err, ERR_UNAUTHORIZED, "the issuer refused: %s%s%s", error, why ? ": " : "",
                       why ? why : "");
    code = query_value(a, query, "code");
    if (!code || !code[0])
        return err_set(err, ERR_BAD_REQUEST, "the browser came back without a code");
    *ret_code = code;
    return 1;
}

static int listen_local(int port, int *ret_port, Err *err)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof(at);
    int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd >= 0)
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0 || listen(fd, 4) < 0 ||
        getsockname(fd, (struct sockaddr *)&at, &n) < 0) {
        int r =
            err_set(err, ERR_UNAVAILABLE, "listening on 127.0.0.1:%d: %s", port, strerror(errno));

        if (fd >= 0)
            close(fd);
        return r;
    }
    *ret_port = ntohs(at.sin_port);
    return fd;
}

static size_t read_line(int fd, char *out, size_t cap)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    size_t n = 0;

    while (n < cap && !memchr(out, '\n', n)) {
        ssize_t got = poll(&p, 1, 2000) == 1 ? read(fd, out + n, cap - n) : 0;

        if (got <= 0)
            break;
        n += (size_t)got;
    }
    return n;
}

static void say(int fd, const char *status, const char *text)
{
    AUTO_BUF b = BUF_INIT;

    buf_addf(&b,
             "HTTP/1.1 %s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %zu\r\n"
             "Connection: close\r\n\r\n%s",
             status, strlen(text), text);
    (void)send(fd, b.ptr, b.len, MSG_NOSIGNAL);
}

/* Until the browser comes with what is of this login. */
static int await_code(Arena *a, int listener, const char *state, const char **ret_code, Err *err)
{
    int64_t end = clock_mono_us() + (int64_t)PATIENCE_MS * 1000;
    int r = 0;

    while (r == 0) {
        struct pollfd p = {.fd = listener, .events = POLLIN};
        int64_t left_ms = (end - clock_mono_us()) / 1000;
        char *line;
        size_t n;
        int fd;

        if (left_ms <= 0 || poll(&p, 1, (int)left_ms) == 0)
            return err_set(err, ERR_TIMEOUT, "nobody came back from the browser in time");
        fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0)
            continue;
        line = arena_alloc(a, LINE_MAX);
        n = read_line(fd, line, LINE_MAX);
        r = oidclogin_read_redirect(a, (Slice){line, n}, state, ret_code, err);
        if (r == 0)
            say(fd, "404 Not Found", "This is not the page of a login.\n");
        else if (r > 0)
            say(fd, "200 OK", "You are logged in. This window can be closed.\n");
        else
            say(fd, "403 Forbidden", "The login was refused. This window can be closed.\n");
        close(fd);
    }
    return r;
}

static const char *authorize_url(Arena *a, const OidcClient *c, const char *redirect,
                                 const char *state, const char *verifier)
{
    unsigned char hash[SHA256_LEN];
    AUTO_BUF query = BUF_INIT, challenge = BUF_INIT;

    sha256(slice_of(verifier), hash);
    b64url_encode((Slice){(char *)hash, sizeof(hash)}, &challenge);
    oidclogin_form_add(&query, "response_type", "code");
    oidclogin_form_add(&query, "client_id", c->client_id);
    oidclogin_form_add(&query, "redirect_uri", redirect);
    oidclogin_form_add(&query, "scope", c->scope);
    oidclogin_form_add(&query, "state", state);
    oidclogin_form_add(&query, "code_challenge", buf_str(&challenge));
    oidclogin_form_add(&query, "code_challenge_method", "S256");
    return arena_printf(a, "%s%c%s", c->authorize_url, strchr(c->authorize_url, '?') ? '&' : '?',
                        buf_str(&query));
}

int oidclogin_code(Arena *a, const OidcClient *c, int port, OidcShowFn show, void *data,
                   OidcTokens *ret, Err *err)
{
    const char *state = random_text(a), *verifier = random_text(a), *redirect, *code = NULL, *no;
    AUTO_BUF form = BUF_INIT;
    int listener, r;

    if (!c->authorize_url)
        return err_set(err, ERR_BAD_REQUEST, "the issuer knows no login by a browser");
    listener = listen_local(port, &port, err);
    if (listener < 0)
        return listener;
    redirect = arena_printf(a, "http://127.0.0.1:%d/callback", port);
    show(authorize_url(a, c, redirect, state, verifier), NULL, data);
    r = await_code(a, listener, state, &code, err);
    close(listener);
    if (r < 0)
        return r;
    oidclogin_form_add(&form, "grant_type", "authorization_code");
    oidclogin_form_add(&form, "code", code);
    oidclogin_form_add(&form, "redirect_uri", redirect);
    oidclogin_form_add(&form, "code_verifier", verifier);
    add_client(c, &form);
    return ask_tokens(a, c, &form, ret, &no, err);
}
