#include "cel/cel_int.h"

#include <ctype.h>

/* URLs as Go's net/url reads them (ParseRequestURI first, which insists on an absolute path or a
 * scheme). */

#define NAME "kubernetes.URL"

static const Slice none = {"", 0};

typedef struct Url {
    Slice text, scheme, host, path, query; /* as written */
    bool is_opaque;                        /* mailto:x: no host, no path */
} Url;

static Slice behind(Slice s, size_t n)
{
    return (Slice){s.ptr + n, s.len - n};
}

static size_t find(Slice s, char c)
{
    const char *p = s.len > 0 ? memchr(s.ptr, c, s.len) : NULL;

    return p ? (size_t)(p - s.ptr) : SIZE_MAX;
}

static size_t find_last(Slice s, char c)
{
    for (size_t i = s.len; i > 0; i--)
        if (s.ptr[i - 1] == c)
            return i - 1;
    return SIZE_MAX;
}

static bool has_control(Slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] < 0x20 || s.ptr[i] == 0x7f)
            return true;
    return false;
}

static int hex(char c)
{
    c = (char)tolower((unsigned char)c);
    return isdigit((unsigned char)c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_escape(Slice s, size_t at)
{
    return at + 2 < s.len && hex(s.ptr[at + 1]) >= 0 && hex(s.ptr[at + 2]) >= 0;
}

/* What is wrong with the escapes of `s`, NULL: nothing. */
static const char *check_escapes(CelRun *run, Slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] == '%' && !is_escape(s, i))
            return run ? cel__err(run, "invalid URL escape \"%.*s\"",
                                  (int)MIN(s.len - i, (size_t)3), s.ptr + i)
                             .s.ptr
                       : "";
    return NULL;
}

static bool is_unreserved(char c)
{
    return isalnum((unsigned char)c) || (c && strchr("-_.~", c));
}

static const char *check_host(CelRun *run, Slice host)
{
    size_t colon, close;
    Slice port = none;

    if (host.len > 0 && host.ptr[0] == '[') {
        close = find_last(host, ']');
        if (close == SIZE_MAX)
            return "missing ']' in host";
        port = behind(host, close + 1);
    } else {
        colon = find_last(host, ':');
        if (colon != SIZE_MAX)
            port = behind(host, colon);
    }
    for (size_t i = 0; i < port.len; i++)
        if (i == 0 ? port.ptr[0] != ':' : !isdigit((unsigned char)port.ptr[i]))
            return run ? cel__err(run, "invalid port \"%.*s\" after host",
                                  (int)MIN(port.len, (size_t)200), port.ptr)
                             .s.ptr
                       : "";
    for (size_t i = 0; i < host.len; i++) {
        char c = host.ptr[i];

        if (c == '%' && !is_escape(host, i))
            return check_escapes(run, behind(host, i));
        if ((unsigned char)c < 0x80 && c != '%' && !is_unreserved(c) &&
            !strchr("!$&'()*+,;=:[]<>\"", c))
            return run ? cel__err(run, "invalid character \"%c\" in host name", c).s.ptr : "";
    }
    return NULL;
}

static const char *check_user(Slice user)
{
    for (size_t i = 0; i < user.len; i++)
        if (!is_unreserved(user.ptr[i]) && !(user.ptr[i] && strchr(":!$&'()*+,;=%@", user.ptr[i])))
            return "net/url: invalid userinfo";
    return NULL;
}

/* The scheme at the start of *s, which then follows it; false when there is only a colon. */
static bool take_scheme(Slice *s, Slice *ret)
{
    *ret = none;
    for (size_t i = 0; i < s->len; i++) {
        char c = s->ptr[i];

        if (c == ':') {
            if (i == 0)
                return false;
            *ret = (Slice){s->ptr, i};
            *s = behind(*s, i + 1);
            return true;
        }
        if (!isalpha((unsigned char)c) && (i == 0 || !isalnum((unsigned char)c)) &&
            (i == 0 || !c || !strchr("+-.", c)))
            return true;
    }
    return true;
}

/* NULL, or what is wrong. `run` NULL only asks. A fragment counts as path or query as in a request.
 */
