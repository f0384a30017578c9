/* The configuration file: what it says, and what is said of its mistakes. */
#include "scheduler/config.h"

#include "base/err.h"

#include "tests/unit/scheduler/world.h"

#define HEAD "apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n"

static SchedConfig *parse(const char *text)
{
    AUTO_FREE char *all = NULL;
    SchedConfig *c = NULL;
    Err err;

    assert_true(asprintf(&all, "%s%s", HEAD, text) > 0);
    if (sched_config_parse(slice_of(all), "f.yaml", &c, &err) < 0)
        fail_msg("%s", err.msg);
    return c;
}

/* "A B=2 C": names at a point, with weights other than 1. */
static void assert_point(const Profile *p, PluginPoint point, const char *expected)
{
    AUTO_BUF b = BUF_INIT;

    profile_each(p, point, row)
    {
        buf_addf(&b, "%s%s", b.len > 0 ? " " : "", row->plugin->name);
        if (point == POINT_SCORE && row->weight > 1)
            buf_addf(&b, "=%lld", (long long)row->weight);
    }
    assert_string_equal(buf_str(&b), expected);
}

#define ALL_SCORES                                                                                 \
    "TaintToleration=3 NodeAffinity=2 NodeResourcesFit PodTopologySpread=2 InterPodAffinity=2 "    \
    "NodeResourcesBalancedAllocation ImageLocality"

