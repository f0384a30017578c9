#include "controllers/statefulset_sync.h"

#include "tests/unit/test.h"

/* Pods as letters: . none, r ready, n not ready, d under deletion, f finished; capitals R N are of
 * the update revision. Verbs: - nothing, c create, x delete. */
static StsPod pod_of(char c)
{
    return (StsPod){
        .exists = c != '.',
        .is_finished = c == 'f',
        .is_deleted = c == 'd',
        .is_available = c == 'r' || c == 'R',
        .is_updated = c == 'R' || c == 'N',
    };
}

TEST(one_step_at_a_time)
{
    static const struct {
        const char *pods;
        uint32_t replicas, partition;
        bool parallel, on_delete;
        const char *want;
    } rows[] = {
        {"...", 3, 0, false, false, "c--"},
        {"N..", 3, 0, false, false, "---"},
        {"R..", 3, 0, false, false, "-c-"},
        {"...", 3, 0, true, false, "ccc"},
        {"N..", 3, 0, true, false, "-cc"},
        {"RRR", 3, 0, false, false, "---"},
        {"RRR", 1, 0, false, false, "--x"},
        {"RRd", 1, 0, false, false, "---"},
        {"RRR", 1, 0, true, false, "-xx"},
        {"RRR", 0, 0, false, false, "--x"},
        {"fRR", 3, 0, false, false, "x--"},
        {"R.R", 3, 0, false, false, "-c-"},
        {"RdR", 3, 0, false, false, "---"},
        /* updates go from the top, one at a time */
        {"rrr", 3, 0, false, false, "--x"},
        {"rrd", 3, 0, false, false, "---"},
        {"rrN", 3, 0, false, false, "---"},
        {"rrR", 3, 0, false, false, "-x-"},
        {"rRR", 3, 0, false, false, "x--"},
        {"rrr", 3, 2, false, false, "--x"},
        {"rrR", 3, 2, false, false, "---"},
        {"rrr", 3, 0, false, true, "---"},
        /* a broken old pod is replaced */
        {"rrn", 3, 0, false, false, "--x"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        uint32_t n = (uint32_t)strlen(rows[i].pods);
        StsPod pods[8];
        StsVerb verbs[8];
        StsFacts f = {
            pods, n, rows[i].replicas, rows[i].parallel, rows[i].on_delete, rows[i].partition};
        char got[9] = "";

        for (uint32_t k = 0; k < n; k++)
            pods[k] = pod_of(rows[i].pods[k]);
        statefulset_plan(&f, verbs);
        for (uint32_t k = 0; k < n; k++)
            got[k] = "-cx"[verbs[k]];
        if (strcmp(got, rows[i].want) != 0)
            fail_msg("row %zu (%s): %s", i, rows[i].pods, got);
    }
}
