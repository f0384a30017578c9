/*
 * pods.c - subresources of pods: binding, eviction, and what is passed on to the node (log, exec,
 * attach, portforward, proxy).
 */
#include "base/clock.h"
#include "base/err.h"
#include "base/gotime.h"
#include "vcluster/vcluster_int.h"

static int finish_success(Request *req, void *data)
{
    Value *v = value_literal(req->arena, "{'kind':'Status','apiVersion':'v1','metadata':{},"
                                         "'status':'Success','code':201}");

    (void)data;
    reply_warnings(req);
    return reply_json(req, 201, v);
}

static const Resource *pods(void)
{
    return resource_find(SLICE(""), SLICE("v1"), SLICE("pods"));
}

/* ---- binding ---- */

static void set_scheduled(Request *req, Value *pod)
{
    Arena *a = req->arena;
    Value *status = value_need(a, pod, "status"), *list = value_get(status, "conditions"), *c;
    char when[CLOCK_TEXT_MAX];

    if (!list) {
        list = value_array(a);
        value_set(a, status, "conditions", list);
    }
    value_each_item(list, i, c) if (str_eq(value_get_str(c, "type"), "PodScheduled"))
    {
        value_remove(list, i);
        break;
    }
    c = value_literal(a, "{'type':'PodScheduled','status':'True','lastProbeTime':null}");
    value_set_str(a, c, "lastTransitionTime", clock_to_rfc3339(req->state->now_us, when));
    value_append(a, list, c);
}

/* Of the pod that is bound: NULL when it is the one that is meant. */
static const char *binding_precondition(Arena *a, const Value *b, const Op *op)
{
    const char *uid = value_at_str(b, "metadata.uid");
    const char *rv = value_at_str(b, "metadata.resourceVersion");
    const char *now = arena_printf(a, "%lld", (long long)op->was.obj->revision);

    if (uid && uid[0] && !str_eq(uid, op->was.obj->uid))
        return arena_printf(a, "UID in precondition: %s, UID in object meta: %s", uid,
                            op->was.obj->uid);
    if (rv && rv[0] && !str_eq(rv, now))
        return arena_printf(
            a, "ResourceVersion in precondition: %s, ResourceVersion in object meta: %s", rv, now);
    return NULL;
}

static int check_binding(Request *req, const Value *b, const Op *op)
{
    const char *kind = value_at_str(b, "target.kind"), *node = value_at_str(b, "target.name");
    const char *on = value_at_str(op->old, "spec.nodeName"), *why = NULL;
    Arena *a = req->arena;

    if (kind && kind[0] && !str_eq(kind, "Node"))
        why = arena_printf(a,
                           "target.kind: Unsupported value: \"%s\": supported values: \"Node\", "
                           "\"<empty>\"",
                           kind);
    if (!node || !node[0])
        why = why ? arena_printf(a, "[%s, target.name: Required value]", why)
                  : "target.name: Required value";
    if (why)
        return fail_internal(req, why);
    why = binding_precondition(a, b, op);
    if (why)
        return fail_conflict(req, op->r, op->name,
                             "StorageError: invalid object, Code: 4, Key: /registry/pods/%s/%s, "
                             "ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: %s",
                             op->ns, op->name, why);
    if (op->was.obj->deleted_us > 0)
        why = arena_printf(a, "pod %s is being deleted, cannot be assigned to a host", op->name);
    else if (on && on[0])
        why = arena_printf(a, "pod %s is already assigned to node \"%s\"", op->name, on);
    else if (value_len(value_at(op->old, "spec.schedulingGates")) > 0)
        why = arena_printf(a, "pod %s has non-empty .spec.schedulingGates", op->name);
    if (!why)
        return STEP_OK;
    return fail_status(
        req, 409, "Conflict", status_details(a, "", "pods/binding", op->name),
        arena_printf(a, "Operation cannot be fulfilled on pods/binding \"%s\": %s", op->name, why));
}

