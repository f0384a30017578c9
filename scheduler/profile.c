#include "scheduler/profile.h"

#include <pthread.h>

static const struct {
    const char *name;
    size_t at; /* the function of a Plugin; SIZE_MAX: no plug-in of ours has one */
} points[POINT_MAX_] = {
    [POINT_QUEUE_SORT] = {"queueSort", offsetof(Plugin, queue_sort)},
    [POINT_PRE_ENQUEUE] = {"preEnqueue", offsetof(Plugin, pre_enqueue)},
    [POINT_PRE_FILTER] = {"preFilter", offsetof(Plugin, pre_filter)},
    [POINT_FILTER] = {"filter", offsetof(Plugin, filter)},
    [POINT_POST_FILTER] = {"postFilter", offsetof(Plugin, post_filter)},
    [POINT_PRE_SCORE] = {"preScore", offsetof(Plugin, pre_score)},
    [POINT_SCORE] = {"score", offsetof(Plugin, score)},
    [POINT_RESERVE] = {"reserve", offsetof(Plugin, reserve)},
    [POINT_PERMIT] = {"permit", offsetof(Plugin, permit)},
    [POINT_PRE_BIND] = {"preBind", offsetof(Plugin, pre_bind)},
    [POINT_BIND] = {"bind", offsetof(Plugin, bind)},
    [POINT_POST_BIND] = {"postBind", SIZE_MAX},
};

static const ResourceWeight cpu_and_memory[] = {{"cpu", 1}, {"memory", 1}};
static const SpreadDefault spread_a_little[] = {
    {.key = "kubernetes.io/hostname", .max_skew = 3},
    {.key = "topology.kubernetes.io/zone", .max_skew = 5},
};

const PluginArgs plugin_args_default = {
    .fit = {.resources = cpu_and_memory, .n_resources = ARRAY_LEN(cpu_and_memory)},
    .balanced = {cpu_and_memory, ARRAY_LEN(cpu_and_memory)},
    .spread = {spread_a_little, ARRAY_LEN(spread_a_little), true},
    .affinity = {.hard_weight = 1},
    .preemption = {.percent = 10, .absolute = 100},
    .volumes = {.timeout_s = 600},
};

const char *point_name(PluginPoint p)
{
    return points[p].name;
}

int plugin_find(const char *name)
{
    for (uint32_t i = 0; i < scheduler__n_plugins; i++)
        if (str_eq(scheduler__plugins[i].name, name))
            return (int)i;
    return -1;
}

bool plugin_has(const Plugin *p, PluginPoint point)
{
    void (*fn)(void);

    if (points[point].at == SIZE_MAX)
        return false;
    memcpy(&fn, (const char *)p + points[point].at, sizeof(fn));
    return fn != NULL;
}

void profile_add(Profile *p, PluginPoint point, uint32_t index, int64_t weight)
{
    ProfileRows *at = &p->at[point];

    BUG_ON(at->n == PLUGINS_MAX);
    at->rows[at->n++] = (ProfileRow){&scheduler__plugins[index], index, weight};
}

static bool has_row(const ProfileRows *at, const Plugin *plugin)
{
    for (uint32_t i = 0; i < at->n; i++)
        if (at->rows[i].plugin == plugin)
            return true;
    return false;
}

static void keep_prepared(Profile *p, PluginPoint point, PluginPoint prepares)
{
    ProfileRows *at = &p->at[point];
    uint32_t n = 0;

    for (uint32_t i = 0; i < at->n; i++)
        if (!plugin_has(at->rows[i].plugin, prepares) ||
            has_row(&p->at[prepares], at->rows[i].plugin))
            at->rows[n++] = at->rows[i];
    at->n = n;
}

void profile_finish(Profile *p)
{
    keep_prepared(p, POINT_FILTER, POINT_PRE_FILTER);
    keep_prepared(p, POINT_SCORE, POINT_PRE_SCORE);
    keep_prepared(p, POINT_RESERVE, POINT_PRE_FILTER);
}

/* ---- the default ---- */

static Profile standard;

static void make_standard(void)
{
    standard.name = "default-scheduler";
    standard.args = plugin_args_default;
    for (uint32_t i = 0; i < scheduler__n_plugins; i++)
        for (PluginPoint k = 0; k < POINT_MAX_; k++)
            if (plugin_has(&scheduler__plugins[i], k))
                profile_add(&standard, k, i, scheduler__plugins[i].weight);
}

const Profile *profile_default(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, make_standard);
    return &standard;
}
