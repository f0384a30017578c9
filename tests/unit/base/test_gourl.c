#include "base/gourl.h"

#include "base/arena.h"
#include "tests/unit/test.h"

/* url_test.go and url.go of Go 1.26; NULL: it is taken. */
static const struct {
    const char *text, *any, *request; /* request "": as any */
} rows[] = {
    {"https://a.example/x?y=z", NULL, ""},
    {"https://user:pass@a.example:8443/x", NULL, ""},
    {"https://[::1]:8443/", NULL, ""},
    {"https://[fe80::1%25en0]/", NULL, ""},
    {"https://[fe80::1%25%65%6e]/", NULL, ""},
    {"https://[::ffff:1.2.3.4]/", NULL, ""},
    {"https://a_b.example/~x/%41", NULL, ""},
    {"https://h\xc3\xb6st/", NULL, ""},
    {"https://a:/", NULL, ""},
    {"mailto:x@y", NULL, ""},
    {"*", NULL, ""},
    {"/x:y", NULL, ""},
    {"//host/x", NULL, ""},
    {"", NULL, "empty url"},
    {"x/y", NULL, "invalid URI for request"},
    {"a.example:80x", NULL, ""}, /* a scheme and something opaque */
    {"1.2.3.4:80/x", "first path segment in URL cannot contain colon", "invalid URI for request"},
    {"a b:80", "first path segment in URL cannot contain colon", "invalid URI for request"},
    {":x", "missing protocol scheme", ""},
    {"http://a/\x7f", "net/url: invalid control character in URL", ""},
    {"http://a\n", "net/url: invalid control character in URL", ""},
    {"http://a/%zz", "invalid URL escape \"%zz\"", ""},
    {"http://a/%", "invalid URL escape \"%\"", ""},
    {"http://a/%4", "invalid URL escape \"%4\"", ""},
    {"http://a%41/", "invalid URL escape \"%41\"", ""},
    {"http://a%25/", NULL, ""},
    {"http://a%zzzz/", "invalid URL escape \"%zz\"", ""},
    {"http://[fe80::1%25%2f]/", "invalid URL escape \"%2f\"", ""},
    {"http://a b/", "invalid character \" \" in host name", ""},
    {"http://a\\b/", "invalid character \"\\\\\" in host name", ""},
    {"http://a^b/", "invalid character \"^\" in host name", ""},
    {"http://a:x/", "invalid port \":x\" after host", ""},
    {"http://a:80:80/", "invalid port \":80:80\" after host", ""},
    {"http://::1/", "invalid port \"::1\" after host", ""},
    {"http://[::1]x/", "invalid port \"x\" after host", ""},
    {"http://[::1/", "missing ']' in host", ""},
    {"http://a[::1]/", "invalid IP-literal", ""},
    {"http://[1.2.3.4]/", "invalid IP-literal", ""},
    {"http://[a]/", "invalid host: ParseAddr(\"a\"): unable to parse IP", ""},
    {"http://[]/", "invalid host: ParseAddr(\"\"): unable to parse IP", ""},
    {"http://[%25en0]/", "invalid host: ParseAddr(\"%en0\"): missing IPv6 address", ""},
    {"http://[::1%25]/", "invalid host: ParseAddr(\"::1%\"): zone must be a non-empty string", ""},
    {"http://[1.2.3.4%25e]/",
     "invalid host: ParseAddr(\"1.2.3.4%e\"): unexpected character (at \"%e\")", ""},
    {"http://[1:2]/", "invalid host: ParseAddr(\"1:2\"): address string too short", ""},
    {"http://[1::2::3]/",
     "invalid host: ParseAddr(\"1::2::3\"): multiple :: in address (at \":3\")", ""},
    {"http://[12345::]/",
     "invalid host: ParseAddr(\"12345::\"): each group must have 4 or less digits (at \"12345::\")",
     ""},
    {"http://[::g]/",
     "invalid host: ParseAddr(\"::g\"): each colon-separated field must have at least one digit "
     "(at \"g\")",
     ""},
    {"http://[1:2:3:4:5:6:7:8:9]/",
     "invalid host: ParseAddr(\"1:2:3:4:5:6:7:8:9\"): trailing garbage after address (at \"9\")",
     ""},
    {"http://a@b@c d/", "invalid character \" \" in host name", ""},
    {"http://a b@c/", "net/url: invalid userinfo", ""},
    {"http://a%zz@c/", "invalid URL escape \"%zz\"", ""},
};

