/*
 * value_parse.c - JSON text to Value.
 *
 * DESIGN. Recursive descent with a depth limit. The path to the value being read is a chain of
 * frames on the C stack, so that it costs nothing until somebody asks for it (a key that comes
 * twice). Members are collected in a scratch stack shared by all levels and copied to the arena
 * once their number is known. Keys of objects above DUP_SCAN members are looked up in a table of
 * hashes, so that a hostile object of 100,000 keys costs linear time.
 */
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/value.h"

#include <ctype.h>

#define DUP_SCAN 16u

typedef struct Frame {
    const struct Frame *up;
    const char *name; /* member, or NULL for an item */
    uint32_t index;
} Frame;

typedef struct Parser {
    Arena *a;
    const char *p, *end;
    char *own; /* the text, when strings stay in it; or NULL */
    Err *err;
    ValueDupFn on_dup;
    void *data;
    bool merges; /* objects under a key that came twice */
    Member *pending;
    uint32_t n_pending, cap_pending;
    int depth;
} Parser;

static int parse_value(Parser *ps, const Frame *up, Value **ret);

static int fail(Parser *ps, const char *where)
{
    unsigned char c;

    if (ps->p >= ps->end)
        return err_set(ps->err, ERR_BAD_REQUEST, "unexpected end of JSON input");
    c = (unsigned char)*ps->p;
    if (c == '\'')
        return err_set(ps->err, ERR_BAD_REQUEST, "invalid character '\\'' %s", where);
    if (c == '\n' || c == '\r' || c == '\t')
        return err_set(ps->err, ERR_BAD_REQUEST, "invalid character '\\%c' %s",
                       c == '\n'   ? 'n'
                       : c == '\r' ? 'r'
                                   : 't',
                       where);
    if (c < 0x20 || c == 0x7f)
        return err_set(ps->err, ERR_BAD_REQUEST, "invalid character '\\x%02x' %s", c, where);
    if (c >= 0x80) /* Go prints the byte as the rune of that number */
        return err_set(ps->err, ERR_BAD_REQUEST, "invalid character '%c%c' %s", 0xc0 | (c >> 6),
                       0x80 | (c & 0x3f), where);
    return err_set(ps->err, ERR_BAD_REQUEST, "invalid character '%c' %s", c, where);
}

static void skip_space(Parser *ps)
{
    while (ps->p < ps->end && (*ps->p == ' ' || *ps->p == '\n' || *ps->p == '\t' || *ps->p == '\r'))
        ps->p++;
}

/* ---- strings ---- */

/* Bytes of the well-formed UTF-8 sequence at p, 0 when there is none. */
static size_t utf8_len(const char *text, const char *end)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t left = (size_t)(end - text), n;
    unsigned char lo = 0x80, hi = 0xbf;

    if (p[0] < 0x80)
        return 1;
    if (p[0] < 0xc2 || p[0] > 0xf4)
        return 0;
    n = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    if (left < n)
        return 0;
    if (p[0] == 0xe0)
        lo = 0xa0;
    else if (p[0] == 0xed)
        hi = 0x9f;
    else if (p[0] == 0xf0)
        lo = 0x90;
    else if (p[0] == 0xf4)
        hi = 0x8f;
    if (p[1] < lo || p[1] > hi)
        return 0;
    for (size_t i = 2; i < n; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    return n;
}

static bool parse_hex4(Parser *ps, uint32_t *ret)
{
    uint32_t c = 0;

    for (int i = 0; i < 4; i++, ps->p++) {
        if (ps->p >= ps->end || !isxdigit((unsigned char)*ps->p))
            return false;
        c = c * 16 +
            (uint32_t)(isdigit((unsigned char)*ps->p) ? *ps->p - '0' : (*ps->p | 0x20) - 'a' + 10);
    }
    *ret = c;
    return true;
}

static int parse_escape(Parser *ps, Buf *b)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *at;
    uint32_t c, low;

    if (ps->p >= ps->end)
        return fail(ps, "");
    if (*ps->p != 'u') {
        at = *ps->p ? strchr(from, *ps->p) : NULL;
        if (!at)
            return fail(ps, "in string escape code");
        buf_addc(b, to[at - from]);
        ps->p++;
        return 0;
    }
    ps->p++;
    if (!parse_hex4(ps, &c))
        return fail(ps, "in \\u hexadecimal character escape");
    if (c >= 0xd800 && c < 0xdc00 && ps->end - ps->p >= 6 && ps->p[0] == '\\' && ps->p[1] == 'u') {
        const char *back = ps->p;

        ps->p += 2;
        if (!parse_hex4(ps, &low))
            return fail(ps, "in \\u hexadecimal character escape");
        if (low >= 0xdc00 && low < 0xe000)
            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        else
            ps->p = back;
    }
    buf_add_rune(b, c >= 0xd800 && c < 0xe000 ? 0xfffd : c);
    return 0;
}

