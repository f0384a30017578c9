/*
 * Objects in protobuf. tests/tables/protobuf.txt has what Go makes of some: a line of JSON, a line
 * of its bytes in hex.
 */
#include "api/decode.h"
#include "api/protobuf.h"

#include "base/err.h"
#include "tests/unit/test.h"

#include <dirent.h>

static const char *hex_of(Arena *a, Slice bytes)
{
    AUTO_BUF out = BUF_INIT;

    for (size_t i = 0; i < bytes.len; i++)
        buf_addf(&out, "%02x", (unsigned char)bytes.ptr[i]);
    return arena_strdup(a, buf_str(&out));
}

static Value *parsed(Arena *a, const char *json)
{
    Value *v = NULL;
    Err err;

    assert_ok(value_parse(a, slice_of(json), &v, &err));
    return v;
}

TEST(bytes_are_those_of_go)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    char *rest = test_text(a, "tests/tables/protobuf.txt"), *line;
    int n = 0;

    while ((line = strsep(&rest, "\n")) != NULL) {
        AUTO_BUF out = BUF_INIT, again = BUF_INIT;
        const char *want;
        Value *v, *back;
        Err err;

        if (line[0] != '{')
            continue;
        want = strsep(&rest, "\n");
        v = parsed(a, line);
        assert_true(protobuf_encode(a, v, &out));
        assert_string_equal(hex_of(a, buf_slice(&out)), want);
        assert_ok(protobuf_decode(a, buf_slice(&out), &back, &err));
        assert_true(protobuf_encode(a, back, &again));
        assert_string_equal(hex_of(a, buf_slice(&again)), want);
        n++;
    }
    assert_true(n >= 20);
}

/* What the kind's decoder makes of an object; NULL: it is not one of a built-in kind. */
static Value *clean(Arena *a, Value *v)
{
    const char *api = value_get_text(v, "apiVersion"), *slash = strchr(api, '/');
    const Resource *r =
        resource_find_kind(slash ? arena_strndup(a, api, (size_t)(slash - api)) : "",
                           slash ? slash + 1 : api, value_get_text(v, "kind"));
    Warnings w = {0};

    if (!r || decode_object(a, r, v, FIELDS_IGNORE, NULL, &w, NULL) < 0)
        return NULL;
    normalize_object(a, r, v);
    return v;
}

static int check_object(Value *recorded)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF out = BUF_INIT;
    Value *v = clean(a, value_copy(a, recorded)), *back;
    Err err;

    if (!v)
        return 0;
    assert_true(protobuf_encode(a, v, &out));
    assert_ok(protobuf_decode(a, buf_slice(&out), &back, &err));
    back = clean(a, back);
    assert_non_null(back);
    assert_string_equal(value_to_str(a, back), value_to_str(a, v));
    return 1;
}

static int check_all(Value *v)
{
    int n = value_get(v, "kind") && value_get(v, "apiVersion") ? check_object(v) : 0;
    const Value *item;

    value_each_item(v, i, item) n += check_all((Value *)item);
    value_each_member(v, m) n += check_all(m->value);
    return n;
}

TEST(what_was_recorded_comes_back)
{
    static const char folder[] = "tests/golden/recordings";
    DIR *d = opendir(folder);
    struct dirent *e;
    int n = 0;

    assert_non_null(d);
    while ((e = readdir(d)) != NULL) {
        CLEANUP(arena_free) Arena *a = arena_new();
        char *rest, *line;

        if (e->d_name[0] == '.')
            continue;
        rest = test_text(a, arena_printf(a, "%s/%s", folder, e->d_name));
        while ((line = strsep(&rest, "\n")) != NULL)
            if (line[0])
                n += check_all(parsed(a, line));
    }
    closedir(d);
    assert_true(n > 1000);
}

