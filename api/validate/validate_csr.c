/*
 * validate_csr.c - requests for certificates.
 */
#include "api/validate_int.h"
#include "base/b64.h"
#include "base/pemblock.h"
#include "base/pki.h"

#define GROUP "certificates.k8s.io"

#define USAGES                                                                                     \
    "any|cert sign|client auth|code signing|content commitment|crl sign|data encipherment|"        \
    "decipher only|digital signature|email protection|encipher only|ipsec end system|"             \
    "ipsec tunnel|ipsec user|key agreement|key encipherment|microsoft sgc|netscape sgc|"           \
    "ocsp signing|s/mime|server auth|signing|timestamping"

/* The first of the labels of `part` that is none. */
static void check_labels(FieldErrs *e, const Path *p, const char *part, NameFn name)
{
    Slice rest = slice_of(part), label;
    Msgs m = {.n = 0};
    bool more;

    do {
        char *text;

        more = slice_cut(&rest, '.', &label);
        text = arena_strndup(e->arena, label.ptr, label.len);
        name(text, &m);
        for (uint32_t i = 0; i < m.n; i++)
            bad_str(e, p, part, "validating label \"%s\": %s", text, m.items[i]);
    } while (more && m.n == 0);
}

static void check_signer(FieldErrs *e, const Path *p, const char *name)
{
    enum { DOMAIN_MAX = 253, SIGNER_MAX = 571 };
    const char *slash = strchr(name, '/'), *domain;

    if (name[0] == '\0') {
        missing(e, p, NULL);
        return;
    }
    if (!slash || strchr(slash + 1, '/')) {
        bad_str(e, p, name,
                "must be a fully qualified domain and path of the form 'example.com/signer-name'");
        return;
    }
    if (strcmp(name, "kubernetes.io/legacy-unknown") == 0) {
        bad_str(e, p, name, "the legacy signerName is not allowed via this API version");
        return;
    }
    domain = arena_strndup(e->arena, name, (size_t)(slash - name));
    if (strlen(domain) > DOMAIN_MAX)
        too_long(e, p, DOMAIN_MAX);
    check_labels(e, p, domain, names__dns1123_label);
    if (!strchr(domain, '.'))
        bad_str(e, p, domain, "should be a domain with at least two segments separated by dots");
    check_labels(e, p, slash + 1, names__dns1123_subdomain);
    if (strlen(name) > SIGNER_MAX)
        too_long(e, p, SIGNER_MAX);
}

/* ---- requests ---- */

/* What Go's encoding/asn1 says of the frame of a structure; NULL if it is whole. */
static const char *frame_mistake(FieldErrs *e, const unsigned char *der, size_t n)
{
    size_t len, head = 2;

    if (n == 0)
        return "asn1: syntax error: sequence truncated";
    if (n < 2)
        return "asn1: syntax error: truncated tag or length";
    len = der[1];
    if (len == 0x80)
        return "asn1: syntax error: indefinite length found (not DER)";
    if (len > 0x80) {
        size_t n_len = len & 0x7f;

        for (len = 0; n_len > 0; n_len--, head++) {
            if (head >= n)
                return "asn1: syntax error: truncated tag or length";
            if (len >= 1 << 23)
                return "asn1: structure error: length too large";
            len = len << 8 | der[head];
            if (len == 0)
                return "asn1: structure error: superfluous leading zeros in length";
        }
        if (len < 0x80)
            return "asn1: structure error: non-minimal length";
    }
    if (der[0] != 0x30)
        return arena_printf(e->arena,
                            "asn1: structure error: tags don't match (16 vs {class:%d tag:%d "
                            "length:%zu isCompound:%s}) {optional:false explicit:false "
                            "application:false private:false defaultValue:<nil> tag:<nil> "
                            "stringType:0 timeType:0 set:false omitEmpty:false} "
                            "certificateRequest @%zu",
                            der[0] >> 6, der[0] & 0x1f, len, der[0] & 0x20 ? "true" : "false",
                            head);
    if (len > n - head)
        return "asn1: syntax error: data truncated";
    return len < n - head ? "asn1: syntax error: trailing data" : NULL;
}

