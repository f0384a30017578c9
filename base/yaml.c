#include "base/yaml.h"

#include "base/err.h"
#include "base/gofloat.h"
#include "base/map.h"
#include "base/mem.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <yaml.h>

enum {
    YAML_MAX_NODES = 2000000, /* made by one stream, aliases expanded */
};

/* ---- plain scalars ---- */

typedef enum Plain { PLAIN_STRING, PLAIN_NULL, PLAIN_TRUE, PLAIN_FALSE, PLAIN_NUMBER } Plain;

static bool one_of(const char *s, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(s, *words) == 0)
            return true;
    return false;
}

/* [-+]?[0-9]*\.?[0-9]+([eE][-+][0-9]+)?  or digits with a trailing point: what is a float. */
static bool is_float(const char *s)
{
    size_t before, after = 0;

    s += *s == '-' || *s == '+';
    before = strspn(s, "0123456789");
    s += before;
    if (*s == '.') {
        after = strspn(++s, "0123456789");
        s += after;
    }
    if (before + after == 0)
        return false;
    if (*s == 'e' || *s == 'E') {
        s++;
        s += *s == '-' || *s == '+';
        if (!isdigit((unsigned char)*s))
            return false;
        s += strspn(s, "0123456789");
    }
    return *s == 0;
}

/* Integers with the prefixes of YAML 1.1 and Go: 0x, 0o, 0b, a leading 0. */
static bool is_int(const char *s, char *out, size_t cap)
{
    const char *digits = s + (*s == '-' || *s == '+');
    bool neg = *s == '-';
    unsigned long long v;
    int base = 10;
    char *end;

    if (digits[0] == '0' && digits[1]) {
        base = digits[1] == 'x' || digits[1] == 'X'   ? 16
               : digits[1] == 'b' || digits[1] == 'B' ? 2
               : digits[1] == 'o' || digits[1] == 'O' ? -8
                                                      : 8;
        digits += base == 8 ? 1 : 2;
        base = abs(base);
    }
    if (!isxdigit((unsigned char)*digits))
        return false;
    errno = 0;
    v = strtoull(digits, &end, base);
    if (*end || errno == ERANGE || (neg && v > (unsigned long long)INT64_MAX + 1))
        return false;
    snprintf(out, cap, "%s%llu", neg && v ? "-" : "", v);
    return true;
}

/* What a plain scalar means; a number's JSON text goes to `out`. */
static Plain resolve(const char *s, char *out, size_t cap)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const trues[] = {"y",    "Y",    "yes", "Yes", "YES", "true",
                                        "True", "TRUE", "on",  "On",  "ON",  NULL};
    static const char *const falses[] = {"n",     "N",     "no",  "No",  "NO",  "false",
                                         "False", "FALSE", "off", "Off", "OFF", NULL};
    char clean[128];
    size_t n = 0;

    if (one_of(s, nulls))
        return PLAIN_NULL;
    if (one_of(s, trues))
        return PLAIN_TRUE;
    if (one_of(s, falses))
        return PLAIN_FALSE;
    if (!strchr("+-.0123456789", *s) || strlen(s) >= sizeof(clean))
        return PLAIN_STRING;
    for (const char *p = s; *p; p++)
        if (*p != '_')
            clean[n++] = *p;
    clean[n] = 0;
    if (is_int(clean, out, cap))
        return PLAIN_NUMBER;
    if (is_float(clean) && isfinite(strtod(clean, NULL))) {
        BUG_ON(cap < GOFLOAT_TEXT_MAX);
        (void)gofloat_json(out, strtod(clean, NULL));
        return PLAIN_NUMBER;
    }
    return PLAIN_STRING;
}

/* ---- reading ---- */

typedef struct Reader {
    yaml_parser_t parser;
    Arena *arena;
    Map anchors; /* name -> Value */
    size_t n_nodes;
    size_t line; /* of the scalar read last */
    ValueDupFn on_dup;
    void *dup_data;
    Err *err;
} Reader;

/* Go's reader names the line of a mark as it finds it, and counts on for mistakes of the scanner.
 */
