#include "controllers/extsecrets/template.h"

#include "base/b64.h"
#include "base/err.h"

#include <ctype.h>

enum { MAX_OUT = 1 << 20, MAX_ACTION = 4096 };

/* ---- functions: what comes through the pipe is their last argument ---- */

static int fn_same(Slice in, Buf *out, Err *err)
{
    (void)err;
    buf_add_slice(out, in);
    return 0;
}

static int fn_b64enc(Slice in, Buf *out, Err *err)
{
    (void)err;
    b64_encode(in, out);
    return 0;
}

static int fn_b64dec(Slice in, Buf *out, Err *err)
{
    return b64_decode(in, out) ? 0 : err_set(err, ERR_INVALID, "b64dec: the value is not base64");
}

static int fn_upper(Slice in, Buf *out, Err *err)
{
    (void)err;
    for (size_t i = 0; i < in.len; i++)
        buf_addc(out, (char)toupper((unsigned char)in.ptr[i]));
    return 0;
}

static int fn_lower(Slice in, Buf *out, Err *err)
{
    (void)err;
    for (size_t i = 0; i < in.len; i++)
        buf_addc(out, (char)tolower((unsigned char)in.ptr[i]));
    return 0;
}

static int fn_trim(Slice in, Buf *out, Err *err)
{
    (void)err;
    buf_add_slice(out, slice_trim(in));
    return 0;
}

/* A string as JSON has it, which YAML reads too. */
static int fn_quote(Slice in, Buf *out, Err *err)
{
    (void)err;
    buf_addc(out, '"');
    for (size_t i = 0; i < in.len; i++) {
        unsigned char c = (unsigned char)in.ptr[i];

        if (c == '"' || c == '\\')
            buf_addf(out, "\\%c", c);
        else if (c == '\n')
            buf_adds(out, "\\n");
        else if (c == '\r')
            buf_adds(out, "\\r");
        else if (c == '\t')
            buf_adds(out, "\\t");
        else if (c < ' ' || c == 127)
            buf_addf(out, "\\x%02x", c);
        else
            buf_addc(out, (char)c);
    }
    buf_addc(out, '"');
    return 0;
}

static int fn_squote(Slice in, Buf *out, Err *err)
{
    (void)err;
    buf_addc(out, '\'');
    buf_add_slice(out, in);
    buf_addc(out, '\'');
    return 0;
}

typedef struct Function {
    const char *name;
    int (*fn)(Slice in, Buf *out, Err *err);
} Function;

static const Function functions[] = {
    {"toString", fn_same}, {"b64enc", fn_b64enc}, {"b64dec", fn_b64dec}, {"upper", fn_upper},
    {"lower", fn_lower},   {"trim", fn_trim},     {"quote", fn_quote},   {"squote", fn_squote},
};

/* ---- one action ---- */

typedef struct Action {
    Slice text; /* what is left of it */
    const Value *values;
    Buf value; /* of the pipeline so far */
} Action;

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static Slice take_word(Slice *s)
{
    size_t n = 0;
    Slice w;

    while (n < s->len && is_word(s->ptr[n]))
        n++;
    w = slice_until(*s, n);
    *s = slice_behind(*s, n);
    return w;
}

static void skip_blanks(Slice *s)
{
    while (s->len > 0 && isspace((unsigned char)s->ptr[0]))
        *s = slice_behind(*s, 1);
}

/* "text": no escapes but \" and \\. */
static int take_string(Slice *s, Buf *out, Err *err)
{
    size_t i = 1;

    for (; i < s->len && s->ptr[i] != '"'; i++) {
        if (s->ptr[i] == '\\' && i + 1 < s->len && strchr("\"\\", s->ptr[i + 1]))
            i++;
        else if (s->ptr[i] == '\\')
            return err_set(err, ERR_INVALID, "an escape that is not known");
        buf_addc(out, s->ptr[i]);
    }
    if (i >= s->len)
        return err_set(err, ERR_INVALID, "a string does not end");
    *s = slice_behind(*s, i + 1);
    return 0;
}

static int look_up(const Value *values, Slice name, Buf *out, Err *err)
{
    const Value *v = value_getn(values, name);

    if (!value_is(v, VALUE_STRING))
        return err_set(err, ERR_INVALID, "map has no entry for key \"%.*s\"",
                       (int)MIN(name.len, 100), name.ptr);
    buf_add(out, v->str, v->n);
    return 0;
}

/* index . "key" */
static int take_index(Action *t, Err *err)
{
    AUTO_BUF name = BUF_INIT;
    int r;

    skip_blanks(&t->text);
    if (t->text.len == 0 || t->text.ptr[0] != '.')
        return err_set(err, ERR_INVALID, "index: only of the values: index . \"key\"");
    t->text = slice_behind(t->text, 1);
    skip_blanks(&t->text);
    if (t->text.len == 0 || t->text.ptr[0] != '"')
        return err_set(err, ERR_INVALID, "index: only of the values: index . \"key\"");
    r = take_string(&t->text, &name, err);
    return r < 0 ? r : look_up(t->values, buf_slice(&name), &t->value, err);
}

