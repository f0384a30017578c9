/*
 * validate_names.c - the name checks of k8s.io/apimachinery/pkg/util/validation, without regular
 * expressions.
 */
#include "api/address.h"
#include "api/validate_int.h"

#include <ctype.h>
#include <stdarg.h>

#define LABEL_MSG                                                                                  \
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "   \
    "must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex "     \
    "used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
#define SUBDOMAIN_MSG                                                                              \
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "   \
    "'.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used "  \
    "for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
#define UNDERSCORE_MSG                                                                             \
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' " \
    "or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex "    \
    "used for validation is "                                                                      \
    "'_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')"
#define WILDCARD_MSG                                                                               \
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, "      \
    "which must consist of lower case alphanumeric characters, '-' or '.' and end with an "        \
    "alphanumeric character (e.g. '*.example.com', regex used for validation is "                  \
    "'\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
#define DNS1035_MSG                                                                                \
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "   \
    "alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or "           \
    "'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
#define NAME_PART                                                                                  \
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "    \
    "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for "         \
    "validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
#define LABEL_VALUE_MSG                                                                            \
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or "    \
    "'.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or "             \
    "'my_value',  or '12345', regex used for validation is "                                       \
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"

static void add(Msgs *m, const char *text)
{
    if (m->n < ARRAY_LEN(m->items))
        m->items[m->n++] = text;
}

static bool is_lower_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_alnum(char c)
{
    return is_lower_alnum(c) || (c >= 'A' && c <= 'Z');
}

static bool is_label(const char *s, size_t n, bool underscore)
{
    if (underscore && n > 0 && s[0] == '_') {
        s++;
        n--;
    }
    if (n == 0 || !is_lower_alnum(s[0]) || !is_lower_alnum(s[n - 1]))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!is_lower_alnum(s[i]) && s[i] != '-' && !(underscore && s[i] == '_'))
            return false;
    return true;
}

static bool is_subdomain(const char *s, bool underscore)
{
    for (;;) {
        size_t n = strcspn(s, ".");

        if (!is_label(s, n, underscore))
            return false;
        if (s[n] == '\0')
            return true;
        s += n + 1;
    }
}

void names__dns1123_label(const char *s, Msgs *m)
{
    size_t n = strlen(s);

    if (n > 63)
        add(m, "must be no more than 63 characters");
    if (!is_label(s, n, false))
        add(m, is_subdomain(s, false) ? "must not contain dots" : LABEL_MSG);
}

void names__dns1123_subdomain(const char *s, Msgs *m)
{
    if (strlen(s) > 253)
        add(m, "must be no more than 253 characters");
    if (!is_subdomain(s, false))
        add(m, SUBDOMAIN_MSG);
}

void names__dns1123_subdomain_underscore(const char *s, Msgs *m)
{
    if (strlen(s) > 253)
        add(m, "must be no more than 253 characters");
    if (!is_subdomain(s, true))
        add(m, UNDERSCORE_MSG);
}

void names__wildcard_subdomain(const char *s, Msgs *m)
{
    if (strlen(s) > 253)
        add(m, "must be no more than 253 characters");
    if (!str_starts(s, "*.") || !is_subdomain(s + 2, false))
        add(m, WILDCARD_MSG);
}

void names__dns1035_label(const char *s, Msgs *m)
{
    size_t n = strlen(s);

    if (n > 63)
        add(m, "must be no more than 63 characters");
    if (!is_label(s, n, false) || isdigit((unsigned char)s[0]))
        add(m, DNS1035_MSG);
}

/* ([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9] */
static bool is_name_part(const char *s)
{
    size_t n = strlen(s);

    if (n == 0 || !is_alnum(s[0]) || !is_alnum(s[n - 1]))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!is_alnum(s[i]) && !strchr("-_.", s[i]))
            return false;
    return true;
}

static void add_prefix_part(Msgs *m, const char *prefix)
{
    if (prefix[0] == '\0')
        add(m, "prefix part must be non-empty");
    else if (strlen(prefix) > 253)
        add(m, "prefix part must be no more than 253 characters");
    if (prefix[0] && !is_subdomain(prefix, false))
        add(m, "prefix part " SUBDOMAIN_MSG);
}

