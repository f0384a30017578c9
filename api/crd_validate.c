/*
 * crd_validate.c - objects against the schema of their definition, in the words of kube-openapi.
 *
 * Formats and CEL rules are not judged here.
 */
#include "api/crd.h"

#include <math.h>
#include <regex.h>

enum {
    PATTERN_MAX = 1000,
    PATTERN_NESTING = 30,
    PATTERN_REPEATS = 300,
    MATCHED_MAX = 65536,
    KEPT_MAX = 8,
    DOUBLES_MAX = 20
};

typedef struct Pattern { /* compiled once an object, not once a value */
    const char *text;
    regex_t re;
    bool is_usable;
} Pattern;

typedef struct Patterns {
    Pattern items[KEPT_MAX];
    uint32_t n; /* used so far; the oldest gives way */
} Patterns;

typedef struct Check {
    FieldErrs *e;
    Patterns *patterns;
    bool is_root; /* kind, apiVersion and metadata are not the schema's */
} Check;

static void check_value(Check *c, const char *path, const Value *schema, const Value *v,
                        const Value *old);

static bool has(const Value *v, const char *name)
{
    const Value *m = value_get(v, name);

    return m && m->type != VALUE_NULL;
}

static bool is_whole(const Value *v)
{
    double d;
    int64_t i;

    return value_to_int(v, &i) || (value_to_double(v, &d) && d == floor(d) && fabs(d) < 1e18);
}

static const char *type_of(const Value *v)
{
    static const char *const names[] = {"null", "boolean", "number", "string", "array", "object"};

    return v->type == VALUE_NUMBER && is_whole(v) ? "integer" : names[v->type];
}

static bool is_of_type(const Value *schema, const Value *v)
{
    const char *want = value_get_str(schema, "type"), *is = type_of(v);

    if (value_is_true(value_get(schema, "x-kubernetes-int-or-string")))
        return str_eq(is, "integer") || str_eq(is, "string");
    if (!want || !want[0])
        return true;
    return str_eq(want, is) || (str_eq(want, "number") && str_eq(is, "integer"));
}

static const char *child(Check *c, const char *path, const char *name)
{
    return arena_printf(c->e->arena, "%s%s%s", path, path[0] ? "." : "", name);
}

/* ---- patterns ---- */

/* glibc expands bounded repeats and recurses into groups: what costs too much is not matched. */
static bool is_cheap(const char *p)
{
    int depth = 0, deepest = 0;
    long product = 1;

    for (const char *q = p; *q; q++) {
        if (*q == '\\' && q[1]) {
            q++;
            if (*q >= '0' && *q <= '9')
                return false;
        } else if (*q == '(') {
            if (q[1] == '?' && q[2] != ':')
                return false;
            depth++;
            deepest = MAX(deepest, depth);
        } else if (*q == ')')
            depth--;
        else if (*q == '{') {
            long low = strtol(q + 1, NULL, 10);
            const char *comma = strchr(q, ','), *end = strchr(q, '}');
            long high = comma && end && comma < end ? strtol(comma + 1, NULL, 10) : low;

            if (low < 0 || high < 0 || low > PATTERN_REPEATS || high > PATTERN_REPEATS)
                return false;
            product *= MAX(1, MAX(low, high));
            if (product > PATTERN_REPEATS)
                return false;
        }
    }
    return deepest <= PATTERN_NESTING && strlen(p) <= PATTERN_MAX;
}

/* Go's syntax in that of POSIX, as far as both can say it. */
static void to_posix(const char *p, Buf *out)
{
    bool in_class = false;

    for (; *p; p++) {
        if (*p == '\\' && p[1] == 'd') {
            buf_adds(out, in_class ? "0-9" : "[0-9]");
            p++;
        } else if (*p == '\\' && p[1] == 'w' && in_class) {
            buf_adds(out, "A-Za-z0-9_");
            p++;
        } else if (*p == '\\' && p[1]) {
            if (!in_class)
                buf_addc(out, '\\');
            buf_addc(out, *++p);
        } else if (str_starts(p, "(?:") && !in_class) {
            buf_addc(out, '(');
            p += 2;
        } else {
            if (*p == '[' && !in_class) {
                in_class = true;
                buf_addc(out, *p);
                if (p[1] == '^')
                    buf_addc(out, *++p);
                continue;
            }
            if (*p == ']')
                in_class = false;
            buf_addc(out, *p);
        }
    }
}

