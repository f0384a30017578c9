#include "controllers/protection_sync.h"

#include "client/meta.h"
#include "tests/unit/test.h"

#define FINALIZER "kubernetes.io/pvc-protection"

TEST(a_finalizer_comes_with_life_and_is_questioned_at_deletion)
{
    static const struct {
        const char *object;
        Protection want;
    } rows[] = {
        {"{'metadata':{}}", PROTECTION_ADD},
        {"{'metadata':{'finalizers':['x']}}", PROTECTION_ADD},
        {"{'metadata':{'finalizers':['" FINALIZER "']}}", PROTECTION_KEEP},
        {"{'metadata':{'deletionTimestamp':'2026-01-01T00:00:00Z'}}", PROTECTION_KEEP},
        {"{'metadata':{'deletionTimestamp':'2026-01-01T00:00:00Z','finalizers':['" FINALIZER "']}}",
         PROTECTION_REMOVE},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();

        assert_int_equal(protection_decide(value_literal(a, rows[i].object), FINALIZER),
                         rows[i].want);
    }
}

TEST(finalizers_of_others_stay)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = value_literal(a, "{'metadata':{'finalizers':['x']}}");

    protection_add(a, v, FINALIZER);
    assert_true(meta_has_finalizer(v, FINALIZER));
    protection_remove(v, FINALIZER);
    assert_string_equal(value_to_str(a, v), "{\"metadata\":{\"finalizers\":[\"x\"]}}");
    protection_remove(v, "x");
    assert_string_equal(value_to_str(a, v), "{\"metadata\":{}}");
}

#define CLAIM "{'metadata':{'name':'p-data','ownerReferences':[{'uid':'u1','controller':true}]}}"

TEST(pods_use_claims_while_they_are_on_a_node)
{
    static const struct {
        const char *pod;
        bool want;
    } rows[] = {
        {"{'metadata':{'name':'p'},'spec':{'nodeName':'n','volumes':[{'name':'v',"
         "'persistentVolumeClaim':{'claimName':'p-data'}}]}}",
         true},
        {"{'metadata':{'name':'p'},'spec':{'volumes':[{'name':'v',"
         "'persistentVolumeClaim':{'claimName':'p-data'}}]}}",
         false},
        {"{'metadata':{'name':'p'},'spec':{'nodeName':'n','volumes':[{'name':'v',"
         "'persistentVolumeClaim':{'claimName':'other'}}]}}",
         false},
        {"{'metadata':{'name':'p'},'spec':{'nodeName':'n','volumes':[{'name':'v',"
         "'persistentVolumeClaim':{'claimName':'p-data'}}]},'status':{'phase':'Succeeded'}}",
         true},
        {"{'metadata':{'name':'p','uid':'u1'},'spec':{'nodeName':'n','volumes':[{'name':'data',"
         "'ephemeral':{}}]}}",
         true},
        {"{'metadata':{'name':'p','uid':'u2'},'spec':{'nodeName':'n','volumes':[{'name':'data',"
         "'ephemeral':{}}]}}",
         false},
        {"{'metadata':{'name':'p','uid':'u1','deletionTimestamp':'2026-01-01T00:00:00Z',"
         "'deletionGracePeriodSeconds':0},'spec':{'nodeName':'n','volumes':[{'name':'data',"
         "'ephemeral':{}}]}}",
         false},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();

        assert_int_equal(
            protection_pod_uses(value_literal(a, rows[i].pod), value_literal(a, CLAIM)),
            rows[i].want);
    }
}

TEST(volumes_are_used_while_bound_and_classes_while_named)
{
    CLEANUP(arena_free) Arena *a = arena_new();

    assert_true(protection_volume_is_used(value_literal(a, "{'status':{'phase':'Bound'}}")));
    assert_false(protection_volume_is_used(value_literal(a, "{'status':{'phase':'Released'}}")));
    assert_true(protection_uses_class(
        value_literal(a, "{'spec':{'volumeAttributesClassName':'gold'}}"), "gold"));
    assert_true(protection_uses_class(
        value_literal(a, "{'status':{'currentVolumeAttributesClassName':'gold'}}"), "gold"));
    assert_false(protection_uses_class(value_literal(a, "{'spec':{}}"), "gold"));
}
