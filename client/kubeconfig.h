/*
 * kubeconfig.h - kubeconfig files: find, merge, read, change, and turn into HttpOptions.
 *
 * Owns:    nothing; results live in the caller's arena.
 * Threads: any, as far as the environment does not change.
 * Fails:   ERR_NOT_FOUND for a file, context, cluster or user that is not there; ERR_BAD_REQUEST
 *          for what cannot be read as a kubeconfig.
 * Tests:   tests/unit/client/test_kubeconfig.c
 */
#ifndef CLIENT_KUBECONFIG_H
#define CLIENT_KUBECONFIG_H

#include "client/http.h"

typedef struct Err Err;

typedef struct KubeconfigChoice { /* what command line flags override; members may be NULL */
    const char *context, *cluster, *user, *ns;
    const char *server, *token;
    bool is_insecure;
} KubeconfigChoice;

/* The files in force: `path`, else the list in $KUBECONFIG, else ~/.kube/config. Ends with NULL. */
const char *const *kubeconfig_files(Arena *a, const char *path);
/* The merged tree: the first file that sets a value wins. Relative paths in it become absolute.
 * Missing files are skipped unless `path` names one. */
int kubeconfig_load(Arena *a, const char *path, Value **ret, Err *err) MUST_CHECK;
int kubeconfig_parse(Arena *a, Slice text, Value **ret, Err *err) MUST_CHECK;
/* Write `config` to `path` by replacing the file, readable by its owner only. */
int kubeconfig_save(const char *path, const Value *config, Err *err) MUST_CHECK;

/* How to reach the chosen context (NULL choice: current-context). *ret_ns is the context's
 * namespace, "default" when it has none; may be NULL. Reads files that the config names. A program
 * that gives credentials is not run yet: ret->exec, closed with the arena. */
int kubeconfig_options(Arena *a, const Value *config, const KubeconfigChoice *choice,
                       HttpOptions *ret, const char **ret_ns, Err *err) MUST_CHECK;
/* The service account of the pod that we run in; ERR_NOT_FOUND outside of a pod. */
int kubeconfig_in_cluster(Arena *a, HttpOptions *ret, const char **ret_ns, Err *err) MUST_CHECK;

/* An entry of the lists "clusters", "users", "contexts": its inner object ("cluster", "user",
 * "context"), NULL when there is none of that name. */
Value *kubeconfig_entry(const Value *config, const char *list, const char *name);
/* Put `inner` there, replacing one of that name. */
void kubeconfig_set_entry(Arena *a, Value *config, const char *list, const char *name,
                          Value *inner);

#endif
