#include "base/err.h"
#include "quota/quota.h"
#include "tests/unit/test.h"

static const Resource pods = {.group = "", .version = "v1", .plural = "pods"};
static const Resource services = {.group = "", .version = "v1", .plural = "services"};
static const Resource claims = {.group = "", .version = "v1", .plural = "persistentvolumeclaims"};
static const Resource deployments = {.group = "apps", .version = "v1", .plural = "deployments"};
static const Resource resource_claims = {
    .group = "resource.k8s.io", .version = "v1", .plural = "resourceclaims"};
static const Resource secrets = {.group = "", .version = "v1", .plural = "secrets"};

#define POD(rest)    "{'metadata':{'name':'p'},'spec':{" rest "}}"
#define C(name, res) "{'name':'" name "','resources':{" res "}}"

static const struct {
    const Resource *r;
    const char *object, *usages;
} weights[] = {
    {&pods, POD("'containers':[" C("c", "'requests':{'cpu':'100m','memory':'1Gi'}") "]"),
     "count/pods=1 cpu=100m memory=1Gi pods=1 requests.cpu=100m requests.memory=1Gi"},
    {&pods,
     POD("'containers':[" C("c", "'requests':{'cpu':'100m'}") "," C(
         "d", "'limits':{'cpu':'1'}") "],"
                                      "'initContainers':[" C("i", "'requests':{'cpu':'2'}") "]"),
     "count/pods=1 cpu=2 limits.cpu=1 pods=1 requests.cpu=2"},
    {&pods,
     POD("'containers':[" C("c", "'requests':{'cpu':'1'}") "],'initContainers':[{'name':'s',"
                                                           "'restartPolicy':'Always','resources':{'"
                                                           "requests':{'cpu':'500m'}}}],"
                                                           "'overhead':{'cpu':'250m'}"),
     "count/pods=1 cpu=1750m pods=1 requests.cpu=1750m"},
    {&pods, POD("'containers':[" C("c", "'requests':{'example.com/gpu':'2'}") "]"),
     "count/pods=1 pods=1 requests.example.com/gpu=2"},
    {&pods, "{'spec':{'containers':[]},'status':{'phase':'Failed'}}", "count/pods=1"},
    {&services, "{'spec':{'type':'NodePort','ports':[{},{}]}}",
     "count/services=1 services=1 services.loadbalancers=0 services.nodeports=2"},
    {&services, "{'spec':{'type':'LoadBalancer','ports':[{},{'nodePort':30000}]}}",
     "count/services=1 services=1 services.loadbalancers=1 services.nodeports=2"},
    {&services,
     "{'spec':{'type':'LoadBalancer','allocateLoadBalancerNodePorts':false,"
     "'ports':[{},{'nodePort':30000}]}}",
     "count/services=1 services=1 services.loadbalancers=1 services.nodeports=1"},
    {&claims, "{'spec':{'storageClassName':'fast','resources':{'requests':{'storage':'5Gi'}}}}",
     "count/persistentvolumeclaims=1 fast.storageclass.storage.k8s.io/persistentvolumeclaims=1 "
     "fast.storageclass.storage.k8s.io/requests.storage=5Gi persistentvolumeclaims=1 "
     "requests.storage=5Gi"},
    {&claims,
     "{'metadata':{'annotations':{'volume.beta.kubernetes.io/storage-class':'old'}},'spec':{"
     "'resources':{'requests':{'storage':'1Gi'}}},'status':{'allocatedResources':{'storage':'2Gi'}}"
     "}",
     "count/persistentvolumeclaims=1 old.storageclass.storage.k8s.io/persistentvolumeclaims=1 "
     "old.storageclass.storage.k8s.io/requests.storage=2Gi persistentvolumeclaims=1 "
     "requests.storage=2Gi"},
    {&resource_claims,
     "{'spec':{'devices':{'requests':[{'exactly':{'deviceClassName':'gpu','count':2}},{"
     "'firstAvailable':[{'deviceClassName':'gpu','count':3},{'deviceClassName':'nic'},{"
     "'deviceClassName':'gpu','allocationMode':'All'}]}]}}}",
     "count/resourceclaims.resource.k8s.io=1 gpu.deviceclass.resource.k8s.io/devices=34 "
     "nic.deviceclass.resource.k8s.io/devices=1"},
    /* what a node still holds while a pod is resized */
    {&pods,
     "{'spec':{'containers':[" C(
         "c", "'requests':{'cpu':'1'},'limits':{'cpu':'2'}") "]},'status':{"
                                                             "'containerStatuses':[{'name':'c','"
                                                             "resources':{'requests':{'cpu':'3'},'"
                                                             "limits':{'cpu':'4'}},"
                                                             "'allocatedResources':{'cpu':'5'}}]}}",
     "count/pods=1 cpu=5 limits.cpu=4 pods=1 requests.cpu=5"},
    {&pods,
     "{'spec':{'containers':[" C(
         "c",
         "'requests':{'cpu':'8'},'limits':{'cpu':'8'}") "]},'status':{"
                                                        "'conditions':[{'type':'PodResizePending','"
                                                        "status':'True','reason':'Infeasible'}],"
                                                        "'containerStatuses':[{'name':'c','"
                                                        "resources':{'requests':{'cpu':'3'},'"
                                                        "limits':{'cpu':'4'}}}]}"
                                                        "}",
     "count/pods=1 cpu=3 limits.cpu=4 pods=1 requests.cpu=3"},
    /* names of devices and of others */
    {&pods,
     POD("'containers':[" C("c", "'requests':{'deviceclass.resource.kubernetes.io/gpu':'2',"
                                 "'x.kubernetes.io/y':'1','hugepages-2Mi':'4Mi'}") "]"),
     "count/pods=1 hugepages-2Mi=4Mi pods=1 requests.deviceclass.resource.kubernetes.io/gpu=2 "
     "requests.hugepages-2Mi=4Mi"},
    {&claims, "{'spec':{'resources':{'requests':{'storage':'1500m'}}}}",
     "count/persistentvolumeclaims=1 persistentvolumeclaims=1 requests.storage=2"},
    {&deployments, "{'spec':{}}", "count/deployments.apps=1"},
    {&secrets, "{'data':{}}", "count/secrets=1 secrets=1"},
};

