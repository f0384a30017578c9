#include "agent/pod_sync.h"

#include "base/map.h"

/*
 * How back-off is told from the runtime alone: the newest container of a name was of step n and
 * finished at t; the next start is of step n + 1 and due at t + pod_backoff_s(n + 1). After one
 * that had run for long it is of step 1, and at once.
 */

int pod_backoff_s(uint32_t step)
{
    int s = BACKOFF_FIRST_S;

    if (step <= 1)
        return 0;
    for (uint32_t i = 2; i < step && s < BACKOFF_MAX_S; i++)
        s *= 2;
    return MIN(s, BACKOFF_MAX_S);
}

bool container_is_sidecar(const Value *container)
{
    return str_eq(value_get_str(container, "restartPolicy"), "Always");
}

const char *const container_lists[CONTAINER_KIND_MAX_] = {
    [CONTAINER_MAIN] = "containers",
    [CONTAINER_INIT] = "initContainers",
    [CONTAINER_EPHEMERAL] = "ephemeralContainers",
};

size_t pod_spec_n_containers(const Value *spec)
{
    size_t n = 0;

    for (size_t i = 0; i < ARRAY_LEN(container_lists); i++)
        n += value_len(value_get(spec, container_lists[i]));
    return n;
}

const Value *pod_container_spec(const Value *pod, const char *name, ContainerKind *ret_kind)
{
    const Value *c;

    for (size_t i = 0; i < ARRAY_LEN(container_lists); i++) {
        value_each_item(value_get(value_get(pod, "spec"), container_lists[i]), k, c)
        {
            if (!str_eq(value_get_str(c, "name"), name))
                continue;
            if (ret_kind)
                *ret_kind = (ContainerKind)i;
            return c;
        }
    }
    return NULL;
}

/* Does the rule's list of exit codes hold this one? */
static bool rule_matches(const Value *rule, int exit_code)
{
    const Value *codes = value_get(rule, "exitCodes"), *v;
    bool is_in = false;
    int64_t n;

    if (!codes)
        return false;
    value_each_item(value_get(codes, "values"), i, v)
    {
        is_in |= value_to_int(v, &n) && n == exit_code;
    }
    return str_eq(value_get_str(codes, "operator"), "NotIn") ? !is_in : is_in;
}

/* The rule that fits; NULL: none does. */
static const Value *rule_of(const Value *container, int exit_code)
{
    const Value *rule;

    value_each_item(value_get(container, "restartPolicyRules"), i, rule)
    {
        if (rule_matches(rule, exit_code))
            return rule;
    }
    return NULL;
}

int64_t pod_epoch_us(const Value *pod, const RtPod *rt)
{
    int64_t epoch = 0;

    for (size_t i = 0; i < rt->n_containers; i++) {
        const RtContainer *c = &rt->containers[i];
        const Value *rule = c->state == CRI_EXITED
                                ? rule_of(pod_container_spec(pod, c->name, NULL), c->exit_code)
                                : NULL;

        if (str_eq(value_get_str(rule, "action"), "RestartAllContainers"))
            epoch = MAX(epoch, c->finished_us);
    }
    return epoch;
}

bool container_is_outdated(const RtContainer *c, int64_t epoch_us)
{
    return c && MAX(c->created_us, c->started_us) < epoch_us;
}

bool container_restarts(const Value *pod, const Value *container, int exit_code)
{
    const char *policy = value_get_str(container, "restartPolicy");

    if (rule_of(container, exit_code))
        return true; /* both actions are restarts of it */
    if (!policy)
        policy = value_at_str(pod, "spec.restartPolicy");
    if (str_eq(policy, "Never"))
        return false;
    return !str_eq(policy, "OnFailure") || exit_code != 0;
}

bool pod_is_done(const Value *pod)
{
    const char *phase = value_at_str(pod, "status.phase");

    return phase && (strcmp(phase, "Succeeded") == 0 || strcmp(phase, "Failed") == 0);
}

