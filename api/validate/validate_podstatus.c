/*
 * validate_podstatus.c - what a node may report of a pod, the pod's class of service, and resizing.
 */
#include "api/validate_int.h"

/* ---- class of service: pkg/apis/core/helper/qos ---- */

typedef struct Qos {
    Quantity requests[2], limits[2]; /* sums of cpu and memory */
    bool has_request[2], has_limit[2];
    bool all_limited; /* each container limits both */
} Qos;

static const char *const qos_names[] = {"cpu", "memory"};

static bool amount_of(const Value *res, const char *list, const char *name, Quantity *ret)
{
    const Value *v = value_get(value_get(res, list), name);

    return v && quantity_of_value(v, ret) && ret->nano > 0;
}

static void weigh(Qos *qos, const Value *res)
{
    bool all = true;

    for (size_t i = 0; i < ARRAY_LEN(qos_names); i++) {
        Quantity q;

        if (amount_of(res, "requests", qos_names[i], &q)) {
            qos->requests[i].nano += q.nano;
            qos->has_request[i] = true;
        }
        if (amount_of(res, "limits", qos_names[i], &q)) {
            qos->limits[i].nano += q.nano;
            qos->has_limit[i] = true;
        } else {
            all = false;
        }
    }
    qos->all_limited &= all;
}

const char *pod_qos_class(const Value *pod)
{
    static const char *const lists[] = {"containers", "initContainers"};
    const Value *spec = value_get(pod, "spec"), *whole = value_get(spec, "resources"), *c;
    Qos qos = {.all_limited = true};
    bool any = false, same = true;

    if (value_len(value_get(whole, "requests")) + value_len(value_get(whole, "limits")) > 0) {
        weigh(&qos, whole);
    } else {
        for (size_t k = 0; k < ARRAY_LEN(lists); k++)
            value_each_item(value_get(spec, lists[k]), i, c) weigh(&qos, value_get(c, "resources"));
    }
    for (size_t i = 0; i < ARRAY_LEN(qos_names); i++) {
        any |= qos.has_request[i] || qos.has_limit[i];
        same &=
            qos.has_request[i] == qos.has_limit[i] && qos.requests[i].nano == qos.limits[i].nano;
    }
    return !any ? "BestEffort" : qos.all_limited && same ? "Guaranteed" : "Burstable";
}

/* ---- states of containers ---- */

static const Value *named(const Value *list, const char *name)
{
    const Value *item;

    value_each_item(list, i, item)
    {
        if (strcmp(str_of(item, "name"), name) == 0)
            return item;
    }
    return NULL;
}

static bool rule_matches(const Value *rule, int64_t code)
{
    const Value *codes = value_get(rule, "exitCodes"), *v;
    const char *op = str_of(codes, "operator");
    bool hit = false;
    int64_t n;

    value_each_item(value_get(codes, "values"), i, v) hit |= value_to_int(v, &n) && n == code;
    return strcmp(op, "In") == 0 ? hit : strcmp(op, "NotIn") == 0 && !hit;
}

static bool policy_restarts(const char *policy, int64_t code)
{
    return strcmp(policy, "Never") != 0 && (strcmp(policy, "OnFailure") != 0 || code != 0);
}

/* The first rule that matches, then the container's policy, then the pod's. */
static bool should_restart(const Value *container, const Value *spec, int64_t code)
{
    const char *own = str_of(container, "restartPolicy");
    const Value *rule;

    value_each_item(own[0] ? value_get(container, "restartPolicyRules") : NULL, i, rule)
    {
        if (rule_matches(rule, code)) {
            if (one_of(str_of(rule, "action"), "Restart|RestartAllContainers"))
                return true;
            break;
        }
    }
    return policy_restarts(own[0] ? own : str_of(spec, "restartPolicy"), code);
}

/* May the end of one container be that of all? Then each may begin anew. */
static bool may_restart_all(const Value *spec)
{
    static const char *const lists[] = {"containers", "initContainers"};
    const Value *c, *rule;
    bool may = false;

    for (size_t k = 0; k < ARRAY_LEN(lists); k++)
        value_each_item(value_get(spec, lists[k]), i, c)
            value_each_item(value_get(c, "restartPolicyRules"), n, rule) may |=
            strcmp(str_of(rule, "action"), "RestartAllContainers") == 0;
    return may;
}

