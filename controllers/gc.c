#include "controllers/rows.h"

#include "controllers/gc_graph.h"
#include "controllers/gc_sync.h"

/*
 * Keys: name "STORAGE NAME" is an object whose state is to be judged; name "!UID" is an owner that
 * is gone, whose dependents are to be looked at; any other name only asks for the graph of its
 * cluster, which puts every object with owners into the queue.
 */

static const char *const foreground = "foregroundDeletion", *const orphan = "orphan";

static bool is_ignored(const char *storage)
{
    return str_eq(storage, "events");
}

static void enqueue_object(Controllers *c, uint32_t index, const char *cluster, const GcNode *node)
{
    char name[640];

    snprintf(name, sizeof(name), "%s %s", node->storage, node->name);
    ctl_enqueue(c, index, cluster, node->ns, name);
}

/* A dependent is gone, or does not hold its owners any more: they may have waited for that. `o` has
 * the references that were. */
static void enqueue_owners(Controllers *c, uint32_t index, const Change *ch, const Obj *o)
{
    const Value *ref;

    value_each_item(ctl_owner_refs(ch->arena, o), i, ref)
    {
        const char *api = value_get_str(ref, "apiVersion"), *kind = value_get_str(ref, "kind");
        GroupVersion gv = api_version_split(ch->arena, api);
        const Resource *r;

        if (!api || !kind || !value_get_str(ref, "name"))
            continue;
        r = resource_find_kind(gv.group, gv.version, kind);
        if (r)
            enqueue_object(
                c, index, ch->cluster,
                &(GcNode){r->storage, r->is_namespaced ? ch->ns : "", value_get_str(ref, "name")});
    }
}

/* A definition has come or changed: owners may be of its kind. */
static void enqueue_unresolved(Controllers *c, uint32_t index, const Change *ch)
{
    uint32_t n;
    const GcNode *nodes = gc_graph_unresolved(ctl_graph(c), ch->arena, ch->cluster, &n);

    for (uint32_t i = 0; i < n; i++)
        enqueue_object(c, index, ch->cluster, &nodes[i]);
}

/* The text of the references, so that a change of a flag is seen without reading the object. */
static Slice refs_text(const Obj *o)
{
    static const char key[] = "\"ownerReferences\":[";
    const char *at = o->n_owners > 0 ? memmem(o->text, o->text_len, key, sizeof(key) - 1) : NULL;
    const char *end = at ? memchr(at, ']', o->text_len - (size_t)(at - o->text)) : NULL;

    return end ? (Slice){at, (size_t)(end - at)} : (Slice){"", 0};
}

static bool owners_changed(const Obj *o, const Obj *prev)
{
    Slice x = refs_text(o), y = prev ? refs_text(prev) : (Slice){"", 0};

    return !prev || x.len != y.len || memcmp(x.ptr, y.ptr, x.len) != 0;
}

void gc_map(Controllers *c, uint32_t index, const Change *ch)
{
    GcGraph *g = ctl_graph(c);
    const Obj *o = ch->obj;
    bool has_changed = ch->type == CHANGE_ADDED || owners_changed(o, ch->prev);

    if (is_ignored(ch->storage))
        return;
    if (str_eq(ch->storage, "apiextensions/customresourcedefinitions") &&
        ch->type != CHANGE_DELETED)
        enqueue_unresolved(c, index, ch);
    if (ch->type == CHANGE_DELETED) {
        gc_graph_note_gone(g, ch->cluster, ch->storage, o);
        gc_graph_del(g, ch->cluster, ch->storage, o->ns, o->name);
        ctl_enqueue(c, index, ch->cluster, "", arena_printf(ch->arena, "!%s", o->uid));
        if (o->n_owners > 0)
            enqueue_owners(c, index, ch, o);
        return;
    }
    if (has_changed && ch->prev && ch->prev->n_owners > 0)
        enqueue_owners(c, index, ch, ch->prev);
    if (has_changed)
        gc_graph_put(g, ch->cluster, ch->storage, o);
    if ((has_changed && o->n_owners > 0) || (o->deleted_us != 0 && o->has_finalizers))
        enqueue_object(c, index, ch->cluster, &(GcNode){ch->storage, o->ns, o->name});
}

