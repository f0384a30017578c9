#include "api/jsonpath.h"

#include "base/err.h"
#include "tests/unit/test.h"

static const char nodes[] =
    "{'kind':'List','items':[{'kind':'None','metadata':{'name':'one','labels':"
    "{'kubernetes.io/hostname':'one.local'}},'n':3,'status':{'capacity':{'cpu':'4'},'ready':true,"
    "'addresses':[{'type':'A','address':'10.0.0.1'}]}},{'kind':'None','metadata':{'name':'two'},"
    "'n':5.5,'status':{'capacity':{'cpu':'8'},'ready':false,'addresses':[{'type':'A','address':"
    "'10.0.0.2'},{'type':'B','address':'10.0.0.3'}]}}],'users':[{'name':'me','user':{}},{'name':"
    "'e2e','user':{'username':'admin'}}],'null':null,'list':[0,1,2,3,4],'empty':[]}";

static const struct {
    const char *template, *want; /* want: output, or the error after '!' */
} rows[] = {
    {"hello", "hello"},
    {"{.kind}", "List"},
    {"{.kind}-{$.kind} {@.kind}", "List-List List"},
    {"{.hello}", ""},
    {"before-{.hello}after", "before-after"},
    {"{.null}", "<nil>"},
    {"{'{'}{\"\\n\"}", "{\n"},
    {"{.items[*].metadata.name}", "one two"},
    {"{.items[0].metadata.labels.kubernetes\\.io/hostname}", "one.local"},
    {"{.items[0].metadata.labels['kubernetes\\.io/hostname']}", "one.local"},
    {"{.items[-1]['kind']}", "None"},
    {"{.list[0:2]}", "0 1"},
    {"{.list[:2]}", "0 1"},
    {"{.list[1::2]}", "1 3"},
    {"{.list[-2:]}", "3 4"},
    {"{.list[1,3,4]}", "1 3 4"},
    {"{.list}", "[0,1,2,3,4]"},
    {"{.list[?(@>2)]}", "3 4"},
    {"{.list[?(@<=1)]}", "0 1"},
    {"{.list[3:1]}", "!starting index 3 is greater than ending index 1"},
    {"{.list[9]}", "!array index out of bounds: index 9, length 5"},
    {"{.items[?(@.n>=3.5)].metadata.name}", "two"},
    {"{.users[?(@.name==\"e2e\")].user.username}", "admin"},
    {"{.users[?(@.name!='e2e')].name}", "me"},
    {"{.users[?(@.user.username)].name}", "e2e"},
    {"{.items[?(@.status.ready==true)].metadata.name}", "one"},
    {"{.items[*]['metadata.name', 'status.capacity']}", "one two {\"cpu\":\"4\"} {\"cpu\":\"8\"}"},
    {"{..address}", "10.0.0.1 10.0.0.2 10.0.0.3"},
    {"{range .items[*]}{.metadata.name}, {end}{.kind}", "one, two, List"},
    {"{range .items[*]}{range .status.addresses[*]}{.address};{end}/{end}",
     "10.0.0.1;/10.0.0.2;10.0.0.3;/"},
    {"{range .empty[*]}x{range .y[*]}z{end}{end}ok", "ok"},
    {"{range .items[*]}{.kind}", "NoneNone"},
    {"{.items[0].status.*.cpu}", "4"},
    {"{hello}", "!unrecognized identifier hello"},
    {"{end}", "!not in range, nothing to end"},
    {"{.kind", "!unclosed action"},
    {"{.list[0", "!unterminated array"},
    {"{.list[x]}", "!invalid array index x"},
    {"{.list[?(@>1]}", "!unterminated filter"},
    {"{.list[?(@>1)}", "!unclosed array expect ]"},
    {"{.list[?(@<>1)]}", "!unrecognized filter operator <>"},
    {"{\"abc}", "!unterminated quoted string"},
    {"{..  ..a}", "!invalid multiple recursive descent"},
    {"{.kind[0]}", "!string is not array or slice"},
    {"{%}", "!unrecognized character in action: U+0025 '%'"},
};

/* As client-go's parser says: what is written wrongly, not what cannot be evaluated. NULL: nothing.
 */
