#include "agent/net/rules.h"
#include "base/mem.h"
#include "tests/unit/test.h"

/* "a,b" of the endpoints of a key, in order. */
static void endpoints_of(const NetRules *r, const char *map, const char *key, Buf *out)
{
    for (unsigned i = 0;; i++) {
        AUTO_FREE char *element = xasprintf("%s 0:%x . %s", map, i, key);
        const char *value = map_get(&r->state.elements, element);

        if (!value)
            return;
        buf_addf(out, "%s%.*s", i ? "," : "", (int)strcspn(value, " "), value);
    }
}

static void expect_endpoints(const NetRules *r, const char *map, const char *key,
                             const char *expected)
{
    AUTO_BUF b = BUF_INIT;

    endpoints_of(r, map, key, &b);
    if (strcmp(buf_str(&b), expected ? expected : "") != 0)
        fail_msg("%s %s: [%s], expected [%s]", map, key, buf_str(&b), expected ? expected : "");
}

static uint32_t number(const char *cluster, void *data UNUSED)
{
    return strcmp(cluster, "acme") == 0 ? 1 : 2;
}

static void put(Items *items, const char *cluster, const char *resource, const Value *v)
{
    items_put(items, item_new(cluster, resource, v));
}

/* A service "s/web" with the spec given on top of a usual one, and endpoints: "IP:flags,..." with
 * flags r (ready), t (terminating and serving), l (on this node). */
static void add_service(Items *items, const char *cluster, const char *spec, const char *endpoints)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *svc = value_literal(
        a, "{'metadata':{'namespace':'s','name':'web','uid':'u'},'spec':{'clusterIP':'10.96.0.9',"
           "'ports':[{'name':'http','port':80,'protocol':'TCP','nodePort':30080}]}}");
    Value *slice = value_literal(
        a, "{'metadata':{'namespace':'s','name':'web-x','labels':{'kubernetes.io/service-name':"
           "'web'}},'addressType':'IPv4','ports':[{'name':'http','port':8080}],'endpoints':[]}");
    Value *more = value_literal(a, spec);
    char ip[32], flags[8];
    int used;

    value_each_member(more, m)
    {
        value_set(a, value_get(svc, "spec"), m->name, m->value);
    }
    while (sscanf(endpoints, "%31[^:]:%7[^,]%n", ip, flags, &used) == 2) {
        Value *e = value_literal(a, "{'addresses':[],'conditions':{}}");
        bool ends = strchr(flags, 't') != NULL;

        value_append(a, value_get(e, "addresses"), value_str(a, ip));
        value_set_bool(a, value_get(e, "conditions"), "ready", strchr(flags, 'r') != NULL);
        value_set_bool(a, value_get(e, "conditions"), "serving", strchr(flags, 'r') || ends);
        value_set_bool(a, value_get(e, "conditions"), "terminating", ends);
        value_set_str(a, e, "nodeName", strchr(flags, 'l') ? "n" : "other");
        value_append(a, value_get(slice, "endpoints"), e);
        endpoints += used + (endpoints[used] == ',');
    }
    put(items, cluster, "services", svc);
    put(items, cluster, "discovery.k8s.io/endpointslices", slice);
}

/* The server says whose a node port is. */
static void own_port(Items *items, const char *cluster, const char *service)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = value_literal(a, "{'metadata':{'name':'tcp-30080'}}");

    value_set_str(a, v, "service", service);
    put(items, cluster, "nodeports", v);
}

static NetRules *build(const NetInput *in)
{
    NetRules *r = net_rules_new(&net_families[0]);
    AUTO_BUF out = BUF_INIT;

    net_rules_update(r, in, &out);
    return r;
}

static void expect(const Map *map, const char *key, const char *expected)
{
    const char *found = map_get(map, key);

    if (!(expected ? str_eq(found, expected) : found == NULL))
        fail_msg("%s: %s, expected %s", key, found ? found : "(none)",
                 expected ? expected : "(none)");
}

