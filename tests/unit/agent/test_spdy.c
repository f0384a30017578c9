#include "agent/spdy.h"
#include "base/err.h"
#include "tests/unit/test.h"

#include <zlib.h>

TEST(the_header_block_begins_with_the_protocols_dictionary)
{
    CLEANUP(spdy_headers_free) SpdyHeaders *h = spdy_headers_new();
    AUTO_BUF out = BUF_INIT;

    spdy_open_stream(h, 1, &(SpdyHeader){"streamtype", "stdin"}, 1, &out);
    assert_memory_equal(out.ptr, "\x80\x03\x00\x01\x00", 5);
    assert_memory_equal(out.ptr + 8, "\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00", 10);
    /* zlib's head with the checksum of the dictionary that every SPDY/3 has */
    assert_memory_equal(out.ptr + 20, "\xe3\xc6\xa7\xc2", 4);
}

TEST(data_comes_back_as_it_went)
{
    AUTO_BUF out = BUF_INIT;
    SpdyFrame f;

    spdy_data(5, SLICE("hello"), true, &out);
    for (size_t i = 0; i < out.len; i++)
        assert_int_equal(spdy_frame_parse((Slice){out.ptr, i}, &f, NULL), 0);
    assert_int_equal(spdy_frame_parse(buf_slice(&out), &f, NULL), 13);
    assert_true(!f.is_control && f.is_last && f.stream == 5);
    assert_true(slice_is(f.data, "hello"));
}

TEST(a_reply_names_its_stream)
{
    SpdyFrame f;

    assert_int_equal(
        spdy_frame_parse(SLICE("\x80\x03\x00\x02\x00\x00\x00\x04\x00\x00\x00\x07"), &f, NULL), 12);
    assert_true(f.is_control && f.type == SPDY_SYN_REPLY && f.stream == 7);
}
