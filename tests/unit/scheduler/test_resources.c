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

#define C(name, cpu) "{'name':'" name "','resources':{'requests':{'cpu':'" cpu "'}}}"
#define S(name, cpu)                                                                               \
    "{'name':'" name "','restartPolicy':'Always','resources':{'requests':{'cpu':'" cpu "'}}}"
#define HAS(name, cpu) "{'name':'" name "','resources':{'requests':{'cpu':'" cpu "'}}"
#define PENDING(why)                                                                               \
    "'conditions':[{'type':'PodResizePending','status':'True','reason':'" why "'}],"

TEST(what_a_pod_takes)
{
    static const struct {
        const char *what, *spec, *status;
        int64_t cpu_milli, nonzero_milli, nonzero_mib, huge;
    } rows[] = {
        {"what containers ask for", "'containers':[" C("a", "1") "," C("b", "2") "]", "", 3000,
         3000, 400, 0},
        {"one that does not say has a default", "'containers':[" C("a", "1") ",{'name':'b'}]", "",
         1000, 1100, 400, 0},
        {"zero is said", "'containers':[" C("a", "0") "]", "", 0, 0, 200, 0},
        {"the largest init container",
         "'containers':[" C("a", "1") "],'initContainers':[" C("i", "3") "]", "", 3000, 3000, 200,
         0},
        {"init containers have defaults, too",
         "'containers':[" C("a", "50m") "],'initContainers':[{'name':'i'}]", "", 50, 100, 200, 0},
        {"sidecars run beside what comes after them",
         "'containers':[" C("a", "1") "],'initContainers':[" S("s", "2") "," C("i", "2") "]", "",
         4000, 4000, 400, 0},
        {"the pod's own word holds, and has no defaults beside it",
         "'resources':{'requests':{'cpu':'5','memory':'100Mi','hugepages-2Mi':'4Mi'}},"
         "'containers':[" C("a", "1") ",{'name':'b'}]",
         "", 5000, 5000, 100, 4 << 20},
        {"but for what it does not say",
         "'resources':{'requests':{'cpu':'5'}},'containers':[{"
         "'name':'a'},{'name':'b'}]",
         "", 5000, 5000, 400, 0},
        {"overhead comes on top", "'overhead':{'cpu':'1'},'containers':[" C("a", "1") "]", "", 2000,
         2000, 200, 0},
        {"made smaller, and not yet", "'containers':[" C("a", "1") "]",
         "'containerStatuses':[" HAS("a", "3") "}]", 3000, 3000, 200, 0},
        {"set aside, and not yet given", "'containers':[" C("a", "1") "]",
         "'containerStatuses':[" HAS("a", "1") ",'allocatedResources':{'cpu':'2'}}]", 2000, 2000,
         200, 0},
        {"made larger, and not yet", "'containers':[" C("a", "4") "]",
         "'containerStatuses':[" HAS("a", "1") ",'allocatedResources':{'cpu':'1'}}]", 4000, 4000,
         200, 0},
        {"it may be later", "'containers':[" C("a", "4") "]",
         PENDING("Deferred") "'containerStatuses':[" HAS("a", "1") "}]", 4000, 4000, 200, 0},
        {"there will never be room for it", "'containers':[" C("a", "4") "]",
         PENDING("Infeasible") "'containerStatuses':[" HAS("a", "1") "}]", 1000, 1000, 200, 0},
        {"a status without resources says nothing", "'containers':[" C("a", "4") "]",
         PENDING("Infeasible") "'containerStatuses':[{'name':'a'}]", 4000, 4000, 200, 0},
        {"sidecars are resized",
         "'containers':[" C("a", "1") "],'initContainers':[" S("s", "1") "]",
         "'initContainerStatuses':[" HAS("s", "2") "}]", 3000, 3000, 400, 0},
        {"other init containers, too",
         "'containers':[" C("a", "1") "],'initContainers':[" C("i", "1") "]",
         "'initContainerStatuses':[" HAS("i", "2") "}]", 2000, 2000, 200, 0},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const Value *pod = value_literal(
            a, arena_printf(a, "{'spec':{%s},'status':{%s}}", rows[i].spec, rows[i].status));
        int64_t cpu, memory;
        Res r;

        res_of_pod(pod, &r);
        res_nonzero_of_pod(pod, &r, &cpu, &memory);
        if (r.cpu_milli != rows[i].cpu_milli || cpu != rows[i].nonzero_milli ||
            memory != rows[i].nonzero_mib << 20 || res_extra(&r, "hugepages-2Mi") != rows[i].huge)
            fail_msg("%s: %lld, %lld, %lld", rows[i].what, (long long)r.cpu_milli, (long long)cpu,
                     (long long)memory);
        res_done(&r);
    }
}
