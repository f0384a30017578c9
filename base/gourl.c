#include "base/gourl.h"

#include "base/goaddr.h"

#include <ctype.h>

/* Where a text is escaped: what may stand there plain, and what an escape may mean. */
typedef enum Mode { MODE_PATH, MODE_HOST, MODE_ZONE, MODE_USER } Mode;

static const Slice none = {"", 0};

static int hex(char c)
{
    c = (char)tolower((unsigned char)c);
    return isdigit((unsigned char)c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_escape(Slice s, size_t at)
{
    return at + 2 < s.len && hex(s.ptr[at + 1]) >= 0 && hex(s.ptr[at + 2]) >= 0;
}

static bool is_unreserved(char c)
{
    return isalnum((unsigned char)c) || (c && strchr("-_.~", c));
}

static bool is_host_char(char c)
{
    return is_unreserved(c) || (c && strchr("!$&'()*+,;=:[]<>\"", c));
}

/* ---- quoting ---- */

/* The length of the UTF-8 character at the start; 0: it is none. */
static size_t utf8_len(Slice s)
{
    unsigned char c = (unsigned char)s.ptr[0];
    size_t n = c < 0x80 ? 1 : c >= 0xc2 && c < 0xe0 ? 2 : c >= 0xe0 && c < 0xf0 ? 3 : 4;
    unsigned char c1;

    if (n == 1)
        return 1;
    if ((n == 4 && (c < 0xf0 || c > 0xf4)) || n > s.len)
        return 0;
    for (size_t i = 1; i < n; i++)
        if (((unsigned char)s.ptr[i] & 0xc0) != 0x80)
            return 0;
    c1 = (unsigned char)s.ptr[1];
    if ((c == 0xe0 && c1 < 0xa0) || (c == 0xed && c1 > 0x9f) || (c == 0xf0 && c1 < 0x90) ||
        (c == 0xf4 && c1 > 0x8f))
        return 0;
    return n;
}

static void quote_ascii(char c, Buf *out)
{
    static const char from[] = "\a\b\f\n\r\t\v\\\"", to[] = "abfnrtv\\\"";
    const char *p = c ? strchr(from, c) : NULL;

    if (p)
        buf_addf(out, "\\%c", to[p - from]);
    else if ((unsigned char)c < 0x20 || c == 0x7f)
        buf_addf(out, "\\x%02x", (unsigned char)c);
    else
        buf_addc(out, c);
}

void gourl_quote(Slice s, Buf *out)
{
    buf_addc(out, '"');
    while (s.len > 0) {
        size_t n = utf8_len(s);

        if (n == 0)
            buf_addf(out, "\\x%02x", (unsigned char)s.ptr[0]);
        else if (n == 1)
            quote_ascii(s.ptr[0], out);
        else
            buf_add(out, s.ptr, n);
        s = slice_behind(s, MAX(n, (size_t)1));
    }
    buf_addc(out, '"');
}

/* ---- what is wrong: NULL `why` only asks ---- */

static bool wrong(Buf *why, const char *text)
{
    if (why)
        buf_adds(why, text);
    return false;
}

static bool wrong_about(Buf *why, const char *before, Slice s, const char *after)
{
    if (!why)
        return false;
    buf_adds(why, before);
    gourl_quote(s, why);
    buf_adds(why, after);
    return false;
}

static bool wrong_escape(Buf *why, Slice s)
{
    return wrong_about(why, "invalid URL escape ", slice_until(s, MIN(s.len, (size_t)3)), "");
}

/* ---- escapes ---- */

/* In a host only what is not ASCII may be escaped, in a zone what a host may have as it is. */
static bool may_escape(Slice s, Mode mode)
{
    int value = hex(s.ptr[1]) * 16 + hex(s.ptr[2]);

    if (value == '%')
        return true;
    if (mode == MODE_HOST)
        return value >= 0x80;
    return mode != MODE_ZONE || value == ' ' || is_host_char((char)value);
}

static bool check_part(Slice s, Mode mode, Buf *why)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool is_host = mode == MODE_HOST || mode == MODE_ZONE;

        if (c == '%') {
            if (!is_escape(s, i) || !may_escape(slice_behind(s, i), mode))
                return wrong_escape(why, slice_behind(s, i));
            i += 2;
        } else if (is_host && (unsigned char)c < 0x80 && !is_host_char(c)) {
            return wrong_about(why, "invalid character ", slice_until(slice_behind(s, i), 1),
                               " in host name");
        }
    }
    return true;
}

