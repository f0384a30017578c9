#include "base/zone.h"

#include "base/buf.h"
#include "tests/unit/test.h"

static void head(Buf *b, uint32_t n_times, uint32_t n_types)
{
    const uint32_t counts[6] = {0, 0, 0, n_times, n_types, 0};

    buf_add(b, "TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
    for (size_t i = 0; i < 6; i++)
        for (int shift = 24; shift >= 0; shift -= 8)
            buf_addc(b, (char)(counts[i] >> shift & 0xff));
}

static void put(Buf *b, uint64_t v, int bytes)
{
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
        buf_addc(b, (char)(v >> shift & 0xff));
}

TEST(the_offset_changes_with_the_transitions)
{
    AUTO_BUF b = BUF_INIT;

    head(&b, 0, 1);
    put(&b, 0, 6);
    head(&b, 2, 2);
    put(&b, 1000, 8);
    put(&b, 2000, 8);
    put(&b, 1, 1);
    put(&b, 0, 1);
    put(&b, 3600, 4);
    put(&b, 0, 2);
    put(&b, 7200, 4);
    put(&b, 0, 2);
    assert_int_equal(zone_offset_in(buf_slice(&b), 999), 3600);
    assert_int_equal(zone_offset_in(buf_slice(&b), 1000), 7200);
    assert_int_equal(zone_offset_in(buf_slice(&b), 5000), 3600);
    for (size_t n = 0; n < b.len; n++) /* cut anywhere it is UTC */
        assert_int_equal(zone_offset_in((Slice){b.ptr, n}, 1000), 0);
}

TEST(unknown_zones_are_utc)
{
    assert_int_equal(zone_offset_s(NULL, 0), 0);
    assert_int_equal(zone_offset_s("No/Such", 0), 0);
    assert_int_equal(zone_offset_s("../../../etc/passwd", 0), 0);
}
