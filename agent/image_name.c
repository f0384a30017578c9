#include "agent/image_name.h"

#include "base/slice.h"

#include <ctype.h>

enum { PATH_MAX_LEN = 255, TAG_MAX = 128, HEX_MIN = 32, ID_LEN = 64 };

static bool is_hex(Slice s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (!isxdigit((unsigned char)s.ptr[i]) || isupper((unsigned char)s.ptr[i]))
            return false;
    }
    return true;
}

/* Where a character is first; the end when it is nowhere. */
static size_t find(Slice s, char c)
{
    return MIN(slice_find(s, c), s.len);
}

static Slice after(Slice s, size_t at)
{
    return slice_behind(s, MIN(at + 1, s.len));
}

/* ---- the parts ---- */

static bool is_host_part(Slice s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (!isalnum((unsigned char)s.ptr[i]) && (s.ptr[i] != '-' || i == 0 || i + 1 == s.len))
            return false;
    }
    return s.len > 0;
}

static bool is_number(Slice s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (!isdigit((unsigned char)s.ptr[i]))
            return false;
    }
    return s.len > 0;
}

/* "[fd00::1]": the length of it; 0: it is none. */
static size_t bracketed(Slice s)
{
    size_t n = 1;

    if (s.len == 0 || s.ptr[0] != '[')
        return 0;
    while (n < s.len && (isxdigit((unsigned char)s.ptr[n]) || s.ptr[n] == ':'))
        n++;
    return n > 1 && n < s.len && s.ptr[n] == ']' ? n + 1 : 0;
}

static bool is_domain(Slice s)
{
    size_t n = bracketed(s), colon = n > 0 ? n : find(s, ':');
    Slice host = slice_until(s, colon), part;
    bool has_more = true;

    if (colon < s.len && (s.ptr[colon] != ':' || !is_number(after(s, colon))))
        return false;
    if (n > 0)
        return true;
    while (has_more) {
        has_more = slice_cut(&host, '.', &part);
        if (!is_host_part(part))
            return false;
    }
    return true;
}

/* How many bytes at the head part two words of a path: ".", "_", "__" or dashes. */
static size_t separator(Slice s)
{
    size_t n = 0;

    if (s.len > 0 && s.ptr[0] == '.')
        return 1;
    if (s.len > 0 && s.ptr[0] == '_')
        return s.len > 1 && s.ptr[1] == '_' ? 2 : 1;
    while (n < s.len && s.ptr[n] == '-')
        n++;
    return n;
}

static bool is_path_part(Slice s)
{
    for (;;) {
        size_t n = 0;

        while (n < s.len && (islower((unsigned char)s.ptr[n]) || isdigit((unsigned char)s.ptr[n])))
            n++;
        if (n == 0)
            return false;
        s = slice_behind(s, n);
        if (s.len == 0)
            return true;
        n = separator(s);
        if (n == 0)
            return false;
        s = slice_behind(s, n);
    }
}

static bool is_path(Slice s)
{
    bool has_more = true;
    Slice part;

    while (has_more) {
        has_more = slice_cut(&s, '/', &part);
        if (!is_path_part(part))
            return false;
    }
    return true;
}

static bool is_tag(Slice s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];

        if (!isalnum((unsigned char)c) && c != '_' && ((c != '.' && c != '-') || i == 0))
            return false;
    }
    return s.len > 0 && s.len <= TAG_MAX;
}

/* "sha256": words of letters and digits, with one of -_+. between them. */
static bool is_algorithm(Slice s)
{
    bool at_begin = true;

    for (size_t i = 0; i < s.len; i++) {
        if (at_begin ? !isalpha((unsigned char)s.ptr[i])
                     : !isalnum((unsigned char)s.ptr[i]) && !memchr("-_+.", s.ptr[i], 4))
            return false;
        at_begin = !isalnum((unsigned char)s.ptr[i]);
    }
    return !at_begin;
}

static bool is_digest(Slice s)
{
    size_t colon = find(s, ':');
    Slice hex = after(s, colon);

    for (size_t i = 0; i < hex.len; i++) {
        if (!isxdigit((unsigned char)hex.ptr[i]))
            return false;
    }
    return is_algorithm(slice_until(s, colon)) && hex.len >= HEX_MIN;
}

/* ---- the whole ---- */

