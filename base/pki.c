#include "base/pki.h"

#include "base/hmac.h"
#include "base/mem.h"
#include "base/ossl.h"
#include "base/random.h"

#include <arpa/inet.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

/* The three types are OpenSSL's own objects under our names. */
static EVP_PKEY *key_of(const PkiKey *k)
{
    return (EVP_PKEY *)k;
}

static X509 *cert_of(const PkiCert *c)
{
    return (X509 *)c;
}

static X509_REQ *csr_of(const PkiCsr *c)
{
    return (X509_REQ *)c;
}

OSSL_CLEANUP(BIO, bio_freep, BIO_free)
OSSL_CLEANUP(X509, x509_freep, X509_free)
OSSL_CLEANUP(EVP_PKEY, pkey_freep, EVP_PKEY_free)
OSSL_CLEANUP(EVP_PKEY_CTX, pctx_freep, EVP_PKEY_CTX_free)
OSSL_CLEANUP(X509_REQ, req_freep, X509_REQ_free)
OSSL_CLEANUP(X509_NAME, name_freep, X509_NAME_free)
OSSL_CLEANUP(EVP_MD_CTX, md_freep, EVP_MD_CTX_free)
OSSL_CLEANUP(GENERAL_NAMES, names_freep, GENERAL_NAMES_free)
OSSL_CLEANUP(ECDSA_SIG, sig_freep, ECDSA_SIG_free)

/* Raise what OpenSSL reported last, and empty its queue. */
static int ossl_fail(Err *err, ErrCode code, const char *what)
{
    unsigned long e = ERR_peek_last_error();
    const char *reason = e ? ERR_reason_error_string(e) : NULL;

    ERR_clear_error();
    return err_set(err, code, "%s: %s", what, reason ? reason : "failed");
}

static void bio_to_buf(BIO *b, Buf *out)
{
    char *p = NULL;
    long n = BIO_get_mem_data(b, &p);

    buf_add(out, p, (size_t)n);
}

static BIO *bio_of(Slice s)
{
    return s.len > INT32_MAX ? NULL : BIO_new_mem_buf(s.ptr, (int)s.len);
}

/* ---- keys ---- */

int pki_key_new(PkiKey **ret, Err *err)
{
    EVP_PKEY *k = EVP_EC_gen("P-256");

    if (!k)
        return ossl_fail(err, ERR_INTERNAL, "making a key");
    *ret = (PkiKey *)k;
    return 0;
}

/*
 * The form that our own keys have (RFC 5915 in PKCS #8, P-256, with the public key), read here:
 * OpenSSL's decoders take twenty times as long, and every cluster has two keys. NULL: it is
 * another.
 */
enum { SEC1_HEAD = 7, SEC1_PUBLIC = 1 + 2 * PKI_COORD_LEN };

static EVP_PKEY *sec1_key(const unsigned char *der, size_t n)
{
    /* SEQUENCE { INTEGER 1, OCTET STRING of 32 bytes, [1] { BIT STRING of 65 bytes } } */
    static const unsigned char version[] = {0x02, 0x01, 0x01, 0x04, PKI_COORD_LEN},
                               public[] = {0xa1, SEC1_PUBLIC + 3, 0x03, SEC1_PUBLIC + 1, 0x00};
    const unsigned char *priv = der + SEC1_HEAD, *pub = priv + PKI_COORD_LEN + sizeof(public);
    unsigned char native[PKI_COORD_LEN];
    OSSL(pctx_freep) EVP_PKEY_CTX *ctx = NULL;
    EVP_PKEY *k = NULL;

    if (n != SEC1_HEAD + PKI_COORD_LEN + sizeof(public) + SEC1_PUBLIC || der[0] != 0x30 ||
        der[1] != n - 2 || memcmp(der + 2, version, sizeof(version)) != 0 ||
        memcmp(priv + PKI_COORD_LEN, public, sizeof(public)) != 0)
        return NULL;
    for (int i = 0; i < PKI_COORD_LEN; i++)
        native[__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? PKI_COORD_LEN - 1 - i : i] = priv[i];
    {
        OSSL_PARAM params[] = {
            OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char *)"prime256v1", 0),
            OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, (void *)pub, SEC1_PUBLIC),
            OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_PRIV_KEY, native, sizeof(native)),
            OSSL_PARAM_construct_end(),
        };

        ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
        if (!ctx || EVP_PKEY_fromdata_init(ctx) != 1 ||
            EVP_PKEY_fromdata(ctx, &k, EVP_PKEY_KEYPAIR, params) != 1)
            k = NULL;
    }
    OPENSSL_cleanse(native, sizeof(native));
    return k;
}

