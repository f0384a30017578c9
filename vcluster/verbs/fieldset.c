/*
 * fieldset.c - see sigs.k8s.io/structured-merge-diff, fieldpath/set.go and serialize.go, whose
 * results this has.
 */
#include "vcluster/fieldset.h"

#include <ctype.h>

/* ---- order ---- */

/* A number behind a colon, as keys of lists have them, sorts by its value. */
static size_t number_at(const char *text, size_t at, size_t *ret_start)
{
    size_t start = at, end = at;

    while (start > 0 && isdigit((unsigned char)text[start - 1]))
        start--;
    while (isdigit((unsigned char)text[end]))
        end++;
    *ret_start = start;
    return start > 0 && text[start - 1] == ':' ? end - start : 0;
}

int fieldset_order(const char *x, const char *y)
{
    size_t i = 0, nx, ny, start;

    while (x[i] && x[i] == y[i])
        i++;
    if (x[0] != 'f' && x[i] && y[i] && x[0] == y[0]) {
        nx = number_at(x, i, &start);
        ny = number_at(y, i, &start);
        if (nx > 0 && ny > 0 && nx != ny)
            return nx < ny ? -1 : 1;
    }
    return (unsigned char)x[i] - (unsigned char)y[i];
}

static int by_key(const void *x, const void *y)
{
    return fieldset_order(((const FieldChild *)x)->key, ((const FieldChild *)y)->key);
}

/* ---- making ---- */

FieldSet *fieldset_leaf(Arena *a)
{
    FieldSet *s = arena_new0(a, FieldSet);

    s->is_member = true;
    return s;
}

FieldSet *fieldset_mark(Arena *a, FieldSet *node)
{
    if (!node)
        return fieldset_leaf(a);
    node->is_member = true;
    return node;
}

bool fieldset_is_empty(const FieldSet *s)
{
    return !s || (!s->is_member && s->n == 0);
}

void fieldset_add(Arena *a, FieldSet **node, const char *key, const FieldSet *child)
{
    FieldSet *s = *node;

    if (fieldset_is_empty(child))
        return;
    if (!s)
        s = *node = arena_new0(a, FieldSet);
    ARENA_GROW(a, s->children, s->n, s->cap, 4);
    s->children[s->n++] = (FieldChild){key, child};
}

FieldSet *fieldset_of_path(Arena *a, const char *path)
{
    FieldSet *s = NULL;
    const char *dot = strchr(path, '.');
    size_t n = dot ? (size_t)(dot - path) : strlen(path);

    fieldset_add(a, &s, arena_printf(a, "f:%.*s", (int)n, path),
                 dot ? fieldset_of_path(a, dot + 1) : fieldset_leaf(a));
    return s;
}

/* ---- looking ---- */

