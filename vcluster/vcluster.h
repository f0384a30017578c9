/*
 * vcluster.h - one cluster as its user sees it: the request engine behind every way in.
 *
 * A request runs in steps. vc_step() runs its handler; a handler that lacks something (a cache that
 * is not in memory, the outcome of its write) gives back VC_WAIT after having arranged for
 * req->wake(req) to be called, from any thread. The owner then calls vc_step() again on its own
 * thread, and the handler starts over: it is a pure function of caches and request, and its only
 * effect is the transaction it ends with. A transaction that lost a race starts the handler over
 * too.
 *
 * Owns:    Vcluster: per-cluster state (RBAC index, CRDs, discovery texts), reached from
 * Cluster.ext. Threads: a Request belongs to one thread at a time; Vcluster is for any. Frees:
 * request_done() releases what the request and its reply hold. Memory is req->arena's. Fails: every
 * failure is a reply with a Status body; functions here do not fail. Tests:   tests/unit/vcluster/,
 * tests/e2e/
 */
#ifndef VCLUSTER_VCLUSTER_H
#define VCLUSTER_VCLUSTER_H

#include "api/decode.h"
#include "base/err.h"
#include "store/store.h"

typedef struct Vcluster Vcluster;
typedef struct Request Request;

typedef struct UserExtra {
    const char *key;
    const char *const *values; /* ends with NULL */
} UserExtra;

typedef struct User {
    const char *name; /* "system:anonymous" when nobody is known */
    const char *uid;
    const char *const *groups; /* ends with NULL; never NULL */
    const UserExtra *extra;
    uint32_t n_extra;
    const char *node; /* not NULL: a node of the platform (system:node:NAME of the host CA) */
    bool
        is_internal; /* a controller of this process: passes authorisation and admission of users */
} User;

typedef struct Header {
    const char *name, *value;
} Header;

/* Bytes that come as they come: a watch, a node's feed. Made by the engine, driven by the owner. */
typedef struct Stream Stream;
struct Stream {
    /* Appends what there is to `out` (at most about 64 KiB): 1 more may follow at once, 0 wait for
     * ready(), -1 the stream has ended. Called on the loop given to start() only. */
    int (*read)(Stream *s, Buf *out);
    /* ready(data) runs on `loop` when read() has something. Called once, before the first read().
     */
    void (*start)(Stream *s, Loop *loop, LoopFn ready, void *data);
    void (*close)(Stream *s);
};

typedef enum ReplyKind {
    REPLY_BODY,
    REPLY_STREAM, /* `stream`, chunked */
    REPLY_NODE, /* pass the request on to a node's agent (log, exec, attach, portforward, proxy) */
    REPLY_TUNNEL, /* this connection becomes the tunnel of `node` */
} ReplyKind;

/* TLS that the server itself speaks with a server in a pod. */
typedef struct ProxyTls {
    const char *server_name;
    const char *ca_pem; /* NULL: nobody is trusted */
    bool is_unverified; /* whoever answers is the right one */
    const char *cert_pem, *key_pem;
} ProxyTls;

/* A request that is passed on to a server in a pod, in HTTP, whatever its method. */
typedef struct ProxyTo {
    const char *path;    /* escaped, with the query: "/some/path?a=b" */
    const char *host;    /* "10.0.0.1:80" */
    const char *prepend; /* what stands before it at the API server, without a slash at its end */
    /* An extension API server (aggregation.h): whose request it is, in headers; NULL: the node
     * speaks TLS, if anybody does, and the pod is told nothing. */
    const ProxyTls *tls;
    const Header *headers;
    uint32_t n_headers;
    bool is_watch; /* it may take as long as it likes */
} ProxyTo;

