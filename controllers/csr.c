#include "base/b64.h"
#include "controllers/csr_decide.h"
#include "controllers/rows.h"

/*
 * Certificate requests: a node's own are approved when it may ask, approved ones are signed with
 * the cluster's authority, old ones are deleted.
 */

static const char *const storage = "certificates/certificatesigningrequests";

enum { MAX_WAIT_MS = 6 * 3600 * 1000 };

/* False when the request cannot be read: validation has let none such pass. */
static bool read_facts(Arena *a, const Value *csr, Buf *pem, CsrFacts *ret)
{
    CLEANUP(pki_csr_free) PkiCsr *x = NULL;
    const char *text = value_at_str(csr, "spec.request");

    if (!text || !b64_decode(slice_of(text), pem) ||
        pki_csr_from_pem(buf_slice(pem), &x, NULL) < 0 ||
        pki_csr_subject(x, a, &ret->cn, &ret->orgs, NULL) < 0)
        return false;
    pki_csr_names(x, &ret->names);
    return true;
}

static int put(Ctl *ctl, Value *csr, const char *sub, Err *err)
{
    ObjRef at = ctl_ref(ctl, storage, "", ctl->name);
    int r;

    at.subresource = sub;
    r = client_update(ctl->client, ctl->arena, &at, csr, NULL, err);
    return r == -ERR_NOT_FOUND ? 0 : r;
}

static void add_condition(Ctl *ctl, Value *csr, const char *type, const char *reason,
                          const char *message)
{
    Arena *a = ctl->arena;
    Value *status = value_need(a, csr, "status"), *list = value_get(status, "conditions");
    Value *c = value_object(a);

    if (!list) {
        list = value_array(a);
        value_set(a, status, "conditions", list);
    }
    value_set_str(a, c, "type", type);
    value_set_str(a, c, "status", "True");
    value_set_str(a, c, "reason", reason);
    value_set_str(a, c, "message", message);
    value_set(a, c, "lastUpdateTime", value_time(a, ctl->now_us));
    value_append(a, list, c);
}

/* ---- approval ---- */

static int may_ask(Ctl *ctl, const Value *csr, const char *permission, bool *ret, Err *err)
{
    Arena *a = ctl->arena;
    ObjRef at = {.cluster = ctl->cluster,
                 .ns = "",
                 .resource = resource_find(SLICE("authorization.k8s.io"), SLICE("v1"),
                                           SLICE("subjectaccessreviews"))};
    Value *review = value_literal(
        a, "{'apiVersion':'authorization.k8s.io/v1','kind':'SubjectAccessReview','spec':{"
           "'resourceAttributes':{'group':'certificates.k8s.io','resource':"
           "'certificatesigningrequests','verb':'create'}}}");
    static const struct {
        const char *from, *to;
    } copied[] = {{"username", "user"}, {"uid", "uid"}, {"groups", "groups"}, {"extra", "extra"}};
    Value *spec = value_get(review, "spec"), *answer = NULL;
    int r;

    value_set_str(a, value_get(spec, "resourceAttributes"), "subresource", permission);
    for (size_t i = 0; i < ARRAY_LEN(copied); i++)
        if (value_get(value_get(csr, "spec"), copied[i].from))
            value_set(a, spec, copied[i].to, value_get(value_get(csr, "spec"), copied[i].from));
    r = client_create(ctl->client, a, &at, review, &answer, err);
    *ret = r == 0 && value_at_bool(answer, "status.allowed");
    return r;
}

static int approve(Ctl *ctl, Value *csr, const CsrFacts *f, Err *err)
{
    for (size_t i = 0; i < csr_n_recognizers; i++) {
        const CsrRecognizer *x = &csr_recognizers[i];
        bool allowed;
        int r;

        if (!csr_recognizes(ctl->arena, x, csr, f))
            continue;
        r = may_ask(ctl, csr, x->permission, &allowed, err);
        if (r < 0)
            return r;
        if (!allowed)
            continue;
        add_condition(ctl, csr, "Approved", "AutoApproved", x->message);
        return put(ctl, csr, "approval", err);
    }
    return 0;
}

/* ---- signing ---- */

static int sign(Ctl *ctl, Value *csr, const CsrFacts *f, const char *request, Err *err)
{
    const ControllersOptions *o = ctl_options(ctl->all);
    const CsrSigner *s = csr_signer(csr);
    Arena *a = ctl->arena;
    AUTO_BUF text = BUF_INIT;
    const char *why, *pem;
    int r;

    if (!s || !o->sign)
        return 0;
    why = s->refuses(a, f, value_at(csr, "spec.usages"));
    if (why) {
        add_condition(ctl, csr, "Failed", "SignerValidationFailure", why);
        return put(ctl, csr, "status", err);
    }
    r = o->sign(ctl->cluster, request, csr_lifetime_s(csr), s->is_server, a, &pem, o->sign_data,
                err);
    if (r < 0)
        return r;
    b64_encode(slice_of(pem), &text);
    value_set_str(a, value_need(a, csr, "status"), "certificate", buf_str(&text));
    return put(ctl, csr, "status", err);
}

/* ---- age ---- */

static int64_t certificate_end_s(const Value *csr)
{
    CLEANUP(pki_cert_free) PkiCert *c = NULL;
    AUTO_BUF pem = BUF_INIT;
    const char *text = value_at_str(csr, "status.certificate");

    if (!text || !b64_decode(slice_of(text), &pem) ||
        pki_cert_from_pem(buf_slice(&pem), &c, NULL) < 0)
        return 0;
    return pki_cert_until(c);
}

int csr_sync(Ctl *ctl, Err *err)
{
    AUTO_BUF pem = BUF_INIT;
    CsrFacts facts = {0};
    Value *csr;
    int64_t end;
    int r = ctl_get(ctl, storage, "", ctl->name, &csr, err);

    if (r < 0 || !csr || meta_is_deleted(csr))
        return r;
    end = csr_end_us(csr, certificate_end_s(csr));
    if (end <= ctl->now_us)
        return ctl_delete(ctl, storage, csr, NULL, err);
    if (!value_at(csr, "status.certificate") && !csr_is_denied(csr) && !csr_is_failed(csr) &&
        read_facts(ctl->arena, csr, &pem, &facts))
        r = csr_is_approved(csr) ? sign(ctl, csr, &facts, buf_str(&pem), err)
                                 : approve(ctl, csr, &facts, err);
    if (r < 0 || end == INT64_MAX)
        return r;
    return (int)MIN((int64_t)MAX_WAIT_MS, (end - ctl->now_us) / 1000 + 1);
}
