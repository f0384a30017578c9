#include "api/selector.h"

#include "api/validate.h"
#include "base/err.h"

#include <ctype.h>

/*
 * DESIGN
 *
 * Both kinds of selector are a list of requirements that must all hold. A label selector is read by
 * a scanner and a recursive descent parser shaped like upstream's (labels.Parse), because the error
 * texts name its tokens. A field selector is split at commas and at its first operator
 * (fields.ParseSelector); then each field is looked up in the table of the kind, which says where
 * in the object it stands.
 */

typedef enum Op { OP_IN, OP_NOT_IN, OP_EQ, OP_EQ2, OP_NE, OP_GT, OP_LT, OP_EXISTS, OP_ABSENT } Op;

/* Where the value of a field selector's field stands in the stored object. */
typedef struct FieldSource {
    const char *field; /* as clients name it */
    const char *path;  /* dotted; "" when no object has it */
    const char *otherwise;
    bool is_text;        /* false: a number or a boolean, printed as JSON prints it */
    const char *instead; /* of a text: the path that counts where the first has none */
} FieldSource;

typedef struct Requirement {
    const char *key;
    Op op;
    uint32_t n;
    const char **values; /* sorted; Exists and DoesNotExist have none */
    int64_t bound;       /* OP_GT, OP_LT */
    const FieldSource *source;
    const char *part; /* field selectors: text it came from, the sort key */
} Requirement;

struct Selector {
    bool is_fields;
    uint32_t n, cap;
    Requirement *reqs;
};

static Requirement *add_requirement(Arena *a, Selector *s)
{
    ARENA_GROW(a, s->reqs, s->n, s->cap, 4);
    return &s->reqs[s->n++];
}

/* ---- what makes a requirement of labels valid ---- */

typedef struct Problems { /* messages of field errors, joined as an aggregate prints them */
    Buf text;
    uint32_t n;
} Problems;

static void quote(Buf *b, const char *s)
{
    buf_addc(b, '"');
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;

        if (c == '"' || c == '\\')
            buf_addf(b, "\\%c", c);
        else if (c == '\n' || c == '\t' || c == '\r')
            buf_addf(b, "\\%c", c == '\n' ? 'n' : c == '\t' ? 't' : 'r');
        else if (c < 0x20 || c == 0x7f)
            buf_addf(b, "\\x%02x", c);
        else
            buf_addc(b, (char)c);
    }
    buf_addc(b, '"');
}

static void problem(Problems *p, const char *path, const char *bad, const char *detail)
{
    if (p->n++ > 0)
        buf_adds(&p->text, ", ");
    buf_addf(&p->text, "%s: Invalid value: ", path);
    if (bad)
        quote(&p->text, bad);
    else
        buf_adds(&p->text, "[]");
    buf_addf(&p->text, ": %s", detail);
}

/* Checks and completes a label requirement, as upstream's NewRequirement does. */
static int check_requirement(Requirement *q, Err *err)
{
    AUTO_BUF path = BUF_INIT;
    Problems p = {BUF_INIT, 0};
    const char *bad = validate_qualified_name(q->key);
    int r = 0;

    if (bad)
        problem(&p, "key", q->key, bad);
    if ((q->op == OP_IN || q->op == OP_NOT_IN) && q->n == 0)
        problem(&p, "values", NULL, "for 'in', 'notin' operators, values set can't be empty");
    if ((q->op == OP_EXISTS || q->op == OP_ABSENT) && q->n > 0)
        problem(&p, "values", q->values[0],
                "values set must be empty for exists and does not exist");
    if (q->op == OP_GT || q->op == OP_LT) {
        if (!slice_to_int64(slice_of(q->values[0]), &q->bound))
            problem(&p, "values[0]", q->values[0],
                    "for 'Gt', 'Lt' operators, the value must be an integer");
    }
    for (uint32_t i = 0; i < q->n; i++) {
        bad = validate_label_value(q->values[i]);
        if (!bad)
            continue;
        buf_reset(&path);
        buf_addf(&path, "values[%u][%s]", i, q->key);
        problem(&p, buf_str(&path), q->values[i], bad);
    }
    if (p.n > 0)
        r = err_set(err, ERR_BAD_REQUEST, p.n > 1 ? "[%s]" : "%s", buf_str(&p.text));
    buf_done(&p.text);
    return r;
}

