/*
 * authz.c - may this user do this? RBAC over the cluster's own roles and the shared index of the
 * base layer, the node authoriser, and impersonation.
 *
 * The own index is built from the four caches and kept with the cluster until one of them changes.
 */
#include "base/mem.h"
#include "vcluster/admission.h"
#include "vcluster/audit.h"
#include "vcluster/nodeauthz.h"
#include "vcluster/spaces.h"

static const char *const rbac_storages[4] = {"rbac/roles", "rbac/clusterroles", "rbac/rolebindings",
                                             "rbac/clusterrolebindings"};

bool user_has_group(const User *u, const char *group)
{
    for (const char *const *g = u->groups; *g; g++)
        if (strcmp(*g, group) == 0)
            return true;
    return false;
}

/* ---- indexes ---- */

static void unref_index(void *x)
{
    rbac_index_unref(x);
}

const RbacIndex *authz_base_index(Vcluster *vc)
{
    pthread_mutex_lock(&vc->lock);
    if (!vc->base_index && vc->host) {
        RbacObjs objs[4];

        for (int i = 0; i < 4; i++)
            objs[i].items = vc->base_objs[i] = base_all(vc, vc->host, rbac_storages[i], &objs[i].n);
        vc->base_index = rbac_index_new(NULL, objs[0], objs[1], objs[2], objs[3], NULL);
    }
    pthread_mutex_unlock(&vc->lock);
    return vc->base_index;
}

static RbacIndex *build_own(Request *req, Cluster *c, Cache *const *k)
{
    static const char *const kinds[4] = {"roles", "clusterroles", "rolebindings",
                                         "clusterrolebindings"};
    Vcluster *vc = req->state->vc;
    ObjVec v[4] = {0};
    RbacObjs objs[4];
    const char **hidden = NULL;
    size_t n_hidden = 0, cap = 0;
    RbacIndex *x;

    for (int i = 0; i < 4; i++) {
        CacheScan all = {0};
        int64_t revision;
        size_t n_base;
        BASE_OBJS *base =
            cache_has_tombstones(k[i]) ? base_all(vc, c, rbac_storages[i], &n_base) : NULL;

        (void)cache_list(k[i], &all, &v[i], &revision);
        objs[i] = (RbacObjs){v[i].items, v[i].n};
        for (size_t b = 0; base && b < n_base; b++) {
            const Obj *o = base[b];

            if (!cache_has_tombstone(k[i], o->ns, o->name))
                continue;
            GROW(hidden, cap, n_hidden + 2);
            hidden[n_hidden++] =
                o->ns[0] ? arena_printf(req->arena, "%s/%s/%s", kinds[i], o->ns, o->name)
                         : arena_printf(req->arena, "%s/%s", kinds[i], o->name);
        }
    }
    if (hidden)
        hidden[n_hidden] = NULL;
    (void)authz_base_index(vc);
    x = rbac_index_new(vc->base_index, objs[0], objs[1], objs[2], objs[3], hidden);
    for (int i = 0; i < 4; i++)
        objvec_done(&v[i]);
    free(hidden);
    return x;
}

int authz_indexes(Request *req, const RbacIndex **ret_base, const RbacIndex **ret_own)
{
    return authz_indexes_of(req, req->cluster, ret_base, ret_own);
}

int authz_indexes_of(Request *req, Cluster *c, const RbacIndex **ret_base,
                     const RbacIndex **ret_own)
{
    ClusterExt *ext = cluster_ext(c);
    Cache *k[4] = {0};
    RbacIndex *x;
    bool fresh = true, missing = false;

    (void)vc_host(req->state->vc);
    for (int i = 0; i < 4; i++) {
        int s = engine_cache(req, c, rbac_storages[i], &k[i]);

        if (s == STEP_DONE)
            return s;
        missing = missing || s;
    }
    if (missing)
        return STEP_NEED;
    pthread_mutex_lock(&ext->lock);
    for (int i = 0; i < 4; i++)
        fresh = fresh && ext->rbac && ext->rbac_stamp[i] == cache_changed(k[i]);
    if (!fresh) {
        pthread_mutex_unlock(&ext->lock); /* base_all() takes it */
        {
            int64_t stamp[4];

            for (int i = 0; i < 4; i++)
                stamp[i] = cache_changed(k[i]);
            x = build_own(req, c, k);
            pthread_mutex_lock(&ext->lock);
            rbac_index_unref(ext->rbac);
            ext->rbac = x;
            memcpy(ext->rbac_stamp, stamp, sizeof(stamp));
        }
    }
    x = rbac_index_ref(ext->rbac);
    pthread_mutex_unlock(&ext->lock);
    arena_on_free(req->arena, unref_index, x);
    *ret_base = authz_base_index(req->state->vc);
    *ret_own = x;
    return STEP_OK;
}

