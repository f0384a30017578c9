#include "agent/net/rules.h"
#include "tests/unit/test.h"

static uint32_t number(const char *cluster, void *data UNUSED)
{
    return strcmp(cluster, "acme") == 0 ? 1 : 2;
}

static void put(Items *items, const char *cluster, const char *resource, const char *json)
{
    CLEANUP(arena_free) Arena *a = arena_new();

    items_put(items, item_new(cluster, resource, value_literal(a, json)));
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

TEST(the_same_service_of_two_tenants_has_two_chains)
{
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    const NetPod pods[] = {{.cluster = "acme", .ip = "10.88.0.2", .veth = "veth1"},
                           {.cluster = "globex", .ip = "10.88.0.3"}};
    NetInput in = {.items = items, .pods = pods, .n_pods = 2, .node_name = "n", .number = number};
    CLEANUP(net_state_free) NetState *s = NULL;

    add_service(items, "acme", "10.88.0.2");
    add_service(items, "globex", "10.88.0.3");
    s = net_state_build(&in);
    assert_string_equal(map_get(&s->chains, "svc-1-s.web-tcp-80"),
                        "meta l4proto tcp dnat to 10.88.0.2:8080");
    assert_string_equal(map_get(&s->chains, "svc-2-s.web-tcp-80"),
                        "meta l4proto tcp dnat to 10.88.0.3:8080");
    assert_string_equal(map_get(&s->elements, "services 0x00000001 . 10.96.0.9 . tcp . 80"),
                        "goto svc-1-s.web-tcp-80");
    assert_string_equal(map_get(&s->elements, "tenant 10.88.0.3"), "0x00000002");
    assert_non_null(map_get(&s->elements, "reach 0x00000001 . 10.88.0.2"));
    assert_null(map_get(&s->elements, "reach 0x00000001 . 10.88.0.3"));
    assert_non_null(map_get(&s->elements, "own \"veth1\" . 10.88.0.2"));
}

TEST(addresses_that_a_tenant_made_up_open_no_way)
{
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    NetInput in = {.items = items, .node_name = "n", .number = number};
    CLEANUP(net_state_free) NetState *s = NULL;

    put(items, "acme", "discovery.k8s.io/endpointslices",
        "{'metadata':{'namespace':'s','name':'x'},'addressType':'IPv4','endpoints':["
        "{'addresses':['10.88.0.3; add rule']},{'addresses':['10.88.0.3']}]}");
    s = net_state_build(&in);
    assert_int_equal(s->elements.n, 0);
}

TEST(only_addresses_pass)
{
    static const struct {
        const char *text;
        bool ok;
    } rows[] = {{"10.0.0.1", true}, {"10.0.0.1 }", false}, {"10.0.0", false},
                {"fd00::1", false}, {"", false},           {"10.0.0.256", false}};

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(net_is_ipv4(rows[i].text), rows[i].ok);
}

TEST(differences_are_small_and_in_a_safe_order)
{
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    const NetPod pods[] = {{.cluster = "acme", .ip = "10.88.0.2"}};
    NetInput in = {.items = items, .pods = pods, .n_pods = 1, .node_name = "n", .number = number};
    CLEANUP(net_state_free) NetState *first = NULL;
    CLEANUP(net_state_free) NetState *second = NULL;
    CLEANUP(net_state_free) NetState *third = NULL;
    AUTO_BUF same = BUF_INIT;
    AUTO_BUF changed = BUF_INIT;
    AUTO_BUF gone = BUF_INIT;
    const char *unmap, *unchain;

    add_service(items, "acme", "10.88.0.2");
    first = net_state_build(&in);
    net_diff_print(first, first, &same);
    assert_int_equal(same.len, 0);
    add_service(items, "acme", "10.88.0.4");
    second = net_state_build(&in);
    net_diff_print(first, second, &changed);
    assert_non_null(strstr(changed.ptr, "flush chain ip hostplane svc-1-s.web-tcp-80\n"));
    assert_null(strstr(changed.ptr, "add chain"));
    assert_null(strstr(changed.ptr, "reach"));
    items_del(items, "acme", "services", "s", "web");
    third = net_state_build(&in);
    net_diff_print(second, third, &gone);
    unmap = strstr(gone.ptr, "delete element ip hostplane services");
    unchain = strstr(gone.ptr, "delete chain");
    assert_true(unmap && unchain && unmap < unchain);
}

TEST(pods_of_other_nodes_are_known_by_what_the_server_says)
{
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    const NetPod pods[] = {{.cluster = "globex", .ip = "10.88.0.3"}};
    NetInput in = {.items = items, .pods = pods, .n_pods = 1, .node_name = "n", .number = number};
    CLEANUP(net_state_free) NetState *s = NULL;

    /* an endpoint is no reason, nor may a peer take the address of a pod that is here */
    add_service(items, "acme", "10.88.0.3");
    put(items, "acme", "peers",
        "{'metadata':{'namespace':'s','name':'p'},'status':{'podIP':'10.88.1.7'}}");
    put(items, "acme", "peers",
        "{'metadata':{'namespace':'s','name':'q'},'status':{'podIP':'10.88.0.3'}}");
    s = net_state_build(&in);
    assert_null(map_get(&s->elements, "reach 0x00000001 . 10.88.0.3"));
    assert_null(map_get(&s->elements, "reach 0x00000001 . 10.88.9.9"));
    assert_non_null(map_get(&s->elements, "reach 0x00000001 . 10.88.1.7"));
    assert_string_equal(map_get(&s->elements, "tenant 10.88.1.7"), "0x00000001");
    assert_string_equal(map_get(&s->elements, "tenant 10.88.0.3"), "0x00000002");
}