static int compare_strings(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort_values(Requirement *q)
{
    uint32_t n = 0;

    if (q->n < 2)
        return;
    qsort(q->values, q->n, sizeof(*q->values), compare_strings);
    for (uint32_t i = 0; i < q->n; i++) {
        if (n == 0 || strcmp(q->values[n - 1], q->values[i]) != 0)
            q->values[n++] = q->values[i];
    }
    q->n = n;
}

static int compare_requirements(const void *a, const void *b)
{
    const Requirement *x = a, *y = b;

    return strcmp(x->part ? x->part : x->key, y->part ? y->part : y->key);
}

static void sort_requirements(Selector *s)
{
    if (s->n > 1)
        qsort(s->reqs, s->n, sizeof(*s->reqs), compare_requirements);
}

/* ---- label selectors: scanner ---- */

typedef enum TokenKind {
    TOKEN_END,
    TOKEN_CLOSE,
    TOKEN_COMMA,
    TOKEN_NOT,
    TOKEN_EQ2,
    TOKEN_EQ,
    TOKEN_GT,
    TOKEN_IDENTIFIER,
    TOKEN_IN,
    TOKEN_LT,
    TOKEN_NE,
    TOKEN_NOT_IN,
    TOKEN_OPEN,
} TokenKind;

typedef struct Token {
    TokenKind kind;
    const char *text;
} Token;

typedef struct Parser {
    Arena *arena;
    const char *at;
    Token token; /* the one to be consumed next */
    Err *err;
} Parser;

static const struct {
    const char *text;
    TokenKind kind;
} symbols[] = {
    /* longer ones first */
    {"==", TOKEN_EQ2}, {"!=", TOKEN_NE}, {")", TOKEN_CLOSE}, {",", TOKEN_COMMA}, {"!", TOKEN_NOT},
    {"=", TOKEN_EQ},   {">", TOKEN_GT},  {"<", TOKEN_LT},    {"(", TOKEN_OPEN},
};

static Token scan_token(Parser *p)
{
    size_t n;

    p->at += strspn(p->at, " \t\r\n");
    if (*p->at == '\0')
        return (Token){TOKEN_END, ""};
    for (size_t i = 0; i < ARRAY_LEN(symbols); i++) {
        if (str_starts(p->at, symbols[i].text)) {
            p->at += strlen(symbols[i].text);
            return (Token){symbols[i].kind, symbols[i].text};
        }
    }
    n = strcspn(p->at, " \t\r\n=!(),><");
    p->at += n;
    if (n == 2 && memcmp(p->at - n, "in", 2) == 0)
        return (Token){TOKEN_IN, "in"};
    if (n == 5 && memcmp(p->at - n, "notin", 5) == 0)
        return (Token){TOKEN_NOT_IN, "notin"};
    return (Token){TOKEN_IDENTIFIER, arena_strndup(p->arena, p->at - n, n)};
}

static Token consume(Parser *p)
{
    Token t = p->token;

    p->token = scan_token(p);
    return t;
}

/* Where a value or a key may stand, "in" and "notin" are ordinary words. */
static TokenKind as_value(TokenKind k)
{
    return k == TOKEN_IN || k == TOKEN_NOT_IN ? TOKEN_IDENTIFIER : k;
}

static int unexpected(Parser *p, const char *found, const char *wanted)
{
    return err_set(p->err, ERR_BAD_REQUEST, "found '%s'%s", found, wanted);
}

/* ---- label selectors: parser ---- */

static void add_value(Parser *p, Requirement *q, const char *v)
{
    if ((q->n & (q->n - 1)) == 0) { /* grows at powers of two */
        const char **old = q->values;

        q->values = arena_array(p->arena, const char *, q->n ? q->n * 2 : 1);
        if (q->n > 0)
            memcpy(q->values, old, q->n * sizeof(*old));
    }
    q->values[q->n++] = v;
}

static int parse_identifiers(Parser *p, Requirement *q)
{
    for (;;) {
        Token t = consume(p);
        TokenKind next = as_value(p->token.kind);

        if (as_value(t.kind) == TOKEN_IDENTIFIER) {
            add_value(p, q, t.text);
            if (next == TOKEN_CLOSE)
                return 0;
            if (next != TOKEN_COMMA)
                return unexpected(p, p->token.text, ", expected: ',' or ')'");
        } else if (t.kind == TOKEN_COMMA) {
            if (q->n == 0)
                add_value(p, q, "");
            if (next == TOKEN_CLOSE) {
                add_value(p, q, "");
                return 0;
            }
            if (next == TOKEN_COMMA) {
                (void)consume(p);
                add_value(p, q, "");
            }
        } else {
            return unexpected(p, t.text, ", expected: ',', or identifier");
        }
    }
}

static int parse_values(Parser *p, Requirement *q)
{
    Token t = consume(p);
    TokenKind next = as_value(p->token.kind);
    int r;

    if (t.kind != TOKEN_OPEN)
        return unexpected(p, t.text, " expected: '('");
    if (next == TOKEN_CLOSE) {
        (void)consume(p);
        add_value(p, q, "");
        return 0;
    }
    if (next != TOKEN_IDENTIFIER && next != TOKEN_COMMA)
        return unexpected(p, p->token.text, ", expected: ',', ')' or identifier");
    t = p->token;
    r = parse_identifiers(p, q);
    if (r < 0)
        return r;
    if (consume(p).kind != TOKEN_CLOSE)
        return unexpected(p, t.text, ", expected: ')'");
    sort_values(q);
    return 0;
}

static int parse_exact_value(Parser *p, Requirement *q)
{
    Token t;

    if (p->token.kind == TOKEN_END || p->token.kind == TOKEN_COMMA) {
        add_value(p, q, "");
        return 0;
    }
    t = consume(p);
    if (as_value(t.kind) != TOKEN_IDENTIFIER)
        return unexpected(p, t.text, ", expected: identifier");
    add_value(p, q, t.text);
    return 0;
}

static bool op_of_token(TokenKind k, Op *ret)
{
    switch (k) {
    case TOKEN_IN:
        *ret = OP_IN;
        return true;
    case TOKEN_NOT_IN:
        *ret = OP_NOT_IN;
        return true;
    case TOKEN_EQ:
        *ret = OP_EQ;
        return true;
    case TOKEN_EQ2:
        *ret = OP_EQ2;
        return true;
    case TOKEN_NE:
        *ret = OP_NE;
        return true;
    case TOKEN_GT:
        *ret = OP_GT;
        return true;
    case TOKEN_LT:
        *ret = OP_LT;
        return true;
    default:
        return false;
    }
}

static int parse_requirement(Parser *p, Requirement *q)
{
    Token t = consume(p);
    bool is_negated = t.kind == TOKEN_NOT;
    const char *bad;
    int r;

    if (is_negated)
        t = consume(p);
    if (as_value(t.kind) != TOKEN_IDENTIFIER)
        return unexpected(p, t.text, ", expected: identifier");
    q->key = t.text;
    bad = validate_qualified_name(q->key);
    if (bad) {
        Problems problems = {BUF_INIT, 0};

        problem(&problems, "<nil>", q->key, bad);
        r = err_set(p->err, ERR_BAD_REQUEST, "%s", buf_str(&problems.text));
        buf_done(&problems.text);
        return r;
    }
    if (is_negated || p->token.kind == TOKEN_END || p->token.kind == TOKEN_COMMA) {
        q->op = is_negated ? OP_ABSENT : OP_EXISTS;
        return 0;
    }
    t = consume(p);
    if (!op_of_token(t.kind, &q->op))
        return unexpected(p, t.text, ", expected: in, notin, =, ==, !=, gt, lt");
    r = q->op == OP_IN || q->op == OP_NOT_IN ? parse_values(p, q) : parse_exact_value(p, q);
    return r < 0 ? r : check_requirement(q, p->err);
}

int selector_parse_labels(Arena *a, const char *text, Selector **ret, Err *err)
{
    Parser p = {.arena = a, .at = text ? text : "", .err = err};
    Selector *s = arena_new0(a, Selector);
    Requirement *q;
    Token t;
    int r;

    p.token = scan_token(&p);
    while (p.token.kind != TOKEN_END) {
        if (as_value(p.token.kind) != TOKEN_IDENTIFIER && p.token.kind != TOKEN_NOT)
            return unexpected(&p, p.token.text, ", expected: !, identifier, or 'end of string'");
        q = add_requirement(a, s);
        r = parse_requirement(&p, q);
        if (r < 0)
            return err_wrap(err, r, "unable to parse requirement");
        t = consume(&p);
        if (t.kind == TOKEN_END)
            break;
        if (t.kind != TOKEN_COMMA)
            return unexpected(&p, t.text, ", expected: ',' or 'end of string'");
        if (as_value(p.token.kind) != TOKEN_IDENTIFIER && p.token.kind != TOKEN_NOT)
            return unexpected(&p, p.token.text, ", expected: identifier after ','");
    }
    sort_requirements(s);
    *ret = s->n > 0 ? s : NULL;
    return 0;
}

/* ---- label selectors from objects ---- */

static int add_equals(Arena *a, Selector *s, const Member *m, Err *err)
{
    Requirement *q = add_requirement(a, s);

    q->key = m->name;
    q->op = OP_EQ;
    q->n = 1;
    q->values = arena_array(a, const char *, 1);
    q->values[0] = value_to_cstr(m->value) ? value_to_cstr(m->value) : "";
    return err ? check_requirement(q, err) : 0;
}

static int add_expression(Arena *a, Selector *s, const Value *v, Err *err)
{
    static const struct {
        const char *name;
        Op op;
    } ops[] = {
        {"In", OP_IN}, {"NotIn", OP_NOT_IN}, {"Exists", OP_EXISTS}, {"DoesNotExist", OP_ABSENT}};
    const char *name = value_get_str(v, "operator");
    const Value *values = value_get(v, "values"), *item;
    Requirement *q = add_requirement(a, s);
    size_t i = 0;

    while (i < ARRAY_LEN(ops) && !str_eq(name, ops[i].name))
        i++;
    if (i == ARRAY_LEN(ops))
        return err_set(err, ERR_BAD_REQUEST, "\"%s\" is not a valid label selector operator",
                       name ? name : "");
    q->op = ops[i].op;
    q->key = value_get_str(v, "key");
    if (!q->key)
        q->key = "";
    q->values = arena_array(a, const char *, value_len(values) + 1);
    value_each_item(values, k, item)
    {
        if (value_to_cstr(item))
            q->values[q->n++] = value_to_cstr(item);
    }
    sort_values(q);
    return check_requirement(q, err);
}

int selector_from_value(Arena *a, const Value *label_selector, Selector **ret, bool *ret_none,
                        Err *err)
{
    Selector *s = arena_new0(a, Selector);
    const Value *v;
    int r;

    *ret_none = !value_is(label_selector, VALUE_OBJECT);
    *ret = NULL;
    value_each_member(value_get(label_selector, "matchLabels"), m)
    {
        r = add_equals(a, s, m, err);
        if (r < 0)
            return r;
    }
    value_each_item(value_get(label_selector, "matchExpressions"), i, v)
    {
        r = add_expression(a, s, v, err);
        if (r < 0)
            return r;
    }
    sort_requirements(s);
    if (s->n > 0)
        *ret = s;
    return 0;
}

Selector *selector_from_map(Arena *a, const Value *labels)
{
    Selector *s = arena_new0(a, Selector);

    value_each_member(labels, m)(void) add_equals(a, s, m, NULL); /* valid, it was stored */
    sort_requirements(s);
    return s->n > 0 ? s : NULL;
}

/* ---- field selectors ---- */

#define TEXT_AT(field, path)                                                                       \
    {                                                                                              \
        field, path, "", true, NULL                                                                \
    }
#define TEXT(field) TEXT_AT(field, field)
#define TEXT_OR(field, path, instead)                                                              \
    {                                                                                              \
        field, path, "", true, instead                                                             \
    }
#define PLAIN(field, path, otherwise)                                                              \
    {                                                                                              \
        field, path, otherwise, false, NULL                                                        \
    }
#define NAME      TEXT("metadata.name")
#define NAMESPACE TEXT("metadata.namespace")
#define END                                                                                        \
    {                                                                                              \
        NULL, NULL, NULL, false, NULL                                                              \
    }

static const FieldSource plain_fields[] = {NAME, NAMESPACE, END};
static const FieldSource pod_fields[] = {NAME,
                                         NAMESPACE,
                                         TEXT("spec.nodeName"),
                                         TEXT("spec.restartPolicy"),
                                         TEXT("spec.schedulerName"),
                                         TEXT("spec.serviceAccountName"),
                                         PLAIN("spec.hostNetwork", "spec.hostNetwork", "false"),
                                         TEXT("status.phase"),
                                         TEXT("status.podIP"),
                                         TEXT_AT("status.podIPs", ""),
                                         TEXT("status.nominatedNodeName"),
                                         TEXT_AT("spec.host", "spec.nodeName"),
                                         END};
static const FieldSource node_fields[] = {
    NAME, PLAIN("spec.unschedulable", "spec.unschedulable", "false"), END};
static const FieldSource controller_fields[] = {
    NAME, NAMESPACE, PLAIN("status.replicas", "status.replicas", "0"), END};
static const FieldSource namespace_fields[] = {NAME, TEXT("status.phase"), END};
static const FieldSource secret_fields[] = {NAME, NAMESPACE, TEXT("type"), END};
static const FieldSource service_fields[] = {NAME, NAMESPACE, TEXT("spec.clusterIP"),
                                             TEXT("spec.type"), END};
static const FieldSource job_fields[] = {NAME, NAMESPACE,
                                         PLAIN("status.successful", "status.succeeded", "0"), END};
static const FieldSource request_fields[] = {NAME, TEXT("spec.signerName"), END};
static const FieldSource slice_fields[] = {NAME, TEXT("spec.nodeName"), TEXT("spec.driver"), END};
#define INVOLVED(field, name) TEXT_AT(field "." name, "involvedObject." name)
#define INVOLVED_ALL(field)                                                                        \
    INVOLVED(field, "kind"), INVOLVED(field, "namespace"), INVOLVED(field, "name"),                \
        INVOLVED(field, "uid"), INVOLVED(field, "apiVersion"), INVOLVED(field, "resourceVersion"), \
        INVOLVED(field, "fieldPath")
/* An event of events.k8s.io has no source; who reports it stands in (registry/core/event,
 * ToSelectableFields()). */
static const FieldSource event_fields[] = {
    NAME,
    NAMESPACE,
    INVOLVED_ALL("involvedObject"),
    TEXT("reason"),
    TEXT("reportingComponent"),
    TEXT_OR("source", "source.component", "reportingComponent"),
    TEXT("type"),
    END};
static const FieldSource new_event_fields[] = {NAME,
                                               NAMESPACE,
                                               INVOLVED_ALL("regarding"),
                                               TEXT("reason"),
                                               TEXT_AT("reportingController", "reportingComponent"),
                                               TEXT("type"),
                                               END};

static const struct {
    const char *group, *plural;
    const FieldSource *fields;
    const char *refusal; /* %s: the field */
} kinds[] = {
    {"", "pods", pod_fields, "field label not supported: %s"},
    {"", "nodes", node_fields, "field label not supported: %s"},
    {"", "replicationcontrollers", controller_fields, "field label not supported: %s"},
    {"", "events", event_fields, "field label not supported: %s"},
    {"events.k8s.io", "events", new_event_fields, "field label not supported: %s"},
    {"", "namespaces", namespace_fields, "field label not supported: %s"},
    {"", "secrets", secret_fields, "field label not supported: %s"},
    {"", "services", service_fields, "field label not supported: %s"},
    {"batch", "jobs", job_fields, "field label \"%s\" not supported for Job"},
    {"certificates.k8s.io", "certificatesigningrequests", request_fields,
     "field label not supported: %s"},
    {"resource.k8s.io", "resourceslices", slice_fields,
     "field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: %s"},
};

static const FieldSource *find_source(const FieldSource *fields, const char *field)
{
    for (; fields->field; fields++) {
        if (str_eq(fields->field, field))
            return fields;
    }
    return NULL;
}

static int refuse_field(const char *format, const char *field, Err *err)
{
    const char *hole = strstr(format, "%s");

    return err_set(err, ERR_BAD_REQUEST, "%.*s%s%s", (int)(hole - format), format, field, hole + 2);
}

static int resolve_field(Arena *a, const Resource *r, Requirement *q, Err *err)
{
    FieldSource *own;

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (!str_eq(kinds[i].group, r->group) || !str_eq(kinds[i].plural, r->plural))
            continue;
        q->source = find_source(kinds[i].fields, q->key);
        return q->source ? 0 : refuse_field(kinds[i].refusal, q->key, err);
    }
    q->source = find_source(plain_fields, q->key);
    for (size_t i = 0; !q->source && r->selectable_fields && r->selectable_fields[i]; i++) {
        const char *field = r->selectable_fields[i];

        if (!str_eq(field, q->key))
            continue;
        own = arena_new0(a, FieldSource);
        *own = (FieldSource)PLAIN(field, field, "");
        q->source = own;
    }
    if (q->source)
        return 0;
    if (r->crd)
        return refuse_field("field label not supported: %s", q->key, err);
    return err_set(err, ERR_BAD_REQUEST,
                   "\"%s\" is not a known field selector: only \"metadata.name\", "
                   "\"metadata.namespace\"",
                   q->key);
}

