/*
 * audit.c - which requests are recorded, and when.
 *
 * DESIGN. A request is judged once, in its first run; what it says of itself in later runs (notes,
 * the status it answers) is kept fresh. Its record is made at its end, which comes in one of four
 * ways:
 *
 *   a write          engine_commit() has the transaction take the record along. The answer is not
 *                    written yet: it is made ahead of time, with marks in place of revisions, which
 *                    the store puts in (AuditRecord.revision_at)
 *   a credential, an exec session
 *                    nothing is written, and yet it must not be forgotten: the finished request
 *                    waits for a transaction of its record alone
 *   a stream         ResponseStarted when it begins, ResponseComplete in request_done()
 *   anything else    into the queue, which may lose it
 */
#include "vcluster/audit.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "tenancy/tenancy.h"

#define PROVIDER_USER "hostplane:access:" /* access.c */

/* ---- judging ---- */

static AuditState *audit_need(Request *req)
{
    RequestState *st = req->state;

    if (!st->audit)
        st->audit = arena_new0(req->arena, AuditState);
    return st->audit;
}

bool audit_is_encrypted_kind(const Request *req)
{
    const Route *t = &req->state->route;
    const Resource *r;
    const char *storage;

    if (!t->is_resource || !req->cluster)
        return false;
    r = resource_find(slice_of(t->group), slice_of(t->version), slice_of(t->resource));
    storage = r ? r->storage : arena_printf(req->arena, "%s/%s", t->group, t->resource);
    return store_encrypts(req->state->vc->store, req->cluster, storage);
}

/* Objects of kinds whose bodies are encrypted at rest are not written in plain here. */
static void cap_encrypted(const Request *req, AuditVerdict *v)
{
    if (v->level[AUDIT_RESPONSE_COMPLETE] < AUDIT_REQUEST || !audit_is_encrypted_kind(req))
        return;
    for (int s = 0; s < AUDIT_STAGE_MAX_; s++)
        v->level[s] = MIN(v->level[s], AUDIT_METADATA);
}

static void tell(Request *req, AuditStage stage, const Outcome *o);

static AuditAttrs attrs_of(const Request *req, const User *u)
{
    const Route *t = &req->state->route;

    return (AuditAttrs){.user = u->name,
                        .groups = u->groups,
                        .verb = t->verb,
                        .is_resource = t->is_resource,
                        .group = t->group,
                        .resource = t->resource,
                        .subresource = t->subresource,
                        .ns = t->ns,
                        .name = t->name,
                        .path = t->path};
}

/* What platform and plan want recorded, and the provider's emergency access. */
static void judge_floor(const Request *req, const TenantTerms *terms, const AuditAttrs *at,
                        AuditVerdict *v)
{
    const RequestState *st = req->state;

    audit_policy_judge(st->vc->audit.policy, at, v);
    audit_policy_judge(terms->audit, at, v);
    if (str_starts(at->user, PROVIDER_USER) && !is_host(st->entry))
        audit_verdict_raise(v, AUDIT_METADATA);
}

static void cap(const Request *req, const AuditAttrs *at, AuditVerdict *v)
{
    audit_verdict_cap(at, v);
    cap_encrypted(req, v);
}

int audit_enter(Request *req)
{
    RequestState *st = req->state;
    AuditAttrs at = attrs_of(req, engine_real_user(req));
    AuditVerdict v = {0}, floor;
    const TenantTerms *terms;
    int s;

    if (st->is_judged || !st->vc->audit.queue)
        return STEP_OK;
    s = audit_judge_own(req, st->entry, &at, &v);
    if (!s)
        s = tenant_terms_of(req, st->entry, &terms);
    if (s)
        return s;
    st->is_judged = true;
    judge_floor(req, terms, &at, &v);
    cap(req, &at, &v);
    if (atomic_load(&st->entry->audit_bytes) >= terms->audit_bytes) {
        floor = (AuditVerdict){0};
        judge_floor(req, terms, &at, &floor);
        cap(req, &at, &floor);
        if (memcmp(v.level, floor.level, sizeof(v.level)) != 0 && st->vc->audit.left_out)
            st->vc->audit.left_out(st->entry, st->vc->audit.data);
        v = floor;
    }
    if (audit_verdict_is_none(&v))
        return STEP_OK;
    audit_need(req)->verdict = v;
    tell(req, AUDIT_REQUEST_RECEIVED, &(Outcome){0});
    return STEP_OK;
}