#define SVC_KEY     "0x00000001 . 10.96.0.9 . tcp . 80"
#define SVC         "services " SVC_KEY
#define PORT_KEY    "0x00000001 . tcp . 30080"
#define PORT        "nodeports " PORT_KEY
#define OUTSIDE_KEY "tcp . 30080"
#define OUTSIDE     "outside " OUTSIDE_KEY

TEST(which_endpoints_get_traffic)
{
    static const struct {
        const char *spec, *endpoints, *svc, *svc_to, *port, *port_to, *outside, *outside_to;
    } rows[] = {
        {"{}", "1.0.0.1:r,1.0.0.2:r", "goto pick-2", "1.0.0.1,1.0.0.2", "goto node-2",
         "1.0.0.1,1.0.0.2", "goto masq-2", "1.0.0.1,1.0.0.2"},
        {"{}", "1.0.0.1:x", NULL, NULL, NULL, NULL, NULL, NULL},
        {"{}", "1.0.0.1:t,1.0.0.2:x", "goto pick-1", "1.0.0.1", "goto node-1", "1.0.0.1",
         "goto masq-1", "1.0.0.1"},
        {"{}", "1.0.0.1:t,1.0.0.2:r", "goto pick-1", "1.0.0.2", "goto node-1", "1.0.0.2",
         "goto masq-1", "1.0.0.2"},
        {"{'internalTrafficPolicy':'Local'}", "1.0.0.1:r,1.0.0.2:rl", "goto pick-1", "1.0.0.2",
         "goto node-2", "1.0.0.1,1.0.0.2", "goto masq-2", "1.0.0.1,1.0.0.2"},
        {"{'internalTrafficPolicy':'Local'}", "1.0.0.1:r", "drop", NULL, "goto node-1", "1.0.0.1",
         "goto masq-1", "1.0.0.1"},
        {"{'externalTrafficPolicy':'Local'}", "1.0.0.1:r,1.0.0.2:rl", "goto pick-2",
         "1.0.0.1,1.0.0.2", "goto node-2", "1.0.0.1,1.0.0.2", "goto here-1", "1.0.0.2"},
        {"{'externalTrafficPolicy':'Local'}", "1.0.0.1:r", "goto pick-1", "1.0.0.1", "goto node-1",
         "1.0.0.1", "drop", NULL},
        {"{'internalTrafficPolicy':'Local','externalTrafficPolicy':'Local'}", "1.0.0.1:x", NULL,
         NULL, NULL, NULL, NULL, NULL},
        {"{'type':'ExternalName'}", "1.0.0.1:r", NULL, NULL, NULL, NULL, NULL, NULL},
        {"{'clusterIP':'None'}", "1.0.0.1:r", NULL, NULL, NULL, NULL, NULL, NULL},
        {"{'ports':[{'name':'http','port':80,'nodePort':6443}]}", "1.0.0.1:r", "goto pick-1",
         "1.0.0.1", NULL, NULL, NULL, NULL},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(items_free) Items *items = items_new(NULL, NULL);
        NetInput in = {.items = items, .node_name = "n", .number = number};
        CLEANUP(net_rules_free) NetRules *r = NULL;

        add_service(items, "acme", rows[i].spec, rows[i].endpoints);
        own_port(items, "acme", "s/web");
        r = build(&in);
        expect(&r->state.elements, SVC, rows[i].svc);
        expect(&r->state.elements, PORT, rows[i].port);
        expect(&r->state.elements, OUTSIDE, rows[i].outside);
        expect(&r->state.elements, "nodeports 0x00000001 . tcp . 6443", NULL);
        expect_endpoints(r, "endpoints", SVC_KEY, rows[i].svc_to);
        expect_endpoints(r, "node-endpoints", PORT_KEY, rows[i].port_to);
        expect_endpoints(r, "outside-endpoints", OUTSIDE_KEY, rows[i].outside_to);
        assert_int_equal(r->state.chains.n, 0);
    }
}

