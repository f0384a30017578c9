#include "agent/node.h"

#include "agent/api.h"
#include "agent/join.h"
#include "agent/net/net.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "client/http.h"
#include "client/status.h"

#include <pthread.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

enum {
    HEARTBEAT_MS = 10000,
    HURRY_MS = 1000, /* until the node is ready and has its addresses */
    SLICE_MS = 500,  /* so often it is looked whether the node ends */
    STATUS_AGE_S = 60,
    LEASE_S = 40,
    MAX_IMAGES = 50,
    MAX_IMAGE_NAMES = 5,
    CERT_CHECK_S = 600,
};

struct Node {
    NodeOptions o;
    HttpCancel *cancel;
    pthread_t thread;
    Arena *memory;      /* of the status below; replaced with it */
    Value *status;      /* as the server has it */
    int64_t written_us; /* 0: what the server has is not known */
    char uid[64];       /* of the Node object; "": not known yet */
    char link[24];      /* as registered: the annotation's value */
    bool is_registered, has_lease, has_cidr, is_ready;
    bool has_started;      /* that has been told */
    bool is_unschedulable; /* that has been told, too */
    int64_t cert_checked_us;
};

static const LogCtx ctx = {.component = "node"};

/* ---- the machine ---- */

static int64_t meminfo(const char *name)
{
    FILE *f = fopen("/proc/meminfo", "re");
    char line[256];
    int64_t kib = 0;
    size_t n = strlen(name);

    while (f && fgets(line, sizeof(line), f)) {
        if (strncmp(line, name, n) == 0 && line[n] == ':')
            kib = strtoll(line + n + 1, NULL, 10);
    }
    if (f)
        fclose(f);
    return kib * 1024;
}

void node_measure(Agent *agent)
{
    agent->cpu_milli = sysconf(_SC_NPROCESSORS_ONLN) * 1000;
    agent->memory = meminfo("MemTotal");
}

static const char *file_line(Arena *a, const char *path)
{
    FILE *f = fopen(path, "re");
    char line[256] = "";

    if (f) {
        if (!fgets(line, sizeof(line), f))
            line[0] = '\0';
        fclose(f);
    }
    line[strcspn(line, "\n")] = '\0';
    return arena_strdup(a, line);
}

static const char *os_image(Arena *a)
{
    FILE *f = fopen("/etc/os-release", "re");
    char line[256];
    const char *name = "Linux";

    while (f && fgets(line, sizeof(line), f)) {
        if (str_starts(line, "PRETTY_NAME=\"")) {
            char *p = line + strlen("PRETTY_NAME=\"");

            p[strcspn(p, "\"\n")] = '\0';
            name = arena_strdup(a, p);
        }
    }
    if (f)
        fclose(f);
    return name;
}

static Value *node_info(Arena *a, Agent *agent)
{
    struct utsname u = {0};
    Value *v = value_object(a), *version = NULL;
    const char *name, *number;

    (void)uname(&u); /* it cannot fail with a good pointer */
    if (cri_call(agent->cri, a, CRI_VERSION, value_object(a), 5000, &version, NULL) < 0)
        version = NULL;
    name = value_get_str(version, "runtime_name");
    number = value_get_str(version, "runtime_version");
    value_set_str(a, v, "machineID", file_line(a, "/etc/machine-id"));
    value_set_str(a, v, "systemUUID", file_line(a, "/sys/class/dmi/id/product_uuid"));
    value_set_str(a, v, "bootID", file_line(a, "/proc/sys/kernel/random/boot_id"));
    value_set_str(a, v, "kernelVersion", u.release);
    value_set_str(a, v, "osImage", os_image(a));
    value_set_str(a, v, "containerRuntimeVersion",
                  arena_printf(a, "%s://%s", name ? name : "unknown", number ? number : ""));
    value_set_str(a, v, "kubeletVersion", "v1.36.0+hostplane.0.1.0");
    value_set_str(a, v, "kubeProxyVersion", "");
    value_set_str(a, v, "operatingSystem", "linux");
    value_set_str(a, v, "architecture", strcmp(u.machine, "aarch64") == 0 ? "arm64" : "amd64");
    return v;
}

static int by_size(const void *x, const void *y)
{
    int64_t a = value_at_int(*(Value *const *)x, "sizeBytes", 0);
    int64_t b = value_at_int(*(Value *const *)y, "sizeBytes", 0);

    return a < b ? 1 : a > b ? -1 : 0;
}

