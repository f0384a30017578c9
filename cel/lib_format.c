#include "cel/cel_int.h"

#include <ctype.h>
#include <math.h>

/*
 * 'text %d'.format([1]): cel-go's ext/formatting.go. One walk over the clauses serves running and
 * checking, where the types of a literal list of arguments are held against a literal format.
 */

enum { DEFAULT_PRECISION = 6, MAX_PRECISION = 300, ERROR_MAX = 256 };

typedef struct Clause {
    char verb;
    int precision;
    size_t arg;
} Clause;

typedef struct Walk {
    size_t n_args;
    /* False: the mistake is in `error`. */
    bool (*clause)(struct Walk *w, Clause c);
    Buf *out;
    size_t n_used;
    char error[ERROR_MAX];
    /* of the two kinds of walk */
    CelRun *run;
    CelVal args;
    const CelNode *items;
    uint32_t error_pos;
} Walk;

static bool fail(Walk *w, const char *prefix, const char *text)
{
    snprintf(w->error, sizeof(w->error), "%s%s", prefix, text);
    return false;
}

static bool read_clause(Walk *w, Slice s, size_t *at, Clause *c)
{
    char text[64];

    c->precision = DEFAULT_PRECISION;
    if (s.ptr[*at] == '.') {
        size_t start = ++*at;

        c->precision = 0;
        for (; *at < s.len && isdigit((unsigned char)s.ptr[*at]); ++*at)
            c->precision = MIN(c->precision * 10 + (s.ptr[*at] - '0'), MAX_PRECISION);
        if (*at >= s.len)
            return fail(w, "could not parse formatting clause: error while parsing precision: ",
                        "could not find end of precision specifier");
        if (*at == start)
            return fail(w, "could not parse formatting clause: error while parsing precision: ",
                        "error while converting precision to integer: strconv.Atoi: parsing \"\": "
                        "invalid syntax");
    }
    c->verb = s.ptr[(*at)++];
    if (c->verb && strchr("sdfebxXo", c->verb))
        return true;
    snprintf(text, sizeof(text), "unrecognized formatting clause \"%c\"", c->verb);
    return fail(w, "could not parse formatting clause: ", text);
}

static bool walk(Walk *w, Slice s)
{
    for (size_t at = 0; at < s.len;) {
        Clause c;
        char text[64];

        if (s.ptr[at] != '%') {
            buf_addc(w->out, s.ptr[at++]);
            continue;
        }
        if (at + 1 < s.len && s.ptr[at + 1] == '%') {
            buf_addc(w->out, '%');
            at += 2;
            continue;
        }
        if (w->run && w->n_used >= w->n_args) {
            snprintf(text, sizeof(text), "index %zu out of range", w->n_used);
            return fail(w, "", text);
        }
        c.arg = w->n_used++;
        if (++at >= s.len)
            return fail(w, "", "unexpected end of string");
        if (c.arg >= w->n_args) {
            snprintf(text, sizeof(text), "index %zu out of range", c.arg);
            return fail(w, "", text);
        }
        if (!read_clause(w, s, &at, &c) || !w->clause(w, c))
            return false;
    }
    return true;
}

/* ---- which kinds a clause takes ---- */

#define KIND(k) (1u << CEL_##k)

static const struct {
    char verb;
    unsigned kinds;
    const char *wrong;
} verbs[] = {
    {'s',
     KIND(LIST) | KIND(MAP) | KIND(OBJECT) | KIND(INT) | KIND(UINT) | KIND(DOUBLE) | KIND(BOOL) |
         KIND(STRING) | KIND(TIMESTAMP) | KIND(BYTES) | KIND(DURATION) | KIND(TYPE) | KIND(NULL),
     "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, "
     "durations, and timestamps"},
    {'d', KIND(INT) | KIND(UINT), "decimal clause can only be used on integers"},
    {'f', KIND(DOUBLE) | KIND(STRING), "fixed-point clause can only be used on doubles"},
    {'e', KIND(DOUBLE) | KIND(STRING), "scientific clause can only be used on doubles"},
    {'b', KIND(INT) | KIND(UINT) | KIND(BOOL),
     "only integers and bools can be formatted as binary"},
    {'x', KIND(INT) | KIND(UINT) | KIND(STRING) | KIND(BYTES),
     "only integers, byte buffers, and strings can be formatted as hex"},
    {'o', KIND(INT) | KIND(UINT), "octal clause can only be used on integers"},
};

static bool takes(Walk *w, char verb, CelKind kind, const char *type)
{
    char text[200];

    for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
        if (verbs[i].verb == tolower(verb)) {
            if (verbs[i].kinds & 1u << kind)
                return true;
            snprintf(text, sizeof(text), "%s, was given %s", verbs[i].wrong, type);
        }
    return fail(w, "error during formatting: ", text);
}

/* ---- running ---- */