int sub_binding(Request *req, const Resource *r)
{
    static const Subresource binding = {.name = "binding"};
    Arena *a = req->arena;
    Op op = {.sub = &binding};
    Value *b = NULL;
    const char *name;
    int s = body_decode_type(req, type_find("io.k8s.api.core.v1.Binding"), "Binding", "v1", &b);

    if (s)
        return s;
    name = value_at_str(b, "metadata.name");
    if (str_eq(r->storage, "bindings"))
        req->state->route.name = name ? name : "";
    else if (!str_eq(name, req->state->route.name))
        return fail(req, ERR_BAD_REQUEST, "name in URL does not match name in Binding object");
    s = admit_subresource(req, pods(), &binding, b);
    if (!s)
        s = fetch_target(req, pods(), &op);
    if (!s)
        s = check_binding(req, b, &op);
    if (s)
        return s;
    op.sub = &binding;
    op.obj = op.old; /* read for this request, and nobody compares the two */
    value_set(a, value_need(a, op.obj, "spec"), "nodeName", value_at(b, "target.name"));
    if (value_len(value_at(b, "metadata.annotations")) > 0) {
        Value *notes = value_need(a, op.obj, "metadata.annotations");

        value_each_member(value_at(b, "metadata.annotations"), m)
            value_set(a, notes, m->name, m->value);
    }
    if (value_len(value_at(b, "metadata.labels")) > 0) {
        Value *labels = value_need(a, op.obj, "metadata.labels");

        value_each_member(value_at(b, "metadata.labels"), m)
            value_set(a, labels, m->name, m->value);
    }
    set_scheduled(req, op.obj);
    value_del_at(op.obj, "status.nominatedNodeName"); /* a hint that is of no more use */
    value_del_at(op.obj, "metadata.resourceVersion");
    value_set_int(a, value_get(op.obj, "metadata"), "generation",
                  value_at_int(op.obj, "metadata.generation", 0));
    s = engine_put_tree(req, req->cluster, op.r, op.obj, &op.was);
    return s ? s : engine_commit(req, finish_success, NULL);
}

/* ---- eviction ---- */

enum { DISRUPTED_MAX = 2000 /* evictions that were granted and not seen yet */ };

static int too_many(Request *req, const char *budget, const char *why, int64_t retry)
{
    Arena *a = req->arena;
    Value *d = value_object(a);

    details_cause(a, d, "DisruptionBudget",
                  arena_printf(a, "The disruption budget %s %s", budget, why), NULL);
    if (retry > 0)
        value_set_int(a, d, "retryAfterSeconds", retry);
    return fail_status(req, 429, "TooManyRequests", d,
                       "Cannot evict pod as it would violate the pod's disruption budget.");
}

static int fail_budget(Request *req, const char *budget, const char *why)
{
    return fail_status(
        req, 403, "Forbidden", status_details(req->arena, "policy", "poddisruptionbudget", budget),
        arena_printf(req->arena, "poddisruptionbudget.policy \"%s\" is forbidden: %s", budget,
                     why));
}

/* Why the controller could not count the budget's pods; NULL when it could. */
static const char *sync_failure(const Value *pdb)
{
    const Value *c;

    value_each_item(value_at(pdb, "status.conditions"), i, c)
    {
        if (str_eq(value_get_str(c, "type"), "DisruptionAllowed") &&
            str_eq(value_get_str(c, "reason"), "SyncFailed"))
            return value_get_str(c, "message");
    }
    return NULL;
}

bool vc_pod_is_ready(const Value *pod)
{
    const Value *c;

    value_each_item(value_at(pod, "status.conditions"), i, c)
    {
        if (str_eq(value_get_str(c, "type"), "Ready"))
            return str_eq(value_get_str(c, "status"), "True");
    }
    return false;
}

