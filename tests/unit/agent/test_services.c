#include "agent/net/rules.h"
#include "tests/unit/test.h"

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

static void expect(const Map *map, const char *key, const char *expected)
{
    const char *found = map_get(map, key);

    if (!(expected ? str_eq(found, expected) : found == NULL))
        fail_msg("%s: %s, expected %s", key, found ? found : "(none)",
                 expected ? expected : "(none)");
}

#define SVC           "services 0x00000001 . 10.96.0.9 . tcp . 80"
#define PORT          "nodeports 0x00000001 . tcp . 30080"
#define OUTSIDE       "outside tcp . 30080"
#define PICK(n, list) "meta l4proto tcp dnat ip to numgen random mod " n " map { " list " }"

TEST(which_endpoints_get_traffic)
{
    static const struct {
        const char *spec, *endpoints, *svc, *port, *outside, *chain, *local;
    } rows[] = {
        {"{}", "1.0.0.1:r,1.0.0.2:r", "goto svc-1-s.web-tcp-80", "goto svc-1-s.web-tcp-80",
         "goto ext-1-s.web-tcp-80", PICK("2", "0 : 1.0.0.1 . 8080, 1 : 1.0.0.2 . 8080"), NULL},
        {"{}", "1.0.0.1:x", NULL, NULL, NULL, NULL, NULL},
        {"{}", "1.0.0.1:t,1.0.0.2:x", "goto svc-1-s.web-tcp-80", "goto svc-1-s.web-tcp-80",
         "goto ext-1-s.web-tcp-80", "meta l4proto tcp dnat to 1.0.0.1:8080", NULL},
        {"{}", "1.0.0.1:t,1.0.0.2:r", "goto svc-1-s.web-tcp-80", "goto svc-1-s.web-tcp-80",
         "goto ext-1-s.web-tcp-80", "meta l4proto tcp dnat to 1.0.0.2:8080", NULL},
        {"{'internalTrafficPolicy':'Local'}", "1.0.0.1:r,1.0.0.2:rl", "goto loc-1-s.web-tcp-80",
         "goto svc-1-s.web-tcp-80", "goto ext-1-s.web-tcp-80",
         PICK("2", "0 : 1.0.0.1 . 8080, 1 : 1.0.0.2 . 8080"),
         "meta l4proto tcp dnat to 1.0.0.2:8080"},
        {"{'internalTrafficPolicy':'Local'}", "1.0.0.1:r", "drop", "goto svc-1-s.web-tcp-80",
         "goto ext-1-s.web-tcp-80", "meta l4proto tcp dnat to 1.0.0.1:8080", NULL},
        {"{'externalTrafficPolicy':'Local'}", "1.0.0.1:r,1.0.0.2:rl", "goto svc-1-s.web-tcp-80",
         "goto svc-1-s.web-tcp-80", "goto exl-1-s.web-tcp-80",
         PICK("2", "0 : 1.0.0.1 . 8080, 1 : 1.0.0.2 . 8080"),
         "meta l4proto tcp dnat to 1.0.0.2:8080"},
        {"{'externalTrafficPolicy':'Local'}", "1.0.0.1:r", "goto svc-1-s.web-tcp-80",
         "goto svc-1-s.web-tcp-80", "drop", "meta l4proto tcp dnat to 1.0.0.1:8080", NULL},
        {"{'type':'ExternalName'}", "1.0.0.1:r", NULL, NULL, NULL, NULL, NULL},
        {"{'clusterIP':'None'}", "1.0.0.1:r", NULL, NULL, NULL, NULL, NULL},
        {"{'ports':[{'name':'http','port':80,'nodePort':6443}]}", "1.0.0.1:r",
         "goto svc-1-s.web-tcp-80", NULL, NULL, "meta l4proto tcp dnat to 1.0.0.1:8080", NULL},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(items_free) Items *items = items_new(NULL, NULL);
        NetInput in = {.items = items, .node_name = "n", .number = number};
        CLEANUP(net_state_free) NetState *s = NULL;

        add_service(items, "acme", rows[i].spec, rows[i].endpoints);
        s = net_state_build(&in);
        expect(&s->elements, SVC, rows[i].svc);
        expect(&s->elements, PORT, rows[i].port);
        expect(&s->elements, OUTSIDE, rows[i].outside);
        expect(&s->elements, "nodeports 0x00000001 . tcp . 6443", NULL);
        expect(&s->chains, "svc-1-s.web-tcp-80", rows[i].chain);
        expect(&s->chains, "loc-1-s.web-tcp-80", rows[i].local);
    }
}

TEST(a_node_port_is_the_oldest_service_s_towards_the_outside)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    NetInput in = {.items = items, .node_name = "n", .number = number};
    CLEANUP(net_state_free) NetState *s = NULL;
    Value *svc;

    add_service(items, "acme", "{}", "1.0.0.1:r");
    add_service(items, "globex", "{}", "1.0.0.2:r");
    for (int i = 0; i < 2; i++) {
        CLEANUP(item_unref)
        Item *old = items_get(items, i ? "globex" : "acme", "services", "s", "web");

        svc = value_copy(a, old->v);
        value_set_str(a, value_get(svc, "metadata"), "creationTimestamp",
                      i ? "2025-01-01T00:00:00Z" : "2026-01-01T00:00:00Z");
        put(items, i ? "globex" : "acme", "services", svc);
    }
    s = net_state_build(&in);
    expect(&s->elements, OUTSIDE, "goto ext-2-s.web-tcp-80");
    expect(&s->chains, "ext-2-s.web-tcp-80",
           "meta mark set 0x00000002\nct mark set 0x1\ngoto svc-2-s.web-tcp-80");
    expect(&s->elements, PORT, "goto svc-1-s.web-tcp-80");
}

