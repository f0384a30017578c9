#include "controllers/daemonset_sync.h"

#include "tests/unit/test.h"

/*
 * Nodes are words, split by spaces; each letter is a pod, oldest first: o old and available, p old
 * and not ready, n new and available, m new and not ready, d under deletion (old), f failed, g
 * failed a moment ago, s succeeded; "." no pod. A word ends with "!" when nothing may run there,
 * with "?" when only what runs may stay. The answer has x for a pod that goes, - for one that
 * stays, + when one comes.
 */
static uint32_t read_nodes(Arena *a, const char *words, DsNode *nodes)
{
    uint32_t n = 0;

    for (const char *p = words; *p; p += strspn(p, " ")) {
        DsNode *node = &nodes[n++];

        *node = (DsNode){.should_run = true, .should_continue = true};
        node->pods = arena_array(a, DsPod, 8);
        for (; *p && *p != ' '; p++) {
            if (*p == '!')
                node->should_run = node->should_continue = false;
            else if (*p == '?')
                node->should_run = false;
            else if (*p != '.')
                node->pods[node->n++] = (DsPod){
                    .is_deleted = *p == 'd',
                    .is_failed = *p == 'f' || *p == 'g',
                    .rest_us = *p == 'g' ? 5 : 0,
                    .is_succeeded = *p == 's',
                    .is_ready = *p == 'o' || *p == 'n',
                    .is_available = *p == 'o' || *p == 'n',
                    .is_updated = *p == 'n' || *p == 'm',
                };
        }
    }
    return n;
}

static const char *answer(Arena *a, const DsNode *nodes, uint32_t n)
{
    AUTO_BUF out = BUF_INIT;

    for (uint32_t i = 0; i < n; i++) {
        if (i > 0)
            buf_addc(&out, ' ');
        for (uint32_t k = 0; k < nodes[i].n; k++)
            buf_addc(&out, nodes[i].pods[k].must_go ? 'x' : '-');
        if (nodes[i].needs_pod)
            buf_addc(&out, '+');
    }
    return arena_strdup(a, buf_str(&out));
}

TEST(one_pod_a_node)
{
    static const struct {
        const char *nodes;
        bool surge;
        const char *want;
    } rows[] = {
        {". .", false, "+ +"},       {".! .?", false, " "},       {"n! n? .", false, "x - +"},
        {"nn ond", false, "-x -x-"}, {"f g s", false, "x - x"},   {"d", false, "-"},
        {"fn", false, "x-"},         {"om", true, "--"},          {"on", true, "x-"},
        {"pm", true, "x-"},          {"oom", true, "-x-"},        {"nm", true, "-x"},
        {"d", true, "-+"},           {"f s g", true, "x+ x+ -+"}, {"d? dn", true, "- --"},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        DsNode nodes[8];
        uint32_t n = read_nodes(a, rows[i].nodes, nodes);

        daemonset_manage(nodes, n, rows[i].surge);
        if (!str_eq(answer(a, nodes, n), rows[i].want))
            fail_msg("%s: wanted %s, got %s", rows[i].nodes, rows[i].want, answer(a, nodes, n));
    }
}

TEST(updates_keep_within_the_limits)
{
    static const struct {
        const char *nodes;
        int64_t surge, unavailable;
        const char *want;
    } rows[] = {
        {"o o o", 0, 1, "x - -"},       {"o o o", 0, 2, "x x -"},    {"n o o", 0, 1, "- x -"},
        {"m o o", 0, 1, "- - -"},       {"m p o", 0, 1, "- x -"},    {"o p o", 0, 1, "- x -"},
        {"o p o", 0, 2, "x x -"},       {"p p o", 0, 1, "x x -"},    {"d p o", 0, 2, "- x -"},
        {"d o o", 0, 1, "- - -"},       {"n n n", 0, 1, "- - -"},    {"o o o", 1, 0, "-+ - -"},
        {"om o o", 1, 0, "-- - -"},     {"on o o", 1, 0, "x- -+ -"}, {"p o o", 1, 0, "-+ -+ -"},
        {"m o", 2, 0, "- -+"},          {"o? o", 1, 0, "x -+"},      {"p? o", 1, 0, "x -+"},
        {"o? n", 1, 0, "x -"},          {"o? m", 1, 0, "- -"},       {"o? o? n n", 1, 0, "x x - -"},
        {"o? o? m n", 1, 0, "x - - -"},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        DsNode nodes[8];
        uint32_t n = read_nodes(a, rows[i].nodes, nodes);

        daemonset_roll(nodes, n, rows[i].surge, rows[i].unavailable);
        if (!str_eq(answer(a, nodes, n), rows[i].want))
            fail_msg("%s: wanted %s, got %s", rows[i].nodes, rows[i].want, answer(a, nodes, n));
    }
}