/* The text before the next comma that no backslash stands before; *at moves behind it. */
static Slice next_term(const char **at)
{
    Slice term = {*at, 0};
    bool is_escaped = false;

    for (; **at; (*at)++, term.len++) {
        if (!is_escaped && **at == ',') {
            (*at)++;
            break;
        }
        is_escaped = !is_escaped && **at == '\\';
    }
    return term;
}

static int unescape(Arena *a, Slice s, const char **ret, Err *err)
{
    char *out = arena_alloc(a, s.len + 1);
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == ',' || s.ptr[i] == '=')
            return err_set(err, ERR_BAD_REQUEST,
                           "invalid field selector: unescaped character in value: %d", s.ptr[i]);
        if (s.ptr[i] == '\\') {
            i++;
            if (i == s.len || !strchr("\\,=", s.ptr[i]))
                return err_set(err, ERR_BAD_REQUEST,
                               "invalid field selector: invalid escape sequence: \\%.*s",
                               i < s.len ? 1 : 0, s.ptr + i);
        }
        out[n++] = s.ptr[i];
    }
    *ret = out;
    return 0;
}

/* One term to a requirement that still lacks its source. */
static int parse_term(Arena *a, Slice term, const char *text, Requirement *q, Err *err)
{
    const char *value = NULL;
    size_t at = 0, width = 0;
    int r;

    for (bool is_escaped = false; at < term.len; at++) {
        if (is_escaped) {
            is_escaped = false;
            continue;
        }
        is_escaped = term.ptr[at] == '\\';
        width = at + 1 < term.len && term.ptr[at + 1] == '=' &&
                        (term.ptr[at] == '!' || term.ptr[at] == '=')
                    ? 2
                    : term.ptr[at] == '=';
        if (width > 0)
            break;
    }
    if (width == 0)
        return err_set(err, ERR_BAD_REQUEST, "invalid selector: '%s'; can't understand '%.*s'",
                       text, (int)term.len, term.ptr);
    r = unescape(a, (Slice){term.ptr + at + width, term.len - at - width}, &value, err);
    if (r < 0)
        return r;
    q->part = arena_strndup(a, term.ptr, term.len);
    q->key = arena_strndup(a, term.ptr, at);
    q->op = term.ptr[at] == '!' ? OP_NE : OP_EQ;
    q->n = 1;
    q->values = arena_array(a, const char *, 1);
    q->values[0] = value;
    return 0;
}

