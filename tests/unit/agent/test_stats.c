#include "agent/runtime.h"
#include "agent/stats.h"
#include "tests/unit/test.h"

TEST(a_rate_needs_two_samples_of_one_counter)
{
    static const struct {
        StatsSample before, now;
        int64_t rate;
    } rows[] = {
        {{1000000000, 0}, {2000000000, 500000000}, 500000000},
        {{1000000000, 100}, {11000000000, 100}, 0},
        {{1000000000, 500}, {2000000000, 100}, -1},
        {{1000000000, 0}, {1000000000, 100}, -1},
        {{0, 0}, {1000000000, INT64_MAX}, INT64_MAX},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(stats_rate(&rows[i].before, &rows[i].now), rows[i].rate);
    assert_int_equal(stats_rate(NULL, &rows[0].now), -1);
}

static Value *answer(Arena *a, const char *list)
{
    /* id uid name at_s used_s */
    Value *v = value_literal(a, "{'stats':[]}");
    char id[8], uid[8], name[8];
    int at, used, n;

    while (sscanf(list, "%7s %7s %7s %d %d%n", id, uid, name, &at, &used, &n) == 5) {
        Value *s = value_object(a), *labels = value_object(a);

        value_set_str(a, labels, LABEL_POD_UID, uid);
        value_set_str(a, labels, LABEL_CONTAINER, name);
        value_set_at(a, s, "attributes.id", value_str(a, arena_strdup(a, id)));
        value_set_at(a, s, "attributes.labels", labels);
        value_set_at(a, s, "cpu.timestamp", value_int(a, at * INT64_C(1000000000)));
        value_set_at(a, s, "cpu.usage_core_nano_seconds.value",
                     value_int(a, used * INT64_C(1000000000)));
        value_set_at(a, s, "memory.working_set_bytes.value", value_int(a, 4096));
        value_append(a, value_get(v, "stats"), s);
        list += n;
    }
    return v;
}

TEST(containers_are_told_by_pod_once_they_have_a_rate)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Map seen = {.free_value = free};

    assert_string_equal(value_to_str(a, stats_of_pods(a, answer(a, "i p a 1 1 j p b 1 1"), &seen)),
                        "[]");
    assert_int_equal(seen.n, 2);
    assert_string_equal(
        value_to_str(a, stats_of_pods(a, answer(a, "i p a 11 2 j p b 11 1 k q a 11 5"), &seen)),
        "[{\"uid\":\"p\",\"containers\":[{\"name\":\"a\",\"cpuNano\":100000000,\"memoryBytes\":"
        "4096,\"cpuTotalNano\":2000000000,\"atMs\":11000},{\"name\":\"b\",\"cpuNano\":0,"
        "\"memoryBytes\":4096,\"cpuTotalNano\":1000000000,\"atMs\":11000}]}]");
    assert_string_equal(value_to_str(a, stats_of_pods(a, answer(a, "k q a 12 6"), &seen)),
                        "[{\"uid\":\"q\",\"containers\":[{\"name\":\"a\",\"cpuNano\":1000000000,"
                        "\"memoryBytes\":4096,\"cpuTotalNano\":6000000000,\"atMs\":12000}]}]");
    assert_int_equal(seen.n, 1);
    map_done(&seen);
}

TEST(busy_time_is_all_but_idle_and_waiting)
{
    static const struct {
        const char *text;
        int64_t ns;
    } rows[] = {
        {"cpu  1 2 3 4 5 6 7 8 0 0\ncpu0 9\n", 270000000},
        {"cpu  1 2 3\n", -1},
        {"cpu  1 2 3 4 5 6 x 8 0 0\n", -1},
        {"intr 1\n", -1},
        {"", -1},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(stats_busy_ns(slice_of(rows[i].text), 100), rows[i].ns);
}
