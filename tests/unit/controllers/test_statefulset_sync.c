#include "controllers/statefulset_sync.h"

#include "client/meta.h"
#include "tests/unit/test.h"

/* Pods as letters: . none, s none with a stale claim, r ready, n not ready, a ready and not yet
 * available, d under deletion, f finished; capitals R N A are of the update revision. Condemned
 * pods come after a bar, the highest first. Verbs: - nothing, c create, x delete. */
static StsPod pod_of(char c)
{
    return (StsPod){
        .exists = c != '.' && c != 's',
        .is_stale = c == 's',
        .is_finished = c == 'f',
        .is_deleted = c == 'd',
        .is_ready = strchr("rRaA", c) != NULL,
        .is_available = strchr("rR", c) != NULL,
        .is_updated = strchr("RNA", c) != NULL,
    };
}

TEST(one_step_at_a_time)
{
    static const struct {
        const char *pods;
        uint32_t partition, max_unavailable;
        bool parallel, on_delete;
        const char *want;
    } rows[] = {
        {"...|", 0, 1, false, false, "c--|"},
        {"N..|", 0, 1, false, false, "---|"},
        {"A..|", 0, 1, false, false, "---|"},
        {"R..|", 0, 1, false, false, "-c-|"},
        {"s..|", 0, 1, false, false, "---|"},
        {"...|", 0, 1, true, false, "ccc|"},
        {"N..|", 0, 1, true, false, "-cc|"},
        {"RRR|", 0, 1, false, false, "---|"},
        {"R|RR", 0, 1, false, false, "-|x-"},
        {"R|dR", 0, 1, false, false, "-|--"},
        {"R|RR", 0, 1, true, false, "-|xx"},
        {"|RRR", 0, 1, false, false, "|x--"},
        /* a sick pod holds the others back, but for itself */
        {"R|nR", 0, 1, false, false, "-|x-"},
        {"R|nn", 0, 1, false, false, "-|--"},
        {"n|RR", 0, 1, false, false, "-|--"},
        {"R|aR", 0, 1, false, false, "-|x-"},
        {"R|an", 0, 1, false, false, "-|--"},
        {"R|Ra", 0, 1, false, false, "-|x-"},
        {"R|dd", 0, 1, true, false, "-|--"},
        {"R|nn", 0, 1, true, false, "-|xx"},
        {"N|RR", 0, 1, true, false, "-|xx"},
        {"fRR|", 0, 1, false, false, "x--|"},
        {"fff|", 0, 1, true, false, "xxx|"},
        {"R.R|", 0, 1, false, false, "-c-|"},
        {"RdR|", 0, 1, false, false, "---|"},
        /* updates go from the top, one at a time */
        {"rrr|", 0, 1, false, false, "--x|"},
        {"rrd|", 0, 1, false, false, "---|"},
        {"rrN|", 0, 1, false, false, "---|"},
        {"rrR|", 0, 1, false, false, "-x-|"},
        {"rRR|", 0, 1, false, false, "x--|"},
        {"rrr|", 2, 1, false, false, "--x|"},
        {"rrR|", 2, 1, false, false, "---|"},
        {"rrr|", 5, 1, false, false, "---|"},
        {"rrr|", 0, 1, false, true, "---|"},
        /* in order, a broken pod needs a hand; in parallel the update mends it */
        {"rrn|", 0, 1, false, false, "---|"},
        {"rrn|", 0, 1, true, false, "--x|"},
        {"rnr|", 0, 1, true, false, "-x-|"},
        {"rrN|", 0, 1, true, false, "---|"},
        {"n|", 0, 1, true, false, "x|"},
        {"nnrr|", 0, 2, true, false, "xx--|"},
        {"nnrrr|", 0, 3, true, false, "xx--x|"},
        {"rrrnn|", 0, 2, true, false, "---xx|"},
        {"nnnn|", 0, 1, true, false, "xxxx|"},
        {"rrrnd|", 0, 3, true, false, "--xx-|"},
        {"rrrdn|", 0, 3, true, false, "--x-x|"},
        {"rra|", 0, 1, true, false, "--x|"},
        {"rra|", 0, 1, false, false, "---|"},
        {"rrd|", 0, 1, true, false, "---|"},
        /* those below the partition stay, and are counted */
        {"rrrrn|", 2, 1, true, false, "----x|"},
        {"rrnrr|", 2, 1, true, false, "--x--|"},
        {"rnrrr|", 2, 1, true, false, "-----|"},
        {"rrrnn|", 3, 2, true, false, "---xx|"},
        {"rnrrn|", 3, 2, true, false, "----x|"},
        {"rnrrr|", 3, 2, true, false, "----x|"},
        {"fnr|", 0, 1, true, false, "xx-|"},
        {".rr|", 0, 2, true, false, "c-x|"},
        /* several at a time */
        {"rrrr|", 0, 2, false, false, "--xx|"},
        {"rrrN|", 0, 2, true, false, "--x-|"},
        {"rrNN|", 0, 2, true, false, "----|"},
        {"rrrr|", 3, 2, false, false, "---x|"},
        /* a set that does not say how many may be down: the next one from the top */
        {"rrr|", 0, 0, false, false, "--x|"},
        {"rrR|", 0, 0, false, false, "-x-|"},
        {"rrN|", 0, 0, false, false, "---|"},
        {"rrr|", 2, 0, false, false, "--x|"},
        {"rrR|", 2, 0, false, false, "---|"},
        {"rrr|", 0, 0, true, false, "--x|"},
        {"nnnn|", 0, 0, true, false, "---x|"},
        {"nnnN|", 0, 0, true, false, "----|"},
        {"nnnR|", 0, 0, true, false, "--x-|"},
        {"rrdr|", 0, 0, true, false, "---x|"},
        {"rrrd|", 0, 0, true, false, "----|"},
        {"rrrA|", 0, 0, true, false, "----|"},
        {"rnrr|", 2, 0, true, false, "---x|"},
        {".rrr|", 0, 0, true, false, "c--x|"},
        {"rrr.|", 0, 0, true, false, "---c|"},
        {"rrrf|", 0, 0, true, false, "---x|"},
        {"rrrs|", 0, 0, true, false, "----|"},
        {"rrrr|", 0, 0, true, true, "----|"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *bar = strchr(rows[i].pods, '|');
        uint32_t n = (uint32_t)(bar - rows[i].pods), k = 0;
        StsPod pods[8], condemned[8];
        StsVerb verbs[8], surplus[8];
        StsFacts f = {pods,
                      n,
                      condemned,
                      (uint32_t)strlen(bar + 1),
                      rows[i].parallel,
                      rows[i].on_delete,
                      rows[i].partition,
                      rows[i].max_unavailable};
        char got[20] = "";

        for (; k < n; k++)
            pods[k] = pod_of(rows[i].pods[k]);
        for (k = 0; bar[k + 1]; k++)
            condemned[k] = pod_of(bar[k + 1]);
        statefulset_plan(&f, verbs, surplus);
        for (k = 0; k < n; k++)
            got[k] = "-cx"[verbs[k]];
        got[n] = '|';
        for (k = 0; k < f.n_condemned; k++)
            got[n + 1 + k] = "-cx"[surplus[k]];
        if (!str_eq(got, rows[i].want))
            fail_msg("row %zu (%s): wanted %s, got %s", i, rows[i].pods, rows[i].want, got);
    }
}

TEST(names_have_ordinals)
{
    assert_int_equal(statefulset_ordinal("web", "web-0"), 0);
    assert_int_equal(statefulset_ordinal("web", "web-12"), 12);
    assert_int_equal(statefulset_ordinal("web", "web-1-2"), -1);
    assert_int_equal(statefulset_ordinal("web", "web--1"), -1);
    assert_int_equal(statefulset_ordinal("web", "webx-1"), -1);
    assert_int_equal(statefulset_ordinal("web", "web-"), -1);
    assert_int_equal(statefulset_ordinal("web", "web-99999999999"), -1);
}

TEST(max_unavailable_is_at_least_one)
{
    static const struct {
        const char *v;
        uint32_t want;
    } rows[] = {{"2", 2}, {"'50%'", 5}, {"'5%'", 1}, {"0", 1}, {"null", 0}};
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Value *set = value_literal(a, "{'spec':{'replicas':10}}");

        value_set_at(a, set, "spec.updateStrategy.rollingUpdate.maxUnavailable",
                     value_literal(a, rows[i].v));
        assert_int_equal(statefulset_max_unavailable(set), rows[i].want);
    }
}

