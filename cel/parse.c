#include "cel/cel_int.h"

#include <errno.h>
#include <stdarg.h>

/*
 * DESIGN
 *
 * Recursive descent over the grammar of the CEL specification. The first syntax error ends the
 * parse (cel-go's parser recovers and may report more); mistakes of meaning (reserved words,
 * arguments of macros) are collected.
 *
 * Nodes are reported at the place cel-go gives them: an operator at its sign, a call at its opening
 * parenthesis, a selection at its dot, everything a macro makes at the macro's parenthesis.
 *
 * Nesting is bounded as cel-go bounds it: 250 active expressions, and 250 operands in a row of
 * arithmetic, comparison or member access, since those nest to the left. && and || are balanced
 * instead. A row may be the first operand of another within parentheses, so that these bounds
 * multiply: the height of the tree is bounded as well (settle()).
 */

static CelNode *parse_expr(CelParser *p);

CelNode *cel__node(CelParser *p, NodeKind kind, uint32_t pos)
{
    CelNode *n = arena_new0(p->a, CelNode);

    if (++p->n_nodes == CEL_MAX_NODES) {
        cel__issue(p->is, UINT32_MAX, "expression too large after expansion of macros");
        p->is_broken = true;
    }
    n->kind = kind;
    n->pos = pos;
    return n;
}

CelNode *cel__node_ident(CelParser *p, uint32_t pos, const char *name)
{
    CelNode *n = cel__node(p, NODE_IDENT, pos);

    n->ident.name = name;
    n->ident.slot = -1;
    return n;
}

CelNode *cel__node_call(CelParser *p, uint32_t pos, const char *fn, CelNode *target, int n, ...)
{
    CelNode *c = cel__node(p, NODE_CALL, pos);
    va_list ap;

    c->call.fn = fn;
    c->call.target = target;
    c->call.n_args = (uint16_t)n;
    c->call.args = arena_array(p->a, CelNode *, (size_t)MAX(n, 1));
    va_start(ap, n);
    for (int i = 0; i < n; i++)
        c->call.args[i] = va_arg(ap, CelNode *);
    va_end(ap);
    return c;
}

static CelNode *bad(CelParser *p)
{
    return cel__node(p, NODE_BAD, p->at->pos);
}

/* ANTLR's words: a token too many is extraneous when all is well behind it. */
static CelNode *syntax_error(CelParser *p, const char *expecting)
{
    const Token *t = p->at;
    bool is_extra = t->kind != TOKEN_EOF && t[1].kind == TOKEN_EOF && !expecting;

    if (!p->is_broken)
        cel__issue(p->is, t->pos, "Syntax error: %s input '%.*s' expecting %s",
                   is_extra ? "extraneous" : "mismatched", (int)t->text.len, t->text.ptr,
                   expecting ? expecting : "<EOF>");
    p->is_broken = true;
    return bad(p);
}

static bool too_deep(CelParser *p, uint16_t *depth)
{
    if (++*depth <= CEL_MAX_DEPTH)
        return false;
    if (!p->is_broken)
        cel__issue(p->is, UINT32_MAX, "expression recursion limit exceeded: %d", CEL_MAX_DEPTH);
    p->is_broken = true;
    return true;
}

static uint32_t height_of(CelNode *n);

static uint32_t highest(CelNode *const *list, size_t n)
{
    uint32_t max = 0;

    for (size_t i = 0; i < n; i++)
        max = MAX(max, height_of(list[i]));
    return max;
}

static uint32_t height_of_pairs(const CelNode *n)
{
    uint32_t max = 0;

    for (uint32_t i = 0; i < n->map.n; i++)
        max = MAX(max, MAX(height_of(n->map.pairs[i].key), height_of(n->map.pairs[i].value)));
    return max;
}

/* Recurs into nodes that are not settled only: a few, since each loop of the parser settles. */
static uint32_t height_of(CelNode *n)
{
    uint32_t below = 0;

    if (!n || n->height > 0)
        return n ? n->height : 0;
    switch (n->kind) {
    case NODE_SELECT:
        below = height_of(n->select.operand);
        break;
    case NODE_CALL:
        below = MAX(height_of(n->call.target), highest(n->call.args, n->call.n_args));
        break;
    case NODE_LIST:
        below = highest(n->list.items, n->list.n);
        break;
    case NODE_MAP:
    case NODE_STRUCT:
        below = height_of_pairs(n);
        break;
    case NODE_FOLD:
        below = highest(
            (CelNode *[]){n->fold.range, n->fold.init, n->fold.cond, n->fold.step, n->fold.result},
            5);
        break;
    default:
        break;
    }
    n->height = below + 1;
    return n->height;
}

