#include "api/nodeoverlay.h"
#include "controllers/node_index.h"
#include "controllers/node_pace.h"
#include "controllers/nodelife_sync.h"
#include "controllers/podutil.h"
#include "controllers/rows.h"

/*
 * Three controllers over the real nodes, which are the host cluster's Node objects:
 *   node-controller            keys are nodes: life, taints; the key "!cidr" gives ranges to all
 *                              nodes without one (one key, so one at a time); "+NODE" and
 *                              "-NODE UID" tell that one has come or gone;
 *   taint-eviction-controller  keys are pods of all clusters: NoExecute taints;
 *   pod-garbage-collector      keys are pods: bound to a node that is gone, or never bound and
 *                              under deletion; the key "!ended" stands for all ended pods of a
 *                              cluster, of which there may be so many.
 */

enum { LOOK_EVERY_MS = 5000, QUARANTINE_US = 40 * 1000000, COUNT_AFTER_MS = 20000 };

static const char *const cidr_key = "!cidr", *const ended_key = "!ended";

static bool is_host(const Change *ch)
{
    return str_eq(ch->cluster, "host");
}

/* A node has no address range. While none is left, only what has failed is tried again, each time
 * later. */
static void want_cidrs(Controllers *c, uint32_t index)
{
    if (!node_pace_is_used_up(ctl_node_pace(c)))
        ctl_enqueue(c, index, "host", "", cidr_key);
}

void nodelife_map(Controllers *c, uint32_t index, const Change *ch)
{
    if (!is_host(ch))
        return;
    ctl_enqueue(c, index, ch->cluster, "", ch->name);
    if (ch->type == CHANGE_ADDED) {
        want_cidrs(c, index);
        ctl_enqueue(c, index, ch->cluster, "", arena_printf(ch->arena, "+%s", ch->name));
    } else if (ch->type == CHANGE_DELETED) {
        if (node_pace_gone(ctl_node_pace(c)))
            want_cidrs(c, index);
        ctl_enqueue(c, index, ch->cluster, "",
                    arena_printf(ch->arena, "-%s %s", ch->name, ch->obj->uid));
    }
}

/* ---- nodes ---- */

static int assign_cidrs(Ctl *ctl, Value *node, Value *cidrs, Err *err)
{
    Arena *a = ctl->arena;
    ObjRef at = ctl_ref(ctl, "nodes", "", meta_name(node));
    Value *patch = value_object(a), *cidr;
    AUTO_BUF text = BUF_INIT;
    int r;

    value_set(a, value_need(a, patch, "spec"), "podCIDR", value_item(cidrs, 0));
    value_set_at(a, patch, "spec.podCIDRs", cidrs);
    r = client_patch(ctl->client, a, &at, "application/merge-patch+json", patch, NULL, err);
    if (!value_get_str(node, "kind")) { /* items of lists come without */
        value_set_str(a, node, "kind", "Node");
        value_set_str(a, node, "apiVersion", "v1");
    }
    value_each_item(cidrs, i, cidr)
        buf_addf(&text, "%s%s", i > 0 ? " and " : "", value_to_cstr(cidr));
    if (r == 0)
        ctl_event(ctl, node, "Normal", "CIDRAssignment", "Node %s has been given %s",
                  meta_name(node), buf_str(&text));
    return r == -ERR_NOT_FOUND ? 0 : r;
}

typedef struct UsedRanges {
    const char **items;
    size_t n;
} UsedRanges;

static void note_ranges(UsedRanges *used, const Value *cidrs)
{
    const Value *cidr;

    value_each_item(cidrs, i, cidr) if (value_to_cstr(cidr)) used->items[used->n++] =
        value_to_cstr(cidr);
}

