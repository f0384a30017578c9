/*
 * availability.c - the condition Available of APIServices, kept true to what their service, its
 * endpoints and the server behind them are. A server is asked by the request engine (subresource
 * `probe`, vcluster/aggregation.h), which answers at once: no worker waits for a tenant's pod.
 */
#include "controllers/availability_sync.h"
#include "controllers/rows.h"

static const char storage[] = "apiregistration/apiservices",
                  slice_storage[] = "discovery/endpointslices",
                  service_label[] = "kubernetes.io/service-name";

enum { PENDING_MS = 100 };

typedef struct Affected {
    Controllers *c;
    uint32_t index;
    const Change *ch;
} Affected;

static void on_api_service(Obj *o, void *data)
{
    const Affected *f = data;
    const char *ns;

    if (obj_scan_str(o, "spec.service.namespace", f->ch->arena, &ns) && str_eq(ns, f->ch->ns))
        ctl_enqueue(f->c, f->index, f->ch->cluster, "", o->name);
}

void availability_map(Controllers *c, uint32_t index, const Change *ch)
{
    Affected f = {c, index, ch};
    const char *service = ch->name;
    Lister *l = ctl_lister(c);

    if (str_eq(ch->storage, storage)) {
        ctl_map_self(c, index, ch);
        return;
    }
    if (str_eq(ch->storage, slice_storage))
        service = obj_label(ch->obj, service_label);
    /* By a field that the cache keeps an index of: definitions have an APIService each, services
     * change often. A failure to list is met again at the next change. */
    if (service)
        (void)l->list(l, ch->cluster, storage, "",
                      selector_of_field(ch->arena, "spec.service.name", service), on_api_service,
                      &f, NULL);
}

static bool is_slice_of(const Obj *o, const void *data)
{
    return str_eq(obj_label(o, service_label), data);
}

/* Sets *ret_pending when the answer is still awaited. */
static int ask(Ctl *ctl, Availability *ret, bool *ret_pending, Err *err)
{
    ObjRef at = ctl_ref(ctl, storage, "", ctl->name);
    const char *state, *message;
    Value *v = NULL;
    int r;

    at.subresource = "probe";
    r = client_get(ctl->client, ctl->arena, &at, &v, err);
    if (r < 0)
        return r;
    state = value_get_str(v, "state");
    message = value_get_str(v, "message");
    *ret_pending = str_eq(state, "pending");
    *ret = availability_of_answer(str_eq(state, "passed") ? NULL : message ? message : "");
    return 0;
}

static int judge(Ctl *ctl, const Value *v, Availability *ret, bool *ret_pending, Err *err)
{
    const char *ns = value_at_str(v, "spec.service.namespace");
    const char *name = value_at_str(v, "spec.service.name");
    Value *service = NULL;
    Values slices = {0};
    int r = 0;

    if (ns && name) {
        r = ctl_get(ctl, "services", ns, name, &service, err);
        if (r == 0)
            r = ctl_list(ctl, slice_storage, ns, is_slice_of, name, &slices, err);
    }
    if (r < 0)
        return r;
    *ret = availability_of(ctl->arena, v, service, slices.items, slices.n);
    return ret->status ? 0 : ask(ctl, ret, ret_pending, err);
}

int availability_sync(Ctl *ctl, Err *err)
{
    bool is_pending = false, is_changed;
    Availability now = {0};
    Value *v;
    int r = ctl_get(ctl, storage, "", ctl->name, &v, err);

    if (r < 0 || !v)
        return r;
    r = judge(ctl, v, &now, &is_pending, err);
    if (r < 0)
        return r;
    if (is_pending)
        return PENDING_MS;
    is_changed = condition_set(ctl->arena, v,
                               &(Condition){.type = "Available",
                                            .status = now.status,
                                            .reason = now.reason,
                                            .message = now.message},
                               ctl->now_us);
    if (is_changed)
        r = ctl_update_status(ctl, storage, v, err);
    if (r == -ERR_NOT_FOUND)
        return 0;
    if (r < 0 || !value_is(value_at(v, "spec.service"), VALUE_OBJECT))
        return r;
    return availability_again_ms(v, ctl->now_us);
}
