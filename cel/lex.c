#include "cel/cel_int.h"

#include <ctype.h>

typedef struct Lexer {
    CelIssues *is;
    Slice text;
    size_t at;    /* bytes */
    uint32_t pos; /* code points */
} Lexer;

static int peek(const Lexer *lx, size_t ahead)
{
    return lx->at + ahead < lx->text.len ? (unsigned char)lx->text.ptr[lx->at + ahead] : -1;
}

static void skip(Lexer *lx, size_t bytes)
{
    size_t end = MIN(lx->at + bytes, lx->text.len), n;

    for (; lx->at < end; lx->at += n, lx->pos++)
        (void)cel__rune(lx->text, lx->at, &n);
}

static void skip_blank(Lexer *lx)
{
    for (;;) {
        int c = peek(lx, 0);

        if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f') {
            skip(lx, 1);
        } else if (c == '/' && peek(lx, 1) == '/') {
            while (lx->at < lx->text.len && peek(lx, 0) != '\n')
                skip(lx, 1);
        } else {
            return;
        }
    }
}

/* Report `len` bytes that are no token and go on behind them, as ANTLR does. Always false. */
static bool no_token(Lexer *lx, size_t len)
{
    enum { SHOWN = 1000 };

    cel__issue(lx->is, lx->pos, "Syntax error: token recognition error at: '%.*s'",
               (int)MIN(len, (size_t)SHOWN), lx->text.ptr + lx->at);
    skip(lx, len);
    return false;
}

/* ---- strings ---- */

static int hex_value(int c)
{
    return isdigit(c)             ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* `n` digits of `base` after the escape; false when there are fewer or the value is no code point.
 */
static bool read_digits(Slice s, size_t at, size_t n, int base, uint32_t *ret)
{
    uint32_t v = 0;

    if (at + n > s.len)
        return false;
    for (size_t i = 0; i < n; i++) {
        int d = hex_value((unsigned char)s.ptr[at + i]);

        if (d < 0 || d >= base)
            return false;
        v = v * (uint32_t)base + (uint32_t)d;
    }
    *ret = v;
    return true;
}

/* One escape at `at`, which is behind the backslash. Returns the bytes read, 0 when it is none. */
static size_t unescape(Slice s, size_t at, bool is_bytes, Buf *out)
{
    static const char from[] = "abfnrtv\\'\"`?", to[] = "\a\b\f\n\r\t\v\\'\"`?";
    const char *simple;
    uint32_t v;
    size_t n;
    int c;

    if (at >= s.len)
        return 0;
    c = (unsigned char)s.ptr[at];
    simple = c ? strchr(from, c) : NULL;
    if (simple) {
        buf_addc(out, to[simple - from]);
        return 1;
    }
    if (c == 'x' || c == 'X' || c == 'u' || c == 'U') {
        n = c == 'u' ? 4 : c == 'U' ? 8 : 2;
        if (is_bytes && (c == 'u' || c == 'U'))
            return 0;
        if (!read_digits(s, at + 1, n, 16, &v))
            return 0;
        n++;
    } else if (c >= '0' && c <= '3') {
        n = 3;
        if (!read_digits(s, at, n, 8, &v))
            return 0;
    } else {
        return 0;
    }
    if (is_bytes) {
        buf_addc(out, (char)v);
        return n;
    }
    if (v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff))
        return 0;
    cel__add_rune(out, v);
    return n;
}

/* Behind the first character that is wrong in the escape at `at`. */
static size_t wrong_end(Slice s, size_t at)
{
    bool is_hex = at < s.len && s.ptr[at] && strchr("xXuU", s.ptr[at]);

    for (at += is_hex; is_hex && at < s.len && hex_value((unsigned char)s.ptr[at]) >= 0;)
        at++;
    return MIN(at + 1, s.len);
}

/* `s` without its quotes. \r\n and \r become \n, as in cel-go. Returns where a wrong escape ends,
 * 0: none. */
