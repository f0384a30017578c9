#include "tests/unit/scheduler/world.h"

#define SPREAD(key, rest)                                                                          \
    "{'topologySpreadConstraints':[{'maxSkew':1,'topologyKey':'" key "','whenUnsatisfiable':"      \
    "'DoNotSchedule','labelSelector':{'matchLabels':{'app':'web'}}" rest "}]}"

static World three_nodes(void)
{
    World w = world();

    node(&w, "a1", "9", "{'metadata':{'labels':{'zone':'a'}}}");
    node(&w, "b1", "9", "{'metadata':{'labels':{'zone':'b'}}}");
    node(&w, "c1", "9",
         "{'metadata':{'labels':{'zone':'c'}},'spec':{'taints':[{'key':'t','effect':"
         "'NoSchedule'}]}}");
    return w;
}

static Value *web(World *w, const char *spec)
{
    return labelled(w, pod(w, "0", spec), "{'app':'web','rev':'2'}");
}

TEST(constraints_bound_the_skew)
{
    static const struct {
        const char *spec, *on; /* nodes that have a pod of the group already */
        const char *want;      /* the nodes that may be chosen; "" for none */
    } rows[] = {
        {SPREAD("zone", ""), "a1", "b1"},
        /* c1 counts as an empty domain, as its taint does not matter by default */
        {SPREAD("zone", ""), "a1 b1", ""},
        {SPREAD("zone", ",'nodeTaintsPolicy':'Honor'"), "a1 b1", "a1 b1"},
        {SPREAD("zone", ",'nodeTaintsPolicy':'Honor','minDomains':3"), "a1 b1", ""},
        {SPREAD("zone", ",'nodeTaintsPolicy':'Honor','matchLabelKeys':['rev']"), "a1", "a1 b1"},
        {SPREAD("rack", ""), "", ""},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        World w = three_nodes();
        Decision d;

        for (const char *at = rows[i].on; *at; at += at[2] ? 3 : 2)
            put(&w, "acme", arena_strndup(w.a, at, 2),
                labelled(&w, pod(&w, "0", NULL), "{'app':'web','rev':'1'}"),
                arena_strndup(w.a, at, 2));
        d = go(&w, web(&w, rows[i].spec));
        if (d.node ? !strstr(rows[i].want, d.node) : rows[i].want[0])
            fail_msg("row %zu: %s", i, d.node ? d.node : d.message);
        end(&w);
    }
}

TEST(other_namespaces_tenants_and_ending_pods_do_not_count)
{
    World w = three_nodes();
    Value *other = web(&w, NULL), *ending = web(&w, NULL);

    value_set_at(w.a, other, "metadata.namespace", value_str(w.a, "e"));
    value_set_at(w.a, ending, "metadata.deletionTimestamp", value_str(w.a, "2026-01-01T00:00:00Z"));
    put(&w, "globex", "x", web(&w, NULL), "b1");
    put(&w, "acme", "y", other, "b1");
    put(&w, "acme", "z", ending, "b1");
    put(&w, "acme", "real", web(&w, NULL), "a1");
    assert_string_equal(go(&w, web(&w, SPREAD("zone", ""))).node, "b1");
    end(&w);
}

TEST(the_message_tells_a_missing_label)
{
    World w = three_nodes();
    Decision d = go(&w, web(&w, SPREAD("rack", "")));

    assert_string_equal(d.message,
                        "0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) "
                        "didn't match pod topology spread constraints (missing required label). "
                        "no new claims to deallocate, preemption: 0/3 nodes are available: 3 "
                        "Preemption is not helpful for "
                        "scheduling.");
    end(&w);
}

TEST(soft_constraints_choose_the_emptier_zone)
{
    static const char *const soft =
        "{'topologySpreadConstraints':[{'maxSkew':1,'topologyKey':'zone','whenUnsatisfiable':"
        "'ScheduleAnyway','labelSelector':{'matchLabels':{'app':'web'}}}]}";
    World w = three_nodes();

    put(&w, "acme", "one", web(&w, NULL), "b1");
    assert_string_equal(go(&w, web(&w, soft)).node, "a1");
    end(&w);
}

static const char *go_by_services(World *w, const Value *p)
{
    CLEANUP(services_free) Services *services = services_new(&w->lister);
    CLEANUP(sched_pod_free) SchedPod *self = sched_pod_new("acme", p);
    DecideInput in = {.snapshot = w->s,
                      .lister = &w->lister,
                      .cluster = "acme",
                      .pod = p,
                      .self = self,
                      .services = services};

    return decide(w->a, &in, &w->start).node;
}

TEST(pods_without_constraints_are_spread_by_what_keeps_them_together)
{
    static const struct {
        const char *owner, *labels;
        bool by_service;
    } cases[] = {
        {NULL, "{'app':'x','tier':'y'}", true},
        {NULL, "{'app':'x'}", false}, /* one service selects it, together with nobody else */
        {"Job", "{'app':'x','tier':'y'}", true},
        {"ReplicaSet", "{'app':'x','tier':'y'}", false}, /* its own alone count */
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        World w = world();
        Value *p = labelled(&w, pod(&w, "100m", NULL), cases[i].labels);

        object(&w, "services",
               "{'metadata':{'name':'s','namespace':'d'},"
               "'spec':{'selector':{'app':'x','tier':'y'}}}");
        object(&w, "services",
               "{'metadata':{'name':'t','namespace':'d'},"
               "'spec':{'selector':{'app':'z'}}}");
        node(&w, "big", "100", "{'metadata':{'labels':{'kubernetes.io/hostname':'big'}}}");
        node(&w, "small", "200m", "{'metadata':{'labels':{'kubernetes.io/hostname':'small'}}}");
        for (int k = 0; k < 3; k++)
            put(&w, "acme",
                k == 0   ? "one"
                : k == 1 ? "two"
                         : "three",
                labelled(&w, pod(&w, "100m", NULL), "{'app':'x','tier':'y'}"), "big");
        if (cases[i].owner)
            value_set_at(w.a, p, "metadata.ownerReferences",
                         value_literal(w.a, arena_printf(w.a,
                                                         "[{'kind':'%s','uid':'o','controller':"
                                                         "true}]",
                                                         cases[i].owner)));
        assert_string_equal(go_by_services(&w, p), cases[i].by_service ? "small" : "big");
        end(&w);
    }
}
