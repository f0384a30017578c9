#include "scheduler/plugin.h"

/* Plug-ins over what a node is: name, taints, labels. */

void verdict_add(Verdict *v, const char *reason)
{
    if (v->n < ARRAY_LEN(v->reasons))
        v->reasons[v->n++] = reason;
}

static void refuse(Verdict *v, const char *reason)
{
    v->is_unresolvable = true;
    verdict_add(v, reason);
}

static const char *node_label(const Value *node, const char *key)
{
    return value_get_str(value_at(node, "metadata.labels"), key);
}

/* ---- tolerations ---- */

static bool tolerates(const Value *toleration, const Value *taint)
{
    const char *effect = value_get_str(toleration, "effect");
    const char *key = value_get_str(toleration, "key"), *op = value_get_str(toleration, "operator");
    const char *value = value_get_str(toleration, "value"), *has = value_get_str(taint, "value");

    if (effect && effect[0] && !str_eq(effect, value_get_str(taint, "effect")))
        return false;
    if (key && key[0] && !str_eq(key, value_get_str(taint, "key")))
        return false;
    if (str_eq(op, "Exists"))
        return true;
    return key && key[0] && str_eq(value ? value : "", has ? has : "");
}

static bool is_tolerated(const Value *pod, const Value *taint, bool prefer_only)
{
    Value *t;

    value_each_item(value_at(pod, "spec.tolerations"), i, t)
    {
        const char *effect = value_get_str(t, "effect");

        if (prefer_only && effect && effect[0] && !str_eq(effect, "PreferNoSchedule"))
            continue;
        if (tolerates(t, taint))
            return true;
    }
    return false;
}

void filter_unschedulable(const Cycle *c, const SchedNode *n, Verdict *v)
{
    CLEANUP(arena_free) Arena *a = NULL;
    Value *taint;

    if (!value_is_true(value_at(n->value, "spec.unschedulable")))
        return;
    a = arena_new();
    taint = value_literal(a, "{'key':'node.kubernetes.io/unschedulable','effect':'NoSchedule'}");
    if (!is_tolerated(c->pod, taint, false))
        refuse(v, "node(s) were unschedulable");
}

void filter_node_name(const Cycle *c, const SchedNode *n, Verdict *v)
{
    const char *wanted = value_at_str(c->pod, "spec.nodeName");

    if (wanted && wanted[0] && !str_eq(wanted, n->name))
        refuse(v, "node(s) didn't match the requested node name");
}

void filter_taints(const Cycle *c, const SchedNode *n, Verdict *v)
{
    Value *taint;

    value_each_item(value_at(n->value, "spec.taints"), i, taint)
    {
        const char *effect = value_get_str(taint, "effect");
        const char *value = value_get_str(taint, "value");

        if (!str_eq(effect, "NoSchedule") && !str_eq(effect, "NoExecute"))
            continue;
        if (is_tolerated(c->pod, taint, false))
            continue;
        refuse(v, arena_printf(c->arena, "node(s) had untolerated taint {%s: %s}",
                               value_get_str(taint, "key"), value ? value : ""));
        return;
    }
}

int64_t score_taints(const Cycle *c, const SchedNode *n)
{
    int64_t untolerated = 0;
    Value *taint;

    value_each_item(value_at(n->value, "spec.taints"), i,
                    taint) if (str_eq(value_get_str(taint, "effect"), "PreferNoSchedule"))
        untolerated += !is_tolerated(c->pod, taint, true);
    return untolerated;
}

/* ---- node affinity ---- */

static bool list_has(const Value *values, const char *text)
{
    Value *v;

    value_each_item(values, i, v) if (str_eq(value_to_cstr(v), text)) return true;
    return false;
}

static bool compare_numbers(const char *text, const Value *values, bool greater)
{
    const char *bound = value_to_cstr(value_item(values, 0));
    int64_t x, y;

    if (!text || !bound || value_len(values) != 1 || !slice_to_int64(slice_of(text), &x) ||
        !slice_to_int64(slice_of(bound), &y))
        return false;
    return greater ? x > y : x < y;
}

static bool expression_matches(const Value *e, const char *text)
{
    const char *op = value_get_str(e, "operator");
    const Value *values = value_get(e, "values");

    if (str_eq(op, "In"))
        return text && list_has(values, text);
    if (str_eq(op, "NotIn"))
        return !text || !list_has(values, text);
    if (str_eq(op, "Exists"))
        return text != NULL;
    if (str_eq(op, "DoesNotExist"))
        return text == NULL;
    if (str_eq(op, "Gt") || str_eq(op, "Lt"))
        return compare_numbers(text, values, op[0] == 'G');
    return false;
}

bool node_term_matches(const Value *term, const Value *node)
{
    const Value *labels = value_get(term, "matchExpressions");
    const Value *fields = value_get(term, "matchFields");
    Value *e;

    if (value_len(labels) == 0 && value_len(fields) == 0)
        return false;
    value_each_item(
        labels, i,
        e) if (!expression_matches(e, node_label(node, value_get_str(e, "key")))) return false;
    value_each_item(
        fields, i, e) if (!str_eq(value_get_str(e, "key"), "metadata.name") ||
                          !expression_matches(e, value_at_str(node, "metadata.name"))) return false;
    return true;
}

void filter_affinity(const Cycle *c, const SchedNode *n, Verdict *v)
{
    static const char *const reason = "node(s) didn't match Pod's node affinity/selector";
    const Value *required = value_at(
        c->pod, "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution");
    bool matches = false;
    Value *term;

    value_each_member(value_at(c->pod, "spec.nodeSelector"), m)
    {
        const char *has = node_label(n->value, m->name);

        if (!has || !str_eq(has, value_to_cstr(m->value))) {
            refuse(v, reason);
            return;
        }
    }
    if (!required)
        return;
    value_each_item(value_get(required, "nodeSelectorTerms"), i, term) matches =
        matches || node_term_matches(term, n->value);
    if (!matches)
        refuse(v, reason);
}

int64_t score_affinity(const Cycle *c, const SchedNode *n)
{
    const Value *preferred = value_at(
        c->pod, "spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution");
    int64_t sum = 0;
    Value *p;

    value_each_item(preferred, i, p)
    {
        const Value *term = value_get(p, "preference");

        if (value_len(term) == 0 || node_term_matches(term, n->value))
            sum += value_at_int(p, "weight", 0);
    }
    return sum;
}