TEST(the_server_says_whose_a_node_port_is_towards_the_outside)
{
    static const struct {
        const char *cluster, *service, *outside;
    } rows[] = {{"globex", "s/web", "0x00000002"},
                {"acme", "s/web", "0x00000001"},
                {"acme", "s/other", NULL},
                {"initech", "s/web", NULL}};

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(items_free) Items *items = items_new(NULL, NULL);
        NetInput in = {.items = items, .node_name = "n", .number = number};
        CLEANUP(net_rules_free) NetRules *r = NULL;

        add_service(items, "acme", "{}", "1.0.0.1:r");
        add_service(items, "globex", "{}", "1.0.0.2:r");
        own_port(items, rows[i].cluster, rows[i].service);
        r = build(&in);
        expect(&r->state.elements, "outside-tenant " OUTSIDE_KEY, rows[i].outside);
        expect(&r->state.elements, OUTSIDE, rows[i].outside ? "goto masq-1" : NULL);
        expect(&r->state.elements, PORT, "goto node-1"); /* its own pods always */
    }
}

TEST(from_outside_a_tenant_reaches_its_own_only)
{
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    NetInput in = {.items = items, .node_name = "n", .number = number};
    CLEANUP(net_rules_free) NetRules *r = NULL;

    add_service(items, "globex", "{'externalTrafficPolicy':'Local'}", "1.0.0.2:rl");
    own_port(items, "globex", "s/web");
    r = build(&in);
    expect(&r->state.elements, OUTSIDE, "goto here-1");
    expect(&r->state.elements, "outside-tenant " OUTSIDE_KEY, "0x00000002");
}

/* The server says whose an address is. */
static void own_address(Items *items, const char *cluster, const char *ip, const char *services)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = value_object(a);

    value_set_at(a, v, "metadata.name", value_str(a, arena_printf(a, "ip-%s", ip)));
    value_set(a, v, "services", value_literal(a, services));
    put(items, cluster, "nodeports", v);
}