static const char *request_mistake(FieldErrs *e, const Value *request)
{
    AUTO_BUF pem = BUF_INIT;
    PemBlock b = {.der = BUF_INIT};
    const char *why = "PEM block type must be CERTIFICATE REQUEST", *alg = "";
    Slice rest;

    if (!value_is(request, VALUE_STRING) || !b64_decode((Slice){request->str, request->n}, &pem))
        return why;
    rest = buf_slice(&pem);
    if (pemblock_next(e->arena, &rest, &b) && strcmp(b.type, "CERTIFICATE REQUEST") == 0) {
        Slice der = buf_slice(&b.der);

        why = frame_mistake(e, (const unsigned char *)der.ptr, der.len);
        if (!why) {
            switch (pki_csr_check(der, &alg)) {
            case PKI_CSR_GOOD:
                break;
            case PKI_CSR_BROKEN:
                why = "asn1: syntax error: data truncated";
                break;
            case PKI_CSR_UNSIGNED:
                why = strcmp(alg, "RSA") == 0
                          ? "crypto/rsa: verification error"
                          : arena_printf(e->arena, "x509: %s verification failure", alg);
                break;
            }
        }
    }
    buf_done(&b.der);
    return why;
}

static void check_request(FieldErrs *e, const Path *p, const Value *request)
{
    const char *why = request_mistake(e, request);

    if (why)
        bad(e, p, request ? request : value_null(e->arena), "%s", why);
}

static void create_csr(FieldErrs *e, const Value *v)
{
    const Path *p = AT(NULL, "spec");
    const Value *spec = value_get(v, "spec"), *usages = value_get(spec, "usages"), *u;

    check_request(e, AT(p, "request"), value_get(spec, "request"));
    if (value_len(usages) == 0)
        missing(e, AT(p, "usages"), NULL);
    value_each_item(usages, i, u)
    {
        const char *s = value_to_cstr(u) ? value_to_cstr(u) : "";

        if (!one_of(s, USAGES))
            unsupported(e, AT_ITEM(AT(p, "usages"), i), s, USAGES);
        for (uint32_t k = 0; k < i; k++) {
            if (value_equal(value_item(usages, k), u)) {
                duplicate(e, AT_ITEM(AT(p, "usages"), i), s);
                break;
            }
        }
    }
    check_signer(e, AT(p, "signerName"), str_of(spec, "signerName"));
    if (has(spec, "expirationSeconds") && int_of(spec, "expirationSeconds", 0) < 600)
        bad_int(e, AT(p, "expirationSeconds"), int_of(spec, "expirationSeconds", 0),
                "may not specify a duration less than 600 seconds (10 minutes)");
}

/* All conditions of one type. */
static Value *conditions_of(FieldErrs *e, const Value *v, const char *type)
{
    Value *list = value_array(e->arena);
    const Value *c;

    value_each_item(value_at(v, "status.conditions"), i, c)
    {
        if (strcmp(str_of(c, "type"), type) == 0)
            value_append(e->arena, list, value_copy(e->arena, c));
    }
    return list;
}

/* Why a text is not a chain of certificates; NULL if it is one. */
static const char *certificate_mistake(FieldErrs *e, Slice pem)
{
    PemBlock b = {.der = BUF_INIT};
    const char *why = NULL;
    int n = 0;

    for (; !why && pemblock_next(e->arena, &pem, &b); n++) {
        CLEANUP(pki_cert_free) PkiCert *c = NULL;

        if (strcmp(b.type, "CERTIFICATE") != 0)
            why = arena_printf(e->arena, "only CERTIFICATE PEM blocks are allowed, found \"%s\"",
                               b.type);
        else if (b.has_headers)
            why = "no PEM block headers are permitted";
        else if (buf_slice(&b.der).len == 0)
            why = "found CERTIFICATE PEM block containing 0 certificates";
        else if (pki_cert_from_der(buf_slice(&b.der), &c, NULL) < 0)
            why = "x509: malformed certificate";
    }
    buf_done(&b.der);
    return n == 0 ? "must contain at least one CERTIFICATE PEM block" : why;
}

static void check_certificate(FieldErrs *e, const Value *certificate)
{
    AUTO_BUF pem = BUF_INIT;
    const char *why;

    if (!value_is(certificate, VALUE_STRING) || certificate->n == 0)
        return;
    why = b64_decode((Slice){certificate->str, certificate->n}, &pem)
              ? certificate_mistake(e, buf_slice(&pem))
              : "must contain at least one CERTIFICATE PEM block";
    if (why)
        bad_str(e, AT(AT(NULL, "status"), "certificate"), "<certificate data>", "%s", why);
}

