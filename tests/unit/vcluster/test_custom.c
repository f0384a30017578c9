/*
 * Custom resources as they come and what is answered, compared with the API server that upstream
 * makes for them alone (apiextensions-apiserver 1.36): bodies that cannot be read, what of a body
 * is the server's own, numbers of a Scale.
 */
#include "tests/unit/vcluster/loopback.h"

#define CRDS    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
#define WIDGETS "/apis/custom.example.com/v1/namespaces/default/widgets"

static void need_widgets(Arena *a)
{
    static const char definition[] =
        "{'metadata':{'name':'widgets.custom.example.com'},'spec':{'group':'custom.example.com',"
        "'scope':'Namespaced','names':{'plural':'widgets','kind':'Widget'},'versions':[{'name':"
        "'v1','served':true,'storage':true,'schema':{'openAPIV3Schema':{'type':'object',"
        "'properties':{'spec':{'type':'object','properties':{'replicas':{'type':'integer'},"
        "'size':{'x-kubernetes-int-or-string':true},'template':{'type':'object',"
        "'x-kubernetes-embedded-resource':true,'x-kubernetes-preserve-unknown-fields':true}}},"
        "'status':{'type':'object','properties':{'replicas':{'type':'integer'}}}}}},"
        "'subresources':{'scale':{'specReplicasPath':'.spec.replicas','statusReplicasPath':"
        "'.status.replicas'}}}]}}";
    Answer r;

    need_server();
    need_tenant(a, "custom");
    r = call(a, "custom", "POST", CRDS, value_to_str(a, value_literal(a, definition)));
    if (r.status == 409)
        return;
    assert_int_equal(r.status, 201);
    establish(a, "custom", CRDS "/widgets.custom.example.com/status");
}

/* `more`: members behind apiVersion and kind. */
static Answer post(Arena *a, const char *query, const char *more)
{
    const char *body =
        arena_printf(a, "{'apiVersion':'custom.example.com/v1','kind':'Widget',%s}", more);

    return call_as(a, &admin, "custom", "POST", WIDGETS, query, NULL,
                   value_to_str(a, value_literal(a, body)));
}

TEST(metadata_of_a_wrong_type_cannot_be_read)
{
    static const struct {
        const char *more, *message;
    } rows[] = {
        {"'metadata':'x'", "json: cannot unmarshal string into Go value of type v1.ObjectMeta"},
        {"'metadata':[]", "json: cannot unmarshal array into Go value of type v1.ObjectMeta"},
        {"'metadata':{'name':'a','labels':{'a':1}}",
         "json: cannot unmarshal number into Go struct field ObjectMeta.labels of type string"},
        {"'metadata':{'name':'a'},'spec':{'template':{'apiVersion':'v1','kind':'X','metadata':"
         "{'labels':{'a':1}}}}",
         "spec.template.metadata: Invalid value: {\"labels\":{\"a\":1}}: json: cannot unmarshal "
         "number into Go struct field ObjectMeta.labels of type string"},
        {"'metadata':{'name':'a'},'spec':{'template':{'apiVersion':1,'kind':'X'}}",
         "spec.template.apiVersion: Invalid value: 1: must be a string"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Answer r;

        need_widgets(a);
        r = post(a, "", rows[i].more);
        assert_int_equal(r.status, 400);
        assert_string_equal(
            message(&r),
            arena_printf(a, "Widget in version \"v1\" cannot be handled as a Widget: %s",
                         rows[i].message));
    }
}

TEST(what_is_the_servers_own_is_wiped_from_a_new_object)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const Value *meta;
    Answer r;

    need_widgets(a);
    r = post(a, "",
             "'metadata':{'name':'wiped','uid':'u','creationTimestamp':'2020-01-01T00:00:00Z',"
             "'deletionTimestamp':'2020-01-01T00:00:00Z','deletionGracePeriodSeconds':5,"
             "'selfLink':'x','generation':7}");
    assert_int_equal(r.status, 201);
    meta = value_get(r.v, "metadata");
    assert_string_not_equal(value_get_str(meta, "uid"), "u");
    assert_int_equal(value_at_int(meta, "generation", 0), 1);
    assert_null(value_get(meta, "deletionTimestamp"));
    assert_null(value_get(meta, "deletionGracePeriodSeconds"));
    assert_null(value_get(meta, "managedFields")); /* nothing is left that somebody could hold */
}

TEST(a_new_object_has_no_version_but_in_a_dry_run)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Answer r;

    need_widgets(a);
    r = post(a, "", "'metadata':{'name':'versioned','resourceVersion':'5'}");
    assert_int_equal(r.status, 500);
    assert_string_equal(message(&r), "resourceVersion should not be set on objects to be created");
    /* what is wrong with it otherwise is told before */
    r = post(a, "", "'metadata':{'name':'versioned','resourceVersion':'5'},'spec':1");
    assert_int_equal(r.status, 422);
    r = post(a, "dryRun=All", "'metadata':{'name':'versioned','resourceVersion':'5'}");
    assert_int_equal(r.status, 201);
    assert_string_equal(value_at_str(r.v, "metadata.resourceVersion"), "5");
}