TEST(external_addresses_are_the_tenant_s_pods_and_for_others_the_owner_s)
{
#define EXT_IP   "203.0.113.7"
#define INSIDE   "services 0x00000001 . " EXT_IP " . tcp . 80"
#define EXT_KEY  EXT_IP " . tcp . 80"
#define EXT      "external " EXT_KEY
#define UNSERVED "unserved " EXT_KEY
#define LB       "'type':'LoadBalancer'"
    static const struct {
        const char *name, *spec, *status, *endpoints, *owner;
        const char *inside, *external, *external_to;
        bool is_unserved;
    } rows[] = {
        {"external IP", "{'externalIPs':['" EXT_IP "']}", "{}", "1.0.0.1:r,1.0.0.2:r", "['s/web']",
         "goto pick-2", "goto emasq-2", "1.0.0.1,1.0.0.2", false},
        {"nobody's", "{'externalIPs':['" EXT_IP "']}", "{}", "1.0.0.1:r", NULL, "goto pick-1", NULL,
         NULL, false},
        {"another's", "{'externalIPs':['" EXT_IP "']}", "{}", "1.0.0.1:r", "['s/other']",
         "goto pick-1", NULL, NULL, false},
        {"Local", "{'externalIPs':['" EXT_IP "'],'externalTrafficPolicy':'Local'}", "{}",
         "1.0.0.1:r,1.0.0.2:rl", "['s/other','s/web']", "goto pick-2", "goto ehere-1", "1.0.0.2",
         false},
        {"Local, none here", "{'externalIPs':['" EXT_IP "'],'externalTrafficPolicy':'Local'}", "{}",
         "1.0.0.1:r", "['s/web']", "goto pick-1", "drop", NULL, false},
        {"no endpoints", "{'externalIPs':['" EXT_IP "']}", "{}", "1.0.0.1:x", "['s/web']", NULL,
         NULL, NULL, true},
        {"Local, none at all", "{'externalIPs':['" EXT_IP "'],'externalTrafficPolicy':'Local'}",
         "{}", "1.0.0.1:x", "['s/web']", NULL, NULL, NULL, true},
        {"load balancer", "{" LB "}", "{'loadBalancer':{'ingress':[{'ip':'" EXT_IP "'}]}}",
         "1.0.0.1:r", "['s/web']", "goto pick-1", "goto emasq-1", "1.0.0.1", false},
        {"VIP", "{" LB "}", "{'loadBalancer':{'ingress':[{'ip':'" EXT_IP "','ipMode':'VIP'}]}}",
         "1.0.0.1:r", "['s/web']", "goto pick-1", "goto emasq-1", "1.0.0.1", false},
        {"Proxy", "{" LB "}", "{'loadBalancer':{'ingress':[{'ip':'" EXT_IP "','ipMode':'Proxy'}]}}",
         "1.0.0.1:r", "['s/web']", NULL, NULL, NULL, false},
        {"source ranges", "{" LB ",'loadBalancerSourceRanges':['10.0.0.0/8','192.0.2.0/24']}",
         "{'loadBalancer':{'ingress':[{'ip':'" EXT_IP "'}]}}", "1.0.0.1:r", "['s/web']",
         "goto fw0-1-s.web-tcp-80", "goto fw4-1-s.web-tcp-80", "1.0.0.1", false},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        CLEANUP(items_free) Items *items = items_new(NULL, NULL);
        NetInput in = {.items = items, .node_name = "n", .number = number};
        CLEANUP(net_rules_free) NetRules *r = NULL;
        CLEANUP(item_unref) Item *svc = NULL;
        Value *v;

        add_service(items, "acme", rows[i].spec, rows[i].endpoints);
        svc = items_get(items, "acme", "services", "s", "web");
        v = value_copy(a, svc->v);
        value_set(a, v, "status", value_literal(a, rows[i].status));
        put(items, "acme", "services", v);
        if (rows[i].owner)
            own_address(items, "acme", EXT_IP, rows[i].owner);
        own_address(items, "globex", EXT_IP, "['s/web']"); /* of others nothing is taken */
        r = build(&in);
        expect(&r->state.elements, INSIDE, rows[i].inside);
        expect(&r->state.elements, EXT, rows[i].external);
        expect(&r->state.elements, UNSERVED, rows[i].is_unserved ? "" : NULL);
        expect_endpoints(r, "external-endpoints", EXT_KEY, rows[i].external_to);
        expect(&r->state.elements, "external-tenant " EXT_KEY,
               rows[i].external_to ? "0x00000001" : NULL);
        if (strstr(rows[i].spec, "Ranges")) {
            expect(&r->state.chains, "fw0-1-s.web-tcp-80",
                   "ip saddr != { 10.0.0.0/8, 192.0.2.0/24 } drop\ngoto pick-1");
            expect(&r->state.chains, "fw4-1-s.web-tcp-80",
                   "ip saddr != { 10.0.0.0/8, 192.0.2.0/24 } drop\ngoto emasq-1");
        }
    }
}

