/*
 * regex_int.h - between the parts of base/regex*.c: the tree that the parser makes, classes of
 * runes, the tables of Unicode.
 */
#ifndef BASE_REGEX_INT_H
#define BASE_REGEX_INT_H

#include "base/arena.h"
#include "base/regex.h"
#include "base/slice.h"

typedef struct RuneRange {
    uint32_t lo, hi; /* both included */
} RuneRange;

/* ---- base/gen/unicode.c ---- */
typedef struct UnicodeTable {
    const char *name; /* lower case, without '_' */
    uint32_t at, n;   /* in unicode_ranges */
} UnicodeTable;
extern const RuneRange unicode_ranges[];
extern const UnicodeTable unicode_tables[];
extern const uint32_t unicode_n_tables;
extern const RuneRange unicode_orbits[];
extern const uint32_t unicode_n_orbits;

enum { RUNE_MAX = 0x10ffff, RUNE_ERROR = 0xfffd };

/* Decode one rune as Go does: a byte that is not UTF-8 is RUNE_ERROR of length 1. n > 0. */
uint32_t regex__rune(const char *s, size_t n, uint32_t *ret_len);

/* ---- regex_class.c ---- */
typedef struct RuneClass { /* sorted, disjoint once finished */
    RuneRange *ranges;
    uint32_t n;
    uint64_t ascii[2]; /* bits of the runes below 128 */
    uint32_t number;   /* the compiler's: from 1 */
} RuneClass;

typedef struct ClassBuilder {
    RuneRange *ranges;
    uint32_t n, cap;
} ClassBuilder;

void class__done(ClassBuilder *b);
void class__add(ClassBuilder *b, uint32_t lo, uint32_t hi, bool fold);
void class__add_ranges(ClassBuilder *b, const RuneRange *r, uint32_t n, bool fold, bool negate);
void class__clean(ClassBuilder *b, bool negate);
/* \d \s \w and their complements; NULL: `c` is none of them. */
bool class__perl(char c, const RuneRange **ret, uint32_t *ret_n, bool *ret_negate);
/* "[:alpha:]", "[:^alpha:]" */
bool class__posix(Slice name, const RuneRange **ret, uint32_t *ret_n, bool *ret_negate);
bool class__unicode(Slice name, const RuneRange **ret, uint32_t *ret_n);
/* The next rune that differs from `r` only by case; `r` itself when there is none. */
uint32_t class__fold(uint32_t r);
RuneClass *class__finish(ClassBuilder *b, Arena *a);
bool class__has(const RuneClass *c, uint32_t r);

/* ---- regex_parse.c ---- */
typedef enum NodeOp {
    NODE_EMPTY,
    NODE_RUNE,
    NODE_ANY,
    NODE_ANY_NOT_NL,
    NODE_CLASS,
    NODE_ASSERT, /* rune: one of AssertFlags */
    NODE_CONCAT,
    NODE_ALTERNATE,
    NODE_REPEAT,
} NodeOp;

typedef enum AssertFlags {
    ASSERT_BEGIN_TEXT = 1,
    ASSERT_END_TEXT = 2,
    ASSERT_BEGIN_LINE = 4,
    ASSERT_END_LINE = 8,
    ASSERT_WORD = 16,
    ASSERT_NO_WORD = 32,
} AssertFlags;

typedef struct Node Node;
struct Node {
    NodeOp op;
    uint32_t rune;
    RuneClass *class_;
    Node **subs;
    uint32_t n_subs;
    int32_t min, max; /* max -1: no limit */
    bool is_lazy;
    bool is_nullable;  /* matches the empty text */
    uint32_t height;   /* 1 for a leaf */
    uint32_t repeated; /* largest product of counts on a way down */
};

int regex__parse(Arena *a, Slice pattern, Node **ret, Err *err) MUST_CHECK;
int regex__fail(Err *err, const char *what, Slice where);

#endif
