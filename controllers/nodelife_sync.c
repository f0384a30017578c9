#include "controllers/nodelife_sync.h"

#include "api/nodeaffinity.h"

/* ---- life ---- */

enum { STARTUP_MS = 10000 /* how much longer the first sign of life may take */ };

int64_t nodelife_sign(const Value *node, const Value *lease)
{
    uint64_t renewed = (uint64_t)value_time_us(lease, "spec.renewTime");
    uint64_t beat = (uint64_t)value_time_us(condition_get(node, "Ready"), "lastHeartbeatTime");

    return (int64_t)(renewed * 31 + beat);
}

bool nodelife_judge(Arena *a, Value *node, int64_t seen_us, int64_t grace_ms, int64_t now_us)
{
    static const char *const types[] = {"Ready", "MemoryPressure", "DiskPressure", "PIDPressure"};
    int64_t last_us = MAX(seen_us, meta_created_us(node));
    bool changed = false, was_seen;
    Value *c;

    if (!condition_get(node, "Ready"))
        grace_ms += STARTUP_MS;
    if (now_us - last_us <= grace_ms * 1000)
        return false;
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        was_seen = condition_get(node, types[i]) != NULL;
        if (condition_is(node, types[i], "Unknown"))
            continue;
        changed =
            condition_set(a, node,
                          was_seen ? &(Condition){types[i], "Unknown", "NodeStatusUnknown",
                                                  "Kubelet stopped posting node status.", false}
                                   : &(Condition){types[i], "Unknown", "NodeStatusNeverUpdated",
                                                  "Kubelet never posted node status.", false},
                          now_us) ||
            changed;
        c = condition_get(node, types[i]);
        if (!was_seen && !value_get(c, "lastHeartbeatTime"))
            value_set(a, c, "lastHeartbeatTime", value_time(a, meta_created_us(node)));
    }
    return changed;
}

bool nodelife_label(Arena *a, Value *node)
{
    static const struct {
        const char *key, *old_key;
    } pairs[] = {{"kubernetes.io/os", "beta.kubernetes.io/os"},
                 {"kubernetes.io/arch", "beta.kubernetes.io/arch"}};
    bool changed = false;

    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        const char *value = meta_label(node, pairs[i].key);

        if (!value || str_eq(meta_label(node, pairs[i].old_key), value))
            continue;
        value_set_str(a, value_at(node, "metadata.labels"), pairs[i].old_key, value);
        changed = true;
    }
    return changed;
}

/* ---- how long agents may keep what they have read ---- */

static const struct {
    int64_t from, to; /* nodes */
    int seconds;
} ttls[] = {{0, 100, 0}, {90, 500, 15}, {450, 1000, 30}, {900, 2000, 60}, {1800, INT64_MAX, 300}};

unsigned nodelife_ttl_step(unsigned last, int64_t n_nodes)
{
    while (n_nodes > ttls[last].to)
        last++;
    while (n_nodes < ttls[last].from)
        last--;
    return last;
}

bool nodelife_set_ttl(Arena *a, Value *node, unsigned step)
{
    static const char key[] = "node.alpha.kubernetes.io/ttl";
    const char *is = meta_annotation(node, key);
    int64_t seconds;

    if (is && slice_to_int64(slice_of(is), &seconds) && seconds == ttls[step].seconds)
        return false;
    value_set(a, value_need(a, node, "metadata.annotations"), key,
              value_printf(a, "%d", ttls[step].seconds));
    return true;
}

/* ---- taints ---- */

typedef struct TaintRule {
    const char *key, *effect;
    const char *condition, *status; /* NULL condition: spec.unschedulable */
} TaintRule;

static const TaintRule taint_rules[] = {
    {"node.kubernetes.io/not-ready", "NoSchedule", "Ready", "False"},
    {"node.kubernetes.io/unreachable", "NoSchedule", "Ready", "Unknown"},
    {"node.kubernetes.io/not-ready", "NoExecute", "Ready", "False"},
    {"node.kubernetes.io/unreachable", "NoExecute", "Ready", "Unknown"},
    {"node.kubernetes.io/memory-pressure", "NoSchedule", "MemoryPressure", "True"},
    {"node.kubernetes.io/disk-pressure", "NoSchedule", "DiskPressure", "True"},
    {"node.kubernetes.io/pid-pressure", "NoSchedule", "PIDPressure", "True"},
    {"node.kubernetes.io/network-unavailable", "NoSchedule", "NetworkUnavailable", "True"},
    {"node.kubernetes.io/unschedulable", "NoSchedule", NULL, NULL},
};

static bool rule_holds(const TaintRule *rule, const Value *node)
{
    if (!rule->condition)
        return value_is_true(value_at(node, "spec.unschedulable"));
    return condition_is(node, rule->condition, rule->status);
}

static int find_taint(const Value *taints, const char *key, const char *effect)
{
    Value *t;

    value_each_item(taints, i, t) if (str_eq(value_get_str(t, "key"), key) &&
                                      str_eq(value_get_str(t, "effect"), effect)) return (int)i;
    return -1;
}

bool nodelife_is_expelled(const Value *node)
{
    const Value *taints = value_at(node, "spec.taints");

    for (size_t i = 0; i < ARRAY_LEN(taint_rules); i++)
        if (str_eq(taint_rules[i].effect, "NoExecute") &&
            find_taint(taints, taint_rules[i].key, "NoExecute") >= 0)
            return true;
    return false;
}

