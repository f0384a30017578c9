#include "controllers/podgroup_sync.h"

#include "tests/unit/test.h"

/* A letter a pod: p pending, r running, s succeeded, f failed. */
static Values pods_of(Arena *a, const char *letters)
{
    Values pods = {0};

    for (const char *p = letters; *p; p++) {
        Value *v = value_literal(a, "{'metadata':{'namespace':'n','ownerReferences':[{'name':'y'},{"
                                    "'name':'x'}]},'status':{}}");

        value_set_at(a, v, "status.phase",
                     value_str(a, *p == 'r'   ? "Running"
                                  : *p == 's' ? "Succeeded"
                                  : *p == 'f' ? "Failed"
                                              : "Pending"));
        values_add(a, &pods, v);
    }
    return pods;
}

TEST(a_group_goes_through_its_phases)
{
    static const struct {
        const char *status, *pods, *want; /* want NULL: no change */
    } rows[] = {
        {"{}", "", "{'phase':'Pending'}"},
        {"{'phase':'Pending'}", "pp", NULL},
        {"{'phase':'Pending'}", "ppp", "{'phase':'Scheduling','occupiedBy':'n/x,n/y'}"},
        {"{'phase':'Pending','occupiedBy':'n/z'}", "ppp",
         "{'phase':'Scheduling','occupiedBy':'n/z'}"},
        {"{'phase':'Scheduling'}", "rrp", "{'phase':'Scheduling','running':2}"},
        {"{'phase':'Scheduling','running':2}", "rrr", "{'phase':'Running','running':3}"},
        {"{'phase':'Running','running':3}", "rrs", "{'phase':'Running','running':2,'succeeded':1}"},
        {"{'phase':'Running','running':3}", "rrrp", NULL},
        {"{'phase':'Running','running':3}", "rrf", "{'phase':'Failed','running':2,'failed':1}"},
        {"{'phase':'Running','running':3}", "rpf", "{'phase':'Scheduling','running':1,'failed':1}"},
        {"{'phase':'Running','running':3}", "sssf",
         "{'phase':'Finished','succeeded':3,'failed':1}"},
        {"{'phase':'Running','running':3}", "r", "{'phase':'Pending','running':1}"},
        {"{'phase':'Finished'}", "rrr", NULL},
        {"{'phase':'Failed'}", "rrr", NULL},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Value *group = value_literal(a, "{'spec':{'minMember':3}}"), *got;
        Values pods = pods_of(a, rows[i].pods);

        value_set(a, group, "status", value_literal(a, rows[i].status));
        got = podgroup_status(a, group, &pods);
        if (!rows[i].want ? got != NULL : !value_equal(got, value_literal(a, rows[i].want)))
            fail_msg("row %zu: %s", i, got ? value_to_str(a, got) : "no change");
    }
}