/* What is wrong with the stored object already may stay so. */
typedef struct Tolerance {
    bool both, twice, no_type;
} Tolerance;

static bool is_twice(const Value *list, uint32_t i)
{
    for (uint32_t k = 0; k < i; k++)
        if (strcmp(str_of(value_item(list, k), "type"), str_of(value_item(list, i), "type")) == 0)
            return true;
    return false;
}

static Tolerance tolerance_of(const Value *old)
{
    const Value *list = value_at(old, "status.conditions"), *c;
    bool approved = false, denied = false;
    Tolerance t = {false, false, false};

    value_each_item(list, i, c)
    {
        approved |= strcmp(str_of(c, "type"), "Approved") == 0;
        denied |= strcmp(str_of(c, "type"), "Denied") == 0;
        t.no_type |= str_of(c, "type")[0] == '\0';
        t.twice |= is_twice(list, i);
    }
    t.both = approved && denied;
    return t;
}

static void check_csr_conditions(FieldErrs *e, const Path *p, const Value *list, const Tolerance *t)
{
    bool approved = false, denied = false;
    const Value *c;

    value_each_item(list, i, c)
    {
        const char *type = str_of(c, "type"), *status = str_of(c, "status");
        const Path *at = AT_ITEM(p, i);

        if (type[0] == '\0' && !t->no_type)
            missing(e, AT(at, "type"), NULL);
        if (status[0] == '\0')
            missing(e, AT(at, "status"), NULL);
        else
            check_enum(e, AT(at, "status"), status,
                       one_of(type, "Approved|Denied|Failed") ? "True" : "False|True|Unknown");
        if (!t->both && ((denied && strcmp(type, "Approved") == 0) ||
                         (approved && strcmp(type, "Denied") == 0)))
            bad_str(e, p, type, "Approved and Denied conditions are mutually exclusive");
        approved |= strcmp(type, "Approved") == 0;
        denied |= strcmp(type, "Denied") == 0;
        if (!t->twice && is_twice(list, i))
            duplicate(e, AT(at, "type"), type);
    }
}

/* What was decided stays, and is decided through one subresource only. */
static void check_decisions(FieldErrs *e, const Path *p, const Value *v, const Value *old,
                            bool may_approve)
{
    static const char *const types[] = {"Approved", "Denied", "Failed"};

    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (value_len(conditions_of(e, v, types[i])) < value_len(conditions_of(e, old, types[i])))
            forbidden(e, p,
                      arena_printf(e->arena, "updates may not remove a condition of type \"%s\"",
                                   types[i]));
    for (size_t i = 0; i < 2 && !may_approve; i++) {
        const Value *now = conditions_of(e, v, types[i]), *was = conditions_of(e, old, types[i]);

        if (value_len(now) > value_len(was))
            forbidden(
                e, p,
                arena_printf(e->arena, "updates may not add a condition of type \"%s\"", types[i]));
        else if (value_len(now) == value_len(was) && !value_equal(now, was))
            forbidden(e, p,
                      arena_printf(e->arena,
                                   "updates may not modify a condition of type \"%s\"\n"
                                   "@@ conditions @@\n",
                                   types[i]));
    }
}

static void update_csr(FieldErrs *e, const char *sub, const Value *v, const Value *old)
{
    const Path *p = AT(NULL, "status");
    const Value *now = value_at(v, "status.certificate");
    const Value *was = value_at(old, "status.certificate");
    bool differs = (now || was) && !(now && was && value_equal(now, was));
    Tolerance tolerance = tolerance_of(old);

    check_csr_conditions(e, AT(p, "conditions"), value_at(v, "status.conditions"), &tolerance);
    if (differs)
        check_certificate(e, now);
    check_decisions(e, AT(p, "conditions"), v, old, strcmp(sub, "approval") == 0);
    if (differs && strcmp(sub, "status") != 0)
        forbidden(e, AT(p, "certificate"), "updates may not set certificate content");
    else if (differs && was)
        forbidden(e, AT(p, "certificate"), "updates may not modify existing certificate content");
}

const KindRow validate__certificates[] = {
    {GROUP, "CertificateSigningRequest", names__path_segment, create_csr, update_csr},
    {NULL, NULL, NULL, NULL, NULL},
};