static void check_transitions(FieldErrs *e, const Path *p, const Value *now, const Value *before,
                              const Value *containers, const Value *spec)
{
    const Value *old, *status;

    if (containers && may_restart_all(spec)) /* those of the debugger never begin anew */
        return;
    value_each_item(before, i, old)
    {
        const Value *ended = value_at(old, "state.terminated");
        const Value *c = named(containers, str_of(old, "name"));

        if (!value_is(ended, VALUE_OBJECT) ||
            (c && should_restart(c, spec, int_of(ended, "exitCode", 0))))
            continue;
        status = named(now, str_of(old, "name"));
        if (status && !value_is(value_at(status, "state.terminated"), VALUE_OBJECT))
            forbidden(e, AT(AT_ITEM(p, i), "state"),
                      "may not be transitioned to non-terminated state");
    }
}

static void check_users(FieldErrs *e, const Path *p, const Value *statuses, const char *os)
{
    static const char *const ids[] = {"uid", "gid"};
    const Value *status, *group;

    value_each_item(statuses, i, status)
    {
        const Path *at = AT(AT(AT_ITEM(p, i), "user"), "linux");
        const Value *user = value_at(status, "user.linux");
        int64_t id;

        if (!value_is(user, VALUE_OBJECT))
            continue;
        if (strcmp(os, "windows") == 0) {
            forbidden(e, at, "cannot be set for a windows pod");
            continue;
        }
        for (size_t k = 0; k < ARRAY_LEN(ids); k++)
            check_range(e, AT(at, ids[k]), int_of(user, ids[k], 0), 0, INT32_MAX);
        value_each_item(value_get(user, "supplementalGroups"), k, group)
        {
            if (value_to_int(group, &id))
                check_range(e, AT_ITEM(AT(at, "supplementalGroups"), k), id, 0, INT32_MAX);
        }
    }
}

/* Is the allocated resource one that the container asks for? NULL when it is. */
static const char *is_asked_for(FieldErrs *e, const Value *container, const char *name)
{
    const Value *claim;

    if (!str_starts(name, "claim:"))
        return value_get(value_at(container, "resources.requests"), name)
                   ? NULL
                   : "must match one of the container's resource requests";
    value_each_item(value_at(container, "resources.claims"), i, claim)
    {
        const char *request = str_of(claim, "request");

        if (strcmp(name, arena_printf(e->arena, "claim:%s%s%s", str_of(claim, "name"),
                                      request[0] ? "/" : "", request)) == 0)
            return NULL;
    }
    return "must match one of the container's resource claims in a format "
           "'claim:<claimName>/<request>' or 'claim:<claimName>' if request is empty";
}

static void check_health(FieldErrs *e, const Path *p, const Value *resources)
{
    enum { HEALTH_TEXT_MAX = 1024 };
    const Value *r;

    value_each_item(resources, i, r)
    {
        const Path *at = AT_ITEM(AT(p, "resources"), i);
        const char *id = str_of(r, "resourceID");
        bool twice = false;

        check_enum(e, AT(at, "health"), str_of(r, "health"), "Healthy|Unhealthy|Unknown");
        if (has(r, "message") && str_of(r, "message")[0] == '\0')
            missing(e, AT(at, "message"), "must be non-empty if specified");
        else if (strlen(str_of(r, "message")) > HEALTH_TEXT_MAX)
            too_long(e, AT(at, "message"), HEALTH_TEXT_MAX);
        for (uint32_t k = 0; k < i; k++)
            twice |= strcmp(str_of(value_item(resources, k), "resourceID"), id) == 0;
        if (twice)
            duplicate(e, AT(at, "resourceID"), id);
    }
}

static void check_allocated(FieldErrs *e, const Path *p, const Value *statuses,
                            const Value *containers)
{
    const Value *status, *a;

    value_each_item(statuses, i, status)
    {
        const Value *c = named(containers, str_of(status, "name"));

        value_each_item(value_get(status, "allocatedResourcesStatus"), k, a)
        {
            const Path *at = AT_ITEM(AT(AT_ITEM(p, i), "allocatedResourcesStatus"), k);
            const char *why = c ? is_asked_for(e, c, str_of(a, "name")) : NULL;

            if (why)
                bad_str(e, AT(at, "name"), str_of(a, "name"), "%s", why);
            check_health(e, at, value_get(a, "resources"));
        }
    }
}

/* ---- the rest of the status ---- */

