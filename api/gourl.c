#include "api/gourl.h"

#include "base/value.h"

#include <ctype.h>

static const char *escape_mistake(Arena *a, const char *s, bool is_host)
{
    for (; *s; s++) {
        if (*s == '%') {
            bool is_hex = isxdigit((unsigned char)s[1]) && isxdigit((unsigned char)s[2]);

            /* in a host only bytes beyond ASCII may be escaped, and the sign itself */
            if (!is_hex || (is_host && s[1] < '8' && isdigit((unsigned char)s[1]) &&
                            strncmp(s, "%25", 3) != 0))
                return arena_printf(a, "invalid URL escape \"%.3s\"", s);
            s += 2;
        } else if (is_host && (unsigned char)*s < 0x80 && !isalnum((unsigned char)*s) &&
                   !strchr("-_.~!$&'()*+,;=:[]<>\"", *s)) {
            return arena_printf(a, "invalid character \"%s%c\" in host name",
                                *s == '\\' ? "\\" : "", *s);
        }
    }
    return NULL;
}

static bool is_port(const char *s) /* "", ":" or ":" and digits */
{
    return s[0] == '\0' || (s[0] == ':' && s[1 + strspn(s + 1, "0123456789")] == '\0');
}

static const char *host_mistake(Arena *a, const char *host)
{
    const char *port = strrchr(host, ':');

    if (host[0] == '[') {
        const char *end = strrchr(host, ']');

        if (!end)
            return "missing ']' in host";
        port = end + 1;
    }
    if (port && !is_port(port))
        return arena_printf(a, "invalid port \"%s\" after host", port);
    return escape_mistake(a, host, true);
}

static const char *read_authority(Arena *a, const char *authority, GoUrl *ret)
{
    const char *at = strrchr(authority, '@'), *wrong;

    ret->host = at ? at + 1 : authority;
    wrong = host_mistake(a, ret->host);
    if (wrong || !at)
        return wrong;
    ret->has_user = true;
    ret->user = arena_strndup(a, authority, (size_t)(at - authority));
    for (const char *c = ret->user; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("-._:~!$&'()*+,;=%@", *c))
            return "net/url: invalid userinfo";
    return escape_mistake(a, ret->user, false);
}

/* What stands before the first colon, when it can be a scheme; *rest stands behind it. */
static const char *read_scheme(Arena *a, const char **rest, GoUrl *ret)
{
    const char *s = *rest;

    for (size_t i = 0; s[i]; i++) {
        if (isalpha((unsigned char)s[i]))
            continue;
        if (s[i] == ':') {
            char *scheme = arena_strndup(a, s, i);

            if (i == 0)
                return "missing protocol scheme";
            for (char *c = scheme; *c; c++)
                *c = (char)tolower((unsigned char)*c);
            ret->scheme = scheme;
            *rest = s + i + 1;
            return NULL;
        }
        if (i == 0 || (!isdigit((unsigned char)s[i]) && !strchr("+-.", s[i])))
            return NULL;
    }
    return NULL;
}

static const char *read_hierarchy(Arena *a, const char *rest, GoUrl *ret)
{
    size_t first = strcspn(rest, "/");
    const char *wrong = NULL;

    if (rest[0] != '/') {
        if (ret->scheme[0])
            return NULL; /* opaque */
        if (memchr(rest, ':', first))
            return "first path segment in URL cannot contain colon";
    }
    if (str_starts(rest, "//") && (ret->scheme[0] || !str_starts(rest, "///"))) {
        size_t n = strcspn(rest + 2, "/");

        wrong = read_authority(a, arena_strndup(a, rest + 2, n), ret);
        rest += 2 + n;
    }
    return wrong ? wrong : escape_mistake(a, rest, false);
}

static const char *quoted(Arena *a, const char *text)
{
    AUTO_BUF out = BUF_INIT;

    value_print(value_str(a, text), &out);
    return arena_strdup(a, buf_str(&out));
}

const char *gourl_parse(Arena *a, const char *text, GoUrl *ret)
{
    size_t n = strcspn(text, "#");
    const char *whole = arena_strndup(a, text, n), *rest = whole, *wrong = NULL, *query;

    *ret = (GoUrl){.scheme = "", .user = "", .host = "", .query = "", .fragment = ""};
    for (const char *c = whole; *c && !wrong; c++)
        if (iscntrl((unsigned char)*c))
            wrong = "net/url: invalid control character in URL";
    if (!wrong)
        wrong = read_scheme(a, &rest, ret);
    if (wrong)
        return arena_printf(a, "parse %s: %s", quoted(a, whole), wrong);
    query = strchr(rest, '?');
    if (query)
        ret->query = query + 1;
    wrong = read_hierarchy(a, arena_strndup(a, rest, strcspn(rest, "?")), ret);
    if (wrong)
        return arena_printf(a, "parse %s: %s", quoted(a, whole), wrong);
    ret->fragment = text[n] ? text + n + 1 : "";
    wrong = escape_mistake(a, ret->fragment, false);
    return wrong ? arena_printf(a, "parse %s: %s", quoted(a, text), wrong) : NULL;
}