bool gourl_unescape(Slice s, bool is_query, Buf *out)
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

/* ---- host ---- */

static bool check_port(Slice port, Buf *why)
{
    for (size_t i = 0; i < port.len; i++)
        if (i == 0 ? port.ptr[0] != ':' : !isdigit((unsigned char)port.ptr[i]))
            return wrong_about(why, "invalid port ", port, " after host");
    return true;
}

static bool wrong_address(Buf *why, Slice name, const char *text, Slice at)
{
    (void)wrong_about(why, "invalid host: ParseAddr(", name, "): ");
    (void)wrong(why, text);
    return at.len > 0 ? wrong_about(why, " (at ", at, ")") : false;
}

/* What stands in brackets, without escapes: an IPv6 address, perhaps with a zone. */
static bool check_address(Slice name, Buf *why)
{
    size_t zone = slice_find(name, '%'), colon = slice_find(name, ':'), dot = slice_find(name, '.');
    bool is_zoned = zone != SIZE_MAX && colon < zone && colon < dot;
    Slice at = none;
    GoAddr address;
    const char *text;

    if (is_zoned && zone + 1 == name.len)
        return wrong_address(why, name, "zone must be a non-empty string", none);
    text = goaddr_parse(is_zoned ? slice_until(name, zone) : name, &address, &at);
    if (text)
        return wrong_address(why, name, text, at);
    return address.size == 4 ? wrong(why, "invalid IP-literal") : true;
}

static bool check_literal(Slice host, Buf *why)
{
    size_t close = slice_find_last(host, ']'), zone = SIZE_MAX;
    AUTO_BUF plain = BUF_INIT;
    Slice name;

    if (close == SIZE_MAX)
        return wrong(why, "missing ']' in host");
    if (!check_port(slice_behind(host, close + 1), why))
        return false;
    name = slice_behind(slice_until(host, close), 1);
    for (size_t i = 0; i + 2 < name.len && zone == SIZE_MAX; i++)
        if (slice_starts(slice_behind(name, i), "%25"))
            zone = i;
    if (!check_part(zone == SIZE_MAX ? name : slice_until(name, zone), MODE_HOST, why) ||
        (zone != SIZE_MAX && !check_part(slice_behind(name, zone), MODE_ZONE, why)))
        return false;
    (void)gourl_unescape(name, false, &plain); /* was checked */
    return check_address(buf_slice(&plain), why);
}

static bool check_host(Slice host, Buf *why)
{
    size_t open = slice_find_last(host, '['), colon = slice_find(host, ':');

    if (open == 0)
        return check_literal(host, why);
    if (open != SIZE_MAX)
        return wrong(why, "invalid IP-literal");
    return (colon == SIZE_MAX || check_port(slice_behind(host, colon), why)) &&
           check_part(host, MODE_HOST, why);
}

static bool check_user(Slice user, Buf *why)
{
    size_t colon = slice_find(user, ':');

    for (size_t i = 0; i < user.len; i++)
        if (!is_unreserved(user.ptr[i]) && !(user.ptr[i] && strchr(":!$&'()*+,;=%@", user.ptr[i])))
            return wrong(why, "net/url: invalid userinfo");
    return check_part(colon == SIZE_MAX ? user : slice_until(user, colon), MODE_USER, why) &&
           (colon == SIZE_MAX || check_part(slice_behind(user, colon + 1), MODE_USER, why));
}

static bool take_authority(Slice *s, GoUrl *u, Buf *why)
{
    Slice authority = slice_behind(*s, 2);
    size_t at = slice_find(authority, '/');

    *s = at == SIZE_MAX ? slice_behind(authority, authority.len) : slice_behind(authority, at);
    authority.len -= s->len;
    at = slice_find_last(authority, '@');
    u->host = at == SIZE_MAX ? authority : slice_behind(authority, at + 1);
    u->has_user = at != SIZE_MAX;
    if (u->has_user)
        u->user = slice_until(authority, at);
    return check_host(u->host, why) && (!u->has_user || check_user(u->user, why));
}

/* ---- the whole ---- */

/* The scheme at the start of *s, which then follows it; false when there is only a colon. */
static bool take_scheme(Slice *s, Slice *ret)
{
    for (size_t i = 0; i < s->len; i++) {
        char c = s->ptr[i];

        if (c == ':') {
            if (i == 0)
                return false;
            *ret = slice_until(*s, i);
            *s = slice_behind(*s, i + 1);
            return true;
        }
        if (!isalpha((unsigned char)c) && (i == 0 || !isalnum((unsigned char)c)) &&
            (i == 0 || !c || !strchr("+-.", c)))
            return true;
    }
    return true;
}

