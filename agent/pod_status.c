#include "agent/pod_sync.h"

#include "base/clock.h"

enum { MESSAGES_MAX = 12 << 10 };

typedef struct Statuser {
    Arena *a;
    const PodInput *in;
    const PodPlan *plan;
    const Value *spec, *old; /* old: the server's status, or NULL */
    bool inits_done;
    int64_t epoch_us; /* see pod_sync.h */
} Statuser;

/* Has the newest container of that name to run once more, because all have? */
static bool runs_again(const Statuser *s, const Value *status)
{
    const char *name = value_get_str(status, "name");

    return !s->in->is_terminating && !s->in->fail_reason && s->epoch_us > 0 && name &&
           container_is_outdated(runtime_newest(s->in->rt, name), s->epoch_us);
}

static void set_time(Arena *a, Value *v, const char *name, int64_t us)
{
    char text[CLOCK_TEXT_MAX];

    if (us > 0)
        value_set_str(a, v, name, clock_to_rfc3339(us, text));
    else
        value_set(a, v, name, value_null(a));
}

static const char *container_id(Arena *a, const RtContainer *c)
{
    return arena_printf(a, "containerd://%s", c->id);
}

/* The head of what a container said at its end: those of a pod share one limit
 * (pkg/kubelet/status, normalizeStatus()). */
static const char *bounded_message(const Statuser *s, const char *message)
{
    size_t cap = MESSAGES_MAX / MAX(1, pod_spec_n_containers(s->spec));

    if (strlen(message) <= cap)
        return message;
    while (cap > 0 && ((unsigned char)message[cap] & 0xc0) == 0x80)
        cap--; /* no half character */
    return arena_strndup(s->a, message, cap);
}

static Value *terminated(const Statuser *s, const RtContainer *c)
{
    Arena *a = s->a;
    Value *v = value_object(a), *t = value_need(a, v, "terminated");

    value_set_int(a, t, "exitCode", c->exit_code);
    value_set_str(a, t, "reason",
                  c->reason[0] ? c->reason : (c->exit_code == 0 ? "Completed" : "Error"));
    if (c->message[0])
        value_set_str(a, t, "message", bounded_message(s, c->message));
    set_time(a, t, "startedAt", MAX(1, c->started_us)); /* never started: 1970, as kubelet has it */
    set_time(a, t, "finishedAt", MAX(1, c->finished_us));
    value_set_str(a, t, "containerID", container_id(a, c));
    return v;
}

static Value *waiting(Arena *a, const char *reason, const char *message)
{
    Value *v = value_object(a), *w = value_need(a, v, "waiting");

    value_set_str(a, w, "reason", reason);
    if (message && message[0])
        value_set_str(a, w, "message", message);
    return v;
}

static bool is_backing_off(const Statuser *s, const char *name)
{
    for (size_t i = 0; s->plan && i < s->plan->n_backing_off; i++) {
        if (strcmp(s->plan->backing_off[i], name) == 0)
            return true;
    }
    return false;
}

static const RtContainer *before(const RtPod *rt, const RtContainer *c)
{
    for (size_t i = 0; i < rt->n_containers; i++) {
        const RtContainer *x = &rt->containers[i];

        if (strcmp(x->name, c->name) == 0 && x->attempt < c->attempt && x->state == CRI_EXITED)
            return x;
    }
    return NULL;
}

static const char *back_off_message(const Statuser *s, const RtContainer *c)
{
    const Value *meta = value_get(s->in->pod, "metadata");
    int wait_s = pod_backoff_s(c->step + 1);

    if (wait_s == BACKOFF_MAX_S)
        return arena_printf(s->a, "back-off 5m0s restarting failed container=%s pod=%s_%s(%s)",
                            c->name, value_get_str(meta, "name"), value_get_str(meta, "namespace"),
                            value_get_str(meta, "uid"));
    return arena_printf(s->a, "back-off %s%ds restarting failed container=%s pod=%s_%s(%s)",
                        wait_s >= 60 ? arena_printf(s->a, "%dm", wait_s / 60) : "", wait_s % 60,
                        c->name, value_get_str(meta, "name"), value_get_str(meta, "namespace"),
                        value_get_str(meta, "uid"));
}

