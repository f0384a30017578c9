/* Whose a node port is towards the outside, through the whole engine. */
#include "tests/unit/vcluster/rows.h"

#define SERVICES  "/api/v1/namespaces/default/services"
#define SVC(port) "{'metadata':{'name':'s'},'spec':{'type':'NodePort','ports':[" port "]}}"
#define TCP       "{'name':'a','port':80,'nodePort':30080}"
#define UDP       "{'name':'b','port':80,'nodePort':30080,'protocol':'UDP'}"

/* Who has it: "CLUSTER NS/NAME", "" for nobody. */
static const char *owner(Arena *a, const char *name)
{
    CLEANUP(cluster_unref) Cluster *host = store_cluster(store, SLICE("host"));
    CLEANUP(cache_unref) Cache *k = store_cache(store, host, "internal/outsideports");
    CLEANUP(obj_unref) Obj *o = k ? cache_get(k, "", name) : NULL;
    const Value *v = o ? obj_to_value(a, o, NULL, NULL) : NULL;

    return v ? arena_printf(a, "%s %s", value_get_str(v, "cluster"), value_get_str(v, "service"))
             : "";
}

TEST(the_first_that_asks_has_the_port_until_it_gives_it_up)
{
    static const struct {
        const char *cluster;
        Row row;
        const char *tcp, *udp;
    } rows[] = {
        {"one",
         {&admin, "POST", SERVICES, "", SVC(TCP), 201, NULL, NULL, NULL},
         "one default/s",
         ""},
        {"two",
         {&admin, "POST", SERVICES, "", SVC(TCP "," UDP), 201, NULL, "spec.ports.0.nodePort",
          "30080"},
         "one default/s",
         "two default/s"},
        {"one",
         {&admin, "PATCH", SERVICES "/s", "dryRun=All", "{'spec':{'type':'ClusterIP'}}", 200, NULL,
          NULL, NULL},
         "one default/s",
         "two default/s"},
        {"one",
         {&admin, "PATCH", SERVICES "/s", "", "{'spec':{'type':'ClusterIP'}}", 200, NULL, NULL,
          NULL},
         "",
         "two default/s"},
        {"two",
         {&admin, "PATCH", SERVICES "/s", "", "{'metadata':{'labels':{'a':'b'}}}", 200, NULL, NULL,
          NULL},
         "two default/s",
         "two default/s"},
        {"one",
         {&admin, "PATCH", SERVICES "/s", "", "{'spec':{'type':'NodePort','ports':[" TCP "]}}", 200,
          NULL, NULL, NULL},
         "two default/s",
         "two default/s"},
        {"one",
         {&admin, "DELETE", SERVICES "/s", "", NULL, 200, NULL, NULL, NULL},
         "two default/s",
         "two default/s"},
        {"two", {&admin, "DELETE", SERVICES "/s", "", NULL, 200, NULL, NULL, NULL}, "", ""},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();

        run_rows(rows[i].cluster, &rows[i].row, 1);
        if (strcmp(owner(a, "tcp-30080"), rows[i].tcp) != 0 ||
            strcmp(owner(a, "udp-30080"), rows[i].udp) != 0)
            fail_msg("row %zu: %s, %s", i, owner(a, "tcp-30080"), owner(a, "udp-30080"));
    }
}

TEST(a_number_that_the_server_chooses_is_the_service_s_own_outside)
{
    static const Row make = {&admin,
                             "POST",
                             SERVICES,
                             "",
                             "{'metadata':{'generateName':'x'},'spec':{'type':'NodePort','ports':"
                             "[{'port':80}]}}",
                             201,
                             NULL,
                             NULL,
                             NULL};

    for (int i = 0; i < 18; i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const char *cluster = i % 2 ? "three" : "four";
        Answer r;

        need_tenant(a, cluster);
        r = call_as(a, make.user, cluster, make.method, make.path, "", "application/json",
                    quotes(a, make.body));
        if (r.status != 201)
            fail_msg("%d %s", r.status, message(&r));
        assert_string_equal(
            owner(a, arena_printf(a, "tcp-%d", (int)value_at_int(r.v, "spec.ports.0.nodePort", 0))),
            arena_printf(a, "%s default/%s", cluster, value_at_str(r.v, "metadata.name")));
    }
}

/* Who has an address: "CLUSTER SERVICES", "" for nobody. */
static const char *holder(Arena *a, const char *ip)
{
    CLEANUP(cluster_unref) Cluster *host = store_cluster(store, SLICE("host"));
    CLEANUP(cache_unref) Cache *k = store_cache(store, host, "internal/outsideports");
    CLEANUP(obj_unref) Obj *o = k ? cache_get(k, "", arena_printf(a, "ip-%s", ip)) : NULL;
    const Value *v = o ? obj_to_value(a, o, NULL, NULL) : NULL;

    return v ? arena_printf(a, "%s %s", value_get_str(v, "cluster"),
                            value_to_str(a, value_get(v, "services")))
             : "";
}

