#include "client/meta.h"

#include "base/clock.h"

static const char *or_empty(const char *s)
{
    return s ? s : "";
}

const char *meta_ns(const Value *v)
{
    return or_empty(value_at_str(v, "metadata.namespace"));
}

const char *meta_name(const Value *v)
{
    return or_empty(value_at_str(v, "metadata.name"));
}

const char *meta_uid(const Value *v)
{
    return or_empty(value_at_str(v, "metadata.uid"));
}

int64_t meta_generation(const Value *v)
{
    return value_at_int(v, "metadata.generation", 0);
}

bool meta_is_deleted(const Value *v)
{
    return value_at_str(v, "metadata.deletionTimestamp") != NULL;
}

int64_t meta_created_us(const Value *v)
{
    return value_time_us(v, "metadata.creationTimestamp");
}

bool meta_has_finalizer(const Value *v, const char *finalizer)
{
    return value_has_str(value_at(v, "metadata.finalizers"), finalizer);
}

const char *meta_label(const Value *v, const char *key)
{
    return value_get_str(value_at(v, "metadata.labels"), key);
}

const char *meta_annotation(const Value *v, const char *key)
{
    return value_get_str(value_at(v, "metadata.annotations"), key);
}

Value *meta_controller_in(const Value *owner_references)
{
    Value *ref;

    value_each_item(owner_references, i, ref)
    {
        if (value_is_true(value_get(ref, "controller")))
            return ref;
    }
    return NULL;
}

Value *meta_controller(const Value *v)
{
    return meta_controller_in(value_at(v, "metadata.ownerReferences"));
}

bool meta_is_controlled_by(const Value *v, const char *uid)
{
    return str_eq(or_empty(value_get_str(meta_controller(v), "uid")), uid);
}

Value *meta_owner_ref(Arena *a, const Value *owner)
{
    Value *ref = value_object(a);

    value_set_str(a, ref, "apiVersion", value_get_str(owner, "apiVersion"));
    value_set_str(a, ref, "kind", value_get_str(owner, "kind"));
    value_set_str(a, ref, "name", meta_name(owner));
    value_set_str(a, ref, "uid", meta_uid(owner));
    value_set_bool(a, ref, "controller", true);
    value_set_bool(a, ref, "blockOwnerDeletion", true);
    return ref;
}

int64_t value_time_us(const Value *v, const char *path)
{
    const char *text = value_at_str(v, path);
    int64_t us = 0;

    if (!text || !clock_from_rfc3339(slice_of(text), &us))
        return 0;
    return us;
}

Value *value_time(Arena *a, int64_t us)
{
    char text[CLOCK_TEXT_MAX];

    return value_str(a, clock_to_rfc3339(us, text));
}

bool condition_is(const Value *object, const char *type, const char *status)
{
    return str_eq(or_empty(value_get_str(condition_get(object, type), "status")), status);
}

bool condition_set(Arena *a, Value *object, const Condition *c, int64_t now_us)
{
    Value *v = condition_get(object, c->type), *list;
    bool is_new = !v;

    if (v && str_eq(value_get_str(v, "status"), c->status) &&
        str_eq(or_empty(value_get_str(v, "reason")), or_empty(c->reason)) &&
        str_eq(or_empty(value_get_str(v, "message")), or_empty(c->message)))
        return false;
    if (is_new) {
        list = value_at(object, "status.conditions");
        if (!value_is(list, VALUE_ARRAY)) {
            list = value_array(a);
            value_set_at(a, object, "status.conditions", list);
        }
        v = value_object(a);
        value_set_str(a, v, "type", c->type);
        value_append(a, list, v);
    }
    if (is_new || !str_eq(value_get_str(v, "status"), c->status))
        value_set(a, v, "lastTransitionTime", value_time(a, now_us));
    if (c->has_update_time)
        value_set(a, v, "lastUpdateTime", value_time(a, now_us));
    value_set_str(a, v, "status", c->status);
    if (c->reason)
        value_set_str(a, v, "reason", c->reason);
    else
        value_del(v, "reason");
    if (c->message)
        value_set_str(a, v, "message", c->message);
    else
        value_del(v, "message");
    return true;
}

bool condition_del(Value *object, const char *type)
{
    Value *list = value_at(object, "status.conditions"), *c;

    value_each_item(list, i, c)
    {
        if (str_eq(value_get_str(c, "type"), type)) {
            value_remove(list, i);
            return true;
        }
    }
    return false;
}