/* Has the container ended for good? */
static bool has_ended(const Statuser *s, const Value *container, ContainerKind kind,
                      const RtContainer *c)
{
    if (!c || c->state != CRI_EXITED)
        return false;
    if (kind != CONTAINER_EPHEMERAL && !s->in->is_terminating && !s->in->fail_reason &&
        !pod_is_done(s->in->pod) && container_is_outdated(c, s->epoch_us))
        return false;
    if (kind == CONTAINER_EPHEMERAL || s->in->is_terminating || s->in->fail_reason ||
        pod_is_done(s->in->pod))
        return true;
    if (kind == CONTAINER_INIT && !container_is_sidecar(container) && c->exit_code == 0)
        return true;
    return !container_restarts(s->in->pod, container, c->exit_code);
}

/* Sets state and lastState. */
static void set_states(const Statuser *s, Value *st, const Value *container, ContainerKind kind,
                       const RtContainer *c)
{
    Arena *a = s->a;
    const char *name = value_get_str(st, "name");
    const ContainerState *mem = pod_container_state(s->in, name);
    bool has_inits = value_len(value_get(s->spec, "initContainers")) > 0;
    bool is_exited = c && c->state == CRI_EXITED, is_backing = is_backing_off(s, name);
    const RtContainer *last = c ? before(s->in->rt, c) : NULL;
    Value *state;

    if (c && c->state == CRI_RUNNING) {
        state = value_object(a);
        set_time(a, value_need(a, state, "running"), "startedAt", c->started_us);
    } else if (has_ended(s, container, kind, c)) {
        state = terminated(s, c);
    } else if (is_backing && pull_backs_off(mem, s->in->now_us)) {
        state = waiting(a, "ImagePullBackOff",
                        arena_printf(a, "Back-off pulling image \"%s\": %s: %s",
                                     value_get_str(container, "image"), mem->wait_reason,
                                     mem->wait_message));
        last = is_exited ? c : last;
    } else if (mem && mem->wait_reason &&
               !(is_exited && is_backing && strcmp(mem->wait_reason, "RunContainerError") == 0)) {
        state = waiting(a, mem->wait_reason, mem->wait_message);
        last = is_exited ? c : last;
    } else if (is_exited && is_backing) {
        state = waiting(a, "CrashLoopBackOff", back_off_message(s, c));
        last = c;
    } else if (is_exited) {
        state = terminated(s, c);
    } else {
        state = waiting(a,
                        kind != CONTAINER_EPHEMERAL && has_inits &&
                                (kind == CONTAINER_INIT || !s->inits_done)
                            ? "PodInitializing"
                            : "ContainerCreating",
                        NULL);
    }
    value_set(a, st, "state", state);
    value_set(a, st, "lastState", last ? terminated(s, last) : value_object(a));
}

/* What the container has got, and what the node has set aside for it. */
static void set_resources(const Statuser *s, Value *st, const Value *container)
{
    const char *name = value_get_str(st, "name");
    const Value *spec = value_get(container, "resources");
    const Value *allocated = value_get(s->in->allocated, name);
    const Value *actuated = value_get(s->in->actuated, name);
    const Value *requests;

    allocated = allocated ? allocated : spec;
    actuated = actuated ? actuated : allocated;
    requests = value_get(allocated, "requests");
    if (value_len(requests) > 0)
        value_set(s->a, st, "allocatedResources", value_copy(s->a, requests));
    value_set(s->a, st, "resources", actuated ? value_copy(s->a, actuated) : value_object(s->a));
}

static void set_mounts(const Statuser *s, Value *st, const Value *container)
{
    Arena *a = s->a;
    Value *list = value_array(a);
    const Value *m;

    value_each_item(value_get(container, "volumeMounts"), i, m)
    {
        Value *v = value_object(a);

        value_set_str(a, v, "name", value_get_str(m, "name"));
        value_set_str(a, v, "mountPath", value_get_str(m, "mountPath"));
        if (value_at_bool(m, "readOnly")) {
            value_set_bool(a, v, "readOnly", true);
            value_set_str(a, v, "recursiveReadOnly", "Disabled");
        }
        value_append(a, list, v);
    }
    if (value_len(list) > 0)
        value_set(a, st, "volumeMounts", list);
}