/* The largest first: they are what a scheduler would rather not move. */
static Value *node_images(Arena *a, Agent *agent)
{
    static const char *const lists[] = {"repo_digests", "repo_tags"};
    Value *out = value_array(a), *answer, *image;

    if (cri_call(agent->cri, a, CRI_LIST_IMAGES, value_object(a), 10000, &answer, NULL) < 0)
        return out;
    value_each_item(value_get(answer, "images"), i, image)
    {
        Value *v = value_object(a), *names = value_array(a);
        const Value *name;

        for (size_t l = 0; l < ARRAY_LEN(lists); l++) {
            value_each_item(value_get(image, lists[l]), k, name)
            {
                if (value_len(names) < MAX_IMAGE_NAMES)
                    value_append(a, names, value_copy(a, name));
            }
        }
        if (value_len(names) == 0)
            continue;
        value_set(a, v, "names", names);
        value_set_int(a, v, "sizeBytes", value_at_int(image, "size", 0));
        value_append(a, out, v);
    }
    if (value_len(out) > 1)
        qsort(out->items, value_len(out), sizeof(*out->items), by_size);
    while (value_len(out) > MAX_IMAGES)
        value_remove(out, value_len(out) - 1);
    return out;
}

static NodeHealth health(Arena *a, Agent *agent)
{
    NodeHealth h = {.pressure = agent->pressure};
    Value *answer, *c;
    Err err;

    if (agent->is_ending) {
        h.problem = "node is shutting down";
        return h;
    }

    if (cri_call(agent->cri, a, CRI_STATUS, value_object(a), 5000, &answer, &err) < 0) {
        h.problem = arena_printf(a, "container runtime is down: %s", err.msg);
        return h;
    }
    value_each_item(value_at(answer, "status.conditions"), i, c)
    {
        const char *type = value_get_str(c, "type"), *message = value_get_str(c, "message");
        bool ok = value_at_bool(c, "status");

        if (str_eq(type, "RuntimeReady"))
            h.is_runtime_ready = ok;
        else if (str_eq(type, "NetworkReady"))
            h.is_network_ready = ok || !agent->o.has_network;
        else
            continue;
        if (!ok && !(str_eq(type, "NetworkReady") && !agent->o.has_network))
            h.problem = arena_printf(a, "container runtime %s not ready: %s",
                                     str_eq(type, "NetworkReady") ? "network" : "status",
                                     message ? message : "");
    }
    return h;
}

/* ---- the status ---- */

static void put_condition(Arena *a, Value *list, const Value *old, const char *type, bool is_true,
                          const char *reason, const char *message, int64_t now_us)
{
    char now[CLOCK_TEXT_MAX];
    const char *status = is_true ? "True" : "False", *since = NULL;
    Value *c = value_object(a);
    const Value *o;

    value_each_item(value_get(old, "conditions"), i, o)
    {
        if (str_eq(value_get_str(o, "type"), type) && str_eq(value_get_str(o, "status"), status))
            since = value_get_str(o, "lastTransitionTime");
    }
    clock_to_rfc3339(now_us, now);
    value_set_str(a, c, "type", type);
    value_set_str(a, c, "status", status);
    value_set_str(a, c, "lastHeartbeatTime", now);
    value_set_str(a, c, "lastTransitionTime", since ? since : now);
    value_set_str(a, c, "reason", reason);
    value_set_str(a, c, "message", message);
    value_append(a, list, c);
}

void node_allocatable(const Agent *agent, int64_t *ret_cpu_milli, int64_t *ret_memory)
{
    *ret_cpu_milli = agent->cpu_milli;
    *ret_memory = agent->memory - MIN(agent->memory / 10, 256LL << 20); /* what the node needs */
}

static Value *resources_of(Arena *a, const Agent *agent, bool allocatable)
{
    Value *v = value_object(a);
    int64_t memory = agent->memory, cpu = agent->cpu_milli;
    struct statvfs fs;

    if (allocatable)
        node_allocatable(agent, &cpu, &memory);
    value_set_str(a, v, "cpu",
                  cpu % 1000 == 0 ? arena_printf(a, "%lld", (long long)cpu / 1000)
                                  : arena_printf(a, "%lldm", (long long)cpu));
    value_set_str(a, v, "memory", arena_printf(a, "%lldKi", (long long)memory / 1024));
    value_set_str(a, v, "pods", arena_printf(a, "%d", agent->o.max_pods));
    if (statvfs(agent->o.data_dir, &fs) == 0)
        value_set_str(
            a, v, "ephemeral-storage",
            arena_printf(a, "%lldKi", (long long)((uint64_t)fs.f_blocks * fs.f_frsize / 1024)));
    value_set_str(a, v, "hugepages-2Mi", "0");
    return v;
}