static void forget(Pattern *p)
{
    if (p->is_usable)
        regfree(&p->re);
    *p = (Pattern){0};
}

static const Pattern *pattern_of(Patterns *kept, const char *text)
{
    AUTO_BUF posix = BUF_INIT;
    Pattern *p;

    for (uint32_t i = 0; i < MIN(kept->n, (uint32_t)KEPT_MAX); i++)
        if (kept->items[i].text == text)
            return &kept->items[i];
    p = &kept->items[kept->n++ % KEPT_MAX];
    forget(p);
    p->text = text;
    if (!is_cheap(text))
        return p;
    to_posix(text, &posix);
    p->is_usable = regcomp(&p->re, buf_str(&posix), REG_EXTENDED | REG_NOSUB) == 0;
    return p;
}

static bool matches(Check *c, const char *text, const Value *v)
{
    const Pattern *p;

    if (v->n > MATCHED_MAX || strlen(v->str) != v->n)
        return true;
    p = pattern_of(c->patterns, text);
    return !p->is_usable || regexec(&p->re, v->str, 0, NULL, 0) == 0;
}

/* ---- by type ---- */

static int64_t runes(const Value *v)
{
    int64_t n = 0;

    for (uint32_t i = 0; i < v->n; i++)
        n += ((unsigned char)v->str[i] & 0xc0) != 0x80;
    return n;
}

static void check_string(Check *c, const char *path, const Value *schema, const Value *v)
{
    int64_t n = runes(v), max = value_at_int(schema, "maxLength", -1);
    int64_t min = value_at_int(schema, "minLength", -1);
    const char *pattern = value_get_str(schema, "pattern");

    if (max >= 0 && n > max)
        field_err(c->e, FIELD_ERR_TOO_LONG, path, NULL, "may not be more than %lld bytes",
                  (long long)max);
    if (min >= 0 && n < min)
        field_err(c->e, FIELD_ERR_INVALID, path, v, "%s in body should be at least %lld chars long",
                  path, (long long)min);
    if (pattern && pattern[0] && !matches(c, pattern, v))
        field_err(c->e, FIELD_ERR_INVALID, path, v, "%s in body should match '%s'", path, pattern);
}

static void check_number(Check *c, const char *path, const Value *schema, const Value *v)
{
    const Value *max = value_get(schema, "maximum"), *min = value_get(schema, "minimum");
    const Value *of = value_get(schema, "multipleOf");
    bool no_max = value_is_true(value_get(schema, "exclusiveMaximum"));
    bool no_min = value_is_true(value_get(schema, "exclusiveMinimum"));
    double d, limit;

    if (!value_to_double(v, &d))
        return;
    if (value_to_double(max, &limit) && (no_max ? d >= limit : d > limit))
        field_err(c->e, FIELD_ERR_INVALID, path, v, "%s in body should be less than %s%s", path,
                  no_max ? "" : "or equal to ", max->str);
    if (value_to_double(min, &limit) && (no_min ? d <= limit : d < limit))
        field_err(c->e, FIELD_ERR_INVALID, path, v, "%s in body should be greater than %s%s", path,
                  no_min ? "" : "or equal to ", min->str);
    if (value_to_double(of, &limit) && limit > 0 && fabs(remainder(d, limit)) > 1e-9 * limit)
        field_err(c->e, FIELD_ERR_INVALID, path, v, "%s in body should be a multiple of %s", path,
                  of->str);
}

static void check_count(Check *c, const char *path, const Value *schema, const char *what,
                        const Value *v)
{
    bool items = v->type == VALUE_ARRAY;
    int64_t max = value_at_int(schema, items ? "maxItems" : "maxProperties", -1);
    int64_t min = value_at_int(schema, items ? "minItems" : "minProperties", -1);
    Value *n = value_int(c->e->arena, v->n);

    if (max >= 0 && v->n > max)
        field_err(c->e, FIELD_ERR_TOO_MANY, path, n, "must have at most %lld item%s",
                  (long long)max, max == 1 ? "" : "s");
    if (min >= 0 && v->n < min)
        field_err(c->e, FIELD_ERR_INVALID, path, n, "%s in body should have at least %lld %s", path,
                  (long long)min, what);
}

