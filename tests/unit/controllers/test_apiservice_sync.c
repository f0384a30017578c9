#include "controllers/apiservice_sync.h"

#include "client/meta.h"
#include "tests/unit/test.h"

#define LABEL "'labels':{'kube-aggregator.kubernetes.io/automanaged':'true'}"
#define SPEC(v)                                                                                    \
    "'spec':{'group':'a.io','version':'" v "','groupPriorityMinimum':1000,'versionPriority':100}"

static const char *said(Arena *a, const ApiServiceAction *actions, uint32_t n)
{
    static const char *const words[] = {"create", "update", "delete"};
    const char *s = "";

    for (uint32_t i = 0; i < n; i++)
        s = arena_printf(a, "%s%s%s %s", s, i ? ", " : "", words[actions[i].what],
                         meta_name(actions[i].object));
    return s;
}

TEST(a_group_has_a_service_for_each_version_that_is_served)
{
    static const struct {
        const char *crds, *have, *want;
    } rows[] = {
        {"[]", "[]", ""},
        /* served by one, not by another; two definitions share a version */
        {"[{'spec':{'versions':[{'name':'v1','served':true},{'name':'v2','served':false}]}},"
         "{'spec':{'versions':[{'name':'v1','served':true},{'name':'v3','served':true}]}}]",
         "[]", "create v1.a.io, create v3.a.io"},
        /* what is right stays, what a user changed is set back */
        {"[{'spec':{'versions':[{'name':'v1','served':true}]}}]",
         "[{'metadata':{'name':'v1.a.io'," LABEL "}," SPEC("v1") "}]", ""},
        {"[{'spec':{'versions':[{'name':'v1','served':true}]}}]",
         "[{'metadata':{'name':'v1.a.io'," LABEL "},'spec':{'group':'a.io','version':'v1',"
         "'groupPriorityMinimum':5,'versionPriority':100}}]",
         "update v1.a.io"},
        /* a user's own is left alone, wanted or not */
        {"[{'spec':{'versions':[{'name':'v1','served':true}]}}]",
         "[{'metadata':{'name':'v1.a.io'},'spec':{}},{'metadata':{'name':'v9.a.io'},'spec':{}}]",
         ""},
        /* no longer served, or its definition is gone */
        {"[{'spec':{'versions':[{'name':'v1','served':false}]}}]",
         "[{'metadata':{'name':'v1.a.io'," LABEL "}," SPEC("v1") "}]", "delete v1.a.io"},
        {"[]",
         "[{'metadata':{'name':'v1.a.io','labels':"
         "{'kube-aggregator.kubernetes.io/automanaged':'onstart'}}}]",
         ""},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *crds = value_literal(a, rows[i].crds), *have = value_literal(a, rows[i].have);
        ApiServiceAction *actions;
        uint32_t n =
            apiservice_plan(a, "a.io", crds->items, crds->n, have->items, have->n, &actions);

        assert_string_equal(said(a, actions, n), rows[i].want);
        for (uint32_t k = 0; k < n; k++)
            if (actions[k].what != APISERVICE_DELETE) {
                assert_int_equal(value_at_int(actions[k].object, "spec.groupPriorityMinimum", 0),
                                 1000);
                assert_string_equal(value_at_str(actions[k].object, "spec.group"), "a.io");
            }
    }
}
