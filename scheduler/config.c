#include "scheduler/config.h"

#include "base/mem.h"
#include "base/yaml.h"
#include "scheduler/conf.h"

#include <errno.h>

/*
 * Which plug-ins a profile has is put together as kube-scheduler does it: what is enabled under
 * multiPoint holds for every point that the plug-in has a function for and starts from the default
 * list; what a point says by itself goes over it.
 */

enum { FILE_MAX = 1 << 20, WEIGHT_MAX = 1000000 };

#define API_VERSION "kubescheduler.config.k8s.io/v1"

/* A list of plug-ins as it is written: names with weights, 0 when none is given. */
typedef struct PluginList {
    struct {
        uint32_t index; /* in scheduler__plugins */
        int64_t weight;
    } items[PLUGINS_MAX];
    uint32_t n;
} PluginList;

typedef struct PluginSet {
    PluginList enabled;
    const Value *disabled;          /* [{name: ...}] or NULL */
    int64_t customs[LIBRARIES_MAX]; /* weights of enabled libraries; 0: not enabled */
    bool takes_customs;             /* libraries may be named here */
} PluginSet;

/* ---- plugins ---- */

static bool disables(const PluginSet *set, const char *name)
{
    const Value *v;

    value_each_item(set->disabled, i, v)
    {
        const char *said = value_get_str(v, "name");

        if (str_eq(said, name) || str_eq(said, "*"))
            return true;
    }
    return false;
}

static int list_find(const PluginList *l, uint32_t index)
{
    for (uint32_t i = 0; i < l->n; i++)
        if (l->items[i].index == index)
            return (int)i;
    return -1;
}

static void list_put(PluginList *l, uint32_t index, int64_t weight)
{
    BUG_ON(l->n == PLUGINS_MAX);
    l->items[l->n].index = index;
    l->items[l->n++].weight = weight;
}

static int library_find(const SchedConfig *c, const char *name)
{
    for (uint32_t i = 0; i < c->n_libraries; i++)
        if (str_eq(c->libraries[i].name, name))
            return (int)i;
    return -1;
}

static int enable(const SchedConfig *c, const Conf *at, const char *name, int64_t weight,
                  PluginSet *out, Err *err)
{
    int index = plugin_find(name), library = library_find(c, name);

    if (index < 0 && library < 0)
        return conf_wrong(at, err, "there is no plug-in \"%.100s\"", name);
    if (index < 0 && !out->takes_customs)
        return conf_wrong(at, err, "\"%.100s\" can only be enabled for score", name);
    if (index < 0 ? out->customs[library] != 0 : list_find(&out->enabled, (uint32_t)index) >= 0)
        return conf_wrong(at, err, "Duplicate value: \"%.100s\"", name);
    if (index < 0)
        out->customs[library] = MAX(weight, 1);
    else
        list_put(&out->enabled, (uint32_t)index, weight);
    return 0;
}

static int read_enabled(const SchedConfig *c, const Conf *item, PluginSet *out, Err *err)
{
    Conf at = conf_get(item, "name");
    const char *name = NULL;
    int64_t weight = 0;
    int r = CONF_CHECK(item, err, "name", "weight");

    r = r < 0 ? r : conf_str(item, "name", &name, err);
    r = r < 0 ? r : conf_int(item, "weight", 0, WEIGHT_MAX, &weight, err);
    if (r < 0)
        return r;
    if (!name || !name[0])
        return conf_wrong(&at, err, "Required value");
    return enable(c, &at, name, weight, out, err);
}

static int read_set(const SchedConfig *c, const Conf *set, PluginSet *out, Err *err)
{
    Conf list;
    uint32_t n;
    int r = CONF_CHECK(set, err, "enabled", "disabled");

    r = r < 0 ? r : conf_list(set, "enabled", &list, &n, err);
    for (uint32_t i = 0; r == 0 && i < n; i++) {
        Conf item = conf_item(&list, i);

        r = read_enabled(c, &item, out, err);
    }
    r = r < 0 ? r : conf_list(set, "disabled", &list, &n, err);
    out->disabled = list.v;
    for (uint32_t i = 0; r == 0 && i < n; i++) {
        Conf item = conf_item(&list, i);
        const char *name = "";

        r = CONF_CHECK(&item, err, "name", "weight");
        r = r < 0 ? r : conf_str(&item, "name", &name, err);
    }
    return r;
}

