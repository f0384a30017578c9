#include "agent/cgroup.h"
#include "agent/node.h"
#include "agent/pods_int.h"
#include "base/err.h"
#include "base/log.h"
#include "client/meta.h"

enum { RESIZE_RETRY_S = 5 };

static const LogCtx ctx = {.component = "pods"};

static const char *file_of(Arena *a, const Pod *p)
{
    return arena_printf(a, "%s/resources.json", pod_dir(a, p->agent, p->uid));
}

/* What the other pods of the node, of all tenants, have asked for. */
static void measure_room(const Pod *p, const char *cluster, NodeRoom *room)
{
    AUTO_ITEM_LIST pods = {0};

    *room = (NodeRoom){0};
    node_allocatable(p->agent, &room->cpu_milli, &room->memory);
    items_list(p->agent->items, NULL, "pods", &pods);
    for (size_t i = 0; i < pods.n; i++) {
        int64_t cpu, memory;

        if (strcmp(pods.items[i]->uid, p->uid) == 0 || pod_is_done(pods.items[i]->v))
            continue;
        resize_pod_requests(pods.items[i]->v, &cpu, &memory);
        room->used_cpu_milli += cpu;
        room->used_memory += memory;
        if (strcmp(pods.items[i]->cluster, cluster) == 0) {
            room->own_cpu_milli += cpu;
            room->own_memory += memory;
        }
    }
}

static void add_condition(Arena *a, PodInput *in, const char *type, const char *reason,
                          const char *message)
{
    Value *c = value_object(a),
          *list = in->resize_conditions ? value_copy(a, in->resize_conditions) : value_array(a);

    value_set_str(a, c, "type", type);
    if (reason) {
        value_set_str(a, c, "reason", reason);
        value_set_str(a, c, "message", message);
    }
    value_append(a, list, c);
    in->resize_conditions = list;
}

/* Has the server heard of it? Each is told once. */
static bool is_known(const Value *pod, const char *type, const char *reason, const char *message)
{
    const Value *c = condition_get(pod, type);

    return str_eq(value_get_str(c, "reason"), reason) &&
           str_eq(value_get_str(c, "message"), message);
}

static void save(Pod *p, Arena *a, const Resources *r)
{
    Err err;

    if (resize_save(a, file_of(a, p), r, &err) < 0)
        log_warning(&ctx, "what a pod was promised is not kept", LOG_STR("error", err.msg));
}

static int update(Pod *p, Arena *a, const Item *item, const RtContainer *c, const Value *to,
                  Err *err)
{
    Value *request = value_object(a);

    value_set_str(a, request, "container_id", c->id);
    value_set(a, request, "linux", container_resources(a, p->agent, item->v, to, true));
    return cri_call(p->agent->cri, a, CRI_UPDATE_CONTAINER_RESOURCES, request, 10000, NULL, err);
}

/* As kubelet has it (kuberuntime_manager.go, validateMemoryResizeAction()): a container that uses
 * more than it is to have keeps what it has, rather than being killed. */
static int check_usage(Pod *p, Arena *a, const RtContainer *c, const Value *from, const Value *to,
                       Err *err)
{
    int64_t limit = resize_memory_limit(to), usage;

    if (!resize_takes_memory(from, to))
        return 0;
    usage = cgroup_memory_usage(pod_cgroup(a, p->agent, p->uid), c->id);
    if (usage < 0)
        return err_set(err, ERR_INVALID,
                       "cannot decrease memory limits: missing container \"%s\" memory usage",
                       c->name);
    if (usage >= limit)
        return err_set(err, ERR_INVALID,
                       "cannot decrease memory limits: attempting to set container \"%s\" memory "
                       "limit (%lld) below current usage (%lld)",
                       c->name, (long long)limit, (long long)usage);
    return 0;
}

/* Brings one running container to what is allocated. */
static int actuate(Pod *p, Arena *a, const Item *item, const RtPod *rt, const RtContainer *c,
                   Resources *r, Err *err)
{
    const Value *spec = pod_container_spec(item->v, c->name, NULL);
    const Value *from = value_get(r->actuated, c->name), *to = value_get(r->allocated, c->name);
    int rc;

    if (resize_needs_restart(spec, from, to)) {
        Action kill = {.type = ACTION_KILL,
                       .id = c->id,
                       .name = c->name,
                       .message = arena_printf(a, "Container %s resize requires restart", c->name),
                       .grace_s = -1};

        return pod__kill(p, a, item, rt, &kill, err); /* it starts with what is allocated */
    }
    rc = check_usage(p, a, c, from, to, err);
    if (rc == 0)
        rc = update(p, a, item, c, to, err);
    if (rc == 0)
        value_set(a, r->actuated, c->name, value_copy(a, to));
    return rc;
}

