#include "agent/container.h"
#include "agent/image_name.h"
#include "agent/node.h"
#include "agent/runtime.h"
#include "base/err.h"
#include "tests/unit/test.h"

static const Agent agent = {.o = {.node_name = "n1", .data_dir = "/d", .node_ip = "172.30.0.11"},
                            .memory = 1000 << 20,
                            .cpu_milli = 2000};

TEST(what_a_tenant_may_not_have)
{
    static const struct {
        const char *spec;
        bool refused;
    } rows[] = {
        {"{'containers':[{'name':'c'}]}", false},
        {"{'hostNetwork':true}", true},
        {"{'hostPID':true}", true},
        {"{'os':{'name':'windows'}}", true},
        {"{'os':{'name':'linux'}}", false},
        {"{'containers':[{'securityContext':{'privileged':true}}]}", true},
        {"{'initContainers':[{'securityContext':{'privileged':true}}]}", true},
        {"{'containers':[{'securityContext':{'capabilities':{'add':['SYS_ADMIN']}}}]}", true},
        {"{'containers':[{'securityContext':{'capabilities':{'add':['ALL']}}}]}", true},
        {"{'containers':[{'securityContext':{'capabilities':{'add':['CAP_NET_ADMIN']}}}]}", false},
        {"{'containers':[{'ports':[{'containerPort':80,'hostPort':80}]}]}", true},
        {"{'volumes':[{'name':'v','hostPath':{'path':'/'}}]}", true},
        {"{'volumes':[{'name':'v','emptyDir':{}}]}", false},
        {"{'securityContext':{'sysctls':[{'name':'kernel.panic','value':'1'}]}}", true},
        {"{'securityContext':{'sysctls':[{'name':'kernel.msgmax','value':'1'}]}}", true},
        {"{'securityContext':{'sysctls':[{'name':'kernel/shm_rmid_forced','value':'1'}]}}", false},
        {"{'securityContext':{'supplementalGroupsPolicy':'Strict'}}", true},
        {"{'securityContext':{'supplementalGroupsPolicy':'Merge'}}", false},
        {"{'containers':[{'securityContext':{'appArmorProfile':{'type':'RuntimeDefault'}}}]}",
         true},
        {"{'containers':[{'securityContext':{'procMount':'Unmasked'}}]}", true},
        {"{'ephemeralContainers':[{'securityContext':{'privileged':true}}]}", true},
        {"{'securityContext':{'sysctls':[{'name':'net.ipv4.tcp_syncookies','value':'1'}]}}", false},
    };
    CLEANUP(arena_free) Arena *a = arena_new();
    ContainerRefusal why;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Value *pod = value_object(a);

        value_set(a, pod, "spec", value_literal(a, rows[i].spec));
        if (container_refusal(a, &agent, "acme", pod, &why) != rows[i].refused)
            fail_msg("%s", rows[i].spec);
    }
}

static int make(Arena *a, const char *container, const char *pod_json, const Value *image,
                Value **ret, Err *err)
{
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    PodContext pc = {.cluster = "acme",
                     .items = items,
                     .node_name = "n1",
                     .pod_ip = "10.88.0.2",
                     .pod = value_literal(a, pod_json)};
    VolumeContext vc = {.pc = &pc, .dir = "/d/pods/u"};
    ContainerContext cc = {.agent = &agent,
                           .vc = &vc,
                           .volume_paths = value_object(a),
                           .log_dir = "/l",
                           .termination = "/t",
                           .image_id = "sha256:x",
                           .image_user = image,
                           .cgroup_parent = "/hp-n1/podu"};

    return container_config(a, &cc, value_literal(a, container), 2, ret, err);
}

static const char pod[] = "{'metadata':{'name':'p','namespace':'n','uid':'u'},'spec':{},"
                          "'status':{'qosClass':'Burstable'}}";