static EVP_PKEY *own_key(BIO *b)
{
    char *name = NULL, *header = NULL;
    unsigned char *der = NULL;
    const unsigned char *at, *key;
    long n = 0;
    int key_len = 0, param_type;
    const ASN1_OBJECT *oid;
    const X509_ALGOR *alg;
    const void *param;
    PKCS8_PRIV_KEY_INFO *p8 = NULL;
    EVP_PKEY *k = NULL;

    if (PEM_read_bio(b, &name, &header, &der, &n) == 1 && strcmp(name, "PRIVATE KEY") == 0) {
        at = der;
        p8 = d2i_PKCS8_PRIV_KEY_INFO(NULL, &at, n);
    }
    if (p8 && PKCS8_pkey_get0(&oid, &key, &key_len, &alg, p8) == 1 &&
        OBJ_obj2nid(oid) == NID_X9_62_id_ecPublicKey) {
        X509_ALGOR_get0(NULL, &param_type, &param, alg);
        if (param_type == V_ASN1_OBJECT && OBJ_obj2nid(param) == NID_X9_62_prime256v1)
            k = sec1_key(key, (size_t)key_len);
    }
    PKCS8_PRIV_KEY_INFO_free(p8);
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_clear_free(der, (size_t)n);
    ERR_clear_error();
    return k;
}

static bool is_p256(const EVP_PKEY *k)
{
    char group[32] = "";

    return EVP_PKEY_is_a(k, "EC") && EVP_PKEY_get_group_name(k, group, sizeof(group), NULL) == 1 &&
           strcmp(group, "prime256v1") == 0;
}

int pki_key_from_pem(Slice pem, PkiKey **ret, Err *err)
{
    OSSL(bio_freep) BIO *b = bio_of(pem);
    EVP_PKEY *k = b ? own_key(b) : NULL;

    if (!k && b && BIO_reset(b) == 1) /* from its beginning */
        k = PEM_read_bio_PrivateKey(b, NULL, NULL, (void *)"");
    if (!k)
        return ossl_fail(err, ERR_BAD_REQUEST, "reading a private key");
    if (!is_p256(k)) {
        EVP_PKEY_free(k);
        return err_set(err, ERR_BAD_REQUEST, "the private key is not an ECDSA P-256 key");
    }
    *ret = (PkiKey *)k;
    return 0;
}

int pki_key_from_public_pem(Slice pem, PkiKey **ret, Err *err)
{
    OSSL(bio_freep) BIO *b = bio_of(pem);
    EVP_PKEY *k = b ? PEM_read_bio_PUBKEY(b, NULL, NULL, (void *)"") : NULL;

    if (!k)
        return ossl_fail(err, ERR_BAD_REQUEST, "reading a public key");
    if (!is_p256(k)) {
        EVP_PKEY_free(k);
        return err_set(err, ERR_BAD_REQUEST, "the public key is not an ECDSA P-256 key");
    }
    *ret = (PkiKey *)k;
    return 0;
}

void pki_key_write_public_pem(const PkiKey *k, Buf *out)
{
    OSSL(bio_freep) BIO *b = BIO_new(BIO_s_mem());

    BUG_ON(!b || PEM_write_bio_PUBKEY(b, key_of(k)) != 1);
    bio_to_buf(b, out);
}

static void coordinate(const PkiKey *k, const char *param, unsigned char out[PKI_COORD_LEN])
{
    BIGNUM *n = NULL;

    BUG_ON(EVP_PKEY_get_bn_param(key_of(k), param, &n) != 1);
    BUG_ON(BN_bn2binpad(n, out, PKI_COORD_LEN) != PKI_COORD_LEN);
    BN_clear_free(n);
}

