#include "tests/unit/scheduler/world.h"

#define TERM(selector, key)                                                                        \
    "{'labelSelector':{'matchLabels':{" selector "}},'topologyKey':'" key "'}"
#define REQUIRED      "'requiredDuringSchedulingIgnoredDuringExecution':"
#define NEEDS(term)   "{'affinity':{'podAffinity':{" REQUIRED "[" term "]}}}"
#define REFUSES(term) "{'affinity':{'podAntiAffinity':{" REQUIRED "[" term "]}}}"
#define PREFERRED(what, term)                                                                      \
    "{'affinity':{'" what "':{'preferredDuringSchedulingIgnoredDuringExecution':[{'weight':100,"   \
    "'podAffinityTerm':" term "}]}}}"

/* Nodes a1 and a2 in zone a, b1 in zone b; "db" runs on a1. */
static World two_zones(void)
{
    World w = world();

    node(&w, "a1", "4", "{'metadata':{'labels':{'zone':'a','host':'a1'}}}");
    node(&w, "a2", "4", "{'metadata':{'labels':{'zone':'a','host':'a2'}}}");
    node(&w, "b1", "4", "{'metadata':{'labels':{'zone':'b','host':'b1'}}}");
    put(&w, "acme", "db", labelled(&w, pod(&w, "1", NULL), "{'app':'db'}"), "a1");
    return w;
}

TEST(required_terms)
{
    static const struct {
        const char *labels, *spec, *want; /* want: the nodes that may be chosen */
    } rows[] = {
        {"{'app':'web'}", NEEDS(TERM("'app':'db'", "host")), "a1"},
        {"{'app':'web'}", NEEDS(TERM("'app':'db'", "zone")), "a1 a2"},
        {"{'app':'web'}", REFUSES(TERM("'app':'db'", "host")), "a2 b1"},
        {"{'app':'web'}", REFUSES(TERM("'app':'db'", "zone")), "b1"},
        {"{'app':'web'}", NEEDS(TERM("'app':'none'", "host")), ""},
        /* the first of a group may go anywhere that has the label */
        {"{'app':'new'}", NEEDS(TERM("'app':'new'", "host")), "a1 a2 b1"},
        {"{'app':'new'}", NEEDS(TERM("'app':'new'", "rack")), ""},
        /* other namespaces do not count unless the term says so */
        {"{'app':'web'}",
         NEEDS("{'labelSelector':{'matchLabels':{'app':'db'}},'topologyKey':'host',"
               "'namespaces':['other']}"),
         ""},
        {"{'app':'web'}",
         NEEDS("{'labelSelector':{'matchLabels':{'app':'db'}},'topologyKey':'host',"
               "'namespaceSelector':{'matchLabels':{'team':'x'}}}"),
         "a1"},
        {"{'app':'web'}",
         NEEDS("{'labelSelector':{'matchLabels':{'app':'db'}},'topologyKey':'host',"
               "'namespaceSelector':{'matchLabels':{'team':'y'}}}"),
         ""},
        {"{'app':'web'}", NEEDS("{'topologyKey':'host'}"), ""},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        World w = two_zones();
        Decision d;

        object(&w, "namespaces", "{'metadata':{'name':'d','labels':{'team':'x'}}}");
        d = go(&w, labelled(&w, pod(&w, "1", rows[i].spec), rows[i].labels));
        if (d.node ? !strstr(rows[i].want, d.node) : rows[i].want[0])
            fail_msg("row %zu: %s", i, d.node ? d.node : d.message);
        end(&w);
    }
}

