#include "api/table.h"

#include "api/jsonpath.h"
#include "api/selector.h"
#include "api/table_int.h"
#include "base/clock.h"
#include "base/err.h"

#include <stdarg.h>

/* ---- ages ---- */

const char *table_age(Arena *a, int64_t since_us, int64_t now_us)
{
    int64_t s = (now_us - since_us) / 1000000;
    int64_t m = s / 60, h = s / 3600, d = h / 24;

    if (s < -1)
        return "<invalid>";
    if (s < 120)
        return arena_printf(a, "%llds", (long long)MAX(s, 0));
    if (m < 10)
        return s % 60 == 0 ? arena_printf(a, "%lldm", (long long)m)
                           : arena_printf(a, "%lldm%llds", (long long)m, (long long)s % 60);
    if (m < 180)
        return arena_printf(a, "%lldm", (long long)m);
    if (h < 8)
        return m % 60 == 0 ? arena_printf(a, "%lldh", (long long)h)
                           : arena_printf(a, "%lldh%lldm", (long long)h, (long long)m % 60);
    if (h < 48)
        return arena_printf(a, "%lldh", (long long)h);
    if (d < 8)
        return h % 24 == 0 ? arena_printf(a, "%lldd", (long long)d)
                           : arena_printf(a, "%lldd%lldh", (long long)d, (long long)h % 24);
    if (d < 730)
        return arena_printf(a, "%lldd", (long long)d);
    if (d < 2920 && d % 365 != 0)
        return arena_printf(a, "%lldy%lldd", (long long)d / 365, (long long)d % 365);
    return arena_printf(a, "%lldy", (long long)d / 365);
}

const char *table__since(const TableRow *row, const Value *time)
{
    const char *text = value_to_cstr(time);
    int64_t us;

    if (!text || !clock_from_rfc3339(slice_of(text), &us))
        return "<unknown>";
    return table_age(row->arena, us, row->now_us);
}

/* ---- cells ---- */

void table__str(TableRow *row, const char *s)
{
    value_append(row->arena, row->cells, value_str(row->arena, s ? s : ""));
}

void table__strf(TableRow *row, const char *fmt, ...)
{
    char text[512];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    table__str(row, text);
}

const Value *table__at(const TableRow *row, const char *path)
{
    return value_at(row->object, path);
}

const char *table__str_at(const TableRow *row, const char *path)
{
    const char *s = value_at_str(row->object, path);

    return s ? s : "";
}

void table__text(TableRow *row, const char *path, const char *otherwise)
{
    const char *s = table__str_at(row, path);

    table__str(row, s[0] ? s : otherwise);
}

void table__int(TableRow *row, int64_t i)
{
    value_append(row->arena, row->cells, value_int(row->arena, i));
}

void table__int_at(TableRow *row, const char *path)
{
    table__int(row, value_at_int(row->object, path, 0));
}

void table__bool(TableRow *row, bool b)
{
    value_append(row->arena, row->cells, value_bool(row->arena, b));
}

void table__age(TableRow *row)
{
    table__str(row, table__since(row, table__at(row, "metadata.creationTimestamp")));
}

void table__selector(TableRow *row, const Value *label_selector)
{
    AUTO_BUF b = BUF_INIT;
    Selector *s;
    bool is_none;

    if (selector_from_value(row->arena, label_selector, &s, &is_none, NULL) < 0) {
        table__str(row, "<error>");
        return;
    }
    selector_print(s, &b);
    table__str(row, b.len > 0 ? buf_str(&b) : "<none>");
}

void table__labels(TableRow *row, const Value *labels)
{
    Value *texts = value_array(row->arena);

    value_each_member(labels, m)
        value_append(row->arena, texts,
                     value_printf(row->arena, "%s=%s", m->name,
                                  value_to_cstr(m->value) ? value_to_cstr(m->value) : ""));
    table__sort(texts);
    table__str(row, table__join_some(row->arena, texts, UINT32_MAX, ",", "<none>"));
}

void table__containers(TableRow *row, const char *pod_spec_path)
{
    static const char *const members[] = {"name", "image"};
    const Value *containers = value_get(table__at(row, pod_spec_path), "containers"), *item;

    for (size_t k = 0; k < ARRAY_LEN(members); k++) {
        Value *texts = value_array(row->arena);

        value_each_item(containers, i, item) value_append(
            row->arena, texts,
            value_str(row->arena, table__scalar(row->arena, value_get(item, members[k]), "")));
        table__str(row, table__join_some(row->arena, texts, UINT32_MAX, ",", ""));
    }
}

/* ---- parts of cells ---- */

const char *table__scalar(Arena *a, const Value *v, const char *otherwise)
{
    if (!v || v->type == VALUE_NULL)
        return otherwise;
    return v->type == VALUE_STRING ? v->str : value_to_str(a, v);
}

const char *table__join_some(Arena *a, const Value *texts, uint32_t max, const char *separator,
                             const char *otherwise)
{
    AUTO_BUF b = BUF_INIT;
    const Value *item;

    if (value_len(texts) == 0)
        return otherwise;
    value_each_item(texts, i, item)
    {
        if (i == max) {
            buf_addf(&b, " + %u more...", texts->n - max);
            break;
        }
        if (i > 0)
            buf_adds(&b, separator);
        buf_adds(&b, table__scalar(a, item, ""));
    }
    return arena_strdup(a, buf_str(&b));
}