static int fail_to_parse(Reader *r)
{
    const yaml_parser_t *p = &r->parser;
    const char *why = p->problem ? p->problem : "cannot be parsed";
    size_t line = p->problem_mark.line ? p->problem_mark.line + (p->error == YAML_SCANNER_ERROR)
                                       : p->context_mark.line;

    if (line == 0)
        return err_set(r->err, ERR_BAD_REQUEST, "yaml: %s", why);
    return err_set(r->err, ERR_BAD_REQUEST, "yaml: line %zu: %s", line, why);
}

static int next_event(Reader *r, yaml_event_t *e)
{
    if (yaml_parser_parse(&r->parser, e))
        return 0;
    return fail_to_parse(r);
}

static int fail_at(Reader *r, const yaml_event_t *e, const char *what)
{
    return err_set(r->err, ERR_BAD_REQUEST, "yaml: line %zu: %s", e->start_mark.line + 1, what);
}

static Value *scalar(Reader *r, const yaml_event_t *e)
{
    const char *s = (const char *)e->data.scalar.value;
    const char *tag = (const char *)e->data.scalar.tag;
    size_t len = e->data.scalar.length;
    char num[400];

    r->line = e->start_mark.line;
    if (tag ? strcmp(tag, YAML_STR_TAG) == 0 || strcmp(tag, "!") == 0
            : e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
        return value_strn(r->arena, s, len);
    if (strlen(s) != len)
        return value_strn(r->arena, s, len);
    switch (resolve(s, num, sizeof(num))) {
    case PLAIN_NULL:
        return value_null(r->arena);
    case PLAIN_TRUE:
        return value_bool(r->arena, true);
    case PLAIN_FALSE:
        return value_bool(r->arena, false);
    case PLAIN_NUMBER:
        return value_number(r->arena, num);
    case PLAIN_STRING:
        break;
    }
    return value_strn(r->arena, s, len);
}

static size_t count_nodes(const Value *v)
{
    size_t n = 1;

    for (uint32_t i = 0; i < value_len(v); i++)
        n += count_nodes(v->type == VALUE_ARRAY ? v->items[i] : v->members[i].value);
    return n;
}

static int read_node(Reader *r, const yaml_event_t *e, unsigned depth, Value **ret);

/* The next node; consumes its events. *ret stays NULL when the collection's end came instead. */
static int read_next(Reader *r, unsigned depth, Value **ret)
{
    yaml_event_t e;
    int rc = next_event(r, &e);

    if (rc < 0)
        return rc;
    *ret = NULL;
    if (e.type != YAML_SEQUENCE_END_EVENT && e.type != YAML_MAPPING_END_EVENT)
        rc = read_node(r, &e, depth, ret);
    yaml_event_delete(&e);
    return rc;
}

/* << : the members of a mapping, or of each of a list of them, that are not there already. */
static void merge(Reader *r, Value *into, const Value *from)
{
    const Value *v;

    value_each_member(from, m) if (!value_get(into, m->name))
        value_set(r->arena, into, m->name, m->value);
    if (value_is(from, VALUE_ARRAY))
        value_each_item(from, i, v) merge(r, into, v);
}

static const char *name_of(const Value *key)
{
    if (value_is(key, VALUE_STRING) || value_is(key, VALUE_NUMBER))
        return key->str;
    return value_is(key, VALUE_NULL) ? "null" : key->boolean ? "true" : "false";
}

/* A key that comes twice is a mistake, or reported; then the last value counts. */
static int put_member(Reader *r, Map *seen, Value *into, const char *name, size_t line, Value *v)
{
    uintptr_t at = (uintptr_t)map_get(seen, name); /* one behind its index */
    char text[400];

    if (at == 0) {
        value_append_member(r->arena, into, name, v);
        (void)map_set(seen, name, (void *)(uintptr_t)into->n);
        return 0;
    }
    (void)snprintf(text, sizeof(text), "line %zu: key \"%s\" already set in map", line, name);
    if (!r->on_dup)
        return err_set(r->err, ERR_BAD_REQUEST, "yaml: %s", text);
    r->on_dup(text, r->dup_data);
    into->members[at - 1].value = v;
    return 0;
}

static int read_members(Reader *r, const yaml_event_t *start, unsigned depth, Value *into,
                        Map *seen)
{
    Value *merged = NULL;

    for (;;) {
        Value *k, *v;
        size_t line;
        int rc = read_next(r, depth, &k);

        if (rc < 0)
            return rc;
        if (!k)
            break;
        if (value_is(k, VALUE_ARRAY) || value_is(k, VALUE_OBJECT))
            return fail_at(r, start, "a mapping's key is not a scalar");
        line = r->line + 1;
        rc = read_next(r, depth, &v);
        if (rc < 0)
            return rc;
        if (value_is(k, VALUE_STRING) && str_eq(k->str, "<<") && value_len(v) > 0) {
            merged = v;
            continue;
        }
        rc = put_member(r, seen, into, name_of(k), line, v);
        if (rc < 0)
            return rc;
    }
    if (merged)
        merge(r, into, merged);
    return 0;
}

static int read_mapping(Reader *r, const yaml_event_t *start, unsigned depth, Value *into)
{
    Map seen = {0};
    int rc = read_members(r, start, depth, into, &seen);

    map_done(&seen);
    return rc;
}

static int read_alias(Reader *r, const yaml_event_t *e, Value **ret)
{
    const char *name = (const char *)e->data.alias.anchor;
    const Value *v = map_get(&r->anchors, name);

    if (!v)
        return err_set(r->err, ERR_BAD_REQUEST, "yaml: unknown anchor '%s' referenced", name);
    r->n_nodes += count_nodes(v);
    if (r->n_nodes > YAML_MAX_NODES)
        return fail_at(r, e, "document contains excessive aliasing");
    *ret = value_copy(r->arena, v);
    return 0;
}

static int read_collection(Reader *r, const yaml_event_t *e, unsigned depth, Value *v)
{
    if (e->type == YAML_MAPPING_START_EVENT)
        return read_mapping(r, e, depth, v);
    for (;;) {
        Value *item;
        int rc = read_next(r, depth, &item);

        if (rc < 0 || !item)
            return rc;
        value_append(r->arena, v, item);
    }
}

static int read_node(Reader *r, const yaml_event_t *e, unsigned depth, Value **ret)
{
    const yaml_char_t *anchor = NULL;
    int rc = 0;

    if (depth > VALUE_MAX_DEPTH || ++r->n_nodes > YAML_MAX_NODES)
        return fail_at(r, e, "exceeded max depth");
    switch (e->type) {
    case YAML_ALIAS_EVENT:
        return read_alias(r, e, ret);
    case YAML_SCALAR_EVENT:
        *ret = scalar(r, e);
        anchor = e->data.scalar.anchor;
        break;
    case YAML_SEQUENCE_START_EVENT:
        *ret = value_array(r->arena);
        anchor = e->data.sequence_start.anchor;
        rc = read_collection(r, e, depth + 1, *ret);
        break;
    case YAML_MAPPING_START_EVENT:
        *ret = value_object(r->arena);
        anchor = e->data.mapping_start.anchor;
        rc = read_collection(r, e, depth + 1, *ret);
        break;
    default:
        return fail_at(r, e, "unexpected content");
    }
    /* Only complete nodes can be referred to: there are no cycles. */
    if (rc == 0 && anchor)
        map_set(&r->anchors, (const char *)anchor, *ret);
    return rc;
}

static int read_stream(Reader *r, Value *docs)
{
    for (;;) {
        yaml_event_t e;
        yaml_event_type_t type;
        Value *v = NULL;
        int rc = next_event(r, &e);

        if (rc < 0)
            return rc;
        type = e.type;
        if (type != YAML_STREAM_START_EVENT && type != YAML_DOCUMENT_START_EVENT &&
            type != YAML_DOCUMENT_END_EVENT && type != YAML_STREAM_END_EVENT) {
            rc = read_node(r, &e, 0, &v);
            if (rc == 0)
                value_append(r->arena, docs, v);
        }
        if (type == YAML_DOCUMENT_END_EVENT)
            map_clear(&r->anchors);
        yaml_event_delete(&e);
        if (rc < 0 || type == YAML_STREAM_END_EVENT)
            return rc;
    }
}

static int parse_all(Arena *a, Slice text, ValueDupFn on_dup, void *data, Value **ret, Err *err)
{
    Reader r = {.arena = a, .on_dup = on_dup, .dup_data = data, .err = err};
    Value *docs = value_array(a);
    int rc;

    if (!yaml_parser_initialize(&r.parser))
        return err_set(err, ERR_INTERNAL, "yaml: out of memory");
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text.ptr, text.len);
    rc = read_stream(&r, docs);
    yaml_parser_delete(&r.parser);
    map_done(&r.anchors);
    if (rc == 0)
        *ret = docs;
    return rc;
}

