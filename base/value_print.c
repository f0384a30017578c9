#include "base/value.h"

/* Bytes that do not stand for themselves in a string, or may not: 0xe2 begins U+2028 and U+2029. */
static const bool is_special[256] = {
    [0x00 ... 0x1f] = true, ['"'] = true, ['\\'] = true, ['<'] = true,
    ['>'] = true,           ['&'] = true, [0xe2] = true,
};

/* One byte, without a call where there is room, as there mostly is. */
static inline void put(Buf *out, char c)
{
    if (out->len + 1 >= out->cap)
        buf_reserve(out, 1);
    out->ptr[out->len++] = c;
    out->ptr[out->len] = '\0';
}

/* Prints the special byte at `s`, of `n` that are left; returns how many bytes it was. */
static size_t print_special(const char *s, size_t n, Buf *out)
{
    static const char hex[] = "0123456789abcdef", from[] = "\"\\\n\r\t\b\f", to[] = "\"\\nrtbf";
    unsigned char c = (unsigned char)*s;
    const char *short_form = c ? strchr(from, c) : NULL;

    if (c == 0xe2) { /* U+2028 and U+2029, which JavaScript takes for line ends */
        if (n < 3 || s[1] != '\x80' || (s[2] & ~1) != '\xa8') {
            put(out, *s);
            return 1;
        }
        buf_adds(out, s[2] == '\xa8' ? "\\u2028" : "\\u2029");
        return 3;
    }
    put(out, '\\');
    if (short_form) {
        put(out, to[short_form - from]);
        return 1;
    }
    buf_adds(out, "u00");
    put(out, hex[c >> 4]);
    put(out, hex[c & 15]);
    return 1;
}

static void print_string(const char *s, size_t n, Buf *out)
{
    size_t from = 0;

    buf_reserve(out, n + 2);
    put(out, '"');
    for (size_t i = 0; i < n;) {
        if (!is_special[(unsigned char)s[i]]) {
            i++;
            continue;
        }
        buf_add(out, s + from, i - from);
        i += print_special(s + i, n - i, out);
        from = i;
    }
    buf_add(out, s + from, n - from);
    put(out, '"');
}

/* indent < 0: compact */
static void new_line(Buf *out, int indent, int level)
{
    if (indent < 0)
        return;
    put(out, '\n');
    for (int i = 0; i < indent * level; i++)
        put(out, ' ');
}

static void print(const Value *v, int indent, int level, Buf *out)
{
    switch (v->type) {
    case VALUE_NULL:
        buf_adds(out, "null");
        break;
    case VALUE_BOOL:
        buf_adds(out, v->boolean ? "true" : "false");
        break;
    case VALUE_NUMBER:
        buf_add(out, v->str, v->n);
        break;
    case VALUE_STRING:
        print_string(v->str, v->n, out);
        break;
    case VALUE_ARRAY:
        put(out, '[');
        for (uint32_t i = 0; i < v->n; i++) {
            if (i > 0)
                put(out, ',');
            new_line(out, indent, level + 1);
            print(v->items[i], indent, level + 1, out);
        }
        if (v->n > 0)
            new_line(out, indent, level);
        put(out, ']');
        break;
    case VALUE_OBJECT:
        put(out, '{');
        for (uint32_t i = 0; i < v->n; i++) {
            if (i > 0)
                put(out, ',');
            new_line(out, indent, level + 1);
            print_string(v->members[i].name, strlen(v->members[i].name), out);
            put(out, ':');
            if (indent >= 0)
                put(out, ' ');
            print(v->members[i].value, indent, level + 1, out);
        }
        if (v->n > 0)
            new_line(out, indent, level);
        put(out, '}');
        break;
    }
}

void value_print(const Value *v, Buf *out)
{
    print(v, -1, 0, out);
}

void value_print_pretty(const Value *v, int indent, Buf *out)
{
    print(v, indent, 0, out);
}

char *value_to_str(Arena *a, const Value *v)
{
    AUTO_BUF b = BUF_INIT;

    value_print(v, &b);
    return arena_strndup(a, buf_str(&b), b.len);
}
