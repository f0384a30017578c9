#include "api/patch.h"

#include "base/err.h"

/*
 * DESIGN
 *
 * JSON patch works on a deep copy of the object, so that a failing operation leaves nothing behind.
 * What it lets pass follows the library that the real server uses: replace and copy of a member
 * that is not there are fine (they see null), negative indexes count from the end, a missing
 * "value" is null. Any operation that fails makes the server give the same message.
 */

enum {
    JSON_PATCH_MAX_OPS = 10000,
    JSON_PATCH_MAX_COPY = 3 << 20, /* bytes that "copy" may add in total */
};

static int refused(Err *err)
{
    return err_set(err, ERR_INVALID,
                   "the server rejected our request due to an error in our request");
}

/* ---- JSON pointers ---- */

/* The next reference token of a pointer, unescaped; false at the end. *at stands on '/'. */
static bool next_key(Arena *a, const char **at, char **ret)
{
    size_t len, n = 0;
    char *out;

    if (**at != '/')
        return false;
    len = strcspn(*at + 1, "/");
    out = arena_strndup(a, *at + 1, len);
    for (size_t i = 0; i < len; i++) {
        char c = out[i];

        if (c == '~' && i + 1 < len && (out[i + 1] == '0' || out[i + 1] == '1'))
            c = out[++i] == '0' ? '~' : '/';
        out[n++] = c;
    }
    out[n] = '\0';
    *at += 1 + len;
    *ret = out;
    return true;
}

/* Index of an array of `n` items; -1 counts as the last one. */
static bool read_index(const char *key, uint32_t n, uint32_t *ret)
{
    int64_t i;

    if (!slice_to_int64(slice_of(key), &i))
        return false;
    if (i < 0)
        i += n;
    if (i < 0 || i >= n)
        return false;
    *ret = (uint32_t)i;
    return true;
}

/* The container that holds the last token of the path, and that token; false when it is missing. */
static bool find_container(Arena *a, Value *doc, const char *path, Value **ret, char **ret_key)
{
    Value *at = doc;
    char *key;
    uint32_t i;

    if (!next_key(a, &path, &key))
        return false;
    while (*path) {
        if (value_is(at, VALUE_ARRAY))
            at = read_index(key, at->n, &i) ? at->items[i] : NULL;
        else
            at = value_get(at, key);
        if (!at || at->type < VALUE_ARRAY || !next_key(a, &path, &key))
            return false;
    }
    *ret = at;
    *ret_key = key;
    return true;
}

/* Nesting of a value; of one that patches of this file have let pass, so that it is limited. */
static int depth_of(const Value *v)
{
    int deepest = 0;

    for (uint32_t i = 0; i < value_len(v); i++) {
        int d = depth_of(v->type == VALUE_OBJECT ? v->members[i].value : v->items[i]);

        deepest = MAX(deepest, d);
    }
    return deepest + 1;
}

/* May `v` stand at `path`? Copies into itself would nest a document without end. */
static bool fits(const char *path, const Value *v)
{
    int depth = depth_of(v);

    for (; *path && depth <= VALUE_MAX_DEPTH; path++)
        depth += *path == '/';
    return depth <= VALUE_MAX_DEPTH;
}

/* ---- operations; each is false when it cannot be done ---- */

/* *ret is NULL for a member that is not there. */
static bool op_get(Value *container, const char *key, Value **ret)
{
    uint32_t i;

    if (container->type == VALUE_OBJECT) {
        *ret = value_get(container, key);
        return true;
    }
    if (!read_index(key, container->n, &i))
        return false;
    *ret = container->items[i];
    return true;
}

static bool op_remove(Value *container, const char *key)
{
    uint32_t i;

    if (container->type == VALUE_OBJECT)
        return value_del(container, key);
    if (!read_index(key, container->n, &i))
        return false;
    value_remove(container, i);
    return true;
}

static bool op_add(Arena *a, Value *container, const char *key, Value *v)
{
    uint32_t i;

    if (container->type == VALUE_OBJECT) {
        value_set(a, container, key, v);
        return true;
    }
    if (strcmp(key, "-") == 0) {
        value_append(a, container, v);
        return true;
    }
    if (!read_index(key, container->n + 1, &i))
        return false;
    value_insert(a, container, i, v);
    return true;
}

static bool op_replace(Arena *a, Value *container, const char *key, Value *v)
{
    uint32_t i;

    if (container->type == VALUE_OBJECT) {
        value_set(a, container, key, v);
        return true;
    }
    if (!read_index(key, container->n, &i))
        return false;
    container->items[i] = v;
    return true;
}

static bool op_test(const Value *have, const Value *wanted)
{
    bool has_null = !have || have->type == VALUE_NULL;
    bool wants_null = !wanted || wanted->type == VALUE_NULL;

    return has_null || wants_null ? has_null && wants_null : value_equal(have, wanted);
}

typedef struct JsonOp {
    const char *op, *path, *from;
    Value *value;
} JsonOp;