TEST(below_the_partition_pods_stay_as_they_were)
{
    static const struct {
        const char *set;
        int64_t ordinal;
        bool want;
    } rows[] = {
        {"{'spec':{'updateStrategy':{'type':'RollingUpdate','rollingUpdate':{'partition':2}}}}", 1,
         true},
        {"{'spec':{'updateStrategy':{'type':'RollingUpdate','rollingUpdate':{'partition':2}}}}", 2,
         false},
        {"{'spec':{'ordinals':{'start':5},'updateStrategy':{'type':'RollingUpdate',"
         "'rollingUpdate':{'partition':2}}}}",
         6, true},
        {"{'spec':{'updateStrategy':{'type':'RollingUpdate'}},'status':{'currentReplicas':1}}", 0,
         true},
        {"{'spec':{'updateStrategy':{'type':'RollingUpdate'}},'status':{'currentReplicas':1}}", 1,
         false},
        {"{'spec':{'updateStrategy':{'type':'OnDelete'}}}", 0, false},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(statefulset_is_held_back(value_literal(a, rows[i].set), rows[i].ordinal),
                         rows[i].want);
}

/* Owners as letters: s the set, p the pod, x somebody else, c another controller; "=" for no
 * change. */
TEST(claims_follow_the_retention_policy)
{
    static const struct {
        const char *when_deleted, *when_scaled;
        bool is_condemned;
        const char *have, *want;
    } rows[] = {
        {"Retain", "Retain", false, "", "="},
        {"Retain", "Retain", true, "sp", ""},
        {"Delete", "Retain", false, "", "s"},
        {"Delete", "Retain", true, "s", "="},
        {"Retain", "Delete", false, "", "="},
        {"Retain", "Delete", true, "", "p"},
        {"Retain", "Delete", false, "xp", "x"},
        {"Delete", "Delete", false, "x", "xs"},
        {"Delete", "Delete", true, "s", "p"},
        {"Delete", "Delete", true, "p", "="},
        {"Delete", "Delete", false, "p", "s"},
        {"Delete", "Delete", false, "sp", "s"},
        {"Retain", "Delete", true, "s", "p"},
        {"Retain", "Retain", false, "sxp", "x"},
        /* a capital owns, but not as the controller: that is made anew */
        {"Delete", "Retain", false, "S", "s"},
        {"Retain", "Delete", true, "P", "p"},
        {"Retain", "Retain", false, "S", ""},
        /* another controller has it: ours go */
        {"Delete", "Delete", false, "c", "="},
        {"Delete", "Delete", true, "cs", "c"},
        {"Delete", "Retain", false, "sc", "c"},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Value *set = value_literal(a, "{'kind':'StatefulSet','apiVersion':'apps/v1','metadata':{"
                                      "'uid':'s','name':'s'},'spec':{}}");
        Value *pod = value_literal(
            a, "{'kind':'Pod','apiVersion':'v1','metadata':{'uid':'p','name':'s-0'}}");
        Value *claim = value_literal(a, "{'metadata':{'ownerReferences':[]}}"), *owners, *ref;
        char got[8] = "=";
        size_t n = 0;

        value_set_at(a, set, "spec.persistentVolumeClaimRetentionPolicy.whenDeleted",
                     value_str(a, rows[i].when_deleted));
        value_set_at(a, set, "spec.persistentVolumeClaimRetentionPolicy.whenScaled",
                     value_str(a, rows[i].when_scaled));
        for (const char *p = rows[i].have; *p; p++)
            value_append(
                a, value_at(claim, "metadata.ownerReferences"),
                value_literal(a, *p == 's'   ? "{'kind':'StatefulSet','uid':'s','controller':true}"
                                 : *p == 'p' ? "{'kind':'Pod','uid':'p','controller':true}"
                                 : *p == 'S' ? "{'kind':'StatefulSet','uid':'s'}"
                                 : *p == 'P' ? "{'kind':'Pod','uid':'p','controller':false}"
                                 : *p == 'c' ? "{'kind':'X','uid':'c','controller':true}"
                                             : "{'kind':'X','uid':'x'}"));
        owners = statefulset_claim_owners(a, set, pod, claim, rows[i].is_condemned);
        value_each_item(owners, k, ref)
        {
            got[n++] = value_get_str(ref, "uid")[0];
        }
        if (owners)
            got[n] = '\0';
        if (!str_eq(got, rows[i].want))
            fail_msg("row %zu: wanted %s, got %s", i, rows[i].want, got);
    }
}

TEST(an_update_that_is_through_becomes_current)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *set = value_literal(a, "{'metadata':{'generation':3},'spec':{'replicas':2,"
                                  "'updateStrategy':{'type':'RollingUpdate'}}}");
    StsCounts c = {2, 2, 2, 0, 2, "a", "b", 0};

    assert_true(value_equal(statefulset_status(a, set, c),
                            value_literal(a, "{'observedGeneration':3,'replicas':2,"
                                             "'readyReplicas':2,'currentReplicas':2,"
                                             "'updatedReplicas':2,'availableReplicas':2,"
                                             "'collisionCount':0,'currentRevision':'b',"
                                             "'updateRevision':'b'}")));
    c.ready = 1;
    assert_string_equal(value_get_str(statefulset_status(a, set, c), "currentRevision"), "a");
    c.ready = 2;
    value_set_at(a, set, "spec.updateStrategy.type", value_str(a, "OnDelete"));
    assert_string_equal(value_get_str(statefulset_status(a, set, c), "currentRevision"), "a");
}