static int by_name(const void *a, const void *b)
{
    return strcmp(((const Usage *)a)->name, ((const Usage *)b)->name);
}

TEST(objects_weigh_what_upstream_weighs)
{
    for (size_t i = 0; i < ARRAY_LEN(weights); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Usages u = quota_weigh(a, weights[i].r, value_literal(a, weights[i].object));
        AUTO_BUF b = BUF_INIT;

        qsort(u.items, u.n, sizeof(*u.items), by_name);
        for (uint32_t k = 0; k < u.n; k++) {
            char text[QUANTITY_TEXT_MAX];

            buf_addf(&b, "%s%s=%s", k ? " " : "", u.items[k].name,
                     quantity_print(&u.items[k].amount, text));
        }
        assert_string_equal(buf_str(&b), weights[i].usages);
    }
}

#define QUOTA(spec, used) "{'metadata':{'name':'q'},'spec':{" spec "},'status':{'used':{" used "}}}"
#define ONE               POD("'containers':[" C("c", "'requests':{'cpu':'1500m'}") "]")
#define EMPTY             POD("'containers':[" C("c", "") "]")

static const struct {
    const char *quota, *old, *new, *answer; /* "used" as JSON, an error text, or NULL: no change */
    const Resource *r;
} admissions[] = {
    {QUOTA("'hard':{'pods':'3'}", "'pods':'2'"), NULL, EMPTY, "{\"pods\":\"3\"}", &pods},
    {QUOTA("'hard':{'pods':'3'}", "'pods':'3'"), NULL, EMPTY,
     "exceeded quota: q, requested: pods=1, used: pods=3, limited: pods=3", &pods},
    {QUOTA("'hard':{'pods':'3'}", "'pods':'3'"), EMPTY, NULL, "{\"pods\":\"2\"}", &pods},
    {QUOTA("'hard':{'pods':'1'}", "'pods':'3'"), EMPTY, NULL, "{\"pods\":\"2\"}", &pods},
    {QUOTA("'hard':{'pods':'0'}", ""), NULL, EMPTY,
     "exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0", &pods},
    {QUOTA("'hard':{'requests.cpu':'1'}", "'requests.cpu':'0'"), NULL, ONE,
     "exceeded quota: q, requested: requests.cpu=1500m, used: requests.cpu=0, limited: "
     "requests.cpu=1",
     &pods},
    {QUOTA("'hard':{'pods':'0','requests.cpu':'1'}", ""), NULL, ONE,
     "exceeded quota: q, requested: pods=1,requests.cpu=1500m, used: pods=0,requests.cpu=0, "
     "limited: pods=0,requests.cpu=1",
     &pods},
    {QUOTA("'hard':{'requests.cpu':'1','limits.memory':'1Gi'}", ""), NULL,
     POD("'containers':[" C("d", "'requests':{'cpu':'1m'}") "," C("c", "") "]"),
     "failed quota: q: must specify limits.memory for: c,d; requests.cpu for: c", &pods},
    {QUOTA("'hard':{'pods':'0'},'scopes':['BestEffort']", ""), NULL, EMPTY,
     "exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0", &pods},
    {QUOTA("'hard':{'pods':'0'},'scopes':['BestEffort']", ""), NULL, ONE, NULL, &pods},
    {QUOTA("'hard':{'pods':'0'},'scopes':['NotBestEffort']", ""), NULL, EMPTY, NULL, &pods},
    {QUOTA("'hard':{'pods':'0'},'scopes':['Terminating']", ""), NULL, EMPTY, NULL, &pods},
    {QUOTA("'hard':{'pods':'0'},'scopeSelector':{'matchExpressions':[{'scopeName':'PriorityClass',"
           "'operator':'In','values':['high']}]}",
           ""),
     NULL, POD("'priorityClassName':'low','containers':[]"), NULL, &pods},
    {QUOTA("'hard':{'pods':'0'},'scopeSelector':{'matchExpressions':[{'scopeName':'PriorityClass',"
           "'operator':'In','values':['high']}]}",
           ""),
     NULL, POD("'priorityClassName':'high','containers':[]"),
     "exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0", &pods},
    {QUOTA("'hard':{'count/deployments.apps':'0'}", ""), NULL, "{'spec':{}}",
     "exceeded quota: q, requested: count/deployments.apps=1, used: count/deployments.apps=0, "
     "limited: count/deployments.apps=0",
     &deployments},
    {QUOTA("'hard':{'pods':'5'}", "'pods':'1'"), NULL, "{'spec':{}}", NULL, &deployments},
    {QUOTA("'hard':{'services.nodeports':'1','services':'9'}", "'services':'1'"),
     "{'spec':{'type':'ClusterIP','ports':[{}]}}", "{'spec':{'type':'NodePort','ports':[{}]}}",
     "{\"services\":\"1\",\"services.nodeports\":\"1\"}", &services},
    {QUOTA("'hard':{'pods':'5','cpu':'4'}", "'pods':'2','cpu':'3'"), ONE,
     "{'spec':{'containers':[" C("c", "'requests':{'cpu':'1500m'}") "]},'status':{'phase':"
                                                                    "'Succeeded'}}",
     "{\"cpu\":\"1500m\",\"pods\":\"1\"}", &pods},
    {QUOTA("'hard':{'persistentvolumeclaims':'0'},'scopeSelector':{'matchExpressions':[{'scopeName'"
           ":'VolumeAttributesClass','operator':'In','values':['gold']}]}",
           ""),
     NULL, "{'spec':{'volumeAttributesClassName':'gold'}}",
     "exceeded quota: q, requested: persistentvolumeclaims=1, used: persistentvolumeclaims=0, "
     "limited: persistentvolumeclaims=0",
     &claims},
    {QUOTA("'hard':{'persistentvolumeclaims':'0'},'scopeSelector':{'matchExpressions':[{'scopeName'"
           ":'VolumeAttributesClass','operator':'In','values':['gold']}]}",
           ""),
     NULL, "{'spec':{}}", NULL, &claims},
    {QUOTA("'hard':{'persistentvolumeclaims':'0'},'scopeSelector':{'matchExpressions':[{'scopeName'"
           ":'VolumeAttributesClass','operator':'In','values':['gold']}]}",
           ""),
     NULL, "{'status':{'currentVolumeAttributesClassName':'gold'},'spec':{}}",
     "exceeded quota: q, requested: persistentvolumeclaims=1, used: persistentvolumeclaims=0, "
     "limited: persistentvolumeclaims=0",
     &claims},
    {QUOTA("'hard':{'persistentvolumeclaims':'0'},'scopeSelector':{'matchExpressions':[{'scopeName'"
           ":'VolumeAttributesClass','operator':'NotIn','values':['gold']}]}",
           ""),
     NULL, "{'spec':{}}",
     "exceeded quota: q, requested: persistentvolumeclaims=1, used: persistentvolumeclaims=0, "
     "limited: persistentvolumeclaims=0",
     &claims},
    {QUOTA("'hard':{'persistentvolumeclaims':'0'},'scopeSelector':{'matchExpressions':[{'scopeName'"
           ":'VolumeAttributesClass','operator':'NotIn','values':['gold']}]}",
           ""),
     NULL, "{'spec':{'volumeAttributesClassName':'gold'}}", NULL, &claims},
};