static void add_address(Arena *a, Value *list, const char *type, const char *address)
{
    Value *v = value_object(a);

    value_set_str(a, v, "type", type);
    value_set_str(a, v, "address", address);
    value_append(a, list, v);
}

Value *node_status(Arena *a, const Agent *agent, const NodeHealth *h, const Value *info,
                   const Value *images, const Value *old, int64_t now_us)
{
    Value *s = value_object(a), *conditions = value_array(a), *addresses;
    static const struct {
        const char *type;
        uint32_t bit;
        const char *yes, *no, *yes_message, *no_message;
    } rows[] = {
        {"MemoryPressure", PRESSURE_MEMORY, "KubeletHasInsufficientMemory",
         "KubeletHasSufficientMemory", "kubelet has insufficient memory available",
         "kubelet has sufficient memory available"},
        {"DiskPressure", PRESSURE_DISK, "KubeletHasDiskPressure", "KubeletHasNoDiskPressure",
         "kubelet has disk pressure", "kubelet has no disk pressure"},
        {"PIDPressure", PRESSURE_PIDS, "KubeletHasInsufficientPID", "KubeletHasSufficientPID",
         "kubelet has insufficient PID available", "kubelet has sufficient PID available"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        bool on = h->pressure & rows[i].bit;

        put_condition(a, conditions, old, rows[i].type, on, on ? rows[i].yes : rows[i].no,
                      on ? rows[i].yes_message : rows[i].no_message, now_us);
    }
    put_condition(a, conditions, old, "Ready", !h->problem,
                  h->problem ? "KubeletNotReady" : "KubeletReady",
                  h->problem ? h->problem : "kubelet is posting ready status", now_us);
    value_set(a, s, "conditions", conditions);
    value_set(a, s, "capacity", resources_of(a, agent, false));
    value_set(a, s, "allocatable", resources_of(a, agent, true));
    addresses = value_array(a);
    add_address(a, addresses, "InternalIP", agent->o.node_ip);
    if (agent->o.second_node_ip)
        add_address(a, addresses, "InternalIP", agent->o.second_node_ip);
    add_address(a, addresses, "Hostname", agent->o.node_name);
    value_set(a, s, "addresses", addresses);
    value_set(a, s, "nodeInfo", value_copy(a, info));
    value_set(a, s, "images", value_copy(a, images));
    value_set_int(a, value_need(a, s, "daemonEndpoints.kubeletEndpoint"), "Port", 10250);
    return s;
}

/* Everything but the heartbeats is the same. */
static bool is_same(Arena *a, const Value *x, const Value *y)
{
    Value *a1, *b1, *c;

    if (!x || !y)
        return false;
    a1 = value_copy(a, x);
    b1 = value_copy(a, y);
    value_each_item(value_get(a1, "conditions"), i, c)
    {
        value_del(c, "lastHeartbeatTime");
    }
    value_each_item(value_get(b1, "conditions"), k, c)
    {
        value_del(c, "lastHeartbeatTime");
    }
    return value_equal(a1, b1);
}

static const char *status_of(const Value *status, const char *type)
{
    const Value *c;

    value_each_item(value_get(status, "conditions"), i, c)
    {
        if (str_eq(value_get_str(c, "type"), type))
            return value_get_str(c, "status");
    }
    return NULL;
}

size_t node_events(const Value *before, const Value *now, const char *ret[NODE_EVENTS_MAX])
{
    static const struct {
        const char *type, *yes, *no;
        bool is_told_of_new; /* also when there was no such condition before */
    } rows[NODE_EVENTS_MAX] = {
        {"MemoryPressure", "NodeHasInsufficientMemory", "NodeHasSufficientMemory", true},
        {"DiskPressure", "NodeHasDiskPressure", "NodeHasNoDiskPressure", true},
        {"PIDPressure", "NodeHasInsufficientPID", "NodeHasSufficientPID", true},
        {"Ready", "NodeReady", "NodeNotReady", false},
    };
    size_t n = 0;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *was = status_of(before, rows[i].type), *is = status_of(now, rows[i].type);

        if (!is || str_eq(was, is) || (!was && !rows[i].is_told_of_new))
            continue;
        ret[n++] = strcmp(is, "True") == 0 ? rows[i].yes : rows[i].no;
    }
    return n;
}

