#include "api/jsonpath.h"

#include "base/err.h"
#include "base/gofloat.h"
#include "base/mem.h"

#include <math.h>

/*
 * DESIGN
 *
 * A template is text with actions in braces. Parsing makes a tree of parts: text, expressions, and
 * ranges that hold the parts up to their {end}. An expression is a chain of nodes; evaluating one
 * maps a list of values to a list of values. Keys that are not there yield nothing, as in kubectl.
 *
 * Templates come from clients (CRD columns), so nesting is limited, and so is the number of values
 * that one evaluation may produce.
 */

enum {
    DEPTH_MAX = 32,
    RESULTS_MAX = 1000000,
    PARAM_MAX = 1000000000,
};

typedef struct Node Node;
typedef struct Part Part;

typedef struct Chain { /* nodes, one after the other */
    Node *first, *last;
} Chain;

typedef enum NodeKind {
    NODE_FIELD,
    NODE_WILDCARD,
    NODE_RECURSIVE,
    NODE_ARRAY,
    NODE_UNION,
    NODE_FILTER,
    NODE_LITERAL, /* text, number or boolean */
    NODE_WORD,    /* an identifier; it is evaluated where it means something */
} NodeKind;

typedef struct Bound {
    int64_t value;
    bool is_known, is_derived;
} Bound;

struct Node {
    NodeKind kind;
    Node *next;
    const char *name; /* NODE_FIELD, NODE_WORD */
    Value *literal;   /* NODE_LITERAL */
    Bound bounds[3];  /* NODE_ARRAY: from, to, step */
    Chain *chains;    /* NODE_UNION: n of them; NODE_FILTER: left and right */
    uint32_t n;
    const char *op; /* NODE_FILTER; NULL: exists */
};

typedef enum PartKind { PART_TEXT, PART_EXPRESSION, PART_RANGE } PartKind;

struct Part {
    PartKind kind;
    Part *next;
    Slice text;
    Chain chain;
    Part *body; /* PART_RANGE */
};

struct JsonPath {
    Part *parts;
};

/* ---- parsing ---- */

typedef struct Parser {
    Arena *arena;
    Slice text;
    size_t at;
    int depth;
    bool is_inner; /* the text is a part of an action, in braces of its own */
    Err *err;
} Parser;

typedef enum ActionKind { ACTION_PLAIN, ACTION_RANGE, ACTION_END } ActionKind;

static int parse_chain(Parser *p, Chain *chain, ActionKind *ret_kind);

static int syntax(Parser *p, const char *what)
{
    return err_set(p->err, ERR_BAD_REQUEST, "%s", what);
}

static int peek(const Parser *p)
{
    return p->at < p->text.len ? (unsigned char)p->text.ptr[p->at] : -1;
}

static bool looking_at(const Parser *p, const char *s)
{
    return slice_starts((Slice){p->text.ptr + p->at, p->text.len - p->at}, s);
}

static bool is_terminator(int c)
{
    return c < 0 || (c && strchr(" \t\r\n.,[]$@{}", c));
}

static Node *add_node(Parser *p, Chain *chain, NodeKind kind)
{
    Node *n = arena_new0(p->arena, Node);

    n->kind = kind;
    if (chain->last)
        chain->last->next = n;
    else
        chain->first = n;
    chain->last = n;
    return n;
}

/* A part of an action, as if it were one. What stands behind a brace that closes it early is read,
 * and of no use. */
static int parse_inner(Parser *p, Slice text, Chain *chain)
{
    Slice braced = slice_of(arena_printf(p->arena, "{%.*s}", (int)text.len, text.ptr));
    Parser inner = {p->arena, braced, 0, p->depth + 1, true, p->err};
    Chain unused = {NULL, NULL};
    ActionKind kind;
    int r = 0;

    if (inner.depth > DEPTH_MAX)
        return syntax(p, "expression is nested too deeply");
    while (r == 0 && inner.at < braced.len) {
        if (braced.ptr[inner.at++] == '{')
            r = parse_chain(&inner, inner.at == 1 ? chain : &unused, &kind);
    }
    return r;
}