/* Gives up when the tree has grown too high. */
static CelNode *settle(CelParser *p, CelNode *n)
{
    if (height_of(n) > CEL_MAX_HEIGHT) {
        if (!p->is_broken)
            cel__issue(p->is, UINT32_MAX, "expression recursion limit exceeded: %d",
                       CEL_MAX_HEIGHT);
        p->is_broken = true;
    }
    return n;
}

static bool is_op(const CelParser *p, const char *op)
{
    return p->at->kind == TOKEN_OP && slice_is(p->at->text, op);
}

static bool accept(CelParser *p, const char *op)
{
    if (p->is_broken || !is_op(p, op))
        return false;
    p->at++;
    return true;
}

static bool is_token(const Token *t, const char *op)
{
    return t->kind == TOKEN_OP && slice_is(t->text, op);
}

/* Read `op`, else report what was expected: `set`, or only that one. ANTLR forgives one token too
 * many, and one too few where that alone can be meant. */
static bool expect_of(CelParser *p, const char *op, const char *set)
{
    const Token *t = p->at;
    char expecting[8];

    if (p->is_broken || accept(p, op))
        return !p->is_broken;
    snprintf(expecting, sizeof(expecting), "'%s'", op);
    if (t->kind != TOKEN_EOF && is_token(t + 1, op)) {
        cel__issue(p->is, t->pos, "Syntax error: extraneous input '%.*s' expecting %s",
                   (int)t->text.len, t->text.ptr, set ? set : expecting);
        p->at += 2;
        return true;
    }
    if (!set && *op != ':' &&
        (t->kind == TOKEN_EOF || (t->kind == TOKEN_OP && !strchr("([{!", t->text.ptr[0])))) {
        cel__issue(p->is, t->pos, "Syntax error: missing %s at '%.*s'", expecting, (int)t->text.len,
                   t->text.ptr);
        p->is_broken = true;
    }
    (void)syntax_error(p, set ? set : expecting);
    return false;
}

static bool expect(CelParser *p, const char *op)
{
    return expect_of(p, op, NULL);
}

/* A name; true, false and null are none. */
static bool is_name(const Token *t)
{
    return t->kind == TOKEN_IDENT && !slice_is(t->text, "true") && !slice_is(t->text, "false") &&
           !slice_is(t->text, "null");
}

static const char *token_name(CelParser *p, const Token *t)
{
    return arena_strndup(p->a, t->text.ptr, t->text.len);
}

/* ---- lists of things ---- */

typedef struct Nodes {
    CelNode **items;
    size_t n, cap;
} Nodes;

static void push(CelParser *p, Nodes *list, CelNode *n)
{
    if (list->n == list->cap) {
        size_t cap = list->cap ? list->cap * 2 : 4;
        CelNode **grown = arena_array(p->a, CelNode *, cap);

        if (list->n > 0)
            memcpy(grown, list->items, list->n * sizeof(CelNode *));
        list->items = grown;
        list->cap = cap;
    }
    list->items[list->n++] = n;
}

static CelNode *call_of(CelParser *p, uint32_t pos, const char *fn, CelNode *target, Nodes *args)
{
    CelNode *c = cel__node_call(p, pos, fn, target, 0);

    if (args->n > UINT16_MAX) {
        cel__issue(p->is, pos, "too many arguments");
        return bad(p);
    }
    c->call.args = args->items;
    c->call.n_args = (uint16_t)args->n;
    return c;
}

/* A call, or what the macro of that name makes of it. */
static CelNode *expand(CelParser *p, CelNode *call)
{
    CelNode *m = p->is_broken || call->kind != NODE_CALL ? NULL : cel__macro(p, call);

    return m ? m : call;
}

static bool has_optional_syntax(CelParser *p, uint32_t pos, const char *what)
{
    if (p->libs & CEL_LIB_OPTIONAL)
        return true;
    cel__issue(p->is, pos, "unsupported syntax '%s'", what);
    return false;
}