TEST(what_a_load_balancer_is_told_of_health)
{
    static const struct {
        const char *spec, *endpoints, *health;
    } rows[] = {
        {"{'externalTrafficPolicy':'Local','healthCheckNodePort':30080}",
         "1.0.0.1:r,1.0.0.2:rl,1.0.0.3:rl,1.0.0.4:tl", "2"},
        {"{'externalTrafficPolicy':'Local','healthCheckNodePort':30080}", "1.0.0.1:r", "0"},
        {"{'externalTrafficPolicy':'Cluster','healthCheckNodePort':30080}", "1.0.0.1:rl", NULL},
        {"{'externalTrafficPolicy':'Local','healthCheckNodePort':30081}", "1.0.0.1:rl", NULL},
        {"{'externalTrafficPolicy':'Local','healthCheckNodePort':80}", "1.0.0.1:rl", NULL},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(items_free) Items *items = items_new(NULL, NULL);
        NetInput in = {.items = items, .node_name = "n", .number = number};
        CLEANUP(net_rules_free) NetRules *r = NULL;

        add_service(items, "acme", rows[i].spec, rows[i].endpoints);
        own_port(items, "acme", "s/web"); /* tcp-30080 */
        r = build(&in);
        expect(&r->state.health, "30080 s/web", rows[i].health);
        assert_int_equal(r->state.health.n, rows[i].health ? 1 : 0);
    }
}

/* An address that is written in two ways is one pod. */
TEST(health_counts_pods_in_whatever_form_their_addresses_are)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    NetInput in = {.items = items, .node_name = "n", .number = number};
    CLEANUP(net_rules_free) NetRules *r = net_rules_new(&net_families[1]);
    AUTO_BUF out = BUF_INIT;

    put(items, "acme", "services",
        value_literal(a, "{'metadata':{'namespace':'s','name':'web','uid':'u'},'spec':{"
                         "'clusterIP':'fd00:96::9','externalTrafficPolicy':'Local',"
                         "'healthCheckNodePort':30080,'ports':[{'name':'http','port':80}]}}"));
    put(items, "acme", "discovery.k8s.io/endpointslices",
        value_literal(a, "{'metadata':{'namespace':'s','name':'web-x','labels':{"
                         "'kubernetes.io/service-name':'web'}},'addressType':'IPv6','ports':[{"
                         "'name':'http','port':8080}],'endpoints':["
                         "{'addresses':['FD00:88:0::2'],'nodeName':'n'},"
                         "{'addresses':['fd00:88::2'],'nodeName':'n'},"
                         "{'addresses':['FD00:88:0::3'],'nodeName':'n'}]}"));
    own_port(items, "acme", "s/web");
    net_rules_update(r, &in, &out);
    expect(&r->state.health, "30080 s/web", "2");
}

TEST(services_with_names_that_read_alike_have_chains_of_their_own)
{
    static const char *const names[][2] = {{"a", "b-c"}, {"a-b", "c"}};
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    NetInput in = {.items = items, .node_name = "n", .number = number};
    CLEANUP(net_rules_free) NetRules *r = NULL;

    for (int i = 0; i < 2; i++) {
        Value *svc =
            value_literal(a, "{'metadata':{'uid':'u'},'spec':{'sessionAffinity':'ClientIP','ports':"
                             "[{'port':80}]}}");
        Value *slice = value_literal(
            a, "{'metadata':{'name':'x','labels':{}},'addressType':'IPv4','ports':[{'port':80}],"
               "'endpoints':[{}]}");
        Value *at = value_item(value_get(slice, "endpoints"), 0), *list = value_array(a);

        value_set_at(a, svc, "metadata.namespace", value_str(a, names[i][0]));
        value_set_at(a, svc, "metadata.name", value_str(a, names[i][1]));
        value_set_at(a, svc, "spec.clusterIP", value_str(a, i ? "10.96.0.8" : "10.96.0.9"));
        value_set_at(a, slice, "metadata.namespace", value_str(a, names[i][0]));
        value_set_str(a, value_at(slice, "metadata.labels"), "kubernetes.io/service-name",
                      names[i][1]);
        value_append(a, list, value_str(a, i ? "1.0.0.2" : "1.0.0.1"));
        value_set(a, at, "addresses", list);
        put(items, "acme", "services", svc);
        put(items, "acme", "discovery.k8s.io/endpointslices", slice);
    }
    r = build(&in);
    expect(
        &r->state.chains, "svc-1-a.b-c-tcp-80-1.0.0.1-80",
        "update @af-1-a.b-c-tcp-80-1.0.0.1-80 { ip saddr }\nmeta l4proto tcp dnat to 1.0.0.1:80");
    expect(
        &r->state.chains, "svc-1-a-b.c-tcp-80-1.0.0.2-80",
        "update @af-1-a-b.c-tcp-80-1.0.0.2-80 { ip saddr }\nmeta l4proto tcp dnat to 1.0.0.2:80");
}

