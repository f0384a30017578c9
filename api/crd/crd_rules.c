/*
 * crd_rules.c - rules of a schema: their texts, their compilation and cost, their evaluation. The
 * order and the words are those of apiextensions (pkg/apis/apiextensions/validation,
 * pkg/apiserver/schema/cel).
 */
#include "api/crd_rules.h"

#include "api/crd_internal.h"
#include "api/formats.h"
#include "cel/cel.h"

#include <ctype.h>

/* ---- paths of fields ---- */

/* The next token: a delimiter, a quoted string, or what stands before a delimiter. */
static bool next_token(Slice *rest, Slice *ret)
{
    size_t n = 1;

    if (rest->len == 0)
        return false;
    if (rest->ptr[0] == '\'') {
        while (n < rest->len && (rest->ptr[n] != '\'' || rest->ptr[n - 1] == '\\'))
            n++;
        n = MIN(n + 1, rest->len);
    } else if (!strchr(".[]", rest->ptr[0])) {
        while (n < rest->len && !strchr(".[]", rest->ptr[n]))
            n++;
    }
    *ret = (Slice){rest->ptr, n};
    rest->ptr += n, rest->len -= n;
    return true;
}

/* 'a\'b' without quotes and escapes; NULL and the bad escape in *ret_bad. */
static char *unquote(Arena *a, Slice s, const char **ret_bad)
{
    static const char names[] = "abfnrtv'\\", bytes[] = "\a\b\f\n\r\t\v'\\";
    char *out = arena_alloc(a, s.len + 1);
    size_t n = 0;

    for (size_t i = 1; i + 1 < s.len; i++) {
        const char *name;

        if (s.ptr[i] != '\\' || i + 2 >= s.len) {
            out[n++] = s.ptr[i];
            continue;
        }
        name = s.ptr[++i] ? strchr(names, s.ptr[i]) : NULL;
        if (!name) {
            *ret_bad = arena_printf(a, "\\%c", s.ptr[i]);
            return NULL;
        }
        out[n++] = bytes[name - names];
    }
    return out;
}

/* One step down; false when the schema does not know the field. */
static bool step(Arena *a, const Value **schema, const char *name, Buf *text)
{
    const Value *properties = value_get(*schema, "properties");
    const Value *others = value_get(*schema, "additionalProperties");

    if (value_len(properties) > 0) {
        buf_addf(text, "%s%s", text->len > 0 ? "." : "", name);
        *schema = value_get(properties, name);
        return *schema != NULL;
    }
    (void)a;
    if (!others || others->type == VALUE_NULL)
        return false;
    buf_addf(text, "[%s]", name);
    *schema = value_is(others, VALUE_OBJECT) ? others : NULL;
    return true;
}

const char *rules_field_path(Arena *a, const char *path, const Value *schema, bool allows_brackets,
                             const Value **ret_schema, const char **ret_text)
{
    static const char ends[] = "unexpected end of JSON path",
                      no_field[] = "does not refer to a valid field";
    Slice rest = slice_of(path), token;
    AUTO_BUF text = BUF_INIT;

    while (next_token(&rest, &token)) {
        bool in_brackets = slice_is(token, "[");
        const char *name, *wrong = NULL;

        if (!in_brackets && !slice_is(token, "."))
            return arena_printf(a, "expected [ or . but got: %.*s", (int)token.len, token.ptr);
        if (in_brackets && !allows_brackets)
            return "array notation is not allowed";
        if (!next_token(&rest, &token))
            return ends;
        name = arena_strndup(a, token.ptr, token.len);
        if (in_brackets) {
            if (token.len < 2 || name[0] != '\'' || name[token.len - 1] != '\'')
                return arena_printf(a, "expected single quoted string but got %s", name);
            name = unquote(a, token, &wrong);
            if (!name)
                return arena_printf(a, "invalid string literal: invalid escape char %s", wrong);
        }
        if (!step(a, &schema, name, &text))
            return no_field;
        if (in_brackets && !next_token(&rest, &token))
            return ends;
        if (in_brackets && !slice_is(token, "]"))
            return arena_printf(a, "expected ] but got %.*s", (int)token.len, token.ptr);
    }
    if (ret_schema)
        *ret_schema = schema;
    if (ret_text)
        *ret_text = arena_strdup(a, buf_str(&text));
    return NULL;
}

/* ---- texts ---- */

static bool is_blank(const char *s)
{
    for (; *s; s++)
        if (!isspace((unsigned char)*s))
            return false;
    return true;
}