TEST(a_container_as_the_runtime_wants_it)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *c;

    assert_ok(
        make(a,
             "{'name':'c','image':'i','command':['x','$(A)'],'env':[{'name':'A','value':'b'}],"
             "'resources':{'requests':{'cpu':'250m','memory':'100Mi'},'limits':{'cpu':'500m',"
             "'memory':'200Mi'}},'securityContext':{'allowPrivilegeEscalation':false,"
             "'readOnlyRootFilesystem':true,'capabilities':{'drop':['ALL']}}}",
             pod, NULL, &c, NULL));
    assert_string_equal(value_at_str(c, "command.1"), "b");
    assert_string_equal(value_at_str(c, "image.image"), "sha256:x");
    assert_string_equal(value_at_str(c, "log_path"), "c/2.log");
    assert_int_equal(value_at_int(c, "linux.resources.cpu_shares", 0), 256);
    assert_int_equal(value_at_int(c, "linux.resources.cpu_quota", 0), 50000);
    assert_int_equal(value_at_int(c, "linux.resources.memory_limit_in_bytes", 0), 200 << 20);
    assert_int_equal(value_at_int(c, "linux.resources.oom_score_adj", 0), 900);
    assert_true(value_at_bool(c, "linux.security_context.no_new_privs"));
    assert_true(value_at_bool(c, "linux.security_context.readonly_rootfs"));
    assert_string_equal(value_at_str(c, "linux.security_context.capabilities.drop_capabilities.0"),
                        "ALL");
    assert_string_equal(value_get_str(value_get(c, "labels"), LABEL_CLUSTER), "acme");
}

TEST(a_sidecar_is_killed_no_sooner_than_those_that_it_is_there_for)
{
    static const struct {
        const char *container;
        int64_t score;
    } rows[] = {
        {"{'name':'c','image':'i','resources':{'requests':{'memory':'100Mi'}}}", 900},
        {"{'name':'c','image':'i','restartPolicy':'Always','resources':{'requests':{'memory':"
         "'100Mi'}}}",
         700},
        {"{'name':'c','image':'i','restartPolicy':'Always','resources':{'requests':{'memory':"
         "'400Mi'}}}",
         600},
    };
    static const char of[] =
        "{'metadata':{'name':'p','namespace':'n','uid':'u'},'spec':{'containers':["
        "{'name':'m','resources':{'requests':{'memory':'300Mi'}}},"
        "{'name':'n','resources':{'requests':{'memory':'500Mi'}}}]},"
        "'status':{'qosClass':'Burstable'}}";

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *c;

        assert_ok(make(a, rows[i].container, of, NULL, &c, NULL));
        assert_int_equal(value_at_int(c, "linux.resources.oom_score_adj", 0), rows[i].score);
    }
}

TEST(run_as_non_root_is_checked_against_the_image)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    static const char asks[] = "{'name':'c','image':'i','securityContext':{'runAsNonRoot':true}}";
    Value *c;
    Err err;

    assert_fails(make(a, asks, pod, NULL, &c, &err), ERR_INVALID);
    assert_string_equal(err.msg, "container has runAsNonRoot and image will run as root");
    assert_fails(make(a, asks, pod, value_literal(a, "{'username':'bob'}"), &c, &err), ERR_INVALID);
    assert_ok(make(a, asks, pod, value_literal(a, "{'uid':{'value':7}}"), &c, &err));
    assert_int_equal(value_at_int(c, "linux.security_context.run_as_user.value", 0), 7);
}

TEST(tags_that_are_pulled_every_time)
{
    static const struct {
        const char *image;
        bool is_latest;
    } rows[] = {{"busybox", true},        {"busybox:1", false},       {"a/b:latest", true},
                {"localhost/x:1", false}, {"r.example:5000/x", true}, {"x@sha256:0", false}};

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(image_is_latest(rows[i].image), rows[i].is_latest);
}

TEST(a_node_tells_why_it_is_not_ready)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    NodeHealth h = {.problem = "container runtime is down: gone", .pressure = PRESSURE_DISK};
    Value *first = node_status(a, &agent, &h, value_object(a), value_array(a), NULL, 1000000);
    Value *second = node_status(a, &agent, &h, value_object(a), value_array(a), first, 9000000);

    assert_string_equal(value_at_str(first, "conditions.3.reason"), "KubeletNotReady");
    assert_string_equal(value_at_str(first, "conditions.1.reason"), "KubeletHasDiskPressure");
    assert_string_equal(value_at_str(first, "conditions.0.status"), "False");
    assert_string_equal(value_at_str(second, "conditions.3.lastTransitionTime"),
                        "1970-01-01T00:00:01Z");
    assert_string_equal(value_at_str(second, "conditions.3.lastHeartbeatTime"),
                        "1970-01-01T00:00:09Z");
    assert_string_equal(value_at_str(first, "capacity.cpu"), "2");
}