static Value *container_status(const Statuser *s, const Value *container, ContainerKind kind)
{
    Arena *a = s->a;
    const char *name = value_get_str(container, "name");
    const RtContainer *c = runtime_newest(s->in->rt, name);
    const ContainerState *mem = pod_container_state(s->in, name);
    bool is_plain_init = kind == CONTAINER_INIT && !container_is_sidecar(container);
    bool runs = c && c->state == CRI_RUNNING;
    bool probed = mem && c && str_eq(mem->probed_id, c->id);
    bool is_started = runs && probed && mem->is_started;
    bool is_ready = is_started && mem->is_ready && kind != CONTAINER_EPHEMERAL;
    Value *st = value_object(a);

    if (is_plain_init)
        is_ready = c && c->state == CRI_EXITED && c->exit_code == 0;
    value_set_str(a, st, "name", name);
    set_states(s, st, container, kind, c);
    value_set_bool(a, st, "ready", is_ready);
    value_set_int(a, st, "restartCount", c ? c->attempt : 0);
    value_set_str(a, st, "image", c && c->image[0] ? c->image : value_get_str(container, "image"));
    value_set_str(a, st, "imageID", c ? c->image_id : "");
    if (c) {
        value_set_str(a, st, "containerID", container_id(a, c));
        set_mounts(s, st, container);
        set_resources(s, st, container);
    }
    if (kind != CONTAINER_EPHEMERAL)
        value_set_bool(a, st, "started", is_started);
    return st;
}

/* ---- phase ---- */

typedef struct Counts {
    int pending_init, failed_init; /* failed_init: for good */
    int waiting, running, stopped, succeeded, restarting;
} Counts;

static void count_inits(const Statuser *s, const Value *statuses, Counts *n)
{
    const Value *st, *container;

    value_each_item(statuses, i, st)
    {
        const Value *t = value_at(st, "state.terminated");
        const Value *last = value_at(st, "lastState.terminated");

        container = value_item(value_get(s->spec, "initContainers"), i);
        if (container_is_sidecar(container)) {
            n->pending_init += !value_at_bool(st, "started") && !s->inits_done;
            continue;
        }
        if (runs_again(s, st)) {
            n->pending_init++;
            continue;
        }
        if (!t && value_at(st, "state.waiting"))
            t = last;
        if (!t || !value_at(st, "state.terminated"))
            n->pending_init++;
        if (t) {
            int code = (int)value_at_int(t, "exitCode", 1);
            bool failed = code != 0 && !container_restarts(s->in->pod, container, code);

            n->failed_init += failed;
            n->pending_init += code != 0 && !failed && value_at(st, "state.terminated");
        }
    }
}

static void count_mains(const Statuser *s, const Value *statuses, Counts *n)
{
    const Value *st, *container;

    value_each_item(statuses, i, st)
    {
        const Value *t = value_at(st, "state.terminated");
        const Value *last = value_at(st, "lastState.terminated");

        container = value_item(value_get(s->spec, "containers"), i);
        if (value_at(st, "state.running")) {
            n->running++;
        } else if (t || last) {
            int code = (int)value_at_int(t ? t : last, "exitCode", 1);

            n->stopped++;
            n->succeeded += t && code == 0;
            n->restarting +=
                !t || runs_again(s, st) || container_restarts(s->in->pod, container, code);
        } else {
            n->waiting++;
        }
    }
}

static const char *phase_of(const Statuser *s, const Counts *n)
{
    if (s->in->fail_reason)
        return "Failed";
    if (pod_is_done(s->in->pod))
        return value_at_str(s->in->pod, "status.phase");
    if (n->failed_init > 0)
        return "Failed";
    if (n->pending_init > 0 || n->waiting > 0) /* one that begins anew goes on as it is called */
        return s->epoch_us > 0 && str_eq(value_get_str(s->old, "phase"), "Running") ? "Running"
                                                                                    : "Pending";
    if (n->running > 0)
        return "Running";
    if (n->stopped == 0)
        return "Pending";
    if (n->restarting > 0 && !s->in->is_terminating)
        return "Running";
    return n->stopped == n->succeeded ? "Succeeded" : "Failed";
}

