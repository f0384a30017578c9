/*
 * topology.h - the domains that nodes lie in: for each node label that decisions ask for, the
 * number of the domain (the label's value) of every node, so that pods are counted by number and
 * not by text.
 *
 * Numbers are of (key, value), the same for all tenants. Nodes go by their slot in the snapshot;
 * where a tenant has laid labels of its own over a node, domain_of() (snapshot.h) asks
 * topology_domain() instead of the table.
 *
 * Owns:    its keys. They stay until topology_trim(), which forgets all when there are many.
 * Threads: the scheduler's only.
 * Frees:   topology_done().
 * Fails:   never.
 * Tests:   tests/unit/scheduler/test_topology.c
 */
#ifndef SCHEDULER_TOPOLOGY_H
#define SCHEDULER_TOPOLOGY_H

#include "base/map.h"
#include "base/value.h"

typedef struct Topology Topology;

typedef struct TopologyKey {
    char *name;
    int32_t *of; /* slot -> domain, -1: the node has no such label; NULL: no node has it */
    uint32_t cap;
    Map values; /* value -> domain + 1 */
} TopologyKey;

struct Topology {
    Map keys;        /* name -> TopologyKey */
    int32_t n_ids;   /* numbers given so far */
    uint32_t *marks; /* by domain: for topology_mark() */
    int32_t cap_marks;
    uint32_t mark;
};

void topology_done(Topology *t);
/* Forgets everything when there is much of it, and says so: keys and numbers are no longer good. */
bool topology_trim(Topology *t);

/* NULL: it is not known yet; then topology_add_key() and topology_set_label() for each node. */
TopologyKey *topology_key(const Topology *t, const char *name);
TopologyKey *topology_add_key(Topology *t, const char *name);
int32_t topology_domain(Topology *t, TopologyKey *k, const char *value);
void topology_set_label(Topology *t, TopologyKey *k, uint32_t slot, const char *value);

/* What the node at a slot says of all known keys; labels NULL: none. */
void topology_set_node(Topology *t, uint32_t slot, const Value *labels);
void topology_move_node(Topology *t, uint32_t from, uint32_t to);

/* Counting different domains: topology_mark_begin(), then topology_mark() is true the first time.
 */
void topology_mark_begin(Topology *t);
bool topology_mark(Topology *t, int32_t domain);

#endif
