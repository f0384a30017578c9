/*
 * policymutate.c - MutatingAdmissionPolicy.
 *
 * DESIGN
 *
 * The mutations of all policies that cover a write run one after another, each on what the one
 * before left. What a mutation makes is merged by the types of the kind (an apply configuration:
 * nothing that is owned whole may be in it) or applied as a JSON patch, then decoded and defaulted
 * as if a client had sent it. Nobody becomes the manager of what changes.
 *
 * When anything was applied, all mutating plug-ins run a second time (admit_mutate()); of the
 * policies those that ran before and ask for it (reinvocationPolicy IfNeeded).
 *
 * A failure is the policy's (failurePolicy decides) or, when the object cannot be what the patch
 * makes of it, the request's.
 */
#include "vcluster/policies.h"

#include "api/decode.h"
#include "api/patch.h"
#include "base/err.h"
#include "vcluster/admission.h"
#include "vcluster/managed.h"

typedef struct Mutation { /* one call under way */
    Request *req;
    const Op *op;
    const PolicyCall *call;
    const Resource *kind; /* of the object as the policy sees it: a resource of its own for Scale */
    Value *obj;
    const char *wrong; /* the policy failed */
} Mutation;

/* ---- kinds ---- */

/* The kind of an object, which in subresources is not its resource's; NULL: no patch can be made of
 * it. */
static const Resource *kind_of(Arena *a, const Resource *as, const Value *obj)
{
    const char *kind = value_get_str(obj, "kind"), *api = value_get_str(obj, "apiVersion");
    GroupVersion gv = api_version_split(a, api);
    const Type *type;
    Resource *r;

    if (!kind || !api)
        return NULL;
    if (str_eq(kind, as->kind))
        return as;
    type = type_of_kind(a, gv, kind);
    if (!type)
        return NULL;
    r = arena_new0(a, Resource);
    *r = *as;
    r->group = gv.group;
    r->version = gv.version;
    r->kind = kind;
    r->type = type;
    r->crd = NULL;
    return r;
}

static const char *kind_text(Arena *a, const Value *v)
{
    const char *api = value_get_str(v, "apiVersion"), *kind = value_get_str(v, "kind");

    return arena_printf(a, "%s%s, Kind=%s", api && strchr(api, '/') ? "" : "/", api ? api : "",
                        kind ? kind : "");
}

static int fail_no_kind(const Mutation *m)
{
    return fail_unavailable(
        m->req, arena_printf(m->req->arena,
                             "Resource kind %s not found. There can be a delay between when "
                             "CustomResourceDefinitions are created and when they are available.",
                             kind_text(m->req->arena, m->obj)));
}

/* ---- what a patch makes becomes the object ---- */

static const char *decoded(Request *req, const Resource *as, const Resource *kind, Value *v,
                           FieldValidation fv, Value **ret)
{
    Arena *a = req->arena;
    Value *managers = value_at(v, "metadata.managedFields");
    char version[256];
    Err err;
    int r;

    v = value_copy(a, v);
    r = kind == as ? decode_object(a, kind, v, fv, NULL, &req->state->warnings, &err)
                   : decode_type(a, kind->type, NULL, resource_api_version(kind, version), v, fv,
                                 NULL, &req->state->warnings, &err);
    if (r < 0) {
        const char *why = strstr(err.msg, "cannot be handled as a ");

        why = why ? strstr(why, ": ") : NULL;
        return arena_strdup(a, why ? why + 2 : err.msg);
    }
    value_set_str(a, v, "kind", kind->kind);
    value_set_str(a, v, "apiVersion", resource_api_version(kind, version));
    if (managers)
        value_set_at(a, v, "metadata.managedFields", value_copy(a, managers));
    if (kind == as)
        default_object(a, kind, v);
    *ret = v;
    return NULL;
}

/* NULL, or what is wrong with it. */
static const char *take(Mutation *m, Value *v, FieldValidation fv)
{
    return decoded(m->req, m->call->as, m->kind, v, fv, &m->obj);
}

