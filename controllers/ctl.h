/*
 * ctl.h - what a controller is made of, and the words its wiring uses. Private to controllers/.
 *
 * A controller is a row of controllers__table (table.c): which resources it watches, how a change
 * becomes keys (map, on the dispatcher thread), and what to do for a key (sync, on a worker).
 *
 * Threads: a Ctl belongs to the worker that runs the sync.
 * Frees:   everything a Ctl gives out lives in ctl->arena.
 */
#ifndef CONTROLLERS_CTL_H
#define CONTROLLERS_CTL_H

#include "api/address.h"
#include "base/err.h"
#include "client/meta.h"
#include "client/workqueue.h"
#include "controllers/backoff.h"
#include "controllers/controllers.h"
#include "controllers/expect.h"

typedef struct Controller Controller;
typedef struct Events Events;
typedef struct GcGraph GcGraph;
typedef struct NodeIndex NodeIndex;
typedef struct NodePace NodePace;
typedef struct TriggerTimes TriggerTimes;
typedef struct ZoneMemo ZoneMemo;
typedef struct Vault Vault;

typedef struct Change {
    const char *cluster, *storage;
    int type;       /* CHANGE_ADDED ... */
    Obj *obj;       /* the object, its last state when deleted */
    Obj *prev;      /* may be NULL */
    const char *ns; /* of obj */
    const char *name;
    Arena *arena; /* for the time of the mapping */
} Change;

typedef struct Ctl {
    Controllers *all;
    const Controller *controller;
    uint32_t index; /* of the controller, the kind of its keys */
    Client *client;
    Lister *lister;
    Events *events;
    Arena *arena;
    const char *cluster, *ns, *name;
    int64_t now_us;
} Ctl;

struct Controller {
    const char *name;       /* "replicaset-controller"; also the event source */
    const char *watches[8]; /* storage names, ends with NULL; "*" for everything */
    const char *seeds[8];   /* all objects of these are looked at after the start */
    void (*map)(Controllers *c, uint32_t index, const Change *ch);
    int (*sync)(Ctl *ctl, Err *err); /* 0 done, > 0 look again after so many ms, < 0 failed */
    bool (*is_seed)(const char *ns, const char *name); /* of the objects of seeds; NULL: every */
    const char *user;      /* NULL: the service account of that name in kube-system */
    bool hears_keys;       /* a tenant whose data key comes or goes is a key */
    bool hears_token_uses; /* "=SECRET" is a Secret whose token was used */
};

extern const Controller controllers__table[];
extern const uint32_t controllers__n;

/* ---- for map functions ---- */
void ctl_enqueue(Controllers *c, uint32_t index, const char *cluster, const char *ns,
                 const char *name);
void ctl_enqueue_after(Controllers *c, uint32_t index, const char *cluster, const char *ns,
                       const char *name, int64_t delay_ms);
void ctl_map_self(Controllers *c, uint32_t index, const Change *ch); /* key = the object itself */
/* Enqueue the controlling owner if it is of `kind`; its name, or NULL. An owner that it has had
 * before the change is enqueued, too. */
const char *ctl_map_owner(Controllers *c, uint32_t index, const Change *ch, const char *kind);
/* spec.selector of a stored object, without reading the rest of it: maps of many objects are made
 * on the dispatcher, for every pod that changes. NULL when there is none. */
Value *ctl_selector_value(Arena *a, const Obj *o);
/* metadata.ownerReferences, read in the same way; NULL when there are none. */
Value *ctl_owner_refs(Arena *a, const Obj *o);
/* The object belongs to nobody: enqueue what of `storage` in its namespace selects it by
 * spec.selector. Does nothing when neither its labels nor its owners have changed. */
void ctl_map_orphan(Controllers *c, uint32_t index, const Change *ch, const char *storage);
/* Something that was there has changed, but nothing at `paths` (ends with NULL). */
bool ctl_is_same_at(const Change *ch, const char *const *paths);
/* Enqueue the Tenants of a plan, with those that name none; NULL: all. */
void ctl_enqueue_tenants(Controllers *c, uint32_t index, const char *plan);
Expectations *ctl_expectations(Controllers *c);
Backoffs *ctl_daemon_backoffs(Controllers *c);
GcGraph *ctl_graph(Controllers *c);
const ControllersOptions *ctl_options(const Controllers *c);
Lister *ctl_lister(Controllers *c);
NodeIndex *ctl_node_index(Controllers *c);
const AddressRanges *ctl_pod_ranges(const Controllers *c); /* of all nodes */
NodePace *ctl_node_pace(Controllers *c);
TriggerTimes *ctl_trigger_times(Controllers *c);
ZoneMemo *ctl_zone_memo(Controllers *c);
Vault *ctl_vault(Controllers *c);
int64_t ctl_started_us(const Controllers *c); /* wall clock */
/* For a sync to return: the milliseconds until then, but at least one. */
int ctl_wait_ms(int64_t until_us, int64_t now_us);