const Value *table__condition(const Value *conditions, const char *type)
{
    const Value *item;

    value_each_item(conditions, i, item)
    {
        if (str_eq(value_get_str(item, "type"), type))
            return item;
    }
    return NULL;
}

bool table__condition_is(const Value *conditions, const char *type, const char *status)
{
    return str_eq(value_get_str(table__condition(conditions, type), "status"), status);
}

static int compare_texts(const void *x, const void *y)
{
    const Value *a = *(const Value *const *)x, *b = *(const Value *const *)y;

    return strcmp(a->str, b->str);
}

void table__sort(Value *texts)
{
    if (texts->n > 1)
        qsort(texts->items, texts->n, sizeof(*texts->items), compare_texts);
}

const char *table__lower(const TableRow *row, const char *s)
{
    char *text = arena_strdup(row->arena, s);

    for (char *p = text; *p; p++)
        *p = (char)(*p >= 'A' && *p <= 'Z' ? *p | 0x20 : *p);
    return text;
}

/* ---- columns that say themselves where their value stands ---- */

static bool is_plain_path(const char *path)
{
    if (path[0] != '.' || path[1] == '\0')
        return false;
    for (const char *p = path; *p; p++) {
        bool is_word = (*p >= '0' && *p <= '9') || ((*p | 0x20) >= 'a' && (*p | 0x20) <= 'z') ||
                       *p == '_' || *p == '-';

        if (!is_word && (*p != '.' || p[1] == '.' || p[1] == '\0'))
            return false;
    }
    return true;
}

static const Value *first_value(const TableRow *row, const char *path)
{
    JsonPath *parsed;
    Value *values;

    if (is_plain_path(path))
        return value_at(row->object, path + 1);
    if (jsonpath_parse(row->arena, arena_printf(row->arena, "{%s}", path), &parsed, NULL) < 0 ||
        jsonpath_values(parsed, row->arena, row->object, &values, NULL) < 0)
        return NULL;
    return value_item(values, 0);
}

static Value *typed_cell(const TableRow *row, const Value *v, const char *type)
{
    Arena *a = row->arena;
    double d;
    int64_t i;

    if (!v || v->type == VALUE_NULL)
        return value_null(a);
    if (str_eq(type, "string"))
        return value_str(a, table__scalar(a, v, ""));
    if (str_eq(type, "integer")) {
        if (value_to_int(v, &i))
            return value_int(a, i);
        return value_to_double(v, &d) && d > -9e18 && d < 9e18 ? value_int(a, (int64_t)d)
                                                               : value_null(a);
    }
    if (str_eq(type, "number"))
        return v->type == VALUE_NUMBER ? value_copy(a, v) : value_null(a);
    if (str_eq(type, "boolean"))
        return v->type == VALUE_BOOL ? value_copy(a, v) : value_null(a);
    if (str_eq(type, "date") && v->type == VALUE_STRING) {
        const char *age = table__since(row, v);

        return value_str(a, strcmp(age, "<unknown>") == 0 ? "<invalid>" : age);
    }
    return value_null(a);
}

static void fill_by_columns(TableRow *row)
{
    for (uint32_t i = row->cells->n; i < row->resource->n_columns; i++) {
        const Column *c = &row->resource->columns[i];

        if (c->path)
            value_append(row->arena, row->cells,
                         typed_cell(row, first_value(row, c->path), c->type));
        else if (strcmp(c->name, "Age") == 0)
            table__age(row);
        else if (strcmp(c->name, "Created At") == 0)
            table__text(row, "metadata.creationTimestamp", "<unknown>");
        else
            table__str(row, "");
    }
}

/* ---- the front ---- */

static TableFn find_fill(const Resource *r)
{
    static const TableKind *const tables[] = {table__workloads, table__cluster, table__network,
                                              table__policy};

    for (size_t k = 0; k < ARRAY_LEN(tables); k++) {
        for (const TableKind *t = tables[k]; t->storage; t++) {
            if (str_eq(t->storage, r->storage))
                return t->fill;
        }
    }
    return NULL;
}

Value *table_cells(Arena *a, const Resource *r, const Value *object, int64_t now_us)
{
    TableRow row = {a, r, object, now_us, value_array(a)};
    TableFn fill = r->crd ? NULL : find_fill(r);

    if (r->n_columns > 0 && strcmp(r->columns[0].name, "Name") == 0)
        table__str(&row, table__str_at(&row, "metadata.name"));
    if (fill)
        fill(&row);
    fill_by_columns(&row);
    return row.cells;
}

bool table_is_plain(const Resource *r)
{
    return !r->crd && r->n_columns == 2 && strcmp(r->columns[1].name, "Created At") == 0;
}

static void add_json_text(Buf *out, const char *name, const char *s, bool is_first)
{
    Value v = {.type = VALUE_STRING, .n = s ? (uint32_t)strlen(s) : 0, .str = s ? s : ""};

    buf_addf(out, "%s\"%s\":", is_first ? "" : ",", name);
    value_print(&v, out);
}

void table_write_columns(const Resource *r, Buf *out)
{
    buf_addc(out, '[');
    for (uint32_t i = 0; i < r->n_columns; i++) {
        const Column *c = &r->columns[i];

        buf_adds(out, i > 0 ? ",{" : "{");
        add_json_text(out, "name", c->name, true);
        add_json_text(out, "type", c->type, false);
        add_json_text(out, "format", c->format, false);
        add_json_text(out, "description", c->doc, false);
        buf_addf(out, ",\"priority\":%d}", c->priority);
    }
    buf_addc(out, ']');
}
