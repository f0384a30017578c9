/*
 * baseobjects.c - the objects that a cluster is born with stay as its server needs them
 * (baseobjects_sync.h). A key is a namespace and a name, whatever the kinds that have one there.
 *
 * What is kept is looked at whenever it changes, roles when the server starts, both as upstream's
 * server does. A cluster whose own objects nobody has touched has no row of them and no key here;
 * what no cluster is born with is not read.
 */
#include "controllers/baseobjects_sync.h"
#include "controllers/rows.h"

static const char namespaces[] = "namespaces", schemas[] = "flowcontrol/flowschemas",
                  levels[] = "flowcontrol/prioritylevelconfigurations";

static const char *const kept[] = {namespaces, "services", "endpoints", "discovery/endpointslices",
                                   "configmaps"};
static const char *const flow[] = {schemas, levels};
static const char *const started[] = {"rbac/clusterroles", "rbac/clusterrolebindings", "rbac/roles",
                                      "rbac/rolebindings", "apiregistration/apiservices"};

bool baseobjects_is_key(const char *ns, const char *name)
{
    return ns[0] == '\0' || (str_eq(ns, "default") && str_eq(name, "kubernetes")) ||
           (str_eq(ns, "kube-system") && str_eq(name, "extension-apiserver-authentication"));
}

void baseobjects_map(Controllers *c, uint32_t index, const Change *ch)
{
    if (str_eq(ch->storage, namespaces) && ch->type != CHANGE_DELETED)
        return;
    if (baseobjects_is_key(ch->ns, ch->name))
        ctl_map_self(c, index, ch);
}

static int delete_it(Ctl *ctl, const char *storage, const Value *now, BaseAct act, Err *err)
{
    return act == BASE_DELETE || act == BASE_RECREATE ? ctl_delete(ctl, storage, now, NULL, err)
                                                      : 0;
}

static int carry_out(Ctl *ctl, const char *storage, BaseAct act, const Value *now,
                     const Value *want, Err *err)
{
    ObjRef at = ctl_ref(ctl, storage, ctl->ns, ctl->name);
    int r = delete_it(ctl, storage, now, act, err);

    if (r < 0 || act == BASE_NOTHING || act == BASE_DELETE)
        return r;
    if (act == BASE_UPDATE) {
        r = client_update(ctl->client, ctl->arena, &at, want, NULL, err);
        return r == -ERR_NOT_FOUND ? 0 : r;
    }
    at.name = NULL;
    r = client_create(ctl->client, ctl->arena, &at, want, NULL, err);
    return r == -ERR_ALREADY_EXISTS ? 0 : ctl_tolerate_terminating(r, err);
}

typedef enum When { WHEN_CHANGED, WHEN_STARTED } When;

static int look_at(Ctl *ctl, const char *storage, When when, bool is_all, Err *err)
{
    Value *born = ctl_born(ctl, storage, ctl->ns, ctl->name), *now, *want;
    BaseAct act;
    int r;

    if (!born && !is_all)
        return 0;
    r = ctl_get(ctl, storage, ctl->ns, ctl->name, &now, err);
    if (r < 0)
        return r;
    act = when == WHEN_STARTED ? base_reconcile(ctl->arena, now, born, &want)
                               : base_heal(ctl->arena, storage, now, born, &want);
    return carry_out(ctl, storage, act, now, want, err);
}

int baseobjects_sync(Ctl *ctl, Err *err)
{
    int r = 0;

    for (size_t i = 0; r >= 0 && i < ARRAY_LEN(kept); i++)
        r = look_at(ctl, kept[i], WHEN_CHANGED, false, err);
    return r;
}

int baseflow_sync(Ctl *ctl, Err *err)
{
    int r = 0;

    for (size_t i = 0; r >= 0 && i < ARRAY_LEN(flow); i++)
        r = look_at(ctl, flow[i], WHEN_CHANGED, true, err);
    return r;
}

int baseroles_sync(Ctl *ctl, Err *err)
{
    int r = 0;

    for (size_t i = 0; r >= 0 && i < ARRAY_LEN(started); i++)
        r = look_at(ctl, started[i], WHEN_STARTED, false, err);
    return r;
}

/* ---- flow schemas whose priority level is missing ---- */

typedef struct Referring {
    Controllers *c;
    uint32_t index;
    const Change *ch;
} Referring;

static void on_schema(Obj *o, void *data)
{
    const Referring *r = data;
    const char *level;

    if (obj_scan_str(o, "spec.priorityLevelConfiguration.name", r->ch->arena, &level) &&
        str_eq(level, r->ch->name))
        ctl_enqueue(r->c, r->index, r->ch->cluster, "", o->name);
}

void flowschema_map(Controllers *c, uint32_t index, const Change *ch)
{
    Lister *l = ctl_lister(c);
    Referring r = {c, index, ch};

    if (str_eq(ch->storage, schemas)) {
        if (ch->type != CHANGE_DELETED)
            ctl_map_self(c, index, ch);
    } else if (ch->type != CHANGE_MODIFIED) {
        /* A failure to list is met again at the next change. */
        (void)l->list(l, ch->cluster, schemas, NULL, NULL, on_schema, &r, NULL);
    }
}

int flowschema_sync(Ctl *ctl, Err *err)
{
    Value *schema, *level = NULL;
    const char *name;
    int r = ctl_get(ctl, schemas, "", ctl->name, &schema, err);

    if (r < 0 || !schema || meta_is_deleted(schema))
        return r;
    name = value_at_str(schema, "spec.priorityLevelConfiguration.name");
    if (name)
        r = ctl_get(ctl, levels, "", name, &level, err);
    if (r < 0 || !flowschema_set_dangling(ctl->arena, schema, level != NULL, ctl->now_us))
        return r;
    r = ctl_update_status(ctl, schemas, schema, err);
    return r == -ERR_NOT_FOUND ? 0 : r;
}
