#include "cel/cel_int.h"

#include "base/b64.h"
#include "base/gofloat.h"
#include "base/map.h"

#include <math.h>

const CelVal cel__none = {.kind = CEL_OPTIONAL, .some = NULL};

static const CelType preserved_type = {.kind = CEL_OPAQUE, .name = "unknown"};

/* ---- making ---- */

void *cel__alloc(CelRun *run, size_t size)
{
    if (size > run->room) {
        run->is_over_limit = true;
        run->room = 0;
        return NULL;
    }
    run->room -= size;
    return arena_alloc(run->a, size);
}

/* What a function answers when its memory is used up; cel_eval() reports the limit. */
static CelVal out_of_room(void)
{
    return (CelVal){.kind = CEL_ERROR,
                    .s = SLICE("operation cancelled: actual cost limit exceeded")};
}

CelVal cel__err(CelRun *run, const char *fmt, ...)
{
    CelVal v = {.kind = CEL_ERROR};
    AUTO_FREE char *text = NULL;
    char *copy;
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vasprintf(&text, fmt, ap);
    va_end(ap);
    BUG_ON(n < 0);
    copy = cel__alloc(run, (size_t)n + 1);
    if (!copy)
        return out_of_room();
    memcpy(copy, text, (size_t)n + 1);
    v.s = (Slice){copy, (size_t)n};
    return v;
}

CelVal cel__no_overload(void)
{
    return (CelVal){.kind = CEL_ERROR, .s = SLICE("no such overload")};
}

CelVal cel__some(CelRun *run, CelVal v)
{
    CelVal *copy = cel__alloc(run, sizeof(*copy));

    if (!copy)
        return out_of_room();
    *copy = v;
    return (CelVal){.kind = CEL_OPTIONAL, .some = copy};
}

CelVal cel__list(CelRun *run, const CelVal *items, uint32_t n)
{
    CelSeq *seq = cel__alloc(run, sizeof(*seq));

    if (!seq || (n > 0 && !items))
        return out_of_room();
    seq->n = n;
    seq->items = items;
    return (CelVal){.kind = CEL_LIST, .form = CEL_FORM_MADE, .seq = seq};
}

CelVal cel__of_buf(CelRun *run, Buf *b)
{
    char *copy = cel__alloc(run, b->len + 1);

    if (!copy)
        return out_of_room();
    memcpy(copy, buf_str(b), b->len);
    return cel__of_str((Slice){copy, b->len});
}

/* ---- JSON as values ---- */

/* What Go calls the type of decoded JSON. */
static const char *go_type(const Value *v)
{
    int64_t i;

    switch (v->type) {
    case VALUE_NULL:
        return "<nil>";
    case VALUE_BOOL:
        return "bool";
    case VALUE_NUMBER:
        return value_to_int(v, &i) ? "int64" : "float64";
    case VALUE_STRING:
        return "string";
    case VALUE_ARRAY:
        return "[]interface {}";
    default:
        return "map[string]interface {}";
    }
}

static CelVal of_json(CelKind kind, const CelType *t, const Value *v)
{
    return (CelVal){.kind = kind, .form = CEL_FORM_JSON, .data = {v, t}};
}

static CelVal adapt_number(const Value *v)
{
    int64_t i;
    double d = 0;

    if (value_to_int(v, &i))
        return cel__of_int(i);
    (void)value_to_double(v, &d);
    return cel__of_double(d);
}

/* Without a schema: as the JSON is. */
static CelVal adapt_dyn(const Value *v)
{
    switch (v->type) {
    case VALUE_NULL:
        return (CelVal){.kind = CEL_NULL};
    case VALUE_BOOL:
        return cel__of_bool(v->boolean);
    case VALUE_NUMBER:
        return adapt_number(v);
    case VALUE_STRING:
        return cel__of_str((Slice){v->str, v->n});
    case VALUE_ARRAY:
        return of_json(CEL_LIST, &cel_list_dyn, v);
    default:
        return of_json(CEL_MAP, &cel_map_dyn, v);
    }
}

static CelVal adapt_bytes(CelRun *run, const Value *v)
{
    AUTO_BUF out = BUF_INIT;
    CelVal bytes;

    if (!b64_decode((Slice){v->str, v->n}, &out))
        return cel__err(run, "Invalid byte formatted string %s: illegal base64 data", v->str);
    bytes = cel__of_buf(run, &out);
    if (bytes.kind == CEL_STRING)
        bytes.kind = CEL_BYTES;
    return bytes;
}

static CelVal adapt_string(CelRun *run, const CelType *t, const Value *v)
{
    Slice s = {v->str, v->n};
    CelVal out;
    int64_t ns;

    switch (t->kind) {
    case CEL_BYTES:
        return adapt_bytes(run, v);
    case CEL_DURATION:
        if (!cel__parse_loose_duration(s, &ns))
            return cel__err(run, "Invalid duration %s: time: invalid duration \"%s\"", v->str,
                            v->str);
        return (CelVal){.kind = CEL_DURATION, .i = ns};
    case CEL_TIMESTAMP:
        if (t->is_date)
            return cel__parse_date(s, &out)
                       ? out
                       : cel__err(run, "Invalid date formatted string %s", v->str);
        return cel__parse_time(s, &out)
                   ? out
                   : cel__err(run, "Invalid date-time formatted string %s", v->str);
    default:
        return cel__of_str(s);
    }
}

