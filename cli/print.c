/* Output: the formats of -o, tables, result lines, and messages on stderr. */
#include "cli/cli.h"

#include "api/jsonpath.h"
#include "api/table.h"
#include "base/clock.h"
#include "base/yaml.h"

#include <stdarg.h>

int cli_error(const char *fmt, ...)
{
    va_list ap;

    fflush(stdout);
    fputs("error: ", stderr);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    return 1;
}

int cli_usage_error(const Cli *c, const char *fmt, ...)
{
    va_list ap;

    fflush(stdout);
    fputs("error: ", stderr);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fprintf(stderr, "\nSee 'hpctl %s -h' for help and examples\n", c->command->name);
    return 1;
}

int cli_print_err(const Err *err)
{
    return cli_error("%s", err->msg);
}

/* The DeploymentX "web" is invalid: one cause, or each on a line of its own. */
static void print_invalid(const Value *status, const char *message)
{
    const char *kind = value_at_str(status, "details.kind");
    const char *name = value_at_str(status, "details.name");
    Value *causes = value_at(status, "details.causes"), *one;

    if (!kind || !*kind) {
        fprintf(stderr, "The request is invalid: %s\n", message);
        return;
    }
    fprintf(stderr, "The %s \"%s\" is invalid:%s", kind, name ? name : "",
            value_len(causes) == 0  ? "\n"
            : value_len(causes) > 1 ? " \n"
                                    : " ");
    value_each_item(causes, i, one)
    {
        const char *field = value_get_str(one, "field"), *text = value_get_str(one, "message");

        fprintf(stderr, "%s%s%s%s\n", value_len(causes) > 1 ? "* " : "", field ? field : "",
                field && *field ? ": " : "", text ? text : "");
    }
}

int cli_server_error(Cli *c, const ClientReply *r)
{
    Value *status = cli_reply_value(c, r);
    const char *doing = c->doing ? c->doing : "";
    const char *message = value_get_str(status, "message");
    const char *reason = value_get_str(status, "reason");

    fflush(stdout);
    if (!message && r->status == 404) {
        fprintf(stderr,
                "Error from server (NotFound): %sthe server could not find the requested "
                "resource\n",
                doing);
        return 1;
    }
    if (!message) {
        fprintf(stderr, "Error from server: HTTP status %d: %.*s\n", r->status,
                (int)MIN(r->body.len, 500), r->body.ptr);
        return 1;
    }
    if (r->status == 401)
        fprintf(stderr, "error: You must be logged in to the server (%s)\n", message);
    else if (reason && strcmp(reason, "Invalid") == 0)
        print_invalid(status, message);
    else if (reason && *reason)
        fprintf(stderr, "Error from server (%s): %s%s\n", reason, doing, message);
    else
        fprintf(stderr, "Error from server: %s%s\n", doing, message);
    return 1;
}

/* managedFields are noise for people; kubectl hides them too. */
static const Value *without_managed_fields(Cli *c, const Value *v)
{
    Value *copy, *item;

    if (flag_bool(&c->flags, "show-managed-fields"))
        return v;
    copy = value_copy(c->arena, v);
    value_del_at(copy, "metadata.managedFields");
    value_each_item(value_get(copy, "items"), i, item) value_del_at(item, "metadata.managedFields");
    return copy;
}

static int by_member_name(const void *a, const void *b)
{
    const Value *const *x = a, *const *y = b;

    return strcmp((*x)->str, (*y)->str);
}

Value *cli_sorted(Cli *c, const Value *v)
{
    Value *out, *item, **names;
    uint32_t n = 0;

    if (value_is(v, VALUE_ARRAY)) {
        out = value_array(c->arena);
        value_each_item(v, i, item) value_append(c->arena, out, cli_sorted(c, item));
        return out;
    }
    if (!value_is(v, VALUE_OBJECT))
        return value_copy(c->arena, v);
    out = value_object(c->arena);
    names = arena_array(c->arena, Value *, value_len(v) + 1);
    value_each_member(v, m) names[n++] = value_str(c->arena, m->name);
    qsort(names, n, sizeof(*names), by_member_name);
    for (uint32_t i = 0; i < n; i++)
        value_set(c->arena, out, names[i]->str, cli_sorted(c, value_get(v, names[i]->str)));
    return out;
}

