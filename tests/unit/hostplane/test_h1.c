#include "hostplane/h1.h"

#include "base/err.h"
#include "tests/unit/test.h"

static int64_t parse(Arena *a, const char *text, H1Head *h)
{
    Err err;

    return h1_head_parse(a, slice_of(text), h, &err);
}

TEST(reads_a_head_and_knows_its_length)
{
    static const char text[] = "HTTP/1.1 200 OK\r\nA: b\r\nX-Y:  c d \nEmpty:\r\n\r\nbody";
    CLEANUP(arena_free) Arena *a = arena_new();
    H1Head h;

    assert_int_equal(parse(a, text, &h), (int64_t)strlen(text) - 4);
    assert_int_equal(h.status, 200);
    assert_int_equal(h.n_headers, 3);
    assert_string_equal(h1_header(&h, "x-y"), "c d");
    assert_string_equal(h1_header(&h, "empty"), "");
    assert_null(h1_header(&h, "b"));
    for (size_t n = 0; n < strlen(text) - 4; n++) {
        Err err;

        assert_int_equal(h1_head_parse(a, (Slice){text, n}, &h, &err), 0);
    }
}

TEST(refuses_what_is_no_answer)
{
    static const char *const cases[] = {
        "what?\r\n\r\n",
        "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1 2000\r\n\r\n",
        "HTTP/1.1 099 x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\na b: c\r\n\r\n",
        "HTTP/1.1 200 OK\r\n folded: c\r\n\r\n",
        "HTTP/1.1 200 OK\r\na: \x01\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: x\r\n\r\n",
    };
    CLEANUP(arena_free) Arena *a = arena_new();
    H1Head h;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if (parse(a, cases[i], &h) >= 0)
            fail_msg("%s", cases[i]);
}

TEST(knows_what_belongs_to_the_connection)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    H1Head h;

    assert_true(parse(a, "HTTP/1.1 200 OK\r\nConnection: close, X-Own\r\n\r\n", &h) > 0);
    assert_true(h1_is_hop_header(&h, "x-own"));
    assert_true(h1_is_hop_header(&h, "transfer-encoding"));
    assert_false(h1_is_hop_header(&h, "x-other"));
    assert_false(h1_is_hop_header(&h, "content-length"));
}

/* `in` comes in pieces of every size; `*` at the front of `want`: it fails. */
TEST(takes_the_framing_off_a_body)
{
    static const struct {
        const char *method, *head, *in, *want;
        bool ends; /* all of it is there when the connection ends */
    } cases[] = {
        {"GET", "200 x\r\nContent-Length: 3", "abcdef", "abc", true},
        {"GET", "200 x\r\nContent-Length: 9", "abc", "abc", false},
        {"GET", "200 x\r\nContent-Length: 0", "abc", "", true},
        {"GET", "200 x", "abc", "abc", true},
        {"HEAD", "200 x\r\nContent-Length: 3", "abc", "", true},
        {"GET", "204 x\r\nContent-Length: 3", "abc", "", true},
        {"GET", "304 x", "abc", "", true},
        {"GET", "200 x\r\nTransfer-Encoding: chunked",
         "3\r\nabc\r\n10 \r\n0123456789abcdef\r\n0\r\n\r\nX", "abc0123456789abcdef", true},
        {"GET", "200 x\r\nTransfer-Encoding: Chunked", "3;a=b\nabc\n0\nT: x\n\nX", "abc", true},
        {"GET", "200 x\r\nTransfer-Encoding: chunked", "3\r\nab", "ab", false},
        {"GET", "200 x\r\nTransfer-Encoding: chunked", "3\r\nabcd\r\n", "*", false},
        {"GET", "200 x\r\nTransfer-Encoding: chunked", "x\r\n", "*", false},
        {"GET", "200 x\r\nTransfer-Encoding: chunked", "\r\n", "*", false},
        {"GET", "200 x\r\nTransfer-Encoding: chunked", "fffffffffffffffff\r\n", "*", false},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        for (size_t piece = 1; piece < 20; piece++) {
            CLEANUP(arena_free) Arena *a = arena_new();
            AUTO_BUF out = BUF_INIT;
            size_t n = strlen(cases[i].in);
            H1Head h;
            H1Body b;
            Err err;
            int r;

            assert_true(parse(a, arena_printf(a, "HTTP/1.1 %s\r\n\r\n", cases[i].head), &h) > 0);
            r = h1_body_init(&b, &h, cases[i].method, &err);
            for (size_t at = 0; at < n && r == 0; at += piece)
                r = h1_body_feed(&b, (Slice){cases[i].in + at, MIN(piece, n - at)}, &out, &err);
            if (cases[i].want[0] == '*') {
                assert_true(r < 0);
                continue;
            }
            assert_int_equal(r, 0);
            assert_string_equal(buf_str(&out), cases[i].want);
            assert_int_equal(h1_body_end(&b), cases[i].ends);
        }
    }
}

TEST(refuses_a_body_whose_end_is_not_clear)
{
    static const char *const cases[] = {"Content-Length: 3\r\nContent-Length: 4",
                                        "Content-Length: x", "Content-Length: -1",
                                        "Transfer-Encoding: gzip"};

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        H1Head h;
        H1Body b;
        Err err;

        assert_true(parse(a, arena_printf(a, "HTTP/1.1 200 x\r\n%s\r\n\r\n", cases[i]), &h) > 0);
        assert_true(h1_body_init(&b, &h, "GET", &err) < 0);
    }
}
