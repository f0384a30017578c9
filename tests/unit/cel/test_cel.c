#include "cel/cel.h"

#include "base/buf.h"
#include "base/mem.h"
#include "tests/unit/test.h"

#include <inttypes.h>

/*
 * The cases are lines of tests/tables/cel*.txt:
 *
 *     expression
 *       => JSON            it evaluates to this
 *       !! text            it compiles and fails with this
 *       ## text            it does not compile; \n in the text is a line break
 *       :: type            its static type
 *       $$ n               it costs that when it runs
 *       <= n               it is estimated to cost at most that,
 *       <= m..n            and at least m
 *
 * with as many answers as are of interest. `schema JSON` and `self JSON` set the type of `self` and
 * its value for the expressions that follow; `old JSON` that of oldSelf, `libs all` adds the
 * libraries that Kubernetes has not.
 */

typedef struct Case {
    Arena *a;
    const char *file;
    int line;
    const CelType *type;
    const Value *self, *old;
    unsigned libs;
    char *expr;
    CelProgram *program;
    const char *wrong;
    CelResult result;
    int n_failed; /* all of a table are shown */
} Case;

static Value *json(Case *c, const char *text)
{
    Value *v = NULL;

    if (value_parse(c->a, slice_of(text), &v, NULL) < 0)
        fail_msg("%s:%d: not JSON: %s", c->file, c->line, text);
    return v;
}

/* `text` with a line break for each `mark`. */
static char *with_breaks(Case *c, const char *text, const char *mark)
{
    char *copy = arena_strdup(c->a, text);

    for (char *p = copy; (p = strstr(p, mark)) != NULL;) {
        *p = '\n';
        memmove(p + 1, p + strlen(mark), strlen(p + strlen(mark)) + 1);
    }
    return copy;
}

/* Upper case is bad, in every format. */
static void check_format(const char *name UNUSED, Slice text,
                         void (*report)(void *data, const char *message), void *data)
{
    char message[64];

    snprintf(message, sizeof(message), "bad: %.*s", (int)text.len, text.ptr);
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] >= 'A' && text.ptr[i] <= 'Z') {
            report(data, message);
            return;
        }
}

static void run(Case *c, const char *expr)
{
    CelEnv *env = cel_env_new(c->a, c->libs);
    CelVal vars[2];

    c->expr = with_breaks(c, expr, "<NL>");
    cel_env_set_formats(env, check_format);
    cel_env_declare(env, "self", c->type);
    cel_env_declare(env, "oldSelf", c->type);
    vars[0] = cel_val_json(c->type, c->self);
    vars[1] = cel_val_json(c->type, c->old);
    c->program = NULL;
    c->result = (CelResult){.error = "did not compile"};
    c->wrong = cel_compile(env, slice_of(c->expr), c->a, &c->program);
    if (!c->wrong)
        (void)cel_eval(c->program, vars, c->a, CEL_CALL_COST_LIMIT, &c->result);
}

static void expect(Case *c, const char *what, const char *got, const char *want)
{
    const char *more = c->wrong ? c->wrong : c->result.error;

    if (got && strcmp(got, want) == 0)
        return;
    print_error("%s:%d: %s\n  %s: %s\n  expected: %s\n  %s\n", c->file, c->line, c->expr, what,
                got ? got : "(none)", want, more ? more : "");
    c->n_failed++;
}

static void check(Case *c, const char *kind, const char *want)
{
    CelCost cost = {0, 0};
    char number[64];
    Value *v;

    if (str_eq(kind, "=>")) {
        v = c->result.error ? NULL : cel_val_to_json(c->a, c->result.value);
        expect(c, "value", v ? value_to_str(c->a, v) : c->result.error, want);
    } else if (str_eq(kind, "!!")) {
        expect(c, "error", c->program ? c->result.error : NULL, want);
    } else if (str_eq(kind, "##")) {
        expect(c, "message", c->wrong, with_breaks(c, want, "\\n"));
    } else if (str_eq(kind, "::")) {
        expect(c, "type", c->program ? cel_type_text(c->a, cel_program_type(c->program)) : NULL,
               want);
    } else if (str_eq(kind, "$$")) {
        snprintf(number, sizeof(number), "%" PRIu64, c->result.cost);
        expect(c, "cost", number, want);
    } else if (str_eq(kind, "<=")) {
        if (c->program)
            cost = cel_estimate_cost(c->program);
        if (strstr(want, ".."))
            snprintf(number, sizeof(number), "%" PRIu64 "..%" PRIu64, cost.min, cost.max);
        else
            snprintf(number, sizeof(number), "%" PRIu64, cost.max);
        expect(c, "estimate", number, want);
    } else {
        fail_msg("%s:%d: unknown mark %s", c->file, c->line, kind);
    }
}

