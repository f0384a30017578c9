#include "scheduler/resources.h"

#include "api/objstatus.h"
#include "base/mem.h"
#include "base/quantity.h"

enum { DEFAULT_CPU_MILLI = 100, DEFAULT_MEMORY = 200 << 20 };

void res_done(Res *r)
{
    for (uint32_t i = 0; i < r->n_extra; i++)
        free(r->extra[i].name);
    free(r->extra);
    *r = (Res){0};
}

static int64_t *extra_slot(Res *r, const char *name)
{
    for (uint32_t i = 0; i < r->n_extra; i++)
        if (str_eq(r->extra[i].name, name))
            return &r->extra[i].amount;
    GROW(r->extra, r->cap_extra, r->n_extra + 1);
    r->extra[r->n_extra] = (ResExtra){xstrdup(name), 0};
    return &r->extra[r->n_extra++].amount;
}

int64_t res_extra(const Res *r, const char *name)
{
    for (uint32_t i = 0; i < r->n_extra; i++)
        if (str_eq(r->extra[i].name, name))
            return r->extra[i].amount;
    return 0;
}

void res_copy(Res *to, const Res *from)
{
    *to = (Res){0};
    res_add(to, from);
}

static void add_one(Res *r, const char *name, const char *text)
{
    Quantity q;

    if (!text || quantity_parse(slice_of(text), &q, NULL) < 0)
        return;
    if (str_eq(name, "cpu"))
        r->cpu_milli += quantity_milli(&q);
    else if (str_eq(name, "memory"))
        r->memory += quantity_value(&q);
    else if (str_eq(name, "ephemeral-storage"))
        r->ephemeral += quantity_value(&q);
    else if (str_eq(name, "pods"))
        r->pods += quantity_value(&q);
    else
        *extra_slot(r, name) += quantity_value(&q);
}

void res_add_list(Res *r, const Value *list)
{
    value_each_member(list,
                      m) if (value_is(m->value, VALUE_STRING) || value_is(m->value, VALUE_NUMBER))
        add_one(r, m->name, m->value->str);
}

void res_add(Res *r, const Res *other)
{
    r->cpu_milli += other->cpu_milli;
    r->memory += other->memory;
    r->ephemeral += other->ephemeral;
    r->pods += other->pods;
    for (uint32_t i = 0; i < other->n_extra; i++)
        *extra_slot(r, other->extra[i].name) += other->extra[i].amount;
}

void res_sub(Res *r, const Res *other)
{
    r->cpu_milli -= other->cpu_milli;
    r->memory -= other->memory;
    r->ephemeral -= other->ephemeral;
    r->pods -= other->pods;
    for (uint32_t i = 0; i < other->n_extra; i++)
        *extra_slot(r, other->extra[i].name) -= other->extra[i].amount;
}

void res_max(Res *r, const Res *other)
{
    r->cpu_milli = MAX(r->cpu_milli, other->cpu_milli);
    r->memory = MAX(r->memory, other->memory);
    r->ephemeral = MAX(r->ephemeral, other->ephemeral);
    r->pods = MAX(r->pods, other->pods);
    for (uint32_t i = 0; i < other->n_extra; i++) {
        int64_t *slot = extra_slot(r, other->extra[i].name);

        *slot = MAX(*slot, other->extra[i].amount);
    }
}

bool res_is_less(const Res *r, const Res *than)
{
    for (uint32_t i = 0; i < than->n_extra; i++)
        if (res_extra(r, than->extra[i].name) < than->extra[i].amount)
            return true;
    return r->cpu_milli < than->cpu_milli || r->memory < than->memory ||
           r->ephemeral < than->ephemeral;
}

int64_t res_amount(const Res *r, const char *name)
{
    if (str_eq(name, "cpu"))
        return r->cpu_milli;
    if (str_eq(name, "memory"))
        return r->memory;
    if (str_eq(name, "ephemeral-storage"))
        return r->ephemeral;
    return res_extra(r, name);
}

static void max_list(Res *r, const Value *list)
{
    Res other = {0};

    res_add_list(&other, list);
    res_max(r, &other);
    res_done(&other);
}