/* A range of each family that the cluster has; NULL: there is none left. */
static Value *free_ranges(Ctl *ctl, const UsedRanges *used)
{
    enum { NODE_PREFIX_V4 = 24, NODE_PREFIX_V6 = 64 }; /* as upstream's */
    const AddressRanges *ranges = ctl_pod_ranges(ctl->all);
    Value *list = value_array(ctl->arena);

    for (unsigned i = 0; i < ranges->n; i++) {
        const AddressRange *range = &ranges->items[i];
        const char *cidr = nodelife_free_cidr(
            ctl->arena, range, range->ip.n_bits == 32 ? NODE_PREFIX_V4 : NODE_PREFIX_V6,
            used->items, used->n);

        if (!cidr)
            return NULL;
        value_append(ctl->arena, list, value_str(ctl->arena, cidr));
    }
    return list;
}

/* Reads the server, not the cache: a range given a moment ago must be seen. */
static int assign_all_cidrs(Ctl *ctl, Err *err)
{
    NodePace *pace = ctl_node_pace(ctl->all);
    ObjRef at = ctl_ref(ctl, "nodes", "", NULL);
    Value *list = NULL, *items, *node;
    uint64_t n_gone = node_pace_n_gone(pace);
    UsedRanges used = {0};
    size_t most = 0;
    int r = client_list(ctl->client, ctl->arena, &at, NULL, &list, err);

    if (r < 0)
        return r;
    items = value_get(list, "items");
    value_each_item(items, i, node) most += value_len(value_at(node, "spec.podCIDRs")) + 2;
    used.items = arena_array(ctl->arena, const char *, most + 1);
    value_each_item(items, i, node) note_ranges(&used, value_at(node, "spec.podCIDRs"));
    value_each_item(items, i, node)
    {
        const char *cidr = value_at_str(node, "spec.podCIDR");
        Value *given;

        if (cidr && cidr[0])
            continue;
        given = free_ranges(ctl, &used);
        if (!given) {
            node_pace_set_used_up(pace, true, n_gone);
            return err_set(err, ERR_UNAVAILABLE, "no address range is left for node %s",
                           meta_name(node));
        }
        r = assign_cidrs(ctl, node, given, err);
        if (r < 0)
            return r;
        note_ranges(&used, given);
    }
    node_pace_set_used_up(pace, false, n_gone);
    return 0;
}

typedef struct Census {
    Arena *a;
    ZoneNote *notes;
    uint32_t n, cap;
} Census;

static void on_node(Obj *o, void *data)
{
    Census *c = data;
    CLEANUP(arena_free) Arena *a = arena_new();
    const Value *node = obj_to_value(a, o, NULL, NULL);

    if (c->n == c->cap) {
        ZoneNote *more = arena_array(c->a, ZoneNote, c->cap * 2 + 64);

        if (c->n > 0)
            memcpy(more, c->notes, c->n * sizeof(*more));
        c->notes = more;
        c->cap = c->cap * 2 + 64;
    }
    c->notes[c->n++] = (ZoneNote){nodelife_zone(c->a, node), condition_is(node, "Ready", "True")};
}

/* Whether a node that is not ready may be given up: not too many at a time. */
static int may_expel(Ctl *ctl, const Value *node, NodeExpel *ret, Err *err)
{
    NodePace *pace = ctl_node_pace(ctl->all);
    Census census = {.a = ctl->arena};
    int r = 0;

    *ret = NODE_EXPEL;
    if (condition_is(node, "Ready", "True") || !condition_get(node, "Ready"))
        return 0;
    if (node_pace_is_stale(pace, ctl->now_us)) {
        r = ctl->lister->list(ctl->lister, "host", "nodes", NULL, NULL, on_node, &census, err);
        if (r == 0)
            node_pace_count(pace, census.notes, census.n, ctl->now_us);
    }
    if (r == 0)
        *ret = node_pace_ask(pace, nodelife_zone(ctl->arena, node), nodelife_is_expelled(node),
                             ctl->now_us);
    return r;
}

static void on_counted(Obj *o UNUSED, void *data)
{
    int64_t *n = data;

    (*n)++;
}