const char *policies_take(Request *req, const Resource *as, const Value *obj, Value *v,
                          FieldValidation fv, Value **ret)
{
    const Resource *kind = kind_of(req->arena, as, obj);

    return kind ? decoded(req, as, kind, v, fv, ret) : "the kind of the object is not known";
}

/* ---- apply configurations ---- */

static const char *apply(Mutation *m, CelVal made)
{
    Arena *a = m->req->arena;
    Typed t = typed_of(a, m->kind);
    Typed computed = t;
    const char *why = cel_val_object_mistake(a, made);
    Value *config;

    if (why)
        return arena_printf(a, "type mismatch: %s", why);
    config = cel_val_to_json(a, made);
    if (!value_is(config, VALUE_OBJECT))
        return "invalid return type";
    value_set(a, config, "apiVersion", value_get(m->obj, "apiVersion"));
    value_set(a, config, "kind", value_get(m->obj, "kind"));
    computed.is_computed = true;
    why = typed_check(&computed, config);
    if (why)
        return arena_printf(
            a, "error applying patch: failed to convert patch object to typed object: %s", why);
    why = typed_atomics(&t, config);
    if (why)
        return arena_printf(a,
                            "error applying patch: invalid ApplyConfiguration: may not mutate "
                            "atomic arrays, maps or structs: %s",
                            why);
    why = typed_check(&t, m->obj);
    if (why)
        return arena_printf(
            a, "error applying patch: failed to convert original object to typed object: %s", why);
    return take(m, typed_merge(&t, m->obj, config), FIELDS_IGNORE);
}

/* ---- JSON patches ---- */

static int patch(Mutation *m, CelVal made)
{
    Arena *a = m->req->arena;
    Value *list = cel_val_to_json(a, made), *v = NULL;
    const char *why = cel_val_object_mistake(a, made);
    Err err;

    if (why) {
        m->wrong = arena_printf(a, "type mismatch: %s", why);
        return STEP_OK;
    }
    if (!value_is(list, VALUE_ARRAY)) {
        m->wrong = "JSONPath valueExpression evaluated to a type that could not marshal to JSON";
        return STEP_OK;
    }
    if (patch_json_why(a, m->obj, list, &v, &why, &err) < 0) {
        if (!why || !patch_is_failed_test(why)) /* a test that fails: nothing is to be done */
            m->wrong = arena_printf(a, "JSONPath: %s", why ? why : err.msg);
        return STEP_OK;
    }
    /* custom resources are pruned instead */
    why = value_is(v, VALUE_OBJECT) ? take(m, v, m->kind->crd ? FIELDS_IGNORE : FIELDS_STRICT)
                                    : "json: cannot unmarshal into the object's type";
    return why ? fail_internal_error(m->req, why) : STEP_OK;
}

/* ---- one call ---- */

static int run(Mutation *m, PolicyEval *ev, const PolicyRule *rule)
{
    CelVal made = {0};
    const char *wrong = NULL;

    m->wrong = NULL;
    m->kind = kind_of(m->req->arena, m->call->as, m->obj);
    if (!m->kind)
        return fail_no_kind(m);
    if (!policyeval_mutation(ev, rule, m->obj, &made, &wrong)) {
        m->wrong = arena_strdup(m->req->arena, wrong);
        return policyeval_step(ev);
    }
    if (policyeval_step(ev))
        return policyeval_step(ev);
    if (rule->is_json_patch)
        return patch(m, made);
    m->wrong = apply(m, made);
    return STEP_OK;
}

typedef struct Failures {
    Value *causes;
    const char *first, *reason; /* reason NULL: Forbidden */
} Failures;

static void add_failure(Request *req, Failures *f, const PolicyCall *c, const char *why,
                        const char *reason)
{
    Arena *a = req->arena;
    Value *cause = value_object(a);
    const char *text;

    if (c->policy->is_ignoring)
        return;
    text = c->binding ? arena_printf(a, "policy '%s' with binding '%s' denied request: %s",
                                     c->policy->name, c->binding->name, why)
                      : arena_printf(a, "policy \"%s\" denied request: %s", c->policy->name, why);
    if (!f->causes) {
        f->causes = value_array(a);
        f->first = text;
        f->reason = reason;
    }
    value_set_str(a, cause, "message", text);
    value_append(a, f->causes, cause);
}

