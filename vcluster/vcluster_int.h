/*
 * vcluster_int.h - what the files of vcluster/ share: the state of one request and of one cluster.
 *
 * Handlers are functions `int x(Request *req, ...)` that answer a Step code. Anything but STEP_OK
 * is handed up at once: STEP_DONE says that req->reply is written, STEP_NEED that caches are being
 * loaded and the request runs again from its start, STEP_SUBMIT that its transaction is on the way,
 * STEP_AGAIN that it goes on when others have had their turn.
 *
 * Threads: a request's state belongs to the thread that runs its step, but for `n_pending`.
 */
#ifndef VCLUSTER_VCLUSTER_INT_H
#define VCLUSTER_VCLUSTER_INT_H

#include "api/decode.h"
#include "api/discovery.h"
#include "api/kind.h"
#include "api/selector.h"
#include "api/validate.h"
#include "base/arena.h"
#include "base/value.h"
#include "quota/quota.h"
#include "rbac/rbac.h"
#include "tenancy/terms.h"
#include "vcluster/vcluster.h"

#include <pthread.h>
#include <stdatomic.h>

enum { STEP_OK = 0, STEP_DONE, STEP_NEED, STEP_SUBMIT, STEP_AGAIN };

typedef struct QueryParam {
    const char *key, *value;
} QueryParam;

typedef struct Query {
    QueryParam *items;
    uint32_t n, cap;
} Query;

/* What a path and method ask for, as apiserver's RequestInfo reads them. Strings are never NULL. */
typedef struct Route {
    bool is_resource;
    bool is_plain_404; /* no such group or version: the mux answers in plain text */
    const char *verb;  /* "get", "list", ..., for other paths the method in lower case */
    const char *group, *version, *ns, *resource, *subresource, *name;
    const char *rest; /* below the subresource: services/x/proxy/REST */
    const char *path; /* decoded */
    uint32_t n_parts; /* of the path behind the version */
    bool is_watch_prefix;
    bool is_item; /* the path itself has a name (`name` may come from a field selector) */
} Route;

/* The options of a request, of whatever verb. */
typedef struct Options {
    bool is_dry_run;
    FieldValidation field_validation;
    const char *field_manager; /* "" when not given */
    bool has_force, force;
    const char *label_selector, *field_selector; /* texts, "" when not given */
    Selector *labels, *fields;
    int64_t limit;
    const char *cont;
    const char *resource_version, *match;
    bool is_watch, allow_bookmarks;
    bool has_send_initial, send_initial;
    int64_t timeout_s; /* 0: not given */
    const char *pretty;
} Options;

typedef enum AcceptKind { ACCEPT_JSON, ACCEPT_YAML, ACCEPT_PROTOBUF } AcceptKind;
typedef enum AcceptAs { AS_OBJECT, AS_TABLE, AS_PARTIAL, AS_PARTIAL_LIST } AcceptAs;
typedef struct Accept {
    AcceptKind kind;
    AcceptAs as;
    const char *as_version; /* "v1", "v1beta1" */
    bool is_discovery_v2;   /* aggregated discovery */
    const char *discovery_version;
    bool is_openapi_proto_only;
    bool is_pretty;
} Accept;

/* One object as it is now, wherever it lives. */
typedef struct Stored {
    Obj *obj;       /* borrowed from the request; NULL: no such object */
    int64_t expect; /* what a write must expect: its revision, or EXPECT_ABSENT */
    bool is_over_base;
    bool is_view; /* of an object of the host: cannot be written */
} Stored;

typedef struct WriteSet {
    Write *writes;
    uint32_t n, cap;
    Charge *charges;
    uint32_t n_charges, cap_charges;
    TxnCheck *checks;
    uint32_t n_checks, cap_checks;
} WriteSet;