static Slice trimmed(const char *s)
{
    size_t n = strlen(s);

    while (n > 0 && isspace((unsigned char)s[n - 1]))
        n--;
    while (n > 0 && isspace((unsigned char)*s))
        s++, n--;
    return (Slice){s, n};
}

static bool has_line_breaks(Slice s)
{
    return s.len > 0 && (memchr(s.ptr, '\n', s.len) || memchr(s.ptr, '\r', s.len));
}

static void check_message(FieldErrs *e, const Path *at, const Value *rule)
{
    const char *text = str_of(rule, "rule"), *message = str_of(rule, "message");

    if (is_blank(text))
        missing(e, AT(at, "rule"), "rule is not specified");
    else if (message[0] && is_blank(message))
        bad_str(e, AT(at, "message"), message, "must be non-empty if specified");
    else if (has_line_breaks(trimmed(message)))
        bad_str(e, AT(at, "message"), message, "must not contain line breaks");
    else if (has_line_breaks(trimmed(text)) && !message[0])
        missing(e, AT(at, "message"), "message must be specified if rule contains line breaks");
}

void rules_check_texts(FieldErrs *e, const Path *p, const Value *schema)
{
    const Value *rule;

    value_each_item(value_get(schema, "x-kubernetes-validations"), i, rule)
    {
        const Path *at = AT_ITEM(AT(p, "x-kubernetes-validations"), i);
        const char *expression = str_of(rule, "messageExpression"),
                   *path = str_of(rule, "fieldPath");
        const Path *path_at = AT(at, "fieldPath");

        check_message(e, at, rule);
        if (expression[0] && is_blank(expression))
            missing(e, AT(at, "messageExpression"),
                    "messageExpression must be non-empty if specified");
        if (str_of(rule, "reason")[0])
            check_enum(e, AT(at, "reason"), str_of(rule, "reason"),
                       "FieldValueDuplicate|FieldValueForbidden|FieldValueInvalid|"
                       "FieldValueRequired");
        if (!path[0])
            continue;
        if (is_blank(path))
            bad_str(e, path_at, path, "must be non-empty if specified");
        if (has_line_breaks(slice_of(path)))
            bad_str(e, path_at, path, "must not contain line breaks");
        if (rules_field_path(e->arena, path, schema, true, NULL, NULL))
            bad_str(e, path_at, path, "must be a valid path");
    }
}

/* ---- what rules may cost ---- */

enum { EXPENSIVE_MAX = 4 };

typedef struct Expensive {
    const char *path;
    uint64_t cost;
} Expensive;

typedef struct Total { /* of one schema */
    uint64_t cost;
    Expensive most[EXPENSIVE_MAX + 1]; /* dearest first */
    uint32_t n;
} Total;

struct RuleContext {
    Arena *arena;
    const SchemaRules *opts;
    const CelType *type; /* of the node; NULL: expressions cannot see it */
    Total *total;
    uint64_t times; /* how often the node may occur */
    bool is_unbounded;
};

static void count(Total *t, const char *path, uint64_t cost)
{
    uint32_t at = t->n;

    t->cost = cel_cost_add(t->cost, cost);
    if (cost < CEL_TOTAL_COST_LIMIT / 100)
        return;
    while (at > 0 && t->most[at - 1].cost < cost)
        at--;
    memmove(&t->most[at + 1], &t->most[at], (t->n - at) * sizeof(*t->most));
    t->most[at] = (Expensive){path, cost};
    t->n = MIN(t->n + 1, (uint32_t)EXPENSIVE_MAX);
}

static bool has_rules(const Value *schema)
{
    const Value *item;
    bool found = value_len(value_get(schema, "x-kubernetes-validations")) > 0;

    value_each_member(schema, m)
    {
        if (!found && m->value->type >= VALUE_ARRAY && !one_of(m->name, "enum|default|example"))
            found = has_rules(m->value);
    }
    value_each_item(schema, i, item) found = found || has_rules(item);
    return found;
}

RuleContext *rules_root(Arena *a, const Value *schema, const SchemaRules *opts)
{
    RuleContext *c;

    if (!has_rules(schema))
        return NULL;
    c = arena_new0(a, RuleContext);
    *c = (RuleContext){.arena = a, .opts = opts, .times = 1, .total = arena_new0(a, Total)};
    c->type = cel_schema_type(a, schema, "selfType", true);
    return c;
}

