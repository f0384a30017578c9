#include "agent/join.h"

#include "agent/fs.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/pki.h"
#include "base/random.h"
#include "client/status.h"

#include <strings.h>

static bool copy_part(Slice s, char *out, size_t cap)
{
    if (s.len == 0 || s.len >= cap)
        return false;
    memcpy(out, s.ptr, s.len);
    out[s.len] = '\0';
    return true;
}

int join_token_parse(Slice line, JoinToken *ret, Err *err)
{
    Slice rest = slice_trim(line), head, hash, id;

    if (!slice_cut(&rest, '.', &head) || !slice_is(head, "HP1") || !slice_cut(&rest, '.', &hash) ||
        hash.len != 64 || !slice_cut(&rest, '.', &id) ||
        !copy_part(hash, ret->ca_hash, sizeof(ret->ca_hash)) ||
        !copy_part(id, ret->id, sizeof(ret->id)) ||
        !copy_part(rest, ret->secret, sizeof(ret->secret)) || memchr(rest.ptr, '.', rest.len))
        return err_set(err, ERR_INVALID, "not a join token (HP1.<hash>.<id>.<secret>)");
    return 0;
}

static int call(Client *c, Arena *a, const ClientRequest *req, Slice *ret, Err *err)
{
    ClientReply reply;
    int r;

    r = client_call(c, a, req, &reply, err);
    if (r < 0)
        return r;
    if (reply.status >= 300)
        return client_status_error(a, reply.status, reply.body, err);
    *ret = reply.body;
    return 0;
}

static int fetch_ca(Arena *a, const char *server, const JoinToken *t, const char **ret, Err *err)
{
    HttpOptions o = {.server = server, .is_insecure = true};
    ClientRequest req = {.method = "GET", .path = "/cacert", .cluster = "host"};
    CLEANUP(pki_cert_free) PkiCert *ca = NULL;
    CLEANUP(client_close) Client *c = NULL;
    AUTO_BUF der = BUF_INIT;
    char hash[2 * SHA256_LEN + 1];
    Slice pem;
    int r;

    r = http_client_open(&o, &c, err);
    if (r == 0)
        r = call(c, a, &req, &pem, err);
    if (r < 0)
        return err_wrap(err, r, "fetching the CA of %s", server);
    r = pki_cert_from_pem(pem, &ca, err);
    if (r < 0)
        return err_wrap(err, r, "the CA of %s", server);
    pki_cert_write_der(ca, &der);
    if (strcasecmp(sha256_hex(buf_slice(&der), hash), t->ca_hash) != 0)
        return err_set(err, ERR_UNAUTHORIZED,
                       "%s is not the server of this token: its CA has another hash", server);
    *ret = arena_strndup(a, pem.ptr, pem.len);
    return 0;
}

static const char *file_in(Arena *a, const char *dir, const char *name)
{
    return arena_printf(a, "%s/pki/%s", dir, name);
}

static const char *read_text(Arena *a, const char *path)
{
    AUTO_BUF b = BUF_INIT;

    if (fs_read(path, 1 << 20, &b, NULL) < 0)
        return NULL;
    return arena_strdup(a, buf_str(&b));
}

/* A kept certificate counts when it is of this node and does not end within a day. */
static bool load_kept(Arena *a, const char *node, const char *dir, HttpOptions *o)
{
    CLEANUP(pki_cert_free) PkiCert *c = NULL;
    const char *cn, *const *orgs;

    o->cert_pem = read_text(a, file_in(a, dir, "node.crt"));
    o->key_pem = read_text(a, file_in(a, dir, "node.key"));
    o->ca_pem = read_text(a, file_in(a, dir, "ca.crt"));
    if (!o->cert_pem || !o->key_pem || !o->ca_pem ||
        pki_cert_from_pem(slice_of(o->cert_pem), &c, NULL) < 0 ||
        pki_cert_until(c) < clock_now_s() + 86400 || pki_cert_subject(c, a, &cn, &orgs, NULL) < 0)
        return false;
    return strcmp(cn, arena_printf(a, "system:node:%s", node)) == 0;
}