/* The default list, less what is disabled, with new weights, and with what is enabled besides. */
static PluginList whole_list(const PluginSet *multi)
{
    PluginList out = {.n = 0};

    for (uint32_t i = 0; i < scheduler__n_plugins; i++) {
        int said = list_find(&multi->enabled, i);

        if (!disables(multi, scheduler__plugins[i].name))
            list_put(&out, i,
                     said < 0 ? scheduler__plugins[i].weight : multi->enabled.items[said].weight);
    }
    for (uint32_t i = 0; i < multi->enabled.n; i++)
        if (list_find(&out, multi->enabled.items[i].index) < 0)
            list_put(&out, multi->enabled.items[i].index, multi->enabled.items[i].weight);
    return out;
}

static void add_row(Profile *p, PluginPoint point, uint32_t index, int64_t weight)
{
    profile_add(p, point, index, point == POINT_SCORE && weight == 0 ? 1 : weight);
}

/* One point: first what it says over a plug-in of the whole list, then the rest of that list, then
 * what it says besides. */
static int fill_point(Profile *p, PluginPoint point, const PluginList *all, const PluginSet *set,
                      const Conf *at, Err *err)
{
    const PluginList *own = &set->enabled;

    for (uint32_t i = 0; i < own->n; i++) {
        const Plugin *plugin = &scheduler__plugins[own->items[i].index];

        if (!plugin_has(plugin, point))
            return conf_wrong(at, err, "plug-in \"%s\" does nothing at this point", plugin->name);
        if (list_find(all, own->items[i].index) >= 0)
            add_row(p, point, own->items[i].index, own->items[i].weight);
    }
    for (uint32_t i = 0; i < all->n; i++) {
        const Plugin *plugin = &scheduler__plugins[all->items[i].index];

        if (plugin_has(plugin, point) && list_find(own, all->items[i].index) < 0 &&
            !disables(set, plugin->name))
            add_row(p, point, all->items[i].index, all->items[i].weight);
    }
    for (uint32_t i = 0; i < own->n; i++)
        if (list_find(all, own->items[i].index) < 0)
            add_row(p, point, own->items[i].index, own->items[i].weight);
    return 0;
}

static void add_customs(const SchedConfig *c, Profile *p, const PluginSet *multi,
                        const PluginSet *scores)
{
    for (uint32_t i = 0; i < c->n_libraries; i++) {
        int64_t weight = disables(scores, c->libraries[i].name) ? 0 : multi->customs[i];

        if (scores->customs[i] > 0)
            weight = scores->customs[i];
        if (weight > 0)
            p->customs[p->n_customs++] =
                (CustomScore){.library = &c->libraries[i], .weight = weight};
    }
}

static int read_plugins(const SchedConfig *to, const Conf *c, Profile *p, Err *err)
{
    PluginSet multi = {.takes_customs = true};
    Conf at = conf_get(c, "multiPoint");
    PluginList all;
    int r = CONF_CHECK(c, err, "queueSort", "preEnqueue", "preFilter", "filter", "postFilter",
                       "preScore", "score", "reserve", "permit", "preBind", "bind", "postBind",
                       "multiPoint");

    r = r < 0 ? r : read_set(to, &at, &multi, err);
    if (r < 0)
        return r;
    all = whole_list(&multi);
    for (PluginPoint k = 0; k < POINT_MAX_; k++) {
        PluginSet set = {.takes_customs = k == POINT_SCORE};

        at = conf_get(c, point_name(k));
        r = read_set(to, &at, &set, err);
        r = r < 0 ? r : fill_point(p, k, &all, &set, &at, err);
        if (r < 0)
            return r;
        if (k == POINT_SCORE)
            add_customs(to, p, &multi, &set);
    }
    at = conf_get(c, "queueSort");
    if (p->at[POINT_QUEUE_SORT].n != 1)
        return conf_wrong(&at, err, "exactly one plug-in must sort the queue");
    at = conf_get(c, "bind");
    if (p->at[POINT_BIND].n == 0)
        return conf_wrong(&at, err, "at least one plug-in must bind");
    profile_finish(p);
    return 0;
}

/* ---- profiles ---- */

static int read_plugin_config(const SchedConfig *to, const Conf *c, Profile *p, Err *err)
{
    const char *seen[CONF_ITEMS_MAX];
    Conf list;
    uint32_t n;
    int r = conf_list(c, "pluginConfig", &list, &n, err);

    for (uint32_t i = 0; r == 0 && i < n; i++) {
        Conf item = conf_item(&list, i), at = conf_get(&item, "name"),
             args = conf_get(&item, "args");
        const char *name = "";

        r = CONF_CHECK(&item, err, "name", "args");
        r = r < 0 ? r : conf_str(&item, "name", &name, err);
        if (r < 0)
            return r;
        if (!config__takes_args(name) && library_find(to, name) < 0)
            return conf_wrong(&at, err, "no plug-in \"%.100s\" takes arguments", name);
        seen[i] = name;
        for (uint32_t k = 0; k < i; k++)
            if (str_eq(seen[k], name))
                return conf_wrong(&at, err, "Duplicate value: \"%s\"", name);
        r = config__read_args(&args, name, &p->args, err);
    }
    return r;
}