/* ---- decisions ---- */

int authorize_user(Request *req, const User *u, const RbacAttrs *at, bool *ret,
                   const char **ret_reason)
{
    const RbacIndex *base, *own;
    RbacAttrs with = *at;
    const char *not_node = "";
    int s;

    *ret_reason = "";
    if (req->state->view && !u->is_internal)
        return spaces_authorize(req, u, at, ret, ret_reason);
    *ret = u->is_internal || user_has_group(u, "system:masters");
    if (*ret)
        return STEP_OK;
    if (at->is_resource && str_eq(at->group, "node.hostplane.io") && str_eq(at->resource, "join") &&
        is_host(req->cluster) && (u->node || user_has_group(u, "system:bootstrappers"))) {
        *ret = true;
        return STEP_OK;
    }
    if (u->node)
        return authorize_node(req, u, at, ret, ret_reason);
    if (admit_node_of(u)) {
        s = nodeauthz_allows(req, u, at, ret, ret_reason);
        if (s || *ret)
            return s;
        not_node = *ret_reason;
    }
    with.user = u->name;
    with.groups = u->groups;
    s = authz_indexes(req, &base, &own);
    if (s)
        return s;
    *ret = base && rbac_allows(base, own, &with, req->arena, ret_reason);
    if (!*ret && !is_host(req->cluster)) {
        const TenantTerms *terms;

        s = tenant_terms_if_any(req, &terms);
        if (s)
            return s;
        *ret = terms_is_admin(terms, u->name, u->groups);
    }
    if (!*ret && not_node[0])
        *ret_reason =
            (*ret_reason)[0] ? arena_printf(req->arena, "%s\n%s", not_node, *ret_reason) : not_node;
    return STEP_OK;
}

int authorize(Request *req, const RbacAttrs *at, bool *ret, const char **ret_reason)
{
    return authorize_user(req, &req->user, at, ret, ret_reason);
}

/* ---- nodes of the platform ---- */

static int pod_is_on_node(Request *req, const char *ns, const char *name, const char *node,
                          bool *ret)
{
    Stored pod;
    const char *on;
    int s = read_get(req, req->cluster, "pods", ns, name, &pod);

    if (s)
        return s;
    *ret = !pod.obj ||
           (obj_scan_str(pod.obj, "spec.nodeName", req->arena, &on) && strcmp(on, node) == 0);
    return STEP_OK;
}

typedef struct OnNode {
    const char *node;
    Arena *arena;
} OnNode;

static bool is_bound_to(const Obj *o, void *data)
{
    const OnNode *on = data;
    const char *node;

    return obj_scan_str(o, "spec.nodeName", on->arena, &node) && strcmp(node, on->node) == 0;
}

/* Has the node anything to do with this cluster? The platform's own it always has. */
static int has_pods_of(Request *req, const char *node, bool *ret)
{
    OnNode on = {node, req->arena};
    const SelectorTerm term = {.path = "spec.nodeName", .values = &node, .n_values = 1};
    CacheScan scan = {.match = is_bound_to, .data = &on, .limit = 1, .term = &term};
    AUTO_OBJVEC v = {0};
    int64_t revision;
    bool more;
    int s;

    *ret = is_host(req->cluster);
    if (*ret)
        return STEP_OK;
    s = read_list(req, req->cluster, "pods", &scan, &v, &revision, &more);
    *ret = v.n > 0;
    return s;
}

/* A token may be asked for only on behalf of a pod of this node: the body says which. */
static int token_is_for_own_pod(Request *req, const char *ns, const char *node, bool *ret)
{
    Value *v = NULL;
    const char *pod;

    *ret = false;
    if (value_parse(req->arena, req->body, &v, NULL) < 0)
        return STEP_OK;
    pod = value_at_str(v, "spec.boundObjectRef.name");
    if (!pod || !str_eq(value_at_str(v, "spec.boundObjectRef.kind"), "Pod"))
        return STEP_OK;
    return pod_is_on_node(req, ns, pod, node, ret);
}

