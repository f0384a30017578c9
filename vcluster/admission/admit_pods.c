/*
 * admit_pods.c - what pods get on their way: priority, tolerations, the overhead and placement of
 * their runtime class, the zone of their node. Upstream: plugin/pkg/admission/priority,
 * .../defaulttolerationseconds, .../runtimeclass, .../podtopologylabels.
 */
#include "base/quantity.h"
#include "vcluster/admission.h"
#include "vcluster/nodeview.h"

/* ---- Priority ---- */

static const Resource *priority_classes(void)
{
    return resource_find(SLICE("scheduling.k8s.io"), SLICE("v1"), SLICE("priorityclasses"));
}

/* Of several classes marked as default the one of the lowest value counts. */
static int default_priority(Request *req, Value **ret)
{
    const Resource *r = priority_classes();
    AUTO_OBJVEC v = {0};
    CacheScan all = {0};
    int64_t revision;
    bool more;
    int s = read_list(req, req->cluster, r->storage, &all, &v, &revision, &more);

    *ret = NULL;
    for (size_t i = 0; !s && i < v.n; i++) {
        Value *pc;

        if (!strstr(v.items[i]->text, "\"globalDefault\":true"))
            continue;
        pc = object_tree(req->arena, r, v.items[i]);
        if (value_is_true(value_get(pc, "globalDefault")) &&
            (!*ret || value_at_int(pc, "value", 0) < value_at_int(*ret, "value", 0)))
            *ret = pc;
    }
    return s;
}

/* An update that leaves them out does not mean to take them away. */
static void keep_priority(Request *req, Op *op)
{
    static const char *const kept[] = {"priority", "preemptionPolicy"};
    Value *spec = value_get(op->obj, "spec"), *old;

    for (size_t i = 0; spec && i < ARRAY_LEN(kept); i++) {
        old = value_get(value_get(op->old, "spec"), kept[i]);
        if (old && !value_get(spec, kept[i]))
            value_set(req->arena, spec, kept[i], old);
    }
}

static int put_preemption(Request *req, const Op *op, const Value *class)
{
    Value *spec = value_get(op->obj, "spec");
    const char *policy = value_get_str(class, "preemptionPolicy");
    const char *own = value_get_str(spec, "preemptionPolicy");

    policy = policy ? policy : "PreemptLowerPriority";
    if (own && !str_eq(own, policy))
        return admit_forbid(req, op,
                            "the string value of PreemptionPolicy (%s) must not be provided in pod "
                            "spec; priority admission controller computed %s from the given "
                            "PriorityClass name",
                            own, policy);
    value_set_str(req->arena, spec, "preemptionPolicy", policy);
    return STEP_OK;
}

int admit_priority_mutate(Request *req, Op *op)
{
    Value *spec = value_get(op->obj, "spec"), *class = NULL;
    const char *name = value_get_str(spec, "priorityClassName");
    int64_t value, given = 0;
    int s;

    if (!op_is_on(op, "pods", NULL) || !spec)
        return STEP_OK;
    if (op_is_update(op))
        keep_priority(req, op);
    if (!op_is_create(op))
        return STEP_OK;
    if (name && name[0]) {
        s = read_tree(req, priority_classes(), "", name, &class);
        if (!s && !class)
            return admit_forbid(req, op, "no PriorityClass with name %s was found", name);
    } else
        s = default_priority(req, &class);
    if (s)
        return s;
    value = value_at_int(class, "value", 0);
    if (value_to_int(value_get(spec, "priority"), &given) && given != value)
        return admit_forbid(req, op,
                            "the integer value of priority (%lld) must not be provided in pod "
                            "spec; priority admission controller computed %lld from the given "
                            "PriorityClass name",
                            (long long)given, (long long)value);
    if (class && !(name && name[0]))
        value_set_str(req->arena, spec, "priorityClassName", value_at_str(class, "metadata.name"));
    value_set_int(req->arena, spec, "priority", value);
    return put_preemption(req, op, class);
}

/* PriorityClasses: there is one default at most. */
int admit_priority_validate(Request *req, Op *op)
{
    Value *class;
    const char *name;
    int s;

    if (!op_is_on(op, "scheduling/priorityclasses", NULL) ||
        (!op_is_create(op) && !op_is_update(op)) ||
        !value_is_true(value_get(op->obj, "globalDefault")))
        return STEP_OK;
    s = default_priority(req, &class);
    name = value_at_str(class, "metadata.name");
    if (s || !class || (op_is_update(op) && str_eq(name, op->name)))
        return s;
    return admit_forbid(
        req, op, "PriorityClass %s is already marked as default. Only one default can exist", name);
}