TEST(what_a_node_tells_of_its_conditions)
{
    static const struct {
        const char *before, *now, *events; /* statuses of memory, disk, processes, Ready */
    } rows[] = {
        {NULL, "FFFF", "NodeHasSufficientMemory NodeHasNoDiskPressure NodeHasSufficientPID "},
        {NULL, "TFFT", "NodeHasInsufficientMemory NodeHasNoDiskPressure NodeHasSufficientPID "},
        {"FFFF", "FFFT", "NodeReady "},
        {"FFFT", "FFFF", "NodeNotReady "},
        {"FFFU", "FFFT", "NodeReady "},
        {"UUUU", "FFFT",
         "NodeHasSufficientMemory NodeHasNoDiskPressure NodeHasSufficientPID NodeReady "},
        {"FFFT", "FTTT", "NodeHasDiskPressure NodeHasInsufficientPID "},
        {"FFFT", "FFFT", ""},
    };
    static const char *const types[] = {"MemoryPressure", "DiskPressure", "PIDPressure", "Ready"};

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const char *texts[] = {rows[i].before, rows[i].now}, *events[NODE_EVENTS_MAX];
        Value *status[2] = {NULL, NULL};
        AUTO_BUF told = BUF_INIT;
        size_t n;

        for (size_t k = 0; k < 2; k++) {
            for (size_t t = 0; texts[k] && t < ARRAY_LEN(types); t++) {
                Value *c = value_object(a);

                if (!status[k]) {
                    status[k] = value_object(a);
                    value_set(a, status[k], "conditions", value_array(a));
                }
                value_set_str(a, c, "type", types[t]);
                value_set_str(a, c, "status",
                              texts[k][t] == 'T'   ? "True"
                              : texts[k][t] == 'F' ? "False"
                                                   : "Unknown");
                value_append(a, value_get(status[k], "conditions"), c);
            }
        }
        n = node_events(status[0], status[1], events);
        for (size_t e = 0; e < n; e++)
            buf_addf(&told, "%s ", events[e]);
        assert_string_equal(buf_str(&told), rows[i].events);
    }
}

TEST(resolvers_have_limits)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *p = value_literal(a, "{'metadata':{'namespace':'n','name':'p'},'spec':{'dnsPolicy':"
                                "'ClusterFirst','dnsConfig':{'nameservers':['1.1.1.1','2.2.2.2',"
                                "'3.3.3.3'],'searches':['x']}}}");
    PodContext pc = {.cluster = "acme", .pod = p, .node_name = "n1", .dns_ip = "10.96.0.10"};
    Value *told = value_array(a), *dns = pod_dns(a, &pc, told), *searches;
    AUTO_BUF long_name = BUF_INIT;

    assert_string_equal(value_to_str(a, value_get(dns, "servers")),
                        "[\"10.96.0.10\",\"1.1.1.1\",\"2.2.2.2\"]");
    assert_int_equal(value_len(told), 1);
    assert_string_equal(value_to_cstr(value_item(told, 0)),
                        "Nameserver limits were exceeded, some nameservers have been omitted, the "
                        "applied nameserver line is: 10.96.0.10 1.1.1.1 2.2.2.2");
    searches = value_at(p, "spec.dnsConfig.searches");
    for (int i = 0; i < 40; i++)
        value_append(a, searches, value_str(a, arena_printf(a, "s%d", i)));
    dns = pod_dns(a, &pc, NULL);
    assert_int_equal(value_len(value_get(dns, "searches")), 32);
    while (value_len(searches) > 0)
        value_remove(searches, 0);
    for (int i = 0; i < 254; i++)
        buf_addc(&long_name, 'a');
    value_append(a, searches, value_str(a, buf_str(&long_name)));
    told = value_array(a);
    dns = pod_dns(a, &pc, told);
    assert_int_equal(value_len(value_get(dns, "searches")), 3);
    assert_string_equal(value_to_cstr(value_item(told, 1)),
                        "Search Line limits were exceeded, some search paths have been omitted, "
                        "the applied search line is: n.svc.cluster.local svc.cluster.local "
                        "cluster.local");
    while (value_len(searches) > 0)
        value_remove(searches, 0);
    for (int i = 0; i < 20; i++)
        value_append(a, searches,
                     value_str(a, arena_printf(a, "%d%.*s", 10 + i, 200, buf_str(&long_name))));
    dns = pod_dns(a, &pc, NULL); /* 46 characters, and so many of 203 as have room */
    assert_int_equal(value_len(value_get(dns, "searches")), 3 + 9);
}

