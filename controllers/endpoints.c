#include "controllers/endpoints_sync.h"
#include "controllers/rows.h"
#include "controllers/triggertime.h"

static const char *const slice_storage = "discovery/endpointslices",
                         *const over_capacity = "endpoints.kubernetes.io/over-capacity",
                         *const leader = "control-plane.alpha.kubernetes.io/leader";

typedef struct PodChange {
    Controllers *c;
    uint32_t index;
    const Change *ch;
} PodChange;

static void on_service(Obj *o, void *data)
{
    const PodChange *pc = data;
    const Value *labels = ctl_selector_value(pc->ch->arena, o);
    Selector *sel;

    if (value_len(labels) == 0)
        return;
    sel = selector_from_map(pc->ch->arena, labels);
    if (selector_match_obj(sel, pc->ch->obj) ||
        (pc->ch->prev && selector_match_obj(sel, pc->ch->prev)))
        ctl_enqueue(pc->c, pc->index, pc->ch->cluster, o->ns, o->name);
}

/* For both controllers: changes of the Service, of pods, and of what the controller wrote.
 * Endpoints are met when they are deleted and, as upstream, once after the start, when those
 * without a Service are taken for leftovers; later a user may keep such ones. */
void endpoints_map(Controllers *c, uint32_t index, const Change *ch)
{
    Lister *l = ctl_lister(c);

    if (str_eq(ch->storage, "pods")) {
        /* A failure to list is met again at the next change. */
        (void)l->list(l, ch->cluster, "services", ch->ns, NULL, on_service,
                      &(PodChange){c, index, ch}, NULL);
    } else if (str_eq(ch->storage, slice_storage)) {
        const char *service = obj_label(ch->obj, "kubernetes.io/service-name");

        if (!str_eq(obj_label(ch->obj, "endpointslice.kubernetes.io/managed-by"),
                    "endpointslice-controller.k8s.io"))
            return;
        if (service && ch->type == CHANGE_ADDED)
            expect_saw_creation(ctl_expectations(c),
                                &(WorkKey){index, ch->cluster, ch->ns, service});
        else if (service)
            ctl_enqueue(c, index, ch->cluster, ch->ns, service);
    } else if (str_eq(ch->storage, "services") || ch->type == CHANGE_DELETED) {
        ctl_map_self(c, index, ch);
    }
}

static bool is_selected(const Obj *o, const void *data)
{
    return selector_match_obj(data, o);
}

/* The Service with its pods; *ret_service is NULL when there is nothing for us to do. */
static int read_service(Ctl *ctl, Value **ret_service, Values *ret_pods, bool *ret_is_gone,
                        Err *err)
{
    const Value *labels;
    Value *service;
    int r = ctl_get(ctl, "services", ctl->ns, ctl->name, &service, err);

    *ret_service = NULL;
    *ret_is_gone = r == 0 && !service;
    labels = r == 0 ? value_at(service, "spec.selector") : NULL;
    if (r < 0 || value_len(labels) == 0 ||
        str_eq(value_at_str(service, "spec.type"), "ExternalName"))
        return r;
    *ret_service = service;
    return ctl_list(ctl, "pods", ctl->ns, is_selected, selector_from_map(ctl->arena, labels),
                    ret_pods, err);
}

/* There is no Service of this name. `have` may be NULL. */
static int drop_leftover(Ctl *ctl, const Value *have, Err *err)
{
    triggertimes_forget(ctl_trigger_times(ctl->all),
                        &(WorkKey){ctl->index, ctl->cluster, ctl->ns, ctl->name});
    /* Some elect their leader by Endpoints, which have no Service. */
    if (!have || meta_annotation(have, leader))
        return 0;
    return ctl_delete(ctl, "endpoints", have, NULL, err);
}

int endpoints_sync(Ctl *ctl, Err *err)
{
    Arena *a = ctl->arena;
    const WorkKey key = {ctl->index, ctl->cluster, ctl->ns, ctl->name};
    Value *service, *have, *v, *subsets, *labels;
    ObjRef at = ctl_ref(ctl, "endpoints", ctl->ns, ctl->name);
    bool is_gone, is_cut;
    int64_t changed_us;
    Values pods;
    int r = read_service(ctl, &service, &pods, &is_gone, err);

    if (r < 0 || (!service && !is_gone))
        return r;
    r = ctl_get(ctl, "endpoints", ctl->ns, ctl->name, &have, err);
    if (r < 0)
        return r;
    if (is_gone)
        return drop_leftover(ctl, have, err);

    changed_us = triggertimes_look(ctl_trigger_times(ctl->all), &key, service, &pods);
    subsets = endpoints_subsets(a, service, &pods);
    is_cut = endpoints_truncate(subsets);
    labels = endpoints_labels(a, service);
    if (have) {
        const Value *old = value_get(have, "subsets");

        if ((value_equal(old, subsets) || (value_len(old) == 0 && subsets->n == 0)) &&
            value_equal(value_at(have, "metadata.labels"), labels) &&
            is_cut == str_eq(meta_annotation(have, over_capacity), "truncated"))
            return 0;
        v = have;
    } else {
        v = value_literal(a, "{'kind':'Endpoints','apiVersion':'v1','metadata':{}}");
        value_set_at(a, v, "metadata.name", value_str(a, ctl->name));
        value_set_at(a, v, "metadata.namespace", value_str(a, ctl->ns));
    }
    if (is_cut)
        value_set_str(a, value_need(a, v, "metadata.annotations"), over_capacity, "truncated");
    else
        value_del(value_at(v, "metadata.annotations"), over_capacity);
    triggertimes_put(a, v, changed_us);
    value_set_at(a, v, "metadata.labels", labels);
    value_set(a, v, "subsets", subsets);
    r = have ? client_update(ctl->client, a, &at, v, NULL, err)
             : client_create(ctl->client, a, &at, v, NULL, err);
    r = ctl_tolerate_terminating(r, err);
    if (r < 0 && have)
        ctl_event(ctl, v, "Warning", "FailedToUpdateEndpoint",
                  "Failed to update endpoint %s/%s: %s", ctl->ns, ctl->name, err ? err->msg : "");
    else if (r < 0)
        ctl_event(ctl, v, "Warning", "FailedToCreateEndpoint",
                  "Failed to create endpoint for service %s/%s: %s", ctl->ns, ctl->name,
                  err ? err->msg : "");
    return r;
}