/* ---- what is said on the way ---- */

void audit_fresh(Request *req)
{
    AuditState *a = req->state->audit;

    if (!a)
        return;
    a->n_notes = a->n_copies = 0;
    a->status = NULL;
}

void audit_note(Request *req, const char *key, const char *value)
{
    AuditState *a = req->state->audit;

    if (!a)
        return;
    for (uint32_t i = 0; i < a->n_notes; i++)
        if (strcmp(a->notes[i].key, key) == 0)
            return;
    if (a->n_notes == a->cap_notes) {
        uint32_t cap = a->cap_notes ? a->cap_notes * 2 : 4;
        AuditNote *bigger = arena_array(req->arena, AuditNote, cap);

        if (a->n_notes > 0)
            memcpy(bigger, a->notes, a->n_notes * sizeof(*bigger));
        a->notes = bigger;
        a->cap_notes = cap;
    }
    a->notes[a->n_notes++] = (AuditNote){key, value, false};
}

void audit_note_more(Request *req, const char *key, const char *value)
{
    AuditState *a = req->state->audit;

    for (uint32_t i = 0; a && i < a->n_notes; i++) {
        AuditNote *n = &a->notes[i];

        if (strcmp(n->key, key) != 0)
            continue;
        if (n->takes_more && strcmp(n->value, value) != 0)
            n->value = arena_printf(req->arena, "%s, %s", n->value, value);
        return;
    }
    audit_note(req, key, value);
    if (a)
        a->notes[a->n_notes - 1].takes_more = true;
}

void audit_decision(Request *req, bool is_allowed, const char *reason)
{
    audit_note(req, "authorization.k8s.io/decision", is_allowed ? "allow" : "forbid");
    audit_note(req, "authorization.k8s.io/reason", reason);
}

void audit_status(Request *req, Value *status)
{
    if (req->state && req->state->audit)
        req->state->audit->status = status;
}

void audit_copy_to(Request *req, Cluster *tenant)
{
    AuditState *a;

    if (!req->state->vc->audit.queue || !tenant)
        return;
    a = audit_need(req);
    for (uint32_t i = 0; i < a->n_copies; i++)
        if (a->copy_to[i] == tenant)
            return;
    if (a->n_copies == AUDIT_COPIES)
        return;
    a->copy_to[a->n_copies++] = engine_keep_cluster(req, cluster_ref(tenant));
}

/* ---- the queue ---- */

static char *put(char **at, const char *s, size_t n)
{
    char *start = *at;

    if (n > 0)
        memcpy(start, s, n);
    start[n] = '\0';
    *at += n + 1;
    return start;
}

AuditItem *audit_item_new(const AuditRecord *r)
{
    const char *const keys[] = {r->user, r->verb, r->resource, r->ns};
    size_t size = r->event.len + r->bodies.len + 2;
    AuditItem *item;
    char *at;

    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        size += strlen(keys[i]) + 1;
    item = xmalloc(sizeof(*item) + size);
    *item = (AuditItem){.record = *r, .size = sizeof(*item) + size};
    item->record.cluster = cluster_ref(r->cluster);
    at = (char *)(item + 1);
    item->record.user = put(&at, r->user, strlen(r->user));
    item->record.verb = put(&at, r->verb, strlen(r->verb));
    item->record.resource = put(&at, r->resource, strlen(r->resource));
    item->record.ns = put(&at, r->ns, strlen(r->ns));
    item->record.event.ptr = put(&at, r->event.ptr, r->event.len);
    item->record.bodies.ptr = put(&at, r->bodies.ptr, r->bodies.len);
    return item;
}

void audit_item_free(AuditItem *item)
{
    if (!item)
        return;
    cluster_unref(item->record.cluster);
    free(item);
}

static bool is_wanted(const AuditState *a, AuditStage stage)
{
    return a->verdict.level[stage] != AUDIT_NONE && !a->is_told[stage];
}

