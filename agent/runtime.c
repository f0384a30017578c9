#include "agent/runtime.h"

#include "base/err.h"
#include "base/map.h"

enum { KILLED = 128 + 9 };

static const char *label(const Value *v, const char *key)
{
    return value_get_text(value_get(v, "labels"), key);
}

/* One that an earlier agent started has none: its restarts count. */
static uint32_t step_of(const Value *item, uint32_t attempt)
{
    int64_t step;

    return slice_to_int64(slice_of(label(item, LABEL_STEP)), &step) && step >= 0
               ? (uint32_t)MIN(step, UINT32_MAX)
               : attempt;
}

static Value *by_label(Arena *a, const char *key, const char *value)
{
    Value *request = value_object(a);

    value_set_str(a, value_need(a, value_need(a, request, "filter"), "label_selector"), key, value);
    return request;
}

static int newer_sandbox(const void *x, const void *y)
{
    const RtSandbox *a = x, *b = y;

    return a->created_us < b->created_us ? 1 : a->created_us > b->created_us ? -1 : 0;
}

static int newer_container(const void *x, const void *y)
{
    const RtContainer *a = x, *b = y;

    if (a->attempt != b->attempt)
        return a->attempt < b->attempt ? 1 : -1;
    return a->created_us < b->created_us ? 1 : a->created_us > b->created_us ? -1 : 0;
}

static int read_sandboxes(Cri *cri, Arena *a, const char *uid, bool with_info, RtPod *pod, Err *err)
{
    Value *list, *item, *status;
    uint32_t n;
    int r;

    r = cri_call(cri, a, CRI_LIST_POD_SANDBOX, by_label(a, LABEL_POD_UID, uid), 10000, &list, err);
    if (r < 0)
        return r;
    list = value_get(list, "items");
    n = value_len(list);
    pod->sandboxes = arena_array(a, RtSandbox, n + 1);
    value_each_item(list, i, item)
    {
        RtSandbox *s = &pod->sandboxes[pod->n_sandboxes++];

        *s = (RtSandbox){.id = value_get_text(item, "id"),
                         .ip = "",
                         .attempt = (uint32_t)value_at_int(item, "metadata.attempt", 0),
                         .is_ready = value_at_int(item, "state", 0) == CRI_SANDBOX_READY,
                         .created_us = value_at_int(item, "created_at", 0) / 1000};
    }
    qsort(pod->sandboxes, pod->n_sandboxes, sizeof(RtSandbox), newer_sandbox);
    if (pod->n_sandboxes > 0 && pod->sandboxes[0].is_ready) {
        Value *request = value_object(a);
        const char *ip;

        value_set_str(a, request, "pod_sandbox_id", pod->sandboxes[0].id);
        if (with_info)
            value_set_bool(a, request, "verbose", true);
        r = cri_call(cri, a, CRI_POD_SANDBOX_STATUS, request, 10000, &status, err);
        if (r < 0)
            return r;
        ip = value_at_str(status, "status.network.ip");
        pod->sandboxes[0].ip = ip ? ip : "";
        pod->sandboxes[0].second_ip = value_at_str(status, "status.network.additional_ips.0.ip");
        pod->sandboxes[0].info = value_get_str(value_get(status, "info"), "info");
    }
    return 0;
}

int runtime_container(Cri *cri, Arena *a, RtContainer *c, Err *err)
{
    Value *request = value_object(a), *answer, *s;
    int r;

    value_set_str(a, request, "container_id", c->id);
    r = cri_call(cri, a, CRI_CONTAINER_STATUS, request, 10000, &answer, err);
    if (r < 0)
        return r;
    s = value_get(answer, "status");
    c->image = value_get_text(value_get(s, "image"), "image");
    c->image_id = value_get_text(s, "image_ref");
    c->state = (int)value_at_int(s, "state", 0);
    c->created_us = value_at_int(s, "created_at", 0) / 1000;
    c->started_us = value_at_int(s, "started_at", 0) / 1000;
    c->finished_us = value_at_int(s, "finished_at", 0) / 1000;
    c->exit_code = (int)value_at_int(s, "exit_code", 0);
    c->reason = value_get_text(s, "reason");
    c->message = value_get_text(s, "message");
    return 0;
}

static int read_container(Cri *cri, Arena *a, const Value *item, RtContainer *c, Err *err)
{
    *c = (RtContainer){
        .id = value_get_text(item, "id"),
        .name = label(item, LABEL_CONTAINER),
        .sandbox_id = value_get_text(item, "pod_sandbox_id"),
        .hash = label(item, LABEL_HASH),
        .attempt = (uint32_t)value_at_int(item, "metadata.attempt", 0),
        .step = step_of(item, (uint32_t)value_at_int(item, "metadata.attempt", 0)),
    };
    return runtime_container(cri, a, c, err);
}

void runtime_order_ips(RtPod *pod, bool prefers_v6)
{
    for (size_t i = 0; i < pod->n_sandboxes; i++) {
        RtSandbox *s = &pod->sandboxes[i];
        const char *first = s->ip;

        if (!s->second_ip || (strchr(first, ':') != NULL) == prefers_v6 ||
            (strchr(s->second_ip, ':') != NULL) != prefers_v6)
            continue;
        s->ip = s->second_ip;
        s->second_ip = first;
    }
}