/* ---- reading the caches: trees with kind and apiVersion ---- */
/* NULL in *ret when there is none. */
int ctl_get(Ctl *ctl, const char *storage, const char *ns, const char *name, Value **ret,
            Err *err) MUST_CHECK;
/* The same of a kind that a definition has made. */
int ctl_get_of(Ctl *ctl, const Resource *resource, const char *ns, const char *name, Value **ret,
               Err *err) MUST_CHECK;
/* What the cluster was born with under that key; NULL when it was not. */
Value *ctl_born(Ctl *ctl, const char *storage, const char *ns, const char *name);
typedef struct Values {
    Value **items;
    uint32_t n, cap;
} Values;
void values_add(Arena *a, Values *vs, Value *v);
/* Everything of a namespace (NULL: of the cluster) that `keep` says yes to; keep may be NULL. */
int ctl_list(Ctl *ctl, const char *storage, const char *ns,
             bool (*keep)(const Obj *o, const void *data), const void *data, Values *ret,
             Err *err) MUST_CHECK;
int ctl_list_of(Ctl *ctl, const Resource *resource, const char *ns,
                bool (*keep)(const Obj *o, const void *data), const void *data, Values *ret,
                Err *err) MUST_CHECK;
/* Adds to *ret what the controller `uid` owns in the namespace. */
int ctl_add_owned(Ctl *ctl, const char *storage, const char *uid, Values *ret, Err *err) MUST_CHECK;
/* Objects that match the selector or have the owner: what a controller must look at. */
int ctl_list_claimable(Ctl *ctl, const char *storage, const Selector *sel, const char *owner_uid,
                       Values *ret, Err *err) MUST_CHECK;

/* ---- writing ---- */
ObjRef ctl_ref(const Ctl *ctl, const char *storage, const char *ns, const char *name);
/* Replace status: PUT of the whole object to its status subresource. */
int ctl_update_status(Ctl *ctl, const char *storage, const Value *object, Err *err) MUST_CHECK;
int ctl_update_status_of(Ctl *ctl, const Resource *resource, const Value *object,
                         Err *err) MUST_CHECK;
/* DELETE with the object's uid as precondition; not being there is fine. */
int ctl_delete(Ctl *ctl, const char *storage, const Value *object, const char *propagation,
               Err *err) MUST_CHECK;
/* The request that ctl_delete() makes. */
ClientRequest ctl_delete_request(Ctl *ctl, const char *storage, const Value *object,
                                 const char *propagation);
/* What came of a call about one object: 0 as well when that is gone, or another by now. */
int ctl_tolerate_gone(int r);
/* Sends them all, whatever comes of the others, with calls that share commits; rs[i], which may be
 * NULL, is what came of the i-th, by ctl_tolerate_gone(). Returns the first failure. */
int ctl_call_all(Ctl *ctl, const ClientRequest *reqs, uint32_t n, int *rs, Err *err) MUST_CHECK;
/* Deletes them all, as ctl_call_all(). `is_now`: without any grace. */
int ctl_delete_all(Ctl *ctl, const char *storage, Value *const *objects, uint32_t n, bool is_now,
                   Err *err) MUST_CHECK;
/* Was a write refused because its namespace goes away (NamespaceLifecycle)? Then nothing is left to
 * do. */
bool ctl_is_terminating(int r, const Err *err);
/* 0 when the namespace written to goes away or is gone, else r. */
int ctl_tolerate_terminating(int r, const Err *err);
void ctl_event(Ctl *ctl, const Value *object, const char *type, const char *reason, const char *fmt,
               ...) PRINTF(5, 6);

/*
 * Claim what matches: adopts orphans that match, releases owned ones that do not. What stays is in
 * *ret. `owner` must be alive; objects under deletion are not adopted. `finalizer` (NULL: none)
 * comes and goes with the owner.
 */
int ctl_claim(Ctl *ctl, const char *storage, const Value *owner, const Selector *sel,
              const char *finalizer, const Values *candidates, Values *ret, Err *err) MUST_CHECK;

/* The built-in or CRD-defined resource of this cluster; NULL when there is none. */
const Resource *ctl_resource_of_kind(Ctl *ctl, const char *api_version, const char *kind);
const Resource *ctl_resource_of_storage(Ctl *ctl, const char *storage);
/* A definition's version of that name; NULL: it has none. */
Value *ctl_crd_version(const Value *crd, const char *name);
/* All resources of the cluster that can be listed and deleted, built-in and defined by CRDs. */
int ctl_resources(Ctl *ctl, const Resource ***ret, uint32_t *ret_n, Err *err) MUST_CHECK;

#endif