static bool is_terminal(const char *phase)
{
    return str_eq(phase, "Succeeded") || str_eq(phase, "Failed");
}

/* A pod has not ended as long as something of it runs: others take its place then. */
static const char *settled_phase(const Statuser *s, const char *phase)
{
    const RtPod *rt = s->in->rt;
    const char *old = value_get_str(s->old, "phase");

    if (!is_terminal(phase) || is_terminal(old))
        return phase;
    for (size_t i = 0; i < rt->n_containers; i++) {
        if (rt->containers[i].state == CRI_RUNNING)
            return old ? old : "Running";
    }
    return phase;
}

/* ---- conditions ---- */

static Value *old_condition(const Statuser *s, const char *type)
{
    Value *c;

    value_each_item(value_get(s->old, "conditions"), i, c)
    {
        if (str_eq(value_get_str(c, "type"), type))
            return c;
    }
    return NULL;
}

static void add_condition(const Statuser *s, Value *list, const char *type, bool is_true,
                          const char *reason, const char *message)
{
    Arena *a = s->a;
    Value *c = value_object(a);
    const Value *old = old_condition(s, type);
    const char *status = is_true ? "True" : "False";
    const char *since = value_get_str(old, "lastTransitionTime");

    value_set_str(a, c, "type", type);
    value_set_str(a, c, "status", status);
    value_set(a, c, "lastProbeTime", value_null(a));
    if (since && str_eq(value_get_str(old, "status"), status))
        value_set_str(a, c, "lastTransitionTime", since);
    else
        set_time(a, c, "lastTransitionTime", s->in->now_us);
    if (reason)
        value_set_str(a, c, "reason", reason);
    if (message)
        value_set_str(a, c, "message", message);
    if (value_at(s->in->pod, "metadata.generation"))
        value_set(a, c, "observedGeneration",
                  value_copy(a, value_at(s->in->pod, "metadata.generation")));
    value_append(a, list, c);
}

/* Containers that are not ready: sidecars and the main ones; NULL when all are. */
static const char *unready_names(const Statuser *s, const Value *inits, const Value *mains)
{
    AUTO_BUF b = BUF_INIT;
    const Value *st;

    value_each_item(inits, i, st)
    {
        if (container_is_sidecar(value_item(value_get(s->spec, "initContainers"), i)) &&
            !value_at_bool(st, "ready"))
            buf_addf(&b, "%s%s", b.len ? " " : "", value_get_str(st, "name"));
    }
    value_each_item(mains, k, st)
    {
        if (!value_at_bool(st, "ready"))
            buf_addf(&b, "%s%s", b.len ? " " : "", value_get_str(st, "name"));
    }
    return b.len ? arena_printf(s->a, "containers with unready status: [%s]", buf_str(&b)) : NULL;
}

/* Init containers that have not done their work; NULL when all have. */
static const char *incomplete_names(const Statuser *s, const Value *inits)
{
    AUTO_BUF b = BUF_INIT;
    const Value *st;

    value_each_item(inits, i, st)
    {
        bool is_sidecar = container_is_sidecar(value_item(value_get(s->spec, "initContainers"), i));

        if (!value_at_bool(st, is_sidecar ? "started" : "ready"))
            buf_addf(&b, "%s%s", b.len ? " " : "", value_get_str(st, "name"));
    }
    return b.len ? arena_printf(s->a, "containers with incomplete status: [%s]", buf_str(&b))
                 : NULL;
}

static bool gates_pass(const Statuser *s)
{
    const Value *gate;

    value_each_item(value_get(s->spec, "readinessGates"), i, gate)
    {
        const Value *c = old_condition(s, value_get_str(gate, "conditionType"));

        if (!str_eq(value_get_str(c, "status"), "True"))
            return false;
    }
    return true;
}