/* The step of the annotation that says how long agents may keep what they have read. */
static int ttl_step(Ctl *ctl, unsigned *ret, Err *err)
{
    NodePace *pace = ctl_node_pace(ctl->all);
    int64_t n = 0;
    int r = 0;

    if (node_pace_size_is_stale(pace, ctl->now_us)) {
        r = ctl->lister->list(ctl->lister, "host", "nodes", NULL, NULL, on_counted, &n, err);
        if (r == 0)
            node_pace_set_size(pace, n, ctl->now_us);
    }
    *ret = node_pace_ttl_step(pace);
    return r;
}

/* "+NODE" has come, "-NODE UID" has gone. */
static int tell(Ctl *ctl, Err *err)
{
    const char *space = strchr(ctl->name, ' ');
    Value *node = NULL;
    int r = 0;

    if (ctl->name[0] == '+') {
        r = ctl_get(ctl, "nodes", "", ctl->name + 1, &node, err);
        if (r == 0 && node)
            ctl_event(ctl, node, "Normal", "RegisteredNode", "Registered Node %s in Controller",
                      meta_name(node));
    } else if (space) {
        node = value_literal(ctl->arena, "{'kind':'Node','apiVersion':'v1','metadata':{}}");
        value_set_at(ctl->arena, node, "metadata.name",
                     value_printf(ctl->arena, "%.*s", (int)(space - ctl->name - 1), ctl->name + 1));
        value_set_at(ctl->arena, node, "metadata.uid", value_str(ctl->arena, space + 1));
        ctl_event(ctl, node, "Normal", "RemovingNode", "Removing Node %s from Controller",
                  meta_name(node));
    }
    return r;
}

int nodelife_sync(Ctl *ctl, Err *err)
{
    const ControllersOptions *o = ctl_options(ctl->all);
    ObjRef at = ctl_ref(ctl, "nodes", "", ctl->name);
    NodeExpel expel;
    Value *node, *lease;
    bool was_ready, has_changed;
    unsigned step = 0;
    int64_t seen_us;
    int r;

    if (!str_eq(ctl->cluster, "host"))
        return 0; /* a tenant's overlay, no node */
    if (str_eq(ctl->name, cidr_key))
        return assign_all_cidrs(ctl, err);
    if (ctl->name[0] == '+' || ctl->name[0] == '-')
        return tell(ctl, err);
    r = ctl_get(ctl, "nodes", "", ctl->name, &node, err);
    if (r == 0 && !node)
        node_pace_forget(ctl_node_pace(ctl->all), ctl->name);
    if (r < 0 || !node)
        return r;
    r = ctl_get(ctl, "coordination/leases", "kube-node-lease", ctl->name, &lease, err);
    if (r < 0)
        return r;
    was_ready = condition_is(node, "Ready", "True");
    seen_us =
        node_pace_seen(ctl_node_pace(ctl->all), ctl->name, nodelife_sign(node, lease), ctl->now_us);
    if (nodelife_judge(ctl->arena, node, seen_us, o->node_grace_ms, ctl->now_us)) {
        if (was_ready)
            ctl_event(ctl, node, "Normal", "NodeNotReady", "Node %s status is now: NodeNotReady",
                      ctl->name);
        r = ctl_update_status(ctl, "nodes", node, err);
        return r < 0 ? r : 1; /* its taints follow at once, on the new state */
    }
    r = may_expel(ctl, node, &expel, err);
    if (r == 0)
        r = ttl_step(ctl, &step, err);
    if (r < 0)
        return r;
    has_changed = nodelife_taint(ctl->arena, node, expel, ctl->now_us);
    has_changed = nodelife_label(ctl->arena, node) || has_changed;
    has_changed = nodelife_set_ttl(ctl->arena, node, step) || has_changed;
    if (has_changed) {
        r = client_update(ctl->client, ctl->arena, &at, node, NULL, err);
        if (r < 0)
            return r;
    }
    if (!value_at_str(node, "spec.podCIDR"))
        want_cidrs(ctl->all, ctl->index);
    return LOOK_EVERY_MS;
}

