/*
 * crd.c - definitions of custom resources: names, conditions, and what their deletion takes with
 * it.
 *
 * The key is the group, so that one worker at a time decides about the names of its definitions.
 */
#include "controllers/crd_sync.h"

#include "api/crd.h"
#include "controllers/rows.h"

static const char definitions[] = "apiextensions/customresourcedefinitions";

enum { LOOK_AGAIN_MS = 200, PATIENT_MS = 5000, EAGER_US = 10 * 1000000 };

void crd_map(Controllers *c, uint32_t index, const Change *ch)
{
    const char *dot = strchr(ch->name, '.');

    if (dot)
        ctl_enqueue(c, index, ch->cluster, "", dot + 1);
}

static bool is_of_group(const Obj *o, const void *data)
{
    const char *dot = strchr(o->name, '.');

    return dot && str_eq(dot + 1, data);
}

static int by_age(const void *x, const void *y)
{
    const Value *a = *(Value *const *)x, *b = *(Value *const *)y;
    int64_t d = value_time_us(a, "metadata.creationTimestamp") -
                value_time_us(b, "metadata.creationTimestamp");

    return d ? (d < 0 ? -1 : 1)
             : strcmp(value_at_str(a, "metadata.name"), value_at_str(b, "metadata.name"));
}

/* ---- deletion ---- */

typedef struct Instances {
    Arena *arena;
    Value *namespaces; /* keys: namespaces with an object that is not being deleted */
    uint32_t n;
} Instances;

static void on_instance(Obj *o, void *data)
{
    Instances *s = data;

    s->n++;
    if (o->deleted_us == 0)
        value_set(s->arena, s->namespaces, o->ns, value_null(s->arena));
}

static int count(Ctl *ctl, const char *storage, Instances *ret, Err *err)
{
    *ret = (Instances){.arena = ctl->arena, .namespaces = value_object(ctl->arena)};
    return ctl->lister->list(ctl->lister, ctl->cluster, storage, NULL, NULL, on_instance, ret, err);
}

/* The objects go as if somebody deleted them; *ret_left says how many are still there. */
static int delete_instances(Ctl *ctl, const char *storage, uint32_t *ret_left, Err *err)
{
    const Resource *r = ctl_resource_of_storage(ctl, storage);
    Instances now;
    int rc = count(ctl, storage, &now, err);

    if (rc < 0)
        return rc;
    *ret_left = 0;
    if (!r || now.n == 0)
        return 0; /* what no version serves goes with the definition */
    value_each_member(now.namespaces, m)
    {
        ObjRef at = {.cluster = ctl->cluster, .ns = m->name, .resource = r};

        rc = client_delete(ctl->client, ctl->arena, &at, NULL, NULL, err);
        if (rc < 0 && rc != -ERR_NOT_FOUND)
            return rc;
    }
    rc = count(ctl, storage, &now, err);
    *ret_left = now.n;
    return rc;
}

static int save_status(Ctl *ctl, Value *crd, Err *err)
{
    ObjRef at = ctl_ref(ctl, definitions, "", value_at_str(crd, "metadata.name"));
    Value *stored;
    int r;

    at.subresource = "status";
    r = client_update(ctl->client, ctl->arena, &at, crd, &stored, err);
    if (r == 0)
        *crd = *stored;
    return r == -ERR_NOT_FOUND ? 0 : r;
}

static int finish(Ctl *ctl, Value *crd, const char *reason, const char *message, Err *err)
{
    ObjRef at = ctl_ref(ctl, definitions, "", value_at_str(crd, "metadata.name"));
    int r = 0;

    if (crd_note_deletion(ctl->arena, crd, false, reason, message, ctl->now_us))
        r = save_status(ctl, crd, err);
    if (r < 0)
        return r;
    crd_release(ctl->arena, crd);
    r = client_update(ctl->client, ctl->arena, &at, crd, NULL, err);
    return r == -ERR_NOT_FOUND ? 0 : r;
}

static int clean(Ctl *ctl, Value *crd, Err *err)
{
    const char *storage = arena_printf(ctl->arena, "%s/%s", value_at_str(crd, "spec.group"),
                                       value_at_str(crd, "spec.names.plural"));
    uint32_t left = 0;
    int r = 0;

    if (!crd_has_condition(crd, "Established"))
        return finish(ctl, crd, "NeverEstablished", "resource was never established", err);
    /* What could not be released is not begun again: its retries would never be slow. */
    if (!crd_is_emptied(crd) &&
        crd_note_deletion(ctl->arena, crd, true, "InstanceDeletionInProgress",
                          "CustomResource deletion is in progress", ctl->now_us))
        r = save_status(ctl, crd, err);
    if (r == 0)
        r = delete_instances(ctl, storage, &left, err);
    if (r < 0)
        return r;
    if (left > 0) /* finalizers hold them */
        return ctl->now_us - value_time_us(crd, "metadata.deletionTimestamp") < EAGER_US
                   ? LOOK_AGAIN_MS
                   : PATIENT_MS;
    return finish(ctl, crd, crd_emptied_reason, "removed all instances", err);
}

/* ---- all definitions of a group ---- */

int crd_sync(Ctl *ctl, Err *err)
{
    Values all = {0};
    int later = 0, r = ctl_list(ctl, definitions, NULL, is_of_group, ctl->name, &all, err);

    if (r < 0)
        return r;
    if (all.n > 1)
        qsort(all.items, all.n, sizeof(*all.items), by_age);
    for (uint32_t i = 0; i < all.n; i++) {
        Value *crd = all.items[i];
        bool changed = crd_accept_names(ctl->arena, crd, all.items, all.n, ctl->now_us);

        changed = crd_note_approval(ctl->arena, crd, ctl->now_us) || changed;
        r = changed ? save_status(ctl, crd, err) : 0;
        if (r == 0 && crd_is_to_be_cleaned(crd))
            r = clean(ctl, crd, err);
        if (r < 0)
            return r;
        later = r > 0 && (later == 0 || r < later) ? r : later;
    }
    return later;
}
