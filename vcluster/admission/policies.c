#include "vcluster/policies.h"

#include "vcluster/admission.h"
#include "vcluster/audit.h"

/* Validation: the first refusal of a request is its answer. */

typedef struct Verdict {
    const char *message, *reason;
    Value *failures; /* for the audit log; NULL: none */
} Verdict;

/* k8s.io/apiserver/pkg/admission/plugin/policy/validating/dispatcher.go, ValidationFailureValue */
static void note_failure(Request *req, Verdict *v, const PolicyCall *c, const PolicyDenial *d)
{
    Arena *a = req->arena;
    Value *f = value_object(a);

    if (!req->state->audit)
        return;
    v->failures = v->failures ? v->failures : value_array(a);
    value_set_str(a, f, "message", d->message);
    value_set_str(a, f, "policy", c->policy->name);
    value_set_str(a, f, "binding", c->binding->name);
    value_set_int(a, f, "expressionIndex", d->expression);
    value_set(a, f, "validationActions",
              value_copy(a, value_get(c->binding->spec, "validationActions")));
    value_append(a, v->failures, f);
}

static void deny(Request *req, Verdict *v, const PolicyCall *c, const PolicyDenial *d)
{
    const char *name = c->policy->name;

    if (v->message)
        return;
    v->message =
        c->binding
            ? arena_printf(req->arena,
                           "ValidatingAdmissionPolicy '%s' with binding '%s' denied request: %s",
                           name, c->binding->name, d->message)
            : arena_printf(req->arena, "ValidatingAdmissionPolicy '%s' denied request: %s", name,
                           d->message);
    v->reason = d->reason ? arena_strdup(req->arena, d->reason) : "Invalid";
}

static void act(Request *req, Verdict *v, const PolicyCall *c, const PolicyDenials *denials)
{
    const Value *actions = value_get(c->binding->spec, "validationActions"), *a;

    for (uint32_t i = 0; i < denials->n; i++)
        value_each_item(actions, k, a)
        {
            if (str_eq(value_to_cstr(a), "Deny"))
                deny(req, v, c, &denials->items[i]);
            else if (str_eq(value_to_cstr(a), "Warn"))
                warnings_add(req->arena, &req->state->warnings,
                             "Validation failed for ValidatingAdmissionPolicy '%s' with binding "
                             "'%s': %s",
                             c->policy->name, c->binding->name, denials->items[i].message);
            else if (str_eq(value_to_cstr(a), "Audit"))
                note_failure(req, v, c, &denials->items[i]);
        }
}

static int run(Request *req, const Op *op, const PolicyCall *c, Verdict *v)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    PolicyDenials denials = {0}, always = {0};
    const char *wrong = NULL;
    PolicyEval *ev = NULL;
    int s = policyeval_open(req, op, c, a, &ev);

    if (s)
        return s;
    if (policyeval_matches(ev, &wrong))
        policyeval_validate(ev, &denials, &always);
    else if (wrong)
        policydenials_add(req->arena, &denials, wrong, NULL);
    s = policyeval_step(ev);
    if (s)
        return s;
    act(req, v, c, &denials);
    for (uint32_t i = 0; i < always.n; i++)
        deny(req, v, c, &always.items[i]);
    return STEP_OK;
}

static int refuse(Request *req, const Op *op, const Verdict *v)
{
    static const struct {
        const char *reason;
        int code;
    } codes[] = {{"Forbidden", 403}, {"Unauthorized", 401}, {"RequestEntityTooLarge", 413}};
    Arena *a = req->arena;
    const Resource *r = op->r;
    Value *d = status_details(a, r->group, r->plural, op->name);
    int code = 422;

    for (size_t i = 0; i < ARRAY_LEN(codes); i++)
        if (str_eq(v->reason, codes[i].reason))
            code = codes[i].code;
    details_cause(a, d, NULL, v->message, NULL);
    return fail_status(req, code, v->reason, d,
                       arena_printf(a, "%s%s%s \"%s\" is forbidden: %s", r->plural,
                                    r->group[0] ? "." : "", r->group, op->name, v->message));
}

bool policies_are_exempt(const Op *op)
{
    static const char *const exempt[] = {"admissionregistration/validatingadmissionpolicies",
                                         "admissionregistration/validatingadmissionpolicybindings",
                                         "admissionregistration/mutatingadmissionpolicies",
                                         "admissionregistration/mutatingadmissionpolicybindings"};

    for (size_t i = 0; i < ARRAY_LEN(exempt); i++)
        if (str_eq(op->r->storage, exempt[i]))
            return true;
    return false;
}

int policies_validate(Request *req, Op *op)
{
    PolicyCalls calls;
    Verdict v = {0};
    int s;

    if (policies_are_exempt(op))
        return STEP_OK;
    s = policycalls(req, op, POLICIES_VALIDATING, &calls);
    for (uint32_t i = 0; !s && i < calls.n; i++) {
        const PolicyCall *c = &calls.items[i];

        if (c->wrong)
            deny(req, &v, c, &(PolicyDenial){.message = c->wrong});
        else
            s = run(req, op, c, &v);
    }
    if (v.failures)
        audit_note(req, "validation.policy.admission.k8s.io/validation_failure",
                   value_to_str(req->arena, v.failures));
    if (s || !v.message)
        return s;
    return refuse(req, op, &v);
}
