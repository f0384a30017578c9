/* metrics.k8s.io, through the whole engine. */
#include "tests/unit/vcluster/rows.h"

static const User node_n = {.name = "system:node:n1", .uid = "", .groups = nobody, .node = "n1"};
static const User node_m = {.name = "system:node:n2", .uid = "", .groups = nobody, .node = "n2"};

#define METRICS   "/apis/metrics.k8s.io/v1beta1"
#define PODS      "/api/v1/namespaces/default/pods"
#define SAY(node) "/apis/node.hostplane.io/v1/nodes/" node "/stats"

static Answer host(Arena *a, const User *user, const char *method, const char *path,
                   const char *body)
{
    return call_as(a, user, "host", method, path, "", "application/json", quotes(a, body));
}

static const char *add_pod(Arena *a, const char *cluster, const char *name, const char *node)
{
    Answer r;

    need_tenant(a, cluster);
    r = call_as(a, &admin, cluster, "POST", PODS, "", "application/json",
                quotes(a, arena_printf(a,
                                       "{'metadata':{'name':'%s','labels':{'app':'%s'}},'spec':{"
                                       "'automountServiceAccountToken':false,'nodeName':'%s',"
                                       "'containers':[{'name':'c','image':'i'}]}}",
                                       name, name, node)));
    assert_int_equal(r.status, 201);
    return arena_strdup(a, value_at_str(r.v, "metadata.uid"));
}

static void say(Arena *a, const User *node, const char *name, const char *pods)
{
    Answer r =
        host(a, node, "POST", arena_printf(a, "/apis/node.hostplane.io/v1/nodes/%s/stats", name),
             arena_printf(a,
                          "{'windowMs':15000,'node':{'cpuNano':1500000000,'memoryBytes':"
                          "1073741824},'pods':[%s]}",
                          pods));

    assert_int_equal(r.status, 200);
}

static const char *pod(Arena *a, const char *uid)
{
    return arena_printf(
        a, "{'uid':'%s','containers':[{'name':'c','cpuNano':1234567,'memoryBytes':20480}]}", uid);
}

TEST(the_group_is_served_when_a_node_speaks)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    static const Row before = {&admin, "GET", METRICS "/nodes", "", NULL, 404, NULL, NULL, NULL};
    static const Row after[] = {
        {&admin, "GET", "/apis/metrics.k8s.io", "", NULL, 200, NULL, "preferredVersion.version",
         "v1beta1"},
        {&admin, "GET", METRICS, "", NULL, 200, NULL, "resources.1",
         "{'name':'pods','singularName':'','namespaced':true,'kind':'PodMetrics','verbs':['get',"
         "'list']}"},
        {&admin, "GET", METRICS "/nodes", "", NULL, 200, NULL, "items", "[]"},
        {&admin, "DELETE", METRICS "/nodes/n1", "", NULL, 405, NULL, NULL, NULL},
        {&admin, "GET", METRICS "/namespaces/default/pods/x", "", NULL, 404,
         "podmetrics.metrics.k8s.io 'default/x' not found", NULL, NULL},
        {&admin, "GET", METRICS "/nodes/x", "", NULL, 404,
         "nodemetrics.metrics.k8s.io 'x' not found", NULL, NULL},
        {&admin, "GET", "/openapi/v3/apis/metrics.k8s.io/v1beta1", "", NULL, 200, NULL, NULL, NULL},
    };

    need_server();
    run_rows("stats", &before, 1);
    assert_int_equal(host(a, &node_m, "POST", SAY("n1"), "{'node':{}}").status, 403);
    assert_int_equal(host(a, &admin, "POST", SAY("n1"), "{'node':{}}").status, 403);
    assert_int_equal(host(a, &node_n, "POST", SAY("n1"), "{").status, 400);
    assert_int_equal(host(a, &node_n, "POST", SAY("n1"), "[]").status, 400);
    say(a, &node_n, "n1", "");
    run_rows("stats", after, ARRAY_LEN(after));
}

