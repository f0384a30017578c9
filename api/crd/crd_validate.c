/*
 * crd_validate.c - values against their schema, in the words and the order of kube-openapi's
 * validators (pkg/validation/validate), and with apiextensions' ratcheting.
 *
 * Each node runs the validators that apply to its value, also after one of them failed. A result
 * counts the checks that ran: of the failed alternatives of an anyOf the one with most of them is
 * shown.
 */
#include "api/crd_schema.h"

#include <float.h>
#include <math.h>
#include <stdarg.h>

enum {
    ERRORS_MAX = 500,      /* more are not reported */
    STEPS_MAX = 200000000, /* of one object: checks, bytes looked at, bytes times instructions */
    SHOWN_MAX = 4194304,   /* bytes of values in all messages */
    STEPS_OF_A_CHECK = 20,
    STEPS_OF_A_MISTAKE = 400, /* also one that an anyOf forgets */
};

typedef struct At { /* a place in the object, on the stack: paths are written for mistakes only */
    const struct At *up;
    const char *name; /* NULL: an item of a list */
    uint32_t index;
    bool is_key; /* of additionalProperties: with a dot, also at the top */
} At;

typedef struct Spent { /* by one object, so that no schema makes it costly */
    uint64_t steps, shown;
} Spent;

typedef struct Check {
    FieldErrs *e;
    Spent *spent;
    const char *prefix; /* of field paths */
    bool differs;       /* a part below is known to differ from what it was */
} Check;

/* Checks `v`, adds errors to c->e; the number of checks that ran. */
static uint32_t check_value(Check *c, const At *at, const Schema *s, const Value *v,
                            const Value *old, bool forgives);

static bool is_over(const Check *c)
{
    return c->spent->steps > STEPS_MAX;
}

static void print_at(const At *at, Buf *out)
{
    if (!at)
        return;
    print_at(at->up, out);
    if (!at->name) {
        buf_addf(out, "[%u]", at->index);
        return;
    }
    if (out->len > 0 || at->is_key)
        buf_addc(out, '.');
    buf_adds(out, at->name);
}

static const char *text_of(Check *c, const At *at)
{
    AUTO_BUF out = BUF_INIT;

    print_at(at, &out);
    return arena_strdup(c->e->arena, buf_str(&out));
}

/* ---- numbers as Go has them: int64 or float64 ---- */

typedef struct Number {
    bool is_int;
    int64_t i;
    double d;
} Number;

static Number number_of(const Value *v)
{
    Number n = {.is_int = value_to_int(v, &n.i)};

    if (n.is_int)
        n.d = (double)n.i;
    else if (!value_to_double(v, &n.d))
        n.d = 0;
    return n;
}

/* swag.IsFloat64AJSONInteger() */
static bool is_whole(double d)
{
    double diff = fabs(d - trunc(d));

    if (isnan(d) || isinf(d) || fabs(d) >= 9007199254740992.0)
        return false;
    return diff == 0 || diff / (fabs(d) + fabs(trunc(d))) < 1e-9;
}

static unsigned type_of(const Value *v)
{
    static const unsigned types[] = {0,           JSON_BOOLEAN, JSON_NUMBER,
                                     JSON_STRING, JSON_ARRAY,   JSON_OBJECT};

    return v->type == VALUE_NUMBER && number_of(v).is_int ? JSON_INTEGER : types[v->type];
}

static const char *type_name(unsigned type)
{
    return type == JSON_STRING    ? "string"
           : type == JSON_INTEGER ? "integer"
           : type == JSON_NUMBER  ? "number"
           : type == JSON_BOOLEAN ? "boolean"
           : type == JSON_ARRAY   ? "array"
           : type == JSON_OBJECT  ? "object"
                                  : "null";
}