void print_value(Cli *c, const Value *v, const char *format)
{
    AUTO_BUF b = BUF_INIT;

    v = cli_sorted(c, without_managed_fields(c, v));
    if (strcmp(format, "yaml") == 0) {
        value_print_yaml(v, &b);
    } else {
        value_print_pretty(v, 4, &b);
        buf_addc(&b, '\n');
    }
    fwrite(buf_str(&b), 1, b.len, stdout);
}

static void print_name(Cli *c, const Value *v)
{
    const char *api_version = value_get_str(v, "apiVersion"), *kind = value_get_str(v, "kind");
    const char *slash = api_version ? strrchr(api_version, '/') : NULL;
    char lower[128];
    size_t n = 0;

    for (; kind && kind[n] && n + 1 < sizeof(lower); n++)
        lower[n] = kind[n] >= 'A' && kind[n] <= 'Z' ? (char)(kind[n] + 32) : kind[n];
    lower[n] = '\0';
    printf("%s%s%.*s/%s\n", lower, slash ? "." : "", slash ? (int)(slash - api_version) : 0,
           slash ? api_version : "", value_at_str(v, "metadata.name"));
    (void)c;
}

static int print_jsonpath(Cli *c, const Value *v, const char *template)
{
    AUTO_BUF b = BUF_INIT;
    JsonPath *path;
    Err err;

    /* kubectl accepts .metadata.name without the braces */
    v = cli_sorted(c, v);
    if (!strchr(template, '{'))
        template = arena_printf(c->arena, "{%s%s}", *template == '.' ? "" : ".", template);
    if (jsonpath_parse(c->arena, template, &path, &err) < 0 ||
        jsonpath_print(path, c->arena, v, &b, &err) < 0)
        return cli_error("error parsing jsonpath %s, %s", template, err.msg);
    fwrite(buf_str(&b), 1, b.len, stdout);
    return 0;
}

/* One cell: the values of a path, comma separated, <none> without any. */
static const char *column_cell(Cli *c, const Value *v, const char *path)
{
    AUTO_BUF b = BUF_INIT;
    Value *found, *one;
    JsonPath *p;
    Err err;

    path = arena_printf(c->arena, "{%s%s}", *path == '.' ? "" : ".", path);
    if (jsonpath_parse(c->arena, path, &p, &err) < 0 ||
        jsonpath_values(p, c->arena, v, &found, &err) < 0)
        return "<none>";
    value_each_item(found, i, one)
    {
        if (b.len > 0)
            buf_addc(&b, ',');
        if (value_is(one, VALUE_STRING))
            buf_adds(&b, one->str);
        else
            value_print(one, &b);
    }
    return b.len > 0 ? arena_strdup(c->arena, buf_str(&b)) : "<none>";
}

static int print_custom_columns(Cli *c, const Value *v, const char *spec)
{
    const char *heads[32], *paths[32], **cells;
    Value *items = value_get(v, "items");
    size_t n = 0, at = 0, n_rows = items ? value_len(items) : 1;

    for (Slice rest = slice_of(spec), one, head; rest.len > 0 && n < ARRAY_LEN(heads); n++) {
        slice_cut(&rest, ',', &one);
        if (!slice_cut(&one, ':', &head))
            return cli_error(
                "unexpected custom-columns spec: %.*s, expected <header>:<json-path-expr>",
                (int)head.len, head.ptr);
        heads[n] = arena_strndup(c->arena, head.ptr, head.len);
        paths[n] = arena_strndup(c->arena, one.ptr, one.len);
    }
    cells = arena_array(c->arena, const char *, (n_rows + 1) * n + 1);
    if (!flag_bool(&c->flags, "no-headers"))
        for (size_t i = 0; i < n; i++)
            cells[at++] = heads[i];
    for (size_t row = 0; row < n_rows; row++)
        for (size_t i = 0; i < n; i++)
            cells[at++] = column_cell(c, items ? value_item(items, (uint32_t)row) : v, paths[i]);
    print_rows(cells, n);
    return 0;
}

