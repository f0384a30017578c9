#include "scheduler/profile.h"

/* Plug-ins over what a node is in its tenant's eyes: name, taints, labels. */

void verdict_add(Verdict *v, const char *reason)
{
    if (v->n < ARRAY_LEN(v->reasons))
        v->reasons[v->n++] = reason;
}

void verdict_refuse(Verdict *v, const char *reason)
{
    v->is_unresolvable = true;
    verdict_add(v, reason);
}

const char *view_label(const NodeView *view, const char *key)
{
    return value_get_str(view->labels, key);
}

/* ---- tolerations ---- */

static bool tolerates(const Value *toleration, const char *key, const char *value,
                      const char *effect)
{
    const char *t_effect = value_get_str(toleration, "effect");
    const char *t_key = value_get_str(toleration, "key"),
               *op = value_get_str(toleration, "operator");
    const char *t_value = value_get_str(toleration, "value");
    int64_t x, y;

    if (t_effect && t_effect[0] && !str_eq(t_effect, effect))
        return false;
    if (t_key && t_key[0] && !str_eq(t_key, key))
        return false;
    if (str_eq(op, "Exists"))
        return true;
    if (!t_key || !t_key[0])
        return false;
    if (str_eq(op, "Gt") || str_eq(op, "Lt"))
        return slice_to_int64(slice_of(value ? value : ""), &x) &&
               slice_to_int64(slice_of(t_value ? t_value : ""), &y) &&
               (op[0] == 'G' ? x > y : x < y);
    return str_eq(t_value ? t_value : "", value ? value : "");
}

static bool is_tolerated(const Cycle *c, const char *key, const char *value, const char *effect,
                         bool prefer_only)
{
    const Value *t;

    value_each_item(c->tolerations, i, t)
    {
        const char *t_effect = value_get_str(t, "effect");

        if (prefer_only && t_effect && t_effect[0] && !str_eq(t_effect, "PreferNoSchedule"))
            continue;
        if (tolerates(t, key, value, effect))
            return true;
    }
    return false;
}

bool taints_are_tolerated(const Cycle *c, const NodeView *view)
{
    const Value *taint;

    value_each_item(view->taints, i, taint)
    {
        const char *effect = value_get_str(taint, "effect");

        if ((str_eq(effect, "NoSchedule") || str_eq(effect, "NoExecute")) &&
            !is_tolerated(c, value_get_str(taint, "key"), value_get_str(taint, "value"), effect,
                          false))
            return false;
    }
    return true;
}

void filter_unschedulable(const Cycle *c, const SchedNode *n, Verdict *v)
{
    if (cycle_view(c, n)->is_unschedulable &&
        !is_tolerated(c, "node.kubernetes.io/unschedulable", "", "NoSchedule", false))
        verdict_refuse(v, "node(s) were unschedulable");
}

void filter_node_name(const Cycle *c, const SchedNode *n, Verdict *v)
{
    const char *wanted = value_at_str(c->pod, "spec.nodeName");

    if (wanted && wanted[0] && !str_eq(wanted, n->name))
        verdict_refuse(v, "node(s) didn't match the requested node name");
}

void filter_taints(const Cycle *c, const SchedNode *n, Verdict *v)
{
    if (!taints_are_tolerated(c, cycle_view(c, n)))
        verdict_refuse(v, "node(s) had untolerated taint(s)");
}

int64_t score_taints(const Cycle *c, const SchedNode *n)
{
    int64_t untolerated = 0;
    const Value *taint;

    value_each_item(cycle_view(c, n)->taints, i, taint)
    {
        const char *effect = value_get_str(taint, "effect");

        if (str_eq(effect, "PreferNoSchedule"))
            untolerated += !is_tolerated(c, value_get_str(taint, "key"),
                                         value_get_str(taint, "value"), effect, true);
    }
    return untolerated;
}

/* ---- node affinity ---- */

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
        return text && value_has_str(values, text);
    if (str_eq(op, "NotIn"))
        return !text || !value_has_str(values, text);
    if (str_eq(op, "Exists"))
        return text != NULL;
    if (str_eq(op, "DoesNotExist"))
        return text == NULL;
    if (str_eq(op, "Gt") || str_eq(op, "Lt"))
        return compare_numbers(text, values, op[0] == 'G');
    return false;
}

