#include "base/err.h"
#include "base/yaml.h"
#include "tests/unit/test.h"

static const struct {
    const char *yaml, *json;
} reads[] = {
    {"a: 1\nb: [x, 'y', \"z\"]\n", "{\"a\":1,\"b\":[\"x\",\"y\",\"z\"]}"},
    {"a: yes\nb: 'yes'\nc: off\nd: ~\ne:\n",
     "{\"a\":true,\"b\":\"yes\",\"c\":false,\"d\":null,\"e\":null}"},
    {"a: 0755\nb: 0x1F\nc: 1_000\nd: 0b11\ne: 0o17\n",
     "{\"a\":493,\"b\":31,\"c\":1000,\"d\":3,\"e\":15}"},
    {"a: 1.50\nb: 1e3\nc: 0.1\nd: 1.0\ne: -5\n",
     "{\"a\":1.5,\"b\":1000,\"c\":0.1,\"d\":1,\"e\":-5}"},
    {"a: 1e-7\nb: 1.2345678901234567e20\nc: 1e21\nd: 0.000001\ne: -2.5e-10\nf: 123456789.0\n",
     "{\"a\":1e-7,\"b\":123456789012345670000,\"c\":1e+21,\"d\":0.000001,\"e\":-2.5e-10,"
     "\"f\":123456789}"},
    {"a: 10m\nb: 1.2.3\nc: 2020-01-01\nd: 1:30\n",
     "{\"a\":\"10m\",\"b\":\"1.2.3\",\"c\":\"2020-01-01\",\"d\":\"1:30\"}"},
    {"1: a\ntrue: b\n", "{\"1\":\"a\",\"true\":\"b\"}"},
    {"x: &x {a: 1}\nw: *x\nz:\n  <<: *x\n  b: 2\n",
     "{\"x\":{\"a\":1},\"w\":{\"a\":1},\"z\":{\"b\":2,\"a\":1}}"},
    {"a: |\n  l1\n  l2\nb: >-\n  l1\n  l2\n", "{\"a\":\"l1\\nl2\\n\",\"b\":\"l1 l2\"}"},
    {"{\"a\": \"\\u00e9\"}", "{\"a\":\"\xc3\xa9\"}"},
    {"!!str 12", "\"12\""},
    {"", "null"},
    {"# only a comment\n", "null"},
    {"a: 18446744073709551615\n", "{\"a\":18446744073709551615}"},
};

TEST(scalars_and_structures_read_as_kubectl_reads_them)
{
    for (size_t i = 0; i < ARRAY_LEN(reads); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *v = NULL;
        Err err;

        assert_ok(value_parse_yaml(a, slice_of(reads[i].yaml), &v, &err));
        assert_string_equal(value_to_str(a, v), reads[i].json);
    }
}

TEST(a_stream_has_many_documents)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = NULL;
    Err err;

    assert_ok(value_parse_yaml_all(a, SLICE("---\na: 1\n---\n---\nb: 2\n"), &v, &err));
    assert_string_equal(value_to_str(a, v), "[{\"a\":1},null,{\"b\":2}]");
}

static const struct {
    const char *yaml, *message;
} refused[] = {
    {"a: 1\na: 2\n", "yaml: line 2: key \"a\" already set in map"},
    {"a: *nope\n", "yaml: unknown anchor 'nope' referenced"},
    {"a: &x [*x]\n", "yaml: unknown anchor 'x' referenced"},
    {"[a]: b\n", "yaml: line 1: a mapping's key is not a scalar"},
    {"a: 'b\n", NULL},
    {"a:\n\t- b\n", NULL},
    {"\xff\xfe", NULL},
};

TEST(broken_documents_are_refused)
{
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *v;
        Err err;

        assert_fails(value_parse_yaml(a, slice_of(refused[i].yaml), &v, &err), ERR_BAD_REQUEST);
        if (refused[i].message)
            assert_string_equal(err.msg, refused[i].message);
    }
}

static void on_dup(const char *text, void *data)
{
    buf_addf(data, "%s;", text);
}

