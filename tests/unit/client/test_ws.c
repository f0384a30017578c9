#include "client/ws.h"

#include "base/err.h"
#include "base/mem.h"
#include "tests/unit/test.h"

TEST(frames_round_trip_at_every_length_form)
{
    static const size_t lengths[] = {0, 1, 125, 126, 65535, 65536, 70000};
    static const unsigned char mask[4] = {1, 2, 3, 4};

    for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
        AUTO_FREE char *payload = xcalloc(1, lengths[i] + 1);
        AUTO_BUF out = BUF_INIT;
        WsFrame f;

        memset(payload, 'x', lengths[i]);
        ws_frame_write(WS_BINARY, (Slice){payload, lengths[i]}, mask, &out);
        for (size_t cut = 0; cut < MIN(out.len, (size_t)14) - 1; cut++) {
            int r = ws_frame_parse((Slice){out.ptr, cut}, &f, NULL);

            assert_true(r == 0 || r == (int)f.head_len);
        }
        assert_true(ws_frame_parse(buf_slice(&out), &f, NULL) > 0);
        assert_int_equal(f.payload_len, lengths[i]);
        assert_int_equal(f.head_len + lengths[i], out.len);
        assert_true(f.is_masked && f.is_final);
        for (size_t k = 0; k < lengths[i]; k++)
            assert_int_equal((unsigned char)out.ptr[f.head_len + k] ^ mask[k % 4], 'x');
    }
}

TEST(bad_frames_are_refused)
{
    static const struct {
        const char *bytes;
        size_t n;
    } rows[] = {
        {"\xf2\x00", 2},                                  /* reserved bits */
        {"\x83\x00", 2},                                  /* opcode 3 */
        {"\x09\x00", 2},                                  /* fragmented ping */
        {"\x89\x7e\x00\x80", 4},                          /* long ping */
        {"\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", 10}, /* too long */
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        WsFrame f;

        assert_fails(ws_frame_parse((Slice){rows[i].bytes, rows[i].n}, &f, NULL), ERR_BAD_REQUEST);
    }
}
