#include "base/value.h"

static void print_string(const char *s, size_t n, Buf *out)
{
    static const char hex[] = "0123456789abcdef";
    size_t from = 0;

    buf_addc(out, '"');
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        char esc[7] = "\\";
        size_t n_esc = 2;

        if (c >= 0x20 && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&' && c != 0xe2)
            continue;
        if (c == 0xe2) { /* U+2028 and U+2029, which JavaScript takes for line ends */
            if (i + 2 >= n || s[i + 1] != '\x80' || (s[i + 2] & ~1) != '\xa8')
                continue;
            memcpy(esc, "\\u2028", 7);
            esc[5] = s[i + 2] == '\xa8' ? '8' : '9';
            n_esc = 6;
        } else if (c == '"' || c == '\\') {
            esc[1] = (char)c;
        } else if (c == '\n' || c == '\r' || c == '\t' || c == '\b' || c == '\f') {
            esc[1] = c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : c == '\b' ? 'b' : 'f';
        } else {
            memcpy(esc + 1, "u00", 3);
            esc[4] = hex[c >> 4];
            esc[5] = hex[c & 15];
            n_esc = 6;
        }
        buf_add(out, s + from, i - from);
        buf_add(out, esc, n_esc);
        if (c == 0xe2)
            i += 2;
        from = i + 1;
    }
    buf_add(out, s + from, n - from);
    buf_addc(out, '"');
}

/* indent < 0: compact */
static void new_line(Buf *out, int indent, int level)
{
    if (indent < 0)
        return;
    buf_addc(out, '\n');
    for (int i = 0; i < indent * level; i++)
        buf_addc(out, ' ');
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
        buf_addc(out, '[');
        for (uint32_t i = 0; i < v->n; i++) {
            if (i > 0)
                buf_addc(out, ',');
            new_line(out, indent, level + 1);
            print(v->items[i], indent, level + 1, out);
        }
        if (v->n > 0)
            new_line(out, indent, level);
        buf_addc(out, ']');
        break;
    case VALUE_OBJECT:
        buf_addc(out, '{');
        for (uint32_t i = 0; i < v->n; i++) {
            if (i > 0)
                buf_addc(out, ',');
            new_line(out, indent, level + 1);
            print_string(v->members[i].name, strlen(v->members[i].name), out);
            buf_adds(out, indent < 0 ? ":" : ": ");
            print(v->members[i].value, indent, level + 1, out);
        }
        if (v->n > 0)
            new_line(out, indent, level);
        buf_addc(out, '}');
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
