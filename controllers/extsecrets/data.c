#include "controllers/extsecrets/data.h"

#include "base/b64.h"
#include "base/err.h"
#include "base/regex.h"

#include <ctype.h>

enum {
    MAX_DEPTH = 10,
    MAX_RENAMED = 4096, /* bytes of a name while it is rewritten */
};

typedef struct Collect {
    Arena *arena;
    const ExtSource *src;
    Value *out;
    size_t n_bytes;
    bool is_waiting;
    bool lets_missing; /* what the provider does not have is left out */
} Collect;

/* ---- values ---- */

static Slice text_of(Arena *a, const Value *v)
{
    const char *s;

    if (value_is(v, VALUE_STRING))
        return (Slice){v->str, v->n};
    if (!v || v->type == VALUE_NULL)
        return SLICE("");
    s = value_to_str(a, v);
    return slice_of(s);
}

/* The part of a path up to a dot that no backslash stands before. */
static const char *next_part(Arena *a, const char **path)
{
    char *out = arena_alloc(a, strlen(*path) + 1), *p = out;
    const char *s = *path;

    for (; *s && *s != '.'; s++) {
        if (*s == '\\' && s[1])
            s++;
        *p++ = *s;
    }
    *path = *s ? s + 1 : NULL;
    return out;
}

static Value *step(Value *v, const char *part)
{
    int64_t i;

    if (value_is(v, VALUE_ARRAY))
        return slice_to_int64(slice_of(part), &i) && i >= 0 && i < UINT32_MAX
                   ? value_item(v, (uint32_t)i)
                   : NULL;
    return value_get(v, part);
}

/* A member of that name, or else what the dotted path leads to. */
static int find_property(Arena *a, Value *v, const char *property, Value **ret, Err *err)
{
    *ret = value_get(v, property);
    if (*ret)
        return 0;
    if (strpbrk(property, "#*?|@!{}"))
        return err_set(err, ERR_INVALID,
                       "property \"%s\": of paths, names, numbers and dots are known", property);
    while (v && property)
        v = step(v, next_part(a, &property));
    *ret = v;
    return v ? 0 : err_set(err, ERR_NOT_FOUND, "there is no such property");
}

/* ---- strategies ---- */

static bool try_decode(Slice in, bool is_url, Buf *out)
{
    while (is_url && in.len > 0 && in.ptr[in.len - 1] == '=')
        in.len--;
    return is_url ? b64url_decode(in, out) : b64_decode(in, out);
}

static int decode(Arena *a, const char *strategy, const char *what, Slice *text, Err *err)
{
    AUTO_WIPED_BUF out = BUF_INIT;
    bool is_auto = str_eq(strategy, "Auto"), is_url = str_eq(strategy, "Base64URL"), ok;

    if (!is_auto && !is_url && !str_eq(strategy, "Base64"))
        return 0;
    buf_reserve(&out, text->len);
    ok = try_decode(*text, is_url, &out) || (is_auto && try_decode(*text, true, &out));
    if (!ok && is_auto)
        return 0;
    if (!ok)
        return err_set(err, ERR_INVALID, "%s: the value is not %s", what, strategy);
    *text = (Slice){arena_strndup(a, buf_str(&out), out.len), out.len};
    return 0;
}

static bool is_key_char(unsigned char c)
{
    return isalnum(c) || c == '-' || c == '.' || c == '_';
}

/* One character of valid UTF-8, which JSON's strings are. */
static uint32_t take_char(const unsigned char **s)
{
    const unsigned char *p = *s;
    int n = *p < 0x80 ? 0 : *p < 0xe0 ? 1 : *p < 0xf0 ? 2 : 3;
    uint32_t c = n == 0 ? *p : *p & (0x3fu >> n);

    for (p++; n > 0 && *p; n--)
        c = c << 6 | (*p++ & 0x3f);
    *s = p;
    return c;
}

/* A name that a Secret's member can have. */
static const char *convert(Arena *a, const char *name, const char *strategy)
{
    const unsigned char *p = (const unsigned char *)name;
    AUTO_BUF out = BUF_INIT;

    while (*p) {
        uint32_t c = take_char(&p);

        if (c < 128 && is_key_char((unsigned char)c))
            buf_addc(&out, (char)c);
        else if (str_eq(strategy, "Unicode"))
            buf_addf(&out, "_U%04x_", c);
        else
            buf_addc(&out, '_');
    }
    return arena_strdup(a, buf_str(&out));
}