int print_object(Cli *c, const Value *v, const char *format)
{
    Value *item;

    if (strcmp(format, "json") == 0 || strcmp(format, "yaml") == 0) {
        print_value(c, v, format);
        return 0;
    }
    if (strcmp(format, "name") == 0) {
        if (!value_get(v, "items"))
            print_name(c, v);
        value_each_item(value_get(v, "items"), i, item) print_name(c, item);
        return 0;
    }
    if (str_starts(format, "jsonpath="))
        return print_jsonpath(c, v, format + strlen("jsonpath="));
    if (str_starts(format, "custom-columns="))
        return print_custom_columns(c, v, format + strlen("custom-columns="));
    return cli_error("unable to match a printer suitable for the output format \"%s\", allowed "
                     "formats are: custom-columns,json,jsonpath,name,wide,yaml",
                     format);
}

bool print_is_table_format(const char *format)
{
    return !format || !*format || strcmp(format, "wide") == 0;
}

const char *age_of(Cli *c, const char *timestamp)
{
    int64_t us;

    if (!timestamp || !clock_from_rfc3339(slice_of(timestamp), &us))
        return "<unknown>";
    return table_age(c->arena, us, clock_now_us());
}

/* ---- tables ---- */

void print_rows(const char *const *cells, size_t n_columns)
{
    int widths[32] = {0};
    size_t n = 0;

    for (size_t i = 0; i < n_columns && i < ARRAY_LEN(widths); i++)
        widths[i] = 3;
    for (; cells[n]; n++)
        widths[n % n_columns] = MAX(widths[n % n_columns], (int)strlen(cells[n]));
    for (size_t i = 0; i < n; i++) {
        bool is_last = i % n_columns == n_columns - 1;

        if (is_last)
            printf("%s\n", cells[i]);
        else
            printf("%-*s   ", widths[i % n_columns], cells[i]);
    }
}

static const char *cell_text(Cli *c, const Value *v)
{
    if (!v || v->type == VALUE_NULL)
        return "<none>";
    if (v->type == VALUE_STRING)
        return *v->str ? v->str : "";
    return value_to_str(c->arena, v);
}

static const char *labels_text(Cli *c, const Value *object)
{
    AUTO_BUF b = BUF_INIT;

    value_each_member(value_at(object, "metadata.labels"), m)
        buf_addf(&b, "%s%s=%s", b.len > 0 ? "," : "", m->name, value_to_cstr(m->value));
    return b.len > 0 ? arena_strdup(c->arena, buf_str(&b)) : "<none>";
}

static const char *upper(Cli *c, const char *s)
{
    char *u = arena_strdup(c->arena, s);

    for (char *p = u; *p; p++)
        if (*p >= 'a' && *p <= 'z')
            *p = (char)(*p - 32);
    return u;
}

typedef struct Picked { /* which columns of the server's table are shown */
    uint32_t at[64];
    uint32_t n;
} Picked;

static Picked pick_columns(const TablePrinter *p, const Value *table)
{
    Picked picked = {0};
    Value *column;

    value_each_item(value_get(table, "columnDefinitions"), i,
                    column) if (picked.n < ARRAY_LEN(picked.at) &&
                                (p->is_wide || value_at_int(column, "priority", 0) == 0))
        picked.at[picked.n++] = i;
    return picked;
}

