#include "base/fault.h"

#include "tests/unit/test.h"

#ifdef FAULTS

static int passes(const char *point, int n)
{
    int hits = 0;

    for (int i = 0; i < n; i++)
        hits = hits * 10 + FAULT(point);
    return hits;
}

TEST(a_point_fails_when_and_as_often_as_it_was_armed)
{
    static const struct {
        int first, every, want;
    } rows[] = {{1, 0, 100000}, {3, 0, 1000}, {2, 2, 10101}, {1, 1, 111111}, {7, 1, 0}};

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        fault_arm("store.pq.send", FAULT_FAIL, rows[i].first, rows[i].every);
        assert_int_equal(passes("store.pq.send", 6), rows[i].want);
    }
    fault_arm("store.pq.send", FAULT_FAIL, 1, 1);
    fault_disarm("store.pq.send");
    assert_int_equal(passes("store.pq.send", 6), 0);
}

TEST(faults_are_read_from_text)
{
    Err err;

    assert_ok(fault_arm_text("store.pq.send=fail@2/3,store.pq.recv=delay:1", &err));
    assert_int_equal(passes("store.pq.send", 6), 10010);
    assert_int_equal(passes("store.pq.recv", 2), 0);
    assert_int_equal(fault_fired("store.pq.recv"), 1);
    fault_disarm("store.pq.send");
    fault_disarm("store.pq.recv");
}

TEST(faults_that_make_no_sense_are_refused)
{
    static const char *const rows[] = {"x=fail",
                                       "store.pq.send",
                                       "store.pq.send=",
                                       "store.pq.send=boil",
                                       "store.pq.send=fail@",
                                       "store.pq.send=fail@1/x",
                                       "store.pq.send=fail@1/2/3",
                                       "store.pq.send=fail;"};
    Err err;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_fails(fault_arm_text(rows[i], &err), ERR_INVALID);
}

#else

TEST(faults_are_not_compiled_in)
{
    assert_false(FAULT("no such point, and nobody looks"));
}

#endif