TEST(plugins_are_put_together_as_upstream_does)
{
    static const struct {
        const char *plugins;
        PluginPoint point;
        const char *expected;
    } cases[] = {
        {"{}", POINT_SCORE, ALL_SCORES},
        {"{score: {disabled: [{name: '*'}]}}", POINT_SCORE, ""},
        {"{score: {disabled: [{name: '*'}], enabled: [{name: ImageLocality, weight: 7}]}}",
         POINT_SCORE, "ImageLocality=7"},
        {"{score: {disabled: [{name: TaintToleration}, {name: Unheard}], enabled: [{name: "
         "NodeResourcesFit, weight: 5}]}}",
         POINT_SCORE,
         "NodeResourcesFit=5 NodeAffinity=2 PodTopologySpread=2 InterPodAffinity=2 "
         "NodeResourcesBalancedAllocation ImageLocality"},
        {"{multiPoint: {enabled: [{name: TaintToleration, weight: 9}]}}", POINT_SCORE,
         "TaintToleration=9 NodeAffinity=2 NodeResourcesFit PodTopologySpread=2 "
         "InterPodAffinity=2 NodeResourcesBalancedAllocation ImageLocality"},
        {"{multiPoint: {disabled: [{name: '*'}], enabled: [{name: PrioritySort}, {name: "
         "DefaultBinder}, {name: NodeResourcesFit}]}}",
         POINT_FILTER, "NodeResourcesFit"},
        {"{multiPoint: {disabled: [{name: DefaultPreemption}]}}", POINT_POST_FILTER, ""},
        {"{multiPoint: {disabled: [{name: NodePorts}]}, filter: {enabled: [{name: NodePorts}], "
         "disabled: [{name: NodeName}, {name: TaintToleration}]}}",
         POINT_FILTER,
         "NodeUnschedulable NodeAffinity NodeResourcesFit VolumeRestrictions NodeVolumeLimits "
         "VolumeBinding "
         "VolumeZone PodTopologySpread InterPodAffinity NodePorts"},
        {"{preFilter: {disabled: [{name: PodTopologySpread}, {name: InterPodAffinity}]}}",
         POINT_FILTER,
         "NodeUnschedulable NodeName TaintToleration NodeAffinity NodePorts NodeResourcesFit "
         "VolumeRestrictions NodeVolumeLimits VolumeBinding VolumeZone"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO_FREE char *text = NULL;
        CLEANUP(sched_config_free) SchedConfig *c = NULL;

        assert_true(asprintf(&text, "profiles: [{plugins: %s}]", cases[i].plugins) > 0);
        c = parse(text);
        assert_point(&c->profiles[0], cases[i].point, cases[i].expected);
    }
}

TEST(pods_choose_a_profile_by_name_and_others_are_left_alone)
{
    CLEANUP(sched_config_free)
    SchedConfig *c =
        parse("podInitialBackoffSeconds: 2\npodMaxBackoffSeconds: 30\npercentageOfNodesToScore: "
              "70\nprofiles: [{schedulerName: default-scheduler}, {schedulerName: packer, "
              "percentageOfNodesToScore: 5}]");
    CLEANUP(sched_config_free) SchedConfig *none = NULL;

    assert_int_equal(c->backoff_first_s, 2);
    assert_int_equal(c->backoff_max_s, 30);
    assert_string_equal(sched_config_profile(c, NULL)->name, "default-scheduler");
    assert_string_equal(sched_config_profile(c, "")->name, "default-scheduler");
    assert_int_equal(sched_config_profile(c, "")->nodes_percent, 70);
    assert_int_equal(sched_config_profile(c, "packer")->nodes_percent, 5);
    assert_null(sched_config_profile(c, "mine"));
    assert_ok(sched_config_parse((Slice){0}, "", &none, NULL));
    assert_point(sched_config_profile(none, NULL), POINT_SCORE, ALL_SCORES);
    assert_null(sched_config_profile(none, "packer"));
}

TEST(says_what_is_wrong_and_where)
{
#define ARGS(name, args)                                                                           \
    "profiles: [{pluginConfig: [{name: " name ", args: " args "}]}]",                              \
        "profiles[0].pluginConfig[0].args"
    static const struct {
        const char *text, *place, *what;
    } cases[] = {
        {"bogus: 1", "", "unknown field \"bogus\""},
        {"parallelism: x", "parallelism", "must be a whole number, not string"},
        {"parallelism: 0", "parallelism", "Invalid value: 0: not in valid range [1, 2147483647]"},
        {"podInitialBackoffSeconds: 5\npodMaxBackoffSeconds: 4", "podMaxBackoffSeconds",
         "Invalid value: 4: must not be less than podInitialBackoffSeconds"},
        {"profiles: {}", "profiles", "must be a list, not object"},
        {"profiles: [{}, {schedulerName: a}]", "profiles[0].schedulerName", "Required value"},
        {"profiles: [{schedulerName: a}, {schedulerName: a}]", "profiles[1].schedulerName",
         "Duplicate value: \"a\""},
        {"profiles: [{plugins: {score: {enabled: [{name: Nope}]}}}]",
         "profiles[0].plugins.score.enabled[0].name", "there is no plug-in \"Nope\""},
        {"profiles: [{plugins: {score: {enabled: [{name: NodePorts}]}}}]",
         "profiles[0].plugins.score", "plug-in \"NodePorts\" does nothing at this point"},
        {"profiles: [{plugins: {bind: {disabled: [{name: '*'}]}}}]", "profiles[0].plugins.bind",
         "at least one plug-in must bind"},
        {"profiles: [{pluginConfig: [{name: NodePorts}]}]", "profiles[0].pluginConfig[0].name",
         "no plug-in \"NodePorts\" takes arguments"},
        {ARGS("NodeResourcesFit", "{kind: X}") ".kind", "must be \"NodeResourcesFitArgs\""},
        {ARGS("NodeResourcesFit", "{scoringStrategy: {type: Best}}") ".scoringStrategy.type",
         "Unsupported value: \"Best\": supported values: \"LeastAllocated\", \"MostAllocated\", "
         "\"RequestedToCapacityRatio\""},
        {ARGS("NodeResourcesFit",
              "{scoringStrategy: {type: RequestedToCapacityRatio}}") ".scoringStrategy."
                                                                     "requestedToCapacityRatio",
         "Required value: must be specified when type is RequestedToCapacityRatio"},
        {ARGS("NodeResourcesFit", "{scoringStrategy: {type: RequestedToCapacityRatio, "
                                  "requestedToCapacityRatio: "
                                  "{shape: [{utilization: 50, score: 1}, {utilization: 50, score: "
                                  "2}]}}}") ".scoringStrategy.requestedToCapacityRatio.shape[1]."
                                            "utilization",
         "Invalid value: 50: values must be sorted in increasing order"},
        {ARGS("NodeResourcesFit", "{scoringStrategy: {type: MostAllocated, resources: [{name: "
                                  "cpu, weight: 101}]}}") ".scoringStrategy.resources[0].weight",
         "Invalid value: 101: resource weight of cpu not in valid range (0, 100]"},
        {ARGS("NodeResourcesFit", "{ignoredResourceGroups: [a.b/c]}") ".ignoredResourceGroups[0]",
         "resource group name can't contain '/'"},
        {ARGS("PodTopologySpread", "{defaultConstraints: [{maxSkew: 1, topologyKey: zone, "
                                   "whenUnsatisfiable: DoNotSchedule}]}") ".defaultingType",
         "Invalid value: \"System\": when .defaultConstraints are not empty"},
        {ARGS("PodTopologySpread",
              "{defaultingType: List, defaultConstraints: [{maxSkew: 0}]}") ".defaultConstraints[0]"
                                                                            ".maxSkew",
         "Invalid value: 0: not in valid range (0, inf)"},
        {ARGS("DefaultPreemption",
              "{minCandidateNodesPercentage: 0, minCandidateNodesAbsolute: 0}") ".minCandidateNodes"
                                                                                "Percentage",
         "Invalid value: 0: cannot be zero at the same time as minCandidateNodesAbsolute"},
        {ARGS("NodeAffinity",
              "{addedAffinity: {requiredDuringSchedulingIgnoredDuringExecution: "
              "{nodeSelectorTerms: [{matchExpressions: [{key: a, operator: "
              "Near}]}]}}}") ".addedAffinity.requiredDuringSchedulingIgnoredDuringExecution."
                             "nodeSelectorTerms[0]"
                             ".matchExpressions[0].operator",
         "Unsupported value: \"Near\": supported values: \"In\", \"NotIn\", \"Exists\", "
         "\"DoesNotExist\", \"Gt\", \"Lt\""},
        {"libraries: [{path: /x.so}]", "libraries[0].name", "Required value"},
        {"libraries: [{name: NodePorts, path: /x.so}]", "libraries[0].name",
         "Duplicate value: \"NodePorts\""},
        {"libraries: [{name: X, path: x.so}]", "libraries[0].path", "must be an absolute path"},
        {"libraries: [{name: X, path: /no/such.so}]", "libraries[0].path",
         "/no/such.so: cannot open shared object file: No such file or directory"},
        {"extenders: [{filterVerb: x}]", "extenders[0].urlPrefix",
         "must begin with http:// or https://"},
        {"extenders: [{urlPrefix: 'http://x', prioritizeVerb: p}]", "extenders[0].weight",
         "Invalid value: 0: must have a positive weight applied to it"},
        {"extenders: [{urlPrefix: 'http://x', bindVerb: b}, {urlPrefix: 'http://y', bindVerb: b}]",
         "extenders[1].bindVerb", "only one extender can implement bind"},
        {"extenders: [{urlPrefix: 'http://x', httpTimeout: 5}]", "extenders[0].httpTimeout",
         "must be a string, not number"},
        {"extenders: [{urlPrefix: 'http://x', managedResources: [{name: cpu}]}]",
         "extenders[0].managedResources[0].name", "must be the name of an extended resource"},
        {"extenders: [{urlPrefix: 'http://x', tlsConfig: {caFile: /no/such/file}}]",
         "extenders[0].tlsConfig.caFile", "/no/such/file: No such file or directory"},
        {"extenders: [{urlPrefix: 'http://x', tlsConfig: {caData: '!'}}]",
         "extenders[0].tlsConfig.caData", "is not base64"},
    };
    SchedConfig *c = NULL;
    Err err;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO_FREE char *text = NULL, *expected = NULL;

        assert_true(asprintf(&text, "%s%s", HEAD, cases[i].text) > 0);
        assert_true(asprintf(&expected, "f.yaml: %s%s%s", cases[i].place,
                             cases[i].place[0] ? ": " : "", cases[i].what) > 0);
        assert_fails(sched_config_parse(slice_of(text), "f.yaml", &c, &err), ERR_BAD_REQUEST);
        assert_string_equal(err.msg, expected);
    }
    assert_fails(sched_config_parse(slice_of("kind: X"), "f.yaml", &c, &err), ERR_BAD_REQUEST);
    assert_string_equal(err.msg, "f.yaml: apiVersion: must be \"kubescheduler.config.k8s.io/v1\"");
}

