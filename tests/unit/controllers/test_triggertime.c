#include "controllers/triggertime.h"

#include "tests/unit/test.h"

enum { FIRST_S = 1700000000 }; /* in seconds; times below are seconds after it */

static int64_t at(int seconds)
{
    return (FIRST_S + seconds) * INT64_C(1000000);
}

/* "a3 b7 c": pods with the second of their last transition; without one: not ready yet. */
static Values pods_of(Arena *a, const char *text)
{
    Values pods = {0};

    for (; *text; text += text[0] == ' ') {
        Value *pod = value_literal(a, "{'metadata':{},'status':{'conditions':[]}}");

        value_set_at(a, pod, "metadata.name", value_printf(a, "%c", *text++));
        if (*text >= '0' && *text <= '9') {
            Value *c = value_literal(a, "{'type':'Ready','status':'True'}");

            value_set(a, c, "lastTransitionTime", value_time(a, at(*text++ - '0')));
            value_append(a, value_at(pod, "status.conditions"), c);
        }
        values_add(a, &pods, pod);
    }
    return pods;
}

/* What the tracker of upstream is tested with (trigger_time_tracker_test.go), and more. */
TEST(the_earliest_change_since_the_last_look_is_told)
{
    static const struct {
        struct {
            int created;
            const char *pods;
            int want; /* -1: nothing to tell */
        } steps[4];   /* ends with pods NULL */
    } rows[] = {
        /* A new Service without pods, with pods that are younger, and with older ones. */
        {{{1, "", 1}}},
        {{{1, "a3 b2", 1}}},
        {{{5, "a3", 5}}},
        /* Pods come and change. */
        {{{1, "a2", 1}, {1, "a2 b4", 4}}},
        {{{1, "a2 b3", 1}, {1, "a6 b5", 5}}},
        {{{1, "a2 b3", 1}, {1, "a2 b6", 6}, {1, "a7 b6", 7}}},
        {{{1, "a", 1}, {1, "a4", 4}}},
        /* Nothing is new: pods go, are not ready yet, or stay as they were. */
        {{{1, "a2", 1}, {1, "a2", -1}}},
        {{{1, "a2 b3", 1}, {1, "b3", -1}}},
        {{{1, "a2", 1}, {1, "a2 c", -1}}},
        /* One that went and comes again is new; one whose clock went back is not. */
        {{{1, "a2 b3", 1}, {1, "b3", -1}, {1, "a2 b3", 2}}},
        {{{1, "a4", 1}, {1, "a2", -1}, {1, "a3", 3}}},
        /* Another Service of this name. */
        {{{1, "a2", 1}, {5, "a2", 5}}},
        {{{1, "a2", 1}, {5, "a3", 3}}},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        CLEANUP(triggertimes_free) TriggerTimes *t = triggertimes_new();
        const WorkKey key = {3, "acme", "d", "web"}, other = {4, "acme", "d", "web"};

        for (size_t k = 0; k < ARRAY_LEN(rows[i].steps) && rows[i].steps[k].pods; k++) {
            Value *service = value_literal(a, "{'metadata':{'name':'web'}}");
            Values pods = pods_of(a, rows[i].steps[k].pods);
            int64_t want = rows[i].steps[k].want < 0 ? 0 : at(rows[i].steps[k].want), got;

            value_set_at(a, service, "metadata.creationTimestamp",
                         value_time(a, at(rows[i].steps[k].created)));
            got = triggertimes_look(t, &key, service, &pods);
            if (got != want)
                fail_msg("row %zu step %zu: %lld", i, k, (long long)(got - at(0)) / 1000000);
            /* Each controller looks for itself. */
            got = triggertimes_look(t, &other, service, &pods);
            if (got != want)
                fail_msg("row %zu step %zu: the other's differs", i, k);
        }
    }
}

TEST(what_is_forgotten_begins_anew)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(triggertimes_free) TriggerTimes *t = triggertimes_new();
    const WorkKey one = {3, "acme", "d", "web"}, two = {3, "acme2", "d", "web"};
    Value *service = value_literal(a, "{'metadata':{'name':'web'}}");
    const Values none = {0};

    value_set_at(a, service, "metadata.creationTimestamp", value_time(a, at(1)));
    assert_int_equal(triggertimes_look(t, &one, service, &none), at(1));
    assert_int_equal(triggertimes_look(t, &two, service, &none), at(1));
    triggertimes_forget(t, &one);
    assert_int_equal(triggertimes_look(t, &one, service, &none), at(1));
    assert_int_equal(triggertimes_look(t, &two, service, &none), 0);
    triggertimes_drop_cluster(t, "acme");
    assert_int_equal(triggertimes_look(t, &one, service, &none), at(1));
    assert_int_equal(triggertimes_look(t, &two, service, &none), 0);
}

TEST(the_annotation_is_written_and_taken_out)
{
    static const struct {
        const char *object;
        int64_t us;
        const char *want;
    } rows[] = {
        {"{'metadata':{}}", 1700000000000000,
         "{'metadata':{'annotations':{'endpoints.kubernetes.io/last-change-trigger-time':"
         "'2023-11-14T22:13:20Z'}}}"},
        {"{'metadata':{'annotations':{'a':'b','endpoints.kubernetes.io/last-change-trigger-time':"
         "'x'}}}",
         0, "{'metadata':{'annotations':{'a':'b'}}}"},
        {"{'metadata':{}}", 0, "{'metadata':{}}"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *v = value_literal(a, rows[i].object);

        triggertimes_put(a, v, rows[i].us);
        if (!value_equal(v, value_literal(a, rows[i].want)))
            fail_msg("row %zu: %s", i, value_to_str(a, v));
    }
}