static const char *parse(CelRun *run, Slice text, bool is_request, Url *ret)
{
    size_t at;
    Slice s = text;
    const char *wrong;

    *ret = (Url){.text = text, .scheme = none, .host = none, .path = none, .query = none};
    if (has_control(s))
        return "net/url: invalid control character in URL";
    if (!is_request && (at = find(s, '#')) != SIZE_MAX)
        s.len = at;
    if (s.len == 0)
        return is_request ? "empty url" : NULL;
    if (slice_is(s, "*")) {
        ret->path = s;
        return NULL;
    }
    if (!take_scheme(&s, &ret->scheme))
        return "missing protocol scheme";
    at = find(s, '?');
    if (at != SIZE_MAX) {
        ret->query = behind(s, at + 1);
        s.len = at;
    }
    if (s.len == 0 || s.ptr[0] != '/') {
        if (ret->scheme.len == 0)
            return is_request ? "invalid URI for request" : NULL;
        ret->is_opaque = true;
        return NULL;
    }
    if (ret->scheme.len > 0 && slice_starts(s, "//")) {
        Slice authority = behind(s, 2);

        at = find(authority, '/');
        s = at == SIZE_MAX ? behind(authority, authority.len) : behind(authority, at);
        authority.len -= s.len;
        at = find_last(authority, '@');
        ret->host = at == SIZE_MAX ? authority : behind(authority, at + 1);
        wrong = check_host(run, ret->host);
        if (!wrong && at != SIZE_MAX)
            wrong = check_user((Slice){authority.ptr, at});
        if (wrong)
            return wrong;
    }
    ret->path = s;
    return check_escapes(run, s);
}

const char *cel__url_check(CelRun *run, Slice text)
{
    Url u;
    const char *wrong = parse(run, text, true, &u);

    if (!wrong)
        wrong = parse(run, text, false, &u);
    if (!wrong)
        return NULL;
    return cel__err(run, "parse \"%.*s\": %s", (int)MIN(text.len, (size_t)1000), text.ptr, wrong)
        .s.ptr;
}

static CelVal url(CelRun *run, const CelVal *args, int n UNUSED)
{
    const char *wrong = cel__url_check(run, args[0].s);
    Url *u = cel__alloc(run, sizeof(*u));

    if (wrong)
        return cel__err(run, "URL parse error during conversion from string: %s", wrong);
    if (!u)
        return cel__err(run, "out of memory");
    (void)parse(run, args[0].s, false, u);
    return cel__opaque(cel__library_type(NAME), u);
}

static CelVal is_url(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    Url u;

    return cel__of_bool(parse(NULL, args[0].s, true, &u) == NULL);
}

static const Url *get(CelVal v)
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

/* `s` without escapes; '+' is a blank in queries. Wrong escapes: false. */
static bool unescape(Slice s, bool is_query, Buf *out)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '%') {
            if (!is_escape(s, i))
                return false;
            buf_addc(out, (char)(hex(s.ptr[i + 1]) * 16 + hex(s.ptr[i + 2])));
            i += 2;
        } else {
            buf_addc(out, is_query && s.ptr[i] == '+' ? ' ' : s.ptr[i]);
        }
    }
    return true;
}

static CelVal get_host(CelRun *run, const CelVal *args, int n UNUSED)
{
    AUTO_BUF out = BUF_INIT;

    (void)unescape(get(args[0])->host, false, &out); /* was checked */
    return cel__of_buf(run, &out);
}

static void split_host(Slice host, Slice *name, Slice *port)
{
    size_t colon = find_last(host, ':');

    *name = host;
    *port = (Slice){"", 0};
    if (colon != SIZE_MAX && find(behind(host, colon), ']') == SIZE_MAX) {
        *name = (Slice){host.ptr, colon};
        *port = behind(host, colon + 1);
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

/* The path as written if that is a valid encoding, else encoded anew. */
static CelVal get_escaped_path(CelRun *run, const CelVal *args, int n UNUSED)
{
    AUTO_BUF plain = BUF_INIT, out = BUF_INIT;
    Slice path = get(args[0])->path;
    bool is_valid = true;

    for (size_t i = 0; i < path.len && is_valid; i++)
        is_valid =
            is_unreserved(path.ptr[i]) || (path.ptr[i] && strchr("!$&'()*+,;=:@[]%/", path.ptr[i]));
    if (is_valid)
        return cel__of_str(path);
    (void)unescape(path, false, &plain); /* was checked */
    for (size_t i = 0; i < plain.len; i++) {
        char c = plain.ptr[i];

        if (is_unreserved(c) || (c && strchr("$&+,/:;=@", c)))
            buf_addc(&out, c);
        else
            buf_addf(&out, "%%%02X", (unsigned char)c);
    }
    return cel__of_buf(run, &out);
}

/* One "key=value" put into `map`. */
static CelVal add_query(CelRun *run, CelVal map, Slice part)
{
    AUTO_BUF key = BUF_INIT, value = BUF_INIT;
    CelVal name, before, *item = cel__alloc(run, sizeof(*item)), list;
    Slice head;

    if (part.len == 0 || find(part, ';') != SIZE_MAX)
        return map;
    (void)slice_cut(&part, '=', &head);
    if (!item || !unescape(head, true, &key) || !unescape(part, true, &value))
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
