#include "base/regex.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "tests/unit/test.h"

#define ERR_(text) "error parsing regexp: " text

static const struct {
    const char *pattern, *message;
} bad[] = {
    {"(", ERR_("missing closing ): `(`")},
    {"a(b|c", ERR_("missing closing ): `a(b|c`")},
    {"(a|b|", ERR_("missing closing ): `(a|b|`")},
    {")", ERR_("unexpected ): `)`")},
    {"a|b))", ERR_("unexpected ): `a|b))`")},
    {"[a-z", ERR_("missing closing ]: `[a-z`")},
    {"x[^", ERR_("missing closing ]: `[^`")},
    {"[", ERR_("missing closing ]: `[`")},
    {"[[:alpha:]", ERR_("missing closing ]: `[[:alpha:]`")},
    {"[]a", ERR_("missing closing ]: `[]a`")},
    {"[z-a]", ERR_("invalid character class range: `z-a`")},
    {"[a-\\d]", ERR_("invalid escape sequence: `\\d`")},
    {"[[:word:][:nope:]]", ERR_("invalid character class range: `[:nope:]`")},
    {"\\p{Nope}", ERR_("invalid character class range: `\\p{Nope}`")},
    {"\\pX", ERR_("invalid character class range: `\\pX`")},
    {"\\p", ERR_("invalid character class range: `\\p`")},
    {"\\p{Greek", ERR_("invalid character class range: `\\p{Greek`")},
    {"\\", ERR_("trailing backslash at end of expression: ``")},
    {"a\\", ERR_("trailing backslash at end of expression: ``")},
    {"\\8", ERR_("invalid escape sequence: `\\8`")},
    {"(a)\\1", ERR_("invalid escape sequence: `\\1`")},
    {"\\C", ERR_("invalid escape sequence: `\\C`")},
    {"\\Z", ERR_("invalid escape sequence: `\\Z`")},
    {"\\x{110000}", ERR_("invalid escape sequence: `\\x{110000`")},
    {"\\x{}", ERR_("invalid escape sequence: `\\x{}`")},
    {"\\xz", ERR_("invalid escape sequence: `\\xz`")},
    {"\\u1234", ERR_("invalid escape sequence: `\\u`")},
    {"*", ERR_("missing argument to repetition operator: `*`")},
    {"a|*", ERR_("missing argument to repetition operator: `*`")},
    {"(+?)", ERR_("missing argument to repetition operator: `+?`")},
    {"(?i)*a", ERR_("missing argument to repetition operator: `*`")},
    {"{2}", ERR_("missing argument to repetition operator: `{2}`")},
    {"a**", ERR_("invalid nested repetition operator: `**`")},
    {"a{2}{3}b", ERR_("invalid nested repetition operator: `{2}{3}`")},
    {"a*+", ERR_("invalid nested repetition operator: `*+`")},
    {"a??+", ERR_("invalid nested repetition operator: `??+`")},
    {"x{1001}", ERR_("invalid repeat count: `{1001}`")},
    {"x{2,1}y", ERR_("invalid repeat count: `{2,1}`")},
    {"x{1,9876543210}", ERR_("invalid repeat count: `{1,9876543210}`")},
    {"(x{32}){32}", ERR_("invalid repeat count: `{32}`")},
    {"((x{10,}){10}){11}", ERR_("invalid repeat count: `{11}`")},
    {"(?=a)", ERR_("invalid or unsupported Perl syntax: `(?=`")},
    {"(?!a)", ERR_("invalid or unsupported Perl syntax: `(?!`")},
    {"(?>a)", ERR_("invalid or unsupported Perl syntax: `(?>`")},
    {"(?i-)a", ERR_("invalid or unsupported Perl syntax: `(?i-)`")},
    {"(?i", ERR_("invalid or unsupported Perl syntax: `(?i`")},
    {"(?", ERR_("invalid or unsupported Perl syntax: `(?`")},
    {"(?<=a)b", ERR_("invalid named capture: `(?<=a)b`")},
    {"(?P<x y>a)", ERR_("invalid named capture: `(?P<x y>`")},
    {"(?P<>a)", ERR_("invalid named capture: `(?P<>`")},
    {"(?P=name)", ERR_("invalid or unsupported Perl syntax: `(?P`")},
    {"a\xff", ERR_("invalid UTF-8: `\xff`")},
};