static void parse_field(Parser *p, Chain *chain)
{
    char *name = arena_alloc(p->arena, p->text.len - p->at + 1);
    size_t n = 0;

    while (!is_terminator(peek(p))) {
        if (peek(p) == '\\' && ++p->at == p->text.len)
            break;
        name[n++] = p->text.ptr[p->at++];
    }
    if (n == 1 && name[0] == '*')
        add_node(p, chain, NODE_WILDCARD);
    else
        add_node(p, chain, NODE_FIELD)->name = name; /* "": the value itself */
}

/* -?[0-9]* */
static bool is_bound(Slice s)
{
    size_t i = s.len > 0 && s.ptr[0] == '-';

    while (i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9')
        i++;
    return i == s.len;
}

/* Lists are shorter than PARAM_MAX, so that it stands for all that is more. */
static int parse_bound(Parser *p, Slice s, Bound *b)
{
    int64_t i;

    if (!slice_to_int64(s, &i))
        return err_set(p->err, ERR_BAD_REQUEST, "array index %.*s is not a number", (int)s.len,
                       s.ptr);
    *b = (Bound){MIN(MAX(i, -PARAM_MAX), PARAM_MAX), true, false};
    return 0;
}

/* "1", "-1", "1:3", ":3", "1:", "0:4:2", ":" */
static int parse_slice(Parser *p, Slice text, Chain *chain)
{
    Node *n = add_node(p, chain, NODE_ARRAY);
    Slice rest = text, heads[3];
    bool is_more = true;
    uint32_t k = 0;
    int r = 0;

    while (k < 3 && is_more) {
        is_more = slice_cut(&rest, ':', &heads[k]);
        if (!is_bound(heads[k++]))
            break;
    }
    if (is_more || !is_bound(heads[k - 1]))
        return err_set(p->err, ERR_BAD_REQUEST, "invalid array index %.*s", (int)text.len,
                       text.ptr);
    for (uint32_t i = 0; r == 0 && i < k; i++)
        if (heads[i].len > 0)
            r = parse_bound(p, heads[i], &n->bounds[i]);
    if (k == 1)
        n->bounds[1] = (Bound){n->bounds[0].value + 1, true, true};
    return r;
}

static Slice without_spaces(Slice s)
{
    for (; s.len > 0 && s.ptr[0] == ' '; s.ptr++)
        s.len--;
    while (s.len > 0 && s.ptr[s.len - 1] == ' ')
        s.len--;
    return s;
}

static int parse_union(Parser *p, Slice text, Chain *chain)
{
    Node *n = add_node(p, chain, NODE_UNION);
    Slice rest = text, head;
    bool is_more = true;
    int r;

    for (size_t i = 0; i < text.len; i++)
        n->n += text.ptr[i] == ',';
    n->n++;
    n->chains = arena_array(p->arena, Chain, n->n);
    for (uint32_t i = 0; is_more; i++) {
        is_more = slice_cut(&rest, ',', &head);
        head = without_spaces(head);
        r = parse_inner(p, slice_of(arena_printf(p->arena, "[%.*s]", (int)head.len, head.ptr)),
                        &n->chains[i]);
        if (r < 0)
            return r;
    }
    return 0;
}

/* What stands between [ and ]. */
static int parse_brackets(Parser *p, Slice text, Chain *chain)
{
    Slice key;

    if (slice_is(text, "*"))
        text = SLICE(":");
    if (memchr(text.ptr, ',', text.len))
        return parse_union(p, text, chain);
    key = (Slice){text.ptr + 1, text.len > 1 ? text.len - 2 : 0};
    if (text.len > 1 && text.ptr[0] == '\'' && text.ptr[text.len - 1] == '\'' &&
        !memchr(key.ptr, '\'', key.len)) {
        return parse_inner(p, slice_of(arena_printf(p->arena, ".%.*s", (int)key.len, key.ptr)),
                           chain);
    }
    return parse_slice(p, text, chain);
}

static int parse_array(Parser *p, Chain *chain)
{
    size_t start = ++p->at;

    while (peek(p) != ']') {
        if (peek(p) < 0 || peek(p) == '\n')
            return syntax(p, "unterminated array");
        p->at++;
    }
    return parse_brackets(p, (Slice){p->text.ptr + start, p->at++ - start}, chain);
}

static int parse_condition(Parser *p, Slice text, Node *n)
{
    size_t left = 0, end;
    int r;

    while (left < text.len && !strchr("!<>=", text.ptr[left]))
        left++;
    end = left;
    while (end < text.len && text.ptr[end] && strchr("!<>=", text.ptr[end]))
        end++;
    end -= end == text.len && end > left; /* the last of them is what to compare with */
    n->chains = arena_array(p->arena, Chain, 2);
    if (left == 0 || end == left)
        return parse_inner(p, text, &n->chains[0]);
    n->op = arena_strndup(p->arena, text.ptr + left, end - left);
    r = parse_inner(p, (Slice){text.ptr, left}, &n->chains[0]);
    if (r < 0)
        return r;
    return parse_inner(p, (Slice){text.ptr + end, text.len - end}, &n->chains[1]);
}

/* Upstream knows one pair of quotes: what is in others may end the filter. */
static int parse_filter(Parser *p, Chain *chain)
{
    bool has_begun = false, has_ended = false;
    size_t start;
    int quote = 0;

    p->at += strlen("[?(");
    start = p->at;
    for (;; p->at++) {
        int c = peek(p);

        if (c < 0 || c == '\n')
            return syntax(p, "unterminated filter");
        if ((c == '"' || c == '\'') && !has_begun) {
            has_begun = true;
            quote = c;
        } else if (c == '"' || c == '\'') {
            has_ended = has_ended || (c == quote && p->text.ptr[p->at - 1] != '\\');
        } else if (c == ')' && has_begun == has_ended) {
            break;
        }
    }
    if (!looking_at(p, ")]"))
        return syntax(p, "unclosed array expect ]");
    p->at += 2;
    return parse_condition(p, (Slice){p->text.ptr + start, p->at - 2 - start},
                           add_node(p, chain, NODE_FILTER));
}

static bool hex_digits(Slice s, size_t at, size_t n, uint32_t *ret)
{
    uint32_t v = 0;

    if (at + n > s.len)
        return false;
    for (size_t i = at; i < at + n; i++) {
        static const char digits[] = "0123456789abcdef";
        const char *d = s.ptr[i] ? strchr(digits, s.ptr[i] | 0x20) : NULL;

        if (!d)
            return false;
        v = v * 16 + (uint32_t)(d - digits);
    }
    *ret = v;
    return true;
}

/* Digits of \x, \u, \U and of octal numbers; how many there are, 0 for none of these. */
static size_t escape_digits(char c)
{
    return c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
}

static bool octal_digits(Slice s, size_t at, uint32_t *ret)
{
    uint32_t v = 0;

    if (at + 3 > s.len)
        return false;
    for (size_t i = at; i < at + 3; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '7')
            return false;
        v = v * 8 + (uint32_t)(s.ptr[i] - '0');
    }
    *ret = v;
    return v <= 255;
}

