#include "agent/cgroup.h"
#include "agent/fs.h"
#include "agent/images.h"
#include "agent/logs.h"
#include "agent/net/net.h"
#include "agent/node.h"
#include "agent/pods_int.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/gotime.h"
#include "base/log.h"
#include "base/quantity.h"

#include <sys/stat.h>
#include <unistd.h>

enum {
    TERMINATION_MAX = 4096,
    ROOM_RETRY_MS = 500,
    BESIDE_STACK = 256 << 10,
    REPORT_FIRST_MS = 150,
    AHEAD_S = 10, /* volumes that were set up beside the sandbox are as good as new */
    POST_START_MS = 120000,
    NODE_HOSTS_MAX = 64 << 10,
    LOG_END = 256 << 10, /* so much of a log is looked at for its last words, */
    LOG_WORDS_LINES = 80,
    LOG_WORDS_BYTES = 2048, /* of which so many are told */
};

/* One look at a pod: what pod__round() works with. */
typedef struct Round {
    Pod *p;
    Arena *a;
    const Item *item; /* the newest we know, from the feed or from our own write */
    bool is_gone, is_suspended;
    int64_t now_us;
    RtPod rt;
    PodInput in;
    PodContext pc;
    VolumeContext vc;
    Value *volume_paths; /* NULL before they are set up */
    Resources resources;
    int64_t end_grace_s;   /* in.is_disrupted: at most so long */
    const PodPlan *untold; /* its status is only told when it cannot be carried out at once */
    struct Report *told;   /* what is on its way to the server, or NULL */
    int64_t wake_us;
} Round;

static const LogCtx ctx = {.component = "pods"};

static void wake_at(Round *r, int64_t us)
{
    if (us < r->wake_us)
        r->wake_us = us;
}

/* ---- reading ---- */

static const char *termination_path(Arena *a, const Pod *p, const char *name, uint32_t attempt)
{
    return arena_printf(a, "%s/containers/%s/%u", pod_dir(a, p->agent, p->uid), name, attempt);
}

/* What the container left in its termination file, else the end of its log if it asked so; after
 * what the runtime says. */
static const char *termination_message(Round *r, const RtContainer *c)
{
    AUTO_BUF b = BUF_INIT;
    const Value *spec = pod_container_spec(r->item->v, c->name, NULL);
    const char *policy = value_get_str(spec, "terminationMessagePolicy");

    if (fs_read_end(termination_path(r->a, r->p, c->name, c->attempt), TERMINATION_MAX, &b, NULL) <
        0)
        buf_reset(&b);
    if (b.len == 0 && str_eq(policy, "FallbackToLogsOnError") && c->exit_code != 0) {
        AUTO_BUF log = BUF_INIT;
        const char *path = arena_printf(
            r->a, "%s/%s/%u.log", pod_log_dir(r->a, r->p->agent, r->item), c->name, c->attempt);

        if (fs_read_end(path, LOG_END, &log, NULL) == 0)
            log_last_words(buf_slice(&log), LOG_WORDS_LINES, LOG_WORDS_BYTES, &b);
    }
    if (b.len == 0)
        return c->message;
    return arena_printf(r->a, "%s%s%s", c->message, c->message[0] ? ": " : "", buf_str(&b));
}

static bool server_says_ready(const Value *pod, const RtContainer *c, const char *field)
{
    static const char *const lists[] = {"containerStatuses", "initContainerStatuses"};
    const Value *st;

    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        value_each_item(value_get(value_get(pod, "status"), lists[i]), k, st)
        {
            const char *id = value_get_str(st, "containerID");

            if (str_eq(value_get_str(st, "name"), c->name) && id && str_ends(id, c->id))
                return value_at_bool(st, field);
        }
    }
    return false;
}

/* A container that we have not seen running before: its probes begin. */
static void adopt(Round *r, const RtContainer *c)
{
    const Value *spec = pod_container_spec(r->item->v, c->name, NULL);
    bool was_started = server_says_ready(r->item->v, c, "started");
    bool was_ready = server_says_ready(r->item->v, c, "ready");
    PodContainer *m;
    bool is_new;

    if (!spec)
        return;
    pthread_mutex_lock(&r->p->lock);
    m = pod__container(r->p, c->name);
    is_new = m && strcmp(m->probed_id, c->id) != 0;
    if (is_new) {
        snprintf(m->probed_id, sizeof(m->probed_id), "%s", c->id);
        m->is_started = was_started || !value_get(spec, "startupProbe");
        m->is_ready = was_ready || !value_get(spec, "readinessProbe");
        m->must_restart = false;
        m->wait_reason[0] = '\0';
        m->failures = 0;
        m->retry_us = 0;
    }
    pthread_mutex_unlock(&r->p->lock);
    if (is_new && r->rt.n_sandboxes > 0) {
        const char *ip = value_at_bool(r->item->v, "spec.hostNetwork") ? r->p->agent->o.node_ip
                                                                       : r->rt.sandboxes[0].ip;

        probes_add(r->p->probes, (Item *)(uintptr_t)r->item, spec, c->id, ip ? ip : "",
                   r->now_us - c->started_us, was_started);
    }
}

/* The states as a snapshot for the pure functions. */
static void snapshot_states(Round *r)
{
    Pod *p = r->p;
    ContainerState *s;

    pthread_mutex_lock(&p->lock);
    s = arena_array(r->a, ContainerState, p->n_containers + 1);
    for (size_t i = 0; i < p->n_containers; i++) {
        const PodContainer *c = &p->containers[i];

        s[i] = (ContainerState){
            .name = arena_strdup(r->a, c->name),
            .probed_id = c->probed_id[0] ? arena_strdup(r->a, c->probed_id) : NULL,
            .is_started = c->is_started,
            .is_ready = c->is_ready,
            .must_restart = c->must_restart,
            .why_restart = arena_strdup(r->a, c->why_restart),
            .restart_by = c->restart_by,
            .wait_reason = c->wait_reason[0] ? arena_strdup(r->a, c->wait_reason) : NULL,
            .wait_message = arena_strdup(r->a, c->wait_message),
            .retry_us = c->retry_us,
            .failed_us = c->failed_us,
        };
    }
    r->in.states = s;
    r->in.n_states = p->n_containers;
    pthread_mutex_unlock(&p->lock);
}