static const CelType *type_of_field(const CelType *t, const char *name)
{
    for (uint32_t i = 0; t && t->fields && i < t->n_fields; i++)
        if (strcmp(t->fields[i].json, name) == 0)
            return t->fields[i].type;
    return NULL;
}

RuleContext *rules_child(RuleContext *parent, RuleStep step, const char *name,
                         const Value *parent_schema)
{
    const char *limit = step == RULE_ITEMS    ? "maxItems"
                        : step == RULE_OTHERS ? "maxProperties"
                                              : NULL;
    int64_t max = limit ? int_of(parent_schema, limit, -1) : 1;
    RuleContext *c;

    if (!parent)
        return NULL;
    c = arena_new0(parent->arena, RuleContext);
    *c = *parent;
    c->type = step == RULE_PROPERTY ? type_of_field(parent->type, name)
              : parent->type        ? parent->type->elem
                                    : NULL;
    if (limit && (!has(parent_schema, limit) || parent->is_unbounded))
        c->is_unbounded = true;
    else
        c->times = cel_cost_mul(parent->times, (uint64_t)MAX(max, 0));
    return c;
}

/* ---- compilation ---- */

typedef struct Rule {
    const Value *json;
    CelProgram *program, *message; /* NULL: none, or it does not compile */
    const char *error, *message_error;
    bool uses_old, is_optional; /* mentions oldSelf; which may be none */
    const char *path;           /* of the field that it is about; NULL: the node itself */
} Rule;

static const char *no_bool = "cel expression must evaluate to a bool";

static void compile_message(Arena *a, const CelEnv *env, Rule *r)
{
    const char *text = str_of(r->json, "messageExpression"), *wrong;

    if (!text[0])
        return;
    wrong = cel_compile(env, slice_of(text), a, &r->message);
    if (wrong)
        r->message_error = arena_printf(a, "messageExpression compilation failed: %s", wrong);
    else if (cel_program_type(r->message)->kind != CEL_STRING)
        r->message_error = "messageExpression must evaluate to a string";
    if (r->message_error)
        r->message = NULL;
}

static Rule compile_rule(Arena *a, const Value *json, const CelType *type)
{
    Rule r = {.json = json, .is_optional = value_is_true(value_get(json, "optionalOldSelf"))};
    CelEnv *env = cel_env_new(a, CEL_LIBS_KUBERNETES);
    const char *wrong;
    uint32_t old;

    cel_env_set_formats(env, format_report);
    (void)cel_env_declare(env, "self", type);
    old = cel_env_declare(env, "oldSelf", r.is_optional ? cel_type_optional(a, type) : type);
    wrong = cel_compile(env, slice_of(str_of(json, "rule")), a, &r.program);
    if (wrong)
        r.error = arena_printf(a, "compilation failed: %s", wrong);
    else if (cel_program_type(r.program)->kind != CEL_BOOL)
        r.error = no_bool;
    if (r.error) {
        r.program = NULL;
        return r;
    }
    r.uses_old = cel_program_uses(r.program, old);
    compile_message(a, env, &r);
    return r;
}

static uint64_t cost_of(const RuleContext *c, const CelProgram *program)
{
    uint64_t once = program ? cel_estimate_cost(program).max : 0;

    return cel_cost_mul(once, c->is_unbounded ? CEL_MAX_REQUEST_BYTES / (c->type->min_size + 1)
                                              : c->times);
}

static void check_cost(FieldErrs *e, const Path *at, RuleContext *c, const char *what,
                       uint64_t cost)
{
    if (!c->opts->is_unchanged && cost > CEL_RULE_COST_LIMIT)
        forbidden(e, at, cel_cost_text(e->arena, what, cost, CEL_RULE_COST_LIMIT));
    count(c->total, path_str(e, at), cost);
}

static void check_rule(FieldErrs *e, const Path *at, RuleContext *c, const Value *json,
                       const Path *uncorrelated)
{
    const Path *rule_at = AT(at, "rule"), *message_at = AT(at, "messageExpression");
    Rule r = compile_rule(e->arena, json, c->type);

    check_cost(e, rule_at, c, "estimated rule cost", cost_of(c, r.program));
    if (r.error)
        bad(e, rule_at, crd_internal_rule(e->arena, json), "%s", r.error);
    if (r.message_error)
        bad(e, message_at, crd_internal_rule(e->arena, json), "%s", r.message_error);
    else if (r.message)
        check_cost(e, message_at, c, "estimated messageExpression cost",
                   cel_estimate_cost(r.message).max);
    if (r.uses_old && uncorrelated)
        bad_str(e, rule_at, str_of(json, "rule"),
                "oldSelf cannot be used on the uncorrelatable portion of the schema within %s",
                path_str(e, uncorrelated));
    if (!r.uses_old && value_get(json, "optionalOldSelf"))
        bad(e, AT(at, "optionalOldSelf"), value_get(json, "optionalOldSelf"),
            "may not be set if oldSelf is not used in rule");
}