/* ---- pods on nodes ---- */

static void note_pod(Controllers *c, const Change *ch)
{
    const char *node = NULL;

    if (ch->type == CHANGE_DELETED || !obj_scan_str(ch->obj, "spec.nodeName", ch->arena, &node))
        node = NULL;
    node_index_set(ctl_node_index(c), &(PodKey){ch->cluster, ch->ns, ch->name}, node);
}

static void enqueue_pods_of(Controllers *c, uint32_t index, const Change *ch, int64_t delay_ms)
{
    uint32_t n;
    const PodKey *pods = node_index_pods(ctl_node_index(c), ch->arena, ch->name, &n);

    for (uint32_t i = 0; i < n; i++)
        if (is_host(ch) || str_eq(pods[i].cluster, ch->cluster))
            ctl_enqueue_after(c, index, pods[i].cluster, pods[i].ns, pods[i].name, delay_ms);
}

static bool has_noexecute(const Obj *o)
{
    return o && memmem(o->text, o->text_len, "\"NoExecute\"", 11) != NULL;
}

void eviction_map(Controllers *c, uint32_t index, const Change *ch)
{
    bool was_bound = ch->prev && memmem(ch->prev->text, ch->prev->text_len, "\"nodeName\"", 10);

    if (str_eq(ch->storage, "pods")) {
        note_pod(c, ch);
        if (ch->type == CHANGE_ADDED || !was_bound)
            ctl_map_self(c, index, ch);
    } else if (is_host(ch) && (has_noexecute(ch->obj) || has_noexecute(ch->prev))) {
        enqueue_pods_of(c, index, ch, 0);
    } else if (str_eq(ch->storage, NODE_OVERLAYS) &&
               (has_noexecute(ch->obj) || has_noexecute(ch->prev))) {
        enqueue_pods_of(c, index, ch, 0);
    }
}

/* The pod of the key and the node it is bound to; both NULL when they are not there. */
static int get_pod(Ctl *ctl, Value **ret_pod, const char **ret_node, Err *err)
{
    int r = ctl_get(ctl, "pods", ctl->ns, ctl->name, ret_pod, err);

    if (r < 0)
        return r;
    *ret_node = pod_bound_node(*ret_pod);
    node_index_set(ctl_node_index(ctl->all), &(PodKey){ctl->cluster, ctl->ns, ctl->name},
                   *ret_node);
    return 0;
}

/* Write one condition, and the phase unless it is NULL. 1 when it is written, 0 when this pod is no
 * longer there. `condition` may be NULL. */
static int patch_status(Ctl *ctl, const Value *pod, Value *condition, const char *phase, Err *err)
{
    Arena *a = ctl->arena;
    ObjRef at = ctl_ref(ctl, "pods", meta_ns(pod), meta_name(pod));
    Value *patch = value_object(a), *conditions = value_array(a);
    int r;

    if (condition) {
        value_set(a, condition, "lastTransitionTime", value_time(a, ctl->now_us));
        value_append(a, conditions, condition);
        value_set(a, value_need(a, patch, "status"), "conditions", conditions);
    }
    if (phase)
        value_set_str(a, value_need(a, patch, "status"), "phase", phase);
    value_set_at(a, patch, "metadata.uid", value_str(a, meta_uid(pod)));
    at.subresource = "status";
    r = client_patch(ctl->client, a, &at, "application/strategic-merge-patch+json", patch, NULL,
                     err);
    return r == -ERR_NOT_FOUND || r == -ERR_CONFLICT ? 0 : r < 0 ? r : 1;
}

/* Nobody on a silent node says that its pods are not ready: do it, so that Services leave them out.
 * The agent puts it right when it comes back. */