/* %v of a float64 */
static const char *float_text(Check *c, double d)
{
    char text[40];

    if (fabs(d) < 1e21 && d == trunc(d))
        return arena_printf(c->e->arena, "%.0f", d);
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, d);
        if (strtod(text, NULL) == d)
            break;
    }
    return arena_strdup(c->e->arena, text);
}

/* ---- errors ---- */

static bool is_reported(const FieldErrs *e)
{
    const FieldErr *last = &e->items[e->n - 1];

    for (uint32_t i = 0; i + 1 < e->n; i++)
        if (strcmp(e->items[i].field, last->field) == 0 &&
            strcmp(e->items[i].message, last->message) == 0)
            return true;
    return false;
}

static const char *field_of(Check *c, const char *path)
{
    if (path[0] == '.')
        path++;
    if (!path[0])
        return c->prefix[0] ? c->prefix : "<nil>";
    return c->prefix[0] ? arena_printf(c->e->arena, "%s.%s", c->prefix, path) : path;
}

/* `detail` in whole, or behind "PATH in body ". `value` may be NULL; a very long one is not shown
 * once too much has been. */
static PRINTF(6, 0) void fail_with(Check *c, FieldErrType type, const char *path,
                                   const Value *value, bool is_body, const char *fmt, va_list ap)
{
    AUTO_BUF detail = BUF_INIT;
    char *text;

    c->spent->steps += STEPS_OF_A_MISTAKE + 4 * (uint64_t)c->e->n + strlen(path);
    if (c->e->n >= ERRORS_MAX)
        return;
    BUG_ON(vasprintf(&text, fmt, ap) < 0);
    c->spent->shown += strlen(path) + (value && value->type == VALUE_STRING ? value->n : 0);
    if (c->spent->shown > SHOWN_MAX && value && value->type == VALUE_STRING)
        value = value_str(c->e->arena, "...");
    if (is_body)
        buf_addf(&detail, "%s in body ", path);
    buf_adds(&detail, text);
    free(text);
    field_err(c->e, type, field_of(c, path), value, "%s", buf_str(&detail));
    if (is_reported(c->e))
        c->e->n--;
}

static PRINTF(5, 6) void fail(Check *c, FieldErrType type, const At *at, const Value *value,
                              const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    fail_with(c, type, text_of(c, at), value, false, fmt, ap);
    va_end(ap);
}

static PRINTF(5, 6) void fail_body(Check *c, FieldErrType type, const At *at, const Value *value,
                                   const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    fail_with(c, type, text_of(c, at), value, true, fmt, ap);
    va_end(ap);
}

/* About a place, but filed under no field. */
static PRINTF(2, 3) void fail_plain(Check *c, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    fail_with(c, FIELD_ERR_INVALID, "", value_str(c->e->arena, ""), false, fmt, ap);
    va_end(ap);
}

static void fail_type(Check *c, const At *at, const char *wanted, const char *got)
{
    fail_body(c, FIELD_ERR_TYPE_INVALID, at, value_str(c->e->arena, got),
              "must be of type %s: \"%s\"", wanted, got);
}

/* ---- type ---- */

static uint32_t check_type(Check *c, const At *at, const Schema *s, const Value *v)
{
    unsigned type = type_of(v);
    bool is_text = type == JSON_STRING || type == JSON_ARRAY;
    const char *format = type == JSON_INTEGER ? "int64" : type == JSON_NUMBER ? "float64" : "";
    bool fits = type & s->types;

    if (type == JSON_NUMBER && s->types & JSON_INTEGER)
        fits = is_whole(number_of(v).d);
    if (type == JSON_INTEGER && s->types & JSON_NUMBER)
        fits = true;
    if (!is_text && s->format && !fits && strcmp(format, s->format) != 0) {
        fail_type(c, at, s->format, format);
        return 0;
    }
    if (is_text && s->format && !(s->types & (JSON_NUMBER | JSON_INTEGER)))
        return 1;
    if (!fits) {
        fail_type(c, at, s->type_names, type_name(type));
        return 0;
    }
    return 1;
}

/* ---- by type ---- */