int pki_key_derive(const PkiKey *from, const char *label, PkiKey **ret, Err *err)
{
    unsigned char d[PKI_COORD_LEN], seed[HMAC_SHA256_LEN];
    EVP_PKEY *k;

    coordinate(from, OSSL_PKEY_PARAM_PRIV_KEY, d);
    hmac_sha256((Slice){(const char *)d, sizeof(d)}, slice_of(label), seed);
    k = EVP_PKEY_new_raw_private_key_ex(NULL, "ED25519", NULL, seed, sizeof(seed));
    explicit_bzero(d, sizeof(d));
    explicit_bzero(seed, sizeof(seed));
    if (!k)
        return ossl_fail(err, ERR_INTERNAL, "deriving a key");
    *ret = (PkiKey *)k;
    return 0;
}

void pki_key_free(PkiKey *k)
{
    EVP_PKEY_free(key_of(k));
}

void pki_key_write_pem(const PkiKey *k, Buf *out)
{
    OSSL(bio_freep) BIO *b = BIO_new(BIO_s_mem());

    BUG_ON(!b || PEM_write_bio_PKCS8PrivateKey(b, key_of(k), NULL, NULL, 0, NULL, NULL) != 1);
    bio_to_buf(b, out);
}

void pki_key_public(const PkiKey *k, unsigned char x[PKI_COORD_LEN], unsigned char y[PKI_COORD_LEN])
{
    coordinate(k, OSSL_PKEY_PARAM_EC_PUB_X, x);
    coordinate(k, OSSL_PKEY_PARAM_EC_PUB_Y, y);
}

int pki_sign_es256(const PkiKey *k, Slice data, unsigned char ret[PKI_ES256_LEN], Err *err)
{
    OSSL(md_freep) EVP_MD_CTX *m = EVP_MD_CTX_new();
    OSSL(sig_freep) ECDSA_SIG *sig = NULL;
    unsigned char der[128];
    const unsigned char *p = der;
    size_t n = sizeof(der);

    if (!m || EVP_DigestSignInit(m, NULL, EVP_sha256(), NULL, key_of(k)) != 1 ||
        EVP_DigestSign(m, der, &n, (const unsigned char *)data.ptr, data.len) != 1)
        return ossl_fail(err, ERR_INTERNAL, "signing");
    sig = d2i_ECDSA_SIG(NULL, &p, (long)n);
    if (!sig || BN_bn2binpad(ECDSA_SIG_get0_r(sig), ret, 32) != 32 ||
        BN_bn2binpad(ECDSA_SIG_get0_s(sig), ret + 32, 32) != 32)
        return ossl_fail(err, ERR_INTERNAL, "signing");
    return 0;
}

bool pki_verify_es256(const PkiKey *k, Slice data, const unsigned char sig[PKI_ES256_LEN])
{
    OSSL(md_freep) EVP_MD_CTX *m = EVP_MD_CTX_new();
    OSSL(sig_freep) ECDSA_SIG *s = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(sig, 32, NULL), *v = BN_bin2bn(sig + 32, 32, NULL);
    unsigned char *der = NULL;
    bool ok = false;
    int n;

    if (!s || !r || !v || ECDSA_SIG_set0(s, r, v) != 1) {
        BN_free(r);
        BN_free(v);
        return false;
    }
    n = i2d_ECDSA_SIG(s, &der);
    if (m && n > 0 && EVP_DigestVerifyInit(m, NULL, EVP_sha256(), NULL, key_of(k)) == 1)
        ok = EVP_DigestVerify(m, der, (size_t)n, (const unsigned char *)data.ptr, data.len) == 1;
    OPENSSL_free(der);
    ERR_clear_error();
    return ok;
}

/* ---- subjects and extensions ---- */

static int name_add(X509_NAME *n, const char *field, const char *text)
{
    return X509_NAME_add_entry_by_txt(n, field, MBSTRING_UTF8, (const unsigned char *)text, -1, -1,
                                      0);
}

static X509_NAME *name_of(const PkiSubject *s)
{
    X509_NAME *n = X509_NAME_new();

    for (size_t i = 0; n && s->orgs && s->orgs[i]; i++)
        if (name_add(n, "O", s->orgs[i]) != 1)
            goto fail;
    if (n && name_add(n, "CN", s->cn) == 1)
        return n;
fail:
    X509_NAME_free(n);
    return NULL;
}

