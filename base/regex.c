/*
 * regex.c - programs of regular expressions and the machine that runs them.
 *
 * DESIGN. The tree becomes a program after Thompson: an instruction reads one rune, or is empty and
 * leads to one or two others. The machine (Pike's) holds the set of instructions that wait for the
 * next rune, in order of preference, and moves all of them over each rune of the text at once.
 * An instruction is in the set at most once, so that
 *  1. time is bounded by runes of the text times instructions, memory by the instructions;
 *  2. of the threads that reach an instruction the first one, the preferred, survives: when a
 *     thread matches, those behind it are dropped. That is leftmost-first, as in Perl and Go.
 * Following empty instructions uses a stack of its own: no recursion depends on text or pattern
 * (the compiler's does, on the tree, whose height the parser limits).
 */
#include "base/regex.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/regex_int.h"

typedef enum InstOp {
    INST_MATCH,
    INST_RUNE,
    INST_ANY,
    INST_ANY_NOT_NL,
    INST_CLASS,
    INST_ASSERT,
    INST_SPLIT, /* out is preferred to arg */
} InstOp;

typedef struct Inst {
    uint8_t op;
    uint32_t out;
    uint32_t arg; /* rune, AssertFlags, number of the class, or the other way of a split */
} Inst;

struct Regex {
    Inst *prog;
    uint32_t n, cap;
    RuneClass *classes; /* their ranges lie behind them */
    uint32_t n_classes, n_ranges;
    uint32_t start;
    bool is_anchored; /* every match starts at the start of the text */
};

#define NOWHERE UINT32_MAX
enum { PATTERN_MAX = 100000, VISITS_MAX = 10 * REGEX_MAX_INSTRUCTIONS };

/* ---- compiling: each function adds instructions that end in `next`, and returns their entry ----
 */

typedef struct Compiler {
    Regex *re;
    const RuneClass **classes; /* of the tree, by number */
    uint32_t n_classes, cap_classes;
    uint32_t n_visits; /* nodes of which nothing comes cost time, too */
    bool is_full;
} Compiler;

static uint32_t emit(Compiler *c, InstOp op, uint32_t out, uint32_t arg)
{
    Regex *re = c->re;

    if (re->n >= REGEX_MAX_INSTRUCTIONS) {
        c->is_full = true;
        return 0;
    }
    GROW(re->prog, re->cap, re->n + 1);
    re->prog[re->n] = (Inst){(uint8_t)op, out, arg};
    return re->n++;
}

static uint32_t class_number(Compiler *c, RuneClass *class_)
{
    if (class_->number == 0) {
        GROW(c->classes, c->cap_classes, c->n_classes + 1);
        c->classes[c->n_classes++] = class_;
        class_->number = c->n_classes;
    }
    return class_->number - 1;
}

static uint32_t compile(Compiler *c, const Node *node, uint32_t next);

static uint32_t split(Compiler *c, bool is_lazy, uint32_t into, uint32_t past)
{
    return is_lazy ? emit(c, INST_SPLIT, past, into) : emit(c, INST_SPLIT, into, past);
}

/* x+ */
static uint32_t compile_plus(Compiler *c, const Node *node, uint32_t next)
{
    uint32_t loop = emit(c, INST_SPLIT, 0, 0), entry;

    entry = compile(c, node->subs[0], loop);
    if (!c->is_full) {
        c->re->prog[loop].out = node->is_lazy ? next : entry;
        c->re->prog[loop].arg = node->is_lazy ? entry : next;
    }
    return entry;
}

/* x*; as (x+)? when x may be empty, so that the first empty pass ends it (as Go compiles it). */
static uint32_t compile_star(Compiler *c, const Node *node, uint32_t next)
{
    uint32_t loop, entry;

    if (node->subs[0]->is_nullable)
        return split(c, node->is_lazy, compile_plus(c, node, next), next);
    loop = emit(c, INST_SPLIT, 0, 0);
    entry = compile(c, node->subs[0], loop);
    if (!c->is_full) {
        c->re->prog[loop].out = node->is_lazy ? next : entry;
        c->re->prog[loop].arg = node->is_lazy ? entry : next;
    }
    return loop;
}

static uint32_t compile_repeat(Compiler *c, const Node *node, uint32_t next)
{
    int32_t copies = node->min;
    uint32_t end = next;

    if (node->max < 0) {
        if (node->min == 0)
            return compile_star(c, node, next);
        next = compile_plus(c, node, next);
        copies--;
    }
    for (int32_t i = node->min; i < node->max && !c->is_full; i++)
        next = split(c, node->is_lazy, compile(c, node->subs[0], next), end);
    for (int32_t i = 0; i < copies && !c->is_full; i++)
        next = compile(c, node->subs[0], next);
    return next;
}