/* The libraries are told last, so that nothing that was opened is lost by a later mistake. */
static int open_customs(const Conf *c, Profile *p, Err *err)
{
    Conf list = conf_get(c, "pluginConfig");
    uint32_t n = p->n_customs;

    p->n_customs = 0; /* those that are open, for sched_config_free() */
    for (uint32_t i = 0; i < n; i++) {
        CustomScore *s = &p->customs[i];
        Conf args = conf_get(c, s->library->name);
        const Value *v;
        int r;

        args.v = NULL;
        value_each_item(list.v, k, v) if (str_eq(value_get_str(v, "name"), s->library->name))
            args.v = value_get(v, "args");
        r = custom_score_open(s, s->library, args.v, err);
        if (r < 0)
            return err_wrap(err, r, "%s", args.path);
        p->n_customs++;
    }
    return 0;
}

static int read_profile(const Conf *c, SchedConfig *to, Err *err)
{
    Profile *p = &to->profiles[to->n_profiles];
    Conf plugins = conf_get(c, "plugins"), at = conf_get(c, "schedulerName");
    int r =
        CONF_CHECK(c, err, "schedulerName", "plugins", "pluginConfig", "percentageOfNodesToScore");

    p->args = plugin_args_default;
    r = r < 0 ? r : conf_str(c, "schedulerName", &p->name, err);
    r = r < 0 ? r : conf_int(c, "percentageOfNodesToScore", 0, 100, &p->nodes_percent, err);
    r = r < 0 ? r : read_plugins(to, &plugins, p, err);
    r = r < 0 ? r : read_plugin_config(to, c, p, err);
    if (r < 0)
        return r;
    if (!p->name || !p->name[0])
        return conf_wrong(&at, err, "Required value");
    for (uint32_t i = 0; i < to->n_profiles; i++)
        if (str_eq(to->profiles[i].name, p->name))
            return conf_wrong(&at, err, "Duplicate value: \"%.100s\"", p->name);
    to->n_profiles++;
    return open_customs(c, p, err);
}

static int read_profiles(const Conf *c, int64_t nodes_percent, SchedConfig *to, Err *err)
{
    Conf list;
    uint32_t n;
    int r = conf_list(c, "profiles", &list, &n, err);

    if (r < 0)
        return r;
    if (n > PROFILES_MAX)
        return conf_wrong(&list, err, "has more than %d items", PROFILES_MAX);
    to->profiles = arena_array(c->arena, Profile, MAX(n, 1));
    for (uint32_t i = 0; r == 0 && i < n; i++) {
        Conf item = conf_item(&list, i);

        to->profiles[i].nodes_percent = nodes_percent;
        to->profiles[i].name = n == 1 ? profile_default()->name : NULL;
        r = read_profile(&item, to, err);
    }
    if (r == 0 && n == 0) {
        to->profiles[0] = *profile_default();
        to->profiles[0].nodes_percent = nodes_percent;
        to->n_profiles = 1;
    }
    return r;
}

/* ---- libraries ---- */

static int read_libraries(const Conf *c, SchedConfig *to, Err *err)
{
    Conf list;
    uint32_t n;
    int r = conf_list(c, "libraries", &list, &n, err);

    if (r == 0 && n > LIBRARIES_MAX)
        return conf_wrong(&list, err, "has more than %d items", LIBRARIES_MAX);
    for (uint32_t i = 0; r == 0 && i < n; i++) {
        Conf item = conf_item(&list, i), at = conf_get(&item, "name");
        const char *name = NULL, *path = "";

        r = CONF_CHECK(&item, err, "name", "path");
        r = r < 0 ? r : conf_str(&item, "name", &name, err);
        r = r < 0 ? r : conf_str(&item, "path", &path, err);
        if (r < 0)
            return r;
        if (!name || !name[0])
            return conf_wrong(&at, err, "Required value");
        if (plugin_find(name) >= 0 || library_find(to, name) >= 0)
            return conf_wrong(&at, err, "Duplicate value: \"%.100s\"", name);
        r = library_open(name, path, &to->libraries[i], err);
        if (r < 0)
            return err_wrap(err, r, "%s.path", item.path);
        to->n_libraries++;
    }
    return r;
}

/* ---- the file ---- */