/* What may come where an operand is expected, in the order of cel-go's grammar. */
#define OPERANDS "'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}"
static const char any_operand[] = "{'[', '{', '(', '.', '-', '!', " OPERANDS;
static const char first_item[] = "{'[', ']', '{', '(', '.', ',', '-', '!', '?', " OPERANDS;
static const char first_pair[] = "{'[', '{', '}', '(', '.', ',', '-', '!', '?', " OPERANDS;
static const char first_arg[] = "{'[', '{', '(', ')', '.', '-', '!', " OPERANDS;

/* Up to `close`, which is read too. */
static void parse_args(CelParser *p, Nodes *args)
{
    if (accept(p, ")"))
        return;
    p->expecting = first_arg;
    do
        push(p, args, parse_expr(p));
    while (accept(p, ","));
    (void)expect(p, ")");
}

static CelNode *parse_list(CelParser *p, uint32_t pos)
{
    CelNode *n = cel__node(p, NODE_LIST, pos);
    Nodes items = {0};
    uint32_t n_optional = 0, cap = 0;
    bool *optional = NULL;

    p->expecting = first_item;
    while (!p->is_broken && !is_op(p, "]")) {
        uint32_t at = p->at->pos;

        if (accept(p, "?") && has_optional_syntax(p, at, "?")) {
            if (items.n >= cap) {
                bool *grown = arena_array(p->a, bool, items.n * 2 + 8);

                if (optional)
                    memcpy(grown, optional, cap);
                cap = (uint32_t)items.n * 2 + 8;
                optional = grown;
            }
            optional[items.n] = true;
            n_optional++;
        }
        push(p, &items, parse_expr(p));
        if (!accept(p, ","))
            break;
    }
    (void)expect_of(p, "]", "{']', ','}");
    n->list.items = items.items;
    n->list.n = (uint32_t)items.n;
    if (n_optional > 0) {
        n->list.is_optional = arena_array(p->a, bool, items.n);
        memcpy(n->list.is_optional, optional, MIN((size_t)cap, items.n));
    }
    return n;
}

/* {k: v} or NAME{f: v}, behind the brace. */
static CelNode *parse_pairs(CelParser *p, uint32_t pos, const char *struct_name)
{
    CelNode *n = cel__node(p, struct_name ? NODE_STRUCT : NODE_MAP, pos);
    uint32_t cap = 0;

    n->map.name = struct_name;
    p->expecting = struct_name ? NULL : first_pair;
    while (!p->is_broken && !is_op(p, "}")) {
        CelPair pair = {0};
        uint32_t at = p->at->pos;

        if (accept(p, "?"))
            pair.is_optional = has_optional_syntax(p, at, "?");
        if (struct_name && is_name(p->at)) {
            pair.field = token_name(p, p->at++);
        } else if (struct_name) {
            return syntax_error(p, "IDENTIFIER");
        } else {
            pair.key = parse_expr(p);
        }
        pair.pos = p->at->pos;
        if (!expect(p, ":"))
            break;
        pair.value = parse_expr(p);
        if (n->map.n == cap) {
            CelPair *grown = arena_array(p->a, CelPair, cap ? cap * 2 : 4);

            if (cap > 0)
                memcpy(grown, n->map.pairs, cap * sizeof(*grown));
            cap = cap ? cap * 2 : 4;
            n->map.pairs = grown;
        }
        n->map.pairs[n->map.n++] = pair;
        if (!accept(p, ","))
            break;
    }
    (void)expect_of(p, "}", "{'}', ','}");
    return n;
}

/* ---- literals ---- */

static CelNode *literal(CelParser *p, uint32_t pos, CelVal v)
{
    CelNode *n = cel__node(p, NODE_LITERAL, pos);

    n->literal = v;
    return n;
}

/* The number in `t`, which a minus at `pos` may stand before. */
static CelNode *parse_number(CelParser *p, const Token *t, bool is_negative, uint32_t pos)
{
    char *text =
        arena_printf(p->a, "%s%.*s", is_negative ? "-" : "", (int)t->text.len, t->text.ptr);
    bool is_hex = strstr(text, "0x") != NULL;

    errno = 0;
    if (t->kind == TOKEN_DOUBLE) {
        double d = strtod(text, NULL);

        if (d - d != 0) {
            cel__issue(p->is, pos, "invalid double literal");
            return bad(p);
        }
        return literal(p, pos, cel__of_double(d));
    }
    if (t->kind == TOKEN_UINT) {
        unsigned long long u = strtoull(text, NULL, is_hex ? 16 : 10);

        if (errno != 0) {
            cel__issue(p->is, pos, "invalid uint literal");
            return bad(p);
        }
        return literal(p, pos, cel__of_uint(u));
    }
    {
        long long i = strtoll(text, NULL, is_hex ? 16 : 10);

        if (errno != 0) {
            cel__issue(p->is, pos, "invalid int literal");
            return bad(p);
        }
        return literal(p, pos, cel__of_int(i));
    }
}