static const char missing_value[] = "missing value", bad_index[] = "invalid index referenced",
                  test_failed[] = "test failed";

/* Why a key cannot be used in this container: never an index, or none that is there. */
static const char *key_mistake(Arena *a, const Value *container, const char *key, bool is_add)
{
    int64_t i;

    if (container->type == VALUE_OBJECT)
        return arena_printf(a, "Unable to remove nonexistent key: %s: %s", key, missing_value);
    if (slice_to_int64(slice_of(key), &i))
        return arena_printf(a, "Unable to access invalid index: %lld: %s", (long long)i, bad_index);
    return is_add ? arena_printf(a,
                                 "value was not a proper array index: '%s': strconv.Atoi: parsing "
                                 "\"%s\": invalid syntax",
                                 key, key)
                  : arena_printf(a, "strconv.Atoi: parsing \"%s\": invalid syntax", key);
}

static const char *copy_or_move(Arena *a, Value *doc, const JsonOp *o, bool is_move, size_t *copied)
{
    Value *container, *v;
    char *key;

    if (!o->from)
        return arena_printf(a, "%s operation failed to decode from: %s", o->op, missing_value);
    if (!find_container(a, doc, o->from, &container, &key))
        return arena_printf(a, "%s operation does not apply: doc is missing from path: %s: %s",
                            o->op, o->from, missing_value);
    if (!op_get(container, key, &v) || (is_move && !op_remove(container, key)))
        return arena_printf(a, "error in %s for %s: '%s': %s", o->op, is_move ? "path" : "from",
                            is_move ? key : o->from, key_mistake(a, container, key, false));
    if (!is_move && v) {
        *copied += strlen(value_to_str(a, v));
        if (*copied > JSON_PATCH_MAX_COPY)
            return "Unable to complete the copy, the accumulated size increase of copy is too "
                   "large";
        v = value_copy(a, v);
    }
    if (v && !fits(o->path, v))
        return "the document is nested too deeply";
    if (!find_container(a, doc, o->path, &container, &key))
        return arena_printf(a,
                            "%s operation does not apply: doc is missing destination path: %s: %s",
                            o->op, o->path, missing_value);
    if (op_add(a, container, key, v ? v : value_null(a)))
        return NULL;
    return is_move ? arena_printf(a, "error in move for path: '%s': %s", o->path,
                                  key_mistake(a, container, key, true))
                   : arena_printf(a, "error while adding value during copy: %s",
                                  key_mistake(a, container, key, true));
}

static const char *run_at(Arena *a, Value *container, const char *key, const JsonOp *o,
                          Value *value)
{
    Value *have;

    if (strcmp(o->op, "add") == 0)
        return op_add(a, container, key, value)
                   ? NULL
                   : arena_printf(a, "error in add for path: '%s': %s", o->path,
                                  key_mistake(a, container, key, true));
    if (strcmp(o->op, "remove") == 0)
        return op_remove(container, key)
                   ? NULL
                   : arena_printf(a, "error in remove for path: '%s': %s", o->path,
                                  key_mistake(a, container, key, false));
    if (strcmp(o->op, "replace") == 0)
        return op_replace(a, container, key, value)
                   ? NULL
                   : arena_printf(a, "replace operation does not apply: doc is missing key: %s: %s",
                                  o->path, missing_value);
    if (!op_get(container, key, &have))
        return arena_printf(a, "error in test for path: '%s': %s", o->path,
                            key_mistake(a, container, key, false));
    return op_test(have, value)
               ? NULL
               : arena_printf(a, "testing value %s failed: %s", o->path, test_failed);
}

/* NULL, or why the operation cannot be done. */
static const char *run_op(Arena *a, Value **doc, const JsonOp *o, size_t *copied)
{
    static const char *const names[] = {"add", "remove", "replace", "test", "move", "copy"};
    Value *value = o->value ? value_copy(a, o->value) : value_null(a), *container;
    bool is_known = false, quotes;
    char *key;

    for (size_t i = 0; o->op && i < ARRAY_LEN(names); i++)
        is_known = is_known || strcmp(o->op, names[i]) == 0;
    if (!is_known)
        return arena_printf(a, "Unexpected kind: %s", o->op ? o->op : "unknown");
    if (!o->path)
        return arena_printf(a, "%s operation failed to decode path: %s", o->op, missing_value);
    if (!fits(o->path, value))
        return "the document is nested too deeply";
    if (o->path[0] == '\0' && strcmp(o->op, "replace") == 0) {
        *doc = value;
        return value->type == VALUE_OBJECT ? NULL
                                           : "replace operation value must be object or array";
    }
    if (o->path[0] == '\0' && strcmp(o->op, "test") == 0)
        return op_test(*doc, value) ? NULL
                                    : arena_printf(a, "testing value  failed: %s", test_failed);
    if (strcmp(o->op, "move") == 0 || strcmp(o->op, "copy") == 0)
        return copy_or_move(a, *doc, o, o->op[0] == 'm', copied);
    quotes = strcmp(o->op, "add") == 0 || strcmp(o->op, "remove") == 0;
    if (!find_container(a, *doc, o->path, &container, &key))
        return arena_printf(a, "%s operation does not apply: %sis missing path: %s%s%s: %s", o->op,
                            strcmp(o->op, "test") == 0 ? "" : "doc ", quotes ? "\"" : "", o->path,
                            quotes ? "\"" : "", missing_value);
    return run_at(a, container, key, o, value);
}

