#include "tests/unit/test.h"

#include "api/patch.h"
#include "base/err.h"

typedef struct Row {
    const char *type, *text, *want; /* the value after it, or "!" and the mistake */
} Row;

static const char *convert(Arena *a, const Row *row, Warnings *unknown)
{
    char name[200];
    Value *v = value_literal(a, row->text);
    Err err;

    snprintf(name, sizeof(name), "io.k8s.api.%s", row->type);
    assert_non_null(type_find(name));
    if (patch_convert(a, type_find(name), v, unknown, &err) < 0)
        return arena_printf(a, "!%s", err.msg);
    return value_to_str(a, v);
}

static void run(const Row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const char *got = convert(a, &rows[i], NULL);
        char want[400];
        size_t k = 0;

        for (const char *c = rows[i].want; *c; c++)
            want[k++] = *c == '\'' ? '"' : *c;
        want[k] = '\0';
        assert_string_equal(got, want);
    }
}
#define RUN(rows) run((rows), ARRAY_LEN(rows))

/* The words of reflect.Kind and reflect.Type: names of types where Go could convert but JSON has
 * not done so, kinds where it could not. */
TEST(simple_values_of_a_wrong_type)
{
    static const Row rows[] = {
        {"core.v1.ConfigMap", "{'data':{'k':1}}", "!cannot convert int64 to string"},
        {"core.v1.ConfigMap", "{'data':{'k':1.5}}", "!unrecognized type: string"},
        {"core.v1.ConfigMap", "{'data':{'k':true}}", "!unrecognized type: string"},
        {"core.v1.ConfigMap", "{'data':{'k':{}}}", "!unrecognized type: string"},
        {"core.v1.ConfigMap", "{'data':{'k':[]}}", "!unrecognized type: string"},
        {"core.v1.ConfigMap", "{'kind':7}", "!cannot convert int64 to string"},
        {"core.v1.ConfigMap", "{'metadata':{'uid':7}}", "!cannot convert int64 to types.UID"},
        {"core.v1.ConfigMap", "{'immutable':'yes'}", "!unrecognized type: bool"},
        {"core.v1.ConfigMap", "{'immutable':1}", "!unrecognized type: bool"},
        {"core.v1.PodSpec", "{'restartPolicy':1}", "!cannot convert int64 to v1.RestartPolicy"},
        {"core.v1.PodSpec", "{'restartPolicy':1.5}", "!unrecognized type: string"},
        {"core.v1.PersistentVolumeClaimSpec", "{'accessModes':[1]}",
         "!cannot convert int64 to v1.PersistentVolumeAccessMode"},
        {"apps.v1.DeploymentSpec", "{'replicas':'3'}", "!unrecognized type: int32"},
        {"apps.v1.DeploymentSpec", "{'replicas':true}", "!unrecognized type: int32"},
        {"apps.v1.DeploymentSpec", "{'replicas':{}}", "!unrecognized type: int32"},
        {"apps.v1.DeploymentSpec", "{'replicas':1.5}", "!cannot convert float64 to int32"},
        {"core.v1.PodSpec", "{'activeDeadlineSeconds':'3'}", "!unrecognized type: int64"},
        {"core.v1.PodSpec", "{'activeDeadlineSeconds':0.5}", "!cannot convert float64 to int64"},
        {"discovery.v1.EndpointPort", "{'port':[80]}", "!unrecognized type: int32"},
    };

    RUN(rows);
}

TEST(containers_of_a_wrong_type)
{
    static const Row rows[] = {
        {"core.v1.ConfigMap", "{'data':'x'}", "!cannot restore map from string"},
        {"core.v1.ConfigMap", "{'data':[1]}", "!cannot restore map from slice"},
        {"core.v1.ConfigMap", "{'data':1}", "!cannot restore map from int64"},
        {"core.v1.ConfigMap", "{'data':1e3}", "!cannot restore map from float64"},
        {"core.v1.ConfigMap", "{'metadata':'x'}", "!cannot restore struct from: string"},
        {"core.v1.ConfigMap", "{'metadata':[]}", "!cannot restore struct from: slice"},
        {"core.v1.ConfigMap", "{'metadata':false}", "!cannot restore struct from: bool"},
        {"core.v1.ConfigMap", "{'metadata':{'finalizers':{}}}", "!cannot restore slice from map"},
        {"core.v1.ConfigMap", "{'metadata':{'finalizers':'x'}}",
         "!cannot restore slice from string"},
        {"core.v1.PodSpec", "{'containers':['c']}", "!cannot restore struct from: string"},
        {"core.v1.PodSpec", "{'securityContext':7}", "!cannot restore struct from: int64"},
        {"core.v1.Secret", "{'data':{'k':7}}", "!cannot restore slice from int64"},
        {"core.v1.Secret", "{'data':{'k':{}}}", "!cannot restore slice from map"},
        {"core.v1.Secret", "{'data':{'k':['x']}}", "!unrecognized type: uint8"},
        {"core.v1.Secret", "{'data':{'k':[0.5]}}", "!cannot convert float64 to uint8"},
        {"core.v1.Secret", "{'data':{'k':'?'}}",
         "!error decoding from json: illegal base64 data at input byte 0"},
        {"core.v1.Secret", "{'data':{'k':[65,256,null,1.0]}}", "{'data':{'k':[65,0,0,1]}}"},
    };

    RUN(rows);
}

