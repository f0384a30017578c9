/*
 * cel.h - the Common Expression Language as Kubernetes speaks it: the rules of
 * CustomResourceDefinitions, admission policies, match conditions.
 *
 * How it is used:
 *     const CelType *t = cel_schema_type(a, schema, true);          the type of `self`
 *     CelEnv *env = cel_env_new(a, CEL_LIBS_KUBERNETES);
 *     int self = cel_env_declare(env, "self", t);                   0
 *     int old = cel_env_declare(env, "oldSelf", t);                 1
 *     const char *wrong = cel_compile(env, rule, a, &program);      NULL, or "ERROR: <input>:1:6:
 * ..." CelVal vars[2] = {cel_val_json(t, value), cel_val_json(t, old_value)}; cel_eval(program,
 * vars, request_arena, CEL_CALL_COST_LIMIT, &result);
 *
 * Owns:    everything that is made lives in the arena given: types and environment must live as
 * long as the programs compiled with them, values as long as the JSON they look at and the arena of
 * the evaluation. JSON is looked at where it lies, nothing is copied beforehand. Threads: a CelEnv
 * is filled by one thread and read-only after; a CelProgram is immutable and may be evaluated by
 * any number of threads at once, each with an arena of its own. Fails:   compiling by returning the
 * message, in the words of cel-go (NULL means success); evaluating by CelResult.error. Messages
 * have any length, therefore no Err. Limits:  text of 100,000 code points, nesting of 250 (both
 * checked by cel_compile); the work of an evaluation by its cost limit, which also bounds its
 * memory. Tests:   tests/unit/cel, tests/tables/cel*.txt, tests/fuzz/fuzz_cel.c
 */
#ifndef CEL_CEL_H
#define CEL_CEL_H

#include "base/value.h"

/* ---- types ---- */

typedef enum CelKind {
    CEL_DYN,
    CEL_NULL,
    CEL_BOOL,
    CEL_INT,
    CEL_UINT,
    CEL_DOUBLE,
    CEL_STRING,
    CEL_BYTES,
    CEL_TIMESTAMP,
    CEL_DURATION,
    CEL_LIST,
    CEL_MAP,
    CEL_OBJECT,   /* fields by name */
    CEL_TYPE,     /* the type of a type; elem says of which one, if known */
    CEL_OPTIONAL, /* elem */
    CEL_OPAQUE,   /* a library's own: name */
    CEL_PARAM,    /* a type parameter of an overload, or a type not known yet */
    CEL_ERROR,    /* values only: an evaluation that failed */
    CEL_KIND_MAX_
} CelKind;

typedef enum CelListKind {
    CEL_LIST_ATOMIC,
    CEL_LIST_SET, /* equality and + ignore order */
    CEL_LIST_MAP, /* equality and + go by keys */
} CelListKind;

typedef struct CelType CelType;

typedef struct CelField {
    const char *name; /* as expressions write it (cel_escape) */
    const char *json; /* as JSON has it */
    const CelType *type;
    bool is_hidden; /* known, for comparing; expressions cannot name it */
} CelField;

/* A type; for data also how JSON becomes a value of it and how large it may be. Types are equal
 * when their kind, name and parameters are. */
struct CelType {
    CelKind kind;
    const char *name;    /* object, opaque, parameter; of CEL_DYN: what it is shown as */
    const CelType *elem; /* items, values of a map, what an optional holds */
    const CelType *key;  /* map */
    /* of declared data */
    const CelField *fields; /* CEL_OBJECT: n_fields, in order of `json` */
    uint32_t n_fields, n_list_keys;
    const char *const *list_keys; /* CEL_LIST_MAP: member names in JSON */
    CelListKind list_kind;
    bool is_nullable;
    bool is_int_or_string; /* CEL_DYN: null and anything but these two is an error */
    bool is_preserved;     /* CEL_DYN without schema: can be compared, nothing else */
    bool is_date;          /* CEL_TIMESTAMP: without time of day */
    bool has_escapes;      /* CEL_MAP: expressions write keys as cel_escape() does */
    uint64_t max_elements; /* for cel_estimate_cost(): items, members, bytes */
    uint64_t min_size;     /* bytes of the smallest JSON */
};

extern const CelType cel_dyn, cel_null, cel_bool, cel_int, cel_uint, cel_double, cel_string,
    cel_bytes, cel_timestamp, cel_duration, cel_list_dyn, cel_map_dyn, cel_type_type;

