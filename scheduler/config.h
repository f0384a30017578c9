/*
 * config.h - the scheduler's configuration file: KubeSchedulerConfiguration of
 * kubescheduler.config.k8s.io/v1, YAML or JSON. docs/scheduler.md says what it takes.
 *
 * Owns:    its arena, with profiles, strings and trees, and the libraries that it names.
 * Threads: one while it is made; any may read it after.
 * Frees:   sched_config_free(), after everything that got a Profile of it.
 * Fails:   ERR_BAD_REQUEST, in one line that names the file and the place in it.
 * Tests:   tests/unit/scheduler/test_config.c, tests/fuzz/fuzz_schedconfig.c
 */
#ifndef SCHEDULER_CONFIG_H
#define SCHEDULER_CONFIG_H

#include "scheduler/profile.h"

typedef struct Err Err;
typedef struct Conf Conf;

enum { PROFILES_MAX = 64 };

/* A program that is asked over HTTP (extender.h). */
typedef struct ExtenderConf {
    const char *url;                                  /* what the verbs are put behind */
    const char *filter, *prioritize, *preempt, *bind; /* verbs; NULL: it takes no part in it */
    int64_t weight, timeout_ms;
    bool knows_nodes;  /* names are enough */
    bool is_ignorable; /* its failures do not count */
    bool is_insecure;
    const char *server_name, *ca_pem, *cert_pem, *key_pem;
    const Value *managed; /* [{name}]: only pods that ask for one of these; NULL: all */
} ExtenderConf;

typedef struct SchedConfig {
    Arena *arena;
    Profile *profiles;
    ExtenderConf *extenders;
    Library libraries[LIBRARIES_MAX];
    uint32_t n_profiles, n_extenders, n_libraries;
    int64_t backoff_first_s, backoff_max_s;
} SchedConfig;

/* `text` is the file `name`; one of zero bytes is what holds without a file. */
int sched_config_parse(Slice text, const char *name, SchedConfig **ret, Err *err) MUST_CHECK;
int sched_config_load(const char *path, SchedConfig **ret, Err *err) MUST_CHECK;
void sched_config_free(SchedConfig *c);
DEFINE_CLEANUP(SchedConfig, sched_config_free);

/* Whose pods these are: NULL when somebody else's. An absent or empty name is the default's. */
const Profile *sched_config_profile(const SchedConfig *c, const char *scheduler_name);

/* ---- config_args.c: the pluginConfig entry of one plug-in ---- */
bool config__takes_args(const char *plugin);
int config__read_args(const Conf *args, const char *plugin, PluginArgs *out, Err *err) MUST_CHECK;

/* ---- config_extender.c: after the profiles ---- */
int config__read_extenders(const Conf *top, SchedConfig *to, Err *err) MUST_CHECK;

#endif