static void check_conditions(FieldErrs *e, const Path *p, const Value *conditions)
{
    const Value *c;

    value_each_item(conditions, i, c)
    {
        const Path *at = AT_ITEM(p, i);

        if (int_of(c, "observedGeneration", 0) < 0)
            bad_int(e, AT(at, "observedGeneration"), int_of(c, "observedGeneration", 0),
                    "must be a non-negative integer");
        if (!one_of(str_of(c, "type"), "PodScheduled|Ready|Initialized"))
            check_name(e, AT(at, "Type"), str_of(c, "type"), names__qualified);
    }
}

static void check_nominated(FieldErrs *e, const Path *p, const Value *status, const Value *old,
                            const char *node)
{
    const char *now = str_of(status, "nominatedNodeName");
    const Path *at = AT(p, "nominatedNodeName");

    if (now[0] == '\0' || strcmp(now, str_of(old, "nominatedNodeName")) == 0)
        return;
    check_name(e, at, now, names__dns1123_subdomain);
    if (node[0])
        forbidden(e, at, "may not be set on pods that are already bound to a node");
}

static void check_ips(FieldErrs *e, const Path *p, const Value *ips, const Value *before,
                      const char *type)
{
    const Value *ip;
    int n4 = 0, n6 = 0;

    value_each_item(ips, i, ip)
    {
        const char *s = str_of(ip, "ip");
        bool known = false;

        for (uint32_t k = 0; k < value_len(before); k++)
            known |= strcmp(str_of(value_item(before, k), "ip"), s) == 0;
        if (!known)
            check_ip(e, AT_ITEM(p, i), s);
        n4 += names__is_ip(s) && !names__is_ipv6(s);
        n6 += names__is_ipv6(s);
    }
    if (value_len(ips) > 1 && (n4 != 1 || n6 != 1)) {
        Value *all = value_array(e->arena);

        value_each_item(ips, i, ip) value_append(e->arena, all, validate__go_shown(e, type, ip));
        bad(e, p, all, "may specify no more than one IP for each IP family");
    }
}

static void check_host_ips(FieldErrs *e, const Path *p, const Value *status, const Value *old)
{
    const Value *ips = value_get(status, "hostIPs");
    const char *first = str_of(value_item(ips, 0), "ip");

    if (value_len(ips) == 0)
        return;
    if (strcmp(str_of(status, "hostIP"), first) != 0)
        bad_str(e, AT(AT_ITEM(AT(p, "hostIPs"), 0), "ip"), first, "must be equal to `hostIP`");
    check_ips(e, AT(p, "hostIPs"), ips, value_get(old, "hostIPs"), "io.k8s.api.core.v1.HostIP");
}

static void check_claim_statuses(FieldErrs *e, const Path *p, const Value *statuses,
                                 const Value *claims)
{
    const Value *s;

    value_each_item(statuses, i, s)
    {
        const Path *at = AT(AT_ITEM(p, i), "name");
        const Path *claim_at = AT(AT_ITEM(p, i), "resourceClaimName");
        const char *name = str_of(s, "name"), *claim = str_of(s, "resourceClaimName");
        bool twice = false;

        for (uint32_t k = 0; k < i; k++)
            twice |= strcmp(str_of(value_item(statuses, k), "name"), name) == 0;
        if (!named(claims, name))
            bad_str(e, at, name, "must match the name of an entry in `spec.resourceClaims`");
        if (twice)
            duplicate(e, at, name);
        if (has(s, "resourceClaimName"))
            check_name(e, claim_at, claim, names__dns1123_subdomain);
    }
}

/* The lists of statuses, and the lists of containers they speak of. */
static const struct {
    const char *statuses, *containers;
} lists[] = {{"containerStatuses", "containers"},
             {"initContainerStatuses", "initContainers"},
             {"ephemeralContainerStatuses", NULL}};