/* Resources that the pod states as a whole replace the sums of its containers. */
static void override(Res *r, const Value *list)
{
    value_each_member(list, m)
    {
        if (str_eq(m->name, "cpu"))
            r->cpu_milli = 0;
        else if (str_eq(m->name, "memory"))
            r->memory = 0;
        else if (str_starts(m->name, "hugepages-"))
            *extra_slot(r, m->name) = 0;
        else
            continue;
        add_one(r, m->name, value_to_cstr(m->value));
    }
}

/* How the containers of a pod are counted. */
typedef struct Asks {
    const Value *pod;
    bool is_infeasible;             /* a resize waits that its node will never have room for */
    int64_t least_milli, least_mem; /* of one that does not say */
} Asks;

/* One container: what it asks for and, as long as a resize is under way, what its node has set
 * aside for it or it still has, if that is more (component-helpers' resource/helpers.go,
 * PodRequests with UseStatusResources). `list`: where its status is. */
static void of_container(const Asks *asks, const char *list, const Value *c, Res *ret)
{
    const Value *status = container_status(asks->pod, list, value_get_str(c, "name")), *has;
    const Value *lists[] = {value_at(c, "resources.requests"), NULL, NULL};
    bool says_cpu = false, says_memory = false;

    *ret = (Res){0};
    has = value_get(status, "resources");
    if (has) {
        lists[0] = asks->is_infeasible ? NULL : lists[0];
        lists[1] = value_get(has, "requests");
        lists[2] = value_get(status, "allocatedResources");
    }
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        if (i == 0)
            res_add_list(ret, lists[i]);
        else if (lists[i])
            max_list(ret, lists[i]);
        says_cpu = says_cpu || value_get(lists[i], "cpu");
        says_memory = says_memory || value_get(lists[i], "memory");
    }
    ret->cpu_milli += says_cpu ? 0 : asks->least_milli;
    ret->memory += says_memory ? 0 : asks->least_mem;
}

static void of_pod(const Asks *asks, Res *ret)
{
    const Value *spec = value_get(asks->pod, "spec");
    Res sidecars = {0}, init = {0}, one;
    Value *c;

    *ret = (Res){0};
    value_each_item(value_get(spec, "containers"), i, c)
    {
        of_container(asks, "containerStatuses", c, &one);
        res_add(ret, &one);
        res_done(&one);
    }
    value_each_item(value_get(spec, "initContainers"), i, c)
    {
        bool is_sidecar = str_eq(value_get_str(c, "restartPolicy"), "Always");

        of_container(asks, "initContainerStatuses", c, &one);
        if (is_sidecar) {
            res_add(ret, &one);
            res_add(&sidecars, &one);
            res_max(&init, &sidecars);
        } else {
            res_add(&one, &sidecars);
            res_max(&init, &one);
        }
        res_done(&one);
    }
    res_max(ret, &init);
    override(ret, value_at(spec, "resources.requests"));
    res_add_list(ret, value_get(spec, "overhead"));
    res_done(&sidecars);
    res_done(&init);
}

void res_of_pod(const Value *pod, Res *ret)
{
    of_pod(&(Asks){.pod = pod, .is_infeasible = pod_resize_is_infeasible(pod)}, ret);
    ret->pods = 1;
}

/* Of a pod that states its own resources, only what comes to nothing in all has a default
 * (scheduler/framework/types.go, getNonMissingContainerRequests). */
void res_nonzero_of_pod(const Value *pod, const Res *requests, int64_t *ret_cpu_milli,
                        int64_t *ret_memory)
{
    bool is_stated = value_len(value_at(pod, "spec.resources.requests")) > 0;
    Asks asks = {.pod = pod,
                 .is_infeasible = pod_resize_is_infeasible(pod),
                 .least_milli = DEFAULT_CPU_MILLI,
                 .least_mem = DEFAULT_MEMORY};
    Res all;

    if (is_stated && requests->cpu_milli != 0)
        asks.least_milli = 0;
    if (is_stated && requests->memory != 0)
        asks.least_mem = 0;
    of_pod(&asks, &all);
    *ret_cpu_milli = all.cpu_milli;
    *ret_memory = all.memory;
    res_done(&all);
}
