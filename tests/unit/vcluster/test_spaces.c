/* Tenants that own namespaces of a shared cluster, and groups of tenants, through the engine. */
#include "tests/unit/vcluster/loopback.h"

#define T    "/apis/tenancy.hostplane.io/v1/"
#define NS   "/api/v1/namespaces"
#define RBAC "/apis/rbac.authorization.k8s.io/v1/"

/* With the body's quotes as '. */
static Answer ask(Arena *a, const char *cluster, const char *method, const char *path,
                  const char *body)
{
    char *text = body ? arena_strdup(a, body) : NULL;

    for (char *p = text; p && *p; p++)
        *p = *p == '\'' ? '"' : *p;
    return call(a, cluster, method, path, text);
}

static int make(Arena *a, const char *kind, const char *name, const char *spec)
{
    return ask(a, "host", "POST", arena_printf(a, T "%s", kind),
               arena_printf(a, "{'metadata':{'name':'%s'},'spec':%s}", name, spec))
        .status;
}

static int space(Arena *a, const char *cluster, const char *name)
{
    return ask(a, cluster, "POST", NS, arena_printf(a, "{'metadata':{'name':'%s'}}", name)).status;
}

static int config(Arena *a, const char *cluster, const char *ns, const char *name)
{
    return ask(a, cluster, "POST", arena_printf(a, NS "/%s/configmaps", ns),
               arena_printf(a, "{'metadata':{'name':'%s'}}", name))
        .status;
}

static void need_hub(Arena *a)
{
    static bool is_there;

    need_server();
    if (is_there)
        return;
    is_there = true;
    assert_int_equal(make(a, "plans", "mixed", "{'isolation':'hybrid'}"), 201);
    assert_int_equal(make(a, "plans", "spaces",
                          "{'isolation':'namespace','cluster':'hub','limits':{'namespaces':'3',"
                          "'configmaps':'4'}}"),
                     201);
    assert_int_equal(make(a, "tenants", "plain", "{'plan':'mixed'}"), 201);
    assert_int_equal(make(a, "tenants", "hub", "{'plan':'mixed','shared':true}"), 201);
    assert_int_equal(make(a, "tenants", "red", "{'plan':'spaces'}"), 201);
    assert_int_equal(make(a, "tenants", "blue", "{'plan':'spaces'}"), 201);
    assert_int_equal(space(a, "red", "red"), 201);
    assert_int_equal(space(a, "blue", "blue"), 201);
    assert_int_equal(space(a, "hub", "hubs-own"), 201);
}

static uint32_t count(Arena *a, const char *cluster, const char *path)
{
    Answer r = ask(a, cluster, "GET", path, NULL);

    assert_int_equal(r.status, 200);
    return value_len(value_get(r.v, "items"));
}

TEST(a_tenant_sees_the_namespaces_that_it_owns)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Answer r;

    need_hub(a);
    r = ask(a, "red", "GET", NS, NULL);
    assert_int_equal(value_len(value_get(r.v, "items")), 1);
    assert_string_equal(value_at_str(r.v, "items.0.metadata.name"), "red");
    assert_int_equal(config(a, "red", "red", "mine"), 201);
    assert_int_equal(config(a, "blue", "blue", "theirs"), 201);
    assert_int_equal(config(a, "hub", "hubs-own", "hubs"), 201);
    r = ask(a, "red", "GET", "/api/v1/configmaps", NULL);
    assert_int_equal(r.status, 200);
    assert_int_equal(value_len(value_get(r.v, "items")), 1);
    assert_string_equal(value_at_str(r.v, "items.0.metadata.name"), "mine");
    assert_true(count(a, "hub", "/api/v1/configmaps") >= 3);
    assert_int_equal(ask(a, "hub", "GET", NS "/red/configmaps/mine", NULL).status, 200);
}

TEST(what_is_not_its_own_might_as_well_not_exist)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    static const char *const paths[] = {"", "/configmaps", "/configmaps/theirs", "/pods/x/log",
                                        "/secrets"};
    Answer there, nowhere;

    need_hub(a);
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        static const char *const names[] = {"blue", "nope"};
        Answer r[2];

        for (int k = 0; k < 2; k++) {
            r[k] = ask(a, "red", "GET", arena_printf(a, NS "/%s%s", names[k], paths[i]), NULL);
            assert_int_equal(r[k].status, 403);
        }
        assert_int_equal(strlen(message(&r[0])), strlen(message(&r[1])));
    }
    there = ask(a, "red", "POST", NS, "{'metadata':{'name':'blue'}}");
    nowhere = ask(a, "red", "POST", NS, "{'metadata':{'name':'nope'}}");
    assert_int_equal(there.status, 403);
    assert_int_equal(nowhere.status, 403);
    assert_non_null(strstr(message(&there), "is named \"red\", or begins with \"red-\""));
}