TEST(a_container_may_have_what_its_pod_may)
{
    static const struct {
        const char *own, *of_pod;
        int64_t quota, memory; /* 0: none */
    } rows[] = {
        {"{}", "{}", 0, 0},
        {"{}", "{'limits':{'cpu':'2','memory':'64Mi'}}", 200000, 64 << 20},
        {"{'limits':{'cpu':'1'}}", "{'limits':{'cpu':'2','memory':'64Mi'}}", 100000, 64 << 20},
        {"{'limits':{'memory':'32Mi'}}", "{'limits':{'memory':'64Mi'}}", 0, 32 << 20},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *p = value_literal(a, "{'spec':{}}"), *r;

        value_set(a, value_get(p, "spec"), "resources", value_literal(a, rows[i].of_pod));
        r = container_resources(a, &agent, p, value_literal(a, rows[i].own), false);
        assert_int_equal(value_at_int(r, "cpu_quota", 0), rows[i].quota);
        assert_int_equal(value_at_int(r, "memory_limit_in_bytes", 0), rows[i].memory);
    }
}

TEST(the_hosts_file)
{
    static const struct {
        const char *spec, *expected; /* its end */
    } rows[] = {
        {"{}", "\n10.88.0.2\tp\n"},
        {"{'hostname':'h','subdomain':'s'}", "\n10.88.0.2\th.s.n.svc.cluster.local\th\n"},
        {"{'hostAliases':[{'ip':'1.2.3.4','hostnames':['a','b']}]}",
         "\n10.88.0.2\tp\n\n# Entries added by HostAliases.\n1.2.3.4\ta\tb\n"},
        {"{'hostNetwork':true,'hostAliases':[{'ip':'1.2.3.4','hostnames':['a']}]}",
         "# Kubernetes-managed hosts file (host network).\n1.1.1.1 one\n\n"
         "# Entries added by HostAliases.\n1.2.3.4\ta\n"},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Value *p = value_literal(a, "{'metadata':{'namespace':'n','name':'p'}}");
        PodContext pc = {.pod = p, .pod_ip = "10.88.0.2"};
        AUTO_BUF out = BUF_INIT;

        value_set(a, p, "spec", value_literal(a, rows[i].spec));
        pod_hosts_file(&pc, SLICE("1.1.1.1 one\n"), &out);
        if (!str_ends(buf_str(&out), rows[i].expected))
            fail_msg("%s: %s", rows[i].spec, buf_str(&out));
    }
}

TEST(names_and_resolvers_of_a_sandbox)
{
    static const struct {
        const char *spec, *path, *expected;
    } rows[] = {
        {"{}", "hostname", "\"p\""},
        {"{'hostname':'h','subdomain':'s'}", "hostname", "\"h\""},
        {"{'hostname':'h','subdomain':'s','setHostnameAsFQDN':true}", "hostname",
         "\"h.s.n.svc.cluster.local\""},
        {"{'hostnameOverride':'x.y'}", "hostname", "\"x.y\""},
        {"{'dnsPolicy':'ClusterFirst'}", "dns_config.searches",
         "[\"n.svc.cluster.local\",\"svc.cluster.local\",\"cluster.local\"]"},
        {"{'dnsPolicy':'None','dnsConfig':{'nameservers':['1.1.1.1','1.1.1.1'],'searches':['x'],"
         "'options':[{'name':'edns0'}]}}",
         "dns_config", "{\"servers\":[\"1.1.1.1\"],\"searches\":[\"x\"],\"options\":[\"edns0\"]}"},
        {"{'dnsConfig':{'options':[{'name':'ndots','value':'2'}]}}", "dns_config.options",
         "[\"ndots:2\"]"},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Value *p = value_literal(a, "{'metadata':{'namespace':'n','name':'p','uid':'u'}}"), *config;
        PodContext pc = {.cluster = "acme", .pod = p, .node_name = "n1"};
        const char *text;

        value_set(a, p, "spec", value_literal(a, rows[i].spec));
        config = sandbox_config(a, &agent, &pc, 0, "/l", "/c");
        text = value_to_str(a, value_at(config, rows[i].path));
        if (strcmp(text, rows[i].expected) != 0)
            fail_msg("%s: %s", rows[i].spec, text);
    }
}
