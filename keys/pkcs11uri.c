#include "keys/pkcs11uri.h"

#include "base/err.h"
#include "base/slice.h"

typedef struct Attribute {
    const char *name;
    bool is_query;
    size_t at; /* in Pkcs11Uri */
} Attribute;

static const Attribute attributes[] = {
    {"token", false, offsetof(Pkcs11Uri, token)},
    {"serial", false, offsetof(Pkcs11Uri, serial)},
    {"object", false, offsetof(Pkcs11Uri, object)},
    {"module-path", true, offsetof(Pkcs11Uri, module)},
    {"pin-source", true, offsetof(Pkcs11Uri, pin_file)},
};

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* NULL for a broken escape or a NUL. */
static const char *unescape(Arena *a, Slice s)
{
    char *out = arena_strndup(a, s.ptr, s.len), *to = out;

    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];

        if (c == '%') {
            int high = i + 2 < s.len ? hex_digit(s.ptr[i + 1]) : -1;
            int low = high >= 0 ? hex_digit(s.ptr[i + 2]) : -1;

            if (low < 0)
                return NULL;
            c = (char)(high << 4 | low);
            i += 2;
        }
        if (!c)
            return NULL;
        *to++ = c;
    }
    *to = '\0';
    return out;
}

static int take(Arena *a, Slice part, bool is_query, Pkcs11Uri *ret, Err *err)
{
    Slice name;
    const char *value;

    if (!slice_cut(&part, '=', &name))
        return err_set(err, ERR_BAD_REQUEST, "'%.*s' is no attribute of a PKCS#11 URI",
                       (int)name.len, name.ptr);
    value = unescape(a, part);
    if (!value || !*value)
        return err_set(err, ERR_BAD_REQUEST, "the value of '%.*s' cannot be read", (int)name.len,
                       name.ptr);
    if (!is_query && slice_is(name, "type") && str_eq(value, "secret-key"))
        return 0;
    for (size_t i = 0; i < ARRAY_LEN(attributes); i++) {
        const char **field = (const char **)((char *)ret + attributes[i].at);

        if (attributes[i].is_query != is_query || !slice_is(name, attributes[i].name))
            continue;
        if (*field)
            return err_set(err, ERR_BAD_REQUEST, "'%s' comes twice", attributes[i].name);
        *field = value;
        return 0;
    }
    return err_set(err, ERR_BAD_REQUEST, "the attribute '%.*s' is not supported", (int)name.len,
                   name.ptr);
}

static int take_all(Arena *a, Slice rest, char sep, bool is_query, Pkcs11Uri *ret, Err *err)
{
    bool more = true;
    int r = 0;

    while (more && r == 0) {
        Slice part;

        more = slice_cut(&rest, sep, &part);
        if (part.len > 0)
            r = take(a, part, is_query, ret, err);
    }
    return r;
}

int pkcs11_uri_parse(Arena *a, const char *text, Pkcs11Uri *ret, Err *err)
{
    Slice query = slice_of(text), path;
    int r;

    *ret = (Pkcs11Uri){0};
    (void)slice_cut(&query, '?', &path);
    r = take_all(a, path, ';', false, ret, err);
    if (r == 0)
        r = take_all(a, query, '&', true, ret, err);
    if (r < 0)
        return r;
    if (ret->pin_file && str_starts(ret->pin_file, "file:"))
        ret->pin_file += strlen("file:");
    if (ret->pin_file && str_starts(ret->pin_file, "//"))
        ret->pin_file += 2;
    if ((!ret->token && !ret->serial) || !ret->object || !ret->module || !ret->pin_file)
        return err_set(err, ERR_BAD_REQUEST,
                       "pkcs11:%s: want token=...;object=...?module-path=...&pin-source=...", text);
    if (ret->module[0] != '/' || ret->pin_file[0] != '/')
        return err_set(err, ERR_BAD_REQUEST, "pkcs11:%s: paths must be absolute", text);
    return 0;
}
