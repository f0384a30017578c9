#include "base/err.h"
#include "quota/quota_int.h"

/*
 * One write under one ResourceQuota. What the old state weighed goes off `used`, what the new one
 * weighs comes on; only what grows is compared with the limit, so that a namespace that is above a
 * lowered limit can still shrink.
 */

static bool is_pod(const Resource *r)
{
    return !*r->group && strcmp(r->plural, "pods") == 0;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Containers that do not say how much of `name` they want, "a,b"; NULL when all do. */
static const char *silent_containers(Arena *a, const Value *pod, const char *name)
{
    static const char *const lists[] = {"containers", "initContainers"};
    const char *silent[64];
    AUTO_BUF b = BUF_INIT;
    const Value *c;
    size_t n = 0;

    for (size_t l = 0; l < ARRAY_LEN(lists); l++)
        value_each_item(value_get(value_get(pod, "spec"), lists[l]), i, c)
        {
            const Value *res = value_get(c, "resources");
            Usages requests = usages_of(a, value_get(res, "requests"));
            Usages limits = usages_of(a, value_get(res, "limits"));
            Usages u = quota__compute_usage(a, &requests, &limits);

            if (!usages_get(&u, name) && n < ARRAY_LEN(silent))
                silent[n++] = value_get_str(c, "name") ? value_get_str(c, "name") : "";
        }
    if (n == 0)
        return NULL;
    qsort(silent, n, sizeof(*silent), by_text);
    for (size_t i = 0; i < n; i++)
        buf_addf(&b, "%s%s", i ? "," : "", silent[i]);
    return arena_strdup(a, buf_str(&b));
}

/* A quota on cpu or memory wants every container to say what it needs. */
static int check_said(Arena *a, const char *quota_name, const Usages *hard, const Value *pod,
                      Err *err)
{
    static const char *const names[] = {"cpu",    "limits.cpu",   "limits.memory",
                                        "memory", "requests.cpu", "requests.memory"};
    AUTO_BUF b = BUF_INIT;

    if (value_at(pod, "spec.resources"))
        return 0;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        const char *who = usages_get(hard, names[i]) ? silent_containers(a, pod, names[i]) : NULL;

        if (who)
            buf_addf(&b, "%s%s for: %s", b.len ? "; " : "", names[i], who);
    }
    if (b.len == 0)
        return 0;
    return err_set(err, ERR_FORBIDDEN, "failed quota: %s: must specify %s", quota_name,
                   buf_str(&b));
}

static void print_usage(Buf *b, const char *name, const Quantity *q)
{
    char text[QUANTITY_TEXT_MAX];

    buf_addf(b, "%s%s=%s", b->len ? "," : "", name, quantity_print(q, text));
}

static Value *quantity_value_of(Arena *a, const Quantity *q)
{
    char text[QUANTITY_TEXT_MAX];

    return value_str(a, quantity_print(q, text));
}

static Usages weigh_at(Arena *a, const Resource *r, const Value *object, int64_t now_us)
{
    Usages all = quota_weigh(a, r, object), left = {0};

    if (!is_pod(r) || now_us <= quota_overdue_us(object))
        return all;
    for (uint32_t i = 0; i < all.n; i++)
        if (str_starts(all.items[i].name, "count/"))
            usages_set(a, &left, all.items[i].name, all.items[i].amount);
    return left;
}

/* The change that old -> new makes to what this quota counts. */
static Usages delta_of(Arena *a, const Value *quota, const Resource *r, const Value *old,
                       const Value *new, int64_t now_us)
{
    Usages delta = {0}, before = {0};

    if (quota_applies(quota, r, new))
        delta = weigh_at(a, r, new, now_us);
    if (quota_applies(quota, r, old))
        before = weigh_at(a, r, old, now_us);
    for (uint32_t i = 0; i < before.n; i++) {
        const Quantity *there = usages_get(&delta, before.items[i].name);
        Quantity zero = quantity_of(0, before.items[i].amount.format);

        usages_set(a, &delta, before.items[i].name,
                   quantity_sub(there ? *there : zero, before.items[i].amount));
    }
    return delta;
}

/* What is above the limit, in the words of the refusal. */
typedef struct Excess {
    Buf wanted, in_use, limited;
} Excess;

static void excess_done(Excess *x)
{
    buf_done(&x->wanted);
    buf_done(&x->in_use);
    buf_done(&x->limited);
}

