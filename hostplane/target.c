#include "hostplane/target.h"

#include "base/err.h"

#include <ctype.h>
#include <strings.h>

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool target_is_cluster_name(Slice s)
{
    if (s.len == 0 || s.len > 63 || s.ptr[0] == '-' || s.ptr[s.len - 1] == '-')
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (!(s.ptr[i] >= 'a' && s.ptr[i] <= 'z') && !(s.ptr[i] >= '0' && s.ptr[i] <= '9') &&
            s.ptr[i] != '-')
            return false;
    return true;
}

/* One path segment, still encoded: no dots alone, nothing encoded that would be one or a slash. */
static int check_segment(Slice seg, bool is_last, Err *err)
{
    size_t n_dots = 0, n_chars = 0;

    if (seg.len == 0 && !is_last)
        return err_set(err, ERR_BAD_REQUEST, "the path has an empty segment");
    for (size_t i = 0; i < seg.len; i++) {
        unsigned char c = (unsigned char)seg.ptr[i];

        if (c == '%') {
            int hi, lo;

            if (i + 2 >= seg.len || (hi = hex_digit(seg.ptr[i + 1])) < 0 ||
                (lo = hex_digit(seg.ptr[i + 2])) < 0)
                return err_set(err, ERR_BAD_REQUEST, "the path has a broken percent-encoding");
            c = (unsigned char)(hi << 4 | lo);
            i += 2;
            if (c == '/' || c == '\\')
                return err_set(err, ERR_BAD_REQUEST, "the path has an encoded slash");
        }
        if (c < 0x20 || c == 0x7f || c == '\\')
            return err_set(err, ERR_BAD_REQUEST, "the path has a character that is not allowed");
        n_dots += c == '.';
        n_chars++;
    }
    if (n_chars > 0 && n_chars == n_dots && n_chars <= 2)
        return err_set(err, ERR_BAD_REQUEST, "the path has a dot segment");
    return 0;
}

/* What a pod is asked for may be anything that can be decoded: it chooses nothing here. */
static int check_foreign_segment(Slice seg, Err *err)
{
    for (size_t i = 0; i < seg.len; i++) {
        int c = (unsigned char)seg.ptr[i], lo;

        if (c == '%') {
            if (i + 2 >= seg.len || (c = hex_digit(seg.ptr[i + 1])) < 0 ||
                (lo = hex_digit(seg.ptr[i + 2])) < 0)
                return err_set(err, ERR_BAD_REQUEST, "the path has a broken percent-encoding");
            c = c << 4 | lo;
            i += 2;
        }
        if (c < 0x20 || c == 0x7f)
            return err_set(err, ERR_BAD_REQUEST, "the path has a character that is not allowed");
    }
    return 0;
}

/* How far the path is one of api/v1/namespaces/NS/pods/NAME/proxy, or of services. */
static const char *const proxy_path[] = {"api", "v1", "namespaces", NULL, NULL, NULL, "proxy"};

static bool is_proxy_step(size_t step, Slice seg)
{
    if (step == 4)
        return slice_is(seg, "pods") || slice_is(seg, "services");
    return !proxy_path[step] || slice_is(seg, proxy_path[step]);
}

static int check_path(Slice path, Err *err)
{
    Slice rest = {path.ptr + 1, path.len - 1}, seg;
    size_t at = 0, step = 0; /* ARRAY_LEN(proxy_path): what follows is for a pod */
    int r;

    for (;; at++) {
        bool is_last = !slice_cut(&rest, '/', &seg), is_prefix = false;

        r = step == ARRAY_LEN(proxy_path) ? check_foreign_segment(seg, err)
                                          : check_segment(seg, is_last, err);
        if (r < 0)
            return r;
        if (is_last)
            return 0;
        is_prefix = at < 2 && slice_starts(path, "/clusters/");
        if (step < ARRAY_LEN(proxy_path) && !is_prefix)
            step = is_proxy_step(step, seg) ? step + 1 : SIZE_MAX;
    }
}

int target_parse(Arena *a, const char *uri, Target *ret, Err *err)
{
    static const char prefix[] = "/clusters/";
    Slice query = slice_of(uri), path, name, authority = {"", 0};
    int r;

    if (uri[0] != '/') { /* absolute form: http://host/path */
        const char *begin = strstr(uri, "://"), *p = begin ? strchr(begin + 3, '/') : NULL;

        if (!p)
            return err_set(err, ERR_BAD_REQUEST, "the request target is not a path");
        authority = (Slice){begin + 3, (size_t)(p - begin - 3)};
        query = slice_of(p);
    }
    (void)slice_cut(&query, '?', &path); /* without '?' the query is empty */
    r = check_path(path, err);
    if (r < 0)
        return r;
    *ret = (Target){.authority = authority,
                    .query = arena_strndup(a, query.ptr ? query.ptr : "", query.len)};
    if (!slice_starts(path, prefix)) {
        ret->path = arena_strndup(a, path.ptr, path.len);
        return 0;
    }
    path = (Slice){path.ptr + sizeof(prefix) - 1, path.len - (sizeof(prefix) - 1)};
    (void)slice_cut(&path, '/', &name); /* without '/' the path below is empty */
    if (!target_is_cluster_name(name))
        return err_set(err, ERR_BAD_REQUEST, "'%.*s' is not the name of a cluster",
                       (int)MIN(name.len, 80), name.ptr);
    ret->cluster = arena_strndup(a, name.ptr, name.len);
    ret->path = arena_printf(a, "/%.*s", (int)path.len, path.len > 0 ? path.ptr : "");
    return 0;
}

static Slice without_port(Slice host)
{
    for (size_t i = host.len; i > 0; i--) {
        if (host.ptr[i - 1] == ':')
            return (Slice){host.ptr, i - 1};
        if (!isdigit((unsigned char)host.ptr[i - 1]))
            break;
    }
    return host;
}

Slice target_cluster_of_host(Slice host, const char *domain)
{
    size_t n = domain ? strlen(domain) : 0;

    host = without_port(host);
    if (n == 0 || host.len < n + 2 || host.ptr[host.len - n - 1] != '.' ||
        strncasecmp(host.ptr + host.len - n, domain, n) != 0)
        return (Slice){"", 0};
    host.len -= n + 1;
    return target_is_cluster_name(host) ? host : (Slice){"", 0};
}

bool target_is_in_cluster_host(Slice host)
{
    static const char *const names[] = {
        "kubernetes.default.svc.cluster.local",
        "kubernetes.default.svc",
        "kubernetes.default",
        "kubernetes",
    };

    host = without_port(host);
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (host.len == strlen(names[i]) && strncasecmp(host.ptr, names[i], host.len) == 0)
            return true;
    return false;
}