static size_t unquote(Arena *a, Slice s, bool is_raw, bool is_bytes, Slice *ret)
{
    AUTO_BUF out = BUF_INIT;

    for (size_t at = 0; at < s.len;) {
        size_t n;

        if (s.ptr[at] == '\\' && !is_raw) {
            n = unescape(s, at + 1, is_bytes, &out);
            if (n == 0)
                return wrong_end(s, at + 1);
            at += n + 1;
        } else if (s.ptr[at] == '\r') {
            buf_addc(&out, '\n');
            at += at + 1 < s.len && s.ptr[at + 1] == '\n' ? 2 : 1;
        } else {
            buf_addc(&out, s.ptr[at++]);
        }
    }
    *ret = (Slice){arena_strndup(a, buf_str(&out), out.len), out.len};
    return 0;
}

/* Bytes of a string that starts at `start` with a quote, and of what is between its quotes; 0:
 * never closed. */
static size_t string_end(const Lexer *lx, size_t start, bool is_raw, Slice *ret_body)
{
    const char *p = lx->text.ptr;
    size_t len = lx->text.len, quotes = 1;
    char q = p[start];

    if (start + 2 < len && p[start + 1] == q && p[start + 2] == q)
        quotes = 3;
    for (size_t at = start + quotes; at < len; at++) {
        if (p[at] == '\\' && !is_raw) {
            at++;
        } else if (p[at] == q &&
                   (quotes == 1 || (at + 2 < len && p[at + 1] == q && p[at + 2] == q))) {
            *ret_body = (Slice){p + start + quotes, at - start - quotes};
            return at + quotes;
        } else if (quotes == 1 && (p[at] == '\n' || p[at] == '\r')) {
            return 0;
        }
    }
    return 0;
}

/* A string with its prefixes (r, b, br, rb in any case); false when there is none here. */
static bool lex_string(Lexer *lx, Token *t, bool *ret_ok)
{
    bool is_raw = false, is_bytes = false;
    size_t n = 0, end, wrong;
    Slice body = {"", 0};
    int c;

    for (; n < 2; n++) {
        c = tolower(peek(lx, n));
        if (c == 'r' && !is_raw)
            is_raw = true;
        else if (c == 'b' && !is_bytes)
            is_bytes = true;
        else
            break;
    }
    c = peek(lx, n);
    if (c != '\'' && c != '"')
        return false;
    end = string_end(lx, lx->at + n, is_raw, &body);
    if (end == 0 && n > 0)
        return false; /* the prefix is a name then */
    if (end == 0) {
        size_t rest = lx->text.len - lx->at;
        const char *line = memchr(lx->text.ptr + lx->at, '\n', rest);

        *ret_ok = no_token(lx, line ? (size_t)(line - lx->text.ptr) - lx->at + 1 : rest);
        return true;
    }
    wrong = unquote(lx->is->a, body, is_raw, is_bytes, &t->value);
    *ret_ok = wrong == 0;
    if (wrong) {
        (void)no_token(lx, (size_t)(body.ptr - lx->text.ptr) - lx->at + wrong);
        return true;
    }
    t->kind = is_bytes ? TOKEN_BYTES : TOKEN_STRING;
    t->text = (Slice){lx->text.ptr + lx->at, end - lx->at};
    skip(lx, end - lx->at);
    return true;
}

/* ---- numbers ---- */

static void lex_number(Lexer *lx, Token *t)
{
    size_t n = 0;

    t->kind = TOKEN_INT;
    if (peek(lx, 0) == '0' && peek(lx, 1) == 'x' && isxdigit(peek(lx, 2))) {
        for (n = 2; peek(lx, n) >= 0 && isxdigit(peek(lx, n));)
            n++;
    } else {
        while (isdigit(peek(lx, n)))
            n++;
        if (peek(lx, n) == '.' && isdigit(peek(lx, n + 1))) {
            t->kind = TOKEN_DOUBLE;
            for (n++; isdigit(peek(lx, n));)
                n++;
        }
        if (tolower(peek(lx, n)) == 'e') {
            size_t sign = peek(lx, n + 1) == '+' || peek(lx, n + 1) == '-' ? 2 : 1;

            if (isdigit(peek(lx, n + sign))) {
                t->kind = TOKEN_DOUBLE;
                for (n += sign; isdigit(peek(lx, n));)
                    n++;
            }
        }
    }
    if (t->kind == TOKEN_INT && tolower(peek(lx, n)) == 'u') {
        t->kind = TOKEN_UINT;
        n++;
    }
    t->text = (Slice){lx->text.ptr + lx->at, n};
    skip(lx, n);
}

