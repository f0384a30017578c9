#include "controllers/clone_sync.h"

#include "tests/unit/test.h"

static const char *copy_of(Arena *a, const char *storage, const char *json)
{
    Value *v = clone_copy(a, resource_find_storage(storage), value_literal(a, json));

    return v ? value_to_str(a, v) : NULL;
}

TEST(identity_status_and_what_was_filled_in_stay_behind)
{
    static const struct {
        const char *storage, *from, *to; /* NULL: none */
    } cases[] = {
        {"configmaps",
         "{'metadata':{'name':'x','namespace':'n','uid':'u','resourceVersion':'7',"
         "'creationTimestamp':'t','managedFields':[{}],'generation':2,'labels':{'a':'b'},"
         "'annotations':{'c':'d'},'ownerReferences':[{'kind':'Foo','uid':'u'}]},'data':{'k':'v'}}",
         "{\"metadata\":{\"name\":\"x\",\"namespace\":\"n\",\"labels\":{\"a\":\"b\"},"
         "\"annotations\":{\"c\":\"d\"}},\"data\":{\"k\":\"v\"}}"},
        {"configmaps", "{'metadata':{'name':'x','ownerReferences':[{'controller':true}]}}", NULL},
        {"configmaps", "{'metadata':{'name':'kube-root-ca.crt'}}", NULL},
        {"configmaps", "{'metadata':{'name':'x','deletionTimestamp':'2026-01-01T00:00:00Z'}}",
         NULL},
        {"secrets", "{'metadata':{'name':'s'},'type':'kubernetes.io/service-account-token'}", NULL},
        {"secrets", "{'metadata':{'name':'s'},'type':'bootstrap.kubernetes.io/token'}", NULL},
        {"secrets", "{'metadata':{'name':'s'},'type':'Opaque'}",
         "{\"metadata\":{\"name\":\"s\"},\"type\":\"Opaque\"}"},
        {"pods", "{'metadata':{'name':'p'},'spec':{'nodeName':'n'},'status':{'phase':'Running'}}",
         "{\"metadata\":{\"name\":\"p\"},\"spec\":{}}"},
        {"pods", "{'metadata':{'name':'p'},'status':{'phase':'Succeeded'}}", NULL},
        {"services",
         "{'metadata':{'name':'s'},'spec':{'clusterIP':'10.96.0.9','clusterIPs':['10.96.0.9'],"
         "'ports':[{'port':80,'nodePort':30001}]},'status':{'loadBalancer':{}}}",
         "{\"metadata\":{\"name\":\"s\"},\"spec\":{\"ports\":[{\"port\":80}]}}"},
        {"services", "{'metadata':{'name':'s'},'spec':{'clusterIP':'None'}}",
         "{\"metadata\":{\"name\":\"s\"},\"spec\":{\"clusterIP\":\"None\"}}"},
        {"persistentvolumeclaims",
         "{'metadata':{'name':'c','annotations':{'pv.kubernetes.io/bind-completed':'yes'}},'spec':"
         "{'volumeName':'v'}}",
         "{\"metadata\":{\"name\":\"c\",\"annotations\":{}},\"spec\":{}}"},
        {"batch/jobs",
         "{'metadata':{'name':'j'},'spec':{'selector':{'matchLabels':{}},'template':{'metadata':"
         "{'labels':{'controller-uid':'u','a':'b'}}}}}",
         "{\"metadata\":{\"name\":\"j\"},\"spec\":{\"template\":{\"metadata\":{\"labels\":{\"a\":"
         "\"b\"}}}}}"},
        {"batch/jobs",
         "{'metadata':{'name':'j'},'status':{'conditions':[{'type':'Complete','status':'True'}]}}",
         NULL},
        {"namespaces", "{'metadata':{'name':'n'},'spec':{'finalizers':['kubernetes']}}",
         "{\"metadata\":{\"name\":\"n\"}}"},
        {"persistentvolumes", "{'metadata':{'name':'v'}}", NULL},
        {"events", "{'metadata':{'name':'e'}}", NULL},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const char *got = copy_of(a, cases[i].storage, cases[i].from);

        if (cases[i].to)
            assert_string_equal(got, cases[i].to);
        else
            assert_null(got);
    }
}

TEST(what_others_need_comes_first_and_what_stands_in_the_way_last)
{
    assert_int_equal(clone_pass("namespaces"), CLONE_FIRST);
    assert_int_equal(clone_pass("apps/deployments"), CLONE_MAIN);
    assert_int_equal(clone_pass("example.com/widgets"), CLONE_MAIN);
    assert_int_equal(clone_pass("resourcequotas"), CLONE_LAST);
    assert_int_equal(clone_pass("admissionregistration/validatingwebhookconfigurations"),
                     CLONE_LAST);
    assert_int_equal(clone_pass("nodes"), CLONE_NEVER);
}