typedef struct Parts {
    Slice name, tag, digest;
    bool has_tag, has_digest;
} Parts;

static Parts split(Slice s)
{
    Parts p = {.name = s};
    size_t at = find(s, '@'), slash, colon;

    if (at < s.len) {
        p.has_digest = true;
        p.digest = after(s, at);
        p.name = slice_until(s, at);
    }
    slash = slice_find_last(p.name, '/');
    slash = slash < p.name.len ? slash + 1 : 0;
    colon = find(slice_behind(p.name, slash), ':');
    if (slash + colon < p.name.len) {
        p.has_tag = true;
        p.tag = after(p.name, slash + colon);
        p.name = slice_until(p.name, slash + colon);
    }
    return p;
}

/* *ret_path: without the host, when that looks like one. */
static bool is_reference(Slice s, Slice *ret_path)
{
    Parts p = split(s);
    size_t slash = find(p.name, '/');
    Slice rest = after(p.name, slash);
    bool has_domain = slash < p.name.len && is_domain(slice_until(p.name, slash)) && is_path(rest);

    *ret_path = has_domain ? rest : p.name;
    return (has_domain || is_path(p.name)) && (!p.has_tag || is_tag(p.tag)) &&
           (!p.has_digest || is_digest(p.digest));
}

/* A host is told from the first word of a path by a dot, a colon or a capital, or by its name. */
static bool has_host(Slice s, size_t slash)
{
    if (slash >= s.len)
        return false;
    for (size_t i = 0; i < slash; i++) {
        if (s.ptr[i] == '.' || s.ptr[i] == ':' || isupper((unsigned char)s.ptr[i]))
            return true;
    }
    return slice_is(slice_until(s, slash), "localhost");
}

static const char *digest_error(Slice digest)
{
    static const struct {
        const char *name;
        size_t n_hex;
    } algorithms[] = {{"sha256", 64}, {"sha384", 96}, {"sha512", 128}};
    size_t colon = find(digest, ':');
    Slice hex = after(digest, colon);

    for (size_t i = 0; i < ARRAY_LEN(algorithms); i++) {
        if (!slice_is(slice_until(digest, colon), algorithms[i].name))
            continue;
        if (hex.len != algorithms[i].n_hex)
            return "invalid checksum digest length";
        return is_hex(hex) ? NULL : "invalid checksum digest format";
    }
    return "unsupported digest algorithm";
}

const char *image_name_error(Arena *a, const char *image)
{
    Slice s = slice_of(image), rest = s, path, lower;
    size_t slash = find(s, '/');
    const char *domain = "docker.io", *full;
    char *low;

    if (s.len == ID_LEN && is_hex(s))
        return arena_printf(
            a, "invalid repository name (%s), cannot specify 64-byte hexadecimal strings", image);
    if (has_host(s, slash)) {
        domain = arena_strndup(a, s.ptr, slash);
        rest = after(s, slash);
    }
    if (strcmp(domain, "index.docker.io") == 0)
        domain = "docker.io";
    if (strcmp(domain, "docker.io") == 0 && find(rest, '/') == rest.len)
        rest = slice_of(arena_printf(a, "library/%.*s", (int)rest.len, rest.ptr));
    path = slice_until(rest, find(rest, ':'));
    for (size_t i = 0; i < path.len; i++) {
        if (isupper((unsigned char)path.ptr[i]))
            return arena_printf(
                a, "invalid reference format: repository name (%.*s) must be lowercase",
                (int)path.len, path.ptr);
    }
    full = arena_printf(a, "%s/%.*s", domain, (int)rest.len, rest.ptr);
    if (!is_reference(slice_of(full), &path)) {
        low = arena_strdup(a, full);
        for (size_t i = 0; low[i]; i++)
            low[i] = (char)tolower((unsigned char)low[i]);
        lower = slice_of(low);
        return is_reference(lower, &path) ? "repository name must be lowercase"
                                          : "invalid reference format";
    }
    if (path.len > PATH_MAX_LEN)
        return arena_printf(a, "repository name must not be more than %d characters", PATH_MAX_LEN);
    if (split(s).has_digest)
        return digest_error(split(s).digest);
    return NULL;
}

bool image_is_latest(const char *image)
{
    Parts p = split(slice_of(image));

    return !p.has_digest && (!p.has_tag || slice_is(p.tag, "latest"));
}