int selector_parse_fields(Arena *a, const Resource *r, const char *text, Selector **ret, Err *err)
{
    Selector *s = arena_new0(a, Selector);
    const char *at = text ? text : "";
    int res;

    s->is_fields = true;
    while (*at) {
        Slice term = next_term(&at);

        if (term.len == 0)
            continue;
        res = parse_term(a, term, text, add_requirement(a, s), err);
        if (res < 0)
            return res;
    }
    sort_requirements(s);
    for (uint32_t i = 0; i < s->n; i++) {
        res = resolve_field(a, r, &s->reqs[i], err);
        if (res < 0)
            return res;
    }
    *ret = s->n > 0 ? s : NULL;
    return 0;
}

Selector *selector_of_field(Arena *a, const char *path, const char *value)
{
    Selector *s = arena_new0(a, Selector);
    FieldSource *source = arena_new0(a, FieldSource);
    Requirement *q = add_requirement(a, s);

    s->is_fields = true;
    *source = (FieldSource){.field = path, .path = path, .otherwise = "", .is_text = true};
    *q = (Requirement){.key = path, .op = OP_EQ, .n = 1, .source = source};
    q->values = arena_array(a, const char *, 1);
    q->values[0] = value;
    return s;
}

/* ---- matching ---- */

static bool has_value(const Requirement *q, const char *v)
{
    for (uint32_t i = 0; i < q->n; i++) {
        if (strcmp(q->values[i], v) == 0)
            return true;
    }
    return false;
}

