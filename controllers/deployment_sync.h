/*
 * deployment_sync.h - how a Deployment's replicas are spread over its ReplicaSets. Pure arithmetic
 * and pure status; the wiring is deployment.c.
 *
 * Follows upstream pkg/controller/deployment: sync.go (scaling), rolling.go, progress.go.
 *
 * Tests:   tests/unit/controllers/test_deployment_sync.c
 */
#ifndef CONTROLLERS_DEPLOYMENT_SYNC_H
#define CONTROLLERS_DEPLOYMENT_SYNC_H

#include "base/value.h"

typedef struct ReplicaSetView {
    Value *v;         /* may be NULL in tests */
    int64_t replicas; /* spec */
    int64_t status_replicas, ready, available;
    int64_t terminating; /* -1: its status does not say */
    int64_t created_us;
    int64_t max_replicas; /* annotation deployment.kubernetes.io/max-replicas; 0: none */
    int64_t desired;      /* annotation desired-replicas; -1: none */
    bool is_new;
} ReplicaSetView;

typedef struct DeploymentView {
    int64_t replicas;
    int64_t max_surge, max_unavailable; /* resolved against replicas */
    bool is_recreate;
    int64_t status_replicas;
} DeploymentView;

/* maxSurge is rounded up, maxUnavailable down, and both 0 means 1 unavailable. */
void deployment_fenceposts(const Value *deployment, int64_t *ret_surge, int64_t *ret_unavailable);
DeploymentView deployment_view(const Value *deployment);

/* Each fills want[i] with the size that rs[i] is to have (its present one if none) and returns
 * whether any changes. `rs` is sorted by creation, old first; one of them at most is new. */
bool deployment_scale(const DeploymentView *d, const ReplicaSetView *rs, uint32_t n,
                      int64_t *want); /* proportional, after spec.replicas was changed */
bool deployment_roll_up(const DeploymentView *d, const ReplicaSetView *rs, uint32_t n,
                        int64_t *want); /* the new one */
bool deployment_roll_down(const DeploymentView *d, const ReplicaSetView *rs, uint32_t n,
                          int64_t *want); /* the old ones */
/* Size of a new ReplicaSet at its creation, beside those that exist. */
int64_t deployment_first_size(const DeploymentView *d, const ReplicaSetView *rs, uint32_t n);

/* pod-template-hash: FNV-1a of the template's canonical text and the collision count, in the
 * alphabet of generated names. `out` holds 16 bytes. */
char *deployment_template_hash(const Value *template, int64_t collisions, char out[16]);
/* Equal but for the label pod-template-hash? */
bool deployment_same_template(Arena *a, const Value *x, const Value *y);

/* The revisions that a ReplicaSet has had, with one more at the end, the oldest dropped so that the
 * text stays within DEPLOYMENT_HISTORY_MAX (deployment_util.go, SetNewReplicaSetAnnotations). */
enum { DEPLOYMENT_HISTORY_MAX = 2000 };
const char *deployment_history(Arena *a, const char *history, const char *was);

/* The counters, Available condition and observedGeneration. */
Value *deployment_status(Arena *a, const Value *d, const ReplicaSetView *rs, uint32_t n,
                         int64_t now_us);
/* Adds Progressing and ReplicaFailure to what deployment_status() made (under `d`'s copy). Returns
 * in how many ms the deadline is to be looked at, 0 for never. */
int64_t deployment_progress(Arena *a, const Value *d, Value *status, const ReplicaSetView *rs,
                            uint32_t n, int64_t now_us);
bool deployment_is_complete(const Value *d, const Value *status);

#endif
