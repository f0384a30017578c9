/*
 * webhooks.h - admission webhooks: programs that tenants name in MutatingWebhookConfiguration and
 * ValidatingWebhookConfiguration are asked about every write that their rules cover. Upstream:
 * k8s.io/apiserver/pkg/admission/plugin/webhook.
 *
 * DESIGN. A handler that needs an answer starts the call and ends with STEP_NEED, like one that
 * needs a cache. Answers are kept over the reruns of a request, by webhook and text of the
 * question: the same question is not asked twice, and an object that changed meanwhile is a new
 * question.
 *
 *   webhooks.c   the plug-ins: which are asked, what their answers do
 *   hookset.c    the configurations of a cluster, compiled
 *   hookcall.c   one question: where it goes, its answer
 *
 * Owns:    a HookSet is counted: the cluster holds one reference, each request that uses it one.
 * Threads: the set is immutable; its place in the cluster is guarded by ClusterExt.lock.
 * Tests:   tests/unit/vcluster/test_webhooks.c, tests/e2e/test_webhooks.py
 */
#ifndef VCLUSTER_WEBHOOKS_H
#define VCLUSTER_WEBHOOKS_H

#include "vcluster/policies.h"

/* ---- hookset.c ---- */
typedef struct Hook {
    Policy match;       /* constraints, conditions, failurePolicy, by which it is chosen */
    const char *config; /* the name of its configuration */
    const char *name;
    const char *id;      /* of its own among those of the cluster */
    const Value *client; /* clientConfig */
    const char *version; /* of AdmissionReview: the first it names that we speak */
    int64_t timeout_s;
    bool allows_dry_run; /* it has no side effects then */
    bool is_reinvoked;
} Hook;

typedef struct HookSet HookSet;
void hookset_unref(void *set);
/* The webhooks of the cluster in the order of configurations; NULL: it has none. */
int hookset_need(Request *req, HookFamily family, const HookSet **ret);
const Hook *hookset_all(const HookSet *s, size_t *ret_n);

/* ---- hookcall.c ---- */
typedef struct HookAnswer {
    const Value *response; /* of the AdmissionReview; NULL: the call failed */
    const char *wrong;     /* why */
} HookAnswer;
typedef struct HookReview {
    const Value *review; /* NULL: the call failed */
    const char *wrong;   /* why */
    const char *uid;     /* of the question */
} HookReview;
/* Ask what a clientConfig names. `question` is a review whose request has no uid yet; the same one,
 * asked again under the same id, has its answer already. */
int hookcall_ask(Request *req, const char *id, const Value *client, int64_t timeout_s,
                 const Value *question, HookReview *ret);
/* Ask `hook`, which takes the object for `as`. STEP_NEED: the answer is awaited. */
int hookcall(Request *req, const Hook *hook, const Op *op, const Resource *as, HookFamily family,
             HookAnswer *ret);

/* Controllers of this process are not kept waiting by a cluster whose servers, webhooks or not,
 * answered one of them too late: for a while they ask nothing there. */
bool hooks_are_paused(const Request *req);
void hooks_mind(Request *req, const HookCall *failed);

/* ---- webhooks.c ---- */
int webhooks_mutate(Request *req, Op *op);
int webhooks_validate(Request *req, Op *op);

#endif
