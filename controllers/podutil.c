#include "controllers/podutil.h"

#include "client/events.h"

const char *pod_phase(const Value *pod)
{
    const char *phase = value_at_str(pod, "status.phase");

    return phase && phase[0] ? phase : "Pending";
}

bool pod_is_finished(const Value *pod)
{
    const char *phase = pod_phase(pod);

    return str_eq(phase, "Succeeded") || str_eq(phase, "Failed");
}

bool pod_is_active(const Value *pod)
{
    return !pod_is_finished(pod) && !meta_is_deleted(pod);
}

bool pod_is_ready(const Value *pod)
{
    return condition_is(pod, "Ready", "True");
}

const char *pod_bound_node(const Value *pod)
{
    const char *node = value_at_str(pod, "spec.nodeName");

    return node && node[0] ? node : NULL;
}

bool pod_names_ephemeral(const Value *pod, const Value *volume, const char *claim)
{
    const char *own = meta_name(pod);
    size_t n = strlen(own);

    return value_get(volume, "ephemeral") && strncmp(claim, own, n) == 0 && claim[n] == '-' &&
           str_eq(claim + n + 1, value_get_str(volume, "name"));
}

bool pod_is_available(const Value *pod, int64_t min_ready_s, int64_t now_us)
{
    int64_t since_us;

    if (!pod_is_ready(pod))
        return false;
    if (min_ready_s == 0)
        return true;
    since_us = value_time_us(condition_get(pod, "Ready"), "lastTransitionTime");
    return since_us != 0 && since_us + min_ready_s * 1000000 <= now_us;
}

Value *pod_from_template(Arena *a, const Value *template, const Value *owner)
{
    static const char *const kept[] = {"labels", "annotations", "finalizers"};
    Value *pod = value_literal(a, "{'kind':'Pod','apiVersion':'v1','metadata':{}}");
    Value *meta = value_get(pod, "metadata"), *refs = value_array(a);

    value_set(a, meta, "generateName", value_printf(a, "%s-", meta_name(owner)));
    value_set_str(a, meta, "namespace", meta_ns(owner));
    for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
        const Value *v = value_get(value_get(template, "metadata"), kept[i]);

        if (v)
            value_set(a, meta, kept[i], value_copy(a, v));
    }
    value_append(a, refs, meta_owner_ref(a, owner));
    value_set(a, meta, "ownerReferences", refs);
    value_set(a, pod, "spec", value_copy(a, value_get(template, "spec")));
    return pod;
}

/* Records what came of the calls, and makes their results one. */
static int conclude(Ctl *ctl, const PodCall *calls, const Event *events, const Err *errs, size_t n,
                    Err *err)
{
    Event told[PODS_AT_ONCE] = {{0}};
    size_t n_told = 0, first = n;

    for (size_t i = 0; i < n; i++) {
        if (!calls[i].is_hopeless)
            told[n_told++] = events[i];
        if (calls[i].r < 0 && !calls[i].is_hopeless && first == n)
            first = i;
    }
    events_record_all(ctl->events, told, n_told);
    if (first == n)
        return 0;
    if (err)
        *err = errs[first];
    return calls[first].r;
}

static Event event_of(const Ctl *ctl, const Value *owner, bool is_failure, const char *reason,
                      const char *message)
{
    return (Event){.cluster = ctl->cluster,
                   .object = owner,
                   .type = is_failure ? "Warning" : "Normal",
                   .reason = reason,
                   .message = message};
}

int pods_create(Ctl *ctl, const Value *owner, PodCall *calls, size_t n, Err *err)
{
    Arena *a = ctl->arena;
    ObjRef at = ctl_ref(ctl, "pods", meta_ns(owner), NULL);
    ClientRequest reqs[PODS_AT_ONCE];
    ClientReply replies[PODS_AT_ONCE];
    Event events[PODS_AT_ONCE];
    Err *errs = arena_array(a, Err, n);

    BUG_ON(n > PODS_AT_ONCE);
    for (size_t i = 0; i < n; i++)
        reqs[i] = client_request(a, "POST", &at, NULL, calls[i].pod);
    client_call_all(ctl->client, a, reqs, n, replies);
    for (size_t i = 0; i < n; i++) {
        Value *made = NULL;

        calls[i].r = client_reply_check(a, &replies[i], &errs[i]);
        if (calls[i].r == 0)
            calls[i].r = value_parse(a, replies[i].body, &made, &errs[i]);
        calls[i].is_hopeless = ctl_is_terminating(calls[i].r, &errs[i]);
        events[i] = calls[i].r < 0 ? event_of(ctl, owner, true, "FailedCreate",
                                              arena_printf(a, "Error creating: %s", errs[i].msg))
                                   : event_of(ctl, owner, false, "SuccessfulCreate",
                                              arena_printf(a, "Created pod: %s", meta_name(made)));
    }
    return conclude(ctl, calls, events, errs, n, err);
}

int pods_delete(Ctl *ctl, const Value *owner, PodCall *calls, size_t n, Err *err)
{
    Arena *a = ctl->arena;
    ClientRequest reqs[PODS_AT_ONCE];
    ClientReply replies[PODS_AT_ONCE];
    Event events[PODS_AT_ONCE];
    Err *errs = arena_array(a, Err, n);

    BUG_ON(n > PODS_AT_ONCE);
    for (size_t i = 0; i < n; i++)
        reqs[i] = ctl_delete_request(ctl, "pods", calls[i].pod, NULL);
    client_call_all(ctl->client, a, reqs, n, replies);
    for (size_t i = 0; i < n; i++) {
        calls[i].r = ctl_delete_result(client_reply_check(a, &replies[i], &errs[i]));
        calls[i].is_hopeless = false;
        events[i] = calls[i].r < 0
                        ? event_of(ctl, owner, true, "FailedDelete",
                                   arena_printf(a, "Error deleting: %s", errs[i].msg))
                        : event_of(ctl, owner, false, "SuccessfulDelete",
                                   arena_printf(a, "Deleted pod: %s", meta_name(calls[i].pod)));
    }
    return conclude(ctl, calls, events, errs, n, err);
}

int pod_create(Ctl *ctl, const Value *owner, Value *pod, bool *ret_is_hopeless, Err *err)
{
    PodCall call = {.pod = pod};
    int r = pods_create(ctl, owner, &call, 1, err);

    *ret_is_hopeless = call.is_hopeless;
    return call.is_hopeless ? call.r : r;
}

int pod_delete(Ctl *ctl, const Value *owner, const Value *pod, Err *err)
{
    PodCall call = {.pod = pod};

    return pods_delete(ctl, owner, &call, 1, err);
}

void pod_map_expected(Controllers *c, uint32_t index, const Change *ch, const char *kind)
{
    const char *owner = ctl_map_owner(c, index, ch, kind);
    WorkKey key = {index, ch->cluster, ch->ns, owner ? owner : ""};

    if (!owner)
        return;
    if (ch->type == CHANGE_ADDED)
        expect_saw_creation(ctl_expectations(c), &key);
    if (ch->type == CHANGE_DELETED || ch->obj->deleted_us != 0)
        expect_saw_deletion(ctl_expectations(c), &key, ch->obj->uid);
}