/* Neither scheme nor slash at the start. */
static bool check_relative(Slice s, GoUrlForm form, Buf *why)
{
    size_t slash = slice_find(s, '/'), colon = slice_find(s, ':');

    if (form == GOURL_REQUEST)
        return wrong(why, "invalid URI for request");
    if (colon != SIZE_MAX && (slash == SIZE_MAX || colon < slash))
        return wrong(why, "first path segment in URL cannot contain colon");
    return true;
}

/* Everything but the fragment. */
static bool parse(Slice s, GoUrlForm form, GoUrl *u, Buf *why)
{
    size_t at;

    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] < 0x20 || s.ptr[i] == 0x7f)
            return wrong(why, "net/url: invalid control character in URL");
    if (s.len == 0 && form == GOURL_REQUEST)
        return wrong(why, "empty url");
    if (slice_is(s, "*")) {
        u->path = s;
        return true;
    }
    if (!take_scheme(&s, &u->scheme))
        return wrong(why, "missing protocol scheme");
    at = slice_find(s, '?');
    if (at != SIZE_MAX) {
        u->query = slice_behind(s, at + 1);
        s.len = at;
    }
    if (s.len == 0 || s.ptr[0] != '/') {
        u->is_opaque = u->scheme.len > 0;
        if (u->is_opaque)
            return true;
        if (!check_relative(s, form, why))
            return false;
    }
    if (slice_starts(s, "//") &&
        (u->scheme.len > 0 || (form == GOURL_ANY && !slice_starts(s, "///"))) &&
        !take_authority(&s, u, why))
        return false;
    u->path = s;
    return check_part(s, MODE_PATH, why);
}

bool gourl_parse(Slice text, GoUrlForm form, GoUrl *ret, Buf *why)
{
    AUTO_BUF reason = BUF_INIT;
    Slice rest = text, about = text;
    size_t hash = form == GOURL_ANY ? slice_find(text, '#') : SIZE_MAX;
    bool is_right;

    *ret = (GoUrl){.text = text,
                   .scheme = none,
                   .user = none,
                   .host = none,
                   .path = none,
                   .query = none,
                   .fragment = none};
    if (hash != SIZE_MAX) {
        ret->fragment = slice_behind(text, hash + 1);
        rest = about = slice_until(text, hash);
    }
    is_right = parse(rest, form, ret, why ? &reason : NULL);
    if (is_right) {
        about = text;
        is_right = check_part(ret->fragment, MODE_PATH, why ? &reason : NULL);
    }
    if (!is_right && why) {
        (void)wrong_about(why, "parse ", about, ": ");
        buf_add_slice(why, buf_slice(&reason));
    }
    return is_right;
}

/* ---- printing ---- */

static void escape(Slice s, const char *plain, Buf *out)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];

        if (is_unreserved(c) || (c && strchr(plain, c)))
            buf_addc(out, c);
        else
            buf_addf(out, "%%%02X", (unsigned char)c);
    }
}

static void print_part(Slice s, const char *plain, Buf *out)
{
    AUTO_BUF text = BUF_INIT;

    (void)gourl_unescape(s, false, &text); /* was checked */
    escape(buf_slice(&text), plain, out);
}

void gourl_print_user(const GoUrl *u, Buf *out)
{
    static const char plain[] = "$&+,;=";
    size_t colon = slice_find(u->user, ':');

    print_part(colon == SIZE_MAX ? u->user : slice_until(u->user, colon), plain, out);
    if (colon != SIZE_MAX) {
        buf_addc(out, ':');
        print_part(slice_behind(u->user, colon + 1), plain, out);
    }
}

void gourl_print_path(const GoUrl *u, Buf *out)
{
    Slice path = u->path;

    for (size_t i = 0; i < path.len; i++)
        if (!is_unreserved(path.ptr[i]) &&
            !(path.ptr[i] && strchr("!$&'()*+,;=:@[]%/", path.ptr[i]))) {
            print_part(path, "$&+,/:;=@", out);
            return;
        }
    buf_add_slice(out, path);
}

void gourl_quote_list(const char *const *list, Buf *out)
{
    buf_addc(out, '[');
    for (size_t i = 0; list[i]; i++) {
        if (i > 0)
            buf_addc(out, ' ');
        gourl_quote(slice_of(list[i]), out);
    }
    buf_addc(out, ']');
}