TEST(a_tenant_sees_what_its_own_pods_use)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *mine, *theirs, *far, *both;
    static const Row rows[] = {
        {&admin, "GET", METRICS "/namespaces/default/pods/mine", "", NULL, 200, NULL, "containers",
         "[{'name':'c','usage':{'cpu':'1234567n','memory':'20Ki'}}]"},
        {&admin, "GET", METRICS "/pods", "labelSelector=app%3Dmine", NULL, 200, NULL,
         "items.0.metadata.name", "mine"},
        {&admin, "GET", METRICS "/pods", "labelSelector=app%3Dother", NULL, 200, NULL, "items",
         "[]"},
        {&admin, "GET", METRICS "/namespaces/default/pods/far", "", NULL, 404, NULL, NULL, NULL},
        {&admin, "GET", METRICS "/nodes/n1", "", NULL, 200, NULL, "usage",
         "{'cpu':'1234567n','memory':'20Ki'}"},
        {&admin, "GET", METRICS "/nodes/n1", "", NULL, 200, NULL, "window", "15s"},
    };
    Answer r;

    need_server();
    assert_int_equal(host(a, &admin, "POST", "/api/v1/nodes", "{'metadata':{'name':'n1'}}").status,
                     201);
    mine = add_pod(a, "mine", "mine", "n1");
    far = add_pod(a, "mine", "far", "n2");
    theirs = add_pod(a, "theirs", "mine", "n1");
    both = arena_printf(a, "%s,%s,%s", pod(a, mine), pod(a, theirs), pod(a, far));
    say(a, &node_n, "n1", both); /* of the one that is elsewhere nothing is believed */
    run_rows("mine", rows, ARRAY_LEN(rows));
    r = host(a, &admin, "GET", METRICS "/nodes", NULL);
    assert_int_equal(r.status, 200);
    assert_string_equal(value_to_str(a, value_at(r.v, "items.0.usage")),
                        "{\"cpu\":\"1500m\",\"memory\":\"1Gi\"}");
}

TEST(tables_have_metrics_server_s_columns)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    static const char table[] = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
    static const Row rows[] = {
        {&admin, "GET", METRICS "/namespaces/default/pods", "", NULL, 200, NULL, "rows.0.cells",
         "['two','3703701n','40Ki','15s']"},
        {&admin, "GET", METRICS "/namespaces/default/pods/two", "", NULL, 200, NULL,
         "rows.0.object.kind", "PartialObjectMetadata"},
        {&admin, "GET", METRICS "/namespaces/default/pods/two", "includeObject=Object", NULL, 200,
         NULL, "rows.0.object.kind", "PodMetrics"},
        {&admin, "GET", METRICS "/pods", "includeObject=None", NULL, 200, NULL, "rows.0.object",
         "null"},
        {&admin, "GET", METRICS "/nodes", "", NULL, 200, NULL, "columnDefinitions.1",
         "{'name':'cpu','type':'string','format':'quantity','description':'','priority':0}"},
        {&admin, "GET", METRICS "/nodes/n1", "", NULL, 200, NULL, "rows.0.cells",
         "['n1','3703701n','40Ki','15s']"},
        {&admin, "GET", METRICS "/pods", "labelSelector=app%3Dnone", NULL, 200, NULL, "rows",
         "null"},
    };
    const char *two;

    need_server();
    (void)host(a, &admin, "POST", "/api/v1/nodes", "{'metadata':{'name':'n1'}}");
    two = add_pod(a, "tables", "two", "n1");
    say(a, &node_n, "n1",
        arena_printf(a,
                     "{'uid':'%s','containers':[{'name':'c','cpuNano':1234567,'memoryBytes':20480},"
                     "{'name':'d','cpuNano':2469134,'memoryBytes':20480}]}",
                     two));
    call_accept = table;
    run_rows("tables", rows, ARRAY_LEN(rows));
    call_accept = NULL;
}

TEST(a_kubelet_s_summary_is_of_the_tenant_s_own_pods)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    static const Row rows[] = {
        {&admin, "GET", "/api/v1/nodes/n1/proxy/stats/summary", "", NULL, 200, NULL,
         "pods.0.podRef.name", "one"},
        {&admin, "GET", "/api/v1/nodes/n1/proxy/stats/summary", "", NULL, 200, NULL,
         "pods.0.containers.0.memory.workingSetBytes", "20480"},
        {&admin, "GET", "/api/v1/nodes/n1/proxy/stats/summary", "", NULL, 200, NULL,
         "node.cpu.usageNanoCores", "1234567"},
        {&admin, "GET", "/api/v1/nodes/n1/proxy/stats/summary", "", NULL, 200, NULL, "pods.1", ""},
        {&admin, "GET", "/api/v1/nodes/n1/proxy/metrics/cadvisor", "", NULL, 403, NULL, NULL, NULL},
    };
    const char *one, *others;

    need_server();
    (void)host(a, &admin, "POST", "/api/v1/nodes", "{'metadata':{'name':'n1'}}");
    one = add_pod(a, "summary", "one", "n1");
    others = add_pod(a, "summary2", "one", "n1");
    say(a, &node_n, "n1", arena_printf(a, "%s,%s", pod(a, one), pod(a, others)));
    run_rows("summary", rows, ARRAY_LEN(rows));
}

#define RESOURCES "/api/v1/nodes/n1/proxy/metrics/resource"

/* The pod "one" says of its container that it runs since then. */
static void start(Arena *a, const char *cluster, const char *when)
{
    static const char status[] =
        "{'status':{'containerStatuses':[{'name':'c','image':'i','imageID':'','ready':true,"
        "'restartCount':0,'state':{'running':{'startedAt':'%s'}}}]}}";

    assert_int_equal(call_as(a, &admin, cluster, "PATCH", PODS "/one/status", "",
                             "application/merge-patch+json",
                             quotes(a, arena_printf(a, status, when)))
                         .status,
                     200);
}

