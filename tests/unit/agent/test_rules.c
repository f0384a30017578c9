#include "agent/net/rules.h"
#include "tests/unit/agent/items.h"
#include "tests/unit/test.h"

static uint32_t number(const char *cluster, void *data UNUSED)
{
    return strcmp(cluster, "acme") == 0 ? 1 : 2;
}

static const AddressRanges *both(void)
{
    static AddressRanges ranges;

    assert_true(address_ranges_parse("10.88.0.0/16,fd00:88::/32", &ranges));
    return &ranges;
}

static void add_service(Items *items, const char *cluster, const char *endpoint)
{
    char slice[700];

    put(items, cluster, "services",
        "{'metadata':{'namespace':'s','name':'web'},'spec':{'clusterIP':'10.96.0.9',"
        "'ports':[{'name':'http','port':80,'protocol':'TCP'}]}}");
    snprintf(
        slice, sizeof(slice),
        "{'metadata':{'namespace':'s','name':'web-x','labels':{'kubernetes.io/service-name':"
        "'web'}},'addressType':'IPv4','ports':[{'name':'http','port':8080}],'endpoints':["
        "{'addresses':['%s'],'conditions':{'ready':true},'targetRef':{'kind':'Pod'}},"
        "{'addresses':['10.88.9.9'],'conditions':{'ready':false},'targetRef':{'kind':'Pod'}}]}",
        endpoint);
    put(items, cluster, "discovery.k8s.io/endpointslices", slice);
}

TEST(the_same_service_of_two_tenants_leads_to_two_places)
{
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    const NetPod pods[] = {{.cluster = "acme", .ip = "10.88.0.2", .veth = "veth1"},
                           {.cluster = "globex", .ip = "10.88.0.3"}};
    NetInput in = {.items = items, .pods = pods, .n_pods = 2, .node_name = "n", .number = number};
    CLEANUP(net_rules_free) NetRules *r = net_rules_new(&net_families[0]);
    AUTO_BUF out = BUF_INIT;

    add_service(items, "acme", "10.88.0.2");
    add_service(items, "globex", "10.88.0.3");
    net_rules_update(r, &in, &out);
    assert_string_equal(
        map_get(&r->state.elements, "endpoints 0:0 . 0x00000001 . 10.96.0.9 . tcp . 80"),
        "10.88.0.2 . 8080");
    assert_string_equal(
        map_get(&r->state.elements, "endpoints 0:0 . 0x00000002 . 10.96.0.9 . tcp . 80"),
        "10.88.0.3 . 8080");
    assert_string_equal(map_get(&r->state.elements, "services 0x00000001 . 10.96.0.9 . tcp . 80"),
                        "goto pick-1");
    assert_string_equal(map_get(&r->state.elements, "tenant 10.88.0.3"), "0x00000002");
    assert_non_null(map_get(&r->state.elements, "reach 0x00000001 . 10.88.0.2"));
    assert_null(map_get(&r->state.elements, "reach 0x00000001 . 10.88.0.3"));
    assert_non_null(map_get(&r->state.elements, "own \"veth1\" . 10.88.0.2"));
}

TEST(addresses_that_a_tenant_made_up_open_no_way)
{
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    NetInput in = {.items = items, .node_name = "n", .number = number};
    CLEANUP(net_rules_free) NetRules *r = net_rules_new(&net_families[0]);
    AUTO_BUF out = BUF_INIT;

    put(items, "acme", "discovery.k8s.io/endpointslices",
        "{'metadata':{'namespace':'s','name':'x'},'addressType':'IPv4','endpoints':["
        "{'addresses':['10.88.0.3; add rule']},{'addresses':['10.88.0.3']}]}");
    net_rules_update(r, &in, &out);
    assert_int_equal(r->state.elements.n, 0);
}

TEST(only_addresses_pass)
{
    static const struct {
        const char *text;
        bool ok;
    } rows[] = {{"10.0.0.1", true}, {"10.0.0.1 }", false}, {"10.0.0", false},
                {"fd00::1", false}, {"", false},           {"10.0.0.256", false}};

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(net_is_address(&net_families[0], rows[i].text), rows[i].ok);
}

static void tell(NetRules *r, const NetInput *in, const char *resource, const char *name)
{
    CLEANUP(item_unref) Item *i = items_get(in->items, "acme", resource, "s", name);

    net_rules_changed(r, in, i, NULL);
}