/* The new status; NULL when nothing changes. `hard` is sorted. */
static Value *charge(Arena *a, const Value *quota, const Usages *hard, const Usages *delta,
                     Excess *excess)
{
    Usages used = usages_of(a, value_at(quota, "status.used"));
    bool is_changed = false;

    for (uint32_t i = 0; i < hard->n; i++) {
        const char *key = hard->items[i].name;
        const Quantity *d = usages_get(delta, key), *u = usages_get(&used, key);
        Quantity now = u ? *u : quantity_of(0, QUANTITY_DECIMAL_SI), then;

        if (!d || d->nano == 0)
            continue;
        then = quantity_add(now, *d);
        if (then.nano < 0)
            then = quantity_of(0, then.format);
        if (d->nano > 0 && quantity_cmp(&then, &hard->items[i].amount) > 0) {
            print_usage(&excess->wanted, key, d);
            print_usage(&excess->in_use, key, &now);
            print_usage(&excess->limited, key, &hard->items[i].amount);
        }
        usages_set(a, &used, key, then);
        is_changed = true;
    }
    return is_changed ? quota_status(a, hard, &used) : NULL;
}

int quota_admit(Arena *a, const Value *quota, const Resource *r, const Value *old, const Value *new,
                int64_t now_us, Value **ret, Err *err)
{
    const char *name = value_at_str(quota, "metadata.name");
    Usages hard = usages_of(a, value_at(quota, "spec.hard")), delta;
    __attribute__((cleanup(excess_done))) Excess x = {BUF_INIT, BUF_INIT, BUF_INIT};
    Value *status;

    *ret = NULL;
    usages_sort(&hard);
    if (!old && is_pod(r) && quota_applies(quota, r, new)) {
        int e = check_said(a, name, &hard, new, err);

        if (e < 0)
            return e;
    }
    delta = delta_of(a, quota, r, old, new, now_us);
    status = charge(a, quota, &hard, &delta, &x);
    if (x.wanted.len > 0)
        return err_set(err, ERR_FORBIDDEN,
                       "exceeded quota: %s, requested: %s, used: %s, limited: %s", name,
                       buf_str(&x.wanted), buf_str(&x.in_use), buf_str(&x.limited));
    *ret = status;
    return 0;
}

Value *quota_follow(Arena *a, const Value *quota, const Resource *r, const Value *old,
                    const Value *new, int64_t now_us)
{
    Usages hard = usages_of(a, value_at(quota, "spec.hard"));
    Usages delta = delta_of(a, quota, r, old, new, now_us);
    __attribute__((cleanup(excess_done))) Excess ignored = {BUF_INIT, BUF_INIT, BUF_INIT};

    usages_sort(&hard);
    return charge(a, quota, &hard, &delta, &ignored);
}

Value *quota_status(Arena *a, const Usages *hard, const Usages *used)
{
    Value *status = value_object(a), *h = value_object(a), *u = value_object(a);
    Quantity zero = quantity_of(0, QUANTITY_DECIMAL_SI);

    for (uint32_t i = 0; i < hard->n; i++) {
        const char *key = hard->items[i].name;
        const Quantity *q = usages_get(used, key);

        value_set(a, h, key, quantity_value_of(a, &hard->items[i].amount));
        value_set(a, u, key, quantity_value_of(a, q ? q : &zero));
    }
    value_set(a, status, "hard", h);
    value_set(a, status, "used", u);
    return status;
}

Value *quota_recount(Arena *a, const Value *quota, const QuotaObjs *all, size_t n, int64_t now_us)
{
    Usages hard = usages_of(a, value_at(quota, "spec.hard")), used = {0};

    usages_sort(&hard);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < all[i].n; j++) {
            const Value *v = all[i].items[j];
            Usages u = {0};

            if (quota_applies(quota, all[i].resource, v))
                u = weigh_at(a, all[i].resource, v, now_us);
            for (uint32_t k = 0; k < u.n; k++)
                if (usages_get(&hard, u.items[k].name))
                    usages_add(a, &used, u.items[k].name, u.items[k].amount);
        }
    return quota_status(a, &hard, &used);
}

const char *quota_counted(const char *name)
{
    static const char *const plain[] = {"services", "persistentvolumeclaims", "configmaps",
                                        "secrets",  "replicationcontrollers", "resourcequotas"};
    const char *dot;

    if (str_starts(name, "count/")) {
        const Resource *all;
        size_t n;

        name += strlen("count/");
        dot = strchr(name, '.');
        all = resources_builtin(&n);
        for (size_t i = 0; i < n; i++) {
            size_t len = strlen(all[i].plural);

            if (strncmp(all[i].plural, name, len) == 0 &&
                (dot ? name + len == dot && str_eq(all[i].group, dot + 1)
                     : !name[len] && !*all[i].group))
                return all[i].storage;
        }
        return NULL;
    }
    for (size_t i = 0; i < ARRAY_LEN(plain); i++)
        if (strcmp(name, plain[i]) == 0)
            return plain[i];
    if (str_starts(name, "services."))
        return "services";
    if (strcmp(name, "requests.storage") == 0 || strstr(name, ".storageclass.storage.k8s.io/"))
        return "persistentvolumeclaims";
    if (strstr(name, ".deviceclass.resource.k8s.io/"))
        return "resource/resourceclaims";
    return "pods";
}