TEST(counts)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    DsNode nodes[8];
    uint32_t n = read_nodes(a, "n o m . n! n?", nodes);
    DsCounts c = daemonset_count(nodes, n);

    assert_int_equal(c.desired, 4);
    assert_int_equal(c.current, 3);
    assert_int_equal(c.misscheduled, 2);
    assert_int_equal(c.ready, 2);
    assert_int_equal(c.updated, 2);
}

TEST(placement_follows_taints_and_affinity)
{
    static const struct {
        const char *spec, *node;
        bool run, stay;
    } rows[] = {
        {"{}", "{'metadata':{'name':'a'}}", true, true},
        {"{}", "{'metadata':{'name':'a'},'spec':{'taints':[{'key':'k','effect':'NoSchedule'}]}}",
         false, true},
        {"{}", "{'metadata':{'name':'a'},'spec':{'taints':[{'key':'k','effect':'NoExecute'}]}}",
         false, false},
        {"{}",
         "{'metadata':{'name':'a'},'spec':{'taints':[{'key':'k','effect':'PreferNoSchedule'}]}}",
         true, true},
        {"{'tolerations':[{'operator':'Exists'}]}",
         "{'metadata':{'name':'a'},'spec':{'taints':[{'key':'k','effect':'NoExecute'}]}}", true,
         true},
        {"{}",
         "{'metadata':{'name':'a'},'spec':{'taints':[{'key':'node.kubernetes.io/unreachable',"
         "'effect':'NoExecute'},{'key':'node.kubernetes.io/unschedulable','effect':'NoSchedule'}]"
         "}}",
         true, true},
        {"{}",
         "{'metadata':{'name':'a'},'spec':{'taints':[{'key':"
         "'node.kubernetes.io/network-unavailable','effect':'NoSchedule'}]}}",
         false, true},
        {"{'hostNetwork':true}",
         "{'metadata':{'name':'a'},'spec':{'taints':[{'key':"
         "'node.kubernetes.io/network-unavailable','effect':'NoSchedule'}]}}",
         true, true},
        {"{'nodeSelector':{'disk':'ssd'}}", "{'metadata':{'name':'a'}}", false, false},
        {"{'nodeSelector':{'disk':'ssd'}}", "{'metadata':{'name':'a','labels':{'disk':'ssd'}}}",
         true, true},
        {"{'nodeName':'b'}", "{'metadata':{'name':'a'}}", false, false},
        {"{'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':{"
         "'nodeSelectorTerms':[{'matchFields':[{'key':'metadata.name','operator':'In','values':["
         "'b']}]}]}}}}",
         "{'metadata':{'name':'a'}}", false, false},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Value *spec = value_literal(a, rows[i].spec);
        bool run, stay;

        daemonset_tolerate(a, spec);
        daemonset_tolerate(a, spec); /* adds nothing the second time */
        assert_true(value_len(value_get(spec, "tolerations")) <= 7);
        daemonset_place(spec, value_literal(a, rows[i].node), &run, &stay);
        if (run != rows[i].run || stay != rows[i].stay)
            fail_msg("row %zu: %d %d", i, run, stay);
    }
}

TEST(the_node_s_name_replaces_required_terms_and_keeps_preferences)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *spec = value_literal(
        a, "{'affinity':{'nodeAffinity':{'preferredDuringSchedulingIgnoredDuringExecution':[1],"
           "'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms':[{},{}]}}}}");

    daemonset_bind(a, spec, "x");
    assert_true(value_equal(
        spec,
        value_literal(
            a, "{'affinity':{'nodeAffinity':{"
               "'preferredDuringSchedulingIgnoredDuringExecution':[1],"
               "'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms':[{"
               "'matchFields':[{'key':'metadata.name','operator':'In','values':['x']}]}]}}}}")));
}

TEST(limits_are_rounded_up)
{
    static const struct {
        const char *rolling;
        int64_t surge, unavailable;
    } rows[] = {{"{'maxUnavailable':1,'maxSurge':0}", 0, 1},
                {"{'maxUnavailable':'10%','maxSurge':0}", 0, 1},
                {"{'maxUnavailable':'25%','maxSurge':0}", 0, 2},
                {"{'maxUnavailable':0,'maxSurge':'50%'}", 3, 0},
                {"{'maxUnavailable':0,'maxSurge':0}", 0, 1}};
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Value *set = value_object(a);
        int64_t surge, unavailable;

        value_set_at(a, set, "spec.updateStrategy.rollingUpdate",
                     value_literal(a, rows[i].rolling));
        daemonset_limits(set, 5, &surge, &unavailable);
        assert_int_equal(surge, rows[i].surge);
        assert_int_equal(unavailable, rows[i].unavailable);
    }
}