int runtime_pod(Cri *cri, Arena *a, const char *uid, bool with_info, RtPod *ret, Err *err)
{
    RtPod pod = {0};
    Value *list, *item;
    int r;

    r = read_sandboxes(cri, a, uid, with_info, &pod, err);
    if (r < 0)
        return r;
    r = cri_call(cri, a, CRI_LIST_CONTAINERS, by_label(a, LABEL_POD_UID, uid), 10000, &list, err);
    if (r < 0)
        return r;
    list = value_get(list, "containers");
    pod.containers = arena_array(a, RtContainer, value_len(list) + 1);
    value_each_item(list, i, item)
    {
        r = read_container(cri, a, item, &pod.containers[pod.n_containers], err);
        if (r == -ERR_NOT_FOUND)
            continue; /* removed between the two calls */
        if (r < 0)
            return r;
        pod.n_containers++;
    }
    qsort(pod.containers, pod.n_containers, sizeof(RtContainer), newer_container);
    *ret = pod;
    return 0;
}

const RtContainer *runtime_newest(const RtPod *rt, const char *name)
{
    for (size_t i = 0; i < rt->n_containers; i++) {
        if (strcmp(rt->containers[i].name, name) == 0)
            return &rt->containers[i];
    }
    return NULL;
}

void runtime_end(RtContainer *c, const CriEvent *e, const char *no_memory)
{
    if (c->state != CRI_RUNNING || !e->is_final || strcmp(c->id, e->ended) != 0 ||
        e->exit_code == KILLED || strcmp(c->id, no_memory) == 0)
        return;
    c->state = CRI_EXITED;
    c->exit_code = e->exit_code;
    c->finished_us = e->finished_us;
    c->reason = e->exit_code == 0 ? "Completed" : "Error";
}

RtPod runtime_copy(Arena *a, const RtPod *rt)
{
    RtPod to = {.sandboxes = arena_array(a, RtSandbox, rt->n_sandboxes + 1),
                .n_sandboxes = rt->n_sandboxes,
                .containers = arena_array(a, RtContainer, rt->n_containers + 1),
                .n_containers = rt->n_containers};

    for (size_t i = 0; i < rt->n_sandboxes; i++) {
        RtSandbox *s = &to.sandboxes[i];

        *s = rt->sandboxes[i];
        s->id = arena_strdup(a, s->id);
        s->ip = arena_strdup(a, s->ip);
        s->second_ip = s->second_ip ? arena_strdup(a, s->second_ip) : NULL;
        s->info = NULL;
    }
    for (size_t i = 0; i < rt->n_containers; i++) {
        RtContainer *c = &to.containers[i];

        *c = rt->containers[i];
        c->id = arena_strdup(a, c->id);
        c->name = arena_strdup(a, c->name);
        c->sandbox_id = arena_strdup(a, c->sandbox_id);
        c->image = arena_strdup(a, c->image);
        c->image_id = arena_strdup(a, c->image_id);
        c->hash = arena_strdup(a, c->hash);
        c->reason = arena_strdup(a, c->reason);
        c->message = arena_strdup(a, c->message);
    }
    return to;
}

void runtime_keep_ends(Arena *a, RtPod *now, const RtPod *before)
{
    for (size_t i = 0; i < now->n_containers; i++) {
        RtContainer *c = &now->containers[i];

        for (size_t k = 0; k < before->n_containers && c->state == CRI_RUNNING; k++) {
            const RtContainer *old = &before->containers[k];

            if (old->state != CRI_EXITED || strcmp(old->id, c->id) != 0)
                continue;
            c->state = CRI_EXITED;
            c->exit_code = old->exit_code;
            c->finished_us = old->finished_us;
            c->reason = arena_strdup(a, old->reason);
            c->message = arena_strdup(a, old->message);
        }
    }
}

/* ---- all pods ---- */

typedef struct Seeing {
    Arena *arena;
    Map by_uid;
    RtSeen **list;
    size_t n;
} Seeing;

static void see(Seeing *s, const Value *item, int64_t state)
{
    const char *uid = label(item, LABEL_POD_UID);
    RtSeen *seen = map_get(&s->by_uid, uid);
    const char *id = value_get_text(item, "id");
    AUTO_BUF b = BUF_INIT;

    if (!seen) {
        seen = arena_new0(s->arena, RtSeen);
        *seen = (RtSeen){label(item, LABEL_CLUSTER), label(item, LABEL_POD_NS),
                         label(item, LABEL_POD_NAME), uid, 0};
        (void)map_set(&s->by_uid, uid, seen);
        s->list[s->n++] = seen;
    }
    buf_adds(&b, id);
    buf_add_int(&b, state);
    seen->fingerprint += hash_bytes(b.ptr, b.len); /* the order of the list must not matter */
}

int runtime_seen(Cri *cri, Arena *a, const char *node, RtSeen **ret, size_t *ret_n, Err *err)
{
    Seeing s = {.arena = a};
    Value *sandboxes, *containers, *item;
    RtSeen *flat;
    int r;

    r = cri_call(cri, a, CRI_LIST_POD_SANDBOX, by_label(a, LABEL_NODE, node), 10000, &sandboxes,
                 err);
    if (r < 0)
        return r;
    r = cri_call(cri, a, CRI_LIST_CONTAINERS, by_label(a, LABEL_NODE, node), 10000, &containers,
                 err);
    if (r < 0)
        return r;
    sandboxes = value_get(sandboxes, "items");
    containers = value_get(containers, "containers");
    s.list = arena_array(a, RtSeen *, value_len(sandboxes) + value_len(containers) + 1);
    value_each_item(sandboxes, i, item)
    {
        see(&s, item, value_at_int(item, "state", 0));
    }
    value_each_item(containers, j, item)
    {
        see(&s, item, value_at_int(item, "state", 0));
    }
    map_done(&s.by_uid);
    flat = arena_array(a, RtSeen, s.n + 1);
    for (size_t i = 0; i < s.n; i++)
        flat[i] = *s.list[i];
    *ret = flat;
    *ret_n = s.n;
    return 0;
}
