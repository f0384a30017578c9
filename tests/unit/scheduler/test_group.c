/* Groups of pods: who belongs to which, what is held, and when it is given up. */
#include "scheduler/binder.h"
#include "tests/unit/scheduler/world.h"

#define LABEL "scheduling.x-k8s.io/pod-group"

static const Value *member(World *w, const char *labels)
{
    Value *v = value_literal(w->a, "{'metadata':{'name':'p','namespace':'d'}}");

    value_set_at(w->a, v, "metadata.labels", value_literal(w->a, labels));
    return v;
}

TEST(who_says_how_many_must_go_at_once)
{
#define OLD "pod-group.scheduling.sigs.k8s.io/"
    static const struct {
        const char *labels;
        uint32_t min; /* 0: it goes alone */
        int64_t timeout_s;
    } cases[] = {
        {"{}", 0, 0},
        {"{'" LABEL "':'nobody'}", 0, 0},
        {"{'" LABEL "':'three'}", 3, 60},
        {"{'" LABEL "':'slow'}", 100000, 600},
        {"{'" LABEL "':'nobody','" OLD "min-available':'4'}", 4, 60},
        {"{'" OLD "name':'three'}", 3, 60},
        {"{'" OLD "name':'x','" OLD "min-available':'-4'}", 1, 60},
        {"{'" OLD "name':'x','" OLD "min-available':'many'}", 0, 0},
    };
    World w = world();

    object(&w, "scheduling.x-k8s.io/podgroups",
           "{'metadata':{'name':'three','namespace':'d'},'spec':{'minMember':3}}");
    object(&w, "scheduling.x-k8s.io/podgroups",
           "{'metadata':{'name':'slow','namespace':'d'},'spec':{'minMember':1000000000,"
           "'scheduleTimeoutSeconds':99999}}");
    object(&w, "scheduling.x-k8s.io/podgroups",
           "{'metadata':{'name':'three','namespace':'other'},'spec':{'minMember':9}}");
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        GroupNeed need = {0};

        assert_int_equal(group_need(&w.lister, "acme", member(&w, cases[i].labels), &need),
                         cases[i].min > 0);
        assert_int_equal(need.min, cases[i].min);
        assert_int_equal(need.timeout_us, cases[i].timeout_s * 1000000);
    }
    end(&w);
}

TEST(members_come_and_go)
{
    World w = world();
    CLEANUP(groups_free) Groups *g = groups_new();
    const Value *v = member(&w, "{'" LABEL "':'g'}"), *other = member(&w, "{'" LABEL "':'h'}");
    const Group *one = groups_add(g, "acme", v, "acme/d/1", 10);

    assert_ptr_equal(groups_add(g, "acme", v, "acme/d/2", 20), one);
    assert_int_equal(one->since_us, 10);
    assert_ptr_not_equal(groups_add(g, "globex", v, "globex/d/1", 30), one);
    assert_int_equal(one->members.n, 2);
    assert_null(groups_add(g, "acme", member(&w, "{}"), "acme/d/3", 40));
    groups_add(g, "acme", other, "acme/d/2", 50); /* it changed its label */
    assert_int_equal(one->members.n, 1);
    assert_string_equal(groups_of(g, "acme/d/2")->name, "h");
    groups_remove(g, "acme/d/1");
    assert_null(groups_of(g, "acme/d/1"));
    groups_remove_cluster(g, "acme");
    assert_null(groups_of(g, "acme/d/2"));
    assert_non_null(groups_of(g, "globex/d/1"));
    end(&w);
}

TEST(held_pods_are_given_up_in_time)
{
    World w = world();
    CLEANUP(groups_free) Groups *g = groups_new();
    Group *one = groups_add(g, "acme", member(&w, "{'" LABEL "':'g'}"), "acme/d/1", 0);
    BindTask *first = bind_task_new(arena_new()), *second = bind_task_new(arena_new()),
             *left = bind_task_new(arena_new());
    List held = LIST_INIT(held);

    assert_int_equal(groups_delay_ms(g, 0), -1);
    group_hold(g, one, &first->link, 1000000, 0);
    group_hold(g, one, &second->link, 1000000, 900000); /* the first one's time counts */
    assert_null(groups_next_due(g, 999999));
    assert_int_equal(groups_delay_ms(g, 500000), 501);
    assert_ptr_equal(groups_next_due(g, 1000000), one);
    groups_remove(g, "acme/d/1"); /* what is held keeps the group */
    group_take_held(g, one, &held);
    assert_null(groups_next_due(g, 9000000));
    assert_ptr_equal(list_pop(&held), &first->link);
    assert_ptr_equal(list_pop(&held), &second->link);
    bind_task_free(first);
    bind_task_free(second);
    one = groups_add(g, "acme", member(&w, "{'" LABEL "':'g'}"), "acme/d/1", 0);
    group_hold(g, one, &left->link, 1, 0); /* freed with the groups */
    end(&w);
}