/* `v` is NULL when the object has no such label. */
static bool requirement_holds(const Requirement *q, const char *v)
{
    int64_t number;

    switch (q->op) {
    case OP_IN:
    case OP_EQ:
    case OP_EQ2:
        return v && has_value(q, v);
    case OP_NOT_IN:
    case OP_NE:
        return !v || !has_value(q, v);
    case OP_EXISTS:
        return v != NULL;
    case OP_ABSENT:
        return v == NULL;
    case OP_GT:
    case OP_LT:
        if (!v || !slice_to_int64(slice_of(v), &number))
            return false;
        return q->op == OP_GT ? number > q->bound : number < q->bound;
    }
    return false;
}

static const char *field_of_obj(Arena **a, const FieldSource *f, const Obj *o)
{
    const char *text;
    Value *v;

    if (str_eq(f->path, "metadata.name"))
        return o->name;
    if (str_eq(f->path, "metadata.namespace"))
        return o->ns;
    if (f->path[0] == '\0')
        return f->otherwise;
    if (!*a)
        *a = arena_new();
    if (obj_scan_str(o, f->path, *a, &text) && (!f->instead || text[0]))
        return text;
    if (f->instead && obj_scan_str(o, f->instead, *a, &text))
        return text;
    if (f->is_text)
        return f->otherwise;
    if (value_parse(*a, (Slice){o->text, o->text_len}, &v, NULL) < 0)
        return f->otherwise;
    v = value_at(v, f->path);
    return v && v->type >= VALUE_BOOL && v->type <= VALUE_NUMBER ? value_to_str(*a, v)
                                                                 : f->otherwise;
}