int value_parse_yaml_all(Arena *a, Slice text, Value **ret, Err *err)
{
    return parse_all(a, text, NULL, NULL, ret, err);
}

int value_parse_yaml_lax(Arena *a, Slice text, ValueDupFn on_dup, void *data, Value **ret, Err *err)
{
    Value *docs;
    int r = parse_all(a, text, on_dup, data, &docs, err);

    if (r < 0)
        return r;
    *ret = value_len(docs) > 0 ? docs->items[0] : value_null(a);
    return 0;
}

int value_parse_yaml(Arena *a, Slice text, Value **ret, Err *err)
{
    return value_parse_yaml_lax(a, text, NULL, NULL, ret, err);
}

/* ---- writing ---- */

typedef struct Writer {
    yaml_emitter_t emitter;
    bool failed;
} Writer;

static int on_write(void *data, unsigned char *p, size_t n)
{
    buf_add(data, p, n);
    return 1;
}

static void emit(Writer *w, yaml_event_t *e, int made)
{
    if (w->failed || !made || !yaml_emitter_emit(&w->emitter, e))
        w->failed = true;
}

/* Sexagesimal numbers of YAML 1.1 ("1:30"): read as strings here, but not by everybody. */
static bool is_base60(const char *s)
{
    const char *p = s + (*s == '-' || *s == '+');

    if (!isdigit((unsigned char)*p) || !strchr(p, ':'))
        return false;
    p += strspn(p, "0123456789_");
    while (*p == ':') {
        size_t n = strspn(p + 1, "0123456789");

        if (n == 0 || n > 2 || (n == 2 && p[1] > '5'))
            return false;
        p += 1 + n;
    }
    if (*p == '.')
        p += 1 + strspn(p + 1, "0123456789_");
    return *p == 0;
}

