#include "api/policytypes.h"

#include "tests/unit/test.h"

static const Resource *find(void *data UNUSED, const char *group, const char *version,
                            const char *plural, const char *kind)
{
    return plural ? resource_find(slice_of(group), slice_of(version), slice_of(plural))
                  : resource_find_kind(group, version, kind);
}

#define RULE(groups, versions, resources)                                                          \
    "'matchConstraints':{'resourceRules':[{'apiGroups':[" groups "],'apiVersions':[" versions      \
    "],'operations':['*'],'resources':[" resources "]}]}"
#define DEPLOYMENTS       RULE("'apps'", "'v1'", "'deployments'")
#define Q                 "\\\""
#define CHECK(expression) ",'validations':[{'expression':'" expression "'}]"

static const struct {
    const char *spec;
    const char *want; /* the only warning: FIELD: TEXT up to the end of its line; NULL: none */
} rows[] = {
    {DEPLOYMENTS CHECK("object.spec.replicas > 1"), NULL},
    {DEPLOYMENTS CHECK("object.replicas > 1"),
     "spec.validations[0].expression: apps/v1, Kind=Deployment: ERROR: <input>:1:7: undefined "
     "field 'replicas'"},
    {DEPLOYMENTS CHECK("object.spec.replicas > string(1)"),
     "spec.validations[0].expression: apps/v1, Kind=Deployment: ERROR: <input>:1:22: found no "
     "matching overload for '_>_' applied to '(int, string)'"},
    {DEPLOYMENTS ",'validations':[{'expression':'true','messageExpression':'oldObject.nope'}]",
     "spec.validations[0].messageExpression: apps/v1, Kind=Deployment: ERROR: <input>:1:10: "
     "undefined field 'nope'"},
    {DEPLOYMENTS ",'variables':[{'name':'n','expression':'object.spec.replicas'}]" CHECK(
         "variables.n.size() > 1"),
     "spec.validations[0].expression: apps/v1, Kind=Deployment: ERROR: <input>:1:17: found no "
     "matching overload for 'size' applied to 'int.()'"},
    {DEPLOYMENTS CHECK("object.spec.template.spec.containers.all(c, c.ports.all(p, "
                       "p.containerPort < 1024 && c.resources.limits[" Q "cpu" Q "] != " Q "1" Q
                       "))"),
     NULL},
    {DEPLOYMENTS CHECK("object.metadata.creationTimestamp.getHours() > 1"), NULL},
    {DEPLOYMENTS CHECK("object.spec.strategy.rollingUpdate.maxSurge == 1 && "
                       "request.resource.resource == " Q "x" Q " && "
                       "authorizer.requestResource.check(" Q "get" Q ").allowed()"),
     NULL},
    {DEPLOYMENTS ",'paramKind':{'apiVersion':'v1','kind':'ConfigMap'}" CHECK("params.data[" Q "x" Q
                                                                             "] == params.nope"),
     "spec.validations[0].expression: apps/v1, Kind=Deployment: ERROR: <input>:1:27: undefined "
     "field 'nope'"},
    {DEPLOYMENTS ",'paramKind':{'apiVersion':'x.io/v1','kind':'None'}" CHECK("params.x"),
     "spec.validations[0].expression: apps/v1, Kind=Deployment: ERROR: <input>:1:1: undeclared "
     "reference to 'params' (in container '')"},
    /* types that contain themselves */
    {RULE("'apiextensions.k8s.io'", "'v1'", "'customresourcedefinitions'")
         CHECK("object.spec.versions.all(v, v.schema.openAPIV3Schema.properties[" Q "a" Q
               "].properties[" Q "b" Q "]."
               "nope)"),
     "spec.validations[0].expression: apiextensions.k8s.io/v1, Kind=CustomResourceDefinition: "
     "ERROR: <input>:1:85: undefined field 'nope'"},
    /* wildcards and subresources are not looked at */
    {RULE("'*'", "'v1'", "'deployments'") CHECK("object.nope"), NULL},
    {RULE("'apps'", "'*'", "'deployments'") CHECK("object.nope"), NULL},
    {RULE("'apps'", "'v1'", "'*','deployments/scale','nope'") CHECK("object.nope"), NULL},
};

TEST(expressions_are_held_against_the_types_of_what_they_match)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *policy = value_object(a), *list;
        const char *have = "";

        value_set(a, policy, "spec", value_literal(a, arena_printf(a, "{%s}", rows[i].spec)));
        list = policytypes_warnings(a, policy, find, NULL);
        if (value_len(list) > 0) {
            const char *text = value_at_str(list, "0.warning");

            have = arena_printf(a, "%s: %.*s", value_at_str(list, "0.fieldRef"),
                                (int)strcspn(text, "\n"), text);
        }
        assert_string_equal(have, rows[i].want ? rows[i].want : "");
        assert_int_equal(value_len(list), rows[i].want != NULL);
    }
}

TEST(every_kind_has_its_part_of_a_warning)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *policy = value_object(a), *list;

    value_set(a, policy, "spec",
              value_literal(a, "{" RULE("'','apps'", "'v1'", "'pods','deployments'")
                                   CHECK("object.spec.replicas > 1 || object.x") "}"));
    list = policytypes_warnings(a, policy, find, NULL);
    assert_int_equal(value_len(list), 1);
    assert_string_equal(value_at_str(list, "0.warning"),
                        "/v1, Kind=Pod: ERROR: <input>:1:12: undefined field 'replicas'\n"
                        " | object.spec.replicas > 1 || object.x\n"
                        " | ...........^\n"
                        "ERROR: <input>:1:35: undefined field 'x'\n"
                        " | object.spec.replicas > 1 || object.x\n"
                        " | ..................................^\n"
                        "\n"
                        "apps/v1, Kind=Deployment: ERROR: <input>:1:35: undefined field 'x'\n"
                        " | object.spec.replicas > 1 || object.x\n"
                        " | ..................................^\n");
}
