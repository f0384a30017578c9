/*
 * cel_int.h - what the files of this folder share: the tree, the functions of an environment, the
 * evaluator's helpers.
 *
 *     lex.c -> parse.c (macro.c) -> check.c -> estimate.c
 *                                     |
 *                                     v
 *     env.c, lib_*.c (tables of CelFn) ---> eval.c, val.c
 *
 * A program is the checked tree itself. Each call knows the overloads that fit its static types;
 * the evaluator takes the first one whose parameters fit the values.
 */
#ifndef CEL_CEL_INT_H
#define CEL_CEL_INT_H

#include "cel/cel.h"

#include <stdarg.h>

enum {
    CEL_MAX_CODE_POINTS = 100000,
    CEL_MAX_DEPTH = 250,
    CEL_MAX_HEIGHT = 2000,  /* of the tree, which all passes walk by recursion */
    CEL_MAX_NODES = 300000, /* macros copy; what they may make of a text */
    CEL_MAX_ERRORS = 100,
    CEL_MAX_PARAMS = 4,
    CEL_AUTHZ_COST = 350000,       /* two checks an expression */
    CEL_MAX_TYPE_NODES = 500,      /* {x: x} within {x: x} doubles a type */
    CEL_MAX_STEPS = 20000000,      /* CelRun.steps: [x, x] within [x, x] doubles a value */
    CEL_MAX_JSON_BYTES = 32 << 20, /* of a value turned into JSON */
};

typedef struct CelNode CelNode;
typedef struct CelFn CelFn;
typedef struct CelRun CelRun;

/* ---- the tree ---- */

typedef enum NodeKind {
    NODE_LITERAL,
    NODE_IDENT,
    NODE_SELECT,
    NODE_CALL,
    NODE_LIST,
    NODE_MAP,
    NODE_STRUCT,
    NODE_FOLD,
    NODE_BAD, /* a mistake was reported for it */
} NodeKind;

typedef struct CelPair {
    CelNode *key; /* NULL in structs */
    CelNode *value;
    const char *field; /* structs */
    uint32_t pos;
    bool is_optional;
} CelPair;

/* What the estimator knows of a node; see estimate.c. */
typedef struct CelSize {
    uint64_t min, max;
} CelSize;

struct CelNode {
    NodeKind kind;
    uint32_t pos;        /* code point it is reported at */
    uint32_t height;     /* of the tree below it; 0: not known yet */
    const CelType *type; /* by check.c */
    union {
        CelVal literal;
        struct {
            const char *name;
            int32_t slot;        /* where its value is when it runs; -1: `value` */
            const CelVal *value; /* a type's name */
        } ident;
        struct {
            CelNode *operand;
            const char *field;
            const CelType *of; /* by check.c: the object type, and the field in it */
            const CelField *found;
            bool is_test; /* has(operand.field) */
        } select;
        struct {
            const char *fn;
            CelNode *target; /* NULL: a plain function */
            CelNode **args;
            const CelFn *
                *overloads; /* by check.c: those that may fit; operand order target, args */
            uint16_t n_args, n_overloads;
            CelVal (*special)(CelRun *run, const CelNode *n); /* decides which operands run */
            struct Regex *constant;                           /* pattern that is a literal */
        } call;
        struct {
            CelNode **items;
            bool *is_optional; /* [?a]; NULL: none is */
            uint32_t n;
            const CelVal *constant; /* all items are literals */
        } list;
        struct {
            CelPair *pairs;
            uint32_t n;
            const char *name; /* structs */
        } map;
        struct {
            CelNode *range, *init, *cond, *step, *result;
            const char *iter, *iter2, *accu; /* iter2: NULL in those with one variable */
            int32_t slot;                    /* of iter; iter2 and accu follow */
        } fold;
    };
};

/* ---- mistakes of a text ---- */

typedef struct CelIssue {
    uint32_t pos; /* UINT32_MAX: none */
    size_t order; /* in which it was found */
    const char *text;
} CelIssue;

typedef struct CelIssues {
    Arena *a;
    Slice text;
    CelIssue *items;
    size_t n, cap;
} CelIssues;

void cel__issue(CelIssues *is, uint32_t pos, const char *fmt, ...) PRINTF(3, 4);
const char *cel__issues_text(CelIssues *is); /* NULL when there are none */

/* ---- text to tree ---- */