static CelVal expected(CelRun *run, const char *what, const Value *v)
{
    return cel__err(run, "invalid data, expected %s, got %s", what, go_type(v));
}

static CelVal adapt_scalar(CelRun *run, const CelType *t, const Value *v)
{
    double d;
    int64_t i;

    switch (t->kind) {
    case CEL_BOOL:
        return v->type == VALUE_BOOL ? cel__of_bool(v->boolean) : expected(run, "bool", v);
    case CEL_INT:
        return v->type == VALUE_NUMBER && value_to_int(v, &i) ? cel__of_int(i)
                                                              : expected(run, "int", v);
    case CEL_UINT:
        return v->type == VALUE_NUMBER && value_to_int(v, &i) && i >= 0 ? cel__of_uint((uint64_t)i)
                                                                        : expected(run, "uint", v);
    case CEL_DOUBLE:
        return v->type == VALUE_NUMBER && value_to_double(v, &d) ? cel__of_double(d)
                                                                 : expected(run, "float", v);
    default:
        return v->type == VALUE_STRING ? adapt_string(run, t, v) : expected(run, "string", v);
    }
}

static CelVal adapt_null(CelRun *run, const CelType *t)
{
    if (t->is_nullable || t->kind == CEL_NULL || (t->kind == CEL_DYN && !t->is_int_or_string))
        return (CelVal){.kind = CEL_NULL};
    return cel__err(run, "invalid data, got null for schema with nullable=false");
}

CelVal cel__adapt(CelRun *run, const CelType *t, const Value *v)
{
    if (t->kind == CEL_OPTIONAL)
        return v ? cel__some(run, cel__adapt(run, t->elem, v)) : cel__none;
    if (v->type == VALUE_NULL)
        return adapt_null(run, t);
    switch (t->kind) {
    case CEL_DYN:
        if (t->is_preserved)
            return cel__opaque(&preserved_type, v);
        if (t->is_int_or_string && v->type != VALUE_STRING && v->type != VALUE_NUMBER)
            return cel__err(run, "invalid data, expected XIntOrString value to be either a "
                                 "string or integer");
        return adapt_dyn(v);
    case CEL_LIST:
        return v->type == VALUE_ARRAY ? of_json(CEL_LIST, t, v) : expected(run, "an array", v);
    case CEL_MAP:
    case CEL_OBJECT:
        return v->type == VALUE_OBJECT
                   ? of_json(t->kind, t, v)
                   : cel__err(run, "invalid data, expected a map, got: %s", go_type(v));
    default:
        return adapt_scalar(run, t, v);
    }
}

CelVal cel_val_json(const CelType *type, const Value *v)
{
    return of_json(CEL_DYN, type, v);
}

CelVal cel_val_lazy(Arena *a, const CelType *type, CelGetFn get, void *data)
{
    CelLazy *lazy = arena_new0(a, CelLazy);

    *lazy = (CelLazy){.type = type, .get = get, .data = data};
    lazy->values = arena_array(a, CelVal, MAX(type->n_fields, 1u));
    for (uint32_t i = 0; i < type->n_fields; i++)
        lazy->values[i].kind = CEL_PARAM;
    return (CelVal){.kind = CEL_OBJECT, .form = CEL_FORM_LAZY, .lazy = lazy};
}

CelVal cel_val_error(const char *text)
{
    return (CelVal){.kind = CEL_ERROR, .s = slice_of(text)};
}

/* ---- types of values ---- */

const CelType *cel__type_of(CelVal v)
{
    static const CelType optional = {.kind = CEL_OPTIONAL}, error = {.kind = CEL_ERROR};
    static const CelType *const types[CEL_KIND_MAX_] = {
        [CEL_NULL] = &cel_null,         [CEL_BOOL] = &cel_bool,
        [CEL_INT] = &cel_int,           [CEL_UINT] = &cel_uint,
        [CEL_DOUBLE] = &cel_double,     [CEL_STRING] = &cel_string,
        [CEL_BYTES] = &cel_bytes,       [CEL_TIMESTAMP] = &cel_timestamp,
        [CEL_DURATION] = &cel_duration, [CEL_LIST] = &cel_list_dyn,
        [CEL_MAP] = &cel_map_dyn,       [CEL_OBJECT] = &cel_map_dyn,
        [CEL_TYPE] = &cel_type_type,    [CEL_OPTIONAL] = &optional,
        [CEL_ERROR] = &error,           [CEL_DYN] = &cel_dyn,
    };

    return v.kind == CEL_OPAQUE ? v.opaque.type : types[v.kind];
}

