/*
 * score_plugin.h - the interface of a scoring function of your own, in a shared object that the
 * scheduler loads. Plain C, and stable: what is here keeps its meaning; what comes later is added
 * at the end of the structs and raises HOSTPLANE_SCORE_VERSION.
 *
 * A library exports one function, hostplane_score_plugin(). docs/examples/score-plugin is a whole
 * one, docs/scheduler.md says how it is configured.
 *
 * Owns:    everything that the scheduler passes belongs to the scheduler and lives until the call
 *          returns; what open() returns belongs to the library until close().
 * Threads: all functions of a library are called on one thread, between two decisions: they must
 *          not block, and their time is added to every decision that they take part in.
 * Fails:   open() with a message; score() cannot fail, a node without a wish gets 0.
 * Tests:   tests/e2e/test_scheduler_config.py
 */
#ifndef HOSTPLANE_SCORE_PLUGIN_H
#define HOSTPLANE_SCORE_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#define HOSTPLANE_SCORE_VERSION 1

/* The pod that looks for a node. Functions answer NULL for what is not there. */
typedef struct HostplanePod {
    const char *cluster; /* whose pod it is: the tenant */
    const char *ns, *name;
    int64_t cpu_milli, memory_bytes; /* what it requests */
    const char *(*label)(const struct HostplanePod *pod, const char *key);
    const char *(*annotation)(const struct HostplanePod *pod, const char *key);
    const char *(*json)(const struct HostplanePod *pod); /* the whole object */
    const void *scheduler;                               /* not yours */
} HostplanePod;

/* A node that the pod could go to, as its tenant sees it. What is taken of it is the truth of all
 * tenants. */
typedef struct HostplaneNode {
    const char *name;
    int64_t cpu_milli, memory_bytes; /* allocatable */
    int64_t cpu_milli_taken, memory_bytes_taken;
    uint32_t n_pods;
    const char *(*label)(const struct HostplaneNode *node, const char *key);
    const void *scheduler; /* not yours */
} HostplaneNode;

typedef struct HostplaneScorePlugin {
    uint32_t version; /* HOSTPLANE_SCORE_VERSION of the header it was compiled with */
    /* Once for each profile that enables it. `args` is the JSON of its pluginConfig, "null" when
     * there is none. NULL: refused, with a text in `error`, and the server does not start. May be
     * NULL when there is nothing to prepare. */
    void *(*open)(const char *args, char *error, size_t error_size);
    void (*close)(void *self); /* may be NULL */
    /* Writes one score a node, 0 to 100; others are cut. */
    void (*score)(void *self, const HostplanePod *pod, const HostplaneNode *nodes, size_t n,
                  int64_t *scores);
} HostplaneScorePlugin;

/* What the library exports. */
const HostplaneScorePlugin *hostplane_score_plugin(void);

#endif