static int put(Collect *c, const char *name, Slice text, Err *err)
{
    c->n_bytes += text.len;
    if (c->n_bytes > EXTSECRET_MAX_BYTES)
        return err_set(err, ERR_TOO_LARGE, "the values are larger than a Secret may be");
    for (const char *p = name; *p; p++)
        if (!is_key_char((unsigned char)*p))
            return err_set(err, ERR_INVALID, "\"%.100s\" cannot be the key of a Secret", name);
    if (!name[0] || strlen(name) > 253)
        return err_set(err, ERR_INVALID, "\"%.100s\" cannot be the key of a Secret", name);
    value_set(c->arena, c->out, name, value_strn(c->arena, text.ptr, text.len));
    return 0;
}

/* ---- what is read ---- */

/* 0 with *ret NULL: it is not there (yet), and may be. */
static int read_ref(Collect *c, const Value *ref, Value **ret, Err *err)
{
    const char *key = value_get_str(ref, "key"), *property = value_get_str(ref, "property");
    Value *v = NULL;
    int r = c->src->read(key ? key : "", value_get_str(ref, "version"), &v, c->src->data, err);

    *ret = NULL;
    if (r > 0) {
        c->is_waiting = true;
        return 0;
    }
    if (r == 0 && property && property[0])
        r = find_property(c->arena, v, property, &v, err);
    if (r == -ERR_NOT_FOUND && c->lets_missing)
        return 0;
    if (r < 0)
        return err_wrap(err, r, "key \"%.200s\"%s%.100s%s", key ? key : "",
                        property && property[0] ? " property \"" : "",
                        property && property[0] ? property : "",
                        property && property[0] ? "\"" : "");
    *ret = v;
    return 0;
}

static int take_one(Collect *c, const Value *entry, Err *err)
{
    const Value *ref = value_get(entry, "remoteRef");
    const char *name = value_get_str(entry, "secretKey");
    Value *v;
    Slice text;
    int r = read_ref(c, ref, &v, err);

    if (r < 0 || !v)
        return r;
    text = text_of(c->arena, v);
    r = decode(c->arena, value_get_str(ref, "decodingStrategy"), name ? name : "", &text, err);
    return r < 0 ? r : put(c, name ? name : "", text, err);
}

static int rewrite(Arena *a, const Value *rules, const char *name, const char **ret, Err *err)
{
    const Value *rule;

    value_each_item(rules, i, rule)
    {
        const char *source = value_at_str(rule, "regexp.source");
        const char *target = value_at_str(rule, "regexp.target");
        CLEANUP(regex_free) Regex *re = NULL;
        AUTO_BUF out = BUF_INIT;
        size_t at = 0, start, end, len = strlen(name);

        if (!source || !target || strchr(target, '$'))
            return err_set(err, ERR_INVALID, "rewrite: only regexp, with a target without groups");
        if (regex_compile(source, strlen(source), &re, err) < 0)
            return err_wrap(err, -ERR_INVALID, "rewrite");
        while (at <= len && regex_find(re, name, len, at, &start, &end)) {
            buf_add(&out, name + at, start - at);
            buf_adds(&out, target);
            if (end == start && start < len)
                buf_addc(&out, name[start]);
            at = end == start ? end + 1 : end;
            if (out.len > MAX_RENAMED)
                return err_set(err, ERR_TOO_LARGE, "rewrite: a name becomes longer than %d bytes",
                               MAX_RENAMED);
        }
        if (at < len)
            buf_add(&out, name + at, len - at);
        name = arena_strdup(a, buf_str(&out));
    }
    *ret = name;
    return 0;
}

static int put_found(Collect *c, const Value *from, const Value *how, const char *name, Value *v,
                     Err *err)
{
    Slice text = text_of(c->arena, v);
    const char *renamed = NULL;
    int r = rewrite(c->arena, value_get(from, "rewrite"), name, &renamed, err);

    if (r < 0)
        return r;
    renamed = convert(c->arena, renamed, value_get_str(how, "conversionStrategy"));
    r = decode(c->arena, value_get_str(how, "decodingStrategy"), renamed, &text, err);
    return r < 0 ? r : put(c, renamed, text, err);
}