/* The keys of an item of a list of type map; the item itself of a set. */
static const Value *identity(Check *c, const Value *schema, const Value *item)
{
    const Value *keys = value_get(schema, "x-kubernetes-list-map-keys"), *k;
    Value *out;

    if (value_len(keys) == 0 || item->type != VALUE_OBJECT)
        return item;
    out = value_object(c->e->arena);
    value_each_item(keys, i, k)
    {
        Value *m = value_to_cstr(k) ? value_get(item, value_to_cstr(k)) : NULL;

        if (m)
            value_set(c->e->arena, out, value_to_cstr(k), m);
    }
    return out;
}

typedef struct Item {
    const char *text;
    uint32_t index;
} Item;

static int order_items(const void *x, const void *y)
{
    const Item *a = x, *b = y;
    int d = strcmp(a->text, b->text);

    return d ? d : a->index < b->index ? -1 : 1;
}

static void check_doubles(Check *c, const char *path, const Value *schema, const Value *v)
{
    const char *how = value_get_str(schema, "x-kubernetes-list-type");
    Arena *a = c->e->arena;
    Item *items;

    if (v->n < 2 || !how || str_eq(how, "atomic"))
        return;
    items = arena_array(a, Item, v->n);
    for (uint32_t i = 0; i < v->n; i++)
        items[i] = (Item){value_to_str(a, identity(c, schema, v->items[i])), i};
    qsort(items, v->n, sizeof(*items), order_items);
    for (uint32_t i = 1, n = 0; i < v->n && n < DOUBLES_MAX; i++) {
        if (strcmp(items[i - 1].text, items[i].text) != 0)
            continue;
        n++;
        field_err(c->e, FIELD_ERR_DUPLICATE, arena_printf(a, "%s[%u]", path, items[i].index),
                  identity(c, schema, v->items[items[i].index]), "%s", "");
    }
}

static void check_array(Check *c, const char *path, const Value *schema, const Value *v)
{
    const Value *items = value_get(schema, "items");

    check_count(c, path, schema, "items", v);
    for (uint32_t i = 0; i < v->n && value_is(items, VALUE_OBJECT); i++)
        check_value(c, arena_printf(c->e->arena, "%s[%u]", path, i), items, v->items[i], NULL);
    check_doubles(c, path, schema, v);
}

static void check_object(Check *c, const char *path, const Value *schema, const Value *v,
                         const Value *old)
{
    static const char *const own[] = {"apiVersion", "kind", "metadata"};
    const Value *properties = value_get(schema, "properties"), *name;
    const Value *more = value_get(schema, "additionalProperties");
    bool is_root = c->is_root;

    c->is_root = false;
    if (!is_root)
        check_count(c, path, schema, "properties", v);
    value_each_member(v, m)
    {
        const Value *s = value_get(properties, m->name);
        bool skip = false;

        for (size_t i = 0; is_root && i < ARRAY_LEN(own); i++)
            skip = skip || str_eq(own[i], m->name);
        if (!skip && (s || value_is(more, VALUE_OBJECT)))
            check_value(c, child(c, path, m->name), s ? s : more, m->value,
                        value_get(old, m->name));
    }
    value_each_item(value_get(schema, "required"), i, name)
    {
        if (value_to_cstr(name) && !value_get(v, value_to_cstr(name)))
            field_err(c->e, FIELD_ERR_REQUIRED, child(c, path, value_to_cstr(name)), NULL, "%s",
                      "");
    }
}

/* ---- everything ---- */