TEST(what_go_refuses_is_refused_in_its_words)
{
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        Regex *re = NULL;
        Err err = {0};

        if (regex_compile(bad[i].pattern, strlen(bad[i].pattern), &re, &err) != -ERR_INVALID)
            fail_msg("'%s' was taken", bad[i].pattern);
        assert_string_equal(err.msg, bad[i].message);
    }
}

static const struct {
    const char *pattern, *text;
    int start, end; /* -1: no match */
} cases[] = {
    {"", "abc", 0, 0},
    {"a", "abc", 0, 1},
    {"^b", "abc", -1, 0},
    {"^(a|b)*$", "abba", 0, 4},
    {"^(a|b)*$", "abca", -1, 0},
    {"a|ab", "ab", 0, 1}, /* leftmost-first, not longest */
    {"(a|ab)(c|bcd)", "abcd", 0, 4},
    {"b+", "abbbc", 1, 4},
    {"b+?", "abbbc", 1, 2},
    {"(?U)b+", "abbbc", 1, 2},
    {"(?U)b+?", "abbbc", 1, 4},
    {"b*", "abc", 0, 0},
    {"(|a)*", "aa", 0, 0},
    {"(|a)+", "aa", 0, 0},
    {"(a|)+", "aa", 0, 2},
    {"(a*)*", "b", 0, 0},
    {"x{2,3}", "xxxx", 0, 3},
    {"x{2,3}?", "xxxx", 0, 2},
    {"x{3}", "xx", -1, 0},
    {"x{0}y", "xy", 1, 2},
    {"x{,2}", "x{,2}", 0, 5}, /* no repeat: literal */
    {"x{02}", "x{02}", 0, 5},
    {"{", "a{", 1, 2},
    {"a.c", "a\nc", -1, 0},
    {"(?s)a.c", "a\nc", 0, 3},
    {"a$", "a\n", -1, 0}, /* $ is the very end */
    {"(?m)a$", "a\nb", 0, 1},
    {"(?m)^b$", "a\nb\nc", 2, 3},
    {"^b", "a\nb", -1, 0},
    {"a\\z", "ba", 1, 2},
    {"\\Aa", "ba", -1, 0},
    {"\\bfoo\\b", "a foo b", 2, 5},
    {"\\bfoo\\b", "afoo", -1, 0},
    {"o\\B", "foo", 1, 2},
    {"[a-c]+", "xxabcd", 2, 5},
    {"[^a-c]+", "abxy", 2, 4},
    {"[^a]", "\n", 0, 1},
    {"[]a]+", "]a", 0, 2},
    {"[a-]+", "-a", 0, 2},
    {"[-a]+", "-a", 0, 2},
    {"[a\\]]+", "a]", 0, 2},
    {"[[:alpha:]_]+", "1ab_2", 1, 4},
    {"[[:^alpha:]]+", "ab12", 2, 4},
    {"[[:a]+", ":[a", 0, 3},
    {"\\d+\\D\\s\\S\\w\\W", "12x yz!", 0, 7},
    {"\\s", "\v", -1, 0}, /* not vertical tab */
    {"[\\d-]+", "1-2", 0, 3},
    {"\\x41\\x{42}\\103\\n", "ABC\n", 0, 4},
    {"\\Qa.b*\\E+", "a.b**", 0, 5},
    {"\\Q\\", "\\", 0, 1},
    {"\\_\\-\\/", "_-/", 0, 3},
    {"(?i)straße", "STRAßE", 0, 7},
    {"(?i)k", "\xe2\x84\xaa", 0, 3}, /* Kelvin sign */
    {"(?i)[a-z]+", "ABC", 0, 3},
    {"(?i:a)b", "AB", -1, 0},
    {"(?i:a)b", "Ab", 0, 2},
    {"((?i)a)b", "AB", -1, 0},
    {"(?i)a(?-i)b", "AB", -1, 0},
    {"(?P<first>a)(?<second>b)", "ab", 0, 2},
    {"é", "caf\xc3\xa9", 3, 5},
    {"^.$", "\xc3\xa9", 0, 2},
    {"^.{3}$", "日本語", 0, 9},
    {"\\pL+", "1é日2", 1, 6},
    {"\\p{Lu}\\p{Greek}", "Aλ", 0, 3},
    {"\\PL", "a1", 1, 2},
    {"\\p{^L}", "a1", 1, 2},
    {"\\p{letter}", "1a", 1, 2},
    {"[\\p{Lu}\\d]+", "aA1", 1, 3},
    {"(?i)\\p{Lu}", "a", 0, 1},
    {"a\\x00b", "a", -1, 0},
    {"^([a-z0-9]([-a-z0-9]*[a-z0-9])?)(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$", "a.b-c.d", 0, 7},
    {"^([a-z0-9]([-a-z0-9]*[a-z0-9])?)(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$", "a.b-.d", -1, 0},
};