/* One escape sequence, behind the backslash; how long it is, 0: it is none. */
static size_t unescape(Slice s, size_t at, char quote, Buf *out)
{
    static const char letters[] = "abfnrtv\\", meanings[] = "\a\b\f\n\r\t\v\\";
    const char *letter;
    size_t n;
    uint32_t c;

    if (at == s.len || s.ptr[at] == '\0')
        return 0;
    letter = strchr(letters, s.ptr[at]);
    n = escape_digits(s.ptr[at]);
    if (letter) {
        buf_addc(out, meanings[letter - letters]);
        return 1;
    }
    if (s.ptr[at] == quote) {
        buf_addc(out, quote);
        return 1;
    }
    if (n == 2 && hex_digits(s, at + 1, n, &c)) {
        buf_addc(out, (char)c);
        return n + 1;
    }
    if (n > 2 && hex_digits(s, at + 1, n, &c) && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff)) {
        buf_add_rune(out, c);
        return n + 1;
    }
    if (!octal_digits(s, at, &c))
        return 0;
    buf_addc(out, (char)c);
    return 3;
}

/* strconv.UnquoteChar() over and over */
static bool unquote(Slice s, char quote, Buf *out)
{
    for (size_t i = 0; i < s.len;) {
        size_t n;

        if (s.ptr[i] == quote)
            return false;
        if (s.ptr[i] != '\\') {
            buf_addc(out, s.ptr[i++]);
            continue;
        }
        n = unescape(s, i + 1, quote, out);
        if (n == 0)
            return false;
        i += n + 1;
    }
    return true;
}

