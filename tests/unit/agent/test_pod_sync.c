#include "agent/pod_sync.h"
#include "tests/unit/test.h"

/*
 * A row: the pod's spec, what the runtime has, and the plan as text:
 * "sandbox 0" "start NAME ATTEMPT" "kill NAME" "stop" "remove ID" "wait NAME"
 */
typedef struct Row {
    const char *name, *spec, *sandboxes, *containers, *flags, *plan, *phase;
} Row;

enum { NOW_S = 1000 };

/* "id:attempt:ready,..." newest first */
static size_t read_sandboxes(const char *text, RtSandbox *out)
{
    size_t n = 0;
    char id[16], ready[8];
    unsigned attempt;
    int used;

    while (sscanf(text, "%15[^:]:%u:%7[^,]%n", id, &attempt, ready, &used) == 3) {
        out[n++] = (RtSandbox){.id = strdup(id),
                               .ip = "10.88.0.9",
                               .attempt = attempt,
                               .is_ready = strcmp(ready, "ready") == 0};
        text += used + (text[used] == ',');
    }
    return n;
}

/* "name:attempt:state:exit:finished_s,..." newest first; state r, x or c; started at 900 s; n and y
 * are r and x, started at 995 s; l is x, started at 100 s; z is y, of the back-off's first step */
static size_t read_containers(const char *text, const char *sandbox, RtContainer *out)
{
    size_t n = 0;
    char name[16], state;
    unsigned attempt;
    int exit_code, finished, used;

    while (sscanf(text, "%15[^:]:%u:%c:%d:%d%n", name, &attempt, &state, &exit_code, &finished,
                  &used) == 5) {
        char id[32];

        snprintf(id, sizeof(id), "%s-%u", name, attempt);
        out[n++] = (RtContainer){.id = strdup(id),
                                 .name = strdup(name),
                                 .sandbox_id = sandbox,
                                 .image = "i",
                                 .image_id = "sha",
                                 .hash = "",
                                 .attempt = attempt,
                                 .step = state == 'z' ? 1 : attempt,
                                 .state = strchr("rn", state)     ? CRI_RUNNING
                                          : strchr("xylz", state) ? CRI_EXITED
                                                                  : CRI_CREATED,
                                 .exit_code = exit_code,
                                 .started_us = (strchr("nyz", state) ? 995
                                                : state == 'l'       ? 100
                                                                     : 900) *
                                               1000000LL,
                                 .finished_us = finished * 1000000LL,
                                 .reason = "",
                                 .message = ""};
        text += used + (text[used] == ',');
    }
    return n;
}

static void print_plan(const PodPlan *plan, Buf *out)
{
    for (size_t i = 0; i < plan->n; i++) {
        const Action *a = &plan->actions[i];

        buf_adds(out, out->len ? "; " : "");
        if (a->type == ACTION_CREATE_SANDBOX)
            buf_addf(out, "sandbox %u", a->attempt);
        else if (a->type == ACTION_START)
            buf_addf(out, a->step == a->attempt ? "start %s %u" : "start %s %u (%u)", a->name,
                     a->attempt, a->step);
        else if (a->type == ACTION_KILL)
            buf_addf(out, "kill %s", a->name);
        else if (a->type == ACTION_REMOVE)
            buf_addf(out, "remove %s", a->id);
        else
            buf_adds(out, "stop");
    }
    for (size_t i = 0; i < plan->n_backing_off; i++)
        buf_addf(out, "%swait %s", out->len ? "; " : "", plan->backing_off[i]);
}

static const char one[] = "{'containers':[{'name':'a','image':'i'}]}";
static const char never[] = "{'restartPolicy':'Never','containers':[{'name':'a','image':'i'}]}";
static const char fails[] = "{'restartPolicy':'OnFailure','containers':[{'name':'a','image':'i'}]}";
static const char inits[] = "{'initContainers':[{'name':'i','image':'i'},{'name':'j','image':'i'}],"
                            "'containers':[{'name':'a','image':'i'}]}";
static const char never_inits[] = "{'restartPolicy':'Never','initContainers':[{'name':'i'}],"
                                  "'containers':[{'name':'a'}]}";
static const char sidecar[] = "{'restartPolicy':'Never','initContainers':[{'name':'s',"
                              "'restartPolicy':'Always'}],'containers':[{'name':'a'}]}";
static const char debugged[] = "{'containers':[{'name':'a'}],'ephemeralContainers':[{'name':'e'}]}";
static const char own_policy[] =
    "{'restartPolicy':'Always','containers':[{'name':'a','restartPolicy':'Never'}]}";
