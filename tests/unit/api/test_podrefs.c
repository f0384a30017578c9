#include "api/podrefs.h"

#include "tests/unit/test.h"

static bool collect(const char *storage, const char *name, void *data)
{
    buf_addf(data, "%s/%s ", storage, name);
    return false;
}

TEST(every_way_to_name_an_object_is_seen)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const Value *pod = value_literal(
        a, "{'spec':{'volumes':[{'configMap':{'name':'v1'}},{'secret':{'secretName':'v2'}},"
           "{'csi':{'nodePublishSecretRef':{'name':'v3'}}},{'azureFile':{'secretName':'v4'}},"
           "{'persistentVolumeClaim':{'claimName':'v5'}},{'projected':{'sources':["
           "{'configMap':{'name':'p1'}},{'secret':{'name':'p2'}},{'serviceAccountToken':{}}]}}],"
           "'initContainers':[{'envFrom':[{'configMapRef':{'name':'e1'}}]}],"
           "'containers':[{'env':[{'valueFrom':{'secretKeyRef':{'name':'e2'}}},{'value':'x'}]}],"
           "'ephemeralContainers':[{'env':[{'valueFrom':{'configMapKeyRef':{'name':'e3'}}}]}],"
           "'imagePullSecrets':[{'name':'i1'},{}]}}");
    AUTO_BUF out = BUF_INIT;

    assert_false(podrefs_visit(pod, collect, &out));
    assert_string_equal(buf_str(&out),
                        "configmaps/v1 secrets/v2 secrets/v3 secrets/v4 persistentvolumeclaims/v5 "
                        "configmaps/p1 secrets/p2 configmaps/e1 secrets/e2 configmaps/e3 "
                        "secrets/i1 ");
    assert_true(podrefs_has(pod, "secrets", "i1"));
    assert_true(podrefs_has(pod, "secrets", NULL));
    assert_false(podrefs_has(pod, "secrets", "v1"));
    assert_false(podrefs_has(value_literal(a, "{'spec':{}}"), "configmaps", NULL));
}
