#include "controllers/namespace_sync.h"
#include "controllers/rows.h"

/*
 * Empties a namespace under deletion, then takes its finalizer away. As upstream, a namespace stays
 * while an extension API server does not answer, as that may have something in it.
 */

enum {
    EAGER_US = 20 * 1000000, /* look often for so long after the deletion */
    EAGER_MS = 300,
    PATIENT_MS = 5000,
    FINALIZERS_MAX = 32,
    ELSEWHERE_MAX = 64, /* resources that extension API servers have */
    ERRORS_MAX = 32,
};

typedef struct Survey {
    Ctl *ctl;
    uint32_t n;    /* objects of the resource at hand */
    bool is_alive; /* at least one of them is not under deletion yet */
    NamespaceFinalizer finalizers[FINALIZERS_MAX];
    uint32_t n_finalizers;
} Survey;

static void count_finalizers(Survey *s, const Obj *o)
{
    const Value *v = obj_to_value(s->ctl->arena, o, NULL, NULL);
    Value *f;

    value_each_item(value_at(v, "metadata.finalizers"), i, f)
    {
        uint32_t k = 0;

        while (k < s->n_finalizers && !str_eq(s->finalizers[k].finalizer, value_to_cstr(f)))
            k++;
        if (k == FINALIZERS_MAX)
            return;
        if (k == s->n_finalizers)
            s->finalizers[s->n_finalizers++] = (NamespaceFinalizer){value_to_cstr(f), 0};
        s->finalizers[k].n++;
    }
}

static void on_content(Obj *o, void *data)
{
    Survey *s = data;

    s->n++;
    if (o->deleted_us == 0)
        s->is_alive = true;
    if (o->has_finalizers)
        count_finalizers(s, o);
}

static int count(Ctl *ctl, const Resource *r, Survey *s, Err *err)
{
    s->n = 0;
    s->is_alive = false;
    return ctl->lister->list(ctl->lister, ctl->cluster, r->storage, ctl->name, NULL, on_content, s,
                             err);
}

static void add_error(NamespaceContent *c, const char *text)
{
    if (c->n_errors < ERRORS_MAX)
        ((const char **)c->errors)[c->n_errors++] = text;
}

static int delete_collection(Ctl *ctl, const Resource *r, Err *err)
{
    ObjRef at = {.cluster = ctl->cluster, .ns = ctl->name, .resource = r};
    const Value *options = value_literal(ctl->arena, "{'kind':'DeleteOptions','apiVersion':'v1',"
                                                     "'propagationPolicy':'Background'}");
    int rc = client_delete(ctl->client, ctl->arena, &at, options, NULL, err);

    return rc == -ERR_METHOD_NOT_ALLOWED || rc == -ERR_NOT_FOUND ? 0 : rc;
}

/* Delete the objects of one resource; what is left goes into `ret` and `left`. */
static int empty_one(Ctl *ctl, const Resource *r, NamespaceRest *rest, Survey *left,
                     NamespaceContent *ret, Err *err)
{
    Survey before = {.ctl = ctl};
    Err failure;
    int rc = count(ctl, r, &before, err);

    if (rc < 0 || before.n == 0)
        return rc;
    if (before.is_alive && delete_collection(ctl, r, &failure) < 0)
        add_error(ret, arena_strdup(ctl->arena, failure.msg));
    rc = count(ctl, r, left, err);
    if (rc < 0)
        return rc;
    if (left->n > 0)
        rest[ret->n_rest++] =
            (NamespaceRest){arena_printf(ctl->arena, "%s.%s", r->plural, r->group), left->n};
    return 0;
}

static bool is_pods(const Resource *r)
{
    return str_eq(r->storage, "pods");
}

/* ---- what extension API servers have ---- */

typedef struct Elsewhere {
    Ctl *ctl;
    const char *gv; /* "GROUP/VERSION" */
    NamespaceRest *rest;
    NamespaceContent *ret;
} Elsewhere;

/* The body as a tree; NULL: *why says what went wrong. */
static Value *ask(const Elsewhere *e, const char *method, const char *path, const char **why)
{
    ClientRequest rq = {.cluster = e->ctl->cluster, .method = method, .path = path};
    Arena *a = e->ctl->arena;
    ClientReply reply;
    Value *v = NULL;
    Err err;

    if (client_call(e->ctl->client, a, &rq, &reply, &err) < 0 ||
        client_reply_check(a, &reply, &err) < 0 || value_parse(a, reply.body, &v, &err) < 0) {
        *why = arena_strdup(a, err.msg);
        return NULL;
    }
    return v;
}

/* What a server says of itself does not lead elsewhere. */
static bool is_plain_name(const char *s)
{
    for (const char *p = s; p && *p; p++)
        if (!(*p >= 'a' && *p <= 'z') && !(*p >= '0' && *p <= '9') && *p != '-' && *p != '.')
            return false;
    return s && s[0] && s[0] != '.';
}

static void empty_resource(const Elsewhere *e, const char *plural)
{
    Arena *a = e->ctl->arena;
    const char *path = arena_printf(a, "/apis/%s/namespaces/%s/%s", e->gv, e->ctl->name, plural);
    const char *slash = strchr(e->gv, '/'), *why = NULL;
    const Value *list = ask(e, "GET", path, &why);

    if (list && value_len(value_get(list, "items")) > 0 && ask(e, "DELETE", path, &why))
        list = ask(e, "GET", path, &why);
    if (why)
        add_error(e->ret, why);
    else if (value_len(value_get(list, "items")) > 0 && e->ret->n_rest < ELSEWHERE_MAX)
        e->rest[e->ret->n_rest++] =
            (NamespaceRest){arena_printf(a, "%s.%.*s", plural, (int)(slash - e->gv), e->gv),
                            value_len(value_get(list, "items"))};
}