static int mark_not_ready(Ctl *ctl, Value *pod, Err *err)
{
    int r = patch_status(ctl, pod, value_literal(ctl->arena, "{'type':'Ready','status':'False'}"),
                         NULL, err);

    if (r > 0)
        ctl_event(ctl, pod, "Warning", "NodeNotReady", "Node is not ready");
    return MIN(r, 0);
}

static Value *disruption(Ctl *ctl, const Value *pod, const char *reason, const char *message)
{
    Value *c = value_literal(ctl->arena, "{'type':'DisruptionTarget','status':'True'}");

    value_set_int(ctl->arena, c, "observedGeneration", meta_generation(pod));
    value_set_str(ctl->arena, c, "reason", reason);
    value_set_str(ctl->arena, c, "message", message);
    return c;
}

/* The status says why before the pod goes: policies of Jobs read it. */
static int evict(Ctl *ctl, Value *pod, Err *err)
{
    int r = 0;

    ctl_event(ctl, pod, "Normal", "TaintManagerEviction", "Marking for deletion Pod %s/%s", ctl->ns,
              ctl->name);
    if (!condition_is(pod, "DisruptionTarget", "True"))
        r = patch_status(ctl, pod,
                         disruption(ctl, pod, "DeletionByTaintManager",
                                    "Taint manager: deleting due to NoExecute taint"),
                         NULL, err);
    return r < 0 ? r : ctl_delete(ctl, "pods", pod, NULL, err);
}

int eviction_sync(Ctl *ctl, Err *err)
{
    NodeIndex *index = ctl_node_index(ctl->all);
    PodKey key = {ctl->cluster, ctl->ns, ctl->name};
    Value *pod, *node = NULL;
    const char *node_name;
    int64_t at_us;
    int r = get_pod(ctl, &pod, &node_name, err);

    if (r < 0 || !node_name || !pod_is_active(pod))
        return r;
    /* as the pod's tenant sees it */
    r = ctl_get(ctl, "nodes", "", node_name, &node, err);
    if (r == 0 && node && condition_is(node, "Ready", "Unknown") && pod_is_ready(pod))
        r = mark_not_ready(ctl, pod, err);
    if (r < 0 || !node)
        return r;
    at_us = nodelife_eviction_us(pod, node, node_index_clock(index, &key, ctl->now_us));
    if (at_us == 0) {
        if (node_index_stop_clock(index, &key))
            ctl_event(ctl, pod, "Normal", "TaintManagerEviction",
                      "Cancelling deletion of Pod %s/%s", ctl->ns, ctl->name);
        return 0;
    }
    if (at_us > ctl->now_us) {
        node_index_wait(index, &key);
        return ctl_wait_ms(at_us, ctl->now_us);
    }
    return evict(ctl, pod, err);
}

/* ---- pods that nobody will end ---- */

static const char out_of_service[] = "node.kubernetes.io/out-of-service";

static bool looks_ended(const Obj *o)
{
    return memmem(o->text, o->text_len, "\"phase\":\"Succeeded\"", 19) ||
           memmem(o->text, o->text_len, "\"phase\":\"Failed\"", 16);
}

/* The pod has just been bound, to a node that is not there. */
static bool is_lost(Controllers *c, const Change *ch)
{
    static const char key[] = "\"nodeName\"";
    CLEANUP(obj_unref) Obj *node = NULL;
    Lister *l = ctl_lister(c);
    const char *name = NULL;

    if (ch->type == CHANGE_DELETED ||
        (ch->prev && memmem(ch->prev->text, ch->prev->text_len, key, sizeof(key) - 1)))
        return false;
    return obj_scan_str(ch->obj, "spec.nodeName", ch->arena, &name) && name && name[0] &&
           l->get(l, ch->cluster, "nodes", "", name, &node, NULL) == 0 && !node;
}