TEST(differences_are_small)
{
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    const NetPod pods[] = {{.cluster = "acme", .ip = "10.88.0.2"}};
    NetInput in = {.items = items, .pods = pods, .n_pods = 1, .node_name = "n", .number = number};
    CLEANUP(net_rules_free) NetRules *r = net_rules_new(&net_families[0]);
    AUTO_BUF first = BUF_INIT;
    AUTO_BUF same = BUF_INIT;
    AUTO_BUF changed = BUF_INIT;
    AUTO_BUF gone = BUF_INIT;

    add_service(items, "acme", "10.88.0.2");
    net_rules_update(r, &in, &first);
    net_rules_update(r, &in, &same);
    assert_int_equal(same.len, 0);
    tell(r, &in, "discovery.k8s.io/endpointslices", "web-x");
    net_rules_update(r, &in, &same);
    assert_int_equal(same.len, 0);
    add_service(items, "acme", "10.88.0.4");
    tell(r, &in, "discovery.k8s.io/endpointslices", "web-x");
    net_rules_update(r, &in, &changed);
    assert_non_null(strstr(changed.ptr, "delete element ip hostplane endpoints"));
    assert_null(strstr(changed.ptr, "hostplane services"));
    assert_null(strstr(changed.ptr, "reach"));
    tell(r, &in, "services", "web");
    items_del(items, "acme", "services", "s", "web");
    net_rules_update(r, &in, &gone);
    assert_non_null(strstr(gone.ptr, "delete element ip hostplane services"));
    assert_non_null(strstr(gone.ptr, "delete element ip hostplane endpoints"));
}

TEST(chains_go_after_what_leads_to_them)
{
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    NetInput in = {.items = items, .node_name = "n", .number = number};
    CLEANUP(net_rules_free) NetRules *r = net_rules_new(&net_families[0]);
    AUTO_BUF out = BUF_INIT;
    const char *unmap, *unchain;

    add_service(items, "acme", "10.88.0.2");
    put(items, "acme", "services",
        "{'metadata':{'namespace':'s','name':'web'},'spec':{'clusterIP':'10.96.0.9',"
        "'sessionAffinity':'ClientIP','ports':[{'name':'http','port':80,'protocol':'TCP'}]}}");
    net_rules_update(r, &in, &out);
    buf_reset(&out);
    tell(r, &in, "services", "web");
    items_del(items, "acme", "services", "s", "web");
    net_rules_update(r, &in, &out);
    unmap = strstr(out.ptr, "delete element ip hostplane services");
    unchain = strstr(out.ptr, "delete chain");
    assert_true(unmap && unchain && unmap < unchain);
}

TEST(pods_of_other_nodes_are_known_by_what_the_server_says)
{
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    const NetPod pods[] = {{.cluster = "globex", .ip = "10.88.0.3"}};
    NetInput in = {.items = items,
                   .pods = pods,
                   .n_pods = 1,
                   .node_name = "n",
                   .cluster = both(),
                   .number = number};
    CLEANUP(net_rules_free) NetRules *r = net_rules_new(&net_families[0]);
    AUTO_BUF out = BUF_INIT;

    /* an endpoint is no reason, nor may a peer take the address of a pod that is here */
    add_service(items, "acme", "10.88.0.3");
    put(items, "acme", "peers",
        "{'metadata':{'namespace':'s','name':'p'},'status':{'podIP':'10.88.1.7'}}");
    put(items, "acme", "peers",
        "{'metadata':{'namespace':'s','name':'q'},'status':{'podIP':'10.88.0.3'}}");
    net_rules_update(r, &in, &out);
    assert_null(map_get(&r->state.elements, "reach 0x00000001 . 10.88.0.3"));
    assert_null(map_get(&r->state.elements, "reach 0x00000001 . 10.88.9.9"));
    assert_non_null(map_get(&r->state.elements, "reach 0x00000001 . 10.88.1.7"));
    assert_string_equal(map_get(&r->state.elements, "tenant 10.88.1.7"), "0x00000001");
    assert_string_equal(map_get(&r->state.elements, "tenant 10.88.0.3"), "0x00000002");
}

