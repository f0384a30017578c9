#include "vcluster/webhooks.h"

#include "api/patch.h"
#include "base/b64.h"
#include "base/err.h"
#include "vcluster/admission.h"
#include "vcluster/audit.h"

/* ---- which are asked ---- */

/* Webhooks cannot lock themselves in. */
static bool is_exempt(const Op *op)
{
    return str_eq(op->r->storage, "admissionregistration/mutatingwebhookconfigurations") ||
           str_eq(op->r->storage, "admissionregistration/validatingwebhookconfigurations") ||
           policies_are_exempt(op);
}

/* The scheduler decides for all clusters: no webhook may keep it waiting. */
static bool is_scheduling(const Request *req, const Op *op)
{
    return req->user.is_internal && op->sub && str_eq(op->sub->name, "binding");
}

/* As what the webhook takes the object; NULL: it is not asked. */
static int chosen(Request *req, const Op *op, const Hook *h, const Resource **ret)
{
    CLEANUP(arena_free) Arena *a = NULL;
    PolicyCall call = {.policy = &h->match, .as = op->r};
    const char *wrong = NULL;
    PolicyEval *ev = NULL;
    bool covers = false;
    int s;

    *ret = NULL;
    if (!h->match.match)
        return STEP_OK;
    s = policymatch(req, op, h->match.match, &covers, &call.as);
    if (s || !covers)
        return s;
    if (h->match.conditions.n > 0) {
        a = arena_new();
        s = policyeval_open(req, op, &call, a, &ev);
        if (s)
            return s;
        covers = policyeval_matches(ev, &wrong);
        s = policyeval_step(ev);
        if (s)
            return s;
        if (wrong)
            return admit_forbid(req, op, "%s", wrong);
    }
    if (covers && req->state->opts.is_dry_run && !h->allows_dry_run)
        return fail(req, ERR_BAD_REQUEST, "admission webhook \"%s\" does not support dry run",
                    h->name);
    *ret = covers ? call.as : NULL;
    return STEP_OK;
}

/* ---- what their answers do ---- */

/* Upstream's ToStatusErr(). */
static int refuse(Request *req, const Hook *h, const Value *result)
{
    Arena *a = req->arena;
    const char *message = value_get_str(result, "message");
    const char *reason = value_get_str(result, "reason");
    int64_t code = value_at_int(result, "code", 0);
    Value *details = value_get(result, "details");
    const char *text = arena_printf(a, "admission webhook \"%s\" denied the request", h->name);

    if (message && message[0])
        text = arena_printf(a, "%s: %s", text, message);
    else if (reason && reason[0])
        text = arena_printf(a, "%s: %s", text, reason);
    else
        text = arena_printf(a, "%s without explanation", text);
    return fail_status(req, code < 400 || code > 599 ? 400 : (int)code,
                       reason && reason[0] ? reason : NULL,
                       value_is(details, VALUE_OBJECT) ? value_copy(a, details) : NULL, text);
}

/* STEP_OK with *ret_response NULL: it could not be asked, and that is ignored. */
static int ask(Request *req, const Op *op, const Hook *h, const Resource *as, HookFamily family,
               const Value **ret_response)
{
    const Value *warnings, *w;
    HookAnswer answer;
    int s = hookcall(req, h, op, as, family, &answer);

    *ret_response = NULL;
    if (s)
        return s;
    if (!answer.response)
        return h->match.is_ignoring
                   ? STEP_OK
                   : fail_internal_error(req, arena_printf(req->arena,
                                                           "failed calling webhook \"%s\": %s",
                                                           h->name, answer.wrong));
    value_each_member(value_get(answer.response, "auditAnnotations"), m)
    {
        if (value_is(m->value, VALUE_STRING) && !str_eq(h->name, AUDIT_DOMAIN))
            audit_note(req, arena_printf(req->arena, "%s/%s", h->name, m->name),
                       arena_strdup(req->arena, m->value->str));
    }
    warnings = value_get(answer.response, "warnings");
    value_each_item(warnings, i, w) if (value_is(w, VALUE_STRING))
        warnings_add(req->arena, &req->state->warnings, "%s", value_to_cstr(w));
    if (!value_is_true(value_get(answer.response, "allowed")))
        return refuse(req, h, value_get(answer.response, "status"));
    *ret_response = answer.response;
    return STEP_OK;
}

/* ---- validating ---- */

int webhooks_validate(Request *req, Op *op)
{
    const HookSet *set;
    const Hook *hooks;
    size_t n;
    int s, first = STEP_OK;

    if (is_exempt(op) || is_scheduling(req, op))
        return STEP_OK;
    s = hookset_need(req, HOOKS_VALIDATING, &set);
    if (s)
        return s;
    hooks = hookset_all(set, &n);
    for (size_t i = 0; i < n; i++) { /* all are asked at once */
        const Resource *as;
        const Value *response;

        s = chosen(req, op, &hooks[i], &as);
        if (!s && as)
            s = ask(req, op, &hooks[i], as, HOOKS_VALIDATING, &response);
        if (s == STEP_DONE)
            return s;
        first = s ? s : first;
    }
    return first;
}