static uint32_t compile(Compiler *c, const Node *node, uint32_t next)
{
    uint32_t entry;

    if (c->is_full || c->n_visits++ > VISITS_MAX) {
        c->is_full = true;
        return 0;
    }
    switch (node->op) {
    case NODE_EMPTY:
        return next;
    case NODE_RUNE:
        return emit(c, INST_RUNE, next, node->rune);
    case NODE_ANY:
        return emit(c, INST_ANY, next, 0);
    case NODE_ANY_NOT_NL:
        return emit(c, INST_ANY_NOT_NL, next, 0);
    case NODE_CLASS:
        return emit(c, INST_CLASS, next, class_number(c, node->class_));
    case NODE_ASSERT:
        return emit(c, INST_ASSERT, next, node->rune);
    case NODE_CONCAT:
        for (uint32_t i = node->n_subs; i-- > 0;)
            next = compile(c, node->subs[i], next);
        return next;
    case NODE_ALTERNATE:
        entry = compile(c, node->subs[node->n_subs - 1], next);
        for (uint32_t i = node->n_subs - 1; i-- > 0;)
            entry = emit(c, INST_SPLIT, compile(c, node->subs[i], next), entry);
        return entry;
    case NODE_REPEAT:
        return compile_repeat(c, node, next);
    }
    return next;
}

/* The tree is about to go: take the classes that the program uses. */
static void keep_classes(Compiler *c)
{
    Regex *re = c->re;
    RuneRange *ranges;

    for (uint32_t i = 0; i < c->n_classes; i++)
        re->n_ranges += c->classes[i]->n;
    re->n_classes = c->n_classes;
    re->classes = xmalloc(re->n_classes * sizeof(RuneClass) + re->n_ranges * sizeof(RuneRange) + 1);
    ranges = (RuneRange *)(re->classes + re->n_classes);
    for (uint32_t i = 0; i < re->n_classes; i++) {
        RuneClass *own = &re->classes[i];

        *own = *c->classes[i];
        if (own->n > 0)
            memcpy(ranges, own->ranges, own->n * sizeof(*ranges));
        own->ranges = ranges;
        ranges += own->n;
    }
    re->prog = xrealloc(re->prog, re->n * sizeof(*re->prog));
}

int regex_compile(const char *pattern, size_t len, Regex **ret, Err *err)
{
    CLEANUP(regex_free) Regex *re = xcalloc(1, sizeof(*re));
    CLEANUP(arena_free) Arena *tree = arena_new();
    Compiler c = {.re = re};
    const Inst *first;
    Node *node;
    int r;

    if (len > PATTERN_MAX)
        return regex__fail(err, "expression too large", (Slice){pattern, len});
    r = regex__parse(tree, (Slice){pattern, len}, &node, err);
    if (r < 0)
        return r;
    re->start = compile(&c, node, emit(&c, INST_MATCH, 0, 0));
    if (!c.is_full)
        keep_classes(&c);
    free(c.classes);
    if (c.is_full)
        return regex__fail(err, "expression too large", (Slice){pattern, len});
    first = &re->prog[re->start];
    re->is_anchored = first->op == INST_ASSERT && first->arg == ASSERT_BEGIN_TEXT;
    *ret = TAKE(re);
    return 0;
}

void regex_free(Regex *re)
{
    if (!re)
        return;
    free(re->classes);
    free(re->prog);
    free(re);
}

size_t regex_size(const Regex *re)
{
    return re->n;
}

size_t regex_bytes(const Regex *re)
{
    return sizeof(*re) + re->n * sizeof(*re->prog) + re->n_classes * sizeof(*re->classes) +
           re->n_ranges * sizeof(RuneRange);
}

/* ---- running ---- */

typedef struct Thread {
    uint32_t pc;
    size_t start; /* where its match began */
} Thread;

typedef struct Threads { /* a sparse set in order of preference */
    Thread *dense;
    uint32_t *sparse; /* by instruction: where it may be in `dense` */
    uint32_t n;
} Threads;

typedef struct Machine {
    const Regex *re;
    Threads lists[2];
    uint32_t *stack;
    void *heap;
    uint64_t room[512]; /* for short programs */
} Machine;

static bool machine_is_large(size_t n, size_t *ret_bytes)
{
    *ret_bytes = n * (2 * sizeof(Thread) + 4 * sizeof(uint32_t));
    return *ret_bytes > sizeof(((Machine *)NULL)->room);
}

static void machine_init(Machine *m, const Regex *re)
{
    size_t n = re->n, bytes;
    char *p;

    m->re = re;
    m->heap = machine_is_large(n, &bytes) ? xmalloc(bytes) : NULL;
    p = m->heap ? m->heap : (char *)m->room;
    memset(p, 0, bytes);
    for (int i = 0; i < 2; i++) {
        m->lists[i].dense = (Thread *)p + (size_t)i * n;
        m->lists[i].sparse = (uint32_t *)((Thread *)p + 2 * n) + (size_t)i * n;
        m->lists[i].n = 0;
    }
    m->stack = (uint32_t *)((Thread *)p + 2 * n) + 2 * n;
}

