#include "agent/logs.h"

#include "base/clock.h"

#include <unistd.h>

bool log_line_parse(Slice line, LogLine *ret)
{
    LogLine l;
    Slice tag;

    if (!slice_cut(&line, ' ', &l.time) || !slice_cut(&line, ' ', &l.stream) ||
        !slice_cut(&line, ' ', &tag) || l.time.len < 20 ||
        (!slice_is(l.stream, "stdout") && !slice_is(l.stream, "stderr")) || tag.len == 0)
        return false;
    l.is_partial = tag.ptr[0] == 'P';
    l.text = line;
    *ret = l;
    return true;
}

static void add_limited(Buf *out, Slice s, int64_t *left)
{
    size_t n = *left >= 0 && (int64_t)s.len > *left ? (size_t)*left : s.len;

    buf_add(out, s.ptr, n);
    if (*left >= 0)
        *left -= (int64_t)n;
}

void log_line_write(const LogLine *l, const LogOptions *o, bool *in_line, int64_t *left, Buf *out)
{
    int64_t us;

    if (o->stream && !slice_is(l->stream, o->stream))
        return;
    if (o->since_us > 0 && (!clock_from_rfc3339(l->time, &us) || us < o->since_us))
        return;
    if (o->timestamps && !*in_line) {
        add_limited(out, l->time, left);
        add_limited(out, SLICE(" "), left);
    }
    add_limited(out, l->text, left);
    if (!l->is_partial)
        add_limited(out, SLICE("\n"), left);
    *in_line = l->is_partial;
}

int64_t log_tail_offset(int fd, int64_t n)
{
    int64_t end = lseek(fd, 0, SEEK_END), at = end, found = 0;
    char chunk[16384];

    if (n <= 0)
        return MAX(end, 0);
    while (at > 0) {
        size_t size = (size_t)MIN(at, (int64_t)sizeof(chunk));
        ssize_t r = pread(fd, chunk, size, at - (int64_t)size);

        if (r != (ssize_t)size)
            return 0;
        for (size_t i = size; i-- > 0;) {
            int64_t pos = at - (int64_t)size + (int64_t)i;

            /* the newline at the very end closes the last line */
            if (chunk[i] == '\n' && pos != end - 1 && ++found == n)
                return pos + 1;
        }
        at -= (int64_t)size;
    }
    return 0;
}