/* ---- mutating ---- */

/* The object with the patch on it. *ret is the object itself when nothing changes. */
static int patched(Request *req, const Hook *h, const Op *op, const Resource *as,
                   const Value *response, Value *obj, Value **ret)
{
    Arena *a = req->arena;
    const char *text = value_get_str(response, "patch");
    const char *type = value_get_str(response, "patchType"), *why = NULL;
    AUTO_BUF json = BUF_INIT;
    Value *list = NULL, *v = NULL;
    Err err;

    *ret = obj;
    if (!text || !text[0])
        return STEP_OK;
    if (type && !str_eq(type, "JSONPatch"))
        return h->match.is_ignoring
                   ? STEP_OK
                   : fail_internal_error(req,
                                         arena_printf(a,
                                                      "failed calling webhook \"%s\": unsupported "
                                                      "patch type \"%s\"",
                                                      h->name, type));
    if (!b64_decode(slice_of(text), &json) || value_parse(a, buf_slice(&json), &list, &err) < 0 ||
        !value_is(list, VALUE_ARRAY))
        return fail_internal_error(req, "the patch of a webhook cannot be decoded");
    if (value_len(list) == 0)
        return STEP_OK;
    if (str_eq(op->verb, "DELETE") || !obj)
        return fail_internal_error(req,
                                   arena_printf(a,
                                                "admission webhook \"%s\" attempted to modify the "
                                                "object, which is not supported for this operation",
                                                h->name));
    if (patch_json_why(a, obj, list, &v, &why, &err) < 0)
        return fail_internal_error(req, why ? why : err.msg);
    why = value_is(v, VALUE_OBJECT) ? policies_take(req, as, obj, v, FIELDS_IGNORE, &v)
                                    : "json: cannot unmarshal into the object's type";
    if (why)
        return fail_internal_error(req, why);
    *ret = v;
    return STEP_OK;
}

/* Who ran before and wants to again, now that the object is another. */
static bool runs_again(const Op *op, const char *id)
{
    for (uint32_t i = 0; i < op->again.due.n; i++)
        if (str_eq(op->again.due.items[i], id))
            return true;
    return false;
}

static void require_again(Request *req, Op *op)
{
    warnings_add_all(req->arena, &op->again.due, &op->again.ran);
    op->again.ran = (Warnings){0};
    op->again.is_wanted = true;
}

/* k8s.io/apiserver/pkg/admission/plugin/webhook/mutating/dispatcher.go, mutationAnnotation */
static void note_mutation(Request *req, const Op *op, const Hook *h, size_t nth, bool is_changed)
{
    Arena *a = req->arena;
    Value *v;

    if (!req->state->audit)
        return;
    v = value_object(a);
    value_set_str(a, v, "configuration", h->config);
    value_set_str(a, v, "webhook", h->name);
    value_set_bool(a, v, "mutated", is_changed);
    audit_note(req,
               arena_printf(a, "mutation.webhook.admission.k8s.io/round_%d_index_%zu",
                            op->again.is_second ? 1 : 0, nth),
               value_to_str(a, v));
}

static int mutate_by(Request *req, Op *op, const Hook *h, size_t nth)
{
    const Resource *as;
    const Value *response;
    Value *obj, *now;
    bool is_changed;
    int s = chosen(req, op, h, &as);

    if (s || !as || (op->again.is_second && !runs_again(op, h->id)))
        return s;
    s = ask(req, op, h, as, HOOKS_MUTATING, &response);
    if (s || !response)
        return s;
    obj = policyview(req, op, as, op->obj);
    s = patched(req, h, op, as, response, obj, &now);
    if (s)
        return s;
    is_changed = now != obj && !value_equal(now, obj);
    note_mutation(req, op, h, nth, is_changed);
    if (is_changed) {
        op->obj = policyview_back(req, op, as, now);
        require_again(req, op);
    }
    if (h->is_reinvoked && !op->again.is_second)
        warnings_add(req->arena, &op->again.ran, "%s", h->id);
    return STEP_OK;
}

int webhooks_mutate(Request *req, Op *op)
{
    Value *managers = value_at(op->obj, "metadata.managedFields");
    const HookSet *set;
    const Hook *hooks;
    size_t n;
    int s;

    if (is_exempt(op) || is_scheduling(req, op) || op->seen)
        return STEP_OK;
    s = hookset_need(req, HOOKS_MUTATING, &set);
    if (s || !set)
        return s;
    hooks = hookset_all(set, &n);
    if (op->again.is_second && op->again.last && !value_equal(op->obj, op->again.last))
        require_again(req, op);
    for (size_t i = 0; !s && i < n; i++)
        s = mutate_by(req, op, &hooks[i], i);
    if (s)
        return s;
    if (!op->again.is_second)
        op->again.last = value_copy(req->arena, op->obj);
    policies_settle(req, op, managers);
    return STEP_OK;
}
