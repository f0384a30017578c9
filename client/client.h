/*
 * client.h - how controllers, scheduler, agent and CLI talk to an API server.
 *
 * A Client is one of two transports: in-process (made by hostplane/, runs the request engine on the
 * calling thread) or HTTP (client/http.h). Calls block; they belong on worker threads or in a CLI.
 *
 * Owns:    a Client owns its connections. Answers live in the caller's arena.
 * Threads: any; a client serves many threads at once.
 * Frees:   client_close().
 * Fails:   with the code that belongs to the answer's status and reason, and the Status message;
 *          ERR_UNAVAILABLE when there is no answer.
 * Tests:   tests/unit/client/
 */
#ifndef CLIENT_CLIENT_H
#define CLIENT_CLIENT_H

#include "api/kind.h"
#include "api/obj.h"
#include "api/selector.h"

typedef struct Client Client;

typedef struct ClientRequest {
    const char
        *cluster;       /* "acme"; NULL or "host": the host cluster (HTTP: the configured prefix) */
    const char *method; /* "GET", ... */
    const char *path;   /* "/api/v1/namespaces/x/pods", percent-encoded */
    const char *query;  /* without '?'; NULL for none */
    const char *content_type, *accept; /* NULL: application/json */
    Slice body;
    int64_t timeout_ms; /* 0: 30 s */
} ClientRequest;

typedef struct ClientReply {
    int status;
    const char *content_type;
    Slice body;                  /* in the arena */
    const char *const *warnings; /* ends with NULL; or NULL */
} ClientReply;

/* The transport. `act_as` names the identity of an in-process caller for managedFields and audit:
 * "system:serviceaccount:kube-system:deployment-controller". */
struct Client {
    int (*call)(Client *c, Arena *a, const ClientRequest *req, ClientReply *ret, Err *err);
    /* NULL: calls are made one after the other. */
    void (*call_all)(Client *c, Arena *a, const ClientRequest *reqs, size_t n, ClientReply *rets);
    void (*close)(Client *c);
    const char *user_agent;
};

/* Any HTTP status is a success of client_call(); ERR_UNAVAILABLE when there was no answer. */
int client_call(Client *c, Arena *a, const ClientRequest *req, ClientReply *ret,
                Err *err) MUST_CHECK;
/* Many calls that do not wait for each other, rets[i] for reqs[i]: status 0 when no answer came. */
void client_call_all(Client *c, Arena *a, const ClientRequest *reqs, size_t n, ClientReply *rets);
/* What a reply of client_call_all() comes to: 0 or the error that it tells. */
int client_reply_check(Arena *a, const ClientReply *reply, Err *err) MUST_CHECK;
void client_close(Client *c);
DEFINE_CLEANUP(Client, client_close);

/* ---- objects: a failure status becomes an error; *ret is the answer as a tree (may be NULL) ----
 */
typedef struct ObjRef { /* ns "" for cluster scope, subresource NULL for none */
    const char *cluster, *ns, *name, *subresource;
    const Resource *resource;
} ObjRef;
int client_get(Client *c, Arena *a, const ObjRef *at, Value **ret, Err *err) MUST_CHECK;
int client_list(Client *c, Arena *a, const ObjRef *at, const char *query, Value **ret,
                Err *err) MUST_CHECK;
int client_create(Client *c, Arena *a, const ObjRef *at, const Value *v, Value **ret,
                  Err *err) MUST_CHECK;
int client_update(Client *c, Arena *a, const ObjRef *at, const Value *v, Value **ret,
                  Err *err) MUST_CHECK;
/* content_type: "application/merge-patch+json", "application/strategic-merge-patch+json", ... */
int client_patch(Client *c, Arena *a, const ObjRef *at, const char *content_type,
                 const Value *patch, Value **ret, Err *err) MUST_CHECK;
/* options: DeleteOptions or NULL */
int client_delete(Client *c, Arena *a, const ObjRef *at, const Value *options, Value **ret,
                  Err *err) MUST_CHECK;