/* Types that read themselves do so from JSON, which has its own words. */
TEST(types_that_read_themselves)
{
    static const Row rows[] = {
        {"core.v1.ServicePort", "{'targetPort':true}",
         "!json: cannot unmarshal bool into Go value of type int32"},
        {"core.v1.ServicePort", "{'targetPort':{}}",
         "!json: cannot unmarshal object into Go value of type int32"},
        {"core.v1.ServicePort", "{'targetPort':4294967296}",
         "!json: cannot unmarshal number 4294967296 into Go value of type int32"},
        {"core.v1.ServicePort", "{'targetPort':'http'}", "{'targetPort':'http'}"},
        {"coordination.v1.LeaseSpec", "{'renewTime':5}",
         "!json: cannot unmarshal number into Go value of type string"},
        {"coordination.v1.LeaseSpec", "{'renewTime':'x'}",
         "!parsing time 'x' as '2006-01-02T15:04:05.000000Z07:00': cannot parse 'x' as '2006'"},
        {"core.v1.ResourceRequirements", "{'limits':{'cpu':2e3}}", "{'limits':{'cpu':2000}}"},
        {"apps.v1.ControllerRevision", "{'data':{'b':1.0,'a':[true]}}",
         "{'data':{'a':[true],'b':1}}"},
    };

    RUN(rows);
}

TEST(a_quantity_that_is_none)
{
    static const Row row = {"core.v1.ResourceRequirements", "{'limits':{'cpu':[]}}", NULL};
    CLEANUP(arena_free) Arena *a = arena_new();

    assert_string_equal(convert(a, &row, NULL), "!quantities must match the regular expression "
                                                "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
}

/* Whole floats become integers; what is too large wraps around, as upstream has it. */
TEST(numbers_become_what_gos_conversions_make_of_them)
{
    static const Row rows[] = {
        {"apps.v1.DeploymentSpec", "{'replicas':2.0}", "{'replicas':2}"},
        {"apps.v1.DeploymentSpec", "{'replicas':1e1}", "{'replicas':10}"},
        {"apps.v1.DeploymentSpec", "{'replicas':-0}", "{'replicas':0}"},
        {"apps.v1.DeploymentSpec", "{'replicas':4294967297}", "{'replicas':1}"},
        {"apps.v1.DeploymentSpec", "{'replicas':2147483648}", "{'replicas':-2147483648}"},
        {"core.v1.PodSpec", "{'activeDeadlineSeconds':9223372036854775808}",
         "{'activeDeadlineSeconds':-9223372036854775808}"},
        {"apps.v1.DeploymentSpec", "{'replicas':null,'template':null,'selector':{}}",
         "{'replicas':null,'template':null,'selector':{}}"},
    };

    RUN(rows);
}

/* In the order of the type, not of the text, and the first ends it. */
TEST(the_first_mistake_is_told)
{
    static const Row rows[] = {
        {"core.v1.ConfigMap", "{'immutable':1,'data':1,'metadata':1}",
         "!cannot restore struct from: int64"},
        {"core.v1.ConfigMap", "{'data':'x','immutable':1}", "!unrecognized type: bool"},
    };

    RUN(rows);
}

TEST(unknown_members_are_told_by_name)
{
    static const Row row = {"core.v1.Pod",
                            "{'z':1,'spec':{'containers':[{'name':'c'},{'name':'d','nope':1,'$"
                            "setElementOrder/ports':[]}],"
                            "'b':{'c':1}},'metadata':{'labels':{'free':'x'}}}",
                            NULL};
    CLEANUP(arena_free) Arena *a = arena_new();
    Warnings w = {0};

    assert_string_equal(convert(a, &row, NULL), value_to_str(a, value_literal(a, row.text)));
    assert_non_null(convert(a, &row, &w));
    assert_int_equal(w.n, 4);
    assert_string_equal(w.items[0], "unknown field \"spec.b\"");
    assert_string_equal(w.items[1], "unknown field \"spec.containers[1].$setElementOrder/ports\"");
    assert_string_equal(w.items[2], "unknown field \"spec.containers[1].nope\"");
    assert_string_equal(w.items[3], "unknown field \"z\"");
}
