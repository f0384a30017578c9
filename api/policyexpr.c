#include "api/policyexpr.h"

#include "api/formats.h"
#include "base/arena.h"

struct PolicyEnv {
    Arena *a;
    CelEnv *env;
    const CelType *request, *namespace_object;
};

#define FIELDS(a, name, ...)                                                                       \
    cel_type_object((a), (name), (const CelField[]){__VA_ARGS__},                                  \
                    sizeof((const CelField[]){__VA_ARGS__}) / sizeof(CelField))
#define F(json_, type_)                                                                            \
    {                                                                                              \
        .name = (json_), .json = (json_), .type = (type_)                                          \
    }

static const CelType *request_type(Arena *a)
{
    const CelType *kind = FIELDS(a, "kubernetes.GroupVersionKind", F("group", &cel_string),
                                 F("version", &cel_string), F("kind", &cel_string));
    const CelType *resource = FIELDS(a, "kubernetes.GroupVersionResource", F("group", &cel_string),
                                     F("version", &cel_string), F("resource", &cel_string));
    const CelType *strings = cel_type_list(a, &cel_string);
    const CelType *user =
        FIELDS(a, "kubernetes.UserInfo", F("username", &cel_string), F("uid", &cel_string),
               F("groups", strings), F("extra", cel_type_map(a, &cel_string, strings)));

    return FIELDS(a, "kubernetes.AdmissionRequest", F("kind", kind), F("resource", resource),
                  F("subResource", &cel_string), F("requestKind", kind),
                  F("requestResource", resource), F("requestSubResource", &cel_string),
                  F("name", &cel_string), F("namespace", &cel_string), F("operation", &cel_string),
                  F("userInfo", user), F("dryRun", &cel_bool), F("options", &cel_dyn));
}

static const CelType *namespace_type(Arena *a)
{
    const CelType *strings = cel_type_list(a, &cel_string);
    const CelType *map = cel_type_map(a, &cel_string, &cel_string);
    const CelType *meta = FIELDS(
        a, "kubernetes.NamespaceMetadata", F("name", &cel_string), F("generateName", &cel_string),
        F("namespace", &cel_string), F("labels", map), F("annotations", map), F("UID", &cel_string),
        F("creationTimestamp", &cel_timestamp), F("deletionGracePeriodSeconds", &cel_int),
        F("deletionTimestamp", &cel_timestamp), F("generation", &cel_int),
        F("resourceVersion", &cel_string), F("finalizers", strings));
    const CelType *spec = FIELDS(a, "kubernetes.NamespaceSpec", F("finalizers", strings));
    const CelType *status = FIELDS(a, "kubernetes.NamespaceStatus", F("phase", &cel_string));

    return FIELDS(a, "kubernetes.Namespace", F("metadata", meta), F("spec", spec),
                  F("status", status));
}

PolicyEnv *policyexpr_env(Arena *a, unsigned flags)
{
    return policyexpr_env_typed(a, flags, &(PolicyTypes){NULL, NULL});
}

PolicyEnv *policyexpr_env_typed(Arena *a, unsigned flags, const PolicyTypes *types)
{
    const CelType *object = types->object ? types->object : &cel_dyn;
    static const char hidden[] = "@"; /* nothing that can be written */
    bool has_params = (flags & POLICY_HAS_PARAMS) != 0;
    bool has_authorizer = (flags & POLICY_HAS_AUTHORIZER) != 0;
    PolicyEnv *p = arena_new0(a, PolicyEnv);

    p->a = a;
    p->env = cel_env_new(a, CEL_LIBS_KUBERNETES | CEL_LIB_AUTHZ |
                                (flags & POLICY_MAKES_PATCHES ? CEL_LIB_PATCH : 0u));
    cel_env_set_formats(p->env, format_report);
    p->request = request_type(a);
    p->namespace_object = namespace_type(a);
    (void)cel_env_declare(p->env, "object", object);
    (void)cel_env_declare(p->env, "oldObject", object);
    (void)cel_env_declare(p->env, "request", p->request);
    (void)cel_env_declare(p->env, "namespaceObject", p->namespace_object);
    (void)cel_env_declare(p->env, has_params ? "params" : hidden,
                          types->params ? types->params : &cel_dyn);
    (void)cel_env_declare(p->env, has_authorizer ? "authorizer" : hidden, cel_type_authorizer());
    (void)cel_env_declare(p->env, has_authorizer ? "authorizer.requestResource" : hidden,
                          cel_type_resource_check());
    (void)cel_env_declare(p->env, flags & POLICY_NO_VARIABLES ? hidden : "variables",
                          cel_type_object(a, "kubernetes.variables", NULL, 0));
    return p;
}

static const char *compile(const PolicyEnv *p, const char *text, CelProgram **ret)
{
    const char *wrong = cel_compile(p->env, slice_of(text), p->a, ret);

    return wrong ? arena_printf(p->a, "compilation failed: %s", wrong) : NULL;
}

const char *policyexpr_variable(PolicyEnv *p, const char *name, const char *text, CelProgram **ret)
{
    const char *wrong;

    *ret = NULL;
    wrong = compile(p, text, ret);
    (void)cel_env_declare(p->env, arena_printf(p->a, "variables.%s", name),
                          wrong ? &cel_dyn : cel_program_type(*ret));
    return wrong;
}

static bool is_answer(const CelType *t, PolicyAnswer answer)
{
    switch (answer) {
    case POLICY_ANY:
        return true;
    case POLICY_BOOL:
        return t->kind == CEL_BOOL;
    case POLICY_STRING:
        return t->kind == CEL_STRING;
    case POLICY_STRING_OR_NULL:
        return t->kind == CEL_STRING || t->kind == CEL_NULL;
    case POLICY_OBJECT_MADE:
        return t->kind == CEL_OBJECT && str_eq(t->name, "Object");
    case POLICY_JSON_PATCHES:
        return t->kind == CEL_LIST && t->elem && t->elem->kind == CEL_OBJECT &&
               str_eq(t->elem->name, "JSONPatch");
    }
    return false;
}

const char *policyexpr_compile(PolicyEnv *p, const char *text, PolicyAnswer answer,
                               CelProgram **ret)
{
    static const char *const names[] = {
        [POLICY_ANY] = "",
        [POLICY_BOOL] = "bool",
        [POLICY_STRING] = "string",
        [POLICY_STRING_OR_NULL] = "one of [string null_type]",
        [POLICY_OBJECT_MADE] = "Object",
        [POLICY_JSON_PATCHES] = "list(JSONPatch)",
    };
    const char *wrong = compile(p, text, ret);

    if (wrong || is_answer(cel_program_type(*ret), answer))
        return wrong;
    return arena_printf(p->a, "must evaluate to %s but got %s", names[answer],
                        cel_type_text(p->a, cel_program_type(*ret)));
}

const CelType *policyexpr_request_type(const PolicyEnv *p)
{
    return p->request;
}

const CelType *policyexpr_namespace_type(const PolicyEnv *p)
{
    return p->namespace_object;
}
