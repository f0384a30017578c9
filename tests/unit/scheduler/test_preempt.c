#include "tests/unit/scheduler/world.h"

static Value *important(World *w, const char *cpu, int64_t priority)
{
    Value *p = pod(w, cpu, NULL);

    value_set_at(w->a, p, "spec.priority", value_int(w->a, priority));
    return p;
}

/* The names of the victims, with spaces between. */
static const char *victims(World *w, const Decision *d)
{
    AUTO_BUF b = BUF_INIT;

    for (uint32_t i = 0; i < d->n_victims; i++)
        buf_addf(&b, "%s%s", i > 0 ? " " : "", d->victims[i].name);
    return arena_strndup(w->a, buf_str(&b), b.len);
}

TEST(the_least_important_that_suffice_go)
{
    World w = world();
    Decision d;

    node(&w, "a", "4", NULL);
    put(&w, "acme", "low", important(&w, "1", 1), "a");
    put(&w, "acme", "mid", important(&w, "1", 5), "a");
    put(&w, "acme", "high", important(&w, "2", 50), "a");
    d = go(&w, important(&w, "1", 10));
    assert_null(d.node);
    assert_string_equal(d.nominated, "a");
    assert_string_equal(victims(&w, &d), "low");
    d = go(&w, important(&w, "2", 10));
    assert_string_equal(victims(&w, &d), "mid low");
    d = go(&w, important(&w, "3", 10));
    assert_null(d.nominated);
    assert_non_null(strstr(d.message, "preemption: 0/1 nodes are available: 1 Insufficient cpu."));
    /* nothing of it stays in the snapshot */
    assert_null(go(&w, important(&w, "1", 0)).node);
    assert_string_equal(snapshot_pod_node(w.s, "acme/d/low"), "a");
    end(&w);
}

TEST(never_another_tenants_pod)
{
    World w = world();
    Decision d;

    node(&w, "a", "1", NULL);
    put(&w, "globex", "low", important(&w, "1", 0), "a");
    d = go(&w, important(&w, "1", 1000));
    assert_null(d.nominated);
    assert_string_equal(
        d.message,
        "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 "
        "nodes are available: 1 No preemption victims found for "
        "incoming pod.");
    end(&w);
}

/* Of victims that are alike otherwise the one that has run for the shortest time goes; one that has
 * not begun yet has run for none. */
TEST(what_has_not_begun_goes_first)
{
    World w = world();
    Value *old = important(&w, "1", 3), *new = important(&w, "1", 3);

    value_set_at(w.a, old, "status.startTime", value_str(w.a, "2026-01-01T00:00:00Z"));
    node(&w, "a", "1", NULL);
    node(&w, "b", "1", NULL);
    put(&w, "acme", "new", new, "a");
    put(&w, "acme", "old", old, "b");
    assert_string_equal(go(&w, important(&w, "1", 9)).nominated, "a");
    /* and on one node */
    snapshot_set_node(w.s, "a", NULL);
    node(&w, "b", "2", NULL);
    put(&w, "acme", "second", new, "b");
    {
        Decision d = go(&w, important(&w, "1", 9));

        assert_string_equal(victims(&w, &d), "second");
    }
    end(&w);
}

TEST(a_policy_of_never_says_so)
{
    World w = world();
    Value *p = important(&w, "1", 9);
    Decision d;

    node(&w, "a", "1", NULL);
    put(&w, "acme", "low", important(&w, "1", 0), "a");
    value_set_at(w.a, p, "spec.preemptionPolicy", value_str(w.a, "Never"));
    d = go(&w, p);
    assert_null(d.nominated);
    assert_string_equal(
        d.message,
        "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: not "
        "eligible due to preemptionPolicy=Never.");
    end(&w);
}

TEST(budgets_are_kept_where_one_can)
{
    World w = world();
    Decision d;

    object(&w, "policy/poddisruptionbudgets",
           "{'metadata':{'name':'b','namespace':'d'},'spec':{'selector':{'matchLabels':{'app':"
           "'db'}}},'status':{'disruptionsAllowed':0}}");
    node(&w, "a", "1", NULL);
    node(&w, "b", "1", NULL);
    put(&w, "acme", "kept", labelled(&w, important(&w, "1", 0), "{'app':'db'}"), "a");
    put(&w, "acme", "goes", important(&w, "1", 3), "b");
    d = go(&w, important(&w, "1", 9));
    assert_string_equal(d.nominated, "b");
    assert_string_equal(victims(&w, &d), "goes");
    /* but when there is no other way, it is broken */
    snapshot_set_node(w.s, "b", NULL);
    d = go(&w, important(&w, "1", 9));
    assert_string_equal(victims(&w, &d), "kept");
    end(&w);
}

TEST(a_budget_is_not_broken_while_some_node_may_do_without)
{
    World w = world();
    Decision d;

    object(&w, "policy/poddisruptionbudgets",
           "{'metadata':{'name':'b','namespace':'d'},'spec':{'selector':{'matchLabels':{'app':"
           "'db'}}},'status':{'disruptionsAllowed':0}}");
    /* more candidates than are looked at when one of them is harmless */
    for (int i = 0; i < 120; i++) {
        const char *name = arena_printf(w.a, "n%d", i);

        node(&w, name, "1", NULL);
        put(&w, "acme", arena_printf(w.a, "p%d", i),
            i < 119 ? labelled(&w, important(&w, "1", 0), "{'app':'db'}") : important(&w, "1", 3),
            name);
    }
    d = go(&w, important(&w, "1", 9));
    assert_string_equal(d.nominated, "n119");
    end(&w);
}

