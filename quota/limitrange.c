#include "quota/quota_int.h"

/* Upstream: plugin/pkg/admission/limitranger. Maps are walked in the order of their names, where
 * upstream's order is random. */

static const char *text_of(Arena *a, const Quantity *q)
{
    char text[QUANTITY_TEXT_MAX];

    return arena_strdup(a, quantity_print(q, text));
}

/* ---- defaults ---- */

/* Put what `from` has and the container lacks; the names set, "cpu, memory", or NULL. */
static const char *fill(Arena *a, Value *container, const char *what, const Usages *from)
{
    AUTO_BUF names = BUF_INIT;
    const Value *there = value_get(value_get(container, "resources"), what);

    for (uint32_t i = 0; i < from->n; i++) {
        const char *name = from->items[i].name;
        Value *list;

        if (value_get(there, name))
            continue;
        list = value_need(a, container, arena_printf(a, "resources.%s", what));
        there = list;
        value_set_str(a, list, name, text_of(a, &from->items[i].amount));
        buf_addf(&names, "%s%s", names.len ? ", " : "", name);
    }
    return names.len ? arena_strdup(a, buf_str(&names)) : NULL;
}

static void fill_containers(Arena *a, Value *pod, const char *list, const char *prefix,
                            const Usages *requests, const Usages *limits, Buf *notes)
{
    static const char *const whats[] = {"requests", "limits"};
    Value *c;

    value_each_item(value_get(value_get(pod, "spec"), list), i, c) for (int w = 0; w < 2; w++)
    {
        const char *names = fill(a, c, whats[w], w == 0 ? requests : limits);

        if (names)
            buf_addf(notes, "%s%s %.*s for %s %s", notes->len ? "; " : "", names, w == 0 ? 7 : 5,
                     whats[w], prefix, value_get_str(c, "name"));
    }
}

static void set_defaults(Arena *a, const Value *range, Value *pod)
{
    Usages requests = {0}, limits = {0};
    AUTO_BUF notes = BUF_INIT;
    const Value *item;

    value_each_item(value_at(range, "spec.limits"), i, item)
    {
        Usages d, r;

        if (!str_eq(value_get_str(item, "type"), "Container"))
            continue;
        d = usages_of(a, value_get(item, "default"));
        r = usages_of(a, value_get(item, "defaultRequest"));
        for (uint32_t k = 0; k < d.n; k++)
            usages_set(a, &limits, d.items[k].name, d.items[k].amount);
        for (uint32_t k = 0; k < r.n; k++)
            usages_set(a, &requests, r.items[k].name, r.items[k].amount);
    }
    usages_sort(&requests);
    usages_sort(&limits);
    fill_containers(a, pod, "containers", "container", &requests, &limits, &notes);
    fill_containers(a, pod, "initContainers", "init container", &requests, &limits, &notes);
    if (notes.len > 0)
        value_set(a, value_need(a, pod, "metadata.annotations"), "kubernetes.io/limit-ranger",
                  value_printf(a, "LimitRanger plugin set: %s", buf_str(&notes)));
}

/* ---- checks ---- */

typedef struct Ctx {
    Arena *arena;
    Messages *messages;
    const char *type;
    const Usages *requests, *limits;
} Ctx;

static void check_min(const Ctx *c, const char *name, const Quantity *bound)
{
    const Quantity *req = usages_get(c->requests, name), *lim = usages_get(c->limits, name);
    const char *b = text_of(c->arena, bound);

    if (!req)
        messages_add(c->arena, c->messages,
                     "minimum %s usage per %s is %s.  No request is specified", name, c->type, b);
    else if (quantity_cmp(req, bound) < 0)
        messages_add(c->arena, c->messages, "minimum %s usage per %s is %s, but request is %s",
                     name, c->type, b, text_of(c->arena, req));
    else if (lim && quantity_cmp(lim, bound) < 0)
        messages_add(c->arena, c->messages, "minimum %s usage per %s is %s, but limit is %s", name,
                     c->type, b, text_of(c->arena, lim));
}

static void check_max(const Ctx *c, const char *name, const Quantity *bound)
{
    const Quantity *req = usages_get(c->requests, name), *lim = usages_get(c->limits, name);
    const char *b = text_of(c->arena, bound);

    if (!lim)
        messages_add(c->arena, c->messages, "maximum %s usage per %s is %s.  No limit is specified",
                     name, c->type, b);
    else if (quantity_cmp(lim, bound) > 0)
        messages_add(c->arena, c->messages, "maximum %s usage per %s is %s, but limit is %s", name,
                     c->type, b, text_of(c->arena, lim));
    else if (req && quantity_cmp(req, bound) > 0)
        messages_add(c->arena, c->messages, "maximum %s usage per %s is %s, but request is %s",
                     name, c->type, b, text_of(c->arena, req));
}