TEST(it_has_no_cluster_scope)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    static const struct {
        const char *method, *path, *body;
        int status;
    } cases[] = {
        {"GET", "/api/v1/nodes", NULL, 403},
        {"GET", "/api/v1/persistentvolumes", NULL, 403},
        {"GET", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", NULL, 403},
        {"POST", "/apis/storage.k8s.io/v1/storageclasses", "{'metadata':{'name':'x'}}", 403},
        {"GET", "/apis/storage.k8s.io/v1/storageclasses", NULL, 200},
        {"GET", "/apis/authentication.k8s.io/v1/tokenreviews", NULL, 403},
        {"POST", "/apis/authentication.k8s.io/v1/tokenreviews", "{'spec':{'token':'x'}}", 403},
        {"GET", "/metrics", NULL, 403},
        {"GET", "/api/v1", NULL, 200},
        {"GET", "/apis", NULL, 200},
        {"DELETE", NS "/hubs-own", NULL, 403},
        {"PUT", NS "/red/finalize", "{'metadata':{'name':'red'}}", 403},
    };
    Answer r;

    need_hub(a);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        r = ask(a, "red", cases[i].method, cases[i].path, cases[i].body);

        if (r.status != cases[i].status)
            fail_msg("%s %s: %d %s", cases[i].method, cases[i].path, r.status, message(&r));
    }
    r = ask(a, "red", "GET", "/api/v1/nodes", NULL);
    assert_string_equal(
        message(&r),
        "nodes is forbidden: User \"admin\" cannot list resource \"nodes\" in API group \"\" at "
        "the cluster scope: the tenant owns namespaces and has no cluster scope");
}

TEST(its_own_cluster_roles_hold_in_all_of_its_namespaces_and_in_no_other)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const User ann = {.name = "ann", .uid = "", .groups = nobody};
    const char *path = NS "/red/configmaps";

    need_hub(a);
    assert_int_equal(call_as(a, &ann, "red", "GET", path, "", NULL, NULL).status, 403);
    assert_int_equal(ask(a, "red", "POST", RBAC "clusterrolebindings",
                         "{'metadata':{'name':'ann'},'roleRef':{'apiGroup':"
                         "'rbac.authorization.k8s.io','kind':'ClusterRole','name':'view'},"
                         "'subjects':[{'kind':'User','name':'ann'}]}")
                         .status,
                     201);
    assert_int_equal(call_as(a, &ann, "red", "GET", path, "", NULL, NULL).status, 200);
    assert_int_equal(call_as(a, &ann, "red", "GET", NS, "", NULL, NULL).status, 200);
    assert_int_equal(call_as(a, &ann, "red", "GET", NS "/blue/configmaps", "", NULL, NULL).status,
                     403);
    assert_int_equal(call_as(a, &ann, "hub", "GET", path, "", NULL, NULL).status, 403);
    assert_int_equal(ask(a, "hub", "GET", RBAC "clusterrolebindings/ann", NULL).status, 404);
    /* a role of one namespace */
    assert_int_equal(call_as(a, &ann, "red", "DELETE", path, "", NULL, NULL).status, 403);
    assert_int_equal(ask(a, "red", "POST", RBAC "namespaces/red/rolebindings",
                         "{'metadata':{'name':'ann'},'roleRef':{'apiGroup':"
                         "'rbac.authorization.k8s.io','kind':'ClusterRole','name':'edit'},"
                         "'subjects':[{'kind':'User','name':'ann'}]}")
                         .status,
                     201);
    assert_int_equal(call_as(a, &ann, "red", "GET", NS "/red/secrets", "", NULL, NULL).status, 200);
    /* what the shared cluster gives to a user of that name counts for nothing */
    assert_int_equal(ask(a, "hub", "POST", RBAC "clusterrolebindings",
                         "{'metadata':{'name':'bob'},'roleRef':{'apiGroup':"
                         "'rbac.authorization.k8s.io','kind':'ClusterRole','name':"
                         "'cluster-admin'},'subjects':[{'kind':'User','name':'bob'}]}")
                         .status,
                     201);
    {
        const User bob = {.name = "bob", .uid = "", .groups = nobody};

        assert_int_equal(call_as(a, &bob, "hub", "GET", path, "", NULL, NULL).status, 200);
        assert_int_equal(call_as(a, &bob, "red", "GET", path, "", NULL, NULL).status, 403);
    }
}

