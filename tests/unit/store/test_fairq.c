#include "store/fairq.h"

#include "tests/unit/test.h"

enum { MANY = 1000 };

static Cluster clusters[4] = {{.id = 1}, {.id = 2}, {.id = 3}, {.id = 4}};
static Write writes[4][64];

static Txn txn(int cluster, size_t n_writes)
{
    for (size_t i = 0; i < 64; i++)
        writes[cluster][i].cluster = &clusters[cluster];
    return (Txn){.writes = writes[cluster], .n_writes = n_writes};
}

static Txn *take(FairQueue *q)
{
    Txn *t = fairq_peek(q);

    assert_ptr_equal(fairq_peek(q), t);
    if (t)
        fairq_pop(q);
    return t;
}

TEST(one_cluster_is_served_in_order_of_arrival)
{
    FairQueue q;
    Txn t[5];

    fairq_init(&q);
    assert_true(fairq_is_empty(&q));
    assert_null(fairq_peek(&q));
    for (int i = 0; i < 5; i++) {
        t[i] = txn(0, i == 2 ? 60 : 1);
        fairq_add(&q, &t[i]);
    }
    for (int i = 0; i < 5; i++)
        assert_ptr_equal(take(&q), &t[i]);
    assert_true(fairq_is_empty(&q));
    fairq_done(&q);
}

TEST(who_has_much_waiting_does_not_delay_who_has_little)
{
    static Txn greedy[3][MANY];
    FairQueue q;
    Txn one = txn(3, 1);
    int before = 0;

    fairq_init(&q);
    for (int c = 0; c < 3; c++)
        for (int i = 0; i < MANY; i++) {
            greedy[c][i] = txn(c, 1);
            fairq_add(&q, &greedy[c][i]);
        }
    for (int i = 0; i < 100; i++) /* they are at it already */
        assert_non_null(take(&q));
    fairq_add(&q, &one);
    while (take(&q) != &one)
        before++;
    assert_true(before <= 3 * 8); /* a turn of each */
    while (take(&q))
        before++;
    assert_int_equal(before, 3 * MANY - 100);
    fairq_done(&q);
}

TEST(what_is_large_costs_more)
{
    static Txn large[200], small[MANY];
    FairQueue q;
    int64_t written[2] = {0, 0};

    fairq_init(&q);
    for (int i = 0; i < 200; i++) {
        large[i] = txn(0, 49);
        fairq_add(&q, &large[i]);
    }
    for (int i = 0; i < MANY; i++) {
        small[i] = txn(1, 1);
        fairq_add(&q, &small[i]);
    }
    for (int i = 0; i < 400; i++) {
        const Txn *t = take(&q);

        written[t->writes == writes[1]] += (int64_t)t->n_writes + 1;
    }
    assert_true(written[0] > 0 && written[1] > 0);
    assert_true(llabs(written[0] - written[1]) <= 100);
    while (take(&q))
        ;
    fairq_done(&q);
}

TEST(what_was_put_back_comes_first_in_its_order)
{
    FairQueue q;
    Txn t[4];

    fairq_init(&q);
    for (int i = 0; i < 4; i++) {
        t[i] = txn(i, 1);
        fairq_add(&q, &t[i]);
    }
    for (int i = 0; i < 3; i++)
        assert_ptr_equal(take(&q), &t[i]);
    for (int i = 3; i-- > 0;)
        fairq_put_back(&q, &t[i]);
    for (int i = 0; i < 4; i++)
        assert_ptr_equal(take(&q), &t[i]);
    fairq_done(&q);
}