void validate__pod_status(FieldErrs *e, const Value *v, const Value *old)
{
    const Value *now = value_get(v, "status"), *was = value_get(old, "status"), *s;
    const Value *spec = value_get(v, "spec"), *before = value_get(old, "spec");
    const char *os = str_of(value_get(spec, "os"), "name");
    const Path *p = AT(NULL, "status");

    validate__pod_annotation_update(e, v, old);
    check_conditions(e, AT(p, "conditions"), value_get(now, "conditions"));
    if (strcmp(str_of(spec, "nodeName"), str_of(before, "nodeName")) != 0)
        forbidden(e, AT(p, "nodeName"), "may not be changed directly");
    check_nominated(e, p, now, was, str_of(before, "nodeName"));
    if (int_of(now, "observedGeneration", 0) < 0)
        bad_int(e, AT(p, "observedGeneration"), int_of(now, "observedGeneration", 0),
                "must be a non-negative integer");
    if (strcmp(str_of(now, "qosClass"), str_of(was, "qosClass")) != 0)
        bad_str(e, AT(p, "qosClass"), str_of(now, "qosClass"), "field is immutable");
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        check_transitions(e, AT(p, lists[i].statuses), value_get(now, lists[i].statuses),
                          value_get(was, lists[i].statuses),
                          lists[i].containers ? value_get(before, lists[i].containers) : NULL,
                          before);
    check_claim_statuses(e, AT(p, "resourceClaimStatuses"), value_get(now, "resourceClaimStatuses"),
                         value_get(spec, "resourceClaims"));
    check_ips(e, AT(p, "podIPs"), value_get(now, "podIPs"), value_get(was, "podIPs"),
              "io.k8s.api.core.v1.PodIP");
    check_host_ips(e, p, now, was);
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        check_users(e, AT(p, lists[i].statuses), value_get(now, lists[i].statuses), os);
    for (size_t i = 0; i < 2; i++)
        check_allocated(e, AT(p, lists[i].statuses), value_get(now, lists[i].statuses),
                        value_get(spec, lists[i].containers));
    value_each_item(value_get(now, lists[2].statuses), i, s)
    {
        if (value_len(value_get(s, "allocatedResourcesStatus")) > 0)
            forbidden(e, AT(AT_ITEM(AT(p, lists[2].statuses), i), "allocatedResourcesStatus"),
                      "must not be specified in container status");
    }
}

/* ---- resizing ---- */

static bool has_removed(const Value *now, const Value *before)
{
    value_each_member(before, m)
    {
        if (!value_get(now, m->name))
            return true;
    }
    return false;
}

/* Nothing that was asked for may be dropped. */
static void check_resized(FieldErrs *e, const Path *p, const Value *c, const Value *old)
{
    static const struct {
        const char *list, *why;
    } rows[] = {{"requests", "resource requests cannot be removed"},
                {"limits", "resource limits cannot be removed"}};
    const Value *now = value_get(c, "resources"), *was = value_get(old, "resources");
    const Path *at = AT(p, "resources");

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (has_removed(value_get(now, rows[i].list), value_get(was, rows[i].list)))
            forbidden(e, AT(at, rows[i].list), rows[i].why);
}

/* The resources of a container or pod as if their cpu and memory were the old ones. */
static Value *resources_without_change(FieldErrs *e, const Value *now, const Value *was)
{
    static const char *const kinds[] = {"limits", "requests"};
    Value *res = now ? value_copy(e->arena, now) : value_object(e->arena);

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        const Value *before = value_get(was, kinds[i]);
        Value *list = value_get(res, kinds[i]);

        if (!list && before)
            value_set(e->arena, res, kinds[i], list = value_object(e->arena));
        for (size_t k = 0; k < ARRAY_LEN(qos_names); k++) {
            const Value *q = value_get(before, qos_names[k]);

            value_del(list, qos_names[k]);
            if (q)
                value_set(e->arena, list, qos_names[k], value_copy(e->arena, q));
        }
        if (list && list->n == 0)
            value_del(res, kinds[i]);
    }
    return res;
}

static bool is_same_but_size(FieldErrs *e, const Value *c, const Value *old)
{
    const Value *now = value_get(c, "resources"), *was = value_get(old, "resources");
    Value *copy = value_copy(e->arena, c), *before = value_copy(e->arena, old);

    value_set(e->arena, copy, "resources", resources_without_change(e, now, was));
    value_set(e->arena, before, "resources", resources_without_change(e, was, was));
    return value_equal(copy, before);
}

static bool is_sidecar(const Value *c)
{
    return strcmp(str_of(c, "restartPolicy"), "Always") == 0;
}

static bool restarts_on_resize(const Value *c)
{
    const Value *policy;

    value_each_item(value_get(c, "resizePolicy"), i, policy)
    {
        if (str_eq(value_get_str(policy, "restartPolicy"), "RestartContainer"))
            return true;
    }
    return false;
}

