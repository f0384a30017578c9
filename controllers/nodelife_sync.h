/*
 * nodelife_sync.h - judging a node's life, its taints, its address range, and when a pod must leave
 * it. Pure.
 *
 * Follows upstream pkg/controller/nodelifecycle, tainteviction and ttl.
 *
 * Tests:   tests/unit/controllers/test_nodelife_sync.c
 */
#ifndef CONTROLLERS_NODELIFE_SYNC_H
#define CONTROLLERS_NODELIFE_SYNC_H

#include "api/address.h"
#include "controllers/ctl.h"

/* A number that is another one after each heartbeat: of the node's lease, or of its status. */
int64_t nodelife_sign(const Value *node, const Value *lease);
/* Turn the conditions Unknown when the last sign of life was seen longer than grace_ms ago. True
 * when any changed. */
bool nodelife_judge(Arena *a, Value *node, int64_t seen_us, int64_t grace_ms, int64_t now_us);
/* The labels of old names follow those of today's; true when any changed. */
bool nodelife_label(Arena *a, Value *node);
/* How long agents may keep what they have read, by the number of nodes, as upstream's
 * pkg/controller/ttl: the step that follows from the last one, which is kept a little beyond its
 * bounds so that a node that comes and goes does not change all others. */
unsigned nodelife_ttl_step(unsigned last, int64_t n_nodes);
/* The annotation that says it; true when it was another. */
bool nodelife_set_ttl(Arena *a, Value *node, unsigned step);
/* Bring the taints that stand for conditions and for spec.unschedulable up to date; true when
 * spec.taints changed. Other taints stay as they are. */
typedef enum NodeExpel {
    NODE_EXPEL,         /* NoExecute taints come as the conditions say */
    NODE_EXPEL_WAIT,    /* none comes now */
    NODE_EXPEL_RETRACT, /* those that are there go */
} NodeExpel;
bool nodelife_taint(Arena *a, Value *node, NodeExpel expel, int64_t now_us);
bool nodelife_is_expelled(const Value *node); /* has one of the NoExecute taints of its life */

/*
 * How fast the pods of dead nodes are evicted: the more of a zone is down, the less likely it is
 * that the nodes are. Where everything is down, it is us who are cut off, and nobody is evicted.
 */
typedef struct ZoneCount {
    int64_t ready, not_ready;
} ZoneCount;
enum { ZONE_NEVER = -1 };
/* Milliseconds from one node to the next in a zone; ZONE_NEVER: none. */
int64_t nodelife_zone_interval_ms(ZoneCount zone);
bool nodelife_zone_is_down(ZoneCount zone); /* all of it */
const char *nodelife_zone(Arena *a, const Value *node);

/* When must the pod leave because of NoExecute taints? 0: it may stay. Of a taint that does not say
 * when it came the pod's time runs from `since_us` on, of one that was there before the pod, from
 * when the pod was bound. */
int64_t nodelife_eviction_us(const Value *pod, const Value *node, int64_t since_us);

/* The first /mask block of the range that no text in `used` names; NULL when all are taken. */
const char *nodelife_free_cidr(Arena *a, const AddressRange *range, unsigned mask,
                               const char *const *used, size_t n_used);

/* Which ended pods of a cluster go so that `keep` are left: evicted ones first, then the oldest.
 * They come to the front of the list; returns how many. */
uint32_t terminated_to_go(Values *pods, int64_t keep);

#endif