static const char restarting[] = "AllContainersRestarting";

/* Are containers of before being ended, so that all can begin anew? */
static bool restarts_all(const Statuser *s)
{
    for (size_t i = 0; i < s->in->rt->n_containers; i++) {
        const RtContainer *c = &s->in->rt->containers[i];

        if (c->state == CRI_RUNNING && container_is_outdated(c, s->epoch_us))
            return true;
    }
    return false;
}

static Value *conditions(const Statuser *s, const Value *inits, const Value *mains,
                         const char *phase)
{
    static const char *const ours[] = {
        "PodReadyToStartContainers", "Initialized",      "Ready",
        "ContainersReady",           "PodResizePending", "PodResizeInProgress"};
    Value *list = value_array(s->a), *c;
    const RtPod *rt = s->in->rt;
    bool done = strcmp(phase, "Succeeded") == 0, failed = strcmp(phase, "Failed") == 0;
    bool sandbox = rt->n_sandboxes > 0 && rt->sandboxes[0].is_ready;
    const char *unready = unready_names(s, inits, mains);
    const char *uninit = incomplete_names(s, inits);
    const char *reason = done ? "PodCompleted" : failed ? "PodFailed" : "ContainersNotReady";
    bool ready = !unready && !done && !failed;
    const char *why = done || failed ? NULL : unready;

    add_condition(s, list, ours[0], sandbox, NULL, NULL);
    if (done || s->inits_done)
        add_condition(s, list, ours[1], true, done ? "PodCompleted" : NULL, NULL);
    else
        add_condition(s, list, ours[1], false, "ContainersNotInitialized", uninit);
    if (ready && !gates_pass(s))
        add_condition(s, list, ours[2], false, "ReadinessGatesNotReady",
                      "corresponding condition of pod readiness gate is not true.");
    else
        add_condition(s, list, ours[2], ready, ready ? NULL : reason, why);
    add_condition(s, list, ours[3], ready, ready ? NULL : reason, why);
    value_each_item(s->in->resize_conditions, n, c)
    {
        add_condition(s, list, value_get_str(c, "type"), true, value_get_str(c, "reason"),
                      value_get_str(c, "message"));
    }
    if (restarts_all(s) || old_condition(s, restarting))
        add_condition(s, list, restarting, restarts_all(s), NULL, NULL);
    if (s->in->is_disrupted)
        add_condition(s, list, "DisruptionTarget", true, s->in->disruption_reason,
                      s->in->fail_message);
    value_each_item(value_get(s->old, "conditions"), i, c)
    {
        const char *type = value_get_str(c, "type");
        bool is_ours =
            (s->in->is_disrupted && str_eq(type, "DisruptionTarget")) || str_eq(type, restarting);

        for (size_t k = 0; k < ARRAY_LEN(ours); k++)
            is_ours |= str_eq(type, ours[k]);
        if (!is_ours)
            value_append(s->a, list, value_copy(s->a, c));
    }
    return list;
}

/* ---- all of it ---- */

static Value *address_list(Arena *a, const char *first, const char *second)
{
    const char *const ips[] = {first, second};
    Value *list = value_array(a);

    for (size_t i = 0; i < ARRAY_LEN(ips) && ips[i]; i++) {
        Value *item = value_object(a);

        value_set_str(a, item, "ip", ips[i]);
        value_append(a, list, item);
    }
    return list;
}

static void set_addresses(const Statuser *s, Value *status)
{
    Arena *a = s->a;
    const RtPod *rt = s->in->rt;
    bool host_network = value_at_bool(s->in->pod, "spec.hostNetwork");
    const char *ip = rt->n_sandboxes > 0 ? rt->sandboxes[0].ip : "";
    const char *second = rt->n_sandboxes > 0 ? rt->sandboxes[0].second_ip : NULL;
    const char *old = value_get_str(s->old, "podIP");

    if (s->in->host_ip) {
        value_set_str(a, status, "hostIP", s->in->host_ip);
        value_set(a, status, "hostIPs", address_list(a, s->in->host_ip, s->in->second_host_ip));
    }
    if (host_network && s->in->node_ip) {
        ip = s->in->node_ip;
        second = s->in->second_node_ip;
    }
    if (!ip[0] && old) { /* a pod that ended keeps its last addresses */
        ip = old;
        second = value_at_str(s->old, "podIPs.1.ip");
    }
    if (!ip[0])
        return;
    value_set_str(a, status, "podIP", ip);
    value_set(a, status, "podIPs", address_list(a, ip, second));
}

