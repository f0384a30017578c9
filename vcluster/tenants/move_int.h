/*
 * move_int.h - what move.c (what there is, and which stage comes next), move_begin.c (what stands
 * in the way), move_copy.c and move_clear.c share. Private to tenants/.
 */
#ifndef VCLUSTER_TENANTS_MOVE_INT_H
#define VCLUSTER_TENANTS_MOVE_INT_H

#include "tenancy/move.h"
#include "vcluster/admission.h"
#include "vcluster/host.h"
#include "vcluster/spaces.h"

enum { MOVE_WRITES_A_STEP = 100 };

typedef struct MoveReport {
    const char *stage, *message;
    int64_t count;
} MoveReport;

typedef struct Move {
    Request *req;
    Op op; /* of the Tenant */
    Cluster *home, *shared, *from, *to;
    bool to_spaces;
    const Resource **kinds; /* namespaced ones of `from`, each once */
    uint32_t n_kinds;
    Obj **spaces; /* the namespaces that are moved, as they are in `from` */
    size_t n_spaces;
    int64_t n_written;
    bool takes_events; /* what is removed now of these comes along */
    int64_t since;     /* where the next stage begins with it: versions before are of `from` */
    MoveReport report;
} Move;

/* ---- the stages: each call is one step, which ends the request ---- */
int move__begin(Move *m);
int move__copy(Move *m);
int move__return(Move *m); /* `from` is where the copies are */
int move__clear(Move *m);

/* ---- the end of a step ---- */
int move__finish(Request *req, void *report); /* after the commit: answers with a MoveReport */
int move__report(Move *m, const char *stage, const char *message, int64_t count);
int move__commit(Move *m, const char *stage, const char *message);
int move__set_stage(Move *m,
                    void (*change)(Arena *a, Value *tenant, int64_t now_us, ClusterChange *ret));

/* ---- what there is ---- */
/* Of a storage that is loaded if need be; `ns` NULL: everywhere. */
int move__list(Move *m, Cluster *c, const char *storage, const char *ns, ObjVec *ret);
/* Walks what is in the moved namespaces, until a step has enough to write. `fn` answers a step; the
 * object is there for the call, and who wants it longer keeps it (engine_keep()). */
typedef int (*MoveFn)(Move *m, const Resource *r, Obj *o, void *data);
int move__each_of(Move *m, const Resource *r, MoveFn fn, void *data);
int move__each(Move *m, MoveFn fn, void *data);
/* Is there one of the kind in the moved namespaces? */
int move__is_used(Move *m, const Resource *r, bool *ret);
/* Of cluster scope, but not what the tenant's own cluster keeps in both modes. */
bool move__is_wide(const Resource *r);
bool move__is_over(Move *m, const Obj *pod);
/* From here on the kinds are those of this cluster. */
int move__switch_definitions(Move *m, Cluster *c);
/* What goes from here (`now` NULL) or comes (`old` NULL) is charged in the request's cluster. */
int move__charge(Move *m, const Resource *r, const char *ns, const Value *old, const Value *now);

#endif