static int read_runtime(Round *r, unsigned news, Err *err)
{
    Net *net = r->p->agent->net;
    bool is_news =
        net && !value_at_bool(r->item->v, "spec.hostNetwork") && !net_knows_pod(net, r->p->uid);
    int rc = pod__see(r->p, r->a, news, is_news, &r->rt, err);

    if (rc < 0)
        return rc;
    runtime_order_ips(&r->rt, r->p->agent->o.cluster.items[0].ip.n_bits == 128);
    for (size_t i = 0; i < r->rt.n_containers; i++) {
        RtContainer *c = &r->rt.containers[i];

        if (c->state == CRI_EXITED)
            c->message = termination_message(r, c);
        else if (c->state == CRI_RUNNING && runtime_newest(&r->rt, c->name) == c)
            adopt(r, c);
    }
    r->pc.pod_ip = r->rt.n_sandboxes > 0 ? r->rt.sandboxes[0].ip : "";
    r->pc.second_pod_ip = r->rt.n_sandboxes > 0 ? r->rt.sandboxes[0].second_ip : NULL;
    snapshot_states(r);
    return 0;
}

/* ---- reporting ---- */

static bool nothing_runs(const RtPod *rt)
{
    for (size_t i = 0; i < rt->n_containers; i++) {
        if (rt->containers[i].state == CRI_RUNNING)
            return false;
    }
    return true;
}

/* A status on its way to the server; the pod's work goes on beside it. */
typedef struct Report {
    Round *r;
    Arena *arena; /* of the answer; the round's own is not for two threads */
    const Value *status;
    Value *answer;
    pthread_t thread;
    bool has_thread;
    int rc;
    Err err;
} Report;

static void *send_report(void *data)
{
    Report *p = data;

    p->rc =
        agent_api_pod_status(p->r->p->api, p->arena, p->r->item, p->status, &p->answer, &p->err);
    return NULL;
}

static bool start_beside(pthread_t *thread, void *(*main)(void *), void *data)
{
    pthread_attr_t attr;
    bool ok;

    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, BESIDE_STACK);
    ok = pthread_create(thread, &attr, main, data) == 0;
    pthread_attr_destroy(&attr);
    return ok;
}

/* beside: on a thread of its own, when there is one to be had. */
static void report_begin(Round *r, const PodPlan *plan, bool beside, Report *ret)
{
    *ret = (Report){.r = r};
    if (r->is_gone)
        return;
    ret->status = pod_status(r->a, &r->in, plan);
    if (value_equal(ret->status, value_get(r->item->v, "status"))) {
        r->p->is_quiet = nothing_runs(&r->rt);
        return;
    }
    ret->arena = arena_new();
    ret->has_thread = beside && start_beside(&ret->thread, send_report, ret);
    if (!ret->has_thread)
        (void)send_report(ret); /* it returns NULL; the outcome is in .rc */
}

static void report_end(Report *p)
{
    Round *r = p->r;
    Item *known;
    bool is_own;

    if (!p->arena)
        return;
    if (p->has_thread)
        pthread_join(p->thread, NULL);
    if (p->rc < 0) {
        if (p->err.code != ERR_NOT_FOUND)
            log_debug(&ctx, "status not written, trying again", LOG_STR("pod", r->item->name),
                      LOG_STR("error", p->err.msg));
        wake_at(r, r->now_us + POD_RETRY_S * 1000000LL);
        arena_free(p->arena);
        return;
    }
    known = item_new(r->item->cluster, "pods", p->answer);
    arena_free(p->arena);
    if (strcmp(known->uid, r->p->uid) != 0) {
        item_unref(known);
        return;
    }
    is_own = pod_is_own_write(r->a, r->item->v, known->v, p->status);
    if (!is_own) /* there is more to see than this round went by */
        wake_at(r, r->now_us);
    item_unref(r->p->known);
    r->p->known = known;
    pthread_mutex_lock(&r->p->lock);
    r->p->told_revision = is_own ? pod__revision(known) : 0;
    pthread_mutex_unlock(&r->p->lock);
    r->p->is_quiet = nothing_runs(&r->rt);
}

/* Is all that is left to do to clear away? */
static bool only_clears(const Round *r, const PodPlan *plan)
{
    return plan->n == 1 && plan->actions[0].type == ACTION_STOP_POD && nothing_runs(&r->rt);
}

/* The report goes first, as both would only hold up each other; but not for long, when the server
 * does not answer. */
static void let_report_pass(Report *p)
{
    int64_t until_us = clock_now_us() + REPORT_FIRST_MS * 1000;
    struct timespec until = clock_timespec(until_us);

    if (p->has_thread && pthread_timedjoin_np(p->thread, NULL, &until) == 0)
        p->has_thread = false;
}

/* No report goes out before the one that is on its way has come back. */
static void end_told(Round *r)
{
    Report *told = r->told;

    r->told = NULL;
    if (told)
        report_end(told);
}

static void report(Round *r, const PodPlan *plan)
{
    Report p;

    report_begin(r, plan, false, &p);
    report_end(&p);
}

static void tell_untold(Round *r)
{
    const PodPlan *plan = r->untold;

    r->untold = NULL;
    if (plan)
        report(r, plan);
}

/* While the pod's containers are being stopped: what has become of them, and of their readiness. */
static void report_meanwhile(void *data, unsigned news)
{
    Round *r = data;
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(item_unref) Item *known = NULL;
    Round now = *r;
    Pod *p = r->p;
    Err err;

    end_told(r);
    now.a = a;
    now.told = NULL;
    now.now_us = now.in.now_us = clock_now_us();
    if (p->known && pod__revision(p->known) > pod__revision(now.item))
        now.item = known = item_ref(p->known); /* the report replaces it */
    if (read_runtime(&now, news, &err) < 0)
        return; /* the next look, or the one at the end, tells */
    now.in.pod = now.item->v;
    now.in.rt = &now.rt;
    report(&now, NULL);
}