/* ---- talking to the server ---- */

static int call(Node *n, Arena *a, const char *method, const char *path, const char *type,
                const Value *body, Value **ret, Err *err)
{
    ClientRequest req = {.cluster = "host",
                         .method = method,
                         .path = path,
                         .content_type = type,
                         .timeout_ms = 10000};
    ClientReply reply;
    int r;

    if (body)
        req.body = slice_of(value_to_str(a, body));
    r = client_call(n->o.agent->client, a, &req, &reply, err);
    if (r < 0)
        return r;
    if (reply.status >= 300)
        return client_status_error(a, reply.status, reply.body, err);
    return ret ? value_parse(a, reply.body, ret, err) : 0;
}

static void put_labels(Arena *a, Value *labels, const AgentOptions *o)
{
    const char *arch = "amd64";
    Slice rest = slice_of(o->labels), item;
    struct utsname u;

    if (uname(&u) == 0 && strcmp(u.machine, "aarch64") == 0)
        arch = "arm64";
    value_set_str(a, labels, "kubernetes.io/hostname", o->node_name);
    value_set_str(a, labels, "kubernetes.io/os", "linux");
    value_set_str(a, labels, "kubernetes.io/arch", arch);
    value_set_str(a, labels, "beta.kubernetes.io/os", "linux");
    value_set_str(a, labels, "beta.kubernetes.io/arch", arch);
    while (rest.len > 0) {
        Slice key;

        (void)slice_cut(&rest, ',', &item); /* the last one has no comma */
        (void)slice_cut(&item, '=', &key);  /* a label without value has an empty one */
        if (key.len > 0)
            value_set(a, labels, arena_strndup(a, key.ptr, key.len),
                      value_strn(a, item.ptr, item.len));
    }
}

/* The MAC address by which other nodes know this one; "": none. */
static void tell_link(const AgentOptions *o, char *out, size_t cap)
{
    out[0] = '\0';
    if (strcmp(o->link_address, "auto") == 0)
        net_link_address(o->node_ip, out, cap);
    else if (strcmp(o->link_address, "none") != 0)
        snprintf(out, cap, "%s", o->link_address);
}

static int register_node(Node *n, Arena *a, Value **ret, Err *err)
{
    const AgentOptions *o = &n->o.agent->o;
    const char *path = arena_printf(a, "/api/v1/nodes/%s", o->node_name);
    Value *node = value_literal(a, "{'kind':'Node','apiVersion':'v1','metadata':{'labels':{}}}");
    Value *patch = value_object(a);
    int r;

    put_labels(a, value_at(node, "metadata.labels"), o);
    value_set(a, value_need(a, node, "metadata.annotations"), AGENT_LINK_ANNOTATION,
              value_str(a, n->link));
    value_set_str(a, value_get(node, "metadata"), "name", o->node_name);
    r = call(n, a, "POST", "/api/v1/nodes", NULL, node, ret, err);
    if (r != -ERR_ALREADY_EXISTS)
        return r;
    value_set(a, value_need(a, patch, "metadata"), "labels",
              value_copy(a, value_at(node, "metadata.labels")));
    value_set(a, value_get(patch, "metadata"), "annotations",
              value_copy(a, value_at(node, "metadata.annotations")));
    return call(n, a, "PATCH", path, "application/merge-patch+json", patch, ret, err);
}

static void keep_status(Node *n, const Value *status)
{
    Arena *memory = status ? arena_new() : NULL;

    n->status = status ? value_copy(memory, status) : NULL;
    arena_free(n->memory);
    n->memory = memory;
}

static void tell(Node *n, const char *reason)
{
    agent_api_node_event(n->o.agent->api, false, reason, "Node %s status is now: %s",
                         n->o.agent->o.node_name, reason);
}