static int parse_quote(Parser *p, Chain *chain)
{
    AUTO_BUF b = BUF_INIT;
    int quote = peek(p);
    size_t start = ++p->at;

    while (peek(p) != quote || p->text.ptr[p->at - 1] == '\\') {
        if (peek(p) < 0 || peek(p) == '\n')
            return syntax(p, "unterminated quoted string");
        p->at++;
    }
    if (!unquote((Slice){p->text.ptr + start, p->at - start}, (char)quote, &b))
        return err_set(p->err, ERR_BAD_REQUEST, "unquote string %.*s error invalid syntax",
                       (int)(p->at - start + 2), p->text.ptr + start - 1);
    p->at++;
    add_node(p, chain, NODE_LITERAL)->literal = value_strn(p->arena, buf_str(&b), b.len);
    return 0;
}

/* What Atoi() takes, or ParseFloat() of what it does not. */
static int parse_number(Parser *p, Chain *chain)
{
    size_t start = p->at, n_digits = 0, n_points = 0;
    char *text;
    int64_t i;
    double d;

    p->at += peek(p) == '+' || peek(p) == '-';
    for (int c = peek(p); c == '.' || (c >= '0' && c <= '9'); c = peek(p)) {
        n_points += c == '.';
        n_digits += c != '.';
        p->at++;
    }
    text = arena_strndup(p->arena, p->text.ptr + start, p->at - start);
    d = n_digits > 0 && n_points < 2 ? strtod(text, NULL) : HUGE_VAL;
    if (!isfinite(d))
        return err_set(p->err, ERR_BAD_REQUEST, "cannot parse number %s", text);
    add_node(p, chain, NODE_LITERAL)->literal =
        n_points == 0 && slice_to_int64(slice_of(text + (text[0] == '+')), &i)
            ? value_int(p->arena, i)
            : value_number(p->arena, gofloat_json(arena_alloc(p->arena, GOFLOAT_TEXT_MAX), d));
    return 0;
}

static void parse_identifier(Parser *p, Chain *chain, ActionKind *kind)
{
    size_t start = p->at;
    Slice word;

    while (!is_terminator(peek(p)))
        p->at++;
    word = (Slice){p->text.ptr + start, p->at - start};
    if (slice_is(word, "true") || slice_is(word, "false"))
        add_node(p, chain, NODE_LITERAL)->literal = value_bool(p->arena, word.ptr[0] == 't');
    else if (slice_is(word, "range") && !p->is_inner)
        *kind = ACTION_RANGE;
    else if (slice_is(word, "end") && !p->is_inner)
        *kind = ACTION_END;
    else
        add_node(p, chain, NODE_WORD)->name = arena_strndup(p->arena, word.ptr, word.len);
}

static bool is_word(int c)
{
    return c == '_' || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
           c >= 0x80;
}

static int parse_recursive(Parser *p, Chain *chain)
{
    if (chain->last && chain->last->kind == NODE_RECURSIVE)
        return syntax(p, "invalid multiple recursive descent");
    p->at += 2;
    add_node(p, chain, NODE_RECURSIVE);
    if (is_word(peek(p)))
        parse_field(p, chain);
    return 0;
}

static int bad_character(Parser *p, int c)
{
    return c > ' ' && c < 0x7f
               ? err_set(p->err, ERR_BAD_REQUEST, "unrecognized character in action: U+%04X '%c'",
                         (unsigned)c, c)
               : err_set(p->err, ERR_BAD_REQUEST, "unrecognized character in action: U+%04X",
                         (unsigned)c);
}