/* What is reached is let through before the rejects of nodes and links are looked at. */
TEST(a_pod_s_status_opens_no_way_out_of_the_pods_network)
{
    static const struct {
        int family;
        const char *ip;
        bool ok;
    } rows[] = {
        {0, "10.88.1.7", true},         {0, "169.254.169.254", false}, {0, "172.30.0.2", false},
        {0, "10.89.0.1", false},        {0, "fd00:88::7", false},      {0, "", false},
        {1, "fd00:88::7", true},        {1, "fd00:ec2::254", false},   {1, "fe80::1", false},
        {1, "::ffff:10.88.1.7", false}, {1, "10.88.1.7", false},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        CLEANUP(items_free) Items *items = items_new(NULL, NULL);
        NetInput in = {.items = items, .node_name = "n", .cluster = both(), .number = number};
        CLEANUP(net_rules_free) NetRules *r = net_rules_new(&net_families[rows[i].family]);
        AUTO_BUF out = BUF_INIT;

        put(items, "acme", "peers",
            arena_printf(a,
                         "{'metadata':{'namespace':'s','name':'p'},'status':{'podIP':'%s',"
                         "'podIPs':[{'ip':'%s'}]}}",
                         rows[i].ip, rows[i].ip));
        net_rules_update(r, &in, &out);
        if ((r->state.elements.n > 0) != rows[i].ok)
            fail_msg("%s", rows[i].ip);
    }
}

TEST(nodes_are_known_in_whatever_form_they_say_their_addresses)
{
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    NetInput in = {.items = items, .node_name = "n", .number = number};
    CLEANUP(net_rules_free) NetRules *r = net_rules_new(&net_families[1]);
    AUTO_BUF out = BUF_INIT;

    put(items, "host", "nodes",
        "{'metadata':{'name':'a'},'status':{'addresses':[{'type':'InternalIP','address':"
        "'FD30:0::2'},{'type':'InternalIP','address':'fd30::3 }'}]}}");
    net_rules_update(r, &in, &out);
    assert_int_equal(r->state.elements.n, 1);
    assert_non_null(map_get(&r->state.elements, "nodes fd30::2"));
}

/* Each text stands in the chain, and before the other one when that is given. */
TEST(the_tables_keep_pods_from_what_is_everybody_s_and_the_cloud_s)
{
    static const struct {
        int family; /* 2: of the bridge */
        const char *chain, *rule, *before;
    } rows[] = {
        {0, "forward", "meta mark != 0 ip daddr { 224.0.0.0/4, 255.255.255.255 } drop",
         "goto leave-pod"},
        {0, "forward", "meta mark != 0 ip daddr @closed reject", "    goto enter-pod"},
        {1, "forward", "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert }",
         "meta mark != 0 ip6 daddr ff00::/8 drop"},
        {1, "forward", "meta mark != 0 ip6 daddr ff00::/8 drop", "goto leave-pod"},
        {1, "forward", "meta mark != 0 ip6 daddr @closed reject", "    goto enter-pod"},
        {2, "discover", "exthdr frag exists jump fragment", "icmpv6 type"},
        {2, "fragment", "icmpv6 type { echo-request, echo-reply } return", "drop"},
    };
    Buf out[3] = {BUF_INIT, BUF_INIT, BUF_INIT};

    for (int f = 0; f < NET_FAMILIES; f++) {
        NetBase base = {.f = family_of(f),
                        .cluster_cidr = both()->items[f].text,
                        .service_cidr = f ? "fd00:96::/112" : "10.96.0.0/16",
                        .node_ip = "172.30.0.11",
                        .host = 1,
                        .dns_port = 10053};

        net_base_print(&base, &out[f]);
    }
    net_bridge_print(true, &out[2]);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const char *chain =
            strstr(buf_str(&out[rows[i].family]), arena_printf(a, "chain %s {", rows[i].chain));
        const char *end = chain ? strstr(chain, "\n  }\n") : NULL;
        const char *rule = chain ? strstr(chain, rows[i].rule) : NULL;
        const char *other = chain ? strstr(chain, rows[i].before) : NULL;

        if (!end || !rule || !other || rule > other || other > end)
            fail_msg("%s", rows[i].rule);
    }
    for (int i = 0; i < 3; i++)
        buf_done(&out[i]);
}