static void set(Case *c, const char *line)
{
    if (str_starts(line, "@schema "))
        c->type = cel_schema_type(c->a, json(c, line + 8), "selfType1", false);
    else if (str_starts(line, "@self "))
        c->self = json(c, line + 6);
    else if (str_starts(line, "@old "))
        c->old = json(c, line + 5);
    else if (str_starts(line, "@libs all"))
        c->libs = CEL_LIBS_KUBERNETES | CEL_LIB_BIND | CEL_LIB_PATCH;
    else
        run(c, line);
}

static void run_table(const char *path)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Case c = {.a = a, .file = path, .type = &cel_dyn, .libs = CEL_LIBS_KUBERNETES};
    char *save = test_text(a, path), *line;

    while ((line = strsep(&save, "\n")) != NULL) {
        c.line++;
        if (*line == '\0' || str_starts(line, "# "))
            continue;
        if (str_starts(line, "  ")) {
            line[4] = '\0';
            check(&c, line + 2, line + 5);
        } else {
            set(&c, line);
        }
    }
    assert_int_equal(c.n_failed, 0);
}

TEST(expressions_of_the_standard)
{
    run_table("tests/tables/cel.txt");
}

TEST(libraries)
{
    run_table("tests/tables/cel_libs.txt");
}

TEST(mistakes_are_told_as_upstream)
{
    run_table("tests/tables/cel_errors.txt");
}

TEST(data_of_a_schema)
{
    run_table("tests/tables/cel_schema.txt");
}

TEST(costs)
{
    run_table("tests/tables/cel_costs.txt");
}

/* `n` times `open`, then `middle`, then `n` times `close`. */
static char *nested(Arena *a, int n, const char *open, const char *middle, const char *close)
{
    AUTO_BUF b = BUF_INIT;

    for (int i = 0; i < n; i++)
        buf_adds(&b, open);
    buf_adds(&b, middle);
    for (int i = 0; i < n; i++)
        buf_adds(&b, close);
    return arena_strdup(a, buf_str(&b));
}

TEST(nesting_and_size_are_bounded)
{
    static const char too_deep[] = "ERROR: <input>:-1:0: expression recursion limit exceeded: 250";
    static const struct {
        const char *open, *close;
        int fits; /* 0: no limit */
        const char *middle;
    } rows[] = {
        {"(", ")", 249, "1"},          {"[", "]", 249, "1"},        {"", " + 1", 250, "1"},
        {"", "[0]", 250, "any"},       {"", " || true", 0, "true"}, {"!", "", 0, "true"},
        {"true ? 1 : ", "", 249, "1"}, {"any[", "]", 249, "0"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        CelEnv *env = cel_env_new(a, CEL_LIBS_KUBERNETES);
        int n = rows[i].fits ? rows[i].fits : 5000;
        char *text = nested(a, n, rows[i].open, rows[i].middle, rows[i].close);
        CelProgram *p;

        cel_env_declare(env, "any", &cel_dyn);
        assert_null(cel_compile(env, slice_of(text), a, &p));
        if (!rows[i].fits)
            continue;
        text = nested(a, n + 1, rows[i].open, rows[i].middle, rows[i].close);
        assert_string_equal(cel_compile(env, slice_of(text), a, &p), too_deep);
    }
}

/* Rows of operators within parentheses: each bound holds, and the tree would be deep. */
TEST(the_height_of_the_tree_is_bounded)
{
    static const char *const tails[] = {" + 1", " * 1", " < 1", "[0]", ".map(x, x)", ".f"};

    for (size_t i = 0; i < ARRAY_LEN(tails); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        CelEnv *env = cel_env_new(a, CEL_LIBS_KUBERNETES);
        size_t times = MIN(240, 400 / strlen(tails[i]) - 2);
        char *close = arena_printf(a, "%s)", nested(a, (int)times, "", "", tails[i]));
        CelProgram *p;

        cel_env_declare(env, "any", &cel_dyn);
        assert_string_equal(cel_compile(env, slice_of(nested(a, 240, "(", "any", close)), a, &p),
                            "ERROR: <input>:-1:0: expression recursion limit exceeded: 2000");
    }
}

TEST(long_texts_are_refused)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CelEnv *env = cel_env_new(a, CEL_LIBS_KUBERNETES);
    char *text = arena_alloc(a, 100002);
    CelProgram *p;

    memset(text, ' ', 100001);
    text[0] = '1';
    assert_null(cel_compile(env, (Slice){text, 100000}, a, &p));
    assert_string_equal(cel_compile(env, (Slice){text, 100001}, a, &p),
                        "ERROR: <input>:-1:0: expression code point size exceeds limit: size: "
                        "100001, limit 100000");
}