const char *container_hash(Arena *a, const Value *container)
{
    AUTO_BUF b = BUF_INIT;
    const char *image = value_get_str(container, "image");
    uint64_t h = 1469598103934665603u; /* FNV-1a: must be the same in the next process */

    buf_adds(&b, image ? image : "");
    for (size_t i = 0; i < b.len; i++)
        h = (h ^ (uint8_t)b.ptr[i]) * 1099511628211u;
    return arena_printf(a, "%llx", (unsigned long long)h);
}

bool container_is_changed(Arena *a, const RtContainer *c, const Value *container)
{
    return c->hash[0] && strcmp(c->hash, container_hash(a, container)) != 0;
}

const ContainerState *pod_container_state(const PodInput *in, const char *name)
{
    for (size_t i = 0; i < in->n_states; i++) {
        if (strcmp(in->states[i].name, name) == 0)
            return &in->states[i];
    }
    return NULL;
}

bool pull_backs_off(const ContainerState *st, int64_t now_us)
{
    return st && str_eq(st->wait_reason, "ErrImagePull") &&
           now_us >= st->failed_us + PULL_FAILED_S * 1000000LL;
}

/* ---- the plan ---- */

typedef struct Planner {
    Arena *a;
    const PodInput *in;
    const Value *spec;
    const char *sandbox_id; /* usable one, or NULL */
    int64_t epoch_us;
    PodPlan plan;
    size_t cap;
} Planner;

static void add(Planner *p, Action action)
{
    if (p->plan.n == p->cap) {
        size_t cap = p->cap ? p->cap * 2 : 8;
        Action *grown = arena_array(p->a, Action, cap);

        if (p->plan.n > 0)
            memcpy(grown, p->plan.actions, p->plan.n * sizeof(Action));
        p->plan.actions = grown;
        p->cap = cap;
    }
    p->plan.actions[p->plan.n++] = action;
}

static void wake_at(Planner *p, int64_t us)
{
    if (p->plan.wake_us == 0 || us < p->plan.wake_us)
        p->plan.wake_us = us;
}

static bool is_live(const RtContainer *c)
{
    return c && (c->state == CRI_RUNNING || c->state == CRI_CREATED);
}

/* A container that never ran is always started, also one that was created by an agent that died
 * before starting it. */
static bool should_restart(const Planner *p, const Value *container, const RtContainer *c)
{
    return !c || c->state != CRI_EXITED || container_restarts(p->in->pod, container, c->exit_code);
}

static void start(Planner *p, const Value *container, ContainerKind kind)
{
    const char *name = value_get_str(container, "name");
    const RtContainer *last = runtime_newest(p->in->rt, name);
    const ContainerState *st = pod_container_state(p->in, name);
    int64_t due = st ? st->retry_us : 0;
    uint32_t step = last ? last->step + 1 : 0;

    if (last && last->state == CRI_EXITED) {
        bool ran_long = last->started_us > 0 &&
                        last->finished_us - last->started_us > (int64_t)BACKOFF_FORGET_S * 1000000;

        step = ran_long ? 1 : step;
        due = MAX(due, last->finished_us + pod_backoff_s(step) * 1000000LL);
    }
    if (due > p->in->now_us) {
        p->plan.backing_off[p->plan.n_backing_off++] = name;
        wake_at(p, due);
        if (st && str_eq(st->wait_reason, "ErrImagePull") && !pull_backs_off(st, p->in->now_us))
            wake_at(p, st->failed_us + PULL_FAILED_S * 1000000LL);
        return;
    }
    add(p, (Action){.type = ACTION_START,
                    .container = container,
                    .kind = kind,
                    .attempt = last ? last->attempt + 1 : 0,
                    .step = step,
                    .name = name});
}

static void kill_container(Planner *p, const RtContainer *c, const char *message, int64_t grace_s)
{
    add(p, (Action){.type = ACTION_KILL,
                    .id = c->id,
                    .name = c->name,
                    .message = message,
                    .grace_s = grace_s});
}

