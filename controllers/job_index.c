#include "controllers/job_index.h"

#include "base/buf.h"
#include "base/slice.h"

static bool parse_span(Slice part, JobIndexSpan *ret)
{
    const char *dash = memchr(part.ptr, '-', part.len);
    Slice first = {part.ptr, dash ? (size_t)(dash - part.ptr) : part.len};

    if (!slice_to_int64(first, &ret->first) || ret->first < 0)
        return false;
    ret->last = ret->first;
    if (!dash)
        return true;
    return slice_to_int64((Slice){dash + 1, part.len - first.len - 1}, &ret->last) &&
           ret->last >= ret->first;
}

/* Append a span that begins at or behind the end of the last one. */
static void append(JobIndexes *x, JobIndexSpan span)
{
    JobIndexSpan *last = x->n > 0 ? &x->spans[x->n - 1] : NULL;

    if (last && span.first <= last->last + 1)
        last->last = MAX(last->last, span.last);
    else
        x->spans[x->n++] = span;
}

JobIndexes job_indexes_parse(Arena *a, const char *text, int64_t completions)
{
    JobIndexes x = {0};
    size_t n_max = 1;

    if (!text || !text[0])
        return x;
    for (const char *p = text; *p; p++)
        n_max += *p == ',';
    x.spans = arena_array(a, JobIndexSpan, n_max);
    for (const char *p = text; *p;) {
        size_t len = strcspn(p, ",");
        JobIndexSpan span;
        bool is_span = parse_span((Slice){p, len}, &span);

        p += len + (p[len] == ',');
        if (!is_span)
            continue;
        if (span.first >= completions || (x.n > 0 && span.first <= x.spans[x.n - 1].last))
            break;
        span.last = MIN(span.last, completions - 1);
        append(&x, span);
    }
    return x;
}

const char *job_indexes_text(Arena *a, const JobIndexes *x)
{
    AUTO_BUF out = BUF_INIT;

    for (uint32_t i = 0; i < x->n; i++) {
        const JobIndexSpan *s = &x->spans[i];

        buf_addf(&out, "%s%lld", i > 0 ? "," : "", (long long)s->first);
        if (s->last > s->first)
            buf_addf(&out, "%c%lld", s->last == s->first + 1 ? ',' : '-', (long long)s->last);
    }
    return arena_strdup(a, buf_str(&out));
}

/* The span that has the index; NULL for none. */
static const JobIndexSpan *find(const JobIndexes *x, int64_t index)
{
    uint32_t low = 0, high = x->n;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (index > x->spans[mid].last)
            low = mid + 1;
        else
            high = mid;
    }
    return low < x->n && index >= x->spans[low].first ? &x->spans[low] : NULL;
}

bool job_indexes_have(const JobIndexes *x, int64_t index)
{
    return find(x, index) != NULL;
}

int64_t job_indexes_gap(const JobIndexes *x, int64_t index)
{
    const JobIndexSpan *span = find(x, index);

    return span ? span->last + 1 : index;
}

int64_t job_indexes_total(const JobIndexes *x)
{
    int64_t n = 0;

    for (uint32_t i = 0; i < x->n; i++)
        n += x->spans[i].last - x->spans[i].first + 1;
    return n;
}

int64_t job_indexes_common(const JobIndexes *x, const JobIndexes *y)
{
    int64_t n = 0;

    for (uint32_t i = 0, k = 0; i < x->n && k < y->n;) {
        int64_t first = MAX(x->spans[i].first, y->spans[k].first);
        int64_t last = MIN(x->spans[i].last, y->spans[k].last);

        n += last >= first ? last - first + 1 : 0;
        if (x->spans[i].last < y->spans[k].last)
            i++;
        else
            k++;
    }
    return n;
}

static int by_number(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;

    return (a > b) - (a < b);
}

JobIndexes job_indexes_with(Arena *a, const JobIndexes *x, const int64_t *more, size_t n)
{
    JobIndexes out = {.spans = arena_array(a, JobIndexSpan, x->n + n + 1)};
    int64_t *sorted = arena_array(a, int64_t, n + 1);
    uint32_t i = 0;
    size_t k = 0;

    if (n > 0) {
        memcpy(sorted, more, n * sizeof(*sorted));
        qsort(sorted, n, sizeof(*sorted), by_number);
    }
    while (i < x->n || k < n) {
        if (k == n || (i < x->n && x->spans[i].first <= sorted[k])) {
            append(&out, x->spans[i++]);
        } else {
            append(&out, (JobIndexSpan){sorted[k], sorted[k]});
            k++;
        }
    }
    return out;
}