/* ---- names ---- */

static bool is_reserved(const char *name)
{
    static const char *const words[] = {
        "as",  "break", "const",   "continue",  "else",   "for", "function", "if",   "import",
        "let", "loop",  "package", "namespace", "return", "var", "void",     "while"};

    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (str_eq(words[i], name))
            return true;
    return false;
}

/* a.b.C{ from `t` on? Then *ret_end is the brace. */
static bool is_struct_name(const Token *t, const Token **ret_end)
{
    for (;; t += 2) {
        if (t->kind != TOKEN_IDENT)
            return false;
        if (t[1].kind != TOKEN_OP)
            return false;
        if (slice_is(t[1].text, "{")) {
            *ret_end = t + 1;
            return true;
        }
        if (!slice_is(t[1].text, "."))
            return false;
    }
}

static CelNode *parse_struct(CelParser *p, bool has_dot, const Token *brace)
{
    AUTO_BUF name = BUF_INIT;

    if (has_dot)
        buf_addc(&name, '.');
    for (; p->at < brace; p->at++)
        buf_add_slice(&name, p->at->text);
    p->at = brace + 1;
    return parse_pairs(p, brace->pos, arena_strdup(p->a, buf_str(&name)));
}

static CelNode *parse_name(CelParser *p, bool has_dot)
{
    const Token *t = p->at, *brace;
    const char *name;

    if (!is_name(t))
        return syntax_error(p, "IDENTIFIER");
    if (is_struct_name(t, &brace))
        return parse_struct(p, has_dot, brace);
    name = token_name(p, t);
    p->at++;
    if (is_reserved(name)) {
        cel__issue(p->is, t->pos, "reserved identifier: %s", name);
        if (accept(p, "(")) {
            Nodes args = {0};

            parse_args(p, &args);
        }
        return bad(p);
    }
    if (has_dot)
        name = arena_printf(p->a, ".%s", name);
    if (is_op(p, "(")) {
        uint32_t pos = p->at->pos;
        Nodes args = {0};

        p->at++;
        parse_args(p, &args);
        return expand(p, call_of(p, pos, name, NULL, &args));
    }
    return cel__node_ident(p, t->pos, name);
}

static CelNode *parse_word(CelParser *p)
{
    const Token *t = p->at;

    if (slice_is(t->text, "true") || slice_is(t->text, "false")) {
        p->at++;
        return literal(p, t->pos, cel__of_bool(slice_is(t->text, "true")));
    }
    if (slice_is(t->text, "null")) {
        p->at++;
        return literal(p, t->pos, (CelVal){.kind = CEL_NULL});
    }
    return parse_name(p, false);
}

static bool begins_operand(const Token *t)
{
    if (t->kind == TOKEN_OP)
        return strchr("[{(.-!", t->text.ptr[0]) && !slice_is(t->text, "!=");
    return t->kind != TOKEN_EOF && t->kind != TOKEN_QUOTED_IDENT;
}

/* One token too many where an operand should be is reported and skipped. */
static CelNode *no_operand(CelParser *p, const char *expecting)
{
    const Token *t = p->at;

    if (t->kind == TOKEN_EOF || !begins_operand(t + 1))
        return syntax_error(p, expecting);
    cel__issue(p->is, t->pos, "Syntax error: extraneous input '%.*s' expecting %s",
               (int)t->text.len, t->text.ptr, expecting);
    p->at++;
    return parse_expr(p);
}

