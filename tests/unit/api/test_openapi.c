#include "api/crd.h"
#include "api/discovery.h"
#include "base/err.h"
#include "tests/unit/test.h"

static void on_dup(const char *path, void *data UNUSED)
{
    fail_msg("twice: %s", path);
}

static Value *parsed(Arena *a, const Buf *b)
{
    Value *v;
    Err err;

    if (value_parse_strict(a, buf_slice(b), on_dup, NULL, &v, &err) < 0)
        fail_msg("%s", err.msg);
    return v;
}

/* Every reference in `v` leads to a schema. */
static void check_refs(const Value *v, const Value *schemas, const char *prefix)
{
    const char *ref = value_get_str(v, "$ref");

    if (ref) {
        assert_true(str_starts(ref, prefix));
        if (!value_get(schemas, ref + strlen(prefix)))
            fail_msg("%s leads nowhere", ref);
    }
    for (uint32_t i = 0; i < value_len(v); i++)
        check_refs(v->type == VALUE_OBJECT ? v->members[i].value : v->items[i], schemas, prefix);
}

/* Without descriptions, which are our own. */
static Value *bare(Arena *a, const Value *v)
{
    Value *out;

    if (value_is(v, VALUE_OBJECT)) {
        out = value_object(a);
        value_each_member(v, m)
        {
            if (strcmp(m->name, "description") != 0 || m->value->type != VALUE_STRING)
                value_set(a, out, m->name, bare(a, m->value));
        }
        return out;
    }
    if (!value_is(v, VALUE_ARRAY))
        return value_copy(a, v);
    out = value_array(a);
    for (uint32_t i = 0; i < v->n; i++)
        value_append(a, out, bare(a, v->items[i]));
    return out;
}

#define META_REF                                                                                   \
    "{'default':{},'allOf':[{'$ref':"                                                              \
    "'#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'}]}"

/* Recorded ones of a real server. */
static const struct {
    const char *group, *version, *name, *want;
} schemas[] = {
    {"", "v1", "io.k8s.api.core.v1.ConfigMap",
     "{'type':'object','properties':{'apiVersion':{'type':'string'},'binaryData':{'type':'object',"
     "'additionalProperties':{'type':'string','format':'byte'}},'data':{'type':'object',"
     "'additionalProperties':{'type':'string'}},'immutable':{'type':'boolean'},'kind':{'type':"
     "'string'},'metadata':" META_REF "},'x-kubernetes-group-version-kind':[{'group':'','kind':"
     "'ConfigMap','version':'v1'}]}"},
    {"", "v1", "io.k8s.apimachinery.pkg.api.resource.Quantity",
     "{'oneOf':[{'type':'string'},{'type':'number'}]}"},
    {"", "v1", "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
     "{'format':'int-or-string','oneOf':[{'type':'integer'},{'type':'string'}]}"},
    {"apps", "v1", "io.k8s.api.apps.v1.DeploymentSpec",
     "{'type':'object','required':['selector','template'],'properties':{'minReadySeconds':{'type':"
     "'integer','format':'int32'},'paused':{'type':'boolean'},'progressDeadlineSeconds':{'type':"
     "'integer','format':'int32'},'replicas':{'type':'integer','format':'int32'},"
     "'revisionHistoryLimit':{'type':'integer','format':'int32'},'selector':{'allOf':[{'$ref':"
     "'#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector'}]},'strategy':"
     "{'default':{},'allOf':[{'$ref':'#/components/schemas/io.k8s.api.apps.v1.DeploymentStrategy'"
     "}],'x-kubernetes-patch-strategy':'retainKeys'},'template':{'default':{},'allOf':[{'$ref':"
     "'#/components/schemas/io.k8s.api.core.v1.PodTemplateSpec'}]}}}"},
    /* what upstream's generator makes of the types of 1.36 */
    {"apps", "v1", "io.k8s.api.core.v1.SeccompProfile",
     "{'type':'object','required':['type'],'properties':{'localhostProfile':{'type':'string'},"
     "'type':{'type':'string','default':'','enum':['Localhost','RuntimeDefault','Unconfined']}},"
     "'x-kubernetes-unions':[{'discriminator':'type','fields-to-discriminateBy':{"
     "'localhostProfile':'LocalhostProfile'}}]}"},
    {"apps", "v1", "io.k8s.apimachinery.pkg.runtime.RawExtension", "{'type':'object'}"},
    {"apiextensions.k8s.io", "v1",
     "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool", "{}"},
    {"apps", "v1", "io.k8s.api.autoscaling.v1.ScaleSpec",
     "{'type':'object','properties':{'replicas':{'type':'integer','format':'int32','default':0}}}"},
    {"", "v1", "io.k8s.api.core.v1.LocalObjectReference",
     "{'type':'object','properties':{'name':{'type':'string','default':''}},"
     "'x-kubernetes-map-type':'atomic'}"},
    {"networking.k8s.io", "v1", "io.k8s.api.networking.v1.NetworkPolicyPort",
     "{'type':'object','properties':{'endPort':{'type':'integer','format':'int32'},'port':{'allOf':"
     "[{'$ref':'#/components/schemas/io.k8s.apimachinery.pkg.util.intstr.IntOrString'}]},"
     "'protocol':{'type':'string','enum':['SCTP','TCP','UDP']}}}"},
};