/* ---- the graph of a cluster, made when it is first needed ---- */

typedef struct Load {
    Ctl *ctl;
    const char *storage;
} Load;

static void on_load(Obj *o, void *data)
{
    const Load *load = data;

    if (o->n_owners == 0)
        return;
    gc_graph_put(ctl_graph(load->ctl->all), load->ctl->cluster, load->storage, o);
    enqueue_object(load->ctl->all, load->ctl->index, load->ctl->cluster,
                   &(GcNode){load->storage, o->ns, o->name});
}

static int ensure_loaded(Ctl *ctl, Err *err)
{
    GcGraph *g = ctl_graph(ctl->all);
    const Resource **resources;
    uint32_t n;
    int r;

    if (gc_graph_is_loaded(g, ctl->cluster))
        return 0;
    r = ctl_resources(ctl, &resources, &n, err);
    if (r < 0)
        return r;
    for (uint32_t i = 0; i < n; i++) {
        Load load = {ctl, resources[i]->storage};

        if (is_ignored(resources[i]->storage))
            continue;
        r = ctl->lister->list(ctl->lister, ctl->cluster, load.storage, NULL, NULL, on_load, &load,
                              err);
        if (r < 0)
            return err_wrap(err, r, "listing %s", load.storage);
    }
    gc_graph_set_loaded(g, ctl->cluster);
    return 0;
}

/* ---- one object ---- */

typedef struct Item {
    const Resource *resource;
    Value *v;
    ObjRef at;
} Item;

/* ---- owners ---- */

typedef struct Search {
    const char *uid, *ns;
    bool is_elsewhere;
} Search;

static void on_owner(Obj *o, void *data)
{
    Search *s = data;

    s->is_elsewhere = s->is_elsewhere || (str_eq(o->uid, s->uid) && !str_eq(o->ns, s->ns));
}

/* A reference reaches into another namespace, where no owner counts: say so. The cache has an index
 * by uid from the first time on, so that many such references do not go over the kind each. */
static int tell_of_namespace(Ctl *ctl, const Item *item, const Resource *r, const Value *ref,
                             Err *err)
{
    const char *ns = meta_ns(item->v);
    Search search = {value_get_str(ref, "uid"), ns, false};
    int rc = 0;

    if (r->is_namespaced)
        rc = ctl->lister->list(ctl->lister, ctl->cluster, r->storage, NULL,
                               selector_of_field(ctl->arena, "metadata.uid", search.uid), on_owner,
                               &search, err);
    if (rc == 0 && search.is_elsewhere)
        ctl_event(ctl, item->v, "Warning", "OwnerRefInvalidNamespace",
                  "ownerRef [%s/%s, namespace: %s, name: %s, uid: %s] does not exist in namespace "
                  "\"%s\"",
                  value_get_str(ref, "apiVersion"), value_get_str(ref, "kind"), ns,
                  value_get_str(ref, "name"), search.uid, ns);
    return rc;
}

/* The caches do not have the owner: only the server's word makes it absent. */
static int ask_server(Ctl *ctl, const Item *item, const Resource *r, const Value *ref,
                      Value **ret_owner, Err *err)
{
    ObjRef at = {.cluster = ctl->cluster,
                 .ns = r->is_namespaced ? meta_ns(item->v) : "",
                 .name = value_get_str(ref, "name"),
                 .resource = r};
    int rc = client_get(ctl->client, ctl->arena, &at, ret_owner, err);

    if (rc < 0 && rc != -ERR_NOT_FOUND)
        return rc;
    if (rc < 0 || !str_eq(meta_uid(*ret_owner), value_get_str(ref, "uid")))
        *ret_owner = NULL;
    return *ret_owner ? 0 : tell_of_namespace(ctl, item, r, ref, err);
}

