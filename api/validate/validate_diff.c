/*
 * validate_diff.c - what of a value changed, for the messages that end with it.
 *
 * A unified diff of the two values as indented JSON, three lines around each change and no names of
 * files: diff.Diff() of upstream's apimachinery/pkg/util/diff. Which of several equal lines are
 * taken for the same one is not laid down there, nor here.
 */
#include "api/validate_int.h"

enum {
    CONTEXT = 3,
    MAX_CELLS = 1 << 20, /* of the table below; larger changes are shown as one */
};

typedef struct Lines {
    Slice *items;
    uint32_t n;
} Lines;

static Lines lines_of(Arena *a, const Value *v)
{
    AUTO_BUF b = BUF_INIT;
    Lines ret = {0};
    size_t n = 1;
    Slice rest;

    value_print_pretty(v, 2, &b);
    rest = slice_of(arena_strdup(a, buf_str(&b)));
    for (size_t i = 0; i < rest.len; i++)
        n += rest.ptr[i] == '\n';
    ret.items = arena_array(a, Slice, n);
    while (slice_cut(&rest, '\n', &ret.items[ret.n++]))
        ;
    return ret;
}

static bool is_same(const Lines *x, uint32_t i, const Lines *y, uint32_t k)
{
    return slice_eq(x->items[i], y->items[k]);
}

/* A letter for each line of the whole: ' ' in both, '-' in the first only, '+' in the second only.
 */
static char *script(Arena *a, const Lines *x, const Lines *y)
{
    char *ops = arena_array(a, char, x->n + y->n + 1), *out = ops;
    uint32_t head = 0, tail = 0, n, m;
    uint32_t *best = NULL; /* [i * (m + 1) + k]: lines in common from i and k on */

    while (head < x->n && head < y->n && is_same(x, head, y, head))
        head++;
    while (tail < x->n - head && tail < y->n - head &&
           is_same(x, x->n - 1 - tail, y, y->n - 1 - tail))
        tail++;
    n = x->n - head - tail;
    m = y->n - head - tail;
    if ((uint64_t)(n + 1) * (m + 1) <= MAX_CELLS) {
        best = arena_array(a, uint32_t, (size_t)(n + 1) * (m + 1));
        for (uint32_t i = n; i-- > 0;)
            for (uint32_t k = m; k-- > 0;)
                best[i * (m + 1) + k] =
                    is_same(x, head + i, y, head + k)
                        ? best[(i + 1) * (m + 1) + k + 1] + 1
                        : MAX(best[(i + 1) * (m + 1) + k], best[i * (m + 1) + k + 1]);
    }
    memset(out, ' ', head);
    out += head;
    for (uint32_t i = 0, k = 0; i < n || k < m;) {
        if (best && i < n && k < m && is_same(x, head + i, y, head + k)) {
            *out++ = ' ';
            i++, k++;
        } else if (i < n &&
                   (k == m || !best || best[(i + 1) * (m + 1) + k] >= best[i * (m + 1) + k + 1])) {
            *out++ = '-';
            i++;
        } else {
            *out++ = '+';
            k++;
        }
    }
    memset(out, ' ', tail);
    out[tail] = '\0';
    return ops;
}

static void add_range(Buf *b, uint32_t start, uint32_t n)
{
    if (n == 1)
        buf_addf(b, "%u", start + 1);
    else
        buf_addf(b, "%u,%u", n == 0 ? start : start + 1, n);
}

/* The lines [from, to) of the script; *i and *k: where it stands in the two, and then after them.
 */
static void add_hunk(Buf *b, const char *ops, size_t from, size_t to, const Lines *x, uint32_t *i,
                     const Lines *y, uint32_t *k)
{
    uint32_t n = 0, m = 0;

    for (size_t at = from; at < to; at++) {
        n += ops[at] != '+';
        m += ops[at] != '-';
    }
    buf_adds(b, "@@ -");
    add_range(b, *i, n);
    buf_adds(b, " +");
    add_range(b, *k, m);
    buf_adds(b, " @@\n");
    for (size_t at = from; at < to; at++) {
        Slice line = ops[at] == '+' ? y->items[*k] : x->items[*i];

        buf_addc(b, ops[at]);
        buf_add(b, line.ptr, line.len);
        buf_addc(b, '\n');
        *i += ops[at] != '+';
        *k += ops[at] != '-';
    }
}

const char *validate__diff(FieldErrs *e, const char *type, const Value *was, const Value *now)
{
    AUTO_BUF b = BUF_INIT;
    Lines x = lines_of(e->arena, validate__go_shown(e, type, was));
    Lines y = lines_of(e->arena, validate__go_shown(e, type, now));
    const char *ops = script(e->arena, &x, &y);
    size_t n = strlen(ops), at = 0;
    uint32_t i = 0, k = 0;

    while (at < n) {
        size_t first = at + strspn(ops + at, " "), from, to;

        if (first == n)
            break;
        from = first - MIN(first - at, (size_t)CONTEXT);
        to = first; /* the end of the last change that is near enough to the one before */
        for (size_t next = first; next < n && next - to <= (size_t)2 * CONTEXT;
             next += strspn(ops + next, " ")) {
            next += strcspn(ops + next, " ");
            to = next;
        }
        to += MIN(n - to, (size_t)CONTEXT);
        i += (uint32_t)(from - at);
        k += (uint32_t)(from - at);
        add_hunk(&b, ops, from, to, &x, &i, &y, &k);
        at = to;
    }
    return arena_strdup(e->arena, buf_str(&b));
}