/* The subjectAltName values, NULL when a name cannot be encoded. */
static GENERAL_NAMES *alt_names(const char *const *names)
{
    GENERAL_NAMES *all = GENERAL_NAMES_new();

    for (size_t i = 0; all && names[i]; i++) {
        ASN1_OCTET_STRING *ip = a2i_IPADDRESS(names[i]);
        GENERAL_NAME *g = GENERAL_NAME_new();

        if (ip) {
            GENERAL_NAME_set0_value(g, GEN_IPADD, ip);
        } else {
            ASN1_IA5STRING *dns = ASN1_IA5STRING_new();

            ERR_clear_error();
            if (!dns || ASN1_STRING_set(dns, names[i], -1) != 1) {
                ASN1_IA5STRING_free(dns);
                GENERAL_NAME_free(g);
                GENERAL_NAMES_free(all);
                return NULL;
            }
            GENERAL_NAME_set0_value(g, GEN_DNS, dns);
        }
        if (sk_GENERAL_NAME_push(all, g) == 0) {
            GENERAL_NAME_free(g);
            GENERAL_NAMES_free(all);
            return NULL;
        }
    }
    return all;
}

/* One extension from OpenSSL's text form; `value` is a constant of this file. */
static int add_ext(X509 *c, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509_EXTENSION *e;
    int r;

    X509V3_set_ctx(&ctx, issuer, c, NULL, NULL, 0);
    e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    if (!e)
        return 0;
    r = X509_add_ext(c, e, -1);
    X509_EXTENSION_free(e);
    return r;
}

static int set_serial(X509 *c, const char *of)
{
    unsigned char b[HMAC_SHA256_LEN];
    BIGNUM *n;
    int ok;

    if (of)
        hmac_sha256(SLICE("serial"), slice_of(of), b);
    else
        random_bytes(b, sizeof(b));
    b[0] = (unsigned char)((b[0] & 0x7f) | 0x40); /* positive, and always as long */
    n = BN_bin2bn(b, 16, NULL);
    ok = n && BN_to_ASN1_INTEGER(n, X509_get_serialNumber(c)) != NULL;
    BN_free(n);
    return ok;
}

static int set_use(X509 *c, X509 *issuer, const PkiUse *u)
{
    char basic[64];

    if (u->is_ca) {
        snprintf(basic, sizeof(basic), "critical,CA:TRUE,pathlen:%d", u->path_len);
        return add_ext(c, issuer, NID_basic_constraints, basic) == 1 &&
               add_ext(c, issuer, NID_key_usage, "critical,digitalSignature,keyCertSign,cRLSign");
    }
    return add_ext(c, issuer, NID_basic_constraints, "critical,CA:FALSE") == 1 &&
           add_ext(c, issuer, NID_key_usage, "critical,digitalSignature,keyEncipherment") == 1 &&
           (!(u->is_client || u->is_server) ||
            add_ext(c, issuer, NID_ext_key_usage,
                    u->is_client && u->is_server ? "clientAuth,serverAuth"
                    : u->is_client               ? "clientAuth"
                                                 : "serverAuth") == 1);
}

/* Ed25519 has its own. */
static const EVP_MD *digest_for(const PkiKey *k)
{
    return EVP_PKEY_is_a(key_of(k), "ED25519") ? NULL : EVP_sha256();
}

/* The common part: everything but where subject, key and names come from. */
static int issue(X509_NAME *subject, const GENERAL_NAMES *names, EVP_PKEY *pub, const PkiUse *u,
                 const PkiCert *issuer, const PkiKey *issuer_key, PkiCert **ret, Err *err)
{
    OSSL(x509_freep) X509 *c = X509_new();
    X509 *by = issuer ? cert_of(issuer) : c;

    if (!c || X509_set_version(c, X509_VERSION_3) != 1 || !set_serial(c, u->serial_of) ||
        !ASN1_TIME_set(X509_getm_notBefore(c), (time_t)u->from_s) ||
        !ASN1_TIME_set(X509_getm_notAfter(c), (time_t)u->until_s) ||
        X509_set_subject_name(c, subject) != 1 ||
        X509_set_issuer_name(c, issuer ? X509_get_subject_name(by) : subject) != 1 ||
        X509_set_pubkey(c, pub) != 1 || !set_use(c, by, u) ||
        add_ext(c, by, NID_subject_key_identifier, "hash") != 1 ||
        (issuer && add_ext(c, by, NID_authority_key_identifier, "keyid:always") != 1) ||
        (names && sk_GENERAL_NAME_num(names) > 0 &&
         X509_add1_ext_i2d(c, NID_subject_alt_name, (void *)names, 0, 0) != 1) ||
        X509_sign(c, key_of(issuer_key), digest_for(issuer_key)) == 0)
        return ossl_fail(err, ERR_INTERNAL, "issuing a certificate");
    *ret = (PkiCert *)TAKE(c);
    return 0;
}