static const char ruled[] =
    "{'restartPolicy':'Never','containers':[{'name':'a','restartPolicy':'Never',"
    "'restartPolicyRules':[{'action':'Restart','exitCodes':{'operator':'In','values':[42]}}]}]}";
static const char ruled_init[] =
    "{'restartPolicy':'Never','initContainers':[{'name':'i','restartPolicy':'OnFailure'}],"
    "'containers':[{'name':'a'}]}";
static const char whole[] =
    "{'restartPolicy':'Never','initContainers':[{'name':'i'}],'containers':[{'name':'a',"
    "'restartPolicy':'Never','restartPolicyRules':[{'action':'RestartAllContainers','exitCodes':"
    "{'operator':'In','values':[42]}}]},{'name':'b'}]}";
static const char two[] = "{'containers':[{'name':'a'},{'name':'b'}]}";

static const Row rows[] = {
    {"a new pod", one, "", "", "", "sandbox 0", "Pending"},
    {"its sandbox stands", one, "s:0:ready", "", "", "start a 0", "Pending"},
    {"all runs", one, "s:0:ready", "a:0:r:0:0", "", "", "Running"},
    {"the first restart is at once", one, "s:0:ready", "a:0:x:1:1000", "", "start a 1", "Running"},
    {"the second waits", one, "s:0:ready", "a:1:x:1:1000,a:0:x:1:990", "", "wait a", "Running"},
    {"and comes", one, "s:0:ready", "a:1:x:1:990,a:0:x:1:980", "", "start a 2", "Running"},
    {"after a long run at once", one, "s:0:ready", "a:7:l:1:1000", "", "start a 8 (1)", "Running"},
    {"then the back-off begins anew", one, "s:0:ready", "a:8:z:1:1000", "", "wait a", "Running"},
    {"with ten seconds", one, "s:0:ready", "a:8:z:1:989", "", "start a 9 (2)", "Running"},
    {"old containers are removed", one, "s:0:ready", "a:2:r:0:0,a:1:x:1:990,a:0:x:1:980", "",
     "remove a-0", "Running"},
    {"never again", never, "s:0:ready", "a:0:x:1:1000", "", "stop", "Failed"},
    {"never again, well", never, "s:0:ready", "a:0:x:0:1000", "", "stop", "Succeeded"},
    {"stopped for good", never, "s:0:gone", "a:0:x:0:1000", "", "", "Succeeded"},
    {"on failure", fails, "s:0:ready", "a:0:x:2:1000", "", "start a 1", "Running"},
    {"on success not", fails, "s:0:ready", "a:0:x:0:1000", "", "stop", "Succeeded"},
    {"the sandbox died", one, "s:0:gone", "a:0:x:137:1000", "", "sandbox 1", "Running"},
    {"inits first", inits, "s:0:ready", "", "", "start i 0", "Pending"},
    {"one after the other", inits, "s:0:ready", "i:0:x:0:990", "", "start j 0", "Pending"},
    {"a running init is waited for", inits, "s:0:ready", "i:0:r:0:0", "", "", "Pending"},
    {"a failed init again", inits, "s:0:ready", "i:0:x:1:1000", "", "start i 1", "Pending"},
    {"then the main ones", inits, "s:0:ready", "j:0:x:0:990,i:0:x:0:980", "", "start a 0",
     "Pending"},
    {"a failed init fails the pod", never_inits, "s:0:ready", "i:0:x:1:1000", "", "stop", "Failed"},
    {"a sidecar starts first", sidecar, "s:0:ready", "", "", "start s 0", "Pending"},
    {"not started yet", sidecar, "s:0:ready", "s:0:r:0:0", "unstarted", "", "Pending"},
    {"started: the main one", sidecar, "s:0:ready", "s:0:r:0:0", "", "start a 0", "Pending"},
    {"a sidecar comes back", sidecar, "s:0:ready", "a:0:r:0:0,s:0:x:0:990", "", "start s 1",
     "Running"},
    {"the sidecar ends with the pod", sidecar, "s:0:ready", "a:0:x:0:990,s:0:r:0:0", "", "stop",
     "Running"},
    {"which ends then", sidecar, "s:0:ready", "a:0:x:0:990,s:0:x:0:991", "", "stop", "Succeeded"},
    {"being deleted", one, "s:0:ready", "a:0:r:0:0", "terminating", "stop", "Running"},
    {"a failed probe", one, "s:0:ready", "a:0:r:0:0", "unhealthy", "kill a", "Running"},
    {"an ephemeral container is started", debugged, "s:0:ready", "a:0:r:0:0", "", "start e 0",
     "Running"},
    {"but never again", debugged, "s:0:ready", "a:0:r:0:0,e:0:x:1:990", "", "", "Running"},
    {"nor does it keep the pod", debugged, "s:0:ready", "a:0:r:0:0,e:0:r:0:0", "", "", "Running"},
    {"a policy of its own", own_policy, "s:0:ready", "a:0:x:1:990", "", "stop", "Failed"},
    {"a rule that fits", ruled, "s:0:ready", "a:0:x:42:990", "", "start a 1", "Running"},
    {"a rule that restarts all: first all end", whole, "s:0:ready",
     "a:0:x:42:990,b:0:r:0:0,i:0:x:0:910", "", "kill b", "Pending"},
    {"then they run from the beginning", whole, "s:0:ready",
     "a:0:x:42:990,b:0:x:137:991,i:0:x:0:910", "", "start i 1", "Pending"},
    {"which takes its time", whole, "s:0:ready", "a:0:x:42:990,b:0:x:137:991,i:1:n:0:0,i:0:x:0:910",
     "", "", "Pending"},
    {"then the main ones, whatever they ended with", whole, "s:0:ready",
     "a:0:x:42:990,b:0:x:0:991,i:1:y:0:996,i:0:x:0:910", "", "start a 1; start b 1", "Running"},
    {"all of them once", whole, "s:0:ready",
     "a:1:n:0:0,b:1:n:0:0,i:1:y:0:996,a:0:x:42:990,b:0:x:0:991,i:0:x:0:910", "", "", "Running"},
    {"which may end then", whole, "s:0:ready",
     "a:1:y:0:997,b:1:y:0:997,i:1:y:0:996,a:0:x:42:990,b:0:x:0:991,i:0:x:0:910", "", "stop",
     "Succeeded"},
    {"an end that no rule is for", whole, "s:0:ready", "a:0:x:1:990,b:0:r:0:0,i:0:x:0:910", "", "",
     "Running"},
    {"a rule that does not", ruled, "s:0:ready", "a:0:x:43:990", "", "stop", "Failed"},
    {"an init container with a policy of its own", ruled_init, "s:0:ready", "i:0:x:1:990", "",
     "start i 1", "Pending"},
    {"one of two waits for its image", two, "s:0:ready", "a:0:r:0:0", "backoff b", "wait b",
     "Pending"},
};