static int read_op(const Value *v, JsonOp *ret, Err *err)
{
    static const char *const names[] = {"op", "path", "from"};
    const char **slots[] = {&ret->op, &ret->path, &ret->from};

    if (!value_is(v, VALUE_OBJECT) && !value_is(v, VALUE_NULL))
        return err_set(err, ERR_BAD_REQUEST,
                       "error decoding patch: json: cannot unmarshal %s into Go value of type "
                       "handlers.jsonPatchOp",
                       value_type_name(v->type));
    *ret = (JsonOp){.value = value_get(v, "value")};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        const Value *text = value_get(v, names[i]);

        if (text && text->type != VALUE_STRING && text->type != VALUE_NULL)
            return err_set(err, ERR_BAD_REQUEST,
                           "error decoding patch: json: cannot unmarshal %s into Go struct field "
                           "jsonPatchOp.%s of type string",
                           value_type_name(text->type), names[i]);
        *slots[i] = value_to_cstr(text);
    }
    return 0;
}

int patch_json(Arena *a, const Value *object, const Value *patch, Value **ret, Err *err)
{
    const char *why = NULL;

    return patch_json_why(a, object, patch, ret, &why, err);
}

bool patch_is_failed_test(const char *why)
{
    size_t n = strlen(why), m = sizeof(test_failed) - 1;

    return n >= m && strcmp(why + n - m, test_failed) == 0;
}

int patch_json_why(Arena *a, const Value *object, const Value *patch, Value **ret,
                   const char **ret_why, Err *err)
{
    Value *doc = value_copy(a, object);
    const Value *item;
    size_t copied = 0;
    JsonOp o;
    int r;

    if (!value_is(patch, VALUE_ARRAY) && !value_is(patch, VALUE_NULL))
        return err_set(err, ERR_BAD_REQUEST,
                       "error decoding patch: json: cannot unmarshal %s into Go value of type "
                       "[]handlers.jsonPatchOp",
                       value_type_name(patch->type));
    if (value_len(patch) > JSON_PATCH_MAX_OPS)
        return err_set(err, ERR_TOO_LARGE,
                       "Request entity is too large: The allowed maximum operations in a JSON "
                       "patch is %d, got %u",
                       JSON_PATCH_MAX_OPS, value_len(patch));
    value_each_item(patch, i, item)
    {
        r = read_op(item, &o, err);
        if (r < 0)
            return r;
    }
    value_each_item(patch, i, item)
    {
        r = read_op(item, &o, err);
        if (r < 0)
            return r;
        *ret_why = run_op(a, &doc, &o, &copied);
        if (*ret_why)
            return refused(err);
    }
    *ret = doc;
    return 0;
}

/* ---- JSON merge patch ---- */

/* A patch value that meets nothing: nulls in it have nothing to delete. */
static Value *without_nulls(Arena *a, const Value *v)
{
    Value *out, *item;

    if (value_is(v, VALUE_OBJECT)) {
        out = value_object(a);
        value_each_member(v, m)
        {
            if (m->value->type != VALUE_NULL)
                value_set(a, out, m->name, without_nulls(a, m->value));
        }
        return out;
    }
    if (!value_is(v, VALUE_ARRAY))
        return value_copy(a, v);
    out = value_array(a);
    value_each_item(v, i, item) value_append(a, out, without_nulls(a, item));
    return out;
}

static Value *merge_value(Arena *a, Value *target, const Value *patch)
{
    if (!value_is(target, VALUE_OBJECT) || !value_is(patch, VALUE_OBJECT))
        return without_nulls(a, patch);
    value_each_member(patch, m)
    {
        if (m->value->type == VALUE_NULL)
            (void)value_del(target, m->name); /* may be absent already */
        else
            value_set(a, target, m->name, merge_value(a, value_get(target, m->name), m->value));
    }
    return target;
}

int patch_merge(Arena *a, const Value *object, const Value *patch, Value **ret, Err *err)
{
    if (value_is(patch, VALUE_NULL))
        return err_set(err, ERR_BAD_REQUEST, "Invalid JSON Patch");
    if (!value_is(patch, VALUE_OBJECT))
        return err_set(err, ERR_BAD_REQUEST,
                       "error decoding patch: json: cannot unmarshal %s into Go value of type "
                       "map[string]interface {}",
                       value_type_name(patch->type));
    *ret = merge_value(a, value_copy(a, object), patch);
    return 0;
}