TEST(a_service_account_of_an_owned_namespace_has_its_owners_view)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const User account = {.name = "system:serviceaccount:red:default", .uid = "", .groups = nobody};

    need_hub(a);
    assert_int_equal(ask(a, "hub", "POST", RBAC "clusterrolebindings",
                         "{'metadata':{'name':'red-default'},'roleRef':{'apiGroup':"
                         "'rbac.authorization.k8s.io','kind':'ClusterRole','name':"
                         "'cluster-admin'},'subjects':[{'kind':'ServiceAccount','name':'default',"
                         "'namespace':'red'}]}")
                         .status,
                     201);
    assert_int_equal(call_as(a, &account, "hub", "GET", "/api/v1/nodes", "", NULL, NULL).status,
                     403);
    assert_int_equal(ask(a, "red", "POST", RBAC "clusterrolebindings",
                         "{'metadata':{'name':'all'},'roleRef':{'apiGroup':"
                         "'rbac.authorization.k8s.io','kind':'ClusterRole','name':'admin'},"
                         "'subjects':[{'kind':'ServiceAccount','name':'default',"
                         "'namespace':'red'}]}")
                         .status,
                     201);
    {
        Answer r = call_as(a, &account, "hub", "GET", "/api/v1/configmaps", "", NULL, NULL);
        const Value *o;

        assert_int_equal(r.status, 200);
        value_each_item(value_get(r.v, "items"), i, o)
            assert_string_equal(value_at_str(o, "metadata.namespace"), "red");
    }
}

TEST(limits_hold_over_all_of_its_namespaces)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Answer r;

    need_hub(a);
    assert_int_equal(make(a, "tenants", "green", "{'plan':'spaces'}"), 201);
    assert_int_equal(space(a, "green", "green-a"), 201);
    assert_int_equal(space(a, "green", "green-b"), 201);
    assert_int_equal(space(a, "green", "green-c"), 201);
    r = ask(a, "green", "POST", NS, "{'metadata':{'name':'green-d'}}");
    assert_int_equal(r.status, 403);
    assert_non_null(strstr(message(&r), "exceeded quota: tenant, requested: namespaces=1"));
    for (int i = 0; i < 4; i++)
        assert_int_equal(config(a, i % 2 ? "hub" : "green", i < 2 ? "green-a" : "green-b",
                                arena_printf(a, "c%d", i)),
                         201);
    assert_int_equal(config(a, "green", "green-c", "more"), 403);
    assert_int_equal(config(a, "hub", "green-c", "more"), 403); /* whoever writes it */
    assert_int_equal(ask(a, "green", "DELETE", NS "/green-a/configmaps/c0", NULL).status, 200);
    assert_int_equal(config(a, "green", "green-c", "more"), 201);
    r = ask(a, "green", "GET", "/apis/usage.hostplane.io/v1/tenantusages/current", NULL);
    assert_string_equal(value_at_str(r.v, "status.used.configmaps"), "4");
    assert_string_equal(value_at_str(r.v, "status.used.namespaces"), "3");
}

TEST(nobody_gives_a_namespace_away_or_takes_one)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Answer r;

    need_hub(a);
    r = ask(a, "red", "PATCH", NS "/red", "{'metadata':{'labels':{'a':'b'}}}");
    assert_int_equal(r.status, 200);
    r = ask(a, "red", "PATCH", NS "/red",
            "{'metadata':{'labels':{'tenancy.hostplane.io/tenant':'blue'}}}");
    assert_int_equal(r.status, 403);
    r = ask(a, "red", "PATCH", NS "/red",
            "{'metadata':{'labels':{'tenancy.hostplane.io/tenant-uid':null}}}");
    assert_int_equal(r.status, 403);
    r = ask(a, "red", "POST", NS,
            "{'metadata':{'name':'red-2','labels':{'tenancy.hostplane.io/tenant':'blue'}}}");
    assert_int_equal(r.status, 201);
    assert_string_equal(
        value_get_str(value_at(r.v, "metadata.labels"), "tenancy.hostplane.io/tenant"), "red");
}

