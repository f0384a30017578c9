#include "vcluster/policies.h"

/*
 * One policy against one write. Its variables are computed when an expression that mentions them is
 * about to run, and once. What expressions may cost is bounded for each of them, for a policy, and
 * for a request.
 */

enum {
    REQUEST_BUDGET = 4 * CEL_BUDGET, /* all policies of a request */
    MAX_MESSAGE = 5 * 1024,
};

typedef struct Eval {
    Request *req;
    const Op *op;
    const Policy *p;
    Arena *a; /* of the evaluation */
    CelVal *vars;
    bool *known; /* of the policy's variables */
    uint64_t left;
    bool is_broke; /* over the budget */
    int step;      /* not STEP_OK: a right could not be looked up yet */
} Eval;

void policydenials_add(Arena *a, PolicyDenials *d, const char *message, const char *reason)
{
    if (d->n == d->cap) {
        PolicyDenial *items = arena_array(a, PolicyDenial, d->cap + 4);

        if (d->n > 0)
            memcpy(items, d->items, d->n * sizeof(*items));
        d->items = items;
        d->cap += 4;
    }
    d->items[d->n++] = (PolicyDenial){arena_strdup(a, message), reason};
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
    Eval *ev = data;
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

static Value *gvk(Arena *a, const Op *op)
{
    const char *api = value_get_str(op->obj, "apiVersion"), *kind = value_get_str(op->obj, "kind");
    const char *slash = api ? strchr(api, '/') : NULL;
    Value *v = value_object(a);

    value_set_str(a, v, "group",
                  !api    ? op->r->group
                  : slash ? arena_strndup(a, api, (size_t)(slash - api))
                          : "");
    value_set_str(a, v, "version", !api ? op->r->version : slash ? slash + 1 : api);
    value_set_str(a, v, "kind", kind ? kind : op->r->kind);
    return v;
}

static Value *user_info(Arena *a, const User *u)
{
    Value *v = value_object(a), *groups = value_array(a), *extra = value_object(a), *list;

    value_set_str(a, v, "username", u->name);
    value_set_str(a, v, "uid", u->uid ? u->uid : "");
    for (const char *const *g = u->groups; *g; g++)
        value_append(a, groups, value_str(a, *g));
    value_set(a, v, "groups", groups);
    for (uint32_t i = 0; i < u->n_extra; i++) {
        list = value_array(a);
        for (const char *const *x = u->extra[i].values; *x; x++)
            value_append(a, list, value_str(a, *x));
        value_set(a, extra, u->extra[i].key, list);
    }
    value_set(a, v, "extra", extra);
    return v;
}

static Value *request_of(Arena *a, Request *req, const Op *op)
{
    const char *options = str_eq(op->verb, "DELETE")     ? "DeleteOptions"
                          : str_eq(op->verb, "CREATE")   ? "CreateOptions"
                          : op->is_apply || op->is_patch ? "PatchOptions"
                                                         : "UpdateOptions";
    Value *v = value_object(a), *res = value_object(a), *opts = value_object(a);
    const char *sub = op->sub ? op->sub->name : "";

    value_set_str(a, res, "group", op->r->group);
    value_set_str(a, res, "version", op->r->version);
    value_set_str(a, res, "resource", op->r->plural);
    value_set(a, v, "kind", gvk(a, op));
    value_set(a, v, "resource", res);
    value_set_str(a, v, "subResource", sub);
    value_set(a, v, "requestKind", gvk(a, op));
    value_set(a, v, "requestResource", value_copy(a, res));
    value_set_str(a, v, "requestSubResource", sub);
    value_set_str(a, v, "name", op->name);
    value_set_str(a, v, "namespace", op->ns);
    value_set_str(a, v, "operation", op->verb);
    value_set(a, v, "userInfo", user_info(a, &req->user));
    value_set_bool(a, v, "dryRun", req->state->opts.is_dry_run);
    value_set_str(a, opts, "kind", options);
    value_set_str(a, opts, "apiVersion", "meta.k8s.io/v1");
    if (!str_eq(options, "DeleteOptions") && req->state->opts.field_manager[0])
        value_set_str(a, opts, "fieldManager", req->state->opts.field_manager);
    value_set(a, v, "options", opts);
    return v;
}

/* The namespace as expressions see it: "UID" is spelt so. */
static int namespace_of(Request *req, const Op *op, Arena *a, Value **ret)
{
    const Resource *r = resource_find(SLICE(""), SLICE("v1"), SLICE("namespaces"));
    Value *ns = NULL, *meta;
    int s = op->r->is_namespaced ? read_tree(req, r, "", op->ns, &ns) : STEP_OK;

    *ret = value_null(a);
    if (s || !ns)
        return s;
    *ret = value_copy(a, ns);
    meta = value_get(*ret, "metadata");
    if (value_get(meta, "uid"))
        value_set(a, meta, "UID", value_get(meta, "uid"));
    return STEP_OK;
}

static int fill(Eval *ev, const Value *params)
{
    Arena *a = ev->a;
    const Op *op = ev->op;
    Value *null = value_null(a), *ns;
    bool is_delete = str_eq(op->verb, "DELETE");
    CelAccess own = {.group = op->r->group,
                     .resource = op->r->plural,
                     .subresource = op->sub ? op->sub->name : "",
                     .namespace = op->ns,
                     .name = op->name,
                     .verb = "",
                     .field_selector = "",
                     .label_selector = ""};
    int s = namespace_of(ev->req, op, a, &ns);

    if (s)
        return s;
    ev->vars[POLICY_OBJECT] = cel_val_json(&cel_dyn, is_delete ? null : op->obj);
    ev->vars[POLICY_OLD_OBJECT] = cel_val_json(&cel_dyn, op->old ? op->old : null);
    ev->vars[POLICY_REQUEST] =
        cel_val_json(policyexpr_request_type(ev->p->env), request_of(a, ev->req, op));
    ev->vars[POLICY_NAMESPACE_OBJECT] =
        value_is(ns, VALUE_NULL) ? cel_val_json(&cel_dyn, ns)
                                 : cel_val_json(policyexpr_namespace_type(ev->p->env), ns);
    ev->vars[POLICY_PARAMS] = cel_val_json(&cel_dyn, params ? params : null);
    ev->vars[POLICY_AUTHORIZER] = cel_val_authorizer(a, on_check, ev);
    ev->vars[POLICY_REQUEST_RESOURCE] = cel_val_resource_check(a, on_check, ev, &own);
    ev->vars[POLICY_VARIABLES] = cel_val_json(&cel_dyn, value_object(a));
    return STEP_OK;
}

/* ---- running ---- */

static bool run(Eval *ev, const CelProgram *program, CelResult *ret)
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

static bool mentions(const CelProgram *program, uint32_t variable)
{
    uint32_t at = POLICY_FIRST_VARIABLE + variable;

    return at >= 64 || cel_program_uses(program, at);
}

static void compute_variable(Eval *ev, uint32_t i)
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

/* Variables use only those before them: mark downwards, compute upwards. */
static void need_variables(Eval *ev, const CelProgram *program)
{
    const PolicyRules *vars = &ev->p->variables;
    bool *wanted = arena_array(ev->a, bool, vars->n + 1);

    for (uint32_t i = 0; i < vars->n; i++)
        wanted[i] = mentions(program, i) && !ev->known[i];
    for (uint32_t i = vars->n; i-- > 0;)
        for (uint32_t k = 0; wanted[i] && vars->items[i].program && k < i; k++)
            wanted[k] = wanted[k] || (!ev->known[k] && mentions(vars->items[i].program, k));
    for (uint32_t i = 0; i < vars->n && !ev->is_broke; i++)
        if (wanted[i]) {
            compute_variable(ev, i);
            ev->known[i] = true;
        }
}

/* Run an expression of the policy. NULL, or what went wrong. */
static const char *evaluate(Eval *ev, const PolicyRule *rule, const CelProgram *program,
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
        return "validation failed due to running out of cost budget, no further validation rules "
               "will be run";
    return arena_printf(ev->a, "expression '%s' resulted in error: %s", rule->text, r.error);
}

/* ---- conditions, messages, validations ---- */

/* Does the policy look at this write at all? An error counts when nothing says no. */
static bool conditions_hold(Eval *ev, PolicyDenials *ret)
{
    const PolicyRules *list = &ev->p->conditions;
    AUTO_BUF errors = BUF_INIT;
    uint32_t n = 0;

    for (uint32_t i = 0; i < list->n; i++) {
        CelVal v = {0};
        const char *wrong = evaluate(ev, &list->items[i], list->items[i].program, &v);

        if (!wrong && v.kind == CEL_BOOL && !v.boolean)
            return false;
        if (wrong) {
            buf_addf(&errors, "%s%s", n++ > 0 ? ", " : "", wrong);
            if (ev->is_broke)
                break;
        }
    }
    if (n == 0)
        return true;
    if (!ev->p->is_ignoring)
        policydenials_add(ev->req->arena, ret,
                          n == 1 ? buf_str(&errors) : arena_printf(ev->a, "[%s]", buf_str(&errors)),
                          NULL);
    return false;
}

/* The text that an expression makes, unless it is none to show. */
static const char *made_message(Eval *ev, const PolicyRule *v)
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

static void validate(Eval *ev, const PolicyRule *v, PolicyDenials *ret)
{
    Arena *a = ev->req->arena;
    CelVal answer = {0};
    const char *wrong = evaluate(ev, v, v->program, &answer), *message = NULL;

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

static void audit(Eval *ev, PolicyDenials *always)
{
    const PolicyRules *list = &ev->p->audits;

    for (uint32_t i = 0; i < list->n && !ev->is_broke; i++) {
        CelVal v = {0};
        const char *wrong = evaluate(ev, &list->items[i], list->items[i].program, &v);

        if (wrong && !ev->p->is_ignoring)
            policydenials_add(ev->req->arena, always, wrong, NULL);
    }
}

int policyeval(Request *req, const Op *op, const Policy *p, const Value *params, PolicyDenials *ret,
               PolicyDenials *always)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Eval ev = {.req = req, .op = op, .p = p, .a = a, .left = CEL_BUDGET};
    int s;

    ev.vars = arena_array(a, CelVal, POLICY_FIRST_VARIABLE + p->variables.n);
    memset(ev.vars, 0, (POLICY_FIRST_VARIABLE + p->variables.n) * sizeof(*ev.vars));
    ev.known = arena_array(a, bool, p->variables.n + 1);
    memset(ev.known, 0, p->variables.n + 1);
    s = fill(&ev, params);
    if (s)
        return s;
    if (conditions_hold(&ev, ret)) {
        for (uint32_t i = 0; i < p->validations.n; i++) {
            bool was_broke = ev.is_broke;

            validate(&ev, &p->validations.items[i], ret);
            if (was_broke)
                break; /* said once */
        }
        audit(&ev, always);
    }
    return ev.step;
}