static int read_kind(const Conf *c, Err *err)
{
    Conf version = conf_get(c, "apiVersion"), kind = conf_get(c, "kind");

    if (!str_eq(value_to_cstr(version.v), API_VERSION))
        return conf_wrong(&version, err, "must be \"" API_VERSION "\"");
    if (!str_eq(value_to_cstr(kind.v), "KubeSchedulerConfiguration"))
        return conf_wrong(&kind, err, "must be \"KubeSchedulerConfiguration\"");
    return 0;
}

/* Fields that say how the program itself runs are read and mean nothing here: there is no leader to
 * elect and no connection to configure. */
static int read_top(const Conf *c, SchedConfig *to, Err *err)
{
    int64_t percent = 0, parallelism = 0;
    Conf at = conf_get(c, "podMaxBackoffSeconds");
    int r = CONF_CHECK(c, err, "apiVersion", "kind", "parallelism", "leaderElection",
                       "clientConnection", "enableProfiling", "enableContentionProfiling",
                       "healthzBindAddress", "metricsBindAddress", "delayCacheUntilActive",
                       "percentageOfNodesToScore", "podInitialBackoffSeconds",
                       "podMaxBackoffSeconds", "profiles", "extenders", "libraries");

    r = r < 0 ? r : read_kind(c, err);
    r = r < 0 ? r : conf_int(c, "parallelism", 1, INT32_MAX, &parallelism, err);
    r = r < 0 ? r : conf_int(c, "percentageOfNodesToScore", 0, 100, &percent, err);
    r = r < 0 ? r
              : conf_int(c, "podInitialBackoffSeconds", 1, INT32_MAX, &to->backoff_first_s, err);
    r = r < 0 ? r : conf_int(c, "podMaxBackoffSeconds", 1, INT32_MAX, &to->backoff_max_s, err);
    if (r < 0)
        return r;
    if (to->backoff_max_s < to->backoff_first_s)
        return conf_wrong(&at, err,
                          "Invalid value: %lld: must not be less than "
                          "podInitialBackoffSeconds",
                          (long long)to->backoff_max_s);
    r = read_libraries(c, to, err);
    r = r < 0 ? r : read_profiles(c, percent, to, err);
    return r < 0 ? r : config__read_extenders(c, to, err);
}

int sched_config_parse(Slice text, const char *name, SchedConfig **ret, Err *err)
{
    Arena *a = arena_new();
    CLEANUP(sched_config_free) SchedConfig *c = arena_new0(a, SchedConfig);
    Value *v = NULL;
    Conf top = {a, NULL, ""};
    int r;

    *c = (SchedConfig){.arena = a, .backoff_first_s = 1, .backoff_max_s = 10};
    if (text.len == 0) {
        r = read_profiles(&top, 0, c, err);
    } else {
        r = value_parse_yaml(a, text, &v, err);
        top.v = v;
        if (r == 0 && !value_is(v, VALUE_OBJECT))
            r = err_set(err, ERR_BAD_REQUEST, "not a mapping");
        r = r < 0 ? r : read_top(&top, c, err);
    }
    if (r < 0)
        return err_wrap(err, r, "%s", name);
    *ret = TAKE(c);
    return 0;
}

int sched_config_load(const char *path, SchedConfig **ret, Err *err)
{
    AUTO_BUF text = BUF_INIT;
    char buf[4096];
    size_t n;
    FILE *f = fopen(path, "re");

    if (!f)
        return err_set(err, ERR_BAD_REQUEST, "%s: %s", path, strerror(errno));
    while ((n = fread(buf, 1, sizeof(buf), f)) > 0 && text.len <= FILE_MAX)
        buf_add(&text, buf, n);
    fclose(f);
    if (text.len == 0 || text.len > FILE_MAX)
        return err_set(err, ERR_BAD_REQUEST, "%s: %s", path,
                       text.len == 0 ? "is empty" : "is larger than a megabyte");
    return sched_config_parse(buf_slice(&text), path, ret, err);
}

void sched_config_free(SchedConfig *c)
{
    if (!c)
        return;
    for (uint32_t i = 0; i < c->n_profiles; i++)
        for (uint32_t k = 0; k < c->profiles[i].n_customs; k++)
            custom_score_close(&c->profiles[i].customs[k]);
    for (uint32_t i = 0; i < c->n_libraries; i++)
        library_close(&c->libraries[i]);
    arena_free(c->arena);
}

const Profile *sched_config_profile(const SchedConfig *c, const char *scheduler_name)
{
    const char *name =
        scheduler_name && scheduler_name[0] ? scheduler_name : profile_default()->name;

    for (uint32_t i = 0; i < c->n_profiles; i++)
        if (str_eq(c->profiles[i].name, name))
            return &c->profiles[i];
    return NULL;
}