/* Behind the bytes that stand for themselves: ASCII but for quotes, backslashes and controls. Eight
 * at a time: a subtraction sets the top bit of a byte that was smaller, or zero after the XOR. */
static const char *skip_plain(const char *p, const char *end)
{
    static const uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;

    for (; end - p >= 8; p += 8) {
        uint64_t w, quote, backslash;

        memcpy(&w, p, sizeof(w));
        quote = w ^ (ones * '"');
        backslash = w ^ (ones * '\\');
        if ((w | (w - ones * 0x20) | (quote - ones) | (backslash - ones)) & tops)
            break;
    }
    while (p < end && (unsigned char)*p >= 0x20 && (unsigned char)*p < 0x80 && *p != '"' &&
           *p != '\\')
        p++;
    return p;
}

/* ps->p stands behind the opening quote. */
static int parse_string(Parser *ps, const char **ret, uint32_t *ret_len)
{
    AUTO_BUF b = BUF_INIT;
    const char *from = ps->p;
    bool is_plain = true;
    int r;

    for (;;) {
        const char *plain = skip_plain(ps->p, ps->end);
        size_t n = (size_t)(plain - ps->p);

        if (n > 0 && !is_plain)
            buf_add(&b, ps->p, n);
        ps->p = plain;
        if (ps->p >= ps->end)
            return fail(ps, "");
        if (*ps->p == '"')
            break;
        if ((unsigned char)*ps->p < 0x20)
            return fail(ps, "in string literal");
        n = *ps->p == '\\' ? 0 : utf8_len(ps->p, ps->end);
        if (n > 0) {
            if (!is_plain)
                buf_add(&b, ps->p, n);
            ps->p += n;
            continue;
        }
        if (is_plain)
            buf_add(&b, from, (size_t)(ps->p - from));
        is_plain = false;
        if (*ps->p++ != '\\') {
            buf_add_rune(&b, 0xfffd);
            continue;
        }
        r = parse_escape(ps, &b);
        if (r < 0)
            return r;
    }
    if (is_plain) {
        *ret_len = (uint32_t)(ps->p - from);
        *ret = ps->own ? from : arena_strndup(ps->a, from, *ret_len);
        if (ps->own)
            ps->own[ps->p - ps->own] = '\0'; /* instead of the quote */
    } else {
        *ret_len = (uint32_t)b.len;
        *ret = arena_strndup(ps->a, buf_str(&b), b.len);
    }
    ps->p++;
    return 0;
}

/* ---- numbers ---- */

static bool skip_digits(Parser *ps)
{
    const char *from = ps->p;

    while (ps->p < ps->end && isdigit((unsigned char)*ps->p))
        ps->p++;
    return ps->p > from;
}

static int parse_number(Parser *ps, Value **ret)
{
    const char *from = ps->p;
    Value *v;

    if (*ps->p == '-')
        ps->p++;
    if (ps->p < ps->end && *ps->p == '0')
        ps->p++;
    else if (!skip_digits(ps))
        return fail(ps, "in numeric literal");
    if (ps->p < ps->end && *ps->p == '.') {
        ps->p++;
        if (!skip_digits(ps))
            return fail(ps, "after decimal point in numeric literal");
    }
    if (ps->p < ps->end && (*ps->p | 0x20) == 'e') {
        ps->p++;
        if (ps->p < ps->end && (*ps->p == '+' || *ps->p == '-'))
            ps->p++;
        if (!skip_digits(ps))
            return fail(ps, "in exponent of numeric literal");
    }
    v = arena_new0(ps->a, Value);
    v->type = VALUE_NUMBER;
    v->n = (uint32_t)(ps->p - from);
    v->str = arena_strndup(ps->a, from, v->n);
    *ret = v;
    return 0;
}

/* ---- containers ---- */

static void print_path(const Frame *f, Buf *out)
{
    if (!f)
        return;
    print_path(f->up, out);
    if (!f->name)
        buf_addf(out, "[%u]", f->index);
    else
        buf_addf(out, "%s%s", out->len > 0 ? "." : "", f->name);
}

static void report_dup(Parser *ps, const Frame *at)
{
    AUTO_BUF path = BUF_INIT;

    if (!ps->on_dup)
        return;
    print_path(at, &path);
    ps->on_dup(buf_str(&path), ps->data);
}

static void push(Parser *ps, const char *name, Value *v)
{
    GROW(ps->pending, ps->cap_pending, ps->n_pending + 1);
    ps->pending[ps->n_pending++] = (Member){name, v};
}

