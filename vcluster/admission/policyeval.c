#include "vcluster/policies.h"

#include "vcluster/admission.h"
#include "vcluster/audit.h"

#include <stdlib.h>

/*
 * One policy against one write. Its variables are computed when an expression that mentions them is
 * about to run, and once for each object. What expressions may cost is bounded for each of them,
 * for the stages of a policy (conditions, validations with their messages, audit annotations, each
 * mutation), and for a request.
 */

enum {
    REQUEST_BUDGET = 4 * CEL_BUDGET, /* all policies of a request */
    CONDITIONS_BUDGET = CEL_BUDGET / 4,
    MAX_MESSAGE = 5 * 1024,
    MAX_AUDIT_VALUE = 10 * 1024,
};

struct PolicyEval {
    Request *req;
    const Op *op;
    const Policy *p;
    Arena *a; /* of the evaluation */
    CelVal *vars;
    bool *known;                /* of the policy's variables: computed, or about to be */
    uint32_t *wanted, n_wanted; /* about to be computed */
    uint64_t left;
    bool is_broke; /* over the budget */
    int step;      /* not STEP_OK: a right could not be looked up yet */
};

static const char broke[] = "validation failed due to running out of cost budget, no further "
                            "validation rules will be run";

void policydenials_add(Arena *a, PolicyDenials *d, const char *message, const char *reason)
{
    if (d->n == d->cap) {
        PolicyDenial *items = arena_array(a, PolicyDenial, d->cap + 4);

        if (d->n > 0)
            memcpy(items, d->items, d->n * sizeof(*items));
        d->items = items;
        d->cap += 4;
    }
    d->items[d->n++] = (PolicyDenial){arena_strdup(a, message), reason, 0};
}

/* ---- rights ---- */

static User account_user(Arena *a, const char *ns, const char *name)
{
    const char **groups = arena_array(a, const char *, 4);

    groups[0] = "system:serviceaccounts";
    groups[1] = arena_printf(a, "system:serviceaccounts:%s", ns);
    groups[2] = "system:authenticated";
    groups[3] = NULL;
    return (User){.name = arena_printf(a, "system:serviceaccount:%s:%s", ns, name),
                  .uid = "",
                  .groups = groups};
}

static CelDecision on_check(void *data, const CelAccess *access, Arena *a)
{
    PolicyEval *ev = data;
    RbacAttrs at = {.verb = access->verb,
                    .is_resource = !access->path,
                    .group = access->group,
                    .resource = access->resource,
                    .subresource = access->subresource,
                    .ns = access->namespace,
                    .name = access->name,
                    .path = access->path ? access->path : ""};
    User u = access->service_account_name
                 ? account_user(a, access->service_account_namespace, access->service_account_name)
                 : ev->req->user;
    const char *reason = "";
    bool allowed = false;

    if (!ev->step)
        ev->step = authorize_user(ev->req, &u, &at, &allowed, &reason);
    return (CelDecision){.is_allowed = !ev->step && allowed,
                         .reason = ev->step ? "" : arena_strdup(a, reason),
                         .error = ""};
}

/* ---- what expressions see ---- */

static int fill(PolicyEval *ev, const PolicyCall *call)
{
    Arena *a = ev->a;
    const Op *op = ev->op;
    Value *null = value_null(a), *ns, *obj = op->seen ? op->seen : op->obj;
    Value *old = op->seen_old ? op->seen_old : op->old;
    CelAccess own = {.group = op->r->group,
                     .resource = op->r->plural,
                     .subresource = op->sub ? op->sub->name : "",
                     .namespace = op->ns,
                     .name = op->name,
                     .verb = "",
                     .field_selector = "",
                     .label_selector = ""};
    int s = policyview_namespace(ev->req, op, a, &ns);

    if (s)
        return s;
    obj = str_eq(op->verb, "DELETE") ? NULL : policyview(ev->req, op, call->as, obj);
    old = policyview(ev->req, op, call->as, old);
    ev->vars[POLICY_OBJECT] = cel_val_json(&cel_dyn, obj ? obj : null);
    ev->vars[POLICY_OLD_OBJECT] = cel_val_json(&cel_dyn, old ? old : null);
    ev->vars[POLICY_REQUEST] = cel_val_json(policyexpr_request_type(ev->p->env),
                                            policyview_request(a, ev->req, op, call->as));
    ev->vars[POLICY_NAMESPACE_OBJECT] =
        value_is(ns, VALUE_NULL) ? cel_val_json(&cel_dyn, ns)
                                 : cel_val_json(policyexpr_namespace_type(ev->p->env), ns);
    ev->vars[POLICY_PARAMS] = cel_val_json(&cel_dyn, call->params ? call->params : null);
    ev->vars[POLICY_AUTHORIZER] = cel_val_authorizer(a, on_check, ev);
    ev->vars[POLICY_REQUEST_RESOURCE] = cel_val_resource_check(a, on_check, ev, &own);
    ev->vars[POLICY_VARIABLES] = cel_val_json(&cel_dyn, value_object(a));
    return STEP_OK;
}