CelType *cel_type_list(Arena *a, const CelType *elem);
CelType *cel_type_map(Arena *a, const CelType *key, const CelType *elem);
CelType *cel_type_optional(Arena *a, const CelType *elem);
/* `fields` is copied and sorted; a field's name is made of its json name when it is NULL, or hidden
 * when that cannot be escaped. */
CelType *cel_type_object(Arena *a, const char *name, const CelField *fields, uint32_t n);
/* As cel-go writes it: list(string), map(string, dyn), optional_type(int). */
char *cel_type_text(Arena *a, const CelType *t);
bool cel_type_equal(const CelType *a, const CelType *b);

/* The type of data that an OpenAPI v3 schema (JSON, structural) describes, with sizes as Kubernetes
 * estimates them. NULL when it describes nothing that an expression could see (no type, unknown
 * fields): such a field is undefined, and rules on such a node do not compile. `is_root`: the
 * schema of a whole object; apiVersion, kind, metadata.name and metadata.generateName are always
 * there then. Nested types are named after `name`. */
const CelType *cel_schema_type(Arena *a, const Value *schema, const char *name, bool is_root);

/* Property name to identifier: "a-b" is a__dash__b, "namespace" is __namespace__. NULL when it has
 * none. */
char *cel_escape(Arena *a, const char *name);
/* Back; NULL when it is not what cel_escape() writes. */
char *cel_unescape(Arena *a, const char *ident);

/* ---- environment ---- */

typedef enum CelLibs {
    CEL_LIB_STANDARD = 1u << 0, /* operators, macros, conversions, time */
    CEL_LIB_STRINGS = 1u << 1,  /* charAt, format, split, ... */
    CEL_LIB_SETS = 1u << 2,
    CEL_LIB_OPTIONAL = 1u << 3, /* and the syntax a.?b, a[?b], [?a] */
    CEL_LIB_TWO_VAR = 1u << 4,  /* all(i, v, ...), transformList, ... */
    CEL_LIB_LISTS = 1u << 5,    /* isSorted, sum, min, max, indexOf, lastIndexOf */
    CEL_LIB_REGEX = 1u << 6,    /* find, findAll */
    CEL_LIB_URL = 1u << 7,
    CEL_LIB_NET = 1u << 8, /* ip, cidr */
    CEL_LIB_QUANTITY = 1u << 9,
    CEL_LIB_FORMAT = 1u << 10, /* format.dns1123Label() */
    CEL_LIB_SEMVER = 1u << 11,
    CEL_LIB_IMAGE = 1u << 12,
    CEL_LIB_BIND = 1u << 13,  /* cel.bind(); not in Kubernetes */
    CEL_LIB_AUTHZ = 1u << 14, /* of values that cel_val_authorizer() makes: admission */
    CEL_LIB_PATCH = 1u << 15, /* Object{...}, JSONPatch{...}, jsonpatch.escapeKey(): mutation */
    CEL_LIBS_KUBERNETES = CEL_LIB_BIND - 1,
} CelLibs;

typedef struct CelEnv CelEnv;
typedef struct CelProgram CelProgram;

CelEnv *cel_env_new(Arena *a, unsigned libs);
/* Declare the next variable; returns its place in the `vars` of cel_eval(). */
uint32_t cel_env_declare(CelEnv *env, const char *name, const CelType *type);

/* What format.NAME().validate(text) says: one call of `report` for each mistake. Without it
 * CEL_LIB_FORMAT is not there. */
typedef void (*CelFormatFn)(const char *name, Slice text,
                            void (*report)(void *data, const char *message), void *data);
void cel_env_set_formats(CelEnv *env, CelFormatFn formats);

/* Parse and check. Returns NULL and *ret, or the message: one "ERROR: <input>:LINE:COLUMN: ..."
 * with the line and a pointer below for each mistake, without "compilation failed: ". */
const char *cel_compile(const CelEnv *env, Slice text, Arena *a, CelProgram **ret);
const CelType *cel_program_type(const CelProgram *p);
bool cel_program_uses(const CelProgram *p, uint32_t var); /* the variable is mentioned */
/* `var.field` stands in it, or `var.?field`, anywhere. */
bool cel_program_selects(const CelProgram *p, const char *var, const char *field);
/* All that are, some perhaps several times. */
const uint32_t *cel_program_vars(const CelProgram *p, uint32_t *ret_n);

/* ---- cost before running ---- */

typedef struct CelCost {
    uint64_t min, max; /* saturate */
} CelCost;