int pki_issue(const PkiSubject *s, const PkiUse *u, const PkiKey *key, const PkiCert *issuer,
              const PkiKey *issuer_key, PkiCert **ret, Err *err)
{
    OSSL(name_freep) X509_NAME *n = name_of(s);
    OSSL(names_freep) GENERAL_NAMES *names = s->names ? alt_names(s->names) : NULL;

    if (!n || (s->names && !names))
        return ossl_fail(err, ERR_BAD_REQUEST, "encoding the subject of a certificate");
    return issue(n, names, key_of(key), u, issuer, issuer ? issuer_key : key, ret, err);
}

static GENERAL_NAMES *names_of_csr(const PkiCsr *csr)
{
    STACK_OF(X509_EXTENSION) *exts = X509_REQ_get_extensions(csr_of(csr));
    GENERAL_NAMES *names = exts ? X509V3_get_d2i(exts, NID_subject_alt_name, NULL, NULL) : NULL;

    sk_X509_EXTENSION_pop_free(exts, X509_EXTENSION_free);
    return names;
}

int pki_issue_csr(const PkiCsr *csr, const PkiUse *u, const PkiCert *issuer,
                  const PkiKey *issuer_key, PkiCert **ret, Err *err)
{
    OSSL(names_freep) GENERAL_NAMES *names = names_of_csr(csr);

    return issue(X509_REQ_get_subject_name(csr_of(csr)), names, X509_REQ_get0_pubkey(csr_of(csr)),
                 u, issuer, issuer_key, ret, err);
}

/* ---- certificates ---- */

int pki_cert_from_pem(Slice pem, PkiCert **ret, Err *err)
{
    OSSL(bio_freep) BIO *b = bio_of(pem);
    X509 *c = b ? PEM_read_bio_X509(b, NULL, NULL, (void *)"") : NULL;

    if (!c)
        return ossl_fail(err, ERR_BAD_REQUEST, "reading a certificate");
    *ret = (PkiCert *)c;
    return 0;
}

int pki_cert_from_der(Slice der, PkiCert **ret, Err *err)
{
    const unsigned char *p = (const unsigned char *)der.ptr;
    X509 *c = der.len > INT32_MAX ? NULL : d2i_X509(NULL, &p, (long)der.len);

    if (!c || p != (const unsigned char *)der.ptr + der.len) {
        X509_free(c);
        return ossl_fail(err, ERR_BAD_REQUEST, "reading a certificate");
    }
    *ret = (PkiCert *)c;
    return 0;
}

const char *pki_pair_mistake(Slice cert_der, Slice key_der)
{
    const unsigned char *p = (const unsigned char *)key_der.ptr;
    OSSL(pkey_freep) EVP_PKEY *key = NULL;
    CLEANUP(pki_cert_free) PkiCert *cert = NULL;
    EVP_PKEY *public;
    const char *why = NULL;

    if (pki_cert_from_der(cert_der, &cert, NULL) < 0)
        return "x509: malformed certificate";
    key = key_der.len > INT32_MAX ? NULL : d2i_AutoPrivateKey(NULL, &p, (long)key_der.len);
    public = X509_get0_pubkey(cert_of(cert));
    if (!key)
        why = "tls: failed to parse private key";
    else if (!public || !(EVP_PKEY_is_a(public, "RSA") || EVP_PKEY_is_a(public, "EC") ||
                          EVP_PKEY_is_a(public, "ED25519")))
        why = "tls: unknown public key algorithm";
    else if (EVP_PKEY_get_id(key) != EVP_PKEY_get_id(public))
        why = "tls: private key type does not match public key type";
    else if (EVP_PKEY_eq(key, public) != 1)
        why = "tls: private key does not match public key";
    ERR_clear_error();
    return why;
}

void pki_cert_free(PkiCert *c)
{
    X509_free(cert_of(c));
}