typedef struct Reply {
    ReplyKind kind;
    int status;
    const char *content_type;
    Slice body;      /* REPLY_BODY; in the arena or kept alive by it */
    Header *headers; /* Warning, Retry-After, Audit-Id, ...: reply_header() */
    uint32_t n_headers, cap_headers;
    bool is_refusal;  /* 429 of a tenant that asks too much: it may take its time */
    bool is_final;    /* a 503 that clients are not told to try again */
    Stream *stream;   /* REPLY_STREAM */
    const char *node; /* REPLY_NODE, REPLY_TUNNEL */
    const char
        *node_path; /* REPLY_NODE: kubelet path and query below the cluster: /containerLogs/... */
    const ProxyTo *proxy; /* REPLY_NODE with /dial/...: what to say on that connection; or NULL */
} Reply;

struct Request {
    /* in: set by the owner; everything lives in the arena or longer */
    Arena *arena;
    Cluster *cluster;   /* a reference, released by request_done() */
    const char *method; /* "GET"; "" for none */
    const char *path;   /* below the cluster's prefix, still percent-encoded: /api/v1/pods */
    const char *query;  /* without '?', still percent-encoded; "" for none */
    const char *accept, *content_type, *user_agent, *upgrade; /* NULL when absent */
    const char *if_none_match;                                /* NULL when absent */
    const char *audit_id;
    const char *remote_ip, *forwarded_for, *real_ip; /* where it comes from; NULL when unknown */
    const char *server;                              /* host:port the client used; for discovery */
    const char *from; /* of a node of the platform: the address it connects from; or NULL */
    Slice body;
    User user; /* authenticated; impersonation headers below */
    const char *impersonate_user, *impersonate_uid;
    const char *const *impersonate_groups; /* ends with NULL; or NULL */
    const UserExtra *impersonate_extra;
    uint32_t n_impersonate_extra;
    void (*wake)(Request *req);
    bool takes_turns; /* much work is done in slices */
    uint32_t arrival; /* what it cost to let it in, in requests: a new connection's handshake */
    void *owner;
    /* out */
    Reply reply;
    /* Secrets, or what else is encrypted, pass through it: what had them is overwritten when it is
     * freed (base/wipe.h). Its owner does so with what it has of the body and the reply. */
    bool is_secret;
    /* for log lines and metrics, set as soon as they are known; may be NULL */
    const char *verb, *resource, *subresource, *ns, *name;
    /* private to vcluster/ */
    struct RequestState *state;
};

typedef enum VcStep {
    VC_DONE, /* req->reply is complete */
    VC_WAIT,
    VC_AGAIN /* takes_turns: call vc_step() again when others have had their turn */
} VcStep;

VcStep vc_step(Vcluster *vc, Request *req);
/* Only between steps. A stream of the reply is its owner's, who closes it. A request that waits may
 * be given up: its wake then comes to nothing, and its arena must live until `wake` was called;
 * req->owner decides. */
void request_done(Request *req);
/* The cluster whose address was asked, while the request runs: `cluster` may be that which answers.
 */
Cluster *request_entry(const Request *req);

void reply_header(Request *req, const char *name, const char *value); /* both live as the arena */
/* A Status reply, for the front (401, 404 of an unknown cluster, 413, 429 ...). */
void reply_status(Request *req, ErrCode code, const char *fmt, ...) PRINTF(3, 4);

/* An HTTPS request to a program of a tenant's: a POST to a webhook. Made by the engine, carried out
 * by the owner of the process (hostplane/hooks.h), who has others, too. */