/* As Go's %q. */
static void add_quoted(Buf *out, Slice s)
{
    static const char from[] = "\a\b\f\n\r\t\v\\\"", to[] = "abfnrtv\\\"";

    buf_addc(out, '"');
    for (size_t at = 0, n; at < s.len; at += n) {
        uint32_t r = cel__rune(s, at, &n);
        const char *p = r > 0 && r < 128 ? strchr(from, (int)r) : NULL;

        if (p)
            buf_addf(out, "\\%c", to[p - from]);
        else if (r < 32 || r == 127 || (r == 0xfffd && n == 1))
            buf_addf(out, "\\x%02x", (unsigned char)s.ptr[at]);
        else
            cel__add_rune(out, r);
    }
    buf_addc(out, '"');
}

static bool add_value(Walk *w, CelVal v, int depth);

static bool add_list(Walk *w, CelVal v, int depth)
{
    buf_addc(w->out, '[');
    for (uint32_t i = 0, n = cel__len(v); i < n; i++) {
        if (i > 0)
            buf_adds(w->out, ", ");
        if (!add_value(w, cel__item(w->run, v, i), depth))
            return false;
    }
    buf_addc(w->out, ']');
    return true;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool add_map(Walk *w, CelVal v, int depth)
{
    uint32_t n = 0, len = cel__len(v);
    char **pairs = cel__alloc(w->run, MAX(len, 1u) * sizeof(*pairs));
    Buf *out = w->out;
    bool ok = pairs != NULL;

    for (uint32_t at = 0; ok && n < len;) {
        AUTO_BUF pair = BUF_INIT;
        bool done;
        CelVal key = cel__map_key(w->run, v, &at, &done), value = cel__none, text;

        if (done)
            break;
        (void)cel__map_find(w->run, v, key, &value);
        w->out = &pair;
        ok = add_value(w, key, depth);
        buf_addc(&pair, ':');
        ok = ok && add_value(w, value, depth);
        text = cel__of_buf(w->run, &pair);
        ok = ok && text.kind == CEL_STRING;
        if (ok)
            pairs[n++] = (char *)text.s.ptr;
    }
    w->out = out;
    if (!ok)
        return w->error[0] ? false : fail(w, "", "value too large");
    qsort(pairs, n, sizeof(*pairs), compare_texts);
    buf_addc(out, '{');
    for (uint32_t i = 0; i < n; i++)
        buf_addf(out, "%s%s", i > 0 ? ", " : "", pairs[i]);
    buf_addc(out, '}');
    return true;
}

/* A value inside of a list or map: as an expression would write it. */
static bool add_value(Walk *w, CelVal v, int depth)
{
    char text[400];

    if (depth == 0 || w->out->len > w->run->room)
        return fail(w, "", "value too large");
    switch (v.kind) {
    case CEL_STRING:
        add_quoted(w->out, v.s);
        return true;
    case CEL_BYTES:
        buf_addc(w->out, 'b');
        add_quoted(w->out, v.s);
        return true;
    case CEL_DOUBLE:
        snprintf(text, sizeof(text), "%.6f", v.d);
        buf_addf(w->out, isfinite(v.d) ? "%s" : "\"%s\"",
                 isnan(v.d)   ? "NaN"
                 : isinf(v.d) ? (v.d > 0 ? "+Inf" : "-Inf")
                              : text);
        return true;
    case CEL_TIMESTAMP:
        buf_addf(w->out, "timestamp(\"%s\")", cel__time_text(text, v));
        return true;
    case CEL_DURATION:
        buf_addf(w->out, "duration(\"%s\")", cel__duration_text(text, v.i));
        return true;
    case CEL_NULL:
        buf_adds(w->out, "null");
        return true;
    case CEL_TYPE:
        buf_adds(w->out, cel__type_name(v));
        return true;
    case CEL_LIST:
        return add_list(w, v, depth - 1);
    case CEL_MAP:
    case CEL_OBJECT:
        return add_map(w, v, depth - 1);
    default:
        v = cel__to_string(w->run, v);
        if (v.kind != CEL_STRING)
            return fail(w, "", v.s.ptr);
        buf_add_slice(w->out, v.s);
        return true;
    }
}

/* The number in the way of the locale en_US: 1,234.500000 */
static void add_fixed(Buf *out, double d, int precision)
{
    char text[700];
    size_t whole, start;

    snprintf(text, sizeof(text), "%.*f", precision, d);
    start = text[0] == '-';
    whole = strcspn(text, ".");
    for (size_t i = 0; text[i]; i++) {
        if (i > start && i < whole && (whole - i) % 3 == 0)
            buf_addc(out, ',');
        buf_addc(out, text[i]);
    }
}

static void add_scientific(Buf *out, double d, int precision)
{
    static const char *const digits[] = {"\u2070", "\u00b9", "\u00b2", "\u00b3", "\u2074",
                                         "\u2075", "\u2076", "\u2077", "\u2078", "\u2079"};
    char text[400], *e;

    snprintf(text, sizeof(text), "%.*e", precision, d);
    e = strchr(text, 'e');
    *e++ = '\0';
    buf_addf(out, "%s\u202f\u00d7\u202f10", text);
    if (*e == '-')
        buf_adds(out, "\u207b");
    for (e++; *e; e++)
        buf_adds(out, digits[*e - '0']);
}

static bool add_double(Walk *w, Clause c, CelVal v)
{
    double d = v.d;

    if (v.kind == CEL_STRING) {
        if (slice_is(v.s, "NaN"))
            d = NAN;
        else if (slice_is(v.s, "Infinity"))
            d = INFINITY;
        else if (slice_is(v.s, "-Infinity"))
            d = -INFINITY;
        else
            return takes(w, c.verb, CEL_ERROR, "string");
    }
    if (!isfinite(d))
        buf_adds(w->out, isnan(d) ? "NaN" : d > 0 ? "\u221e" : "-\u221e");
    else if (c.verb == 'f')
        add_fixed(w->out, d, c.precision);
    else
        add_scientific(w->out, d, c.precision);
    return true;
}

/* Digits of |v| in base 2, 8 or 16 with its sign. */
static void add_digits(Buf *out, CelVal v, char verb)
{
    bool is_negative = v.kind == CEL_INT && v.i < 0;
    uint64_t u = v.kind == CEL_BOOL ? v.boolean : is_negative ? -(uint64_t)v.i : v.u;
    const char *set = verb == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    unsigned bits = verb == 'b' ? 1 : verb == 'o' ? 3 : 4, n = 0;
    char text[64];

    do
        text[n++] = set[u & ((1u << bits) - 1)];
    while ((u >>= bits) != 0);
    if (is_negative)
        buf_addc(out, '-');
    while (n > 0)
        buf_addc(out, text[--n]);
}

static bool run_clause(Walk *w, Clause c)
{
    CelVal v = cel__item(w->run, w->args, (uint32_t)c.arg), text;

    if (v.kind == CEL_ERROR)
        return fail(w, "", v.s.ptr);
    if (w->out->len > w->run->room)
        return fail(w, "", "string too long");
    if (!takes(w, c.verb, v.kind, cel__type_name(v)))
        return false;
    switch (c.verb) {
    case 's':
        if (v.kind == CEL_LIST || v.kind == CEL_MAP || v.kind == CEL_OBJECT || v.kind == CEL_NULL ||
            v.kind == CEL_TYPE)
            return add_value(w, v, 64);
        __attribute__((fallthrough));
    case 'd':
        text = cel__to_string(w->run, v);
        if (text.kind != CEL_STRING)
            return fail(w, "error during formatting: ", text.s.ptr);
        buf_add_slice(w->out, text.s);
        return true;
    case 'f':
    case 'e':
        return add_double(w, c, v);
    default:
        if (v.kind != CEL_STRING && v.kind != CEL_BYTES) {
            add_digits(w->out, v, c.verb);
            return true;
        }
        for (size_t i = 0; i < v.s.len; i++)
            buf_addf(w->out, c.verb == 'X' ? "%02X" : "%02x", (unsigned char)v.s.ptr[i]);
        return true;
    }
}

static CelVal format(CelRun *run, const CelVal *args, int n UNUSED)
{
    AUTO_BUF out = BUF_INIT;
    Walk w = {.n_args = cel__len(args[1]),
              .clause = run_clause,
              .out = &out,
              .run = run,
              .args = args[1]};

    return walk(&w, args[0].s) ? cel__of_buf(run, &out) : cel__err(run, "%s", w.error);
}

/* ---- checking ---- */

static bool check_clause(Walk *w, Clause c)
{
    const CelNode *item = w->items->list.items[c.arg];

    w->error_pos = item->pos;
    if (item->type->kind == CEL_DYN)
        return true;
    if (item->type->kind == CEL_OPAQUE)
        return takes(w, c.verb, CEL_OPAQUE, item->type->name);
    return takes(
        w, c.verb, item->type->kind,
        cel__type_name(cel__of_type(item->type->kind == CEL_OBJECT ? &cel_map_dyn : item->type)));
}

void cel__check_format(CelIssues *is, const CelNode *call)
{
    const CelNode *text = call->call.target, *items = call->call.args[0];
    AUTO_BUF out = BUF_INIT;
    Walk w = {.clause = check_clause, .out = &out, .items = items, .error_pos = call->pos};

    if (text->kind != NODE_LITERAL || text->literal.kind != CEL_STRING || items->kind != NODE_LIST)
        return;
    w.n_args = items->list.n;
    if (!walk(&w, text->literal.s))
        cel__issue(is, strstr(w.error, "was given") ? w.error_pos : call->pos, "%s", w.error);
    else if (w.n_used < w.n_args)
        cel__issue(is, call->pos,
                   "too many arguments supplied to string.format (expected %zu, got %zu)", w.n_used,
                   w.n_args);
}

static CelFn fns[] = {
    METHOD("format", "string_format", "string,list(dyn)", "string", format),
};

const CelLibTable cel__lib_format = {CEL_LIB_STRINGS, fns, ARRAY_LEN(fns)};