/* ---- DefaultTolerationSeconds ---- */

static bool tolerates(const Value *list, const char *key)
{
    const Value *t;

    value_each_item(list, i, t)
    {
        const char *k = value_get_str(t, "key"), *effect = value_get_str(t, "effect");

        if ((!k || !k[0] || str_eq(k, key)) &&
            (!effect || !effect[0] || str_eq(effect, "NoExecute")))
            return true;
    }
    return false;
}

int admit_tolerations_mutate(Request *req, Op *op)
{
    static const char *const keys[] = {"node.kubernetes.io/not-ready",
                                       "node.kubernetes.io/unreachable"};
    Arena *a = req->arena;
    Value *spec = value_get(op->obj, "spec"), *list = value_get(spec, "tolerations"), *t;
    bool had[ARRAY_LEN(keys)];

    if (!op_is_on(op, "pods", NULL) || (!op_is_create(op) && !op_is_update(op)) || !spec)
        return STEP_OK;
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        had[i] = tolerates(list, keys[i]);
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        if (had[i])
            continue;
        if (!value_is(list, VALUE_ARRAY)) {
            list = value_array(a);
            value_set(a, spec, "tolerations", list);
        }
        t = value_literal(a, "{'key':'','operator':'Exists','effect':'NoExecute',"
                             "'tolerationSeconds':300}");
        value_set_str(a, t, "key", keys[i]);
        value_append(a, list, t);
    }
    return STEP_OK;
}

/* ---- RuntimeClass ---- */

/* Does `x` tolerate everything that `y` does? Upstream: isSuperset() of pkg/util/tolerations. */
static bool covers(const Value *x, const Value *y)
{
    const char *op_x = value_get_text(x, "operator"), *op_y = value_get_text(y, "operator");
    int64_t s_x = -1, s_y = -1;
    bool forever_x = !value_to_int(value_get(x, "tolerationSeconds"), &s_x);
    bool forever_y = !value_to_int(value_get(y, "tolerationSeconds"), &s_y);

    op_x = op_x[0] ? op_x : "Equal";
    op_y = op_y[0] ? op_y : "Equal";
    if (value_equal(x, y))
        return true;
    if (!str_eq(value_get_text(x, "key"), value_get_text(y, "key")) &&
        !(value_get_text(x, "key")[0] == '\0' && str_eq(op_x, "Exists")))
        return false;
    if (value_get_text(x, "effect")[0] &&
        !str_eq(value_get_text(x, "effect"), value_get_text(y, "effect")))
        return false;
    if (str_eq(value_get_text(x, "effect"), "NoExecute") && !forever_x && (forever_y || s_x < s_y))
        return false;
    if (str_eq(op_x, "Equal"))
        return str_eq(op_y, "Equal") &&
               str_eq(value_get_text(x, "value"), value_get_text(y, "value"));
    return str_eq(op_x, "Exists");
}

Value *admit_merge_tolerations(Arena *a, const Value *first, const Value *second)
{
    Value *all = value_array(a), *merged = value_array(a), *t, *x;

    value_each_item(first, i, t) value_append(a, all, t);
    value_each_item(second, j, t) value_append(a, all, value_copy(a, t));
    value_each_item(all, k, t)
    {
        bool covered = false;

        value_each_item(merged, m, x) covered = covered || covers(x, t);
        for (uint32_t n = k + 1; !covered && n < all->n; n++)
            covered = covers(all->items[n], t) && !value_equal(all->items[n], t);
        if (!covered)
            value_append(a, merged, t);
    }
    return merged;
}

/* Amounts that mean the same: "1Gi" and "1024Mi". */
static bool same_amounts(const Value *x, const Value *y)
{
    if (value_len(x) != value_len(y))
        return false;
    value_each_member(x, m)
    {
        const char *s = value_to_cstr(m->value), *t = value_get_str(y, m->name);
        Quantity p, q;

        if (!s || !t || quantity_parse(slice_of(s), &p, NULL) < 0 ||
            quantity_parse(slice_of(t), &q, NULL) < 0 || quantity_cmp(&p, &q) != 0)
            return false;
    }
    return true;
}

