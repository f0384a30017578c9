/*
 * regex_parse.c - Go's syntax of regular expressions (regexp/syntax with the flags of
 * regexp.Compile), into a tree. What is refused, and with which words, follows its parse.go.
 */
#include "base/err.h"
#include "base/mem.h"
#include "base/regex_int.h"

enum {
    HEIGHT_MAX = 1000,
    REPEAT_MAX = 1000,
    RANGES_MAX = 200000, /* of all classes of one expression */
    QUOTED_MAX = 400,    /* of the expression, in a message */
};

typedef enum Flags {
    FLAG_FOLD = 1,
    FLAG_LINES = 2, /* (?m) */
    FLAG_DOT_NL = 4,
    FLAG_LAZY = 8,
} Flags;

typedef struct Nodes {
    Node **items;
    uint32_t n, cap;
} Nodes;

typedef struct Group { /* an open parenthesis; the first stands for the whole */
    uint32_t items;    /* where its current alternative starts on the stack of nodes */
    uint32_t branches; /* where its finished alternatives start */
    uint32_t flags;    /* in force before it */
} Group;

typedef struct Parser {
    Arena *arena;
    Err *err;
    Slice whole, t; /* t: what is left */
    Nodes items, branches;
    Group *groups;
    uint32_t n_groups, cap_groups;
    uint32_t flags;
    uint32_t n_ranges;
} Parser;

int regex__fail(Err *err, const char *what, Slice where)
{
    size_t n = MIN(where.len, (size_t)QUOTED_MAX);

    return err_set(err, ERR_INVALID, "error parsing regexp: %s: `%.*s`", what, (int)n, where.ptr);
}

static int fail(Parser *p, const char *what, Slice where)
{
    return regex__fail(p->err, what, where);
}

/* What stands between `from` and what is left. */
static Slice since(const Parser *p, Slice from)
{
    return (Slice){from.ptr, from.len - p->t.len};
}

static void skip(Parser *p, size_t n)
{
    p->t.ptr += n;
    p->t.len -= n;
}

static char peek(const Parser *p, size_t i)
{
    return i < p->t.len ? p->t.ptr[i] : '\0';
}

uint32_t regex__rune(const char *s, size_t n, uint32_t *ret_len)
{
    const unsigned char *p = (const unsigned char *)s;
    uint32_t len = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    uint32_t r;

    *ret_len = 1;
    if (len == 1)
        return p[0];
    if (len == 0 || p[0] > 0xf4 || n < len)
        return RUNE_ERROR;
    r = p[0] & (0xffu >> (len + 1));
    for (uint32_t i = 1; i < len; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return RUNE_ERROR;
        r = r << 6 | (p[i] & 0x3f);
    }
    if ((len == 3 && r < 0x800) || (len == 4 && (r < 0x10000 || r > RUNE_MAX)) ||
        (r >= 0xd800 && r <= 0xdfff))
        return RUNE_ERROR;
    *ret_len = len;
    return r;
}

static int next_rune(Parser *p, uint32_t *ret)
{
    uint32_t len;

    if (p->t.len == 0) {
        *ret = RUNE_ERROR;
        return 0;
    }
    *ret = regex__rune(p->t.ptr, p->t.len, &len);
    if (*ret == RUNE_ERROR && len == 1)
        return fail(p, "invalid UTF-8", p->t);
    skip(p, len);
    return 0;
}

/* ---- nodes ---- */

static void push(Nodes *list, Node *node)
{
    GROW(list->items, list->cap, list->n + 1);
    list->items[list->n++] = node;
}

static Node *leaf(Parser *p, NodeOp op, uint32_t rune)
{
    Node *node = arena_new0(p->arena, Node);

    node->op = op;
    node->rune = rune;
    node->height = node->repeated = 1;
    node->is_nullable = op == NODE_ASSERT;
    push(&p->items, node);
    return node;
}

static int push_class(Parser *p, ClassBuilder *b)
{
    p->n_ranges += b->n;
    if (p->n_ranges > RANGES_MAX)
        return fail(p, "expression too large", p->whole);
    leaf(p, NODE_CLASS, 0)->class_ = class__finish(b, p->arena);
    return 0;
}

static int push_literal(Parser *p, uint32_t rune)
{
    ClassBuilder b = {0};
    int r;

    if (!(p->flags & FLAG_FOLD) || class__fold(rune) == rune) {
        leaf(p, NODE_RUNE, rune);
        return 0;
    }
    class__add(&b, rune, rune, true);
    class__clean(&b, false);
    r = push_class(p, &b);
    class__done(&b);
    return r;
}