static void run_row(const Row *row)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    RtSandbox sandboxes[4];
    RtContainer containers[8];
    RtPod rt = {sandboxes, read_sandboxes(row->sandboxes, sandboxes), containers, 0};
    ContainerState states[8] = {{0}};
    Value *pod = value_literal(a, "{'metadata':{'name':'p','namespace':'n','uid':'u'}}");
    PodInput in = {.pod = pod,
                   .rt = &rt,
                   .now_us = NOW_S * 1000000LL,
                   .states = states,
                   .is_terminating = strstr(row->flags, "terminating") != NULL};
    AUTO_BUF text = BUF_INIT;
    PodPlan plan;
    Value *status;

    rt.n_containers = read_containers(row->containers, "s", containers);
    value_set(a, pod, "spec", value_literal(a, row->spec));
    for (size_t i = 0; i < rt.n_containers; i++)
        states[in.n_states++] =
            (ContainerState){.name = containers[i].name,
                             .probed_id = containers[i].id,
                             .is_started = !strstr(row->flags, "unstarted"),
                             .is_ready = true,
                             .must_restart = strstr(row->flags, "unhealthy") != NULL};
    if (strstr(row->flags, "backoff"))
        states[in.n_states++] = (ContainerState){.name = "b",
                                                 .retry_us = (NOW_S + 5) * 1000000LL,
                                                 .wait_reason = "ImagePullBackOff",
                                                 .wait_message = "no"};
    pod_sync(a, &in, &plan);
    print_plan(&plan, &text);
    if (strcmp(buf_str(&text), row->plan) != 0)
        fail_msg("%s: plan \"%s\", expected \"%s\"", row->name, buf_str(&text), row->plan);
    status = pod_status(a, &in, &plan);
    if (!str_eq(value_get_str(status, "phase"), row->phase))
        fail_msg("%s: phase %s, expected %s", row->name, value_get_str(status, "phase"),
                 row->phase);
    for (size_t i = 0; i < rt.n_sandboxes; i++)
        free((void *)(uintptr_t)sandboxes[i].id);
    for (size_t i = 0; i < rt.n_containers; i++) {
        free((void *)(uintptr_t)containers[i].id);
        free((void *)(uintptr_t)containers[i].name);
    }
}

