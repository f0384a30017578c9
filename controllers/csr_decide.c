#include "controllers/csr_decide.h"

#include "client/meta.h"

enum {
    MINUTE_S = 60,
    HOUR_S = 3600,
    MAX_LIFETIME_S = 365 * 24 * HOUR_S,
    MIN_LIFETIME_S = 10 * MINUTE_S,
    PENDING_S = 24 * HOUR_S, /* nobody has decided */
    DECIDED_S = HOUR_S,
};

/* ---- signers ---- */

/* Exactly these; key encipherment is a matter of RSA keys and may be missing. */
static const char *wrong_usages(const Value *usages, const char *auth)
{
    const Value *u;

    if (!value_has_str(usages, "digital signature") || !value_has_str(usages, auth))
        return str_eq(auth, "client auth")
                   ? "usages did not match [client auth digital signature key encipherment]"
                   : "usages did not match [digital signature key encipherment server auth]";
    value_each_item(usages, i, u)
    {
        const char *name = value_to_cstr(u);

        if (!str_eq(name, "digital signature") && !str_eq(name, "key encipherment") &&
            !str_eq(name, auth))
            return str_eq(auth, "client auth")
                       ? "usages did not match [client auth digital signature key encipherment]"
                       : "usages did not match [digital signature key encipherment server auth]";
    }
    return NULL;
}

static const char *not_a_node(const CsrFacts *f)
{
    return f->orgs[0] && !f->orgs[1] && str_eq(f->orgs[0], "system:nodes")
               ? NULL
               : "subject organization is not system:nodes";
}

static const char *wrong_name(const CsrFacts *f)
{
    return str_starts(f->cn, "system:node:")
               ? NULL
               : "subject common name does not begin with system:node:";
}

static const char *refuses_kubelet_serving(Arena *a UNUSED, const CsrFacts *f, const Value *usages)
{
    const char *why = not_a_node(f);

    if (why)
        return why;
    if (f->names.n_dns + f->names.n_ip == 0)
        return "DNS or IP subjectAltName is required";
    if (f->names.n_email > 0)
        return "Email subjectAltNames are not allowed";
    if (f->names.n_uri > 0)
        return "URI subjectAltNames are not allowed";
    why = wrong_usages(usages, "server auth");
    return why ? why : wrong_name(f);
}

static const char *refuses_kubelet_client(Arena *a UNUSED, const CsrFacts *f, const Value *usages)
{
    const char *why = not_a_node(f);

    if (why)
        return why;
    if (f->names.n_dns > 0)
        return "DNS subjectAltNames are not allowed";
    if (f->names.n_email > 0)
        return "Email subjectAltNames are not allowed";
    if (f->names.n_ip > 0)
        return "IP subjectAltNames are not allowed";
    if (f->names.n_uri > 0)
        return "URI subjectAltNames are not allowed";
    why = wrong_name(f);
    return why ? why : wrong_usages(usages, "client auth");
}

static const char *refuses_client(Arena *a, const CsrFacts *f UNUSED, const Value *usages)
{
    const Value *u;

    value_each_item(usages, i, u)
    {
        const char *name = value_to_cstr(u);

        if (!str_eq(name, "digital signature") && !str_eq(name, "key encipherment") &&
            !str_eq(name, "client auth"))
            return arena_printf(a, "invalid usage for client certificate: %s", name ? name : "");
    }
    return value_has_str(usages, "client auth")
               ? NULL
               : "missing required usage for client certificate: client auth";
}

static const CsrSigner signers[] = {
    {"kubernetes.io/kube-apiserver-client", false, refuses_client},
    {"kubernetes.io/kube-apiserver-client-kubelet", false, refuses_kubelet_client},
    {"kubernetes.io/kubelet-serving", true, refuses_kubelet_serving},
};

const CsrSigner *csr_signer(const Value *csr)
{
    const char *name = value_at_str(csr, "spec.signerName");

    for (size_t i = 0; i < ARRAY_LEN(signers); i++)
        if (str_eq(signers[i].name, name))
            return &signers[i];
    return NULL;
}

int64_t csr_lifetime_s(const Value *csr)
{
    int64_t wanted = value_at_int(csr, "spec.expirationSeconds", MAX_LIFETIME_S);

    return MAX(MIN_LIFETIME_S, MIN(MAX_LIFETIME_S, wanted));
}

/* ---- approval ---- */

const CsrRecognizer csr_recognizers[] = {
    {"selfnodeclient", "Auto approving self kubelet client certificate after SubjectAccessReview.",
     true},
    {"nodeclient", "Auto approving kubelet client certificate after SubjectAccessReview.", false},
};
const size_t csr_n_recognizers = ARRAY_LEN(csr_recognizers);

bool csr_recognizes(Arena *a, const CsrRecognizer *r, const Value *csr, const CsrFacts *f)
{
    return str_eq(value_at_str(csr, "spec.signerName"),
                  "kubernetes.io/kube-apiserver-client-kubelet") &&
           !refuses_kubelet_client(a, f, value_at(csr, "spec.usages")) &&
           (!r->is_self || str_eq(value_at_str(csr, "spec.username"), f->cn));
}

/* ---- conditions and age ---- */

static const Value *condition(const Value *csr, const char *type)
{
    const Value *c = condition_get(csr, type);

    return c && !str_eq(value_get_str(c, "status"), "False") ? c : NULL;
}

bool csr_is_approved(const Value *csr)
{
    return condition(csr, "Approved") && !condition(csr, "Denied");
}

bool csr_is_denied(const Value *csr)
{
    return condition(csr, "Denied") != NULL;
}

bool csr_is_failed(const Value *csr)
{
    return condition(csr, "Failed") != NULL;
}

static int64_t after_us(const Value *c, int64_t seconds)
{
    int64_t us = c ? value_time_us(c, "lastUpdateTime") : 0;

    return us > 0 ? us + seconds * 1000000 : INT64_MAX;
}

int64_t csr_end_us(const Value *csr, int64_t until_s)
{
    int64_t end = INT64_MAX;

    if (value_len(value_at(csr, "status.conditions")) == 0)
        end = meta_created_us(csr) + (int64_t)PENDING_S * 1000000;
    end = MIN(end, after_us(condition(csr, "Denied"), DECIDED_S));
    end = MIN(end, after_us(condition(csr, "Failed"), DECIDED_S));
    if (value_at_str(csr, "status.certificate")) /* one that nobody signs stays */
        end = MIN(end, after_us(condition(csr, "Approved"), DECIDED_S));
    if (until_s > 0 && condition(csr, "Approved"))
        end = MIN(end, until_s * 1000000);
    return end;
}