static int64_t runes(const Value *v)
{
    int64_t n = 0;

    for (uint32_t i = 0; i < v->n; i++)
        n += ((unsigned char)v->str[i] & 0xc0) != 0x80;
    return n;
}

static bool matches(Check *c, const Schema *s, const Value *v)
{
    if (!s->regex)
        return true;
    c->spent->steps += (uint64_t)regex_size(s->regex) * v->n;
    return !is_over(c) && regex_matches(s->regex, v->str, v->n);
}

static void check_string(Check *c, const At *at, const Schema *s, const Value *v)
{
    if (s->max_length >= 0 && runes(v) > s->max_length)
        fail(c, FIELD_ERR_TOO_LONG, at, NULL, "may not be more than %lld bytes",
             (long long)s->max_length);
    else if (s->min_length >= 0 && runes(v) < s->min_length)
        fail_body(c, FIELD_ERR_INVALID, at, v, "should be at least %lld chars long",
                  (long long)s->min_length);
    else if (s->pattern && !matches(c, s, v))
        fail_body(c, FIELD_ERR_INVALID, at, v, "should match '%s'", s->pattern);
}

/* Is a number one of the type and format that the schema says? */
static bool check_range(Check *c, const At *at, const Schema *s, Number n, const char *what)
{
    bool is_narrow = s->format && strcmp(s->format, "int32") == 0;
    bool fits = n.is_int || (n.d == trunc(n.d) && fabs(n.d) < 9223372036854775808.0);

    if (s->types != JSON_INTEGER) /* of several types none is asked for */
        return true;
    if (fits && is_narrow)
        fits = n.d >= INT32_MIN && n.d <= INT32_MAX;
    if (fits)
        return true;
    if (s->format)
        fail_plain(c, "%s value must be of type integer with format %s in %s", what, s->format,
                   text_of(c, at));
    else
        fail_plain(c, "%s value must be of type integer (default format) in %s", what,
                   text_of(c, at));
    return false;
}

static Number limit_of(double d)
{
    bool is_int = d == trunc(d) && fabs(d) < 9223372036854775808.0;

    return (Number){is_int, is_int ? (int64_t)d : 0, d};
}

/* Limits are cut to integers where the value is one. */
static const char *limit_text(Check *c, const Number *n, double limit, bool fits, double *ret)
{
    *ret = n->is_int && fits ? trunc(limit) : limit;
    return float_text(c, *ret);
}

static void check_multiple(Check *c, const At *at, const Schema *s, const Value *v, const Number *n)
{
    bool fits = check_range(c, at, s, limit_of(s->multiple), "MultipleOf");
    double factor = s->multiple, times;
    bool is_multiple;

    if (factor < 0) {
        fail(c, FIELD_ERR_INVALID, at, value_number(c->e->arena, float_text(c, factor)),
             "factor MultipleOf declared for %s must be positive: %s", text_of(c, at),
             float_text(c, factor));
        return;
    }
    if (n->is_int && fits && fabs(trunc(factor)) >= 1 && fabs(factor) < 9e18) {
        is_multiple = n->i % (int64_t)factor == 0;
        factor = trunc(factor);
    } else {
        times = factor < 1 ? 1 / factor * n->d : n->d / factor;
        is_multiple = is_whole(times);
    }
    if (!is_multiple)
        fail_body(c, FIELD_ERR_INVALID, at, v, "should be a multiple of %s", float_text(c, factor));
}

