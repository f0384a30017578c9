/*
 * route.c - what a path asks for, read as apiserver's RequestInfoFactory does
 * (staging/src/k8s.io/apiserver/pkg/endpoints/request/requestinfo.go).
 *
 * Segments are split before they are decoded, so that an encoded slash never makes a new one.
 */
#include "vcluster/vcluster_int.h"

#include <ctype.h>

enum { MAX_PARTS = 64 };

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

const char *percent_encode(Arena *a, const char *s, const char *kept)
{
    AUTO_BUF out = BUF_INIT;

    for (const char *p = s; *p; p++) {
        if ((*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
            strchr(kept, *p))
            buf_addc(&out, *p);
        else
            buf_addf(&out, "%%%02X", (unsigned char)*p);
    }
    return arena_strdup(a, buf_str(&out));
}

char *percent_decode(Arena *a, const char *s, size_t n, bool is_query)
{
    char *out = arena_alloc(a, n + 1);
    size_t o = 0;

    for (size_t i = 0; i < n; i++) {
        if (s[i] == '%' && i + 2 < n && hex(s[i + 1]) >= 0 && hex(s[i + 2]) >= 0) {
            char c = (char)(hex(s[i + 1]) * 16 + hex(s[i + 2]));

            out[o++] = c ? c : ' '; /* a NUL never names anything */
            i += 2;
        } else if (s[i] == '+' && is_query)
            out[o++] = ' ';
        else
            out[o++] = s[i];
    }
    out[o] = '\0';
    return out;
}

void query_parse(Arena *a, const char *text, Query *ret)
{
    Slice rest = slice_of(text), pair;

    *ret = (Query){0};
    while (rest.len > 0) {
        Slice key;

        slice_cut(&rest, '&', &pair);
        if (pair.len == 0)
            continue;
        slice_cut(&pair, '=', &key);
        ARENA_GROW(a, ret->items, ret->n, ret->cap, 8);
        ret->items[ret->n].key = percent_decode(a, key.ptr, key.len, true);
        ret->items[ret->n++].value = percent_decode(a, pair.ptr ? pair.ptr : "", pair.len, true);
    }
}

const char *query_get(const Query *q, const char *key)
{
    for (uint32_t i = 0; i < q->n; i++)
        if (strcmp(q->items[i].key, key) == 0)
            return q->items[i].value;
    return NULL;
}

bool query_has(const Query *q, const char *key)
{
    return query_get(q, key) != NULL;
}

bool query_bool(const Query *q, const char *key)
{
    const char *v = query_get(q, key);

    return v && strcmp(v, "0") != 0 && strcasecmp(v, "false") != 0;
}

static const char *lower(Arena *a, const char *s)
{
    char *out = arena_strdup(a, s);

    for (char *p = out; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    return out;
}

static uint32_t split(Arena *a, const char *path, const char **parts)
{
    Slice rest = slice_of(path), part;
    uint32_t n = 0;

    while (rest.len > 0 && rest.ptr[0] == '/')
        rest = (Slice){rest.ptr + 1, rest.len - 1};
    while (rest.len > 0 && rest.ptr[rest.len - 1] == '/')
        rest.len--;
    while (rest.len > 0 && n < MAX_PARTS) {
        slice_cut(&rest, '/', &part);
        parts[n++] = percent_decode(a, part.ptr, part.len, false);
    }
    return n;
}

static const char *method_verb(const char *method)
{
    static const struct {
        const char *method, *verb;
    } table[] = {
        {"POST", "create"}, {"GET", "get"},     {"HEAD", "get"},
        {"PUT", "update"},  {"PATCH", "patch"}, {"DELETE", "delete"},
    };

    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        if (strcmp(table[i].method, method) == 0)
            return table[i].verb;
    return "";
}

/* The exact name that a field selector pins, for verbs without one in their path. */
static const char *selected_name(Arena *a, const char *fields)
{
    Slice rest = slice_of(fields), term, key;

    while (rest.len > 0) {
        slice_cut(&rest, ',', &term);
        if (!slice_cut(&term, '=', &key) || !slice_is(key, "metadata.name"))
            continue;
        if (term.len > 0 && term.ptr[0] == '=')
            term = (Slice){term.ptr + 1, term.len - 1};
        return arena_strndup(a, term.ptr, term.len);
    }
    return NULL;
}

static void find_verb(Arena *a, const Query *q, Route *ret)
{
    if (ret->name[0])
        return;
    if (str_eq(ret->verb, "get"))
        ret->verb = query_bool(q, "watch") ? "watch" : "list";
    if (str_eq(ret->verb, "list") || str_eq(ret->verb, "watch")) {
        const char *fields = query_get(q, "fieldSelector");
        const char *name = fields ? selected_name(a, fields) : NULL;

        if (name && !validate_path_segment(name))
            ret->name = name;
    }
    if (str_eq(ret->verb, "delete"))
        ret->verb = "deletecollection";
}

void route_parse(Arena *a, const char *method, const char *path, const Query *q, Route *ret)
{
    const char *parts[MAX_PARTS];
    uint32_t n = split(a, path, parts), i = 0;
    bool is_core;
    AUTO_BUF rest = BUF_INIT;

    *ret = (Route){.verb = lower(a, method), .group = "", .version = "", .ns = "", .rest = ""};
    ret->resource = ret->subresource = ret->name = "";
    ret->path = percent_decode(a, path, strlen(path), false);
    if (n == 0 || (!str_eq(parts[0], "api") && !str_eq(parts[0], "apis")))
        return;
    is_core = str_eq(parts[0], "api");
    if (n < (is_core ? 3u : 4u))
        return;
    ret->is_resource = true;
    i = 1;
    if (!is_core)
        ret->group = parts[i++];
    ret->version = parts[i++];
    if (str_eq(parts[i], "watch") || str_eq(parts[i], "proxy")) {
        ret->verb = parts[i];
        ret->is_watch_prefix = str_eq(parts[i], "watch");
        if (++i >= n) {
            ret->is_resource = false;
            return;
        }
    } else
        ret->verb = method_verb(method);
    ret->n_parts = n - i;
    if (str_eq(parts[i], "namespaces")) {
        if (i + 1 < n) {
            ret->ns = parts[i + 1];
            if (i + 2 < n && !str_eq(parts[i + 2], "status") && !str_eq(parts[i + 2], "finalize"))
                i += 2;
        }
    }
    ret->resource = parts[i];
    if (i + 1 < n) {
        ret->name = parts[i + 1];
        ret->is_item = true;
    }
    if (i + 2 < n)
        ret->subresource = parts[i + 2];
    for (uint32_t k = i + 3; k < n; k++)
        buf_addf(&rest, "%s%s", k > i + 3 ? "/" : "", parts[k]);
    ret->rest = arena_strdup(a, buf_str(&rest));
    find_verb(a, q, ret);
    if (ret->is_watch_prefix && str_eq(ret->verb, "watch") && ret->name[0])
        ret->verb = "watch";
    if (!ret->verb[0])
        ret->verb = lower(a, method);
}