typedef enum TokenKind {
    TOKEN_EOF,
    TOKEN_OP, /* text says which */
    TOKEN_IDENT,
    TOKEN_QUOTED_IDENT,
    TOKEN_INT,
    TOKEN_UINT,
    TOKEN_DOUBLE,
    TOKEN_STRING,
    TOKEN_BYTES,
} TokenKind;

typedef struct Token {
    TokenKind kind;
    uint32_t pos; /* code points */
    Slice text;
    Slice value; /* strings and bytes, without quotes and escapes */
} Token;

/* The last token is TOKEN_EOF. What is no token is reported and left out. */
Token *cel__lex(CelIssues *is);

typedef struct CelParser {
    Arena *a;
    unsigned libs;
    CelIssues *is;
    const Token *at;
    uint32_t n_nodes;
    bool is_broken;        /* stopped at a syntax error */
    const char *expecting; /* where the next operand may be missing: what its mistake says */
    uint16_t depth, calc_depth, relation_depth, member_depth;
} CelParser;

CelNode *cel__parse(CelIssues *is, unsigned libs); /* NULL after a mistake */
CelNode *cel__node(CelParser *p, NodeKind kind, uint32_t pos);
CelNode *cel__node_ident(CelParser *p, uint32_t pos, const char *name);
CelNode *cel__node_call(CelParser *p, uint32_t pos, const char *fn, CelNode *target, int n, ...);
/* The tree that a macro stands for; NULL when the call is no macro. */
CelNode *cel__macro(CelParser *p, CelNode *call);

/* ---- functions ---- */

typedef CelVal (*CelImpl)(CelRun *run, const CelVal *args, int n);

/* One overload. `params` is the signature as text: "list(A),A" with A and B as parameters; a result
 * the same way. */
struct CelFn {
    const char *name;
    const char *id; /* cel-go's name of the overload: costs go by it */
    const char *params, *result;
    CelImpl impl;
    bool is_member;
    /* filled by the environment */
    uint8_t n_params;
    uint8_t cost; /* which rule of cost.c */
    unsigned lib;
    const CelType *types[CEL_MAX_PARAMS];
    const CelType *result_type;
    CelFn *next; /* of the same name */
};

/* Rows of the tables. */
#define FN(name_, id_, params_, result_, impl_)                                                    \
    {                                                                                              \
        .name = (name_), .id = (id_), .params = (params_), .result = (result_), .impl = (impl_)    \
    }
#define METHOD(name_, id_, params_, result_, impl_)                                                \
    {                                                                                              \
        .name = (name_), .id = (id_), .params = (params_), .result = (result_), .impl = (impl_),   \
        .is_member = true                                                                          \
    }

typedef struct CelVar {
    const char *name;
    const CelType *type;
} CelVar;

struct CelEnv {
    Arena *a;
    unsigned libs;
    CelFormatFn formats;
    CelVar *vars;
    uint32_t n_vars, cap_vars;
    uint32_t *index; /* of vars by name: open addressing, entry + 1 */
    uint32_t n_index;
};
/* The place of a variable, the first of its name; false when there is none. */
bool cel__env_var(const CelEnv *env, const char *name, uint32_t *ret);

/* Chain of overloads, or NULL; those that follow may belong to libraries that the environment does
 * not have. */
const CelFn *cel__env_fn(const CelEnv *env, const char *name);
const CelVal *cel__env_type(const CelEnv *env, const char *name); /* a type as value, or NULL */
const CelType *cel__library_type(const char *name); /* a type of a signature: kubernetes.URL */

typedef struct CelLibTable {
    unsigned lib;
    CelFn *fns;
    size_t n;
} CelLibTable;

extern const CelLibTable cel__lib_operators, cel__lib_convert, cel__lib_time, cel__lib_strings,
    cel__lib_format, cel__lib_sets, cel__lib_optional, cel__lib_lists, cel__lib_regex, cel__lib_url,
    cel__lib_net, cel__lib_quantity, cel__lib_named_formats, cel__lib_semver, cel__lib_two_var,
    cel__lib_authz, cel__lib_image, cel__lib_patch;

/* ---- tree to program ---- */

struct CelProgram {
    const CelEnv *env;
    CelNode *root;
    uint32_t n_vars;  /* that were declared when it was compiled; others may have come since */
    uint32_t n_slots; /* variables first, then those of comprehensions */
    uint32_t *uses;   /* variables that are mentioned, some several times */
    uint32_t n_uses, cap_uses;
};

