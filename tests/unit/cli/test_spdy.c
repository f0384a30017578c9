#include "cli/spdy.h"

#include "base/err.h"
#include "tests/unit/test.h"

#define BYTES(s) ((Slice){(s), sizeof(s) - 1})

TEST(frames_are_told_apart)
{
    static const struct {
        Slice in;
        int r;
        SpdyType type;
        uint32_t stream;
        bool is_last;
        const char *payload;
    } rows[] = {
        {BYTES("\0\0\0\3\0\0\0\2hi"), 10, SPDY_DATA, 3, false, "hi"},
        {BYTES("\0\0\0\3\1\0\0\0more"), 8, SPDY_DATA, 3, true, ""},
        {BYTES("\x80\3\0\2\0\0\0\4\0\0\0\1"), 12, SPDY_SYN_REPLY, 1, false, NULL},
        {BYTES("\x80\3\0\3\0\0\0\x8\0\0\0\3\0\0\0\1"), 16, SPDY_RST_STREAM, 3, false, NULL},
        {BYTES("\x80\3\0\6\0\0\0\4\0\0\0\7"), 12, SPDY_PING, 7, false, NULL},
        {BYTES("\x80\3\0\7\0\0\0\0"), 8, SPDY_GOAWAY, 0, false, NULL},
        {BYTES("\0\0\0\3\0\0\0\2h"), 0, 0, 0, false, NULL},
        {BYTES("\0\0\0\3\0\0\0"), 0, 0, 0, false, NULL},
        {BYTES("\x80\2\0\2\0\0\0\0"), -ERR_BAD_REQUEST, 0, 0, false, NULL},
        {BYTES("\x80\3\0\0\0\0\0\0"), -ERR_BAD_REQUEST, 0, 0, false, NULL},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        SpdyFrame f;
        Err err;

        assert_int_equal(spdy_parse(rows[i].in, &f, &err), rows[i].r);
        if (rows[i].r <= 0)
            continue;
        assert_int_equal(f.type, rows[i].type);
        assert_int_equal(f.stream, rows[i].stream);
        assert_int_equal(f.is_last, rows[i].is_last);
        if (rows[i].payload)
            assert_true(slice_is(f.payload, rows[i].payload));
    }
}

TEST(what_is_written_is_read_again)
{
    static const char *const pairs[] = {"port", "80", "streamtype", "data"};
    static const char first[] = "\x80\3\0\1\0\0\0\x3e\0\0\0\1\0\0\0\0\0\0\x78\1\0\x28\0\xd7\xff"
                                "\0\0\0\2\0\0\0\4port\0\0\0\2"
                                "80\0\0\0\nstreamtype\0\0\0\4"
                                "data"
                                "\0\0\0\xff\xff";
    AUTO_BUF out = BUF_INIT;
    SpdyFrame f;
    Err err;

    spdy_write_open(1, true, pairs, ARRAY_LEN(pairs), &out);
    assert_int_equal(out.len, sizeof(first) - 1);
    assert_memory_equal(out.ptr, first, out.len);
    buf_reset(&out);
    spdy_write_data(5, true, SLICE("x"), &out);
    spdy_write_ping(9, &out);
    assert_int_equal(spdy_parse(buf_slice(&out), &f, &err), 9);
    assert_true(f.is_last && f.stream == 5 && slice_is(f.payload, "x"));
    assert_int_equal(spdy_parse((Slice){out.ptr + 9, out.len - 9}, &f, &err), 12);
    assert_int_equal(f.type, SPDY_PING);
    assert_int_equal(f.stream, 9);
}