/* The request that client_create() makes, and client_patch() and client_delete(): for
 * client_call_all(). It lives in the arena; content_type NULL: JSON, body NULL: none. */
ClientRequest client_request(Arena *a, const char *method, const ObjRef *at,
                             const char *content_type, const Value *body);
/* The request path of an object or collection (name NULL), percent-encoded. */
const char *client_path(Arena *a, const ObjRef *at);

/* ---- reading without calls: the caches of the server process (client/lister.h is the interface,
 * hostplane/ fills it in; the agent has one over its feed) ---- */
typedef struct Lister Lister;

/* Of the key that a cluster's data is encrypted with. */
typedef enum ListerKey {
    LISTER_KEY_THERE,
    LISTER_KEY_PENDING,     /* it is just being fetched, or there is no such cluster */
    LISTER_KEY_REFUSED,     /* its provider does not give it */
    LISTER_KEY_UNREACHABLE, /* its provider does not answer */
} ListerKey;

struct Lister {
    /* A reference or NULL. Blocks while a cache is loaded; fails with ERR_UNAVAILABLE. */
    int (*get)(Lister *l, const char *cluster, const char *storage, const char *ns,
               const char *name, Obj **ret, Err *err);
    /* ns NULL: all. Calls fn with borrowed objects, in order. */
    int (*list)(Lister *l, const char *cluster, const char *storage, const char *ns,
                const Selector *sel, void (*fn)(Obj *o, void *data), void *data, Err *err);
    /* What the controller `uid` may claim in a namespace: the objects that it controls and those
     * that nobody does. NULL when there is no index for that: list() all. */
    int (*claimable)(Lister *l, const char *cluster, const char *storage, const char *ns,
                     const char *uid, void (*fn)(Obj *o, void *data), void *data, Err *err);
    /* Names of all clusters that are active or suspended (host first). */
    int (*clusters)(Lister *l, void (*fn)(const char *name, bool is_suspended, void *data),
                    void *data, Err *err);
    /* A reference to what every cluster is born with under that key; NULL: nothing, or there is no
     * such cluster. NULL: it is not known here. */
    Obj *(*born)(Lister *l, const char *cluster, const char *storage, const char *ns,
                 const char *name);
    /* Every key of a resource in all clusters, for the first look; also those of objects that every
     * cluster is born with, and that were deleted. */
    int (*keys)(Lister *l, const char *storage,
                void (*fn)(const char *cluster, const char *ns, const char *name, void *data),
                void *data, Err *err);
    /* Every change of every cluster; runs on the store's thread: only enqueue. `prev` may be NULL.
     */
    void (*subscribe)(Lister *l,
                      void (*fn)(const char *cluster, const char *storage, int type, Obj *obj,
                                 Obj *prev, void *data),
                      void *data);
    /* Ends the subscription that was made with `data`: fn is not called any more when it returns.
     * NULL when subscriptions last as long as the lister. */
    void (*unsubscribe)(Lister *l, void *data);
    /* Are there nodes that this cluster's pods may not go to? And may they to one with these
     * labels? NULL: all nodes are everybody's. */
    bool (*has_pools)(Lister *l, const char *cluster);
    bool (*may_use_node)(Lister *l, const char *cluster, const Value *labels);
    /* Can the data of a cluster be read? NULL: always. */
    ListerKey (*key)(Lister *l, const char *cluster);
    /* Every time that this changes; as subscribe(), ended by unsubscribe(). */
    void (*subscribe_keys)(Lister *l, void (*fn)(const char *cluster, void *data), void *data);
    /* Every time that the token of a Secret is used on a day that the Secret does not say; as
     * subscribe(), but on any thread. NULL: it is not known here. */
    void (*subscribe_token_uses)(Lister *l,
                                 void (*fn)(const char *cluster, const char *ns, const char *secret,
                                            void *data),
                                 void *data);
};
enum { /* `type` of subscribe */
       CHANGE_ADDED,
       CHANGE_MODIFIED,
       CHANGE_DELETED
};

#endif
