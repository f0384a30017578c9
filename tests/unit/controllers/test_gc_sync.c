#include "controllers/gc_sync.h"

#include "tests/unit/test.h"

#define S GC_OWNER_SOLID
#define A GC_OWNER_ABSENT
#define W GC_OWNER_WAITING
#define U GC_OWNER_UNKNOWN

TEST(owners_decide)
{
    static const struct {
        GcOwnerState owners[3];
        uint32_t n;
        bool deleted, foreground, orphan, dependents, live;
        GcAction want;
    } rows[] = {
        {{0}, 0, false, false, false, false, false, GC_NOTHING},
        {{S}, 1, false, false, false, false, false, GC_NOTHING},
        {{A}, 1, false, false, false, false, false, GC_DELETE_BACKGROUND},
        {{A, A}, 2, false, false, false, true, false, GC_DELETE_BACKGROUND},
        {{S, A}, 2, false, false, false, false, false, GC_DROP_REFS},
        {{S, W}, 2, false, false, false, false, false, GC_DROP_REFS},
        {{U}, 1, false, false, false, false, false, GC_NOTHING},
        {{A, U}, 2, false, false, false, false, false, GC_NOTHING},
        {{S, A, U}, 3, false, false, false, false, false, GC_NOTHING},
        {{W}, 1, false, false, false, false, false, GC_DELETE_BACKGROUND},
        {{W}, 1, false, false, false, true, false, GC_DELETE_FOREGROUND},
        {{A}, 1, false, false, true, false, false, GC_DELETE_ORPHAN},
        {{A}, 1, false, true, false, false, false, GC_DELETE_FOREGROUND},
        {{A}, 1, true, false, false, false, false, GC_NOTHING},
        {{0}, 0, true, true, false, true, true, GC_DELETE_DEPENDENTS},
        {{0}, 0, true, true, false, true, false, GC_END_FOREGROUND},
        {{0}, 0, true, false, true, true, true, GC_ORPHAN_DEPENDENTS},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        GcFacts f = {rows[i].owners, rows[i].n,          rows[i].deleted, rows[i].foreground,
                     rows[i].orphan, rows[i].dependents, rows[i].live};

        if (gc_decide(&f) != rows[i].want)
            fail_msg("row %zu: %d", i, (int)gc_decide(&f));
    }
}
