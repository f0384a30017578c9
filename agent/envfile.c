#include "agent/envfile.h"

#include "base/err.h"

typedef struct Reader {
    Slice rest;
    int line; /* the number of the last one read */
    Err *err;
} Reader;

static int bad_line(const Reader *r, int line, const char *why)
{
    return err_set(r->err, ERR_INVALID, "line %d: %s", line, why);
}

/* 1: there is one, 0: that was the last. */
static int next_line(Reader *r, Slice *ret)
{
    if (r->rest.len == 0)
        return 0;
    (void)slice_cut(&r->rest, '\n', ret); /* the last line may have no end */
    r->line++;
    if (ret->len >= ENVFILE_LINE_MAX)
        return bad_line(r, r->line, "too long");
    if (ret->len > 0 && ret->ptr[ret->len - 1] == '\r')
        ret->len--;
    return 1;
}

static Slice without_blanks(Slice s)
{
    while (s.len > 0 && (s.ptr[0] == ' ' || s.ptr[0] == '\t'))
        s = (Slice){s.ptr + 1, s.len - 1};
    return s;
}

/* From behind the opening quote on, over as many lines as it takes. */
static int read_quoted(Reader *r, Slice text, Buf *out)
{
    int begin = r->line, rc;
    const char *end;

    while (!(end = text.len > 0 ? memchr(text.ptr, '\'', text.len) : NULL)) {
        buf_add_slice(out, text);
        buf_addc(out, '\n');
        rc = next_line(r, &text);
        if (rc < 0)
            return rc;
        if (rc == 0)
            return bad_line(r, begin, "unclosed single quote");
    }
    buf_add(out, text.ptr, (size_t)(end - text.ptr));
    text = without_blanks((Slice){end + 1, text.len - (size_t)(end + 1 - text.ptr)});
    if (text.len > 0 && text.ptr[0] != '#')
        return bad_line(r, r->line, "unexpected content after closing quote");
    return 0;
}

/* Splits NAME=... ; the rest is the value as it is written. */
static int read_name(const Reader *r, Slice line, Slice *ret_name, Slice *ret_value)
{
    if (!memchr(line.ptr, '=', line.len))
        return bad_line(r, r->line, "missing '='");
    (void)slice_cut(&line, '=', ret_name); /* it is there */
    *ret_value = line;
    if (ret_name->len == 0)
        return bad_line(r, r->line, "empty variable name");
    if (strchr(" \t", ret_name->ptr[ret_name->len - 1]))
        return bad_line(r, r->line, "whitespace before '=' is not allowed");
    return 0;
}

int envfile_find(Slice text, const char *name, Buf *out, Err *err)
{
    Reader r = {.rest = text, .err = err};
    Slice line, var = {NULL, 0}, value = {NULL, 0};
    int rc;

    while ((rc = next_line(&r, &line)) > 0) {
        AUTO_BUF quoted = BUF_INIT;

        line = without_blanks(line);
        if (line.len == 0 || line.ptr[0] == '#')
            continue;
        rc = read_name(&r, line, &var, &value);
        if (rc < 0)
            return rc;
        if (value.len > 0 && (value.ptr[0] == ' ' || value.ptr[0] == '\t')) {
            if (slice_is(var, name))
                return 0; /* as a shell has it: the value is empty */
            continue;
        }
        if (value.len == 0 || value.ptr[0] != '\'')
            return bad_line(&r, r.line, "value must be enclosed in single quotes");
        rc = read_quoted(&r, (Slice){value.ptr + 1, value.len - 1}, &quoted);
        if (rc < 0)
            return rc;
        if (slice_is(var, name)) {
            buf_add(out, quoted.len ? quoted.ptr : "", quoted.len);
            return 0;
        }
    }
    return rc;
}