TEST(watches_tell_of_its_own_only)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Watcher spaces, maps;

    need_hub(a);
    assert_int_equal(make(a, "tenants", "gray", "{'plan':'spaces'}"), 201);
    watcher_start(&spaces, call_as(a, &admin, "gray", "GET", NS, "watch=true", NULL, NULL).stream);
    watcher_start(
        &maps,
        call_as(a, &admin, "gray", "GET", "/api/v1/configmaps", "watch=true", NULL, NULL).stream);
    assert_int_equal(space(a, "hub", "hubs-second"), 201);
    assert_int_equal(config(a, "hub", "hubs-second", "foreign"), 201);
    assert_int_equal(space(a, "gray", "gray-1"), 201);
    assert_int_equal(config(a, "gray", "gray-1", "own"), 201);
    assert_true(watcher_reads(&spaces, "gray-1"));
    assert_true(watcher_reads(&maps, "\"own\""));
    assert_int_equal(ask(a, "gray", "DELETE", NS "/gray-1/configmaps/own", NULL).status, 200);
    assert_true(watcher_reads(&maps, "\"DELETED\""));
    assert_null(strstr(buf_str(&spaces.out), "hubs"));
    assert_null(strstr(buf_str(&maps.out), "foreign"));
    /* the administrator of the shared cluster takes it back: what was known is to be listed anew */
    assert_int_equal(ask(a, "hub", "PATCH", NS "/gray-1",
                         "{'metadata':{'labels':{'tenancy.hostplane.io/tenant-uid':'x'}}}")
                         .status,
                     200);
    assert_int_equal(config(a, "hub", "gray-1", "late"), 201);
    assert_true(watcher_reads(&spaces, "\"DELETED\""));
    assert_true(watcher_reads(&maps, "\"code\":410"));
    assert_null(strstr(buf_str(&maps.out), "late"));
    watcher_stop(&spaces);
    watcher_stop(&maps);
}

TEST(a_tenant_goes_with_its_namespaces)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Answer r;

    need_hub(a);
    assert_int_equal(make(a, "tenants", "pink", "{'plan':'spaces'}"), 201);
    assert_int_equal(space(a, "pink", "pink"), 201);
    assert_int_equal(ask(a, "host", "DELETE", T "tenants/hub", NULL).status, 403);
    assert_int_equal(ask(a, "host", "DELETE", T "tenants/pink", NULL).status, 200);
    r = ask(a, "hub", "GET", NS "/pink", NULL);
    assert_string_equal(value_at_str(r.v, "status.phase"), "Terminating");
    assert_non_null(value_at_str(r.v, "metadata.deletionTimestamp"));
    /* a later tenant of that name has nothing of it */
    assert_int_equal(make(a, "tenants", "pink", "{'plan':'spaces'}"), 201);
    assert_int_equal(count(a, "pink", NS), 0);
    assert_int_equal(ask(a, "pink", "GET", NS "/pink", NULL).status, 403);
}

TEST(a_tenant_of_namespaces_needs_a_shared_cluster_and_stays_in_it_until_it_is_moved)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Answer r;

    need_hub(a);
    assert_int_equal(
        make(a, "tenants", "x1", "{'plan':'mixed','isolation':'namespace','cluster':'plain'}"),
        422);
    assert_int_equal(
        make(a, "tenants", "x2", "{'plan':'mixed','isolation':'namespace','cluster':'red'}"), 422);
    assert_int_equal(make(a, "tenants", "x3", "{'plan':'mixed','isolation':'namespace'}"), 422);
    assert_int_equal(
        make(a, "tenants", "x4", "{'plan':'mixed','isolation':'namespace','cluster':'nowhere'}"),
        422);
    assert_int_equal(
        ask(a, "host", "PATCH", T "tenants/red", "{'spec':{'cluster':'plain'}}").status, 422);
    r = ask(a, "host", "PATCH", T "tenants/red", "{'spec':{'plan':'mixed','isolation':'virtual'}}");
    assert_int_equal(r.status, 200);
    assert_string_equal(value_at_str(r.v, "status.isolation"), "namespace");
    assert_string_equal(value_at_str(r.v, "status.cluster"), "hub");
    assert_int_equal(ask(a, "host", "PATCH", T "tenants/red",
                         "{'spec':{'plan':'mixed','isolation':'namespace','cluster':'plain'}}")
                         .status,
                     422);
    assert_int_equal(ask(a, "host", "PATCH", T "tenants/red",
                         "{'spec':{'plan':'mixed','isolation':'namespace','cluster':'hub'}}")
                         .status,
                     200);
    assert_int_equal(
        ask(a, "host", "PATCH", T "tenants/red", "{'spec':{'displayName':'Red'}}").status, 200);
}