/* Restarts a running container whose probe gave up or whose image changed. True when it is kept. */
static bool check_running(Planner *p, const Value *container, const RtContainer *c)
{
    const ContainerState *st = pod_container_state(p->in, c->name);

    if (st && st->must_restart && str_eq(st->probed_id, c->id)) {
        const char *why = st->why_restart ? st->why_restart : "failed liveness probe";
        bool again = container_restarts(p->in->pod, container, 137);

        kill_container(p, c,
                       str_eq(st->restart_by, "") /* a hook: its own words */
                           ? why
                           : arena_printf(p->a, "Container %s %s%s", c->name, why,
                                          again ? ", will be restarted" : ""),
                       value_at_int(value_get(container, st->restart_by ? st->restart_by : ""),
                                    "terminationGracePeriodSeconds", -1));
        return again;
    }
    if (container_is_changed(p->a, c, container))
        kill_container(
            p, c, arena_printf(p->a, "Container %s definition changed, will be restarted", c->name),
            -1);
    return true;
}

/* The containers of the present sandbox only: those of an older one are history. */
static const RtContainer *current(const Planner *p, const Value *container)
{
    const RtContainer *c = runtime_newest(p->in->rt, value_get_str(container, "name"));

    if (is_live(c) && p->sandbox_id && strcmp(c->sandbox_id, p->sandbox_id) != 0)
        return NULL;
    return container_is_outdated(c, p->epoch_us) ? NULL : c;
}

static bool any_main_was_started(const Planner *p)
{
    const Value *c;

    value_each_item(value_get(p->spec, "containers"), i, c)
    {
        const RtContainer *rc = runtime_newest(p->in->rt, value_get_str(c, "name"));

        if (rc && p->sandbox_id && strcmp(rc->sandbox_id, p->sandbox_id) == 0 &&
            !container_is_outdated(rc, p->epoch_us))
            return true;
    }
    return false;
}

typedef enum InitVerdict { INIT_DONE, INIT_WAIT, INIT_FAILED } InitVerdict;

static InitVerdict sidecar(Planner *p, const Value *container, bool mains_run)
{
    const RtContainer *c = current(p, container);
    const ContainerState *st = pod_container_state(p->in, value_get_str(container, "name"));

    if (!is_live(c) || c->state == CRI_CREATED) {
        start(p, container, CONTAINER_INIT);
        return mains_run ? INIT_DONE : INIT_WAIT;
    }
    (void)check_running(p, container, c); /* a sidecar always comes back */
    if (mains_run || (st && st->is_started && str_eq(st->probed_id, c->id)))
        return INIT_DONE;
    return INIT_WAIT;
}

static InitVerdict plan_inits(Planner *p)
{
    bool mains_run = any_main_was_started(p);
    const Value *container;

    value_each_item(value_get(p->spec, "initContainers"), i, container)
    {
        const RtContainer *c = current(p, container);

        if (container_is_sidecar(container)) {
            if (sidecar(p, container, mains_run) == INIT_WAIT)
                return INIT_WAIT;
            continue;
        }
        if (mains_run)
            continue;
        if (c && p->sandbox_id && strcmp(c->sandbox_id, p->sandbox_id) != 0 &&
            c->state == CRI_EXITED)
            c = c->exit_code == 0 ? NULL : c; /* a new sandbox runs them again */
        if (c && c->state == CRI_RUNNING)
            return INIT_WAIT;
        if (c && c->state == CRI_EXITED && c->exit_code == 0)
            continue;
        if (c && c->state == CRI_EXITED && !container_restarts(p->in->pod, container, c->exit_code))
            return INIT_FAILED;
        start(p, container, CONTAINER_INIT);
        return INIT_WAIT;
    }
    return INIT_DONE;
}

/* Starts and keeps the main containers; the number that run or will. */
static size_t plan_mains(Planner *p)
{
    const Value *container;
    size_t n = 0;

    value_each_item(value_get(p->spec, "containers"), i, container)
    {
        const RtContainer *c = current(p, container);

        if (c && c->state == CRI_RUNNING) {
            n += check_running(p, container, c);
        } else if (should_restart(p, container, c)) {
            start(p, container, CONTAINER_MAIN);
            n++;
        }
    }
    return n;
}

/* Each is started once, whatever becomes of it. */
static void plan_ephemerals(Planner *p)
{
    const Value *container;

    value_each_item(value_get(p->spec, "ephemeralContainers"), i, container)
    {
        if (!runtime_newest(p->in->rt, value_get_str(container, "name")))
            start(p, container, CONTAINER_EPHEMERAL);
    }
}