extern const CelType cel__json_patch;
bool cel__is_object_name(const char *name); /* Object, Object.spec, ... */
/* An error when a member of JSONPatch{...} is not the text that it must be. */
CelVal cel__check_patch_field(CelRun *run, const CelType *type, const char *field, CelVal v);
void cel__check(const CelEnv *env, CelIssues *is, CelProgram *p);

/* ---- values ---- */

/* The representations of lists and maps, CelVal.form. */
enum { CEL_FORM_JSON, CEL_FORM_MADE, CEL_FORM_LAZY };

typedef struct CelLazy {
    const CelType *type;
    CelGetFn get;
    void *data;
    CelVal *values; /* of type->fields; kind CEL_PARAM: not asked for yet */
} CelLazy;

typedef struct CelSeq {
    uint32_t n, cap;
    uint32_t *used; /* how much of `items` some list uses; NULL: may not grow in place */
    const CelVal *items;
    const CelType *decl; /* of a list that began as JSON with a list type: + and == go by it */
} CelSeq;

typedef struct CelEntry {
    CelVal key, value;
} CelEntry;

typedef struct CelTable {
    uint32_t n, cap;
    uint32_t *used;    /* as in CelSeq */
    CelEntry *entries; /* in order of insertion */
    uint32_t *index;   /* open addressing, n_index a power of two; entry + 1 */
    uint32_t n_index;
    const CelType *type; /* of T{...}; NULL: a plain map */
} CelTable;

struct CelRun {
    Arena *a;
    const CelProgram *program;
    CelVal *slots;
    uint64_t cost, limit;
    size_t room;              /* bytes that values may still take */
    const CelNode *call;      /* being run; for its constant */
    struct CelIndex *indexes; /* of large JSON objects; val.c */
    bool is_over_limit;
    uint32_t steps; /* of work that costs do not show: comparing what is nested */
    char zone[64];  /* the time zone used last, and its file */
    Slice zone_file;
    struct Regex *regex; /* the pattern compiled last */
    Slice regex_text;
};

extern const CelVal cel__none;

static inline CelVal cel__of_bool(bool b)
{
    return (CelVal){.kind = CEL_BOOL, .boolean = b};
}
static inline CelVal cel__of_int(int64_t i)
{
    return (CelVal){.kind = CEL_INT, .i = i};
}
static inline CelVal cel__of_uint(uint64_t u)
{
    return (CelVal){.kind = CEL_UINT, .u = u};
}
static inline CelVal cel__of_double(double d)
{
    return (CelVal){.kind = CEL_DOUBLE, .d = d};
}
static inline CelVal cel__of_str(Slice s)
{
    return (CelVal){.kind = CEL_STRING, .s = s};
}
static inline CelVal cel__of_bytes(Slice s)
{
    return (CelVal){.kind = CEL_BYTES, .s = s};
}
static inline CelVal cel__of_type(const CelType *t)
{
    return (CelVal){.kind = CEL_TYPE, .type = t};
}
static inline CelVal cel__opaque(const CelType *t, const void *p)
{
    return (CelVal){.kind = CEL_OPAQUE, .opaque = {t, p}};
}
static inline bool cel__is_true(CelVal v)
{
    return v.kind == CEL_BOOL && v.boolean;
}
CelVal cel__some(CelRun *run, CelVal v);
CelVal cel__err(CelRun *run, const char *fmt, ...) PRINTF(2, 3);
CelVal cel__no_overload(void);
CelVal cel__list(CelRun *run, const CelVal *items, uint32_t n); /* takes `items` */
CelVal cel__empty_map(CelRun *run);
CelVal cel__typed_map(CelRun *run, CelVal map, const CelType *type); /* what T{...} makes */
CelVal cel__map_insert(CelRun *run, CelVal map, CelVal key, CelVal value, bool may_replace);
/* A field of an object that is JSON; false: absent or null. */
bool cel__field(CelRun *run, CelVal object, const CelField *f, CelVal *ret);
/* What libraries say of their own types. */
bool cel__opaque_equal(CelVal a, CelVal b); /* of the same type */
uint64_t cel__opaque_size(CelVal v);
const char *cel__url_check(CelRun *run, Slice text); /* NULL, or what is wrong */
bool cel__url_equal(CelVal a, CelVal b);
bool cel__image_equal(CelVal a, CelVal b);
int cel__semver_compare(CelVal a, CelVal b);
uint64_t cel__format_regex_cost(CelVal v);
bool cel__net_equal(CelVal a, CelVal b, bool has_bits);
uint64_t cel__net_size(CelVal v);
/* Hold a literal format against the types of its literal arguments. */
void cel__check_format(CelIssues *is, const CelNode *call);