static bool all_inits_done(const Statuser *s)
{
    const Value *container;
    bool main_seen = false;

    value_each_item(value_get(s->spec, "containers"), i, container)
    {
        main_seen |= runtime_newest(s->in->rt, value_get_str(container, "name")) != NULL;
    }
    if (main_seen)
        return true;
    value_each_item(value_get(s->spec, "initContainers"), i, container)
    {
        const char *name = value_get_str(container, "name");
        const RtContainer *c = runtime_newest(s->in->rt, name);
        const ContainerState *mem = pod_container_state(s->in, name);

        if (container_is_sidecar(container)) {
            if (!c || c->state != CRI_RUNNING || !mem || !mem->is_started)
                return false;
        } else if (!c || c->state != CRI_EXITED || c->exit_code != 0) {
            return false;
        }
    }
    return true;
}

/* Metadata but for what every write changes. */
static const Value *lasting_metadata(Arena *a, const Value *pod)
{
    Value *m = value_copy(a, value_get(pod, "metadata"));

    value_del(m, "resourceVersion");
    value_del(m, "managedFields");
    return m;
}

bool pod_is_own_write(Arena *a, const Value *was, const Value *now, const Value *sent)
{
    return value_equal(lasting_metadata(a, was), lasting_metadata(a, now)) &&
           value_equal(value_get(was, "spec"), value_get(now, "spec")) &&
           value_equal(value_get(now, "status"), sent);
}

Value *pod_status(Arena *a, const PodInput *in, const PodPlan *plan)
{
    Statuser s = {.a = a,
                  .in = in,
                  .plan = plan,
                  .spec = value_get(in->pod, "spec"),
                  .old = value_get(in->pod, "status"),
                  .epoch_us = pod_epoch_us(in->pod, in->rt)};
    Value *status = s.old ? value_copy(a, s.old) : value_object(a);
    Value *inits = value_array(a), *mains = value_array(a), *ephemerals = value_array(a);
    const Value *container;
    const char *phase;
    Counts n = {0};

    s.inits_done = all_inits_done(&s);
    value_each_item(value_get(s.spec, "initContainers"), i, container)
    {
        value_append(a, inits, container_status(&s, container, CONTAINER_INIT));
    }
    value_each_item(value_get(s.spec, "containers"), i, container)
    {
        value_append(a, mains, container_status(&s, container, CONTAINER_MAIN));
    }
    value_each_item(value_get(s.spec, "ephemeralContainers"), i, container)
    {
        value_append(a, ephemerals, container_status(&s, container, CONTAINER_EPHEMERAL));
    }
    count_inits(&s, inits, &n);
    count_mains(&s, mains, &n);
    phase = settled_phase(&s, phase_of(&s, &n));
    value_set(a, status, "conditions", conditions(&s, inits, mains, phase));
    value_set_str(a, status, "phase", phase);
    if (in->fail_reason && is_terminal(phase)) {
        value_set_str(a, status, "reason", in->fail_reason);
        value_set_str(a, status, "message", in->fail_message);
    }
    if (!value_get_str(status, "startTime"))
        set_time(a, status, "startTime", in->now_us);
    set_addresses(&s, status);
    if (value_len(inits) > 0)
        value_set(a, status, "initContainerStatuses", inits);
    value_set(a, status, "containerStatuses", mains);
    if (value_len(ephemerals) > 0)
        value_set(a, status, "ephemeralContainerStatuses", ephemerals);
    if (value_at(in->pod, "metadata.generation"))
        value_set(a, status, "observedGeneration",
                  value_copy(a, value_at(in->pod, "metadata.generation")));
    return status;
}