/* yyyy-m-d with or without a time: a timestamp to some readers. */
static bool is_date(const char *s)
{
    int n = 0, y, m, d;

    return sscanf(s, "%4d-%2d-%2d%n", &y, &m, &d, &n) == 3 && n >= 8 &&
           (s[n] == 0 || s[n] == 'T' || s[n] == 't' || s[n] == ' ') && isdigit((unsigned char)s[3]);
}

static void emit_text(Writer *w, const char *s, size_t n, bool is_string)
{
    char num[400];
    bool plain = strlen(s) == n && resolve(s, num, sizeof(num)) == PLAIN_STRING && !is_base60(s) &&
                 !is_date(s);
    yaml_scalar_style_t style = !is_string           ? YAML_PLAIN_SCALAR_STYLE
                                : memchr(s, '\n', n) ? YAML_LITERAL_SCALAR_STYLE
                                : plain              ? YAML_PLAIN_SCALAR_STYLE
                                                     : YAML_DOUBLE_QUOTED_SCALAR_STYLE;
    yaml_event_t e;

    emit(w, &e,
         yaml_scalar_event_initialize(&e, NULL, NULL, (const yaml_char_t *)s, (int)n, 1, 1, style));
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return isalpha((unsigned char)c) || (c & 0x80);
}

/* A run of digits as a number. At a zero that follows other digits the run counts as longer. */
static int64_t run_value(const char *s, size_t at, bool in_number, const char **ret_end)
{
    int64_t v = in_number;

    for (s += at; is_digit(*s) && v < INT64_MAX / 10 - 1; s++)
        v = v * 10 + (*s - '0');
    *ret_end = s;
    return v;
}

