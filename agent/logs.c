#include "agent/logs.h"

#include "base/clock.h"
#include "base/mem.h"

#include <stdio.h>
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

bool log_put_aside(const char *path, int files)
{
    for (int i = files - 1; i > 0; i--) {
        AUTO_FREE char *to = xasprintf("%s.%d", path, i);
        AUTO_FREE char *from = i > 1 ? xasprintf("%s.%d", path, i - 1) : xstrdup(path);

        if (rename(from, to) < 0 && i == 1)
            return false; /* there may be none of the others yet */
    }
    return true;
}

void log_last_words(Slice log, int lines, size_t bytes, Buf *out)
{
    AUTO_BUF text = BUF_INIT;
    size_t from = log.len;
    Slice line;

    while (from > 0 && lines >= 0) {
        from--;
        if (log.ptr[from] == '\n' && from + 1 < log.len && --lines == 0) {
            from++;
            break;
        }
    }
    log = (Slice){log.ptr + from, log.len - from};
    while (log.len > 0) {
        LogLine l;

        (void)slice_cut(&log, '\n', &line); /* the last one may be cut short */
        if (!log_line_parse(line, &l))
            continue;
        buf_add_slice(&text, l.text);
        if (!l.is_partial)
            buf_addc(&text, '\n');
    }
    from = text.len > bytes ? text.len - bytes : 0;
    buf_add(out, buf_str(&text) + from, text.len - from);
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