/* The last disruption is taken. */
static void note_insufficient(Arena *a, Value *pdb, const char *now)
{
    Value *status = value_need(a, pdb, "status"), *list = value_get(status, "conditions"), *c;
    Value *found = NULL;

    if (!value_is(list, VALUE_ARRAY)) {
        list = value_array(a);
        value_set(a, status, "conditions", list);
    }
    value_each_item(list, i, c)
    {
        if (str_eq(value_get_str(c, "type"), "DisruptionAllowed"))
            found = c;
    }
    if (!found) {
        found = value_literal(a, "{'type':'DisruptionAllowed'}");
        value_append(a, list, found);
    }
    if (!str_eq(value_get_str(found, "status"), "False"))
        value_set_str(a, found, "lastTransitionTime", now);
    value_set_str(a, found, "status", "False");
    value_set_str(a, found, "reason", "InsufficientPods");
    value_set_str(a, found, "message", "");
    value_set_int(a, found, "observedGeneration",
                  value_at_int(pdb, "status.observedGeneration", 0));
}

/* Take one disruption from the budget that covers the pod, in the same transaction. */
static int spend_budget(Request *req, const Op *op)
{
    const Resource *r = resource_find(SLICE("policy"), SLICE("v1"), SLICE("poddisruptionbudgets"));
    CacheScan scan = {.ns = op->ns};
    AUTO_OBJVEC all = {0};
    const char *phase = value_at_str(op->old, "status.phase");
    int64_t revision, allowed;
    Value *found = NULL, *pdb;
    Obj *found_obj = NULL;
    bool more;
    char when[CLOCK_TEXT_MAX];
    int s;

    if (str_eq(phase, "Succeeded") || str_eq(phase, "Failed") || str_eq(phase, "Pending") ||
        op->was.obj->deleted_us > 0)
        return STEP_OK;
    s = read_list(req, req->cluster, r->storage, &scan, &all, &revision, &more);
    for (size_t i = 0; !s && i < all.n; i++) {
        Selector *sel = NULL;
        bool none = false;

        pdb = object_tree(req->arena, r, all.items[i]);
        if (selector_from_value(req->arena, value_at(pdb, "spec.selector"), &sel, &none, NULL) <
                0 ||
            none || !selector_match_obj(sel, op->was.obj))
            continue;
        if (found)
            return fail_internal(req, "This pod has more than one PodDisruptionBudget, which the "
                                      "eviction subresource does not support.");
        found = pdb;
        found_obj = engine_keep(req, obj_ref(all.items[i]));
    }
    if (s || !found)
        return s;
    if (!vc_pod_is_ready(op->old) &&
        (str_eq(value_at_str(found, "spec.unhealthyPodEvictionPolicy"), "AlwaysAllow") ||
         (value_at_int(found, "status.currentHealthy", 0) >=
              value_at_int(found, "status.desiredHealthy", 0) &&
          value_at_int(found, "status.desiredHealthy", 0) > 0)))
        return STEP_OK;
    if (value_at_int(found, "status.observedGeneration", 0) <
        value_at_int(found, "metadata.generation", 0))
        return too_many(req, found_obj->name, "is still being processed by the server.", 10);
    allowed = value_at_int(found, "status.disruptionsAllowed", 0);
    if (allowed < 0 || value_len(value_at(found, "status.disruptedPods")) > DISRUPTED_MAX)
        return fail_budget(req, found_obj->name,
                           allowed < 0 ? "pdb disruptions allowed is negative"
                                       : "DisruptedPods map too big - too many evictions not "
                                         "confirmed by PDB controller");
    if (allowed == 0 && sync_failure(found))
        return too_many(req, found_obj->name,
                        arena_printf(req->arena,
                                     "does not allow evicting pods currently because it failed "
                                     "sync: %s",
                                     sync_failure(found)),
                        0);
    if (allowed == 0)
        return too_many(req, found_obj->name,
                        arena_printf(req->arena, "needs %lld healthy pods and has %lld currently",
                                     (long long)value_at_int(found, "status.desiredHealthy", 0),
                                     (long long)value_at_int(found, "status.currentHealthy", 0)),
                        0);
    if (req->state->opts.is_dry_run)
        return STEP_OK;
    {
        Stored was = {.obj = found_obj, .expect = found_obj->revision};
        Value *status = value_need(req->arena, found, "status");
        Value *disrupted = value_need(req->arena, status, "disruptedPods");

        value_set_int(req->arena, status, "disruptionsAllowed", allowed - 1);
        value_set_str(req->arena, disrupted, op->name, clock_to_rfc3339(req->state->now_us, when));
        if (allowed == 1)
            note_insufficient(req->arena, found, when);
        return engine_put_tree(req, req->cluster, r, found, &was);
    }
}