TEST(a_quota_admits_what_fits)
{
    for (size_t i = 0; i < ARRAY_LEN(admissions); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *old = admissions[i].old ? value_literal(a, admissions[i].old) : NULL;
        Value *new = admissions[i].new ? value_literal(a, admissions[i].new) : NULL;
        Value *status = NULL;
        Err err = {0};
        int r = quota_admit(a, value_literal(a, admissions[i].quota), admissions[i].r, old, new, 0,
                            &status, &err);
        const char *got = r < 0    ? err.msg
                          : status ? value_to_str(a, value_get(status, "used"))
                                   : NULL;

        if (admissions[i].answer)
            assert_string_equal(got, admissions[i].answer);
        else
            assert_null(got);
    }
}

TEST(what_a_node_says_is_never_refused)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const Value *quota = value_literal(a, QUOTA("'hard':{'cpu':'2'}", "'cpu':'1'"));
    Value *small = value_literal(a, POD("'containers':[" C("c", "'requests':{'cpu':'1'}") "]"));
    Value *held = value_copy(a, small), *status;

    assert_false(quota_has_resized(small, held));
    value_set_at(a, held, "status.containerStatuses",
                 value_literal(a, "[{'name':'c','resources':{'requests':{'cpu':'4'}}}]"));
    assert_true(quota_has_resized(small, held));
    status = quota_follow(a, quota, &pods, small, held, 0);
    assert_string_equal(value_at_str(status, "used.cpu"), "4");
    assert_null(quota_follow(a, quota, &pods, held, held, 0));
    assert_fails(quota_admit(a, quota, &pods, small, held, 0, &status, NULL), ERR_FORBIDDEN);
    value_set_at(a, small, "status.conditions",
                 value_literal(a, "[{'type':'PodResizePending','reason':'Infeasible'}]"));
    assert_true(quota_has_resized(small, value_object(a)));
}