/* Into the queue. */
static void tell(Request *req, AuditStage stage, const Outcome *o)
{
    RequestState *st = req->state;
    AuditRecord r;

    if (is_wanted(st->audit, stage)) {
        st->audit->is_told[stage] = true;
        audit_record(req, stage, o, &r);
        st->vc->audit.queue(audit_item_new(&r), st->vc->audit.data);
    }
}

static void tell_copies(Request *req, const Outcome *o)
{
    RequestState *st = req->state;
    AuditRecord r;

    for (uint32_t i = 0; i < st->audit->n_copies; i++) {
        audit_record_copy(req, o, st->audit->copy_to[i], &r);
        st->vc->audit.queue(audit_item_new(&r), st->vc->audit.data);
    }
    st->audit->n_copies = 0;
}

/* ---- with a transaction ---- */

static void add_records(Request *req, AuditStage stage, const Outcome *o)
{
    RequestState *st = req->state;
    AuditState *a = st->audit;
    Txn *t = &st->txn;

    t->audits = arena_array(req->arena, AuditRecord, AUDIT_COPIES + 1);
    t->n_audits = 0;
    if (is_wanted(a, stage))
        audit_record(req, stage, o, &t->audits[t->n_audits++]);
    for (uint32_t i = 0; i < a->n_copies; i++)
        audit_record_copy(req, o, a->copy_to[i], &t->audits[t->n_audits++]);
}

/* The answer that `finish` will give, as JSON, with marks for revisions. */
static int foresee(Request *req, int (*finish)(Request *req, void *data), void *data, Outcome *ret)
{
    RequestState *st = req->state;
    Accept accept = st->accept;
    int s;

    for (uint32_t i = 0; i < st->set.n; i++)
        st->set.writes[i].result =
            engine_keep(req, obj_with_revision(st->set.writes[i].obj, audit_mark(i)));
    st->accept.kind = ACCEPT_JSON;
    st->accept.as = AS_OBJECT;
    s = finish(req, data);
    st->accept = accept;
    for (uint32_t i = 0; i < st->set.n; i++)
        st->set.writes[i].result = NULL;
    *ret = (Outcome){req->reply.status, req->reply.body, req->reply.content_type, true};
    req->reply = (Reply){0};
    return s == STEP_DONE ? STEP_OK : s;
}

int audit_commit(Request *req, int (*finish)(Request *req, void *data), void *data)
{
    RequestState *st = req->state;
    AuditState *a = st->audit;
    Outcome o = {0};
    int s = STEP_OK;

    if (!a || !st->vc->audit.is_strict)
        return STEP_OK;
    if (!is_wanted(a, AUDIT_RESPONSE_COMPLETE) && a->n_copies == 0)
        return STEP_OK;
    if (finish == finish_object &&
        a->verdict.level[AUDIT_RESPONSE_COMPLETE] < AUDIT_REQUEST_RESPONSE)
        o.code = ((const Finish *)data)->status;
    else
        s = foresee(req, finish, data, &o);
    if (s)
        return s;
    add_records(req, AUDIT_RESPONSE_COMPLETE, &o);
    a->status = NULL; /* of the answer foreseen */
    return STEP_OK;
}

/* The transaction took the records along. */
static bool is_committed(const RequestState *st)
{
    return st->is_submitted && st->txn.n_audits > 0 && st->txn_result >= 0;
}

/* ---- the end ---- */

static bool is_one_of(const char *s, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(list[i], s))
            return true;
    return false;
}

/* What nobody may do without its being recorded, though it writes nothing. */
static bool must_be_durable(const Request *req, AuditStage stage)
{
    static const char *const grants[] = {"token", "kubeconfig"};
    static const char *const sessions[] = {"exec", "attach", "portforward"};
    const RequestState *st = req->state;
    const char *sub = st->route.subresource;

    if (!st->vc->audit.is_strict || st->opts.is_dry_run || req->reply.status >= 300)
        return false;
    if (stage == AUDIT_RESPONSE_STARTED)
        return is_one_of(sub, sessions, ARRAY_LEN(sessions));
    return st->audit->n_copies > 0 ||
           (str_eq(st->route.verb, "create") && is_one_of(sub, grants, ARRAY_LEN(grants)));
}