TEST(the_last_of_two_keys_counts_where_that_is_allowed)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF dups = BUF_INIT;
    Value *v = NULL;
    Err err;

    assert_ok(value_parse_yaml_lax(a, SLICE("a: &x 1\nb:\n  c: 2\n  c: 3\na: 4\nd: *x\n"), on_dup,
                                   &dups, &v, &err));
    assert_string_equal(value_to_str(a, v), "{\"a\":4,\"b\":{\"c\":3},\"d\":1}");
    assert_string_equal(buf_str(&dups), "line 4: key \"c\" already set in map;"
                                        "line 5: key \"a\" already set in map;");
}

TEST(lines_of_mistakes_are_those_of_go)
{
    static const struct {
        const char *yaml, *message;
    } cases[] = {
        {"a: 1\nb: [c\n", "yaml: line 2: did not find expected ',' or ']'"},
        {"a: 1\nb: 'c\n", "yaml: line 3: found unexpected end of stream"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *v;
        Err err;

        assert_fails(value_parse_yaml(a, slice_of(cases[i].yaml), &v, &err), ERR_BAD_REQUEST);
        assert_string_equal(err.msg, cases[i].message);
    }
}

TEST(aliases_cannot_blow_a_document_up)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF b = BUF_INIT;
    Value *v;
    Err err;

    buf_adds(&b, "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 9; i++) {
        buf_addf(&b, "a%d: &a%d [", i, i);
        for (int j = 0; j < 10; j++)
            buf_addf(&b, "%s*a%d", j ? "," : "", i - 1);
        buf_adds(&b, "]\n");
    }
    assert_fails(value_parse_yaml(a, buf_slice(&b), &v, &err), ERR_BAD_REQUEST);
}

static const struct {
    const char *json, *yaml;
} writes[] = {
    {"{'b':1,'a':'x'}", "a: x\nb: 1\n"},
    {"{'a':1e-7,'b':1000000.5,'c':0.1,'d':2.0,'e':-1e21}",
     "a: 1e-07\nb: 1.0000005e+06\nc: 0.1\nd: 2\ne: -1e+21\n"},
    {"{'l':[{'k':'a','p':[1]},'s'],'e':[],'o':{}}", "e: []\nl:\n- k: a\n  p:\n  - 1\n- s\no: {}\n"},
    {"{'a':'true','b':'1','c':'','d':null,'e':'null','f':'1.5','g':'0x10','h':'no'}",
     "a: \"true\"\nb: \"1\"\nc: \"\"\nd: null\ne: \"null\"\nf: \"1.5\"\ng: \"0x10\"\nh: \"no\"\n"},
    {"{'a':'l1\\nl2\\n','b':'l1\\nl2','c':': x','d':'- x','e':'a: b','f':' x'}",
     "a: |\n  l1\n  l2\nb: |-\n  l1\n  l2\nc: ': x'\nd: '- x'\ne: 'a: b'\nf: ' x'\n"},
    {"{'b1':3,'a10':1,'a9':2,'a-':4}", "a-: 4\na9: 2\na10: 1\nb1: 3\n"},
    {"{'t':'2024-01-02T03:04:05Z','m':'1:30','s':'10m','*':'*','v':'v1'}",
     "'*': '*'\nm: \"1:30\"\ns: 10m\nt: \"2024-01-02T03:04:05Z\"\nv: v1\n"},
    {"{'n':'x  \\ny','A':'\\nlead','i':'x #y','j':'<<','k':'=','tab':'a\\tb','tr':'x "
     "','f':'1_000'}",
     "A: |2-\n\n  lead\nf: \"1_000\"\ni: 'x #y'\nj: <<\nk: =\n\"n\": \"x  \\ny\"\ntab: "
     "\"a\\tb\"\ntr: 'x '\n"},
    {"[]", "[]\n"},
    {"'x'", "x\n"},
    {"{'a':0.5,'b':-3,'c':true}", "a: 0.5\nb: -3\nc: true\n"},
};

TEST(values_are_written_as_kubectl_writes_them)
{
    for (size_t i = 0; i < ARRAY_LEN(writes); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        AUTO_BUF b = BUF_INIT;

        value_print_yaml(value_literal(a, writes[i].json), &b);
        assert_string_equal(buf_str(&b), writes[i].yaml);
    }
}