TEST(matches_are_leftmost_first)
{
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(regex_free) Regex *re = NULL;
        size_t start = 99, end = 99, n = strlen(cases[i].text);
        Err err = {0};
        bool found;

        if (regex_compile(cases[i].pattern, strlen(cases[i].pattern), &re, &err) != 0)
            fail_msg("'%s': %s", cases[i].pattern, err.msg);
        found = regex_find(re, cases[i].text, n, 0, &start, &end);
        if (found != (cases[i].start >= 0) || regex_matches(re, cases[i].text, n) != found)
            fail_msg("'%s' on '%s': %d", cases[i].pattern, cases[i].text, found);
        if (found && ((int)start != cases[i].start || (int)end != cases[i].end))
            fail_msg("'%s' on '%s': %zu to %zu", cases[i].pattern, cases[i].text, start, end);
    }
}

TEST(finding_goes_on_behind_a_match)
{
    CLEANUP(regex_free) Regex *re = NULL;
    size_t start, end, at = 0, n = 0;

    assert_ok(regex_compile("\\b[a-z]+", 8, &re, NULL));
    for (; regex_find(re, "ab cd,ef", 8, at, &start, &end); at = end, n++)
        assert_int_equal(start, 3 * n);
    assert_int_equal(n, 3);
    /* The middle of a word does not become its start. */
    assert_true(regex_find(re, "ab cd,ef", 8, 1, &start, &end));
    assert_int_equal(start, 3);
    assert_false(regex_find(re, "ab", 2, 3, &start, &end));
}

TEST(text_may_hold_nul_bytes_and_bytes_that_are_not_utf8)
{
    CLEANUP(regex_free) Regex *re = NULL;

    assert_ok(regex_compile("^a\\x00.b$", 9, &re, NULL));
    assert_true(regex_matches(re,
                              "a\0\xff"
                              "b",
                              4));
    assert_false(regex_matches(re, "a\0b", 3));
}

/* Each of these takes a backtracking matcher longer than the age of the universe. */
TEST(no_pattern_is_slow)
{
    static const char *const patterns[] = {"^(a+)+$", "^(a|aa)*$", "^(a?){50}a{50}$",
                                           "(a*)*(a*)*(a*)*b", "^(([a-z])+.)+[A-Z]([a-z])+$"};
    AUTO_BUF text = BUF_INIT;
    clock_t from = clock();

    for (int i = 0; i < 20000; i++)
        buf_addc(&text, 'a');
    buf_addc(&text, '!');
    for (size_t i = 0; i < ARRAY_LEN(patterns); i++) {
        CLEANUP(regex_free) Regex *re = NULL;

        assert_ok(regex_compile(patterns[i], strlen(patterns[i]), &re, NULL));
        assert_false(regex_matches(re, text.ptr, text.len));
    }
    assert_true(clock() - from < 20 * CLOCKS_PER_SEC);
}

TEST(programs_are_bounded)
{
    AUTO_BUF p = BUF_INIT;
    Regex *re = NULL;
    Err err;

    for (int i = 0; i < 60; i++)
        buf_adds(&p, "[a-z]{1000}");
    assert_fails(regex_compile(p.ptr, p.len, &re, &err), ERR_INVALID);
    assert_true(str_starts(err.msg, ERR_("expression too large: `[a-z]{1000}")));
    buf_reset(&p);
    for (int i = 0; i < 20000; i++)
        buf_addc(&p, '(');
    assert_fails(regex_compile(p.ptr, p.len, &re, &err), ERR_INVALID);
    assert_true(str_starts(err.msg, ERR_("expression nests too deeply: `(((")));
    buf_reset(&p);
    for (int i = 0; i < 20000; i++)
        buf_adds(&p, "()");
    for (int i = 0; i < 400; i++)
        buf_adds(&p, "(()()()()()()(){10}){100}");
    assert_fails(regex_compile(p.ptr, p.len, &re, &err), ERR_INVALID);
    buf_reset(&p);
    for (int i = 0; i < 1000; i++)
        buf_adds(&p, "[\\pL\\pN][\\PL]");
    assert_fails(regex_compile(p.ptr, p.len, &re, &err), ERR_INVALID);
    assert_true(str_starts(err.msg, ERR_("expression too large")));
}