/* What one evaluation may cost, from the sizes in the types of its variables. */
CelCost cel_estimate_cost(const CelProgram *p);
uint64_t cel_cost_mul(uint64_t a, uint64_t b); /* saturates */
uint64_t cel_cost_add(uint64_t a, uint64_t b);
/* "<what> exceeds budget by factor of 1.5x (try simplifying ...)" */
char *cel_cost_text(Arena *a, const char *what, uint64_t cost, uint64_t limit);

enum {
    CEL_RULE_COST_LIMIT = 10000000,   /* estimated, a rule times how often its node may occur */
    CEL_TOTAL_COST_LIMIT = 100000000, /* estimated, all rules of a definition */
    CEL_CALL_COST_LIMIT = 1000000,    /* running, one evaluation */
    CEL_BUDGET = 10000000,            /* running, all rules of one validation */
    CEL_MAX_REQUEST_BYTES = 3 * 1024 * 1024, /* what estimates take for the largest object */
};

/* ---- values ---- */

typedef struct CelVal CelVal;

/* A plain value, 32 bytes; what it points to lives in the arena of the evaluation or in the JSON.
 */
struct CelVal {
    CelKind kind;
    uint8_t form; /* private: how a list or map is represented */
    union {
        bool boolean;
        int64_t i; /* CEL_INT; CEL_DURATION in nanoseconds */
        uint64_t u;
        double d;
        Slice s; /* CEL_STRING in UTF-8, CEL_BYTES; CEL_ERROR: its message */
        struct {
            int64_t sec;
            int32_t nsec, offset; /* of the zone it was written in, seconds */
        } t;
        struct {
            const Value *json;
            const CelType *decl;
        } data;                       /* lists, maps, objects that are JSON */
        const struct CelSeq *seq;     /* lists that an expression made */
        const struct CelTable *table; /* maps that an expression made */
        const struct CelLazy *lazy;
        const CelVal *some;  /* CEL_OPTIONAL; NULL: none */
        const CelType *type; /* CEL_TYPE */
        struct {
            const CelType *type;
            const void *ptr;
        } opaque;
    };
};

/* The JSON `v` seen as `type`; NULL for `v` is "not given": optional.none() where `type` is
 * optional, and an error if an expression asks for it otherwise. */
CelVal cel_val_json(const CelType *type, const Value *v);
/* An object whose fields are asked for one by one, each at most once: `get` answers with the value
 * of type->fields[field]. For variables that are expressions themselves. `type` is an object. */
typedef CelVal (*CelGetFn)(void *data, uint32_t field, Arena *a);
CelVal cel_val_lazy(Arena *a, const CelType *type, CelGetFn get, void *data);
/* A failure as a value: what a `get` answers. `text` is kept. */
CelVal cel_val_error(const char *text);

/* What authorizer.group('apps').resource('deployments').check('get') asks. Members that do not
 * apply are "". */
typedef struct CelAccess {
    const char *service_account_namespace, *service_account_name; /* NULL: the request's user */
    const char *path;                                             /* NULL: about a resource */
    const char *group, *resource, *subresource, *namespace, *name, *verb;
    const char *field_selector, *label_selector;
} CelAccess;
typedef struct CelDecision {
    bool is_allowed;
    const char *reason, *error; /* "" or of the arena */
} CelDecision;
typedef CelDecision (*CelCheckFn)(void *data, const CelAccess *access, Arena *a);
/* Variables of these are declared with the types below; the second one begins with a resource. */
CelVal cel_val_authorizer(Arena *a, CelCheckFn check, void *data);
CelVal cel_val_resource_check(Arena *a, CelCheckFn check, void *data, const CelAccess *access);
const CelType *cel_type_authorizer(void);
const CelType *cel_type_resource_check(void);

/* Of what a mutation makes, Object{...} or a list of JSONPatch{...}: objects must have the types of
 * the places they stand at (Object.spec in the field spec of Object). NULL, or what is wrong. */
const char *cel_val_object_mistake(Arena *a, CelVal v);

/* A value as JSON, for what expressions compute; NULL when it has no such form. */
Value *cel_val_to_json(Arena *a, CelVal v);

/* ---- running ---- */

typedef struct CelResult {
    const char *error; /* NULL: `value` is the answer. In the words of cel-go: "no such key: x" */
    CelVal value;
    uint64_t cost;
    bool is_over_limit; /* error is "operation cancelled: actual cost limit exceeded" */
} CelResult;

/* `vars` holds a value for each variable that was declared. True when it went well. */
bool cel_eval(const CelProgram *p, const CelVal *vars, Arena *a, uint64_t cost_limit,
              CelResult *ret);

#endif