static void check_max_request(const Ctx *c, const char *name, const Quantity *bound)
{
    const Quantity *req = usages_get(c->requests, name);
    const char *b = text_of(c->arena, bound);

    if (!req)
        messages_add(c->arena, c->messages,
                     "maximum %s usage per %s is %s.  No request is specified", name, c->type, b);
    else if (quantity_cmp(req, bound) > 0)
        messages_add(c->arena, c->messages, "maximum %s usage per %s is %s, but request is %s",
                     name, c->type, b, text_of(c->arena, req));
}

static void check_ratio(const Ctx *c, const char *name, const Quantity *bound)
{
    const Quantity *req = usages_get(c->requests, name), *lim = usages_get(c->limits, name);
    const char *b = text_of(c->arena, bound);

    if (!req || req->nano == 0)
        messages_add(c->arena, c->messages,
                     "%s max limit to request ratio per %s is %s, but no request is specified or "
                     "request is 0",
                     name, c->type, b);
    else if (!lim || lim->nano == 0)
        messages_add(c->arena, c->messages,
                     "%s max limit to request ratio per %s is %s, but no limit is specified or "
                     "limit is 0",
                     name, c->type, b);
    else if ((double)lim->nano / (double)req->nano > (double)bound->nano / 1e9)
        messages_add(c->arena, c->messages,
                     "%s max limit to request ratio per %s is %s, but provided ratio is %f", name,
                     c->type, b, (double)lim->nano / (double)req->nano);
}

static void check_each(const Ctx *c, const Value *item, const char *field,
                       void (*check)(const Ctx *c, const char *name, const Quantity *bound))
{
    Usages bounds = usages_of(c->arena, value_get(item, field));

    usages_sort(&bounds);
    for (uint32_t i = 0; i < bounds.n; i++)
        check(c, bounds.items[i].name, &bounds.items[i].amount);
}

static void check_bounds(const Ctx *c, const Value *item)
{
    check_each(c, item, "min", check_min);
    check_each(c, item, "max", check_max);
    check_each(c, item, "maxLimitRequestRatio", check_ratio);
}

static void check_containers(Ctx *c, const Value *item, const Value *pod, const char *list)
{
    const Value *container;

    value_each_item(value_get(value_get(pod, "spec"), list), i, container)
    {
        const Value *res = value_get(container, "resources");
        Usages requests = usages_of(c->arena, value_get(res, "requests"));
        Usages limits = usages_of(c->arena, value_get(res, "limits"));

        c->requests = &requests;
        c->limits = &limits;
        check_bounds(c, item);
    }
}

static void check_pod(Ctx *c, const Value *item, const Value *pod)
{
    if (strcmp(c->type, "Container") == 0) {
        check_containers(c, item, pod, "containers");
        check_containers(c, item, pod, "initContainers");
    } else if (strcmp(c->type, "Pod") == 0) {
        Usages requests = quota__pod_total(c->arena, pod, "requests", 0);
        Usages limits = quota__pod_total(c->arena, pod, "limits", 0);

        c->requests = &requests;
        c->limits = &limits;
        check_bounds(c, item);
    }
}

static void check_claim(Ctx *c, const Value *item, const Value *claim)
{
    Usages requests = usages_of(c->arena, value_at(claim, "spec.resources.requests"));
    Usages none = {0};

    if (strcmp(c->type, "PersistentVolumeClaim") != 0)
        return;
    c->requests = &requests;
    c->limits = &none;
    check_each(c, item, "min", check_min);
    check_each(c, item, "max", check_max_request);
}

static bool is_core(const Resource *r, const char *plural)
{
    return !*r->group && strcmp(r->plural, plural) == 0;
}

void limitrange_default(Arena *a, const Value *range, const Resource *r, Value *object)
{
    if (is_core(r, "pods"))
        set_defaults(a, range, object);
}

const char *limitrange_check(Arena *a, const Value *range, const Resource *r, const Value *object)
{
    bool is_pod = is_core(r, "pods");
    Messages messages = {0};
    const Value *item;

    if (!is_pod && !is_core(r, "persistentvolumeclaims"))
        return NULL;
    value_each_item(value_at(range, "spec.limits"), k, item)
    {
        Ctx c = {.arena = a, .messages = &messages, .type = value_get_str(item, "type")};

        if (!c.type)
            continue;
        if (is_pod)
            check_pod(&c, item, object);
        else
            check_claim(&c, item, object);
    }
    return messages_text(a, &messages);
}