/* Memory for values, charged to the evaluation; NULL when it has used up its room. */
void *cel__alloc(CelRun *run, size_t size);

CelVal cel__adapt(CelRun *run, const CelType *t, const Value *v);
const char *cel__type_name(CelVal v); /* "int", "list", "optional_type", "kubernetes.URL" */
const CelType *cel__type_of(CelVal v);
bool cel__value_fits(CelVal v, const CelType *t); /* may be passed where `t` is declared */

uint32_t cel__len(CelVal list_or_map);
CelVal cel__item(CelRun *run, CelVal list, uint32_t i);
/* Iterate a map: the n-th key; false beyond. */
CelVal cel__map_key(CelRun *run, CelVal map, uint32_t *at, bool *ret_done);
/* Look a key up. False: absent. *ret may be an error. */
bool cel__map_find(CelRun *run, CelVal map, CelVal key, CelVal *ret);
CelVal cel__equal(CelRun *run, CelVal a, CelVal b); /* a bool, or an error */
/* -1, 0, 1; false when they have no order. */
bool cel__compare(CelVal a, CelVal b, int *ret);
uint64_t cel__hash(CelVal v);
uint64_t cel__size(CelVal v); /* for costs: length, or 1 */
CelVal cel__list_add(CelRun *run, CelVal a, CelVal b);
CelVal cel__eval(CelRun *run, const CelNode *n);
typedef CelVal (*CelSpecial)(CelRun *run, const CelNode *n);
CelSpecial cel__special(const CelNode *call); /* NULL: operands first, then the function */
uint8_t cel__cost_rule(const CelFn *fn);
static inline void cel__charge(CelRun *run, uint64_t cost)
{
    run->cost += cost;
    if (run->cost > run->limit || run->cost < cost)
        run->is_over_limit = true;
}

/* The cost of a call that has run; args include the target. */
uint64_t cel__call_cost(CelRun *run, const CelFn *fn, const CelVal *args, int n, CelVal result);

/* Count a step; false when there were too many. */
static inline bool cel__step(CelRun *run)
{
    if (++run->steps > CEL_MAX_STEPS)
        run->is_over_limit = true;
    return !run->is_over_limit;
}

/* ---- text ---- */

size_t cel__code_points(Slice s);
/* Bytes of the first `n` code points; s.len when there are fewer. */
size_t cel__offset(Slice s, size_t n);
/* Decode one; invalid bytes count as one U+FFFD each, as in Go. */
uint32_t cel__rune(Slice s, size_t at, size_t *ret_len);
void cel__add_rune(Buf *b, uint32_t rune);
CelVal cel__of_buf(CelRun *run, Buf *b); /* a string of what is in `b` */
char *cel__double_plain(char out[400], double d, int precision);
/* 'f'; -1: the shortest digits */ /* as Go's %g with the shortest digits */
/* The value as string(), or an error of conversion. */
CelVal cel__to_string(CelRun *run, CelVal v);
bool cel__parse_time(Slice s, CelVal *ret); /* RFC 3339 */
bool cel__parse_date(Slice s, CelVal *ret);
enum { CEL_TIME_MAX = 64 };
char *cel__time_text(char out[CEL_TIME_MAX], CelVal t);
char *cel__duration_text(char out[CEL_TIME_MAX], int64_t ns); /* "1.5s" */
bool cel__parse_duration(Slice s, int64_t *ret);              /* as Go's time.ParseDuration */
bool cel__parse_loose_duration(Slice s, int64_t *ret); /* and "2 days", as OpenAPI's format */

/* ---- regular expressions ---- */

struct Regex *cel__regex_compile(Arena *a, Slice pattern); /* NULL: it is none */
/* That of the running call, charged for a match of `text`; NULL: *wrong. */
const struct Regex *cel__regex_of(CelRun *run, Slice pattern, Slice text, CelVal *wrong);

#endif
