/*
 * audit.h - what the engine records of requests (docs/audit.md).
 *
 *    dispatch()       audit_enter()    judge: which policies want what of this request
 *    authorization    audit_decision() and admission: audit_note(), annotations
 *    engine_commit()  audit_commit()   the record goes with the write
 *    vc_step(), done  audit_finish()   else it is queued, or waited for when nothing was written
 *    request_done()   audit_leave()    the end of streams, and of requests that were given up
 *
 * Owns:    an AuditState lives in its request's arena. Items of the queue belong to who took them.
 * Threads: a request's; audit_item_free() any.
 * Fails:   never: what cannot be told is left out of the record. A record that must be durable and
 *          cannot be written fails its request.
 * Tests:   tests/unit/vcluster/test_audit.c, tests/e2e/test_audit.py
 */
#ifndef VCLUSTER_AUDIT_H
#define VCLUSTER_AUDIT_H

#include "audit/policy.h"
#include "vcluster/vcluster_int.h"

typedef struct AuditNote {
    const char *key, *value;
    bool takes_more; /* audit_note_more() */
} AuditNote;

enum { AUDIT_COPIES = 2 };
typedef struct AuditState {
    AuditVerdict verdict;
    bool is_told[AUDIT_STAGE_MAX_]; /* recorded, or on its way */
    bool is_waiting;                /* for a commit of records alone */
    int64_t answered_us;            /* 0: not yet */
    /* fresh in every run */
    AuditNote *notes;
    uint32_t n_notes, cap_notes;
    Cluster *copy_to[AUDIT_COPIES]; /* whose chains get the record too, kept by the request */
    uint32_t n_copies;
    Value *status; /* the Status that is answered, if it is one */
} AuditState;

int audit_enter(Request *req); /* STEP_OK or STEP_NEED */
void audit_fresh(Request *req);
void audit_decision(Request *req, bool is_allowed, const char *reason);
/* An annotation; of one key the first counts. Both strings live as the request. */
void audit_note(Request *req, const char *key, const char *value);
/* The same, put behind what the key has already, unless it is that. */
void audit_note_more(Request *req, const char *key, const char *value);
/* What happens to a tenant is told in its own chain as well, whatever policies say. */
void audit_copy_to(Request *req, Cluster *tenant);
void audit_status(Request *req, Value *status);

/* Puts the record of what `finish` will answer into the transaction. */
int audit_commit(Request *req, int (*finish)(Request *req, void *data), void *data);
int audit_finish(Request *req); /* STEP_DONE, or STEP_SUBMIT */
static inline bool audit_is_waiting(const RequestState *st)
{
    return st->audit && st->audit->is_waiting;
}
int audit_committed(Request *req);   /* after STEP_SUBMIT */
void audit_took_along(Request *req); /* the write is committed */
void audit_leave(Request *req);
/* Credentials that are refused. NULL, or the cache of the cluster's to be loaded before this can be
 * judged; `is_last`: it is judged by what is there. */
const char *audit_refused(Request *req, const TenantTerms *terms, const char *how, bool is_last);

/* ---- auditevent.c ---- */
typedef struct Outcome { /* of a request, as far as it is known */
    int code;            /* 0: there is no answer yet */
    Slice body;          /* JSON or YAML; empty: not to be recorded */
    const char *content_type;
    bool has_marks; /* revisions in it stand for writes: audit_mark() */
} Outcome;
/* In place of the revision of the nth write of the transaction, which is not known yet. */
static inline int64_t audit_mark(uint32_t nth)
{
    return INT64_MAX - nth;
}
void audit_record(Request *req, AuditStage stage, const Outcome *o, AuditRecord *ret);
/* As the tenant sees what the provider did to it. */
void audit_record_copy(Request *req, const Outcome *o, Cluster *tenant, AuditRecord *ret);

/* ---- auditset.c: the policies of a cluster's own ---- */
typedef struct AuditSet AuditSet;
/* Judges by all AuditPolicies of the cluster. */
int audit_judge_own(Request *req, Cluster *c, const AuditAttrs *at, AuditVerdict *v);
/* The same of a request that never gets to the engine; NULL, or the cache that is not there. */
const char *audit_judge_loaded(Vcluster *vc, Cluster *c, const AuditAttrs *at, AuditVerdict *v);
void audit_set_unref(AuditSet *s);

/* ---- auditview.c: /apis/audit.hostplane.io/v1 ---- */
void audit_view_resources(Resource ret[2]);
const Resource *audit_view_find(const Request *req, const char *group, const char *version,
                                const char *plural);
bool audit_view_serves(const Resource *r);
int verb_audit(Request *req, const Resource *r);
/* GET tenants/NAME/audit: without bodies. */
int host_tenant_audit(Request *req, Cluster *tenant);

/* Is the request about a kind whose bodies are encrypted at rest? Nothing of them may be recorded,
 * nor messages that quote them. */
bool audit_is_encrypted_kind(const Request *req);

#endif