TEST(schemas_are_as_recorded)
{
    for (size_t i = 0; i < ARRAY_LEN(schemas); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        AUTO_BUF b = BUF_INIT;
        ResourceSet set = resource_set_builtin(a, false);
        Value *got;

        assert_true(
            openapi_write_v3(&set, slice_of(schemas[i].group), slice_of(schemas[i].version), &b));
        got = bare(a, value_get(value_at(parsed(a, &b), "components.schemas"), schemas[i].name));
        if (!value_equal(got, value_literal(a, schemas[i].want)))
            print_message("%s\n", value_to_str(a, got));
        assert_true(value_equal(got, value_literal(a, schemas[i].want)));
    }
}

TEST(every_document_holds_together)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF index = BUF_INIT;
    AUTO_BUF v2 = BUF_INIT;
    ResourceSet set = resource_set_builtin(a, true);
    Value *paths, *doc;

    openapi_write_index(&set, &index);
    paths = value_get(parsed(a, &index), "paths");
    assert_non_null(value_get(paths, "api/v1"));
    assert_non_null(value_get(paths, "apis/apps/v1"));
    for (size_t i = 0; i < set.n; i++) {
        CLEANUP(arena_free) Arena *inner = arena_new();
        AUTO_BUF b = BUF_INIT;

        if (i > 0 && str_eq(set.items[i]->group, set.items[i - 1]->group))
            continue;
        assert_true(openapi_write_v3(&set, slice_of(set.items[i]->group),
                                     slice_of(set.items[i]->version), &b));
        doc = parsed(inner, &b);
        check_refs(doc, value_at(doc, "components.schemas"), "#/components/schemas/");
    }
    openapi_write_v2(&set, &v2);
    doc = parsed(a, &v2);
    check_refs(doc, value_get(doc, "definitions"), "#/definitions/");
}

TEST(patches_know_field_validation)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF b = BUF_INIT;
    ResourceSet set = resource_set_builtin(a, false);
    const Value *path, *patch, *parameter;
    bool is_known = false;

    assert_true(openapi_write_v3(&set, SLICE("apps"), SLICE("v1"), &b));
    path = value_get(value_get(parsed(a, &b), "paths"),
                     "/apis/apps/v1/namespaces/{namespace}/deployments/{name}");
    patch = value_get(path, "patch");
    assert_string_equal(value_to_str(a, value_get(patch, "x-kubernetes-group-version-kind")),
                        "{\"group\":\"apps\",\"version\":\"v1\",\"kind\":\"Deployment\"}");
    value_each_item(value_get(patch, "parameters"), i, parameter) is_known |=
        str_eq(value_get_str(parameter, "name"), "fieldValidation");
    assert_true(is_known);
    assert_string_equal(value_at_str(path, "get.operationId"), "readAppsV1NamespacedDeployment");
}

static const char *names_of(Arena *a, const Value *parameters)
{
    AUTO_BUF names = BUF_INIT;
    const Value *p;

    value_each_item(parameters, i, p)
        buf_addf(&names, "%s%s", i > 0 ? " " : "", value_get_str(p, "name"));
    return arena_strdup(a, buf_str(&names));
}