TEST(affinity_keeps_a_client_by_a_set_for_each_endpoint)
{
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    NetInput in = {.items = items, .node_name = "n", .number = number};
    CLEANUP(net_rules_free) NetRules *r = NULL;
    AUTO_BUF text = BUF_INIT;

    add_service(items, "acme",
                "{'sessionAffinity':'ClientIP','sessionAffinityConfig':{'clientIP':"
                "{'timeoutSeconds':5}}}",
                "1.0.0.1:r,1.0.0.2:r");
    r = build(&in);
    expect(&r->state.chains, "svc-1-s.web-tcp-80",
           "ip saddr @af-1-s.web-tcp-80-1.0.0.1-8080 goto svc-1-s.web-tcp-80-1.0.0.1-8080\n"
           "ip saddr @af-1-s.web-tcp-80-1.0.0.2-8080 goto svc-1-s.web-tcp-80-1.0.0.2-8080\n"
           "numgen random mod 2 vmap { 0 : goto svc-1-s.web-tcp-80-1.0.0.1-8080, "
           "1 : goto svc-1-s.web-tcp-80-1.0.0.2-8080 }");
    expect(&r->state.chains, "svc-1-s.web-tcp-80-1.0.0.1-8080",
           "update @af-1-s.web-tcp-80-1.0.0.1-8080 { ip saddr }\n"
           "meta l4proto tcp dnat to 1.0.0.1:8080");
    expect(&r->state.sets, "af-1-s.web-tcp-80-1.0.0.1-8080",
           "type ipv4_addr; size 65535; flags dynamic,timeout; timeout 5s;");
    net_rules_lost(r);
    net_rules_update(r, &in, &text);
    assert_non_null(strstr(text.ptr, "add set ip hostplane af-1-s.web-tcp-80-1.0.0.1-8080 { type"));
}

TEST(many_endpoints_have_a_chain_of_their_own)
{
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    NetInput in = {.items = items, .node_name = "n", .number = number};
    CLEANUP(net_rules_free) NetRules *r = NULL;
    AUTO_BUF endpoints = BUF_INIT;

    for (int i = 0; i < 33; i++)
        buf_addf(&endpoints, "%s1.0.0.%d:r", i ? "," : "", i + 1);
    add_service(items, "acme", "{}", buf_str(&endpoints));
    own_port(items, "acme", "s/web");
    r = build(&in);
    expect(&r->state.elements, SVC, "goto svc-1-s.web-tcp-80");
    expect(&r->state.elements, PORT, "goto svc-1-s.web-tcp-80");
    expect(&r->state.elements, OUTSIDE, "goto ext-1-s.web-tcp-80");
    expect(&r->state.chains, "ext-1-s.web-tcp-80",
           "meta mark set 0x00000001\nct mark set 0x1\ngoto svc-1-s.web-tcp-80");
    assert_true(str_starts(map_get(&r->state.chains, "svc-1-s.web-tcp-80"),
                           "meta l4proto tcp dnat ip to numgen random mod 33 map { 0 : 1.0.0.1 . "
                           "8080, "));
}

