#include "cel/cel_int.h"

/* authorizer.group('apps').resource('deployments').namespace('x').check('get').allowed(): each step
 * copies what is asked so far; check() asks the caller (CelCheckFn). */

#define AUTHORIZER "kubernetes.authorization.Authorizer"
#define PATH       "kubernetes.authorization.PathCheck"
#define GROUP      "kubernetes.authorization.GroupCheck"
#define RESOURCE   "kubernetes.authorization.ResourceCheck"
#define DECISION   "kubernetes.authorization.Decision"

typedef struct Question {
    CelCheckFn check;
    void *data;
    CelAccess access;
} Question;

static const CelAccess nothing = {.group = "",
                                  .resource = "",
                                  .subresource = "",
                                  .namespace = "",
                                  .name = "",
                                  .verb = "",
                                  .field_selector = "",
                                  .label_selector = ""};

static CelVal make(Arena *a, const char *type, const Question *q)
{
    Question *copy = arena_new0(a, Question);

    *copy = *q;
    return cel__opaque(cel__library_type(type), copy);
}

CelVal cel_val_authorizer(Arena *a, CelCheckFn check, void *data)
{
    return make(a, AUTHORIZER, &(Question){check, data, nothing});
}

CelVal cel_val_resource_check(Arena *a, CelCheckFn check, void *data, const CelAccess *access)
{
    return make(a, RESOURCE, &(Question){check, data, *access});
}

const CelType *cel_type_authorizer(void)
{
    return cel__library_type(AUTHORIZER);
}

const CelType *cel_type_resource_check(void)
{
    return cel__library_type(RESOURCE);
}

static char *text_of(CelRun *run, CelVal v)
{
    char *copy = cel__alloc(run, v.s.len + 1);

    if (!copy)
        return NULL;
    if (v.s.len > 0)
        memcpy(copy, v.s.ptr, v.s.len);
    return copy;
}

/* args[0] with the member at `offset` of its access set to args[1]. */
static CelVal with(CelRun *run, const CelVal *args, const char *type, size_t offset)
{
    Question *q = cel__alloc(run, sizeof(*q));
    const char *text = text_of(run, args[1]);

    if (!q || !text)
        return cel__err(run, "out of memory");
    *q = *(const Question *)args[0].opaque.ptr;
    *(const char **)((char *)&q->access + offset) = text;
    return cel__opaque(cel__library_type(type), q);
}

#define STEP(fn, type, member)                                                                     \
    static CelVal fn(CelRun *run, const CelVal *args, int n UNUSED)                                \
    {                                                                                              \
        return with(run, args, type, offsetof(CelAccess, member));                                 \
    }
STEP(path, PATH, path)
STEP(group, GROUP, group)
STEP(resource, RESOURCE, resource)
STEP(subresource, RESOURCE, subresource)
STEP(namespace, RESOURCE, namespace)
STEP(name, RESOURCE, name)
STEP(field_selector, RESOURCE, field_selector)
STEP(label_selector, RESOURCE, label_selector)
#undef STEP

static CelVal service_account(CelRun *run, const CelVal *args, int n UNUSED)
{
    CelVal v = with(run, args, AUTHORIZER, offsetof(CelAccess, service_account_namespace));
    CelVal both[2] = {v, args[2]};

    return v.kind == CEL_OPAQUE
               ? with(run, both, AUTHORIZER, offsetof(CelAccess, service_account_name))
               : v;
}

static CelVal check(CelRun *run, const CelVal *args, int n UNUSED)
{
    CelVal v = with(run, args, RESOURCE, offsetof(CelAccess, verb));
    const Question *q;
    CelDecision *d;

    if (v.kind != CEL_OPAQUE)
        return v;
    q = v.opaque.ptr;
    d = cel__alloc(run, sizeof(*d));
    if (!d)
        return cel__err(run, "out of memory");
    *d = q->check(q->data, &q->access, run->a);
    return cel__opaque(cel__library_type(DECISION), d);
}

static const CelDecision *decision(CelVal v)
{
    return v.opaque.ptr;
}

static CelVal allowed(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_bool(decision(args[0])->is_allowed);
}

static CelVal reason(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_str(slice_of(decision(args[0])->reason));
}

static CelVal errored(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_bool(decision(args[0])->error[0] != '\0');
}

static CelVal error(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_str(slice_of(decision(args[0])->error));
}

static CelFn fns[] = {
    METHOD("path", "authorizer_path", AUTHORIZER ",string", PATH, path),
    METHOD("group", "authorizer_group", AUTHORIZER ",string", GROUP, group),
    METHOD("serviceAccount", "authorizer_serviceaccount", AUTHORIZER ",string,string", AUTHORIZER,
           service_account),
    METHOD("resource", "groupcheck_resource", GROUP ",string", RESOURCE, resource),
    METHOD("subresource", "resourcecheck_subresource", RESOURCE ",string", RESOURCE, subresource),
    METHOD("namespace", "resourcecheck_namespace", RESOURCE ",string", RESOURCE, namespace),
    METHOD("name", "resourcecheck_name", RESOURCE ",string", RESOURCE, name),
    METHOD("fieldSelector", "authorizer_fieldselector", RESOURCE ",string", RESOURCE,
           field_selector),
    METHOD("labelSelector", "authorizer_labelselector", RESOURCE ",string", RESOURCE,
           label_selector),
    METHOD("check", "pathcheck_check", PATH ",string", DECISION, check),
    METHOD("check", "resourcecheck_check", RESOURCE ",string", DECISION, check),
    METHOD("allowed", "decision_allowed", DECISION, "bool", allowed),
    METHOD("reason", "decision_reason", DECISION, "string", reason),
    METHOD("errored", "decision_errored", DECISION, "bool", errored),
    METHOD("error", "decision_error", DECISION, "string", error),
};

const CelLibTable cel__lib_authz = {CEL_LIB_AUTHZ, fns, ARRAY_LEN(fns)};
