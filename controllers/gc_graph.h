/*
 * gc_graph.h - who depends on whom: from an owner's uid to the objects that refer to it.
 *
 * Owns:    its nodes, one for each object that has owner references and was seen; and a note of
 *          each of the last owners that are gone.
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

/* An object is gone that others may refer to: remembered until as many again have gone. */
void gc_graph_note_gone(GcGraph *g, const char *cluster, const char *storage, const Obj *o);
/* Is it known to be gone, of whatever kind the API group (or, not NULL, the storage name) has under
 * that name, and where a dependent in `ns` would look for it? */
bool gc_graph_is_gone(GcGraph *g, const char *cluster, const char *uid, const char *group,
                      const char *storage, const char *ns, const char *name);

/* An owner of the object is of a kind that nobody knows yet; it is noted until the object changes.
 */
void gc_graph_set_unresolved(GcGraph *g, const char *cluster, const GcNode *node);
GcNode *gc_graph_unresolved(GcGraph *g, Arena *a, const char *cluster, uint32_t *ret_n);

/* Has everything of the cluster been put in once? */
bool gc_graph_is_loaded(GcGraph *g, const char *cluster);
void gc_graph_set_loaded(GcGraph *g, const char *cluster);

#endif
