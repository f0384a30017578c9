#include "scheduler/resources.h"

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

void res_max_list(Res *r, const Value *list, const Res *plus)
{
    Res sum;

    res_copy(&sum, plus);
    res_add_list(&sum, list);
    res_max(r, &sum);
    res_done(&sum);
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
        else
            continue;
        add_one(r, m->name, value_to_cstr(m->value));
    }
}

void res_of_pod(const Value *pod, Res *ret)
{
    Res sidecars = {0}, init = {0};
    Value *c;

    *ret = (Res){0};
    value_each_item(value_at(pod, "spec.containers"), i, c)
        res_add_list(ret, value_at(c, "resources.requests"));
    value_each_item(value_at(pod, "spec.initContainers"), i, c)
    {
        const Value *requests = value_at(c, "resources.requests");

        if (str_eq(value_get_str(c, "restartPolicy"), "Always")) {
            res_add_list(ret, requests);
            res_add_list(&sidecars, requests);
            res_max(&init, &sidecars);
        } else {
            res_max_list(&init, requests, &sidecars);
        }
    }
    res_max(ret, &init);
    override(ret, value_at(pod, "spec.resources.requests"));
    res_add_list(ret, value_at(pod, "spec.overhead"));
    ret->pods = 1;
    res_done(&sidecars);
    res_done(&init);
}

void res_nonzero_of_pod(const Value *pod, int64_t *ret_cpu_milli, int64_t *ret_memory)
{
    int64_t cpu = 0, memory = 0;
    Res all;
    Value *c;

    value_each_item(value_at(pod, "spec.containers"), i, c)
    {
        const Value *requests = value_at(c, "resources.requests");

        cpu += value_get(requests, "cpu") ? 0 : DEFAULT_CPU_MILLI;
        memory += value_get(requests, "memory") ? 0 : DEFAULT_MEMORY;
    }
    res_of_pod(pod, &all);
    *ret_cpu_milli = all.cpu_milli + cpu;
    *ret_memory = all.memory + memory;
    res_done(&all);
}
