/*
 * aggregation.h - API aggregation: a version of a group that an APIService with spec.service names
 * is answered by an extension API server in the cluster's own pods. Upstream: kube-aggregator.
 *
 *   aggset.c         which APIServices of a cluster name a service, and who we are to them
 *   aggproxy.c       requests that go on to such a server
 *   aggcall.c        those of controllers of this process, which wait for a whole answer
 *   aggprobe.c       whether it answers, and what it says it serves; asked for by the controller
 *                    (controllers/availability.c), never while a client waits
 *   aggdiscovery.c   what it serves, in the documents of discovery and OpenAPI
 *
 * DESIGN. Versions that this server has itself are never answered by anybody else. A request is
 * authenticated, authorised and recorded here, and then passed on by hostplane/podproxy.h over TLS
 * that the server itself speaks, so that no node sees the key of the front proxy. Discovery is made
 * of what the last probe brought, as a slow backend may keep nobody waiting.
 *
 * Owns:    an AggSet is counted: the cluster holds one reference, each request that uses it one. An
 *          AggBackend is counted too: sets and probes under way hold it.
 * Threads: a set is immutable; a backend has a lock of its own.
 * Fails:   as the engine does; what the backend gets wrong is told in upstream's words.
 * Tests:   tests/unit/vcluster/test_aggregation.c, tests/e2e/test_aggregation.py
 */
#ifndef VCLUSTER_AGGREGATION_H
#define VCLUSTER_AGGREGATION_H

#include "vcluster/vcluster_int.h"

typedef struct AggBackend AggBackend;

typedef struct AggService {
    const char *name, *uid; /* of the APIService */
    const char *group, *version;
    const char *ns, *service;
    int64_t port;
    const char *ca_pem; /* NULL: none is given */
    bool is_unverified, is_available;
    int64_t group_priority, version_priority;
    AggBackend *backend;
} AggService;

typedef struct AggSet AggSet;
void aggset_unref(void *set);
/* NULL: no version is served elsewhere. */
int aggset_need(Request *req, const AggSet **ret);
const AggService *aggset_find(const AggSet *s, const char *group, const char *version);
const AggService *aggset_named(const AggSet *s, const char *name);
const AggService *aggset_all(const AggSet *s, size_t *ret_n); /* the better group first */
/* The certificate and key of the front proxy, PEM in the request's arena. */
int agg_front(Request *req, const char **ret_cert, const char **ret_key);

/* ---- aggproxy.c ---- */
/* May the path be answered by another server? */
bool agg_may_route(Request *req);
/* STEP_OK: it is answered by this one. */
int agg_route(Request *req);
/* Pass the request on with this path and whatever follows it. */
int agg_pass_on(Request *req, const AggService *s);
/* X-Remote-... of a user, as headers. */
Header *agg_user_headers(Arena *a, const User *u, uint32_t *ret_n);
/* The same as lines of a HookCall. */
const char *const *agg_user_lines(Arena *a, const User *u);

/* ---- aggcall.c ---- */
int agg_call(Request *req, const AggService *s);

/* ---- aggprobe.c ---- */
/* An APIResourceList of the version at `path` ("/apis/GROUP/VERSION"), in our own spelling. */
bool agg_read_resources(Slice body, const char *path, Buf *out);
/* Its place in an index of OpenAPI v3, below ours and in characters of a URL only; NULL: none.
 * free() it. */
char *agg_read_openapi(Slice body, const char *path);
AggBackend *aggbackend_new(void);
AggBackend *aggbackend_ref(AggBackend *b);
void aggbackend_unref(AggBackend *b);
/* apiservices/NAME/probe, for controllers of this process alone: {"state": "pending", "passed" or
 * "failed", "message"}. The outcome of a probe is told once, then the next one starts. */
int agg_probe(Request *req);
/* What the backend said it serves, an APIResourceList in the arena; NULL: nothing yet. *ret_url is
 * where its OpenAPI v3 is, or NULL. */
Value *aggbackend_resources(AggBackend *b, Arena *a, bool *ret_is_stale, const char **ret_url);

/* ---- aggdiscovery.c ---- */
bool agg_has_group(const AggSet *s, const char *group);
/* Put what is served elsewhere into an APIGroupList, an APIGroupDiscoveryList, an index of OpenAPI
 * v3. */
void agg_merge_groups(Arena *a, const AggSet *s, Value *list);
void agg_merge_discovery(Arena *a, const AggSet *s, Value *list);
void agg_merge_openapi(Arena *a, const AggSet *s, Value *index);
/* The group as an APIGroup; `own` is what this server has of it, or NULL. */
Value *agg_group(Arena *a, const AggSet *s, const char *group, Value *own);
/* One version of a group in aggregated discovery, of an APIResourceList (NULL: nothing is known).
 */
Value *agg_version_of(Arena *a, const char *version, const Value *resources, bool is_stale);

#endif