bool selector_match_obj(const Selector *s, const Obj *o)
{
    CLEANUP(arena_free) Arena *a = NULL;

    for (uint32_t i = 0; s && i < s->n; i++) {
        const Requirement *q = &s->reqs[i];
        const char *v = s->is_fields ? field_of_obj(&a, q->source, o) : obj_label(o, q->key);

        if (!requirement_holds(q, v))
            return false;
    }
    return true;
}

bool selector_match_labels(const Selector *s, const Value *labels)
{
    for (uint32_t i = 0; s && i < s->n; i++) {
        if (!requirement_holds(&s->reqs[i], value_get_str(labels, s->reqs[i].key)))
            return false;
    }
    return true;
}

bool selector_is_empty(const Selector *s)
{
    return !s || s->n == 0;
}

const char *selector_exact(const Selector *s, const char *field)
{
    for (uint32_t i = 0; s && i < s->n; i++) {
        const Requirement *q = &s->reqs[i];
        const char *name = s->is_fields ? q->source->path : q->key;
        bool is_exact = q->op == OP_EQ || q->op == OP_EQ2 || q->op == OP_IN;

        if (is_exact && q->n == 1 && str_eq(name, field))
            return q->values[0];
    }
    return NULL;
}

/* A field that need not be text is found as text only by a value that no number or boolean has. */
static bool is_indexable(const Selector *s, const Requirement *q)
{
    bool is_equal = q->op == OP_EQ || q->op == OP_EQ2 || q->op == OP_IN;

    if (!is_equal || q->n == 0 || q->n > SELECTOR_TERM_VALUES)
        return false;
    if (!s->is_fields)
        return true;
    if (q->source->path[0] == '\0' || q->source->instead ||
        str_eq(q->source->path, "metadata.namespace"))
        return false;
    for (uint32_t i = 0; i < q->n; i++) {
        const char *v = q->values[i];

        if (strcmp(v, q->source->otherwise) == 0)
            return false;
        if (!q->source->is_text &&
            (!isalpha((unsigned char)v[0]) || str_eq(v, "true") || str_eq(v, "false")))
            return false;
    }
    return true;
}

