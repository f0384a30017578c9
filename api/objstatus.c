#include "api/objstatus.h"

Value *condition_get(const Value *object, const char *type)
{
    Value *c;

    value_each_item(value_at(object, "status.conditions"), i, c)
    {
        if (str_eq(value_get_str(c, "type"), type))
            return c;
    }
    return NULL;
}

const Value *container_status(const Value *pod, const char *list, const char *container)
{
    const Value *status;

    value_each_item(value_get(value_get(pod, "status"), list), i, status)
    {
        if (str_eq(value_get_str(status, "name"), container))
            return status;
    }
    return NULL;
}

bool pod_resize_is_infeasible(const Value *pod)
{
    return str_eq(value_get_str(condition_get(pod, "PodResizePending"), "reason"), "Infeasible");
}