TEST(plans_and_phases)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        run_row(&rows[i]);
}

TEST(a_probe_s_own_grace_period_holds)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    RtSandbox sandbox = {.id = "s", .ip = "10.88.0.9", .is_ready = true};
    RtContainer c = {.id = "x", .name = "a", .sandbox_id = "s", .hash = "", .state = CRI_RUNNING};
    RtPod rt = {&sandbox, 1, &c, 1};
    ContainerState st = {.name = "a",
                         .probed_id = "x",
                         .must_restart = true,
                         .why_restart = "failed startup probe",
                         .restart_by = "startupProbe"};
    Value *pod = value_literal(
        a, "{'spec':{'restartPolicy':'Never','containers':[{'name':'a','startupProbe':"
           "{'terminationGracePeriodSeconds':7}}]}}");
    PodInput in = {.pod = pod, .rt = &rt, .states = &st, .n_states = 1};
    PodPlan plan;

    pod_sync(a, &in, &plan);
    assert_int_equal(plan.n, 1); /* the only one, and never again: the pod is stopped as a whole */
    assert_int_equal(plan.actions[0].type, ACTION_STOP_POD);
    value_set_str(a, value_get(pod, "spec"), "restartPolicy", "Always");
    pod_sync(a, &in, &plan);
    assert_int_equal(plan.actions[0].type, ACTION_KILL);
    assert_int_equal(plan.actions[0].grace_s, 7);
    assert_string_equal(plan.actions[0].message,
                        "Container a failed startup probe, will be restarted");
}

TEST(a_container_s_status_tells_its_mounts_and_resources)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    RtSandbox sandbox = {.id = "s", .ip = "10.88.0.9", .is_ready = true};
    RtContainer c = {.id = "x",
                     .name = "a",
                     .sandbox_id = "s",
                     .image = "i",
                     .image_id = "",
                     .hash = "",
                     .state = CRI_RUNNING};
    RtPod rt = {&sandbox, 1, &c, 1};
    Value *pod = value_literal(
        a,
        "{'spec':{'containers':[{'name':'a','resources':{'requests':{'cpu':'1'}},'volumeMounts':"
        "[{'name':'v','mountPath':'/v','readOnly':true}]}],'ephemeralContainers':[{'name':'e'}]}}");
    PodInput in = {
        .pod = pod, .rt = &rt, .actuated = value_literal(a, "{'a':{'requests':{'cpu':'500m'}}}")};
    Value *st = pod_status(a, &in, NULL);

    assert_string_equal(value_to_str(a, value_at(st, "containerStatuses.0.volumeMounts")),
                        "[{\"name\":\"v\",\"mountPath\":\"/v\",\"readOnly\":true,"
                        "\"recursiveReadOnly\":\"Disabled\"}]");
    assert_string_equal(value_at_str(st, "containerStatuses.0.allocatedResources.cpu"), "1");
    assert_string_equal(value_at_str(st, "containerStatuses.0.resources.requests.cpu"), "500m");
    assert_string_equal(value_at_str(st, "ephemeralContainerStatuses.0.state.waiting.reason"),
                        "ContainerCreating");
}

/* The container "a" has just ended. */
static RtContainer ended(uint32_t attempt, int exit_code, const char *reason, const char *message)
{
    return (RtContainer){.id = "x",
                         .name = "a",
                         .sandbox_id = "s",
                         .image = "i",
                         .image_id = "sha",
                         .hash = "",
                         .attempt = attempt,
                         .step = attempt,
                         .state = CRI_EXITED,
                         .exit_code = exit_code,
                         .finished_us = NOW_S * 1000000LL,
                         .reason = reason,
                         .message = message};
}