static const char *name_of_type(const CelType *t)
{
    static const char *const names[CEL_KIND_MAX_] = {
        [CEL_DYN] = "dyn",
        [CEL_NULL] = "null_type",
        [CEL_BOOL] = "bool",
        [CEL_INT] = "int",
        [CEL_UINT] = "uint",
        [CEL_DOUBLE] = "double",
        [CEL_STRING] = "string",
        [CEL_BYTES] = "bytes",
        [CEL_LIST] = "list",
        [CEL_MAP] = "map",
        [CEL_OBJECT] = "map",
        [CEL_TYPE] = "type",
        [CEL_ERROR] = "error",
        [CEL_OPTIONAL] = "optional_type",
        [CEL_TIMESTAMP] = "google.protobuf.Timestamp",
        [CEL_DURATION] = "google.protobuf.Duration",
    };

    return t->kind == CEL_OPAQUE ? t->name : names[t->kind];
}

const char *cel__type_name(CelVal v)
{
    return name_of_type(v.kind == CEL_TYPE ? v.type : cel__type_of(v));
}

bool cel__value_fits(CelVal v, const CelType *t)
{
    if (t->kind == CEL_PARAM || t->kind == CEL_DYN)
        return true;
    if (t->kind == CEL_OPAQUE)
        return v.kind == CEL_OPAQUE && v.opaque.type == t;
    return v.kind == t->kind || (t->kind == CEL_MAP && v.kind == CEL_OBJECT);
}

/* ---- lists and maps ---- */

static bool is_map(CelVal v)
{
    return v.kind == CEL_MAP || v.kind == CEL_OBJECT;
}

uint32_t cel__len(CelVal v)
{
    if (v.form == CEL_FORM_JSON)
        return value_len(v.data.json);
    if (v.form == CEL_FORM_LAZY)
        return v.lazy->type->n_fields;
    return v.kind == CEL_LIST ? v.seq->n : v.table->n;
}

CelVal cel__item(CelRun *run, CelVal list, uint32_t i)
{
    if (list.form == CEL_FORM_JSON)
        return cel__adapt(run, list.data.decl->elem, list.data.json->items[i]);
    return list.seq->items[i];
}

/* ---- members of large JSON objects, by hash ---- */

enum { SMALL_OBJECT = 16 };

typedef struct CelIndex {
    const Value *json;
    uint32_t *slots, n_slots; /* member + 1 */
    struct CelIndex *next;
} CelIndex;

static CelIndex *index_of(CelRun *run, const Value *json)
{
    CelIndex *ix;

    for (ix = run->indexes; ix; ix = ix->next)
        if (ix->json == json)
            return ix;
    ix = cel__alloc(run, sizeof(*ix));
    if (!ix)
        return NULL;
    ix->json = json;
    for (ix->n_slots = 64; ix->n_slots < json->n * 2;)
        ix->n_slots *= 2;
    ix->slots = cel__alloc(run, ix->n_slots * sizeof(uint32_t));
    if (!ix->slots)
        return NULL;
    for (uint32_t i = 0; i < json->n; i++) {
        const char *name = json->members[i].name;
        uint32_t at = (uint32_t)hash_bytes(name, strlen(name)) & (ix->n_slots - 1);

        while (ix->slots[at])
            at = (at + 1) & (ix->n_slots - 1);
        ix->slots[at] = i + 1;
    }
    ix->next = run->indexes;
    run->indexes = ix;
    return ix;
}

static const Value *member(CelRun *run, const Value *json, Slice name)
{
    CelIndex *ix;

    if (json->n <= SMALL_OBJECT)
        return value_getn(json, name);
    ix = index_of(run, json);
    if (!ix)
        return NULL;
    for (uint32_t at = (uint32_t)hash_bytes(name.ptr, name.len) & (ix->n_slots - 1); ix->slots[at];
         at = (at + 1) & (ix->n_slots - 1)) {
        const Member *m = &json->members[ix->slots[at] - 1];

        if (slice_is(name, m->name))
            return m->value;
    }
    return NULL;
}

static const CelField *field_named(const CelType *t, Slice name)
{
    for (uint32_t i = 0; i < t->n_fields; i++)
        if (slice_is(name, t->fields[i].name))
            return t->fields[i].is_hidden ? NULL : &t->fields[i];
    return NULL;
}