TEST(what_doubles_at_each_level_is_stopped)
{
    /* Values, types, copies of macros: each would be 2^60 without a limit. */
    static const struct {
        const char *open, *middle, *close;
        const char *want; /* of the message or error */
    } rows[] = {
        {"[any].map(a, [a, a]).map(any, ", "any == any", ")", NULL},
        {"[{any: any}].map(any, ", "any", ")", "type too large"},
        {"", "optional.of(any)", ".optMap(a, a)", "expression too large"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        CelEnv *env = cel_env_new(a, CEL_LIBS_KUBERNETES);
        char *text = nested(a, 60, rows[i].open, rows[i].middle, rows[i].close);
        CelVal vars[1] = {cel_val_json(&cel_int, value_int(a, 1))};
        CelProgram *p;
        CelResult r;
        const char *wrong;

        cel_env_declare(env, "any", &cel_int);
        wrong = cel_compile(env, slice_of(text), a, &p);
        if (!rows[i].want) {
            assert_null(wrong);
            assert_false(cel_eval(p, vars, a, CEL_CALL_COST_LIMIT, &r));
            assert_true(r.is_over_limit);
            continue;
        }
        assert_non_null(wrong);
        assert_non_null(strstr(wrong, rows[i].want));
    }
}

TEST(a_limit_stops_a_run)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CelEnv *env = cel_env_new(a, CEL_LIBS_KUBERNETES);
    CelProgram *p;
    CelResult r;

    assert_null(cel_compile(
        env, slice_of("[1, 2, 3, 4, 5, 6, 7, 8].all(a, [1, 2, 3].all(b, a > b - 9))"), a, &p));
    assert_true(cel_eval(p, NULL, a, 1000, &r));
    assert_true(r.cost > 100);
    assert_false(cel_eval(p, NULL, a, 100, &r));
    assert_true(r.is_over_limit);
    assert_string_equal(r.error, "operation cancelled: actual cost limit exceeded");
}

TEST(names_are_escaped)
{
    static const struct {
        const char *name, *escaped; /* NULL: cannot be named */
    } rows[] = {
        {"a-b", "a__dash__b"},
        {"a.b/c", "a__dot__b__slash__c"},
        {"a__b", "a__underscores__b"},
        {"namespace", "__namespace__"},
        {"in", "__in__"},
        {"plain_1", "plain_1"},
        {"1a", NULL},
        {"a b", NULL},
        {"\u00e9", NULL},
        {"", NULL},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char *escaped = cel_escape(a, rows[i].name);

        assert_int_equal(escaped == NULL, rows[i].escaped == NULL);
        if (!escaped)
            continue;
        assert_string_equal(escaped, rows[i].escaped);
        assert_string_equal(cel_unescape(a, escaped), rows[i].name);
    }
    assert_null(cel_unescape(a, "a__other__b"));
}