bool selector_term(const Selector *s, SelectorTerm *ret)
{
    const Requirement *best = NULL;

    for (uint32_t i = 0; s && i < s->n; i++) {
        const Requirement *q = &s->reqs[i];

        if (is_indexable(s, q) && (!best || q->n < best->n))
            best = q;
    }
    if (!best)
        return false;
    *ret = (SelectorTerm){
        .is_label = !s->is_fields,
        .path = s->is_fields ? best->source->path : best->key,
        .values = best->values,
        .n_values = best->n,
    };
    return true;
}

const char *selector_term_value(const SelectorTerm *t, const Obj *o, Arena *a)
{
    const char *v;

    if (t->is_label)
        return obj_label(o, t->path);
    if (str_eq(t->path, "metadata.name"))
        return o->name;
    return obj_scan_str(o, t->path, a, &v) && v[0] ? v : NULL;
}

static void print_field_value(Buf *out, const char *v)
{
    for (; *v; v++) {
        if (strchr("\\,=", *v))
            buf_addc(out, '\\');
        buf_addc(out, *v);
    }
}

void selector_print(const Selector *s, Buf *out)
{
    static const char *const words[] = {
        [OP_IN] = " in ", [OP_NOT_IN] = " notin ", [OP_EQ] = "=",
        [OP_EQ2] = "==",  [OP_NE] = "!=",          [OP_GT] = ">",
        [OP_LT] = "<",    [OP_EXISTS] = "",        [OP_ABSENT] = ""};

    for (uint32_t i = 0; s && i < s->n; i++) {
        const Requirement *q = &s->reqs[i];
        bool is_set = q->op == OP_IN || q->op == OP_NOT_IN;

        buf_addf(out, "%s%s%s%s%s", i > 0 ? "," : "", q->op == OP_ABSENT ? "!" : "", q->key,
                 words[q->op], is_set ? "(" : "");
        for (uint32_t k = 0; k < q->n; k++) {
            if (k > 0)
                buf_addc(out, ',');
            if (s->is_fields)
                print_field_value(out, q->values[k]);
            else
                buf_adds(out, q->values[k]);
        }
        if (is_set)
            buf_addc(out, ')');
    }
}