/* ---- doing ---- */

static void remember_failure(Round *r, const char *name, const char *reason, const char *message,
                             int64_t wait_s)
{
    PodContainer *c;

    pthread_mutex_lock(&r->p->lock);
    c = pod__container(r->p, name);
    if (c) {
        snprintf(c->wait_reason, sizeof(c->wait_reason), "%s", reason);
        snprintf(c->wait_message, sizeof(c->wait_message), "%s", message);
        c->failures++;
        c->failed_us = clock_now_us();
        c->retry_us = c->failed_us + wait_s * 1000000;
        wake_at(r, c->retry_us);
    }
    pthread_mutex_unlock(&r->p->lock);
}

/* It was started: what kept it waiting is over. */
static void forget_failure(Pod *p, const char *name)
{
    PodContainer *c;

    pthread_mutex_lock(&p->lock);
    c = pod__container(p, name);
    if (c) {
        c->wait_reason[0] = '\0';
        c->failures = 0;
        c->retry_us = 0;
    }
    pthread_mutex_unlock(&p->lock);
}

static int failures_of(Pod *p, const char *name)
{
    PodContainer *c;
    int n;

    pthread_mutex_lock(&p->lock);
    c = pod__container(p, name);
    n = c ? c->failures : 0;
    pthread_mutex_unlock(&p->lock);
    return n;
}

/* The runtime's handler, by the pod's RuntimeClass. */
static int set_handler(Round *r, Value *request, Err *err)
{
    const char *name = value_at_str(r->item->v, "spec.runtimeClassName"), *handler;
    CLEANUP(item_unref) Item *class = NULL;
    int rc;

    if (!name || !name[0])
        return 0;
    class = items_get(r->p->agent->items, r->item->cluster, "node.k8s.io/runtimeclasses", "", name);
    if (!class) {
        rc = err_set(err, ERR_NOT_FOUND, "RuntimeClass \"%s\" not found", name);
        agent_api_event(r->p->api, r->item, NULL, true, "FailedCreatePodSandBox",
                        "Failed to create pod sandbox: %s", err->msg);
        return rc;
    }
    handler = value_get_str(class->v, "handler");
    value_set_str(r->a, request, "runtime_handler", handler ? handler : "");
    return 0;
}

static int token_for(void *data, Arena *a, const char *account, const char *audience,
                     int64_t lifetime_s, const char **ret, Err *err)
{
    Round *r = data;

    return agent_api_token(r->p->api, a, r->item, account, audience, lifetime_s, ret, err);
}

static void on_pull(const char *image, void *data)
{
    Round *r = data;

    tell_untold(r);
    agent_api_event(r->p->api, r->item, NULL, false, "Pulling", "Pulling image \"%s\"", image);
}

/* An image volume's image, as if a container asked for it. */
static int image_for(void *data, Arena *a, const Value *source, const char **ret, Err *err)
{
    Round *r = data;
    Value *container = value_object(a);
    const char *policy = value_get_str(source, "pullPolicy");
    ImageResult image;
    int rc;

    value_set_str(a, container, "image", value_get_str(source, "reference"));
    if (policy)
        value_set_str(a, container, "imagePullPolicy", policy);
    rc = images_ensure(a, r->p->agent, &r->pc, container, on_pull, r, &image, err);
    *ret = rc < 0 ? NULL : image.id;
    return rc;
}

/* An image may have to be pulled, which would keep what is told of the sandbox waiting. */
static bool has_image_volume(const Value *pod)
{
    const Value *v;

    value_each_item(value_at(pod, "spec.volumes"), i, v)
    {
        if (value_get(v, "image"))
            return true;
    }
    return false;
}

/* For the round that starts containers. A failure is told by that one, which tries again. */
static void volumes_ahead(Round *r)
{
    Pod *p = r->p;

    arena_free(p->ahead);
    p->ahead = NULL;
    if (has_image_volume(r->item->v))
        return;
    p->ahead = arena_new();
    p->ahead_us = r->now_us;
    if (volumes_setup(p->ahead, &r->vc, &p->ahead_paths, NULL) < 0) {
        arena_free(p->ahead);
        p->ahead = NULL;
    }
}

static int setup_volumes(Round *r, Err *err)
{
    int rc;

    if (r->volume_paths)
        return 0;
    if (r->p->ahead && r->now_us - r->p->ahead_us < AHEAD_S * 1000000LL) {
        r->volume_paths = value_copy(r->a, r->p->ahead_paths);
        arena_free(r->p->ahead);
        r->p->ahead = NULL;
        return 0;
    }
    rc = volumes_setup(r->a, &r->vc, &r->volume_paths, err);
    if (rc < 0)
        agent_api_event(r->p->api, r->item, NULL, true, "FailedMount", "%s", err->msg);
    return rc;
}

/* No runtime here has said that it can do it. As upstream, the pod waits for one that can. */
static int check_user_namespace(const Value *pod, const char *handler, Err *err)
{
    const Value *users = value_at(pod, "spec.hostUsers");

    if (!users || value_is_true(users))
        return 0;
    if (handler && handler[0])
        return err_set(err, ERR_INVALID,
                       "can't set `spec.hostUsers: false`, RuntimeClass handler \"%s\" does not "
                       "support user namespaces",
                       handler);
    return err_set(err, ERR_INVALID,
                   "can't set `spec.hostUsers: false`, runtime does not support user namespaces");
}

/* The sandbox takes the most of a pod's start; what else is needed is made ready beside it. */
typedef struct SandboxCall {
    Cri *cri;
    Arena *arena; /* of the answer; the round's own is not for two threads */
    const Value *request;
    int rc;
    Err err;
} SandboxCall;