typedef struct CrdSet CrdSet;
typedef struct HookMemo HookMemo;
typedef struct AggCall AggCall;
typedef struct RequestState RequestState;
struct RequestState {
    Vcluster *vc;
    Request *req;
    _Atomic int n_pending; /* loads and the transaction under way, plus one while a step runs */
    int attempts;          /* transactions that lost a race */
    int64_t now_us;
    bool is_submitted;
    int load_result;
    Err *load_err;        /* these three are there once something has failed: they are long */
    pthread_mutex_t lock; /* load_result, load_err: written on the store thread */
    Txn txn;
    int txn_result;
    Err *txn_err;
    WriteSet set;
    int (*finish)(Request *req, void *data); /* after the commit: writes the reply */
    void *finish_data;
    int (*go_on)(Request *req, void *data); /* after STEP_AGAIN; NULL: from the start */
    void *go_on_data;
    bool has_had_turn; /* kept over reruns: it has waited for one */
    /* results of an asynchronous list of the past */
    ObjVec past;
    int64_t past_revision;
    const char *past_storage;
    bool has_past;
    MeterRows meters; /* of an asynchronous reading */
    bool has_meters;
    KeysReport keys; /* as these: of a question to the key providers */
    DataKeysReport data_keys;
    bool has_keys; /* of either */
    int keys_result;
    Err *keys_err;
    AuditRows audit_rows; /* the same */
    AuditEnds *audit_ends;
    bool has_audit;
    bool is_judged;           /* by the policies of the audit log; audit.h */
    struct AuditState *audit; /* NULL: nothing is recorded */
    HookMemo *hook_memos;     /* what webhooks were asked, and their answers; kept over reruns */
    size_t hook_bytes;
    AggCall *agg_call; /* to an extension API server, for a controller; kept over reruns */
    /* kept over reruns, so that a rerun decides alike */
    uint64_t seed; /* of engine_random(); 0: none yet */
    char uid[40];
    char suffix[16];
    char own_name[40]; /* of an object that was given none, where the kind allows that */
    int suffix_tries;
    Cluster *entry;  /* the cluster whose address was asked; borrowed until the request is done */
    Cluster *shared; /* with a view: where the namespaces are */
    bool is_impersonated, has_real_user;
    bool has_entered; /* the tenant's gate, to be left by request_done() */
    GateKind gate;
    bool copy_refused;                    /* there was no room for the run before, an is_copy */
    User real_user;                       /* before impersonation */
    int (*job)(Request *req, void *data); /* what to run in place of what the path says */
    void *job_data;
    /* fresh in every run */
    Route route;
    Query query;
    Options opts;
    Accept accept;
    Warnings warnings;
    Warnings dups;          /* keys that came twice in the body */
    uint32_t n_random;      /* numbers taken */
    struct SpaceView *view; /* spaces.h; NULL: the whole cluster is the user's */
    CrdSet *crds;           /* kinds of the cluster's own; NULL until crds_need() */
    uint32_t n_moves;       /* of the cluster that was asked when the run began */
    bool is_move;           /* it may write where a tenant is being moved */
    bool is_copy;           /* and the place that the copies come to bounds them */
    uint64_t policy_cost;   /* what expressions of policies have cost */
};

/* ---- engine.c ---- */
/* Make a request of the server's own that runs `job`, as a handler of a path is run; then
 * vc_step(). */
void request_job(Vcluster *vc, Request *req, int (*job)(Request *req, void *data), void *data);
/* Others first, when the work ahead goes over so many objects: STEP_AGAIN, or STEP_OK when it may
 * begin. */
int engine_turn(Request *req, size_t n_objects);
/* Go on with go_on() when others have had their turn. STEP_AGAIN. */
int engine_again(Request *req, int (*go_on)(Request *req, void *data), void *data);
/* The end of a slice that begins now; INT64_MAX for a request that takes no turns. */
int64_t engine_slice_end(const Request *req);
/* Give a loaded cache (kept by the request) or arrange for it: STEP_OK, STEP_NEED, STEP_DONE. */
int engine_cache(Request *req, Cluster *c, const char *storage, Cache **ret);
void engine_load(Request *req, Cluster *c, const char *storage); /* makes the step STEP_NEED */
void engine_load_credentials(Request *req, const char *need);    /* tenancy_load() */
int engine_list_at(Request *req, const char *storage, int64_t revision, ObjVec *ret);
/* As store_meter_read(). */
int engine_meter(Request *req, int64_t first, int64_t last, const char *tenant, bool sums,
                 const MeterRows **ret);
