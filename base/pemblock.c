#include "base/pemblock.h"

#include "base/b64.h"

static bool next_line(Slice *rest, Slice *ret)
{
    if (rest->len == 0)
        return false;
    (void)slice_cut(rest, '\n', ret); /* the last one may not be ended */
    while (ret->len > 0 && strchr(" \t\r", ret->ptr[ret->len - 1]))
        ret->len--;
    return true;
}

/* "-----BEGIN X-----": X, or NULL. */
static char *type_of_line(Arena *a, Slice line, const char *word)
{
    size_t n = strlen(word);

    if (line.len < n + 5 || memcmp(line.ptr, word, n) != 0 ||
        memcmp(line.ptr + line.len - 5, "-----", 5) != 0)
        return NULL;
    return arena_strndup(a, line.ptr + n, line.len - n - 5);
}

/* The lines up to the end of the block; false when there is none or they say nothing. */
static bool read_body(Arena *a, Slice *rest, PemBlock *b)
{
    AUTO_BUF text = BUF_INIT;
    Slice line;

    b->has_headers = false;
    buf_reset(&b->der);
    while (next_line(rest, &line)) {
        char *end = type_of_line(a, line, "-----END ");

        if (end)
            return strcmp(end, b->type) == 0 && b64_decode(buf_slice(&text), &b->der);
        if (memchr(line.ptr, ':', line.len))
            b->has_headers = true;
        else
            buf_add(&text, line.ptr, line.len);
    }
    return false;
}

bool pemblock_next(Arena *a, Slice *rest, PemBlock *b)
{
    Slice line, after;

    while (next_line(rest, &line)) {
        b->type = type_of_line(a, line, "-----BEGIN ");
        if (!b->type)
            continue;
        after = *rest;
        if (read_body(a, &after, b)) {
            *rest = after;
            return true;
        }
    }
    return false;
}