static void *call_sandbox(void *data)
{
    SandboxCall *c = data;

    c->rc = cri_call(c->cri, c->arena, CRI_RUN_POD_SANDBOX, c->request, 0, NULL, &c->err);
    return NULL;
}

static int run_sandbox(Round *r, const Value *request, Err *err)
{
    SandboxCall c = {.cri = r->p->agent->cri, .arena = arena_new(), .request = request};
    pthread_t thread;

    if (start_beside(&thread, call_sandbox, &c)) {
        volumes_ahead(r);
        pthread_join(thread, NULL);
    } else {
        (void)call_sandbox(&c); /* it returns NULL; the outcome is in .rc */
    }
    arena_free(c.arena);
    if (c.rc < 0 && err)
        *err = c.err;
    return c.rc;
}

static void tell_dns(Round *r)
{
    Value *told = value_array(r->a), *said;

    (void)pod_dns(r->a, &r->pc, told); /* only for what is said of it */
    value_each_item(told, i, said) agent_api_event(r->p->api, r->item, NULL, true,
                                                   "DNSConfigForming", "%s", value_to_cstr(said));
}

static int create_sandbox(Round *r, uint32_t attempt, Err *err)
{
    Arena *a = r->a;
    const char *cgroup = pod_cgroup(a, r->p->agent, r->p->uid);
    const char *logs = pod_log_dir(a, r->p->agent, r->item);
    Value *request = value_object(a);
    int rc;

    rc = fs_mkdirs(logs, 0755, err);
    if (rc < 0)
        return rc;
    pod__make_cgroup(r->p, a, r->item);
    tell_dns(r);
    value_set(a, request, "config", sandbox_config(a, r->p->agent, &r->pc, attempt, logs, cgroup));
    rc = set_handler(r, request, err);
    if (rc < 0)
        return rc;
    rc = check_user_namespace(r->item->v, value_get_str(request, "runtime_handler"), err);
    if (rc == 0)
        rc = run_sandbox(r, request, err);
    if (rc < 0)
        agent_api_event(r->p->api, r->item, NULL, true, "FailedCreatePodSandBox",
                        "Failed to create pod sandbox: %s", err->msg);
    return rc;
}

static int prepare_files(Round *r, const char *name, uint32_t attempt, const char **ret_termination,
                         Err *err)
{
    AUTO_BUF hosts = BUF_INIT;
    AUTO_BUF node_hosts = BUF_INIT;
    const char *dir = arena_printf(r->a, "%s/containers/%s", r->vc.dir, name);
    int rc;

    rc = fs_mkdirs(dir, 0755, err);
    if (rc < 0)
        return rc;
    rc = fs_mkdirs(arena_printf(r->a, "%s/%s", pod_log_dir(r->a, r->p->agent, r->item), name), 0755,
                   err);
    if (rc < 0)
        return rc;
    *ret_termination = termination_path(r->a, r->p, name, attempt);
    rc = fs_write(*ret_termination, SLICE(""), 0666, err);
    if (rc < 0)
        return rc;
    if (value_at_bool(r->item->v, "spec.hostNetwork") &&
        fs_read("/etc/hosts", NODE_HOSTS_MAX, &node_hosts, NULL) < 0)
        buf_reset(&node_hosts); /* then only the aliases */
    pod_hosts_file(&r->pc, buf_slice(&node_hosts), &hosts);
    return fs_write(arena_printf(r->a, "%s/etc-hosts", r->vc.dir), buf_slice(&hosts), 0644, err);
}

/* The words of kubelet (pkg/kubelet/images/image_manager.go, kuberuntime_container.go). */
static void tell_no_image(Round *r, const Action *act, const char *reason, const char *message)
{
    static const struct {
        const char *reason, *event;
    } events[] = {{"ErrImageNeverPull", "ErrImageNeverPull"},
                  {"ImageInspectError", "InspectFailed"},
                  {"InvalidImageName", "InspectFailed"}};
    const char *event = NULL;

    for (size_t i = 0; i < ARRAY_LEN(events); i++)
        event = strcmp(events[i].reason, reason) == 0 ? events[i].event : event;
    if (event)
        agent_api_event(r->p->api, r->item, act->name, true, event, "%s", message);
    else
        agent_api_event(r->p->api, r->item, act->name, true, "Failed",
                        "Failed to pull image \"%s\": %s", value_get_text(act->container, "image"),
                        message);
    agent_api_event(r->p->api, r->item, act->name, true, "Failed", "Error: %s", reason);
}

/* The image of the container; a failure becomes its waiting state. */
static bool ensure_image(Round *r, const Action *act, ImageResult *ret)
{
    const char *image = value_get_str(act->container, "image"), *took;
    Err err;

    if (images_ensure(r->a, r->p->agent, &r->pc, act->container, on_pull, r, ret, &err) < 0) {
        tell_no_image(r, act, ret->reason, err.msg);
        remember_failure(r, act->name, ret->reason, err.msg,
                         pod_backoff_s((uint32_t)failures_of(r->p, act->name) + 2));
        return false;
    }
    took = goduration_print(r->a, ret->took_ms * 1000000);
    if (ret->was_pulled)
        agent_api_event(
            r->p->api, r->item, act->name, false, "Pulled",
            "Successfully pulled image \"%s\" in %s (%s including waiting). Image size: "
            "%lld bytes.",
            image, took, took, (long long)value_at_int(ret->image, "size", 0));
    else
        agent_api_event(r->p->api, r->item, act->name, false, "Pulled",
                        "Container image \"%s\" already present on machine and can be accessed by "
                        "the pod",
                        image);
    return true;
}

