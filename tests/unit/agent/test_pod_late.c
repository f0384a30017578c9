#include "agent/pods_int.h"
#include "base/clock.h"
#include "tests/unit/test.h"

TEST(when_nothing_of_a_pod_may_run_any_more)
{
    static const struct {
        const char *pod;
        bool is_gone;
        int64_t due_s; /* after now; 0: it goes on */
    } rows[] = {
        {"{}", false, 0},
        {"{'status':{'phase':'Running'}}", false, 0},
        {"{'status':{'phase':'Running'}}", true, POD_OVER_GRACE_S},
        {"{'status':{'phase':'Succeeded'}}", false, POD_OVER_GRACE_S},
        {"{'status':{'phase':'Failed'}}", false, POD_OVER_GRACE_S},
        {"{'metadata':{'deletionTimestamp':'2026-01-01T00:10:00Z'}}", false, 600 + MIN_STOP_S},
        {"{'metadata':{'deletionTimestamp':'2026-01-01T00:10:00Z'}}", true, POD_OVER_GRACE_S},
        {"{'metadata':{'deletionTimestamp':'2026-01-01T00:10:00Z'},'status':{'phase':'Failed'}}",
         false, POD_OVER_GRACE_S},
        {"{'metadata':{'deletionTimestamp':'soon'}}", false, 0},
    };
    int64_t now;

    assert_true(clock_from_rfc3339(SLICE("2026-01-01T00:00:00Z"), &now));
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        int64_t due = pod_due_us(value_literal(a, rows[i].pod), rows[i].is_gone, now);

        if (due != (rows[i].due_s ? now + rows[i].due_s * 1000000 : 0))
            fail_msg("%s: %lld", rows[i].pod, (long long)(due - now));
    }
}