/* As store_keys(), once a request; its failure is *err. */
int engine_keys(Request *req, KeysOp op, const char *provider, const char *key,
                const KeysReport **ret, int *ret_r, Err *err);
/* As store_data_keys(), the same way. */
int engine_data_keys(Request *req, DataKeysOp op, const Cluster *c, const DataKeysReport **ret,
                     int *ret_r, Err *err);
/* As store_audit_read() and store_audit_ends(). */
int engine_audit_rows(Request *req, Cluster *c, const AuditQuery *q, const AuditRows **ret);
int engine_audit_ends(Request *req, Cluster *c, const AuditEnds **ret);
/* Something is under way that the request waits for; engine_release() from any thread, once. */
void engine_hold(Request *req);
void engine_release(RequestState *st);
/* Random numbers that are the same in every rerun, as what is asked of webhooks must be; others
 * once a transaction has lost a race. */
uint64_t engine_random(Request *req);
/* End with the write set: `finish` runs after the commit. Dry runs go to `finish` at once. */
int engine_commit(Request *req, int (*finish)(Request *req, void *data), void *data);
/* The transaction of the state as it stands. */
void engine_submit(Request *req);
/* What this request is about to write of a key, NULL: nothing yet. A transaction writes a key once.
 */
Write *engine_staged(Request *req, const char *storage, const char *ns, const char *name);
/* Writes borrow `obj`, which the request keeps. */
void engine_put(Request *req, const char *storage, const char *ns, const char *name,
                const Stored *was, Obj *obj);
void engine_delete(Request *req, const char *storage, const Stored *was);
Write *engine_write_in(Request *req, Cluster *c);
/* Borrowed until the next one. */
Charge *engine_charge(Request *req, Cluster *c, const char *counter, int64_t delta, int64_t limit);
/* The transaction stands only if this object is still so; `name` outlives it. */
void engine_check(Request *req, Cluster *c, const char *storage, const char *ns, const char *name,
                  int64_t revision);
Obj *engine_keep(Request *req, Obj *o); /* takes over the reference, until the end */
Cluster *engine_keep_cluster(Request *req, Cluster *c); /* likewise; c may be NULL */
bool engine_is_frozen(const Request *req);              /* of a suspended tenant, and a write */
/* Who asks, before any impersonation. */
const User *engine_real_user(const Request *req);
Obj *engine_obj(Request *req, const Value *tree); /* kept */
/* The uid of the object that the request makes, which stays when it is run again, and the time. */
void engine_put_birth(Request *req, Value *meta);
/* What the server itself made of an object, into `c`; `was` NULL: it is not there yet. */
int engine_put_tree(Request *req, Cluster *c, const Resource *r, Value *v, const Stored *was);

/* ---- reader.c: reads across the base layer ---- */
int read_get(Request *req, Cluster *c, const char *storage, const char *ns, const char *name,
             Stored *ret);
/* As a tree in storage form with kind and apiVersion; NULL in *ret when there is none. */
int read_tree(Request *req, const Resource *r, const char *ns, const char *name, Value **ret);
int read_list(Request *req, Cluster *c, const char *storage, const CacheScan *scan, ObjVec *ret,
              int64_t *ret_revision, bool *ret_more);
/* The newest revision that a list or watch of this resource may name. */
int64_t read_revision(Request *req, const Resource *r);
/* Merge objects of the base layer that `has_own` does not hide into a sorted vector. */
void read_merge_base(Vcluster *vc, Cluster *c, Cache *k, const char *storage, const CacheScan *scan,
                     ObjVec *v, bool *more);