TEST(cost_is_told_by_factor)
{
    CLEANUP(arena_free) Arena *a = arena_new();

    assert_true(str_starts(cel_cost_text(a, "estimated rule cost", 12000000, 10000000),
                           "estimated rule cost exceeds budget by factor of 1.200000x (try "));
    assert_true(str_starts(cel_cost_text(a, "x", 25000000, 10000000),
                           "x exceeds budget by factor of 2.5x (try "));
    assert_true(str_starts(cel_cost_text(a, "x", UINT64_MAX, 10000000),
                           "x exceeds budget by factor of more than 100x (try "));
    assert_true(cel_cost_mul(UINT64_MAX, 2) == UINT64_MAX);
}

typedef struct Asked {
    int n;
    char last[200];
} Asked;

static CelDecision on_check(void *data, const CelAccess *c, Arena *a)
{
    Asked *asked = data;

    asked->n++;
    snprintf(asked->last, sizeof(asked->last), "%s|%s|%s|%s|%s|%s|%s|%s",
             c->service_account_name ? c->service_account_name : "-", c->path ? c->path : "-",
             c->group, c->resource, c->subresource, c->namespace, c->name, c->verb);
    return (CelDecision){str_eq(c->verb, "get"), arena_printf(a, "about %s", c->verb), ""};
}

TEST(authorizers_ask_what_was_built)
{
    static const struct {
        const char *expr, *asked;
        bool is_true;
    } rows[] = {
        {"authorizer.group('apps').resource('deployments').namespace('x').check('get').allowed()",
         "-|-|apps|deployments||x||get", true},
        {"authorizer.group('').resource('pods').subresource('log').name('p').check('update')"
         ".allowed()",
         "-|-||pods|log||p|update", false},
        {"authorizer.path('/healthz').check('get').reason() == 'about get'",
         "-|/healthz|||||"
         "|get",
         true},
        {"authorizer.serviceAccount('ns', 'sa').group('').resource('x').check('list').errored()",
         "sa|-||x||||list", false},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        CelEnv *env = cel_env_new(a, CEL_LIBS_KUBERNETES | CEL_LIB_AUTHZ);
        Asked asked = {0};
        CelVal vars[1] = {cel_val_authorizer(a, on_check, &asked)};
        CelProgram *p;
        CelResult r;

        cel_env_declare(env, "authorizer", cel_type_authorizer());
        assert_null(cel_compile(env, slice_of(rows[i].expr), a, &p));
        assert_true(cel_eval(p, vars, a, CEL_CALL_COST_LIMIT, &r));
        assert_int_equal(r.value.boolean, rows[i].is_true);
        assert_int_equal(asked.n, 1);
        assert_string_equal(asked.last, rows[i].asked);
        assert_true(r.cost >= 350000);
    }
}

static CelVal on_get(void *data, uint32_t field, Arena *a)
{
    int *n = data;

    n[field]++;
    return field == 0 ? cel_val_json(&cel_int, value_int(a, 7)) : cel_val_error("b fails");
}

TEST(computed_fields_are_asked_for_once)
{
    static const CelField fields[] = {{.json = "a", .type = &cel_int},
                                      {.json = "b", .type = &cel_int}};
    CLEANUP(arena_free) Arena *a = arena_new();
    const CelType *type = cel_type_object(a, "variables", fields, 2);
    CelEnv *env = cel_env_new(a, CEL_LIBS_KUBERNETES);
    int n[2] = {0};
    CelVal vars[1] = {cel_val_lazy(a, type, on_get, n)};
    CelProgram *p;
    CelResult r;

    cel_env_declare(env, "variables", type);
    assert_null(cel_compile(env, slice_of("variables.a + variables.a == 14"), a, &p));
    assert_true(cel_eval(p, vars, a, 100, &r));
    assert_true(r.value.boolean);
    assert_int_equal(n[0], 1);
    assert_int_equal(n[1], 0);
    assert_null(cel_compile(env, slice_of("variables.b > 0 || has(variables.a)"), a, &p));
    assert_true(cel_eval(p, vars, a, 100, &r));
    assert_null(cel_compile(env, slice_of("variables.b > 0"), a, &p));
    assert_false(cel_eval(p, vars, a, 100, &r));
    assert_string_equal(r.error, "b fails");
    assert_non_null(cel_compile(env, slice_of("variables.nope > 0"), a, &p));
}
