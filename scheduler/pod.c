#include "scheduler/pod.h"

#include "base/map.h"
#include "client/meta.h"

#include <pthread.h>

/* What a controller's pods have alike. A server has a hundred thousand pods and more, and most of
 * them have thousands of kin. */
typedef struct PodKin {
    Arena *arena;
    uint32_t n; /* pods */
    const char *key, *cluster, *ns, *keeper_uid;
    const Value *labels;
} PodKin;

static pthread_mutex_t kin_lock = PTHREAD_MUTEX_INITIALIZER; /* guards all kin; a leaf */
static Map all_kin;                                          /* key -> PodKin */

/* ---- affinity ---- */

void affinity_term_read(Arena *a, const Value *v, AffinityTerm *t)
{
    Selector *sel = NULL;
    const Value *ns_selector = value_get(v, "namespaceSelector");
    bool none = false;

    t->source = v;
    t->topology_key = value_get_str(v, "topologyKey") ? value_get_str(v, "topologyKey") : "";
    t->namespaces = value_get(v, "namespaces");
    t->selects_nothing =
        selector_from_value(a, value_get(v, "labelSelector"), &sel, &none, NULL) < 0 || none;
    t->labels = sel;
    sel = NULL;
    t->has_ns_selector = value_is(ns_selector, VALUE_OBJECT);
    if (t->has_ns_selector && selector_from_value(a, ns_selector, &sel, &none, NULL) < 0)
        t->selects_nothing = true;
    t->ns_labels = sel;
}

static AffinityTerms read_terms(Arena *a, const Value *list, bool is_preferred)
{
    AffinityTerms t = {.n = value_len(list)};
    const Value *v;

    if (t.n == 0)
        return t;
    t.items = arena_array(a, AffinityTerm, t.n);
    value_each_item(list, i, v)
    {
        affinity_term_read(a, is_preferred ? value_get(v, "podAffinityTerm") : v, &t.items[i]);
        t.items[i].weight = value_at_int(v, "weight", 0);
    }
    return t;
}

static void read_affinity(SchedPod *p, const Value *spec)
{
    const Value *affinity = value_get(spec, "affinity"), *a, *anti;

    if (!affinity)
        return;
    affinity = value_copy(p->arena, affinity);
    a = value_get(affinity, "podAffinity");
    anti = value_get(affinity, "podAntiAffinity");
    p->needs =
        read_terms(p->arena, value_get(a, "requiredDuringSchedulingIgnoredDuringExecution"), false);
    p->refuses = read_terms(
        p->arena, value_get(anti, "requiredDuringSchedulingIgnoredDuringExecution"), false);
    p->likes =
        read_terms(p->arena, value_get(a, "preferredDuringSchedulingIgnoredDuringExecution"), true);
    p->dislikes = read_terms(
        p->arena, value_get(anti, "preferredDuringSchedulingIgnoredDuringExecution"), true);
}

bool sched_pod_has_terms(const SchedPod *p)
{
    return p->needs.n + p->refuses.n + p->likes.n + p->dislikes.n > 0;
}

bool affinity_term_means(const AffinityTerm *t, const char *owner_ns, const SchedPod *other,
                         const Value *ns_labels)
{
    bool is_ns;

    if (t->selects_nothing)
        return false;
    if (value_len(t->namespaces) == 0 && !t->has_ns_selector)
        is_ns = str_eq(owner_ns, other->ns);
    else
        is_ns = value_has_str(t->namespaces, other->ns) ||
                (t->has_ns_selector && selector_match_labels(t->ns_labels, ns_labels));
    return is_ns && selector_match_labels(t->labels, other->labels);
}

/* ---- ports ---- */

static void copy_text(char *out, size_t cap, const char *text, const char *otherwise)
{
    snprintf(out, cap, "%s", text && text[0] ? text : otherwise);
}

static void read_port(SchedPod *p, const Value *v)
{
    int64_t port = value_at_int(v, "hostPort", 0);
    HostPort *to = &p->ports[p->n_ports];

    if (port <= 0)
        return;
    copy_text(to->ip, sizeof(to->ip), value_get_str(v, "hostIP"), "0.0.0.0");
    copy_text(to->protocol, sizeof(to->protocol), value_get_str(v, "protocol"), "TCP");
    to->port = (int)port;
    p->n_ports++;
}

/* Of all containers that run as long as the pod does. */
static void read_ports(SchedPod *p, const Value *spec)
{
    static const char *const lists[] = {"containers", "initContainers"};
    uint32_t n = 0;
    const Value *c, *port;

    for (int pass = 0; pass < 2; pass++) {
        for (size_t l = 0; l < ARRAY_LEN(lists); l++)
            value_each_item(value_get(spec, lists[l]), i, c)
            {
                if (l == 1 && !str_eq(value_get_str(c, "restartPolicy"), "Always"))
                    continue;
                value_each_item(value_get(c, "ports"), k, port)
                {
                    if (pass == 0)
                        n += value_at_int(port, "hostPort", 0) > 0;
                    else if (n > 0)
                        read_port(p, port);
                }
            }
        if (pass == 0 && n > 0)
            p->ports = arena_array(p->arena, HostPort, n + 1);
    }
}

bool host_ports_conflict(const HostPort *a, const HostPort *b)
{
    return a->port == b->port && str_eq(a->protocol, b->protocol) &&
           (str_eq(a->ip, b->ip) || str_eq(a->ip, "0.0.0.0") || str_eq(b->ip, "0.0.0.0"));
}

/* ---- volumes ---- */