/* Running containers that do not have what is allocated. */
static void actuate_all(Pod *p, Arena *a, const Item *item, const RtPod *rt, Resources *r,
                        PodInput *in)
{
    const char *failure = NULL;
    bool is_open = false, has_changed = false;
    Err err;

    value_each_member(r->allocated, m)
    {
        const RtContainer *c = runtime_newest(rt, m->name);

        if (!c || c->state != CRI_RUNNING || value_equal(m->value, value_get(r->actuated, m->name)))
            continue;
        if (actuate(p, a, item, rt, c, r, &err) < 0)
            failure = arena_strdup(a, err.msg);
        has_changed = true;
        is_open |= !value_equal(m->value, value_get(r->actuated, m->name));
    }
    if (failure) {
        if (!is_known(item->v, "PodResizeInProgress", "Error", failure))
            agent_api_event(p->api, item, NULL, true, "ResizeError", "%s",
                            resize_told(a, item->v, r->allocated, "Pod resize error", failure));
        add_condition(a, in, "PodResizeInProgress", "Error", failure);
    }
    if (!failure && is_open)
        add_condition(a, in, "PodResizeInProgress", NULL, NULL);
    if (!has_changed)
        return;
    save(p, a, r);
    if (is_open)
        return;
    pod__make_cgroup(p, a, item); /* the kernel refuses less than what was in use before */
    agent_api_event(p->api, item, NULL, false, "ResizeCompleted", "%s",
                    resize_told(a, item->v, r->allocated, "Pod resize completed", NULL));
}

void pod__make_cgroup(Pod *p, Arena *a, const Item *item)
{
    CgroupLimits l;
    int64_t memory;

    resize_pod_requests(item->v, &l.cpu_request_milli, &memory);
    resize_pod_limits(item->v, &l.cpu_limit_milli, &l.memory_limit);
    cgroup_make(pod_cgroup(a, p->agent, p->uid), &l);
}

int64_t pod__resize(Pod *p, Arena *a, const Item *item, const RtPod *rt, PodInput *in,
                    Resources *ret)
{
    const char *message;
    ResizeVerdict verdict;
    NodeRoom room = {0};
    bool is_kept = resize_load(a, file_of(a, p), item->v, ret);

    in->allocated = ret->allocated;
    in->actuated = ret->actuated;
    if (rt->n_containers == 0 || in->is_terminating || pod_is_done(item->v))
        return 0;
    if (!is_kept)
        save(p, a, ret);
    if (resize_is_wanted(a, item->v, ret))
        measure_room(p, item->cluster, &room);
    verdict = resize_decide(a, item->v, &room, ret, &message);
    if (verdict == RESIZE_FITS) {
        save(p, a, ret);
        pod__make_cgroup(p, a, item);
        agent_api_event(p->api, item, NULL, false, "ResizeStarted", "%s",
                        resize_told(a, item->v, ret->allocated, "Pod resize started", NULL));
    } else if (verdict != RESIZE_NONE) {
        const char *reason = verdict == RESIZE_INFEASIBLE ? "Infeasible" : "Deferred";

        if (!is_known(item->v, "PodResizePending", reason, message))
            agent_api_event(
                p->api, item, NULL, true, arena_printf(a, "Resize%s", reason), "%s",
                resize_told(a, item->v, NULL, arena_printf(a, "Pod resize %s", reason), message));
        add_condition(a, in, "PodResizePending", reason, message);
    }
    actuate_all(p, a, item, rt, ret, in);
    in->allocated = ret->allocated;
    in->actuated = ret->actuated;
    /* Room comes with pods that end, and a failure may pass. */
    return in->resize_conditions ? RESIZE_RETRY_S : 0;
}

void pod__resources_started(Pod *p, Arena *a, const char *container, Resources *r)
{
    const Value *to = value_get(r->allocated, container);

    if (!to)
        return; /* an init or ephemeral container has what its spec says */
    value_set(a, r->actuated, container, value_copy(a, to));
    save(p, a, r);
}
