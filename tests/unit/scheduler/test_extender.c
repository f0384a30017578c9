/* The scheduler-extender protocol: what is asked, what answers do, and how a decision is taken with
 * them. */
#include "scheduler/extender_msg.h"

#include "base/err.h"
#include "scheduler/preempt.h"
#include "tests/unit/scheduler/world.h"

static const char *const abc[] = {"a", "b", "c"};

/* "a=30 -b(why) !c(never)": nodes that are left with scores, refused ones, and those that nobody's
 * going would help. */
static void assert_nodes(const AskedNodes *n, const char *expected)
{
    AUTO_BUF b = BUF_INIT;

    for (uint32_t i = 0; i < n->n; i++) {
        const AskedNode *k = &n->items[i];

        buf_adds(&b, i > 0 ? " " : "");
        if (k->is_refused)
            buf_addf(&b, "%c%s(%s)", k->is_unresolvable ? '!' : '-', k->name,
                     k->message ? k->message : "");
        else
            buf_addf(&b, "%s=%lld", k->name, (long long)k->score);
    }
    assert_string_equal(buf_str(&b), expected);
}

TEST(answers_of_filter)
{
    static const struct {
        const char *answer;
        bool by_names;
        const char *expected; /* or the mistake */
        bool is_wrong;
    } cases[] = {
        {"{\"NodeNames\":[\"a\",\"c\"]}", true, "a=0 -b() c=0", false},
        {"{\"nodenames\":[\"a\"],\"failedNodes\":{\"b\":\"full\"},"
         "\"FailedAndUnresolvableNodes\":{\"c\":\"odd\",\"x\":\"?\"}}",
         true, "a=0 -b(full) !c(odd)", false},
        {"{\"FailedNodes\":{\"a\":\"x\"},\"FailedAndUnresolvableNodes\":{\"a\":\"y\"}}", true,
         "!a(y) -b() -c()", false},
        {"{\"Nodes\":{\"items\":[{\"metadata\":{\"name\":\"b\"}}]}}", false, "-a() b=0 -c()",
         false},
        {"{\"NodeNames\":[\"a\"],\"Nodes\":null}", false, "-a() -b() -c()", false},
        {"{}", true, "-a() -b() -c()", false},
        {"{\"NodeNames\":[\"x\"]}", true,
         "it claims a filtered node \"x\" which is not found in the input node list", true},
        {"{\"NodeNames\":[\"a\"],\"Error\":\"no mood\"}", true, "no mood", true},
        {"[]", true, "its answer is not an object", true},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        AskedNodes *nodes = asked_nodes_new(a, abc, 3);
        Err err;
        int r = extender_read_filter(a, slice_of(cases[i].answer), cases[i].by_names, nodes, &err);

        assert_int_equal(r < 0, cases[i].is_wrong);
        if (r < 0)
            assert_string_equal(err.msg, cases[i].expected);
        else
            assert_nodes(nodes, cases[i].expected);
    }
}

TEST(scores_add_up_and_refused_nodes_are_not_asked_about_again)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AskedNodes *nodes = asked_nodes_new(a, abc, 3);
    const Value *pod_value = value_literal(a, "{'metadata':{'name':'p'}}");
    Err err;

    assert_ok(extender_read_filter(a, SLICE("{\"NodeNames\":[\"a\",\"c\"]}"), true, nodes, &err));
    assert_string_equal(
        value_to_str(a, extender_args(a, pod_value, nodes, NULL)),
        "{\"Pod\":{\"metadata\":{\"name\":\"p\"}},\"Nodes\":null,\"NodeNames\":[\"a\",\"c\"]}");
    assert_ok(extender_read_scores(a, SLICE("[{\"Host\":\"a\",\"Score\":3},{\"host\":\"c\"}]"), 10,
                                   nodes, &err));
    assert_ok(
        extender_read_scores(a, SLICE("[{\"Host\":\"c\",\"Score\":9999999999}]"), 1, nodes, &err));
    assert_nodes(nodes, "a=30 -b() c=1000000");
    assert_fails(extender_read_scores(a, SLICE("[{\"Score\":1}]"), 1, nodes, &err),
                 ERR_BAD_REQUEST);
}