static void check_number(Check *c, const At *at, const Schema *s, const Value *v)
{
    Number n = number_of(v);
    const char *text;
    double limit;
    bool fits;

    (void)check_range(c, at, s, n, "Checked");
    if (s->has_multiple)
        check_multiple(c, at, s, v, &n);
    if (s->has_min) {
        fits = check_range(c, at, s, limit_of(s->min), "Minimum boundary");
        text = limit_text(c, &n, s->min, fits, &limit);
        if (s->excludes_min ? n.d <= limit : n.d < limit)
            fail_body(c, FIELD_ERR_INVALID, at, v, "should be greater than %s%s",
                      s->excludes_min ? "" : "or equal to ", text);
    }
    if (s->has_max) {
        fits = check_range(c, at, s, limit_of(s->max), "Maximum boundary");
        text = limit_text(c, &n, s->max, fits, &limit);
        if (s->excludes_max ? n.d >= limit : n.d > limit)
            fail_body(c, FIELD_ERR_INVALID, at, v, "should be less than %s%s",
                      s->excludes_max ? "" : "or equal to ", text);
    }
}

static void too_many(Check *c, const At *at, int64_t n, int64_t max)
{
    fail(c, FIELD_ERR_TOO_MANY, at, value_int(c->e->arena, n), "must have at most %lld item%s",
         (long long)max, max == 1 ? "" : "s");
}

static void too_few(Check *c, const At *at, int64_t n, int64_t min, const char *what)
{
    fail_body(c, FIELD_ERR_INVALID, at, value_int(c->e->arena, n), "should have at least %lld %s",
              (long long)min, what);
}

static const Value *old_of_item(const Schema *s, const OldItems *by_key, const Value *old,
                                const Value *item, uint32_t i)
{
    if (schema_is_list_of(s, "map"))
        return old_items_get(by_key, item);
    return s->list_type ? NULL : value_item(old, i); /* sets and atomic lists are one thing */
}

static uint32_t check_array(Check *c, const At *at, const Schema *s, const Value *v,
                            const Value *old)
{
    const OldItems *by_key = old_items_new(c->e->arena, s, old);
    uint32_t n = 1;

    for (uint32_t i = 0; s->items && i < v->n; i++) {
        const Value *was = old_of_item(s, by_key, old, v->items[i], i);

        n += check_value(c, &(At){.up = at, .index = i}, s->items, v->items[i], was, was != NULL);
    }
    if (s->min_items >= 0 && v->n < s->min_items)
        too_few(c, at, v->n, s->min_items, "items");
    if (s->max_items >= 0 && v->n > s->max_items)
        too_many(c, at, v->n, s->max_items);
    return n;
}

/* ---- objects ---- */

static int by_name(const void *x, const void *y)
{
    return strcmp(((const Member *)x)->name, ((const Member *)y)->name);
}

/* Members by name, for look-ups: objects of thousands of members stay cheap. */
static const Member *sorted(Arena *a, const Value *v)
{
    bool is_sorted = true;
    Member *copy;

    for (uint32_t i = 1; i < v->n && is_sorted; i++)
        is_sorted = strcmp(v->members[i - 1].name, v->members[i].name) < 0;
    if (is_sorted)
        return v->members;
    copy = arena_array(a, Member, v->n);
    memcpy(copy, v->members, v->n * sizeof(*copy));
    qsort(copy, v->n, sizeof(*copy), by_name);
    return copy;
}

static const Value *find(const Member *members, uint32_t n, const char *name)
{
    Member key = {name, NULL};
    const Member *m = n > 0 ? bsearch(&key, members, n, sizeof(key), by_name) : NULL;

    return m ? m->value : NULL;
}

