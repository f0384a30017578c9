#include "agent/admit.h"

#include "agent/resize.h"
#include "api/nodeaffinity.h"

enum { CPU, MEMORY, PODS, N_RESOURCES };

static const char *const names[N_RESOURCES] = {[CPU] = "cpu", [MEMORY] = "memory", [PODS] = "pods"};

static void add_requests(const Value *pod, int64_t *sums)
{
    int64_t cpu, memory;

    resize_pod_requests(pod, &cpu, &memory);
    sums[CPU] += cpu;
    sums[MEMORY] += memory;
    sums[PODS]++;
}

/* ---- host ports ---- */

static bool is_any_ip(const char *ip)
{
    return !ip || !ip[0] || strcmp(ip, "0.0.0.0") == 0 || strcmp(ip, "::") == 0;
}

static const char *protocol_of(const Value *port)
{
    const char *p = value_get_str(port, "protocol");

    return p ? p : "TCP";
}

static bool ports_collide(const Value *x, const Value *y)
{
    const char *xi = value_get_str(x, "hostIP"), *yi = value_get_str(y, "hostIP");

    return value_at_int(x, "hostPort", 0) == value_at_int(y, "hostPort", 0) &&
           strcmp(protocol_of(x), protocol_of(y)) == 0 &&
           (is_any_ip(xi) || is_any_ip(yi) || strcmp(xi, yi) == 0);
}

/* Does any host port of the pod collide with this one? */
static bool pod_has_port(const Value *pod, const Value *port)
{
    static const char *const lists[] = {"spec.initContainers", "spec.containers"};
    const Value *c, *p;

    for (size_t l = 0; l < ARRAY_LEN(lists); l++)
        value_each_item(value_at(pod, lists[l]), i, c)
        {
            value_each_item(value_get(c, "ports"), k, p)
            {
                if (value_at_int(p, "hostPort", 0) != 0 && ports_collide(p, port))
                    return true;
            }
        }
    return false;
}

static bool pods_collide(const Value *pod, const Value *other)
{
    const Value *c, *p;

    value_each_item(value_at(pod, "spec.containers"), i, c)
    {
        value_each_item(value_get(c, "ports"), k, p)
        {
            if (value_at_int(p, "hostPort", 0) != 0 && pod_has_port(other, p))
                return true;
        }
    }
    return false;
}

static AdmitVerdict admit_ports(const AdmitInput *in, ContainerRefusal *ret)
{
    AdmitVerdict verdict = ADMIT_YES;

    for (size_t i = 0; i < in->n_others; i++) {
        if (!pods_collide(in->pod, in->others[i].pod))
            continue;
        verdict = ADMIT_WAIT;
        if (in->others[i].is_leaving)
            continue;
        *ret = (ContainerRefusal){
            .reason = "NodePorts",
            .message = "Predicate NodePorts failed: node(s) didn't have free ports for the "
                       "requested pod ports"};
        return ADMIT_NO;
    }
    return verdict;
}

/* ---- room ---- */

static AdmitVerdict admit_resources(Arena *a, const AdmitInput *in, ContainerRefusal *ret)
{
    const int64_t capacity[N_RESOURCES] = {
        [CPU] = in->cpu_milli, [MEMORY] = in->memory, [PODS] = in->max_pods};
    int64_t wanted[N_RESOURCES] = {0}, used[N_RESOURCES] = {0}, staying[N_RESOURCES] = {0},
            own[N_RESOURCES] = {0};
    AdmitVerdict verdict = ADMIT_YES;

    add_requests(in->pod, wanted);
    for (size_t i = 0; i < in->n_others; i++) {
        const AdmitOther *o = &in->others[i];

        add_requests(o->pod, used);
        if (!o->is_leaving)
            add_requests(o->pod, staying);
        if (!o->is_leaving && strcmp(o->cluster, in->cluster) == 0)
            add_requests(o->pod, own);
    }
    for (int i = 0; i < N_RESOURCES; i++) {
        int64_t free_now = capacity[i] - used[i], free_then = capacity[i] - staying[i];

        if (wanted[i] == 0 || wanted[i] <= free_now)
            continue;
        if (wanted[i] <= free_then) {
            verdict = ADMIT_WAIT;
            continue;
        }
        *ret = (ContainerRefusal){
            .reason = arena_printf(a, "OutOf%s", names[i]),
            .message = arena_printf(
                a,
                "Node didn't have enough resource: %s, requested: %lld, used: %lld, capacity: "
                "%lld",
                names[i], (long long)wanted[i], (long long)own[i],
                (long long)(own[i] + MAX((int64_t)0, free_then)))};
        return ADMIT_NO;
    }
    return verdict;
}

/* ---- the node itself ---- */

/* One that has begun here stays, whatever the node's labels and taints are now: the taint's
 * eviction is a controller's. */
static bool is_unwanted(const AdmitInput *in, bool (*is_against)(const AdmitInput *))
{
    return in->node && !value_at_str(in->pod, "status.startTime") && is_against(in);
}

static bool is_another_node(const AdmitInput *in)
{
    return !node_matches_pod_spec(value_get(in->pod, "spec"), in->node);
}

static bool is_tainted(const AdmitInput *in)
{
    return node_has_untolerated(in->node, value_at(in->pod, "spec.tolerations"), "NoExecute");
}

/* In kubelet's order, of which the first reason is told. */
AdmitVerdict admit_pod(Arena *a, const AdmitInput *in, ContainerRefusal *ret)
{
    AdmitVerdict room = admit_resources(a, in, ret), ports;

    if (room == ADMIT_NO)
        return ADMIT_NO;
    if (is_unwanted(in, is_another_node)) {
        *ret = (ContainerRefusal){"NodeAffinity",
                                  "Predicate NodeAffinity failed: node(s) didn't match Pod's node "
                                  "affinity/selector"};
        return ADMIT_NO;
    }
    ports = admit_ports(in, ret);
    if (ports == ADMIT_NO)
        return ADMIT_NO;
    if (is_unwanted(in, is_tainted)) {
        *ret = (ContainerRefusal){"TaintToleration",
                                  "Predicate TaintToleration failed: node(s) had taints that the "
                                  "pod didn't tolerate"};
        return ADMIT_NO;
    }
    return room == ADMIT_WAIT ? room : ports;
}
