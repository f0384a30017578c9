#include "scheduler/memo.h"

#include "base/arena.h"

#include "tests/unit/test.h"

typedef struct State {
    int moves;
} State;

static void on_moved(void *state, const SchedPod *p UNUSED, const SchedNode *n UNUSED, int sign)
{
    ((State *)state)->moves += sign;
}

static size_t big(const void *state UNUSED)
{
    return 40 << 20;
}

static const MemoKind plain = {.name = "plain", .moved = on_moved};
static const MemoKind lasting = {.name = "lasting", .outlives_nodes = true};
static const MemoKind huge = {.name = "huge", .bytes = big};

static State *fill(Memos *m, Memo *memo)
{
    memo->state = arena_new0(memo->arena, State);
    memo_filled(m, memo);
    return memo->state;
}

TEST(a_memo_is_found_by_kind_cluster_and_key)
{
    Memos m;
    MemoList l;
    Memo *x;

    memos_init(&m);
    memo_list_init(&l);
    x = memo_need(&m, &l, "acme", &plain, SLICE("k"));
    fill(&m, x);
    assert_ptr_equal(memo_need(&m, &l, "acme", &plain, SLICE("k")), x);
    assert_ptr_not_equal(memo_need(&m, &l, "acme", &plain, SLICE("other")), x);
    assert_ptr_not_equal(memo_need(&m, &l, "globex", &plain, SLICE("k")), x);
    assert_ptr_not_equal(memo_need(&m, &l, "acme", &lasting, SLICE("k")), x);
    memos_moved(&m, &l, NULL, NULL, 1);
    assert_int_equal(((State *)x->state)->moves, 1);
    memos_forget(&m, &l);
    assert_int_equal(l.n, 0);
    assert_int_equal(m.bytes, 0);
    memos_done(&m);
}

TEST(a_change_of_nodes_empties_those_that_do_not_outlive_it)
{
    Memos m;
    MemoList l;
    Memo *x, *y;
    State *old;

    memos_init(&m);
    memo_list_init(&l);
    x = memo_need(&m, &l, "acme", &plain, SLICE("k"));
    y = memo_need(&m, &l, "acme", &lasting, SLICE("k"));
    old = fill(&m, x);
    fill(&m, y);
    memos_outdate(&m);
    memos_moved(&m, &l, NULL, NULL, 1);
    assert_int_equal(old->moves, 0); /* what is wrong anyway is not brought up to date */
    assert_null(memo_need(&m, &l, "acme", &plain, SLICE("k"))->state);
    assert_non_null(memo_need(&m, &l, "acme", &lasting, SLICE("k"))->state);
    memos_done(&m);
}

TEST(what_is_too_much_goes_but_not_what_a_decision_uses)
{
    Memos m;
    MemoList l;
    Memo *x;

    memos_init(&m);
    memo_list_init(&l);
    memos_tick(&m);
    x = memo_need(&m, &l, "acme", &huge, SLICE("1"));
    fill(&m, x);
    fill(&m, memo_need(&m, &l, "acme", &huge, SLICE("2")));
    fill(&m, memo_need(&m, &l, "acme", &huge, SLICE("3")));
    assert_int_equal(l.n, 3);
    memos_tick(&m);
    (void)memo_need(&m, &l, "acme", &huge, SLICE("3"));
    assert_int_equal(l.n, 1);
    assert_non_null(memo_need(&m, &l, "acme", &huge, SLICE("3"))->state);
    memos_done(&m);
}