TEST(ranges_are_closed_to_pods_by_family)
{
    static const struct {
        const char *list, *closed[NET_FAMILIES];
        bool ok;
    } rows[] = {
        {NULL, {"192.0.0.192 } }", "fd00:42::42 } }"}, true},
        {"10.1.0.0/16,fd00:1::/64,10.2.3.4/32",
         {"192.0.0.192, 10.1.0.0/16, 10.2.3.4/32 } }", "fd00:42::42, fd00:1::/64 } }"},
         true},
        {"", {"192.0.0.192 } }", "fd00:42::42 } }"}, true},
        {"10.1.0.0", {"", ""}, false},
        {"10.1.0.0/16,", {"", ""}, false},
        {"10.1.0.0/16 } }", {"", ""}, false},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(net_each_range(rows[i].list, NULL, NULL), rows[i].ok);
        for (int f = 0; f < NET_FAMILIES && rows[i].ok; f++) {
            AUTO_BUF out = BUF_INIT;
            NetBase base = {.f = family_of(f),
                            .cluster_cidr = both()->items[f].text,
                            .service_cidr = f ? "fd00:96::/112" : "10.96.0.0/16",
                            .node_ip = "172.30.0.11",
                            .closed = rows[i].list,
                            .host = 1,
                            .dns_port = 10053};
            const char *set;

            net_base_print(&base, &out);
            set = strstr(buf_str(&out), "set closed {");
            if (!set || !strstr(set, rows[i].closed[f]) ||
                strstr(set, rows[i].closed[f]) > strchr(set, '\n'))
                fail_msg("%s: %.300s", rows[i].list ? rows[i].list : "(none)", set ? set : "");
        }
    }
}