void rules_check(RuleErrs *w, const Path *p, const Value *schema, RuleContext *c,
                 const Path *uncorrelated)
{
    const Value *list = value_get(schema, "x-kubernetes-validations"), *json;

    if (value_len(list) > 0 && !c->type) {
        field_err(w->e, FIELD_ERR_INTERNAL, path_str(w->e, AT(p, "x-kubernetes-validations")), NULL,
                  "rule declared on schema that does not support validation rules type: '%s' "
                  "x-kubernetes-preserve-unknown-fields: '%s'",
                  str_of(schema, "type"),
                  value_is_true(value_get(schema, "x-kubernetes-preserve-unknown-fields"))
                      ? "true"
                      : "false");
        return;
    }
    value_each_item(list, i, json)
        check_rule(w->e, AT_ITEM(AT(p, "x-kubernetes-validations"), i), c, json, uncorrelated);
}

void rules_check_total(FieldErrs *e, const Path *p, RuleContext *root)
{
    if (!root || root->total->cost <= CEL_TOTAL_COST_LIMIT)
        return;
    for (uint32_t i = 0; i < root->total->n; i++)
        field_err(e, FIELD_ERR_FORBIDDEN, root->total->most[i].path, NULL,
                  "contributed to estimated rule cost total exceeding cost limit for entire "
                  "OpenAPIv3 schema");
    forbidden(e, AT(p, "openAPIV3Schema"),
              cel_cost_text(e->arena,
                            "x-kubernetes-validations estimated rule cost total for entire "
                            "OpenAPIv3 schema",
                            root->total->cost, CEL_TOTAL_COST_LIMIT));
}

/* ---- rules of a schema, compiled for its objects ---- */

typedef struct RuleProp {
    const char *name;
    const RuleNode *node;
} RuleProp;

struct RuleNode {
    const Schema *schema;
    const CelType *type, *optional_type;
    Rule *rules;
    uint32_t n_rules;
    RuleProp *props; /* only those with rules; by name, as those of the schema */
    uint32_t n_props;
    const RuleNode *items, *others;
};

static const RuleNode *compile_node(Arena *a, const Schema *s, const CelType *type);

static void compile_props(Arena *a, RuleNode *n)
{
    n->props = arena_array(a, RuleProp, n->schema->n_props);
    for (uint32_t i = 0; i < n->schema->n_props; i++) {
        const char *name = n->schema->props[i].name;
        const RuleNode *sub =
            compile_node(a, n->schema->props[i].schema, type_of_field(n->type, name));

        if (sub)
            n->props[n->n_props++] = (RuleProp){name, sub};
    }
}

static const RuleNode *compile_node(Arena *a, const Schema *s, const CelType *type)
{
    const Value *list = value_get(s->json, "x-kubernetes-validations"), *json;
    RuleNode *n;

    if (!type)
        return NULL;
    n = arena_new0(a, RuleNode);
    *n = (RuleNode){.schema = s, .type = type};
    n->rules = arena_array(a, Rule, value_len(list));
    if (value_len(list) > 0)
        n->optional_type = cel_type_optional(a, type);
    value_each_item(list, i, json)
    {
        Rule *r = &n->rules[n->n_rules++];
        const char *path = str_of(json, "fieldPath");

        *r = compile_rule(a, json, type);
        if (path[0])
            (void)rules_field_path(a, path, s->json, true, NULL, &r->path); /* checked before */
    }
    if (s->items)
        n->items = compile_node(a, s->items, type->elem);
    if (s->others)
        n->others = compile_node(a, s->others, type->elem);
    compile_props(a, n);
    return n->n_rules > 0 || n->items || n->others || n->n_props > 0 ? n : NULL;
}

const RuleNode *rules_compile(Arena *a, const Schema *s)
{
    return s && has_rules(s->json)
               ? compile_node(a, s, cel_schema_type(a, s->json, "selfType", true))
               : NULL;
}

/* ---- evaluation ---- */

