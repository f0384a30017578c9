/*
 * node_pace.h - how many nodes there are, when each was last seen to live, how many of each zone
 * are well, when the next dead one may be given up, and whether there are addresses for more.
 *
 * Owns:    its counts, one entry a zone, and one a node.
 * Threads: any.
 * Frees:   node_pace_free().
 * Fails:   never.
 * Tests:   tests/unit/controllers/test_node_pace.c
 */
#ifndef CONTROLLERS_NODE_PACE_H
#define CONTROLLERS_NODE_PACE_H

#include "controllers/nodelife_sync.h"

typedef struct NodePace NodePace;

typedef struct ZoneNote { /* of one node */
    const char *zone;
    bool is_ready;
} ZoneNote;

NodePace *node_pace_new(void);
void node_pace_free(NodePace *p);
DEFINE_CLEANUP(NodePace, node_pace_free);

/* The node shows this sign of life: when, by our own clock, was that first seen? What a node says
 * of the time is not asked: its clock may be wrong, or the node lie. */
int64_t node_pace_seen(NodePace *p, const char *node, int64_t sign, int64_t now_us);
void node_pace_forget(NodePace *p, const char *node);

bool node_pace_is_stale(NodePace *p, int64_t now_us); /* the counts are older than a second */
void node_pace_count(NodePace *p, const ZoneNote *notes, uint32_t n, int64_t now_us);
/* May a node of the zone that is not ready be given up now? A yes is taken into account. */
NodeExpel node_pace_ask(NodePace *p, const char *zone, bool is_expelled, int64_t now_us);

/* How many nodes there are: asked anew when that is not known or was long ago. */
bool node_pace_size_is_stale(NodePace *p, int64_t now_us);
void node_pace_set_size(NodePace *p, int64_t n_nodes, int64_t now_us);
unsigned node_pace_ttl_step(NodePace *p); /* of that number: nodelife_ttl_step() */

/* Address ranges that are used up stay so until a node goes. Who gives them asks for the number of
 * nodes that have gone, then looks, then says with that number what he has found: a node that went
 * meanwhile may have made room. */
uint64_t node_pace_n_gone(NodePace *p);
void node_pace_set_used_up(NodePace *p, bool is_used_up, uint64_t n_gone);
bool node_pace_is_used_up(NodePace *p);
/* A node has gone; true when the ranges were used up. */
bool node_pace_gone(NodePace *p);

#endif