static int owner_state(Ctl *ctl, const Item *item, const Value *ref, GcOwnerState *ret, Err *err)
{
    const char *api = value_get_str(ref, "apiVersion");
    const char *group = api_version_split(ctl->arena, api).group;
    const char *name = value_get_str(ref, "name"), *uid = value_get_str(ref, "uid");
    const char *ns = meta_ns(item->v);
    const Resource *r = ctl_resource_of_kind(ctl, api, value_get_str(ref, "kind"));
    Value *owner = NULL;
    int rc = 0;

    *ret = GC_OWNER_UNKNOWN;
    if (!name || !uid)
        return 0;
    if (gc_graph_is_gone(ctl_graph(ctl->all), ctl->cluster, uid, group, r ? r->storage : NULL, ns,
                         name)) {
        *ret = GC_OWNER_ABSENT;
        return 0;
    }
    if (!r) { /* its definition may have come just before the note */
        gc_graph_set_unresolved(ctl_graph(ctl->all), ctl->cluster,
                                &(GcNode){item->resource->storage, ns, meta_name(item->v)});
        r = ctl_resource_of_kind(ctl, api, value_get_str(ref, "kind"));
    }
    if (!r)
        return 0;
    if (r->is_namespaced && !ns[0])
        return tell_of_namespace(ctl, item, r, ref, err);
    rc = ctl_get_of(ctl, r, r->is_namespaced ? ns : "", name, &owner, err);
    if (rc == 0 && (!owner || !str_eq(meta_uid(owner), uid)))
        rc = ask_server(ctl, item, r, ref, &owner, err);
    if (rc < 0)
        return rc;
    *ret = !owner                                                            ? GC_OWNER_ABSENT
           : meta_is_deleted(owner) && meta_has_finalizer(owner, foreground) ? GC_OWNER_WAITING
                                                                             : GC_OWNER_SOLID;
    return 0;
}

static bool blocks(const Value *dependent, const char *uid)
{
    Value *ref;

    value_each_item(value_at(dependent, "metadata.ownerReferences"), i, ref)
    {
        if (str_eq(value_get_str(ref, "uid"), uid) &&
            value_is_true(value_get(ref, "blockOwnerDeletion")))
            return true;
    }
    return false;
}

static int patch(Ctl *ctl, const ObjRef *at, Value *p, Err *err)
{
    int r = client_patch(ctl->client, ctl->arena, at, "application/merge-patch+json", p, NULL, err);

    return r == -ERR_NOT_FOUND ? 0 : r;
}

/* A merge patch of one metadata member, valid for exactly this state of the object. */
static Value *metadata_patch(Arena *a, const Value *v, const char *member, Value *list)
{
    Value *p = value_object(a);

    value_set(a, value_need(a, p, "metadata"), member, list);
    value_set_at(a, p, "metadata.resourceVersion",
                 value_str(a, value_at_str(v, "metadata.resourceVersion")));
    return p;
}

static int drop_finalizer(Ctl *ctl, const Item *item, const char *finalizer, Err *err)
{
    Value *rest = value_array(ctl->arena), *f;

    value_each_item(value_at(item->v, "metadata.finalizers"), i,
                    f) if (!str_eq(value_to_cstr(f), finalizer)) value_append(ctl->arena, rest, f);
    return patch(ctl, &item->at, metadata_patch(ctl->arena, item->v, "finalizers", rest), err);
}

static int drop_refs(Ctl *ctl, const Item *item, const GcOwnerState *states, Err *err)
{
    Value *rest = value_array(ctl->arena), *ref;

    value_each_item(value_at(item->v, "metadata.ownerReferences"), i,
                    ref) if (states[i] == GC_OWNER_SOLID) value_append(ctl->arena, rest, ref);
    return patch(ctl, &item->at, metadata_patch(ctl->arena, item->v, "ownerReferences", rest), err);
}