static uint32_t check_object(Check *c, const At *at, const Schema *s, const Value *v,
                             const Value *old)
{
    const Member *members = sorted(c->e->arena, v), *were = NULL;
    uint32_t n = 0, n_old = value_is(old, VALUE_OBJECT) ? old->n : 0;
    const Value *name;

    if (s->min_props >= 0 && v->n < s->min_props) {
        too_few(c, at, v->n, s->min_props, "properties");
        return 0;
    }
    if (s->max_props >= 0 && v->n > s->max_props) {
        too_many(c, at, v->n, s->max_props);
        return 0;
    }
    if (n_old > 0)
        were = sorted(c->e->arena, old);
    for (uint32_t i = 0; i < v->n; i++) {
        const Schema *prop = schema_prop(s, members[i].name);
        const Value *was = find(were, n_old, members[i].name);

        if (prop || s->others)
            n += check_value(c, &(At){.up = at, .name = members[i].name, .is_key = !prop},
                             prop ? prop : s->others, members[i].value, was, was != NULL);
        else if (s->forbids_others)
            fail(c, FIELD_ERR_INVALID, at, value_str(c->e->arena, members[i].name),
                 "%s.%s in body is a forbidden property", text_of(c, at), members[i].name);
    }
    value_each_item(s->required, i, name)
    {
        if (value_to_cstr(name) && !find(members, v->n, value_to_cstr(name)))
            fail(c, FIELD_ERR_REQUIRED, &(At){.up = at, .name = value_to_cstr(name)}, NULL, "%s",
                 "");
    }
    return n;
}

/* ---- enums ---- */

static bool is_same_scalar(const Value *allowed, const Value *v)
{
    if (allowed->type == VALUE_NUMBER && v->type == VALUE_NUMBER) {
        Number a = number_of(allowed), b = number_of(v);

        return a.is_int ? a.i == (b.is_int           ? b.i
                                  : fabs(b.d) < 9e18 ? (int64_t)b.d
                                                     : 0)
                        : a.d == b.d;
    }
    return value_equal(allowed, v);
}

static void check_enum(Check *c, const At *at, const Value *list, const Value *v)
{
    AUTO_BUF text = BUF_INIT;
    const Value *one;

    value_each_item(list, i, one)
    {
        if (one->type != VALUE_NULL && is_same_scalar(one, v))
            return;
    }
    buf_adds(&text, "supported values: ");
    value_each_item(list, k, one)
    {
        buf_adds(&text, k > 0 ? ", " : "");
        if (one->type == VALUE_STRING)
            value_print(one, &text);
        else
            value_print(value_str(c->e->arena, value_to_str(c->e->arena, one)), &text);
    }
    fail(c, FIELD_ERR_NOT_SUPPORTED, at, v, "%s", buf_str(&text));
}

/* ---- allOf, anyOf, oneOf, not ---- */

typedef struct Outcome {
    FieldErrs e;
    uint32_t n; /* checks that ran */
} Outcome;

static Outcome try_schema(Check *c, const At *at, const Schema *s, const Value *v, const Value *old)
{
    Outcome o = {.e = {.arena = c->e->arena}};
    Check inner = {.e = &o.e, .spent = c->spent, .prefix = c->prefix};

    o.n = check_value(&inner, at, s, v, old, false);
    c->differs = c->differs || inner.differs;
    return o;
}

static void merge(Check *c, const FieldErrs *from)
{
    for (uint32_t i = 0; i < from->n && c->e->n < ERRORS_MAX; i++) {
        field_errs_add(c->e, &(FieldErrs){.items = &from->items[i], .n = 1});
        if (is_reported(c->e))
            c->e->n--;
    }
}

static uint32_t check_alternatives(Check *c, const At *at, const Schemas *list, const Value *v,
                                   const Value *old, bool only_one)
{
    Outcome best = {0}, first = {0}, o;
    bool has_best = false;
    uint32_t passed = 0;

    for (uint32_t i = 0; i < list->n; i++) {
        o = try_schema(c, at, list->items[i], v, old);
        if (o.e.n == 0) {
            first = passed++ == 0 ? o : first;
            has_best = false;
            if (!only_one)
                break;
        } else if (passed == 0 && (!has_best || o.n > best.n)) {
            best = o;
            has_best = true;
        }
    }
    if (passed == 1 || (passed > 0 && !only_one))
        return first.n;
    if (!only_one)
        fail_plain(c, "\"%s\" must validate at least one schema (anyOf)", text_of(c, at));
    else
        fail_plain(c, "\"%s\" must validate one and only one schema (oneOf). %s", text_of(c, at),
                   passed == 0 ? "Found none valid"
                               : arena_printf(c->e->arena, "Found %u valid alternatives", passed));
    if (!has_best)
        return 0;
    merge(c, &best.e);
    return best.n;
}