/* Open addressing over the pending members from `base` on; slot values are index + 1. */
typedef struct KeyTable {
    uint32_t *slots;
    uint32_t n_slots;
} KeyTable;

static uint32_t key_hash(const char *s)
{
    uint32_t h = 2166136261u;

    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * 16777619u;
    return h ^ (h >> 15);
}

static void table_rebuild(Parser *ps, KeyTable *t, uint32_t base, uint32_t n)
{
    free(t->slots);
    t->n_slots = 64;
    while (t->n_slots < n * 4)
        t->n_slots *= 2;
    t->slots = xcalloc(t->n_slots, sizeof(*t->slots));
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = key_hash(ps->pending[base + i].name) & (t->n_slots - 1);

        while (t->slots[at])
            at = (at + 1) & (t->n_slots - 1);
        t->slots[at] = i + 1;
    }
}

/* The pending member of this name, NULL when there is none. */
static Member *find_pending(Parser *ps, KeyTable *t, uint32_t base, const char *name)
{
    uint32_t n = ps->n_pending - base, at;

    if (n <= DUP_SCAN) {
        for (uint32_t i = 0; i < n; i++)
            if (ps->pending[base + i].name[0] == name[0] &&
                strcmp(ps->pending[base + i].name, name) == 0)
                return &ps->pending[base + i];
        return NULL;
    }
    if (t->n_slots < n * 2)
        table_rebuild(ps, t, base, n);
    at = key_hash(name) & (t->n_slots - 1);
    for (; t->slots[at]; at = (at + 1) & (t->n_slots - 1))
        if (strcmp(ps->pending[base + t->slots[at] - 1].name, name) == 0)
            return &ps->pending[base + t->slots[at] - 1];
    t->slots[at] = n + 1; /* the caller pushes it next */
    return NULL;
}

/* What Go makes of decoding a second object into a struct or map that holds a first. */
static Value *merge_objects(Arena *a, Value *first, Value *second)
{
    Map at = {0};

    for (uint32_t i = 0; i < first->n; i++)
        (void)map_set(&at, first->members[i].name, (void *)(uintptr_t)(i + 1));
    value_each_member(second, m)
    {
        uintptr_t i = (uintptr_t)map_get(&at, m->name);
        Value *old = i > 0 ? first->members[i - 1].value : NULL;

        if (i == 0)
            value_append_member(a, first, m->name, m->value);
        else if (value_is(old, VALUE_OBJECT) && value_is(m->value, VALUE_OBJECT))
            first->members[i - 1].value = merge_objects(a, old, m->value);
        else
            first->members[i - 1].value = m->value;
    }
    map_done(&at);
    first->has_dup_keys = first->has_dup_keys || second->has_dup_keys;
    return first;
}

static int parse_member(Parser *ps, const Frame *up, KeyTable *t, uint32_t base, bool *ret_dup)
{
    Frame f = {.up = up};
    Member *old;
    Value *v;
    uint32_t n, at;
    int r;

    skip_space(ps);
    if (ps->p >= ps->end || *ps->p != '"')
        return fail(ps, "looking for beginning of object key string");
    ps->p++;
    r = parse_string(ps, &f.name, &n);
    if (r < 0)
        return r;
    skip_space(ps);
    if (ps->p >= ps->end || *ps->p != ':')
        return fail(ps, "after object key");
    ps->p++;
    old = find_pending(ps, t, base, f.name);
    at = old ? (uint32_t)(old - ps->pending) : ps->n_pending;
    if (old) {
        *ret_dup = true;
        report_dup(ps, &f);
    } else {
        push(ps, f.name, NULL);
    }
    r = parse_value(ps, &f, &v);
    if (r < 0)
        return r;
    if (ps->merges && value_is(ps->pending[at].value, VALUE_OBJECT) && value_is(v, VALUE_OBJECT))
        v = merge_objects(ps->a, ps->pending[at].value, v);
    ps->pending[at].value = v;
    return 0;
}

static int parse_object(Parser *ps, const Frame *up, Value **ret)
{
    uint32_t base = ps->n_pending;
    Value *v = arena_new0(ps->a, Value);
    KeyTable t = {0};
    int r = 0;

    v->type = VALUE_OBJECT;
    ps->p++;
    skip_space(ps);
    if (ps->p < ps->end && *ps->p == '}') {
        ps->p++;
        *ret = v;
        return 0;
    }
    for (;;) {
        r = parse_member(ps, up, &t, base, &v->has_dup_keys);
        if (r < 0)
            break;
        skip_space(ps);
        if (ps->p < ps->end && *ps->p == ',') {
            ps->p++;
            continue;
        }
        if (ps->p >= ps->end || *ps->p != '}')
            r = fail(ps, "after object key:value pair");
        break;
    }
    free(t.slots);
    if (r < 0)
        return r;
    ps->p++;
    v->n = v->cap = ps->n_pending - base;
    v->members = arena_array(ps->a, Member, v->n);
    memcpy(v->members, ps->pending + base, v->n * sizeof(Member));
    ps->n_pending = base;
    *ret = v;
    return 0;
}