/* What the server has: it may have given the node up meanwhile, or it was another agent's. */
static int read_status(Node *n, Arena *a, Err *err)
{
    const char *path = arena_printf(a, "/api/v1/nodes/%s", n->o.agent->o.node_name), *boot;
    const char *own = file_line(a, "/proc/sys/kernel/random/boot_id");
    Value *node;
    int r = call(n, a, "GET", path, NULL, NULL, &node, err);

    if (r < 0)
        return r;
    boot = value_at_str(node, "status.nodeInfo.bootID");
    if (boot && boot[0] && strcmp(boot, own) != 0)
        agent_api_node_event(n->o.agent->api, true, "Rebooted",
                             "Node %s has been rebooted, boot id: %s", n->o.agent->o.node_name,
                             own);
    keep_status(n, value_get(node, "status"));
    return 0;
}

/* Is the node cordoned? Others do that; the node tells of it. */
static void tell_schedulable(Node *n)
{
    CLEANUP(item_unref)
    Item *node = items_get(n->o.agent->items, "host", "nodes", "", n->o.agent->o.node_name);
    bool is_unschedulable = node && value_at_bool(node->v, "spec.unschedulable");

    if (is_unschedulable == n->is_unschedulable)
        return;
    n->is_unschedulable = is_unschedulable;
    tell(n, is_unschedulable ? "NodeNotSchedulable" : "NodeSchedulable");
}

static int write_status(Node *n, Arena *a, Value **ret, Err *err)
{
    const char *events[NODE_EVENTS_MAX];
    size_t n_events;
    Agent *agent = n->o.agent;
    const char *path = arena_printf(a, "/api/v1/nodes/%s/status", agent->o.node_name);
    NodeHealth h = health(a, agent);
    Value *status = node_status(a, agent, &h, node_info(a, agent), node_images(a, agent), n->status,
                                clock_now_us());
    Value *patch = value_object(a);
    int r;

    n->is_ready = !h.problem;
    if (n->written_us && is_same(a, status, n->status) &&
        clock_mono_us() - n->written_us < STATUS_AGE_S * 1000000LL)
        return 0;
    value_set(a, patch, "status", status);
    r = call(n, a, "PATCH", path, "application/merge-patch+json", patch, ret, err);
    if (r < 0)
        return r;
    n_events = node_events(n->status, status, events);
    for (size_t i = 0; i < n_events; i++)
        tell(n, events[i]);
    keep_status(n, status);
    n->written_us = clock_mono_us();
    return 0;
}

static int renew_lease(Node *n, Arena *a, Err *err)
{
    static const char leases[] = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
    const char *name = n->o.agent->o.node_name;
    char now[CLOCK_TEXT_MAX];
    Value *lease = value_literal(a, "{'kind':'Lease','apiVersion':'coordination.k8s.io/v1',"
                                    "'metadata':{},'spec':{}}");
    int r = -ERR_NOT_FOUND;

    value_set_str(a, value_get(lease, "metadata"), "name", name);
    if (n->uid[0]) {
        Value *owners = value_literal(a, "[{'apiVersion':'v1','kind':'Node'}]");

        value_set_str(a, value_item(owners, 0), "name", name);
        value_set_str(a, value_item(owners, 0), "uid", n->uid);
        value_set(a, value_get(lease, "metadata"), "ownerReferences", owners);
    }
    value_set_str(a, value_get(lease, "spec"), "holderIdentity", name);
    value_set_int(a, value_get(lease, "spec"), "leaseDurationSeconds", LEASE_S);
    value_set_str(a, value_get(lease, "spec"), "renewTime",
                  clock_to_rfc3339_micro(clock_now_us(), now));
    if (n->has_lease)
        r = call(n, a, "PATCH", arena_printf(a, "%s/%s", leases, name),
                 "application/merge-patch+json", lease, NULL, err);
    if (r == -ERR_NOT_FOUND)
        r = call(n, a, "POST", leases, NULL, lease, NULL, err);
    if (r == -ERR_ALREADY_EXISTS)
        r = call(n, a, "PATCH", arena_printf(a, "%s/%s", leases, name),
                 "application/merge-patch+json", lease, NULL, err);
    n->has_lease = r == 0;
    return r;
}