static uint32_t check_combined(Check *c, const At *at, const Schema *s, const Value *v,
                               const Value *old)
{
    uint32_t n = 1, passed = 0;

    if (s->any_of.n > 0)
        n += check_alternatives(c, at, &s->any_of, v, old, false);
    if (s->one_of.n > 0)
        n += check_alternatives(c, at, &s->one_of, v, old, true);
    for (uint32_t i = 0; i < s->all_of.n; i++) {
        Outcome o = try_schema(c, at, s->all_of.items[i], v, old);

        passed += o.e.n == 0;
        n += o.n;
        merge(c, &o.e);
    }
    if (passed != s->all_of.n)
        fail_plain(c, "\"%s\" must validate all the schemas (allOf)%s", text_of(c, at),
                   passed == 0 ? ". None validated" : "");
    if (s->not_ && try_schema(c, at, s->not_, v, old).e.n == 0)
        fail_plain(c, "\"%s\" must not validate the schema (not)", text_of(c, at));
    return n;
}

/* ---- everything ---- */

static uint32_t check_null(Check *c, const At *at, const Schema *s, const Value *v)
{
    uint32_t n = 1;

    if (s->types && !s->is_nullable) {
        fail_type(c, at, s->type_names, "null");
        n = 0;
    }
    if (s->enums)
        check_enum(c, at, s->enums, v);
    return n;
}

static uint32_t check_here(Check *c, const At *at, const Schema *s, const Value *v,
                           const Value *old)
{
    uint32_t n = 1;

    if (v->type == VALUE_NULL)
        return check_null(c, at, s, v);
    if (s->types || s->format)
        n += check_type(c, at, s, v) + 1;
    n += check_combined(c, at, s, v, old) + 1;
    if (v->type == VALUE_STRING) {
        check_string(c, at, s, v);
        n++;
        if (s->format_fn) {
            n++;
            if (!s->format_fn((Slice){v->str, v->n}))
                fail_body(c, FIELD_ERR_TYPE_INVALID, at, v, "must be of type %s: %s", s->format,
                          value_to_str(c->e->arena, v));
        }
    } else if (v->type == VALUE_NUMBER) {
        check_number(c, at, s, v);
        n += 2;
    } else if (v->type == VALUE_ARRAY)
        n += check_array(c, at, s, v, old) + 1;
    if (s->enums)
        check_enum(c, at, s->enums, v);
    n++;
    if (v->type == VALUE_OBJECT)
        n += check_object(c, at, s, v, old) + 1;
    return n;
}

static uint32_t check_value(Check *c, const At *at, const Schema *s, const Value *v,
                            const Value *old, bool forgives)
{
    bool differed = c->differs;
    uint32_t n_errors = c->e->n, n;

    c->spent->steps += STEPS_OF_A_CHECK + (v->type == VALUE_STRING ? v->n / 8 : 0);
    if (is_over(c))
        return 0;
    c->differs = false;
    n = check_here(c, at, s, v, old);
    if (c->e->n > n_errors && forgives) {
        if (!c->differs && schema_same(c->e->arena, s, v, old))
            c->e->n = n_errors;
        else
            c->differs = true;
    }
    c->differs = c->differs || differed;
    return n;
}

void schema_validate(const Schema *s, const char *path, const Value *v, const Value *old,
                     FieldErrs *e)
{
    FieldErrs own = {.arena = e->arena};
    Spent spent = {0};
    Check c = {.e = &own, .spent = &spent, .prefix = path};

    if (!s)
        return;
    check_value(&c, NULL, s, v, old, old != NULL);
    if (is_over(&c))
        fail_plain(&c, "the object and its schema take too long to validate");
    field_errs_add(e, &own);
}
