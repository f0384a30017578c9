#include "bench/stream.h"

enum { READS_MAX = 16 /* at a time; lines are not to wait for the last of many */ };

static void drop(Buf *b, size_t n)
{
    memmove(b->ptr, b->ptr + n, b->len - n);
    buf_truncate(b, b->len - n);
}

/* Takes the frames of chunked encoding off: whole chunks go from `in` to `text`. */
static void dechunk(Buf *in, Buf *text)
{
    size_t at = 0;

    for (;;) {
        const char *end = memmem(in->ptr + at, in->len - at, "\r\n", 2);
        size_t size;

        if (!end)
            break;
        size = strtoul(in->ptr + at, NULL, 16);
        if ((size_t)(end - in->ptr) + 2 + size + 2 > in->len)
            break;
        buf_add(text, end + 2, size);
        at = (size_t)(end - in->ptr) + 2 + size + 2;
    }
    drop(in, at);
}

static void take_lines(Buf *text, void (*on_line)(Slice line, void *data), void *data)
{
    size_t at = 0;
    const char *end;

    while ((end = memchr(text->ptr + at, '\n', text->len - at))) {
        on_line((Slice){text->ptr + at, (size_t)(end - text->ptr) - at}, data);
        at = (size_t)(end - text->ptr) + 1;
    }
    drop(text, at);
}

static bool skip_head(StreamReader *r)
{
    const char *end = memmem(r->in.ptr, r->in.len, "\r\n\r\n", 4);

    if (!end)
        return false;
    if (strncmp(r->in.ptr + 9, "200", 3) != 0) {
        fprintf(stderr, "the stream was refused: %.300s\n", buf_str(&r->in));
        exit(1);
    }
    drop(&r->in, (size_t)(end - r->in.ptr) + 4);
    r->has_head = true;
    return true;
}

int stream_read(StreamReader *r, Conn *c, void (*on_line)(Slice line, void *data), void *data)
{
    char chunk[65536];
    int n = 0, got = 0;

    do { /* what the socket still has makes it readable again */
        n = conn_read(c, chunk, sizeof(chunk));
        if (n > 0)
            buf_add(&r->in, chunk, (size_t)n);
        got += n > 0;
    } while (n > 0 && got < READS_MAX && conn_has_more(c));
    if (r->in.len > 0 && (r->has_head || skip_head(r)))
        dechunk(&r->in, &r->text);
    if (r->text.len > 0)
        take_lines(&r->text, on_line, data);
    return n < 0 ? -1 : got > 0;
}

void stream_done(StreamReader *r)
{
    buf_done(&r->in);
    buf_done(&r->text);
}
