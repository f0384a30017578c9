/*
 * group.h - pods that go together or not at all (gangs).
 *
 * A pod says with the label scheduling.x-k8s.io/pod-group which group of its namespace it belongs
 * to. How many must have a place at once is said by a PodGroup of that name
 * (scheduling.x-k8s.io/v1alpha1, spec.minMember and scheduleTimeoutSeconds, if the cluster has that
 * kind), else by the pod's own label pod-group.scheduling.sigs.k8s.io/min-available, whose
 * companion .../name may name the group as well. Without either, the pod goes alone.
 *
 *   decided, room taken ----> HELD ----> enough members have a node: all are bound
 *                              |
 *                              +-------> a member finds no node, or the time is up: all give their
 *                                        room back and wait for what may help that member
 *
 * Owns:    its groups, and the tasks held in them.
 * Threads: the scheduler's only.
 * Frees:   groups_free(), with the tasks that are held.
 * Fails:   never.
 * Tests:   tests/unit/scheduler/test_group.c, tests/e2e/test_scheduler_config.py
 */
#ifndef SCHEDULER_GROUP_H
#define SCHEDULER_GROUP_H

#include "base/list.h"
#include "base/map.h"
#include "client/client.h"

enum { GROUP_TIMEOUT_S = 60, GROUP_TIMEOUT_MAX_S = 600, GROUP_MEMBERS_MAX = 100000 };

typedef struct Group {
    char *id, *cluster, *ns, *name; /* id: "cluster/ns/name" */
    Map members;                    /* ids of pods that are not over */
    int64_t since_us;               /* its first member came; its pods are sorted by it */
    List held;                      /* BindTask.link */
    int64_t deadline_us;            /* of those held */
    List in_waiting;                /* of the groups that hold something */
} Group;

/* How much of a group must go at once. */
typedef struct GroupNeed {
    uint32_t min;
    int64_t timeout_us;
} GroupNeed;

typedef struct Groups Groups;

Groups *groups_new(void);
void groups_free(Groups *g);
DEFINE_CLEANUP(Groups, groups_free);

/* The name of the pod's group, or NULL. */
const char *group_name(const Value *pod);
/* False: nobody says how many, the pod goes alone. */
bool group_need(Lister *l, const char *cluster, const Value *pod, GroupNeed *ret);

/* A pod that is not over was seen: its group, NULL when it has none. */
Group *groups_add(Groups *g, const char *cluster, const Value *pod, const char *id, int64_t now_us);
void groups_remove(Groups *g, const char *id); /* the pod is over */
void groups_remove_cluster(Groups *g, const char *cluster);
Group *groups_of(const Groups *g, const char *id);

void group_hold(Groups *g, Group *to, List *task, int64_t timeout_us, int64_t now_us);
/* Those held, in a list of the caller's; the group holds none then. */
void group_take_held(Groups *g, Group *from, List *ret);
/* A group whose time is up; NULL: none. */
Group *groups_next_due(Groups *g, int64_t now_us);
int64_t groups_delay_ms(const Groups *g, int64_t now_us); /* -1: nothing is held */

#endif
