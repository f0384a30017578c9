#include "base/yaml.h"
#include "tenancy/plans.h"
#include "tests/unit/tenancy/fakes.h"

enum { NOW_US = 1700000000 * 1000000LL };

static const FakeObj objs[] = {
    {"host/tenancy/tenants//acme",
     "{'metadata':{'name':'acme'},'spec':{'plan':'gold','overrides':{'limits':{'pods':'7'}}}}"},
    {"host/tenancy/plans//gold",
     "{'metadata':{'name':'gold'},'spec':{'weight':3,'limits':{'pods':'100','cpu':'4','memory':"
     "'8Gi'}}}"},
};

static Value *tenant(Arena *a, const char *name, const char *spec)
{
    return value_literal(
        a, arena_printf(a, "{'metadata':{'name':'%s','uid':'u1','generation':1},'spec':{%s}}", name,
                        spec));
}

static int create(Arena *a, const char *name, const char *spec, const char *plan, Value **ret,
                  ClusterChange *c, Err *err)
{
    return tenancy_prepare_create(tenancy, a, tenant(a, name, spec),
                                  plan ? value_literal(a, plan) : NULL, NOW_US, ret, c, err);
}

TEST(a_tenant_is_ready_when_it_is_created)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(identity_close) Identity *i = NULL;
    ClusterChange c;
    Value *v;
    Err err;

    fakes_open();
    assert_ok(create(a, "new-one", "", base_plans[1].json, &v, &c, &err));
    assert_int_equal(c.op, CLUSTER_CREATE);
    assert_string_equal(c.name, "new-one");
    assert_string_equal(c.uid, "u1");
    assert_int_equal(c.state, CLUSTER_ACTIVE);
    assert_ok(identity_open(c.identity, c.name, &i, &err));
    assert_string_equal(value_at_str(v, "spec.plan"), PLAN_DEFAULT);
    assert_string_equal(value_at_str(v, "spec.isolation"), "virtual");
    assert_string_equal(value_at_str(v, "status.phase"), "Ready");
    assert_string_equal(value_at_str(v, "status.endpoint"),
                        "https://hp.example:6443/clusters/new-one");
    assert_string_equal(value_at_str(v, "status.conditions.0.status"), "True");
    assert_string_equal(value_at_str(v, "status.conditions.0.lastTransitionTime"),
                        "2023-11-14T22:13:20Z");
    fakes_close();
}

static const struct {
    const char *name, *spec, *plan, *message;
} refused[] = {
    {"host", "", "{'spec':{}}",
     "metadata.name: Invalid value: \"host\": it names the platform's own cluster"},
    {"a.b", "", "{'spec':{}}",
     "metadata.name: Invalid value: \"a.b\": a tenant's name must consist of at most 63 lower case "
     "alphanumeric characters or '-', and must start and end with an alphanumeric character"},
    {"x", "'plan':'nope'", NULL, "spec.plan: Not found: \"nope\""},
    {"x", "'isolation':'dedicated','plan':'p'", "{'spec':{'isolation':'virtual'}}",
     "spec.isolation: Invalid value: \"dedicated\": the plan \"p\" offers \"virtual\""},
    {"x", "'keyProvider':'none'", "{'spec':{}}", "spec.keyProvider: Not found: \"none\""},
    {"x", "", "{'spec':{'keyProvider':'none'}}", "spec.plan.spec.keyProvider: Not found: \"none\""},
    {"x", "'keyProvider':'vault'", "{'spec':{'isolation':'namespace'}}",
     "spec.keyProvider: Invalid value: \"vault\": a tenant of isolation namespace has no data key "
     "of "
     "its own"},
};

TEST(tenants_that_cannot_be_are_refused)
{
    fakes_open();
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        ClusterChange c;
        Value *v;
        Err err;

        assert_fails(create(a, refused[i].name, refused[i].spec, refused[i].plan, &v, &c, &err),
                     ERR_INVALID);
        assert_string_equal(err.msg, refused[i].message);
    }
    fakes_close();
}

TEST(a_tenants_key_provider_is_its_own_or_its_plans)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *plan = value_literal(a, "{'spec':{'keyProvider':'vault'}}"), *v, *now;
    ClusterChange c;
    Err err;

    fakes_open();
    assert_ok(create(a, "t", "", "{'spec':{}}", &v, &c, &err));
    assert_string_equal(c.key_provider, "");
    assert_null(value_at(v, "status.keyProvider"));
    assert_ok(
        create(a, "t", "'keyProvider':'file'", "{'spec':{'keyProvider':'vault'}}", &v, &c, &err));
    assert_string_equal(c.key_provider, "file");
    assert_ok(create(a, "t", "", "{'spec':{'keyProvider':'vault'}}", &v, &c, &err));
    assert_string_equal(c.key_provider, "vault");
    assert_string_equal(value_at_str(v, "status.keyProvider"), "vault");
    assert_ok(tenancy_prepare_update(tenancy, a, v, v, plan, NOW_US, &now, &c, &err));
    assert_int_equal(c.op, CLUSTER_NONE);
    value_set_at(a, v, "spec.keyProvider", value_str(a, "file"));
    assert_ok(tenancy_prepare_update(tenancy, a, now, v, plan, NOW_US, &v, &c, &err));
    assert_int_equal(c.op, CLUSTER_SET_STATE);
    assert_int_equal(c.state, CLUSTER_ACTIVE);
    assert_string_equal(c.key_provider, "file");
    now = value_copy(a, v);
    value_set_at(a, now, "spec.keyProvider", value_str(a, "none"));
    assert_fails(tenancy_prepare_update(tenancy, a, v, now, plan, NOW_US, &v, &c, &err),
                 ERR_INVALID);
    fakes_close();
}