static bool is_ident_char(int c)
{
    return c == '_' || (c > 0 && c < 128 && isalnum(c));
}

/* `a-b.c/d`: only after a dot, and not in Kubernetes; the parser says so. */
static bool lex_quoted_ident(Lexer *lx, Token *t)
{
    size_t n = 1;

    while (is_ident_char(peek(lx, n)) || (peek(lx, n) > 0 && strchr(".-/ ", peek(lx, n))))
        n++;
    if (peek(lx, n) != '`' || n == 1)
        return false;
    t->kind = TOKEN_QUOTED_IDENT;
    t->text = (Slice){lx->text.ptr + lx->at, n + 1};
    skip(lx, n + 1);
    return true;
}

static bool lex_operator(Lexer *lx, Token *t)
{
    static const char *const ops[] = {"==", "!=", "<=", ">=", "&&", "||", "<", ">",
                                      "+",  "-",  "*",  "/",  "%",  "!",  "?", ":",
                                      ".",  ",",  "(",  ")",  "[",  "]",  "{", "}"};
    Slice rest = {lx->text.ptr + lx->at, lx->text.len - lx->at};

    for (size_t i = 0; i < ARRAY_LEN(ops); i++)
        if (slice_starts(rest, ops[i])) {
            t->kind = TOKEN_OP;
            t->text = slice_of(ops[i]);
            skip(lx, t->text.len);
            return true;
        }
    return false;
}

static bool lex_one(Lexer *lx, Token *t)
{
    size_t n = 0;
    bool ok;

    t->pos = lx->pos;
    if (peek(lx, 0) < 0) {
        t->kind = TOKEN_EOF;
        t->text = SLICE("<EOF>");
        return true;
    }
    if (lex_string(lx, t, &ok))
        return ok;
    if (isdigit(peek(lx, 0)) || (peek(lx, 0) == '.' && isdigit(peek(lx, 1)))) {
        lex_number(lx, t);
        return true;
    }
    if (is_ident_char(peek(lx, 0))) {
        while (is_ident_char(peek(lx, n)))
            n++;
        t->text = (Slice){lx->text.ptr + lx->at, n};
        t->kind = slice_is(t->text, "in") ? TOKEN_OP : TOKEN_IDENT;
        skip(lx, n);
        return true;
    }
    if (peek(lx, 0) == '`' && lex_quoted_ident(lx, t))
        return true;
    if (lex_operator(lx, t))
        return true;
    (void)cel__rune(lx->text, lx->at, &n);
    if (strchr("=&|", peek(lx, 0)) && lx->at + n < lx->text.len) {
        size_t more; /* the first half of an operator takes what is not its second with it */

        (void)cel__rune(lx->text, lx->at + n, &more);
        n += more;
    }
    return no_token(lx, n);
}

Token *cel__lex(CelIssues *is)
{
    Lexer lx = {.is = is, .text = is->text};
    size_t n = 0, cap = 32;
    Token *tokens = arena_array(is->a, Token, cap);

    for (;;) {
        skip_blank(&lx);
        if (n == cap) {
            Token *grown = arena_array(is->a, Token, cap * 2);

            memcpy(grown, tokens, n * sizeof(*grown));
            tokens = grown;
            cap *= 2;
        }
        if (lex_one(&lx, &tokens[n]) && tokens[n++].kind == TOKEN_EOF)
            return tokens;
    }
}
