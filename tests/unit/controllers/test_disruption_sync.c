#include "controllers/disruption_sync.h"

#include "tests/unit/test.h"

TEST(budgets)
{
    static const struct {
        const char *spec;
        int64_t expected, healthy;
        bool needs_scale;
        int64_t desired, allowed;
    } rows[] = {
        {"{'minAvailable':2}", 3, 3, false, 2, 1},
        {"{'minAvailable':2}", 3, 1, false, 2, 0},
        {"{'minAvailable':0}", 0, 0, false, 0, 0},
        {"{'minAvailable':'28%'}", 5, 5, true, 2, 3},
        {"{'minAvailable':'100%'}", 3, 3, true, 3, 0},
        {"{'maxUnavailable':1}", 3, 3, true, 2, 1},
        {"{'maxUnavailable':5}", 3, 3, true, 0, 3},
        {"{'maxUnavailable':'34%'}", 10, 9, true, 6, 3},
        {"{'maxUnavailable':'0%'}", 10, 10, true, 10, 0},
        {"{'maxUnavailable':'100%'}", 10, 0, true, 0, 0},
        {"{'minAvailable':0}", 3, 0, false, 0, 0},
        {"{'minAvailable':0}", 3, 3, false, 0, 3},
        {"{'minAvailable':7}", 3, 3, false, 7, 0},
        {"{}", 0, 3, false, 0, 0},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Value *pdb = value_literal(a, "{'metadata':{'generation':4}}"), *status;
        DisruptionCounts c = {rows[i].expected, rows[i].healthy};

        value_set(a, pdb, "spec", value_literal(a, rows[i].spec));
        assert_int_equal(disruption_needs_scale(pdb), rows[i].needs_scale);
        assert_int_equal(disruption_has_limit(pdb), strcmp(rows[i].spec, "{}") != 0);
        status = disruption_status(a, pdb, &c, value_object(a), NULL, 0);
        if (value_at_int(status, "desiredHealthy", -1) != rows[i].desired ||
            value_at_int(status, "disruptionsAllowed", -1) != rows[i].allowed)
            fail_msg("row %zu: %s", i, value_to_str(a, status));
        assert_int_equal(value_at_int(status, "observedGeneration", 0), 4);
    }
}

TEST(what_cannot_be_counted_lets_nothing_go)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *pdb =
        value_literal(a, "{'metadata':{'generation':5},'spec':{'maxUnavailable':1},'status':{"
                         "'disruptionsAllowed':2,'expectedPods':7,'observedGeneration':4}}");
    Value *status =
        disruption_status(a, pdb, &(DisruptionCounts){0}, value_object(a), "found none", 0);

    assert_int_equal(value_at_int(status, "disruptionsAllowed", -1), 0);
    assert_int_equal(value_at_int(status, "expectedPods", -1), 7);
    assert_string_equal(value_at_str(status, "conditions.0.reason"), "SyncFailed");
    assert_string_equal(value_at_str(status, "conditions.0.message"), "found none");
    assert_int_equal(value_at_int(status, "observedGeneration", 0), 4);
    assert_int_equal(value_at_int(status, "conditions.0.observedGeneration", 0), 4);
}