/* Deleted with a grace period of 30 s, it should have been gone at 00:01:00, and is not charged
 * from 00:01:30 on. */
#define STUCK                                                                                      \
    "{'metadata':{'deletionTimestamp':'1970-01-01T00:01:00Z','deletionGracePeriodSeconds':30},"    \
    "'spec':{'containers':[{'name':'c','resources':{'requests':{'cpu':'1'}}}]}}"

TEST(pods_that_do_not_end_are_not_charged_for_ever)
{
    static const struct {
        int64_t now_s;
        const char *used, *left;
    } rows[] = {
        {90, "{\"count/pods\":\"1\",\"cpu\":\"1\",\"pods\":\"1\"}",
         "{\"count/pods\":\"0\",\"cpu\":\"0\",\"pods\":\"0\"}"},
        {91, "{\"count/pods\":\"1\",\"cpu\":\"0\",\"pods\":\"0\"}",
         "{\"count/pods\":\"0\",\"cpu\":\"1\",\"pods\":\"1\"}"},
    };
    /* Seconds of which there are more microseconds than can be counted. */
    static const char *const for_ever[] = {"9223372036854775807", "18446744073710",
                                           "9223372036854"};
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *item = value_literal(a, STUCK);
    QuotaObjs all = {&pods, &item, 1};
    const Value *quota = value_literal(a, QUOTA("'hard':{'pods':'9','cpu':'9','count/pods':'9'}",
                                                "'pods':'1','cpu':'1','count/pods':'1'"));

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t now_us = rows[i].now_s * 1000000;
        Value *status = quota_recount(a, quota, &all, 1, now_us), *after = NULL;

        assert_string_equal(value_to_str(a, value_get(status, "used")), rows[i].used);
        /* what is not charged is not given back when the pod is gone at last */
        assert_int_equal(quota_admit(a, quota, &pods, item, NULL, now_us, &after, NULL), 0);
        assert_string_equal(value_to_str(a, value_get(after, "used")), rows[i].left);
    }
    assert_true(quota_overdue_us(value_literal(a, "{'metadata':{}}")) == INT64_MAX);
    for (size_t i = 0; i < ARRAY_LEN(for_ever); i++)
        assert_true(quota_overdue_us(value_literal(
                        a, arena_printf(a,
                                        "{'metadata':{'deletionTimestamp':'2026-01-01T00:00:00Z',"
                                        "'deletionGracePeriodSeconds':%s}}",
                                        for_ever[i]))) == INT64_MAX);
}