bool node_term_matches(const Value *term, const char *node_name, const NodeView *view)
{
    const Value *labels = value_get(term, "matchExpressions");
    const Value *fields = value_get(term, "matchFields"), *e;

    if (value_len(labels) == 0 && value_len(fields) == 0)
        return false;
    value_each_item(labels, i, e)
    {
        if (!expression_matches(e, view_label(view, value_get_str(e, "key"))))
            return false;
    }
    value_each_item(fields, i, e)
    {
        if (!str_eq(value_get_str(e, "key"), "metadata.name") || !expression_matches(e, node_name))
            return false;
    }
    return true;
}

/* The node that a term asks for by name; NULL: by none. `ret_conflict`: by several at once. */
static const char *node_named_by(const Value *term, bool *ret_conflict)
{
    const char *name = NULL;
    const Value *e;

    *ret_conflict = false;
    value_each_item(value_get(term, "matchFields"), k, e)
    {
        const Value *values = value_get(e, "values");
        const char *one = value_to_cstr(value_item(values, 0));

        if (!str_eq(value_get_str(e, "key"), "metadata.name") ||
            !str_eq(value_get_str(e, "operator"), "In") || value_len(values) != 1)
            continue;
        *ret_conflict = *ret_conflict || (name && !str_eq(name, one));
        name = one;
    }
    return name;
}

/* A pod whose every term asks for one and the same node by name, as those of a DaemonSet, looks at
 * that node only. */
void pre_filter_node_affinity(Cycle *c, Verdict *v)
{
    const Value *terms = value_get(c->node_required, "nodeSelectorTerms"), *term;
    const char *only = NULL;
    bool is_hopeless = value_len(terms) > 0, is_one = true;

    value_each_item(terms, i, term)
    {
        bool is_conflict;
        const char *name = node_named_by(term, &is_conflict);

        if (is_conflict)
            continue; /* it matches nothing */
        is_hopeless = false;
        is_one = is_one && name && (!only || str_eq(only, name));
        only = name;
    }
    if (is_hopeless)
        verdict_refuse(v, "pod affinity terms conflict");
    else if (is_one)
        c->node_name = only;
}

static bool selector_matches(const Value *selector, const SchedNode *n, const NodeView *view)
{
    const Value *term;

    value_each_item(value_get(selector, "nodeSelectorTerms"), i, term)
    {
        if (node_term_matches(term, n->name, view))
            return true;
    }
    return false;
}

bool node_affinity_matches(const Cycle *c, const SchedNode *n)
{
    const NodeView *view = cycle_view(c, n);

    value_each_member(c->node_selector, m)
    {
        const char *has = view_label(view, m->name);

        if (!has || !str_eq(has, value_to_cstr(m->value)))
            return false;
    }
    return !c->node_required || selector_matches(c->node_required, n, view);
}

void filter_node_affinity(const Cycle *c, const SchedNode *n, Verdict *v)
{
    const Value *added = c->profile->args.node_affinity.required;

    if (added && !selector_matches(added, n, cycle_view(c, n)))
        verdict_refuse(v, "node(s) didn't match scheduler-enforced node affinity");
    else if (!node_affinity_matches(c, n))
        verdict_refuse(v, "node(s) didn't match Pod's node affinity/selector");
}

static int64_t preference(const Cycle *c, const Value *preferred, const SchedNode *n)
{
    int64_t sum = 0;
    const Value *p;

    value_each_item(preferred, i, p)
    {
        const Value *term = value_get(p, "preference");

        if (node_term_matches(term, n->name, cycle_view(c, n))) /* an empty one never does */
            sum += value_at_int(p, "weight", 0);
    }
    return sum;
}

int64_t score_node_affinity(const Cycle *c, const SchedNode *n)
{
    return preference(c, c->node_preferred, n) +
           preference(c, c->profile->args.node_affinity.preferred, n);
}