static int delete_item(Ctl *ctl, const Item *item, const char *policy, Err *err)
{
    Arena *a = ctl->arena;
    Value *options = value_literal(a, "{'kind':'DeleteOptions','apiVersion':'v1'}");
    int r;

    value_set_str(a, options, "propagationPolicy", policy);
    value_set_at(a, options, "preconditions.uid", value_str(a, meta_uid(item->v)));
    value_set_at(a, options, "preconditions.resourceVersion",
                 value_str(a, value_at_str(item->v, "metadata.resourceVersion")));
    r = client_delete(ctl->client, a, &item->at, options, NULL, err);
    return r == -ERR_NOT_FOUND ? 0 : r;
}

/* Is one of the dependents waiting for its own dependents, as the owner is? Then the two wait for
 * each other, in a circle. */
static int has_waiting_dependent(Ctl *ctl, const GcNode *nodes, uint32_t n, bool *ret, Err *err)
{
    *ret = false;
    for (uint32_t i = 0; i < n && !*ret; i++) {
        const Resource *r = ctl_resource_of_storage(ctl, nodes[i].storage);
        Value *v = NULL;
        int rc = r ? ctl_get_of(ctl, r, nodes[i].ns, nodes[i].name, &v, err) : 0;

        if (rc < 0)
            return rc;
        *ret = meta_is_deleted(v) && meta_has_finalizer(v, foreground);
    }
    return 0;
}

/* Break a circle: nobody waits for this object any more. */
static int unblock(Ctl *ctl, Item *item, Err *err)
{
    Value *refs = value_copy(ctl->arena, value_at(item->v, "metadata.ownerReferences")), *ref;
    Value *fresh = NULL;
    int r;

    value_each_item(refs, i, ref)
    {
        if (value_is_true(value_get(ref, "blockOwnerDeletion")))
            value_set_bool(ctl->arena, ref, "blockOwnerDeletion", false);
    }
    r = client_patch(ctl->client, ctl->arena, &item->at, "application/merge-patch+json",
                     metadata_patch(ctl->arena, item->v, "ownerReferences", refs), &fresh, err);
    if (r == 0 && fresh)
        item->v = fresh;
    return r == -ERR_NOT_FOUND ? 0 : r;
}

/* Its owner waits for it, and something waits with it. */
static int delete_foreground(Ctl *ctl, Item *item, const GcNode *nodes, uint32_t n, Err *err)
{
    bool is_circle = false;
    int r = has_waiting_dependent(ctl, nodes, n, &is_circle, err);

    if (r == 0 && is_circle)
        r = unblock(ctl, item, err);
    return r < 0 ? r : delete_item(ctl, item, "Foreground", err);
}

/* Take the references to `item` out of everything that has one. */
static int orphan_dependents(Ctl *ctl, const Item *item, const GcNode *nodes, uint32_t n, Err *err)
{
    const char *uid = meta_uid(item->v);

    for (uint32_t i = 0; i < n; i++) {
        const Resource *r = ctl_resource_of_storage(ctl, nodes[i].storage);
        Value *v = NULL, *rest = value_array(ctl->arena), *ref;
        ObjRef at = {ctl->cluster, nodes[i].ns, nodes[i].name, NULL, r};
        int rc;

        if (!r)
            continue;
        rc = client_get(ctl->client, ctl->arena, &at, &v, err);
        if (rc == -ERR_NOT_FOUND)
            continue;
        if (rc < 0)
            return rc;
        value_each_item(value_at(v, "metadata.ownerReferences"), k,
                        ref) if (!str_eq(value_get_str(ref, "uid"), uid))
            value_append(ctl->arena, rest, ref);
        rc = patch(ctl, &at, metadata_patch(ctl->arena, v, "ownerReferences", rest), err);
        if (rc < 0)
            return rc;
    }
    return drop_finalizer(ctl, item, orphan, err);
}

