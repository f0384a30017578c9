/*
 * spaces.h - namespaces as tenancy: a tenant of isolation mode `namespace` owns namespaces in the
 * cluster of another tenant, which is shared, and sees that cluster as if nothing else were in it.
 *
 * DESIGN. A namespace says by two labels whose it is: the tenant's name and the uid of the tenant's
 * cluster; both must agree, so that a later tenant of the same name owns nothing of an earlier one.
 * The tenant's own cluster holds its credentials, its terms, its counters, and the ClusterRoles and
 * ClusterRoleBindings that hold in all of its namespaces. Everything else it asks for at its own
 * address is served by the shared cluster through a SpaceView:
 *
 *   authz.c     asks spaces_authorize(): a wall that no role opens (only own namespaces, no cluster
 *               scope), and within it the tenant's own cluster roles and the namespaces' roles
 *   engine.c    asks spaces_route(): which of the two clusters answers
 *   verbs_read, watch   ask a SpaceFilter what shows
 *   admission   spaces_mutate, spaces_validate: who may make and change which namespace
 *   accounts.c  charges the owner of a namespace for what is written into it
 *
 * A tenant goes with its namespaces in one transaction. One that is made meanwhile writes a mark
 * into the tenant's own cluster, which then is not what the deletion has looked at, so that it
 * looks again.
 *
 * A tenant can be moved from here to a cluster of its own and back (tenants/move.c); meanwhile both
 * are its, and `terms->beside` is the shared one.
 *
 * A service account of an owned namespace gets the same view wherever it comes in.
 *
 * Threads: the request's; a SpaceFilter is its owner's.
 * Fails:   as the engine does.
 * Tests:   tests/unit/vcluster/test_spaces.c, tests/e2e/test_spaces.py
 */
#ifndef VCLUSTER_SPACES_H
#define VCLUSTER_SPACES_H

#include "vcluster/vcluster_int.h"

#define SPACE_TENANT_LABEL "tenancy.hostplane.io/tenant"
#define SPACE_UID_LABEL    "tenancy.hostplane.io/tenant-uid"

typedef struct SpaceView {
    Cluster *home; /* the tenant's own cluster; kept by the request */
    const TenantTerms *terms;
} SpaceView;

/* Find out whether this request sees only namespaces, and send it to the shared cluster. */
int spaces_enter(Request *req);
/* After authorisation: the cluster that answers. */
int spaces_route(Request *req);
int spaces_authorize(Request *req, const User *u, const RbacAttrs *at, bool *ret,
                     const char **ret_reason);

/* What is asked for as of a version before this one is too old, as the objects came here then; 0:
 * they always were here. */
int64_t spaces_since(const Request *req);

/* Is this the name of a namespace that the tenant may make? */
bool spaces_is_own_name(const char *tenant, const char *name);
/* Of cluster scope, and answered by the tenant's own cluster. */
bool spaces_is_home(const Resource *r);

/* Who owns this namespace of the cluster `c`: a tenant's own cluster that the request keeps, NULL
 * for nobody. */
int spaces_owner(Request *req, Cluster *c, const Obj *ns, Cluster **ret);
int spaces_owner_of(Request *req, Cluster *c, const char *ns, Cluster **ret);

int spaces_mutate(Request *req, Op *op);
int spaces_validate(Request *req, Op *op);
/* A namespace of this tenant is being made: a write into the tenant's own cluster, so that whoever
 * deletes the tenant meanwhile looks again. */
int spaces_mark(Request *req, Cluster *home, const char *ns);
/* Writes that mark all namespaces of a tenant that goes as terminating. */
int spaces_terminate(Request *req, Cluster *home, const Value *tenant);
/* May the tenant be so, in view of what it was (NULL: nothing) and of its cluster? `ret_why`: a
 * text as tenancy_prepare_create() gives; NULL when it may. */
int spaces_check_tenant(Request *req, const Value *old, const Value *tenant, const char **ret_why);

/* ---- what shows ---- */
typedef struct SpaceFilter SpaceFilter;
/* NULL in *ret: everything shows. */
int spaces_filter(Request *req, const Resource *r, SpaceFilter **ret);
void spaces_filter_free(SpaceFilter *f);
bool spaces_shows(SpaceFilter *f, const Obj *o);
/* Has the tenant gone, or has it been moved elsewhere? */
bool spaces_is_over(const SpaceFilter *f);
/* ---- for watches: namespaces come and go meanwhile ---- */
/* Objects are going to be asked about later that are there now. */
void spaces_hold(SpaceFilter *f);
int spaces_follow(SpaceFilter *f, int64_t from, Loop *loop, LoopFn wake, void *data,
                  Err *err) MUST_CHECK;
/* 0, or -ERR_EXPIRED when a namespace has changed hands. *ret_until: up to which revision it is
 * known whose the namespaces were. */
int spaces_catch_up(SpaceFilter *f, int64_t *ret_until, Err *err) MUST_CHECK;

#endif
