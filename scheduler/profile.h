/*
 * profile.h - a scheduler of a name of its own: which plug-ins its pods meet at which point, in
 * which order and with which weights, and what the plug-ins are told. A pod chooses by
 * spec.schedulerName.
 *
 * Owns:    nothing; strings and lists are borrowed from the configuration.
 * Threads: any once made.
 * Fails:   profile_add_*() with ERR_BAD_REQUEST.
 * Tests:   tests/unit/scheduler/test_config.c
 */
#ifndef SCHEDULER_PROFILE_H
#define SCHEDULER_PROFILE_H

#include "scheduler/library.h"

typedef enum PluginPoint {
    POINT_QUEUE_SORT,
    POINT_PRE_ENQUEUE,
    POINT_PRE_FILTER,
    POINT_FILTER,
    POINT_POST_FILTER,
    POINT_PRE_SCORE,
    POINT_SCORE,
    POINT_RESERVE,
    POINT_PERMIT,
    POINT_PRE_BIND,
    POINT_BIND,
    POINT_POST_BIND,
    POINT_MAX_
} PluginPoint;

typedef struct ProfileRow {
    const Plugin *plugin;
    uint32_t index; /* in scheduler__plugins: its bit of a rejected_by */
    int64_t weight;
} ProfileRow;

typedef struct ProfileRows {
    ProfileRow rows[PLUGINS_MAX];
    uint32_t n;
} ProfileRows;

/* ---- what plug-ins are told ---- */

typedef struct ResourceWeight {
    const char *name;
    int64_t weight;
} ResourceWeight;

typedef struct ShapePoint {
    int64_t utilization; /* percent, growing */
    int64_t score;       /* 0..10 */
} ShapePoint;

typedef enum FitStrategy { FIT_LEAST, FIT_MOST, FIT_RATIO } FitStrategy;

typedef struct FitArgs {
    FitStrategy strategy;
    const ResourceWeight *resources;
    uint32_t n_resources;
    const ShapePoint *shape; /* of FIT_RATIO */
    uint32_t n_shape;
    const Value *ignored, *ignored_groups; /* lists of names of extended resources, or NULL */
} FitArgs;

typedef struct SpreadDefault {
    const char *key;
    int64_t max_skew, min_domains;
    bool is_hard, ignores_affinity, honors_taints;
} SpreadDefault;

typedef struct PluginArgs {
    FitArgs fit;
    struct {
        const ResourceWeight *resources;
        uint32_t n;
    } balanced;
    struct {
        const SpreadDefault *items;
        uint32_t n;
        bool are_systems; /* a node may lack their keys */
    } spread;
    struct {
        const Value *required, *preferred; /* NodeSelector, list of terms; or NULL */
    } node_affinity;
    struct {
        int64_t hard_weight;
        bool ignores_preferred; /* those of pods that are there, unless the pod has some */
    } affinity;
    struct {
        int64_t percent, absolute; /* candidates that are enough */
    } preemption;
    struct {
        int64_t timeout_s;
    } volumes;
} PluginArgs;

struct Profile {
    const char *name;
    ProfileRows at[POINT_MAX_];
    CustomScore customs[LIBRARIES_MAX]; /* scores besides those at POINT_SCORE */
    uint32_t n_customs;
    PluginArgs args;
    int64_t nodes_percent; /* of the nodes that do are enough; 0: fewer the more there are */
};

#define profile_each(profile, point, row)                                                          \
    for (const ProfileRow *row = (profile)->at[(point)].rows,                                      \
                          *row##_end = row + (profile)->at[(point)].n;                             \
         row < row##_end; row++)

const char *point_name(PluginPoint p); /* "preFilter" */
/* The row of scheduler__plugins, or -1. */
int plugin_find(const char *name);
bool plugin_has(const Plugin *p, PluginPoint point);

/* "default-scheduler" with all plug-ins. */
const Profile *profile_default(void);
/* What plug-ins are told when nobody says anything. */
extern const PluginArgs plugin_args_default;
void profile_add(Profile *p, PluginPoint point, uint32_t index, int64_t weight);
/* A plug-in that may not prepare does not do what it prepares for either. */
void profile_finish(Profile *p);

#endif
