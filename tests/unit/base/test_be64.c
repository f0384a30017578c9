#include "base/be64.h"

#include "tests/unit/test.h"

TEST(numbers_stand_with_their_highest_byte_first_and_come_back)
{
    static const struct {
        uint64_t v;
        const char *bytes;
    } cases[] = {
        {0, "\0\0\0\0\0\0\0\0"},
        {1, "\0\0\0\0\0\0\0\1"},
        {0x0102030405060708, "\1\2\3\4\5\6\7\10"},
        {0x80ff, "\0\0\0\0\0\0\x80\xff"},
        {UINT64_MAX, "\xff\xff\xff\xff\xff\xff\xff\xff"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO_BUF out = BUF_INIT;

        buf_addc(&out, 'x');
        buf_add_be64(&out, cases[i].v);
        assert_int_equal(out.len, 1 + BE64_LEN);
        assert_memory_equal(out.ptr + 1, cases[i].bytes, BE64_LEN);
        assert_true(be64_of(out.ptr + 1) == cases[i].v);
    }
}