/* The nodes from `from` on become one. */
static Node *join(Parser *p, Nodes *list, uint32_t from, NodeOp op)
{
    uint32_t n = list->n - from;
    Node *node;

    list->n = from;
    if (n == 1)
        return list->items[from];
    node = arena_new0(p->arena, Node);
    node->op = n == 0 ? NODE_EMPTY : op;
    node->height = node->repeated = 1;
    node->n_subs = n;
    node->subs = arena_array(p->arena, Node *, n);
    node->is_nullable = op == NODE_CONCAT;
    for (uint32_t i = 0; i < n; i++) {
        Node *sub = list->items[from + i];

        node->subs[i] = sub;
        if (sub->is_nullable != node->is_nullable)
            node->is_nullable = op == NODE_ALTERNATE;
        node->height = MAX(node->height, sub->height + 1);
        node->repeated = MAX(node->repeated, sub->repeated);
    }
    return node;
}

static void end_branch(Parser *p)
{
    push(&p->branches, join(p, &p->items, p->groups[p->n_groups - 1].items, NODE_CONCAT));
}

static void open_group(Parser *p)
{
    GROW(p->groups, p->cap_groups, p->n_groups + 1);
    p->groups[p->n_groups++] = (Group){p->items.n, p->branches.n, p->flags};
}

static Node *end_group(Parser *p)
{
    end_branch(p);
    p->flags = p->groups[p->n_groups - 1].flags;
    return join(p, &p->branches, p->groups[--p->n_groups].branches, NODE_ALTERNATE);
}

static int check_height(Parser *p, const Node *node)
{
    if (node->height + p->n_groups > HEIGHT_MAX)
        return fail(p, "expression nests too deeply", p->whole);
    return 0;
}

/* ---- repeats ---- */

static bool take_int(Slice *s, int32_t *ret)
{
    int32_t n = 0;
    size_t i = 0;

    if (s->len == 0 || s->ptr[0] < '0' || s->ptr[0] > '9')
        return false;
    if (s->len >= 2 && s->ptr[0] == '0' && s->ptr[1] >= '0' && s->ptr[1] <= '9')
        return false;
    for (; i < s->len && s->ptr[i] >= '0' && s->ptr[i] <= '9'; i++)
        n = n < 0 || n >= 100000000 ? -1 : n * 10 + (s->ptr[i] - '0');
    s->ptr += i;
    s->len -= i;
    *ret = n;
    return true;
}

/* "{2}", "{2,}", "{2,3}"; min -1: a number is too large. False: the brace is a literal. */
static bool take_counts(Parser *p, int32_t *ret_min, int32_t *ret_max)
{
    Slice s = {p->t.ptr + 1, p->t.len - 1};

    if (!take_int(&s, ret_min) || s.len == 0)
        return false;
    *ret_max = *ret_min;
    if (s.ptr[0] == ',') {
        s.ptr++, s.len--;
        if (s.len == 0)
            return false;
        *ret_max = -1;
        if (s.ptr[0] != '}') {
            if (!take_int(&s, ret_max))
                return false;
            if (*ret_max < 0)
                *ret_min = -1;
        }
    }
    if (s.len == 0 || s.ptr[0] != '}')
        return false;
    p->t = (Slice){s.ptr + 1, s.len - 1};
    return true;
}

/* `before` starts at the operator, which has been read; `last` at the one right before, if any. */
static int repeat(Parser *p, int32_t min, int32_t max, bool counted, Slice before, Slice last)
{
    bool lazy = p->flags & FLAG_LAZY;
    Node *node, *sub;
    uint32_t times;

    if (peek(p, 0) == '?') {
        skip(p, 1);
        lazy = !lazy;
    }
    if (last.ptr)
        return fail(p, "invalid nested repetition operator", since(p, last));
    if (p->items.n == p->groups[p->n_groups - 1].items)
        return fail(p, "missing argument to repetition operator", since(p, before));
    sub = p->items.items[--p->items.n];
    node = arena_new0(p->arena, Node);
    *node = (Node){.op = NODE_REPEAT, .min = min, .max = max, .is_lazy = lazy, .n_subs = 1};
    node->subs = arena_array(p->arena, Node *, 1);
    node->subs[0] = sub;
    node->height = sub->height + 1;
    node->is_nullable = min == 0 || sub->is_nullable;
    times = counted ? (uint32_t)(max < 0 ? min : max) : 1;
    node->repeated = counted && max == 0 ? 1 : MAX(times, 1u) * sub->repeated;
    push(&p->items, node);
    if (counted && (min >= 2 || max >= 2) && node->repeated > REPEAT_MAX)
        return fail(p, "invalid repeat count", since(p, before));
    return check_height(p, node);
}

