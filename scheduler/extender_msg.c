#include "scheduler/extender_msg.h"

#include "base/err.h"
#include "client/meta.h"

#include <strings.h>

enum { SCORE_LIMIT = 1000000 /* of one answer, either way */ };

/* A member as Go's decoder finds it: the exact name first, else in any case. */
static const Value *field(const Value *object, const char *name)
{
    const Value *exact = value_get(object, name);

    if (exact)
        return exact;
    value_each_member(object, m)
    {
        if (strcasecmp(m->name, name) == 0)
            return m->value;
    }
    return NULL;
}

static int read(Arena *a, Slice answer, ValueType type, Value **ret, Err *err)
{
    int r = value_parse(a, answer, ret, err);

    if (r < 0)
        return err_wrap(err, r, "its answer");
    if ((*ret)->type != type)
        return err_set(err, ERR_BAD_REQUEST, "its answer is not an %s", value_type_name(type));
    return 0;
}

/* An answer that says what went wrong. */
static int said_error(const Value *v, Err *err)
{
    const char *text = value_to_cstr(field(v, "Error"));

    return text && text[0] ? err_set(err, ERR_BAD_REQUEST, "%.400s", text) : 0;
}

static void on_free_nodes(void *data)
{
    map_done(&((AskedNodes *)data)->by_name);
}

AskedNodes *asked_nodes_new(Arena *a, const char *const *names, uint32_t n)
{
    AskedNodes *nodes = arena_new0(a, AskedNodes);

    nodes->items = arena_array(a, AskedNode, n + 1);
    nodes->n = n;
    arena_on_free(a, on_free_nodes, nodes);
    for (uint32_t i = 0; i < n; i++) {
        nodes->items[i].name = names[i];
        map_set(&nodes->by_name, names[i], &nodes->items[i]);
    }
    return nodes;
}

uint32_t asked_nodes_left(const AskedNodes *nodes)
{
    uint32_t left = 0;

    for (uint32_t i = 0; i < nodes->n; i++)
        left += !nodes->items[i].is_refused;
    return left;
}

/* ---- filter, prioritize ---- */

Value *extender_args(Arena *a, const Value *pod, const AskedNodes *nodes, const Map *objects)
{
    Value *v = value_object(a), *list = value_array(a), *all = value_object(a);

    for (uint32_t i = 0; i < nodes->n; i++) {
        const AskedNode *n = &nodes->items[i];
        Value *object = objects ? map_get(objects, n->name) : NULL;

        if (n->is_refused)
            continue;
        if (!objects)
            value_append(a, list, value_str(a, n->name));
        else if (object)
            value_append(a, list, object);
    }
    value_append_member(a, v, "Pod", value_copy(a, pod));
    if (objects) {
        value_append_member(a, all, "metadata", value_object(a));
        value_append_member(a, all, "items", list);
    }
    value_append_member(a, v, "Nodes", objects ? all : value_null(a));
    value_append_member(a, v, "NodeNames", objects ? value_null(a) : list);
    return v;
}

static void refuse(const Value *failed, AskedNodes *nodes, bool is_unresolvable)
{
    value_each_member(failed, m)
    {
        AskedNode *n = map_get(&nodes->by_name, m->name);
        const char *text = value_to_cstr(m->value);

        if (!n || n->is_refused || (n->message && n->is_unresolvable))
            continue;
        n->message = text ? text : "";
        n->is_unresolvable = is_unresolvable;
    }
}

int extender_read_filter(Arena *a, Slice answer, bool by_names, AskedNodes *nodes, Err *err)
{
    bool *keeps = arena_array(a, bool, nodes->n + 1);
    const Value *list, *item;
    Value *v;
    int r = read(a, answer, VALUE_OBJECT, &v, err);

    r = r < 0 ? r : said_error(v, err);
    if (r < 0)
        return r;
    list = by_names ? field(v, "NodeNames") : NULL;
    if (!value_is(list, VALUE_ARRAY))
        list = field(field(v, "Nodes"), "items");
    value_each_item(list, i, item)
    {
        const char *name = value_is(item, VALUE_STRING) ? item->str : meta_name(item);
        const AskedNode *n = map_get(&nodes->by_name, name);

        if (!n || n->is_refused)
            return err_set(err, ERR_BAD_REQUEST,
                           "it claims a filtered node \"%.200s\" which is not found in the input "
                           "node list",
                           name);
        keeps[n - nodes->items] = true;
    }
    refuse(field(v, "FailedAndUnresolvableNodes"), nodes, true);
    refuse(field(v, "FailedNodes"), nodes, false);
    for (uint32_t i = 0; i < nodes->n; i++)
        nodes->items[i].is_refused = nodes->items[i].is_refused || !keeps[i];
    return 0;
}

