/*
 * config.h - the server's options: one table for flags, environment, file and help.
 *
 * An option --some-name is also HOSTPLANE_SOME_NAME in the environment and some-name in the YAML
 * file named by --config. A flag wins over the environment, that over the file, that over the
 * default. Lists are repeated flags, comma-separated in the environment, lists in the file.
 *
 * Owns:    its arena, with all strings.
 * Threads: one; read-only after config_load().
 * Frees:   config_done().
 * Fails:   ERR_BAD_REQUEST with a text that names the option.
 * Tests:   tests/unit/hostplane/test_config.c
 */
#ifndef HOSTPLANE_CONFIG_H
#define HOSTPLANE_CONFIG_H

#include "base/arena.h"

typedef struct Err Err;

typedef struct Config {
    Arena *arena;
    const char *data_dir, *database_url, *config, *external_url, *domain, *log_level, *log_format;
    const char *pod_cidr, *service_cidr, *postgres_bin_dir, *scheduler_config,
        *authentication_config;
    const char *const *listen; /* lists end with NULL */
    const char *const *names;
    const char *const *key_providers;
    const char *const *encrypted_resources; /* of the provider's own cluster */
    const char *default_key_provider;
    int64_t key_check_s, key_ttl_s;
    int64_t threads, shards, workers, max_connections, request_timeout_s, drain_timeout_s;
    int64_t history_hours, history_max_hours, compaction_s, cache_idle_s, terminated_pods;
    bool log_requests, controllers, scheduler;
    bool webhook_private_urls, allow_swap;
    const char *audit_policy, *audit_mode, *audit_file, *audit_webhook, *audit_webhook_ca;
    int64_t audit_days, audit_file_mb, audit_file_backups;
    /* not options */
    bool wants_help;
    const char *const *args; /* what is not an option; ends with NULL */
} Config;

/* argv without program and sub-command. */
int config_load(int argc, char **argv, Config *ret, Err *err) MUST_CHECK;
void config_done(Config *c);

void config_print_help(FILE *out);             /* the table of options */
void config_print(const Config *c, FILE *out); /* what is in effect, as a file */

#endif