static int take_extract(Collect *c, const Value *from, const Value *ref, Err *err)
{
    Value *v;
    int r = read_ref(c, ref, &v, err);

    if (r < 0 || !v)
        return r;
    if (value_is(v, VALUE_STRING) && value_parse(c->arena, (Slice){v->str, v->n}, &v, NULL) < 0)
        v = NULL;
    if (!value_is(v, VALUE_OBJECT))
        return err_set(err, ERR_INVALID, "key \"%.200s\": what is extracted is not an object",
                       value_get_str(ref, "key"));
    value_each_member(v, m)
    {
        r = put_found(c, from, ref, m->name, m->value, err);
        if (r < 0)
            return r;
    }
    return 0;
}

/* ---- what is found ---- */

typedef struct Find {
    Collect *c;
    const Regex *re;
    Value *names; /* array of keys that match */
} Find;

static int walk(Find *f, const char *folder, int depth, Err *err)
{
    Collect *c = f->c;
    Value *names, *one;
    int r = c->src->list(folder, &names, c->src->data, err);

    if (r > 0)
        c->is_waiting = true;
    if (r != 0)
        return MIN(r, 0);
    value_each_item(names, i, one)
    {
        const char *name = value_to_cstr(one);
        const char *full = arena_printf(c->arena, "%s%s", folder, name);

        if (!str_ends(name, "/")) {
            if (regex_matches(f->re, full, strlen(full)))
                value_append(c->arena, f->names, value_str(c->arena, full));
        } else if (depth < MAX_DEPTH) {
            r = walk(f, full, depth + 1, err);
            if (r < 0)
                return r;
        }
        if (value_len(f->names) > EXTSECRET_MAX_KEYS)
            return err_set(err, ERR_TOO_LARGE, "find: more than %d secrets match",
                           EXTSECRET_MAX_KEYS);
    }
    return 0;
}

static int take_matches(Find *f, const Value *from, const Value *find, Err *err)
{
    Collect *c = f->c;
    Value *one, *v;

    value_each_item(f->names, i, one)
    {
        const char *name = value_to_cstr(one);
        int r = c->src->read(name, NULL, &v, c->src->data, err);

        if (r > 0)
            c->is_waiting = true;
        else if (r == 0)
            r = put_found(c, from, find, name, v, err);
        if (r < 0 && r != -ERR_NOT_FOUND) /* it has just gone */
            return err_wrap(err, r, "key \"%.200s\"", name);
    }
    return 0;
}

static int take_find(Collect *c, const Value *from, const Value *find, Err *err)
{
    const char *pattern = value_at_str(find, "name.regexp"), *path = value_get_str(find, "path");
    CLEANUP(regex_free) Regex *re = NULL;
    Find f = {.c = c, .names = value_array(c->arena)};
    int r;

    if (!pattern)
        return err_set(err, ERR_INVALID, "find: Vault's secrets are found by name.regexp");
    r = regex_compile(pattern, strlen(pattern), &re, err);
    if (r < 0)
        return err_wrap(err, r, "find.name.regexp");
    f.re = re;
    r = walk(&f,
             path && path[0] ? arena_printf(c->arena, "%s%s", path, str_ends(path, "/") ? "" : "/")
                             : "",
             0, err);
    if (r == -ERR_NOT_FOUND && c->lets_missing)
        return 0;
    if (r < 0)
        return err_wrap(err, r, "find");
    return c->is_waiting && value_len(f.names) == 0 ? 0 : take_matches(&f, from, find, err);
}

int extsecret_collect(Arena *a, const Value *es, const ExtSource *src, Value **ret, Err *err)
{
    const char *policy = value_at_str(es, "spec.target.deletionPolicy");
    Collect c = {.arena = a,
                 .src = src,
                 .out = value_object(a),
                 .lets_missing = str_eq(policy, "Delete") || str_eq(policy, "Merge")};
    const Value *one;

    value_each_item(value_at(es, "spec.dataFrom"), i, one)
    {
        const Value *extract = value_get(one, "extract"), *find = value_get(one, "find");
        int r = extract ? take_extract(&c, one, extract, err)
                : find  ? take_find(&c, one, find, err)
                        : err_set(err, ERR_INVALID, "neither extract nor find");

        if (r < 0)
            return err_wrap(err, r, "spec.dataFrom[%u]", i);
    }
    value_each_item(value_at(es, "spec.data"), i, one)
    {
        int r = take_one(&c, one, err);

        if (r < 0)
            return err_wrap(err, r, "spec.data[%u]", i);
    }
    *ret = c.out;
    return c.is_waiting ? 1 : 0;
}