static int parse_counted(Parser *p, Slice before, Slice last, bool *ret_repeated)
{
    int32_t min, max;

    if (!take_counts(p, &min, &max)) {
        skip(p, 1);
        return push_literal(p, '{');
    }
    if (min < 0 || min > REPEAT_MAX || max > REPEAT_MAX || (max >= 0 && min > max))
        return fail(p, "invalid repeat count", since(p, before));
    *ret_repeated = true;
    return repeat(p, min, max, true, before, last);
}

/* ---- escapes and classes ---- */

static bool is_alnum(uint32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int unhex(uint32_t c)
{
    if (c >= '0' && c <= '9')
        return (int)(c - '0');
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? (int)(c - 'a') + 10 : -1;
}

/* After "\x": 1 when *ret is a rune, 0 when it is none. */
static int parse_hex(Parser *p, uint32_t *ret)
{
    uint32_t c, n = 0, value = 0;
    int x, r;

    if (p->t.len == 0)
        return 0;
    r = next_rune(p, &c);
    if (r < 0)
        return r;
    if (c == '{') {
        for (;; n++) {
            if (p->t.len == 0)
                return 0;
            r = next_rune(p, &c);
            if (r < 0)
                return r;
            if (c == '}')
                break;
            x = unhex(c);
            if (x < 0)
                return 0;
            value = value * 16 + (uint32_t)x;
            if (value > RUNE_MAX)
                return 0;
        }
        *ret = value;
        return n > 0;
    }
    x = unhex(c);
    r = next_rune(p, &c);
    if (r < 0)
        return r;
    if (x < 0 || unhex(c) < 0)
        return 0;
    *ret = (uint32_t)(x * 16 + unhex(c));
    return 1;
}

/* At a backslash. */
static int parse_escape(Parser *p, uint32_t *ret)
{
    static const char names[] = "afnrtv", runes[] = "\a\f\n\r\t\v";
    Slice from = p->t;
    uint32_t c;
    int r;

    skip(p, 1);
    if (p->t.len == 0)
        return fail(p, "trailing backslash at end of expression", SLICE(""));
    r = next_rune(p, &c);
    if (r < 0)
        return r;
    if (c < 0x80 && !is_alnum(c)) {
        *ret = c;
        return 0;
    }
    if (c == '0' || (c >= '1' && c <= '7' && peek(p, 0) >= '0' && peek(p, 0) <= '7')) {
        *ret = c - '0';
        for (int i = 1; i < 3 && peek(p, 0) >= '0' && peek(p, 0) <= '7'; i++, skip(p, 1))
            *ret = *ret * 8 + (uint32_t)(peek(p, 0) - '0');
        return 0;
    }
    if (c == 'x') {
        r = parse_hex(p, ret);
        if (r != 0)
            return MIN(r, 0);
    }
    if (c < 0x80 && c != 0 && strchr(names, (int)c)) {
        *ret = (uint32_t)runes[strchr(names, (int)c) - names];
        return 0;
    }
    return fail(p, "invalid escape sequence", since(p, from));
}

/* \pL \p{Greek} \P{^Greek}: 1 when one was read into `b`, 0 when there is none. */
static int parse_unicode_class(Parser *p, ClassBuilder *b)
{
    Slice from = p->t, name;
    const RuneRange *ranges;
    bool negate = peek(p, 1) == 'P';
    uint32_t n, c;
    int r;

    if (peek(p, 0) != '\\' || (peek(p, 1) | 0x20) != 'p')
        return 0;
    skip(p, 2);
    r = next_rune(p, &c);
    if (r < 0)
        return r;
    name = (Slice){from.ptr + 2, (size_t)(p->t.ptr - from.ptr) - 2};
    if (c == '{') {
        const char *end = memchr(p->t.ptr, '}', p->t.len);

        if (!end)
            return fail(p, "invalid character class range", from);
        name = (Slice){p->t.ptr, (size_t)(end - p->t.ptr)};
        skip(p, name.len + 1);
    }
    if (name.len > 0 && name.ptr[0] == '^') {
        negate = !negate;
        name.ptr++, name.len--;
    }
    if (!class__unicode(name, &ranges, &n))
        return fail(p, "invalid character class range", since(p, from));
    class__add_ranges(b, ranges, n, p->flags & FLAG_FOLD, negate);
    return 1;
}

/* \d and the like, and inside of brackets [:alpha:]. */
static int parse_group_class(Parser *p, ClassBuilder *b, bool in_brackets)
{
    const RuneRange *ranges;
    bool negate;
    uint32_t n;

    if (peek(p, 0) == '\\' && p->t.len >= 2 && class__perl(peek(p, 1), &ranges, &n, &negate)) {
        class__add_ranges(b, ranges, n, p->flags & FLAG_FOLD, negate);
        skip(p, 2);
        return 1;
    }
    if (in_brackets && p->t.len > 2 && peek(p, 0) == '[' && peek(p, 1) == ':') {
        const char *end = memmem(p->t.ptr + 2, p->t.len - 2, ":]", 2);
        Slice name = {p->t.ptr, end ? (size_t)(end + 2 - p->t.ptr) : 0};

        if (!end)
            return 0;
        if (!class__posix(name, &ranges, &n, &negate))
            return fail(p, "invalid character class range", name);
        class__add_ranges(b, ranges, n, p->flags & FLAG_FOLD, negate);
        skip(p, name.len);
        return 1;
    }
    return 0;
}

static int parse_class_rune(Parser *p, Slice whole, uint32_t *ret)
{
    if (p->t.len == 0)
        return fail(p, "missing closing ]", whole);
    return peek(p, 0) == '\\' ? parse_escape(p, ret) : next_rune(p, ret);
}

static int parse_class_range(Parser *p, Slice whole, ClassBuilder *b)
{
    Slice from = p->t;
    uint32_t lo, hi;
    int r;

    r = parse_class_rune(p, whole, &lo);
    if (r < 0)
        return r;
    hi = lo;
    if (p->t.len >= 2 && peek(p, 0) == '-' && peek(p, 1) != ']') {
        skip(p, 1);
        r = parse_class_rune(p, whole, &hi);
        if (r < 0)
            return r;
        if (hi < lo)
            return fail(p, "invalid character class range", since(p, from));
    }
    class__add(b, lo, hi, p->flags & FLAG_FOLD);
    return 0;
}

static int parse_brackets(Parser *p, ClassBuilder *b)
{
    Slice whole = p->t;
    bool negate = peek(p, 1) == '^';
    int r;

    skip(p, negate ? 2 : 1);
    for (bool first = true; p->t.len == 0 || peek(p, 0) != ']' || first; first = false) {
        r = parse_group_class(p, b, true);
        if (r == 0)
            r = parse_unicode_class(p, b);
        if (r == 0)
            r = parse_class_range(p, whole, b);
        if (r < 0)
            return r;
        if (b->n > RANGES_MAX)
            return fail(p, "expression too large", p->whole);
    }
    skip(p, 1);
    class__clean(b, negate);
    return push_class(p, b);
}

/* \Q...\E */
static int parse_quoted(Parser *p)
{
    const char *end;
    uint32_t c;
    Slice rest;
    int r;

    skip(p, 2);
    end = memmem(p->t.ptr, p->t.len, "\\E", 2);
    rest = end ? (Slice){end + 2, (size_t)(p->t.ptr + p->t.len - end - 2)}
               : (Slice){p->t.ptr + p->t.len, 0};
    if (end)
        p->t.len = (size_t)(end - p->t.ptr);
    while (p->t.len > 0) {
        r = next_rune(p, &c);
        if (r == 0)
            r = push_literal(p, c);
        if (r < 0)
            return r;
    }
    p->t = rest;
    return 0;
}

static int parse_backslash(Parser *p)
{
    static const struct {
        char name;
        AssertFlags what;
    } asserts[] = {{'A', ASSERT_BEGIN_TEXT},
                   {'b', ASSERT_WORD},
                   {'B', ASSERT_NO_WORD},
                   {'z', ASSERT_END_TEXT}};
    ClassBuilder b = {0};
    uint32_t c;
    int r;

    for (size_t i = 0; p->t.len >= 2 && i < ARRAY_LEN(asserts); i++)
        if (peek(p, 1) == asserts[i].name) {
            leaf(p, NODE_ASSERT, asserts[i].what);
            skip(p, 2);
            return 0;
        }
    if (peek(p, 1) == 'C')
        return fail(p, "invalid escape sequence", SLICE("\\C"));
    if (peek(p, 1) == 'Q')
        return parse_quoted(p);
    r = parse_unicode_class(p, &b);
    if (r == 0)
        r = parse_group_class(p, &b, false);
    if (r > 0) {
        class__clean(&b, false);
        r = push_class(p, &b);
        class__done(&b);
        return r;
    }
    class__done(&b);
    if (r < 0)
        return r;
    r = parse_escape(p, &c);
    return r < 0 ? r : push_literal(p, c);
}

/* ---- groups ---- */

static int parse_named(Parser *p, size_t skipped)
{
    const char *end = memchr(p->t.ptr, '>', p->t.len);
    size_t n = end ? (size_t)(end - p->t.ptr) : 0;

    if (!end)
        return fail(p, "invalid named capture", p->t);
    for (size_t i = skipped; i < n; i++)
        if (p->t.ptr[i] != '_' && !is_alnum((unsigned char)p->t.ptr[i]))
            return fail(p, "invalid named capture", (Slice){p->t.ptr, n + 1});
    if (n == skipped)
        return fail(p, "invalid named capture", (Slice){p->t.ptr, n + 1});
    skip(p, n + 1);
    open_group(p);
    return 0;
}

/* "(?i)", "(?i-s:" */
static int parse_flags(Parser *p)
{
    static const char letters[] = "imsU";
    Slice from = p->t;
    uint32_t flags = p->flags, c;
    bool negate = false, saw = false;
    int r;

    skip(p, 2);
    while (p->t.len > 0) {
        const char *letter;

        r = next_rune(p, &c);
        if (r < 0)
            return r;
        letter = c > 0 && c < 0x80 ? strchr(letters, (int)c) : NULL;
        if (letter) {
            uint32_t bit = 1u << (letter - letters);

            flags = negate ? flags & ~bit : flags | bit;
            saw = true;
        } else if (c == '-' && !negate) {
            negate = true;
            saw = false;
        } else if ((c == ':' || c == ')') && (!negate || saw)) {
            if (c == ':')
                open_group(p);
            p->flags = flags;
            return 0;
        } else
            break;
    }
    return fail(p, "invalid or unsupported Perl syntax", since(p, from));
}

static int parse_open(Parser *p)
{
    if (peek(p, 1) != '?') {
        skip(p, 1);
        open_group(p);
        return 0;
    }
    if (p->t.len > 4 && peek(p, 2) == 'P' && peek(p, 3) == '<')
        return parse_named(p, 4);
    if (p->t.len > 3 && peek(p, 2) == '<')
        return parse_named(p, 3);
    return parse_flags(p);
}

static int parse_close(Parser *p)
{
    Node *node;

    if (p->n_groups == 1)
        return fail(p, "unexpected )", p->whole);
    node = end_group(p);
    push(&p->items, node);
    skip(p, 1);
    return check_height(p, node);
}

static int parse_one(Parser *p, Slice last, bool *ret_repeated)
{
    Slice before = p->t;
    char c = peek(p, 0);
    ClassBuilder b = {0};
    uint32_t rune;
    int r;

    switch (c) {
    case '(':
        return parse_open(p);
    case ')':
        return parse_close(p);
    case '|':
        end_branch(p);
        break;
    case '^':
        leaf(p, NODE_ASSERT, p->flags & FLAG_LINES ? ASSERT_BEGIN_LINE : ASSERT_BEGIN_TEXT);
        break;
    case '$':
        leaf(p, NODE_ASSERT, p->flags & FLAG_LINES ? ASSERT_END_LINE : ASSERT_END_TEXT);
        break;
    case '.':
        leaf(p, p->flags & FLAG_DOT_NL ? NODE_ANY : NODE_ANY_NOT_NL, 0);
        break;
    case '[':
        r = parse_brackets(p, &b);
        class__done(&b);
        return r;
    case '*':
    case '+':
    case '?':
        skip(p, 1);
        *ret_repeated = true;
        return repeat(p, c == '+', c == '?' ? 1 : -1, false, before, last);
    case '{':
        return parse_counted(p, before, last, ret_repeated);
    case '\\':
        return parse_backslash(p);
    default:
        r = next_rune(p, &rune);
        return r < 0 ? r : push_literal(p, rune);
    }
    skip(p, 1);
    return 0;
}

static int parse(Parser *p, Node **ret)
{
    Slice last = {0};
    int r;

    open_group(p);
    while (p->t.len > 0) {
        Slice before = p->t;
        bool repeated = false;

        r = parse_one(p, last, &repeated);
        if (r < 0)
            return r;
        if (p->n_groups > HEIGHT_MAX)
            return fail(p, "expression nests too deeply", p->whole);
        last = repeated ? before : (Slice){0};
    }
    if (p->n_groups > 1)
        return fail(p, "missing closing )", p->whole);
    *ret = end_group(p);
    return check_height(p, *ret);
}

int regex__parse(Arena *a, Slice pattern, Node **ret, Err *err)
{
    Parser p = {.arena = a, .err = err, .whole = pattern, .t = pattern};
    int r = parse(&p, ret);

    free(p.items.items);
    free(p.branches.items);
    free(p.groups);
    return r;
}