const FieldSet *fieldset_child(const FieldSet *s, const char *key)
{
    uint32_t lo = 0, hi = s ? s->n : 0;

    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        int d = fieldset_order(s->children[mid].key, key);

        if (d == 0)
            return s->children[mid].set;
        if (d < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return NULL;
}

const FieldSet *fieldset_field(const FieldSet *s, const char *name)
{
    uint32_t lo = 0, hi = s ? s->n : 0;

    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        const char *key = s->children[mid].key;
        int d = key[0] == 'f' ? strcmp(key + 2, name) : 1;

        if (d == 0)
            return s->children[mid].set;
        if (d < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return NULL;
}

bool fieldset_has_path(const FieldSet *s, const char *path)
{
    Slice rest = slice_of(path), name;

    while (s && rest.len > 0) {
        char text[256];

        slice_cut(&rest, '.', &name);
        (void)snprintf(text, sizeof(text), "%.*s", (int)name.len, name.ptr);
        s = fieldset_field(s, text);
    }
    return s && s->is_member;
}

bool fieldset_equal(const FieldSet *x, const FieldSet *y)
{
    if (fieldset_is_empty(x) || fieldset_is_empty(y))
        return fieldset_is_empty(x) && fieldset_is_empty(y);
    if (x->is_member != y->is_member || x->n != y->n)
        return false;
    for (uint32_t i = 0; i < x->n; i++)
        if (strcmp(x->children[i].key, y->children[i].key) != 0 ||
            !fieldset_equal(x->children[i].set, y->children[i].set))
            return false;
    return true;
}

/* ---- algebra ---- */

typedef enum Mix { MIX_UNION, MIX_COMMON, MIX_MINUS, MIX_MINUS_BELOW } Mix;

static bool mix_member(Mix how, bool x, bool y)
{
    switch (how) {
    case MIX_UNION:
        return x || y;
    case MIX_COMMON:
        return x && y;
    default:
        return x && !y;
    }
}

/* The first child from `at` on whose key is not before `key`: sets differ in size by orders. */
static uint32_t skip_to(const FieldSet *s, uint32_t at, const char *key)
{
    uint32_t hi = s->n;

    while (at < hi) {
        uint32_t mid = at + (hi - at) / 2;

        if (fieldset_order(s->children[mid].key, key) < 0)
            at = mid + 1;
        else
            hi = mid;
    }
    return at;
}

static FieldSet *mix(Arena *a, const FieldSet *x, const FieldSet *y, Mix how)
{
    uint32_t i = 0, j = 0, nx = x ? x->n : 0, ny = y ? y->n : 0;
    bool self = mix_member(how, x && x->is_member, y && y->is_member);
    FieldSet *out = NULL;

    if (how == MIX_MINUS_BELOW && y && y->is_member)
        return NULL;
    while (i < nx || (j < ny && how == MIX_UNION)) {
        int d = i >= nx ? 1 : j >= ny ? -1 : fieldset_order(x->children[i].key, y->children[j].key);

        if (d == 0) {
            fieldset_add(a, &out, x->children[i].key,
                         mix(a, x->children[i].set, y->children[j].set, how));
            i++, j++;
        } else if (d < 0) {
            if (how != MIX_COMMON)
                fieldset_add(a, &out, x->children[i].key, x->children[i].set);
            i++;
        } else {
            if (how == MIX_UNION)
                fieldset_add(a, &out, y->children[j].key, y->children[j].set);
            j = how == MIX_UNION ? j + 1 : skip_to(y, j + 1, x->children[i].key);
        }
    }
    return self ? fieldset_mark(a, out) : out;
}

FieldSet *fieldset_union(Arena *a, const FieldSet *x, const FieldSet *y)
{
    return mix(a, x, y, MIX_UNION);
}

FieldSet *fieldset_common(Arena *a, const FieldSet *x, const FieldSet *y)
{
    return mix(a, x, y, MIX_COMMON);
}

FieldSet *fieldset_minus(Arena *a, const FieldSet *x, const FieldSet *y)
{
    return mix(a, x, y, MIX_MINUS);
}

FieldSet *fieldset_minus_below(Arena *a, const FieldSet *x, const FieldSet *y)
{
    return mix(a, x, y, MIX_MINUS_BELOW);
}

/* ---- FieldsV1 ---- */

/* The element as this program would write it, NULL for a kind that nobody knows (it is skipped);
 * false when it is malformed. */
static bool parse_element(Arena *a, const char *text, const char **ret)
{
    Value *v = NULL;

    *ret = NULL;
    if (strlen(text) < 2 || text[1] != ':')
        return false;
    switch (text[0]) {
    case 'f':
        *ret = text;
        return true;
    case 'k':
        if (value_parse(a, slice_of(text + 2), &v, NULL) < 0 || !value_is(v, VALUE_OBJECT) ||
            value_len(v) == 0)
            return false;
        *ret = text;
        return true;
    case 'v':
        *ret = text;
        return value_parse(a, slice_of(text + 2), &v, NULL) == 0;
    case 'i':
        for (const char *p = text + 2; *p; p++)
            if (!isdigit((unsigned char)*p) && !(p == text + 2 && *p == '-'))
                return false;
        *ret = text;
        return text[2] != '\0';
    default:
        return true;
    }
}

static bool parse_node(Arena *a, const Value *v, bool is_root, FieldSet **ret)
{
    FieldSet *out = NULL;
    bool sorted = true;

    *ret = NULL;
    if (!value_is(v, VALUE_OBJECT))
        return false;
    value_each_member(v, m)
    {
        FieldSet *child = NULL;
        const char *key;

        if (strcmp(m->name, ".") == 0) {
            out = fieldset_mark(a, out);
            continue;
        }
        if (!parse_element(a, m->name, &key))
            return false;
        if (!key)
            continue;
        if (!parse_node(a, m->value, false, &child))
            return false;
        fieldset_add(a, &out, key, child);
        if (out->n > 1 && by_key(&out->children[out->n - 2], &out->children[out->n - 1]) > 0)
            sorted = false;
    }
    if (!sorted)
        qsort(out->children, out->n, sizeof(*out->children), by_key);
    if (!out && !is_root)
        out = fieldset_leaf(a);
    *ret = out;
    return true;
}

bool fieldset_parse(Arena *a, const Value *fields, FieldSet **ret)
{
    *ret = NULL;
    return !fields || fields->type == VALUE_NULL || parse_node(a, fields, true, ret);
}

Value *fieldset_print(Arena *a, const FieldSet *s)
{
    Value *v = value_object(a);

    if (!s)
        return v;
    if (s->is_member && s->n > 0)
        value_append_member(a, v, ".", value_object(a));
    for (uint32_t i = 0; i < s->n; i++)
        value_append_member(a, v, s->children[i].key, fieldset_print(a, s->children[i].set));
    return v;
}

/* ---- paths as texts ---- */

void fieldset_write_element(Arena *a, const char *key, Buf *out)
{
    Value *v = NULL;
    bool first = true;

    if (key[0] == 'f') {
        buf_addf(out, ".%s", key + 2);
        return;
    }
    if (key[0] == 'i') {
        buf_addf(out, "[%s]", key + 2);
        return;
    }
    if (value_parse(a, slice_of(key + 2), &v, NULL) < 0)
        return;
    buf_addc(out, '[');
    if (key[0] == 'k') {
        value_each_member(v, m)
        {
            buf_addf(out, "%s%s=", first ? "" : ",", m->name);
            value_print(m->value, out);
            first = false;
        }
    } else {
        buf_addc(out, '=');
        value_print(v, out);
    }
    buf_addc(out, ']');
}

static void each(Arena *a, const char *prefix, const FieldSet *s, FieldPathFn fn, void *data)
{
    const char **paths = s->n > 0 ? arena_array(a, const char *, s->n) : NULL;

    for (uint32_t i = 0; i < s->n; i++) {
        AUTO_BUF text = BUF_INIT;

        buf_adds(&text, prefix);
        fieldset_write_element(a, s->children[i].key, &text);
        paths[i] = arena_strdup(a, buf_str(&text));
        if (s->children[i].set->is_member)
            fn(paths[i], data);
    }
    for (uint32_t i = 0; i < s->n; i++)
        each(a, paths[i], s->children[i].set, fn, data);
}

void fieldset_each(Arena *a, const FieldSet *s, FieldPathFn fn, void *data)
{
    if (s)
        each(a, "", s, fn, data);
}