static const struct {
    const char *template, *mistake;
} parsed[] = {
    {"{spec.validations[0].expression}", NULL},
    {"{end}", NULL},
    {"{range}", NULL},
    {"{.a[]}", NULL},
    {"{.a[0,?(@.b)]}", NULL},
    {"{.a['b}c']}", NULL},
    {"{+01 -1. 1.5}", NULL},
    {"{.a[?(@.b=='x' && @.c==')')]}", "unclosed array expect ]"},
    {"{.a['b'c']}", "invalid array index 'b'c'"},
    {"{.a[1:2:3:4]}", "invalid array index 1:2:3:4"},
    {"{.a[+1]}", "invalid array index +1"},
    {"{.a[-]}", "array index - is not a number"},
    {"{.a[99999999999999999999]}", "array index 99999999999999999999 is not a number"},
    {"{.a[0,\t1]}", "invalid array index \t1"},
    {"{.a[?(@=)]}", "unrecognized character in action: U+003D '='"},
    {"{.a[?(@.b==)]}", "unrecognized character in action: U+003D '='"},
    {"{.a['b}{%']}", "unrecognized character in action: U+0025 '%'"},
    {"{\t}", "unrecognized character in action: U+0009"},
    {"{1.2.3}", "cannot parse number 1.2.3"},
    {"{-}", "cannot parse number -"},
    {"{'a\\\"'}", "unquote string 'a\\\"' error invalid syntax"},
    {"{\"\\U0001F600\\101\\x41\"}", NULL},
    {"{\"\\ud800\"}", "unquote string \"\\ud800\" error invalid syntax"},
    {"{\"\\400\"}", "unquote string \"\\400\" error invalid syntax"},
    {"{spec", "unclosed action"},
};

TEST(mistakes_of_writing_are_told_when_parsed)
{
    for (size_t i = 0; i < ARRAY_LEN(parsed); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        JsonPath *p;
        Err err = {0};
        int r = jsonpath_parse(a, parsed[i].template, &p, &err);

        assert_string_equal(err.msg, parsed[i].mistake ? parsed[i].mistake : "");
        assert_int_equal(r, parsed[i].mistake ? -ERR_BAD_REQUEST : 0);
    }
}

TEST(templates_print_as_in_kubectl)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        AUTO_BUF out = BUF_INIT;
        JsonPath *p = NULL;
        Err err = {0};
        int r = jsonpath_parse(a, rows[i].template, &p, &err);

        if (r == 0)
            r = jsonpath_print(p, a, value_literal(a, nodes), &out, &err);
        if (rows[i].want[0] == '!') {
            assert_string_equal(err.msg, rows[i].want + 1);
            assert_int_equal(r, -ERR_BAD_REQUEST);
        } else {
            if (r < 0)
                print_message("%s: %s\n", rows[i].template, err.msg);
            assert_ok(r);
            assert_string_equal(buf_str(&out), rows[i].want);
        }
    }
}

TEST(values_of_a_path_come_as_an_array)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    JsonPath *p;
    Value *v;

    assert_ok(jsonpath_parse(a, "{.items[*].n}", &p, NULL));
    assert_ok(jsonpath_values(p, a, value_literal(a, nodes), &v, NULL));
    assert_string_equal(value_to_str(a, v), "[3,5.5]");
    assert_ok(jsonpath_parse(a, "{.nothing.here}", &p, NULL));
    assert_ok(jsonpath_values(p, a, value_literal(a, nodes), &v, NULL));
    assert_string_equal(value_to_str(a, v), "[]");
}

TEST(an_expression_cannot_run_away)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF text = BUF_INIT;
    AUTO_BUF out = BUF_INIT;
    JsonPath *p;

    buf_adds(&text, "{");
    for (int i = 0; i < 40; i++)
        buf_adds(&text, "...*");
    buf_adds(&text, "}");
    assert_ok(jsonpath_parse(a, buf_str(&text), &p, NULL));
    assert_fails(
        jsonpath_print(p, a, value_literal(a, "[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]"),
                       &out, NULL),
        ERR_BAD_REQUEST);
}