TEST(a_quota_is_counted_from_nothing)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *items[2] = {value_literal(a, ONE), value_literal(a, EMPTY)};
    QuotaObjs all = {&pods, items, 2};

    assert_string_equal(
        value_to_str(a,
                     quota_recount(a, value_literal(a, QUOTA("'hard':{'pods':'9','cpu':'1'}", "")),
                                   &all, 1, 0)),
        "{\"hard\":{\"cpu\":\"1\",\"pods\":\"9\"},\"used\":{\"cpu\":\"1500m\",\"pods\":\"2\"}}");
}

static const struct {
    const char *hard, *storage;
} counted[] = {
    {"pods", "pods"},
    {"limits.cpu", "pods"},
    {"requests.example.com/gpu", "pods"},
    {"services.nodeports", "services"},
    {"requests.storage", "persistentvolumeclaims"},
    {"fast.storageclass.storage.k8s.io/requests.storage", "persistentvolumeclaims"},
    {"count/deployments.apps", "apps/deployments"},
    {"count/secrets", "secrets"},
    {"count/widgets.example.com", NULL},
    {"count/deployments.nope", NULL},
};

TEST(each_line_of_a_quota_counts_something)
{
    for (size_t i = 0; i < ARRAY_LEN(counted); i++) {
        const char *got = quota_counted(counted[i].hard);

        if (counted[i].storage)
            assert_string_equal(got, counted[i].storage);
        else
            assert_null(got);
    }
}

static const struct {
    const Resource *r;
    const char *old, *new, *charges;
} plans[] = {
    {&pods, NULL, ONE, "pods+1(1) cpu+1500(1500m) "},
    {&pods, ONE, NULL, "pods-1(-1) cpu-1500(-1500m) "},
    {&pods, ONE, ONE, ""},
    {&pods, NULL,
     POD("'containers':[" C("c",
                            "'requests':{'memory':'1Mi','ephemeral-storage':'1k','x.io/gpu':'2'"
                            "},'limits':{'cpu':'2','memory':'2Mi','x.io/gpu':'2'}") "]"),
     "pods+1(1) memory+1048576(1Mi) ephemeral-storage+1000(1k) requests.x.io/gpu+2(2) "
     "limits.cpu+2000(2) limits.memory+2097152(2Mi) "},
    {&secrets, NULL, "{'data':{}}", ""},
    {&services, NULL, "{'spec':{'type':'LoadBalancer','ports':[{'port':1},{'port':2}]}}",
     "services.nodeports+2(2) services.loadbalancers+1(1) "},
    {&services, "{'spec':{'type':'NodePort','ports':[{'port':1}]}}",
     "{'spec':{'type':'ClusterIP','ports':[{'port':1}]}}", "services.nodeports-1(-1) "},
    {&claims, NULL, "{'spec':{'resources':{'requests':{'storage':'1Gi'}}}}",
     "storage+1073741824(1Gi) "},
    {&claims, NULL,
     "{'spec':{'storageClassName':'gold','resources':{'requests':{'storage':'1Gi'}}}}",
     "gold.storageclass.storage.k8s.io/persistentvolumeclaims+1(1) storage+1073741824(1Gi) "
     "gold.storageclass.storage.k8s.io/requests.storage+1073741824(1Gi) "},
    {&pods, ONE, "{'spec':{'containers':[]},'status':{'phase':'Failed'}}",
     "pods-1(-1) cpu-1500(-1500m) "},
};