/* Is there anything left that a new sandbox would be for? */
static bool wants_sandbox(const Planner *p)
{
    const Value *container;

    value_each_item(value_get(p->spec, "containers"), i, container)
    {
        const RtContainer *c = runtime_newest(p->in->rt, value_get_str(container, "name"));

        if (!c || container_is_outdated(c, p->epoch_us) ||
            (is_live(c) ? container_restarts(p->in->pod, container, 137)
                        : should_restart(p, container, c)))
            return true;
    }
    return false;
}

static bool needs_stop(const RtPod *rt)
{
    for (size_t i = 0; i < rt->n_sandboxes; i++) {
        if (rt->sandboxes[i].is_ready)
            return true;
    }
    for (size_t i = 0; i < rt->n_containers; i++) {
        if (is_live(&rt->containers[i]))
            return true;
    }
    return false;
}

/* Dead containers: the newest is the state, the one before it lastState; older ones go. */
static void plan_removals(Planner *p)
{
    const RtPod *rt = p->in->rt;

    for (size_t i = 0; i < rt->n_containers; i++) {
        size_t newer = 0;

        for (size_t j = 0; j < i; j++)
            newer += strcmp(rt->containers[j].name, rt->containers[i].name) == 0;
        if (newer >= 2 && !is_live(&rt->containers[i]))
            add(p, (Action){.type = ACTION_REMOVE,
                            .id = rt->containers[i].id,
                            .name = rt->containers[i].name});
    }
}

/* Those of before: all end, without their hooks, before the first starts again. Ephemeral ones stay
 * ended. */
static bool end_outdated(Planner *p)
{
    bool found = false;

    for (size_t i = 0; i < p->in->rt->n_containers; i++) {
        const RtContainer *c = &p->in->rt->containers[i];

        if (c->state != CRI_RUNNING || !container_is_outdated(c, p->epoch_us))
            continue;
        add(p, (Action){.type = ACTION_KILL,
                        .id = c->id,
                        .name = c->name,
                        .message = arena_printf(
                            p->a, "Container %s will be restarted with all others", c->name),
                        .grace_s = -1,
                        .without_hook = true});
        found = true;
    }
    return found;
}

static void plan(Planner *p)
{
    const RtPod *rt = p->in->rt;
    bool host_network = value_at_bool(p->in->pod, "spec.hostNetwork");
    bool ok = rt->n_sandboxes > 0 && rt->sandboxes[0].is_ready &&
              (host_network || rt->sandboxes[0].ip[0]);

    if (p->in->is_terminating || pod_is_done(p->in->pod) || p->in->fail_reason) {
        if (needs_stop(rt))
            add(p, (Action){.type = ACTION_STOP_POD});
        return;
    }
    if (!ok) {
        if (!wants_sandbox(p)) {
            if (needs_stop(rt))
                add(p, (Action){.type = ACTION_STOP_POD});
            return;
        }
        if (needs_stop(rt)) /* what is left of the broken one */
            add(p, (Action){.type = ACTION_STOP_POD});
        add(p, (Action){.type = ACTION_CREATE_SANDBOX,
                        .attempt = rt->n_sandboxes ? rt->sandboxes[0].attempt + 1 : 0});
        return; /* the containers follow when it is there */
    }
    p->sandbox_id = rt->sandboxes[0].id;
    plan_ephemerals(p);
    if (end_outdated(p))
        return;
    switch (plan_inits(p)) {
    case INIT_WAIT:
        break;
    case INIT_FAILED:
        p->plan.n = 0;
        add(p, (Action){.type = ACTION_STOP_POD});
        break;
    case INIT_DONE:
        if (plan_mains(p) == 0) {
            p->plan.n = 0;
            add(p, (Action){.type = ACTION_STOP_POD});
        }
        break;
    }
    plan_removals(p);
}

void pod_sync(Arena *a, const PodInput *in, PodPlan *ret)
{
    Planner p = {.a = a,
                 .in = in,
                 .spec = value_get(in->pod, "spec"),
                 .epoch_us = pod_epoch_us(in->pod, in->rt)};

    p.plan.backing_off = arena_array(a, const char *, pod_spec_n_containers(p.spec) + 1);
    plan(&p);
    *ret = p.plan;
}
