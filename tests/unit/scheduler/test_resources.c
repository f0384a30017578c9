#include "scheduler/resources.h"

#include "tests/unit/test.h"

TEST(less_of_anything_is_less)
{
    static const struct {
        const char *now, *was;
        bool want;
    } rows[] = {
        {"{'cpu':'1'}", "{'cpu':'1'}", false},
        {"{'cpu':'2'}", "{'cpu':'1'}", false},
        {"{'cpu':'500m'}", "{'cpu':'1'}", true},
        {"{'cpu':'2','memory':'1Mi'}", "{'cpu':'1','memory':'2Mi'}", true},
        {"{'ephemeral-storage':'1Gi'}", "{'ephemeral-storage':'2Gi'}", true},
        {"{'example.com/gpu':'1'}", "{'example.com/gpu':'2'}", true},
        {"{}", "{'example.com/gpu':'1'}", true},
        {"{'example.com/gpu':'1'}", "{}", false},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Res now = {0}, was = {0};

        res_add_list(&now, value_literal(a, rows[i].now));
        res_add_list(&was, value_literal(a, rows[i].was));
        if (res_is_less(&now, &was) != rows[i].want)
            fail_msg("row %zu", i);
        res_done(&now);
        res_done(&was);
    }
}