TEST(a_failed_start_is_told_until_the_back_off)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    RtSandbox sandbox = {.id = "s", .ip = "10.88.0.9", .is_ready = true};
    RtContainer c = ended(0, 128, "StartError", "no such file");
    RtPod rt = {&sandbox, 1, &c, 1};
    ContainerState mem = {
        .name = "a", .wait_reason = "RunContainerError", .wait_message = "no such file"};
    Value *pod = value_literal(a, "{'metadata':{'name':'p','namespace':'n','uid':'u'},'spec':"
                                  "{'containers':[{'name':'a'}]}}");
    PodInput in = {
        .pod = pod, .rt = &rt, .states = &mem, .n_states = 1, .now_us = 1001 * 1000000LL};
    static const char waiting[] = "containerStatuses.0.state.waiting.reason";
    PodPlan plan;
    Value *st;

    c.image_id = "";
    pod_sync(a, &in, &plan);
    st = pod_status(a, &in, &plan);
    assert_string_equal(value_at_str(st, waiting), "RunContainerError");
    assert_string_equal(value_at_str(st, "containerStatuses.0.lastState.terminated.reason"),
                        "StartError");
    c.attempt = c.step = 1;
    pod_sync(a, &in, &plan);
    st = pod_status(a, &in, &plan);
    assert_string_equal(value_at_str(st, waiting), "CrashLoopBackOff");
    value_set_str(a, value_get(pod, "spec"), "restartPolicy", "Never");
    pod_sync(a, &in, &plan);
    st = pod_status(a, &in, &plan);
    assert_string_equal(value_at_str(st, "containerStatuses.0.state.terminated.reason"),
                        "StartError");
}

TEST(back_off_doubles_up_to_five_minutes)
{
    static const int expected[] = {0, 0, 10, 20, 40, 80, 160, 300, 300};

    for (size_t i = 0; i < ARRAY_LEN(expected); i++)
        assert_int_equal(pod_backoff_s((uint32_t)i), expected[i]);
}

TEST(a_crash_loop_is_told_with_the_last_end)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    RtSandbox sandbox = {.id = "s", .ip = "10.88.0.9", .is_ready = true};
    RtContainer c = ended(2, 3, "", "why");
    RtPod rt = {&sandbox, 1, &c, 1};
    Value *pod = value_literal(a, "{'metadata':{'name':'p','namespace':'n','uid':'u'},'spec':"
                                  "{'containers':[{'name':'a'}]}}");
    PodInput in = {.pod = pod, .rt = &rt, .now_us = 1001 * 1000000LL};
    PodPlan plan;
    Value *st;

    c.started_us = 999 * 1000000LL;
    pod_sync(a, &in, &plan);
    st = pod_status(a, &in, &plan);
    assert_string_equal(value_at_str(st, "containerStatuses.0.state.waiting.reason"),
                        "CrashLoopBackOff");
    assert_string_equal(value_at_str(st, "containerStatuses.0.state.waiting.message"),
                        "back-off 20s restarting failed container=a pod=p_n(u)");
    assert_string_equal(value_at_str(st, "containerStatuses.0.lastState.terminated.message"),
                        "why");
    assert_int_equal(value_at_int(st, "containerStatuses.0.restartCount", 0), 2);
    assert_int_equal(plan.wake_us, 1020 * 1000000LL);
}

static const char *condition(const Value *status, const char *type, const char *field)
{
    const Value *c;

    value_each_item(value_get(status, "conditions"), i, c)
    {
        if (str_eq(value_get_str(c, "type"), type))
            return value_get_str(c, field);
    }
    return "";
}

TEST(conditions_of_others_stay_and_times_change_only_with_the_status)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    RtPod rt = {0};
    Value *pod = value_literal(
        a,
        "{'metadata':{'name':'p','namespace':'n','uid':'u'},'spec':{'containers':[{'name':'a'},"
        "{'name':'b'}]},'status':{'conditions':[{'type':'PodScheduled','status':'True'},"
        "{'type':'Ready','status':'False','lastTransitionTime':'2020-01-01T00:00:00Z'},"
        "{'type':'Initialized','status':'False','lastTransitionTime':'2020-01-01T00:00:00Z'}]}}");
    PodInput in = {.pod = pod, .rt = &rt, .now_us = 1000000};
    Value *st = pod_status(a, &in, NULL);

    assert_string_equal(condition(st, "PodScheduled", "status"), "True");
    assert_string_equal(condition(st, "Ready", "lastTransitionTime"), "2020-01-01T00:00:00Z");
    assert_string_equal(condition(st, "Initialized", "lastTransitionTime"), "1970-01-01T00:00:01Z");
    assert_string_equal(condition(st, "Ready", "message"), "containers with unready status: [a b]");
}