static void post_start(Round *r, const Action *act, const char *id)
{
    const Value *hook = value_at(act->container, "lifecycle.postStart");
    ProbeTarget t = {.agent = r->p->agent,
                     .cluster = r->item->cluster,
                     .container = act->container,
                     .container_id = id,
                     .pod_ip = r->pc.pod_ip,
                     .timeout_ms = POST_START_MS};
    char why[600];
    PodContainer *c;

    if (!hook || probe_once(&t, hook, why, sizeof(why)) == PROBE_PASSED)
        return;
    agent_api_event(r->p->api, r->item, act->name, true, "FailedPostStartHook",
                    "PostStartHook failed");
    pthread_mutex_lock(&r->p->lock);
    c = pod__container(r->p, act->name);
    if (c) {
        snprintf(c->probed_id, sizeof(c->probed_id), "%s", id);
        c->must_restart = true;
        snprintf(c->why_restart, sizeof(c->why_restart), "FailedPostStartHook");
        c->restart_by = "";
    }
    pthread_mutex_unlock(&r->p->lock);
}

static bool has_own_network(const Round *r)
{
    return r->p->agent->net && r->pc.pod_ip[0] && !value_at_bool(r->item->v, "spec.hostNetwork");
}

/* What was created meanwhile starts when the packet rules know the pod. */
static int start_created(Round *r, const Action *act, const char *id, Err *err)
{
    Arena *a = r->a;
    Value *request = value_object(a);
    int rc = 0;

    value_set_str(a, request, "container_id", id);
    if (has_own_network(r))
        rc = net_pod_wait(r->p->agent->net, r->p->uid, err);
    if (rc < 0) {
        wake_at(r, r->now_us + POD_RETRY_S * 1000000LL);
        if (cri_call(r->p->agent->cri, a, CRI_REMOVE_CONTAINER, request, 0, NULL, NULL) < 0)
            log_debug(&ctx, "a container that cannot start is left", LOG_STR("container", id));
        return rc;
    }
    rc = cri_call(r->p->agent->cri, a, CRI_START_CONTAINER, request, 0, NULL, err);
    if (rc < 0) { /* it is in the runtime now, exited; the back-off of restarts holds */
        agent_api_event(r->p->api, r->item, act->name, true, "Failed", "Error: %s", err->msg);
        remember_failure(r, act->name, "RunContainerError", err->msg, 0);
    }
    return rc;
}

static int create_and_start(Round *r, const Action *act, const ContainerContext *cc, Err *err)
{
    Arena *a = r->a;
    Value *config, *request = value_object(a), *answer;
    const char *logs = pod_log_dir(a, r->p->agent, r->item), *id;
    int rc;

    rc = container_config(a, cc, act->container, act->attempt, &config, err);
    if (rc < 0) {
        agent_api_event(r->p->api, r->item, act->name, true, "Failed", "Error: %s", err->msg);
        remember_failure(r, act->name, "CreateContainerConfigError", err->msg, POD_RETRY_S);
        return rc;
    }
    value_set_str(a, request, "pod_sandbox_id", r->rt.sandboxes[0].id);
    value_set(a, request, "config", config);
    value_set(a, request, "sandbox_config",
              sandbox_config(a, r->p->agent, &r->pc, r->rt.sandboxes[0].attempt, logs,
                             cc->cgroup_parent));
    rc = cri_call(r->p->agent->cri, a, CRI_CREATE_CONTAINER, request, 0, &answer, err);
    if (rc < 0) {
        agent_api_event(r->p->api, r->item, act->name, true, "Failed", "Error: %s", err->msg);
        remember_failure(r, act->name, "CreateContainerError", err->msg, BACKOFF_FIRST_S);
        return rc;
    }
    if (pod__is_over(r->p)) /* meanwhile: images take their time */
        return err_set(err, ERR_CONFLICT, "the pod is over");
    agent_api_event(r->p->api, r->item, act->name, false, "Created", "Container created");
    id = value_get_str(answer, "container_id");
    rc = start_created(r, act, id ? id : "", err);
    if (rc < 0)
        return rc;
    forget_failure(r->p, act->name);
    pod__resources_started(r->p, a, act->name, &r->resources);
    agent_api_event(r->p->api, r->item, act->name, false, "Started", "Container started");
    post_start(r, act, id ? id : "");
    return 0;
}

/* The container whose processes an ephemeral one is to see. */
static const char *target_of(const Round *r, const Action *act)
{
    const char *name = value_get_str(act->container, "targetContainerName");
    const RtContainer *c = name && name[0] ? runtime_newest(&r->rt, name) : NULL;

    return act->kind == CONTAINER_EPHEMERAL && c && c->state == CRI_RUNNING ? c->id : NULL;
}

static int start_container(Round *r, const Action *act, Err *err)
{
    ContainerContext cc = {.agent = r->p->agent, .vc = &r->vc};
    ImageResult image;
    int rc;

    rc = setup_volumes(r, err);
    if (rc < 0)
        return rc;
    if (!ensure_image(r, act, &image))
        return 0; /* told in its state */
    cc.volume_paths = r->pc.volume_paths = r->volume_paths;
    cc.log_dir = pod_log_dir(r->a, r->p->agent, r->item);
    cc.image_id = image.id;
    cc.image_user = image.image;
    cc.cgroup_parent = pod_cgroup(r->a, r->p->agent, r->p->uid);
    cc.target_id = target_of(r, act);
    cc.resources = value_get(r->resources.allocated, act->name);
    cc.step = act->step;
    rc = prepare_files(r, act->name, act->attempt, &cc.termination, err);
    if (rc < 0)
        return rc;
    if (create_and_start(r, act, &cc, err) < 0)
        return 0; /* told in its state */
    return 0;
}

static int64_t grace_of(const Round *r)
{
    int64_t grace_s = pod__grace(r->item->v);

    /* Nobody but the node knows when containers have ended: it says so after they have. What
     * another has written counts at once, for quotas and for the room on the node. */
    if (pod_is_done(r->item->v))
        return POD_OVER_GRACE_S;
    if (r->is_suspended)
        grace_s = MIN(grace_s, POD_SUSPEND_GRACE_S);
    return r->in.is_disrupted ? MAX(MIN_GRACE_S, MIN(grace_s, r->end_grace_s)) : grace_s;
}