TEST(hints_lead_to_the_zone)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    NetInput in = {.items = items, .node_name = "n", .number = number};
    CLEANUP(net_rules_free) NetRules *r = NULL;
    CLEANUP(item_unref) Item *old = NULL;
    Value *slice;

    add_service(items, "acme", "{}", "1.0.0.1:r,1.0.0.2:r");
    put(items, "host", "nodes",
        value_literal(a,
                      "{'metadata':{'name':'n','labels':{'topology.kubernetes.io/zone':'z2'}}}"));
    old = items_get(items, "acme", "discovery.k8s.io/endpointslices", "s", "web-x");
    slice = value_copy(a, old->v);
    value_set(a, value_at(slice, "endpoints.0"), "hints",
              value_literal(a, "{'forZones':[{'name':'z1'}]}"));
    value_set(a, value_at(slice, "endpoints.1"), "hints",
              value_literal(a, "{'forZones':[{'name':'z2'}]}"));
    put(items, "acme", "discovery.k8s.io/endpointslices", slice);
    r = build(&in);
    expect_endpoints(r, "endpoints", SVC_KEY, "1.0.0.2");
}

static void set_external(Items *items, const char *name, const char *spec)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *svc = value_literal(a, "{'metadata':{'namespace':'s'}}");
    Value *slice = value_literal(
        a, "{'metadata':{'namespace':'s','labels':{}},'addressType':'IPv4','ports':[{'port':80}],"
           "'endpoints':[{'addresses':[]}]}");

    value_append(a, value_at(slice, "endpoints.0.addresses"),
                 value_str(a, str_eq(name, "a") ? "1.0.0.1" : "1.0.0.2"));
    value_set(a, svc, "spec", value_literal(a, spec));
    value_set_str(a, value_get(svc, "metadata"), "name", name);
    value_set_str(a, value_get(slice, "metadata"), "name", name);
    value_set_str(a, value_at(slice, "metadata.labels"), "kubernetes.io/service-name", name);
    put(items, "acme", "services", svc);
    put(items, "acme", "discovery.k8s.io/endpointslices", slice);
}

/* Applies the commands to sets and chains as nft would, and fails where nft would. */
static void play(Map *world, const Buf *commands)
{
    Slice rest = buf_slice(commands), line;

    while (slice_cut(&rest, '\n', &line)) {
        AUTO_FREE char *text = xstrndup(line.ptr, line.len);
        char *value = strstr(text, " : "), *key = strstr(text, "element ");

        if (!key)
            continue;
        if (value && str_starts(text, "add"))
            *value = '\0';
        if (value && !str_starts(text, "add"))
            *strstr(key, " : ") = '\0';
        if (str_starts(text, "add element") && map_get(world, key))
            fail_msg("there is one already: %s", key);
        if (str_starts(text, "delete element") && !map_get(world, key))
            fail_msg("there is none: %s", key);
        if (str_starts(text, "add element"))
            free(map_set(world, key, xstrdup(value ? value + 3 : "")));
        else
            free(map_del(world, key));
    }
}

#define SHARED "element ip hostplane endpoints { 0:0 . 0x00000001 . 9.9.9.9 . tcp . 80"

TEST(an_address_that_two_services_ask_for_goes_from_one_to_the_other)
{
    static const char with[] = "{'clusterIP':'10.96.0.8','externalIPs':['9.9.9.9'],'ports':"
                               "[{'port':80}]}",
                      also[] = "{'clusterIP':'10.96.0.9','externalIPs':['9.9.9.9'],'ports':"
                               "[{'port':80}]}",
                      without[] = "{'clusterIP':'10.96.0.8','ports':[{'port':80}]}";
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    NetInput in = {.items = items, .node_name = "n", .number = number};
    CLEANUP(net_rules_free) NetRules *r = net_rules_new(&net_families[0]);
    Map world = {.free_value = free};
    AUTO_BUF out = BUF_INIT;
    CLEANUP(item_unref) Item *a = NULL;
    CLEANUP(item_unref) Item *b = NULL;

    set_external(items, "a", with);
    net_rules_update(r, &in, &out);
    play(&world, &out);
    expect(&world, SHARED, "1.0.0.1 . 80 }");
    set_external(items, "b", also); /* it waits */
    b = items_get(items, "acme", "services", "s", "b");
    net_rules_changed(r, &in, b, NULL);
    buf_reset(&out);
    net_rules_update(r, &in, &out);
    play(&world, &out);
    expect(&world, SHARED, "1.0.0.1 . 80 }");
    set_external(items, "a", without);
    a = items_get(items, "acme", "services", "s", "a");
    net_rules_changed(r, &in, a, a);
    buf_reset(&out);
    net_rules_update(r, &in, &out);
    play(&world, &out);
    expect(&world, SHARED, NULL); /* b's endpoints were not told of */
    {
        CLEANUP(item_unref)
        Item *slice = items_get(items, "acme", "discovery.k8s.io/endpointslices", "s", "b");

        net_rules_changed(r, &in, slice, NULL);
    }
    buf_reset(&out);
    net_rules_update(r, &in, &out);
    play(&world, &out);
    expect(&world, SHARED, "1.0.0.2 . 80 }");
    map_done(&world);
}