TEST(measurements_are_of_its_own_pods)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const User node = {.name = "system:node:meter", .uid = "", .groups = nobody, .node = "meter"};
    static const char *const spaces[] = {"red", "blue"};
    AUTO_BUF body = BUF_INIT;
    Answer r;

    need_hub(a);
    assert_int_equal(
        ask(a, "host", "POST", "/api/v1/nodes", "{'metadata':{'name':'meter'}}").status, 201);
    buf_adds(&body, "{\"windowMs\":15000,\"node\":{\"cpuNano\":1,\"memoryBytes\":1},\"pods\":[");
    for (size_t i = 0; i < ARRAY_LEN(spaces); i++) {
        r = ask(a, spaces[i], "POST", arena_printf(a, NS "/%s/serviceaccounts", spaces[i]),
                "{'metadata':{'name':'default'}}");
        assert_int_equal(r.status, 201);
        r = ask(a, spaces[i], "POST", arena_printf(a, NS "/%s/pods", spaces[i]),
                "{'metadata':{'name':'p'},'spec':{'automountServiceAccountToken':false,'nodeName':'"
                "meter','containers':[{'name':'c',"
                "'image':'i'}]}}");
        assert_int_equal(r.status, 201);
        buf_addf(&body,
                 "%s{\"uid\":\"%s\",\"containers\":[{\"name\":\"c\",\"cpuNano\":1,"
                 "\"memoryBytes\":1}]}",
                 i ? "," : "", value_at_str(r.v, "metadata.uid"));
    }
    buf_adds(&body, "]}");
    r = call_as(a, &node, "host", "POST", "/apis/node.hostplane.io/v1/nodes/meter/stats", "", NULL,
                buf_str(&body));
    assert_int_equal(r.status, 200);
    r = ask(a, "hub", "GET", "/apis/metrics.k8s.io/v1beta1/pods", NULL);
    assert_int_equal(value_len(value_get(r.v, "items")), 2);
    r = ask(a, "red", "GET", "/apis/metrics.k8s.io/v1beta1/pods", NULL);
    assert_int_equal(value_len(value_get(r.v, "items")), 1);
    assert_string_equal(value_at_str(r.v, "items.0.metadata.namespace"), "red");
    assert_int_equal(ask(a, "red", "GET", "/apis/metrics.k8s.io/v1beta1/nodes", NULL).status, 403);
}

/* ---- breaking the glass ---- */

TEST(who_is_let_in_by_the_provider_is_known_to_the_tenant)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const User ops = {.name = "olga", .uid = "", .groups = nobody};
    const char *path = T "tenants/glass/access";
    static const char body[] = "{\"spec\":{\"reason\":\"ticket 7\",\"lifetimeSeconds\":600}}";
    Answer r;

    need_server();
    assert_int_equal(make(a, "tenants", "glass", "{'plan':'unlimited'}"), 201);
    assert_int_equal(call_as(a, &ops, "host", "POST", path, "", NULL, body).status, 403);
    assert_int_equal(ask(a, "host", "POST", RBAC "clusterrolebindings",
                         "{'metadata':{'name':'glass'},'roleRef':{'apiGroup':"
                         "'rbac.authorization.k8s.io','kind':'ClusterRole','name':"
                         "'hostplane:break-glass'},'subjects':[{'kind':'User','name':'olga'}]}")
                         .status,
                     201);
    r = call_as(a, &ops, "host", "POST", path, "", NULL, "{\"spec\":{}}");
    assert_int_equal(r.status, 422);
    assert_non_null(strstr(message(&r), "spec.reason: Required value"));
    r = call_as(a, &ops, "host", "POST", path, "", NULL,
                "{\"spec\":{\"reason\":\"x\",\"lifetimeSeconds\":86400}}");
    assert_int_equal(r.status, 422);
    r = call_as(a, &ops, "host", "POST", path, "", NULL, body);
    assert_int_equal(r.status, 201);
    assert_non_null(strstr(value_at_str(r.v, "status.kubeconfig"), "client-certificate-data"));
    r = ask(a, "glass", "GET", "/apis/usage.hostplane.io/v1/tenantusages/current", NULL);
    assert_string_equal(value_at_str(r.v, "status.accesses.0.user"), "olga");
    assert_string_equal(value_at_str(r.v, "status.accesses.0.reason"), "ticket 7");
    assert_null(value_at(r.v, "status.accesses.1"));
    assert_string_equal(value_at_str(r.v, "status.used.objects"), "1");
    r = ask(a, "glass", "GET", NS "/default/events", NULL);
    assert_string_equal(value_at_str(r.v, "items.0.reason"), "ProviderAccess");
    assert_non_null(strstr(value_at_str(r.v, "items.0.message"), "olga"));
}