TEST(extenders_are_read_and_what_they_count_alone_is_ignored)
{
    CLEANUP(sched_config_free)
    SchedConfig *c = parse(
        "profiles: [{pluginConfig: [{name: NodeResourcesFit, args: {ignoredResources: "
        "[a.io/x]}}]}]\nextenders: [{urlPrefix: 'https://x:1/s/', filterVerb: f, bindVerb: '', "
        "enableHTTPS: true, httpTimeout: 1500ms, managedResources: [{name: a.io/y, "
        "ignoredByScheduler: true}, {name: a.io/z}]}, {urlPrefix: 'http://y', preemptVerb: e, "
        "nodeCacheCapable: true, ignorable: true}]");
    const ExtenderConf *e = c->extenders;

    assert_int_equal(c->n_extenders, 2);
    assert_string_equal(e[0].filter, "f");
    assert_null(e[0].bind);
    assert_true(e[0].is_insecure); /* nobody said whom to trust */
    assert_int_equal(e[0].timeout_ms, 1500);
    assert_int_equal(e[1].timeout_ms, 5000);
    assert_true(e[1].knows_nodes && e[1].is_ignorable && !e[1].is_insecure);
    assert_string_equal(value_to_str(c->arena, c->profiles[0].args.fit.ignored),
                        "[\"a.io/x\",\"a.io/y\"]");
}

