#include "store/ring.h"

#include "store/store_int.h"
#include "tests/unit/test.h"

static Event *make(int64_t revision)
{
    Obj *o = NULL;

    assert_ok(obj_new(SLICE("{\"metadata\":{\"name\":\"a\"}}"), revision, &o, NULL));
    return event__new(EVENT_ADDED, revision, o, NULL);
}

static void add(Ring *r, int64_t revision)
{
    CLEANUP(event_unref) Event *e = make(revision);

    ring_add(r, e);
}

TEST(events_are_found_by_revision)
{
    Ring r;
    uint64_t hint = 0;

    ring_init(&r, 10);
    assert_null(ring_after(&r, 10, &hint));
    for (int64_t i = 12; i <= 40; i += 2)
        add(&r, i);
    assert_int_equal(ring_after(&r, 10, &hint)->revision, 12);
    assert_int_equal(ring_after(&r, 12, &hint)->revision, 14);
    assert_int_equal(ring_after(&r, 15, &hint)->revision, 16);
    assert_int_equal(ring_after(&r, 38, &hint)->revision, 40);
    assert_null(ring_after(&r, 40, &hint));
    assert_null(ring_after(&r, 99, &hint));
    assert_int_equal(ring_after(&r, 11, &hint)->revision, 12);
    assert_int_equal(r.floor, 10);
    ring_done(&r);
}

TEST(a_full_ring_forgets_the_oldest)
{
    Ring r;
    uint64_t hint = 0;

    ring_init(&r, 0);
    for (int64_t i = 1; i <= RING_MAX_EVENTS + 100; i++)
        add(&r, i);
    assert_int_equal(r.n, RING_MAX_EVENTS);
    assert_int_equal(r.floor, 100);
    assert_int_equal(ring_after(&r, 100, &hint)->revision, 101);
    for (int64_t i = 101; i < RING_MAX_EVENTS + 100; i++)
        assert_int_equal(ring_after(&r, i, &hint)->revision, i + 1);
    ring_done(&r);
}

TEST(what_is_old_is_forgotten)
{
    Ring r;
    uint64_t hint = 0;

    ring_init(&r, 10);
    for (int64_t i = 12; i <= 40; i += 2)
        add(&r, i);
    ring_forget(&r, 11);
    assert_int_equal(r.floor, 10); /* nothing was there */
    ring_forget(&r, 21);
    assert_int_equal(r.floor, 20);
    assert_int_equal(ring_after(&r, 20, &hint)->revision, 22);
    ring_forget(&r, 50);
    assert_int_equal(r.floor, 40);
    assert_int_equal(r.bytes, 0);
    assert_null(ring_after(&r, 40, &hint));
    add(&r, 52);
    assert_int_equal(r.floor, 40);
    assert_int_equal(ring_after(&r, 40, &hint)->revision, 52);
    ring_done(&r);
}