/* The request and its body may both ask for a dry run, in the same words. */
static int settle_dry_run(Request *req, const Value *asked)
{
    AUTO_BUF words = BUF_INIT;
    const Value *word;
    bool differs = value_len(asked) != 1 || !str_eq(value_to_cstr(value_item(asked, 0)), "All");

    if (value_len(asked) == 0)
        return STEP_OK;
    value_each_item(asked, i, word)
        buf_addf(&words, "%s%s", i > 0 ? " " : "", value_to_cstr(word) ? value_to_cstr(word) : "");
    if (req->state->opts.is_dry_run && differs)
        return fail_internal(req, arena_printf(req->arena,
                                               "Non-matching dry-run options in request and "
                                               "content: [All] and [%s]",
                                               buf_str(&words)));
    req->state->opts.is_dry_run = true;
    return STEP_OK;
}

int sub_eviction(Request *req, const Resource *r)
{
    static const Subresource eviction = {.name = "eviction"};
    Op op = {0};
    Value *e = NULL;
    const char *name;
    int s = body_decode_type(req, type_find("io.k8s.api.policy.v1.Eviction"), "Eviction",
                             "policy/v1", &e);

    if (s)
        return s;
    name = value_at_str(e, "metadata.name");
    if (!str_eq(name, req->state->route.name))
        return fail(req, ERR_BAD_REQUEST, "name in URL does not match name in Eviction object");
    s = settle_dry_run(req, value_at(e, "deleteOptions.dryRun"));
    if (!s)
        s = admit_subresource(req, r, &eviction, e);
    if (!s)
        s = fetch_target(req, r, &op);
    if (!s)
        s = spend_budget(req, &op);
    if (!s)
        s = options_check_delete(req, value_get(e, "deleteOptions"));
    if (s)
        return s;
    return delete_for(req, &op, value_get(e, "deleteOptions"),
                      value_literal(req->arena,
                                    "{'type':'DisruptionTarget','status':'True','reason':"
                                    "'EvictionByEvictionAPI','message':'Eviction API: evicting'}"),
                      finish_success);
}

/* ---- what the node answers ---- */

int reply_node(Request *req, const char *node, const char *path)
{
    req->reply.kind = REPLY_NODE;
    req->reply.status = 200;
    req->reply.node = arena_strdup(req->arena, node);
    req->reply.node_path = path;
    return STEP_DONE;
}

static bool has_container(const Value *pod, const char *name)
{
    static const char *const lists[] = {"initContainers", "containers", "ephemeralContainers"};
    const Value *c;

    for (size_t k = 0; k < ARRAY_LEN(lists); k++)
        value_each_item(value_get(value_get(pod, "spec"), lists[k]), i, c)
        {
            if (str_eq(value_get_str(c, "name"), name))
                return true;
        }
    return false;
}

static void names_of(const Value *list, Buf *out)
{
    const Value *c;

    value_each_item(list, i, c)
        buf_addf(out, "%s%s", out->len > 0 ? " " : "", value_get_str(c, "name"));
}

static int choose_container(Request *req, const Value *pod, const char **ret)
{
    const char *name = query_get(&req->state->query, "container"), *pod_name = req->name;
    const Value *containers = value_at(pod, "spec.containers");
    const char *preferred = value_get_str(value_at(pod, "metadata.annotations"),
                                          "kubectl.kubernetes.io/default-container");
    AUTO_BUF names = BUF_INIT;

    (void)preferred; /* chosen by the client, not by the server */
    if (name && name[0]) {
        if (!has_container(pod, name))
            return fail(req, ERR_BAD_REQUEST, "container %s is not valid for pod %s", name,
                        pod_name);
        *ret = name;
        return STEP_OK;
    }
    if (value_len(containers) == 1) {
        *ret = value_get_str(value_item(containers, 0), "name");
        return STEP_OK;
    }
    names_of(value_at(pod, "spec.initContainers"), &names);
    names_of(containers, &names);
    names_of(value_at(pod, "spec.ephemeralContainers"), &names);
    return fail(req, ERR_BAD_REQUEST,
                "a container name must be specified for pod %s, choose one of: [%s]", pod_name,
                buf_str(&names));
}