static int execute(Round *r, const Action *act, Err *err)
{
    Value *request;

    if (act->type != ACTION_STOP_POD) /* of which all that happens meanwhile is told by events */
        pod__unsee(r->p);
    switch (act->type) {
    case ACTION_CREATE_SANDBOX:
        if (act->attempt > 0)
            agent_api_event(r->p->api, r->item, NULL, false, "SandboxChanged",
                            "Pod sandbox changed, it will be killed and re-created.");
        return create_sandbox(r, act->attempt, err);
    case ACTION_START:
        return start_container(r, act, err);
    case ACTION_KILL:
        return pod__kill(r->p, r->a, r->item, &r->rt, act, err);
    case ACTION_STOP_POD:
        return pod__stop(r->p, r->a, r->item, &r->rt, grace_of(r), report_meanwhile, r, err);
    case ACTION_REMOVE:
        request = value_object(r->a);
        value_set_str(r->a, request, "container_id", act->id);
        return cri_call(r->p->agent->cri, r->a, CRI_REMOVE_CONTAINER, request, 0, NULL, err);
    }
    return 0;
}

static void tell_back_off(Round *r, const PodPlan *plan)
{
    for (size_t i = 0; i < plan->n_backing_off; i++) {
        const char *name = plan->backing_off[i];
        const ContainerState *st = pod_container_state(&r->in, name);
        const Value *spec = pod_container_spec(r->item->v, name, NULL);

        if (pull_backs_off(st, r->now_us)) {
            agent_api_event(r->p->api, r->item, name, false, "BackOff",
                            "Back-off pulling image \"%s\"", value_get_text(spec, "image"));
            agent_api_event(r->p->api, r->item, name, true, "Failed", "Error: ImagePullBackOff");
        } else if (!st || !st->wait_reason) {
            agent_api_event(r->p->api, r->item, name, true, "BackOff",
                            "Back-off restarting failed container %s in pod %s_%s(%s)", name,
                            r->item->name, r->item->ns, r->p->uid);
        }
    }
}

/* ---- the end ---- */

static bool finish(Round *r)
{
    Pod *p = r->p;
    int64_t grace = MIN(pod__grace(r->item->v), POD_OVER_GRACE_S); /* it counts no more */
    const char *since = value_at_str(r->item->v, "metadata.deletionTimestamp");
    int64_t due_us;
    Err err;

    /* deletionTimestamp is the moment until which the grace period lasts */
    if (!r->is_gone && since && clock_from_rfc3339(slice_of(since), &due_us))
        grace = (due_us - r->now_us + 999999) / 1000000;
    if (pod__stop(p, r->a, r->item, &r->rt, MAX(MIN_GRACE_S, grace), report_meanwhile, r, &err) <
            0 ||
        read_runtime(r, 0, &err) < 0) {
        log_warning(&ctx, "cannot stop a pod, trying again", LOG_STR("pod", r->item->name),
                    LOG_STR("error", err.msg));
        agent_api_event(p->api, r->item, NULL, true, "FailedKillPod", "error killing pod: %s",
                        err.msg);
        wake_at(r, r->now_us + POD_RETRY_S * 1000000LL);
        return false;
    }
    if (r->rt.n_containers > 0)
        report(r, NULL);
    if (pod__remove(p, r->a, r->item, &r->rt, &err) < 0 ||
        (!r->is_gone && agent_api_pod_gone(p->api, r->item, &err) < 0)) {
        log_debug(&ctx, "pod not yet gone, trying again", LOG_STR("pod", r->item->name),
                  LOG_STR("error", err.msg));
        wake_at(r, r->now_us + POD_RETRY_S * 1000000LL);
        return false;
    }
    return true;
}

/* ---- the round ---- */

static void check_deadline(Round *r)
{
    int64_t limit_s = value_at_int(r->item->v, "spec.activeDeadlineSeconds", 0), since_us;
    const char *since = value_at_str(r->item->v, "status.startTime");

    if (limit_s <= 0 || !since || !clock_from_rfc3339(slice_of(since), &since_us))
        return;
    if (since_us + limit_s * 1000000 <= r->now_us) {
        r->in.fail_reason = "DeadlineExceeded";
        r->in.fail_message = "Pod was active on the node longer than the specified deadline";
        if (!pod_is_done(r->item->v))
            agent_api_event(r->p->api, r->item, NULL, false, r->in.fail_reason, "%s",
                            r->in.fail_message);
    } else {
        wake_at(r, since_us + limit_s * 1000000);
    }
}

/* A node that is short of something, or that ends, takes no more. */
static bool pressure_refusal(const Round *r, ContainerRefusal *ret)
{
    uint32_t pressure = r->p->agent->pressure;

    if (r->p->agent->is_ending) {
        *ret = (ContainerRefusal){"NodeShutdown", "Pod was rejected as the node is shutting down."};
        return true;
    }
    if (!pressure || value_at_int(r->item->v, "spec.priority", 0) >= PRIORITY_CRITICAL)
        return false;
    if (pressure == PRESSURE_MEMORY && strcmp(pod_qos(r->item->v), "besteffort") != 0)
        return false;
    ret->reason = "Evicted";
    ret->message = arena_printf(r->a, "The node had condition: [%s]. ",
                                pressure & PRESSURE_DISK     ? "DiskPressure"
                                : pressure & PRESSURE_MEMORY ? "MemoryPressure"
                                                             : "PIDPressure");
    return true;
}

/* The node gives the pod up. */
static void check_end(Round *r)
{
    Pod *p = r->p;

    pthread_mutex_lock(&p->lock);
    if (p->end_reason && !r->in.fail_reason && !pod_is_done(r->item->v)) {
        r->in.fail_reason = p->end_reason;
        r->in.fail_message = arena_strdup(r->a, p->end_message);
        r->in.is_disrupted = true;
        r->in.disruption_reason = "TerminationByKubelet";
    }
    r->end_grace_s = p->end_grace_s;
    pthread_mutex_unlock(&p->lock);
    if (r->in.is_disrupted)
        agent_api_event(p->api, r->item, NULL, true, r->in.fail_reason, "%s", r->in.fail_message);
}

