#include "base/map.h"

#include "tests/unit/test.h"

TEST(entries_come_and_go)
{
    Map m = {0};
    char key[16];
    size_t n = 0;

    for (int round = 0; round < 3; round++) {
        for (intptr_t i = 1; i <= 1000; i++) {
            snprintf(key, sizeof(key), "k%d", (int)i);
            assert_null(map_set(&m, key, (void *)i));
        }
        assert_int_equal(m.n, 1000);
        for (intptr_t i = 1; i <= 1000; i++) {
            snprintf(key, sizeof(key), "k%d", (int)i);
            assert_int_equal((intptr_t)map_get(&m, key), i);
            if (i % 10 != 0)
                assert_int_equal((intptr_t)map_del(&m, key), i);
        }
        assert_null(map_get(&m, "k1"));
        n = 0;
        for (size_t at = 0; map_next(&m, &at, NULL, NULL);)
            n++;
        assert_int_equal(n, 100);
        map_clear(&m);
    }
    map_done(&m);
}