/* ---- status.c: failures. All answer STEP_DONE ---- */
int fail(Request *req, ErrCode code, const char *fmt, ...) PRINTF(3, 4);
int fail_err(Request *req, const Err *err);
int fail_plain_404(Request *req);
int fail_unknown(Request *req); /* the server could not find the requested resource */
int fail_method(Request *req);
/* "create is not supported on resources of kind ..." */
int fail_verb(Request *req, const Resource *r, const char *verb);
int fail_not_found(Request *req, const Resource *r, const char *name);
int fail_exists(Request *req, const Resource *r, const char *name);
int fail_conflict(Request *req, const Resource *r, const char *name, const char *fmt, ...)
    PRINTF(4, 5);
int fail_forbidden(Request *req, const char *group, const char *resource, const char *name,
                   const char *fmt, ...) PRINTF(5, 6);
/* 422 of field errors, of a kind ("ConfigMap") or of options (group "meta.k8s.io"). */
int fail_invalid(Request *req, const char *group, const char *kind, const char *name,
                 const FieldErrs *e);
/* Anything: `reason` and `details` may be NULL. */
int fail_status(Request *req, int http, const char *reason, Value *details, const char *message);
/* 410 of a list of the past; `cont` (NULL: none) goes on with it, inconsistently. */
int fail_expired(Request *req, const char *cont);
int fail_unavailable(Request *req, const char *message);
/* A custom resource of another kind than its resource: Invalid. */
int fail_kind(Request *req, const Resource *r, const char *kind, const Value *v);
/* 500 InternalError, as apimachinery's errors.NewInternalError() has it. */
int fail_internal_error(Request *req, const char *why);
Value *status_details(Arena *a, const char *group, const char *kind, const char *name);
void details_cause(Arena *a, Value *details, const char *reason, const char *message,
                   const char *field);
int reply_success(Request *req, const Resource *r, const char *name, const char *uid);

/* ---- route.c ---- */
void route_parse(Arena *a, const char *method, const char *path, const Query *q, Route *ret);
void query_parse(Arena *a, const char *text, Query *ret);
const char *query_get(const Query *q, const char *key); /* NULL when absent */
bool query_has(const Query *q, const char *key);
bool query_bool(const Query *q, const char *key);
char *percent_decode(Arena *a, const char *s, size_t n, bool is_query);
/* All but letters, digits and `kept`. */
const char *percent_encode(Arena *a, const char *s, const char *kept);

/* ---- options.c ---- */
int options_parse(Request *req, const Resource *r, const Subresource *sub);
int options_body_delete(Request *req, Value **ret); /* DeleteOptions of body or query */
int options_check_delete(Request *req, const Value *v);

/* ---- negotiate.c, encode.c ---- */
int negotiate(Request *req, bool is_resource);
int negotiate_watch(Request *req); /* a watch has forms of its own */
bool negotiate_fails_in_protobuf(const Request *req);
int reply_object(Request *req, int status, const Resource *r, const Subresource *sub, const Obj *o);
int reply_value(Request *req, int status, const Resource *r, Value *v);
int reply_list(Request *req, const Resource *r, const ObjVec *v, int64_t revision, const char *cont,
               int64_t remaining);
int reply_text(Request *req, int status, const char *content_type, Slice body);
/* Any value, in YAML or protobuf when that was asked for; in JSON what protobuf does not know. */
int reply_json(Request *req, int status, const Value *v);
int reply_protobuf(Request *req, int status, const Value *v); /* of a kind with a type */
void reply_warnings(Request *req);
/* One object in the accepted representation of a watch. */
typedef struct Encoding {
    const Resource *r;
    AcceptAs as;
    const char *as_version;
    bool include_none, include_object; /* of a Table */
    const Type *wire;                  /* in protobuf, as this type; NULL: as JSON */
    char api_version[128];
} Encoding;
int encoding_of(Request *req, const Resource *r, bool is_list, Encoding *ret);
void encode_object(const Encoding *e, const Obj *o, bool with_columns, int64_t now_us, Buf *out);
/* The tree of an object in the version of `r`, with kind and apiVersion. */
Value *object_tree(Arena *a, const Resource *r, const Obj *o);