static int commit_alone(Request *req, AuditStage stage, const Outcome *o)
{
    RequestState *st = req->state;

    st->txn = (Txn){0};
    add_records(req, stage, o);
    if (st->txn.n_audits == 0)
        return STEP_DONE;
    st->audit->is_waiting = true;
    engine_submit(req);
    return STEP_SUBMIT;
}

static Outcome outcome_of(const Request *req)
{
    return (Outcome){req->reply.status, req->reply.body, req->reply.content_type, false};
}

int audit_finish(Request *req)
{
    RequestState *st = req->state;
    AuditState *a = st->audit;
    AuditStage stage =
        req->reply.kind == REPLY_BODY ? AUDIT_RESPONSE_COMPLETE : AUDIT_RESPONSE_STARTED;
    Outcome o;

    if (!a || a->answered_us)
        return STEP_DONE;
    a->answered_us = clock_now_us();
    o = outcome_of(req);
    if (req->reply.kind != REPLY_BODY) {
        o.body = (Slice){NULL, 0};
        o.code = o.code ? o.code : req->reply.kind == REPLY_STREAM ? 200 : 101;
    }
    if (must_be_durable(req, stage))
        return commit_alone(req, stage, &o);
    tell(req, stage, &o);
    if (o.code < 300)
        tell_copies(req, &o);
    return STEP_DONE;
}

int audit_committed(Request *req)
{
    RequestState *st = req->state;
    AuditState *a = st->audit;

    a->is_waiting = false;
    if (st->txn_result >= 0) {
        a->is_told[req->reply.kind == REPLY_BODY ? AUDIT_RESPONSE_COMPLETE
                                                 : AUDIT_RESPONSE_STARTED] = true;
        return STEP_DONE;
    }
    if (req->reply.kind == REPLY_STREAM && req->reply.stream)
        req->reply.stream->close(req->reply.stream);
    req->reply = (Reply){0};
    (void)fail(req, ERR_UNAVAILABLE, "the request cannot be recorded now");
    return STEP_DONE;
}

void audit_took_along(Request *req)
{
    RequestState *st = req->state;

    if (!st->audit || st->txn.n_audits == 0)
        return;
    st->audit->is_told[AUDIT_RESPONSE_COMPLETE] = true;
    st->audit->n_copies = 0;
}

void audit_leave(Request *req)
{
    RequestState *st = req->state;
    AuditState *a = st ? st->audit : NULL;
    Outcome o = {0};

    if (!a)
        return;
    if (is_committed(st))
        a->is_told[AUDIT_RESPONSE_COMPLETE] = true;
    o.code = !a->answered_us                   ? 504
             : req->reply.status               ? req->reply.status
             : req->reply.kind == REPLY_STREAM ? 200
                                               : 101;
    tell(req, AUDIT_RESPONSE_COMPLETE, &o);
}

/* Strangers decide how many of these there are. So the cluster's own policies are asked as long as
 * half of the room for its records is left: what its users do is recorded all the same. */
const char *audit_refused(Request *req, const TenantTerms *terms, const char *how, bool is_last)
{
    static const char *const none[] = {NULL};
    const User unknown = {.name = "", .uid = "", .groups = none};
    RequestState *st = req->state;
    AuditAttrs at = attrs_of(req, &unknown);
    AuditVerdict v = {0};

    judge_floor(req, terms, &at, &v);
    if (atomic_load(&st->entry->audit_bytes) < terms->audit_bytes / 2) {
        const char *need = audit_judge_loaded(st->vc, st->entry, &at, &v);

        if (need && !is_last)
            return need;
    }
    audit_verdict_cap(&at, &v);
    if (v.level[AUDIT_RESPONSE_STARTED] == AUDIT_NONE)
        return NULL;
    st->real_user = unknown;
    st->has_real_user = true;
    audit_need(req)->verdict = v;
    st->audit->status = value_object(req->arena);
    value_set_str(req->arena, st->audit->status, "status", "Failure");
    value_set(req->arena, st->audit->status, "message",
              value_printf(req->arena, "Authentication failed, attempted: %s", how));
    value_set_str(req->arena, st->audit->status, "reason", "Unauthorized");
    tell(req, AUDIT_RESPONSE_STARTED, &(Outcome){.code = 401});
    return NULL;
}