static void check_enum(Check *c, const char *path, const Value *list, const Value *v)
{
    AUTO_BUF text = BUF_INIT;
    const Value *one;

    value_each_item(list, i, one) if (value_equal(one, v)) return;
    buf_adds(&text, "supported values: ");
    value_each_item(list, k, one)
    {
        buf_adds(&text, k > 0 ? ", " : "");
        if (one->type == VALUE_STRING)
            value_print(one, &text);
        else
            buf_addf(&text, "\"%s\"", value_to_str(c->e->arena, one));
    }
    field_err(c->e, FIELD_ERR_NOT_SUPPORTED, path, v, "%s", buf_str(&text));
}

static bool passes(Check *c, const char *path, const Value *schema, const Value *v)
{
    FieldErrs e = {.arena = c->e->arena};
    Check inner = {.e = &e, .patterns = c->patterns, .is_root = c->is_root};

    check_value(&inner, path, schema, v, NULL);
    return e.n == 0;
}

static uint32_t n_passed(Check *c, const char *path, const Value *list, const Value *v)
{
    const Value *schema;
    uint32_t n = 0;

    value_each_item(list, i, schema) n += passes(c, path, schema, v);
    return n;
}

static void combined(Check *c, const char *path, const char *what)
{
    field_err(c->e, FIELD_ERR_INVALID, "<nil>", value_str(c->e->arena, ""), "\"%s\" %s", path,
              what);
}

static void check_combined(Check *c, const char *path, const Value *schema, const Value *v)
{
    const Value *any = value_get(schema, "anyOf"), *one = value_get(schema, "oneOf");
    const Value *all = value_get(schema, "allOf"), *no = value_get(schema, "not"), *s;
    uint32_t n;

    if (value_len(any) > 0 && n_passed(c, path, any, v) == 0)
        combined(c, path, "must validate at least one schema (anyOf)");
    if (value_len(one) > 0) {
        n = n_passed(c, path, one, v);
        if (n != 1)
            combined(c, path,
                     n == 0 ? "must validate one and only one schema (oneOf). Found none valid"
                            : arena_printf(c->e->arena,
                                           "must validate one and only one schema (oneOf). Found "
                                           "%u valid alternatives",
                                           n));
    }
    if (value_len(all) > 0) {
        bool is_root = c->is_root;

        n = c->e->n;
        value_each_item(all, i, s)
        {
            c->is_root = is_root;
            check_value(c, path, s, v, NULL);
        }
        c->is_root = is_root;
        if (c->e->n > n)
            combined(c, path, "must validate all the schemas (allOf)");
    }
    if (value_is(no, VALUE_OBJECT) && passes(c, path, no, v))
        combined(c, path, "must not validate the schema (not)");
}

static void check_value(Check *c, const char *path, const Value *schema, const Value *v,
                        const Value *old)
{
    if (old && value_equal(v, old))
        return;
    if (v->type == VALUE_NULL && value_is_true(value_get(schema, "nullable")))
        return;
    if (!is_of_type(schema, v)) {
        const char *want = value_get_str(schema, "type");

        if (value_is_true(value_get(schema, "x-kubernetes-int-or-string")))
            want = "integer,string";
        field_err(c->e, FIELD_ERR_TYPE_INVALID, path, value_str(c->e->arena, type_of(v)),
                  "%s in body must be of type %s: \"%s\"", path, want, type_of(v));
        return;
    }
    check_combined(c, path, schema, v);
    if (has(schema, "enum") && value_len(value_get(schema, "enum")) > 0)
        check_enum(c, path, value_get(schema, "enum"), v);
    if (v->type == VALUE_STRING)
        check_string(c, path, schema, v);
    else if (v->type == VALUE_NUMBER)
        check_number(c, path, schema, v);
    else if (v->type == VALUE_ARRAY)
        check_array(c, path, schema, v);
    else if (v->type == VALUE_OBJECT)
        check_object(c, path, schema, v, old);
}

void crd_validate(const Resource *r, const Value *v, const Value *old, FieldErrs *e)
{
    Patterns patterns = {0};
    Check c = {.e = e, .patterns = &patterns, .is_root = true};

    if (r->crd && r->crd->schema && value_is(v, VALUE_OBJECT))
        check_value(&c, "", r->crd->schema, v, old);
    for (size_t i = 0; i < ARRAY_LEN(patterns.items); i++)
        forget(&patterns.items[i]);
}