/* ---- authz.c ---- */
int authorize_request(Request *req); /* impersonation, then the request itself */
/* May the (impersonated) user do this? Answers STEP_OK and *ret, or STEP_NEED. */
int authorize(Request *req, const RbacAttrs *at, bool *ret, const char **ret_reason);
int authorize_user(Request *req, const User *u, const RbacAttrs *at, bool *ret,
                   const char **ret_reason);
int authz_indexes(Request *req, const RbacIndex **ret_base, const RbacIndex **ret_own);
int authz_indexes_of(Request *req, Cluster *c, const RbacIndex **ret_base,
                     const RbacIndex **ret_own);
bool user_has_group(const User *u, const char *group);
const RbacIndex *authz_base_index(Vcluster *vc);
int authorize_node(Request *req, const User *u, const RbacAttrs *at, bool *ret,
                   const char **ret_reason);

/* ---- resources.c: the one way to a resource ---- */
/* What the cluster serves; kinds of its own only after crds_need(). */
ResourceSet vc_resources(Request *req);
const Resource *vc_resource(Request *req, const char *group, const char *version,
                            const char *plural);
bool vc_has_group(Request *req, const char *group);
bool vc_builtin_version(const char *group, const char *version);
bool vc_builtin_group(const char *group);
bool vc_has_version(Request *req, const char *group, const char *version);

/* ---- verbs ---- */
/* Mutating plug-ins run once more after one that asked for it changed the object. */
typedef struct Reinvocation {
    bool is_wanted, is_second;
    Warnings keys; /* the policies that want to run again, by policy, binding and parameters */
    Warnings ran;  /* webhooks that ran and want to run again when the object changes after */
    Warnings due;  /* those of them for which it did */
    Value *last;   /* the object as the last webhook left it; NULL: none ran */
} Reinvocation;

typedef struct Op Op;
struct Op { /* a write under way */
    const Resource *r;
    const Subresource *sub; /* NULL: the object itself */
    const char *verb;       /* "CREATE", "UPDATE", "DELETE", "CONNECT" of admission */
    const char *ns, *name;
    Stored was;
    Value *old; /* NULL on create */
    Value *obj; /* the new state; on delete the last */
    const char *manager;
    /* what policies see in place of obj and old: a Scale; NULL: those themselves */
    Value *seen, *seen_old;
    Reinvocation again;
    Value *stored;           /* obj as a conversion webhook made it; NULL: as it is */
    bool is_patch;           /* its uid is a field like any other */
    bool is_apply;           /* managedFields are settled already */
    bool is_system;          /* written by the server itself: not checked */
    int64_t posted_revision; /* of a body to create: there must be none */
};
int verb_get(Request *req, const Resource *r);
int parse_revision(Request *req, const char *text, int64_t *ret);
int fail_too_large(Request *req, int64_t wanted);
int fail_internal(Request *req, const char *message); /* 500 without a reason */
int verb_list(Request *req, const Resource *r);
typedef struct Listed { /* what a list says besides its objects */
    int64_t revision;
    const char *token; /* of the next page; "": this is the last */
    int64_t remaining; /* behind this page; -1: not told */
} Listed;
/* What the request's options select, a page at most. */
int list_find(Request *req, const Resource *r, ObjVec *ret, Listed *ret_listed);
int list_expired(Request *req); /* its history is gone */
int verb_watch(Request *req, const Resource *r);
int verb_create(Request *req, const Resource *r);
int verb_update(Request *req, const Resource *r, const Subresource *sub);
typedef enum PatchKind { PATCH_JSON, PATCH_MERGE, PATCH_STRATEGIC, PATCH_APPLY } PatchKind;
int patch_kind(Request *req, const Resource *r, PatchKind *ret); /* of the Content-Type */
typedef struct PatchJob { /* one patch on its way; the caller sets its kind */
    PatchKind kind;
    Value *patch;    /* the body; what is left of it when it is used up, of a strategic one */
    Warnings faults; /* what a strict reader says of the body */
} PatchJob;
/* The body as a patch of `live`; then a copy of the result as the kind's decoder takes it. Source:
 * endpoints/handlers/patch.go of upstream, applyJSPatch() and applyPatchToObject(). */
