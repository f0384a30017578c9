#include "vcluster/podsecurity.h"

#include "vcluster/audit.h"
#include "vcluster/podstandards.h"

enum { MAX_PODS = 3000 /* looked at when a namespace changes its level */, MAX_MINOR = 1000000 };

static const char *const level_names[] = {"privileged", "baseline", "restricted"};

#define PREFIX "pod-security.kubernetes.io/"

/* ---- what a namespace asks for ---- */

typedef enum Mode { MODE_ENFORCE, MODE_AUDIT, MODE_WARN, MODE_MAX_ } Mode;

static const char *const mode_names[] = {"enforce", "audit", "warn"};

typedef struct Standard {
    PodLevel level;
    int version;
} Standard;

typedef struct Policy {
    Standard of[MODE_MAX_];
} Policy;

static bool parse_level(const char *text, PodLevel *ret)
{
    for (size_t i = 0; i < ARRAY_LEN(level_names); i++)
        if (str_eq(text, level_names[i])) {
            *ret = (PodLevel)i;
            return true;
        }
    return false;
}

/* "latest", or v1.x without leading zeros. */
static bool parse_version(const char *text, int *ret)
{
    int64_t n = 0;

    if (str_eq(text, "latest")) {
        *ret = POD_STANDARDS_LATEST;
        return true;
    }
    if (!str_starts(text, "v1.") || text[3] < '0' || text[3] > '9' ||
        (text[3] == '0' && text[4] != '\0') || !slice_to_int64(slice_of(text + 3), &n))
        return false;
    *ret = (int)MIN(n, (int64_t)MAX_MINOR);
    return true;
}

static const char *print_standard(Arena *a, const Standard *s)
{
    return s->version == POD_STANDARDS_LATEST
               ? arena_printf(a, "%s:latest", level_names[s->level])
               : arena_printf(a, "%s:v1.%d", level_names[s->level], s->version);
}

static void bad_label(FieldErrs *e, const char *key, const Value *v, const char *why)
{
    field_err(e, FIELD_ERR_INVALID, arena_printf(e->arena, "metadata.labels[%s]", key), v, "%s",
              why);
}

/* A level that cannot be read enforces the strictest one, and audits and warns of nothing. `e` may
 * be NULL. */
static Policy read_policy(Arena *a, const Value *object, FieldErrs *e)
{
    const Value *labels = value_at(object, "metadata.labels");
    Policy p;

    for (int i = 0; i < MODE_MAX_; i++) {
        const char *key = arena_printf(a, PREFIX "%s", mode_names[i]);
        const Value *level = value_get(labels, key), *version;
        Standard *s = &p.of[i];

        *s = (Standard){LEVEL_PRIVILEGED, POD_STANDARDS_LATEST};
        if (level && !parse_level(value_to_cstr(level), &s->level)) {
            s->level = i == MODE_ENFORCE ? LEVEL_RESTRICTED : LEVEL_PRIVILEGED;
            if (e)
                bad_label(e, key, level, "must be one of privileged, baseline, restricted");
        }
        key = arena_printf(a, "%s-version", key);
        version = value_get(labels, key);
        if (version && !parse_version(value_to_cstr(version), &s->version) && e)
            bad_label(e, key, version, "must be \"latest\" or \"v1.x\"");
    }
    return p;
}

/* ---- namespaces ---- */

static bool same_errors(const FieldErrs *x, const FieldErrs *y)
{
    if (x->n != y->n)
        return false;
    for (uint32_t i = 0; i < x->n; i++)
        if (!str_eq(x->items[i].field, y->items[i].field) ||
            !str_eq(x->items[i].message, y->items[i].message))
            return false;
    return true;
}

typedef struct Violation { /* pods that violate the same */
    const char *pod, *what;
    uint32_t n;
} Violation;