static void grant(const char *cluster, const char *ranges)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Answer r;

    need_tenant(a, cluster);
    r = call_as(
        a, &admin, "host", "PATCH",
        arena_printf(a, "/apis/tenancy.hostplane.io/v1/tenants/%s", cluster), "",
        "application/merge-patch+json",
        quotes(a, arena_printf(a, "{'spec':{'overrides':{'externalAddresses':%s}}}", ranges)));
    if (r.status != 200)
        fail_msg("%d %s", r.status, message(&r));
}

#define EXT(name, ips)                                                                             \
    "{'metadata':{'name':'" name "'},'spec':{'ports':[{'port':80}],'externalIPs':[" ips "]}}"
#define LB_STATUS "{'status':{'loadBalancer':{'ingress':[{'ip':'203.0.113.9'}]}}}"

TEST(an_address_is_the_first_s_that_was_granted_it)
{
    static const struct {
        const char *cluster;
        Row row;
        const char *seven, *nine;
    } rows[] = {
        /* not granted: nothing is refused, and nothing is held */
        {"e-none",
         {&admin, "POST", SERVICES, "", EXT("s", "'203.0.113.7'"), 201, NULL, NULL, NULL},
         "",
         ""},
        {"e-one",
         {&admin, "POST", SERVICES, "", EXT("s", "'203.0.113.7','8.8.8.8','172.30.9.1'"), 201, NULL,
          NULL, NULL},
         "e-one [\"default/s\"]",
         ""},
        {"e-two",
         {&admin, "POST", SERVICES, "", EXT("s", "'203.0.113.7'"), 201, NULL, NULL, NULL},
         "e-one [\"default/s\"]",
         ""},
        {"e-one",
         {&admin, "POST", SERVICES, "", EXT("t", "'203.0.113.7'"), 201, NULL, NULL, NULL},
         "e-one [\"default/s\",\"default/t\"]",
         ""},
        {"e-one",
         {&admin, "DELETE", SERVICES "/s", "", NULL, 200, NULL, NULL, NULL},
         "e-one [\"default/t\"]",
         ""},
        {"e-one",
         {&admin, "PATCH", SERVICES "/t", "", "{'spec':{'externalIPs':null}}", 200, NULL, NULL,
          NULL},
         "",
         ""},
        {"e-two",
         {&admin, "PATCH", SERVICES "/s", "", "{'metadata':{'labels':{'a':'b'}}}", 200, NULL, NULL,
          NULL},
         "e-two [\"default/s\"]",
         ""},
        /* what a load balancer says */
        {"e-one",
         {&admin, "POST", SERVICES, "",
          "{'metadata':{'name':'lb'},'spec':{'type':'LoadBalancer','ports':[{'port':80}]}}", 201,
          NULL, NULL, NULL},
         "e-two [\"default/s\"]",
         ""},
        {"e-one",
         {&admin, "PATCH", SERVICES "/lb/status", "", LB_STATUS, 200, NULL, NULL, NULL},
         "e-two [\"default/s\"]",
         "e-one [\"default/lb\"]"},
        {"e-one",
         {&admin, "PATCH", SERVICES "/lb", "", "{'spec':{'type':'ClusterIP'}}", 200, NULL, NULL,
          NULL},
         "e-two [\"default/s\"]",
         ""},
        {"e-two", {&admin, "DELETE", SERVICES "/s", "", NULL, 200, NULL, NULL, NULL}, "", ""},
    };
    static const Row node = {
        &admin,
        "POST",
        "/api/v1/nodes",
        "",
        "{'metadata':{'name':'ext-n'},'status':{'addresses':[{'type':'InternalIP','address':"
        "'172.30.9.1'}]}}",
        201,
        NULL,
        NULL,
        NULL};

    {
        CLEANUP(arena_free) Arena *a = arena_new();
        Answer r = call_as(a, node.user, "host", "POST", node.path, "", "application/json",
                           quotes(a, node.body));

        assert_int_equal(r.status, 201);
    }
    grant("e-one", "['203.0.113.0/24','172.30.9.0/24','10.96.0.0/16']");
    grant("e-two", "['203.0.113.7']");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();

        run_rows(rows[i].cluster, &rows[i].row, 1);
        if (strcmp(holder(a, "203.0.113.7"), rows[i].seven) != 0 ||
            strcmp(holder(a, "203.0.113.9"), rows[i].nine) != 0 ||
            strcmp(holder(a, "8.8.8.8"), "") != 0 || strcmp(holder(a, "172.30.9.1"), "") != 0)
            fail_msg("row %zu: %s, %s", i, holder(a, "203.0.113.7"), holder(a, "203.0.113.9"));
    }
}
