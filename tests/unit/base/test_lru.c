#include "base/lru.h"
#include "tests/unit/test.h"

static int n_freed;

static void on_free(void *v UNUSED)
{
    n_freed++;
}

TEST(the_least_used_goes_first)
{
    Lru l;
    int a, b, c;

    n_freed = 0;
    lru_init(&l, 2, on_free);
    lru_set(&l, "1:a", &a);
    lru_set(&l, "1:b", &b);
    assert_ptr_equal(lru_get(&l, "1:a"), &a);
    lru_set(&l, "2:c", &c);
    assert_null(lru_get(&l, "1:b"));
    assert_ptr_equal(lru_get(&l, "1:a"), &a);
    assert_ptr_equal(lru_get(&l, "2:c"), &c);
    assert_int_equal(n_freed, 1);
    lru_set(&l, "2:c", &b);
    assert_int_equal(n_freed, 2);
    lru_drop(&l, "1:");
    assert_int_equal(lru_size(&l), 1);
    lru_done(&l);
    assert_int_equal(n_freed, 4);
}