static int live_dependents(Ctl *ctl, const Item *item, const GcNode *nodes, uint32_t n, bool *ret,
                           Err *err)
{
    *ret = false;
    for (uint32_t i = 0; i < n && !*ret; i++) {
        const Resource *r = ctl_resource_of_storage(ctl, nodes[i].storage);
        Value *v = NULL;
        int rc = r ? ctl_get_of(ctl, r, nodes[i].ns, nodes[i].name, &v, err) : 0;

        if (rc < 0)
            return rc;
        *ret = v && blocks(v, meta_uid(item->v));
    }
    return 0;
}

static void enqueue_all(Ctl *ctl, const GcNode *nodes, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        enqueue_object(ctl->all, ctl->index, ctl->cluster, &nodes[i]);
}

static int judge(Ctl *ctl, Item *item, Err *err)
{
    const Value *refs = value_at(item->v, "metadata.ownerReferences");
    GcOwnerState *states = arena_array(ctl->arena, GcOwnerState, value_len(refs) + 1);
    GcFacts facts = {
        .owners = states,
        .n_owners = value_len(refs),
        .is_deleted = meta_is_deleted(item->v),
        .has_foreground = meta_has_finalizer(item->v, foreground),
        .has_orphan = meta_has_finalizer(item->v, orphan),
    };
    GcNode *nodes;
    uint32_t n;
    int r = 0;

    nodes =
        gc_graph_dependents(ctl_graph(ctl->all), ctl->arena, ctl->cluster, meta_uid(item->v), &n);
    facts.has_dependents = n > 0;
    if (facts.is_deleted && facts.has_foreground)
        r = live_dependents(ctl, item, nodes, n, &facts.has_live_dependents, err);
    for (uint32_t i = 0; r == 0 && !facts.is_deleted && i < facts.n_owners; i++)
        r = owner_state(ctl, item, value_item(refs, i), &states[i], err);
    if (r < 0)
        return r;

    switch (gc_decide(&facts)) {
    case GC_NOTHING:
        return 0;
    case GC_DELETE_BACKGROUND:
        return delete_item(ctl, item, "Background", err);
    case GC_DELETE_FOREGROUND:
        return delete_foreground(ctl, item, nodes, n, err);
    case GC_DELETE_ORPHAN:
        return delete_item(ctl, item, "Orphan", err);
    case GC_DROP_REFS:
        return drop_refs(ctl, item, states, err);
    case GC_DELETE_DEPENDENTS:
        enqueue_all(ctl, nodes, n);
        return 0;
    case GC_END_FOREGROUND:
        return drop_finalizer(ctl, item, foreground, err);
    case GC_ORPHAN_DEPENDENTS:
        return orphan_dependents(ctl, item, nodes, n, err);
    }
    return 0;
}

int gc_sync(Ctl *ctl, Err *err)
{
    const char *space = strchr(ctl->name, ' ');
    Item item = {0};
    int r = ensure_loaded(ctl, err);

    if (r < 0)
        return r;
    if (ctl->name[0] == '!') {
        uint32_t n;
        GcNode *nodes =
            gc_graph_dependents(ctl_graph(ctl->all), ctl->arena, ctl->cluster, ctl->name + 1, &n);

        enqueue_all(ctl, nodes, n);
        return 0;
    }
    if (!space)
        return 0; /* a key of the first look: loading the graph has looked at everything */
    item.at = (ObjRef){.cluster = ctl->cluster, .ns = ctl->ns, .name = space + 1};
    item.resource = ctl_resource_of_storage(
        ctl, arena_strndup(ctl->arena, ctl->name, (size_t)(space - ctl->name)));
    if (!item.resource)
        return 0; /* its CRD is gone, and it with it */
    item.at.resource = item.resource;
    r = ctl_get_of(ctl, item.resource, ctl->ns, space + 1, &item.v, err);
    if (r < 0)
        return r;
    if (!item.v) {
        gc_graph_del(ctl_graph(ctl->all), ctl->cluster, item.resource->storage, ctl->ns, space + 1);
        return 0;
    }
    return judge(ctl, &item, err);
}