/* Where a path has one operation, all its parameters are the path's. */
TEST(paths_are_as_upstream_publishes_them)
{
    static const struct {
        const char *group, *version, *path, *method, *id, *action, *parameters, *common, *answer;
    } rows[] = {
        {"apps", "v1", "/apis/apps/v1/", "get", "getAppsV1APIResources", NULL, "", "",
         "io.k8s.apimachinery.pkg.apis.meta.v1.APIResourceList"},
        {"apps", "v1", "/apis/apps/v1/namespaces/{namespace}/deployments", "delete",
         "deleteAppsV1CollectionNamespacedDeployment", "deletecollection",
         "continue dryRun fieldSelector gracePeriodSeconds "
         "ignoreStoreReadErrorWithClusterBreakingPotential labelSelector limit orphanDependents "
         "propagationPolicy resourceVersion resourceVersionMatch sendInitialEvents shardSelector "
         "timeoutSeconds",
         "namespace pretty", "io.k8s.apimachinery.pkg.apis.meta.v1.Status"},
        {"apps", "v1", "/apis/apps/v1/deployments", "get", "listAppsV1DeploymentForAllNamespaces",
         "list", "",
         "allowWatchBookmarks continue fieldSelector labelSelector limit pretty resourceVersion "
         "resourceVersionMatch sendInitialEvents shardSelector timeoutSeconds watch",
         "io.k8s.api.apps.v1.DeploymentList"},
        {"apps", "v1", "/apis/apps/v1/watch/namespaces/{namespace}/deployments/{name}", "get",
         "watchAppsV1NamespacedDeployment", "watch", "",
         "allowWatchBookmarks continue fieldSelector labelSelector limit name namespace pretty "
         "resourceVersion resourceVersionMatch sendInitialEvents shardSelector timeoutSeconds "
         "watch",
         "io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent"},
        {"", "v1", "/api/v1/watch/nodes", "get", "watchCoreV1NodeList", "watchlist", "",
         "allowWatchBookmarks continue fieldSelector labelSelector limit pretty resourceVersion "
         "resourceVersionMatch sendInitialEvents shardSelector timeoutSeconds watch",
         "io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent"},
        {"", "v1", "/api/v1/namespaces/{namespace}/pods/{name}", "delete",
         "deleteCoreV1NamespacedPod", "delete",
         "dryRun gracePeriodSeconds ignoreStoreReadErrorWithClusterBreakingPotential "
         "orphanDependents propagationPolicy",
         "name namespace pretty", "io.k8s.api.core.v1.Pod"},
        {"", "v1", "/api/v1/namespaces/{namespace}/pods/{name}/exec", "post",
         "connectCoreV1PostNamespacedPodExec", "connect", "",
         "command container name namespace stderr stdin stdout tty", NULL},
        {"", "v1", "/api/v1/namespaces/{namespace}/pods/{name}/log", "get",
         "readCoreV1NamespacedPodLog", "get", "",
         "container follow insecureSkipTLSVerifyBackend limitBytes name namespace pretty previous "
         "sinceSeconds stream tailLines timestamps",
         NULL},
    };
    CLEANUP(arena_free) Arena *a = arena_new();
    ResourceSet set = resource_set_builtin(a, false);

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        AUTO_BUF b = BUF_INIT;
        const Value *path, *op, *content, *ref = NULL;
        const char *at = arena_printf(a, "#/components/schemas/%s", rows[i].answer);

        assert_true(openapi_write_v3(&set, slice_of(rows[i].group), slice_of(rows[i].version), &b));
        path = value_get(value_get(parsed(a, &b), "paths"), rows[i].path);
        op = value_get(path, rows[i].method);
        assert_string_equal(value_get_str(op, "operationId"), rows[i].id);
        assert_true(str_eq(value_get_str(op, "x-kubernetes-action"), rows[i].action));
        assert_string_equal(names_of(a, value_get(op, "parameters")), rows[i].parameters);
        assert_string_equal(names_of(a, value_get(path, "parameters")), rows[i].common);
        content = value_at(op, "responses.200.content");
        if (value_len(content) > 0)
            ref = value_at(content->members[0].value, "schema.$ref");
        assert_true(str_eq(ref ? ref->str : NULL, rows[i].answer ? at : NULL));
    }
}