static int parse_array(Parser *ps, const Frame *up, Value **ret)
{
    uint32_t base = ps->n_pending;
    Value *v = arena_new0(ps->a, Value), *item;
    Frame f = {.up = up};
    int r;

    v->type = VALUE_ARRAY;
    ps->p++;
    skip_space(ps);
    if (ps->p < ps->end && *ps->p == ']') {
        ps->p++;
        *ret = v;
        return 0;
    }
    for (;; f.index++) {
        r = parse_value(ps, &f, &item);
        if (r < 0)
            return r;
        push(ps, NULL, item);
        skip_space(ps);
        if (ps->p < ps->end && *ps->p == ',') {
            ps->p++;
            continue;
        }
        if (ps->p >= ps->end || *ps->p != ']')
            return fail(ps, "after array element");
        break;
    }
    ps->p++;
    v->n = v->cap = ps->n_pending - base;
    v->items = arena_array(ps->a, Value *, v->n);
    for (uint32_t i = 0; i < v->n; i++)
        v->items[i] = ps->pending[base + i].value;
    ps->n_pending = base;
    *ret = v;
    return 0;
}

static int parse_word(Parser *ps, const char *word, Value *v, Value **ret)
{
    char where[64];

    for (const char *w = word; *w; w++, ps->p++) {
        if (ps->p >= ps->end || *ps->p != *w) {
            snprintf(where, sizeof(where), "in literal %s (expecting '%c')", word, *w);
            return fail(ps, where);
        }
    }
    *ret = v;
    return 0;
}

static int parse_value(Parser *ps, const Frame *up, Value **ret)
{
    Value *v;
    int r;

    skip_space(ps);
    if (ps->p >= ps->end)
        return fail(ps, "");
    switch (*ps->p) {
    case '{':
    case '[':
        if (++ps->depth > VALUE_MAX_DEPTH)
            return err_set(ps->err, ERR_BAD_REQUEST, "exceeded max depth");
        r = *ps->p == '{' ? parse_object(ps, up, ret) : parse_array(ps, up, ret);
        ps->depth--;
        return r;
    case '"':
        v = arena_new0(ps->a, Value);
        v->type = VALUE_STRING;
        ps->p++;
        *ret = v;
        return parse_string(ps, &v->str, &v->n);
    case 't':
        return parse_word(ps, "true", value_bool(ps->a, true), ret);
    case 'f':
        return parse_word(ps, "false", value_bool(ps->a, false), ret);
    case 'n':
        return parse_word(ps, "null", value_null(ps->a), ret);
    default:
        if (*ps->p == '-' || isdigit((unsigned char)*ps->p))
            return parse_number(ps, ret);
        return fail(ps, "looking for beginning of value");
    }
}

static int parse_all(Parser *ps, Slice text, Value **ret, Err *err)
{
    Value *v = NULL;
    int r;

    if (text.len > UINT32_MAX / 2)
        return err_set(err, ERR_TOO_LARGE, "JSON text of %zu bytes", text.len);
    ps->p = text.ptr;
    ps->end = text.ptr + text.len;
    ps->err = err;
    r = parse_value(ps, NULL, &v);
    if (r == 0) {
        skip_space(ps);
        if (ps->p < ps->end)
            r = fail(ps, "after top-level value");
    }
    free(ps->pending);
    if (r < 0)
        return r;
    *ret = v;
    return 0;
}

int value_parse_strict(Arena *a, Slice text, ValueDupFn on_dup, void *data, Value **ret, Err *err)
{
    Parser ps = {.a = a, .on_dup = on_dup, .data = data};

    return parse_all(&ps, text, ret, err);
}

int value_parse_typed(Arena *a, Slice text, ValueDupFn on_dup, void *data, Value **ret, Err *err)
{
    Parser ps = {.a = a, .on_dup = on_dup, .data = data, .merges = true};

    return parse_all(&ps, text, ret, err);
}

int value_parse_own(Arena *a, char *text, size_t len, Value **ret, Err *err)
{
    Parser ps = {.a = a, .own = text};

    return parse_all(&ps, (Slice){text, len}, ret, err);
}

int value_parse(Arena *a, Slice text, Value **ret, Err *err)
{
    return value_parse_strict(a, text, NULL, NULL, ret, err);
}