int patch_apply(Request *req, const Resource *r, PatchJob *job, const Value *live, Value **ret);
int patch_decode(Request *req, const Resource *r, const PatchJob *job, const Value *patched,
                 Value **ret);
int verb_patch(Request *req, const Resource *r, const Subresource *sub);
int verb_delete(Request *req, const Resource *r);
int verb_delete_collection(Request *req, const Resource *r);
int verb_subresource(Request *req, const Resource *r, const Subresource *sub);
int verb_review(Request *req, const Resource *r);
/* Shared by the verbs. */
int body_decode(Request *req, const Resource *r, Value **ret);
/* Why an object of that kind and apiVersion is none of the kind that is wanted, of `want_group`. */
const char *body_other_kind(Arena *a, const char *kind, const char *api, const char *want_kind,
                            const char *want_group);
int body_decode_type(Request *req, const Type *t, const char *kind, const char *api_version,
                     Value **ret);
int body_parse(Request *req, const char *kind, Value **ret); /* JSON or YAML */
/* Kind and apiVersion must be what they are meant to be before anything else is looked at. */
const char *type_meta_mistake(Arena *a, const Value *v);
int check_url_name(Request *req, const Value *v);
/* Of the body against that of the path; puts it into the metadata. */
int check_namespace(Request *req, const Resource *r, Value *v);
int op_create(Request *req, Op *op);
int op_update(Request *req, Op *op);
int finish_object(Request *req, void *data); /* data: a Finish */
typedef struct Finish {
    const Resource *r;
    const Subresource *sub;
    int status;
    Value *tree;      /* answered by dry runs */
    int64_t revision; /* of a dry run's answer; 0 none */
    uint32_t write;
    bool is_unchanged;
    Obj *unchanged;
} Finish;
int op_write(Request *req, Op *op, int http_status);
const char *manager_of(Request *req);

/* ---- strategy.c ---- */
void strategy_stored(Request *req, Op *op); /* on create, after validation */
void strategy_early(Request *req, Op *op);  /* on create, before fields are attributed */
int strategy_create(Request *req, Op *op);
int strategy_update(Request *req, Op *op);
int strategy_delete(Request *req, Op *op);
/* Before a deletion is decided; true when the object is marked in the way of its own. */
bool strategy_mark(Request *req, Op *op);
bool strategy_allows_create_on_update(const Resource *r);
bool strategy_allows_unconditional(const Resource *r);
bool strategy_is_graceful(const Resource *r);    /* pods */
bool strategy_orphans(const Resource *r);        /* unless a deletion says otherwise */
bool strategy_has_dependents(const Resource *r); /* else no propagation policy is heeded */
void strategy_pod_status(Request *req, Value *pod);
/* ---- services.c ---- */
int devices_prepare_slice(Request *req, Op *op); /* devices.c */
int devices_update_claim(Request *req, Op *op);
int devices_validate(Request *req, const Op *op, FieldErrs *e);
/* Is it an address that services get inside of their clusters? */
bool service_range_has(Vcluster *vc, const char *ip);
/* Takes out what another service of the cluster has: addresses, ports. */
int service_free_taken(Request *req, Value *service);
int service_create(Request *req, Op *op);
int service_update(Request *req, Op *op);
int service_delete(Request *req, Op *op);

/* ---- admission.c ---- */
int admit_mutate(Request *req, Op *op);
int admit_validate(Request *req, Op *op);
/* Both, of what is created below the object the route names: a Binding, Eviction, TokenRequest. */
int admit_subresource(Request *req, const Resource *r, const Subresource *sub, Value *obj);
/* Of a connection to the object the route names (connect.c). */
int admit_connect(Request *req, const Resource *r, const char *what);
int admit_charges(Request *req, Op *op); /* plan limits and ResourceQuota, last of all */