TEST(a_failed_pull_is_told_and_then_its_back_off)
{
    static const struct {
        int64_t after_s;
        const char *reason, *message;
        int64_t wake_s;
    } steps[] = {
        {1, "ErrImagePull", "no such host", PULL_FAILED_S},
        {PULL_FAILED_S, "ImagePullBackOff",
         "Back-off pulling image \"r.example/x\": ErrImagePull: no such host", 10},
        {9, "ImagePullBackOff",
         "Back-off pulling image \"r.example/x\": ErrImagePull: no such host", 10},
    };
    static const char waiting[] = "containerStatuses.0.state.waiting";
    const int64_t second = 1000000, failed_us = NOW_S * second;

    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        RtSandbox sandbox = {.id = "s", .ip = "10.88.0.9", .is_ready = true};
        RtPod rt = {&sandbox, 1, NULL, 0};
        ContainerState mem = {.name = "a",
                              .wait_reason = "ErrImagePull",
                              .wait_message = "no such host",
                              .failed_us = failed_us,
                              .retry_us = failed_us + 10 * second};
        PodInput in = {.pod = value_literal(a, "{'metadata':{'name':'p'},'spec':{'containers':"
                                               "[{'name':'a','image':'r.example/x'}]}}"),
                       .rt = &rt,
                       .states = &mem,
                       .n_states = 1,
                       .now_us = failed_us + steps[i].after_s * second};
        PodPlan plan;
        const Value *w;

        pod_sync(a, &in, &plan);
        w = value_at(pod_status(a, &in, &plan), waiting);
        assert_string_equal(value_get_str(w, "reason"), steps[i].reason);
        assert_string_equal(value_get_str(w, "message"), steps[i].message);
        assert_int_equal(plan.wake_us, failed_us + steps[i].wake_s * second);
        assert_int_equal(plan.n, 0);
    }
}

TEST(what_containers_said_at_their_end_shares_one_limit)
{
    static const struct {
        const char *spec;
        size_t n_said, n_told;
    } cases[] = {
        {"{'containers':[{'name':'a'},{'name':'b'},{'name':'c'}]}", 4096, 4096},
        {"{'containers':[{'name':'a'},{'name':'b'}],'initContainers':[{'name':'i'}],"
         "'ephemeralContainers':[{'name':'e'}]}",
         4096, 3072},
        {"{'containers':[{'name':'a'},{'name':'b'},{'name':'c'},{'name':'d'}]}", 3072, 3072},
    };
    const char *path = "containerStatuses.0.lastState.terminated.message";

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        char *said = arena_alloc(a, cases[i].n_said + 1);
        RtSandbox sandbox = {.id = "s", .ip = "10.88.0.9", .is_ready = true};
        RtContainer c = ended(2, 3, "", said);
        RtPod rt = {&sandbox, 1, &c, 1};
        Value *pod = value_object(a);
        PodInput in = {.rt = &rt, .now_us = (NOW_S + 1) * 1000000LL, .pod = pod};
        PodPlan plan;

        memset(said, 'x', cases[i].n_said);
        said[cases[i].n_said] = '\0';
        value_set(a, pod, "spec", value_literal(a, cases[i].spec));
        pod_sync(a, &in, &plan);
        assert_int_equal(strlen(value_at_str(pod_status(a, &in, &plan), path)), cases[i].n_told);
    }
}

TEST(what_others_wrote_meanwhile_is_told_from_the_own_write)
{
    static const struct {
        const char *now;
        bool is_own;
    } cases[] = {
        {"{'metadata':{'name':'p','resourceVersion':'7','managedFields':[{}]},'spec':{'x':1},"
         "'status':{'phase':'Running'}}",
         true},
        {"{'metadata':{'name':'p','resourceVersion':'7','deletionTimestamp':'2026-01-01T00:00:00Z'}"
         ","
         "'spec':{'x':1},'status':{'phase':'Running'}}",
         false},
        {"{'metadata':{'name':'p','labels':{'a':'b'}},'spec':{'x':1},'status':{'phase':'Running'}}",
         false},
        {"{'metadata':{'name':'p'},'spec':{'x':2},'status':{'phase':'Running'}}", false},
        {"{'metadata':{'name':'p'},'spec':{'x':1},'status':{'phase':'Running','conditions':[{}]}}",
         false},
    };
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *was = value_literal(a, "{'metadata':{'name':'p','resourceVersion':'5'},'spec':{'x':1},"
                                  "'status':{'phase':'Pending'}}");
    Value *sent = value_literal(a, "{'phase':'Running'}");

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        if (pod_is_own_write(a, was, value_literal(a, cases[i].now), sent) != cases[i].is_own)
            fail_msg("row %zu", i);
    }
}