void podgc_map(Controllers *c, uint32_t index, const Change *ch)
{
    if (str_eq(ch->storage, "pods")) {
        if (is_lost(c, ch))
            ctl_enqueue_after(c, index, ch->cluster, ch->ns, ch->name, QUARANTINE_US / 1000);
        if (ch->type != CHANGE_DELETED && ctl_options(c)->terminated_pods > 0 &&
            looks_ended(ch->obj))
            ctl_enqueue_after(c, index, ch->cluster, "", ended_key, COUNT_AFTER_MS);
        if (ch->type != CHANGE_DELETED && ch->obj->deleted_us != 0)
            ctl_map_self(c, index, ch);
    } else if (is_host(ch) && ch->type == CHANGE_DELETED) {
        enqueue_pods_of(c, index, ch, QUARANTINE_US / 1000);
    } else if (is_host(ch) &&
               memmem(ch->obj->text, ch->obj->text_len, out_of_service, strlen(out_of_service))) {
        enqueue_pods_of(c, index, ch, 0);
    }
}

static bool is_out_of_service(const Value *node)
{
    Value *taint;

    if (condition_is(node, "Ready", "True"))
        return false;
    value_each_item(value_at(node, "spec.taints"), i, taint)
    {
        if (str_eq(value_get_str(taint, "key"), out_of_service))
            return true;
    }
    return false;
}

/* Nobody will say how the pod ended: it failed. `condition` tells why, or is NULL. */
static int end_for_good(Ctl *ctl, Value *pod, Value *condition, Err *err)
{
    int r = pod_is_finished(pod) ? 0 : patch_status(ctl, pod, condition, "Failed", err);

    return r < 0 ? r : ctl_delete_all(ctl, "pods", &pod, 1, true, err);
}

static bool has_ended(const Obj *o, const void *data)
{
    const Ctl *ctl = data;
    const char *phase = NULL;

    return o->deleted_us == 0 && obj_scan_str(o, "status.phase", ctl->arena, &phase) &&
           (str_eq(phase, "Succeeded") || str_eq(phase, "Failed"));
}

static int collect_ended(Ctl *ctl, Err *err)
{
    Values pods;
    int r = ctl_list(ctl, "pods", NULL, has_ended, ctl, &pods, err);
    uint32_t n = r < 0 ? 0 : terminated_to_go(&pods, ctl_options(ctl->all)->terminated_pods);

    return r < 0 ? r : ctl_delete_all(ctl, "pods", pods.items, n, true, err);
}

int podgc_sync(Ctl *ctl, Err *err)
{
    ObjRef at;
    Value *pod, *node = NULL;
    const char *node_name;
    int r;

    if (str_eq(ctl->name, ended_key))
        return collect_ended(ctl, err);
    r = get_pod(ctl, &pod, &node_name, err);
    if (r < 0 || !pod)
        return r;
    if (!node_name)
        return meta_is_deleted(pod) ? end_for_good(ctl, pod, NULL, err) : 0;
    /* as the pod's tenant sees it */
    r = ctl_get(ctl, "nodes", "", node_name, &node, err);
    if (r == 0 && node && meta_is_deleted(pod) && is_out_of_service(node))
        return end_for_good(ctl, pod, NULL, err); /* an operator says that nothing runs there */
    if (r < 0 || node)
        return r;
    /* The cache may be late: ask the server before a pod is lost. */
    at = (ObjRef){
        .cluster = "host", .ns = "", .name = node_name, .resource = resource_find_storage("nodes")};
    r = client_get(ctl->client, ctl->arena, &at, &node, err);
    if (r != -ERR_NOT_FOUND)
        return MIN(r, 0);
    if (ctl->now_us - ctl_started_us(ctl->all) < QUARANTINE_US)
        return QUARANTINE_US / 1000; /* give an agent time to come back with its node */
    return end_for_good(
        ctl, pod, disruption(ctl, pod, "DeletionByPodGC", "PodGC: node no longer exists"), err);
}
