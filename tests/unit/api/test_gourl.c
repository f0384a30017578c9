#include "api/gourl.h"

#include "tests/unit/test.h"

/* The parts as "scheme user host query fragment", or the error after '!'. */
static const struct {
    const char *text, *want;
} rows[] = {
    {"https://a.b:443/c/%20?q=1#f", "https||a.b:443|q=1|f"},
    {"HTTPS://u:p@a", "https|u:p|a||"},
    {"https:///x", "https||||"},
    {"https:a/b?c", "https|||c|"},
    {"", "||||"},
    {"a/b:c", "||||"},
    {"1a:b", "!parse \"1a:b\": first path segment in URL cannot contain colon"},
    {"://x", "!parse \"://x\": missing protocol scheme"},
    {"https://[::1]:80/", "https||[::1]:80||"},
    {"https://[::1", "!parse \"https://[::1\": missing ']' in host"},
    {"https://a:b", "!parse \"https://a:b\": invalid port \":b\" after host"},
    {"https://a b/", "!parse \"https://a b/\": invalid character \" \" in host name"},
    {"https://a%20b/", "!parse \"https://a%20b/\": invalid URL escape \"%20\""},
    {"https://a/%zz", "!parse \"https://a/%zz\": invalid URL escape \"%zz\""},
    {"https://a/%", "!parse \"https://a/%\": invalid URL escape \"%\""},
    {"https://a/#%4", "!parse \"https://a/#%4\": invalid URL escape \"%4\""},
    {"https://u v@a", "!parse \"https://u v@a\": net/url: invalid userinfo"},
    {"https://a\n", "!parse \"https://a\\n\": net/url: invalid control character in URL"},
};

TEST(urls_are_read_as_by_go)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        GoUrl u;
        const char *wrong = gourl_parse(a, rows[i].text, &u);

        assert_string_equal(wrong ? arena_printf(a, "!%s", wrong)
                                  : arena_printf(a, "%s|%s|%s|%s|%s", u.scheme, u.user, u.host,
                                                 u.query, u.fragment),
                            rows[i].want);
    }
}