static void refuse(Round *r, const ContainerRefusal *why)
{
    agent_api_event(r->p->api, r->item, NULL, true, why->reason, "%s", why->message);
    r->in.fail_reason = why->reason;
    r->in.fail_message = arena_printf(r->a, "Pod was rejected: %s", why->message);
}

static void check_refusal(Round *r)
{
    ContainerRefusal why;

    if (pod_is_done(r->item->v) || r->rt.n_sandboxes > 0 ||
        (!container_refusal(r->a, r->p->agent, r->item->cluster, r->item->v, &why) &&
         !pressure_refusal(r, &why)))
        return;
    refuse(r, &why);
}

/* False: it has to wait for others to leave. */
static bool check_room(Round *r)
{
    ContainerRefusal why;

    if (r->rt.n_sandboxes > 0)
        r->p->is_admitted = true; /* by an agent before this one */
    if (r->p->is_admitted || r->in.fail_reason || pod_is_done(r->item->v))
        return true;
    switch (pods__admit(r->p, r->a, r->item, &why)) {
    case ADMIT_YES:
        break;
    case ADMIT_WAIT:
        wake_at(r, r->now_us + ROOM_RETRY_MS * 1000LL);
        return false;
    case ADMIT_NO:
        refuse(r, &why);
        break;
    }
    return true;
}

/* The pod's interface on the node's bridge, from what CNI said; NULL when that cannot be told. */
static const char *find_veth(Round *r)
{
    const char *text = r->rt.sandboxes[0].info; /* NULL: it has another address than before */
    Value *request = value_object(r->a), *answer, *info;

    value_set_str(r->a, request, "pod_sandbox_id", r->rt.sandboxes[0].id);
    value_set_bool(r->a, request, "verbose", true);
    if (!text &&
        cri_call(r->p->agent->cri, r->a, CRI_POD_SANDBOX_STATUS, request, 0, &answer, NULL) == 0)
        text = value_get_str(value_get(answer, "info"), "info");
    if (!text || value_parse(r->a, slice_of(text), &info, NULL) < 0)
        return NULL;
    value_each_member(value_at(info, "cniResult.Interfaces"), m)
    {
        if (str_starts(m->name, "veth"))
            return m->name;
    }
    return NULL;
}

/* The packet rules are to know the pod; before it is started, start_created() waits for them. */
static void join_network(Round *r)
{
    Net *net = r->p->agent->net;
    NetPodAddress address = {.cluster = r->item->cluster,
                             .ns = r->item->ns,
                             .name = r->item->name,
                             .uid = r->p->uid,
                             .ip = r->pc.pod_ip,
                             .second_ip = r->pc.second_pod_ip};

    if (!has_own_network(r) || !r->rt.sandboxes[0].is_ready ||
        net_has_pod(net, r->p->uid, r->pc.pod_ip, r->pc.second_pod_ip))
        return;
    address.veth = find_veth(r);
    if (!address.veth) { /* no rule would hold for it: nothing is started before it is known */
        log_warning(&ctx, "the pod's network interface is not known, trying again",
                    LOG_STR("pod", r->item->name));
        wake_at(r, r->now_us + POD_RETRY_S * 1000000LL);
        return;
    }
    net_pod_begin(net, &address);
}

/* Does the plan start a container that ended because its definition changed? What is between the
 * two is told to nobody, as kubelet does both in one step. */
static bool is_replacing(const Round *r, const PodPlan *plan)
{
    for (size_t i = 0; i < plan->n; i++) {
        const Action *a = &plan->actions[i];
        const RtContainer *last = a->type == ACTION_START ? runtime_newest(&r->rt, a->name) : NULL;

        if (last && last->state == CRI_EXITED && container_is_changed(r->a, last, a->container))
            return true;
    }
    return false;
}

static void carry_out(Round *r, const PodPlan *plan)
{
    Err err;

    if (plan->wake_us)
        wake_at(r, plan->wake_us);
    if (r->p->hold_us > r->now_us && plan->n > 0) {
        tell_untold(r);
        wake_at(r, r->p->hold_us);
        return;
    }
    for (size_t i = 0; i < plan->n; i++) {
        if (execute(r, &plan->actions[i], &err) < 0) {
            log_debug(&ctx, "pod action failed, trying again", LOG_STR("pod", r->item->name),
                      LOG_STR("error", err.msg));
            tell_untold(r);
            r->p->hold_us = clock_now_us() + POD_RETRY_S * 1000000LL;
            wake_at(r, r->p->hold_us);
            return;
        }
    }
    if (plan->n > 0) {
        r->wake_us = 0; /* see what came of it */
        pods__poke(r->p->pods);
    }
}

/* Plans, tells, does. */
static void act(Round *r)
{
    PodPlan plan = {0};
    Report told = {.r = r};
    bool has_place = false;

    join_network(r);
    if (r->is_suspended) {
        r->in.is_terminating = true;
        pod_sync(r->a, &r->in, &plan);
        r->in.is_terminating = false;
    } else {
        pod_sync(r->a, &r->in, &plan);
    }
    if (is_replacing(r, &plan))
        r->untold = &plan;
    else
        report_begin(r, &plan, plan.n > 0, &told);
    r->told = &told;
    tell_back_off(r, &plan);
    if (only_clears(r, &plan)) {
        let_report_pass(&told);
        has_place = pods__clear_begin(r->p->pods);
    }
    carry_out(r, &plan);
    if (has_place)
        pods__clear_end(r->p->pods);
    r->untold = NULL;
    end_told(r);
}

static void refresh_volumes(Round *r)
{
    Err err;

    if (r->rt.n_sandboxes == 0 || !r->rt.sandboxes[0].is_ready || pod_is_done(r->item->v) ||
        r->volume_paths || r->rt.n_containers == 0)
        return;
    if (setup_volumes(r, &err) < 0)
        log_debug(&ctx, "volumes not refreshed", LOG_STR("pod", r->item->name),
                  LOG_STR("error", err.msg));
}