static const char widgets[] =
    "{'spec':{'group':'shop.example.com','scope':'Namespaced','names':{'plural':'widgets',"
    "'singular':'widget','kind':'Widget','listKind':'WidgetList'},'versions':[{'name':'v1',"
    "'served':true,'storage':true,'schema':{'openAPIV3Schema':{'type':'object','description':"
    "'A thing.','properties':{'spec':{'type':'object','properties':{'size':{'type':'integer',"
    "'maximum':5,'nullable':true},'any':{'anyOf':[{'minLength':1}],'type':'string'}}}}}}}]}}";

TEST(custom_resources_are_written_as_their_definition_has_them)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF b = BUF_INIT;
    const Resource **items;
    ResourceSet set;
    Value *doc, *v;

    set.n = crd_compile(a, value_literal(a, widgets), &items);
    set.items = items;
    assert_true(openapi_write_v3(&set, SLICE("shop.example.com"), SLICE("v1"), &b));
    doc = parsed(a, &b);
    check_refs(doc, value_at(doc, "components.schemas"), "#/components/schemas/");
    v = value_get(value_at(doc, "components.schemas"), "com.example.shop.v1.Widget");
    assert_string_equal(value_get_str(v, "description"), "A thing.");
    assert_string_equal(value_to_str(a, value_at(v, "properties.spec.properties")),
                        "{\"size\":{\"type\":\"integer\",\"maximum\":5,\"nullable\":true},"
                        "\"any\":{\"anyOf\":[{\"minLength\":1}],\"type\":\"string\"}}");
    assert_string_equal(value_at_str(v, "properties.kind.type"), "string");
    assert_string_equal(
        value_to_str(a, value_get(v, "x-kubernetes-group-version-kind")),
        "[{\"group\":\"shop.example.com\",\"kind\":\"Widget\",\"version\":\"v1\"}]");
    buf_reset(&b);
    openapi_write_v2(&set, &b); /* has no words for null and for alternatives */
    v = value_get(value_get(parsed(a, &b), "definitions"), "com.example.shop.v1.Widget");
    assert_string_equal(value_to_str(a, value_at(v, "properties.spec.properties")),
                        "{\"size\":{\"maximum\":5},\"any\":{\"type\":\"string\"}}");
}

/* What clients that validate by version 2 would take for a narrower rule than there is. */
TEST(v2_says_no_more_of_custom_resources_than_clients_understand)
{
    static const struct {
        const char *schema, *v2;
    } rows[] = {
        {"{'type':'object','x-kubernetes-preserve-unknown-fields':true,'properties':{'a':{'type':"
         "'string'}}}",
         "{'x-kubernetes-preserve-unknown-fields':true}"},
        {"{'type':'array'}", "{}"},
        {"{'type':'object','required':['a','b'],'properties':{'a':{'type':'string','nullable':"
         "true},'b':{'type':'string'}}}",
         "{'type':'object','required':['b'],'properties':{'a':{},'b':{'type':'string'}}}"},
        {"{'type':'object','required':['a'],'additionalProperties':{'type':'string','nullable':"
         "true}}",
         "{'type':'object','additionalProperties':{}}"},
        {"{'type':'object','x-kubernetes-embedded-resource':true,'x-kubernetes-preserve-unknown-"
         "fields':true}",
         "{'x-kubernetes-embedded-resource':true,'x-kubernetes-preserve-unknown-fields':true}"},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        AUTO_BUF b = BUF_INIT;
        Value *crd = value_literal(a, widgets), *v;
        const Resource **items;
        ResourceSet set;

        value_set_at(a, value_at(crd, "spec.versions.0.schema.openAPIV3Schema"), "properties.spec",
                     value_literal(a, rows[i].schema));
        set.n = crd_compile(a, crd, &items);
        set.items = items;
        openapi_write_v2(&set, &b);
        v = value_get(value_get(parsed(a, &b), "definitions"), "com.example.shop.v1.Widget");
        assert_true(value_equal(value_at(v, "properties.spec"), value_literal(a, rows[i].v2)));
    }
}