TEST(a_pod_s_address_is_believed_from_the_node_that_has_its_range)
{
    static const struct {
        const char *node, *element, *without;
    } rows[] = {
        {"{'metadata':{'name':'a','annotations':{'hostplane.io/link-address':"
         "'02:00:00:00:00:0A'}},'spec':{'podCIDR':'10.88.7.0/24'}}",
         "links 02:00:00:00:00:0A . 10.88.7.0/24", "unlinked 10.88.7.0/24"},
        {"{'metadata':{'name':'a'},'spec':{'podCIDR':'10.88.7.0/24'}}", "unlinked 10.88.7.0/24",
         NULL},
        {"{'metadata':{'name':'a','annotations':{'hostplane.io/link-address':"
         "'02:00:00:00:00:0a }; x'}},'spec':{'podCIDR':'10.88.7.0/24'}}",
         "unlinked 10.88.7.0/24", NULL},
        {"{'metadata':{'name':'n'},'spec':{'podCIDR':'10.88.7.0/24'}}", NULL,
         "unlinked 10.88.7.0/24"},
        {"{'metadata':{'name':'a'},'spec':{'podCIDR':'10.88.7.0/24 }'}}", NULL,
         "unlinked 10.88.7.0/24 }"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(items_free) Items *items = items_new(NULL, NULL);
        NetInput in = {.items = items, .node_name = "n", .number = number};
        CLEANUP(net_rules_free) NetRules *r = net_rules_new(&net_families[0]);
        AUTO_BUF out = BUF_INIT;

        put(items, "host", "nodes", rows[i].node);
        net_rules_update(r, &in, &out);
        if (rows[i].element)
            assert_non_null(map_get(&r->state.elements, rows[i].element));
        if (rows[i].without)
            assert_null(map_get(&r->state.elements, rows[i].without));
    }
}

TEST(only_mac_addresses_pass)
{
    static const struct {
        const char *text;
        bool ok;
    } rows[] = {{"02:00:00:00:00:0a", true},
                {"02:00:00:00:00:0A", true},
                {"02:00:00:00:00", false},
                {"02-00-00-00-00-0a", false},
                {"", false},
                {NULL, false},
                {"02:00:00:00:00:0g", false},
                {"02:00:00:00:00:0a:00", false}};

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(net_is_mac(rows[i].text), rows[i].ok);
}

/* What one table has, the other does not: both families of one pod, its service and its node. */
TEST(each_family_has_rules_of_its_own)
{
    static const struct {
        int family;
        const char *element, *value; /* value: NULL when it is not there */
    } rows[] = {
        {0, "tenant 10.88.0.2", "0x00000001"},
        {0, "veths \"veth1\"", ""},
        {0, "own \"veth1\" . 10.88.0.2", ""},
        {0, "services 0x00000001 . 10.96.0.9 . tcp . 80", "goto pick-1"},
        {0, "services 0x00000001 . fd00:96::9 . tcp . 80", NULL},
        {0, "tenant 10.88.1.7", "0x00000001"},
        {0, "unlinked 10.88.7.0/24", ""},
        {1, "tenant fd00:88::2", "0x00000001"},
        {1, "reach 0x00000001 . fd00:88::2", ""},
        {1, "self fd00:88::2 . fd00:88::2", ""},
        {1, "veths \"veth1\"", NULL},
        {1, "own6 \"veth1\" . fd00:88::2", ""},
        {1, "targets \"veth1\" . 0xfd000088000000000000000000000002", ""},
        {1, "services 0x00000001 . fd00:96::9 . tcp . 80", "goto pick-2"},
        {1, "endpoints 0:0 . 0x00000001 . fd00:96::9 . tcp . 80", "fd00:88::2 . 8080"},
        {1, "endpoints 0:1 . 0x00000001 . fd00:96::9 . tcp . 80", "fd00:88::1:2 . 8080"},
        {1, "services 0x00000001 . 10.96.0.9 . tcp . 80", NULL},
        {1, "tenant fd00:88:1::7", "0x00000001"},
        {1, "nodes fd30::2", ""},
        {1, "nodes 172.30.0.2", NULL},
        {1, "links 02:00:00:00:00:0a . fd00:88:0:7::/64", NULL},
        {1, "unlinked fd00:88:0:7::/64", ""},
    };
    const NetPod pods[NET_FAMILIES] = {{.cluster = "acme", .ip = "10.88.0.2", .veth = "veth1"},
                                       {.cluster = "acme", .ip = "fd00:88::2", .veth = "veth1"}};
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);

    add_service(items, "acme", "10.88.0.2");
    put(items, "acme", "services",
        "{'metadata':{'namespace':'s','name':'web'},'spec':{'clusterIP':'10.96.0.9','clusterIPs':["
        "'10.96.0.9','FD00:96::9'],'ports':[{'name':'http','port':80,'protocol':'TCP'}]}}");
    put(items, "acme", "discovery.k8s.io/endpointslices",
        "{'metadata':{'namespace':'s','name':'web-y','labels':{'kubernetes.io/service-name':'web'}}"
        ",'addressType':'IPv6','ports':[{'name':'http','port':8080}],'endpoints':["
        "{'addresses':['fd00:88::2']},{'addresses':['fd00:88:0:0::1:2']},"
        "{'addresses':['10.88.0.9']},{'addresses':['::ffff:10.88.0.9']},{'addresses':['fd00::1 }'"
        "]}]}");
    put(items, "acme", "peers",
        "{'metadata':{'namespace':'s','name':'p'},'status':{'podIP':'10.88.1.7','podIPs':["
        "{'ip':'10.88.1.7'},{'ip':'fd00:88:1::7'}]}}");
    put(items, "host", "nodes",
        "{'metadata':{'name':'a'},'spec':{'podCIDR':'10.88.7.0/24','podCIDRs':['10.88.7.0/24',"
        "'fd00:88:0:7::/64']},'status':{'addresses':[{'type':'InternalIP','address':'172.30.0.2'},"
        "{'type':'InternalIP','address':'fd30::2'}]}}");
    for (int f = 0; f < NET_FAMILIES; f++) {
        NetInput in = {.items = items,
                       .pods = &pods[f],
                       .n_pods = 1,
                       .node_name = "n",
                       .cluster = both(),
                       .number = number};
        CLEANUP(net_rules_free) NetRules *r = net_rules_new(&net_families[f]);
        AUTO_BUF out = BUF_INIT;

        net_rules_update(r, &in, &out);
        for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
            const char *has = map_get(&r->state.elements, rows[i].element);

            if (rows[i].family == f && !(rows[i].value ? str_eq(has, rows[i].value) : !has))
                fail_msg("%s: %s", rows[i].element, has ? has : "(none)");
        }
        assert_non_null(strstr(buf_str(&out), f ? "add element ip6 hostplane tenant"
                                                : "add element ip hostplane tenant"));
        assert_null(strstr(buf_str(&out), f ? " ip hostplane" : " ip6 hostplane"));
        if (f)
            assert_non_null(strstr(buf_str(&out), "add element bridge hostplane targets"));
    }
}

/* A text in two forms would be two elements to us and one to the kernel. */
TEST(addresses_are_as_the_kernel_writes_them)
{
    static const struct {
        const char *text;
        bool ok;
    } rows[] = {{"fd00::1", true},       {"fd00::1 }", false},
                {"FD00::1", false},      {"fd00:0::1", false},
                {"10.0.0.1", false},     {"::ffff:10.0.0.1", false},
                {"fd00::1%eth0", false}, {"", false},
                {"fd00::0:1", false},    {"::", true}};

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (net_is_address(&net_families[1], rows[i].text) != rows[i].ok)
            fail_msg("%s", rows[i].text);
    assert_false(net_is_address(&net_families[1], NULL));
}