/* Nodes up to the closing brace, which is consumed. */
static int parse_chain(Parser *p, Chain *chain, ActionKind *ret_kind)
{
    int r = 0;

    *ret_kind = ACTION_PLAIN;
    while (r == 0) {
        int c = peek(p);

        if (c == '}') {
            p->at++;
            return 0;
        }
        if (c < 0 || c == '\r' || c == '\n')
            return syntax(p, "unclosed action");
        if (looking_at(p, "[?(")) {
            r = parse_filter(p, chain);
        } else if (looking_at(p, "..")) {
            r = parse_recursive(p, chain);
        } else if (c == ' ' || c == '@' || c == '$') {
            p->at++;
        } else if (c == '[') {
            r = parse_array(p, chain);
        } else if (c == '"' || c == '\'') {
            r = parse_quote(p, chain);
        } else if (c == '.') {
            p->at++;
            parse_field(p, chain);
        } else if (c == '+' || c == '-' || (c >= '0' && c <= '9')) {
            r = parse_number(p, chain);
        } else if (is_word(c)) {
            parse_identifier(p, chain, ret_kind);
        } else {
            return bad_character(p, c);
        }
    }
    return r;
}

/* Parts up to {end} (when `is_range`) or the end of the template. */
static int parse_parts(Parser *p, bool is_range, Part **ret)
{
    Part **slot = ret, *part;
    ActionKind kind;
    size_t start;
    int r;

    *ret = NULL;
    while (p->at < p->text.len) {
        part = arena_new0(p->arena, Part);
        start = p->at;
        while (peek(p) >= 0 && peek(p) != '{')
            p->at++;
        if (p->at > start) {
            part->text = (Slice){p->text.ptr + start, p->at - start};
        } else {
            p->at++;
            r = parse_chain(p, &part->chain, &kind);
            if (r < 0)
                return r;
            if (kind == ACTION_END && is_range)
                return 0;
            if (kind == ACTION_END) /* a mistake when it is evaluated */
                add_node(p, &part->chain, NODE_WORD)->name = "end";
            part->kind = kind == ACTION_RANGE ? PART_RANGE : PART_EXPRESSION;
        }
        if (part->kind == PART_RANGE) {
            if (++p->depth > DEPTH_MAX)
                return syntax(p, "ranges are nested too deeply");
            r = parse_parts(p, true, &part->body);
            if (r < 0)
                return r;
            p->depth--;
        }
        *slot = part;
        slot = &part->next;
    }
    return 0;
}

int jsonpath_parse(Arena *a, const char *template, JsonPath **ret, Err *err)
{
    Parser p = {.arena = a, .text = slice_of(arena_strdup(a, template)), .err = err};
    JsonPath *path = arena_new0(a, JsonPath);
    int r = parse_parts(&p, false, &path->parts);

    if (r == 0)
        *ret = path;
    return r;
}

/* ---- evaluation ---- */

typedef struct Eval {
    Arena *arena;
    uint64_t n_results; /* of all steps so far */
    Err *err;
} Eval;

static int eval_chain(Eval *e, const Chain *chain, Value *input, Value **ret);

static int add_result(Eval *e, Value *out, Value *v)
{
    if (++e->n_results > RESULTS_MAX)
        return err_set(e->err, ERR_BAD_REQUEST, "the expression yields too many values");
    value_append(e->arena, out, v);
    return 0;
}

static int add_children(Eval *e, Value *out, const Value *v)
{
    int r = 0;

    for (uint32_t i = 0; i < value_len(v) && r == 0; i++)
        r = add_result(e, out, v->type == VALUE_OBJECT ? v->members[i].value : v->items[i]);
    return r;
}

static int eval_recursive(Eval *e, Value *v, Value *out)
{
    int r;

    if (value_len(v) == 0)
        return 0;
    r = add_result(e, out, v);
    for (uint32_t i = 0; i < v->n && r == 0; i++)
        r = eval_recursive(e, v->type == VALUE_OBJECT ? v->members[i].value : v->items[i], out);
    return r;
}

static const char *type_of(const Value *v)
{
    return v->type == VALUE_OBJECT   ? "map[string]interface {}"
           : v->type == VALUE_STRING ? "string"
           : v->type == VALUE_BOOL   ? "bool"
                                     : "int64";
}

