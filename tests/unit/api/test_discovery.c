#include "api/discovery.h"

#include "base/err.h"
#include "tests/unit/test.h"

static Value *parsed(Arena *a, const Buf *b)
{
    Value *v;
    Err err;

    if (value_parse(a, buf_slice(b), &v, &err) < 0)
        fail_msg("%s", err.msg);
    return v;
}

static const Value *named(const Value *list, const char *member, const char *name)
{
    const Value *item;

    value_each_item(list, i, item)
    {
        if (str_eq(value_get_str(item, member), name))
            return item;
    }
    fail_msg("no %s", name);
    return NULL;
}

#define ALL_VERBS "'create','delete','deletecollection','get','list','patch','update','watch'"

static const struct {
    const char *group, *version, *name, *want;
} resources[] = {
    {"", "v1", "bindings",
     "{'name':'bindings','singularName':'binding','namespaced':true,'kind':'Binding','verbs':"
     "['create']}"},
    {"", "v1", "configmaps",
     "{'name':'configmaps','singularName':'configmap','namespaced':true,'kind':'ConfigMap',"
     "'verbs':[" ALL_VERBS "],'shortNames':['cm'],'storageVersionHash':'qFsyl6wFWjQ='}"},
    {"", "v1", "pods/eviction",
     "{'name':'pods/eviction','singularName':'','namespaced':true,'group':'policy','version':'v1',"
     "'kind':'Eviction','verbs':['create']}"},
    {"", "v1", "pods/log",
     "{'name':'pods/log','singularName':'','namespaced':true,'kind':'Pod','verbs':['get']}"},
    {"apps", "v1", "deployments",
     "{'name':'deployments','singularName':'deployment','namespaced':true,'kind':'Deployment',"
     "'verbs':[" ALL_VERBS "],'shortNames':['deploy'],'categories':['all'],'storageVersionHash':"
     "'8aSe+NMegvE='}"},
    {"apps", "v1", "deployments/scale",
     "{'name':'deployments/scale','singularName':'','namespaced':true,'group':'autoscaling',"
     "'version':'v1','kind':'Scale','verbs':['get','patch','update']}"},
    {"events.k8s.io", "v1", "events",
     "{'name':'events','singularName':'event','namespaced':true,'kind':'Event','verbs':[" ALL_VERBS
     "],'shortNames':['ev'],'storageVersionHash':'r2yiGXH7wu8='}"},
};

TEST(resources_are_listed_as_recorded)
{
    for (size_t i = 0; i < ARRAY_LEN(resources); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        AUTO_BUF b = BUF_INIT;
        ResourceSet set = resource_set_builtin(a, false);

        assert_true(discovery_write_resources(&set, slice_of(resources[i].group),
                                              slice_of(resources[i].version), &b));
        assert_string_equal(value_to_str(a, named(value_get(parsed(a, &b), "resources"), "name",
                                                  resources[i].name)),
                            value_to_str(a, value_literal(a, resources[i].want)));
    }
}

TEST(groups_come_in_the_real_servers_order)
{
    static const char *const order[] = {
        "apiregistration.k8s.io", "apps",        "events.k8s.io", "authentication.k8s.io",
        "authorization.k8s.io",   "autoscaling", "batch"};
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF b = BUF_INIT;
    ResourceSet set = resource_set_builtin(a, false);
    Value *groups;

    discovery_write_groups(&set, &b);
    groups = value_get(parsed(a, &b), "groups");
    for (size_t i = 0; i < ARRAY_LEN(order); i++)
        assert_string_equal(value_get_str(value_item(groups, (uint32_t)i), "name"), order[i]);
    assert_string_equal(
        value_to_str(a, named(groups, "name", "autoscaling")),
        "{\"name\":\"autoscaling\",\"versions\":[{\"groupVersion\":\"autoscaling/v2\",\"version\":"
        "\"v2\"},{\"groupVersion\":\"autoscaling/v1\",\"version\":\"v1\"}],\"preferredVersion\":{"
        "\"groupVersion\":\"autoscaling/v2\",\"version\":\"v2\"}}");
}

TEST(unknown_groups_and_versions_are_refused)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF b = BUF_INIT;
    ResourceSet set = resource_set_builtin(a, false), host = resource_set_builtin(a, true);

    assert_false(discovery_write_group(&set, SLICE("nothing"), &b));
    assert_false(discovery_write_group(&set, SLICE(""), &b));
    assert_false(discovery_write_resources(&set, SLICE("apps"), SLICE("v2"), &b));
    assert_false(openapi_write_v3(&set, SLICE("apps"), SLICE("v2"), &b));
    assert_false(discovery_write_group(&set, SLICE("tenancy.hostplane.io"), &b));
    assert_int_equal(b.len, 0);
    assert_true(discovery_write_group(&host, SLICE("tenancy.hostplane.io"), &b));
}

TEST(aggregated_form_nests_subresources)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF core = BUF_INIT;
    AUTO_BUF others = BUF_INIT;
    ResourceSet set = resource_set_builtin(a, false);
    Value *v;

    discovery_write_aggregated(&set, true, "v2", &core);
    v = parsed(a, &core);
    assert_int_equal(value_len(value_get(v, "items")), 1);
    assert_string_equal(value_to_str(a, value_at(v, "items.0.metadata")), "{}");
    assert_string_equal(
        value_to_str(
            a, named(value_at(v, "items.0.versions.0.resources"), "resource", "serviceaccounts")),
        value_to_str(
            a, value_literal(
                   a, "{'resource':'serviceaccounts','responseKind':{'group':'','version':'','kind'"
                      ":'ServiceAccount'},'scope':'Namespaced','singularResource':'serviceaccount',"
                      "'verbs':[" ALL_VERBS "],'shortNames':['sa'],'subresources':[{'subresource':"
                      "'token','responseKind':{'group':'authentication.k8s.io','version':'v1',"
                      "'kind':'TokenRequest'},'verbs':['create']}]}")));
    discovery_write_aggregated(&set, false, "v2beta1", &others);
    v = parsed(a, &others);
    assert_string_equal(value_get_str(v, "apiVersion"), "apidiscovery.k8s.io/v2beta1");
    assert_string_equal(value_at_str(v, "items.1.metadata.name"), "apps");
}

TEST(versions_name_the_servers_address)
{
    AUTO_BUF b = BUF_INIT;

    discovery_write_versions("10.0.0.1:6443", &b);
    assert_string_equal(buf_str(&b),
                        "{\"kind\":\"APIVersions\",\"versions\":[\"v1\"],"
                        "\"serverAddressByClientCIDRs\":[{\"clientCIDR\":\"0.0.0.0/0\","
                        "\"serverAddress\":\"10.0.0.1:6443\"}]}\n");
}