static void set_created(Items *items, const char *cluster, const char *created, int node_port)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(item_unref) Item *old = items_get(items, cluster, "services", "s", "web");
    Value *svc = value_copy(a, old->v);

    value_set_str(a, value_get(svc, "metadata"), "creationTimestamp", created);
    value_set_int(a, value_at(svc, "spec.ports.0"), "nodePort", node_port);
    put(items, cluster, "services", svc);
}

TEST(an_older_service_does_not_take_the_node_port_of_another)
{
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    Map owners = {.free_value = free};
    NetInput in = {.items = items, .node_name = "n", .number = number, .owners = &owners};
    static const struct {
        int acme, globex; /* node ports */
        const char *owner;
    } rows[] = {{30080, 30081, "goto ext-1-s.web-tcp-80"},
                {30080, 30080, "goto ext-1-s.web-tcp-80"},
                {30082, 30080, "goto ext-2-s.web-tcp-80"},
                {30080, 30080, "goto ext-2-s.web-tcp-80"}};

    add_service(items, "acme", "{}", "1.0.0.1:r");
    add_service(items, "globex", "{}", "1.0.0.2:r");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(net_state_free) NetState *s = NULL;

        set_created(items, "acme", "2026-01-01T00:00:00Z", rows[i].acme);
        set_created(items, "globex", "2025-01-01T00:00:00Z", rows[i].globex);
        s = net_state_build(&in);
        expect(&s->elements, OUTSIDE, rows[i].owner);
    }
    map_done(&owners);
}

TEST(from_outside_a_tenant_reaches_its_own_only)
{
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    NetInput in = {.items = items, .node_name = "n", .number = number};
    CLEANUP(net_state_free) NetState *s = NULL;

    add_service(items, "globex", "{'externalTrafficPolicy':'Local'}", "1.0.0.2:rl");
    s = net_state_build(&in);
    expect(&s->elements, OUTSIDE, "goto exl-2-s.web-tcp-80");
    expect(&s->chains, "exl-2-s.web-tcp-80", "meta mark set 0x00000002\ngoto loc-2-s.web-tcp-80");
}

TEST(services_with_names_that_read_alike_have_chains_of_their_own)
{
    static const char *const names[][2] = {{"a", "b-c"}, {"a-b", "c"}};
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    NetInput in = {.items = items, .node_name = "n", .number = number};
    CLEANUP(net_state_free) NetState *s = NULL;

    for (int i = 0; i < 2; i++) {
        Value *svc = value_literal(a, "{'metadata':{'uid':'u'},'spec':{'ports':[{'port':80}]}}");
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
    s = net_state_build(&in);
    expect(&s->chains, "svc-1-a.b-c-tcp-80", "meta l4proto tcp dnat to 1.0.0.1:80");
    expect(&s->chains, "svc-1-a-b.c-tcp-80", "meta l4proto tcp dnat to 1.0.0.2:80");
}

TEST(affinity_keeps_a_client_by_a_set_for_each_endpoint)
{
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    NetInput in = {.items = items, .node_name = "n", .number = number};
    CLEANUP(net_state_free) NetState *s = NULL;
    AUTO_BUF text = BUF_INIT;

    add_service(items, "acme",
                "{'sessionAffinity':'ClientIP','sessionAffinityConfig':{'clientIP':"
                "{'timeoutSeconds':5}}}",
                "1.0.0.1:r,1.0.0.2:r");
    s = net_state_build(&in);
    expect(&s->chains, "svc-1-s.web-tcp-80",
           "ip saddr @af-1-s.web-tcp-80-1.0.0.1-8080 goto svc-1-s.web-tcp-80-1.0.0.1-8080\n"
           "ip saddr @af-1-s.web-tcp-80-1.0.0.2-8080 goto svc-1-s.web-tcp-80-1.0.0.2-8080\n"
           "numgen random mod 2 vmap { 0 : goto svc-1-s.web-tcp-80-1.0.0.1-8080, "
           "1 : goto svc-1-s.web-tcp-80-1.0.0.2-8080 }");
    expect(&s->chains, "svc-1-s.web-tcp-80-1.0.0.1-8080",
           "update @af-1-s.web-tcp-80-1.0.0.1-8080 { ip saddr }\n"
           "meta l4proto tcp dnat to 1.0.0.1:8080");
    expect(&s->sets, "af-1-s.web-tcp-80-1.0.0.1-8080",
           "type ipv4_addr; size 65535; flags dynamic,timeout; timeout 5s;");
    net_diff_print(NULL, s, &text);
    assert_non_null(strstr(text.ptr, "add set ip hostplane af-1-s.web-tcp-80-1.0.0.1-8080 { type"));
}

TEST(hints_lead_to_the_zone)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    NetInput in = {.items = items, .node_name = "n", .number = number};
    CLEANUP(net_state_free) NetState *s = NULL;
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
    s = net_state_build(&in);
    expect(&s->chains, "svc-1-s.web-tcp-80", "meta l4proto tcp dnat to 1.0.0.2:8080");
}