int authorize_node(Request *req, const User *u, const RbacAttrs *at, bool *ret,
                   const char **ret_reason)
{
    static const char *const write_self[] = {"get", "patch", "update", "create", NULL};
    static const char *const events[] = {"create", "patch", "update", NULL};
    static const char *const pod_writes[] = {"get", "patch", "update", "delete", NULL};

    *ret = false;
    *ret_reason = "";
    if (!at->is_resource) {
        *ret = str_eq(at->verb, "get");
        return STEP_OK;
    }
    if (str_eq(at->group, "node.hostplane.io")) {
        *ret = is_host(req->cluster) && str_eq(at->name, u->node);
        return STEP_OK;
    }
    if (str_eq(at->resource, "events") && str_among(at->verb, events))
        return has_pods_of(req, u->node, ret);
    if (str_eq(at->resource, "pods") && str_among(at->verb, pod_writes) && at->name[0] &&
        (!at->subresource[0] || str_eq(at->subresource, "status"))) {
        if (!at->subresource[0] && !str_eq(at->verb, "get") && !str_eq(at->verb, "delete"))
            return STEP_OK;
        return pod_is_on_node(req, at->ns, at->name, u->node, ret);
    }
    if (str_eq(at->resource, "serviceaccounts") && str_eq(at->subresource, "token") &&
        str_eq(at->verb, "create"))
        return token_is_for_own_pod(req, at->ns, u->node, ret);
    if (!is_host(req->cluster))
        return STEP_OK;
    if (str_eq(at->resource, "nodes") && str_among(at->verb, write_self))
        *ret = str_eq(at->name, u->node) || (str_eq(at->verb, "create") && !at->name[0]);
    else if (str_eq(at->resource, "leases") && str_eq(at->ns, "kube-node-lease"))
        *ret = str_eq(at->name, u->node) || (str_eq(at->verb, "create") && !at->name[0]);
    return STEP_OK;
}

/* ---- impersonation ---- */

typedef struct Wanted { /* one thing that the client wants to be */
    const char *group, *resource, *subresource, *ns, *name;
} Wanted;

typedef struct Wish {
    Wanted *items;
    uint32_t n;
    const char *mode; /* of constrained impersonation: "user-info" ... */
} Wish;

static const char *scope_text(Arena *a, const char *ns)
{
    return ns && ns[0] ? arena_printf(a, "in the namespace \"%s\"", ns) : "at the cluster scope";
}

static int refuse(Request *req, const RbacAttrs *at, const char *reason)
{
    Arena *a = req->arena;
    const char *res = at->subresource && at->subresource[0]
                          ? arena_printf(a, "%s/%s", at->resource, at->subresource)
                          : at->resource;

    return fail_forbidden(req, at->group, at->resource, at->name,
                          "User \"%s\" cannot %s resource \"%s\" in API group \"%s\" %s%s%s",
                          req->user.name, at->verb, res, at->group, scope_text(a, at->ns),
                          reason[0] ? ": " : "", reason);
}

static bool split_service_account(Arena *a, const char *user, const char **ret_ns,
                                  const char **ret_name)
{
    static const char prefix[] = "system:serviceaccount:";
    const char *at, *colon;

    if (!str_starts(user, prefix))
        return false;
    at = user + sizeof(prefix) - 1;
    colon = strchr(at, ':');
    if (!colon || colon == at || !colon[1] || strchr(colon + 1, ':'))
        return false;
    *ret_ns = arena_strndup(a, at, (size_t)(colon - at));
    *ret_name = colon + 1;
    return true;
}

static void collect(Request *req, bool constrained, Wish *ret)
{
    Arena *a = req->arena;
    const char *ns, *name, *core = constrained ? "authentication.k8s.io" : "";
    const char *user = req->impersonate_user;
    uint32_t cap = 2;

    for (const char *const *g = req->impersonate_groups; g && *g; g++)
        cap++;
    for (uint32_t i = 0; i < req->n_impersonate_extra; i++)
        for (const char *const *v = req->impersonate_extra[i].values; *v; v++)
            cap++;
    ret->items = arena_array(a, Wanted, cap);
    ret->n = 0;
    ret->mode = "user-info";
    if (split_service_account(a, user, &ns, &name)) {
        ret->mode = "serviceaccount";
        ret->items[ret->n++] = (Wanted){core, "serviceaccounts", "", ns, name};
    } else if (constrained && str_starts(user, "system:node:")) {
        ret->mode = "arbitrary-node";
        ret->items[ret->n++] = (Wanted){core, "nodes", "", "", user + strlen("system:node:")};
    } else
        ret->items[ret->n++] = (Wanted){core, "users", "", "", user};
    for (const char *const *g = req->impersonate_groups; g && *g; g++)
        ret->items[ret->n++] = (Wanted){core, "groups", "", "", *g};
    for (uint32_t i = 0; i < req->n_impersonate_extra; i++)
        for (const char *const *v = req->impersonate_extra[i].values; *v; v++)
            ret->items[ret->n++] = (Wanted){"authentication.k8s.io", "userextras",
                                            req->impersonate_extra[i].key, "", *v};
    if (req->impersonate_uid && req->impersonate_uid[0])
        ret->items[ret->n++] =
            (Wanted){"authentication.k8s.io", "uids", "", "", req->impersonate_uid};
}

static RbacAttrs attrs_of_wanted(const Wanted *w, const char *verb)
{
    return (RbacAttrs){.verb = verb,
                       .is_resource = true,
                       .group = w->group,
                       .resource = w->resource,
                       .subresource = w->subresource,
                       .ns = w->ns,
                       .name = w->name,
                       .path = ""};
}

