#include "store/store_int.h"

#include "tests/unit/test.h"

TEST(partitions_are_made_ahead_and_dropped_when_past)
{
    AUTO_BUF sql = BUF_INIT;
    static const char *const old[] = {"history_0_900", "history_900_1800", "history_rest",
                                      "history_9900_10800"};

    keeper__plan(NULL, 0, 1000, 3600, true, &sql);
    assert_non_null(strstr(buf_str(&sql), "history_900_1800 PARTITION OF history FOR VALUES FROM "
                                          "(900) TO (1800)"));
    assert_non_null(strstr(buf_str(&sql), "history_1800_2700"));
    assert_null(strstr(buf_str(&sql), "DROP"));
    buf_reset(&sql);
    keeper__plan(old, ARRAY_LEN(old), 5000, 3600, true, &sql);
    assert_non_null(strstr(buf_str(&sql), "DROP TABLE history_0_900;"));
    assert_null(strstr(buf_str(&sql), "DROP TABLE history_900_1800;"));
    assert_null(strstr(buf_str(&sql), "CREATE"));
    assert_null(strstr(buf_str(&sql), "rest"));
    buf_reset(&sql);
    keeper__plan(old, ARRAY_LEN(old), 5000, 3600, false, &sql); /* somebody may need it */
    assert_int_equal(sql.len, 0);
    keeper__plan(old, ARRAY_LEN(old), 5000, 7200, true, &sql);
    assert_null(strstr(buf_str(&sql), "DROP"));
}