/* ---- managed.c ---- */
void managed_fields_update(Request *req, Op *op);

/* ---- apply.c ---- */
int verb_apply(Request *req, const Resource *r, const Subresource *sub);

/* ---- subresources.c, pods.c, proxy.c, tokens.c, reviews.c ---- */
int sub_scale(Request *req, const Resource *r, const Subresource *sub);
int sub_binding(Request *req, const Resource *r);
int sub_eviction(Request *req, const Resource *r);
bool vc_pod_is_ready(const Value *pod);
int sub_connect(Request *req, const Resource *r, const char *what);
int sub_token(Request *req, const Resource *r);
int review_token(Request *req, Value *v); /* fills in status */
int sub_finalize(Request *req, const Resource *r, const Subresource *sub);
/* The reply is the node's: kubelet's path and query below the cluster. */
int reply_node(Request *req, const char *node, const char *path);
int sub_proxy(Request *req, const Resource *r);      /* proxy.c: of nodes, pods and services */
int sub_node_proxy(Request *req, const Resource *r); /* nodeproxy.c */
/* A pod behind a port of a service, and the way there; *ret_why when there is none. */
typedef struct ServiceTarget {
    const char *url;       /* "https://10.0.0.1:443" */
    const char *node;      /* it is on */
    const char *node_path; /* what the node dials it by, below the cluster */
    const char *from_node; /* the same with the cluster, for a HookCall */
} ServiceTarget;
int service_target(Request *req, const char *ns, const char *name, int64_t port, ServiceTarget *ret,
                   const char **ret_why);
/* Delete op->was with DeleteOptions (may be NULL); `finish` answers. */
/* `condition`: put on the object's status in the same write; NULL for none. */
int delete_for(Request *req, Op *op, const Value *options, Value *condition,
               int (*finish)(Request *req, void *data));
int fetch_target(Request *req, const Resource *r, Op *ret); /* 404 when it is not there */

/* ---- host.c, join.c, feed.c ---- */
int host_tenant_create(Request *req, Op *op);
int host_tenant_update(Request *req, Op *op);
int host_tenant_delete(Request *req, Op *op);
int host_tenant_move(Request *req, const Op *op); /* move.c; op: of the Tenant */
int host_group_validate(Request *req, Op *op);    /* admission */
int host_limits_validate(Request *req, Op *op);   /* admission */
int host_tenant_sub(Request *req, const Resource *r, const char *sub);
int host_tenant_access(Request *req, const Resource *r); /* access.c */
int host_group_usage(Request *req, const Resource *r);
int host_meters(Request *req);       /* meters.c */
int host_keyproviders(Request *req); /* keyproviders.c */
int host_datakeys(Request *req);     /* datakeys.c */
int host_node_api(Request *req);     /* /apis/node.hostplane.io/v1/... */

typedef struct Feeds Feeds;
int feeds_open(Vcluster *vc, Feeds **ret, Err *err) MUST_CHECK;
void feeds_close(Feeds *f);
Stream *feeds_stream(Feeds *f, const char *node);

/* ---- tenant.c ---- */
int tenant_terms(Request *req, const TenantTerms **ret); /* kept by the request */
/* The same; of a tenant that is being deleted, terms that bind nobody. */
int tenant_terms_if_any(Request *req, const TenantTerms **ret);
int tenant_terms_of(Request *req, Cluster *c, const TenantTerms **ret);
/* The terms that bind what is in a namespace beside the cluster's own: those of its owner
 * (spaces.h), or terms that bind nobody. */