static CelNode *parse_primary(CelParser *p)
{
    const Token *t = p->at;
    const char *expecting = p->expecting ? p->expecting : any_operand;
    CelNode *n;

    p->expecting = NULL;

    switch (t->kind) {
    case TOKEN_INT:
    case TOKEN_UINT:
    case TOKEN_DOUBLE:
        p->at++;
        return parse_number(p, t, false, t->pos);
    case TOKEN_STRING:
        p->at++;
        return literal(p, t->pos, cel__of_str(t->value));
    case TOKEN_BYTES:
        p->at++;
        return literal(p, t->pos, cel__of_bytes(t->value));
    case TOKEN_IDENT:
        return parse_word(p);
    default:
        break;
    }
    if (accept(p, "(")) {
        n = parse_expr(p);
        (void)expect(p, ")");
        return n;
    }
    if (accept(p, "["))
        return parse_list(p, t->pos);
    if (accept(p, "{"))
        return parse_pairs(p, t->pos, NULL);
    if (accept(p, "."))
        return parse_name(p, true);
    return no_operand(p, expecting);
}

/* ---- operators, tightest first ---- */

/* .f, .?f, .f(...) behind the dot at `pos`. */
static CelNode *parse_member(CelParser *p, CelNode *operand, uint32_t pos)
{
    bool is_optional = false;
    const Token *t = p->at;
    const char *name;
    CelNode *n;

    if (accept(p, "?")) {
        is_optional = has_optional_syntax(p, pos, ".?");
        t = p->at;
    }
    if (t->kind == TOKEN_QUOTED_IDENT) {
        cel__issue(p->is, t->pos, "unsupported syntax: '`'");
        p->at++;
        return bad(p);
    }
    if (!is_name(t))
        return syntax_error(p, "IDENTIFIER");
    name = token_name(p, t);
    p->at++;
    if (is_optional) {
        n = literal(p, t->pos, cel__of_str(slice_of(name)));
        return cel__node_call(p, pos, "_?._", NULL, 2, operand, n);
    }
    if (is_op(p, "(")) {
        uint32_t open = p->at->pos;
        Nodes args = {0};

        p->at++;
        parse_args(p, &args);
        return expand(p, call_of(p, open, name, operand, &args));
    }
    n = cel__node(p, NODE_SELECT, pos);
    n->select.operand = operand;
    n->select.field = name;
    return n;
}

/* What may follow a value: .f, .f(), [i]. */
static CelNode *parse_postfix(CelParser *p, CelNode *n)
{
    uint16_t depth = p->member_depth;

    while (!p->is_broken) {
        uint32_t pos = p->at->pos;

        if (is_op(p, ".") || is_op(p, "["))
            if (too_deep(p, &p->member_depth))
                break;
        if (accept(p, ".")) {
            n = parse_member(p, n, pos);
        } else if (accept(p, "[")) {
            const char *fn = "_[_]";
            CelNode *index;

            if (accept(p, "?") && has_optional_syntax(p, pos, "[?"))
                fn = "_[?_]";
            index = parse_expr(p);
            (void)expect(p, "]");
            n = cel__node_call(p, pos, fn, NULL, 2, n, index);
        } else {
            break;
        }
        n = settle(p, n);
    }
    p->member_depth = depth;
    return n;
}

static CelNode *parse_members(CelParser *p)
{
    return parse_postfix(p, parse_primary(p));
}

static CelNode *parse_unary(CelParser *p)
{
    const Token *first = p->at;
    const char *op = is_op(p, "!") ? "!" : is_op(p, "-") ? "-" : NULL;
    bool is_odd = false;
    CelNode *n;

    if (!op)
        return parse_members(p);
    p->expecting = NULL;
    for (; accept(p, op); is_odd = !is_odd)
        ;
    if (*op == '-' && is_odd && p->at == first + 1 && p->at->kind >= TOKEN_INT &&
        p->at->kind <= TOKEN_DOUBLE && p->at->kind != TOKEN_UINT) {
        const Token *t = p->at++;

        /* The minus belongs to the literal, so that the least integer can be written. */
        return parse_postfix(p, parse_number(p, t, true, first->pos));
    }
    n = parse_members(p);
    return is_odd ? cel__node_call(p, first->pos, *op == '!' ? "!_" : "-_", NULL, 1, n) : n;
}

typedef struct Operator {
    const char *sign, *fn;
} Operator;

static const Operator *find_operator(CelParser *p, const Operator *ops, size_t n)
{
    for (size_t i = 0; i < n && !p->is_broken; i++)
        if (is_op(p, ops[i].sign))
            return &ops[i];
    return NULL;
}

