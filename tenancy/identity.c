#include "tenancy/identity.h"

#include "api/jwtauth.h"
#include "base/b64.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/random.h"
#include "base/token.h"

#include <stdatomic.h>

/*
 * The blob is JSON: {"ca":{"certificate":PEM,"key":PEM},"tokens":{"key":PEM}}. It is plaintext
 * only in memory; the store encrypts it before it leaves the process.
 */
struct Identity {
    _Atomic uint32_t refs;
    char *cluster, *ca_pem, *kid;
    PkiCert *ca;
    PkiKey *ca_key, *token_key;
};

enum {
    CA_LIFETIME_S = 10 * 365 * 86400,
    MAX_CN = 64, /* characters that X.509 allows a common name */
    PEM_BYTES = 512,
    BLOB_BYTES = 4096,
    CLOCK_SKEW_S = 300, /* certificates are valid from a little before now */
};

const char *identity_issuer(void)
{
    return SERVICE_ACCOUNT_ISSUER;
}

static int add_key(Arena *a, Value *into, const PkiKey *k)
{
    AUTO_WIPED_BUF pem = BUF_INIT;

    buf_reserve(&pem, PEM_BYTES);
    pki_key_write_pem(k, &pem);
    value_set_str(a, into, "key", buf_str(&pem));
    return 0;
}

static const char tenant_ca[] = "hostplane tenant ";

int identity_create(const Identity *platform, const char *cluster, Buf *ret, Err *err)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(pki_key_free) PkiKey *ca_key = NULL, *token_key = NULL;
    CLEANUP(pki_cert_free) PkiCert *ca = NULL;
    AUTO_BUF pem = BUF_INIT;
    const char *cn = platform ? arena_printf(a, "%s%.47s", tenant_ca, cluster) : "hostplane";
    int64_t now = clock_now_s();
    PkiUse use = {.from_s = now - CLOCK_SKEW_S,
                  .until_s = now + CA_LIFETIME_S,
                  .is_ca = true,
                  .path_len = platform ? 0 : 1};
    Value *v = value_object(a);
    int r = pki_key_new(&ca_key, err);

    if (r == 0)
        r = pki_key_new(&token_key, err);
    if (r == 0) /* X.509 allows a common name 64 characters */
        r = pki_issue(&(PkiSubject){.cn = cn}, &use, ca_key, platform ? platform->ca : NULL,
                      platform ? platform->ca_key : NULL, &ca, err);
    if (r < 0)
        return err_wrap(err, r, "making the identity of cluster '%s'", cluster);
    arena_wipe(a);
    buf_reserve(ret, BLOB_BYTES); /* so that no copy is left behind */
    pki_cert_write_pem(ca, &pem);
    value_set_at(a, v, "ca.certificate", value_str(a, buf_str(&pem)));
    add_key(a, value_need(a, v, "ca"), ca_key);
    add_key(a, value_need(a, v, "tokens"), token_key);
    value_print(v, ret);
    return 0;
}

/* The key's name in token headers: the cluster, and a digest of the public key. */
static char *key_id(const char *cluster, const PkiKey *k)
{
    unsigned char xy[2 * PKI_COORD_LEN];
    char hex[2 * SHA256_LEN + 1];

    pki_key_public(k, xy, xy + PKI_COORD_LEN);
    sha256_hex((Slice){(const char *)xy, sizeof(xy)}, hex);
    return xasprintf("%s/%.16s", cluster, hex);
}

int identity_open(Slice blob, const char *cluster, Identity **ret, Err *err)
{
    CLEANUP(identity_close) Identity *i = xcalloc(1, sizeof(*i));
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *cert, *ca_key, *token_key;
    Value *v = NULL;
    int r;

    arena_wipe(a);
    r = value_parse(a, blob, &v, err);
    i->refs = 1;
    if (r < 0)
        return err_wrap(err, r, "reading the identity of cluster '%s'", cluster);
    cert = value_at_str(v, "ca.certificate");
    ca_key = value_at_str(v, "ca.key");
    token_key = value_at_str(v, "tokens.key");
    if (!cert || !ca_key || !token_key)
        return err_set(err, ERR_INTERNAL, "the identity of cluster '%s' is incomplete", cluster);
    i->cluster = xstrdup(cluster);
    i->ca_pem = xstrdup(cert);
    r = pki_cert_from_pem(slice_of(cert), &i->ca, err);
    if (r == 0)
        r = pki_key_from_pem(slice_of(ca_key), &i->ca_key, err);
    if (r == 0)
        r = pki_key_from_pem(slice_of(token_key), &i->token_key, err);
    if (r < 0)
        return err_set(err, ERR_INTERNAL, "the identity of cluster '%s' is damaged", cluster);
    i->kid = key_id(cluster, i->token_key);
    *ret = TAKE(i);
    return 0;
}

