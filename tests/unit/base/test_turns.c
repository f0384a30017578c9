#include "base/turns.h"

#include "tests/unit/test.h"

typedef struct Work {
    Turn turn;
    int64_t key, cost;
} Work;

static void add(Turns *t, Work *w, int64_t key, int64_t cost)
{
    *w = (Work){.key = key, .cost = cost};
    list_init(&w->turn.link);
    turns_add(t, key, &w->turn);
}

/* The keys in the order in which they are served. */
static const char *order_of(Turns *t, size_t n)
{
    static char out[64];
    size_t at = 0;
    Turn *item;

    while (at < n && (item = turns_next(t)) != NULL) {
        const Work *w = container_of(item, Work, turn);

        out[at++] = (char)('a' + w->key);
        turns_charge(t, w->cost);
    }
    out[at] = '\0';
    return out;
}

TEST(each_has_its_turn_however_much_waits)
{
    static const struct {
        int64_t a_cost, b_cost;
        const char *order;
    } cases[] = {
        {5, 5, "aabbaabbaabbaaaa"},   /* a quantum of 10 is two of them */
        {10, 5, "abbabbabbaaaaaaa"},  /* who asks for more at a time gets it less often */
        {30, 10, "abbbabbbaaaaaaaa"}, /* what went over is paid for */
        {1, 10, "aaaaaaaaaabbbbbb"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        Work a[10], b[6];
        Turns t;

        turns_init(&t, 10);
        for (size_t k = 0; k < ARRAY_LEN(a); k++)
            add(&t, &a[k], 0, cases[i].a_cost);
        for (size_t k = 0; k < ARRAY_LEN(b); k++)
            add(&t, &b[k], 1, cases[i].b_cost);
        assert_string_equal(order_of(&t, 20), cases[i].order);
        assert_true(turns_is_empty(&t));
        turns_done(&t);
    }
}

TEST(who_comes_late_does_not_wait_for_all_that_is_there)
{
    enum { MANY = 1000 };
    static Work many[MANY];
    Work one;
    Turns t;

    turns_init(&t, 10);
    for (int i = 0; i < MANY; i++)
        add(&t, &many[i], 0, 5);
    assert_string_equal(order_of(&t, 5), "aaaaa");
    add(&t, &one, 1, 5);
    assert_string_equal(order_of(&t, 3), "aba");
    turns_done(&t);
}

TEST(what_is_taken_out_has_no_turn)
{
    Work a[2], b;
    Turns t;

    turns_init(&t, 10);
    assert_null(turns_next(&t));
    add(&t, &a[0], 0, 5);
    add(&t, &a[1], 0, 5);
    add(&t, &b, 1, 5);
    turns_add(&t, 0, &a[0].turn); /* it waits already */
    turns_remove(&a[0].turn);
    turns_remove(&b.turn);
    assert_string_equal(order_of(&t, 9), "a");
    assert_true(turns_is_empty(&t));
    add(&t, &b, 1, 5);
    assert_false(turns_is_empty(&t));
    assert_string_equal(order_of(&t, 9), "b");
    turns_done(&t);
}

TEST(what_still_waits_at_the_end_is_left_alone)
{
    Work a;
    Turns t;

    turns_init(&t, 10);
    add(&t, &a, 0, 5);
    turns_done(&t);
    assert_true(list_is_empty(&a.turn.link));
}