/* Operators of one level, which group to the left. */
static CelNode *parse_row(CelParser *p, const Operator *ops, size_t n_ops, uint16_t *depth,
                          CelNode *(*operand)(CelParser *))
{
    uint16_t before = *depth;
    CelNode *left = operand(p);
    const Operator *op;

    while ((op = find_operator(p, ops, n_ops)) != NULL) {
        uint32_t pos = p->at->pos;
        CelNode *right;

        if (too_deep(p, depth))
            break;
        p->at++;
        right = operand(p);
        left = settle(p, cel__node_call(p, pos, op->fn, NULL, 2, left, right));
    }
    *depth = before;
    return left;
}

static CelNode *parse_product(CelParser *p)
{
    static const Operator ops[] = {{"*", "_*_"}, {"/", "_/_"}, {"%", "_%_"}};

    return parse_row(p, ops, ARRAY_LEN(ops), &p->calc_depth, parse_unary);
}

static CelNode *parse_sum(CelParser *p)
{
    static const Operator ops[] = {{"+", "_+_"}, {"-", "_-_"}};

    return parse_row(p, ops, ARRAY_LEN(ops), &p->calc_depth, parse_product);
}

static CelNode *parse_relation(CelParser *p)
{
    static const Operator ops[] = {{"<", "_<_"},   {"<=", "_<=_"}, {">=", "_>=_"}, {">", "_>_"},
                                   {"==", "_==_"}, {"!=", "_!=_"}, {"in", "@in"}};

    return parse_row(p, ops, ARRAY_LEN(ops), &p->relation_depth, parse_sum);
}

/* A tree as flat as can be, as cel-go builds it. */
static CelNode *balance(CelParser *p, const char *fn, CelNode **terms, const uint32_t *ops,
                        size_t lo, size_t hi)
{
    size_t mid = (lo + hi + 1) / 2;
    CelNode *left = mid == lo ? terms[mid] : balance(p, fn, terms, ops, lo, mid - 1);
    CelNode *right = mid == hi ? terms[mid + 1] : balance(p, fn, terms, ops, mid + 1, hi);

    return cel__node_call(p, ops[mid], fn, NULL, 2, left, right);
}

static CelNode *parse_logic(CelParser *p, const char *sign, const char *fn,
                            CelNode *(*operand)(CelParser *))
{
    CelNode *first = operand(p);
    uint32_t *ops = NULL;
    size_t cap = 0;
    Nodes terms = {0};

    if (p->is_broken || !is_op(p, sign))
        return first;
    push(p, &terms, first);
    while (!p->is_broken && is_op(p, sign)) {
        if (terms.n > cap) {
            uint32_t *grown = arena_array(p->a, uint32_t, terms.cap * 2);

            if (cap > 0)
                memcpy(grown, ops, cap * sizeof(*ops));
            ops = grown;
            cap = terms.cap * 2;
        }
        ops[terms.n - 1] = p->at->pos;
        p->at++;
        push(p, &terms, operand(p));
    }
    return p->is_broken ? bad(p) : balance(p, fn, terms.items, ops, 0, terms.n - 2);
}

static CelNode *parse_and(CelParser *p)
{
    return parse_logic(p, "&&", "_&&_", parse_relation);
}

static CelNode *parse_or(CelParser *p)
{
    return parse_logic(p, "||", "_||_", parse_and);
}

static CelNode *parse_expr(CelParser *p)
{
    uint16_t depth = p->depth;
    CelNode *n, *yes, *no;

    if (p->is_broken || too_deep(p, &p->depth))
        return bad(p);
    n = parse_or(p);
    if (!p->is_broken && is_op(p, "?")) {
        uint32_t pos = p->at->pos;

        p->at++;
        yes = parse_or(p);
        (void)expect(p, ":");
        no = p->is_broken ? bad(p) : parse_expr(p);
        n = cel__node_call(p, pos, "_?_:_", NULL, 3, n, yes, no);
    }
    p->depth = depth;
    return settle(p, n);
}

CelNode *cel__parse(CelIssues *is, unsigned libs)
{
    CelParser p = {.a = is->a, .libs = libs, .is = is};
    size_t n = cel__code_points(is->text);
    CelNode *root;

    if (n > CEL_MAX_CODE_POINTS) {
        cel__issue(is, UINT32_MAX, "expression code point size exceeds limit: size: %zu, limit %d",
                   n, CEL_MAX_CODE_POINTS);
        return NULL;
    }
    p.at = cel__lex(is);
    root = parse_expr(&p);
    if (!p.is_broken && p.at->kind != TOKEN_EOF)
        root = syntax_error(&p, NULL);
    return is->n > 0 ? NULL : root;
}
