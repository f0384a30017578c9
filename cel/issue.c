#include "cel/cel_int.h"

#include <stdarg.h>

/* Longer lines are not shown (cel-go, common/error.go). */
enum { SNIPPET_MAX = 16384 };

void cel__issue(CelIssues *is, uint32_t pos, const char *fmt, ...)
{
    AUTO_FREE char *text = NULL;
    va_list ap;

    va_start(ap, fmt);
    BUG_ON(vasprintf(&text, fmt, ap) < 0);
    va_end(ap);
    if (is->n == is->cap) {
        size_t cap = is->cap ? is->cap * 2 : 8;
        CelIssue *grown = arena_array(is->a, CelIssue, cap);

        if (is->n > 0)
            memcpy(grown, is->items, is->n * sizeof(*grown));
        is->items = grown;
        is->cap = cap;
    }
    is->items[is->n] = (CelIssue){pos, is->n, arena_strdup(is->a, text)};
    is->n++;
}

/* The line that code point `pos` is on, its number and the column. */
static Slice find_line(Slice text, uint32_t pos, uint32_t *ret_line, uint32_t *ret_column)
{
    size_t start = 0, at = 0, end;
    uint32_t line = 1, column = 0;

    for (uint32_t i = 0; i < pos && at < text.len; i++) {
        size_t n;
        bool is_break = text.ptr[at] == '\n';

        (void)cel__rune(text, at, &n);
        at += n;
        column++;
        if (is_break) {
            line++;
            column = 0;
            start = at;
        }
    }
    for (end = start; end < text.len && text.ptr[end] != '\n';)
        end++;
    *ret_line = line;
    *ret_column = column;
    return (Slice){text.ptr + start, end - start};
}

static void show(Buf *out, Slice text, const CelIssue *issue)
{
    uint32_t line, column;
    size_t at = 0, n = 1;
    Slice s;

    if (issue->pos == UINT32_MAX) {
        buf_addf(out, "ERROR: <input>:-1:0: %s", issue->text);
        return;
    }
    s = find_line(text, issue->pos, &line, &column);
    buf_addf(out, "ERROR: <input>:%u:%u: %s", line, column + 1, issue->text);
    if (s.len > SNIPPET_MAX)
        return;
    buf_adds(out, "\n | ");
    for (size_t i = 0; i < s.len; i++)
        buf_addc(out, s.ptr[i] == '\t' ? ' ' : s.ptr[i]);
    buf_adds(out, "\n | ");
    for (uint32_t i = 0; i < column && at < s.len; i++, at += n) {
        (void)cel__rune(s, at, &n);
        buf_adds(out, n > 1 ? "\uff0e" : ".");
    }
    n = 1;
    if (at < s.len)
        (void)cel__rune(s, at, &n);
    buf_adds(out, n > 1 ? "\uff3e" : "^");
}

/* By place, those without one first; then as they were found, as macros make many of one place. */
static int by_place(const void *x, const void *y)
{
    const CelIssue *a = x, *b = y;
    uint32_t i = a->pos + 1, k = b->pos + 1;

    if (i != k)
        return i < k ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

const char *cel__issues_text(CelIssues *is)
{
    AUTO_BUF out = BUF_INIT;

    if (is->n == 0)
        return NULL;
    qsort(is->items, is->n, sizeof(*is->items), by_place);
    for (size_t i = 0; i < is->n && i < CEL_MAX_ERRORS; i++) {
        if (i > 0)
            buf_addc(&out, '\n');
        show(&out, is->text, &is->items[i]);
    }
    if (is->n > CEL_MAX_ERRORS)
        buf_addf(&out, "\n%zu more errors were truncated", is->n - CEL_MAX_ERRORS);
    return arena_strndup(is->a, buf_str(&out), out.len);
}