static int by_line(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static const char *print_violation(Arena *a, const Violation *v)
{
    if (v->n == 1)
        return arena_printf(a, "%s: %s", v->pod, v->what);
    if (v->n == 2)
        return arena_printf(a, "%s (and 1 other pod): %s", v->pod, v->what);
    return arena_printf(a, "%s (and %u other pods): %s", v->pod, v->n - 1, v->what);
}

static void warn_violations(Request *req, const char *ns, const Standard *s, const Violation *list,
                            size_t n)
{
    Arena *a = req->arena;
    const char **lines = arena_array(a, const char *, n + 1);
    Warnings *w = &req->state->warnings;

    if (n == 0)
        return;
    warnings_add(a, w,
                 "existing pods in namespace \"%s\" violate the new PodSecurity enforce level "
                 "\"%s\"",
                 ns, print_standard(a, s));
    for (size_t i = 0; i < n; i++)
        lines[i] = print_violation(a, &list[i]);
    qsort(lines, n, sizeof(*lines), by_line);
    for (size_t i = 0; i < n; i++)
        warnings_add(a, w, "%s", lines[i]);
}

/* A stricter level does not drive out what runs; it only says so. */
static int warn_existing(Request *req, const char *ns, const Standard *s)
{
    const Resource *r = resource_find(SLICE(""), SLICE("v1"), SLICE("pods"));
    CacheScan scan = {.ns = ns};
    Arena *a = req->arena;
    AUTO_OBJVEC v = {0};
    Violation *list;
    size_t n = 0, n_checked;
    int64_t revision;
    bool more;
    int x = read_list(req, req->cluster, r->storage, &scan, &v, &revision, &more);

    if (x)
        return x;
    n_checked = MIN(v.n, (size_t)MAX_PODS);
    list = arena_array(a, Violation, n_checked + 1);
    for (size_t i = 0; i < n_checked; i++) { /* in the order of their names */
        CLEANUP(arena_free) Arena *own = arena_new();
        const Value *pod = object_tree(own, r, v.items[i]);
        AUTO_BUF text = BUF_INIT;
        size_t k = 0;

        podstandards_check(own, s->level, s->version, value_get(pod, "metadata"),
                           value_get(pod, "spec"), true, &text);
        if (text.len == 0)
            continue;
        while (k < n && !str_eq(list[k].what, buf_str(&text)))
            k++;
        if (k == n)
            list[n++] =
                (Violation){arena_strdup(a, v.items[i]->name), arena_strdup(a, buf_str(&text)), 0};
        list[k].n++;
    }
    if (n_checked < v.n)
        warnings_add(a, &req->state->warnings,
                     "new PodSecurity enforce level only checked against the first %zu of %zu "
                     "existing pods",
                     n_checked, v.n);
    warn_violations(req, ns, s, list, n);
    return STEP_OK;
}

static int validate_namespace(Request *req, const Op *op)
{
    FieldErrs e = {.arena = req->arena}, before = {.arena = req->arena};
    Policy now = read_policy(req->arena, op->obj, &e), old;
    Standard *s = &now.of[MODE_ENFORCE], *was = &old.of[MODE_ENFORCE];

    old = read_policy(req->arena, op->old, &before);
    if (e.n > 0 && !(op->old && same_errors(&e, &before)))
        return fail_invalid(req, "", "Namespace", op->name, &e);
    if (!op->old || s->level == LEVEL_PRIVILEGED ||
        (s->version == was->version && s->level <= was->level))
        return STEP_OK;
    return warn_existing(req, op->name, s);
}

/* ---- pods ---- */

/* Where the pod is in an object that makes pods. */
static const Value *template_of(const Op *op)
{
    static const struct {
        const char *storage, *path;
    } kinds[] = {
        {"apps/daemonsets", "spec.template"},  {"apps/deployments", "spec.template"},
        {"apps/replicasets", "spec.template"}, {"apps/statefulsets", "spec.template"},
        {"batch/jobs", "spec.template"},       {"batch/cronjobs", "spec.jobTemplate.spec.template"},
        {"podtemplates", "template"},          {"replicationcontrollers", "spec.template"},
    };

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (str_eq(kinds[i].storage, op->r->storage))
            return value_at(op->obj, kinds[i].path);
    return NULL;
}

/* Most updates of a pod cannot make it any worse. */
static bool is_significant(const Value *pod, const Value *old)
{
    static const char seccomp[] = "seccomp.security.alpha.kubernetes.io/pod";
    static const char *const lists[] = {"containers", "initContainers", "ephemeralContainers"};
    const Value *notes = value_at(pod, "metadata.annotations");
    const Value *old_notes = value_at(old, "metadata.annotations"), *c, *o;

    if (!str_eq(value_get_str(notes, seccomp), value_get_str(old_notes, seccomp)))
        return true;
    for (size_t k = 0; k < ARRAY_LEN(lists); k++) {
        const Value *now = value_get(value_get(pod, "spec"), lists[k]);
        const Value *was = value_get(value_get(old, "spec"), lists[k]);

        if (value_len(now) != value_len(was))
            return true;
        value_each_item(now, i, c)
        {
            o = value_item(was, i);
            if (!str_eq(value_get_str(c, "name"), value_get_str(o, "name")) ||
                !str_eq(value_get_str(c, "image"), value_get_str(o, "image")))
                return true;
        }
    }
    return false;
}

static const char *violations(Request *req, const Standard *s, const Value *pod)
{
    AUTO_BUF text = BUF_INIT;

    if (s->level == LEVEL_PRIVILEGED)
        return NULL;
    podstandards_check(req->arena, s->level, s->version, value_get(pod, "metadata"),
                       value_get(pod, "spec"), false, &text);
    return text.len > 0 ? arena_strdup(req->arena, buf_str(&text)) : NULL;
}

static void note_violations(Request *req, const Standard *s, const Value *pod)
{
    const char *what = req->state->audit ? violations(req, s, pod) : NULL;

    if (what)
        audit_note(req, PREFIX "audit-violations",
                   arena_printf(req->arena, "would violate PodSecurity \"%s\": %s",
                                print_standard(req->arena, s), what));
}

static int judge(Request *req, const Op *op, const Policy *p, const Value *pod, bool is_enforced)
{
    Standard enforce = p->of[MODE_ENFORCE];
    const TenantTerms *terms = terms_none();
    const char *what;
    const TenantTerms *owner = terms_none();
    int floor, s = is_enforced ? tenant_terms(req, &terms) : STEP_OK;

    if (!s && is_enforced)
        s = tenant_terms_in(req, op->ns, &owner);
    if (s)
        return s;
    floor = MAX(terms->pod_security, owner->pod_security);
    if (floor > (int)enforce.level) /* what the plan asks for at least */
        enforce = (Standard){(PodLevel)floor, POD_STANDARDS_LATEST};
    if (is_enforced)
        audit_note(req, PREFIX "enforce-policy", print_standard(req->arena, &enforce));
    note_violations(req, &p->of[MODE_AUDIT], pod);
    what = is_enforced ? violations(req, &enforce, pod) : NULL;
    if (what)
        return fail_forbidden(req, "", "pods", op->name, "violates PodSecurity \"%s\": %s",
                              print_standard(req->arena, &enforce), what);
    what = violations(req, &p->of[MODE_WARN], pod);
    if (what)
        warnings_add(req->arena, &req->state->warnings, "would violate PodSecurity \"%s\": %s",
                     print_standard(req->arena, &p->of[MODE_WARN]), what);
    return STEP_OK;
}

int podsecurity_validate(Request *req, Op *op)
{
    static const char *const ignored[] = {"binding", "eviction", "status"};
    const Resource *namespaces = resource_find(SLICE(""), SLICE("v1"), SLICE("namespaces"));
    bool is_pod = str_eq(op->r->storage, "pods");
    const Value *of;
    Value *ns = NULL;
    Policy p;
    int s;

    if (str_eq(op->verb, "DELETE"))
        return STEP_OK;
    if (str_eq(op->r->storage, "namespaces"))
        return op->sub ? STEP_OK : validate_namespace(req, op);
    for (size_t i = 0; op->sub && i < ARRAY_LEN(ignored); i++)
        if (str_eq(op->sub->name, ignored[i]))
            return STEP_OK;
    of = is_pod ? op->obj : template_of(op);
    if (!of || (op->sub && !is_pod) || (is_pod && op->old && !is_significant(op->obj, op->old)))
        return STEP_OK;
    s = read_tree(req, namespaces, "", op->ns, &ns);
    if (s)
        return s;
    p = read_policy(req->arena, ns, NULL);
    return judge(req, op, &p, of, is_pod);
}