TEST(messages_of_affinity)
{
    static const struct {
        const char *spec, *want;
    } rows[] = {
        {NEEDS(TERM("'app':'none'", "host")),
         "0/3 nodes are available: 3 node(s) didn't match pod affinity rules. no new claims to "
         "deallocate, preemption: 0/3 "
         "nodes are available: 3 Preemption is not helpful for scheduling."},
        {REFUSES("{'labelSelector':{},'topologyKey':'all'}"),
         "0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules. no new claims "
         "to deallocate, preemption: 0/3 "
         "nodes are available: 3 No preemption victims found for incoming pod."},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        World w = world();
        Decision d;

        for (int k = 0; k < 3; k++)
            node(&w, arena_printf(w.a, "n%d", k), "4", "{'metadata':{'labels':{'all':'x'}}}");
        put(&w, "acme", "db", pod(&w, "1", NULL), "n0");
        d = go(&w, pod(&w, "1", rows[i].spec));
        assert_null(d.node);
        assert_string_equal(d.message, rows[i].want);
        end(&w);
    }
}

TEST(pods_that_are_there_repel_too)
{
    World w = two_zones();
    Value *guard = labelled(&w, pod(&w, "1", REFUSES(TERM("'app':'web'", "zone"))), "{'app':'g'}");
    Value *web = labelled(&w, pod(&w, "1", NULL), "{'app':'web'}");
    Decision d;

    put(&w, "acme", "guard", guard, "a2");
    assert_string_equal(go(&w, web).node, "b1");
    put(&w, "acme", "guard2", guard, "b1");
    d = go(&w, web);
    assert_null(d.node);
    assert_non_null(strstr(d.message, "node(s) didn't satisfy existing pods anti-affinity rules"));
    end(&w);
}

TEST(other_tenants_neither_attract_nor_repel)
{
    World w = two_zones();
    Value *web = labelled(&w, pod(&w, "1", REFUSES(TERM("'app':'x'", "zone"))), "{'app':'web'}");
    const char *zones[] = {"a1", "b1"};

    for (size_t i = 0; i < ARRAY_LEN(zones); i++)
        put(&w, "globex", arena_printf(w.a, "x%zu", i),
            labelled(&w, pod(&w, "1", REFUSES(TERM("'app':'web'", "zone"))), "{'app':'x'}"),
            zones[i]);
    assert_non_null(go(&w, web).node);
    assert_null(
        go(&w, labelled(&w, pod(&w, "1", NEEDS(TERM("'app':'x'", "zone"))), "{'app':'w'}")).node);
    end(&w);
}

TEST(preferred_terms_decide_between_equals)
{
    World w = two_zones();
    Value *p;

    p = pod(&w, "0", PREFERRED("podAffinity", TERM("'app':'db'", "host")));
    assert_string_equal(go(&w, labelled(&w, p, "{'app':'web'}")).node, "a1");
    p = pod(&w, "0", PREFERRED("podAntiAffinity", TERM("'app':'db'", "zone")));
    assert_string_equal(go(&w, labelled(&w, p, "{'app':'web'}")).node, "b1");
    end(&w);
}

/* Pods that have all alike share what they have; one that gets other labels leaves its kin. */
TEST(a_pod_that_is_relabelled_is_met_by_its_new_labels_alone)
{
    World w = two_zones();
    Value *p = labelled(&w, pod(&w, "1", NEEDS(TERM("'zone':'b'", "host"))), "{'app':'web'}");
    const SchedPod *other;

    put(&w, "acme", "db2", labelled(&w, pod(&w, "1", NULL), "{'app':'db'}"), "b1");
    other = map_get(&w.s->pods, "acme/d/db");
    assert_null(go(&w, p).node);
    snapshot_relabel_pod(w.s, "acme/d/db2", value_literal(w.a, "{'app':'db','zone':'b'}"));
    assert_string_equal(go(&w, p).node, "b1");
    assert_null(value_get(other->labels, "zone"));
    snapshot_relabel_pod(w.s, "acme/d/db2", value_literal(w.a, "{'app':'db'}"));
    assert_null(go(&w, p).node);
    assert_ptr_equal(((const SchedPod *)map_get(&w.s->pods, "acme/d/db2"))->labels, other->labels);
    end(&w);
}