TEST(victims_that_are_left)
{
    static Victim x[] = {{.uid = "1"}, {.uid = "2"}}, y[] = {{.uid = "3"}};
    static const Candidate list[] = {{"a", x, 2, 1}, {"b", y, 1, 0}};
    static const struct {
        const char *answer, *expected;
    } cases[] = {
        {"{\"NodeNameToMetaVictims\":{\"a\":{\"Pods\":[{\"UID\":\"2\"}],"
         "\"NumPDBViolations\":4}}}",
         "a:2/4 "},
        {"{\"nodeNameToMetaVictims\":{\"b\":{\"pods\":[{\"uid\":\"3\"}]}}}", "b:3/0 "},
        {"{}", ""},
        {"{\"NodeNameToMetaVictims\":{\"c\":{}}}", "it was not asked about node \"c\""},
        {"{\"NodeNameToMetaVictims\":{\"b\":{\"Pods\":[{\"UID\":\"1\"}]}}}",
         "it claims to preempt pod (UID: 1) on node: b, but the pod is not found on that node"},
        {"{\"NodeNameToMetaVictims\":{\"b\":{\"Pods\":[]}}}",
         "expected at least one victim pod on node b"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        AUTO_BUF b = BUF_INIT;
        Candidate *left = NULL;
        uint32_t n = 0;
        Err err;

        if (extender_read_preempt(a, slice_of(cases[i].answer), list, 2, &left, &n, &err) < 0)
            buf_adds(&b, err.msg);
        for (uint32_t k = 0; k < n; k++)
            buf_addf(&b, "%s:%s/%u ", left[k].node, left[k].victims[0].uid, left[k].n_violations);
        assert_string_equal(buf_str(&b), cases[i].expected);
    }
}

/* ---- decisions ---- */

static Decision go_with(World *w, const Value *p, const AskedNodes *answer)
{
    CLEANUP(sched_pod_free) SchedPod *self = sched_pod_new("acme", p);
    DecideInput in = {.snapshot = w->s,
                      .lister = &w->lister,
                      .cluster = "acme",
                      .pod = p,
                      .self = self,
                      .asks_nodes = true,
                      .answer = answer};

    return decide(w->a, &in, &w->start);
}

TEST(a_decision_asks_and_is_taken_with_the_answer)
{
    World w = world();
    Value *p = pod(&w, "1", NULL);
    AskedNodes *answer;
    Decision d;

    node(&w, "a", "4", NULL);
    node(&w, "b", "4", NULL);
    node(&w, "small", "100m", NULL);
    d = go_with(&w, p, NULL);
    assert_int_equal(d.question, ASK_NODES);
    assert_int_equal(d.n_nodes, 2);
    assert_null(d.node);

    answer = asked_nodes_new(w.a, d.nodes, d.n_nodes);
    ((AskedNode *)map_get(&answer->by_name, "b"))->score = 10;
    assert_string_equal(go_with(&w, p, answer).node, "b");
    ((AskedNode *)map_get(&answer->by_name, "b"))->score = 0;
    ((AskedNode *)map_get(&answer->by_name, "a"))->score = 10;
    assert_string_equal(go_with(&w, p, answer).node, "a");

    for (uint32_t i = 0; i < answer->n; i++) {
        answer->items[i].is_refused = true;
        answer->items[i].message = "not today";
    }
    d = go_with(&w, p, answer);
    assert_false(d.is_stale);
    assert_string_equal(d.message,
                        "0/3 nodes are available: 1 Insufficient cpu, 2 not today. no new claims "
                        "to deallocate, preemption: "
                        "0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No "
                        "preemption victims found for incoming pod.");
    end(&w);
}

TEST(an_answer_about_other_nodes_is_too_old)
{
    static const char *const gone[] = {"gone"};
    World w = world();
    Value *p = pod(&w, "1", NULL);

    node(&w, "a", "4", NULL);
    assert_true(go_with(&w, p, asked_nodes_new(w.a, gone, 1)).is_stale);
    end(&w);
}

TEST(candidates_go_to_the_extender_and_the_best_of_the_rest_is_chosen)
{
    World w = world();
    Value *p = pod(&w, "4", "{'priority':10}");
    CLEANUP(sched_pod_free) SchedPod *self = sched_pod_new("acme", p);
    DecideInput in = {.snapshot = w.s,
                      .lister = &w.lister,
                      .cluster = "acme",
                      .pod = p,
                      .self = self,
                      .asks_victims = true};
    Decision d;

    node(&w, "a", "4", NULL);
    node(&w, "b", "4", NULL);
    put(&w, "acme", "low", pod(&w, "1", "{'priority':1}"), "a");
    put(&w, "acme", "higher", pod(&w, "1", "{'priority':2}"), "b");
    d = decide(w.a, &in, &w.start);
    assert_int_equal(d.question, ASK_VICTIMS);
    assert_int_equal(d.n_candidates, 2);
    assert_null(d.nominated);
    preempt_choose(w.a, d.candidates, d.n_candidates, &d);
    assert_string_equal(d.nominated, "a");
    assert_string_equal(d.victims[0].name, "low");
    end(&w);
}