/* Of flows to this node, not of those to whatever else has the port's number. */
TEST(what_came_before_a_node_port_was_served_is_forgotten)
{
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    NetInput in = {.items = items, .node_name = "n", .node_ip = "172.30.0.11", .number = number};
    CLEANUP(net_rules_free) NetRules *r = net_rules_new(&net_families[0]);
    AUTO_BUF out = BUF_INIT;

    add_service(items, "acme",
                "{'type':'NodePort','ports':[{'name':'http','port':80,'protocol':'UDP',"
                "'nodePort':30080}]}",
                "1.0.0.1:r");
    {
        CLEANUP(arena_free) Arena *a = arena_new();

        put(items, "acme", "nodeports",
            value_literal(a, "{'metadata':{'name':'udp-30080'},'service':'s/web'}"));
    }
    net_rules_update(r, &in, &out);
    assert_int_equal(r->gone_udp.n, 1);
    assert_non_null(map_get(&r->gone_udp, "to 172.30.0.11 30080"));
}

TEST(a_change_of_one_service_prints_that_one)
{
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    NetInput in = {.items = items, .node_name = "n", .number = number};
    CLEANUP(net_rules_free) NetRules *r = net_rules_new(&net_families[0]);
    CLEANUP(item_unref) Item *slice = NULL;
    CLEANUP(item_unref) Item *old = NULL;
    AUTO_BUF out = BUF_INIT;

    add_service(items, "acme", "{}", "1.0.0.1:r");
    add_service(items, "globex", "{'ports':[{'name':'http','port':80,'protocol':'UDP'}]}",
                "1.0.0.2:r");
    net_rules_update(r, &in, &out);
    old = items_get(items, "globex", "discovery.k8s.io/endpointslices", "s", "web-x");
    add_service(items, "globex", "{'ports':[{'name':'http','port':80,'protocol':'UDP'}]}",
                "1.0.0.3:r");
    slice = items_get(items, "globex", "discovery.k8s.io/endpointslices", "s", "web-x");
    net_rules_changed(r, &in, slice, old);
    buf_reset(&out);
    net_rules_update(r, &in, &out);
    assert_string_equal(
        buf_str(&out),
        "delete element ip hostplane endpoints { 0:0 . 0x00000002 . 10.96.0.9 . udp . 80 : "
        "1.0.0.2 . 8080 }\n"
        "add element ip hostplane endpoints { 0:0 . 0x00000002 . 10.96.0.9 . udp . 80 : "
        "1.0.0.3 . 8080 }\n");
    assert_int_equal(r->gone_udp.n, 1);
    assert_non_null(map_get(&r->gone_udp, "1.0.0.2 8080"));
    items_del(items, "globex", "services", "s", "web");
    net_rules_changed(r, &in, NULL, slice);
    buf_reset(&out);
    net_rules_update(r, &in, &out);
    assert_null(strstr(buf_str(&out), "0x00000001"));
}