typedef struct Was {        /* how a node relates to what was there */
    const Value *old;       /* its counterpart; NULL: none */
    const Value *above;     /* without one: the nearest node above that has one, */
    const Value *above_old; /* and what that was */
    const Schema *above_schema;
} Was;

typedef struct Run {
    FieldErrs *e, *forgiven;
    int64_t budget; /* negative: no further rules */
} Run;

enum { MESSAGE_MAX = 5 * 1024 };

static const char out_of_budget[] =
    "validation failed due to running out of cost budget, no further validation rules will be run";

static const char *type_name(const RuleNode *n)
{
    return str_of(n->schema->json, "type");
}

static const char *rule_text(Arena *a, const Rule *r)
{
    const char *message = str_of(r->json, "message");
    Slice s = trimmed(message[0] ? message : str_of(r->json, "rule"));

    return arena_strndup(a, s.ptr, s.len);
}

static bool is_unchanged(const Run *run, const RuleNode *n, const Value *v, const Was *was)
{
    if (was->old)
        return schema_same(run->e->arena, n->schema, v, was->old);
    return was->above && schema_same(run->e->arena, was->above_schema, was->above, was->above_old);
}

/* What messageExpression says; NULL when it says nothing that may be shown. */
static const char *expressed(Run *run, const Rule *r, const CelVal *vars)
{
    Arena *a = run->e->arena;
    CelResult result;
    Slice text;

    if (!r->message)
        return NULL;
    if (!cel_eval(r->message, vars, a, CEL_CALL_COST_LIMIT, &result) ||
        result.value.kind != CEL_STRING) {
        run->budget -= (int64_t)result.cost;
        return NULL;
    }
    run->budget -= (int64_t)result.cost;
    text = slice_trim(result.value.s);
    if (text.len == 0 || text.len > MESSAGE_MAX || memchr(text.ptr, '\n', text.len))
        return NULL;
    return arena_strndup(a, text.ptr, text.len);
}

static void report(FieldErrs *e, const Path *p, const Rule *r, const Value *v, const char *detail)
{
    static const struct {
        const char *reason;
        FieldErrType type;
        bool has_value, has_detail;
    } reasons[] = {{"FieldValueForbidden", FIELD_ERR_FORBIDDEN, false, true},
                   {"FieldValueRequired", FIELD_ERR_REQUIRED, false, true},
                   {"FieldValueDuplicate", FIELD_ERR_DUPLICATE, true, false},
                   {"", FIELD_ERR_INVALID, true, true}};
    const char *at = p ? path_str(e, p) : "<nil>";
    size_t i = 0;

    while (i + 1 < ARRAY_LEN(reasons) && strcmp(str_of(r->json, "reason"), reasons[i].reason) != 0)
        i++;
    field_err(e, reasons[i].type, at, reasons[i].has_value && v->type < VALUE_ARRAY ? v : NULL,
              "%s", reasons[i].has_detail ? detail : "");
}

static void fail_rule(Run *run, const RuleNode *n, const Path *p, const char *detail)
{
    field_err(run->e, FIELD_ERR_INVALID, p ? path_str(run->e, p) : "<nil>",
              value_str(run->e->arena, type_name(n)), "%s", detail);
}

/* The rule could not be evaluated. */
static void report_error(Run *run, const RuleNode *n, const Path *p, const Rule *r,
                         const CelResult *result)
{
    Arena *a = run->e->arena;
    const char *rule = rule_text(a, r);

    if (result->is_over_limit) {
        fail_rule(run, n, p,
                  arena_printf(a,
                               "'%s': no further validation rules will be run due to call cost "
                               "exceeds limit for rule: %s",
                               result->error, rule));
        run->budget = -1;
    } else if (str_starts(result->error, "no such overload"))
        fail_rule(run, n, p,
                  arena_printf(a,
                               "'%s': call arguments did not match a supported operator, function "
                               "or macro signature for rule: %s",
                               result->error, rule));
    else
        fail_rule(run, n, p, arena_printf(a, "%s evaluating rule: %s", result->error, rule));
}

