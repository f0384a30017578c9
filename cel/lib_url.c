#include "base/gourl.h"
#include "cel/cel_int.h"

#include <ctype.h>

/* URLs as Go's net/url reads them (ParseRequestURI first, which insists on an absolute path or a
 * scheme). */

#define NAME "kubernetes.URL"

static bool is_right(Slice text, GoUrl *ret, Buf *why)
{
    return gourl_parse(text, GOURL_REQUEST, ret, why) && gourl_parse(text, GOURL_ANY, ret, why);
}

const char *cel__url_check(CelRun *run, Slice text)
{
    AUTO_BUF why = BUF_INIT;
    GoUrl u;

    return is_right(text, &u, &why) ? NULL : cel__err(run, "%s", buf_str(&why)).s.ptr;
}

static CelVal url(CelRun *run, const CelVal *args, int n UNUSED)
{
    AUTO_BUF why = BUF_INIT;
    GoUrl *u = cel__alloc(run, sizeof(*u));

    if (!u)
        return cel__err(run, "out of memory");
    if (!is_right(args[0].s, u, &why))
        return cel__err(run, "URL parse error during conversion from string: %s", buf_str(&why));
    return cel__opaque(cel__library_type(NAME), u);
}

static CelVal is_url(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    GoUrl u;

    return cel__of_bool(gourl_parse(args[0].s, GOURL_REQUEST, &u, NULL));
}

static const GoUrl *get(CelVal v)
{
    return v.opaque.ptr;
}

static CelVal get_scheme(CelRun *run, const CelVal *args, int n UNUSED)
{
    AUTO_BUF out = BUF_INIT;
    Slice s = get(args[0])->scheme;

    for (size_t i = 0; i < s.len; i++)
        buf_addc(&out, (char)tolower((unsigned char)s.ptr[i]));
    return cel__of_buf(run, &out);
}

static CelVal get_host(CelRun *run, const CelVal *args, int n UNUSED)
{
    AUTO_BUF out = BUF_INIT;

    (void)gourl_unescape(get(args[0])->host, false, &out); /* was checked */
    return cel__of_buf(run, &out);
}

static void split_host(Slice host, Slice *name, Slice *port)
{
    size_t colon = slice_find_last(host, ':');

    *name = host;
    *port = (Slice){"", 0};
    if (colon != SIZE_MAX && slice_find(slice_behind(host, colon), ']') == SIZE_MAX) {
        *name = (Slice){host.ptr, colon};
        *port = slice_behind(host, colon + 1);
    }
    if (name->len > 1 && name->ptr[0] == '[' && name->ptr[name->len - 1] == ']')
        *name = (Slice){name->ptr + 1, name->len - 2};
}

static CelVal get_hostname(CelRun *run, const CelVal *args, int n)
{
    CelVal host = get_host(run, args, n);
    Slice name, port;

    if (host.kind != CEL_STRING)
        return host;
    split_host(host.s, &name, &port);
    return cel__of_str(name);
}

static CelVal get_port(CelRun *run, const CelVal *args, int n)
{
    CelVal host = get_host(run, args, n);
    Slice name, port;

    if (host.kind != CEL_STRING)
        return host;
    split_host(host.s, &name, &port);
    return cel__of_str(port);
}

static CelVal get_escaped_path(CelRun *run, const CelVal *args, int n UNUSED)
{
    AUTO_BUF out = BUF_INIT;

    gourl_print_path(get(args[0]), &out);
    return cel__of_buf(run, &out);
}

/* One "key=value" put into `map`. */
static CelVal add_query(CelRun *run, CelVal map, Slice part)
{
    AUTO_BUF key = BUF_INIT, value = BUF_INIT;
    CelVal name, before, *item = cel__alloc(run, sizeof(*item)), list;
    Slice head;

    if (part.len == 0 || slice_find(part, ';') != SIZE_MAX)
        return map;
    (void)slice_cut(&part, '=', &head);
    if (!item || !gourl_unescape(head, true, &key) || !gourl_unescape(part, true, &value))
        return map;
    name = cel__of_buf(run, &key);
    *item = cel__of_buf(run, &value);
    list = cel__list(run, item, 1);
    if (name.kind != CEL_STRING || list.kind != CEL_LIST)
        return name;
    if (cel__map_find(run, map, name, &before))
        list = cel__list_add(run, before, list);
    return cel__map_insert(run, map, name, list, true);
}

static CelVal get_query(CelRun *run, const CelVal *args, int n UNUSED)
{
    CelVal map = cel__empty_map(run);
    Slice query = get(args[0])->query, part;

    for (bool more = true; more && map.kind == CEL_MAP;) {
        more = slice_cut(&query, '&', &part);
        map = add_query(run, map, part);
    }
    return map;
}

bool cel__url_equal(CelVal a, CelVal b)
{
    return slice_eq(get(a)->text, get(b)->text);
}

static CelFn fns[] = {
    FN("url", "string_to_url", "string", NAME, url),
    FN("isURL", "is_url_string", "string", "bool", is_url),
    METHOD("getScheme", "url_get_scheme", NAME, "string", get_scheme),
    METHOD("getHost", "url_get_host", NAME, "string", get_host),
    METHOD("getHostname", "url_get_hostname", NAME, "string", get_hostname),
    METHOD("getPort", "url_get_port", NAME, "string", get_port),
    METHOD("getEscapedPath", "url_get_escaped_path", NAME, "string", get_escaped_path),
    METHOD("getQuery", "url_get_query", NAME, "map(string,list(string))", get_query),
};

const CelLibTable cel__lib_url = {CEL_LIB_URL, fns, ARRAY_LEN(fns)};
