/*
 * apiservice.c - an APIService for each version that a definition serves. The key is the group.
 */
#include "controllers/apiservice_sync.h"
#include "controllers/rows.h"

static const char definitions[] = "apiextensions/customresourcedefinitions",
                  services[] = "apiregistration/apiservices";

/* "widgets.example.com" and "v1.example.com" both say the group behind the first dot. */
static const char *group_of(const char *name)
{
    const char *dot = strchr(name, '.');

    return dot && dot[1] ? dot + 1 : NULL;
}

void apiservice_map(Controllers *c, uint32_t index, const Change *ch)
{
    const char *group = group_of(ch->name);

    if (group)
        ctl_enqueue(c, index, ch->cluster, "", group);
}

static bool is_of_group(const Obj *o, const void *data)
{
    return str_eq(group_of(o->name), data);
}

static int carry_out(Ctl *ctl, const ApiServiceAction *action, Err *err)
{
    ObjRef at = ctl_ref(ctl, services, "", value_at_str(action->object, "metadata.name"));
    int r;

    switch (action->what) {
    case APISERVICE_CREATE:
        at.name = NULL;
        r = client_create(ctl->client, ctl->arena, &at, action->object, NULL, err);
        return r == -ERR_ALREADY_EXISTS ? 0 : r;
    case APISERVICE_UPDATE:
        r = client_update(ctl->client, ctl->arena, &at, action->object, NULL, err);
        return r == -ERR_NOT_FOUND ? 0 : r;
    case APISERVICE_DELETE:
        return ctl_delete(ctl, services, action->object, NULL, err);
    }
    return 0;
}

int apiservice_sync(Ctl *ctl, Err *err)
{
    Values crds = {0}, have = {0};
    ApiServiceAction *actions;
    uint32_t n;
    int r = ctl_list(ctl, definitions, NULL, is_of_group, ctl->name, &crds, err);

    if (r == 0)
        r = ctl_list(ctl, services, NULL, is_of_group, ctl->name, &have, err);
    if (r < 0)
        return r;
    n = apiservice_plan(ctl->arena, ctl->name, crds.items, crds.n, have.items, have.n, &actions);
    for (uint32_t i = 0; r >= 0 && i < n; i++)
        r = carry_out(ctl, &actions[i], err);
    return r;
}