static int beat(Node *n, Arena *a, Err *err)
{
    Value *answer = NULL;
    char link[sizeof(n->link)];
    AUTO_BUF cidrs = BUF_INIT;
    const Value *cidr;
    int r = 0;

    tell_link(&n->o.agent->o, link, sizeof(link));
    if (strcmp(link, n->link) != 0) {
        snprintf(n->link, sizeof(n->link), "%s", link);
        n->is_registered = false;
    }
    if (!n->is_registered) {
        r = register_node(n, a, &answer, err);
        if (r < 0)
            return r;
        n->is_registered = true;
        if (value_at_str(answer, "metadata.uid"))
            snprintf(n->uid, sizeof(n->uid), "%s", value_at_str(answer, "metadata.uid"));
        log_info(&ctx, "registered", LOG_STR("node", n->o.agent->o.node_name));
    }
    if (!n->has_started)
        agent_api_node_event(n->o.agent->api, false, "Starting", "Starting kubelet.");
    n->has_started = true;
    if (!n->written_us)
        r = read_status(n, a, err);
    if (r == 0)
        r = write_status(n, a, &answer, err);
    if (r == -ERR_NOT_FOUND)
        n->is_registered = false; /* somebody deleted the node: once more */
    if (r < 0)
        return r;
    tell_schedulable(n);
    if (!n->has_cidr && !answer)
        r = call(n, a, "GET", arena_printf(a, "/api/v1/nodes/%s", n->o.agent->o.node_name), NULL,
                 NULL, &answer, err);
    if (r < 0)
        return r;
    value_each_item(value_at(answer, "spec.podCIDRs"), i, cidr)
        buf_addf(&cidrs, "%s%s", i > 0 ? "," : "", value_to_cstr(cidr) ? value_to_cstr(cidr) : "");
    if (!n->has_cidr && cidrs.len > 0) {
        n->has_cidr = true;
        n->o.on_pod_cidr(buf_str(&cidrs), n->o.data);
    }
    return renew_lease(n, a, err);
}

/* In time, while the one that is in use is still good. */
static void renew_certificate(Node *n, Arena *a)
{
    Agent *agent = n->o.agent;
    const char *cert, *key;
    Err err;
    int r;

    if (n->cert_checked_us && clock_mono_us() - n->cert_checked_us < CERT_CHECK_S * 1000000LL)
        return;
    n->cert_checked_us = clock_mono_us();
    r = join_renew(a, agent->client, agent->o.node_name, agent->o.data_dir, &cert, &key, &err);
    if (r < 0)
        log_warning(&ctx, "the node's certificate is not renewed, trying again",
                    LOG_STR("error", err.msg));
    if (r <= 0)
        return;
    http_client_set_cert(agent->client, cert, key);
    if (n->o.on_certificate)
        n->o.on_certificate(cert, key, n->o.data);
    log_info(&ctx, "the node has a new certificate");
}

/* Until the next heartbeat, or the node's end; true when cancelled. */
static bool sleep_on(Node *n, int64_t ms)
{
    bool was_ending = n->o.agent->is_ending;
    bool is_over = false;

    for (; ms > 0 && !is_over && was_ending == n->o.agent->is_ending; ms -= SLICE_MS)
        is_over = http_cancel_sleep(n->cancel, MIN(ms, SLICE_MS));
    return is_over;
}

static void *run(void *data)
{
    Node *n = data;
    bool was_failing = false;
    int64_t wait_ms;

    do {
        CLEANUP(arena_free) Arena *a = arena_new();
        Err err;
        int r = beat(n, a, &err);

        if (r < 0 && !was_failing)
            log_warning(&ctx, "the server does not take the node's status",
                        LOG_STR("error", err.msg));
        else if (r == 0 && was_failing)
            log_info(&ctx, "the server takes the node's status again");
        was_failing = r < 0;
        if (r < 0)
            n->written_us = 0;
        if (r == 0)
            renew_certificate(n, a);
        wait_ms = r < 0 || !n->has_cidr || !n->is_ready ? HURRY_MS : HEARTBEAT_MS;
    } while (!sleep_on(n, wait_ms));
    return NULL;
}

int node_start(const NodeOptions *o, Node **ret, Err *err)
{
    Node *n = xcalloc(1, sizeof(*n));

    n->o = *o;
    n->cancel = http_cancel_new();
    n->has_cidr = !o->on_pod_cidr;
    if (pthread_create(&n->thread, NULL, run, n) != 0) {
        http_cancel_free(n->cancel);
        free(n);
        return err_set(err, ERR_INTERNAL, "cannot start the node's thread");
    }
    *ret = n;
    return 0;
}

void node_stop(Node *n)
{
    if (!n)
        return;
    http_cancel(n->cancel);
    pthread_join(n->thread, NULL);
    http_cancel_free(n->cancel);
    arena_free(n->memory);
    free(n);
}
