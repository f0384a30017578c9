#include "scheduler/snapshot.h"

#include "base/mem.h"

enum { POD_PORTS_MAX = 64 };

typedef struct PodRecord {
    SchedNode *node;
    Res requests;
    int64_t nonzero_cpu_milli, nonzero_memory;
    HostPort *ports;
    uint32_t n_ports;
} PodRecord;

static void record_free(void *p)
{
    PodRecord *r = p;

    res_done(&r->requests);
    free(r->ports);
    free(r);
}

static void node_free(void *p)
{
    SchedNode *n = p;

    res_done(&n->allocatable);
    res_done(&n->requested);
    free(n->ports);
    free(n->name);
    arena_free(n->arena);
    free(n);
}

Snapshot *snapshot_new(void)
{
    Snapshot *s = xcalloc(1, sizeof(*s));

    s->by_name.free_value = node_free;
    s->pods.free_value = record_free;
    return s;
}

void snapshot_free(Snapshot *s)
{
    if (!s)
        return;
    map_done(&s->pods);
    map_done(&s->by_name);
    free(s->nodes);
    free(s);
}

static SchedNode *node_need(Snapshot *s, const char *name)
{
    SchedNode *n = map_get(&s->by_name, name);

    if (n)
        return n;
    n = xcalloc(1, sizeof(*n));
    n->name = xstrdup(name);
    map_set(&s->by_name, name, n);
    return n;
}

static void node_settle(Snapshot *s, SchedNode *n)
{
    if (n->value || n->n_pods > 0)
        return;
    map_del(&s->by_name, n->name);
    node_free(n);
}

void snapshot_set_node(Snapshot *s, const char *name, const Value *value)
{
    SchedNode *n = node_need(s, name);
    bool was_listed = n->value != NULL;

    arena_free(n->arena);
    n->arena = NULL;
    n->value = NULL;
    res_done(&n->allocatable);
    if (value) {
        n->arena = arena_new();
        n->value = value_copy(n->arena, value);
        res_add_list(&n->allocatable, value_at(n->value, "status.allocatable"));
    }
    if (value && !was_listed) {
        GROW(s->nodes, s->cap_nodes, s->n_nodes + 1);
        s->nodes[s->n_nodes++] = n;
    }
    for (uint32_t i = 0; !value && was_listed && i < s->n_nodes; i++) {
        if (s->nodes[i] == n) {
            s->nodes[i] = s->nodes[--s->n_nodes];
            break;
        }
    }
    node_settle(s, n);
}

/* ---- ports ---- */

static void copy_text(char *out, size_t cap, const char *text, const char *otherwise)
{
    snprintf(out, cap, "%s", text && text[0] ? text : otherwise);
}

uint32_t pod_host_ports(const Value *pod, HostPort *out, uint32_t cap)
{
    static const char *const lists[] = {"spec.containers", "spec.initContainers"};
    uint32_t n = 0;
    Value *c, *p;

    for (size_t l = 0; l < ARRAY_LEN(lists); l++)
        value_each_item(value_at(pod, lists[l]), i, c)
        {
            if (l == 1 && !str_eq(value_get_str(c, "restartPolicy"), "Always"))
                continue;
            value_each_item(value_get(c, "ports"), k, p)
            {
                int64_t port = value_at_int(p, "hostPort", 0);

                if (port <= 0 || n == cap)
                    continue;
                copy_text(out[n].ip, sizeof(out[n].ip), value_get_str(p, "hostIP"), "0.0.0.0");
                copy_text(out[n].protocol, sizeof(out[n].protocol), value_get_str(p, "protocol"),
                          "TCP");
                out[n++].port = (int)port;
            }
        }
    return n;
}

bool host_ports_conflict(const HostPort *a, const HostPort *b)
{
    return a->port == b->port && str_eq(a->protocol, b->protocol) &&
           (str_eq(a->ip, b->ip) || str_eq(a->ip, "0.0.0.0") || str_eq(b->ip, "0.0.0.0"));
}

static void node_take_ports(SchedNode *n, const PodRecord *r)
{
    GROW(n->ports, n->cap_ports, n->n_ports + r->n_ports);
    for (uint32_t i = 0; i < r->n_ports; i++)
        n->ports[n->n_ports++] = r->ports[i];
}

static void node_give_ports(SchedNode *n, const PodRecord *r)
{
    for (uint32_t i = 0; i < r->n_ports; i++) {
        for (uint32_t k = 0; k < n->n_ports; k++) {
            if (memcmp(&n->ports[k], &r->ports[i], sizeof(HostPort)) == 0) {
                n->ports[k] = n->ports[--n->n_ports];
                break;
            }
        }
    }
}

/* ---- pods ---- */

bool snapshot_remove_pod(Snapshot *s, const char *id)
{
    PodRecord *r = map_del(&s->pods, id);
    SchedNode *n;

    if (!r)
        return false;
    n = r->node;
    res_sub(&n->requested, &r->requests);
    n->nonzero_cpu_milli -= r->nonzero_cpu_milli;
    n->nonzero_memory -= r->nonzero_memory;
    n->n_pods--;
    node_give_ports(n, r);
    record_free(r);
    node_settle(s, n);
    return true;
}

void snapshot_add_pod(Snapshot *s, const char *id, const Value *pod, const char *node)
{
    HostPort ports[POD_PORTS_MAX];
    PodRecord *r = xcalloc(1, sizeof(*r));
    SchedNode *n;

    memset(ports, 0, sizeof(ports)); /* compared as a whole */
    snapshot_remove_pod(s, id);
    n = node_need(s, node);
    r->node = n;
    res_of_pod(pod, &r->requests);
    res_nonzero_of_pod(pod, &r->nonzero_cpu_milli, &r->nonzero_memory);
    r->n_ports = pod_host_ports(pod, ports, POD_PORTS_MAX);
    if (r->n_ports > 0)
        r->ports = xmemdup(ports, r->n_ports * sizeof(*ports));
    res_add(&n->requested, &r->requests);
    n->nonzero_cpu_milli += r->nonzero_cpu_milli;
    n->nonzero_memory += r->nonzero_memory;
    n->n_pods++;
    if (r->n_ports > 0)
        node_take_ports(n, r);
    map_set(&s->pods, id, r);
}

void snapshot_remove_cluster(Snapshot *s, const char *cluster)
{
    AUTO_FREE char *prefix = xasprintf("%s/", cluster);
    const char *id;

    for (size_t at = 0; map_next(&s->pods, &at, &id, NULL);) {
        AUTO_FREE char *copy = str_starts(id, prefix) ? xstrdup(id) : NULL;

        if (copy)
            snapshot_remove_pod(s, copy);
    }
}

const char *snapshot_pod_node(const Snapshot *s, const char *id)
{
    const PodRecord *r = map_get(&s->pods, id);

    return r ? r->node->name : NULL;
}