int extender_read_scores(Arena *a, Slice answer, int64_t weight, AskedNodes *nodes, Err *err)
{
    const Value *item;
    Value *v;
    int r = read(a, answer, VALUE_ARRAY, &v, err);

    if (r < 0)
        return r;
    value_each_item(v, i, item)
    {
        const char *host = value_to_cstr(field(item, "Host"));
        AskedNode *n = host ? map_get(&nodes->by_name, host) : NULL;
        int64_t score = 0;

        if (!host || (field(item, "Score") && !value_to_int(field(item, "Score"), &score)))
            return err_set(err, ERR_BAD_REQUEST, "its answer has a host without a score");
        if (n)
            n->score += weight * MAX(MIN(score, SCORE_LIMIT), -SCORE_LIMIT);
    }
    return 0;
}

/* ---- preempt ---- */

static Value *victims_of(Arena *a, const Candidate *c, const Map *pods)
{
    Value *v = value_object(a), *list = value_array(a);

    for (uint32_t i = 0; i < c->n; i++) {
        Value *one = pods ? map_get(pods, c->victims[i].uid) : value_object(a);

        if (!one)
            continue; /* it is gone already */
        if (!pods)
            value_set_str(a, one, "UID", c->victims[i].uid);
        value_append(a, list, one);
    }
    value_append_member(a, v, "Pods", list);
    value_append_member(a, v, "NumPDBViolations", value_int(a, c->n_violations));
    return v;
}

Value *extender_preempt_args(Arena *a, const Value *pod, const Candidate *list, uint32_t n,
                             const Map *pods)
{
    Value *v = value_object(a), *map = value_object(a);

    for (uint32_t i = 0; i < n; i++)
        value_append_member(a, map, list[i].node, victims_of(a, &list[i], pods));
    value_append_member(a, v, "Pod", value_copy(a, pod));
    value_append_member(a, v, "NodeNameToVictims", pods ? map : value_null(a));
    value_append_member(a, v, "NodeNameToMetaVictims", pods ? value_null(a) : map);
    return v;
}

static const Victim *victim_find(const Candidate *c, const char *uid)
{
    for (uint32_t i = 0; i < c->n; i++)
        if (str_eq(c->victims[i].uid, uid))
            return &c->victims[i];
    return NULL;
}

static int read_victims(Arena *a, const Value *said, const Candidate *from, Candidate *to, Err *err)
{
    const Value *pods = field(said, "Pods"), *pod;
    int64_t violations = 0;

    *to = (Candidate){.node = from->node, .victims = arena_array(a, Victim, from->n + 1)};
    (void)value_to_int(field(said, "NumPDBViolations"), &violations);
    to->n_violations = (uint32_t)MAX(MIN(violations, INT32_MAX), 0);
    value_each_item(pods, i, pod)
    {
        const char *uid = value_to_cstr(field(pod, "UID"));
        const Victim *v = uid ? victim_find(from, uid) : NULL;

        if (!v)
            return err_set(err, ERR_BAD_REQUEST,
                           "it claims to preempt pod (UID: %.100s) on node: %s, but the pod is "
                           "not found on that node",
                           uid ? uid : "", from->node);
        if (to->n < from->n)
            to->victims[to->n++] = *v;
    }
    return to->n > 0 ? 0
                     : err_set(err, ERR_BAD_REQUEST, "expected at least one victim pod on node %s",
                               from->node);
}

int extender_read_preempt(Arena *a, Slice answer, const Candidate *list, uint32_t n,
                          Candidate **ret, uint32_t *ret_n, Err *err)
{
    Candidate *left = arena_array(a, Candidate, n + 1);
    uint32_t n_left = 0;
    Value *v;
    int r = read(a, answer, VALUE_OBJECT, &v, err);

    if (r < 0)
        return r;
    value_each_member(field(v, "NodeNameToMetaVictims"), m)
    {
        uint32_t i = 0;

        while (i < n && !str_eq(list[i].node, m->name))
            i++;
        if (i == n || n_left == n)
            return err_set(err, ERR_BAD_REQUEST, "it was not asked about node \"%.200s\"", m->name);
        r = read_victims(a, m->value, &list[i], &left[n_left++], err);
        if (r < 0)
            return r;
    }
    *ret = left;
    *ret_n = n_left;
    return 0;
}

/* ---- bind ---- */

Value *extender_bind_args(Arena *a, const Value *pod, const char *node)
{
    Value *v = value_object(a);

    value_set_str(a, v, "PodName", meta_name(pod));
    value_set_str(a, v, "PodNamespace", meta_ns(pod));
    value_set_str(a, v, "PodUID", meta_uid(pod));
    value_set_str(a, v, "Node", node);
    return v;
}

int extender_read_bind(Arena *a, Slice answer, Err *err)
{
    Value *v;
    int r = read(a, answer, VALUE_OBJECT, &v, err);

    return r < 0 ? r : said_error(v, err);
}