void pki_cert_write_pem(const PkiCert *c, Buf *out)
{
    OSSL(bio_freep) BIO *b = BIO_new(BIO_s_mem());

    BUG_ON(!b || PEM_write_bio_X509(b, cert_of(c)) != 1);
    bio_to_buf(b, out);
}

void pki_cert_write_der(const PkiCert *c, Buf *out)
{
    unsigned char *der = NULL;
    int n = i2d_X509(cert_of(c), &der);

    BUG_ON(n <= 0);
    buf_add(out, der, (size_t)n);
    OPENSSL_free(der);
}

int64_t pki_cert_since(const PkiCert *c)
{
    struct tm tm;

    if (ASN1_TIME_to_tm(X509_get0_notBefore(cert_of(c)), &tm) != 1)
        return 0;
    return timegm(&tm);
}

int64_t pki_cert_until(const PkiCert *c)
{
    struct tm tm;

    if (ASN1_TIME_to_tm(X509_get0_notAfter(cert_of(c)), &tm) != 1)
        return 0;
    return timegm(&tm);
}

static const char *entry_text(const X509_NAME *n, int at, Arena *a)
{
    ASN1_STRING *data = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(n, at));
    unsigned char *utf8 = NULL;
    int len = ASN1_STRING_to_UTF8(&utf8, data);
    const char *s = NULL;

    if (len >= 0 && memchr(utf8, 0, (size_t)len) == NULL)
        s = arena_strndup(a, (const char *)utf8, (size_t)len);
    if (len >= 0)
        OPENSSL_free(utf8);
    return s;
}

static int subject_of(const X509_NAME *n, Arena *a, const char **ret_cn,
                      const char *const **ret_orgs, Err *err)
{
    int total = X509_NAME_entry_count(n), n_orgs = 0, at;
    const char **orgs = arena_array(a, const char *, (size_t)total + 1);
    const char *cn = "";

    for (at = -1; (at = X509_NAME_get_index_by_NID(n, NID_organizationName, at)) >= 0;) {
        orgs[n_orgs] = entry_text(n, at, a);
        if (!orgs[n_orgs++])
            return err_set(err, ERR_BAD_REQUEST, "the subject's organization is not readable");
    }
    /* The last CN counts, as in Go's pkix.Name. */
    for (at = -1; (at = X509_NAME_get_index_by_NID(n, NID_commonName, at)) >= 0;) {
        cn = entry_text(n, at, a);
        if (!cn)
            return err_set(err, ERR_BAD_REQUEST, "the subject's common name is not readable");
    }
    *ret_cn = cn;
    *ret_orgs = orgs;
    return 0;
}

int pki_cert_subject(const PkiCert *c, Arena *a, const char **ret_cn, const char *const **ret_orgs,
                     Err *err)
{
    return subject_of(X509_get_subject_name(cert_of(c)), a, ret_cn, ret_orgs, err);
}

int pki_cert_issuer(const PkiCert *c, Arena *a, const char **ret_cn, Err *err)
{
    const char *const *orgs;

    return subject_of(X509_get_issuer_name(cert_of(c)), a, ret_cn, &orgs, err);
}

int pki_check_client(const PkiCert *c, const PkiCert *ca, int64_t now_s, Err *err)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    int r = 0, why = X509_V_ERR_UNSPECIFIED;

    if (store && ctx && X509_STORE_add_cert(store, cert_of(ca)) == 1 &&
        X509_STORE_CTX_init(ctx, store, cert_of(c), NULL) == 1) {
        X509_VERIFY_PARAM *p = X509_STORE_CTX_get0_param(ctx);

        X509_VERIFY_PARAM_set_flags(p, X509_V_FLAG_PARTIAL_CHAIN);
        X509_VERIFY_PARAM_set_purpose(p, X509_PURPOSE_SSL_CLIENT);
        X509_VERIFY_PARAM_set_time(p, (time_t)now_s);
        if (X509_verify_cert(ctx) == 1 && sk_X509_num(X509_STORE_CTX_get0_chain(ctx)) == 2)
            why = X509_V_OK;
        else if (X509_STORE_CTX_get_error(ctx) != X509_V_OK)
            why = X509_STORE_CTX_get_error(ctx);
    }
    if (why != X509_V_OK)
        r = err_set(err, ERR_UNAUTHORIZED, "the client certificate does not hold: %s",
                    X509_verify_cert_error_string(why));
    X509_STORE_CTX_free(ctx);
    X509_STORE_free(store);
    ERR_clear_error();
    return r;
}