static bool is_word(uint32_t r)
{
    return (r >= '0' && r <= '9') || (r >= 'A' && r <= 'Z') || (r >= 'a' && r <= 'z') || r == '_';
}

/* Which assertions hold between two runes; NOWHERE stands for an end of the text. */
static uint32_t holds(uint32_t before, uint32_t after)
{
    uint32_t flags = 0;

    if (before == NOWHERE)
        flags |= ASSERT_BEGIN_TEXT | ASSERT_BEGIN_LINE;
    else if (before == '\n')
        flags |= ASSERT_BEGIN_LINE;
    if (after == NOWHERE)
        flags |= ASSERT_END_TEXT | ASSERT_END_LINE;
    else if (after == '\n')
        flags |= ASSERT_END_LINE;
    return flags | (is_word(before) != is_word(after) ? ASSERT_WORD : ASSERT_NO_WORD);
}

/* Add an instruction and all that empty ones lead to from it. */
static void follow(Machine *m, Threads *list, uint32_t pc, size_t start, uint32_t flags)
{
    uint32_t depth = 0;

    m->stack[depth++] = pc;
    while (depth > 0) {
        const Inst *inst;
        uint32_t at;

        pc = m->stack[--depth];
        at = list->sparse[pc];
        if (at < list->n && list->dense[at].pc == pc)
            continue;
        list->sparse[pc] = list->n;
        list->dense[list->n++] = (Thread){pc, start};
        inst = &m->re->prog[pc];
        if (inst->op == INST_ASSERT && flags & inst->arg)
            m->stack[depth++] = inst->out;
        else if (inst->op == INST_SPLIT) {
            m->stack[depth++] = inst->arg;
            m->stack[depth++] = inst->out;
        }
    }
}

static bool takes(const Regex *re, const Inst *inst, uint32_t rune)
{
    switch (inst->op) {
    case INST_RUNE:
        return inst->arg == rune;
    case INST_ANY:
        return true;
    case INST_ANY_NOT_NL:
        return rune != '\n';
    case INST_CLASS:
        return class__has(&re->classes[inst->arg], rune);
    default:
        return false;
    }
}

/* The rune that ends right before `at`. */
static uint32_t rune_before(const char *s, size_t at)
{
    uint32_t len, r;

    for (size_t back = MIN((size_t)4, at); back > 1; back--) {
        r = regex__rune(s + at - back, back, &len);
        if (len == back)
            return r;
    }
    return at > 0 ? regex__rune(s + at - 1, 1, &len) : NOWHERE;
}

typedef struct Text {
    const char *s;
    size_t n, from;
    bool only_whether; /* the first match found will do */
} Text;

static bool run(Machine *m, const Text *t, size_t *ret_start, size_t *ret_end)
{
    const Regex *re = m->re;
    Threads *now = &m->lists[0], *then = &m->lists[1];
    uint32_t before = rune_before(t->s, t->from), len = 0;
    bool found = false;

    for (size_t at = t->from;; at += len) {
        uint32_t rune = at < t->n ? regex__rune(t->s + at, t->n - at, &len) : NOWHERE;
        uint32_t next_len, after, flags;
        Threads *swap;

        if (now->n == 0 && (found || (re->is_anchored && at > 0)))
            return found;
        if (!found)
            follow(m, now, re->start, at, holds(before, rune));
        after = rune == NOWHERE || at + len >= t->n
                    ? NOWHERE
                    : regex__rune(t->s + at + len, t->n - at - len, &next_len);
        flags = holds(rune, after);
        then->n = 0;
        for (uint32_t i = 0; i < now->n; i++) {
            const Thread *thread = &now->dense[i];
            const Inst *inst = &re->prog[thread->pc];

            if (inst->op == INST_MATCH) {
                found = true;
                *ret_start = thread->start;
                *ret_end = at;
                if (t->only_whether)
                    return true;
                break;
            }
            if (rune != NOWHERE && takes(re, inst, rune))
                follow(m, then, inst->out, thread->start, flags);
        }
        if (rune == NOWHERE)
            return found;
        swap = now, now = then, then = swap;
        before = rune;
    }
}

static bool run_text(const Regex *re, const Text *t, size_t *ret_start, size_t *ret_end)
{
    Machine m;
    bool found;

    machine_init(&m, re);
    found = run(&m, t, ret_start, ret_end);
    free(m.heap);
    return found;
}

bool regex_matches(const Regex *re, const char *s, size_t n)
{
    size_t start, end;

    return run_text(re, &(Text){s, n, 0, true}, &start, &end);
}

bool regex_find(const Regex *re, const char *s, size_t n, size_t from, size_t *ret_start,
                size_t *ret_end)
{
    return from <= n && run_text(re, &(Text){s, n, from, false}, ret_start, ret_end);
}