static RbacAttrs attrs_of_request(Request *req)
{
    const Route *t = &req->state->route;

    return (RbacAttrs){.verb = t->verb,
                       .is_resource = t->is_resource,
                       .group = t->group,
                       .resource = t->resource,
                       .subresource = t->subresource,
                       .ns = t->ns,
                       .name = t->name,
                       .path = t->path,
                       .fields = query_get(&req->state->query, "fieldSelector")};
}

/* Since 1.36 one may be allowed to be somebody for certain actions only. */
static int check_constrained(Request *req)
{
    Arena *a = req->arena;
    RbacAttrs on = attrs_of_request(req), at;
    const char *reason;
    bool allowed;
    Wish wish;
    int s;

    collect(req, true, &wish);
    on.verb = arena_printf(a, "impersonate-on:%s:%s", wish.mode, on.verb);
    s = authorize(req, &on, &allowed, &reason);
    if (s)
        return s;
    if (!allowed)
        return on.is_resource ? refuse(req, &on, "")
                              : fail_status(req, 403, "Forbidden", value_object(a),
                                            arena_printf(a,
                                                         "forbidden: User \"%s\" cannot %s path "
                                                         "\"%s\"",
                                                         req->user.name, on.verb, on.path));
    for (uint32_t i = 0; i < wish.n; i++) {
        at = attrs_of_wanted(&wish.items[i], arena_printf(a, "impersonate:%s", wish.mode));
        s = authorize(req, &at, &allowed, &reason);
        if (s)
            return s;
        if (!allowed)
            return refuse(req, &at, "");
    }
    return STEP_OK;
}

static bool list_has(const char *const *list, uint32_t n, const char *s)
{
    for (uint32_t i = 0; i < n; i++)
        if (strcmp(list[i], s) == 0)
            return true;
    return false;
}

static void become(Request *req)
{
    Arena *a = req->arena;
    const char *ns, *name, **groups;
    uint32_t n = 0, cap = 6;
    User u = {.name = req->impersonate_user,
              .uid = req->impersonate_uid ? req->impersonate_uid : ""};

    for (const char *const *g = req->impersonate_groups; g && *g; g++)
        cap++;
    groups = arena_array(a, const char *, cap);
    for (const char *const *g = req->impersonate_groups; g && *g; g++)
        groups[n++] = *g;
    if (n == 0 && split_service_account(a, u.name, &ns, &name)) {
        groups[n++] = "system:serviceaccounts";
        groups[n++] = arena_printf(a, "system:serviceaccounts:%s", ns);
    }
    if (str_eq(u.name, "system:anonymous")) {
        if (!list_has(groups, n, "system:unauthenticated"))
            groups[n++] = "system:unauthenticated";
    } else if (!list_has(groups, n, "system:authenticated") &&
               !list_has(groups, n, "system:unauthenticated"))
        groups[n++] = "system:authenticated";
    u.groups = groups;
    u.extra = req->impersonate_extra;
    u.n_extra = req->n_impersonate_extra;
    req->user = u;
    req->state->is_impersonated = true;
}

static int impersonate(Request *req)
{
    const char *reason;
    bool allowed = true;
    Wish wish;
    int s;

    if (!req->impersonate_user || !req->impersonate_user[0]) {
        if ((req->impersonate_groups && req->impersonate_groups[0]) ||
            req->n_impersonate_extra > 0 || (req->impersonate_uid && req->impersonate_uid[0]))
            return fail(req, ERR_BAD_REQUEST, "requested impersonation without a user");
        return STEP_OK;
    }
    collect(req, false, &wish);
    for (uint32_t i = 0; allowed && i < wish.n; i++) {
        RbacAttrs at = attrs_of_wanted(&wish.items[i], "impersonate");

        s = authorize(req, &at, &allowed, &reason);
        if (s)
            return s;
    }
    if (!allowed) {
        s = check_constrained(req);
        if (s)
            return s;
    }
    become(req);
    return STEP_OK;
}

int authorize_request(Request *req)
{
    RequestState *st = req->state;
    RbacAttrs at = attrs_of_request(req);
    const char *reason;
    bool allowed;
    int s;

    if (!st->has_real_user) {
        st->real_user = req->user;
        st->has_real_user = true;
    }
    req->user = st->real_user; /* a run before this one may have impersonated */
    s = impersonate(req);
    if (s)
        return s;
    s = authorize(req, &at, &allowed, &reason);
    if (!s)
        audit_decision(req, allowed, reason);
    if (s || allowed)
        return s;
    if (at.is_resource)
        return refuse(req, &at, reason);
    return fail_status(req, 403, "Forbidden", value_object(req->arena),
                       arena_printf(req->arena, "forbidden: User \"%s\" cannot %s path \"%s\"",
                                    req->user.name, at.verb, at.path));
}