void names__qualified(const char *s, Msgs *m)
{
    const char *slash = strchr(s, '/'), *name = slash ? slash + 1 : s;
    char prefix[320];

    if (slash && strchr(slash + 1, '/')) {
        add(m, "a valid label key " NAME_PART
               " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
        return;
    }
    if (slash) {
        snprintf(prefix, sizeof(prefix), "%.*s", (int)MIN(slash - s, 300), s);
        add_prefix_part(m, prefix);
    }
    if (name[0] == '\0')
        add(m, "name part must be non-empty");
    else if (strlen(name) > 63)
        add(m, "name part must be no more than 63 bytes");
    if (!is_name_part(name))
        add(m, "name part " NAME_PART);
}

void names__label_value(const char *s, Msgs *m)
{
    if (strlen(s) > 63)
        add(m, "must be no more than 63 bytes");
    if (s[0] && !is_name_part(s))
        add(m, LABEL_VALUE_MSG);
}

void names__path_segment(const char *s, Msgs *m)
{
    if (strcmp(s, ".") == 0)
        add(m, "may not be '.'");
    else if (strcmp(s, "..") == 0)
        add(m, "may not be '..'");
    else {
        if (strchr(s, '/'))
            add(m, "may not contain '/'");
        if (strchr(s, '%'))
            add(m, "may not contain '%'");
    }
}

void names__config_key(const char *s, Msgs *m)
{
    size_t good = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._");

    if (strlen(s) > 253)
        add(m, "must be no more than 253 characters");
    if (s[0] == '\0' || s[good] != '\0')
        add(m, "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. "
               "'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is "
               "'[-._a-zA-Z0-9]+')");
    if (strcmp(s, ".") == 0)
        add(m, "must not be '.'");
    else if (strcmp(s, "..") == 0)
        add(m, "must not be '..'");
    else if (str_starts(s, ".."))
        add(m, "must not start with '..'");
}

void names__port_name(const char *s, Msgs *m)
{
    size_t n = strlen(s);

    if (n > 15)
        add(m, "must be no more than 15 characters");
    if (n == 0 || strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-") != n)
        add(m, "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
    if (!strpbrk(s, "abcdefghijklmnopqrstuvwxyz"))
        add(m, "must contain at least one letter (a-z)");
    if (strstr(s, "--"))
        add(m, "must not contain consecutive hyphens");
    if (n > 0 && (s[0] == '-' || s[n - 1] == '-'))
        add(m, "must not begin or end with a hyphen");
}

void names__env_name(const char *s, Msgs *m)
{
    bool ok = s[0] != '\0';

    for (const char *p = s; *p; p++)
        ok &= *p >= ' ' && *p <= '~' && *p != '=';
    if (!ok)
        add(m, "a valid environment variable name must consist only of printable ASCII characters "
               "other than '='");
}

void names__http_header(const char *s, Msgs *m)
{
    size_t good = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

    if (s[0] == '\0' || s[good] != '\0')
        add(m, "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. "
               "'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')");
}

void names__percent(const char *s, Msgs *m)
{
    size_t n = strspn(s, "0123456789");

    if (n == 0 || strcmp(s + n, "%") != 0)
        add(m, "a valid percent string must be a numeric string followed by an ending '%' (e.g. "
               "'1%',  or '93%', regex used for validation is '[0-9]+%')");
}

bool names__is_ipv6(const char *s)
{
    Address ip;

    return address_parse(s, &ip) && ip.n_bits == 128;
}

bool names__is_ip(const char *s)
{
    Address ip;

    return address_parse(s, &ip);
}

bool names__has_backstep(const char *path)
{
    for (const char *s = path;; s++) {
        size_t n = strcspn(s, "/");

        if (n == 2 && s[0] == '.' && s[1] == '.')
            return true;
        s += n;
        if (!*s)
            return false;
    }
}

/* ---- the public ones: the first message ---- */

static const char *first(NameFn fn, const char *s)
{
    Msgs m = {.n = 0};

    fn(s, &m);
    return m.n > 0 ? m.items[0] : NULL;
}

const char *validate_dns1123_label(const char *s)
{
    return first(names__dns1123_label, s);
}

const char *validate_dns1123_subdomain(const char *s)
{
    return first(names__dns1123_subdomain, s);
}

const char *validate_dns1035_label(const char *s)
{
    return first(names__dns1035_label, s);
}

const char *validate_qualified_name(const char *s)
{
    return first(names__qualified, s);
}

const char *validate_label_value(const char *s)
{
    return first(names__label_value, s);
}

const char *validate_path_segment(const char *s)
{
    return first(names__path_segment, s);
}

void check_domain_path(FieldErrs *e, const Path *p, const char *s)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "/-._~%!$&'()*+,;=:";
    const char *slash = strchr(s, '/');

    if (s[0] == '\0') {
        missing(e, p, NULL);
        return;
    }
    if (!slash || slash == s || slash[1] == '\0') {
        bad_str(e, p, s, "must be a domain-prefixed path (such as \"acme.io/foo\")");
        return;
    }
    check_name(e, p, arena_strndup(e->arena, s, (size_t)(slash - s)), names__dns1123_subdomain);
    if (slash[1 + strspn(slash + 1, letters)] != '\0')
        bad_str(e, p, slash + 1,
                "Invalid path (regex used for validation is "
                "'[A-Za-z0-9/\\-._~%%!$&'()*+,;=:]+')");
}