/* .key, "text", index . "key" */
static int take_operand(Action *t, Err *err)
{
    if (t->text.len == 0)
        return err_set(err, ERR_INVALID, "a value is missing");
    if (t->text.ptr[0] == '"')
        return take_string(&t->text, &t->value, err);
    if (t->text.ptr[0] == '.') {
        Slice name;

        t->text = slice_behind(t->text, 1);
        name = take_word(&t->text);
        if (name.len == 0)
            return err_set(err, ERR_INVALID, "a key is missing behind the dot");
        return look_up(t->values, name, &t->value, err);
    }
    return err_set(err, ERR_INVALID, "unexpected \"%.*s\"", (int)MIN(t->text.len, 20), t->text.ptr);
}

static const Function *find_function(Slice name)
{
    for (size_t i = 0; i < ARRAY_LEN(functions); i++)
        if (slice_is(name, functions[i].name))
            return &functions[i];
    return NULL;
}

static int apply(Action *t, Slice name, Err *err)
{
    const Function *f = find_function(name);
    AUTO_WIPED_BUF in = t->value;
    int r;

    t->value = BUF_INIT;
    if (!f)
        return err_set(err, ERR_INVALID, "\"%.*s\" is not available in templates",
                       (int)MIN(name.len, 50), name.ptr);
    buf_reserve(&t->value, in.len * 2 + 8);
    r = f->fn(buf_slice(&in), &t->value, err);
    return r == 0 && t->value.len > MAX_OUT
               ? err_set(err, ERR_TOO_LARGE, "the value grows too large")
               : r;
}

/* A value, or a function and its value. */
static int take_first(Action *t, Err *err)
{
    Slice name = take_word(&t->text);
    int r;

    if (name.len == 0)
        return take_operand(t, err);
    if (slice_is(name, "index"))
        return take_index(t, err);
    skip_blanks(&t->text);
    if (t->text.len > 0 && (t->text.ptr[0] == '.' || t->text.ptr[0] == '"')) {
        r = take_operand(t, err);
        return r < 0 ? r : apply(t, name, err);
    }
    return err_set(err, ERR_INVALID, "\"%.*s\" is not available in templates",
                   (int)MIN(name.len, 50), name.ptr);
}

static int run_action(Action *t, Err *err)
{
    int r = take_first(t, err);

    while (r == 0) {
        skip_blanks(&t->text);
        if (t->text.len == 0)
            return 0;
        if (t->text.ptr[0] != '|')
            return err_set(err, ERR_INVALID, "unexpected \"%.*s\"", (int)MIN(t->text.len, 20),
                           t->text.ptr);
        t->text = slice_behind(t->text, 1);
        skip_blanks(&t->text);
        r = apply(t, take_word(&t->text), err);
    }
    return r;
}

/* ---- the text ---- */

/* Behind the action's }}; strings within may hold some. */
static bool find_end(Slice s, size_t *ret)
{
    bool in_string = false;

    for (size_t i = 0; i + 1 < s.len; i++) {
        if (in_string && s.ptr[i] == '\\')
            i++;
        else if (s.ptr[i] == '"')
            in_string = !in_string;
        else if (!in_string && s.ptr[i] == '}' && s.ptr[i + 1] == '}') {
            *ret = i;
            return true;
        }
    }
    return false;
}

static void trim_right(Buf *out, size_t from)
{
    size_t n = out->len;

    while (n > from && isspace((unsigned char)out->ptr[n - 1]))
        n--;
    buf_truncate(out, n);
}

static int do_action(Slice inner, const Value *values, Buf *out, Err *err)
{
    Action t = {.text = slice_trim(inner), .values = values, .value = BUF_INIT};
    int r = 0;

    if (inner.len > MAX_ACTION)
        return err_set(err, ERR_INVALID, "an action is too long");
    if (slice_starts(t.text, "/*"))
        return t.text.len >= 4 && memcmp(t.text.ptr + t.text.len - 2, "*/", 2) == 0
                   ? 0
                   : err_set(err, ERR_INVALID, "a comment does not end");
    r = run_action(&t, err);
    if (r == 0)
        buf_add_slice(out, buf_slice(&t.value));
    buf_wipe(&t.value);
    return r;
}

int extsecret_template(Slice text, const Value *values, Buf *out, Err *err)
{
    size_t from = out->len; /* of the text that a trim marker may take from */

    while (text.len > 0) {
        const char *open = memmem(text.ptr, text.len, "{{", 2);
        size_t end, n = open ? (size_t)(open - text.ptr) : text.len;
        Slice inner;
        int r;

        buf_add(out, text.ptr, n);
        if (!open)
            break;
        text = slice_behind(text, n + 2);
        if (!find_end(text, &end))
            return err_set(err, ERR_INVALID, "an action does not end");
        inner = slice_until(text, end);
        text = slice_behind(text, end + 2);
        if (inner.len >= 2 && inner.ptr[0] == '-' && isspace((unsigned char)inner.ptr[1])) {
            trim_right(out, from);
            inner = slice_behind(inner, 1);
        }
        if (inner.len >= 2 && inner.ptr[inner.len - 1] == '-' &&
            isspace((unsigned char)inner.ptr[inner.len - 2])) {
            inner = slice_until(inner, inner.len - 1);
            skip_blanks(&text);
        }
        r = do_action(inner, values, out, err);
        if (r < 0)
            return r;
        if (out->len > MAX_OUT)
            return err_set(err, ERR_TOO_LARGE, "what the template comes to is too large");
        from = out->len;
    }
    return 0;
}