static void read_claims(SchedPod *p, const Value *volumes)
{
    const Value *v;

    value_each_item(volumes, i, v)
    {
        const char *name = value_at_str(v, "persistentVolumeClaim.claimName");

        if (!name && value_get(v, "ephemeral"))
            name = arena_printf(p->arena, "%s-%s", p->name, value_get_str(v, "name"));
        if (!name)
            continue;
        if (!p->claims)
            p->claims = arena_array(p->arena, const char *, value_len(volumes));
        p->claims[p->n_claims++] = arena_strdup(p->arena, name);
    }
}

/* Upstream's DefaultSelector knows the selectors of three kinds of controllers; all pods of one of
 * these, and no others, carry what its selector asks for. */
static const char *keeper_uid(const Value *pod)
{
    static const char *const kinds[] = {"ReplicaSet", "StatefulSet", "ReplicationController"};
    const Value *owner = meta_controller(pod);
    const char *kind = value_get_str(owner, "kind"), *uid = value_get_str(owner, "uid");

    for (size_t i = 0; i < ARRAY_LEN(kinds) && uid; i++)
        if (str_eq(kind, kinds[i]))
            return uid;
    return NULL;
}

/* ---- kin ---- */

typedef struct KinIs {
    const char *cluster, *ns, *keeper_uid; /* keeper_uid: NULL: none */
    const Value *labels;                   /* NULL: none */
} KinIs;

static PodKin *kin_new(const char *key, const KinIs *is)
{
    Arena *a = arena_new_sized(256);
    PodKin *k = arena_new0(a, PodKin);

    k->arena = a;
    k->key = arena_strdup(a, key);
    k->cluster = arena_strdup(a, is->cluster);
    k->ns = arena_strdup(a, is->ns);
    k->keeper_uid = is->keeper_uid ? arena_strdup(a, is->keeper_uid) : NULL;
    k->labels = is->labels ? value_copy(a, is->labels) : NULL;
    return k;
}

static PodKin *kin_ref(const KinIs *is)
{
    AUTO_BUF key = BUF_INIT;
    PodKin *k;

    buf_addf(&key, "%s/%s/%s/", is->cluster, is->ns, is->keeper_uid ? is->keeper_uid : "");
    if (is->labels)
        value_print(is->labels, &key);
    pthread_mutex_lock(&kin_lock);
    k = map_get(&all_kin, buf_str(&key));
    if (!k) {
        k = kin_new(buf_str(&key), is);
        map_set(&all_kin, k->key, k);
    }
    k->n++;
    pthread_mutex_unlock(&kin_lock);
    return k;
}

static void kin_unref(PodKin *k)
{
    pthread_mutex_lock(&kin_lock);
    if (--k->n == 0) {
        map_del(&all_kin, k->key);
        arena_free(k->arena);
        if (all_kin.n == 0)
            map_done(&all_kin);
    }
    pthread_mutex_unlock(&kin_lock);
}

/* ---- a pod ---- */

/* Takes the reference over. */
static void set_kin(SchedPod *p, PodKin *kin)
{
    p->kin = kin;
    p->cluster = kin->cluster;
    p->ns = kin->ns;
    p->keeper_uid = kin->keeper_uid;
    p->labels = kin->labels;
}

void sched_pod_relabel(SchedPod *p, const Value *labels)
{
    PodKin *old = p->kin;

    set_kin(p, kin_ref(&(KinIs){p->cluster, p->ns, p->keeper_uid, labels}));
    kin_unref(old);
}

static size_t room_of(size_t len)
{
    return (len + 16) & ~(size_t)15; /* with its end, as an arena aligns */
}

/* In a first block of just its size: most pods need no more. */
static SchedPod *pod_alloc(const char *cluster, const Value *pod)
{
    size_t n_front = strlen(cluster) + strlen(meta_ns(pod)) + 2;
    size_t n_id = n_front + strlen(meta_name(pod)), n_uid = strlen(meta_uid(pod));
    Arena *a = arena_new_sized(room_of(sizeof(SchedPod)) + room_of(n_id) + room_of(n_uid));
    SchedPod *p = arena_new0(a, SchedPod);

    p->arena = a;
    p->id = arena_printf(a, "%s/%s/%s", cluster, meta_ns(pod), meta_name(pod));
    p->name = p->id + n_front;
    p->uid = arena_strdup(a, meta_uid(pod));
    set_kin(p, kin_ref(&(KinIs){cluster, meta_ns(pod), keeper_uid(pod),
                                value_at(pod, "metadata.labels")}));
    return p;
}

SchedPod *sched_pod_new(const char *cluster, const Value *pod)
{
    SchedPod *p = pod_alloc(cluster, pod);
    const Value *spec = value_get(pod, "spec"), *c;

    p->priority = value_at_int(spec, "priority", 0);
    p->started_us = value_time_us(pod, "status.startTime");
    if (p->started_us == 0)
        p->started_us = INT64_MAX; /* it begins now, after all others */
    p->generation = meta_generation(pod);
    p->is_terminating = meta_is_deleted(pod);
    c = condition_get(pod, "DisruptionTarget");
    p->is_terminating_by_preemption =
        p->is_terminating && str_eq(value_get_str(c, "reason"), "PreemptionByScheduler");
    res_of_pod(pod, &p->requests);
    res_nonzero_of_pod(pod, &p->requests, &p->nonzero_cpu_milli, &p->nonzero_memory);
    read_ports(p, spec);
    read_claims(p, value_get(spec, "volumes"));
    read_affinity(p, spec);
    list_init(&p->in_node);
    list_init(&p->in_cluster);
    list_init(&p->in_terms);
    return p;
}

void sched_pod_free(SchedPod *p)
{
    if (!p)
        return;
    res_done(&p->requests);
    kin_unref(p->kin);
    arena_free(p->arena);
}