/* Over a connection that the server takes: a certificate for a key made here. */
static int request_cert(Arena *a, Client *c, const char *node, HttpOptions *o, Err *err)
{
    static const char *const orgs[] = {"system:nodes", NULL};
    PkiSubject subject = {.cn = arena_printf(a, "system:node:%s", node), .orgs = orgs};
    ClientRequest req = {
        .method = "POST", .path = "/apis/node.hostplane.io/v1/join", .cluster = "host"};
    CLEANUP(pki_key_free) PkiKey *key = NULL;
    AUTO_BUF csr = BUF_INIT;
    AUTO_BUF key_pem = BUF_INIT;
    Value *body = value_object(a), *answer;
    Slice text;
    int r;

    r = pki_key_new(&key, err);
    if (r == 0)
        r = pki_csr_write(&subject, key, &csr, err);
    if (r < 0)
        return r;
    pki_key_write_pem(key, &key_pem);
    value_set_str(a, body, "nodeName", node);
    value_set_str(a, body, "csr", buf_str(&csr));
    req.body = slice_of(value_to_str(a, body));
    r = call(c, a, &req, &text, err);
    if (r == 0)
        r = value_parse(a, text, &answer, err);
    if (r < 0)
        return r;
    o->cert_pem = value_get_str(answer, "certificate");
    o->key_pem = arena_strdup(a, buf_str(&key_pem));
    if (!o->cert_pem)
        return err_set(err, ERR_INTERNAL, "no certificate in the answer to the join");
    return 0;
}

static int join(Arena *a, const char *server, const JoinToken *t, const char *node, HttpOptions *o,
                Err *err)
{
    HttpOptions with_token = {
        .server = server, .ca_pem = o->ca_pem, .token = arena_printf(a, "%s.%s", t->id, t->secret)};
    CLEANUP(client_close) Client *c = NULL;
    int r = http_client_open(&with_token, &c, err);

    if (r == 0)
        r = request_cert(a, c, node, o, err);
    return r < 0 ? err_wrap(err, r, "joining %s", server) : 0;
}

static int keep(Arena *a, const char *dir, const HttpOptions *o, Err *err)
{
    int r;

    r = fs_mkdirs(arena_printf(a, "%s/pki", dir), 0700, err);
    if (r == 0)
        r = fs_write(file_in(a, dir, "ca.crt"), slice_of(o->ca_pem), 0644, err);
    if (r == 0)
        r = fs_write(file_in(a, dir, "node.key"), slice_of(o->key_pem), 0600, err);
    if (r == 0)
        r = fs_write(file_in(a, dir, "node.crt"), slice_of(o->cert_pem), 0644, err);
    return r;
}

int join_credentials(Arena *a, const char *server, const char *token_file, const char *node,
                     const char *data_dir, HttpOptions *ret, Err *err)
{
    HttpOptions o = {.server = server};
    AUTO_BUF line = BUF_INIT;
    JoinToken token;
    int r;

    if (!load_kept(a, node, data_dir, &o)) {
        if (!token_file)
            return err_set(err, ERR_INVALID,
                           "this node has no certificate yet: --token-file is needed to join");
        r = fs_read(token_file, 4096, &line, err);
        if (r == 0)
            r = join_token_parse(buf_slice(&line), &token, err);
        if (r == 0)
            r = fetch_ca(a, server, &token, &o.ca_pem, err);
        if (r == 0)
            r = join(a, server, &token, node, &o, err);
        if (r == 0)
            r = keep(a, data_dir, &o, err);
        if (r < 0)
            return r;
    }
    *ret = o;
    return 0;
}

/* ---- renewal ---- */

bool join_is_due(int64_t since_s, int64_t until_s, int64_t now_s)
{
    return now_s >= until_s - (until_s - since_s) / 3;
}

int join_renew(Arena *a, Client *client, const char *node, const char *data_dir,
               const char **ret_cert, const char **ret_key, Err *err)
{
    CLEANUP(pki_cert_free) PkiCert *c = NULL;
    HttpOptions o = {.cert_pem = read_text(a, file_in(a, data_dir, "node.crt")),
                     .ca_pem = read_text(a, file_in(a, data_dir, "ca.crt"))};
    int r;

    if (!o.cert_pem || !o.ca_pem || pki_cert_from_pem(slice_of(o.cert_pem), &c, NULL) < 0 ||
        !join_is_due(pki_cert_since(c), pki_cert_until(c), clock_now_s()))
        return 0;
    r = request_cert(a, client, node, &o, err);
    if (r == 0)
        r = keep(a, data_dir, &o, err);
    if (r < 0)
        return err_wrap(err, r, "renewing the node's certificate");
    *ret_cert = o.cert_pem;
    *ret_key = o.key_pem;
    return 1;
}
