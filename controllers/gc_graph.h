/*
 * gc_graph.h - who depends on whom: from an owner's uid to the objects that refer to it.
 *
 * Owns:    its nodes, one for each object that has owner references and was seen.
 * Threads: any.
 * Frees:   gc_graph_free().
 * Fails:   never.
 * Tests:   tests/unit/controllers/test_gc_graph.c
 */
#ifndef CONTROLLERS_GC_GRAPH_H
#define CONTROLLERS_GC_GRAPH_H

#include "api/obj.h"

typedef struct GcGraph GcGraph;

typedef struct GcNode { /* all in the arena of whoever asked */
    const char *storage, *ns, *name;
} GcNode;

GcGraph *gc_graph_new(void);
void gc_graph_free(GcGraph *g);
DEFINE_CLEANUP(GcGraph, gc_graph_free);

/* Notes the object's owners; one without owners is forgotten. */
void gc_graph_put(GcGraph *g, const char *cluster, const char *storage, const Obj *o);
void gc_graph_del(GcGraph *g, const char *cluster, const char *storage, const char *ns,
                  const char *name);
void gc_graph_drop_cluster(GcGraph *g, const char *cluster);
GcNode *gc_graph_dependents(GcGraph *g, Arena *a, const char *cluster, const char *uid,
                            uint32_t *ret_n);

/* Has everything of the cluster been put in once? */
bool gc_graph_is_loaded(GcGraph *g, const char *cluster);
void gc_graph_set_loaded(GcGraph *g, const char *cluster);

#endif