TEST(suspending_and_resuming_change_the_cluster)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *plan = value_literal(a, "{'spec':{}}"), *active, *suspended, *v;
    ClusterChange c;
    Err err;

    fakes_open();
    assert_ok(create(a, "t", "'state':'Active'", "{'spec':{}}", &active, &c, &err));
    suspended = value_copy(a, active);
    value_set_at(a, suspended, "spec.state", value_str(a, "Suspended"));
    assert_ok(tenancy_prepare_update(tenancy, a, active, suspended, plan, NOW_US + 5000000, &v, &c,
                                     &err));
    assert_int_equal(c.op, CLUSTER_SET_STATE);
    assert_int_equal(c.state, CLUSTER_SUSPENDED);
    assert_string_equal(value_at_str(v, "status.phase"), "Suspended");
    assert_string_equal(value_at_str(v, "status.conditions.0.lastTransitionTime"),
                        "2023-11-14T22:13:25Z");
    assert_ok(tenancy_prepare_update(tenancy, a, v, v, plan, NOW_US + 9000000, &v, &c, &err));
    assert_int_equal(c.op, CLUSTER_NONE);
    assert_string_equal(value_at_str(v, "status.conditions.0.lastTransitionTime"),
                        "2023-11-14T22:13:25Z");
    assert_ok(tenancy_prepare_update(tenancy, a, v, active, plan, NOW_US, &v, &c, &err));
    assert_int_equal(c.state, CLUSTER_ACTIVE);
    fakes_close();
}

TEST(a_protected_tenant_is_not_deleted)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    ClusterChange c = {0};
    Err err;

    fakes_open();
    assert_fails(
        tenancy_prepare_delete(tenancy, a, tenant(a, "t", "'deletionProtection':true"), &c, &err),
        ERR_FORBIDDEN);
    assert_ok(tenancy_prepare_delete(tenancy, a, tenant(a, "t", ""), &c, &err));
    assert_int_equal(c.op, CLUSTER_DELETE);
    fakes_close();
}

TEST(usage_is_told_under_the_names_of_quotas)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *need = NULL;
    Value *usage;

    fakes_open();
    fake_objs = objs;
    n_fake_objs = ARRAY_LEN(objs);
    assert_ok(tenancy_usage(tenancy, ACME, a, NOW_US, &usage, &need));
    assert_string_equal(value_at_str(usage, "used.cpu"), "1500m");
    assert_string_equal(value_get_str(value_get(usage, "used"), "count/deployments.apps"), "3");
    assert_string_equal(value_at_str(usage, "used.pods"), "0"); /* limited, and not used */
    assert_string_equal(value_at_str(usage, "limits.memory"), "8Gi");
    assert_string_equal(value_at_str(usage, "limits.pods"), "7");
    assert_string_equal(value_at_str(usage, "history.retention"), "2h0m0s");
    assert_null(value_at(usage, "history.oldestRevision"));
    ACME->oldest = 41;
    assert_ok(tenancy_usage(tenancy, ACME, a, NOW_US, &usage, &need));
    ACME->oldest = 0;
    assert_int_equal(value_at_int(usage, "history.oldestRevision", 0), 41);
    fakes_close();
}

TEST(a_kubeconfig_holds_what_it_is_asked_for)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    KubeconfigOptions o = {.is_token = true, .lifetime_s = 3600};
    const char *text = NULL;
    int64_t expires = 0;
    AuthUser u;
    Value *v;
    Err err;

    fakes_open();
    assert_ok(tenancy_kubeconfig(tenancy, ACME, &o, NOW_US, a, &text, &expires, &err));
    assert_true(expires == NOW_US + 3600 * 1000000LL);
    assert_ok(value_parse_yaml(a, slice_of(text), &v, &err));
    assert_string_equal(value_at_str(v, "clusters.0.cluster.server"),
                        "https://hp.example:6443/clusters/acme");
    assert_string_equal(value_at_str(v, "current-context"), "acme");
    assert_true(slice_is(tenancy_token_cluster(a, slice_of(value_at_str(v, "users.0.user.token"))),
                         "acme"));
    (void)u;
    o.is_token = false;
    assert_ok(tenancy_kubeconfig(tenancy, ACME, &o, NOW_US, a, &text, &expires, &err));
    assert_ok(value_parse_yaml(a, slice_of(text), &v, &err));
    assert_non_null(value_at_str(v, "users.0.user.client-certificate-data"));
    assert_non_null(value_at_str(v, "users.0.user.client-key-data"));
    o.lifetime_s = 5;
    assert_fails(tenancy_kubeconfig(tenancy, ACME, &o, NOW_US, a, &text, &expires, &err),
                 ERR_INVALID);
    fakes_close();
}

TEST(built_in_plans_are_plans)
{
    for (const BasePlan *p = base_plans; *p->name; p++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *v;
        Err err;

        assert_ok(value_parse(a, slice_of(p->json), &v, &err));
        assert_string_equal(value_at_str(v, "metadata.name"), p->name);
        assert_non_null(value_at(v, "spec.limits"));
    }
}