/* The node that wins, of a small full one and a big empty one. */
TEST(arguments_change_what_is_decided)
{
    static const struct {
        const char *args, *expected;
    } cases[] = {
        {"{name: NodeResourcesFit, args: {scoringStrategy: {type: LeastAllocated}}}", "empty"},
        {"{name: NodeResourcesFit, args: {scoringStrategy: {type: MostAllocated}}}", "full"},
        {"{name: NodeResourcesFit, args: {scoringStrategy: {type: RequestedToCapacityRatio, "
         "requestedToCapacityRatio: {shape: [{utilization: 0, score: 0}, {utilization: 100, "
         "score: 10}]}}}}",
         "full"},
        {"{name: NodeResourcesFit, args: {scoringStrategy: {type: RequestedToCapacityRatio, "
         "requestedToCapacityRatio: {shape: [{utilization: 0, score: 10}, {utilization: 100, "
         "score: 0}]}}}}",
         "empty"},
        {"{name: NodeAffinity, args: {addedAffinity: "
         "{requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: "
         "[{matchExpressions: [{key: kind, operator: In, values: [full]}]}]}}}}",
         "full"},
        {"{name: PodTopologySpread, args: {defaultingType: List, defaultConstraints: [{maxSkew: "
         "1, topologyKey: kind, whenUnsatisfiable: DoNotSchedule}]}}",
         "empty"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        World w = world();
        AUTO_FREE char *text = NULL;
        CLEANUP(sched_config_free) SchedConfig *c = NULL;
        CLEANUP(sched_pod_free) SchedPod *self = NULL;
        Value *p = pod(&w, "100m", NULL);
        Decision d;

        value_set_at(w.a, p, "metadata.ownerReferences",
                     value_literal(w.a, "[{'uid':'o','kind':'ReplicaSet','controller':true}]"));
        assert_true(asprintf(&text,
                             "profiles: [{plugins: {score: {disabled: [{name: '*'}], enabled: "
                             "[{name: NodeResourcesFit}]}}, pluginConfig: [%s]}]",
                             cases[i].args) > 0);
        c = parse(text);
        node(&w, "full", "1", "{'metadata':{'labels':{'kind':'full'}}}");
        node(&w, "empty", "1", "{'metadata':{'labels':{'kind':'empty'}}}");
        put(&w, "acme", "q", p, "full");
        self = sched_pod_new("acme", p);
        d = decide(w.a,
                   &(DecideInput){.snapshot = w.s,
                                  .lister = &w.lister,
                                  .cluster = "acme",
                                  .pod = p,
                                  .self = self,
                                  .profile = &c->profiles[0]},
                   &w.start);
        assert_string_equal(d.node, cases[i].expected);
        end(&w);
    }
}