/* A log that has grown is put aside; readers that follow go on in the new one. */
static void rotate_logs(Round *r)
{
    for (size_t i = 0; i < r->rt.n_containers; i++) {
        const RtContainer *c = &r->rt.containers[i];
        const char *path = arena_printf(
            r->a, "%s/%s/%u.log", pod_log_dir(r->a, r->p->agent, r->item), c->name, c->attempt);
        Value *request = value_object(r->a);
        struct stat st;
        Err err;

        if (c->state != CRI_RUNNING || stat(path, &st) < 0 ||
            st.st_size < r->p->agent->o.log_max_bytes ||
            !log_put_aside(path, r->p->agent->o.log_max_files))
            continue;
        value_set_str(r->a, request, "container_id", c->id);
        if (cri_call(r->p->agent->cri, r->a, CRI_REOPEN_CONTAINER_LOG, request, 0, NULL, &err) < 0)
            log_warning(&ctx, "a log is not reopened", LOG_STR("pod", r->item->name),
                        LOG_STR("error", err.msg));
    }
}

static bool tenant_is_suspended(const Round *r)
{
    CLEANUP(item_unref)
    Item *c = items_get(r->p->agent->items, r->item->cluster, "clusters", "", "");

    return c && item_suspends(c, r->item->ns);
}

static void unref_item(void *i)
{
    item_unref(i);
}

/* The node's addresses as the pod's tenant sees them: where the tenant is not to know the nodes',
 * all have that of the API server. */
static const char *host_ip(const Round *r, const char **ret_second)
{
    const AgentOptions *o = &r->p->agent->o;
    const char *first = NULL;
    const Value *address;
    Item *view;

    *ret_second = NULL;
    if (strcmp(r->item->cluster, "host") == 0) {
        *ret_second = o->second_node_ip;
        return o->node_ip;
    }
    view = items_get(r->p->agent->items, r->item->cluster, "nodeviews", "", o->node_name);
    if (view)
        arena_on_free(r->a, unref_item, view);
    value_each_item(view ? value_at(view->v, "status.addresses") : NULL, i, address)
    {
        if (!str_eq(value_get_str(address, "type"), "InternalIP"))
            continue;
        if (first && !*ret_second)
            *ret_second = value_get_str(address, "address");
        if (!first)
            first = value_get_str(address, "address");
    }
    return first ? first : o->api_ip;
}

static void resize(Round *r)
{
    int64_t again_s = pod__resize(r->p, r->a, r->item, &r->rt, &r->in, &r->resources);

    if (again_s > 0)
        wake_at(r, r->now_us + again_s * 1000000);
}

/* An event told of a container's end, and the runtime has not told why yet. */
static void look_again_for_end(Round *r)
{
    int64_t due_us = pod__end_wanted_us(r->p, &r->rt);

    if (due_us > 0)
        wake_at(r, due_us);
}

int64_t pod__round(Pod *p, unsigned news, bool *ret_over)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(item_unref) Item *item = NULL;
    Round r = {.p = p, .a = a, .now_us = clock_now_us()};
    Err err;

    pthread_mutex_lock(&p->lock);
    item = item_ref(p->item);
    r.is_gone = p->is_gone;
    pthread_mutex_unlock(&p->lock);
    if (p->known && pod__revision(p->known) > pod__revision(item)) {
        item_unref(item);
        item = item_ref(p->known);
    }
    r.item = item;
    r.wake_us = r.now_us + POD_RESYNC_S * 1000000LL + (int64_t)(hash_bytes(p->uid, 8) % 10000000);
    r.pc = (PodContext){.cluster = item->cluster,
                        .pod = item->v,
                        .items = p->agent->items,
                        .node_ip = p->agent->o.node_ip,
                        .second_node_ip = p->agent->o.second_node_ip,
                        .node_name = p->agent->o.node_name,
                        .api_ip = p->agent->o.api_ip,
                        .dns_ip = p->agent->o.dns_ip,
                        .pod_ip = ""};
    r.pc.host_ip = host_ip(&r, &r.pc.second_host_ip);
    node_allocatable(p->agent, &r.pc.node_cpu_milli, &r.pc.node_memory);
    r.vc = (VolumeContext){.pc = &r.pc,
                           .dir = pod_dir(a, p->agent, p->uid),
                           .local_dir = arena_printf(a, "%s/local", p->agent->o.data_dir),
                           .allow_host_path =
                               p->agent->o.allow_privileged || strcmp(item->cluster, "host") == 0,
                           .token = token_for,
                           .image = image_for,
                           .data = &r,
                           .runtime = p->agent->o.runtime};
    r.is_suspended = tenant_is_suspended(&r);
    if (read_runtime(&r, news, &err) < 0) {
        log_debug(&ctx, "the runtime does not tell about a pod", LOG_STR("error", err.msg));
        return r.now_us + POD_RETRY_S * 1000000LL;
    }
    look_again_for_end(&r);
    r.in.pod = item->v;
    r.in.rt = &r.rt;
    r.in.now_us = r.now_us;
    r.in.node_ip = p->agent->o.node_ip;
    r.in.second_node_ip = p->agent->o.second_node_ip;
    r.in.host_ip = r.pc.host_ip;
    r.in.second_host_ip = r.pc.second_host_ip;
    r.in.is_terminating = r.is_gone || value_at_str(item->v, "metadata.deletionTimestamp") != NULL;
    check_deadline(&r);
    check_refusal(&r);
    check_end(&r);
    if (r.in.is_terminating) {
        *ret_over = finish(&r);
        return r.wake_us;
    }
    if (!check_room(&r))
        return r.wake_us;
    resize(&r);
    act(&r);
    refresh_volumes(&r);
    rotate_logs(&r);
    return r.wake_us;
}