TEST(room_that_was_made_is_kept_for_its_pod)
{
    World w = world();
    Value *p = important(&w, "1", 9), *other = important(&w, "1", 3);

    node(&w, "a", "1", NULL);
    snapshot_nominate(w.s, sched_pod_new("acme", p), "a");
    value_set_at(w.a, other, "metadata.name", value_str(w.a, "other"));
    assert_null(go(&w, other).node);
    assert_string_equal(go(&w, p).node, "a");
    value_set_at(w.a, other, "spec.priority", value_int(w.a, 10));
    assert_string_equal(go(&w, other).node, "a"); /* the more important one need not care */
    snapshot_unnominate(w.s, "acme/d/p");
    value_set_at(w.a, other, "spec.priority", value_int(w.a, 3));
    assert_string_equal(go(&w, other).node, "a");
    end(&w);
}

TEST(room_that_only_a_status_claims_is_kept_within_its_tenant)
{
    static const struct {
        const char *cluster;
        bool is_claimed;
        const char *node;
    } rows[] = {{"acme", false, NULL},
                {"acme", true, NULL},
                {"globex", false, NULL},
                {"globex", true, "a"}};

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        World w = world();
        SchedPod *p = sched_pod_new(rows[i].cluster, important(&w, "1", 9));
        Value *other = important(&w, "1", 3);
        const char *got;

        node(&w, "a", "1", NULL);
        if (rows[i].is_claimed)
            snapshot_nominate_as_claimed(w.s, p, "a");
        else
            snapshot_nominate(w.s, p, "a");
        value_set_at(w.a, other, "metadata.name", value_str(w.a, "other"));
        got = go(&w, other).node;
        assert_string_equal(got ? got : "", rows[i].node ? rows[i].node : "");
        end(&w);
    }
}

TEST(host_ports_and_anti_affinity_can_be_freed)
{
    World w = world();
    Value *low = labelled(&w, important(&w, "0", 0), "{'app':'x'}");
    Value *p = important(&w, "0", 9);
    Decision d;

    value_set(w.a, value_at(low, "spec.containers.0"), "ports",
              value_literal(w.a, "[{'hostPort':80}]"));
    node(&w, "a", "1", "{'metadata':{'labels':{'host':'a'}}}");
    put(&w, "acme", "low", low, "a");
    value_set(w.a, value_at(p, "spec.containers.0"), "ports",
              value_literal(w.a, "[{'hostPort':80}]"));
    d = go(&w, p);
    assert_string_equal(victims(&w, &d), "low");
    p = important(&w, "0", 9);
    value_set_at(w.a, p, "spec.affinity.podAntiAffinity",
                 value_literal(w.a, "{'requiredDuringSchedulingIgnoredDuringExecution':[{"
                                    "'labelSelector':{'matchLabels':{'app':'x'}},'topologyKey':"
                                    "'host'}]}"));
    d = go(&w, p);
    assert_string_equal(victims(&w, &d), "low");
    end(&w);
}

TEST(it_waits_while_its_victims_end)
{
    World w = world();
    Value *low = important(&w, "1", 0), *p = important(&w, "1", 9);
    Decision d;

    value_set_at(w.a, low, "metadata.deletionTimestamp", value_str(w.a, "2026-01-01T00:00:00Z"));
    value_set_at(w.a, low, "status.conditions",
                 value_literal(w.a, "[{'type':'DisruptionTarget','status':'True','reason':"
                                    "'PreemptionByScheduler'}]"));
    node(&w, "a", "1", NULL);
    put(&w, "acme", "low", low, "a");
    value_set_at(w.a, p, "status.nominatedNodeName", value_str(w.a, "a"));
    d = go(&w, p);
    assert_null(d.nominated);
    assert_int_equal(d.n_victims, 0);
    assert_non_null(strstr(d.message, "not eligible due to a terminating pod on the nominated "
                                      "node."));
    end(&w);
}

TEST(what_ends_on_the_nominated_node_is_waited_for)
{
    World w = world();
    Value *victim = important(&w, "1", 0), *p = important(&w, "1", 9);

    node(&w, "a", "1", NULL);
    node(&w, "b", "1", NULL);
    value_set_at(w.a, victim, "metadata.deletionTimestamp", value_str(w.a, "1970-01-01T00:01:00Z"));
    value_set_at(w.a, victim, "status.conditions",
                 value_literal(w.a, "[{'type':'DisruptionTarget','status':'True','reason':"
                                    "'PreemptionByScheduler'}]"));
    put(&w, "acme", "ends", victim, "a");
    put(&w, "acme", "low", important(&w, "1", 0), "b");
    value_set_at(w.a, p, "status.nominatedNodeName", value_str(w.a, "a"));
    assert_string_equal(go(&w, p).message,
                        "0/2 nodes are available: 2 Insufficient cpu. no new claims to deallocate, "
                        "preemption: not eligible due to a terminating pod on the nominated node.");
    /* but not when the node will not do any more */
    node(&w, "a", "1", "{'spec':{'taints':[{'key':'k','effect':'NoSchedule'}]}}");
    assert_string_equal(go(&w, p).nominated, "b");
    end(&w);
}