int policyeval_open(Request *req, const Op *op, const PolicyCall *call, Arena *a, PolicyEval **ret)
{
    const Policy *p = call->policy;
    PolicyEval *ev = arena_new0(a, PolicyEval);
    size_t n = POLICY_FIRST_VARIABLE + p->variables.n;

    *ev = (PolicyEval){.req = req, .op = op, .p = p, .a = a};
    ev->vars = arena_array(a, CelVal, n);
    memset(ev->vars, 0, n * sizeof(*ev->vars));
    ev->wanted = arena_array(a, uint32_t, p->variables.n + 1);
    ev->known = arena_array(a, bool, p->variables.n + 1);
    memset(ev->known, 0, p->variables.n + 1);
    *ret = ev;
    return fill(ev, call);
}

int policyeval_step(const PolicyEval *ev)
{
    return ev->step;
}

/* ---- running ---- */

static bool run(PolicyEval *ev, const CelProgram *program, CelResult *ret)
{
    RequestState *st = ev->req->state;
    uint64_t limit = MIN(ev->left, (uint64_t)CEL_CALL_COST_LIMIT);
    bool ok = cel_eval(program, ev->vars, ev->a, limit, ret);

    ev->left -= MIN(ev->left, ret->cost);
    st->policy_cost += ret->cost;
    if (ev->left == 0 || st->policy_cost >= REQUEST_BUDGET)
        ev->is_broke = true;
    return ok;
}

static void compute_variable(PolicyEval *ev, uint32_t i)
{
    const PolicyRule *v = &ev->p->variables.items[i];
    CelResult r = {.error = v->wrong};

    if (v->program && run(ev, v->program, &r)) {
        ev->vars[POLICY_FIRST_VARIABLE + i] = r.value;
        return;
    }
    ev->vars[POLICY_FIRST_VARIABLE + i] = (CelVal){
        .kind = CEL_ERROR,
        .s = slice_of(arena_printf(ev->a, "composited variable \"%s\" fails to evaluate: %s",
                                   v->name, r.error ? r.error : "compilation failed")),
    };
}

/* Want the variables that a program mentions and that nobody has computed yet. */
static void want(PolicyEval *ev, const CelProgram *program)
{
    uint32_t n;
    const uint32_t *uses = cel_program_vars(program, &n);

    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = uses[i] - POLICY_FIRST_VARIABLE;

        if (uses[i] < POLICY_FIRST_VARIABLE || ev->known[at])
            continue;
        ev->known[at] = true;
        ev->wanted[ev->n_wanted++] = at;
    }
}

static int by_place(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

    return a < b ? -1 : a > b;
}

/* Variables use only those before them: computed in their order, all are there in time. */
static void need_variables(PolicyEval *ev, const CelProgram *program)
{
    const PolicyRule *vars = ev->p->variables.items;

    ev->n_wanted = 0;
    want(ev, program);
    for (uint32_t i = 0; i < ev->n_wanted; i++)
        if (vars[ev->wanted[i]].program)
            want(ev, vars[ev->wanted[i]].program);
    qsort(ev->wanted, ev->n_wanted, sizeof(*ev->wanted), by_place);
    for (uint32_t i = 0; i < ev->n_wanted && !ev->is_broke; i++)
        compute_variable(ev, ev->wanted[i]);
}

/* Run an expression of the policy. NULL, or what went wrong. */
static const char *evaluate(PolicyEval *ev, const PolicyRule *rule, const CelProgram *program,
                            CelVal *ret)
{
    CelResult r;

    if (!program)
        return arena_printf(ev->a, "compilation error: %s", rule->wrong ? rule->wrong : "");
    need_variables(ev, program);
    if (!ev->is_broke && run(ev, program, &r)) {
        *ret = r.value;
        return NULL;
    }
    if (ev->is_broke)
        return broke;
    return arena_printf(ev->a, "expression '%s' resulted in error: %s", rule->text, r.error);
}

static void begin_stage(PolicyEval *ev, uint64_t budget)
{
    ev->left = budget;
    ev->is_broke = ev->req->state->policy_cost >= REQUEST_BUDGET;
}

/* ---- conditions ---- */