static void check_mutable(FieldErrs *e, const Path *p, const Value *spec, const Value *before)
{
    const Value *c, *list = value_get(spec, "containers"), *old = value_get(before, "containers");

    value_each_item(list, i, c)
    {
        if (!is_same_but_size(e, c, value_item(old, i)))
            forbidden(e, p, "only cpu and memory resources are mutable");
    }
    list = value_get(spec, "initContainers");
    old = value_get(before, "initContainers");
    value_each_item(list, i, c)
    {
        const Value *was = value_item(old, i);
        const Path *at = AT_ITEM(AT(p, "initContainers"), i);

        if (!is_same_but_size(e, c, was))
            forbidden(e, at,
                      "only cpu and memory resources for init or sidecar containers are "
                      "mutable");
        if (!is_sidecar(c) && !value_equal(c, was) && restarts_on_resize(c))
            forbidden(e, at,
                      "non-sidecar init containers with a resize policy of "
                      "RestartContainer cannot be resized");
    }
}

/* What the pod asks for as a whole changes by the rules of a container. */
static void check_pod_resized(FieldErrs *e, const Path *p, const Value *spec, const Value *before)
{
    const Value *now = value_get(spec, "resources"), *was = value_get(before, "resources");

    if (was && !now) {
        forbidden(e, AT(p, "resources"), "pod-level resources cannot be removed");
        return;
    }
    if (!now)
        return;
    if (has_removed(value_get(now, "requests"), value_get(was, "requests")))
        forbidden(e, AT(AT(p, "resources"), "requests"),
                  "pod-level resource requests cannot be removed");
    if (has_removed(value_get(now, "limits"), value_get(was, "limits")))
        forbidden(e, AT(AT(p, "resources"), "limits"),
                  "pod-level resource limits cannot be removed");
    if (!value_equal(resources_without_change(e, now, was), resources_without_change(e, was, was)))
        forbidden(e, p, "only cpu and memory resources are mutable at pod-level");
}

/* The containers are those of before, in their order. Returns whether they are not. */
static bool check_order(FieldErrs *e, const Path *p, const char *name, const Value *spec,
                        const Value *before)
{
    const Value *now = value_get(spec, name), *was = value_get(before, name), *c;
    uint32_t n = e->n;

    if (value_len(now) != value_len(was)) {
        forbidden(e, AT(p, name),
                  arena_printf(e->arena, "%s may not be added or removed on resize", name));
        return true;
    }
    value_each_item(was, i, c)
    {
        if (strcmp(str_of(value_item(now, i), "name"), str_of(c, "name")) != 0)
            forbidden(e, AT(AT_ITEM(AT(p, name), i), "name"),
                      arena_printf(e->arena, "%s may not be renamed or reordered on resize", name));
    }
    return e->n > n;
}

static const char *why_never(const Value *old)
{
    if (value_get(value_at(old, "metadata.annotations"), "kubernetes.io/config.mirror"))
        return "static pods cannot be resized";
    if (str_eq(value_at_str(old, "spec.os.name"), "windows"))
        return "windows pods cannot be resized";
    return NULL;
}

/* The node says what running containers have, if it can give them something else. */
static bool can_be_resized(const Value *pod)
{
    const Value *c;

    value_each_item(value_at(pod, "status.containerStatuses"), i, c)
    {
        if (has(value_get(c, "state"), "running"))
            return has(c, "resources");
    }
    return true;
}

void validate__pod_resize(FieldErrs *e, const Value *v, const Value *old, uint32_t before)
{
    const Path *p = AT(NULL, "spec");
    const Value *spec = value_get(v, "spec"), *was = value_get(old, "spec"), *c;
    static const char *const order[] = {"containers", "initContainers"};
    const char *why = why_never(old);
    bool mixed = false;

    if (why) {
        e->n = before;
        forbidden(e, AT(NULL, "[]"), why);
        return;
    }
    if (strcmp(pod_qos_class(v), str_of(value_get(old, "status"), "qosClass")) != 0)
        bad_str(e, p, str_of(value_get(v, "status"), "qosClass"),
                "Pod QOS Class may not change as a result of resizing");
    if (!can_be_resized(old))
        forbidden(e, p, "Pod running on node without support for resize");
    check_pod_resized(e, p, spec, was);
    for (size_t k = 0; k < ARRAY_LEN(order); k++)
        mixed |= check_order(e, p, order[k], spec, was);
    if (mixed)
        return;
    for (size_t k = ARRAY_LEN(order); k-- > 0;)
        value_each_item(value_get(was, order[k]), i, c) check_resized(
            e, AT_ITEM(AT(p, order[k]), i), value_item(value_get(spec, order[k]), i), c);
    check_mutable(e, p, spec, was);
}