/* The order of keys: digits by value, letters behind everything else. */
static int cmp_names(const char *a, const char *b)
{
    size_t i = 0;
    bool in_number = false;
    int64_t x, y;
    const char *ae, *be;

    while (a[i] && a[i] == b[i])
        i++;
    if (!a[i] || !b[i])
        return (a[i] != 0) - (b[i] != 0);
    if (is_letter(a[i]) && is_letter(b[i]))
        return (unsigned char)a[i] < (unsigned char)b[i] ? -1 : 1;
    if (is_letter(a[i]) || is_letter(b[i]))
        return is_letter(a[i]) ? 1 : -1;
    if (a[i] == '0' || b[i] == '0')
        for (size_t j = i; j > 0 && is_digit(a[j - 1]); j--)
            in_number |= a[j - 1] != '0';
    x = run_value(a, i, in_number, &ae);
    y = run_value(b, i, in_number, &be);
    if (x != y)
        return x < y ? -1 : 1;
    if (ae - a != be - b)
        return ae - a < be - b ? -1 : 1;
    return (unsigned char)a[i] < (unsigned char)b[i] ? -1 : 1;
}

static int by_name(const void *a, const void *b)
{
    return cmp_names(((const Member *)a)->name, ((const Member *)b)->name);
}

static void emit_value(Writer *w, const Value *v);

static void emit_object(Writer *w, const Value *v)
{
    AUTO_FREE Member *sorted = v->n ? xmemdup(v->members, v->n * sizeof(*sorted)) : NULL;
    yaml_event_t e;

    if (sorted)
        qsort(sorted, v->n, sizeof(*sorted), by_name);
    emit(w, &e,
         yaml_mapping_start_event_initialize(
             &e, NULL, NULL, 1, v->n ? YAML_BLOCK_MAPPING_STYLE : YAML_FLOW_MAPPING_STYLE));
    for (uint32_t i = 0; i < v->n; i++) {
        emit_text(w, sorted[i].name, strlen(sorted[i].name), true);
        emit_value(w, sorted[i].value);
    }
    emit(w, &e, yaml_mapping_end_event_initialize(&e));
}

/* go-yaml prints floats as FormatFloat(f, 'g', -1, 64) does, not as JSON has them (its encode.go,
 * floatv()). */
static void emit_number(Writer *w, const char *s)
{
    char out[GOFLOAT_TEXT_MAX];

    if (strpbrk(s, ".eE") && isfinite(strtod(s, NULL)))
        s = gofloat_text(out, strtod(s, NULL));
    emit_text(w, s, strlen(s), false);
}

static void emit_value(Writer *w, const Value *v)
{
    yaml_event_t e;

    switch (v->type) {
    case VALUE_NULL:
        emit_text(w, "null", 4, false);
        break;
    case VALUE_BOOL:
        emit_text(w, v->boolean ? "true" : "false", v->boolean ? 4 : 5, false);
        break;
    case VALUE_NUMBER:
        emit_number(w, v->str);
        break;
    case VALUE_STRING:
        emit_text(w, v->str, v->n, true);
        break;
    case VALUE_ARRAY:
        emit(w, &e,
             yaml_sequence_start_event_initialize(
                 &e, NULL, NULL, 1, v->n ? YAML_BLOCK_SEQUENCE_STYLE : YAML_FLOW_SEQUENCE_STYLE));
        for (uint32_t i = 0; i < v->n; i++)
            emit_value(w, v->items[i]);
        emit(w, &e, yaml_sequence_end_event_initialize(&e));
        break;
    case VALUE_OBJECT:
        emit_object(w, v);
        break;
    }
}

void value_print_yaml(const Value *v, Buf *out)
{
    Writer w = {0};
    yaml_event_t e;

    BUG_ON(!yaml_emitter_initialize(&w.emitter));
    yaml_emitter_set_output(&w.emitter, on_write, out);
    yaml_emitter_set_unicode(&w.emitter, 1);
    emit(&w, &e, yaml_stream_start_event_initialize(&e, YAML_UTF8_ENCODING));
    emit(&w, &e, yaml_document_start_event_initialize(&e, NULL, NULL, NULL, 1));
    emit_value(&w, v);
    emit(&w, &e, yaml_document_end_event_initialize(&e, 1));
    emit(&w, &e, yaml_stream_end_event_initialize(&e));
    yaml_emitter_delete(&w.emitter);
}