static int eval_array(Eval *e, const Node *n, Value *v, Value *out)
{
    int64_t from = n->bounds[0].value, to = n->bounds[1].value, len = v->n;
    int64_t step = n->bounds[2].is_known ? n->bounds[2].value : 1;
    int r = 0;

    if (v->type == VALUE_NULL)
        return 0;
    if (v->type != VALUE_ARRAY)
        return err_set(e->err, ERR_BAD_REQUEST, "%s is not array or slice", type_of(v));
    if (from < 0)
        from += len;
    if (!n->bounds[1].is_known)
        to = len;
    if (to < 0 || (to == 0 && n->bounds[1].is_derived))
        to += len;
    if (from == to)
        return 0;
    if (from >= len || from < 0)
        return err_set(e->err, ERR_BAD_REQUEST,
                       "array index out of bounds: index %lld, length %lld", (long long)from,
                       (long long)len);
    if (to > len || to < 0)
        return err_set(e->err, ERR_BAD_REQUEST,
                       "array index out of bounds: index %lld, length %lld", (long long)to - 1,
                       (long long)len);
    if (from > to)
        return err_set(e->err, ERR_BAD_REQUEST,
                       "starting index %lld is greater than ending index %lld", (long long)from,
                       (long long)to);
    if (step <= 0)
        return err_set(e->err, ERR_BAD_REQUEST, "step must be > 0");
    for (int64_t i = from; i < to && r == 0; i += step)
        r = add_result(e, out, v->items[i]);
    return r;
}

/* <0, 0, >0 in *ret; false when the two cannot be ordered. */
static bool compare(const Value *x, const Value *y, int *ret)
{
    double a, b;

    if (x->type == VALUE_STRING && y->type == VALUE_STRING) {
        *ret = strcmp(x->str, y->str);
        return true;
    }
    if (!value_to_double(x, &a) || !value_to_double(y, &b))
        return false;
    *ret = (a > b) - (a < b);
    return true;
}

static int eval_comparison(Eval *e, const char *op, const Value *x, const Value *y, bool *ret)
{
    int order = 0;
    bool is_ordered = compare(x, y, &order);
    bool is_equal = is_ordered ? order == 0 : value_equal(x, y);

    if (strcmp(op, "==") == 0 || strcmp(op, "!=") == 0) {
        *ret = is_equal == (op[0] == '=');
        return 0;
    }
    if (strcmp(op, "<") != 0 && strcmp(op, ">") != 0 && strcmp(op, "<=") != 0 &&
        strcmp(op, ">=") != 0)
        return err_set(e->err, ERR_BAD_REQUEST, "unrecognized filter operator %s", op);
    if (!is_ordered)
        return err_set(e->err, ERR_BAD_REQUEST, "incompatible types for comparison");
    *ret =
        (op[0] == '<' && order < 0) || (op[0] == '>' && order > 0) || (op[1] == '=' && order == 0);
    return 0;
}

static int eval_condition(Eval *e, const Node *n, Value *item, bool *ret)
{
    Value *input = value_array(e->arena), *left, *right;
    int r;

    *ret = false;
    value_append(e->arena, input, item);
    r = eval_chain(e, &n->chains[0], input, &left);
    if (!n->op) {
        *ret = r == 0 && left->n > 0;
        return e->n_results > RESULTS_MAX ? r : 0;
    }
    if (r < 0)
        return r;
    if (left->n == 0)
        return 0;
    r = eval_chain(e, &n->chains[1], input, &right);
    if (r < 0 || right->n == 0)
        return r;
    if (left->n > 1 || right->n > 1)
        return err_set(e->err, ERR_BAD_REQUEST, "can only compare one element at a time");
    return eval_comparison(e, n->op, left->items[0], right->items[0], ret);
}

static int eval_filter(Eval *e, const Node *n, Value *v, Value *out)
{
    Value *item;
    bool passes;
    int r;

    if (v->type != VALUE_ARRAY)
        return err_set(e->err, ERR_BAD_REQUEST, "%s is not array or slice and cannot be filtered",
                       type_of(v));
    value_each_item(v, i, item)
    {
        r = eval_condition(e, n, item, &passes);
        if (r == 0 && passes)
            r = add_result(e, out, item);
        if (r < 0)
            return r;
    }
    return 0;
}

static int eval_union(Eval *e, const Node *n, Value *input, Value *out)
{
    Value *part, *item;
    int r;

    for (uint32_t k = 0; k < n->n; k++) {
        r = eval_chain(e, &n->chains[k], input, &part);
        if (r < 0)
            return r;
        value_each_item(part, i, item)
        {
            r = add_result(e, out, item);
            if (r < 0)
                return r;
        }
    }
    return 0;
}

