#include "base/err.h"
#include "client/oidclogin.h"
#include "tests/unit/test.h"

TEST(forms_are_percent_encoded)
{
    AUTO_BUF b = BUF_INIT;

    oidclogin_form_add(&b, "scope", "openid groups");
    oidclogin_form_add(&b, "secret", "a&b=c+d/\xc3\xa9~");
    assert_string_equal(buf_str(&b), "scope=openid%20groups&secret=a%26b%3Dc%2Bd%2F%C3%A9~");
}

static const struct {
    const char *line;
    int r; /* 1 and the code, 0, or less than 0 and why */
    const char *text;
} redirects[] = {
    {"GET /callback?code=abc&state=S HTTP/1.1\r\n", 1, "abc"},
    {"GET /callback?state=S&code=a%2Fb+c HTTP/1.1\r\n", 1, "a/b c"},
    {"GET /callback?code=a%zz&state=S HTTP/1.1\r\n", 1, "a%zz"},
    {"GET /callback?code=abc&state=T HTTP/1.1\r\n", 0, NULL}, /* somebody else's */
    {"GET /callback?code=abc HTTP/1.1\r\n", 0, NULL},
    {"GET /callback?code=abc&error=x HTTP/1.1\r\n", 0, NULL},
    {"GET /favicon.ico HTTP/1.1\r\n", 0, NULL},
    {"POST /callback?code=abc&state=S HTTP/1.1\r\n", 0, NULL},
    {"", 0, NULL},
    {"GET /callback?state=S&error=access_denied&error_description=not%20you HTTP/1.1\r\n",
     -ERR_UNAUTHORIZED, "the issuer refused: access_denied: not you"},
    {"GET /callback?state=S&code= HTTP/1.1\r\n", -ERR_BAD_REQUEST,
     "the browser came back without a code"},
};

TEST(a_browser_that_comes_back_is_held_to_its_login)
{
    for (size_t i = 0; i < ARRAY_LEN(redirects); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const char *code = NULL;
        Err err;
        int r = oidclogin_read_redirect(a, slice_of(redirects[i].line), "S", &code, &err);

        assert_int_equal(r, redirects[i].r);
        if (r == 1)
            assert_string_equal(code, redirects[i].text);
        if (r < 0)
            assert_string_equal(err.msg, redirects[i].text);
    }
}

TEST(an_issuer_is_reached_by_https_only)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    OidcClient c = {.issuer = "http://127.0.0.1:1", .client_id = "x", .scope = "openid"};
    Err err;

    assert_fails(oidclogin_discover(a, &c, &err), ERR_BAD_REQUEST);
}