/* ---- requests ---- */

int pki_csr_write(const PkiSubject *s, const PkiKey *key, Buf *ret_pem, Err *err)
{
    OSSL(req_freep) X509_REQ *req = X509_REQ_new();
    OSSL(name_freep) X509_NAME *n = name_of(s);
    OSSL(names_freep) GENERAL_NAMES *names = s->names ? alt_names(s->names) : NULL;
    OSSL(bio_freep) BIO *b = BIO_new(BIO_s_mem());
    STACK_OF(X509_EXTENSION) *exts = NULL;
    bool ok = req && n && b && (!s->names || names);

    if (ok && names && sk_GENERAL_NAME_num(names) > 0)
        ok = X509V3_add1_i2d(&exts, NID_subject_alt_name, names, 0, 0) == 1 &&
             X509_REQ_add_extensions(req, exts) == 1;
    ok = ok && X509_REQ_set_version(req, X509_REQ_VERSION_1) == 1 &&
         X509_REQ_set_subject_name(req, n) == 1 && X509_REQ_set_pubkey(req, key_of(key)) == 1 &&
         X509_REQ_sign(req, key_of(key), EVP_sha256()) > 0 && PEM_write_bio_X509_REQ(b, req) == 1;
    sk_X509_EXTENSION_pop_free(exts, X509_EXTENSION_free);
    if (!ok)
        return ossl_fail(err, ERR_INTERNAL, "making a certificate request");
    bio_to_buf(b, ret_pem);
    return 0;
}

PkiCsrState pki_csr_check(Slice der, const char **ret_alg)
{
    const unsigned char *p = (const unsigned char *)der.ptr, *end = p + der.len;
    OSSL(req_freep)
    X509_REQ *req = der.len > INT32_MAX ? NULL : d2i_X509_REQ(NULL, &p, (long)der.len);
    EVP_PKEY *pub = req ? X509_REQ_get0_pubkey(req) : NULL;
    bool holds = pub && p == end && X509_REQ_verify(req, pub) == 1;

    ERR_clear_error();
    *ret_alg = "";
    if (!pub || p != end)
        return PKI_CSR_BROKEN;
    *ret_alg = EVP_PKEY_is_a(pub, "RSA")       ? "RSA"
               : EVP_PKEY_is_a(pub, "EC")      ? "ECDSA"
               : EVP_PKEY_is_a(pub, "ED25519") ? "Ed25519"
                                               : "";
    return holds ? PKI_CSR_GOOD : PKI_CSR_UNSIGNED;
}

int pki_csr_from_pem(Slice pem, PkiCsr **ret, Err *err)
{
    OSSL(bio_freep) BIO *b = bio_of(pem);
    OSSL(req_freep) X509_REQ *req = b ? PEM_read_bio_X509_REQ(b, NULL, NULL, (void *)"") : NULL;
    EVP_PKEY *pub = req ? X509_REQ_get0_pubkey(req) : NULL;

    if (!pub)
        return ossl_fail(err, ERR_BAD_REQUEST, "reading a certificate request");
    if (X509_REQ_verify(req, pub) != 1)
        return ossl_fail(err, ERR_BAD_REQUEST, "the certificate request's signature does not hold");
    *ret = (PkiCsr *)TAKE(req);
    return 0;
}

void pki_csr_free(PkiCsr *c)
{
    X509_REQ_free(csr_of(c));
}

int pki_csr_subject(const PkiCsr *c, Arena *a, const char **ret_cn, const char *const **ret_orgs,
                    Err *err)
{
    return subject_of(X509_REQ_get_subject_name(csr_of(c)), a, ret_cn, ret_orgs, err);
}

void pki_csr_names(const PkiCsr *c, PkiNames *ret)
{
    OSSL(names_freep) GENERAL_NAMES *names = names_of_csr(c);

    *ret = (PkiNames){0};
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names); i++) {
        int type = sk_GENERAL_NAME_value(names, i)->type;

        ret->n_dns += type == GEN_DNS;
        ret->n_ip += type == GEN_IPADD;
        ret->n_email += type == GEN_EMAIL;
        ret->n_uri += type == GEN_URI;
    }
    ERR_clear_error();
}