TEST(a_list_in_pieces_is_the_whole_list)
{
    static const struct {
        const char *type, *kind, *json;
    } cases[] = {
        {"io.k8s.api.core.v1.ConfigMap", "ConfigMapList",
         "{'kind':'ConfigMapList','apiVersion':'v1','metadata':{'resourceVersion':'9','continue':"
         "'c','remainingItemCount':3},'items':[{'metadata':{'name':'a'},'data':{'k':'v'}},"
         "{'metadata':{'name':'b'}}]}"},
        {"io.k8s.api.core.v1.ConfigMap", "ConfigMapList",
         "{'kind':'ConfigMapList','apiVersion':'v1','metadata':{},'items':[]}"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        AUTO_BUF whole = BUF_INIT, pieces = BUF_INIT;
        Value *v = value_literal(a, cases[i].json);
        const Value *item;
        Slice body;

        assert_true(protobuf_encode(a, v, &whole));
        protobuf_list_open(value_get(v, "metadata"), &pieces);
        value_each_item(value_get(v, "items"), k, item)
            protobuf_list_add(type_find(cases[i].type), item, &pieces);
        body = protobuf_list_close("v1", cases[i].kind, &pieces);
        assert_string_equal(hex_of(a, body), hex_of(a, buf_slice(&whole)));
    }
}

TEST(an_event_stands_behind_its_length)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF out = BUF_INIT, large = BUF_INIT;

    protobuf_write_event("ADDED", SLICE("k8s"), &out);
    assert_string_equal(hex_of(a, buf_slice(&out)), "0000000e"
                                                    "0a054144444544"
                                                    "12050a036b3873");
    for (int i = 0; i < 1000; i++)
        buf_adds(&large, "0123456789");
    buf_reset(&out);
    protobuf_write_event("", buf_slice(&large), &out);
    assert_int_equal(out.len, 4 + 10008);
    assert_string_equal(hex_of(a, slice_until(buf_slice(&out), 12)), "000027180a0012934e0a904e");
}

/* Nothing that is in a tree can make bytes that are no message. */
TEST(what_is_of_the_wrong_kind_is_zero)
{
    static const struct {
        const char *json, *zero;
    } cases[] = {
        {"{'kind':'ConfigMap','apiVersion':'v1','metadata':5,'data':['x'],'immutable':'yes'}",
         "{'kind':'ConfigMap','apiVersion':'v1','immutable':false}"},
        {"{'kind':'Secret','apiVersion':'v1','data':{'a':'%%'}}",
         "{'kind':'Secret','apiVersion':'v1','data':{'a':''}}"},
        {"{'kind':'Service','apiVersion':'v1','spec':{'ports':[null,{'port':'x','targetPort':{}}]}"
         "}",
         "{'kind':'Service','apiVersion':'v1','spec':{'ports':[{},{}]}}"},
        {"{'kind':'Lease','apiVersion':'coordination.k8s.io/v1','spec':{'renewTime':'never'}}",
         "{'kind':'Lease','apiVersion':'coordination.k8s.io/v1','spec':{'renewTime':"
         "'0001-01-01T00:00:00.000000Z'}}"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        AUTO_BUF one = BUF_INIT, two = BUF_INIT;

        assert_true(protobuf_encode(a, value_literal(a, cases[i].json), &one));
        assert_true(protobuf_encode(a, value_literal(a, cases[i].zero), &two));
        assert_string_equal(hex_of(a, buf_slice(&one)), hex_of(a, buf_slice(&two)));
    }
}

TEST(kinds_without_a_type_are_left_alone)
{
    static const char *const cases[] = {
        "{}",
        "{'kind':'Table','apiVersion':'meta.k8s.io/v1'}",
        "{'kind':'Widget','apiVersion':'example.com/v1','metadata':{}}",
        "{'kind':'List','apiVersion':'v1','items':[]}",
        "{'kind':7,'apiVersion':[]}",
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        AUTO_BUF out = BUF_INIT;

        assert_false(protobuf_encode(a, value_literal(a, cases[i]), &out));
        assert_int_equal(out.len, 0);
    }
}

TEST(maps_are_written_by_their_keys)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF one = BUF_INIT, two = BUF_INIT;

    assert_true(protobuf_encode(
        a,
        value_literal(a, "{'kind':'ConfigMap','apiVersion':'v1','data':{'b':'','aa':'','a':''}}"),
        &one));
    assert_true(protobuf_encode(
        a,
        value_literal(a, "{'kind':'ConfigMap','apiVersion':'v1','data':{'a':'','aa':'','b':''}}"),
        &two));
    assert_string_equal(hex_of(a, buf_slice(&one)), hex_of(a, buf_slice(&two)));
}