TEST(a_number_that_is_none_of_several_types_is_one_mistake)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Answer r;

    need_widgets(a);
    r = post(a, "", "'metadata':{'name':'a'},'spec':{'size':1.5}");
    assert_int_equal(r.status, 422);
    assert_int_equal(value_len(value_at(r.v, "details.causes")), 1);
    assert_string_equal(value_at_str(r.v, "details.causes.0.message"),
                        "Invalid value: \"number\": spec.size in body must be of type "
                        "integer,string: \"number\"");
}

TEST(what_is_scaled_refuses_the_number_itself)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Answer r;

    need_widgets(a);
    r = post(a, "", "'metadata':{'name':'scaled'},'spec':{'replicas':1}");
    assert_int_equal(r.status, 201);
    r = call_as(a, &admin, "custom", "PATCH", WIDGETS "/scaled/scale", "",
                "application/merge-patch+json", "{\"spec\":{\"replicas\":-1}}");
    assert_int_equal(r.status, 422);
    assert_string_equal(message(&r),
                        "Widget.custom.example.com \"scaled\" is invalid: .spec.replicas: Invalid "
                        "value: -1: should be a non-negative integer");
}

TEST(what_a_patch_makes_of_a_resource_is_judged_by_what_it_says_of_itself)
{
    static const struct {
        const char *patch;
        int status;
        const char *message; /* the end of it */
    } rows[] = {
        {"{\"kind\":null}", 422, "\"replicas\":1}}'"},
        {"{\"kind\":\"Foo\"}", 422,
         "Foo.custom.example.com \"patched\" is invalid: kind: Invalid value: \"Foo\": must be "
         "Widget"},
        {"{\"kind\":5}", 422,
         "couldn't get version/kind; json parse error: json: cannot unmarshal number into Go "
         "struct field .kind of type string"},
        {"{\"apiVersion\":null}", 500,
         "Internal error occurred: Object 'apiVersion' is missing in 'object has no apiVersion "
         "field'"},
        {"{\"apiVersion\":\"a/b/c\"}", 422, "unexpected GroupVersion string: a/b/c"},
        {"{\"apiVersion\":\"x/v1\"}", 422,
         "Widget.x \"patched\" is invalid: apiVersion: Invalid value: \"x/v1\": must be "
         "custom.example.com/v1"},
        {"{\"metadata\":\"x\"}", 422,
         " \"\" is invalid: patch: Invalid value: \"{\\\"apiVersion\\\":\\\"custom.example.com/v1"
         "\\\",\\\"kind\\\":\\\"Widget\\\",\\\"metadata\\\":\\\"x\\\",\\\"spec\\\":{\\\"replicas"
         "\\\":1}}\": json: cannot unmarshal string into Go value of type v1.ObjectMeta"},
    };
    CLEANUP(arena_free) Arena *a = arena_new();
    Answer r;

    need_widgets(a);
    r = post(a, "", "'metadata':{'name':'patched'},'spec':{'replicas':1}");
    assert_int_equal(r.status, 201);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        r = call_as(a, &admin, "custom", "PATCH", WIDGETS "/patched", "",
                    "application/merge-patch+json", rows[i].patch);
        assert_int_equal(r.status, rows[i].status);
        if (!str_ends(message(&r), rows[i].message))
            fail_msg("row %zu: %s", i, message(&r));
    }
}

TEST(paths_out_of_scope_are_nobodys)
{
    static const char *const rows[][2] = {
        {"GET", "/apis/custom.example.com/v1/widgets/w"},
        {"PUT", "/apis/custom.example.com/v1/widgets"},
        {"DELETE", "/apis/custom.example.com/v1/widgets"},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    need_widgets(a);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Answer r = call(a, "custom", rows[i][0], rows[i][1], NULL);

        assert_int_equal(r.status, 404);
        assert_null(r.v); /* a text */
    }
    assert_int_equal(call(a, "custom", "GET", "/apis/custom.example.com/v1/widgets", NULL).status,
                     200);
}

TEST(a_list_of_any_state_is_whole)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Answer r;

    need_widgets(a);
    assert_int_equal(post(a, "", "'metadata':{'name':'one'}").status, 201);
    assert_int_equal(post(a, "", "'metadata':{'name':'two'}").status, 201);
    r = call_as(a, &admin, "custom", "GET", WIDGETS, "limit=1", NULL, NULL);
    assert_int_equal(value_len(value_get(r.v, "items")), 1);
    assert_non_null(value_at_str(r.v, "metadata.continue"));
    r = call_as(a, &admin, "custom", "GET", WIDGETS, "limit=1&resourceVersion=0", NULL, NULL);
    assert_true(value_len(value_get(r.v, "items")) >= 2);
    assert_string_equal(value_at_str(r.v, "metadata.continue"), "");
    r = call_as(a, &admin, "custom", "GET", WIDGETS, "resourceVersion=x", NULL, NULL);
    assert_int_equal(r.status, 400);
    assert_string_equal(message(&r),
                        "invalid resource version: resourceVersion: Invalid value: \"x\": "
                        "strconv.ParseUint: parsing \"x\": invalid syntax");
    r = call_as(a, &admin, "custom", "GET", WIDGETS, "continue=x", NULL, NULL);
    assert_string_equal(message(&r), "invalid continue token: continue key is not valid: illegal "
                                     "base64 data at input byte 0");
}
