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