bool policyeval_matches(PolicyEval *ev, const char **ret_wrong)
{
    const PolicyRules *list = &ev->p->conditions;
    AUTO_BUF errors = BUF_INIT;
    uint32_t n = 0;

    begin_stage(ev, CONDITIONS_BUDGET);
    for (uint32_t i = 0; i < list->n; i++) {
        CelVal v = {0};
        const char *wrong = evaluate(ev, &list->items[i], list->items[i].program, &v);

        if (!wrong && v.kind == CEL_BOOL && !v.boolean)
            return false;
        if (wrong && ev->is_broke) { /* nothing else counts */
            buf_reset(&errors);
            buf_adds(&errors, wrong);
            n = 1;
            break;
        }
        if (wrong)
            buf_addf(&errors, "%s%s", n++ > 0 ? ", " : "", wrong);
    }
    if (n == 0)
        return true;
    if (!ev->p->is_ignoring)
        *ret_wrong = n == 1 ? arena_strdup(ev->a, buf_str(&errors))
                            : arena_printf(ev->a, "[%s]", buf_str(&errors));
    return false;
}

/* ---- validations, messages, audit annotations ---- */

/* The text that an expression makes, unless it is none to show. */
static const char *made_message(PolicyEval *ev, const PolicyRule *v)
{
    CelVal m = {0};
    Slice s;

    if (!v->message_program || evaluate(ev, v, v->message_program, &m) || m.kind != CEL_STRING)
        return NULL;
    s = slice_trim(m.s);
    if (s.len == 0 || s.len > MAX_MESSAGE || memchr(s.ptr, '\n', s.len))
        return NULL;
    return arena_strndup(ev->a, s.ptr, s.len);
}

static void validate(PolicyEval *ev, const PolicyRule *v, PolicyDenials *ret)
{
    Arena *a = ev->req->arena;
    CelVal answer = {0};
    const char *wrong = evaluate(ev, v, v->program, &answer), *message;

    if (wrong) {
        if (!ev->p->is_ignoring)
            policydenials_add(a, ret, wrong, NULL);
        return;
    }
    if (answer.kind == CEL_BOOL && answer.boolean)
        return;
    message = made_message(ev, v);
    if (!message && v->message && v->message[0])
        message = v->message;
    if (!message)
        message = arena_printf(a, "failed expression: %s", v->text);
    policydenials_add(a, ret, message, v->reason);
}

/* One that costs too much says only that. */
static bool ran_out(PolicyEval *ev, PolicyDenials *ret)
{
    if (!ev->is_broke)
        return false;
    ret->n = 0;
    if (!ev->p->is_ignoring)
        policydenials_add(ev->req->arena, ret, broke, NULL);
    return true;
}

/* As "POLICY/KEY"; what several bindings say of one key stands together. */
static void publish(PolicyEval *ev, const char *key, Slice value)
{
    Arena *a = ev->req->arena;

    if (value.len == 0 || value.len > MAX_AUDIT_VALUE || str_eq(ev->p->name, AUDIT_DOMAIN))
        return;
    audit_note_more(ev->req, arena_printf(a, "%s/%s", ev->p->name, key ? key : ""),
                    arena_strndup(a, value.ptr, value.len));
}

static void audit(PolicyEval *ev, PolicyDenials *always)
{
    const PolicyRules *list = &ev->p->audits;

    begin_stage(ev, CEL_BUDGET);
    for (uint32_t i = 0; i < list->n && !ev->is_broke; i++) {
        CelVal v = {0};
        const char *wrong = evaluate(ev, &list->items[i], list->items[i].program, &v);

        if (wrong && !ev->p->is_ignoring)
            policydenials_add(ev->req->arena, always, wrong, NULL);
        else if (!wrong && v.kind == CEL_STRING)
            publish(ev, list->items[i].name, slice_trim(v.s));
    }
}

void policyeval_validate(PolicyEval *ev, PolicyDenials *ret, PolicyDenials *always)
{
    begin_stage(ev, CEL_BUDGET);
    for (uint32_t i = 0; i < ev->p->validations.n; i++) {
        uint32_t before = ret->n;

        validate(ev, &ev->p->validations.items[i], ret);
        if (ret->n > before)
            ret->items[before].expression = i;
        if (ran_out(ev, ret))
            return;
    }
    audit(ev, always);
    if (ran_out(ev, ret))
        always->n = 0;
}

/* ---- mutations ---- */

bool policyeval_mutation(PolicyEval *ev, const PolicyRule *rule, Value *object, CelVal *ret,
                         const char **ret_wrong)
{
    begin_stage(ev, CEL_BUDGET);
    memset(ev->known, 0, ev->p->variables.n + 1); /* they may be of the object */
    ev->vars[POLICY_OBJECT] = cel_val_json(&cel_dyn, object);
    *ret_wrong = rule->wrong ? rule->wrong : evaluate(ev, rule, rule->program, ret);
    return !*ret_wrong;
}
