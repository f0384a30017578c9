#include "agent/admit.h"

#include "agent/resize.h"

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

AdmitVerdict admit_pod(Arena *a, const AdmitInput *in, ContainerRefusal *ret)
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
