/*
 * health.c - a cluster's health is that of the store below it.
 */
#include "vcluster/health.h"

enum { ON_LIVEZ = 1u << 0, ON_READYZ = 1u << 1, ON_HEALTHZ = 1u << 2, ON_ALL = 7 };

static bool is_fine(Request *req UNUSED)
{
    return true;
}

static bool is_stored(Request *req)
{
    return store_is_healthy(req->state->vc->store);
}

static const struct {
    const char *name;
    unsigned on;
    bool (*check)(Request *req);
} checks[] = {
    {"ping", ON_ALL, is_fine},
    {"log", ON_ALL, is_fine},
    {"etcd", ON_HEALTHZ | ON_READYZ, is_stored},
    {"etcd", ON_LIVEZ, is_fine}, /* a server that starts anew does not mend the store */
    {"etcd-readiness", ON_READYZ, is_stored},
    {"informer-sync", ON_READYZ, is_fine},
    {"shutdown", ON_READYZ, is_fine},
};

static const struct {
    const char *name;
    unsigned bit;
} kinds[] = {{"healthz", ON_HEALTHZ}, {"livez", ON_LIVEZ}, {"readyz", ON_READYZ}};

static unsigned bit_of(const char *kind)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (str_eq(kinds[i].name, kind))
            return kinds[i].bit;
    return 0;
}

bool health_serves(const char *first_part)
{
    return bit_of(first_part) != 0;
}

void health_each_path(void (*fn)(const char *path, void *data), void *data, Arena *a)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        fn(arena_printf(a, "/%s", kinds[i].name), data);
        for (size_t k = 0; k < ARRAY_LEN(checks); k++)
            if (checks[k].on & kinds[i].bit)
                fn(arena_printf(a, "/%s/%s", kinds[i].name, checks[k].name), data);
    }
}

static int answer(Request *req, int status, Buf *text)
{
    size_t n = text->len;
    char *p = buf_take(text);

    arena_on_free(req->arena, free, p);
    reply_header(req, "X-Content-Type-Options", "nosniff");
    return reply_text(req, status, "text/plain; charset=utf-8", (Slice){p, n});
}

/* Takes `name` out of the list of what is to be left out. */
static bool take_excluded(QueryParam *left, uint32_t n, const char *name)
{
    bool found = false;

    for (uint32_t i = 0; i < n; i++)
        if (left[i].value && str_eq(left[i].value, name)) {
            left[i].value = NULL;
            found = true;
        }
    return found;
}

/* Excluded names that no check has; "" when there are none. */
static const char *unmatched(Request *req, const QueryParam *left, uint32_t n)
{
    AUTO_BUF out = BUF_INIT;

    for (uint32_t i = 0; i < n; i++)
        if (left[i].value)
            buf_addf(&out, "%s\"%s\"", out.len > 0 ? ", " : "", left[i].value);
    return arena_strdup(req->arena, buf_str(&out));
}

static int all_checks(Request *req, const char *kind)
{
    const Query *q = &req->state->query;
    QueryParam *left = arena_array(req->arena, QueryParam, q->n + 1);
    const char *odd;
    uint32_t n = 0;
    AUTO_BUF out = BUF_INIT;
    bool ok = true;

    for (uint32_t i = 0; i < q->n; i++)
        if (str_eq(q->items[i].key, "exclude"))
            left[n++] = q->items[i];
    for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
        if (!(checks[i].on & bit_of(kind)))
            continue;
        if (take_excluded(left, n, checks[i].name))
            buf_addf(&out, "[+]%s excluded: ok\n", checks[i].name);
        else if (checks[i].check(req))
            buf_addf(&out, "[+]%s ok\n", checks[i].name);
        else {
            buf_addf(&out, "[-]%s failed: reason withheld\n", checks[i].name);
            ok = false;
        }
    }
    odd = unmatched(req, left, n);
    if (odd[0])
        buf_addf(&out, "warn: some health checks cannot be excluded: no matches for %s\n", odd);
    buf_addf(&out, "%s check %s\n", kind, ok ? "passed" : "failed");
    if (ok && !query_has(q, "verbose")) {
        buf_reset(&out);
        buf_adds(&out, "ok");
    }
    return answer(req, ok ? 200 : 500, &out);
}

int health_serve(Request *req, const char *kind, const char *check)
{
    if (!check[0])
        return all_checks(req, kind);
    for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
        AUTO_BUF out = BUF_INIT;

        if (!(checks[i].on & bit_of(kind)) || !str_eq(checks[i].name, check))
            continue;
        if (checks[i].check(req))
            buf_adds(&out, "ok");
        else
            buf_adds(&out, "internal server error: reason withheld\n");
        return answer(req, out.len == 2 ? 200 : 500, &out);
    }
    return fail_plain_404(req);
}