static int eval_on(Eval *e, const Node *n, Value *v, Value *out)
{
    Value *member;

    switch (n->kind) {
    case NODE_FIELD:
        member = n->name[0] ? value_get(v, n->name) : v;
        return member ? add_result(e, out, member) : 0;
    case NODE_WILDCARD:
        return add_children(e, out, v);
    case NODE_RECURSIVE:
        return eval_recursive(e, v, out);
    case NODE_ARRAY:
        return eval_array(e, n, v, out);
    case NODE_FILTER:
        return eval_filter(e, n, v, out);
    case NODE_LITERAL:
        return add_result(e, out, n->literal);
    case NODE_UNION:
    case NODE_WORD:
        break;
    }
    return 0;
}

static int eval_word(Eval *e, const Node *n)
{
    return strcmp(n->name, "end") == 0
               ? err_set(e->err, ERR_BAD_REQUEST, "not in range, nothing to end")
               : err_set(e->err, ERR_BAD_REQUEST, "unrecognized identifier %s", n->name);
}

static int eval_chain(Eval *e, const Chain *chain, Value *input, Value **ret)
{
    int r = 0;

    for (const Node *n = chain->first; n && r == 0; n = n->next) {
        Value *out = value_array(e->arena), *item;

        if (n->kind == NODE_UNION) {
            r = eval_union(e, n, input, out);
        } else if (n->kind == NODE_WORD) {
            r = eval_word(e, n);
        } else if (n->kind == NODE_LITERAL && n->literal->type == VALUE_STRING) {
            r = add_result(e, out, n->literal); /* text stands for itself, whatever came in */
        } else {
            value_each_item(input, i, item)
            {
                if (r == 0)
                    r = eval_on(e, n, item, out);
            }
        }
        input = out;
    }
    *ret = input;
    return r;
}

static void print_value(const Value *v, Buf *out)
{
    if (v->type == VALUE_STRING)
        buf_add(out, v->str, v->n);
    else if (v->type == VALUE_NULL)
        buf_adds(out, "<nil>");
    else
        value_print(v, out);
}

static int print_parts(Eval *e, const Part *part, Value *input, Buf *out)
{
    Value *results, *item;
    int r;

    for (; part; part = part->next) {
        if (part->kind == PART_TEXT) {
            buf_add_slice(out, part->text);
            continue;
        }
        r = eval_chain(e, &part->chain, input, &results);
        if (r < 0)
            return r;
        value_each_item(results, i, item)
        {
            if (part->kind == PART_RANGE) {
                Value *one = value_array(e->arena);

                value_append(e->arena, one, item);
                if (++e->n_results > RESULTS_MAX)
                    return err_set(e->err, ERR_BAD_REQUEST,
                                   "the expression yields too many values");
                r = print_parts(e, part->body, one, out);
                if (r < 0)
                    return r;
                continue;
            }
            if (i > 0)
                buf_addc(out, ' ');
            print_value(item, out);
        }
    }
    return 0;
}

static Value *as_input(Arena *a, const Value *v)
{
    Value *input = value_array(a);

    /* Evaluation only reads values; lists of results hold them without const. */
    value_append(a, input, (Value *)(uintptr_t)v);
    return input;
}

int jsonpath_print(const JsonPath *p, Arena *a, const Value *v, Buf *out, Err *err)
{
    Eval e = {a, 0, err};

    return print_parts(&e, p->parts, as_input(a, v), out);
}

int jsonpath_values(const JsonPath *p, Arena *a, const Value *v, Value **ret, Err *err)
{
    Eval e = {a, 0, err};
    Value *out = value_array(a), *results, *item;
    int r;

    for (const Part *part = p->parts; part; part = part->next) {
        if (part->kind == PART_TEXT) {
            value_append(a, out, value_strn(a, part->text.ptr, part->text.len));
            continue;
        }
        r = eval_chain(&e, &part->chain, as_input(a, v), &results);
        if (r < 0)
            return r;
        value_each_item(results, i, item) value_append(a, out, item);
    }
    *ret = out;
    return 0;
}