typedef struct HookCall HookCall;
struct HookCall {
    /* in; all lives until done() */
    const char *cluster;
    const char *url;              /* its host is what the certificate is held against */
    const char *ca_pem;           /* NULL: what the system trusts */
    const char *node, *node_path; /* a connection that this node makes; NULL: the URL's own host */
    const char *method;           /* NULL: a webhook's POST; "GET", "POST", ...: of no webhook */
    const char *const *headers;   /* more of them, "Name: value", ends with NULL; or NULL */
    size_t max_bytes;             /* of the answer; 0: 3 MiB */
    bool is_secret;               /* nothing of headers and answer stays in memory */
    bool is_providers;            /* the URL may lead to private addresses */
    bool is_unverified;           /* whoever answers is the right one */
    const char *cert_pem, *key_pem; /* the client's own; NULL: it has none */
    Slice body;
    int64_t timeout_ms;
    void (*done)(HookCall *c); /* called once, on any thread, perhaps inside the start */
    void *data;
    /* out */
    int status; /* of HTTP; 0: failed, `error` says why */
    Buf reply;  /* freed by whoever made the call */
    char error[256];
};
typedef void (*HookFn)(HookCall *c, void *data);

/* The audit log (docs/audit.md): records that no write waits for go to queue(), which takes them
 * over, on any thread, and must not block. Records of writes go with them when `is_strict`. */
typedef struct AuditPolicy AuditPolicy;
typedef struct AuditItem {
    AuditRecord record; /* its strings belong to the item, its cluster is a reference */
    size_t size;        /* bytes of all */
    struct AuditItem *next;
} AuditItem;
AuditItem *audit_item_new(const AuditRecord *r); /* a copy */
void audit_item_free(AuditItem *item);
typedef struct VcAudit {
    const AuditPolicy *policy; /* the platform's; may be NULL; outlives the engine */
    bool is_strict;
    void (*queue)(AuditItem *item, void *data);
    /* The cluster's own policies want more of a request than there is room for; may be NULL. */
    void (*left_out)(Cluster *c, void *data);
    void *data;
} VcAudit;

/* Of IPv4 services have their addresses here and nowhere else: clusters that are there already know
 * their API server by one of them. */
#define VC_SERVICE_CIDR "10.96.0.0/16"

typedef struct Tenancy Tenancy;
typedef struct VclusterOptions {
    Store *store;
    Tenancy *tenancy;
    const char *version;      /* "v1.36.0" */
    const char *external_url; /* https://host:port, for kubeconfigs and endpoints */
    const char *service_cidr; /* address_ranges_parse(); NULL: VC_SERVICE_CIDR */
} VclusterOptions;
int vcluster_open(const VclusterOptions *o, Vcluster **ret, Err *err) MUST_CHECK;
/* Who calls webhooks; before the first request. Without it no call can be made. */
void vcluster_set_hooks(Vcluster *vc, HookFn fn, void *data);
/* Tells the audit log of a request whose credentials are refused: it never gets to the engine.
 * `how` says what it came with: "bearer", "x509", "none". NULL, or what tenancy_load() has to get
 * before it is called again; when `is_last`, it does with what is there. */
const char *vcluster_audit_refused(Vcluster *vc, Request *req, Cluster *c, const char *how,
                                   bool is_last);
/* Before the first request. Without it nothing is recorded. */
void vcluster_set_audit(Vcluster *vc, const VcAudit *a);
void vcluster_close(Vcluster *vc);
DEFINE_CLEANUP(Vcluster, vcluster_close);

/* ---- reading across the base layer: what controllers and scheduler see ---- */
/* 0 with a reference in *ret (NULL: no such object), or -ERR_UNAVAILABLE when the cache is not
 * loaded: store_load() it and call again. */
int vc_get(Vcluster *vc, Cluster *c, const char *storage, const char *ns, const char *name,
           Obj **ret);
/* A reference to what every cluster is born with under that key; NULL: nothing. */
Obj *vc_born(Vcluster *vc, Cluster *c, const char *storage, const char *ns, const char *name);
int vc_list(Vcluster *vc, Cluster *c, const char *storage, const CacheScan *scan, ObjVec *ret,
            int64_t *ret_revision, bool *ret_more);
/* cache_list_claimable(), of resources that the base layer has nothing of. */
int vc_list_claimable(Vcluster *vc, Cluster *c, const char *storage, const char *ns,
                      const char *uid, ObjVec *ret);

#endif