/* The node's metrics as the tenant reads them, which have these parts. */
static const char *exposed(Arena *a, const char *cluster, const char *const *parts, size_t n)
{
    Answer r = call_as(a, &admin, cluster, "GET", RESOURCES, "", NULL, NULL);

    assert_int_equal(r.status, 200);
    for (size_t i = 0; i < n; i++)
        if (!strstr(r.text, parts[i]))
            fail_msg("%s\nis not in\n%s", parts[i], r.text);
    return r.text;
}

/* A status and a node say what they like: sums stop at the largest number, times are printed. */
TEST(figures_beyond_all_bounds_are_printed)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    static const char figures[] =
        "{'uid':'%s','containers':[{'name':'c','cpuTotalNano':9223372036854775807,'memoryBytes':"
        "9223372036854775807,'atMs':1},{'name':'d','cpuTotalNano':9223372036854775807,"
        "'memoryBytes':9223372036854775807,'atMs':1}]}";
    static const char *const parts[] = {
        "container_start_time_seconds{container=\"c\",namespace=\"default\",pod=\"one\"} "
        "253402300799\n",
        "\npod_cpu_usage_seconds_total{namespace=\"default\",pod=\"one\"} 9223372036.854775807 ",
        "\npod_memory_working_set_bytes{namespace=\"default\",pod=\"one\"} 9223372036854775807 "};
    const char *one;

    need_server();
    (void)host(a, &admin, "POST", "/api/v1/nodes", "{'metadata':{'name':'n1'}}");
    one = add_pod(a, "bounds", "one", "n1");
    start(a, "bounds", "9999-12-31T23:59:59Z");
    say(a, &node_n, "n1", arena_printf(a, figures, one));
    (void)exposed(a, "bounds", parts, ARRAY_LEN(parts));
}

TEST(a_kubelet_s_metrics_are_of_the_tenant_s_own_pods)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    static const char figures[] =
        "{'uid':'%s','containers':[{'name':'c','cpuNano':1,'memoryBytes':20480,'cpuTotalNano':"
        "2500000000,'atMs':1700000000123},{'name':'d\\u0022\\n\\u005c','cpuNano':1,'memoryBytes':1,"
        "'cpuTotalNano':1,'atMs':1700000000001}]}";
    static const char want[] =
        "# HELP container_cpu_usage_seconds_total [STABLE] Cumulative cpu time consumed by the "
        "container in core-seconds\n"
        "# TYPE container_cpu_usage_seconds_total counter\n"
        "container_cpu_usage_seconds_total{container=\"c\",namespace=\"default\",pod=\"one\"} 2.5 "
        "1700000000123\n"
        "container_cpu_usage_seconds_total{container=\"d\\\"\\n\\\\\",namespace=\"default\",pod="
        "\"one\"} 0.000000001 1700000000001\n"
        "# HELP container_memory_working_set_bytes [STABLE] Current working set of the container "
        "in bytes\n"
        "# TYPE container_memory_working_set_bytes gauge\n"
        "container_memory_working_set_bytes{container=\"c\",namespace=\"default\",pod=\"one\"} "
        "20480 "
        "1700000000123\n";
    static const char since[] =
        "container_start_time_seconds{container=\"c\",namespace=\"default\","
        "pod=\"one\"} 1700000000\n";
    static const char *const parts[] = {
        want,
        since,
        "\nnode_cpu_usage_seconds_total 2.500000001 ",
        "\nnode_memory_working_set_bytes 20481 ",
        "\npod_cpu_usage_seconds_total{namespace=\"default\",pod=\"one\"} 2.500000001 "
        "1700000000123\n",
        "\npod_memory_working_set_bytes{namespace=\"default\",pod=\"one\"} 20481 1700000000123\n",
        "\n# TYPE resource_scrape_error gauge\nresource_scrape_error 0\n"};
    const char *one, *others, *text;
    Answer r;

    need_server();
    (void)host(a, &admin, "POST", "/api/v1/nodes", "{'metadata':{'name':'n1'}}");
    one = add_pod(a, "metrics", "one", "n1");
    others = add_pod(a, "metrics2", "theirs", "n1");
    start(a, "metrics", "2023-11-14T22:13:20Z");
    say(a, &node_n, "n1",
        arena_printf(a, "%s,%s", arena_printf(a, figures, one), arena_printf(a, figures, others)));
    text = exposed(a, "metrics", parts, ARRAY_LEN(parts));
    assert_null(strstr(text, "theirs"));
    r = call_as(a, &admin, "metrics", "GET", "/api/v1/nodes/n1/proxy/metrics", "", NULL, NULL);
    assert_int_equal(r.status, 403);
    r = call_as(a, &admin, "host", "GET", RESOURCES, "", NULL, NULL); /* that of the whole node */
    assert_non_null(strstr(r.text, "\nnode_memory_working_set_bytes 1073741824 "));
}