static const char *key_of(Arena *a, const PolicyCall *c)
{
    const char *ns = value_at_str(c->params, "metadata.namespace");
    const char *name = value_at_str(c->params, "metadata.name");

    return arena_printf(a, "%s/%s/%s/%s", c->policy->name, c->binding->name, ns ? ns : "",
                        name ? name : "");
}

static bool ran_before(const Op *op, const char *key)
{
    for (uint32_t i = 0; i < op->again.keys.n; i++)
        if (str_eq(op->again.keys.items[i], key))
            return true;
    return false;
}

static int call(Request *req, Op *op, const PolicyCall *c, Failures *f)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *key = key_of(req->arena, c), *wrong = NULL;
    Mutation m = {.req = req, .op = op, .call = c};
    PolicyEval *ev = NULL;
    int s = policyeval_open(req, op, c, a, &ev);

    if (s)
        return s;
    if (!policyeval_matches(ev, &wrong) || policyeval_step(ev)) {
        if (wrong && !policyeval_step(ev))
            add_failure(req, f, c, arena_strdup(req->arena, wrong), "Invalid");
        return policyeval_step(ev);
    }
    if (op->again.is_second && !ran_before(op, key))
        return STEP_OK;
    m.obj = policyview(req, op, c->as, op->obj);
    for (uint32_t i = 0; i < c->policy->mutations.n; i++) {
        s = run(&m, ev, &c->policy->mutations.items[i]);
        if (s)
            return s;
        if (m.wrong)
            add_failure(req, f, c, m.wrong, "Invalid");
        else
            op->again.is_wanted = true;
    }
    op->obj = policyview_back(req, op, c->as, m.obj);
    if (c->policy->is_reinvoked && !op->again.is_second)
        warnings_add(req->arena, &op->again.keys, "%s", key);
    return STEP_OK;
}

/* ---- the plug-in ---- */

/* Managers must make sense; those of a policy that breaks them are taken back. */
static void keep_managers(Request *req, Op *op, Value *before)
{
    Value *now = value_at(op->obj, "metadata.managedFields");
    Managers m;

    if (now == before || managers_decode(req->arena, now, &m))
        return;
    warnings_add(req->arena, &req->state->warnings,
                 ".metadata.managedFields was in an invalid state after admission; this could be "
                 "caused by an outdated mutating admission controller; please fix your requests: "
                 "%s",
                 "invalid managed fields");
    if (before)
        value_set_at(req->arena, op->obj, "metadata.managedFields", before);
    else
        value_del_at(op->obj, "metadata.managedFields");
}

void policies_settle(Request *req, Op *op, Value *managers)
{
    const char *name = value_at_str(op->obj, "metadata.name");

    keep_managers(req, op, managers);
    if (op_is_create(op) && !op->sub && name && name[0])
        op->name = req->name = name;
}

static int refuse(Request *req, const Op *op, const Failures *f)
{
    const Resource *r = op->r;
    Value *d = status_details(req->arena, r->group, r->plural, admit_name(op));

    value_set(req->arena, d, "causes", f->causes);
    return fail_status(req, 403, f->reason ? f->reason : "Forbidden", d, f->first);
}

int policies_mutate(Request *req, Op *op)
{
    Value *managers = value_at(op->obj, "metadata.managedFields");
    PolicyCalls calls;
    Failures f = {0};
    int s;

    if (policies_are_exempt(op) || str_eq(op->verb, "DELETE") || op->seen)
        return STEP_OK;
    s = policycalls(req, op, POLICIES_MUTATING, &calls);
    for (uint32_t i = 0; !s && i < calls.n; i++)
        if (calls.items[i].wrong)
            add_failure(req, &f, &calls.items[i], calls.items[i].wrong, NULL);
    for (uint32_t i = 0; !s && i < calls.n; i++)
        if (!calls.items[i].wrong)
            s = call(req, op, &calls.items[i], &f);
    if (s)
        return s;
    if (f.causes)
        return refuse(req, op, &f);
    if (calls.n == 0)
        return STEP_OK;
    policies_settle(req, op, managers);
    return STEP_OK;
}