static void write_public(const char *ca_pem, const PkiKey *token_key, Buf *ret)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF pem = BUF_INIT;
    Value *v = value_object(a);

    pki_key_write_public_pem(token_key, &pem);
    value_set_at(a, v, "ca.certificate", value_str(a, ca_pem));
    value_set_at(a, v, "tokens.public", value_str(a, buf_str(&pem)));
    value_print(v, ret);
}

void identity_write_public(const Identity *i, Buf *ret)
{
    write_public(i->ca_pem, i->token_key, ret);
}

void identity_public_of(Slice blob, Buf *ret)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(pki_key_free) PkiKey *key = NULL;
    const char *cert, *pem;
    Value *v = NULL;

    arena_wipe(a);
    if (value_parse(a, blob, &v, NULL) < 0)
        return;
    cert = value_at_str(v, "ca.certificate");
    pem = value_at_str(v, "tokens.key");
    if (cert && pem && pki_key_from_pem(slice_of(pem), &key, NULL) == 0)
        write_public(cert, key, ret);
}

int identity_open_public(Slice text, const char *cluster, Identity **ret, Err *err)
{
    CLEANUP(identity_close) Identity *i = xcalloc(1, sizeof(*i));
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *cert, *key;
    Value *v = NULL;
    int r = value_parse(a, text, &v, err);

    i->refs = 1;
    if (r < 0)
        return r;
    cert = value_at_str(v, "ca.certificate");
    key = value_at_str(v, "tokens.public");
    if (!cert || !key)
        return err_set(err, ERR_INTERNAL, "what is public of cluster '%s' is incomplete", cluster);
    r = pki_cert_from_pem(slice_of(cert), &i->ca, err);
    if (r == 0)
        r = pki_key_from_public_pem(slice_of(key), &i->token_key, err);
    if (r < 0)
        return r;
    i->cluster = xstrdup(cluster);
    i->ca_pem = xstrdup(cert);
    i->kid = key_id(cluster, i->token_key);
    *ret = TAKE(i);
    return 0;
}

Identity *identity_ref(Identity *i)
{
    atomic_fetch_add(&i->refs, 1);
    return i;
}

void identity_close(Identity *i)
{
    if (!i || atomic_fetch_sub(&i->refs, 1) > 1)
        return;
    pki_cert_free(i->ca);
    pki_key_free(i->ca_key);
    pki_key_free(i->token_key);
    free(i->cluster);
    free(i->ca_pem);
    free(i->kid);
    free(i);
}

const char *identity_ca_pem(const Identity *i)
{
    return i->ca_pem;
}

/* Is the CA itself signed by another one? Then clients send it along. */
static const char *with_chain(const Identity *i, Arena *a, const PkiCert *leaf)
{
    AUTO_BUF pem = BUF_INIT;

    pki_cert_write_pem(leaf, &pem);
    if (!str_eq(i->cluster, "host"))
        buf_adds(&pem, i->ca_pem);
    return arena_strdup(a, buf_str(&pem));
}

static const char *cert_pem(Arena *a, const PkiCert *c)
{
    AUTO_BUF pem = BUF_INIT;

    pki_cert_write_pem(c, &pem);
    return arena_strdup(a, buf_str(&pem));
}

typedef struct Authority { /* borrowed */
    const PkiCert *ca;
    const PkiKey *key;
} Authority;

/* For a fresh key. */
static int issue_by(Authority by, Arena *a, const PkiSubject *s, PkiUse use, int64_t lifetime_s,
                    PkiCert **ret, const char **ret_key, Err *err)
{
    CLEANUP(pki_key_free) PkiKey *k = NULL;
    AUTO_BUF pem = BUF_INIT;
    int64_t now = clock_now_s();
    int r = pki_key_new(&k, err);

    use.from_s = now - CLOCK_SKEW_S;
    use.until_s = MIN(now + lifetime_s, pki_cert_until(by.ca));
    if (r == 0)
        r = pki_issue(s, &use, k, by.ca, by.key, ret, err);
    if (r < 0)
        return r;
    pki_key_write_pem(k, &pem);
    *ret_key = arena_strdup(a, buf_str(&pem));
    explicit_bzero(pem.ptr, pem.len);
    return 0;
}