int tenant_terms_in(Request *req, const char *ns, const TenantTerms **ret);
int tenant_enter(Request *req);
void tenant_leave(Request *req);
/* The request went over so many objects: what that is worth beyond one request counts too. */
void tenant_owe(Request *req, size_t n_objects);
/* Add to a counter, within the terms' limit. */
/* ---- accounts.c: who pays ---- */
int tenant_rows(Request *req); /* charges for the rows of the write set */
/* What a write in this namespace ("": in none) changes beside rows, to all who pay for it. */
int accounts_charge(Request *req, const char *ns, const PlanCharges *list);
/* Would `list` be too much for `shared` on its own, whatever `home`, whose namespaces they are for,
 * may have? *ret_why says so, or is NULL. */
int accounts_have_room(Request *req, Cluster *shared, Cluster *home, const PlanCharges *list,
                       const char **ret_why);
/* All that a tenant has in use, from the groups that it was in to those that it is in. */
void accounts_move(Request *req, Cluster *tenant, const TermGroup *from, uint32_t n_from,
                   const TermGroup *to, uint32_t n_to);
int tenant_validate(Request *req, Op *op);

/* ---- discovery.c ---- */
int serve_other(Request *req); /* everything that is not a resource */

/* ---- baselayer/ ---- */
Obj *base_get(Vcluster *vc, Cluster *c, const char *storage, const char *ns, const char *name);
bool base_has(Cluster *c, const char *storage, const char *ns, const char *name);
/* All of a resource in the order of (ns, name), until it is given back; NULL: none. */
Obj *const *base_all(Vcluster *vc, Cluster *c, const char *storage, size_t *ret_n);
void base_release(Obj *const *items);
static inline void base_releasep(Obj *const **items)
{
    base_release(*items);
}
#define BASE_OBJS __attribute__((cleanup(base_releasep))) Obj *const

/* ---- per cluster and per process ---- */
typedef enum HookFamily { HOOKS_MUTATING, HOOKS_VALIDATING, HOOK_FAMILY_MAX_ } HookFamily;

typedef enum PolicyFamily {
    POLICIES_VALIDATING,
    POLICIES_MUTATING,
    POLICY_FAMILY_MAX_
} PolicyFamily;
/* The client certificate by which extension API servers know this server (aggregation.h). */
typedef struct AggFront {
    char *cert, *key; /* PEM; NULL: none yet */
    int64_t until_s;
} AggFront;
void agg_front_done(AggFront *f);

typedef struct ClusterExt {
    pthread_mutex_t lock;
    RbacIndex *rbac; /* of the cluster's own objects; NULL: build it */
    int64_t rbac_stamp[4];
    struct BaseSet *base;                           /* list of materialised resources */
    CrdSet *crds;                                   /* a reference; NULL: build it */
    struct PolicySet *policies[POLICY_FAMILY_MAX_]; /* references; NULL: build it */
    struct HookSet *hooks[HOOK_FAMILY_MAX_];        /* the same */
    struct AuditSet *audit;                         /* the same */
    struct AggSet *aggs;                            /* the same */
    AggFront front;
    _Atomic int64_t hooks_pause_until_us; /* controllers ask no webhooks until then */
    _Atomic int64_t leaving_until_us;     /* spaces.c: no namespace is made for it */
} ClusterExt;
ClusterExt *cluster_ext(Cluster *c);

struct Vcluster {
    Store *store;
    Tenancy *tenancy;
    const char *version, *external_url;
    AddressRanges service_ranges; /* where every cluster's services have their addresses */
    Cluster *host;                /* found on first use */
    pthread_mutex_t lock;
    RbacIndex *base_index;
    Obj *const *base_objs[4]; /* what it is of, held as long */
    Feeds *feeds;
    _Atomic int64_t node_stamp; /* the last that was given (nodeclock.h) */
    struct TextCache *texts;
    Resource usages;    /* usageview.h */
    Resource audits[2]; /* audit.h */
    VcAudit audit;
    struct NodeStats *stats;
    HookFn hook_fn; /* NULL: no webhook can be called */
    void *hook_data;
};
Cluster *vc_host(Vcluster *vc); /* borrowed; NULL before it exists */
static inline bool is_host(const Cluster *c)
{
    return c->id == 1;
}

#endif