TEST(plan_charges_are_differences)
{
    for (size_t i = 0; i < ARRAY_LEN(plans); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        AUTO_BUF b = BUF_INIT;
        PlanCharges c =
            quota_plan_charges(a, plans[i].r, plans[i].old ? value_literal(a, plans[i].old) : NULL,
                               plans[i].new ? value_literal(a, plans[i].new) : NULL);

        for (uint32_t k = 0; k < c.n; k++)
            buf_addf(&b, "%s%+lld(%s) ", c.items[k].counter, (long long)c.items[k].delta,
                     quota_plan_text(a, c.items[k].counter, c.items[k].delta));
        assert_string_equal(buf_str(&b), plans[i].charges);
    }
}

TEST(plan_limits_are_read_in_their_units)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    PlanCharge c = {"cpu", 500}, rows = {"#configmaps", 1};

    assert_true(quota_plan_limit("cpu", "4") == 4000);
    assert_true(quota_plan_limit("memory", "8Gi") == (int64_t)8 << 30);
    assert_true(quota_plan_limit("pods", "10") == 10);
    assert_true(quota_plan_limit("pods", NULL) == INT64_MAX);
    assert_true(quota_plan_limit("pods", "x") == 0);
    assert_string_equal(quota_plan_message(a, &c, 3800, 4000),
                        "exceeded quota: tenant, requested: cpu=500m, used: cpu=3800m, limited: "
                        "cpu=4");
    assert_string_equal(quota_plan_message(a, &rows, 3, 3),
                        "exceeded quota: tenant, requested: configmaps=1, used: configmaps=3, "
                        "limited: configmaps=3");
    assert_int_equal(quota_blocks(0), 0);
    assert_int_equal(quota_blocks(1), 512);
    assert_int_equal(quota_blocks(512), 512);
    assert_int_equal(quota_blocks(513), 1024);
}

TEST(names_of_limits_are_counters)
{
    static const struct {
        const char *name, *counter, *back; /* counter NULL: there is none */
    } cases[] = {
        {"pods", "pods", "pods"},
        {"count/pods", "#pods", "count/pods"},
        {"requests.cpu", "cpu", "cpu"},
        {"limits.memory", "limits.memory", "limits.memory"},
        {"requests.storage", "storage", "storage"},
        {"requests.x.io/gpu", "requests.x.io/gpu", "requests.x.io/gpu"},
        {"configmaps", "#configmaps", "configmaps"},
        {"count/configmaps", "#configmaps", "configmaps"},
        {"namespaces", "#namespaces", "namespaces"},
        {"count/deployments.apps", "#apps/deployments", "count/deployments.apps"},
        {"count/roles.rbac.authorization.k8s.io", "#rbac/roles",
         "count/roles.rbac.authorization.k8s.io"},
        {"customresourcedefinitions", "#apiextensions/customresourcedefinitions",
         "count/customresourcedefinitions.apiextensions.k8s.io"},
        {"count/widgets.example.com", "#example.com/widgets", "count/widgets.example.com"},
        {"gold.storageclass.storage.k8s.io/requests.storage",
         "gold.storageclass.storage.k8s.io/requests.storage",
         "gold.storageclass.storage.k8s.io/requests.storage"},
        {"objects", "objects", "objects"},
        {"bytes", "bytes", "bytes"},
        {"count/nothing", NULL, NULL},
        {"nonsense", NULL, NULL},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const char *got = quota_plan_counter(a, cases[i].name);

        if (!str_eq(got, cases[i].counter))
            fail_msg("%s is %s", cases[i].name, got ? got : "nothing");
        if (got)
            assert_string_equal(quota_plan_name(a, got), cases[i].back);
    }
}