static int find_runtime_class(Request *req, const Op *op, Value **ret)
{
    const Resource *r = resource_find(SLICE("node.k8s.io"), SLICE("v1"), SLICE("runtimeclasses"));
    const char *name = value_at_str(op->obj, "spec.runtimeClassName");
    int s;

    *ret = NULL;
    if (!name)
        return STEP_OK;
    s = read_tree(req, r, "", name, ret);
    if (!s && !*ret)
        return admit_forbid(req, op, "pod rejected: RuntimeClass \"%s\" not found", name);
    return s;
}

static int put_scheduling(Request *req, const Op *op, const Value *class)
{
    Arena *a = req->arena;
    Value *spec = value_get(op->obj, "spec"), *own;

    value_each_member(value_at(class, "scheduling.nodeSelector"), m)
    {
        own = value_get(value_need(a, spec, "nodeSelector"), m->name);
        if (own && !value_equal(own, m->value))
            return admit_forbid(req, op,
                                "conflict: runtimeClass.scheduling.nodeSelector[%s] = %s; "
                                "pod.spec.nodeSelector[%s] = %s",
                                m->name, value_to_cstr(m->value), m->name, value_to_cstr(own));
        value_set(a, value_get(spec, "nodeSelector"), m->name, m->value);
    }
    if (value_get(class, "scheduling")) {
        Value *all = admit_merge_tolerations(a, value_get(spec, "tolerations"),
                                             value_at(class, "scheduling.tolerations"));

        if (all->n > 0)
            value_set(a, spec, "tolerations", all);
    }
    return STEP_OK;
}

static int wrong_overhead(Request *req, const Op *op)
{
    return admit_forbid(
        req, op, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
}

int admit_runtime_class_mutate(Request *req, Op *op)
{
    Value *spec = value_get(op->obj, "spec"), *class, *fixed;
    int s;

    if (!op_is_on(op, "pods", NULL) || !op_is_create(op) || !spec)
        return STEP_OK;
    s = find_runtime_class(req, op, &class);
    if (s)
        return s;
    fixed = value_at(class, "overhead.podFixed");
    if (value_get(class, "overhead")) {
        if (value_get(spec, "overhead") && !same_amounts(fixed, value_get(spec, "overhead")))
            return wrong_overhead(req, op);
        if (fixed)
            value_set(req->arena, spec, "overhead", value_copy(req->arena, fixed));
    }
    return put_scheduling(req, op, class);
}

int admit_runtime_class_validate(Request *req, Op *op)
{
    Value *class;
    const Value *own = value_at(op->obj, "spec.overhead");
    int s;

    if (!op_is_on(op, "pods", NULL) || !op_is_create(op))
        return STEP_OK;
    s = find_runtime_class(req, op, &class);
    if (s)
        return s;
    if (value_get(class, "overhead"))
        return same_amounts(value_at(class, "overhead.podFixed"), own) ? STEP_OK
                                                                       : wrong_overhead(req, op);
    if (!own)
        return STEP_OK;
    return admit_forbid(req, op,
                        "pod rejected: Pod Overhead set without corresponding RuntimeClass defined "
                        "Overhead");
}

/* ---- PodTopologyLabels ---- */

/* The zone of a pod's node becomes a label of the pod, or of the binding that makes it so. */
int admit_topology_labels_mutate(Request *req, Op *op)
{
    static const char *const copied[] = {"topology.kubernetes.io/region",
                                         "topology.kubernetes.io/zone"};
    bool is_binding = op_is_on(op, "pods", "binding");
    const char *name = value_at_str(op->obj, is_binding ? "target.name" : "spec.nodeName"), *label;
    const Obj *node;
    int s;

    if (!op_is_create(op) || (!is_binding && !op_is_on(op, "pods", NULL)) || !name || !name[0] ||
        (is_binding && !str_eq(value_at_str(op->obj, "target.kind"), "Node")))
        return STEP_OK;
    s = nodeview_labelled(req, name, &node);
    for (size_t i = 0; !s && node && i < ARRAY_LEN(copied); i++) {
        label = obj_label(node, copied[i]);
        if (label && !value_get(value_at(op->obj, "metadata.labels"), copied[i]))
            value_set_str(req->arena, value_need(req->arena, op->obj, "metadata.labels"), copied[i],
                          label);
    }
    return s;
}