static int check_number(Request *req, const char *key, int64_t least, FieldErrs *e)
{
    const char *v = query_get(&req->state->query, key);
    int64_t n;

    if (!v || !v[0])
        return STEP_OK;
    if (!slice_to_int64(slice_of(v), &n))
        return fail(req, ERR_BAD_REQUEST, "strconv.ParseInt: parsing %s: invalid syntax",
                    value_to_str(req->arena, value_str(req->arena, v)));
    if (n < least)
        field_err(e, FIELD_ERR_INVALID, key, value_int(req->arena, n), "must be greater than %s0",
                  least == 0 ? "or equal to " : "");
    return STEP_OK;
}

static int check_log_options(Request *req)
{
    const Query *q = &req->state->query;
    FieldErrs e = {.arena = req->arena};
    const char *since = query_get(q, "sinceTime"), *stream = query_get(q, "stream"), *why;
    int64_t us;
    bool zero;
    int s = check_number(req, "tailLines", 0, &e);

    if (!s)
        s = check_number(req, "limitBytes", 1, &e);
    if (!s && since && since[0] && query_get(q, "sinceSeconds"))
        field_err(&e, FIELD_ERR_FORBIDDEN, "[]", NULL,
                  "at most one of `sinceTime` or `sinceSeconds` may be specified");
    else if (!s)
        s = check_number(req, "sinceSeconds", 1, &e);
    if (s)
        return s;
    if (since && since[0]) {
        why = gotime_parse(req->arena, slice_of(since), false, &us, &zero);
        if (why)
            return fail(req, ERR_BAD_REQUEST, "%s", why);
    }
    if (stream && stream[0] && !str_eq(stream, "All"))
        field_err(&e, FIELD_ERR_FORBIDDEN, "stream", NULL, "may not be specified");
    return e.n > 0 ? fail_invalid(req, "", "PodLogOptions", req->name, &e) : STEP_OK;
}

static int pass_on(Request *req, const char *node, const char *path)
{
    const char *q = req->query && req->query[0] ? req->query : NULL;

    return reply_node(req, node, q ? arena_printf(req->arena, "%s?%s", path, q) : path);
}

int sub_connect(Request *req, const Resource *r, const char *what)
{
    Arena *a = req->arena;
    Op op = {0};
    const char *node, *container = "", *ns, *path;
    bool is_log = str_eq(what, "log");
    int s;

    if (!str_eq(req->method, "GET") && (is_log || !str_eq(req->method, "POST")))
        return fail_method(req);
    s = is_log ? check_log_options(req) : admit_connect(req, r, what);
    if (!s)
        s = fetch_target(req, r, &op);
    if (!s && (is_log || str_eq(what, "exec") || str_eq(what, "attach")))
        s = choose_container(req, op.old, &container);
    if (s)
        return s;
    node = value_at_str(op.old, "spec.nodeName");
    if (!node || !node[0]) {
        if (is_log)
            return reply_text(req, 204, "text/plain", SLICE(""));
        return fail(req, ERR_BAD_REQUEST, "pod %s does not have a host assigned", op.name);
    }
    ns = op.ns;
    if (is_log)
        path = arena_printf(a, "/containerLogs/%s/%s/%s", ns, op.name, container);
    else if (str_eq(what, "portforward"))
        path = arena_printf(a, "/portForward/%s/%s", ns, op.name);
    else
        path = arena_printf(a, "/%s/%s/%s/%s/%s", what, ns, op.name, op.was.obj->uid, container);
    return pass_on(req, node, path);
}