#define RANGE(items) "{'metadata':{'name':'l'},'spec':{'limits':[" items "]}}"

static const struct {
    const Resource *r;
    const char *range, *object, *message; /* message NULL: admitted */
} ranges[] = {
    {&pods, RANGE("{'type':'Container','min':{'cpu':'100m'}}"),
     POD("'containers':[" C("c", "'requests':{'cpu':'50m'}") "]"),
     "minimum cpu usage per Container is 100m, but request is 50m"},
    {&pods, RANGE("{'type':'Container','max':{'cpu':'1'}}"),
     POD("'containers':[" C("c", "'limits':{'cpu':'2'}") "," C("d", "'limits':{'cpu':'3'}") "]"),
     "[maximum cpu usage per Container is 1, but limit is 2, maximum cpu usage per Container is 1, "
     "but limit is 3]"},
    {&pods, RANGE("{'type':'Pod','max':{'cpu':'1'}}"), EMPTY,
     "maximum cpu usage per Pod is 1.  No limit is specified"},
    {&pods, RANGE("{'type':'Pod','max':{'cpu':'1'}}"),
     POD("'containers':[" C("c", "'limits':{'cpu':'600m'}") "," C("d",
                                                                  "'limits':{'cpu':'600m'}") "]"),
     "maximum cpu usage per Pod is 1, but limit is 1200m"},
    {&pods, RANGE("{'type':'Container','maxLimitRequestRatio':{'cpu':'2'}}"),
     POD("'containers':[" C("c", "'requests':{'cpu':'100m'},'limits':{'cpu':'500m'}") "]"),
     "cpu max limit to request ratio per Container is 2, but provided ratio is 5.000000"},
    {&pods, RANGE("{'type':'Container','maxLimitRequestRatio':{'cpu':'2'}}"), EMPTY,
     "cpu max limit to request ratio per Container is 2, but no request is specified or request is "
     "0"},
    {&claims, RANGE("{'type':'PersistentVolumeClaim','max':{'storage':'2Gi'}}"),
     "{'spec':{'resources':{'requests':{'storage':'3Gi'}}}}",
     "maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 3Gi"},
    {&claims, RANGE("{'type':'PersistentVolumeClaim','min':{'storage':'1Gi'}}"),
     "{'spec':{'resources':{'requests':{'storage':'500Mi'}}}}",
     "minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 500Mi"},
    {&services, RANGE("{'type':'Container','min':{'cpu':'1'}}"), "{'spec':{}}", NULL},
};

TEST(limit_ranges_refuse_with_upstreams_words)
{
    for (size_t i = 0; i < ARRAY_LEN(ranges); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const Value *range = value_literal(a, ranges[i].range);
        const char *why =
            limitrange_check(a, range, ranges[i].r, value_literal(a, ranges[i].object));

        assert_int_equal(why != NULL, ranges[i].message != NULL);
        if (ranges[i].message)
            assert_string_equal(why, ranges[i].message);
    }
}

TEST(limit_ranges_fill_in_defaults_and_say_so)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const Value *range =
        value_literal(a, RANGE("{'type':'Container','default':{'cpu':'1','memory':'1Gi'},"
                               "'defaultRequest':{'cpu':'500m','memory':'1Gi'}}"));
    Value *pod =
        value_literal(a, POD("'containers':[" C("c", "'limits':{'cpu':'2'}") ",{'name':'d'}]"));

    limitrange_default(a, range, &pods, pod);
    assert_string_equal(
        value_get_str(value_at(pod, "metadata.annotations"), "kubernetes.io/limit-ranger"),
        "LimitRanger plugin set: cpu, memory request for container c; memory limit for container "
        "c; cpu, memory request for container d; cpu, memory limit for container d");
    assert_string_equal(value_to_str(a, value_at(pod, "spec.containers.1.resources")),
                        "{\"requests\":{\"cpu\":\"500m\",\"memory\":\"1Gi\"},\"limits\":{\"cpu\":"
                        "\"1\",\"memory\":\"1Gi\"}}");
    assert_string_equal(value_at_str(pod, "spec.containers.0.resources.limits.cpu"), "2");
}