bool nodelife_taint(Arena *a, Value *node, NodeExpel expel, int64_t now_us)
{
    Value *taints = value_at(node, "spec.taints");
    bool changed = false;

    for (size_t i = 0; i < ARRAY_LEN(taint_rules); i++) {
        const TaintRule *rule = &taint_rules[i];
        int at = find_taint(taints, rule->key, rule->effect);
        bool holds = rule_holds(rule, node), expels = str_eq(rule->effect, "NoExecute");
        Value *t;

        if (expels && expel == NODE_EXPEL_RETRACT)
            holds = false;
        if (expels && expel == NODE_EXPEL_WAIT && holds && at < 0)
            continue;

        if (holds == (at >= 0))
            continue;
        changed = true;
        if (!holds) {
            value_remove(taints, (uint32_t)at);
            continue;
        }
        if (!value_is(taints, VALUE_ARRAY)) {
            taints = value_array(a);
            value_set_at(a, node, "spec.taints", taints);
        }
        t = value_object(a);
        value_set_str(a, t, "key", rule->key);
        value_set_str(a, t, "effect", rule->effect);
        value_set(a, t, "timeAdded", value_time(a, now_us));
        value_append(a, taints, t);
    }
    return changed;
}

/* ---- how fast ---- */

enum { PARTIAL_MIN = 3, PARTIAL_PERCENT = 55, LARGE_ZONE = 50, FAST_MS = 10000, SLOW_MS = 100000 };

bool nodelife_zone_is_down(ZoneCount zone)
{
    return zone.ready == 0 && zone.not_ready > 0;
}

int64_t nodelife_zone_interval_ms(ZoneCount zone)
{
    int64_t n = zone.ready + zone.not_ready;

    if (nodelife_zone_is_down(zone) || zone.not_ready < PARTIAL_MIN ||
        zone.not_ready * 100 < n * PARTIAL_PERCENT)
        return FAST_MS;
    return n > LARGE_ZONE ? SLOW_MS : ZONE_NEVER;
}

const char *nodelife_zone(Arena *a, const Value *node)
{
    const char *region = meta_label(node, "topology.kubernetes.io/region");
    const char *zone = meta_label(node, "topology.kubernetes.io/zone");

    return arena_printf(a, "%s/%s", region ? region : "", zone ? zone : "");
}

/* ---- eviction ---- */

/* The first toleration counts, whatever others say. */
static const Value *toleration_of(const Value *pod, const Value *taint)
{
    Value *tol;

    value_each_item(value_at(pod, "spec.tolerations"), k, tol)
    {
        if (toleration_matches(tol, taint))
            return tol;
    }
    return NULL;
}

int64_t nodelife_eviction_us(const Value *pod, const Value *node, int64_t since_us)
{
    /* The time of a pod that came to a node with an old taint runs from then. */
    int64_t first_us = INT64_MAX,
            bound_us = value_time_us(condition_get(pod, "PodScheduled"), "lastTransitionTime");
    Value *taint;

    value_each_item(value_at(node, "spec.taints"), i, taint)
    {
        int64_t from_us = value_time_us(taint, "timeAdded");
        const Value *tol, *seconds;

        if (!str_eq(value_get_str(taint, "effect"), "NoExecute"))
            continue;
        tol = toleration_of(pod, taint);
        if (!tol)
            return since_us;
        seconds = value_get(tol, "tolerationSeconds");
        if (!seconds)
            continue;
        from_us = from_us ? MAX(from_us, bound_us) : since_us;
        first_us =
            MIN(first_us, from_us + MAX(value_at_int(tol, "tolerationSeconds", 0), 0) * 1000000);
    }
    return first_us == INT64_MAX ? 0 : first_us;
}

/* ---- address ranges ---- */

const char *nodelife_free_cidr(Arena *a, const AddressRange *range, unsigned mask,
                               const char *const *used, size_t n_used)
{
    enum { BLOCK_BITS_MAX = 20 };

    if (mask < range->prefix || mask > range->ip.n_bits)
        return NULL;
    for (uint64_t i = 0; i >> MIN(mask - range->prefix, BLOCK_BITS_MAX) == 0; i++) {
        const char *text;
        Address block;
        bool is_taken = false;

        address_part(range, mask, i, &block);
        text = arena_printf(a, "%s/%u", block.text, mask);
        for (size_t k = 0; k < n_used && !is_taken; k++)
            is_taken = str_eq(used[k], text);
        if (!is_taken)
            return text;
    }
    return NULL;
}

/* ---- ended pods ---- */

static int goes_first(const void *x, const void *y)
{
    const Value *a = *(Value *const *)x, *b = *(Value *const *)y;
    bool ea = str_eq(value_at_str(a, "status.reason"), "Evicted");
    bool eb = str_eq(value_at_str(b, "status.reason"), "Evicted");
    int64_t ta = meta_created_us(a), tb = meta_created_us(b);

    if (ea != eb)
        return ea ? -1 : 1;
    if (ta != tb)
        return ta < tb ? -1 : 1;
    return strcmp(meta_name(a), meta_name(b));
}

uint32_t terminated_to_go(Values *pods, int64_t keep)
{
    if ((int64_t)pods->n <= keep)
        return 0;
    qsort(pods->items, pods->n, sizeof(*pods->items), goes_first);
    return (uint32_t)(pods->n - keep);
}