static int issue(const Identity *i, Arena *a, const PkiSubject *s, PkiUse use, int64_t lifetime_s,
                 const char **ret_cert, const char **ret_key, Err *err)
{
    CLEANUP(pki_cert_free) PkiCert *c = NULL;
    int r = issue_by((Authority){i->ca, i->ca_key}, a, s, use, lifetime_s, &c, ret_key, err);

    if (r == 0)
        *ret_cert = with_chain(i, a, c);
    return r;
}

int identity_issue_client(const Identity *i, Arena *a, const char *user, const char *const *groups,
                          int64_t lifetime_s, const char **ret_cert, const char **ret_key, Err *err)
{
    return issue(i, a, &(PkiSubject){.cn = user, .orgs = groups}, (PkiUse){.is_client = true},
                 lifetime_s, ret_cert, ret_key, err);
}

int identity_issue_server(const Identity *i, Arena *a, const char *cn, const char *const *names,
                          int64_t lifetime_s, const char **ret_cert, const char **ret_key, Err *err)
{
    return issue(i, a, &(PkiSubject){.cn = cn, .names = names}, (PkiUse){.is_server = true},
                 lifetime_s, ret_cert, ret_key, err);
}

static int front_ca(const Identity *i, Arena *a, PkiCert **ret, PkiKey **ret_key, Err *err)
{
    CLEANUP(pki_key_free) PkiKey *key = NULL;
    PkiUse use = {.from_s = pki_cert_since(i->ca),
                  .until_s = pki_cert_until(i->ca),
                  .is_ca = true,
                  .serial_of = i->ca_pem};
    /* X.509 allows a common name 64 characters */
    PkiSubject who = {.cn = arena_printf(a, "front-proxy-ca %.47s", i->cluster)};
    int r = pki_key_derive(i->ca_key, "front-proxy-ca", &key, err);

    if (r == 0)
        r = pki_issue(&who, &use, key, NULL, NULL, ret, err);
    if (r == 0)
        *ret_key = TAKE(key);
    return r;
}

int identity_front_ca(const Identity *i, Arena *a, const char **ret_pem, Err *err)
{
    CLEANUP(pki_key_free) PkiKey *key = NULL;
    CLEANUP(pki_cert_free) PkiCert *ca = NULL;
    int r = front_ca(i, a, &ca, &key, err);

    if (r == 0)
        *ret_pem = cert_pem(a, ca);
    return r;
}

int identity_issue_front(const Identity *i, Arena *a, int64_t lifetime_s, const char **ret_cert,
                         const char **ret_key, Err *err)
{
    CLEANUP(pki_key_free) PkiKey *ca_key = NULL;
    CLEANUP(pki_cert_free) PkiCert *ca = NULL, *c = NULL;
    int r = front_ca(i, a, &ca, &ca_key, err);

    if (r == 0)
        r = issue_by((Authority){ca, ca_key}, a, &(PkiSubject){.cn = IDENTITY_FRONT_PROXY},
                     (PkiUse){.is_client = true}, lifetime_s, &c, ret_key, err);
    if (r == 0)
        *ret_cert = cert_pem(a, c);
    return r;
}

/* An authority that nobody trusts yet, for one certificate. */
static int issuer_apart(const Identity *i, Arena *a, int64_t until_s, PkiCert **ret,
                        PkiKey **ret_key, Err *err)
{
    PkiUse use = {.from_s = clock_now_s() - CLOCK_SKEW_S, .until_s = until_s, .is_ca = true};
    PkiSubject who = {.cn = arena_printf(a, "kubelet-serving.%s", i->cluster)};
    CLEANUP(pki_key_free) PkiKey *key = NULL;
    int r = pki_key_new(&key, err);

    if (r == 0)
        r = pki_issue(&who, &use, key, NULL, NULL, ret, err);
    if (r == 0)
        *ret_key = TAKE(key);
    return r;
}

static int sign_apart(const Identity *i, Arena *a, const PkiCsr *csr, const PkiUse *use,
                      const char **ret_cert, Err *err)
{
    CLEANUP(pki_cert_free) PkiCert *c = NULL, *ca = NULL;
    CLEANUP(pki_key_free) PkiKey *key = NULL;
    AUTO_BUF pem = BUF_INIT;
    int r = issuer_apart(i, a, use->until_s, &ca, &key, err);

    if (r == 0)
        r = pki_issue_csr(csr, use, ca, key, &c, err);
    if (r < 0)
        return r;
    pki_cert_write_pem(c, &pem);
    pki_cert_write_pem(ca, &pem);
    *ret_cert = arena_strdup(a, buf_str(&pem));
    return 0;
}