/* ---- groups ---- */

static int64_t group_uses(Arena *a, const char *group, const char *counter)
{
    CLEANUP(cluster_unref) Cluster *host = store_cluster(store, SLICE("host"));

    return store_usage(store, host, arena_printf(a, "group:%s:%s", group, counter));
}

TEST(tenants_of_a_group_share_its_limits)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Answer r;

    need_server();
    assert_int_equal(make(a, "tenantgroups", "all", "{'limits':{'configmaps':'7'}}"), 201);
    assert_int_equal(
        make(a, "tenantgroups", "team", "{'parent':'all','limits':{'configmaps':'4'}}"), 201);
    assert_int_equal(make(a, "tenantgroups", "lost", "{'parent':'nowhere'}"), 422);
    assert_int_equal(make(a, "tenants", "m1", "{'plan':'unlimited','group':'team'}"), 201);
    assert_int_equal(make(a, "tenants", "m2", "{'plan':'unlimited','group':'team'}"), 201);
    assert_int_equal(make(a, "tenants", "m3", "{'plan':'unlimited','group':'all'}"), 201);
    assert_int_equal(make(a, "tenants", "m4", "{'plan':'unlimited'}"), 201);
    assert_int_equal(make(a, "tenants", "m5", "{'plan':'unlimited','group':'nowhere'}"), 422);
    for (int i = 0; i < 4; i++)
        assert_int_equal(config(a, i < 2 ? "m1" : "m2", "default", arena_printf(a, "c%d", i)), 201);
    r = ask(a, "m1", "POST", NS "/default/configmaps", "{'metadata':{'name':'x'}}");
    assert_int_equal(r.status, 403);
    assert_non_null(strstr(message(&r), "the tenant's group has used up its configmaps"));
    for (int i = 0; i < 3; i++) {
        assert_int_equal(config(a, "m3", "default", arena_printf(a, "c%d", i)), 201);
        assert_int_equal(config(a, "m4", "default", arena_printf(a, "c%d", i)), 201);
    }
    assert_int_equal(config(a, "m3", "default", "x"), 403);
    assert_int_equal(group_uses(a, "team", "#configmaps"), 4);
    assert_int_equal(group_uses(a, "all", "#configmaps"), 7);
    r = ask(a, "host", "GET", T "tenantgroups/team/usage", NULL);
    assert_string_equal(value_at_str(r.v, "status.used.configmaps"), "4");
    assert_string_equal(value_at_str(r.v, "status.limits.configmaps"), "4");
    /* who comes brings what it has, if there is room for it */
    r = ask(a, "host", "PATCH", T "tenants/m4", "{'spec':{'group':'team'}}");
    assert_int_equal(r.status, 403);
    assert_int_equal(ask(a, "host", "DELETE", T "tenants/m2", NULL).status, 200);
    assert_int_equal(group_uses(a, "team", "#configmaps"), 2);
    assert_int_equal(group_uses(a, "all", "#configmaps"), 5);
    assert_int_equal(ask(a, "host", "PATCH", T "tenants/m3", "{'spec':{'group':''}}").status, 200);
    assert_int_equal(group_uses(a, "all", "#configmaps"), 2);
    assert_int_equal(ask(a, "host", "PATCH", T "tenants/m4", "{'spec':{'group':'all'}}").status,
                     200);
    assert_int_equal(group_uses(a, "all", "#configmaps"), 5);
    assert_int_equal(group_uses(a, "team", "#configmaps"), 2);
    /* and nothing goes that something is in */
    assert_int_equal(ask(a, "host", "DELETE", T "tenantgroups/all", NULL).status, 403);
    assert_int_equal(ask(a, "host", "DELETE", T "tenantgroups/team", NULL).status, 403);
    assert_int_equal(
        ask(a, "host", "PATCH", T "tenantgroups/all", "{'spec':{'parent':'team'}}").status, 422);
    assert_int_equal(
        ask(a, "host", "PATCH", T "tenantgroups/all", "{'spec':{'limits':{'configmaps':'5'}}}")
            .status,
        200);
    assert_int_equal(config(a, "m1", "default", "x"), 403);
}