static void check(size_t i, GoUrlForm form, const char *want)
{
    AUTO_BUF why = BUF_INIT, whole = BUF_INIT;
    GoUrl u;
    bool is_right = gourl_parse(slice_of(rows[i].text), form, &u, &why), again;

    if (want) {
        buf_adds(&whole, "parse ");
        gourl_quote(slice_of(rows[i].text), &whole);
        buf_addf(&whole, ": %s", want);
    }
    if (is_right != !want || !str_eq(buf_str(&why), buf_str(&whole)))
        fail_msg("row %zu (%s), form %d: %s", i, rows[i].text, form, buf_str(&why));
    again = gourl_parse(slice_of(rows[i].text), form, &u, NULL);
    assert_true(again == is_right);
}

TEST(a_url_is_taken_or_refused_as_go_does)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *request = rows[i].request;

        check(i, GOURL_ANY, rows[i].any);
        check(i, GOURL_REQUEST, request[0] ? request : rows[i].any);
    }
}

TEST(a_fragment_is_cut_off_first)
{
    static const struct {
        const char *text, *why;
    } cases[] = {
        {"http://a/#x", NULL},
        {"http://a/#%zz", "parse \"http://a/#%zz\": invalid URL escape \"%zz\""},
        {"http://a b/#x", "parse \"http://a b/\": invalid character \" \" in host name"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO_BUF why = BUF_INIT;
        GoUrl u;
        bool is_right = gourl_parse(slice_of(cases[i].text), GOURL_ANY, &u, &why);

        assert_true(is_right == !cases[i].why);
        assert_string_equal(buf_str(&why), cases[i].why ? cases[i].why : "");
    }
}

TEST(the_parts_are_as_written)
{
    AUTO_BUF user = BUF_INIT, path = BUF_INIT;
    GoUrl u;

    assert_true(gourl_parse(SLICE("HTTPS://m%65:p:w@a.b:1/x%2fy?q=1?#f"), GOURL_ANY, &u, NULL));
    assert_true(slice_is(u.scheme, "HTTPS"));
    assert_true(slice_is(u.host, "a.b:1"));
    assert_true(slice_is(u.path, "/x%2fy"));
    assert_true(slice_is(u.query, "q=1?"));
    assert_true(slice_is(u.fragment, "f"));
    gourl_print_user(&u, &user);
    assert_string_equal(buf_str(&user), "me:p%3Aw");
    gourl_print_path(&u, &path);
    assert_string_equal(buf_str(&path), "/x%2fy");
    buf_reset(&path);
    assert_true(gourl_parse(SLICE("/a b\"?"), GOURL_ANY, &u, NULL));
    gourl_print_path(&u, &path);
    assert_string_equal(buf_str(&path), "/a%20b%22");
}

TEST(quotes_are_go_s)
{
    static const struct {
        Slice text;
        const char *want;
    } cases[] = {
        {SLICE("a\"b\\"), "\"a\\\"b\\\\\""},
        {SLICE("\n\x01\x7f"), "\"\\n\\x01\\x7f\""},
        {SLICE("\xff\xc3\xa9"), "\"\\xff\xc3\xa9\""},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO_BUF out = BUF_INIT;

        gourl_quote(cases[i].text, &out);
        assert_string_equal(buf_str(&out), cases[i].want);
    }
}