static const CelField *field_of_json(const CelType *t, const char *json)
{
    uint32_t lo = 0, hi = t->n_fields;

    while (lo < hi) {
        uint32_t mid = (lo + hi) / 2;
        int d = strcmp(json, t->fields[mid].json);

        if (d == 0)
            return &t->fields[mid];
        if (d < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return NULL;
}

CelVal cel__map_key(CelRun *run, CelVal map, uint32_t *at, bool *ret_done)
{
    (void)run;
    *ret_done = false;
    if (map.form == CEL_FORM_MADE) {
        if (*at < map.table->n)
            return map.table->entries[(*at)++].key;
    } else if (map.form == CEL_FORM_LAZY) {
        if (*at < map.lazy->type->n_fields)
            return cel__of_str(slice_of(map.lazy->type->fields[(*at)++].name));
    } else {
        while (*at < map.data.json->n) {
            const Member *m = &map.data.json->members[(*at)++];
            const CelField *f;

            if (map.kind == CEL_MAP)
                return cel__of_str(slice_of(m->name));
            f = field_of_json(map.data.decl, m->name);
            if (f)
                return cel__of_str(slice_of(f->name));
        }
    }
    *ret_done = true;
    return cel__none;
}

/* A field of an object that is computed, once. */
static CelVal ask(CelRun *run, const CelLazy *lazy, uint32_t field)
{
    if (lazy->values[field].kind == CEL_PARAM)
        lazy->values[field] = lazy->get(lazy->data, field, run->a);
    if (lazy->values[field].kind == CEL_DYN)
        lazy->values[field] =
            cel__adapt(run, lazy->values[field].data.decl, lazy->values[field].data.json);
    return lazy->values[field];
}

bool cel__field(CelRun *run, CelVal object, const CelField *f, CelVal *ret)
{
    const Value *v = member(run, object.data.json, slice_of(f->json));

    if (!v || v->type == VALUE_NULL) /* null is absent, in objects */
        return false;
    *ret = cel__adapt(run, f->type, v);
    return true;
}

/* False: no name is written like that. */
static bool unescape(CelRun *run, Slice *key)
{
    char *text;

    if (!memmem(key->ptr, key->len, "__", 2))
        return true;
    text = cel__alloc(run, key->len + 1);
    if (!text)
        return false;
    memcpy(text, key->ptr, key->len);
    text = cel_unescape(run->a, text);
    *key = slice_of(text ? text : "");
    return text != NULL;
}

static bool find_in_json(CelRun *run, CelVal map, CelVal key, CelVal *ret)
{
    const CelField *f;
    const Value *v;

    if (key.kind != CEL_STRING) {
        *ret = cel__no_overload();
        return true;
    }
    if (map.kind == CEL_OBJECT) {
        f = field_named(map.data.decl, key.s);
        return f && cel__field(run, map, f, ret);
    }
    if (map.data.decl->has_escapes && !unescape(run, &key.s))
        return false;
    v = member(run, map.data.json, key.s);
    if (!v)
        return false;
    *ret = cel__adapt(run, map.data.decl->elem, v);
    return true;
}

/* ---- tables: maps that expressions make ---- */

uint64_t cel__hash(CelVal v)
{
    uint64_t bits;

    switch (v.kind) {
    case CEL_STRING:
    case CEL_BYTES:
        return hash_bytes(v.s.ptr, v.s.len);
    case CEL_BOOL:
        bits = v.boolean;
        break;
    case CEL_INT:
        bits = (uint64_t)v.i;
        break;
    case CEL_UINT:
        bits = v.u;
        break;
    case CEL_DOUBLE: /* equal numbers are equal keys, of whatever type */
        if (v.d >= -9223372036854775808.0 && v.d < 9223372036854775808.0)
            bits = (uint64_t)(int64_t)v.d;
        else if (v.d >= 0 && v.d < 18446744073709551616.0)
            bits = (uint64_t)v.d;
        else
            bits = 0;
        break;
    default:
        return 0;
    }
    return hash_bytes(&bits, sizeof(bits));
}

static uint32_t table_find(CelRun *run, const CelTable *t, CelVal key)
{
    if (t->n_index == 0)
        return UINT32_MAX;
    for (uint32_t i = (uint32_t)cel__hash(key) & (t->n_index - 1); t->index[i];
         i = (i + 1) & (t->n_index - 1)) {
        uint32_t e = t->index[i] - 1;

        if (e < t->n && cel__is_true(cel__equal(run, t->entries[e].key, key)))
            return e;
    }
    return UINT32_MAX;
}

static void index_entry(CelTable *t, uint32_t entry)
{
    uint32_t i = (uint32_t)cel__hash(t->entries[entry].key) & (t->n_index - 1);

    while (t->index[i])
        i = (i + 1) & (t->n_index - 1);
    t->index[i] = entry + 1;
}

/* A copy of `from` (NULL: empty) with room for `cap` entries. */
static CelTable *table_copy(CelRun *run, const CelTable *from, uint32_t cap)
{
    CelTable *t = cel__alloc(run, sizeof(*t));
    CelEntry *entries = t ? cel__alloc(run, cap * sizeof(CelEntry)) : NULL;
    uint32_t n_index = 8;

    while (n_index < cap * 2)
        n_index *= 2;
    if (!entries)
        return NULL;
    t->index = cel__alloc(run, n_index * sizeof(uint32_t));
    t->used = cel__alloc(run, sizeof(uint32_t));
    if (!t->index || !t->used)
        return NULL;
    t->entries = entries;
    t->cap = cap;
    t->n_index = n_index;
    if (from) {
        memcpy(entries, from->entries, from->n * sizeof(*entries));
        t->n = *t->used = from->n;
        for (uint32_t i = 0; i < t->n; i++)
            index_entry(t, i);
    }
    return t;
}

/* DESIGN: a table that is put into another value is never changed; but as a loop adds one entry at
 * a time, the tables of its steps share their entries and index, and each sees only its first `n`.
 */
CelVal cel__map_insert(CelRun *run, CelVal map, CelVal key, CelVal value, bool may_replace)
{
    const CelTable *from = map.table;
    uint32_t at = from ? table_find(run, from, key) : UINT32_MAX, n = from ? from->n : 0;
    CelTable *t;

    if (key.kind != CEL_STRING && key.kind != CEL_INT && key.kind != CEL_UINT &&
        key.kind != CEL_BOOL)
        return key.kind == CEL_ERROR
                   ? key
                   : cel__err(run, "unsupported key type: %s", cel__type_name(key));
    if (at != UINT32_MAX && !may_replace)
        return cel__err(run, "insert failed: key '%s' already exists",
                        cel__to_string(run, key).s.ptr);
    if (!from || at != UINT32_MAX || *from->used != n || n == from->cap) {
        t = table_copy(run, from, MAX(n * 2, 4u));
    } else {
        t = cel__alloc(run, sizeof(*t));
        if (t)
            *t = *from;
    }
    if (!t)
        return out_of_room();
    if (at == UINT32_MAX) {
        t->entries[n] = (CelEntry){key, value};
        t->n = *t->used = n + 1;
        index_entry(t, n);
    } else {
        t->entries[at].value = value;
    }
    return (CelVal){.kind = CEL_MAP, .form = CEL_FORM_MADE, .table = t};
}

CelVal cel__empty_map(CelRun *run)
{
    CelTable *t = table_copy(run, NULL, 4);

    if (!t)
        return out_of_room();
    return (CelVal){.kind = CEL_MAP, .form = CEL_FORM_MADE, .table = t};
}

CelVal cel__typed_map(CelRun *run, CelVal map, const CelType *type)
{
    CelTable *t = cel__alloc(run, sizeof(*t));

    if (!t)
        return out_of_room();
    *t = *map.table;
    t->type = type;
    return (CelVal){.kind = CEL_MAP, .form = CEL_FORM_MADE, .table = t};
}

bool cel__map_find(CelRun *run, CelVal map, CelVal key, CelVal *ret)
{
    uint32_t at;

    if (map.form == CEL_FORM_JSON)
        return find_in_json(run, map, key, ret);
    if (map.form == CEL_FORM_LAZY) {
        const CelField *f = key.kind == CEL_STRING ? field_named(map.lazy->type, key.s) : NULL;

        if (f)
            *ret = ask(run, map.lazy, (uint32_t)(f - map.lazy->type->fields));
        return f != NULL;
    }
    at = table_find(run, map.table, key);
    if (at == UINT32_MAX)
        return false;
    *ret = map.table->entries[at].value;
    return true;
}

/* ---- equality and order ---- */

static bool is_number(CelVal v)
{
    return v.kind == CEL_INT || v.kind == CEL_UINT || v.kind == CEL_DOUBLE;
}

static int sign(bool less, bool more)
{
    return less ? -1 : more;
}

static int compare_int_uint(int64_t i, uint64_t u)
{
    return i < 0 ? -1 : sign((uint64_t)i<u, (uint64_t)i> u);
}

static int compare_double(double d, CelVal v)
{
    double other;

    if (v.kind == CEL_INT) {
        if (d < -9223372036854775808.0)
            return -1;
        if (d >= 9223372036854775808.0)
            return 1;
        other = (double)v.i;
        if (d == other && v.i != (int64_t)d)
            return sign((int64_t)d < v.i, true);
        return sign(d<other, d> other);
    }
    if (d < 0)
        return -1;
    if (d >= 18446744073709551616.0)
        return 1;
    other = (double)v.u;
    if (d == other && v.u != (uint64_t)d)
        return sign((uint64_t)d < v.u, true);
    return sign(d<other, d> other);
}

static int compare_numbers(CelVal a, CelVal b)
{
    if (a.kind == CEL_DOUBLE && b.kind == CEL_DOUBLE)
        return sign(a.d<b.d, a.d> b.d);
    if (a.kind == CEL_DOUBLE)
        return compare_double(a.d, b);
    if (b.kind == CEL_DOUBLE)
        return -compare_double(b.d, a);
    if (a.kind == CEL_INT)
        return b.kind == CEL_INT ? sign(a.i<b.i, a.i> b.i) : compare_int_uint(a.i, b.u);
    return b.kind == CEL_UINT ? sign(a.u<b.u, a.u> b.u) : -compare_int_uint(b.i, a.u);
}

static bool is_nan(CelVal v)
{
    return v.kind == CEL_DOUBLE && isnan(v.d);
}

static int compare_bytes(Slice a, Slice b)
{
    int d = memcmp(a.ptr ? a.ptr : "", b.ptr ? b.ptr : "", MIN(a.len, b.len));

    return d ? sign(d < 0, true) : sign(a.len<b.len, a.len> b.len);
}

bool cel__compare(CelVal a, CelVal b, int *ret)
{
    if (is_number(a) && is_number(b)) {
        if (is_nan(a) || is_nan(b))
            return false;
        *ret = compare_numbers(a, b);
        return true;
    }
    if (a.kind != b.kind)
        return false;
    switch (a.kind) {
    case CEL_BOOL:
        *ret = a.boolean - b.boolean;
        return true;
    case CEL_STRING:
    case CEL_BYTES:
        *ret = compare_bytes(a.s, b.s);
        return true;
    case CEL_DURATION:
        *ret = sign(a.i<b.i, a.i> b.i);
        return true;
    case CEL_TIMESTAMP:
        *ret = sign(a.t.sec<b.t.sec, a.t.sec> b.t.sec);
        if (*ret == 0)
            *ret = sign(a.t.nsec<b.t.nsec, a.t.nsec> b.t.nsec);
        return true;
    default:
        return false;
    }
}

/* Half of a comparison: does every element of `a` have its equal in `b`, as hashes first? Lists of
 * the size that requests allow make anything quadratic too slow. */
typedef struct Bag {
    uint32_t *slots, n_slots;
    CelVal list;
} Bag;

/* The key member `json` of an element. */
static bool key_member(CelRun *run, CelVal item, const char *json, CelVal *ret)
{
    const CelField *f;

    if (item.kind != CEL_OBJECT)
        return item.kind == CEL_MAP && cel__map_find(run, item, cel__of_str(slice_of(json)), ret);
    f = field_of_json(item.data.decl, json);
    return f && cel__field(run, item, f, ret);
}

static uint64_t key_hash(CelRun *run, const CelType *decl, CelVal item)
{
    uint64_t h = 0;
    CelVal v;

    if (decl->list_kind == CEL_LIST_SET)
        return cel__hash(item);
    for (uint32_t i = 0; i < decl->n_list_keys; i++) {
        bool found = key_member(run, item, decl->list_keys[i], &v);

        h = h * 31 + (found ? cel__hash(v) : 7);
    }
    return h;
}

static bool same_key(CelRun *run, const CelType *decl, CelVal a, CelVal b)
{
    if (decl->list_kind == CEL_LIST_SET)
        return cel__is_true(cel__equal(run, a, b));
    if (!is_map(a) || !is_map(b))
        return false;
    for (uint32_t i = 0; i < decl->n_list_keys; i++) {
        CelVal x, y;
        bool has_x = key_member(run, a, decl->list_keys[i], &x);
        bool has_y = key_member(run, b, decl->list_keys[i], &y);

        if (has_x != has_y || (has_x && !cel__is_true(cel__equal(run, x, y))))
            return false;
    }
    return true;
}

static bool bag_make(CelRun *run, Bag *bag, const CelType *decl, CelVal list, uint32_t cap)
{
    bag->n_slots = 8;
    while (bag->n_slots < cap * 2)
        bag->n_slots *= 2;
    bag->slots = cel__alloc(run, bag->n_slots * sizeof(uint32_t));
    bag->list = list;
    if (!bag->slots)
        return false;
    for (uint32_t i = 0, n = cel__len(list); i < n; i++) {
        uint32_t at = (uint32_t)key_hash(run, decl, cel__item(run, list, i)) & (bag->n_slots - 1);

        while (bag->slots[at])
            at = (at + 1) & (bag->n_slots - 1);
        bag->slots[at] = i + 1;
    }
    return true;
}

/* The element of the bag with the key of `item`; UINT32_MAX when there is none. */
static uint32_t bag_find(CelRun *run, const Bag *bag, const CelType *decl, CelVal item)
{
    for (uint32_t at = (uint32_t)key_hash(run, decl, item) & (bag->n_slots - 1); bag->slots[at];
         at = (at + 1) & (bag->n_slots - 1))
        if (same_key(run, decl, cel__item(run, bag->list, bag->slots[at] - 1), item))
            return bag->slots[at] - 1;
    return UINT32_MAX;
}

static const CelType *list_decl(CelVal v)
{
    return v.form == CEL_FORM_JSON ? v.data.decl : v.seq->decl;
}

static CelVal equal_unordered(CelRun *run, CelVal a, CelVal b, const CelType *decl)
{
    uint32_t n = cel__len(b);
    Bag bag;

    if (!bag_make(run, &bag, decl, a, n))
        return out_of_room();
    for (uint32_t i = 0; i < n; i++) {
        CelVal item = cel__item(run, b, i), eq;
        uint32_t at = bag_find(run, &bag, decl, item);

        if (at == UINT32_MAX)
            return cel__of_bool(false);
        if (decl->list_kind == CEL_LIST_SET)
            continue;
        eq = cel__equal(run, cel__item(run, a, at), item);
        if (!cel__is_true(eq))
            return eq;
    }
    return cel__of_bool(true);
}

static CelVal equal_lists(CelRun *run, CelVal a, CelVal b)
{
    uint32_t n = cel__len(a);
    const CelType *decl = list_decl(a);

    if (n != cel__len(b))
        return cel__of_bool(false);
    if (decl && decl->list_kind != CEL_LIST_ATOMIC)
        return equal_unordered(run, a, b, decl);
    for (uint32_t i = 0; i < n; i++) {
        CelVal eq = cel__equal(run, cel__item(run, a, i), cel__item(run, b, i));

        if (!cel__is_true(eq))
            return eq;
    }
    return cel__of_bool(true);
}

/* Two objects of the same type, member by member; those without a schema by their JSON. */
static CelVal equal_objects(CelRun *run, CelVal a, CelVal b)
{
    value_each_member(a.data.json, m)
    {
        const CelField *f = field_of_json(a.data.decl, m->name);
        const Value *other = member(run, b.data.json, slice_of(m->name));
        CelVal eq;

        if (!f) {
            if (other && !value_equal(m->value, other))
                return cel__of_bool(false);
            continue;
        }
        if (!other || (other->type == VALUE_NULL) != (m->value->type == VALUE_NULL))
            return cel__of_bool(false);
        if (other->type == VALUE_NULL)
            continue;
        eq = cel__equal(run, cel__adapt(run, f->type, m->value), cel__adapt(run, f->type, other));
        if (!cel__is_true(eq))
            return eq;
    }
    return cel__of_bool(true);
}

static CelVal equal_maps(CelRun *run, CelVal a, CelVal b)
{
    bool done;

    if (cel__len(a) != cel__len(b))
        return cel__of_bool(false);
    if (a.kind == CEL_OBJECT && b.kind == CEL_OBJECT && a.form == CEL_FORM_JSON &&
        b.form == CEL_FORM_JSON)
        return equal_objects(run, a, b);
    for (uint32_t at = 0;;) {
        CelVal key = cel__map_key(run, a, &at, &done), x, y, eq;

        if (done)
            return cel__of_bool(true);
        if (!cel__map_find(run, a, key, &x))
            continue;
        if (!cel__map_find(run, b, key, &y))
            return cel__of_bool(false);
        eq = cel__equal(run, x, y);
        if (!cel__is_true(eq))
            return eq;
    }
}

static CelVal equal_opaque(CelVal a, CelVal b)
{
    if (a.opaque.type == &preserved_type || b.opaque.type == &preserved_type)
        return cel__of_bool(a.opaque.type == b.opaque.type &&
                            value_equal(a.opaque.ptr, b.opaque.ptr));
    if (a.opaque.type != b.opaque.type)
        return cel__no_overload();
    return cel__of_bool(cel__opaque_equal(a, b));
}

CelVal cel__equal(CelRun *run, CelVal a, CelVal b)
{
    int d;

    if (a.kind == CEL_ERROR)
        return a;
    if (b.kind == CEL_ERROR)
        return b;
    if (!cel__step(run))
        return out_of_room();
    if (is_number(a) && is_number(b))
        return cel__of_bool(!is_nan(a) && !is_nan(b) && compare_numbers(a, b) == 0);
    if (is_map(a) && is_map(b))
        return equal_maps(run, a, b);
    if (a.kind != b.kind) {
        /* Data of a schema insists on its kind. */
        if (a.form == CEL_FORM_JSON && (a.kind == CEL_LIST || is_map(a)) && b.kind != CEL_NULL)
            return cel__no_overload();
        return cel__of_bool(false);
    }
    switch (a.kind) {
    case CEL_NULL:
        return cel__of_bool(true);
    case CEL_LIST:
        return equal_lists(run, a, b);
    case CEL_TYPE:
        return cel__of_bool(str_eq(name_of_type(a.type), name_of_type(b.type)));
    case CEL_OPTIONAL:
        if (!a.some || !b.some)
            return cel__of_bool(!a.some && !b.some);
        return cel__equal(run, *a.some, *b.some);
    case CEL_OPAQUE:
        return equal_opaque(a, b);
    default:
        return cel__of_bool(cel__compare(a, b, &d) && d == 0);
    }
}

uint64_t cel__size(CelVal v)
{
    switch (v.kind) {
    case CEL_STRING:
        return cel__code_points(v.s);
    case CEL_BYTES:
        return v.s.len;
    case CEL_LIST:
    case CEL_MAP:
    case CEL_OBJECT:
        return cel__len(v);
    case CEL_OPAQUE:
        return cel__opaque_size(v);
    default:
        return 1;
    }
}

/* ---- list + list ---- */

static CelVal *seq_copy(CelRun *run, CelVal list, uint32_t cap)
{
    uint32_t n = cel__len(list);
    CelVal *items = cel__alloc(run, (size_t)MAX(cap, 1u) * sizeof(*items));

    for (uint32_t i = 0; items && i < n; i++)
        items[i] = cel__item(run, list, i);
    return items;
}

/* Union: the places of `a` stay; equal keys are overwritten (maps) or left out (sets). */
static CelVal add_unordered(CelRun *run, CelVal a, CelVal b, const CelType *decl)
{
    uint32_t n = cel__len(a), more = cel__len(b);
    CelVal *items = seq_copy(run, a, n + more);
    CelSeq *seq = cel__alloc(run, sizeof(*seq));
    CelVal list = {.kind = CEL_LIST, .form = CEL_FORM_MADE, .seq = seq};
    Bag bag;

    if (!items || !seq)
        return out_of_room();
    seq->items = items;
    seq->n = n;
    seq->decl = decl;
    if (!bag_make(run, &bag, decl, list, n + more))
        return out_of_room();
    for (uint32_t i = 0; i < more; i++) {
        CelVal item = cel__item(run, b, i);
        uint32_t at = bag_find(run, &bag, decl, item);

        if (at != UINT32_MAX) {
            if (decl->list_kind == CEL_LIST_MAP)
                items[at] = item;
            continue;
        }
        items[seq->n++] = item;
        at = (uint32_t)key_hash(run, decl, item) & (bag.n_slots - 1);
        while (bag.slots[at])
            at = (at + 1) & (bag.n_slots - 1);
        bag.slots[at] = seq->n;
    }
    return list;
}

/* As Go's append: a list that ends where its storage is in use up to may grow in place; older lists
 * see their own `n` only. So a loop that collects costs what it collects. */
CelVal cel__list_add(CelRun *run, CelVal a, CelVal b)
{
    uint32_t n = cel__len(a), more = cel__len(b);
    const CelType *decl = list_decl(a);
    CelSeq *seq;

    if (decl && decl->list_kind != CEL_LIST_ATOMIC)
        return add_unordered(run, a, b, decl);
    seq = cel__alloc(run, sizeof(*seq));
    if (!seq)
        return out_of_room();
    if (a.form == CEL_FORM_MADE && a.seq->used && *a.seq->used == n && more <= a.seq->cap - n) {
        *seq = *a.seq;
    } else {
        if (n > UINT32_MAX / 4 - more)
            return out_of_room();
        seq->cap = (n + more) * 2 + 2;
        seq->items = seq_copy(run, a, seq->cap);
        seq->used = cel__alloc(run, sizeof(uint32_t));
        if (!seq->items || !seq->used)
            return out_of_room();
    }
    for (uint32_t i = 0; i < more; i++)
        ((CelVal *)seq->items)[n + i] = cel__item(run, b, i);
    seq->n = *seq->used = n + more;
    return (CelVal){.kind = CEL_LIST, .form = CEL_FORM_MADE, .seq = seq};
}

/* ---- values as JSON ---- */

static Value *list_to_json(CelRun *run, CelVal v, int depth);

static Value *to_json(CelRun *run, CelVal v, int depth)
{
    char text[CEL_TIME_MAX];
    AUTO_BUF b = BUF_INIT;

    if (depth == 0 || run->room < sizeof(Value) + sizeof(Member))
        return NULL;
    run->room -= sizeof(Value) + sizeof(Member);
    switch (v.kind) {
    case CEL_NULL:
        return value_null(run->a);
    case CEL_BOOL:
        return value_bool(run->a, v.boolean);
    case CEL_INT:
        return value_int(run->a, v.i);
    case CEL_UINT:
        return value_number(run->a, arena_printf(run->a, "%llu", (unsigned long long)v.u));
    case CEL_DOUBLE:
        return isfinite(v.d) ? value_number(run->a, gofloat_text(text, v.d)) : NULL;
    case CEL_STRING:
        return value_strn(run->a, v.s.ptr ? v.s.ptr : "", v.s.len);
    case CEL_BYTES:
        b64_encode(v.s, &b);
        return value_str(run->a, buf_str(&b));
    case CEL_TIMESTAMP:
        return value_str(run->a, cel__time_text(text, v));
    case CEL_DURATION:
        return value_str(run->a, cel__duration_text(text, v.i));
    case CEL_OPTIONAL:
        return v.some ? to_json(run, *v.some, depth - 1) : value_null(run->a);
    case CEL_TYPE:
        return value_str(run->a, cel__type_name(v));
    case CEL_LIST:
    case CEL_MAP:
    case CEL_OBJECT:
        return list_to_json(run, v, depth);
    default:
        return NULL;
    }
}

static Value *list_to_json(CelRun *run, CelVal v, int depth)
{
    Value *out = v.kind == CEL_LIST ? value_array(run->a) : value_object(run->a), *item;
    bool done;

    if (v.form == CEL_FORM_JSON)
        return value_copy(run->a, v.data.json);
    for (uint32_t i = 0, n = cel__len(v); v.kind == CEL_LIST && i < n; i++) {
        item = to_json(run, cel__item(run, v, i), depth - 1);
        if (!item)
            return NULL;
        value_append(run->a, out, item);
    }
    for (uint32_t at = 0; v.kind != CEL_LIST;) {
        CelVal key = cel__map_key(run, v, &at, &done), found = cel__none, name;

        if (done)
            break;
        (void)cel__map_find(run, v, key, &found);
        name = cel__to_string(run, key);
        item = to_json(run, found, depth - 1);
        if (!item || name.kind != CEL_STRING)
            return NULL;
        value_set(run->a, out, arena_strndup(run->a, name.s.ptr, name.s.len), item);
    }
    return out;
}

Value *cel_val_to_json(Arena *a, CelVal v)
{
    CelRun run = {.a = a, .limit = UINT64_MAX, .room = CEL_MAX_JSON_BYTES};

    return to_json(&run, v, VALUE_MAX_DEPTH);
}