TEST(objects_inside_of_custom_resources_say_what_they_are)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF b = BUF_INIT;
    Value *crd = value_literal(a, widgets), *v;
    const Resource **items;
    ResourceSet set;

    value_set_at(a, value_at(crd, "spec.versions.0.schema.openAPIV3Schema"), "properties.spec",
                 value_literal(a, "{'type':'object','x-kubernetes-embedded-resource':true,"
                                  "'required':['kind','a'],'properties':{'a':{'type':'string'}}}"));
    set.n = crd_compile(a, crd, &items);
    set.items = items;
    assert_true(openapi_write_v3(&set, SLICE("shop.example.com"), SLICE("v1"), &b));
    v = value_get(value_at(parsed(a, &b), "components.schemas"), "com.example.shop.v1.Widget");
    v = value_at(v, "properties.spec");
    assert_string_equal(value_to_str(a, value_get(v, "required")),
                        "[\"kind\",\"a\",\"apiVersion\"]");
    assert_string_equal(value_at_str(v, "properties.apiVersion.type"), "string");
    assert_string_equal(value_at_str(v, "properties.a.type"), "string");
}

/* ---- the protobuf form ---- */

static bool take_varint(Slice *s, uint64_t *ret)
{
    *ret = 0;
    for (int shift = 0; s->len > 0 && shift < 64; shift += 7) {
        unsigned char c = (unsigned char)*s->ptr++;

        s->len--;
        *ret |= (uint64_t)(c & 0x7f) << shift;
        if (c < 0x80)
            return true;
    }
    return false;
}

/* The next length-delimited field of this number. */
static bool take_field(Slice *s, uint32_t number, Slice *ret)
{
    uint64_t tag = 0, n = 0;

    while (s->len > 0) {
        assert_true(take_varint(s, &tag) && take_varint(s, &n));
        if ((tag & 7) == 0) /* a bool: n was its value */
            continue;
        assert_int_equal(tag & 7, 2);
        assert_true(n <= s->len);
        *ret = (Slice){s->ptr, n};
        s->ptr += n;
        s->len -= n;
        if (tag >> 3 == number)
            return true;
    }
    return false;
}

TEST(v2_in_protobuf_has_every_definition_of_the_json_form)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    ResourceSet set = resource_set_builtin(a, false);
    AUTO_BUF json = BUF_INIT, pb = BUF_INIT;
    Slice doc, definitions, named, name, schema, part;
    uint32_t n = 0;
    Value *v;

    openapi_write_v2(&set, &json);
    assert_ok(value_parse(a, buf_slice(&json), &v, NULL));
    openapi_write_v2_protobuf(&set, &pb);
    doc = buf_slice(&pb);
    assert_true(take_field(&doc, 1, &part));
    assert_true(slice_is(part, "2.0"));
    assert_true(take_field(&doc, 9, &definitions));
    while (take_field(&definitions, 1, &named)) {
        assert_true(take_field(&named, 1, &name));
        assert_true(take_field(&named, 2, &schema));
        assert_non_null(value_getn(value_get(v, "definitions"), name));
        if (slice_is(name, "io.k8s.api.core.v1.Pod")) {
            Slice properties;

            assert_true(take_field(&schema, 25, &properties));
            assert_true(take_field(&properties, 1, &part));
            assert_true(take_field(&schema, 31, &part)); /* its group, version and kind */
        }
        n++;
    }
    assert_int_equal(n, value_len(value_get(v, "definitions")));
}

/* The kinds of every day are described throughout, from the kind down to the last field. */
TEST(everyday_types_are_described)
{
    static const char *const types[] = {"core.v1.Pod",
                                        "core.v1.PodSpec",
                                        "core.v1.Container",
                                        "core.v1.Probe",
                                        "core.v1.ServiceSpec",
                                        "apps.v1.DeploymentSpec",
                                        "apps.v1.StatefulSetSpec",
                                        "batch.v1.JobSpec",
                                        "batch.v1.CronJobSpec",
                                        "networking.v1.IngressSpec",
                                        "rbac.v1.PolicyRule"};
    const Resource *all;
    char name[100];
    size_t n;

    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        const Type *t;
        uint32_t without = 0;

        (void)snprintf(name, sizeof(name), "io.k8s.api.%s", types[i]);
        t = type_find(name);
        assert_non_null(t);
        assert_non_null(t->doc);
        for (uint32_t k = 0; k < t->n_fields; k++)
            without += !t->fields[k].doc;
        if (without > 2)
            fail_msg("%s: %u fields without description", types[i], without);
    }
    all = resources_builtin(&n);
    for (size_t i = 0; i < n; i++) {
        if (!all[i].type->doc)
            fail_msg("%s has no description", all[i].kind);
    }
}