static uint32_t fill_row(Cli *c, const TablePrinter *p, const Picked *picked, const Value *row,
                         const char **cells)
{
    const Value *object = value_get(row, "object");
    uint32_t n = 0;

    if (p->with_namespace) {
        const char *ns = value_at_str(object, "metadata.namespace");

        cells[n++] = ns ? ns : "";
    }
    for (uint32_t i = 0; i < picked->n; i++) {
        const char *text = cell_text(c, value_item(value_get(row, "cells"), picked->at[i]));

        cells[n++] =
            i == 0 && p->kind_prefix ? arena_printf(c->arena, "%s%s", p->kind_prefix, text) : text;
    }
    for (uint32_t i = 0; i < p->n_label_columns; i++) {
        const char *value = value_get_str(value_at(object, "metadata.labels"), p->label_columns[i]);

        cells[n++] = value ? value : "";
    }
    if (p->show_labels)
        cells[n++] = labels_text(c, object);
    return n;
}

static uint32_t fill_header(Cli *c, const TablePrinter *p, const Picked *picked, const Value *table,
                            const char **cells)
{
    uint32_t n = 0;

    if (p->with_namespace)
        cells[n++] = "NAMESPACE";
    for (uint32_t i = 0; i < picked->n; i++)
        cells[n++] =
            upper(c, value_get_str(value_item(value_get(table, "columnDefinitions"), picked->at[i]),
                                   "name"));
    for (uint32_t i = 0; i < p->n_label_columns; i++) {
        const char *slash = strrchr(p->label_columns[i], '/');

        cells[n++] = upper(c, slash ? slash + 1 : p->label_columns[i]);
    }
    if (p->show_labels)
        cells[n++] = "LABELS";
    return n;
}

void print_table(Cli *c, TablePrinter *p, const Value *table)
{
    Picked picked = pick_columns(p, table);
    Value *rows = value_get(table, "rows"), *row;
    uint32_t n_columns = picked.n + p->with_namespace + p->n_label_columns + p->show_labels;
    uint32_t n_rows = 0;
    const char **cells =
        arena_array(c->arena, const char *, (size_t)(value_len(rows) + 1) * n_columns + 1);

    if (n_columns == 0)
        return;
    if (!p->no_headers && !p->has_header) {
        fill_header(c, p, &picked, table, cells);
        n_rows = 1;
        p->has_header = true;
    }
    value_each_item(rows, i, row)
    {
        fill_row(c, p, &picked, row, cells + (size_t)n_rows * n_columns);
        n_rows++;
    }
    /* widths only grow, so that the lines of a watch stay aligned */
    if (p->n != n_columns) {
        p->widths = arena_array(c->arena, int, n_columns);
        p->n = n_columns;
        for (uint32_t i = 0; i < n_columns; i++)
            p->widths[i] = 3;
    }
    for (size_t i = 0; i < (size_t)n_rows * n_columns; i++)
        p->widths[i % n_columns] = MAX(p->widths[i % n_columns], (int)strlen(cells[i]));
    for (size_t i = 0; i < (size_t)n_rows * n_columns; i++) {
        if (i % n_columns == n_columns - 1)
            printf("%s\n", cells[i]);
        else
            printf("%-*s   ", p->widths[i % n_columns], cells[i]);
    }
    fflush(stdout);
}

int print_result(Cli *c, const Target *t, const Value *answer, const char *verb)
{
    const char *format = flag_str(&c->flags, "output");
    const char *dry = flag_str(&c->flags, "dry-run");
    const char *name = value_at_str(answer, "metadata.name");

    if (!name)
        name = t->name;
    if (format && *format)
        return print_object(c, answer, format);
    printf("%s %s%s\n", cli_full_name(c, t->res, name ? name : ""), verb,
           !dry || strcmp(dry, "none") == 0 ? ""
           : strcmp(dry, "server") == 0     ? " (server dry run)"
                                            : " (dry run)");
    return 0;
}