int identity_sign_csr(const Identity *i, Arena *a, const char *csr_pem, int64_t lifetime_s,
                      bool is_client, bool is_server, const char **ret_cert, Err *err)
{
    CLEANUP(pki_csr_free) PkiCsr *csr = NULL;
    CLEANUP(pki_cert_free) PkiCert *c = NULL;
    int64_t now = clock_now_s();
    PkiUse use = {.from_s = now - CLOCK_SKEW_S,
                  .until_s = MIN(now + lifetime_s, pki_cert_until(i->ca)),
                  .is_client = is_client,
                  .is_server = is_server};
    int r = pki_csr_from_pem(slice_of(csr_pem), &csr, err);

    if (r == 0 && is_server && !str_eq(i->cluster, "host"))
        return sign_apart(i, a, csr, &use, ret_cert, err);
    if (r == 0)
        r = pki_issue_csr(csr, &use, i->ca, i->ca_key, &c, err);
    if (r < 0)
        return r;
    *ret_cert = with_chain(i, a, c);
    return 0;
}

int identity_check_cert(const Identity *i, Arena *a, const Slice *chain, size_t n,
                        const char **ret_user, const char *const **ret_groups,
                        int64_t *ret_issued_s, Err *err)
{
    CLEANUP(pki_cert_free) PkiCert *c = NULL;
    int r;

    if (n == 0)
        return err_set(err, ERR_UNAUTHORIZED, "no client certificate");
    r = pki_cert_from_der(chain[0], &c, err);
    if (r < 0)
        return err_set(err, ERR_UNAUTHORIZED, "the client certificate cannot be read");
    r = pki_check_client(c, i->ca, clock_now_s(), err);
    if (r == 0)
        r = pki_cert_subject(c, a, ret_user, ret_groups, err);
    if (r == 0 && !**ret_user)
        r = -ERR_BAD_REQUEST;
    if (r == -ERR_BAD_REQUEST)
        return err_set(err, ERR_UNAUTHORIZED, "the client certificate names no user");
    *ret_issued_s = pki_cert_since(c) + CLOCK_SKEW_S;
    return r;
}

Slice identity_cert_cluster(Arena *a, Slice der)
{
    CLEANUP(pki_cert_free) PkiCert *c = NULL;
    const char *cn;

    if (pki_cert_from_der(der, &c, NULL) < 0 || pki_cert_issuer(c, a, &cn, NULL) < 0 ||
        !str_starts(cn, tenant_ca) || strlen(cn) >= MAX_CN) /* it may be cut off */
        return SLICE("");
    return slice_of(cn + strlen(tenant_ca));
}

int identity_sign_token(const Identity *i, Arena *a, const Value *claims, const char **ret,
                        Err *err)
{
    AUTO_BUF text = BUF_INIT;
    int r = token_sign(i->token_key, i->kid, claims, &text, err);

    if (r < 0)
        return r;
    *ret = arena_strdup(a, buf_str(&text));
    return 0;
}

/* In the order, and with the words, of upstream's pkg/serviceaccount/jwt.go. */
int identity_check_token(const Identity *i, Arena *a, Slice token, Value **ret_claims, Err *err)
{
    Token t;
    int r;

    if (token_parse(a, token, &t, NULL) < 0 ||
        !str_eq(value_get_str(t.claims, "iss"), identity_issuer()))
        return err_set(err, ERR_UNAUTHORIZED, TOKEN_INVALID);
    if (t.kid[0] && !str_eq(t.kid, i->kid))
        return err_set(err, ERR_UNAUTHORIZED, "invalid signature, no keys found");
    r = token_verify(&t, i->token_key, err);
    if (r < 0)
        return r;
    *ret_claims = t.claims;
    return 0;
}

void identity_write_jwks(const Identity *i, Buf *out)
{
    unsigned char x[PKI_COORD_LEN], y[PKI_COORD_LEN];

    pki_key_public(i->token_key, x, y);
    buf_addf(out,
             "{\"keys\":[{\"use\":\"sig\",\"kty\":\"EC\",\"kid\":\"%s\",\"crv\":\"P-256\","
             "\"alg\":\"ES256\",\"x\":\"",
             i->kid);
    b64url_encode((Slice){(char *)x, sizeof(x)}, out);
    buf_adds(out, "\",\"y\":\"");
    b64url_encode((Slice){(char *)y, sizeof(y)}, out);
    buf_adds(out, "\"}]}");
}