static void empty_version(const Elsewhere *e)
{
    const char *why = NULL;
    const Value *list = ask(e, "GET", arena_printf(e->ctl->arena, "/apis/%s", e->gv), &why), *r;

    if (why)
        add_error(e->ret, why);
    value_each_item(value_get(list, "resources"), i, r)
    {
        const Value *verbs = value_get(r, "verbs");

        if (i < ELSEWHERE_MAX && is_plain_name(value_get_str(r, "name")) &&
            value_is_true(value_get(r, "namespaced")) && value_has_str(verbs, "list") &&
            value_has_str(verbs, "deletecollection"))
            empty_resource(e, value_get_str(r, "name"));
    }
}

static const char *group_version(Arena *a, const Value *service)
{
    return arena_printf(a, "%s/%s", value_at_str(service, "spec.group"),
                        value_at_str(service, "spec.version"));
}

static bool names_service(const Obj *o, const void *data UNUSED)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *name;

    return obj_scan_str(o, "spec.service.name", a, &name);
}

static int list_elsewhere(Ctl *ctl, Values *ret, NamespaceContent *c, Err *err)
{
    int r = ctl_list(ctl, "apiregistration/apiservices", NULL, names_service, NULL, ret, err);
    const char **away = arena_array(ctl->arena, const char *, ret->n + 1);

    for (uint32_t i = 0; r == 0 && i < ret->n; i++)
        if (!condition_is(ret->items[i], "Available", "True"))
            away[c->n_away++] = group_version(ctl->arena, ret->items[i]);
    c->away = away;
    return r;
}

static void empty_elsewhere(Ctl *ctl, const Values *services, NamespaceContent *ret)
{
    Elsewhere e = {.ctl = ctl, .ret = ret};

    e.rest = arena_array(ctl->arena, NamespaceRest, ELSEWHERE_MAX);
    ret->rest = e.rest;
    for (uint32_t i = 0; i < services->n; i++) {
        if (!condition_is(services->items[i], "Available", "True"))
            continue;
        e.gv = group_version(ctl->arena, services->items[i]);
        empty_version(&e);
    }
}

/* Delete what there is; *ret says what is left. Nothing else goes while there are pods, which may
 * need it to the end: upstream's deleteAllContent(). */
static int empty(Ctl *ctl, NamespaceContent *ret, Err *err)
{
    Survey *left = arena_new0(ctl->arena, Survey);
    const Resource **resources;
    NamespaceRest *rest;
    Values services = {0};
    uint32_t n;
    int r = ctl_resources(ctl, &resources, &n, err);

    if (r < 0)
        return r;
    rest = arena_array(ctl->arena, NamespaceRest, n);
    *ret = (NamespaceContent){.rest = rest};
    ret->errors = arena_array(ctl->arena, const char *, ERRORS_MAX);
    left->ctl = ctl;
    r = list_elsewhere(ctl, &services, ret, err);
    if (r < 0)
        return r;
    for (int with_pods = 1; with_pods >= 0 && ret->n_rest == 0; with_pods--)
        for (uint32_t i = 0; i < n; i++) {
            if (!resources[i]->is_namespaced || is_pods(resources[i]) != (with_pods == 1))
                continue;
            r = empty_one(ctl, resources[i], rest, left, ret, err);
            if (r < 0)
                return r;
        }
    ret->finalizers = left->finalizers;
    ret->n_finalizers = left->n_finalizers;
    if (ret->n_rest == 0 && ret->n_errors == 0)
        empty_elsewhere(ctl, &services, ret);
    return 0;
}

static int finalize(Ctl *ctl, Value *ns, Err *err)
{
    ObjRef at = ctl_ref(ctl, "namespaces", "", ctl->name);
    Value *rest = value_array(ctl->arena), *f;
    int r;

    value_each_item(value_at(ns, "spec.finalizers"), i,
                    f) if (!str_eq(value_to_cstr(f), "kubernetes"))
        value_append(ctl->arena, rest, f);
    value_set_at(ctl->arena, ns, "spec.finalizers", rest);
    value_del_at(ns, "metadata.resourceVersion");
    at.subresource = "finalize";
    r = client_update(ctl->client, ctl->arena, &at, ns, NULL, err);
    return r == -ERR_NOT_FOUND ? 0 : r;
}

int namespace_sync(Ctl *ctl, Err *err)
{
    NamespaceContent content;
    bool is_ours = false;
    Value *ns, *f;
    int r = ctl_get(ctl, "namespaces", "", ctl->name, &ns, err);

    if (r < 0 || !ns || !meta_is_deleted(ns))
        return r;
    value_each_item(value_at(ns, "spec.finalizers"), i, f) is_ours =
        is_ours || str_eq(value_to_cstr(f), "kubernetes");
    if (!is_ours)
        return 0;
    r = empty(ctl, &content, err);
    if (r < 0)
        return r;
    if (content.n_rest == 0 && content.n_errors == 0 && content.n_away == 0)
        return finalize(ctl, ns, err);
    if (namespace_set_conditions(ctl->arena, ns, &content, ctl->now_us)) {
        r = ctl_update_status(ctl, "namespaces", ns, err);
        if (r < 0 && r != -ERR_CONFLICT)
            return r;
    }
    return ctl->now_us - value_time_us(ns, "metadata.deletionTimestamp") < EAGER_US ? EAGER_MS
                                                                                    : PATIENT_MS;
}
