/*
 * volume_sync.h - which PersistentVolume a claim gets, what state both are in, and the volume that
 * the built-in provisioner makes. Pure.
 *
 * Follows upstream pkg/controller/volume/persistentvolume: pv_controller.go, index.go.
 *
 * Tests:   tests/unit/controllers/test_volume_sync.c
 */
#ifndef CONTROLLERS_VOLUME_SYNC_H
#define CONTROLLERS_VOLUME_SYNC_H

#include "controllers/ctl.h"

#define VOLUME_BIND_COMPLETED "pv.kubernetes.io/bind-completed"
#define VOLUME_BOUND_BY       "pv.kubernetes.io/bound-by-controller"
#define VOLUME_PROVISIONED_BY "pv.kubernetes.io/provisioned-by"
#define VOLUME_SELECTED_NODE  "volume.kubernetes.io/selected-node"
#define VOLUME_LOCAL_DIR      "hostplane.io/local-dir"     /* the built-in provisioner */
#define VOLUME_ROOT           "/var/lib/hostplane/volumes" /* on the node: ROOT/CLUSTER/VOLUME */

typedef enum ClaimVerb {
    CLAIM_NOTHING,
    CLAIM_PENDING,   /* set the phase; an event may say why */
    CLAIM_LOST,      /* set the phase, with the event */
    CLAIM_BIND,      /* to the plan's volume */
    CLAIM_PROVISION, /* its class has to make a volume */
} ClaimVerb;

typedef struct ClaimPlan {
    ClaimVerb verb;
    const Value *volume;
    const char *event_type, *reason, *message; /* NULL: no event */
} ClaimPlan;

const char *claim_class(const Value *claim);                      /* "" for none */
bool volume_is_of_claim(const Value *volume, const Value *claim); /* claimRef names it */
bool claim_has_class(const Value *claim);                         /* also "", a class of none */
/* The newest class marked as default; of one age, the first by name. NULL: none. */
const char *class_default(const Values *classes);
/* The volume that fits best; of one with the same number of access modes, one that was reserved for
 * the claim, else the smallest. `is_delayed`: only such a reservation counts. NULL: none. */
const Value *volume_find(Arena *a, const Value *claim, const Values *volumes, bool is_delayed);
/* Why the volume cannot serve the claim; NULL when it can. */
const char *volume_mismatch(Arena *a, const Value *volume, const Value *claim);

/* `volumes`: all of the cluster; `class`: the claim's, NULL when it does not exist. */
ClaimPlan claim_plan(Arena *a, const Value *claim, const Value *class, const Values *volumes);

typedef enum VolumeVerb {
    VOLUME_NOTHING,
    VOLUME_AVAILABLE, /* set the phase */
    VOLUME_BOUND,     /* set the phase */
    VOLUME_RELEASE,   /* set the phase Released if it is neither that nor Failed, then reclaim */
    VOLUME_UNBIND,    /* take the claimRef away (its uid, when a user wrote it) */
    VOLUME_ASK_CLAIM, /* the claim is to be looked at */
    VOLUME_MISMATCH,  /* the two have different volumeModes, and never come together */
} VolumeVerb;
/* `claim`: the one that claimRef names, NULL when there is none. */
VolumeVerb volume_plan(const Value *volume, const Value *claim);

/* Both objects as bind writes them; each true when something changed. */
bool volume_bind(Arena *a, Value *volume, const Value *claim);
bool claim_bind(Arena *a, Value *claim, const Value *volume);
bool claim_set_bound(Arena *a, Value *claim, const Value *volume); /* its status */
/* The status of a claim without a volume; true when it changed. */
bool claim_set_phase(Arena *a, Value *claim, const char *phase);

/* The volume for a claim on a node; NULL and *ret_why when the provisioner cannot make it. */
Value *volume_provision(Arena *a, const char *cluster, const Value *claim, const Value *class,
                        const Value *node, const char **ret_why);
/* A bound claim that asks for more than its volume has: the volume of the built-in provisioner has
 * it, as a directory has no size of its own. True when the volume changed. */
bool volume_grow(Arena *a, Value *volume, const Value *claim);
/* The claim has what its volume has got; true when its status changed. */
bool claim_grow(Arena *a, Value *claim, const Value *volume);
/* It asks for more than it has, and no resizer has begun. */
bool claim_waits_for_resizer(const Value *claim);
/* Do the class's allowedTopologies have the node? */
bool class_allows_node(const Value *class, const Value *node);

/* The claim of a pod's ephemeral volume. */
Value *claim_of_ephemeral(Arena *a, const Value *pod, const Value *volume);

#endif
