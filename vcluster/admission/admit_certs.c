/*
 * admit_certs.c - who may approve, sign and attest for which signer. Upstream:
 * plugin/pkg/admission/certificates.
 */
#include "base/b64.h"
#include "base/pki.h"
#include "vcluster/admission.h"

#define CSRS "certificates/certificatesigningrequests"

static int may(Request *req, const char *verb, const char *name, bool *ret)
{
    RbacAttrs at = {.verb = verb,
                    .is_resource = true,
                    .group = "certificates.k8s.io",
                    .resource = "signers",
                    .subresource = "",
                    .ns = "",
                    .name = name,
                    .path = ""};
    const char *reason;

    return authorize(req, &at, ret, &reason);
}

/* The signer itself, or all signers of its domain. */
static int check_signer(Request *req, const Op *op, const char *verb, const char *what,
                        const char *signer)
{
    const char *slash = strchr(signer, '/');
    bool allowed = false;
    int s = may(req, verb, signer, &allowed);

    if (!s && !allowed && slash)
        s = may(req, verb, arena_printf(req->arena, "%.*s/*", (int)(slash - signer), signer),
                &allowed);
    if (s || allowed)
        return s;
    return admit_forbid(req, op, "user not permitted to %s signerName \"%s\"", what, signer);
}

static const char *signer_of(const Value *v)
{
    const char *name = value_at_str(v, "spec.signerName");

    return name ? name : "";
}

int admit_csr_approval_validate(Request *req, Op *op)
{
    if (!op_is_on(op, CSRS, "approval") || !op_is_update(op))
        return STEP_OK;
    return check_signer(req, op, "approve", "approve requests with", signer_of(op->old));
}

static bool same(const Value *x, const Value *y)
{
    return (value_len(x) == 0 && value_len(y) == 0 && !value_is(x, VALUE_STRING) &&
            !value_is(y, VALUE_STRING)) ||
           (x && y && value_equal(x, y));
}

int admit_csr_signing_validate(Request *req, Op *op)
{
    if (!op_is_on(op, CSRS, "status") || !op_is_update(op) ||
        (same(value_at(op->old, "status.certificate"), value_at(op->obj, "status.certificate")) &&
         same(value_at(op->old, "status.conditions"), value_at(op->obj, "status.conditions"))))
        return STEP_OK;
    return check_signer(req, op, "sign", "sign requests with", signer_of(op->old));
}

int admit_csr_subject_validate(Request *req, Op *op)
{
    CLEANUP(pki_csr_free) PkiCsr *csr = NULL;
    AUTO_BUF pem = BUF_INIT;
    const char *text = value_at_str(op->obj, "spec.request"), *cn, *const * orgs;

    if (!op_is_create(op) || !op_is_on(op, CSRS, NULL) ||
        !str_eq(signer_of(op->obj), "kubernetes.io/kube-apiserver-client"))
        return STEP_OK;
    if (!text || !b64_decode(slice_of(text), &pem) ||
        pki_csr_from_pem(buf_slice(&pem), &csr, NULL) < 0 ||
        pki_csr_subject(csr, req->arena, &cn, &orgs, NULL) < 0)
        return STEP_OK; /* validation has the words */
    for (; *orgs; orgs++)
        if (str_eq(*orgs, "system:masters"))
            return admit_forbid(req, op,
                                "use of kubernetes.io/kube-apiserver-client signer with "
                                "system:masters group is not allowed");
    return STEP_OK;
}