static void run_rule(Run *run, const RuleNode *n, const Path *p, const Rule *r, const Value *v,
                     const Was *was)
{
    Arena *a = run->e->arena;
    CelVal vars[2] = {cel_val_json(n->type, v)};
    const char *detail;
    CelResult result;

    if (r->error) {
        fail_rule(run, n, p, arena_printf(a, "rule compile error: %s", r->error));
        return;
    }
    if (r->uses_old && !was->old && !r->is_optional)
        return; /* a rule about transitions, and this is none */
    vars[1] = cel_val_json(r->is_optional ? n->optional_type : n->type, was->old);
    (void)cel_eval(r->program, vars, a, CEL_CALL_COST_LIMIT, &result);
    if ((int64_t)result.cost > run->budget) {
        fail_rule(run, n, p, out_of_budget);
        run->budget = -1;
        return;
    }
    run->budget -= (int64_t)result.cost;
    if (result.error) {
        report_error(run, n, p, r, &result);
        return;
    }
    if (result.value.kind == CEL_BOOL && result.value.boolean)
        return;
    detail = expressed(run, r, vars);
    if (!detail)
        detail = str_of(r->json, "message")[0]
                     ? rule_text(a, r)
                     : arena_printf(a, "failed rule: %s", rule_text(a, r));
    report(!r->uses_old && is_unchanged(run, n, v, was) ? run->forgiven : run->e,
           r->path ? AT(p, r->path) : p, r, v, detail);
}

static void run_node(Run *run, const RuleNode *n, const Path *p, const Value *v, const Was *was);

/* How a part relates to what was there: `old` is its counterpart, if there is one. */
static Was below(const RuleNode *n, const Value *v, const Was *was, const Value *old)
{
    if (!was->old)
        return *was;
    if (old)
        return (Was){.old = old};
    return (Was){.above = v, .above_old = was->old, .above_schema = n->schema};
}

static const RuleNode *rules_of(const RuleNode *n, const char *name, bool *ret_is_prop)
{
    uint32_t lo = 0, hi = n->n_props;

    *ret_is_prop = true;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        int d = strcmp(n->props[mid].name, name);

        if (d == 0)
            return n->props[mid].node;
        if (d < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    *ret_is_prop = false;
    return schema_prop(n->schema, name) ? NULL : n->others;
}

static void run_object(Run *run, const RuleNode *n, const Path *p, const Value *v, const Was *was)
{
    value_each_member(v, m)
    {
        bool is_prop, is_own;
        const RuleNode *sub = rules_of(n, m->name, &is_prop);
        Was inner;

        if (!sub || run->budget < 0)
            continue;
        inner = below(n, v, was, value_get(was->old, m->name));
        is_own = !p && one_of(m->name, "apiVersion|kind");
        if (is_own) /* versions differ though the objects do not */
            inner = (Was){.old = NULL};
        run_node(run, sub, is_prop ? AT(p, m->name) : AT_KEY(p, m->name), m->value, &inner);
    }
}

static void run_array(Run *run, const RuleNode *n, const Path *p, const Value *v, const Was *was)
{
    const OldItems *by_key = old_items_new(run->e->arena, n->schema, was->old);

    for (uint32_t i = 0; n->items && i < v->n && run->budget >= 0; i++) {
        Was inner = below(n, v, was, old_items_get(by_key, v->items[i]));

        run_node(run, n->items, AT_ITEM(p, i), v->items[i], &inner);
    }
}

static void run_node(Run *run, const RuleNode *n, const Path *p, const Value *v, const Was *was)
{
    if (v->type == VALUE_NULL)
        return;
    for (uint32_t i = 0; i < n->n_rules && run->budget >= 0; i++)
        run_rule(run, n, p, &n->rules[i], v, was);
    if (v->type == VALUE_ARRAY)
        run_array(run, n, p, v, was);
    else if (v->type == VALUE_OBJECT)
        run_object(run, n, p, v, was);
}

void rules_validate(const RuleNode *n, const Value *v, const Value *old, FieldErrs *e,
                    FieldErrs *forgiven)
{
    Run run = {.e = e, .forgiven = forgiven, .budget = CEL_BUDGET};
    Was was = {.old = old};

    if (n)
        run_node(&run, n, NULL, v, &was);
}

const RuleNode *rules_below(const RuleNode *n, const char *name)
{
    bool is_prop;

    return !n ? NULL : name ? rules_of(n, name, &is_prop) : n->items;
}

void rules_check_default(const RuleNode *n, const Path *p, const Value *v, int64_t *budget,
                         FieldErrs *e)
{
    uint32_t before = e->n;
    Run run = {.e = e, .forgiven = e, .budget = *budget};
    Was same = {.old = v}, none = {.old = NULL};

    if (!n || *budget < 0)
        return;
    run_node(&run, n, p, v, &same);
    if (e->n == before)
        run_node(&run, n, p, v, &none);
    *budget = run.budget;
}
